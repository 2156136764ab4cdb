/* The same lies to us and to OpenSSL: a client of ours that lies (tests/lib/tls_liar.h) speaks to our server and to
 * OpenSSL's with the same certificates and suite, and a server that lies to both clients, all in memory. Both must come
 * to the same verdict: go on, refuse, or wait for more. Where we differ on purpose, `apart` says so, a sentence each;
 * every other difference aborts. Alerts are not compared: many cases leave the choice.
 *
 * The script: who is tried, suite, client certificate, then what the liar takes. Built where libssl-dev is. VERSUS=tell
 * in the environment: differences are told and not fatal. */
#include "tests/lib/tls_liar.h"
#include "tests/lib/tls_pair.h"
#include "tls/engine.h"
#include "tls/x509/pem.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum is { WAITS, GOES_ON, REFUSES };
static const char *const is_words[] = { "waits", "goes on", "refuses" };
/* why: our ground's id and what was expected, or OpenSSL's reason; data: those of the liar came */
struct verdict { enum is is; char why[160]; bool data; };

#define CHAIN                                                                                                     \
    "RFC 5246 §7.4.6: without anchors nobody vouches for a client's chain; we ask that it can be read and that the "     \
    "client has the leaf's key, and take the octets of names and of keys above the leaf as they are"
/* Where we differ on purpose: which of us refuses, with which reason, and why that is as it should be. */
static const struct { bool we_refuse; const char *why, *sentence; } apart[] = {
    { true, "tls.unexpected_message: the end of a record at the end of a flight",
      "RFC 5246 §7.3: who goes on in the record of its Finished speaks before it has heard the answer; we refuse it, so "
      "that no message is ever read under other keys than it was sent under (RFC 8446 §5.1 asks for it)" },
    { true, "tls.server_name: letters, digits, hyphens and dots in a name",
      "RFC 6066 §3: a HostName is one of the DNS, in ASCII; OpenSSL leaves what is in it to its application" },
    { true, "tls.extension_not_offered: extensions that our ClientHello had",
      "RFC 5246 §7.4.1.4: an extension of a ServerHello that was not asked for is refused; OpenSSL passes over those it "
      "does not know" },
    { true, "tls.empty_record: a handshake record with something in it",
      "RFC 5246 §6.2.1: no fragment of a handshake message is empty; OpenSSL passes over it" },
    { true, "tls.server_hello_cut: all octets that the lengths promise",
      "RFC 7627 §5.1 and others: what an extension holds is read to its last octet; OpenSSL leaves what it needs not" },
    { true, "tls.server_hello_cut: nothing behind the last field", "as above" },
    { true, "tls.no_common_dh_group: a group of ours for DHE",
      "RFC 7919 §4: a client that lists groups for DHE, and none of ours, gets none; OpenSSL 3.0 does not read them" },
    { true, "tls.point_formats: uncompressed among the server's point formats",
      "RFC 8422 §5.1.2: a server's list has the uncompressed format; OpenSSL's client does not look" },
    { false, "bad extension",
      "RFC 5246 §7.4.1.4: an extension that is not known is passed over; OpenSSL knows and reads more of them (RFC 5054, "
      "RFC 5764), and refuses octets there that make no sense" },
    { false, "no shared cipher",
      "RFC 8422 §4: a hello without supported_groups leaves the choice of a curve to the server; we serve P-256" },
    { false, "no suitable signature algorithm",
      "RFC 5246 §7.4.1.4.1: a hello without signature_algorithms stands for SHA-1, with which we sign nothing; but under RSA "
      "key exchange the server signs nothing anyway" },
    { false, "wrong curve",
      "RFC 8422 §5.1.1: supported_groups say what a client takes, not what its own certificate is made of" },
    { false, "invalid utf8string", CHAIN },
    { false, "EVP lib", CHAIN },
    { false, "excessive message size", "RFC 5246 §7.4: a length has 24 bits; OpenSSL sets a limit for each type of message, "
      "we one for all (TLS_MESSAGE_MAX), and wait for the rest of what is within it" },
};

static void fail_if(bool wrong, const char *what)
{
    if (!wrong)
        return;
    fprintf(stderr, "tls_versus: %s\n", what);
    ERR_print_errors_fp(stderr);
    abort();
}

/* ---- OpenSSL's half ---- */

