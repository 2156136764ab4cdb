#include "cmd/sieve.h"
#include "cmd/sieve_facts.h"

#include <stdlib.h>

enum { TURN_MOST = 64 << 20 };

/* An event that was let through, by the numbers of both traces: causes are said in those of the inner one. */
struct pair { event_no outer, inner; };

struct sieve {
    struct view view, relay;                          /* the relay is told of a turn again */
    struct filter *filter; struct sieve_paths *paths; struct trace *outer, *inner; struct tape *tape;
    struct pair *pair; size_t n, room;
    uint16_t hosts;
    bool framed, held, begun; nsec first, before;
};

/* ---- telling it again ---- */

static event_no inner_of(const struct sieve *s, event_no outer)
{
    size_t low = 0, high = s->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (s->pair[middle].outer < outer)
            low = middle + 1;
        else
            high = middle;
    }
    return low < s->n && s->pair[low].outer == outer ? s->pair[low].inner : 0;
}

static void remember(struct sieve *s, event_no outer, event_no inner)
{
    if (s->n == s->room) {
        size_t room = s->room ? 2 * s->room : 64;
        struct pair *more = realloc(s->pair, room * sizeof *more);
        if (!more)
            return;                                   /* who asks for it finds no cause */
        s->pair = more;
        s->room = room;
    }
    s->pair[s->n++] = (struct pair){ outer, inner };
}

static struct sieve *sieve_of_relay(struct view *v)
{
    return (struct sieve *)((char *)v - offsetof(struct sieve, relay));
}

static void relay_event(struct view *v, const struct trace *t, const struct event *e)
{
    struct sieve *s = sieve_of_relay(v);
    struct event again = *e;
    (void)t;
    again.cause = inner_of(s, e->cause);
    trace_at(s->inner, e->t);
    trace_because(s->inner, 0);
    remember(s, e->n, trace_emit(s->inner, &again));
}

static void relay_field(struct view *v, const struct trace *t, const struct field *f)
{
    (void)t;
    trace_field(sieve_of_relay(v)->inner, f);
}

static void let_through(struct sieve *s)
{
    const struct trace_host *h;
    for (; (h = trace_host_of(s->outer, (uint16_t)(s->hosts + 1))) != NULL; s->hosts++)
        trace_host(s->inner, h->name, h->addr, h->addr_len);
    s->relay.field = trace_wants_fields(s->inner) ? relay_field : NULL;
    tape_replay(s->tape, 0, tape_events(s->tape), &s->relay);
    trace_turn(s->inner);
}

/* ---- listening ---- */

static void on_event(struct view *v, const struct trace *t, const struct event *e)
{
    struct view *tape = tape_view(((struct sieve *)v)->tape);
    tape->event(tape, t, e);
}

static void on_field(struct view *v, const struct trace *t, const struct field *f)
{
    struct view *tape = tape_view(((struct sieve *)v)->tape);
    tape->field(tape, t, f);
}

/* All is said of a frame. What is told at a connection's end belongs to no packet. */
static void on_turn(struct view *v, const struct trace *t)
{
    struct sieve *s = (struct sieve *)v;
    (void)t;
    if (s->framed) {
        facts_told(s->filter, s->paths, s->tape);
        s->held = filter_holds(s->filter);
        s->framed = false;
        if (s->held && s->inner)
            let_through(s);
    }
    tape_clear(s->tape);
}

struct sieve *sieve_new(struct filter *filter, struct trace *inner, nsec start)
{
    struct sieve *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->filter = filter;
    s->inner = inner;
    s->tape = tape_new(TURN_MOST);
    s->outer = trace_new(start);
    s->paths = sieve_paths_new(filter);
    if (!s->tape || !s->outer || !s->paths) {
        sieve_free(s);
        return NULL;
    }
    tape_clear(s->tape);
    bool fields = sieve_paths_any(s->paths) || trace_wants_fields(inner);
    s->view = (struct view){ .event = on_event, .field = fields ? on_field : NULL, .turn = on_turn };
    s->relay = (struct view){ .event = relay_event };
    trace_attach(s->outer, &s->view);
    return s;
}

void sieve_free(struct sieve *s)
{
    if (!s)
        return;
    trace_free(s->outer);
    tape_free(s->tape);
    sieve_paths_free(s->paths);
    free(s->pair);
    free(s);
}

struct trace *sieve_trace(struct sieve *s) { return s->outer; }
bool sieve_held(const struct sieve *s) { return s->held; }

void sieve_frame(struct sieve *s, const struct capture_frame *f)
{
    if (!s->begun && f->has_time) {
        s->begun = true;
        s->first = s->before = f->at;
    }
    s->framed = true;
    s->held = false;
    filter_begin(s->filter);
    facts_frame(s->filter, f, s->first, s->before);
    if (f->has_time)
        s->before = f->at;
}

void sieve_segment(struct sieve *s, const struct flow *flow, unsigned side, const struct flow_packet *p, unsigned marks)
{
    facts_segment(s->filter, flow, side, p, marks);
}
