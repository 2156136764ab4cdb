/* mbedTLS 2.28 as a peer of `make bench` (tests/bench/peer.h). */
#include "tests/bench/peer.h"

#include <mbedtls/chachapoly.h>
#include <mbedtls/cipher.h>
#include <mbedtls/ctr_drbg.h>
#include <mbedtls/dhm.h>
#include <mbedtls/ecdh.h>
#include <mbedtls/entropy.h>
#include <mbedtls/error.h>
#include <mbedtls/gcm.h>
#include <mbedtls/md.h>
#include <mbedtls/pk.h>
#include <mbedtls/ssl.h>
#include <mbedtls/ssl_cache.h>
#include <mbedtls/ssl_ticket.h>
#include <mbedtls/version.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *version(void)
{
    static char text[32];
    mbedtls_version_get_string_full(text);              /* "mbed TLS 2.28.3" */
    return text;
}

static void good(int code, const char *what) { peer_must(code == 0, what); }

static mbedtls_entropy_context entropy;
static mbedtls_ctr_drbg_context chance;

static void start_chance(void)
{
    mbedtls_entropy_init(&entropy);
    mbedtls_ctr_drbg_init(&chance);
    good(mbedtls_ctr_drbg_seed(&chance, mbedtls_entropy_func, &entropy, NULL, 0), "chance");
}

/* ---- ciphers and hashes ---- */

enum { TAG = 16, NONCE = 12 };
static mbedtls_gcm_context gcm;
static mbedtls_chachapoly_context chacha;
static mbedtls_cipher_context_t chained;
static uint8_t tag[TAG];

static void gcm_seal(void)
{
    good(mbedtls_gcm_crypt_and_tag(&gcm, MBEDTLS_GCM_ENCRYPT, peer_size, peer_iv, NONCE, peer_aad, PEER_AAD, peer_data,
                                   peer_data, TAG, tag), "seal");
}

static void gcm_open(void)
{
    good(mbedtls_gcm_auth_decrypt(&gcm, peer_size, peer_iv, NONCE, peer_aad, PEER_AAD, tag, TAG, peer_data, peer_out),
         "open");
}

static void start_gcm(const struct operation *o)
{
    mbedtls_gcm_init(&gcm);
    good(mbedtls_gcm_setkey(&gcm, MBEDTLS_CIPHER_ID_AES, peer_key, *(const unsigned *)o->with), o->what);
    gcm_seal();
}

static void chacha_seal(void)
{
    good(mbedtls_chachapoly_encrypt_and_tag(&chacha, peer_size, peer_iv, peer_aad, PEER_AAD, peer_data, peer_data, tag),
         "seal");
}

static void chacha_open(void)
{
    good(mbedtls_chachapoly_auth_decrypt(&chacha, peer_size, peer_iv, peer_aad, PEER_AAD, tag, peer_data, peer_out),
         "open");
}

static void start_chacha(const struct operation *o)
{
    mbedtls_chachapoly_init(&chacha);
    good(mbedtls_chachapoly_setkey(&chacha, peer_key), o->what);
    chacha_seal();
}

static void chain(void)
{
    size_t n;
    good(mbedtls_cipher_crypt(&chained, peer_iv, sizeof peer_iv, peer_data, peer_size, peer_out, &n), "CBC");
}

static void start_chain(const struct operation *o)
{
    const mbedtls_cipher_info_t *kind = mbedtls_cipher_info_from_string(o->with);
    mbedtls_cipher_init(&chained);
    good(mbedtls_cipher_setup(&chained, kind), o->what);
    good(mbedtls_cipher_setkey(&chained, peer_key, mbedtls_cipher_get_key_bitlen(&chained),
                               strcmp(o->op, "seal") == 0 ? MBEDTLS_ENCRYPT : MBEDTLS_DECRYPT), o->what);
    good(mbedtls_cipher_set_padding_mode(&chained, MBEDTLS_PADDING_NONE), o->what);
}

static const mbedtls_md_info_t *hash_kind;
static mbedtls_md_context_t mac;

static void hash_once(void)
{
    uint8_t out[MBEDTLS_MD_MAX_SIZE];
    good(mbedtls_md(hash_kind, peer_data, peer_size, out), "hash");
}

static void start_hash(const struct operation *o) { hash_kind = mbedtls_md_info_from_string(o->with); }

