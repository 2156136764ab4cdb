/* compare.h - two runs side by side by what they mean: which of their choices differ, which difference is the root, and
 * which ones only follow from it.
 *
 * A run is a connection on a tape (trace/tape.h), of our own or read from a capture: who told it makes no difference.
 * It is read into *marks*, the steps that any HTTPS visit has (SYN, SYN-ACK, each message of TLS, alerts, heads of
 * HTTP, FIN, RST), each with *values* under the name of an aspect: "hello.suites", "tcp.mss". Habits that no single
 * packet shows (when ACKs are sent, how long flights are, who closes) are values of a last mark, "connection".
 *
 *     compare_read(&a, tape, 1) && compare_read(&b, other, 1) && compare_runs(&a, &b, &c)
 *     for (i < c.n_differences) if (c.differences[i].root == i) say it; else it follows from c.differences[root]
 *     compare_free(&c); compare_forget(&a); compare_forget(&b);
 *
 * Marks are aligned by what they are and who sends them (the longest common sequence), never by a packet's number.
 * What differs in every run by its nature (randoms, sequence numbers, ports, ids, times, keys, what is sealed, GREASE)
 * is kept with the values but is no difference; `nature` says so. Lists are compared as lists: what only one of them
 * has, and whether what they share stands in the same order.
 *
 * What a capture does not let one see is no difference either: where one run's records stay closed, what the other's
 * hold is left out (struct comparison: blind).
 *
 * Which difference explains which is a table (trace/compare_aspects.c): a row names an aspect, how it is compared, and
 * the aspects that it may follow from. Sentences are the catalogue's: space "compare", trace/compare_say.h. */
#ifndef TRACE_COMPARE_H
#define TRACE_COMPARE_H

#include "trace/tape.h"

enum { COMPARE_MARKS = 400, COMPARE_VALUES = 6000, COMPARE_DIFFERENCES = 200, COMPARE_LIST = 200 };
enum { COMPARE_CLIENT = 0, COMPARE_SERVER = 1, COMPARE_BOTH = 2 };

/* How values of an aspect are held against each other. */
enum compare_how {
    COMPARE_TEXT,      /* equal or not */
    COMPARE_ITEMS,     /* a list, its items apart by '\n': one difference for all of them */
    COMPARE_SET,       /* a list; each item that only one has is a difference, and so is the order of the others */
    COMPARE_NEARLY,    /* numbers that are alike unless they are more than `slack` apart */
    COMPARE_RATHER     /* and one is half as much again as the other, too */
};

struct compare_aspect {
    const char *id;
    enum compare_how how;
    uint64_t slack;
    const char *follows;                              /* ids with spaces between: "hello.suites tcp.*"; or NULL */
};
/* By its id; "hello.extension:alpn" finds "hello.extension". NULL: there is none. */
const struct compare_aspect *compare_aspect_of(const char *id);

/* id: the aspect's, with ":" and what it is about where there are many of a kind ("http.header:Accept"). */
struct compare_value { const char *id, *text; bool nature; };
struct compare_mark {
    const char *step;                                 /* "SYN", "ClientHello", "request", "connection" */
    unsigned side;
    uint32_t packet; nsec at;                         /* p<packet>; 0: none */
    bool sealed;                                      /* nobody on the wire can read it */
    size_t first, n;                                  /* values */
};

struct compare_run {
    struct compare_mark marks[COMPARE_MARKS]; size_t n_marks;
    struct compare_value values[COMPARE_VALUES]; size_t n_values;
    bool blind;                                       /* sealed records that nobody opened */
    bool fates;                                       /* the wire itself told what it did (a sealed visit) */
    bool only_hello;                                  /* a sample: a ClientHello, and nothing else is known */
    bool permutes;                                    /* its hello's extensions come in another order each time */
    bool full;                                        /* there was more than is kept */
    struct compare_text *texts;                       /* its own */
};

/* Reads the connection that is the `which`-th on the tape, from 1; 0: the first with a ClientHello, else that says
 * anything. False: there is none, or no memory. The run is large: it belongs on the heap. */
bool compare_read(struct compare_run *, struct tape *, unsigned which);
void compare_forget(struct compare_run *);

struct compare_row { size_t a, b; };                  /* marks; SIZE_MAX: the other run has none like it */

struct compare_difference {
    char id[96];
    const struct compare_aspect *aspect;
    const char *step;
    unsigned side;                                    /* COMPARE_BOTH: both ends in the same way */
    const char *a, *b;                                /* NULL: that run has no such thing */
    bool presence;                                    /* only one has it */
    bool reordered;                                   /* lists: what they share stands in another order */
    bool nature;
    uint32_t packet_a, packet_b;                      /* 0: none */
    size_t row, root;                                 /* root: a difference that it follows from, or itself */
};

struct comparison {
    struct compare_row *rows; size_t n_rows;
    struct compare_difference *differences; size_t n_differences;
    size_t roots;
    bool blind_a, blind_b;                            /* left out for want of keys */
    bool more;                                        /* there were more than COMPARE_DIFFERENCES */
};

/* all: what differs by nature too, as roots that are not counted. False: no memory. */
bool compare_runs(const struct compare_run *a, const struct compare_run *b, bool all, struct comparison *);
void compare_free(struct comparison *);

/* What list `a` has and `b` has not, as a list again. Returns out. */
char *compare_only(const char *a, const char *b, char *out, size_t room);

#endif
