#include "tls/x509/check.h"

#include <stdio.h>

/* ---- what who asks wants of the way to an anchor ---- */

/* Counted up to each; the anchor itself does not count. */
enum x509_verdict x509_judge_depth(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    char expected[X509_SAY];
    size_t between = i + p->anchored > p->n - 1 ? i - 1 : i;       /* CA certificates, up to this one */
    if (!p->ask->has_max_depth || i == 0)
        return X509_UNASKED;
    if (f->quiet)
        return x509_verdict_of(between <= p->ask->max_depth);
    snprintf(expected, sizeof expected, "at most %u CA certificates between leaf and root", p->ask->max_depth);
    x509_say(f, expected, "%u", (unsigned)between);
    return x509_verdict_of(between <= p->ask->max_depth);
}
