/* GnuTLS as a peer of `make bench` (tests/bench/peer.h). It shows no Diffie-Hellman of its own to programs: no derive. */
#include "tests/bench/peer.h"

#include <errno.h>
#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *version(void)
{
    static char text[32];
    snprintf(text, sizeof text, "GnuTLS %s", gnutls_check_version(NULL));
    return text;
}

static void good(int code, const char *what) { peer_must(code >= 0, what); }

/* What is written to is not const in its API, though it is not written to. */
static gnutls_datum_t datum(const void *bytes, size_t n)
{
    return (gnutls_datum_t){ (unsigned char *)(uintptr_t)bytes, (unsigned)n };
}

/* ---- ciphers and hashes ---- */

enum { TAG = 16, NONCE = 12 };
static gnutls_aead_cipher_hd_t aead;
static gnutls_cipher_hd_t chained;
static size_t sealed_n;

static void seal(void)
{
    sealed_n = sizeof peer_out;
    good(gnutls_aead_cipher_encrypt(aead, peer_iv, NONCE, peer_aad, PEER_AAD, TAG, peer_data, peer_size, peer_out,
                                    &sealed_n), "seal");
}

static void open_sealed(void)
{
    size_t n = peer_size;
    good(gnutls_aead_cipher_decrypt(aead, peer_iv, NONCE, peer_aad, PEER_AAD, TAG, peer_out, sealed_n, peer_data, &n),
         "open");
}

static size_t key_size(gnutls_cipher_algorithm_t kind) { return gnutls_cipher_get_key_size(kind); }

static void start_aead(const struct operation *o)
{
    gnutls_cipher_algorithm_t kind = *(const gnutls_cipher_algorithm_t *)o->with;
    gnutls_datum_t key = datum(peer_key, key_size(kind));
    good(gnutls_aead_cipher_init(&aead, kind, &key), o->what);
    seal();
}

static void chain(void)
{
    gnutls_cipher_set_iv(chained, (void *)(uintptr_t)peer_iv, sizeof peer_iv);
    good(gnutls_cipher_encrypt2(chained, peer_data, peer_size, peer_data, peer_size), "seal");
}

static void unchain(void)
{
    gnutls_cipher_set_iv(chained, (void *)(uintptr_t)peer_iv, sizeof peer_iv);
    good(gnutls_cipher_decrypt2(chained, peer_data, peer_size, peer_data, peer_size), "open");
}

static void start_chain(const struct operation *o)
{
    gnutls_cipher_algorithm_t kind = *(const gnutls_cipher_algorithm_t *)o->with;
    gnutls_datum_t key = datum(peer_key, key_size(kind)), iv = datum(peer_iv, sizeof peer_iv);
    good(gnutls_cipher_init(&chained, kind, &key, &iv), o->what);
}

static gnutls_hash_hd_t hash;
static gnutls_hmac_hd_t mac;

static void hash_once(void)
{
    uint8_t out[64];
    good(gnutls_hash(hash, peer_data, peer_size), "hash");
    gnutls_hash_output(hash, out);                      /* and begins anew */
}

static void start_hash(const struct operation *o)
{
    good(gnutls_hash_init(&hash, *(const gnutls_digest_algorithm_t *)o->with), o->what);
}

static void mac_once(void)
{
    uint8_t out[64];
    good(gnutls_hmac(mac, peer_data, peer_size), "hmac");
    gnutls_hmac_output(mac, out);
}

static void start_mac(const struct operation *o)
{
    good(gnutls_hmac_init(&mac, GNUTLS_MAC_SHA256, peer_key, 32), o->what);
}

/* ---- keys ---- */

struct kind {
    gnutls_pk_algorithm_t pk;
    gnutls_ecc_curve_t curve;
    gnutls_digest_algorithm_t digest;
    gnutls_sign_algorithm_t scheme;
};
static gnutls_privkey_t key;
static gnutls_pubkey_t public;
static const struct kind *kind;
static gnutls_datum_t digest, signature;

