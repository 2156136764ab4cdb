/* watch.h - the views that the command line asks for, brought together over one trace. */
#ifndef CMD_WATCH_H
#define CMD_WATCH_H

#include "cmd/files.h"
#include "trace/page.h"
#include "cmd/options.h"
#include "trace/tape.h"
#include "trace/views.h"

struct watching {
    struct trace *trace;                              /* NULL: nobody watches */
    struct file_sink pcap, keylog, json, html, screen;
    struct view *views[5]; unsigned n;
    /* for those who look back over the whole run; NULL: nobody does */
    struct tape *tape;
    struct ladder_options look;                       /* of the screen */
    bool closer;                                      /* and what shows only at the end, a closer look at the hellos */
    bool spy;                                         /* the screen gets a listener's sheet, at the end */
    struct page_options page;                         /* --html: what the command tells of the run: url, seed */
};

/* Opens what --pcap, --pcap-at, --keylog (or SSLKEYLOGFILE), --json and --level ask for, and the ladder on
 * `ladder` (NULL: none; with --step, --slow or --ask a tape instead). start 0: now. live: files with secrets are
 * for their owner alone, secrets are shown only with --show-secrets. name_hosts names them in the new trace.
 * False: said on stderr. */
bool watch_open(struct watching *, const char *const *values, bool live, FILE *ladder, nsec start,
                void (*name_hosts)(struct trace *));
/* Have the run kept on `tape`, made when it is first asked for. False: said on stderr. */
bool watch_tape(struct watching *);
/* Writes what is left, closes. False: something could not be written. */
bool watch_close(struct watching *);
/* At most one of what is written goes to standard output ("-"); page: where the page goes when -o does not
 * say. False: said on stderr, and wrong usage. */
bool watch_can_write(const char *const *values, const char *page);
/* Where the program's own words go: stdout, or stderr when stdout carries a file. */
FILE *watch_words(const char *const *values);
/* How wide lines may be there (80 where it is no terminal), and whether they may have colours (NO_COLOR). */
unsigned watch_columns(FILE *);
bool watch_color(FILE *);

#endif
