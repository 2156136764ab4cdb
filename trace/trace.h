/* trace.h - the one event stream.
 *
 * Layers say what happened to one `struct trace`, through one function, trace_emit (never inlined: the place
 * for a breakpoint). Views (terminal, pcapng, key log, JSON) are folds over that stream: they take events and
 * know no protocol, so an event brings its label and the words of its values. With no view attached the trace
 * of a voice is NULL and events are not even built: always
 *
 *     if (trace_hears(v->trace))
 *         trace_emit(v->trace, &(struct event){ .kind = EVENT_STATE, .layer = "tcp", ... });
 *
 * Numbers. `n` counts events. A field has no number, it belongs to its buffer: so n is the same whichever
 * views watch. Buffers are numbered by kind: p18 is the 18th packet put on the wire, r5 the fifth record
 * told, m3 the third message. A *stream* (s1) is one writer's octets of one connection; both ends call it by
 * the same number. Everything that is told twice has two numbers.
 *
 * Cause. The loop tells the trace which event this turn is about (trace_because); trace_emit stamps it on
 * every event that brings no cause of its own. Work left for later keeps its cause beside its flag. Following
 * causes backwards ends at the URL typed, a server's start, or a packet from outside.
 *
 * Bytes, attributes and texts in an event live during the call only. */
#ifndef TRACE_TRACE_H
#define TRACE_TRACE_H

#include "trace/wire.h"

/* all time: ns since 1970, never back; a sealed visit has a fixed date */
typedef int64_t  nsec;
typedef uint64_t event_no;                            /* 0: none */

#define NEVER INT64_MAX                               /* a deadline that does not come */
#define MICROSECOND INT64_C(1000)
#define MILLISECOND INT64_C(1000000)
#define SECOND      INT64_C(1000000000)

/* who speaks; trace NULL: silence */
struct voice { struct trace *trace; uint16_t host; uint32_t conn; };
/* len octets at off of a buffer or stream */
struct span  { buf_no in; uint32_t len; uint64_t off; };
/* octets off.. of a stream lie at `at` of the packet */
struct carry { buf_no stream; uint64_t off; uint32_t at, len; };

enum event_kind {
    EVENT_PACKET,       /* put on a wire: declares p<n>, says what it carries */
    EVENT_FATE,         /* what became of a packet: delivered, lost, duplicated, delayed, corrupted */
    EVENT_RECORD,       /* declares r<n>: a TLS record as it lies in the stream */
    EVENT_MESSAGE,      /* declares m<n>: a handshake message, a DNS message, an HTTP head */
    /* declares any other: the opened form of a record (o), a certificate (c), a piece of a body (b) */
    EVENT_BUFFER,
    EVENT_STATE,        /* a row of a machine's table was taken: machine, from, to, trigger */
    EVENT_CHECK,        /* something was judged: subject, expected, found, verdict */
    EVENT_TIMER,        /* set, stopped, fired */
    EVENT_VARS,         /* variables after a change: snd_una, cwnd, rto ... */
    EVENT_KEY,          /* a secret was derived */
    EVENT_HTTP, EVENT_DNS,
    EVENT_STORY,        /* a chapter of the visit begins or ends: what a class reads first */
    EVENT_FAULT,        /* a refusal */
    EVENT_MARK,         /* the start of a run, a wish from the command line, what a lab changed */
    EVENT_KINDS
};

enum event_level { LEVEL_STORY, LEVEL_PACKETS, LEVEL_ALL };

enum attr_type { ATTR_NUMBER, ATTR_TEXT, ATTR_HEX, ATTR_SECRET };
struct attr {
    const char *name;
    enum attr_type type;
    uint64_t number;
    /* ATTR_TEXT: text from outside allowed; views make it harmless */
    const char *text;
    /* ATTR_HEX, ATTR_SECRET (a marked class: views may leave it out) */
    struct bytes bytes;
};

struct event {
    enum event_kind kind;
    enum event_level level;
    /* "tcp", "tls", "x509", "http", "dns", "ip", "wire", "visit" */
    const char *layer;
    /* what, as an id: "retransmit", "master_secret", "ClientHello" */
    const char *name;
    /* in RFC words, for the ladder: "SYN seq 1 win 64240"; or NULL */
    const char *label;
    const char *rfc;                                  /* "RFC 9293 §3.10.7.4" */
    const char *by;                                   /* __func__ of who speaks */
    uint16_t host;
    uint32_t conn;
    event_no cause;                                   /* 0: trace_emit stamps the running cause */
    const struct attr *attrs; size_t n_attrs;
    /* the buffer declared (PACKET, RECORD, MESSAGE, BUFFER) or meant (FATE) */
    buf_no buf;
    /* its octets; for a delivered packet, as they arrived */
    struct bytes bytes;
    /* what it lies on, in order, together its whole length; none for packets */
    const struct span *spans; size_t n_spans;
    const struct carry *carries; size_t n_carries;
    event_no n; nsec t;                               /* filled in by trace_emit */
};

