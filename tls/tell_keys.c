/* tell_keys.c - what the trace hears of secrets: each function that makes one, with all that it was given
 * and what it made, so that who reads the stream can compute it again, and draw how one follows from the
 * other. `secret_in` is the name of the event (the latest of this connection of this host) whose value went
 * in. */
#include "tls/handlers.h"
#include "tls/tell_parts.h"
#include "tls/x509/issue.h"

#include <stdio.h>
#include <string.h>

enum { MESSAGES_TEXT = 12 * TRANSCRIPT_MESSAGES };

static void bring(struct key_story *k, struct attr a) { k->attrs[k->n++] = a; }

static void bring_secret_in(struct key_story *k, const char *name, const void *secret, size_t n)
{
    bring(k, attr_text("secret_in", name));
    bring(k, attr_secret("secret_in_value", secret, n));
}

static const char *prf_words(const struct tls *t)
{
    return t->facts.suite->prf == HASH_SHA384 ? "PRF-SHA384" : "PRF-SHA256";
}

/* How a PRF was called: secret, label, seed, and what the seed is made of. */
static void bring_prf(struct key_story *k, const char *label, const char *seed_of, const void *seed, size_t n)
{
    bring(k, attr_text("prf_label", label));
    bring(k, attr_text("seed_of", seed_of));
    bring(k, attr_hex("seed", seed, n));
}

void tell_scalar(const struct tls *t, const uint8_t *value, size_t n)
{
    if (!trace_hears(t->config.voice.trace))
        return;
    const enum exchange way = t->facts.exchange;
    const bool dhe = t->facts.suite->kx == TLS_KX_DHE;
    struct key_story k = { half_name(t), dhe ? "RFC 7919 §5.2" : "RFC 8422 §5.10", "make_half",
                           dhe ? "a random number" : way == EXCHANGE_X25519 ? "32 random octets"
                           : "a random number below the order of the curve", "", .n = 0 };
    bring(&k, attr_text("group", tls_exchange_words(way)));
    bring(&k, attr_secret("secret", t->shake->scalar, exchange_scalar_size(way)));
    bring(&k, attr_hex("point", value, n));
    tell_key(t, LEVEL_ALL, &k);
}

void tell_signed_params(const struct tls *t, bool ours, struct bytes params, unsigned sigalg,
                        struct bytes signature, bool good)
{
    const struct public_key *signer = ours ? &t->shake->identity->key->pub : &t->shake->peer_key;
    uint8_t spki[X509_KEY_MAX], text[2 * TLS_RANDOM + PARAMS_ROOM], digest[HASH_MAX];
    enum key_kind key;
    struct sign_scheme scheme;
    if (!trace_hears(t->config.voice.trace) || params.n > PARAMS_ROOM
        || !tls_sigalg_of(sigalg, &key, &scheme))
        return;
    size_t n = signed_text(t, params, text);
    hash_of(scheme.hash, text, n, digest, t->config.cpu);
    struct key_story k = { "signed_params", "RFC 5246 §7.4.3", "signed_text", hash_name(scheme.hash),
                           "client_random + server_random + params", .n = 0 };
    bring(&k, attr_hex("signed", text, n));
    bring(&k, attr_hex("digest", digest, hash_size(scheme.hash)));
    bring(&k, attr_text("sigalg", tls_sigalg_words(sigalg)));
    bring(&k, attr_hex("signature", signature.at, signature.n));
    bring(&k, attr_hex("public_key", spki, x509_write_key(signer, spki, sizeof spki)));
    bring(&k, attr_text("verdict", good ? "accepted" : "refused"));
    bring(&k, attr_text("way", ours ? "written" : "read"));
    tell_key(t, LEVEL_ALL, &k);
}

static char *put_hex(char *at, const uint8_t *bytes, size_t n)
{
    sodium_bin2hex(at, 2 * n + 1, bytes, n);
    return at + 2 * n;
}

