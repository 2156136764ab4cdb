/* OpenSSL as a peer of `make bench` (tests/bench/peer.h). Contexts are made and fetched once, as a program that cares does
 * it; TLS goes over a BIO of ours that reads and writes the pipes. */
#include "tests/bench/peer.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <string.h>

static const char *version(void)
{
    static char text[32];
    snprintf(text, sizeof text, "OpenSSL %s", OpenSSL_version(OPENSSL_VERSION_STRING));
    return text;
}

/* ---- ciphers and hashes ---- */

enum { TAG = 16 };
static EVP_CIPHER_CTX *cipher;
static bool chained;                                    /* CBC: no AAD, no tag */
static uint8_t tag[TAG];

static void seal(void)
{
    int n;
    peer_must(EVP_EncryptInit_ex(cipher, NULL, NULL, NULL, peer_iv) == 1
              && (chained || EVP_EncryptUpdate(cipher, NULL, &n, peer_aad, PEER_AAD) == 1)
              && EVP_EncryptUpdate(cipher, peer_data, &n, peer_data, (int)peer_size) == 1
              && (chained || (EVP_EncryptFinal_ex(cipher, peer_data + peer_size, &n) == 1
              && EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_GET_TAG, TAG, tag) == 1)), "seal");
}

/* Not in place: the same is opened again and again. */
static void open_sealed(void)
{
    int n;
    peer_must(EVP_DecryptInit_ex(cipher, NULL, NULL, NULL, peer_iv) == 1
              && (chained || (EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_SET_TAG, TAG, tag) == 1
              && EVP_DecryptUpdate(cipher, NULL, &n, peer_aad, PEER_AAD) == 1))
              && EVP_DecryptUpdate(cipher, peer_out, &n, peer_data, (int)peer_size) == 1
              && (chained || EVP_DecryptFinal_ex(cipher, peer_out + n, &n) == 1), "open");
}

static void start_cipher(const struct operation *o)
{
    EVP_CIPHER *kind = EVP_CIPHER_fetch(NULL, o->with, NULL);
    cipher = EVP_CIPHER_CTX_new();
    chained = strstr(o->with, "CBC") != NULL;
    peer_must(EVP_EncryptInit_ex(cipher, kind, NULL, peer_key, peer_iv) == 1, o->what);
    EVP_CIPHER_CTX_set_padding(cipher, 0);
    seal();
    if (strcmp(o->op, "open") == 0)
        peer_must(EVP_DecryptInit_ex(cipher, kind, NULL, peer_key, peer_iv) == 1, o->what);
    EVP_CIPHER_CTX_set_padding(cipher, 0);
}

static EVP_MD_CTX *hash;
static EVP_MD *hash_kind;

static void hash_once(void)
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    peer_must(EVP_DigestInit_ex(hash, hash_kind, NULL) == 1 && EVP_DigestUpdate(hash, peer_data, peer_size) == 1
              && EVP_DigestFinal_ex(hash, digest, NULL) == 1, "hash");
}

static void start_hash(const struct operation *o)
{
    hash = EVP_MD_CTX_new();
    hash_kind = EVP_MD_fetch(NULL, o->with, NULL);
}

static EVP_MAC_CTX *mac;

static void mac_once(void)
{
    uint8_t out[EVP_MAX_MD_SIZE];
    size_t n;
    peer_must(EVP_MAC_init(mac, NULL, 0, NULL) == 1 && EVP_MAC_update(mac, peer_data, peer_size) == 1
              && EVP_MAC_final(mac, out, &n, sizeof out) == 1, "hmac");
}

static void start_mac(const struct operation *o)
{
    char name[16];
    OSSL_PARAM params[] = { OSSL_PARAM_construct_utf8_string("digest", name, 0), OSSL_PARAM_construct_end() };
    snprintf(name, sizeof name, "%s", (const char *)o->with);
    mac = EVP_MAC_CTX_new(EVP_MAC_fetch(NULL, "HMAC", NULL));
    peer_must(EVP_MAC_init(mac, peer_key, 32, params) == 1, o->what);
}

/* ---- keys ---- */

static EVP_PKEY *key, *peers_key;
static EVP_PKEY_CTX *context;
static uint8_t digest[64] = { 0x5a, 1 }, signature[1024];
static size_t signature_n, digest_n;
static EVP_MD_CTX *message;                             /* Ed25519 signs messages, not digests */

static void sign_once(void)
{
    signature_n = sizeof signature;
    peer_must(EVP_PKEY_sign(context, signature, &signature_n, digest, digest_n) == 1, "sign");
}

static void verify_once(void)
{
    peer_must(EVP_PKEY_verify(context, signature, signature_n, digest, digest_n) == 1, "verify");
}

