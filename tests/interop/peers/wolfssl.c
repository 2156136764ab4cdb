/* wolfssl.c - a peer that is wolfSSL (Debian: libwolfssl-dev), whose package has no programs. See peer.h. */
#include "tests/interop/peers/peer.h"

#include <wolfssl/options.h>
#include <wolfssl/ssl.h>
#include <wolfssl/version.h>

static WOLFSSL_CTX *ctx;

static const char *version(void) { return LIBWOLFSSL_VERSION_STRING; }

static enum verdict error(const char *what, WOLFSSL *ssl, int code)
{
    char text[128] = "";
    if (ssl)
        wolfSSL_ERR_error_string((unsigned long)wolfSSL_get_error(ssl, code), text);
    return because(FAILED, "%s: %d %s", what, code, text);
}

static int read_some(void *of, void *to, int n)
{
    int got = wolfSSL_read(of, to, n);
    return got <= 0 && wolfSSL_get_error(of, got) == WOLFSSL_ERROR_ZERO_RETURN ? 0 : got;
}

static int write_some(void *of, const void *from, int n) { return wolfSSL_write(of, from, n); }

static int group_of(const char *name)
{
    return !strcmp(name, "X25519") ? WOLFSSL_ECC_X25519 : !strcmp(name, "P-256") ? WOLFSSL_ECC_SECP256R1 :
           !strcmp(name, "P-384") ? WOLFSSL_ECC_SECP384R1 : !strcmp(name, "P-521") ? WOLFSSL_ECC_SECP521R1 :
           !strcmp(name, "ffdhe2048") ? WOLFSSL_FFDHE_2048 : !strcmp(name, "ffdhe3072") ? WOLFSSL_FFDHE_3072 : 0;
}

static int curve_of(const char *name)
{
    return !strcmp(name, "P-256") || !strcmp(name, "P-384") || !strcmp(name, "P-521") ? group_of(name) : 0;
}

static enum verdict begin(const struct wish *w, bool serves)
{
    int e;
    ctx = wolfSSL_CTX_new(serves ? wolfTLSv1_2_server_method() : wolfTLSv1_2_client_method());
    if (*w->suite && wolfSSL_CTX_set_cipher_list(ctx, w->suite) != WOLFSSL_SUCCESS)
        return because(NOT_THERE, "no %s", w->suite);
    if (*w->ca && (e = wolfSSL_CTX_load_verify_locations(ctx, w->ca, NULL)) != WOLFSSL_SUCCESS)
        return error("the CA", NULL, e);
    wolfSSL_CTX_set_verify(ctx, !serves || w->auth ? WOLFSSL_VERIFY_PEER | WOLFSSL_VERIFY_FAIL_IF_NO_PEER_CERT
                                                   : WOLFSSL_VERIFY_NONE, NULL);
    if (*w->cert && ((e = wolfSSL_CTX_use_certificate_chain_file(ctx, w->cert)) != WOLFSSL_SUCCESS ||
                     (e = wolfSSL_CTX_use_PrivateKey_file(ctx, w->key, WOLFSSL_FILETYPE_PEM)) != WOLFSSL_SUCCESS))
        return because(NOT_THERE, "no keys of its own of the kind %s (%d)", w->kind, e);
    return OK;
}

static bool offer(WOLFSSL *ssl, const struct wish *w)
{
    if (*w->group && (!group_of(w->group) || wolfSSL_UseSupportedCurve(ssl, (word16)group_of(w->group)) != WOLFSSL_SUCCESS))
        return because(NOT_THERE, "no %s", w->group), false;
    if (*w->group && curve_of(w->kind))
        wolfSSL_UseSupportedCurve(ssl, (word16)curve_of(w->kind));
    if (*w->alpn) {
        char list[64];
        snprintf(list, sizeof list, "%s", w->alpn);
        wolfSSL_UseALPN(ssl, list, (unsigned)strlen(list), WOLFSSL_ALPN_CONTINUE_ON_MISMATCH);
    }
    if (*w->staple)
        wolfSSL_UseOCSPStapling(ssl, WOLFSSL_CSR_OCSP, 0);
    if (w->mfl)
        wolfSSL_UseMaxFragment(ssl, WOLFSSL_MFL_2_9);
    if (!strcmp(w->resume, "ticket"))
        wolfSSL_UseSessionTicket(ssl);
    return true;
}

