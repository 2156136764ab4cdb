/* search.h - inside of verify.c: looking for a path from the leaf to an anchor (RFC 5280 §6.1, RFC 4158).
 *
 * Depth first, in two walks. The first looks for a path that holds: a candidate is left aside as soon as something
 * refuses it whatever stands above it, or the signature it should have made does not fit. Where there is none, the
 * second walk looks for the one most telling of those that do not hold, and leaves nothing aside. */
#ifndef TLS_X509_SEARCH_H
#define TLS_X509_SEARCH_H

#include "tls/x509/told.h"

struct x509_tried { const struct x509_cert *below; struct bytes key; enum x509_signed result; };

struct x509_search {
    const struct x509_ask *ask; const struct voice *voice;
    const struct x509_cert *sent; const bool *readable; size_t n_sent;     /* sent[0]: the leaf */
    struct x509_memo *memo;                           /* what was found out about revocation */
    struct x509_path at, best;                        /* where the walk stands; the path to be shown */
    unsigned best_rank, best_refusals;                /* rank 0: there is no best yet */
    struct x509_tried tried[X509_SIGNATURES]; size_t n_tried;              /* no signature is verified twice */
    struct x509_cost cost, walk, told;                /* in all; of this walk; of judging once more, to tell why */
    bool telling, tells, over;                        /* the second walk; candidates are told; a budget is spent */
    const char *spent;                                /* what the first walk ran out of */
    bool too_long;                                    /* a path was cut at X509_PATH_MAX */
};

/* Fills `best`, and true if it holds. The struct begins zeroed but for its first lines. */
bool x509_search(struct x509_search *);
bool x509_same_cert(const struct x509_cert *, const struct x509_cert *);         /* the same octets */

#endif
