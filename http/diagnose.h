/* diagnose.h - why a connection failed, without its keys: a table of causes. Each row is an id, what it looks for, and
 * the function that looks for it; its sentences (en, zh) are cmd/words_diagnose.c's, docs/diagnoses.md is generated
 * from both (`vitrine explain --causes --form markdown`). Pure functions of what was seen (reading.h).
 *
 * A row fires only on evidence: packets that show it. Rows are in order of how much they explain: the first that fires
 * is the diagnosis, others are said behind it ("also"). A sound conversation fires none: what belongs to any
 * connection (a retransmission, a short zero window, a RST behind both close_notify, a capture that ends early) is no
 * cause, and a row about a connection that merely suffered has a threshold that somebody in front of it would notice.
 */
#ifndef HTTP_DIAGNOSE_H
#define HTTP_DIAGNOSE_H

#include "http/reading.h"

enum { DIAGNOSIS_PACKETS = 6, DIAGNOSES_MOST = 4, DIAGNOSIS_TEXT = 400, CAUSE_ANY_ALERT = -1 };

struct evidence;                                      /* diagnose_inside.h: what a row is asked about */
struct diagnosis;

struct cause {
    const char *id;                                   /* "tls.no_common_suite" */
    const char *rfc;                                  /* "RFC 5246 §7.4.1.3" */
    bool fatal;                                       /* the connection came to nothing; else: it suffered */
    const char *looks;                                /* what it looks for, one line of English, for the table */
    bool (*fires)(const struct evidence *, struct diagnosis *);   /* NULL: a cause of diagnose_capture */
    int alert;                                        /* its alert's description; CAUSE_ANY_ALERT: it is about none */
};
struct diagnosis {
    const struct cause *cause;
    uint64_t packets[DIAGNOSIS_PACKETS]; unsigned n;  /* the evidence */
    /* what was expected and what came, in RFC words: lists of suites, dates, names, numbers. English phrases, for
     * words_phrase; octets from outside are shown harmless by who prints them. */
    char expected[DIAGNOSIS_TEXT], came[DIAGNOSIS_TEXT];
};

extern const struct cause causes[]; extern const size_t n_causes;

/* How many fire (at most `most` are written), the most telling first. */
unsigned diagnose(const struct conversation *, const struct capture_facts *, struct diagnosis *out, unsigned most);
/* Of the capture as a whole, where no connection explains it: a name that DNS did not give an address for, and nobody
 * called. */
unsigned diagnose_capture(const struct capture_facts *, struct diagnosis *out, unsigned most);

#endif
