#include "tests/versus/judges.h"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <stdio.h>

/* To the last octet, or not at all. */
static X509 *read_one(const struct der *der)
{
    const unsigned char *at = der->at;
    X509 *cert = d2i_X509(NULL, &at, (long)der->n);
    ERR_clear_error();
    if (cert && at == der->at + der->n)
        return cert;
    X509_free(cert);
    return NULL;
}

static void read_all(const struct der *der, size_t n, STACK_OF(X509) *into)
{
    for (size_t i = 0; i < n; i++) {
        X509 *cert = read_one(&der[i]);
        if (cert)
            sk_X509_push(into, cert);
    }
}

/* As strict as it can be: X509_V_FLAG_X509_STRICT, keys and digests of level 2, a server of this name. */
static void set_up(X509_STORE_CTX *context, const struct versus_chain *c)
{
    X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(context);
    X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_X509_STRICT);
    X509_VERIFY_PARAM_set_time(param, (time_t)(c->at / SECOND));
    X509_VERIFY_PARAM_set_purpose(param, X509_PURPOSE_SSL_SERVER);
    X509_VERIFY_PARAM_set_auth_level(param, 2);
    X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    X509_VERIFY_PARAM_set1_host(param, c->host, 0);
}

void versus_openssl(const struct versus_chain *c, char why[VERSUS_WORDS])
{
    X509 *leaf = read_one(&c->sent[0]);
    if (!leaf) {
        snprintf(why, VERSUS_WORDS, "cannot be read");
        return;
    }
    STACK_OF(X509) *sent = sk_X509_new_null(), *roots = sk_X509_new_null();
    read_all(c->sent + 1, c->n_sent - 1, sent);
    read_all(c->roots, c->n_roots, roots);
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    X509_STORE *store = X509_STORE_new();
    for (int i = 0; i < sk_X509_num(roots); i++)
        X509_STORE_add_cert(store, sk_X509_value(roots, i));
    X509_STORE_CTX_init(context, store, leaf, sent);
    set_up(context, c);
    const bool good = X509_verify_cert(context) == 1;
    const int error = X509_STORE_CTX_get_error(context);
    snprintf(why, VERSUS_WORDS, "%s", good ? "" : error ? X509_verify_cert_error_string(error) : "(no reason)");
    ERR_clear_error();
    X509_STORE_CTX_free(context);
    X509_STORE_free(store);
    sk_X509_pop_free(sent, X509_free);
    sk_X509_pop_free(roots, X509_free);
    X509_free(leaf);
}
