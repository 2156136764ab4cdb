#include "net/sealed.h"
#include "net/underway.h"
#include "net/seed.h"

#include <stdio.h>
#include <stdlib.h>

/* One host's end of the wire: what it sends passes `impair`, then `link`. */
struct outlet {
    struct link link;
    struct sealed *sealed;
    struct voice voice;
    struct addr addr, also;                           /* len 0: no host has this number; nor another address */
    struct impair impair;
};

struct sealed {
    struct world world;
    uint64_t seed;
    struct wires wires;
    struct trace *trace;
    nsec now;
    uint64_t ordinal;                                 /* packets put on the wire */
    struct flight flight;
    struct under_way *arrived;                        /* the packet of the last happening */
    struct outlet outlets[SEALED_HOSTS];
    struct seed_chance *chances;
    unsigned n_chances;
};

/* Where the IP header says the packet goes; len 0: it has no such header. */
static struct addr destination(const struct packet *p)
{
    struct wire_in in = wire_over(p->bytes, p->len, NULL);
    struct addr to = { 0 };
    unsigned version = take_u8(&in, "version") >> 4;
    take_ref(&in, "up to the destination", version == 6 ? 23 : 15);
    take_bytes(&in, "destination", to.octets, version == 6 ? 16 : 4);
    if (!in.failed && (version == 4 || version == 6))
        to.len = version == 6 ? 16 : 4;
    return to;
}

static uint16_t host_at(const struct sealed *s, const struct addr *to)
{
    for (uint16_t i = 0; to->len && i < SEALED_HOSTS; i++)
        if (addr_same(&s->outlets[i].addr, to) || addr_same(&s->outlets[i].also, to))
            return (uint16_t)(i + 1);
    return 0;
}

static void lose(const struct outlet *o, const struct packet *p, const struct addr *to)
{
    char address[ADDR_TEXT], label[ADDR_TEXT + 32];
    if (!trace_hears(o->voice.trace))
        return;
    snprintf(label, sizeof label, "lost: nobody has address %s", to->len ? addr_text(to, address) : "(none)");
    impair_tell(&o->voice, p, "lost", label, -1, -1, __func__);
}

/* The inner link: the wire itself. It takes packets at a later `now` than the clock's (impair.h). */
static bool wire_send(struct link *link, const struct packet *p, nsec now)
{
    struct outlet *o = (struct outlet *)link;
    struct sealed *s = o->sealed;
    struct addr to = destination(p);
    uint16_t host = host_at(s, &to);
    if (!host) {
        lose(o, p, &to);
        return true;
    }
    return underway_send(&s->flight, p, host, (now > s->now ? now : s->now) + s->wires.delay);
}

/* The trace's clock moves first, so that this event has the time of the arrival. */
static void tell_delivered(struct sealed *s)
{
    struct packet *p = &s->arrived->packet;
    if (!trace_hears(s->trace))
        return;
    const struct attr fate = attr_text("fate", "delivered");
    trace_at(s->trace, s->now);
    p->cause = trace_emit(s->trace, &(struct event){
        .kind = EVENT_FATE, .level = LEVEL_ALL, .layer = "wire", .name = "delivered",
        .rfc = "RFC 791 §1.2", .by = __func__, .host = s->arrived->host, .cause = p->cause,
        .attrs = &fate, .n_attrs = 1, .buf = p->buf, .bytes = { p->bytes, p->len } });
}

static bool sealed_next(struct world *world, nsec latest, struct happening *h)
{
    struct sealed *s = (struct sealed *)world;
    nsec arrives = underway_next(&s->flight);
    underway_free(&s->flight, s->arrived);
    s->arrived = NULL;
    if (latest < s->now)
        latest = s->now;                                          /* a timer that is overdue is due now */
    if (arrives == NEVER && latest == NEVER) {
        *h = (struct happening){ .what = HAPPENED_NOTHING, .now = s->now };
        return true;
    }
    if (arrives > latest) {
        s->now = latest;
        *h = (struct happening){ .what = HAPPENED_TIMER, .now = s->now };
        return true;
    }
    s->arrived = underway_take(&s->flight);
    if (arrives > s->now)
        s->now = arrives;
    tell_delivered(s);
    *h = (struct happening){ .what = HAPPENED_PACKET, .now = s->now, .host = s->arrived->host,
                             .packet = &s->arrived->packet };
    return true;
}

static nsec sealed_now(const struct world *world)
{
    return ((const struct sealed *)world)->now;
}

struct sealed *sealed_new(uint64_t seed, const struct wires *wires, nsec start, struct trace *trace)
{
    struct sealed *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->world = (struct world){ .next = sealed_next, .now = sealed_now };
    s->seed = seed;
    s->wires = wires ? *wires : (struct wires){ .delay = SEALED_DELAY_MS * MILLISECOND };
    s->now = start;
    s->trace = trace;
    return s;
}

void sealed_free(struct sealed *s)
{
    if (!s)
        return;
    while (s->chances) {
        struct seed_chance *next = s->chances->next;
        free(s->chances);
        s->chances = next;
    }
    underway_free(&s->flight, s->arrived);
    underway_end(&s->flight);
    free(s);
}

struct world *sealed_world(struct sealed *s)
{
    return &s->world;
}

struct link *sealed_link(struct sealed *s, uint16_t host, const struct addr *addr)
{
    if (host < 1 || host > SEALED_HOSTS)
        return NULL;
    struct outlet *o = &s->outlets[host - 1];
    o->link = (struct link){ .send = wire_send, .mtu = s->wires.mtu ? s->wires.mtu : PACKET_MTU };
    o->sealed = s;
    o->voice = (struct voice){ .trace = s->trace, .host = host };
    o->addr = *addr;
    impair_start(&o->impair, &o->link, &s->wires, s->seed, &s->ordinal, &o->voice);
    return &o->impair.link;
}

void sealed_also(struct sealed *s, uint16_t host, const struct addr *addr)
{
    s->outlets[host - 1].also = *addr;
}

void sealed_share(struct sealed *s, uint16_t host, uint16_t with)
{
    s->outlets[host - 1].impair.line = s->outlets[with - 1].impair.line;
}

nsec sealed_waits(const struct sealed *s, uint16_t host)
{
    nsec free_at = s->outlets[host - 1].impair.line->free_at;
    return free_at > s->now ? free_at - s->now : 0;
}

uint64_t sealed_marked(const struct sealed *s, uint16_t host) { return s->outlets[host - 1].impair.marked; }
uint64_t sealed_lost(const struct sealed *s, uint16_t host) { return s->outlets[host - 1].impair.lost; }

struct chance *sealed_chance(struct sealed *s, uint16_t host, uint32_t conn)
{
    for (struct seed_chance *c = s->chances; c; c = c->next)
        if (c->host == host && c->conn == conn)
            return &c->chance;
    struct seed_chance *c = s->n_chances < SEALED_CHANCES ? malloc(sizeof *c) : NULL;
    if (!c)
        return NULL;
    seed_chance_start(c, s->seed, host, conn);
    c->next = s->chances;
    s->chances = c;
    s->n_chances++;
    return &c->chance;
}

uint64_t sealed_draw(struct sealed *s, const char *purpose, uint64_t number)
{
    return seed_draw(s->seed, purpose, number);
}
