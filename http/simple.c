#include "http/simple.h"
#include "http/message.h"

#include <stdlib.h>
#include <string.h>

/* RFC 864: lines of 72 of the 95 printing characters, each line begins one further. After 95 lines it comes round. */
enum {
    SHOWN = 72, LINE = SHOWN + 2, PRINTING = 95, ROUND = LINE * PRINTING, PIECE = 64 << 10, PATTERN = ROUND + PIECE
};

/* From every place of the first round on there are PIECE octets in one go. */
static void write_pattern(uint8_t to[PATTERN])
{
    for (size_t i = 0; i < PATTERN; i++) {
        size_t line = i / LINE, column = i % LINE;
        to[i] = column < SHOWN ? (uint8_t)(' ' + (line + column) % PRINTING) : column == SHOWN ? '\r' : '\n';
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
    for (size_t n = PIECE; n == PIECE; g->at = (uint32_t)((g->at + n) % ROUND)) {
        n = ring_write(&c->out, s->pattern + g->at, PIECE);
        s->sent += n;
    }
}

/* The date, and that was all: the one service here that closes first. */
static void daytime(struct simple *s, struct carrier *c, nsec now)
{
    char date[30];
    discard(s, c);
    if (!c->open || c->closing)
        return;
    http_date(now, date);
    s->sent += ring_write(&c->out, date, strlen(date)) + ring_write(&c->out, "\r\n", 2);
    carrier_touch(c, 0);
    carrier_close(c);
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
    if (!c->user && !welcome(s, c))
        return;
    switch (c->port - s->base) {
    case PORT_ECHO:    echo(s, c); break;
    case PORT_DAYTIME: daytime(s, c, now); break;
    case PORT_CHARGEN: chargen(s, c); break;
    default:           discard(s, c); break;
    }
    if (c->ended || (c->peer_done && c->closing && c->out.len == 0)) {
        leave(s, c);                                  /* TIME-WAIT is the connection's own business */
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
    static const uint16_t ports[] = { PORT_ECHO, PORT_DISCARD, PORT_DAYTIME, PORT_CHARGEN };
    *s = (struct simple){ .app = { .news = on_news, .step = on_step, .wake = on_wake, .stop = on_stop },
                          .base = base, .places = places };
    s->guests = calloc(places, sizeof *s->guests);
    s->pattern = malloc(PATTERN);
    if (!s->guests || !s->pattern)
        return refuse(why, &no_memory, "memory for its connections", "there is none");
    write_pattern(s->pattern);
    for (unsigned i = 0; i < sizeof ports / sizeof *ports; i++)
        if (!host->ops->listen(host, addr, (uint16_t)(base + ports[i]), why))
            return false;
    return true;
}

void simple_end(struct simple *s)
{
    free(s->guests);
    free(s->pattern);
    s->guests = NULL;
    s->pattern = NULL;
}
