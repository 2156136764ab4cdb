/* BearSSL 0.6 as a peer of `make bench` (tests/bench/peer.h), with the implementations it thinks the best here. It has no
 * tickets, no Ed25519, no finite-field Diffie-Hellman, no RFC 7366. */
#include "tests/bench/peer.h"

#include <bearssl.h>
#include <stdlib.h>
#include <string.h>

static const char *version(void) { return "BearSSL 0.6"; }

/* ---- ciphers and hashes ---- */

enum { TAG = 16, NONCE = 12 };
static br_aes_gen_ctr_keys counter;
static br_gcm_context gcm;
static br_aes_gen_cbcenc_keys chained;
static br_aes_gen_cbcdec_keys unchained;
static br_chacha20_run chacha;
static br_poly1305_run poly;
static uint8_t tag[TAG], iv[16];

static const br_block_ctr_class *best_ctr(void)
{
    return br_aes_x86ni_ctr_get_vtable() ? br_aes_x86ni_ctr_get_vtable() : &br_aes_ct64_ctr_vtable;
}

static void start_gcm(const struct operation *o)
{
    br_ghash ghash = br_ghash_pclmul_get() ? br_ghash_pclmul_get() : br_ghash_ctmul64;
    best_ctr()->init(&counter.vtable, peer_key, *(const size_t *)o->with);
    br_gcm_init(&gcm, &counter.vtable, ghash);
}

static void run_gcm(int encrypt)
{
    br_gcm_reset(&gcm, peer_iv, NONCE);
    br_gcm_aad_inject(&gcm, peer_aad, PEER_AAD);
    br_gcm_flip(&gcm);
    br_gcm_run(&gcm, encrypt, peer_data, peer_size);
}

static void gcm_seal(void)
{
    run_gcm(1);
    br_gcm_get_tag(&gcm, tag);
}

/* In place, so that it is something else each time: whether the tag is good does not matter for the time. */
static void gcm_open(void)
{
    run_gcm(0);
    tag[0] ^= (uint8_t)br_gcm_check_tag(&gcm, tag);
}

static void start_chacha(const struct operation *o)
{
    (void)o;
    chacha = br_chacha20_sse2_get() ? br_chacha20_sse2_get() : br_chacha20_ct_run;
    poly = br_poly1305_ctmulq_get() ? br_poly1305_ctmulq_get() : br_poly1305_ctmul_run;
}

static void chacha_seal(void) { poly(peer_key, peer_iv, peer_data, peer_size, peer_aad, PEER_AAD, tag, chacha, 1); }
static void chacha_open(void) { poly(peer_key, peer_iv, peer_data, peer_size, peer_aad, PEER_AAD, tag, chacha, 0); }

static void start_chain(const struct operation *o)
{
    const br_block_cbcenc_class *e = br_aes_x86ni_cbcenc_get_vtable();
    const br_block_cbcdec_class *d = br_aes_x86ni_cbcdec_get_vtable();
    e = e ? e : &br_aes_ct64_cbcenc_vtable;
    d = d ? d : &br_aes_ct64_cbcdec_vtable;
    e->init(&chained.vtable, peer_key, *(const size_t *)o->with);
    d->init(&unchained.vtable, peer_key, *(const size_t *)o->with);
}

static void chain(void) { chained.vtable->run(&chained.vtable, iv, peer_data, peer_size); }
static void unchain(void) { unchained.vtable->run(&unchained.vtable, iv, peer_data, peer_size); }

static br_hash_compat_context hash;
static const br_hash_class *hash_kind;

static void hash_once(void)
{
    uint8_t out[64];
    hash_kind->init(&hash.vtable);
    hash_kind->update(&hash.vtable, peer_data, peer_size);
    hash_kind->out(&hash.vtable, out);
}

static void start_hash(const struct operation *o) { hash_kind = o->with; }

static br_hmac_key_context mac_key;

static void mac_once(void)
{
    br_hmac_context mac;
    uint8_t out[64];
    br_hmac_init(&mac, &mac_key, 0);
    br_hmac_update(&mac, peer_data, peer_size);
    br_hmac_out(&mac, out);
}

static void start_mac(const struct operation *o) { br_hmac_key_init(&mac_key, o->with, peer_key, 32); }