static void mac_once(void)
{
    uint8_t out[MBEDTLS_MD_MAX_SIZE];
    mbedtls_md_hmac_update(&mac, peer_data, peer_size);
    mbedtls_md_hmac_finish(&mac, out);
    good(mbedtls_md_hmac_reset(&mac), "hmac");
}

static void start_mac(const struct operation *o)
{
    mbedtls_md_init(&mac);
    good(mbedtls_md_setup(&mac, mbedtls_md_info_from_string(o->with), 1), o->what);
    good(mbedtls_md_hmac_starts(&mac, peer_key, 32), o->what);
}

/* ---- keys ---- */

static mbedtls_pk_context key;
static mbedtls_md_type_t digest_kind;
static uint8_t digest[48] = { 0x5a, 1 }, signature[MBEDTLS_PK_SIGNATURE_MAX_SIZE];
static size_t digest_n, signature_n;

static void sign_once(void)
{
    good(mbedtls_pk_sign(&key, digest_kind, digest, digest_n, signature, &signature_n, mbedtls_ctr_drbg_random, &chance),
         "sign");
}

static void verify_once(void)
{
    good(mbedtls_pk_verify(&key, digest_kind, digest, digest_n, signature, signature_n), "verify");
}

static void start_sign(const struct operation *o)
{
    size_t n;
    const uint8_t *der = peer_file(o->what, "key.der", &n);
    start_chance();
    mbedtls_pk_init(&key);
    good(mbedtls_pk_parse_key(&key, der, n, NULL, 0), o->what);
    digest_kind = strcmp(o->what, "ecdsap384") == 0 ? MBEDTLS_MD_SHA384 : MBEDTLS_MD_SHA256;
    digest_n = digest_kind == MBEDTLS_MD_SHA384 ? 48 : 32;
    sign_once();
}

static mbedtls_ecp_group group;
static mbedtls_mpi scalar, secret;
static mbedtls_ecp_point value;

static void derive_once(void)
{
    good(mbedtls_ecdh_compute_shared(&group, &secret, &value, &scalar, mbedtls_ctr_drbg_random, &chance), "derive");
}

static void make_once(void)
{
    good(mbedtls_ecdh_gen_public(&group, &scalar, &value, mbedtls_ctr_drbg_random, &chance), "a key");
}

static void start_curve(const struct operation *o)
{
    start_chance();
    mbedtls_ecp_group_init(&group);
    mbedtls_mpi_init(&scalar);
    mbedtls_mpi_init(&secret);
    mbedtls_ecp_point_init(&value);
    good(mbedtls_ecp_group_load(&group, *(const mbedtls_ecp_group_id *)o->with), o->what);
    make_once();
}

static mbedtls_dhm_context dhm;

static void dhm_derive(void)
{
    uint8_t out[256];
    size_t n;
    good(mbedtls_dhm_calc_secret(&dhm, out, sizeof out, &n, mbedtls_ctr_drbg_random, &chance), "derive");
}

static void dhm_make(void)
{
    uint8_t out[256];
    good(mbedtls_dhm_make_public(&dhm, 28, out, sizeof out, mbedtls_ctr_drbg_random, &chance), "a key");
}

static void start_dhm(const struct operation *o)
{
    static const uint8_t p[] = MBEDTLS_DHM_RFC7919_FFDHE2048_P_BIN, g[] = MBEDTLS_DHM_RFC7919_FFDHE2048_G_BIN;
    uint8_t out[256];
    start_chance();
    mbedtls_dhm_init(&dhm);
    good(mbedtls_mpi_read_binary(&dhm.P, p, sizeof p) | mbedtls_mpi_read_binary(&dhm.G, g, sizeof g), o->what);
    dhm.len = sizeof p;
    good(mbedtls_dhm_make_public(&dhm, 28, out, sizeof out, mbedtls_ctr_drbg_random, &chance), o->what);
    good(mbedtls_dhm_read_public(&dhm, out, sizeof out), o->what);
}

static const unsigned bits128 = 128, bits256 = 256;
static const mbedtls_ecp_group_id p256 = MBEDTLS_ECP_DP_SECP256R1, p384 = MBEDTLS_ECP_DP_SECP384R1,
                                  x25519 = MBEDTLS_ECP_DP_CURVE25519;

