#include "tls/x509/check.h"

/* What the CA/Browser Forum asks beyond RFC 5280: asked in the profile X509_WEB alone. */
enum x509_verdict x509_judge_web(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    (void)p, (void)i, (void)f;
    return X509_UNASKED;
}