static BIGNUM *number(const uint8_t *at, size_t n) { return BN_bin2bn(at, (int)n, NULL); }

/* d from e and the primes; the rest OpenSSL needs as it is. */
static EVP_PKEY *rsa_key(const struct rsa_private *k, const struct rsa_public *pub)
{
    BN_CTX *c = BN_CTX_new();
    BIGNUM *n = number(pub->n, pub->n_size), *e = number(pub->e, pub->e_size), *p = number(k->p, k->half),
        *q = number(k->q, k->half), *p1 = BN_dup(p), *q1 = BN_dup(q), *phi = BN_new();
    BN_sub_word(p1, 1);
    BN_sub_word(q1, 1);
    BN_mul(phi, p1, q1, c);
    BIGNUM *d = BN_mod_inverse(NULL, e, phi, c);
    OSSL_PARAM_BLD *b = OSSL_PARAM_BLD_new();
    OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_RSA_N, n);
    OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_RSA_E, e);
    OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_RSA_D, d);
    OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(b);
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    EVP_PKEY *key = NULL;
    fail_if(EVP_PKEY_fromdata_init(ctx) != 1 || EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_KEYPAIR, params) != 1, "RSA key");
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(b);
    EVP_PKEY_CTX_free(ctx);
    BIGNUM *all[] = { n, e, p, q, p1, q1, phi, d };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        BN_free(all[i]);
    BN_CTX_free(c);
    return key;
}

static EVP_PKEY *ec_key(const struct private_key *k)
{
    uint8_t der[512];
    const uint8_t *at = der;
    size_t n = private_key_write(k, KEY_PKCS8, der, sizeof der);
    return d2i_AutoPrivateKey(NULL, &at, (long)n);
}

static X509 *certificate(const struct der *d)
{
    const uint8_t *at = d->at;
    return d2i_X509(NULL, &at, (long)d->n);
}

static int anybody(int good, X509_STORE_CTX *store)
{
    (void)good, (void)store;
    return 1;
}

static void take_identities(SSL_CTX *ctx)
{
    for (int i = 0; i < 2; i++) {
        const struct classroom *room;
        pair_classroom(i ? KEY_RSA : KEY_P256, &room);
        X509 *leaf = certificate(&room->leaf.der), *above = certificate(&room->intermediate.der);
        EVP_PKEY *key = i ? rsa_key(&room->leaf_key.u.rsa, &room->leaf_key.pub.u.rsa) : ec_key(&room->leaf_key);
        fail_if(!leaf || !above || !key, "certificates");
        fail_if(SSL_CTX_use_certificate(ctx, leaf) != 1 || SSL_CTX_use_PrivateKey(ctx, key) != 1
                || SSL_CTX_add1_chain_cert(ctx, above) != 1, "identities");
        X509 *root = certificate(&room->root.der);
        X509_STORE_add_cert(SSL_CTX_get_cert_store(ctx), root);
        X509_free(root);
        X509_free(leaf);
        X509_free(above);
        EVP_PKEY_free(key);
    }
}

static SSL_CTX *make_context(bool server)
{
    SSL_CTX *ctx = SSL_CTX_new(server ? TLS_server_method() : TLS_client_method());
    fail_if(!ctx, "no context");
    SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION);
    SSL_CTX_set_max_proto_version(ctx, TLS1_2_VERSION);
    SSL_CTX_set_security_level(ctx, 1);
    SSL_CTX_set_options(ctx, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_ENCRYPT_THEN_MAC
                        | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_dh_auto(ctx, 1);
    fail_if(SSL_CTX_set1_groups_list(ctx, "X25519:P-256:P-384:P-521") != 1, "groups");
    fail_if(SSL_CTX_set1_sigalgs_list(ctx, "ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA512:RSA-PSS+SHA256:RSA-PSS+SHA384:"
                                      "RSA-PSS+SHA512:RSA+SHA256:RSA+SHA384:RSA+SHA512:ed25519") != 1, "sigalgs");
    take_identities(ctx);
    return ctx;
}

/* ---- both: who lies and how ---- */

struct run {
    struct tls_pair pair;
    struct pair_side *lies, *tried;
    struct liar liar;
};

static void tell_hex(const char *what, const uint8_t *at, size_t n)
{
    fprintf(stderr, "%s ", what);
    for (size_t i = 0; i < n; i++)
        fprintf(stderr, "%02x", at[i]);
    fprintf(stderr, "\n");
}