#define CBC(what, name) { what, "seal", name, start_chain, chain }, { what, "open", name, start_chain, chain }
#define GCM(what, bits) { what, "seal", &bits, start_gcm, gcm_seal }, { what, "open", &bits, start_gcm, gcm_open }
#define SIGNS(what) { what, "sign", NULL, start_sign, sign_once }, { what, "verify", NULL, start_sign, verify_once }
#define AGREES(what, id) { what, "derive", &id, start_curve, derive_once }, { what, "key", &id, start_curve, make_once }
static const struct operation operations[] = {
    GCM("aes-128-gcm", bits128), GCM("aes-256-gcm", bits256),
    { "chacha20-poly1305", "seal", NULL, start_chacha, chacha_seal },
    { "chacha20-poly1305", "open", NULL, start_chacha, chacha_open },
    CBC("aes-128-cbc", "AES-128-CBC"), CBC("aes-256-cbc", "AES-256-CBC"),
    { "sha1", "hash", "SHA1", start_hash, hash_once }, { "sha256", "hash", "SHA256", start_hash, hash_once },
    { "sha384", "hash", "SHA384", start_hash, hash_once }, { "sha512", "hash", "SHA512", start_hash, hash_once },
    { "hmac(sha256)", "hash", "SHA256", start_mac, mac_once },
    SIGNS("rsa2048"), SIGNS("rsa3072"), SIGNS("rsa4096"), SIGNS("ecdsap256"), SIGNS("ecdsap384"),
    AGREES("ecdhp256", p256), AGREES("ecdhp384", p384), AGREES("x25519", x25519),
    { "ffdhe2048", "derive", NULL, start_dhm, dhm_derive }, { "ffdhe2048", "key", NULL, start_dhm, dhm_make }, { 0 } };

/* ---- TLS ---- */

static mbedtls_ssl_config config[SIDES];
static mbedtls_x509_crt root, chain_of_server;
static mbedtls_ssl_cache_context cache;
static mbedtls_ssl_ticket_context tickets;
static mbedtls_ssl_session kept;
static bool has_kept;
static enum again again;

static const int *suite_of(const char *suite)
{
    static const struct { const char *name, *theirs; } suites[] = {
        { "ECDHE-ECDSA-AES128-GCM-SHA256", "TLS-ECDHE-ECDSA-WITH-AES-128-GCM-SHA256" },
        { "ECDHE-RSA-AES128-GCM-SHA256", "TLS-ECDHE-RSA-WITH-AES-128-GCM-SHA256" },
        { "ECDHE-RSA-AES256-GCM-SHA384", "TLS-ECDHE-RSA-WITH-AES-256-GCM-SHA384" },
        { "ECDHE-RSA-CHACHA20-POLY1305", "TLS-ECDHE-RSA-WITH-CHACHA20-POLY1305-SHA256" },
        { "ECDHE-RSA-AES128-SHA256", "TLS-ECDHE-RSA-WITH-AES-128-CBC-SHA256" },
        { "AES128-GCM-SHA256", "TLS-RSA-WITH-AES-128-GCM-SHA256" } };
    static int ids[2];
    for (size_t i = 0; i < sizeof suites / sizeof *suites; i++)
        if (strcmp(suite, suites[i].name) == 0)
            ids[0] = mbedtls_ssl_get_ciphersuite_id(suites[i].theirs);
    if (!ids[0])
        peer_missing(suite);
    return ids;
}

static void start_again(void)
{
    if (again == BY_ID) {
        mbedtls_ssl_cache_init(&cache);
        mbedtls_ssl_conf_session_cache(&config[SERVER], &cache, mbedtls_ssl_cache_get, mbedtls_ssl_cache_set);
    }
    if (again == BY_TICKET) {
        mbedtls_ssl_ticket_init(&tickets);
        good(mbedtls_ssl_ticket_setup(&tickets, mbedtls_ctr_drbg_random, &chance, MBEDTLS_CIPHER_AES_256_GCM, 86400),
             "tickets");
        mbedtls_ssl_conf_session_tickets_cb(&config[SERVER], mbedtls_ssl_ticket_write, mbedtls_ssl_ticket_parse, &tickets);
    }
}

