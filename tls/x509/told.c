#include "tls/x509/told.h"

#include <stdio.h>
#include <string.h>

static const char *role_of(const struct x509_path *p, size_t i)
{
    if (i == 0)
        return "leaf";
    return i == p->n - 1 && x509_self_issued(p->certs[i]) ? "root" : "intermediate";
}

char *x509_about_as(const char *role, const struct x509_cert *c, char out[X509_ABOUT])
{
    int n = snprintf(out, X509_ABOUT, "%s ", role);
    x509_name_short(&c->subject, out + n, X509_ABOUT - (size_t)n);
    return out;
}

char *x509_about(const struct x509_path *p, size_t i, char out[X509_ABOUT])
{
    return x509_about_as(role_of(p, i), p->certs[i], out);
}

const char *x509_verdict_words(enum x509_verdict v)
{
    return v == X509_ACCEPTED ? "accepted" : v == X509_SKIPPED ? "skipped" : "refused";
}

void tell_certificate(const struct voice *v, const struct x509_cert *c, const char *about,
                           enum x509_verdict verdict, const char *why)
{
    char subject[X509_NAME_TEXT], issuer[X509_NAME_TEXT], label[X509_NAME_TEXT];
    snprintf(label, sizeof label, "%s: %s", about, x509_verdict_words(verdict));
    struct attr attrs[] = {
        attr_text("subject", c ? x509_name_text(&c->subject, subject, sizeof subject) : about),
        attr_text("issuer", c ? x509_name_text(&c->issuer, issuer, sizeof issuer) : ""),
        attr_text("verdict", x509_verdict_words(verdict)), attr_text("why", why),
    };
    trace_emit(v->trace, &(struct event){ .kind = EVENT_CHECK, .level = LEVEL_PACKETS, .layer = "x509",
                                          .name = "certificate", .label = label, .rfc = "RFC 5280 §6.1",
                                          .by = __func__, .host = v->host, .conn = v->conn,
                                          .buf = c ? c->der.buf : 0, .attrs = attrs, .n_attrs = 4 });
}

/* Why it is accepted: "signed by CN=... ; valid until ...; may issue". */
void x509_accepted_text(const struct x509_path *p, size_t i, char out[2 * X509_SAY])
{
    const struct x509_cert *c = p->certs[i];
    char by[X509_SAY], date[DER_TIME_TEXT];
    bool asked = p->ask->host || p->ask->ip.n;
    if (i == p->n - 1)
        snprintf(by, sizeof by, "%s", p->ask->trust_assumed ? "the chain ends here, and nobody said whom to trust"
                                                            : "it is in the store of trusted roots");
    else {
        char name[X509_SAY];
        snprintf(by, sizeof by, "signed by %.80s",
                 x509_name_short(&p->certs[i + 1]->subject, name, sizeof name));
    }
    snprintf(out, 2 * X509_SAY, "%s; valid until %s; %s", by, der_time_text(c->not_after, date),
             i > 0 ? "it may issue" : asked ? "it is for this host" : "no host was asked for");
}

/* ---- the search ---- */

static const char *source_words(enum x509_source s)
{
    return s == X509_TRUSTED ? "trusted" : s == X509_SENT ? "sent" : "untrusted";
}

static const char *signed_words(enum x509_signed s)
{
    return s == SIGNED_RIGHT ? "fits" : s == SIGNED_WRONG ? "does not fit" : s == SIGNED_UNKNOWN ? "unknown"
        : "not tried";
}

void x509_tell_candidate(const struct voice *v, size_t depth, const struct x509_candidate *c)
{
    char subject[X509_NAME_TEXT], issuer[X509_NAME_TEXT], label[X509_NAME_TEXT];
    uint8_t digest[HASH_MAX];
    const char *source = source_words(c->source), *verdict = x509_verdict_words(c->verdict);
    hash_of(HASH_SHA256, c->cert->der.at, c->cert->der.n, digest, NULL);
    snprintf(label, sizeof label, "%s %.120s: %s", source, x509_name_short(&c->cert->subject, subject, sizeof subject),
             verdict);
    struct attr attrs[] = {
        attr_number("depth", depth), attr_text("source", source),
        attr_text("subject", x509_name_text(&c->cert->subject, subject, sizeof subject)),
        attr_text("issuer", x509_name_text(&c->cert->issuer, issuer, sizeof issuer)),
        attr_hex("serial", c->cert->serial.at, c->cert->serial.n), attr_hex("sha256", digest, hash_size(HASH_SHA256)),
        attr_text("fits", signed_words(c->fits)), attr_text("verdict", verdict),
        attr_text("check", c->check ? c->check : ""), attr_text("ground", c->ground ? c->ground->id : ""),
        attr_text("why", c->why),
    };
    trace_emit(v->trace, &(struct event){ .kind = EVENT_CHECK, .level = LEVEL_ALL, .layer = "x509",
                                          .name = "candidate", .label = label, .rfc = "RFC 5280 §6.1",
                                          .by = __func__, .host = v->host, .conn = v->conn,
                                          .buf = c->cert->der.buf, .attrs = attrs,
                                          .n_attrs = sizeof attrs / sizeof *attrs });
}

void x509_tell_path(const struct voice *v, const struct x509_path *p, const struct fault *why)
{
    char subject[X509_NAME_TEXT], label[X509_NAME_TEXT];
    const char *verdict = x509_verdict_words(why->ground ? X509_REFUSED : X509_ACCEPTED);
    x509_name_text(&p->certs[p->n - 1]->subject, subject, sizeof subject);
    snprintf(label, sizeof label, "path of %u to %.120s: %s", (unsigned)p->n, subject, verdict);
    struct attr attrs[] = {
        attr_number("length", p->n), attr_text("subject", subject),
        attr_text("ends", p->anchored ? "trusted" : "nowhere"), attr_text("verdict", verdict),
        attr_text("ground", why->ground ? why->ground->id : ""), attr_text("about", why->about),
        attr_text("expected", why->expected), attr_text("found", why->came),
    };
    trace_emit(v->trace, &(struct event){ .kind = EVENT_CHECK, .level = LEVEL_ALL, .layer = "x509", .name = "path",
                                          .label = label, .rfc = why->ground ? why->ground->rfc : "RFC 5280 §6.1",
                                          .by = __func__, .host = v->host, .conn = v->conn,
                                          .buf = p->certs[p->n - 1]->der.buf, .attrs = attrs,
                                          .n_attrs = sizeof attrs / sizeof *attrs });
}