static enum verdict visit(const struct wish *w, WOLFSSL_SESSION **session, int turn)
{
    int e, fd = dial(w);
    WOLFSSL *ssl = wolfSSL_new(ctx);
    struct tls t = { ssl, read_some, write_some };
    enum verdict v = FAILED;
    char *alpn = NULL;
    unsigned short alpn_n = 0;
    wolfSSL_set_fd(ssl, fd);
    wolfSSL_UseSNI(ssl, WOLFSSL_SNI_HOST_NAME, "localhost", 9);
    wolfSSL_check_domain_name(ssl, "localhost");
    if (!offer(ssl, w))
        v = NOT_THERE;
    else if (turn && wolfSSL_set_session(ssl, *session) != WOLFSSL_SUCCESS)
        v = because(FAILED, "the session is not taken");
    else if ((e = wolfSSL_connect(ssl)) != WOLFSSL_SUCCESS)
        v = error("handshake", ssl, e);
    else if (turn && !wolfSSL_session_reused(ssl))
        v = because(FAILED, "not resumed");
    else if (*w->alpn && (wolfSSL_ALPN_GetProtocol(ssl, &alpn, &alpn_n) != WOLFSSL_SUCCESS || strncmp(alpn, "http/1.1", 8)))
        v = because(FAILED, "no ALPN");
    else if (fetch(&t, w)) {
        v = OK;
        snprintf(facts, sizeof facts, "suite=%s resumed=%d", wolfSSL_get_cipher_name(ssl), wolfSSL_session_reused(ssl));
        if (!turn)
            *session = wolfSSL_get1_session(ssl);
    }
    wolfSSL_shutdown(ssl);
    wolfSSL_free(ssl);
    close(fd);
    return v;
}

static enum verdict client(const struct wish *w)
{
    WOLFSSL_SESSION *session = NULL;
    enum verdict v = begin(w, false);
    for (int turn = 0; v == OK && turn < (*w->resume ? 2 : 1); turn++)
        v = visit(w, &session, turn);
    if (session)
        wolfSSL_SESSION_free(session);
    wolfSSL_CTX_free(ctx);
    return v;
}

static void server_begin(const struct wish *w)
{
    wolfSSL_Init();
    if (begin(w, true) != OK) {
        printf("cannot be: %s\n", why);
        exit(1);
    }
    wolfSSL_CTX_set_session_id_context(ctx, (const unsigned char *)"peer", 4);
    if (!strcmp(w->resume, "id"))
        wolfSSL_CTX_set_options(ctx, WOLFSSL_OP_NO_TICKET);
}

static void server(const struct wish *w, int fd)
{
    WOLFSSL *ssl = wolfSSL_new(ctx);
    struct tls t = { ssl, read_some, write_some };
    int e;
    wolfSSL_set_fd(ssl, fd);
    if (*w->alpn) {
        char list[64];
        snprintf(list, sizeof list, "%s", w->alpn);
        wolfSSL_UseALPN(ssl, list, (unsigned)strlen(list), WOLFSSL_ALPN_CONTINUE_ON_MISMATCH);
    }
    if (group_of(w->group))
        wolfSSL_UseSupportedCurve(ssl, (word16)group_of(w->group));
    wolfSSL_SetTmpDH_file(ssl, strncmp(w->group, "ffdhe", 5) ? "ffdhe2048.pem" :
                          !strcmp(w->group, "ffdhe3072") ? "ffdhe3072.pem" :
                          !strcmp(w->group, "ffdhe4096") ? "ffdhe4096.pem" : "ffdhe2048.pem", WOLFSSL_FILETYPE_PEM);
    if ((e = wolfSSL_accept(ssl)) != WOLFSSL_SUCCESS)
        error("handshake", ssl, e);
    else {
        snprintf(facts, sizeof facts, "suite=%s resumed=%d", wolfSSL_get_cipher_name(ssl), wolfSSL_session_reused(ssl));
        answer(&t, w);
        wolfSSL_shutdown(ssl);
    }
    wolfSSL_free(ssl);
}
