/* The sealed world: arrival order, the clock, the chances, and that one seed gives one world. */
#include "net/sealed.h"
#include "net/seed.h"
#include "tests/lib/check.h"

#include <stdio.h>
#include <string.h>

enum { A = 1, B = 2, C = 3 };
#define START (INT64_C(1000) * SECOND)

static struct addr address(uint16_t host)
{
    return addr_v4(10, 0, 0, (uint8_t)host);
}

/* The least that has a destination, and one octet to know it again by. */
static bool send_to(struct link *link, uint16_t host, uint8_t mark, nsec now)
{
    uint8_t octets[21] = { 0x45, [16] = 10, [19] = (uint8_t)host, [20] = mark };
    return link->send(link, &(struct packet){ .bytes = octets, .len = sizeof octets, .at = now }, now);
}

static struct sealed *world_of_three(uint64_t seed, const struct wires *w, struct trace *t,
                                     struct link *links[4])
{
    struct sealed *s = sealed_new(seed, w, START, t);
    for (uint16_t host = A; host <= C; host++) {
        struct addr a = address(host);
        links[host] = sealed_link(s, host, &a);
    }
    return s;
}

/* What a view is told, kept. */
struct kept {
    struct view view;
    unsigned n;
    struct {
        struct event e;
        char name[16];
        uint8_t last;
    } seen[64];
};

static void keep(struct view *v, const struct trace *t, const struct event *e)
{
    struct kept *k = (struct kept *)v;
    (void)t;
    ck_assert_uint_lt(k->n, 64);
    k->seen[k->n].e = *e;
    k->seen[k->n].last = e->bytes.n ? e->bytes.at[e->bytes.n - 1] : 0;
    strncpy(k->seen[k->n++].name, e->name, 15);
}

START_TEST(packets_arrive_after_the_delay_in_the_order_sent)
{
    struct link *links[4];
    struct sealed *s = world_of_three(1, &(struct wires){ .delay = 5 * MILLISECOND }, NULL, links);
    struct world *w = sealed_world(s);
    struct happening h;
    for (uint8_t i = 0; i < 100; i++)
        ck_assert(send_to(links[A], i % 2 ? B : C, i, START));
    for (uint8_t i = 0; i < 100; i++) {
        ck_assert(world_next(w, NEVER, &h));
        ck_assert_int_eq(h.what, HAPPENED_PACKET);
        ck_assert_uint_eq(h.host, i % 2 ? B : C);
        ck_assert_uint_eq(h.packet->bytes[20], i);
        ck_assert_int_eq(h.now, START + 5 * MILLISECOND);
        ck_assert_int_eq(w->now(w), h.now);
        ck_assert_int_eq(h.packet->at, START);
    }
    ck_assert(world_next(w, NEVER, &h));
    ck_assert_int_eq(h.what, HAPPENED_NOTHING);
    sealed_free(s);
}
END_TEST

START_TEST(packets_sent_at_different_times_arrive_by_time)
{
    struct link *links[4];
    struct sealed *s = world_of_three(1, &(struct wires){ .delay = 1 }, NULL, links);
    struct happening h;
    for (unsigned i = 0; i < 500; i++)                 /* 7 and 500 have no common divisor: every time once */
        ck_assert(send_to(links[A], B, (uint8_t)(i * 7 % 500), START + i * 7 % 500));
    for (unsigned i = 0; i < 500; i++) {
        world_next(sealed_world(s), NEVER, &h);
        ck_assert_int_eq(h.now, START + i + 1);
        ck_assert_uint_eq(h.packet->bytes[20], (uint8_t)i);
    }
    sealed_free(s);
}
END_TEST

START_TEST(a_packet_comes_before_a_timer_of_the_same_moment)
{
    struct link *links[4];
    struct sealed *s = world_of_three(1, &(struct wires){ .delay = 10 }, NULL, links);
    struct world *w = sealed_world(s);
    struct happening h;
    send_to(links[A], B, 0, START);
    world_next(w, START + 9, &h);
    ck_assert_int_eq(h.what, HAPPENED_TIMER);
    ck_assert_int_eq(h.now, START + 9);
    world_next(w, START + 10, &h);
    ck_assert_int_eq(h.what, HAPPENED_PACKET);
    world_next(w, START + 10, &h);
    ck_assert_int_eq(h.what, HAPPENED_TIMER);
    ck_assert_int_eq(h.now, START + 10);
    sealed_free(s);
}
END_TEST

START_TEST(time_never_goes_back)
{
    struct link *links[4];
    struct sealed *s = world_of_three(1, &(struct wires){ .delay = 0 }, NULL, links);
    struct world *w = sealed_world(s);
    struct happening h;
    world_next(w, START + 100, &h);
    world_next(w, START + 50, &h);                                /* overdue */
    ck_assert_int_eq(h.what, HAPPENED_TIMER);
    ck_assert_int_eq(h.now, START + 100);
    send_to(links[A], B, 0, START + 20);                          /* the sender's clock was behind */
    world_next(w, START + 50, &h);
    ck_assert_int_eq(h.what, HAPPENED_PACKET);
    ck_assert_int_eq(h.now, START + 100);
    sealed_free(s);
}
END_TEST