static void make_key(gnutls_privkey_t *made)
{
    good(gnutls_privkey_init(made), "a key");
    good(gnutls_privkey_generate2(*made, kind->pk, GNUTLS_CURVE_TO_BITS(kind->curve), 0, NULL, 0), "a key");
}

static void sign_once(void)
{
    gnutls_free(signature.data);
    good(kind->pk == GNUTLS_PK_EDDSA_ED25519 ? gnutls_privkey_sign_data2(key, kind->scheme, 0, &digest, &signature)
                                             : gnutls_privkey_sign_hash(key, kind->digest, 0, &digest, &signature),
         "sign");
}

static void verify_once(void)
{
    good(kind->pk == GNUTLS_PK_EDDSA_ED25519 ? gnutls_pubkey_verify_data2(public, kind->scheme, 0, &digest, &signature)
                                             : gnutls_pubkey_verify_hash2(public, kind->scheme, 0, &digest, &signature),
         "verify");
}

static void start_sign(const struct operation *o)
{
    kind = o->with;
    if (kind->pk == GNUTLS_PK_RSA) {
        size_t n;
        const uint8_t *der = peer_file(o->what, "key.der", &n);
        gnutls_datum_t file = datum(der, n);
        good(gnutls_privkey_init(&key), o->what);
        good(gnutls_privkey_import_x509_raw(key, &file, GNUTLS_X509_FMT_DER, NULL, 0), o->what);
    } else
        make_key(&key);
    good(gnutls_pubkey_init(&public), o->what);
    good(gnutls_pubkey_import_privkey(public, key, 0, 0), o->what);
    digest = datum(peer_data, kind->digest == GNUTLS_DIG_SHA384 ? 48 : 32);
    sign_once();
}

static void make_once(void)
{
    gnutls_privkey_t made;
    make_key(&made);
    gnutls_privkey_deinit(made);
}

static void start_make(const struct operation *o) { kind = o->with; }

static const gnutls_cipher_algorithm_t gcm128 = GNUTLS_CIPHER_AES_128_GCM, gcm256 = GNUTLS_CIPHER_AES_256_GCM,
                                       chacha = GNUTLS_CIPHER_CHACHA20_POLY1305,
                                       cbc128 = GNUTLS_CIPHER_AES_128_CBC, cbc256 = GNUTLS_CIPHER_AES_256_CBC;
static const gnutls_digest_algorithm_t sha1 = GNUTLS_DIG_SHA1, sha256 = GNUTLS_DIG_SHA256, sha384 = GNUTLS_DIG_SHA384,
                                       sha512 = GNUTLS_DIG_SHA512;
static const struct kind rsa = { GNUTLS_PK_RSA, 0, GNUTLS_DIG_SHA256, GNUTLS_SIGN_RSA_SHA256 },
    p256 = { GNUTLS_PK_ECDSA, GNUTLS_ECC_CURVE_SECP256R1, GNUTLS_DIG_SHA256, GNUTLS_SIGN_ECDSA_SHA256 },
    p384 = { GNUTLS_PK_ECDSA, GNUTLS_ECC_CURVE_SECP384R1, GNUTLS_DIG_SHA384, GNUTLS_SIGN_ECDSA_SHA384 },
    ed25519 = { GNUTLS_PK_EDDSA_ED25519, GNUTLS_ECC_CURVE_ED25519, GNUTLS_DIG_SHA256, GNUTLS_SIGN_EDDSA_ED25519 },
    x25519 = { GNUTLS_PK_ECDH_X25519, GNUTLS_ECC_CURVE_X25519, 0, 0 };

