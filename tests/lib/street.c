#include "tests/lib/street.h"

#include "tests/lib/check.h"

#include <stdlib.h>
#include <string.h>

static void listen_to(struct call *c)
{
    struct bytes b = ring_peek(&c->carrier->in);
    size_t keep = b.n < CALL_HEARD - 1 - c->n ? b.n : CALL_HEARD - 1 - c->n;
    if (c->deaf || !b.n)
        return;
    memcpy(c->heard + c->n, b.at, keep);
    c->n += keep;
    c->total += b.n;
    ring_consume(&c->carrier->in, b.n);
    carrier_touch(c->carrier, 0);
}

static struct call *new_call(struct street *s, struct carrier *carrier)
{
    ck_assert_uint_lt(s->n_calls, STREET_CALLS);
    struct call *c = calloc(1, sizeof *c);
    ck_assert_ptr_nonnull(c);
    c->carrier = carrier;
    carrier->user = c;
    return s->calls[s->n_calls++] = c;
}

static void news(struct app *a, struct carrier *carrier, nsec now)
{
    struct street *s = (struct street *)a;
    struct call *c = carrier->user ? carrier->user : new_call(s, carrier);
    (void)now;
    listen_to(c);
    c->open |= carrier->open;
    c->peer_done = carrier->peer_done;
    if (s->met)
        s->met(s, c);
    if (!carrier->ended || !c->carrier)
        return;
    c->ended = true;
    if (carrier->fault)
        c->fault = *carrier->fault;
    c->carrier = NULL;
    carrier_release(carrier);
}

static void step(struct app *a, nsec now) { (void)a, (void)now; }
static nsec wake(const struct app *a) { return ((const struct street *)a)->until; }

static struct host *new_host(struct street *s, unsigned i, uint8_t last)
{
    struct addr a = addr_v4(10, 0, 0, last);
    uint16_t number = (uint16_t)(i + 1);
    pool_start(&s->pools[i], 256 << 20);
    struct stack *stack = stack_new(&(struct stack_config){
        .addr = a, .prefix = 24, .connections = STREET_CALLS, .backlog = STREET_CALLS, .window = 65535,
        .pool = &s->pools[i], .chance = sealed_chance(s->world, number, 0), .voice = { .host = number } });
    ck_assert_ptr_nonnull(stack);
    loop_seat(&s->loop, stack_host(stack), sealed_link(s->world, number, &a), NULL);
    return stack_host(stack);
}

void street_start(struct street *s, uint64_t seed, const struct wires *wires)
{
    *s = (struct street){ .puppet = { .news = news, .step = step, .wake = wake }, .until = NEVER };
    s->world = sealed_new(seed, wires, STREET_START, NULL);
    ck_assert_ptr_nonnull(s->world);
    ck_assert(loop_start(&s->loop, sealed_world(s->world), NULL));
    s->ours = new_host(s, 0, 2);
    s->theirs = new_host(s, 1, 80);
    s->loop.seats[0].app = &s->puppet;
}

void street_open(struct street *s)
{
    s->loop.seats[1].app = s->app;
    loop_begin(&s->loop);
}

void street_end(struct street *s)
{
    for (unsigned i = 0; i < s->n_calls; i++) {
        if (s->calls[i]->carrier)
            carrier_release(s->calls[i]->carrier);
        free(s->calls[i]);
    }
    s->ours->ops->free(s->ours);
    s->theirs->ops->free(s->theirs);
    pool_end(&s->pools[0]);
    pool_end(&s->pools[1]);
    loop_end(&s->loop);
    sealed_free(s->world);
}

struct call *street_call(struct street *s, uint16_t port)
{
    struct fault why = { 0 };
    struct addr to = addr_v4(10, 0, 0, 80);
    struct carrier *c = s->ours->ops->connect(s->ours, &to, port, s->loop.now, &why);
    ck_assert_msg(c != NULL, "%s", why.came);
    struct call *made = new_call(s, c);
    street_flush(s);
    return made;
}

void street_listen(struct street *s, uint16_t port)
{
    struct addr any = { .len = 0 };
    ck_assert(s->ours->ops->listen(s->ours, &any, port, NULL));
}

void street_flush(struct street *s) { loop_flush(&s->loop); }

void street_until(struct street *s, nsec since_start)
{
    s->until = STREET_START + since_start;
    street_flush(s);
    while (s->loop.now < s->until && loop_turn(&s->loop))
        ;
    s->until = NEVER;
}

void call_writes(struct call *c, const void *octets, size_t n)
{
    ck_assert_ptr_nonnull(c->carrier);
    ck_assert_uint_eq(ring_write(&c->carrier->out, octets, n), n);
    carrier_touch(c->carrier, 0);
}

void call_says(struct call *c, const char *text) { call_writes(c, text, strlen(text)); }
void call_closes(struct call *c) { carrier_close(c->carrier); }
void call_breaks(struct call *c) { carrier_abort(c->carrier); }