/* RSA keys are read from the files, the others are made. */
static void make_key(const struct operation *o)
{
    if (strncmp(o->what, "rsa", 3) == 0) {
        size_t n;
        const uint8_t *der = peer_file(o->what, "key.der", &n);
        key = d2i_AutoPrivateKey(NULL, &der, (long)n);
    } else if (strncmp(o->with, "P-", 2) == 0) {
        key = EVP_EC_gen(o->with);
        peers_key = EVP_EC_gen(o->with);
    } else if (strncmp(o->with, "ffdhe", 5) == 0) {
        OSSL_PARAM params[] = { OSSL_PARAM_construct_utf8_string("group", (char *)(uintptr_t)o->with, 0),
                                OSSL_PARAM_construct_end() };
        context = EVP_PKEY_CTX_new_from_name(NULL, "DH", NULL);
        peer_must(EVP_PKEY_keygen_init(context) == 1 && EVP_PKEY_CTX_set_params(context, params) == 1
                  && EVP_PKEY_generate(context, &key) == 1 && EVP_PKEY_generate(context, &peers_key) == 1, o->what);
    } else {
        key = EVP_PKEY_Q_keygen(NULL, NULL, o->with);
        peers_key = EVP_PKEY_Q_keygen(NULL, NULL, o->with);
    }
    peer_must(key != NULL, "a key");
}

static void start_sign(const struct operation *o)
{
    const EVP_MD *kind = strcmp(o->what, "ecdsap384") == 0 ? EVP_sha384() : EVP_sha256();
    make_key(o);
    context = EVP_PKEY_CTX_new(key, NULL);
    digest_n = (size_t)EVP_MD_get_size(kind);
    peer_must(EVP_PKEY_sign_init(context) == 1 && EVP_PKEY_CTX_set_signature_md(context, kind) == 1, o->what);
    if (strcmp(o->op, "verify") == 0) {
        sign_once();
        peer_must(EVP_PKEY_verify_init(context) == 1 && EVP_PKEY_CTX_set_signature_md(context, kind) == 1, o->what);
    }
}

static void sign_message(void)
{
    signature_n = sizeof signature;
    peer_must(EVP_DigestSign(message, signature, &signature_n, digest, 32) == 1, "sign");
}

static void verify_message(void)
{
    peer_must(EVP_DigestVerify(message, signature, signature_n, digest, 32) == 1, "verify");
}

static void start_message(const struct operation *o)
{
    make_key(o);
    message = EVP_MD_CTX_new();
    peer_must(EVP_DigestSignInit(message, NULL, NULL, NULL, key) == 1, o->what);
    sign_message();
    if (strcmp(o->op, "verify") == 0) {
        message = EVP_MD_CTX_new();
        peer_must(EVP_DigestVerifyInit(message, NULL, NULL, NULL, key) == 1, o->what);
    }
}

static void derive_once(void)
{
    uint8_t secret[1024];
    size_t n = sizeof secret;
    peer_must(EVP_PKEY_derive(context, secret, &n) == 1, "derive");
}

static void start_derive(const struct operation *o)
{
    make_key(o);
    context = EVP_PKEY_CTX_new(key, NULL);
    peer_must(EVP_PKEY_derive_init(context) == 1 && EVP_PKEY_derive_set_peer(context, peers_key) == 1, o->what);
}

static void make_once(void)
{
    EVP_PKEY *made = NULL;
    peer_must(EVP_PKEY_keygen(context, &made) == 1, "a key");
    EVP_PKEY_free(made);
}

static void start_make(const struct operation *o)
{
    make_key(o);
    context = EVP_PKEY_CTX_new(key, NULL);
    peer_must(EVP_PKEY_keygen_init(context) == 1, o->what);
}

#define CIPHER(what, name) { what, "seal", name, start_cipher, seal }, { what, "open", name, start_cipher, open_sealed }
#define SIGNS(what, name) { what, "sign", name, start_sign, sign_once }, { what, "verify", name, start_sign, verify_once }
#define AGREES(what, name) { what, "derive", name, start_derive, derive_once }, { what, "key", name, start_make, make_once }
static const struct operation operations[] = {
    CIPHER("aes-128-gcm", "AES-128-GCM"), CIPHER("aes-256-gcm", "AES-256-GCM"),
    CIPHER("chacha20-poly1305", "ChaCha20-Poly1305"),
    CIPHER("aes-128-cbc", "AES-128-CBC"), CIPHER("aes-256-cbc", "AES-256-CBC"),
    { "sha1", "hash", "SHA1", start_hash, hash_once }, { "sha256", "hash", "SHA256", start_hash, hash_once },
    { "sha384", "hash", "SHA384", start_hash, hash_once }, { "sha512", "hash", "SHA512", start_hash, hash_once },
    { "hmac(sha256)", "hash", "SHA256", start_mac, mac_once },
    SIGNS("rsa2048", NULL), SIGNS("rsa3072", NULL), SIGNS("rsa4096", NULL),
    SIGNS("ecdsap256", "P-256"), SIGNS("ecdsap384", "P-384"),
    { "ed25519", "sign", "ED25519", start_message, sign_message },
    { "ed25519", "verify", "ED25519", start_message, verify_message },
    AGREES("ecdhp256", "P-256"), AGREES("ecdhp384", "P-384"), AGREES("x25519", "X25519"),
    AGREES("ffdhe2048", "ffdhe2048"), { 0 } };