#define AEAD(what, with) { what, "seal", &with, start_aead, seal }, { what, "open", &with, start_aead, open_sealed }
#define CBC(what, with) { what, "seal", &with, start_chain, chain }, { what, "open", &with, start_chain, unchain }
#define SIGNS(what, with) { what, "sign", &with, start_sign, sign_once }, { what, "verify", &with, start_sign, verify_once }
static const struct operation operations[] = {
    AEAD("aes-128-gcm", gcm128), AEAD("aes-256-gcm", gcm256), AEAD("chacha20-poly1305", chacha),
    CBC("aes-128-cbc", cbc128), CBC("aes-256-cbc", cbc256),
    { "sha1", "hash", &sha1, start_hash, hash_once }, { "sha256", "hash", &sha256, start_hash, hash_once },
    { "sha384", "hash", &sha384, start_hash, hash_once }, { "sha512", "hash", &sha512, start_hash, hash_once },
    { "hmac(sha256)", "hash", NULL, start_mac, mac_once },
    SIGNS("rsa2048", rsa), SIGNS("rsa3072", rsa), SIGNS("rsa4096", rsa),
    SIGNS("ecdsap256", p256), SIGNS("ecdsap384", p384), SIGNS("ed25519", ed25519),
    { "ecdhp256", "key", &p256, start_make, make_once }, { "ecdhp384", "key", &p384, start_make, make_once },
    { "x25519", "key", &x25519, start_make, make_once }, { 0 } };

/* ---- TLS ---- */

static gnutls_priority_t priority;
static gnutls_certificate_credentials_t credentials[SIDES];
static gnutls_datum_t ticket_key, kept, stored;
static enum again again;

/* A cache of one session. */
static int store(void *with, gnutls_datum_t id, gnutls_datum_t data)
{
    (void)with;
    (void)id;
    stored = datum(malloc(data.size), data.size);
    memcpy(stored.data, data.data, data.size);
    return 0;
}

static gnutls_datum_t retrieve(void *with, gnutls_datum_t id)
{
    (void)with;
    (void)id;
    gnutls_datum_t copy = { gnutls_malloc(stored.size + 1), stored.size };
    memcpy(copy.data, stored.data, stored.size);
    return copy;
}

static int forget(void *with, gnutls_datum_t id)
{
    (void)with;
    (void)id;
    return 0;
}

static ssize_t push(gnutls_transport_ptr_t with, const void *bytes, size_t n)
{
    struct end *e = with;
    return (ssize_t)pipe_put(e->out, bytes, n);
}

static ssize_t pull(gnutls_transport_ptr_t with, void *bytes, size_t n)
{
    struct end *e = with;
    size_t got = pipe_get(e->in, bytes, n);
    if (got == 0)
        gnutls_transport_set_errno(e->conn, EAGAIN);
    return got ? (ssize_t)got : -1;
}

static int pull_wait(gnutls_transport_ptr_t with, unsigned ms)
{
    struct end *e = with;
    (void)ms;
    return e->in->n > e->in->at;
}

static const char *cipher_of(const char *suite)
{
    static const struct { const char *has, *words; } ciphers[] = {
        { "AES128-GCM", "+AES-128-GCM:+AEAD" }, { "AES256-GCM", "+AES-256-GCM:+AEAD" },
        { "CHACHA20", "+CHACHA20-POLY1305:+AEAD" }, { "AES128-SHA256", "+AES-128-CBC:+SHA256" },
        { "AES128-SHA", "+AES-128-CBC:+SHA1" }, { "AES256-SHA", "+AES-256-CBC:+SHA1" } };
    for (size_t i = 0; i < sizeof ciphers / sizeof *ciphers; i++)
        if (strstr(suite, ciphers[i].has))
            return ciphers[i].words;
    peer_missing(suite);
    return NULL;
}