static void tell_agreed(const struct tls *t, struct bytes value, struct bytes secret)
{
    char how[64];
    const bool dhe = t->facts.suite->kx == TLS_KX_DHE;
    const char *group = tls_exchange_words(t->facts.exchange);
    snprintf(how, sizeof how, dhe ? "DH modulo the prime of %s" : "ECDH on %s", group);
    struct key_story k = { "pre_master_secret", dhe ? "RFC 5246 §8.1.2" : "RFC 8422 §5.10", "agree_on_secret", how,
                           dhe ? "our exponent, the peer's public value" : "our scalar, the peer's point", .n = 0 };
    bring_secret_in(&k, half_name(t), t->shake->scalar, exchange_scalar_size(t->facts.exchange));
    bring(&k, attr_text("group", group));
    bring(&k, attr_hex("peer_point", value.at, value.n));
    bring(&k, attr_secret("secret", secret.at, secret.n));
    tell_key(t, LEVEL_PACKETS, &k);
}

static void bring_rsa_key(struct key_story *k, const struct rsa_public *key)
{
    bring(k, attr_hex("modulus", key->n, key->n_size));
    bring(k, attr_hex("exponent", key->e, key->e_size));
}

/* The client's: chosen, then encrypted. `encoded` is what RSA raised: 0, 2, random octets, 0, the secret. */
static void tell_rsa_chosen(const struct tls *t, struct bytes secret, struct bytes encrypted,
                            const uint8_t *encoded, const char *line)
{
    struct key_story k = { "pre_master_secret", "RFC 5246 §7.4.7.1", "make_exchange",
                           "client_version and 46 random octets", "", .n = 0 };
    bring(&k, attr_secret("secret", secret.at, secret.n));
    bring(&k, attr_secret("keylog", line, strlen(line)));
    tell_key(t, LEVEL_PACKETS, &k);
    k = (struct key_story){ "encrypted_pre_master_secret", "RFC 8017 §7.2.1", "rsa_encrypt", "RSAES-PKCS1-v1_5",
                            "the certificate's key, pre_master_secret", .n = 0 };
    bring_secret_in(&k, "pre_master_secret", secret.at, secret.n);
    bring_rsa_key(&k, &t->shake->peer_key.u.rsa);
    bring(&k, attr_secret("encoded", encoded, encrypted.n));
    bring(&k, attr_hex("encrypted", encrypted.at, encrypted.n));
    tell_key(t, LEVEL_ALL, &k);
}

static void tell_rsa_opened(const struct tls *t, struct bytes secret, struct bytes encrypted, const char *line)
{
    struct key_story k = { "pre_master_secret", "RFC 5246 §7.4.7.1", "rsa_decrypt_premaster", "RSA decryption",
                           "our key, encrypted_pre_master_secret", .n = 0 };
    bring_rsa_key(&k, &t->shake->identity->key->pub.u.rsa);
    bring(&k, attr_hex("encrypted", encrypted.at, encrypted.n));
    bring(&k, attr_secret("secret", secret.at, secret.n));
    if (*line)
        bring(&k, attr_secret("keylog", line, strlen(line)));
    tell_key(t, LEVEL_PACKETS, &k);
}

/* The line of an RSA key exchange in a key log: from it alone a reader derives the master secret (GLASS
 * F2). */
static void put_rsa_line(char line[128], struct bytes secret, struct bytes encrypted)
{
    char *at = put_hex(line + sprintf(line, "RSA "), encrypted.at, 8);
    *at++ = ' ';
    strcpy(put_hex(at, secret.at, secret.n), "\n");
}

void tell_pre_master_secret(const struct tls *t, struct bytes secret, struct bytes encrypted,
                            const uint8_t *encoded)
{
    char line[128] = "";
    if (!trace_hears(t->config.voice.trace))
        return;
    if (t->facts.suite->kx != TLS_KX_RSA) {
        tell_agreed(t, encrypted, secret);
        return;
    }
    if (encrypted.n >= 8)
        put_rsa_line(line, secret, encrypted);
    if (t->config.server)
        tell_rsa_opened(t, secret, encrypted, line);
    else
        tell_rsa_chosen(t, secret, encrypted, encoded, line);
    sodium_memzero(line, sizeof line);
}