/* ---- TLS ---- */

static SSL_CTX *shared[SIDES];
static SSL_SESSION *kept;
static BIO_METHOD *way;

static int way_write(BIO *b, const char *bytes, int n)
{
    struct end *e = BIO_get_data(b);
    return (int)pipe_put(e->out, bytes, (size_t)n);
}

static int way_read(BIO *b, char *bytes, int n)
{
    struct end *e = BIO_get_data(b);
    size_t got = pipe_get(e->in, bytes, (size_t)n);
    BIO_clear_retry_flags(b);
    if (got == 0)
        BIO_set_retry_read(b);
    return got ? (int)got : -1;
}

static long way_control(BIO *b, int command, long n, void *at)
{
    (void)b;
    (void)n;
    (void)at;
    return command == BIO_CTRL_FLUSH;
}

static void start_tls(const struct tls_wish *w)
{
    way = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "pipes");
    BIO_meth_set_write(way, way_write);
    BIO_meth_set_read(way, way_read);
    BIO_meth_set_ctrl(way, way_control);
    for (int side = CLIENT; side < SIDES; side++) {
        SSL_CTX *c = shared[side] = SSL_CTX_new(side == CLIENT ? TLS_client_method() : TLS_server_method());
        peer_must(SSL_CTX_set_min_proto_version(c, TLS1_2_VERSION) == 1
                  && SSL_CTX_set_max_proto_version(c, TLS1_2_VERSION) == 1
                  && SSL_CTX_set_cipher_list(c, w->suite) == 1
                  && SSL_CTX_set1_groups_list(c, "X25519:P-256") == 1, w->suite);      /* P-256 for certificates */
        SSL_CTX_set_options(c, w->again == BY_TICKET ? SSL_OP_NO_RENEGOTIATION : SSL_OP_NO_TICKET);
        SSL_CTX_set_options(c, w->etm ? 0 : SSL_OP_NO_ENCRYPT_THEN_MAC);
        SSL_CTX_set_session_cache_mode(c, w->again == BY_ID && side == SERVER ? SSL_SESS_CACHE_SERVER
                                                                              : SSL_SESS_CACHE_OFF);
    }
    SSL_CTX_set_session_id_context(shared[SERVER], (const uint8_t *)"bench", 5);
    peer_must(SSL_CTX_use_certificate_chain_file(shared[SERVER], peer_path(w->key, "chain.pem")) == 1
              && SSL_CTX_use_PrivateKey_file(shared[SERVER], peer_path(w->key, "key.pem"), SSL_FILETYPE_PEM) == 1
              && SSL_CTX_load_verify_file(shared[CLIENT], peer_path(w->key, "root.pem")) == 1, "certificates");
    SSL_CTX_set_verify(shared[CLIENT], SSL_VERIFY_PEER, NULL);
}

static void open_tls(struct end *e)
{
    SSL *ssl = e->conn = SSL_new(shared[e->side]);
    BIO *b = BIO_new(way);
    BIO_set_data(b, e);
    BIO_set_init(b, 1);
    SSL_set_bio(ssl, b, b);
    if (e->side == SERVER) {
        SSL_set_accept_state(ssl);
        return;
    }
    SSL_set_connect_state(ssl);
    peer_must(SSL_set_tlsext_host_name(ssl, PEER_HOST) == 1 && SSL_set1_host(ssl, PEER_HOST) == 1, "the name");
    if (kept)
        SSL_set_session(ssl, kept);
}

static bool shake(struct end *e)
{
    int done = SSL_do_handshake(e->conn);
    peer_must(done == 1 || SSL_get_error(e->conn, done) == SSL_ERROR_WANT_READ, "the handshake");
    return done == 1;
}

static void keep(struct end *client) { kept = SSL_get1_session(client->conn); }
static bool resumed(struct end *e) { return SSL_session_reused(e->conn); }

static void write_tls(struct end *e, const void *bytes, size_t n)
{
    peer_must(SSL_write(e->conn, bytes, (int)n) == (int)n, "SSL_write");
}

static void read_tls(struct end *e, void *bytes, size_t n)
{
    peer_must(SSL_read(e->conn, bytes, (int)n) == (int)n, "SSL_read");
}

static void close_tls(struct end *e)
{
    SSL_set_quiet_shutdown(e->conn, 1);                 /* else a session closed in this way is forgotten */
    SSL_shutdown(e->conn);
    SSL_free(e->conn);
}

static const struct tls_calls tls = { start_tls, open_tls, shake, keep, resumed, write_tls, read_tls, close_tls };
static const struct peer openssl = { "openssl", version, operations, &tls };
int main(int argc, char **argv) { return peer_main(&openssl, argc, argv); }
