/* page.h - a whole run as one HTML file: a fold over a tape (trace/tape.h).
 *
 * The file is complete and static: every step, byte, field, key and check stands in it in order, in both languages, and
 * is read without scripts and on paper. The script (trace/page.js) only hides, steps and lights. The file asks for
 * nothing: its policy allows no request at all, and the one style and the one script by their hashes only.
 *
 * A *step* is a packet: its number is that of the ladder and of the capture. Anchors: "18" is a step, "18/window" a
 * field of it; a second one of that name in the step is "18/window.2".
 *
 * What is written depends on the tape and these options alone. Messages are shown as their reader read them, in the
 * step whose packet made them whole; those that nobody read, as their writer told them. */
#ifndef TRACE_PAGE_H
#define TRACE_PAGE_H

#include "trace/machine.h"
#include "trace/quiz.h"
#include "trace/tape.h"
#include "trace/words.h"

/* The same visit with one thing spoiled: "loss:7", and what became of it. */
struct page_what_if {
    const char *what;                                 /* as the command line says it */
    const char *predicted;                            /* in words of a layer: what goes back; NULL: nobody says */
    struct tape *tape;
};

/* What whoever read the run found out about it, for the top of the page. English, Chinese; they outlive the page. */
struct page_finding {
    const char *about;                                /* which connection, say: "10.0.0.2:40000 > 10.0.0.80:443" */
    const char *lead[2], *more[2];                    /* a sentence; what goes with it */
    bool bad;                                         /* it failed; else it only suffered */
    uint32_t steps[8]; unsigned n_steps;              /* the packets that show it */
};

struct page_options {
    const struct words *words[2];                     /* English, Chinese */
    const char *lang;                                 /* which of them is shown at first: "en" (also NULL), "zh" */
    const char *url;                                  /* what was visited; NULL: as the run itself says, if it does */
    bool seeded; uint64_t seed;                       /* a sealed visit: it can be had again */
    bool secrets;                                     /* show values of the class ATTR_SECRET */
    bool spy;                                         /* begin as a listener on the wire sees it */
    const struct machine *machines; size_t n_machines;
    /* The name Wireshark filters by for a field's path, or NULL; the function may be absent. */
    const char *(*wireshark)(const char *path);
    const struct page_what_if *what_if; size_t n_what_if;
    const struct page_finding *findings; size_t n_findings;
    const struct quiz_rules *quiz;                    /* questions before each step; NULL: none */
    /* base64 of SHA-256 over page_style and page_script, as a policy wants it; NULL: without a policy */
    const char *style_hash, *script_hash;
};

extern const char page_style[], page_script[];        /* trace/page.css, trace/page.js */

/* False: it could not be written whole, or memory ran out. */
bool page_write(struct sink *, struct tape *, const struct page_options *);

#endif
