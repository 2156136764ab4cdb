/* explain.h - `vitrine explain`: what was asked and what comes of it, shared by its pieces. explain_ask.c reads
 * options, explain.c the capture; explain_judge.c says what does not hold, explain_list.c has a line for each
 * connection, explain_story.c tells one of them, explain_file.c the whole, explain_doctor.c why nothing opens,
 * explain_cause.c why a connection failed, and explain_facts.c writes all of it for programs. docs/explain.md is its
 * manual. */
#ifndef CMD_EXPLAIN_H
#define CMD_EXPLAIN_H

#include "cmd/explain_views.h"
#include "cmd/files.h"
#include "cmd/options.h"
#include "cmd/watch.h"
#include "http/diagnose.h"
#include "tls/x509/store.h"

enum { EXPLAIN_HOLDS = 0, EXPLAIN_FAILS = 1, EXPLAIN_UNUSABLE = 2 };
enum { EXPLAIN_ONLY = 256, EXPLAIN_KEYS = OPT_PAIRS, EXPLAIN_WRONG = 8, EXPLAIN_STORIES = 8, EXPLAIN_TROUBLED = 32,
       EXPLAIN_CLOSED = 64, EXPLAIN_TEXT = 400, EXPLAIN_FINDINGS = 16, EXPLAIN_COLUMNS = 6, END_TEXT = 64 };

/* What does not hold in a connection: in words, and where. fault.ground NULL: none. */
struct explain_wrong {
    const char *what, *message; struct fault fault; unsigned side; uint64_t packet, record;
};
struct explain_judged {
    unsigned finished, verified;
    uint64_t sealed, opened;
    struct explain_wrong wrong[EXPLAIN_WRONG]; unsigned n_wrong, more_wrong;
    bool unknown_root, unknown_client_root;           /* said, and held against nobody */
    struct diagnosis causes[DIAGNOSES_MOST]; unsigned n_causes;       /* why it failed, or suffered */
};
/* Of the whole. */
struct explain_tally {
    uint64_t connections, shown, tls, finished, verified, sealed, opened, wrong, one_sided, evicted, stories, troubled,
             diagnosed;
    uint64_t no_tls_on_port; uint32_t no_tls_id;
    struct explain_wrong first; uint32_t first_id;    /* what does not hold, the first of it */
};

/* A cause as the page shows it, in both languages. */
struct explain_finding { char about[2 * END_TEXT + 16], lead[2][EXPLAIN_TEXT], more[2][3 * EXPLAIN_TEXT]; };

struct explain {
    const struct command *self;
    const char *name; const char *const *values;
    struct keylog *keylog; bool keylog_given;
    struct private_key *keys; size_t n_keys;
    struct x509_store trust, untrusted; bool trusts;
    uint32_t only[EXPLAIN_ONLY]; size_t n_only;
    uint64_t most;
    struct cpu cpu;

    struct reading *reading; const char *format;      /* "pcap", "pcapng" */
    struct watching watching; bool watched;
    struct file_sink facts;
    FILE *out, *list, *stories;                       /* list and stories: kept until the file is read, or `out` */
    unsigned columns[EXPLAIN_COLUMNS];                /* of the list: how wide */
    bool live;                                        /* a pipe: what is over is told at once */
    uint32_t links[4]; unsigned n_links;
    struct explain_tally tally;
    /* the first connections that stayed closed for want of secrets, which may stand at the end of the capture */
    struct explain_closed { uint32_t id; uint8_t client_random[TLS_RANDOM]; uint64_t packet; } closed[EXPLAIN_CLOSED];
    unsigned n_closed;
    struct explain_views views;
    struct explain_finding findings[EXPLAIN_FINDINGS]; struct page_finding shown[EXPLAIN_FINDINGS]; unsigned n_findings;
};

/* ---- explain_ask.c ---- False: a sentence is on stderr. */
bool explain_ask(struct explain *, const char *const *values, const char *const *arguments, unsigned n);
void explain_forget(struct explain *);                /* wipes and gives back what explain_ask read */

/* ---- explain_judge.c ---- */
void explain_judge(const struct explain *, const struct conversation *, struct explain_judged *);
/* "server's record 7 (packet 23): ...", in the language spoken. Returns out. */
char *explain_wrong_text(const struct explain_wrong *, char out[EXPLAIN_TEXT]);
const char *explain_who(unsigned side);               /* "the client", "the server" */
/* The last line, and the exit code. */
int explain_verdict(struct explain *);
bool explain_keylog_useless(const struct explain *);

/* ---- explain_list.c ---- A connection's line: of a pipe it is shown at once, of a file by explain_list_end. */
void explain_list(struct explain *, const struct conversation *, const struct explain_judged *);
void explain_list_end(struct explain *);
const char *explain_version(const struct watch_facts *);              /* "TLS 1.2" */
const char *explain_suite(const struct watch_facts *, char out[16]);  /* as OpenSSL names it, "0x1234", or "-" */

/* ---- explain_story.c ---- */
void explain_story(const struct explain *, FILE *, const struct conversation *, const struct explain_judged *);
/* A line in the language spoken, made harmless, indented and wrapped. */
void explain_say(FILE *, unsigned indent, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* "10.0.0.2:40000", "[fd00::2]:40000" */
char *explain_end(const struct flow_side *, char out[END_TEXT]);

/* ---- explain_doctor.c ---- */
/* Notes a connection that stayed closed, for explain_doctor_file. */
void explain_doctor_note(struct explain *, const struct conversation *);
void explain_doctor(const struct explain *, FILE *, const struct conversation *);
void explain_doctor_file(const struct explain *, FILE *);

/* ---- explain_cause.c ---- */
void explain_causes(FILE *, unsigned indent, const struct explain_judged *);
void explain_causes_file(struct explain *, FILE *);
/* Keeps the causes of a conversation (NULL: of the whole) for the top of the page, the first EXPLAIN_FINDINGS. */
void explain_find(struct explain *, const struct conversation *, const struct explain_judged *);

/* ---- explain_file.c ---- */
void explain_file_head(const struct explain *, FILE *);

/* ---- explain_facts.c ---- */
bool explain_facts(struct explain *, const struct conversation *, const struct explain_judged *);
bool explain_facts_file(struct explain *, int code);

#endif
