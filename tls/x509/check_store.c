#include "tls/x509/check.h"

#include <stdio.h>

/* ---- what who asks wants of the way to an anchor ---- */

/* Counted up to each, as path lengths are (RFC 5280 §6.1.4 l): without the self-issued ones, and without the anchor. */
enum x509_verdict x509_judge_depth(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    char expected[X509_SAY];
    unsigned between = 0;
    if (!p->ask->has_max_depth || i == 0 || x509_is_anchor(p, i))
        return X509_UNASKED;
    for (size_t k = 1; k <= i; k++)
        between += !x509_self_issued(p->certs[k]);
    if (f->quiet)
        return x509_verdict_of(between <= p->ask->max_depth);
    snprintf(expected, sizeof expected, "at most %u CA certificates between leaf and root", p->ask->max_depth);
    x509_say(f, expected, "%u", between);
    return x509_verdict_of(between <= p->ask->max_depth);
}

/* ---- what the store says of the anchor, beside its certificate (store.h) ---- */

enum x509_verdict x509_judge_distrust(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    const struct x509_cert *c = p->certs[i];
    char expected[X509_SAY], date[DER_TIME_TEXT];
    if (!p->anchored || !p->ask->trust->n_notes)
        return X509_UNASKED;
    const struct x509_note *note = x509_store_note(p->ask->trust, p->certs[p->n - 1]);
    if (!note)
        return X509_UNASKED;
    if (x509_is_anchor(p, i)) {
        x509_say(f, "a root that the side file does not distrust", note->distrusted ? "it does" : "it does not");
        if (note->distrusted || i > 0)
            return x509_verdict_of(!note->distrusted);
    }
    if (i == 0 && note->has_after && c->not_before > note->after) {
        snprintf(expected, sizeof expected, "under this root, one issued by %s", der_time_text(note->after, date));
        x509_say(f, expected, "valid from %s", der_time_text(c->not_before, date));
        return X509_REFUSED;
    }
    const struct bytes permitted = { note->permitted, note->n_permitted };
    if (permitted.n && !x509_constraints_allow(&permitted, c, f->expected, f->found))
        return X509_REFUSED;
    x509_say(f, "what the side file allows under this root", "it is");
    return X509_ACCEPTED;
}
