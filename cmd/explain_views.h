/* explain_views.h - what else `vitrine explain` shows of a capture, beside its list: packets that a filter lets through
 * (--filter), what both sides of a connection said (--follow), figures (--stats), and a copy of it, cleaned, with the
 * secrets inside or without any (--pcap, --strip-secrets). explain.c calls these in the order in which things come:
 *
 *     views_ask                                        before anything is read; false: said on stderr
 *     views_start(v, &config)                          hooks and the trace of the reading
 *     views_name, views_frame, reading_frame, views_framed
 *     views_over                                       each connection
 *     views_end                                        false: something could not be written */
#ifndef CMD_EXPLAIN_VIEWS_H
#define CMD_EXPLAIN_VIEWS_H

#include "cmd/explain_copy.h"
#include "cmd/explain_follow.h"
#include "cmd/sieve.h"
#include "http/figures.h"

struct explain_views {
    struct filter *filter; struct sieve *sieve;
    struct explain_follow follow;
    struct explain_copy copy;
    FILE *figures; struct figures all;                /* --stats; figures: the table, kept until the end */
    uint64_t frames, held;
};

bool views_ask(struct explain_views *, const char *const *values, const char *capture);
bool views_start(struct explain_views *, const char *const *values, FILE *out, const struct keylog *,
                 struct reading_config *, nsec at);
void views_name(struct explain_views *, const struct addr *, const char *name);
void views_frame(struct explain_views *, const struct capture_frame *);
void views_framed(struct explain_views *, const struct capture_frame *, const struct reading *);
void views_over(struct explain_views *, const struct conversation *);
bool views_end(struct explain_views *, FILE *out);
bool views_free(struct explain_views *);            /* false: the copy could not be written */

#endif