static void start_tls(const struct tls_wish *w)
{
    static const mbedtls_ecp_group_id curves[] = { MBEDTLS_ECP_DP_CURVE25519, MBEDTLS_ECP_DP_SECP256R1,
                                                   MBEDTLS_ECP_DP_NONE };
    const int *suite = suite_of(w->suite);
    again = w->again;
    start_chance();
    mbedtls_pk_init(&key);
    mbedtls_x509_crt_init(&root);
    mbedtls_x509_crt_init(&chain_of_server);
    good(mbedtls_pk_parse_keyfile(&key, peer_path(w->key, "key.pem"), NULL), "the key");
    good(mbedtls_x509_crt_parse_file(&root, peer_path(w->key, "root.pem")), "the root");
    good(mbedtls_x509_crt_parse_file(&chain_of_server, peer_path(w->key, "chain.pem")), "the chain");
    for (int side = CLIENT; side < SIDES; side++) {
        mbedtls_ssl_config *c = &config[side];
        mbedtls_ssl_config_init(c);
        good(mbedtls_ssl_config_defaults(c, side == CLIENT ? MBEDTLS_SSL_IS_CLIENT : MBEDTLS_SSL_IS_SERVER,
                                         MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT), "a config");
        mbedtls_ssl_conf_min_version(c, MBEDTLS_SSL_MAJOR_VERSION_3, MBEDTLS_SSL_MINOR_VERSION_3);
        mbedtls_ssl_conf_ciphersuites(c, suite);
        mbedtls_ssl_conf_curves(c, curves);
        mbedtls_ssl_conf_rng(c, mbedtls_ctr_drbg_random, &chance);
        mbedtls_ssl_conf_encrypt_then_mac(c, w->etm ? MBEDTLS_SSL_ETM_ENABLED : MBEDTLS_SSL_ETM_DISABLED);
    }
    mbedtls_ssl_conf_session_tickets(&config[CLIENT], again == BY_TICKET ? MBEDTLS_SSL_SESSION_TICKETS_ENABLED
                                                                         : MBEDTLS_SSL_SESSION_TICKETS_DISABLED);
    mbedtls_ssl_conf_ca_chain(&config[CLIENT], &root, NULL);
    mbedtls_ssl_conf_authmode(&config[CLIENT], MBEDTLS_SSL_VERIFY_REQUIRED);
    good(mbedtls_ssl_conf_own_cert(&config[SERVER], &chain_of_server, &key), "the certificate");
    start_again();
}

static int way_send(void *with, const unsigned char *bytes, size_t n)
{
    struct end *e = with;
    return (int)pipe_put(e->out, bytes, n);
}

static int way_recv(void *with, unsigned char *bytes, size_t n)
{
    struct end *e = with;
    size_t got = pipe_get(e->in, bytes, n);
    return got ? (int)got : MBEDTLS_ERR_SSL_WANT_READ;
}

static void open_tls(struct end *e)
{
    mbedtls_ssl_context *s = e->conn = malloc(sizeof *s);
    mbedtls_ssl_init(s);
    good(mbedtls_ssl_setup(s, &config[e->side]), "mbedtls_ssl_setup");
    mbedtls_ssl_set_bio(s, e, way_send, way_recv, NULL);
    if (e->side == SERVER)
        return;
    good(mbedtls_ssl_set_hostname(s, PEER_HOST), "the name");
    if (has_kept)
        good(mbedtls_ssl_set_session(s, &kept), "the session");
}

static bool shake(struct end *e)
{
    int code = mbedtls_ssl_handshake(e->conn);
    peer_must(code == 0 || code == MBEDTLS_ERR_SSL_WANT_READ, "the handshake");
    return code == 0;
}

static void keep(struct end *client)
{
    mbedtls_ssl_session_init(&kept);
    good(mbedtls_ssl_get_session(client->conn, &kept), "the session");
    has_kept = true;
}

/* It does not tell; but a resumed session has the master secret of the one before. */
static bool resumed(struct end *e)
{
    const mbedtls_ssl_context *s = e->conn;
    return has_kept && memcmp(s->session->master, kept.master, sizeof kept.master) == 0;
}

static void write_tls(struct end *e, const void *bytes, size_t n)
{
    peer_must(mbedtls_ssl_write(e->conn, bytes, n) == (int)n, "mbedtls_ssl_write");
}

static void read_tls(struct end *e, void *bytes, size_t n)
{
    peer_must(mbedtls_ssl_read(e->conn, bytes, n) == (int)n, "mbedtls_ssl_read");
}

static void close_tls(struct end *e)
{
    mbedtls_ssl_free(e->conn);
    free(e->conn);
}

static const struct tls_calls tls = { start_tls, open_tls, shake, keep, resumed, write_tls, read_tls, close_tls };
static const struct peer mbedtls = { "mbedtls", version, operations, &tls };
int main(int argc, char **argv) { return peer_main(&mbedtls, argc, argv); }
