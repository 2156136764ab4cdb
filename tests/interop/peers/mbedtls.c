/* mbedtls.c - a peer that is mbedTLS 2.28 (Debian: libmbedtls-dev), whose package has no programs. See peer.h. */
#include "tests/interop/peers/peer.h"

#include <mbedtls/ctr_drbg.h>
#include <mbedtls/dhm.h>
#include <mbedtls/entropy.h>
#include <mbedtls/error.h>
#include <mbedtls/net_sockets.h>
#include <mbedtls/ssl.h>
#include <mbedtls/ssl_cache.h>
#include <mbedtls/ssl_ticket.h>
#include <mbedtls/version.h>

static mbedtls_entropy_context entropy;
static mbedtls_ctr_drbg_context rng;
static mbedtls_ssl_config config;
static mbedtls_x509_crt ca, own;
static mbedtls_pk_context key;
static mbedtls_ssl_cache_context cache;
static mbedtls_ssl_ticket_context tickets;
static int suites[2];
static mbedtls_ecp_group_id groups[4];
static const char *protocols[8];

static const char *version(void) { return MBEDTLS_VERSION_STRING; }

static const char *error(int code)
{
    static char text[128];
    mbedtls_strerror(code, text, sizeof text);
    return text;
}

static mbedtls_ecp_group_id group_of(const char *name)
{
    return !strcmp(name, "X25519") ? MBEDTLS_ECP_DP_CURVE25519 : !strcmp(name, "P-256") ? MBEDTLS_ECP_DP_SECP256R1 :
           !strcmp(name, "P-384") ? MBEDTLS_ECP_DP_SECP384R1 : !strcmp(name, "P-521") ? MBEDTLS_ECP_DP_SECP521R1 :
           MBEDTLS_ECP_DP_NONE;
}

static int read_some(void *of, void *to, int n)
{
    int got;
    while ((got = mbedtls_ssl_read(of, to, (size_t)n)) == MBEDTLS_ERR_SSL_WANT_READ)
        ;
    return got == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY ? 0 : got;
}

static int write_some(void *of, const void *from, int n) { return mbedtls_ssl_write(of, from, (size_t)n); }

static enum verdict begin(const struct wish *w, int endpoint)
{
    int n = 0, e;
    char name[64], *at, *save = NULL;
    mbedtls_ssl_config_init(&config);
    mbedtls_entropy_init(&entropy);
    mbedtls_ctr_drbg_init(&rng);
    mbedtls_x509_crt_init(&ca);
    mbedtls_x509_crt_init(&own);
    mbedtls_pk_init(&key);
    mbedtls_ctr_drbg_seed(&rng, mbedtls_entropy_func, &entropy, NULL, 0);
    mbedtls_ssl_config_defaults(&config, endpoint, MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT);
    mbedtls_ssl_conf_rng(&config, mbedtls_ctr_drbg_random, &rng);
    if (*w->ca && (e = mbedtls_x509_crt_parse_file(&ca, w->ca)))
        return because(FAILED, "%s: %s", w->ca, error(e));
    mbedtls_ssl_conf_ca_chain(&config, &ca, NULL);
    mbedtls_ssl_conf_authmode(&config, endpoint == MBEDTLS_SSL_IS_CLIENT || w->auth ? MBEDTLS_SSL_VERIFY_REQUIRED : MBEDTLS_SSL_VERIFY_NONE);
    if (*w->cert) {
        if ((e = mbedtls_x509_crt_parse_file(&own, w->cert)) || (e = mbedtls_pk_parse_keyfile(&key, w->key, NULL)))
            return because(NOT_THERE, "no certificates with %s: %s", w->kind, error(e));
        mbedtls_ssl_conf_own_cert(&config, &own, &key);
    }
    if (*w->iana) {
        snprintf(name, sizeof name, "%s", w->iana);
        for (at = name; *at; at++)
            if (*at == '_')
                *at = '-';
        if (!(suites[0] = mbedtls_ssl_get_ciphersuite_id(name)))
            return because(NOT_THERE, "no %s", w->suite);
        mbedtls_ssl_conf_ciphersuites(&config, suites);
    }
    if (*w->group && group_of(w->group)) {
        groups[0] = group_of(w->group);
        groups[1] = group_of(w->kind) ? group_of(w->kind) : group_of(w->also);   /* the list is for certificates, too */
        groups[2] = groups[1] ? group_of(w->also) : MBEDTLS_ECP_DP_NONE;
        mbedtls_ssl_conf_curves(&config, groups);
    }
    for (snprintf(name, sizeof name, "%s", w->alpn), at = strtok_r(name, ",", &save); at; at = strtok_r(NULL, ",", &save))
        protocols[n++] = strdup(at);
    if (n)
        mbedtls_ssl_conf_alpn_protocols(&config, protocols);
    if (w->mfl)
        mbedtls_ssl_conf_max_frag_len(&config, w->mfl == 512 ? MBEDTLS_SSL_MAX_FRAG_LEN_512 : MBEDTLS_SSL_MAX_FRAG_LEN_4096);
    return OK;
}

