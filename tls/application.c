#include "tls/application.h"

#include "tls/handlers.h"

static const struct ground refused = { "tls.application", "RFC 5246 §7.2" };

static bool go_on(struct tls *t, int answer, const char *about, struct fault *why)
{
    if (answer == TLS_GO_ON)
        return true;
    t->word = answer;
    return refuse_about(why, &refused, about, "what the application takes", "something that it does not take: %s",
                        tls_alert_words((unsigned)answer) ? tls_alert_words((unsigned)answer) : "an alert of no name");
}

bool ask_about_hello(struct tls *t, const struct client_hello *h, struct fault *why)
{
    const struct tls_application *a = t->config.application;
    const struct tls_hello_seen seen = { h->extensions.server_name, h->extensions.protocols, h->extensions.sigalgs };
    return !a || !a->hello || go_on(t, a->hello(a->self, &seen), "ClientHello", why);
}

bool ask_about_request(struct tls *t, const struct certificate_request *r, struct fault *why)
{
    const struct tls_application *a = t->config.application;
    const struct tls_request_seen seen = { r->types, r->sigalgs, r->authorities };
    return !a || !a->request || go_on(t, a->request(a->self, &seen), "CertificateRequest", why);
}

bool ask_about_chain(struct tls *t, const struct der *chain, size_t n, struct bytes ocsp, struct fault *why)
{
    const struct tls_application *a = t->config.application;
    struct bytes certificates[X509_CHAIN_MAX];
    if (!a || !a->shown)
        return true;
    for (size_t i = 0; i < n; i++)
        certificates[i] = (struct bytes){ chain[i].at, chain[i].n };
    const struct tls_shown shown = { .chain = certificates, .n = n, .ocsp = ocsp,
                                     .scts = { t->shake->scts.bytes, t->shake->scts.n } };
    return go_on(t, a->shown(a->self, &shown), "Certificate", why);
}

bool ask_about_session(struct tls *t, struct fault *why)
{
    const struct tls_application *a = t->config.application;
    return !a || !a->shown || go_on(t, a->shown(a->self, &(struct tls_shown){ .resumed = true }), "session", why);
}