/* The liar's own, and its messages told. */
static bool (*behind)(void *, struct bytes *);
static bool tell_behind(void *self, struct bytes *m)
{
    const struct liar *l = self;
    bool more = behind(self, m);
    if (more && l->n_past)
        tell_hex("instead of", l->past[l->n_past - 1].bytes, l->past[l->n_past - 1].n);
    if (more)
        tell_hex("the message", m->at, m->n);
    return more;
}

static void start(struct run *r, const uint8_t *script, size_t n, bool with_us)
{
    static const uint16_t groups[] = { TLS_X25519, TLS_SECP256R1, TLS_SECP384R1, TLS_SECP521R1, TLS_FFDHE2048 };
    struct script s = { script, n };
    struct tls_pair *p = &r->pair;
    bool try_server = script_next(&s) & 1;
    const struct tls_suite *suite = &tls_suites[script_next(&s) % tls_n_suites];
    unsigned how = script_next(&s);
    pair_configure(p, &(struct pair_wish){ .suite = suite->name });
    r->lies = try_server ? &p->client : &p->server;
    r->tried = try_server ? &p->server : &p->client;
    p->client.config.groups = p->server.config.groups = groups;
    p->client.config.n_groups = p->server.config.n_groups = 5;
    p->server.config.client_certificate = how & 1 ? how & 2 ? TLS_CLIENT_REQUIRE : TLS_CLIENT_ASK : TLS_CLIENT_NONE;
    if (!(how & 4)) {
        p->client.config.identities = p->identities;
        p->client.config.n_identities = 2;
    }
    r->lies->config.spoil = &r->liar.spoil;
    liar_start(&r->liar, s.at, s.n);
    r->liar.records = how & 8;
    behind = r->liar.spoil.behind;
    if (getenv("VERSUS"))
        r->liar.spoil.behind = tell_behind;
    r->lies->tls = tls_new(&r->lies->config, PAIR_NOW, &r->lies->fault);
    r->tried->tls = with_us ? tls_new(&r->tried->config, PAIR_NOW, &r->tried->fault) : NULL;
}

static void lie(struct run *r, bool *sent)
{
    pair_run(r->lies);
    r->lies->got_n = 0;
    if (*sent || tls_progress(r->lies->tls) != TLS_CONNECTED || r->lies->says == TLS_FAILED)
        return;
    *sent = tls_send(r->lies->tls, &r->lies->out, "hello", 5, NULL) == 5;
}

/* Of the liar's messages as it wrote them, against us and against OpenSSL. */
static size_t lengths[2][LIAR_PAST];

/* A lie is told somewhere in a message; where, hangs on how long it is, and a signature by ECDSA is longer or shorter by
 * chance. Then two runs are not the same. */
static bool same_lies(void)
{
    for (unsigned i = 0; i < LIAR_PAST; i++)
        if (lengths[0][i] && lengths[1][i] && lengths[0][i] != lengths[1][i])
            return false;
    return true;
}

static void note_lengths(const struct liar *l, size_t out[LIAR_PAST])
{
    for (unsigned i = 0; i < LIAR_PAST; i++)
        out[i] = i < l->n_past ? l->past[i].n : 0;
}

static struct verdict of_ours(const uint8_t *script, size_t n)
{
    static struct run r;
    struct verdict v = { .is = WAITS };
    bool sent = false;
    start(&r, script, n, true);
    for (size_t moved = 1; moved; ) {
        lie(&r, &sent);
        moved = pair_wire(r.lies, r.tried, SIZE_MAX);
        pair_run(r.tried);
        moved += pair_wire(r.tried, r.lies, SIZE_MAX);
    }
    v.is = r.tried->says == TLS_FAILED ? REFUSES : tls_progress(r.tried->tls) == TLS_CONNECTED ? GOES_ON : WAITS;
    v.data = r.tried->got_n > 0;
    if (r.tried->fault.ground && getenv("VERSUS"))
        fprintf(stderr, "(%s)\n", r.tried->fault.came);
    if (r.tried->fault.ground)
        snprintf(v.why, sizeof v.why, "%s: %s", r.tried->fault.ground->id, r.tried->fault.expected);
    note_lengths(&r.liar, lengths[0]);
    pair_end(&r.pair);
    return v;
}

