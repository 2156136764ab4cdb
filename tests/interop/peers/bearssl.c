/* bearssl.c - a peer that is BearSSL (Debian: libbearssl-dev), whose package has no programs. See peer.h. */
#include "tests/interop/peers/peer.h"

#include <bearssl.h>

struct octets { unsigned char *at; size_t n; };
struct own {
    br_x509_certificate chain[1];
    br_skey_decoder_context key;
    int type;                                       /* BR_KEYTYPE_RSA, BR_KEYTYPE_EC */
};

static br_x509_trust_anchor ca;
static struct own own;
static br_ssl_client_context cc;
static br_ssl_server_context sc;
static br_x509_minimal_context judge;
static br_ssl_session_cache_lru cache;
static unsigned char cached[20000], buffer[BR_SSL_BUFSIZE_BIDI];
static br_ec_impl curves;
static const char *protocols[8];

static const char *version(void) { return "0.6"; }

static void append(void *to, const void *from, size_t n)
{
    struct octets *o = to;
    o->at = realloc(o->at, o->n + n);
    memcpy(o->at + o->n, from, n);
    o->n += n;
}

/* What the first object in a PEM file holds. */
static struct octets pem(const char *path)
{
    struct octets out = { 0 };
    br_pem_decoder_context d;
    static char text[1 << 16];
    FILE *f = fopen(path, "rb");
    size_t n = f ? fread(text, 1, sizeof text, f) : 0;
    br_pem_decoder_init(&d);
    for (size_t at = 0; at < n;) {
        at += br_pem_decoder_push(&d, text + at, n - at);
        int event = br_pem_decoder_event(&d);
        if (event == BR_PEM_BEGIN_OBJ)
            br_pem_decoder_setdest(&d, append, &out);
        else if (event == BR_PEM_END_OBJ)
            break;
    }
    if (f)
        fclose(f);
    return out;
}

static bool read_ca(const char *path)
{
    static struct octets dn;
    static br_x509_decoder_context d;
    struct octets der = pem(path);
    br_x509_pkey *key;
    dn = (struct octets){ 0 };
    br_x509_decoder_init(&d, append, &dn);
    br_x509_decoder_push(&d, der.at, der.n);
    if (!(key = br_x509_decoder_get_pkey(&d)))
        return because(FAILED, "the CA: %d", br_x509_decoder_last_error(&d)), false;
    ca = (br_x509_trust_anchor){ .dn = { dn.at, dn.n }, .flags = BR_X509_TA_CA, .pkey = *key };
    return true;
}

static bool read_own(const struct wish *w)
{
    struct octets der = pem(w->cert), key = pem(w->key);
    own.chain[0] = (br_x509_certificate){ der.at, der.n };
    br_skey_decoder_init(&own.key);
    br_skey_decoder_push(&own.key, key.at, key.n);
    own.type = br_skey_decoder_key_type(&own.key);
    if (own.type)
        return true;
    return because(NOT_THERE, "no keys of the kind %s: %d", w->kind, br_skey_decoder_last_error(&own.key)), false;
}

static unsigned curve_of(const char *name)
{
    return !strcmp(name, "X25519") ? BR_EC_curve25519 : !strcmp(name, "P-256") ? BR_EC_secp256r1 :
           !strcmp(name, "P-384") ? BR_EC_secp384r1 : !strcmp(name, "P-521") ? BR_EC_secp521r1 : 0;
}

static void narrow(br_ssl_engine_context *e, const struct wish *w)
{
    char *at, *save = NULL;
    static char names[64];
    size_t n = 0;
    uint16_t code = (uint16_t)w->code;
    if (code)
        br_ssl_engine_set_suites(e, &code, 1);
    if (curve_of(w->group)) {
        curves = *br_ssl_engine_get_ec(e);
        curves.supported_curves = 1u << curve_of(w->group) | (curve_of(w->kind) ? 1u << curve_of(w->kind) : 0) |
                                  (curve_of(w->also) ? 1u << curve_of(w->also) : 0);
        br_ssl_engine_set_ec(e, &curves);
    }
    for (snprintf(names, sizeof names, "%s", w->alpn), at = strtok_r(names, ",", &save); at; at = strtok_r(NULL, ",", &save))
        protocols[n++] = at;
    if (n)
        br_ssl_engine_set_protocol_names(e, protocols, n);
    br_ssl_engine_set_buffer(e, buffer, w->mfl ? 325 + 512 + 85 + 512 : sizeof buffer, 1);
}

static int low_read(void *of, unsigned char *to, size_t n)
{
    ssize_t got = read(*(int *)of, to, n);
    return got > 0 ? (int)got : -1;
}

static int low_write(void *of, const unsigned char *from, size_t n)
{
    ssize_t wrote = write(*(int *)of, from, n);
    return wrote > 0 ? (int)wrote : -1;
}