static void start_tls(const struct tls_wish *w)
{
    char words[256];
    again = w->again;
    snprintf(words, sizeof words, "NONE:+VERS-TLS1.2:+COMP-NULL:+SIGN-RSA-SHA256:+SIGN-ECDSA-SHA256:+GROUP-X25519:"
             "+GROUP-SECP256R1:+%s:%s%s", strncmp(w->suite, "ECDHE-ECDSA", 11) == 0 ? "ECDHE-ECDSA"
             : strncmp(w->suite, "ECDHE-RSA", 9) == 0 ? "ECDHE-RSA" : "RSA", cipher_of(w->suite),
             w->etm ? "" : ":%NO_ETM");
    good(gnutls_priority_init(&priority, words, NULL), words);
    for (int side = CLIENT; side < SIDES; side++)
        good(gnutls_certificate_allocate_credentials(&credentials[side]), "credentials");
    good(gnutls_certificate_set_x509_trust_file(credentials[CLIENT], peer_path(w->key, "root.pem"), GNUTLS_X509_FMT_PEM),
         "the root");
    good(gnutls_certificate_set_x509_key_file(credentials[SERVER], peer_path(w->key, "chain.pem"),
                                              peer_path(w->key, "key.pem"), GNUTLS_X509_FMT_PEM), "the key");
    good(gnutls_session_ticket_key_generate(&ticket_key), "a key for tickets");
}

static void open_tls(struct end *e)
{
    gnutls_session_t s;
    good(gnutls_init(&s, (e->side == CLIENT ? GNUTLS_CLIENT : GNUTLS_SERVER) | GNUTLS_NONBLOCK
                     | (again == BY_TICKET ? 0u : GNUTLS_NO_TICKETS)), "gnutls_init");
    e->conn = s;
    good(gnutls_priority_set(s, priority), "priorities");
    good(gnutls_credentials_set(s, GNUTLS_CRD_CERTIFICATE, credentials[e->side]), "credentials");
    gnutls_transport_set_ptr(s, e);
    gnutls_transport_set_push_function(s, push);
    gnutls_transport_set_pull_function(s, pull);
    gnutls_transport_set_pull_timeout_function(s, pull_wait);
    gnutls_handshake_set_timeout(s, 0);
    if (e->side == CLIENT) {
        good(gnutls_server_name_set(s, GNUTLS_NAME_DNS, PEER_HOST, strlen(PEER_HOST)), "the name");
        gnutls_session_set_verify_cert(s, PEER_HOST, 0);
        if (kept.data)
            good(gnutls_session_set_data(s, kept.data, kept.size), "the session");
    } else if (again == BY_TICKET) {
        good(gnutls_session_ticket_enable_server(s, &ticket_key), "tickets");
    } else if (again == BY_ID) {
        gnutls_db_set_store_function(s, store);
        gnutls_db_set_retrieve_function(s, retrieve);
        gnutls_db_set_remove_function(s, forget);
        gnutls_db_set_ptr(s, e);
    }
}

static bool shake(struct end *e)
{
    int code = gnutls_handshake(e->conn);
    peer_must(code == 0 || code == GNUTLS_E_AGAIN, gnutls_strerror(code));
    return code == 0;
}

static void keep(struct end *client) { good(gnutls_session_get_data2(client->conn, &kept), "the session"); }
static bool resumed(struct end *e) { return gnutls_session_is_resumed(e->conn); }

static void write_tls(struct end *e, const void *bytes, size_t n)
{
    peer_must(gnutls_record_send(e->conn, bytes, n) == (ssize_t)n, "gnutls_record_send");
}

static void read_tls(struct end *e, void *bytes, size_t n)
{
    peer_must(gnutls_record_recv(e->conn, bytes, n) == (ssize_t)n, "gnutls_record_recv");
}

static void close_tls(struct end *e) { gnutls_deinit(e->conn); }

static const struct tls_calls tls = { start_tls, open_tls, shake, keep, resumed, write_tls, read_tls, close_tls };
static const struct peer gnutls = { "gnutls", version, operations, &tls };
int main(int argc, char **argv) { return peer_main(&gnutls, argc, argv); }