/* ---- keys ---- */

static br_skey_decoder_context own;
static br_ec_public_key ec_public;
static br_rsa_public_key rsa_public;
static uint8_t digest[64] = { 0x5a, 1 }, signature[1024], point[BR_EC_KBUF_PUB_MAX_SIZE];
static size_t signature_n;
static const br_hash_class *digest_kind;
static const br_ec_impl *curves;

static void read_key(const char *name)
{
    size_t n;
    const uint8_t *der = peer_file(name, "key.der", &n);
    br_skey_decoder_init(&own);
    br_skey_decoder_push(&own, der, n);
    peer_must(br_skey_decoder_key_type(&own) != 0, "the key");
    curves = br_ec_get_default();
}

static void rsa_sign(void)
{
    peer_must(br_rsa_pkcs1_sign_get_default()(BR_HASH_OID_SHA256, digest, 32, &own.key.rsa, signature), "sign");
}

static void rsa_verify(void)
{
    uint8_t out[32];
    peer_must(br_rsa_pkcs1_vrfy_get_default()(signature, rsa_public.nlen, BR_HASH_OID_SHA256, 32, &rsa_public, out),
              "verify");
}

static void start_rsa(const struct operation *o)
{
    static br_x509_decoder_context d;
    size_t n;
    const uint8_t *der = peer_file(o->what, "chain.der", &n);
    br_x509_decoder_init(&d, NULL, NULL);
    br_x509_decoder_push(&d, der, n);
    peer_must(br_x509_decoder_get_pkey(&d) != NULL, "the certificate");
    rsa_public = br_x509_decoder_get_pkey(&d)->key.rsa;
    read_key(o->what);
    rsa_sign();
}

static void ec_sign(void)
{
    signature_n = br_ecdsa_sign_asn1_get_default()(curves, digest_kind, digest, &own.key.ec, signature);
    peer_must(signature_n > 0, "sign");
}

static void ec_verify(void)
{
    size_t n = digest_kind == &br_sha384_vtable ? 48 : 32;
    peer_must(br_ecdsa_vrfy_asn1_get_default()(curves, digest, n, &ec_public, signature, signature_n), "verify");
}

static void start_ec(const struct operation *o)
{
    read_key(o->what);
    digest_kind = o->with;
    br_ec_compute_pub(curves, &ec_public, point, &own.key.ec);
    ec_sign();
}

static int curve;
static uint8_t scalar[48], value[BR_EC_KBUF_PUB_MAX_SIZE];
static size_t scalar_n, value_n;

static void derive_once(void)
{
    uint8_t at[BR_EC_KBUF_PUB_MAX_SIZE];
    memcpy(at, value, value_n);
    peer_must(curves->mul(at, value_n, scalar, scalar_n, curve), "derive");
}

static void make_once(void)
{
    uint8_t at[BR_EC_KBUF_PUB_MAX_SIZE];
    value_n = curves->mulgen(at, scalar, scalar_n, curve);
    peer_must(value_n > 0, "a key");
}

static void start_curve(const struct operation *o)
{
    curve = *(const int *)o->with;
    curves = br_ec_get_default();
    scalar_n = curve == BR_EC_secp384r1 ? 48 : 32;
    memset(scalar, 0x5a, scalar_n);
    value_n = curves->mulgen(value, scalar, scalar_n, curve);
}

static const size_t key128 = 16, key256 = 32;
static const int p256 = BR_EC_secp256r1, p384 = BR_EC_secp384r1, x25519 = BR_EC_curve25519;