static int read_some(void *of, void *to, int n)
{
    int got = br_sslio_read(of, to, (size_t)n);
    return got < 0 && br_ssl_engine_last_error(((br_sslio_context *)of)->engine) == BR_ERR_OK ? 0 : got;
}

static int write_some(void *of, const void *from, int n)
{
    return br_sslio_write_all(of, from, (size_t)n) || br_sslio_flush(of) ? -1 : n;
}

/* The handshake is done when there is room for the program's octets. */
static bool shake(br_ssl_engine_context *e, br_sslio_context *io)
{
    if (!br_sslio_flush(io) && br_ssl_engine_current_state(e) & BR_SSL_SENDAPP)
        return true;
    return because(FAILED, "handshake: error %d", br_ssl_engine_last_error(e)), false;
}

static enum verdict visit(const struct wish *w, br_ssl_session_parameters *session, int turn)
{
    int fd = dial(w);
    br_sslio_context io;
    struct tls t = { &io, read_some, write_some };
    enum verdict v = FAILED;
    br_ssl_session_parameters now;
    if (turn)
        br_ssl_engine_set_session_parameters(&cc.eng, session);
    br_ssl_client_reset(&cc, "localhost", turn);
    br_sslio_init(&io, &cc.eng, low_read, &fd, low_write, &fd);
    if (shake(&cc.eng, &io)) {
        const char *alpn = br_ssl_engine_get_selected_protocol(&cc.eng);
        br_ssl_engine_get_session_parameters(&cc.eng, &now);
        if (turn && memcmp(now.master_secret, session->master_secret, sizeof now.master_secret))
            v = because(FAILED, "not resumed");
        else if (*w->alpn && (!alpn || strcmp(alpn, "http/1.1")))
            v = because(FAILED, "no ALPN");
        else if (*w->group && br_ssl_engine_get_ecdhe_curve(&cc.eng) != (int)curve_of(w->group) && !turn)
            v = because(FAILED, "group %d", br_ssl_engine_get_ecdhe_curve(&cc.eng));
        else if (now.cipher_suite != w->code)
            v = because(FAILED, "suite %x", now.cipher_suite);
        else if (fetch(&t, w))
            v = OK;
        *session = now;
    }
    close(fd);
    return v;
}

static enum verdict client(const struct wish *w)
{
    static br_ssl_session_parameters session;
    enum verdict v = OK;
    if (!read_ca(w->ca))
        return FAILED;
    br_ssl_client_init_full(&cc, &judge, &ca, 1);
    narrow(&cc.eng, w);
    if (*w->cert && !read_own(w))
        return NOT_THERE;
    if (*w->cert && own.type == BR_KEYTYPE_RSA)
        br_ssl_client_set_single_rsa(&cc, own.chain, 1, br_skey_decoder_get_rsa(&own.key), br_rsa_pkcs1_sign_get_default());
    else if (*w->cert)
        br_ssl_client_set_single_ec(&cc, own.chain, 1, br_skey_decoder_get_ec(&own.key), BR_KEYTYPE_SIGN, BR_KEYTYPE_RSA,
                                    br_ec_get_default(), br_ecdsa_sign_asn1_get_default());
    for (int turn = 0; v == OK && turn < (*w->resume ? 2 : 1); turn++)
        v = visit(w, &session, turn);
    return v;
}

static void server_begin(const struct wish *w)
{
    if (!read_ca(w->ca) || !read_own(w)) {
        printf("cannot be: %s\n", why);
        exit(1);
    }
    if (own.type == BR_KEYTYPE_RSA)
        br_ssl_server_init_full_rsa(&sc, own.chain, 1, br_skey_decoder_get_rsa(&own.key));
    else
        br_ssl_server_init_full_ec(&sc, own.chain, 1, BR_KEYTYPE_RSA, br_skey_decoder_get_ec(&own.key));
    br_ssl_session_cache_lru_init(&cache, cached, sizeof cached);
    br_ssl_server_set_cache(&sc, &cache.vtable);
    if (w->auth) {
        br_x509_minimal_init_full(&judge, &ca, 1);
        br_ssl_engine_set_default_rsavrfy(&sc.eng);
        br_ssl_engine_set_default_ecdsa(&sc.eng);
        br_ssl_engine_set_x509(&sc.eng, &judge.vtable);
        br_ssl_server_set_trust_anchor_names_alt(&sc, &ca, 1);
    }
    narrow(&sc.eng, w);
}

static void server(const struct wish *w, int fd)
{
    br_sslio_context io;
    struct tls t = { &io, read_some, write_some };
    br_ssl_server_reset(&sc);
    br_sslio_init(&io, &sc.eng, low_read, &fd, low_write, &fd);
    if (shake(&sc.eng, &io)) {
        snprintf(facts, sizeof facts, "suite=%x curve=%d", br_ssl_engine_get_version(&sc.eng), br_ssl_engine_get_ecdhe_curve(&sc.eng));
        answer(&t, w);
        br_sslio_close(&io);
    }
}