static enum verdict visit(const struct wish *w, mbedtls_ssl_session *session, int turn)
{
    mbedtls_net_context net = { .fd = dial(w) };
    mbedtls_ssl_context ssl;
    struct tls t = { &ssl, read_some, write_some };
    enum verdict v = FAILED;
    int e, full = 0;
    mbedtls_ssl_init(&ssl);
    mbedtls_ssl_setup(&ssl, &config);
    mbedtls_ssl_set_hostname(&ssl, "localhost");
    mbedtls_ssl_set_bio(&ssl, &net, mbedtls_net_send, mbedtls_net_recv, NULL);
    if (turn && (e = mbedtls_ssl_set_session(&ssl, session)))
        v = because(FAILED, "the session is not taken: %s", error(e));
    while (ssl.state != MBEDTLS_SSL_HANDSHAKE_OVER && !(e = mbedtls_ssl_handshake_step(&ssl)))
        full |= ssl.state == MBEDTLS_SSL_SERVER_KEY_EXCHANGE || ssl.state == MBEDTLS_SSL_SERVER_CERTIFICATE;
    if (ssl.state != MBEDTLS_SSL_HANDSHAKE_OVER)
        v = because(FAILED, "handshake: %s", error(e));
    else if (turn && full)
        v = because(FAILED, "not resumed");
    else if (*w->alpn && (!mbedtls_ssl_get_alpn_protocol(&ssl) || strcmp(mbedtls_ssl_get_alpn_protocol(&ssl), "http/1.1")))
        v = because(FAILED, "no ALPN");
    else if (fetch(&t, w) && (turn || !mbedtls_ssl_get_session(&ssl, session)))
        v = OK;
    snprintf(facts, sizeof facts, "suite=%s resumed=%d", v == OK ? mbedtls_ssl_get_ciphersuite(&ssl) : "", turn && !full);
    mbedtls_ssl_close_notify(&ssl);
    mbedtls_ssl_free(&ssl);
    close(net.fd);
    return v;
}

static enum verdict client(const struct wish *w)
{
    mbedtls_ssl_session session;
    enum verdict v = begin(w, MBEDTLS_SSL_IS_CLIENT);
    mbedtls_ssl_session_init(&session);
    if (v == OK)
        mbedtls_ssl_conf_session_tickets(&config, strcmp(w->resume, "id") ? MBEDTLS_SSL_SESSION_TICKETS_ENABLED
                                                                          : MBEDTLS_SSL_SESSION_TICKETS_DISABLED);
    for (int turn = 0; v == OK && turn < (*w->resume ? 2 : 1); turn++)
        v = visit(w, &session, turn);
    mbedtls_ssl_session_free(&session);
    mbedtls_ssl_config_free(&config);
    return v;
}

static void server_begin(const struct wish *w)
{
    static const unsigned char p[] = MBEDTLS_DHM_RFC7919_FFDHE2048_P_BIN, g[] = MBEDTLS_DHM_RFC7919_FFDHE2048_G_BIN;
    static const unsigned char p3[] = MBEDTLS_DHM_RFC7919_FFDHE3072_P_BIN, p4[] = MBEDTLS_DHM_RFC7919_FFDHE4096_P_BIN;
    const bool three = !strcmp(w->group, "ffdhe3072"), four = !strcmp(w->group, "ffdhe4096");
    if (begin(w, MBEDTLS_SSL_IS_SERVER) != OK) {
        printf("cannot be: %s\n", why);
        exit(1);
    }
    mbedtls_ssl_conf_dh_param_bin(&config, four ? p4 : three ? p3 : p, four ? sizeof p4 : three ? sizeof p3 : sizeof p, g, sizeof g);
    mbedtls_ssl_cache_init(&cache);
    mbedtls_ssl_ticket_init(&tickets);
    if (!strcmp(w->resume, "id"))
        mbedtls_ssl_conf_session_cache(&config, &cache, mbedtls_ssl_cache_get, mbedtls_ssl_cache_set);
    else if (!mbedtls_ssl_ticket_setup(&tickets, mbedtls_ctr_drbg_random, &rng, MBEDTLS_CIPHER_AES_256_GCM, 86400))
        mbedtls_ssl_conf_session_tickets_cb(&config, mbedtls_ssl_ticket_write, mbedtls_ssl_ticket_parse, &tickets);
}

static void server(const struct wish *w, int fd)
{
    mbedtls_net_context net = { .fd = fd };
    mbedtls_ssl_context ssl;
    struct tls t = { &ssl, read_some, write_some };
    int e;
    mbedtls_ssl_init(&ssl);
    mbedtls_ssl_setup(&ssl, &config);
    mbedtls_ssl_set_bio(&ssl, &net, mbedtls_net_send, mbedtls_net_recv, NULL);
    if ((e = mbedtls_ssl_handshake(&ssl)))
        because(FAILED, "handshake: %s", error(e));
    else {
        snprintf(facts, sizeof facts, "suite=%s", mbedtls_ssl_get_ciphersuite(&ssl));
        answer(&t, w);
        mbedtls_ssl_close_notify(&ssl);
    }
    mbedtls_ssl_free(&ssl);
}
