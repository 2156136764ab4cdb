#include "http/loop.h"

#include <stdlib.h>

bool loop_start(struct loop *l, struct world *world, struct trace *trace)
{
    *l = (struct loop){ .world = world, .trace = trace, .now = world->now(world) };
    l->store = malloc(PACKET_MAX);
    l->room = (struct packet){ .bytes = l->store, .room = PACKET_MAX };
    return l->store != NULL;
}

void loop_end(struct loop *l)
{
    free(l->store);
    l->store = NULL;
}

void loop_seat(struct loop *l, struct host *host, struct link *link, struct app *app)
{
    l->seats[l->n++] = (struct seat){ host, link, app };
}

/* Pulls packets from every host until all are quiet. */
static void pull(struct loop *l)
{
    for (unsigned i = 0; i < l->n; i++) {
        struct seat *s = &l->seats[i];
        for (;;) {
            l->room = (struct packet){ .bytes = l->store, .room = PACKET_MAX };
            if (!s->host->ops->output(s->host, &l->room, l->now))
                break;
            l->room.at = l->now;
            s->link->send(s->link, &l->room, l->now);
        }
    }
}

void loop_flush(struct loop *l)
{
    pull(l);
    trace_turn(l->trace);
}

/* Lets the programs work on what happened. */
static void pump(struct loop *l)
{
    for (unsigned i = 0; i < l->n; i++) {
        struct seat *s = &l->seats[i];
        if (!s->app)
            continue;
        for (struct carrier *c; (c = s->host->ops->news(s->host)) != NULL; )
            s->app->news(s->app, c, l->now);
        s->app->step(s->app, l->now);
    }
}

static struct seat *seat_of(struct loop *l, uint16_t host)
{
    for (unsigned i = 0; i < l->n; i++)
        if (l->seats[i].host->voice.host == host)
            return &l->seats[i];
    return NULL;
}

static nsec earlier(nsec a, nsec b) { return a < b ? a : b; }

static nsec latest(const struct loop *l)
{
    nsec at = NEVER;
    for (unsigned i = 0; i < l->n; i++) {
        const struct seat *s = &l->seats[i];
        at = earlier(at, s->host->ops->wake(s->host));
        if (s->app)
            at = earlier(at, s->app->wake(s->app));
    }
    return at;
}

static void tick(struct loop *l)
{
    for (unsigned i = 0; i < l->n; i++)
        if (l->seats[i].host->ops->wake(l->seats[i].host) <= l->now)
            l->seats[i].host->ops->tick(l->seats[i].host, l->now);
}

static void hand_over(struct loop *l, const struct happening *h)
{
    struct seat *s = seat_of(l, h->host);
    switch (h->what) {
    case HAPPENED_PACKET:
        trace_because(l->trace, h->packet->cause);
        if (s)
            s->host->ops->input(s->host, h->packet, l->now);
        break;
    case HAPPENED_READY:
        if (s)
            s->host->ops->input(s->host, NULL, l->now);
        break;
    case HAPPENED_STOP:
        l->stopped = true;
        for (unsigned i = 0; i < l->n; i++)
            if (l->seats[i].app && l->seats[i].app->stop)
                l->seats[i].app->stop(l->seats[i].app, l->now);
        break;
    case HAPPENED_TIMER:
    case HAPPENED_NOTHING:
        break;
    }
}

/* Packets that came in one go are all taken before anything is sent: an ACK then is for all of them. What is told
 * of them is told in its order as ever. */
static void hand_over_more(struct loop *l, struct happening *h)
{
    uint32_t octets = 0;
    while (octets < LOOP_GULP && world_more(l->world, h)) {
        trace_because(l->trace, 0);
        hand_over(l, h);
        octets += h->what == HAPPENED_PACKET ? h->packet->len : 0;
    }
}

void loop_begin(struct loop *l)
{
    trace_at(l->trace, l->now);
    for (unsigned i = 0; i < l->n; i++)
        if (l->seats[i].app && l->seats[i].app->start)
            l->seats[i].app->start(l->seats[i].app, l->now);
    pull(l);
    trace_turn(l->trace);
}

bool loop_turn(struct loop *l)
{
    struct happening h = { .what = HAPPENED_NOTHING };
    if (!world_next(l->world, latest(l), &h) || h.what == HAPPENED_NOTHING)
        return false;
    l->now = h.now;
    trace_at(l->trace, l->now);
    trace_because(l->trace, 0);
    hand_over(l, &h);
    if (h.what == HAPPENED_PACKET)
        hand_over_more(l, &h);
    tick(l);
    if (l->programs_first)
        pump(l);
    pull(l);
    pump(l);
    pull(l);
    trace_turn(l->trace);
    return true;
}
