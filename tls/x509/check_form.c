#include "tls/x509/check.h"

#include <stdio.h>
#include <string.h>

enum { SERIAL_MAX = 20 };                             /* RFC 5280 §4.1.2.2 */

/* ---- the certificate's own form ---- */

enum x509_verdict x509_judge_version(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    const struct x509_cert *c = p->certs[i];
    x509_say(f, "version 3 where there are extensions", "version %u%s", c->version,
        c->has_extensions ? " with extensions" : "");
    return x509_verdict_of(c->version <= 3 && (c->version == 3 || !c->has_extensions || x509_is_anchor(p, i)));
}

enum x509_verdict x509_judge_serial(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    const struct bytes *serial = &p->certs[i]->serial;
    bool zero = serial->n == 1 && serial->at[0] == 0, negative = serial->n > 0 && (serial->at[0] & 0x80);
    if (x509_is_anchor(p, i))
        return X509_UNASKED;
    if (zero)
        x509_say(f, "a serial number above 0 in at most 20 octets", "zero");
    else
        x509_say(f, "a serial number above 0 in at most 20 octets", "%s number in %u octets",
                 negative ? "a negative" : "a", (unsigned)serial->n);
    return x509_verdict_of(!zero && !negative && serial->n <= SERIAL_MAX);
}

/* An empty Name names nobody: it would be the issuer of whoever leaves his name out. */
enum x509_verdict x509_judge_issuer(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    const struct x509_cert *c = p->certs[i];
    x509_say(f, "an issuer with a name", "%s", x509_name_empty(&c->issuer) ? "an empty one" : "it has one");
    return x509_verdict_of(!x509_name_empty(&c->issuer));
}

static const struct ground not_yet_valid = { "x509.not_yet_valid", "RFC 5280 §4.1.2.5" };

/* Both ends are within, to the second. */
enum x509_verdict x509_judge_validity(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    const struct x509_cert *c = p->certs[i];
    char now[DER_TIME_TEXT], date[DER_TIME_TEXT], expected[X509_SAY];
    nsec second = p->ask->at / SECOND;
    if (f->quiet)
        return x509_verdict_of(second >= c->not_before / SECOND && second <= c->not_after / SECOND);
    der_time_text(p->ask->at, now);
    if (second < c->not_before / SECOND) {
        snprintf(expected, sizeof expected, "a certificate that has begun by %s", now);
        x509_say(f, expected, "valid from %s", der_time_text(c->not_before, date));
        return x509_refused_as(f, &not_yet_valid);
    }
    snprintf(expected, sizeof expected, "a certificate that is still valid at %s", now);
    x509_say(f, expected, "valid until %s", der_time_text(c->not_after, date));
    return x509_verdict_of(second <= c->not_after / SECOND);
}

enum x509_verdict x509_judge_extensions(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    const struct x509_cert *c = p->certs[i];
    if (!c->has_extensions)
        return X509_UNASKED;
    x509_say(f, "no critical extension that is not understood here", "%s%s",
        c->unknown_critical ? "critical " : "none", c->unknown_critical ? c->unknown_oid : "");
    return x509_verdict_of(!c->unknown_critical);
}
