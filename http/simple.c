#include "http/simple.h"

#include <stdlib.h>
#include <string.h>

/* RFC 864: lines of 72 of the 95 printing characters, each line begins one further. After 95 lines it comes round. */
enum { SHOWN = 72, LINE = SHOWN + 2, PRINTING = 95, ROUND = LINE * PRINTING };

static void write_pattern(uint8_t *to, size_t n, size_t at)
{
    for (size_t i = 0; i < n; i++, at++) {
        size_t line = at / LINE, column = at % LINE;
        to[i] = column < SHOWN ? (uint8_t)(' ' + (line + column) % PRINTING) : column == SHOWN ? '\r' : '\n';
    }
}

/* What was written a round before is what is to be written now: only the first round is made, all others are
 * copied, and each copy is twice as long as the last. */
static void fill_pattern(uint8_t *to, size_t n, size_t at)
{
    size_t made = n < ROUND ? n : ROUND;
    write_pattern(to, made, at);
    while (made < n) {
        size_t more = made < n - made ? made : n - made;
        memcpy(to + made, to, more);
        made += more;
    }
}

static void echo(struct simple *s, struct carrier *c)
{
    struct bytes came = ring_peek(&c->in);
    size_t n = came.n ? ring_write(&c->out, came.at, came.n) : 0;
    ring_consume(&c->in, n);
    s->came += n;
    s->sent += n;
}

static void discard(struct simple *s, struct carrier *c)
{
    s->came += c->in.len;
    ring_consume(&c->in, c->in.len);
}

static void chargen(struct simple *s, struct carrier *c)
{
    struct simple_guest *g = c->user;
    discard(s, c);
    if (!c->open || c->closing)
        return;
    struct room room = ring_reserve(&c->out, ring_room(&c->out));
    if (room.n)
        fill_pattern(room.at, room.n, g->at);
    ring_commit(&c->out, room.n);
    s->sent += room.n;
    g->at = (uint32_t)((g->at + room.n) % ROUND);
}

static void break_off(struct carrier *c)
{
    carrier_abort(c);
    carrier_release(c);
}

static bool welcome(struct simple *s, struct carrier *c)
{
    if (s->stopping || s->n == s->places) {
        break_off(c);
        return false;
    }
    struct simple_guest *g = &s->guests[s->n++];
    *g = (struct simple_guest){ .carrier = c };
    c->user = g;
    s->served++;
    return true;
}

/* The last one takes the place of who leaves. */
static void leave(struct simple *s, struct carrier *c)
{
    struct simple_guest *g = c->user, *last = &s->guests[--s->n];
    c->user = NULL;
    *g = *last;
    if (g != last)
        g->carrier->user = g;
    carrier_release(c);
}

static void on_news(struct app *app, struct carrier *c, nsec now)
{
    struct simple *s = (struct simple *)app;
    (void)now;
    if (!c->user && !welcome(s, c))
        return;
    switch (c->port - s->base) {
    case PORT_ECHO:    echo(s, c); break;
    case PORT_CHARGEN: chargen(s, c); break;
    default:           discard(s, c); break;
    }
    if (c->ended) {
        leave(s, c);
        return;
    }
    carrier_touch(c, 0);
    if (c->peer_done && c->in.len == 0 && !c->closing)
        carrier_close(c);
}

static void on_stop(struct app *app, nsec now)
{
    struct simple *s = (struct simple *)app;
    (void)now;
    s->stopping = true;
    while (s->n) {
        struct carrier *c = s->guests[s->n - 1].carrier;
        carrier_abort(c);
        leave(s, c);
    }
}

static void on_step(struct app *app, nsec now) { (void)app, (void)now; }
static nsec on_wake(const struct app *app) { (void)app; return NEVER; }

bool simple_start(struct simple *s, struct host *host, const struct addr *addr, uint16_t base, unsigned places,
                  struct fault *why)
{
    static const struct ground no_memory = { "live.no_memory", "malloc(3)" };
    static const uint16_t ports[] = { PORT_ECHO, PORT_DISCARD, PORT_CHARGEN };
    *s = (struct simple){ .app = { .news = on_news, .step = on_step, .wake = on_wake, .stop = on_stop },
                          .base = base, .places = places };
    s->guests = calloc(places, sizeof *s->guests);
    if (!s->guests)
        return refuse(why, &no_memory, "memory for its connections", "there is none");
    for (unsigned i = 0; i < sizeof ports / sizeof *ports; i++)
        if (!host->ops->listen(host, addr, (uint16_t)(base + ports[i]), why))
            return false;
    return true;
}

void simple_end(struct simple *s)
{
    free(s->guests);
    s->guests = NULL;
}
