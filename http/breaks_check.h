/* breaks_check.h - does a break meet its prediction? A sealed visit is run with it, and a view folds the
 * stream into what happened.
 *
 * The first event behind the lab's mark that tells of *trouble* says who notices first: a fault, a check whose
 * verdict is not "accepted", a retransmission, the timers that wait for a peer that should have spoken
 * (rto, persist, a lookup's, a browser's patience), an RST. A visit without breaks tells of none, and what the
 * attacker's own host says does not count. */
#ifndef HTTP_BREAKS_CHECK_H
#define HTTP_BREAKS_CHECK_H

#include "http/sealed_visit.h"

enum { BREAK_FOUND = 240 };
struct break_watch {
    struct view view;
    const struct break_row *row;
    bool marked, noticed, as_predicted, answered, faulted;
    char first[BREAK_FOUND];                          /* the first trouble, in words */
    char faults[BREAK_FOUND];                         /* the ids of all faults, each with its host */
    /* From the mark on each packet's time, sender and size, and the octets of those that the honest end sends:
     * all of it in one number (FNV-1a). */
    uint64_t outside;
};
void break_watch_start(struct break_watch *, const struct break_row *);

/* Runs a sealed visit to its end, with its breaks, and with these views on it (chained by `next` as
 * trace_attach does). *why: what it ended with, ground NULL when all went well. False: it could not begin. */
bool sealed_visit_run(const struct sealed_visit_config *, struct view *const *views, unsigned n, struct fault *why);

/* What the row asks for besides, in a visit for which nobody chose these. (Whether it then goes with what was
 * chosen, break_goes tells.) */
struct break_free { bool suite, group, url, size; };
void break_needs(const struct break_row *, struct sealed_visit_config *, const struct break_free *);

/* Runs this row's break, as it is usually meant, with this seed, and with this suite, with which it must go (NULL:
 * with one that it needs). True: the prediction is met. Else `expected` and `found` say in what it was missed
 * first. */
bool break_check(const struct break_row *, uint64_t seed, const struct tls_suite *, char expected[BREAK_FOUND],
                 char found[BREAK_FOUND]);

/* A sign in words: "web tcp check, verdict dropped". Returns out. */
char *sign_words(const struct sign *, char out[BREAK_FOUND]);

#endif
