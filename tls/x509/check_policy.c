#include "tls/x509/check.h"

enum x509_verdict x509_judge_policy(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    (void)p, (void)i, (void)f;
    return X509_UNASKED;
}