#define GCM(what, n) { what, "seal", &n, start_gcm, gcm_seal }, { what, "open", &n, start_gcm, gcm_open }
#define CBC(what, n) { what, "seal", &n, start_chain, chain }, { what, "open", &n, start_chain, unchain }
#define RSA(what) { what, "sign", NULL, start_rsa, rsa_sign }, { what, "verify", NULL, start_rsa, rsa_verify }
#define EC(what, h) { what, "sign", &h, start_ec, ec_sign }, { what, "verify", &h, start_ec, ec_verify }
#define AGREES(what, id) { what, "derive", &id, start_curve, derive_once }, { what, "key", &id, start_curve, make_once }
static const struct operation operations[] = {
    GCM("aes-128-gcm", key128), GCM("aes-256-gcm", key256),
    { "chacha20-poly1305", "seal", NULL, start_chacha, chacha_seal },
    { "chacha20-poly1305", "open", NULL, start_chacha, chacha_open },
    CBC("aes-128-cbc", key128), CBC("aes-256-cbc", key256),
    { "sha1", "hash", &br_sha1_vtable, start_hash, hash_once },
    { "sha256", "hash", &br_sha256_vtable, start_hash, hash_once },
    { "sha384", "hash", &br_sha384_vtable, start_hash, hash_once },
    { "sha512", "hash", &br_sha512_vtable, start_hash, hash_once },
    { "hmac(sha256)", "hash", &br_sha256_vtable, start_mac, mac_once },
    RSA("rsa2048"), RSA("rsa3072"), RSA("rsa4096"), EC("ecdsap256", br_sha256_vtable), EC("ecdsap384", br_sha384_vtable),
    AGREES("ecdhp256", p256), AGREES("ecdhp384", p384), AGREES("x25519", x25519), { 0 } };

/* ---- TLS ---- */

static br_x509_trust_anchor root;
static br_x509_certificate chain_of_server;
static br_ec_impl narrow;
static br_ssl_session_cache_lru cache;
static br_ssl_session_parameters kept;
static bool has_kept;
static uint16_t suite;
static enum again again;

/* All that a connection has; what they share, the engine, is the first member of a context. */
struct client {
    br_ssl_client_context tls;
    br_x509_minimal_context judge;
    uint8_t buffer[BR_SSL_BUFSIZE_BIDI];
};
struct server {
    br_ssl_server_context tls;
    uint8_t buffer[BR_SSL_BUFSIZE_BIDI];
};

static br_ssl_engine_context *engine(const struct end *e)
{
    return e->side == CLIENT ? &((struct client *)e->conn)->tls.eng : &((struct server *)e->conn)->tls.eng;
}

static uint16_t suite_of(const char *name)
{
    static const struct { const char *name; uint16_t code; } suites[] = {
        { "ECDHE-ECDSA-AES128-GCM-SHA256", BR_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 },
        { "ECDHE-RSA-AES128-GCM-SHA256", BR_TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 },
        { "ECDHE-RSA-AES256-GCM-SHA384", BR_TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 },
        { "ECDHE-RSA-CHACHA20-POLY1305", BR_TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256 },
        { "ECDHE-RSA-AES128-SHA256", BR_TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256 },
        { "AES128-GCM-SHA256", BR_TLS_RSA_WITH_AES_128_GCM_SHA256 } };
    for (size_t i = 0; i < sizeof suites / sizeof *suites; i++)
        if (strcmp(name, suites[i].name) == 0)
            return suites[i].code;
    peer_missing(name);
    return 0;
}

static uint8_t dn[512];
static size_t dn_n;

static void add_to_dn(void *with, const void *bytes, size_t n)
{
    (void)with;
    peer_must(n <= sizeof dn - dn_n, "the root's name");
    memcpy(dn + dn_n, bytes, n);
    dn_n += n;
}

static void start_tls(const struct tls_wish *w)
{
    static br_x509_decoder_context d;
    static uint8_t store[8192];
    size_t n;
    if (w->etm || w->again == BY_TICKET)
        peer_missing(w->etm ? "encrypt-then-MAC" : "tickets");
    suite = suite_of(w->suite);
    again = w->again;
    read_key(w->key);
    chain_of_server.data = peer_file(w->key, "chain.der", &chain_of_server.data_len);
    const uint8_t *der = peer_file(w->key, "root.der", &n);
    br_x509_decoder_init(&d, add_to_dn, NULL);
    br_x509_decoder_push(&d, der, n);
    peer_must(br_x509_decoder_get_pkey(&d) != NULL, "the root");
    root = (br_x509_trust_anchor){ { dn, dn_n }, BR_X509_TA_CA, *br_x509_decoder_get_pkey(&d) };
    narrow = *br_ec_get_default();                      /* P-256 for certificates */
    narrow.supported_curves = 1u << BR_EC_curve25519 | 1u << BR_EC_secp256r1;
    br_ssl_session_cache_lru_init(&cache, store, sizeof store);
}