static SSL *make_theirs(const struct run *r)
{
    static SSL_CTX *contexts[2];
    bool server = r->tried->config.server;
    char list[1024] = "";
    if (!contexts[server])
        contexts[server] = make_context(server);
    SSL *ssl = SSL_new(contexts[server]);
    for (size_t i = 0; i < r->tried->config.n_suites; i++)
        snprintf(list + strlen(list), sizeof list - strlen(list), "%s%s", i ? ":" : "",
                 r->tried->config.suites[i]->openssl);
    fail_if(!ssl || SSL_set_cipher_list(ssl, list) != 1, list);
    if (server) {
        enum tls_client_certificate c = r->tried->config.client_certificate;
        SSL_set_verify(ssl, c == TLS_CLIENT_NONE ? SSL_VERIFY_NONE : c == TLS_CLIENT_ASK ? SSL_VERIFY_PEER
                       : SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, anybody);
        SSL_set_accept_state(ssl);
    } else {
        SSL_set_tlsext_host_name(ssl, PAIR_HOST);
        SSL_set1_host(ssl, PAIR_HOST);
        SSL_set_verify(ssl, SSL_VERIFY_PEER, NULL);
        X509_VERIFY_PARAM_set_time(SSL_get0_param(ssl), (time_t)(PAIR_NOW / SECOND));
        if (!r->pair.client.config.n_identities)
            SSL_certs_clear(ssl);
        SSL_set_connect_state(ssl);
    }
    SSL_set_bio(ssl, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    return ssl;
}

/* Octets from the liar in, what it says out, until nothing moves. */
static void converse(struct run *r, SSL *ssl, struct verdict *v)
{
    uint8_t octets[4096], data[64];
    bool sent = false, failed = false;
    for (size_t moved = 1; moved; ) {
        lie(r, &sent);
        struct bytes b = ring_peek(&r->lies->out);
        moved = b.n;
        if (b.n) {
            BIO_write(SSL_get_rbio(ssl), b.at, (int)b.n);
            ring_consume(&r->lies->out, b.n);
        }
        for (int got; !failed && (got = SSL_read(ssl, data, sizeof data)) != 0; ) {
            v->data |= got > 0;
            if (got > 0)
                continue;
            failed = SSL_get_error(ssl, got) == SSL_ERROR_SSL;
            break;
        }
        for (int n; (n = BIO_read(SSL_get_wbio(ssl), octets, sizeof octets)) > 0; moved += (size_t)n)
            ring_write(&r->lies->in, octets, (size_t)n);
    }
    v->is = failed ? REFUSES : SSL_is_init_finished(ssl) ? GOES_ON : WAITS;
    if (failed)
        snprintf(v->why, sizeof v->why, "%s", ERR_reason_error_string(ERR_peek_error()));
}

static struct verdict of_theirs(const uint8_t *script, size_t n)
{
    static struct run r;
    struct verdict v = { .is = WAITS };
    ERR_clear_error();
    start(&r, script, n, false);
    SSL *ssl = make_theirs(&r);
    converse(&r, ssl, &v);
    SSL_free(ssl);
    note_lengths(&r.liar, lengths[1]);
    ERR_clear_error();
    pair_end(&r.pair);
    return v;
}

static bool on_purpose(const struct verdict *we, const struct verdict *they)
{
    for (size_t i = 0; i < sizeof apart / sizeof *apart; i++) {
        const struct verdict *refuses = apart[i].we_refuse ? we : they;
        if (refuses->is == REFUSES && apart[i].why[0] && strcmp(refuses->why, apart[i].why) == 0)
            return true;
    }
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fail_if(sodium_init() < 0, "no libsodium");
    struct verdict we = of_ours(data, size), they = of_theirs(data, size);
    bool same = we.is == they.is || on_purpose(&we, &they) || !same_lies();
    if (same && !getenv("VERSUS"))
        return 0;
    fprintf(stderr, "%s: the %s: we %s (%s), OpenSSL %s (%s)\n", same ? "same" : "differs", size && data[0] & 1 ? "server" : "client",
            is_words[we.is], we.why, is_words[they.is], they.why);
    if (!same)
        tell_hex("script", data, size);
    if (!getenv("VERSUS"))
        abort();
    return 0;
}