START_TEST(a_packet_to_nobody_is_lost_and_told)
{
    static const uint8_t not_ip[21] = { 0x75, [16] = 10, [19] = B }, cut[19] = { 0x45 };
    struct trace *t = trace_new(START);
    struct kept k = { .view = { .event = keep } };
    struct link *links[4];
    struct happening h;
    trace_attach(t, &k.view);
    struct sealed *s = world_of_three(1, NULL, t, links);
    ck_assert(send_to(links[A], 99, 0, START));
    ck_assert(links[A]->send(links[A], &(struct packet){ .bytes = (uint8_t *)not_ip, .len = sizeof not_ip },
                             START));
    ck_assert(
        links[A]->send(links[A], &(struct packet){ .bytes = (uint8_t *)cut, .len = sizeof cut }, START));
    ck_assert(links[A]->send(links[A], &(struct packet){ .bytes = (uint8_t *)cut, .len = 0 }, START));
    world_next(sealed_world(s), NEVER, &h);
    ck_assert_int_eq(h.what, HAPPENED_NOTHING);
    ck_assert_uint_eq(k.n, 4);
    for (unsigned i = 0; i < 4; i++)
        ck_assert_str_eq(k.seen[i].name, "lost");
    sealed_free(s);
    trace_free(t);
}
END_TEST

START_TEST(ipv6_packets_find_their_host)
{
    uint8_t octets[40] = { 0x60, [24] = 0xfd, [39] = 1 };
    struct addr a = { .len = 16, .octets = { 0xfd, [15] = 1 } };
    struct sealed *s = sealed_new(1, NULL, START, NULL);
    struct link *link = sealed_link(s, 7, &a);
    struct happening h;
    link->send(link, &(struct packet){ .bytes = octets, .len = sizeof octets }, START);
    world_next(sealed_world(s), NEVER, &h);
    ck_assert_int_eq(h.what, HAPPENED_PACKET);
    ck_assert_uint_eq(h.host, 7);
    sealed_free(s);
}
END_TEST

START_TEST(delivery_is_told_at_its_time_and_is_the_cause)
{
    struct trace *t = trace_new(START);
    struct kept k = { .view = { .event = keep } };
    struct link *links[4];
    struct happening h;
    uint8_t octets[21] = { 0x45, [16] = 10, [19] = B, [20] = 0x5a };
    trace_attach(t, &k.view);
    struct sealed *s = world_of_three(1, NULL, t, links);
    event_no declared = trace_emit(t, &(struct event){ .kind = EVENT_PACKET, .name = "sent", .layer = "ip" });
    links[A]->send(
        links[A], &(struct packet){ .bytes = octets, .len = 21, .buf = trace_buf(t, 'p'), .cause = declared },
        START);
    world_next(sealed_world(s), NEVER, &h);
    ck_assert_uint_eq(k.n, 2);
    const struct event *e = &k.seen[1].e;
    ck_assert_int_eq(e->kind, EVENT_FATE);
    ck_assert_str_eq(k.seen[1].name, "delivered");
    ck_assert_int_eq(e->level, LEVEL_ALL);
    ck_assert_int_eq(e->t, START + SEALED_DELAY_MS * MILLISECOND);
    ck_assert_uint_eq(e->host, B);
    ck_assert_uint_eq(e->cause, declared);
    ck_assert_int_eq(buf_letter(e->buf), 'p');
    ck_assert_uint_eq(k.seen[1].last, 0x5a);
    ck_assert_uint_eq(h.packet->cause, e->n);
    ck_assert_uint_eq(h.packet->buf, e->buf);
    sealed_free(s);
    trace_free(t);
}
END_TEST

START_TEST(chances_are_golden_and_do_not_shift_each_other)
{
    struct sealed *s = sealed_new(7, NULL, START, NULL), *other = sealed_new(7, NULL, START, NULL);
    struct chance *c = sealed_chance(s, 1, 0), *d = sealed_chance(other, 1, 0);
    uint8_t a[4][32], b[32];
    chance_fill(c, "client_random", a[0], 32);
    /* ChaCha20, nonce 0, under SHA-256(seed 7, host 1, conn 0, draw 0, "client_random"): computed apart, in
     * Python */
    check_is_hex(a[0], 32, "0019139632ba3b2dc75a4db87c785a05add96f4eaa33ad3cb9fe4d1570438d47");
    chance_fill(c, "isn", a[1], 32);
    chance_fill(c, "isn", a[2], 32);
    chance_fill(c, "client_random", a[3], 32);
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < i; j++)
            ck_assert_int_ne(memcmp(a[i], a[j], 32), 0);
    chance_fill(d, "isn", b, 32);                           /* no client_random before it, and yet the same */
    check_bytes(b, a[1], 32);
    chance_fill(d, "isn", b, 4);                                  /* less of it: its beginning */
    check_bytes(b, a[2], 4);
    ck_assert_ptr_eq(sealed_chance(s, 1, 0), c);
    chance_fill(sealed_chance(s, 1, 1), "isn", b, 32);
    ck_assert_int_ne(memcmp(b, a[1], 32), 0);
    chance_fill(sealed_chance(s, 2, 0), "isn", b, 32);
    ck_assert_int_ne(memcmp(b, a[1], 32), 0);
    sealed_free(s);
    sealed_free(other);
}
END_TEST

