/* page_parts.h - what the parts of a page share: where text goes to, the run, and which step an event belongs to.
 *
 * A part writes one <section class="panel" id=...> with a heading (page_panel_begin). Rules for all:
 * - Text through html_put's holes only. Words of ours through page_ui ("ui" rows of the catalogue), page_phrase
 *   (English of a layer), page_say (a template of an event): always in both languages. Names of fields, states,
 *   messages and functions are English: page_code.
 * - Nothing that a script must do before it can be read; no style and no on... attributes (the policy refuses them).
 *   Colours are the style sheet's variables (--ink, --dim, --line, --good, --bad, --dns --tcp --tls --http ...):
 *   classes "good" and "bad" with a sign (a tick, a cross) beside them, never colour alone. SVG: viewBox, class,
 *   <title>; lines by class, text in `<text class="t">`; numbers whole (no floating point).
 * - Secrets through page_value only.
 * - Links: page_step_link(page_step_of(event)) writes "#18".
 * - Whatever belongs to a step carries class="at" data-step="18": the script marks it with class "now" when the page
 *   stands there, and with "past" when that step is over ("before" is what has neither).
 * - Ids of a part begin with its own name ("keys-", "chain-", ...). */
#ifndef TRACE_PAGE_PARTS_H
#define TRACE_PAGE_PARTS_H

#include "trace/html.h"
#include "trace/page.h"

struct page_step {
    const struct event *packet;
    event_no next;                                    /* of the next packet, or one behind the last event */
    uint16_t from, to;                                /* hosts; 0: a stranger */
    uint16_t chapter;                                 /* of the story in which it was sent; 0: none */
    bool lost, repeated, folded;
    char *label;                                      /* what lies in it, "ServerHello, Certificate (1 of 2)" */
    const char *what;                                 /* what the packet itself is: "data seq 1 ack 127 len 1460" */
};

/* A record, an opened one, a message, a certificate ...: where it stands in the page. */
struct page_buffer {
    const struct event *event;
    uint32_t step;                                    /* 0: it is not shown (its twin at the reader is) */
    bool read;                                        /* told by who read it, not by who wrote it */
    buf_no first; uint32_t at;                        /* the first packet that carries it, and where */
};

struct page {
    struct html html;
    struct tape *tape;
    const struct trace *trace;
    const struct page_options *options;
    uint32_t n_steps; struct page_step *steps;        /* steps[1 .. n_steps] */
    uint32_t *step_of;                                /* step_of[n]: what event n belongs to; 0: the beginning */
    uint32_t *first_of, *next_in;     /* first_of[step], next_in[n]: the events of a step in order; 0: no more */
    uint64_t linked[1024];                            /* hashes of field names whose link to the glossary is written */
    struct page_buffer *buffers[10]; uint32_t n_buffers[10];      /* by letter (buf >> 28), then count */
};

/* Finds the steps of p->tape and all else behind it. False: no memory; forget it in any case. */
bool page_read(struct page *);
void page_forget(struct page *);

/* Where an event belongs to: the packet whose arrival led to it, or in whose time a timer fired. */
uint32_t page_step_of(const struct page *, const struct event *);
const struct page_buffer *page_buffer_of(const struct page *, buf_no);             /* NULL: unknown */

/* The event that begins a chapter of the story; NULL: there is none. */
const struct event *page_chapter(const struct page *, uint16_t number);

void page_ui     (struct page *, const char *name);                                /* both languages */
void page_phrase (struct page *, const char *english);
/* The template of a space and a name, filled from the event. False: there is none, nothing was written. */
bool page_say    (struct page *, const char *space, const char *name, const struct event *);
void page_code   (struct page *, const char *name);                                /* <code>name</code> */
/* Hex of a secret, or the word "secret"; of anything else its value. */
void page_value  (struct page *, const struct attr *);
void page_ms     (struct page *, nsec since_start);                                /* "20.1 ms" */
void page_host   (struct page *, uint16_t host);
void page_step_link(struct page *, uint32_t step);                                 /* <a href="#18">#18</a> */
void page_rfc    (struct page *, const char *rfc);

/* <section class="panel" id="ID"><h2>…</h2>; its heading is the ui row "page ID". */
void page_panel_begin(struct page *, const char *id);
void page_panel_end  (struct page *);

/* What one event is, as a link in the chain of causes: "web sent #7: ServerHello". */
void page_event_words(struct page *, const struct event *);

/* A remark: a check, a key, a refusal, what a layer says, in the catalogue's words. */
void page_remark(struct page *, const struct event *);

/* Within a step's article. */
void page_bytes (struct page *, uint32_t step);       /* page_bytes.c: the packet's octets and what was opened */
void page_fields(struct page *, uint32_t step);       /* page_fields.c: a table a buffer */
void page_ends  (struct page *, uint32_t step);       /* page_ends.c: states and variables, before and after */
void page_space (struct page *, uint32_t step);       /* page_space.c: the place in the sequence space */

/* Above some hundred packets runs of nothing but data are folded: the middle of one has no rungs and no bytes. */
void page_fold(struct page *);                        /* page_ladder.c */

/* The parts, in the order of the file. */
void page_head    (struct page *);                    /* page_head.c: policy, style, header, bar of steps */
void page_ladder  (struct page *);                    /* page_ladder.c */
void page_steps   (struct page *);                    /* page_step.c: the inspector, a step an <article> */
void page_beside  (struct page *);                    /* page_beside.c: a resumed handshake beside the full one */
void page_offers  (struct page *);                    /* page_offers.c: a hello's offers, what came of each */
void page_transcript(struct page *);                  /* page_transcript.c: the handshake's hash as it grows */
void page_keys    (struct page *);                    /* page_keys.c: derivations as a graph, every PRF call */
void page_chain   (struct page *);                    /* page_chain.c: certificates and what was judged */
void page_plots   (struct page *);                    /* page_plots.c: sequence numbers, cwnd, ... */
void page_machines(struct page *);                    /* page_machines.c: the tables, the path walked */
void page_yourself(struct page *);                    /* page_yourself.c: shell lines that recompute */
void page_story  (struct page *);                     /* page_story.c */
void page_what_ifs(struct page *);                    /* page_what_if.c */
void page_ask     (struct page *);                    /* page_ask.c */
void page_glossary(struct page *);                    /* page_glossary.c: each field's name once */

#endif
