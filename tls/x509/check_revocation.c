#include "tls/x509/check.h"
#include "tls/x509/ocsp.h"

#include <stdio.h>
#include <string.h>

/* ---- revoked? ---- */

static const struct ground revoked = { "x509.revoked", "RFC 6960 §2.2" };

/* RFC 6066 §8: what a server staples must vouch for its certificate. An anchor that is the leaf is its own issuer. */
enum x509_verdict x509_judge_ocsp(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    char date[DER_TIME_TEXT];
    nsec when = 0;
    unsigned status = 0;
    if (i > 0 || !p->ask->ocsp.n)
        return X509_UNASKED;
    enum x509_ocsp says = x509_ocsp_judge(p->ask->ocsp, p->certs[0], p->certs[p->n > 1], p->ask->at, &when, &status);
    der_time_text(when, date);
    const char *expected = "an OCSP response that vouches for the certificate";
    switch (says) {
    case OCSP_NOT_ONE:    x509_say(f, expected, "octets that are none"); break;
    case OCSP_UNANSWERED: x509_say(f, expected, "none: the responder said %s", x509_ocsp_status_words(status)); break;
    case OCSP_NOT_ABOUT:  x509_say(f, expected, "one about another certificate"); break;
    case OCSP_WEAK:       x509_say(f, expected, "one signed over SHA-1 or worse, which can be forged"); break;
    case OCSP_FORGED:
        x509_say(f, expected, "one that neither the issuer nor anybody named by it has signed");
        break;
    case OCSP_TOO_OLD:    x509_say(f, expected, "one that held until %s", date); break;
    case OCSP_TOO_NEW:    x509_say(f, expected, "one that holds from %s", date); break;
    case OCSP_UNKNOWN:    x509_say(f, expected, "one that knows nothing of it"); break;
    case OCSP_REVOKED:
        x509_say(f, "a certificate that its CA stands by", "revoked at %s", date);
        return x509_refused_as(f, &revoked);
    case OCSP_GOOD:
        x509_say(f, expected, "good, as of %s", date);
        return X509_ACCEPTED;
    }
    return X509_REFUSED;
}

enum x509_verdict x509_judge_crl(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    (void)p, (void)i, (void)f;
    return X509_UNASKED;
}