START_TEST(more_purposes_than_counted_still_differ)
{
    static char names[SEED_PURPOSES + 10][16];
    struct sealed *s = sealed_new(7, NULL, START, NULL);
    struct chance *c = sealed_chance(s, 1, 0);
    uint8_t a[16], b[16];
    for (int i = 0; i < SEED_PURPOSES + 10; i++) {
        snprintf(names[i], sizeof names[i], "p%d", i);
        chance_fill(c, names[i], a, sizeof a);
        chance_fill(c, names[i], b, sizeof b);
        ck_assert_int_ne(memcmp(a, b, sizeof a), 0);
    }
    sealed_free(s);
}
END_TEST

START_TEST(chances_are_bounded)
{
    struct sealed *s = sealed_new(7, NULL, START, NULL);
    for (uint32_t i = 0; i < SEALED_CHANCES; i++)
        ck_assert_ptr_nonnull(sealed_chance(s, 1, i));
    ck_assert_ptr_null(sealed_chance(s, 1, SEALED_CHANCES));
    ck_assert_ptr_nonnull(sealed_chance(s, 1, 0));
    ck_assert_uint_eq(sealed_draw(s, "serial", 3), sealed_draw(s, "serial", 3));
    ck_assert_uint_ne(sealed_draw(s, "serial", 3), sealed_draw(s, "serial", 4));
    ck_assert_ptr_null(sealed_link(s, 0, &(struct addr){ 0 }));
    ck_assert_ptr_null(sealed_link(s, SEALED_HOSTS + 1, &(struct addr){ 0 }));
    sealed_free(s);
}
END_TEST

START_TEST(a_full_wire_refuses_instead_of_growing_for_ever)
{
    static uint8_t octets[PACKET_MTU] = { 0x45, [16] = 10, [19] = B };
    struct link *links[4];
    struct sealed *s = world_of_three(1, NULL, NULL, links);
    unsigned n = 0;
    while (n < 100000
           && links[A]->send(links[A], &(struct packet){ .bytes = octets, .len = sizeof octets }, START))
        n++;
    ck_assert_uint_gt(n, 10000);
    ck_assert_uint_lt(n, 100000);
    sealed_free(s);                                     /* what was under way is freed: the sanitizer looks */
}
END_TEST

START_TEST(a_wire_takes_packets_up_to_its_mtu)
{
    static uint8_t octets[PACKET_MAX] = { 0x45, [16] = 10, [19] = B };
    const uint32_t mtus[] = { 0, 1280, 9000, PACKET_MAX };
    for (int i = 0; i < 4; i++) {
        struct link *links[4];
        struct happening h;
        uint32_t mtu = mtus[i] ? mtus[i] : PACKET_MTU;
        struct sealed *s = world_of_three(1, &(struct wires){ .mtu = mtus[i], .corrupt = 1000 }, NULL, links);
        struct packet p = { .bytes = octets, .len = mtu };
        ck_assert_uint_eq(links[A]->mtu, mtu);
        ck_assert(links[A]->send(links[A], &p, START));
        ck_assert(sealed_world(s)->next(sealed_world(s), NEVER, &h));
        if (h.what == HAPPENED_PACKET)                 /* the flipped bit may be one of the address */
            ck_assert_uint_eq(h.packet->len, mtu);
        p.len++;
        ck_assert(mtu == PACKET_MAX || !links[A]->send(links[A], &p, START));
        sealed_free(s);
    }
}
END_TEST

int main(void)
{
    return check_run(
        "sealed", (const TTest *[]){ packets_arrive_after_the_delay_in_the_order_sent,
                                     packets_sent_at_different_times_arrive_by_time,
                                     a_packet_comes_before_a_timer_of_the_same_moment, time_never_goes_back,
                                     a_packet_to_nobody_is_lost_and_told, ipv6_packets_find_their_host,
                                     delivery_is_told_at_its_time_and_is_the_cause,
                                     chances_are_golden_and_do_not_shift_each_other,
                                     more_purposes_than_counted_still_differ, chances_are_bounded,
                                     a_full_wire_refuses_instead_of_growing_for_ever,
                                     a_wire_takes_packets_up_to_its_mtu, NULL });
}