/* Until the suite is chosen nobody knows by which hash the messages will count. */
void tell_transcript(const struct tls *t, buf_no message)
{
    uint8_t digest[2][HASH_MAX];
    char name[12];
    if (!trace_hears(t->config.voice.trace))
        return;
    const struct tls_suite *s = t->facts.suite;
    snprintf(name, sizeof name, "%c%u", buf_letter(message), (unsigned)buf_count(message));
    struct attr attrs[4] = { attr_text("message", name), attr_number("octets", t->shake->transcript.octets) };
    size_t n = 2;
    if (!s || s->prf == HASH_SHA256)
        attrs[n++] = attr_hex("sha256", digest[0], transcript_hash(&t->shake->transcript, HASH_SHA256, digest[0]));
    if (!s || s->prf == HASH_SHA384)
        attrs[n++] = attr_hex("sha384", digest[1], transcript_hash(&t->shake->transcript, HASH_SHA384, digest[1]));
    trace_emit(t->config.voice.trace, &(struct event){
        .kind = EVENT_MARK, .level = LEVEL_ALL, .layer = "tls", .name = "transcript", .rfc = "RFC 5246 §7.4.9",
        .by = __func__, .host = t->config.voice.host, .conn = t->config.voice.conn, .attrs = attrs, .n_attrs = n });
}

void tell_transcript_hash(const struct tls *t, const char *name, const char *rfc, const char *in)
{
    uint8_t digest[HASH_MAX];
    char messages[MESSAGES_TEXT] = "";
    if (!trace_hears(t->config.voice.trace))
        return;
    size_t n = transcript_hash(&t->shake->transcript, t->facts.suite->prf, digest);
    for (size_t i = 0, at = 0; i < t->shake->n_messages; i++)
        at += (size_t)snprintf(messages + at, sizeof messages - at, "%s%c%u", i ? " " : "",
                               buf_letter(t->shake->messages[i]), (unsigned)buf_count(t->shake->messages[i]));
    struct key_story k = { name, rfc, "transcript_hash", hash_name(t->facts.suite->prf), in, .n = 0 };
    bring(&k, attr_text("messages", messages));
    bring(&k, attr_number("octets", t->shake->transcript.octets));
    bring(&k, attr_hex("digest", digest, n));
    tell_key(t, LEVEL_ALL, &k);
}

/* A line of a key log: whoever has it reads all of the connection. */
static void put_master_line(const struct tls *t, char *line)
{
    char *at = put_hex(line + sprintf(line, "CLIENT_RANDOM "), t->client_random, TLS_RANDOM);
    *at++ = ' ';
    strcpy(put_hex(at, t->master_secret, TLS_MASTER_SECRET), "\n");
}

void tell_master_secret(const struct tls *t, struct bytes pre_master_secret, struct bytes session_hash)
{
    char line[14 + 2 * TLS_RANDOM + 1 + 2 * TLS_MASTER_SECRET + 2];
    uint8_t randoms[2 * TLS_RANDOM];
    if (!trace_hears(t->config.voice.trace))
        return;
    bool extended = session_hash.n;
    struct key_story k = { "master_secret", extended ? "RFC 7627 §4" : "RFC 5246 §8.1",
                           extended ? "derive_extended_master_secret" : "derive_master_secret", prf_words(t),
                           extended ? "pre_master_secret, \"extended master secret\", session_hash"
                                    : "pre_master_secret, \"master secret\", client_random + server_random", .n = 0 };
    memcpy(randoms, t->client_random, TLS_RANDOM);
    memcpy(randoms + TLS_RANDOM, t->server_random, TLS_RANDOM);
    put_master_line(t, line);
    bring_secret_in(&k, "pre_master_secret", pre_master_secret.at, pre_master_secret.n);
    if (extended)
        bring_prf(&k, "extended master secret", "session_hash", session_hash.at, session_hash.n);
    else
        bring_prf(&k, "master secret", "client_random + server_random", randoms, sizeof randoms);
    bring(&k, attr_secret("secret", t->master_secret, TLS_MASTER_SECRET));
    bring(&k, attr_secret("keylog", line, strlen(line)));
    tell_key(t, LEVEL_PACKETS, &k);
    sodium_memzero(line, sizeof line);
}