enum field_type { FIELD_NUMBER, FIELD_BYTES, FIELD_TEXT, FIELD_GROUP };
struct field {
    buf_no buf;
    uint32_t off, len;
    const char *name;
    enum field_type type;
    uint64_t number;                                  /* FIELD_NUMBER */
    struct bytes bytes;                               /* FIELD_BYTES, FIELD_TEXT: the octets themselves */
    const char *words;                                /* "TLS_RSA_WITH_AES_128_GCM_SHA256"; or NULL */
};

/* What a view is told. Functions it has no use for may be NULL. */
struct view {
    void (*event)(struct view *, const struct trace *, const struct event *);
    /* having one makes layers name their bytes */
    void (*field)(struct view *, const struct trace *, const struct field *);
    /* all layers are through with what happened */
    void (*turn)(struct view *, const struct trace *);
    /* the run is over: write what is left */
    void (*end)(struct view *, const struct trace *);
    void (*free)(struct view *);                                                /* view_free calls it */
    struct view *next;
};

/* Where a view writes; opened by cmd/. False: it could not (the view goes on, cmd/ says so at the end). */
struct sink { bool (*write)(struct sink *, const void *, size_t); };

/* Numbers for buffers: the letter says the kind, the rest counts from 1. */
static inline char     buf_letter(buf_no b) { return "-psrmobcdh"[b >> 28 < 10 ? b >> 28 : 0]; }
static inline uint32_t buf_count (buf_no b) { return b & 0x0fffffff; }

enum { TRACE_HOSTS = 8 };
/* names are constants or outlive the trace */
struct trace_host { const char *name; uint8_t addr[16]; uint8_t addr_len; };

/* Is there somebody to tell? Nobody ever is in a build with -DVITRINE_DEAF, which exists to measure what the stream
 * costs while nobody listens (`make hook`). */
static inline bool trace_hears(const struct trace *t) { return TRACE_LISTENS && t; }

struct trace *trace_new(nsec start);                  /* NULL: no memory; t in views counts from start */
void     trace_free(struct trace *);                  /* views are their makers' */
void     trace_attach(struct trace *, struct view *); /* before the first event */
void     trace_at(struct trace *, nsec now);          /* the loop: the clock of the turn */
void     trace_because(struct trace *, event_no);     /* the loop: the running cause */
event_no trace_cause(const struct trace *);           /* the running cause; for a NULL trace 0 */
void     trace_turn(struct trace *);                  /* the loop: all layers are through */
void     trace_end(struct trace *);
nsec     trace_start(const struct trace *);

/* 1, 2, ...; 0 when full or NULL trace */
uint16_t trace_host(struct trace *, const char *name, const uint8_t *addr, uint8_t addr_len);
/* NULL: unknown */
const struct trace_host *trace_host_of(const struct trace *, uint16_t host);

/* A new buffer's number: letter p, r, m, o, b, c, d or h. 0 for a NULL trace. */
buf_no   trace_buf(struct trace *, char letter);
/* The next one gets this count: for packets of a capture, which have numbers already. */
void     trace_count(struct trace *, char letter, uint64_t next);
/* The stream that `key` names (writer's address and port, reader's, writer's first sequence number: any
 * unique octets), the same number for both ends. 0 for a NULL trace. */
buf_no   trace_stream(struct trace *, const void *key, size_t n);

event_no trace_emit(struct trace *, const struct event *);      /* its number, to be kept as a cause */
bool     trace_wants_fields(const struct trace *);              /* NULL: false */
void     trace_field(struct trace *, const struct field *);     /* called by the cursor */

static inline struct attr attr_number(const char *name, uint64_t v)
{
    return (struct attr){ .name = name, .type = ATTR_NUMBER, .number = v, .text = NULL, .bytes = { NULL, 0 } };
}
static inline struct attr attr_text(const char *name, const char *s)
{
    return (struct attr){ .name = name, .type = ATTR_TEXT, .number = 0, .text = s, .bytes = { NULL, 0 } };
}
static inline struct attr attr_hex(const char *name, const void *p, size_t n)
{
    return (struct attr){ .name = name, .type = ATTR_HEX, .number = 0, .text = NULL,
                          .bytes = { (const uint8_t *)p, n } };
}
static inline struct attr attr_secret(const char *name, const void *p, size_t n)
{
    return (struct attr){ .name = name, .type = ATTR_SECRET, .number = 0, .text = NULL,
                          .bytes = { (const uint8_t *)p, n } };
}

const char *event_kind_name(enum event_kind);         /* "packet" */
const char *event_level_name(enum event_level);       /* "story" */
/* Packets, records, messages and other buffers: the event declares the buffer that it is about. */
static inline bool event_declares(const struct event *e)
{
    return e->kind == EVENT_PACKET || (e->kind >= EVENT_RECORD && e->kind <= EVENT_BUFFER);
}
/* NULL: it has none of that name */
const struct attr *event_attr(const struct event *, const char *name);
const char *event_text(const struct event *, const char *name);                  /* its text, or "" */

/* The `fault` event for a refusal that ended something. */
event_no trace_fault(const struct voice *, const char *layer, const char *by, const struct fault *);

#endif
