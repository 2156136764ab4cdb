/* asked.c - what BoringSSL's program does in its callbacks, done where our engine asks (tls/application.h). A refusal
 * here is the flags' wish; its word is that of the callback that they mean. */
#include "tests/conformance/bogo/shim.h"
#include "tls/alerts.h"
#include "tls/x509/cert.h"

#include <string.h>

enum { BAD_STATUS = 113 };                            /* bad_certificate_status_response (RFC 6066 §8) */

static int no(struct shim *s, const char *word, int alert)
{
    s->refused = word;
    return alert;
}

static bool same(struct bytes b, const void *at, size_t n) { return b.n == n && (n == 0 || memcmp(b.at, at, n) == 0); }

static bool same_list(struct bytes list, const struct bogo_list *expected)
{
    bool good = list.n == 2 * expected->n;
    for (size_t i = 0; good && i < expected->n; i++)
        good = (unsigned)(list.at[2 * i] << 8 | list.at[2 * i + 1]) == expected->item[i];
    return good;
}

/* The names of a CertificateRequest, each behind two octets, as the flag has them: hex, with commas between. */
static bool same_names(struct bytes list, const char *expected)
{
    char hex[2 * BOGO_OCTETS + 1] = "";
    size_t used = 0;
    for (size_t at = 0; at + 2 <= list.n; ) {
        size_t n = (size_t)(list.at[at] << 8 | list.at[at + 1]);
        if (at)
            hex[used++] = ',';
        for (size_t i = 0; i < n && used + 4 < sizeof hex; i++)
            used += (size_t)snprintf(hex + used, sizeof hex - used, "%02x", list.at[at + 2 + i]);
        at += 2 + n;
    }
    return strcmp(used ? hex : "<EMPTY>", expected) == 0;
}

static int on_hello(void *self, const struct tls_hello_seen *h)
{
    struct shim *s = self;
    const struct bogo_wish *w = s->wish;
    if (w->fail_early_callback)
        return no(s, ":CONNECTION_REJECTED:", TLS_ALERT_HANDSHAKE_FAILURE);
    if (w->fail_ddos_callback)
        return no(s, ":CONNECTION_REJECTED:", TLS_ALERT_INTERNAL_ERROR);
    if (w->fail_cert_callback)
        return no(s, ":CERT_CB_ERROR:", TLS_ALERT_INTERNAL_ERROR);
    if (w->fail_ocsp_callback)
        return no(s, ":OCSP_CB_ERROR:", TLS_ALERT_INTERNAL_ERROR);
    if (w->expect_server_name && !same(h->server_name, w->expect_server_name, strlen(w->expect_server_name)))
        return no(s, "another server_name", TLS_ALERT_INTERNAL_ERROR);
    if (w->expect_advertised_alpn
        && !same(h->protocols, w->expect_advertised_alpn, strlen(w->expect_advertised_alpn)))
        return no(s, "other protocols", TLS_ALERT_INTERNAL_ERROR);
    if (w->expect_peer_verify_pref.n && !same_list(h->sigalgs, &w->expect_peer_verify_pref))
        return no(s, "other signature algorithms", TLS_ALERT_INTERNAL_ERROR);
    if (w->use_ocsp_callback && !w->decline_ocsp_callback)
        s->identity.staple = (struct bytes){ w->ocsp_response.at, w->ocsp_response.n };
    return TLS_GO_ON;
}

/* The runner's certificates are nobody's and have no names: they are judged with the last of their chain as the root, at
 * the moment when they begin to hold. Of the verdict only what it says of keyUsage is obeyed; of RSA keys when asked. */
static bool may_use_key(struct shim *s, const struct tls_shown *shown)
{
    struct der chain[X509_CHAIN_MAX];
    struct x509_cert leaf;
    struct x509_store roots = { 0 };
    struct public_key key;
    const struct voice silent = { 0 };
    for (size_t i = 0; i < shown->n; i++)
        chain[i] = (struct der){ .at = shown->chain[i].at, .n = shown->chain[i].n };
    if (!x509_read_cert(&chain[0], NULL, &leaf, NULL) || !x509_store_add(&roots, &chain[shown->n - 1], NULL))
        return true;
    const bool enciphers = !s->wish->server && tls_facts_of(s->tls)->suite->kx == TLS_KX_RSA;
    const struct x509_ask ask = { .trust = &roots, .at = leaf.not_before, .purpose = s->wish->server ? X509_CLIENT
                                                                                                 : X509_SERVER,
                                  .key_usage = enciphers ? X509_KEY_ENCIPHERMENT : X509_DIGITAL_SIGNATURE };
    struct fault verdict = { 0 };
    bool good = x509_verify_chain(&ask, &silent, chain, shown->n, &key, &verdict)
        || strcmp(verdict.ground->id, "x509.key_usage") != 0;
    x509_store_free(&roots);
    s->key_usage_wrong = !good;
    return good || (key.kind == KEY_RSA && !s->wish->server && !s->wish->enforce_rsa_key_usage);
}

static int on_shown(void *self, const struct tls_shown *shown)
{
    struct shim *s = self;
    const struct bogo_wish *w = s->wish;
    if (shown->resumed && !w->reverify_on_resume)
        return TLS_GO_ON;
    if (w->verify_fail && (w->verify_peer || w->require_any_client_certificate))
        return no(s, ":CERTIFICATE_VERIFY_FAILED:", w->use_custom_verify_callback ? TLS_ALERT_CERTIFICATE_UNKNOWN
                                                                                  : TLS_ALERT_HANDSHAKE_FAILURE);
    if (shown->resumed)
        return TLS_GO_ON;
    if (!w->server && w->fail_ocsp_callback)
        return no(s, ":OCSP_CB_ERROR:", BAD_STATUS);
    if (!may_use_key(s, shown))
        return no(s, ":KEY_USAGE_BIT_INCORRECT:", TLS_ALERT_ILLEGAL_PARAMETER);
    if (w->expect_ocsp_response.given && !same(shown->ocsp, w->expect_ocsp_response.at, w->expect_ocsp_response.n))
        return no(s, "another stapled response", TLS_ALERT_INTERNAL_ERROR);
    if (w->expect_signed_cert_timestamps.given
        && !same(shown->scts, w->expect_signed_cert_timestamps.at, w->expect_signed_cert_timestamps.n))
        return no(s, "other SCTs", TLS_ALERT_INTERNAL_ERROR);
    return TLS_GO_ON;
}

static int on_request(void *self, const struct tls_request_seen *r)
{
    struct shim *s = self;
    const struct bogo_wish *w = s->wish;
    if (w->fail_cert_callback)
        return no(s, ":CERT_CB_ERROR:", TLS_ALERT_INTERNAL_ERROR);
    if (w->expect_certificate_types.given
        && !same(r->types, w->expect_certificate_types.at, w->expect_certificate_types.n))
        return no(s, "other certificate types", TLS_ALERT_INTERNAL_ERROR);
    if (w->expect_client_ca_list && !same_names(r->authorities, w->expect_client_ca_list))
        return no(s, "other names of CAs", TLS_ALERT_INTERNAL_ERROR);
    if (w->expect_peer_verify_pref.n && !same_list(r->sigalgs, &w->expect_peer_verify_pref))
        return no(s, "other signature algorithms", TLS_ALERT_INTERNAL_ERROR);
    return TLS_GO_ON;
}

void bogo_listen(struct shim *s)
{
    s->application = (struct tls_application){ on_hello, on_shown, on_request, s };
    s->config.application = &s->application;
}