void tell_known_secret(const struct tls *t, const char *rfc, const char *by, const char *from)
{
    char line[14 + 2 * TLS_RANDOM + 1 + 2 * TLS_MASTER_SECRET + 2];
    if (!trace_hears(t->config.voice.trace))
        return;
    struct key_story k = { "master_secret", rfc, by, from, "", .n = 0 };
    put_master_line(t, line);
    bring(&k, attr_secret("secret", t->master_secret, TLS_MASTER_SECRET));
    bring(&k, attr_secret("keylog", line, strlen(line)));
    tell_key(t, LEVEL_PACKETS, &k);
    sodium_memzero(line, sizeof line);
}

static void tell_key_piece(const struct tls *t, enum key_piece piece)
{
    const struct tls_suite *s = t->facts.suite;
    struct bytes octets = key_block_piece(s, t->shake->key_block, piece);
    size_t at = (size_t)(octets.at - t->shake->key_block);
    char how[48];
    if (!octets.n)
        return;
    snprintf(how, sizeof how, "octets %zu to %zu", at, at + octets.n - 1);
    struct key_story k = { key_piece_names[piece], "RFC 5246 §6.3", "key_block_piece", how, "key_block", .n = 0 };
    bring_secret_in(&k, "key_block", t->shake->key_block, key_block_size(s));
    bring(&k, attr_number("at", at));
    bring(&k, attr_number("octets", octets.n));
    bring(&k, attr_secret("secret", octets.at, octets.n));
    tell_key(t, LEVEL_ALL, &k);
}

void tell_key_block(const struct tls *t)
{
    uint8_t randoms[2 * TLS_RANDOM];
    size_t n = key_block_size(t->facts.suite);
    if (!trace_hears(t->config.voice.trace))
        return;
    struct key_story k = { "key_block", "RFC 5246 §6.3", "derive_key_block", prf_words(t),
                           "master_secret, \"key expansion\", server_random + client_random", .n = 0 };
    memcpy(randoms, t->server_random, TLS_RANDOM);
    memcpy(randoms + TLS_RANDOM, t->client_random, TLS_RANDOM);
    bring_secret_in(&k, "master_secret", t->master_secret, TLS_MASTER_SECRET);
    bring_prf(&k, "key expansion", "server_random + client_random", randoms, sizeof randoms);
    bring(&k, attr_number("octets", n));
    bring(&k, attr_secret("secret", t->shake->key_block, n));
    tell_key(t, LEVEL_PACKETS, &k);
    for (unsigned i = 0; i < KEY_PIECES; i++)
        tell_key_piece(t, (enum key_piece)i);
}

/* Up to which message a Finished vouches; an abbreviated handshake has the server's first. */
static const char *handshake_so_far(const struct tls *t, bool of_server)
{
    if (t->facts.resumed)
        return !of_server ? "ClientHello to the server's Finished" :
               t->facts.ticket ? "ClientHello to NewSessionTicket" : "ClientHello to ServerHello";
    if (of_server)
        return t->facts.ticket ? "ClientHello to NewSessionTicket" : "ClientHello to the client's Finished";
    return t->facts.client_known ? "ClientHello to CertificateVerify" : "ClientHello to ClientKeyExchange";
}

void tell_verify_data(const struct tls *t, bool of_server, const uint8_t verify_data[TLS_VERIFY_DATA])
{
    uint8_t digest[HASH_MAX];
    if (!trace_hears(t->config.voice.trace))
        return;
    tell_transcript_hash(t, "handshake_hash", "RFC 5246 §7.4.9", handshake_so_far(t, of_server));
    size_t n = transcript_hash(&t->shake->transcript, t->facts.suite->prf, digest);
    struct key_story k = { of_server ? "server_verify_data" : "client_verify_data", "RFC 5246 §7.4.9",
                           "derive_verify_data", prf_words(t),
                           of_server ? "master_secret, \"server finished\", handshake_hash"
                                     : "master_secret, \"client finished\", handshake_hash", .n = 0 };
    bring_secret_in(&k, "master_secret", t->master_secret, TLS_MASTER_SECRET);
    bring_prf(&k, of_server ? "server finished" : "client finished", "handshake_hash", digest, n);
    bring(&k, attr_number("octets", TLS_VERIFY_DATA));
    bring(&k, attr_hex("verify_data", verify_data, TLS_VERIFY_DATA));
    bring(&k, attr_text("way", of_server == t->config.server ? "written" : "expected"));
    tell_key(t, LEVEL_ALL, &k);
}