static void open_client(struct end *e)
{
    struct client *c = e->conn = malloc(sizeof *c);
    br_ssl_client_init_full(&c->tls, &c->judge, &root, 1);
    br_ssl_engine_set_suites(engine(e), &suite, 1);
    br_ssl_engine_set_ec(engine(e), &narrow);
    br_ssl_engine_set_buffer(engine(e), c->buffer, sizeof c->buffer, 1);
    if (has_kept)
        br_ssl_engine_set_session_parameters(engine(e), &kept);
    peer_must(br_ssl_client_reset(&c->tls, PEER_HOST, has_kept), "the client");
}

static void open_server(struct end *e)
{
    struct server *c = e->conn = malloc(sizeof *c);
    if (br_skey_decoder_key_type(&own) == BR_KEYTYPE_RSA)
        br_ssl_server_init_full_rsa(&c->tls, &chain_of_server, 1, &own.key.rsa);
    else
        br_ssl_server_init_full_ec(&c->tls, &chain_of_server, 1, BR_KEYTYPE_EC, &own.key.ec);
    br_ssl_engine_set_suites(engine(e), &suite, 1);
    br_ssl_engine_set_ec(engine(e), &narrow);
    br_ssl_engine_set_buffer(engine(e), c->buffer, sizeof c->buffer, 1);
    if (again == BY_ID)
        br_ssl_server_set_cache(&c->tls, &cache.vtable);
    peer_must(br_ssl_server_reset(&c->tls), "the server");
}

static void open_tls(struct end *e)
{
    if (e->side == CLIENT)
        open_client(e);
    else
        open_server(e);
}

/* Records out of and into the pipes, until nothing can go on. */
static void pump(struct end *e)
{
    for (;;) {
        unsigned state = br_ssl_engine_current_state(engine(e));
        size_t n;
        peer_must(state != BR_SSL_CLOSED, "the connection");
        if (state & BR_SSL_SENDREC) {
            uint8_t *from = br_ssl_engine_sendrec_buf(engine(e), &n);
            br_ssl_engine_sendrec_ack(engine(e), pipe_put(e->out, from, n));
        } else if (state & BR_SSL_RECVREC && e->in->n > e->in->at) {
            uint8_t *to = br_ssl_engine_recvrec_buf(engine(e), &n);
            br_ssl_engine_recvrec_ack(engine(e), pipe_get(e->in, to, n));
        } else
            return;
    }
}

static bool shake(struct end *e)
{
    pump(e);
    return br_ssl_engine_current_state(engine(e)) & BR_SSL_SENDAPP;
}

static void keep(struct end *client)
{
    br_ssl_engine_get_session_parameters(engine(client), &kept);
    has_kept = true;
}

static bool resumed(struct end *e)
{
    br_ssl_session_parameters now;
    br_ssl_engine_get_session_parameters(engine(e), &now);
    return has_kept && memcmp(now.master_secret, kept.master_secret, sizeof now.master_secret) == 0;
}

static void write_tls(struct end *e, const void *bytes, size_t n)
{
    for (size_t done = 0, room; done < n; done += room) {
        uint8_t *to = br_ssl_engine_sendapp_buf(engine(e), &room);
        peer_must(to != NULL, "to send");
        room = room < n - done ? room : n - done;
        memcpy(to, (const uint8_t *)bytes + done, room);
        br_ssl_engine_sendapp_ack(engine(e), room);
        br_ssl_engine_flush(engine(e), 0);
        pump(e);
    }
}

static void read_tls(struct end *e, void *bytes, size_t n)
{
    for (size_t done = 0, there; done < n; done += there) {
        pump(e);
        const uint8_t *from = br_ssl_engine_recvapp_buf(engine(e), &there);
        peer_must(from != NULL && there <= n - done, "to receive");
        memcpy((uint8_t *)bytes + done, from, there);
        br_ssl_engine_recvapp_ack(engine(e), there);
    }
}

static void close_tls(struct end *e) { free(e->conn); }

static const struct tls_calls tls = { start_tls, open_tls, shake, keep, resumed, write_tls, read_tls, close_tls };
static const struct peer bearssl = { "bearssl", version, operations, &tls };
int main(int argc, char **argv) { return peer_main(&bearssl, argc, argv); }
