/* From a name to an open connection, in virtual time: two kinds of addresses, of which some are a black hole. */
#include "http/reach.h"
#include "tests/lib/check.h"
#include "tests/lib/dns_straw.h"

#include <string.h>

#define START STRAW_START
#define MS MILLISECOND

/* A host whose calls the test answers. */
enum { CALLS = 8 };
struct callee {
    struct scene scene;
    struct carrier calls[CALLS];
    nsec at[CALLS];
    unsigned n, aborted, released;
    bool no_way_to_six;
    struct host_ops ops;
};
static struct callee *the;

static void touch(struct carrier *c, event_no why) { (void)c, (void)why; }
static void close_it(struct carrier *c) { c->closing = true; }
static void abort_it(struct carrier *c) { c->ended = true, the->aborted++; }
static void release(struct carrier *c) { (void)c, the->released++; }

static struct carrier *call(struct host *host, const struct addr *to, uint16_t port, nsec now, struct fault *why)
{
    static const struct ground unreachable = { "tcp.unreachable", "RFC 9293 §3.9.2.2" };
    static const struct carrier_ops ops = { touch, close_it, abort_it, release };
    (void)host;
    ck_assert_uint_eq(port, 443);
    if (to->len == 16 && the->no_way_to_six) {
        refuse(why, &unreachable, "a way to that address", "none");
        return NULL;
    }
    struct carrier *c = &the->calls[the->n];
    *c = (struct carrier){ .ops = &ops, .peer = *to };
    the->at[the->n++] = now;
    return c;
}

static struct reach set_up(struct callee *k, bool ipv6, nsec now)
{
    struct reach r;
    the = k;
    *k = (struct callee){ .scene = scene() };
    k->ops = *k->scene.straw.host.ops;
    k->ops.connect = call;
    k->scene.straw.host.ops = &k->ops;
    k->scene.straw.host.ipv6 = ipv6;
    k->scene.config.want = DNS_WANT_A | DNS_WANT_AAAA;
    k->scene.config.chance = &k->scene.chance.chance;
    k->scene.config.cache = &k->scene.cache;
    const struct reach_config config = { .dns = k->scene.config, .name = "www.example.test", .port = 443 };
    reach_start(&r, &config, &k->scene.straw.host, k, now);
    return r;
}

/* The answer to the query that was sent before the last (AAAA) or last (A). */
static void answer(struct callee *k, struct reach *r, bool six, uint8_t last, nsec now)
{
    const struct datagram *q = six ? &k->scene.straw.sent_before : &k->scene.straw.sent;
    struct dns_message m = query_in(q);
    ck_assert_uint_eq(m.question_type, six ? DNS_TYPE_AAAA : DNS_TYPE_A);
    m.response = true;
    if (last)
        add(&m, m.question, m.question_type, "", last, 300);
    struct datagram d = reply_to(q, &m);
    reach_datagram(r, &d, now);
    reach_call(r, now);
}

static void pass(struct reach *r, nsec now)
{
    reach_tick(r, now);
    reach_call(r, now);
}

static void opens(struct callee *k, struct reach *r, unsigned i, nsec now)
{
    k->calls[i].open = true;
    ck_assert(reach_news(r, &k->calls[i], now));
    reach_call(r, now);
}

START_TEST(both_kinds_are_asked_for_and_ipv6_wins)
{
    struct callee k;
    struct reach r = set_up(&k, true, START);
    ck_assert_uint_eq(k.scene.straw.n_sent, 2);
    answer(&k, &r, false, 80, START + 5 * MS);
    ck_assert_uint_eq(k.n, 0);
    answer(&k, &r, true, 80, START + 9 * MS);
    ck_assert_uint_eq(k.n, 1);
    ck_assert_uint_eq(k.calls[0].peer.len, 16);
    opens(&k, &r, 0, START + 20 * MS);
    ck_assert_int_eq(r.says, REACH_OPEN);
    ck_assert_ptr_eq(r.carrier, &k.calls[0]);
    ck_assert_ptr_eq(k.calls[0].user, &k);
    ck_assert_int_eq(reach_wake(&r), NEVER);
    reach_stop(&r);
    ck_assert_uint_eq(k.aborted + k.released, 0);                 /* it is the caller's now */
    ck_assert(!any_open(&k.scene));
}
END_TEST

/* IPv6 leads nowhere and says nothing: IPv4 is open a quarter of a second later, not after a minute. */
START_TEST(a_black_hole_costs_250_ms)
{
    struct callee k;
    struct reach r = set_up(&k, true, START);
    answer(&k, &r, true, 80, START);
    answer(&k, &r, false, 80, START);
    ck_assert_uint_eq(k.n, 1);
    ck_assert_int_eq(reach_wake(&r), START + 250 * MS);
    pass(&r, START + 250 * MS);
    ck_assert_uint_eq(k.n, 2);
    ck_assert_uint_eq(k.calls[1].peer.len, 4);
    opens(&k, &r, 1, START + 270 * MS);
    ck_assert_int_eq(r.says, REACH_OPEN);
    ck_assert_ptr_eq(r.carrier, &k.calls[1]);
    ck_assert_uint_eq(k.aborted, 1);                              /* the other is given up */
    ck_assert_uint_eq(k.released, 1);
}
END_TEST

START_TEST(a_refusal_costs_nothing)
{
    static const struct ground refused = { "tcp.refused", "RFC 9293 §3.10.7.3" };
    struct callee k;
    struct fault why = { 0 };
    struct reach r = set_up(&k, true, START);
    answer(&k, &r, true, 80, START);
    answer(&k, &r, false, 80, START);
    refuse(&why, &refused, "SYN-ACK to our SYN", "RST");
    k.calls[0].ended = true;
    k.calls[0].fault = &why;
    ck_assert(reach_news(&r, &k.calls[0], START + MS));
    reach_call(&r, START + MS);
    ck_assert_int_eq(k.at[1], START + MS);
    k.calls[1].ended = true;
    k.calls[1].fault = &why;
    ck_assert(reach_news(&r, &k.calls[1], START + 2 * MS));
    ck_assert_int_eq(r.says, REACH_FAILED);
    ck_assert_str_eq(r.fault.ground->id, "tcp.refused");
    reach_stop(&r);
    ck_assert_uint_eq(k.released, 2);
}
END_TEST

START_TEST(no_way_at_all_to_ipv6)
{
    struct callee k;
    struct reach r = set_up(&k, true, START);
    k.no_way_to_six = true;
    answer(&k, &r, true, 80, START);                              /* no address of IPv4 yet */
    ck_assert_int_eq(r.says, REACH_TRYING);
    answer(&k, &r, false, 80, START + 3 * MS);
    ck_assert_int_eq(k.at[0], START + 3 * MS);
    ck_assert_uint_eq(k.calls[0].peer.len, 4);
    reach_stop(&r);
    ck_assert_uint_eq(k.aborted, 1);
}
END_TEST

START_TEST(a_late_name_server_does_not_hold_up_the_other_kind)
{
    struct callee k;
    struct reach r = set_up(&k, true, START);
    answer(&k, &r, false, 80, START + 10 * MS);
    ck_assert_int_eq(reach_wake(&r), START + 60 * MS);
    pass(&r, START + 60 * MS);
    ck_assert_uint_eq(k.n, 1);
    opens(&k, &r, 0, START + 80 * MS);
    ck_assert_int_eq(r.says, REACH_OPEN);
    ck_assert(!any_open(&k.scene));                               /* nobody waits for the AAAA any more */
}
END_TEST

START_TEST(a_host_without_ipv6_asks_for_ipv4_alone)
{
    struct callee k;
    struct reach r = set_up(&k, false, START);
    ck_assert_uint_eq(k.scene.straw.n_sent, 1);
    answer(&k, &r, false, 80, START);
    ck_assert_uint_eq(k.n, 1);
    reach_stop(&r);
}
END_TEST

START_TEST(a_name_with_no_address_fails_as_the_lookup_did)
{
    struct callee k;
    struct reach r = set_up(&k, true, START);
    answer(&k, &r, true, 0, START);
    ck_assert_int_eq(r.says, REACH_TRYING);
    answer(&k, &r, false, 0, START);
    ck_assert_int_eq(r.says, REACH_FAILED);
    ck_assert_str_eq(r.fault.ground->id, "dns.no_address");
    ck_assert(!any_open(&k.scene));
}
END_TEST

START_TEST(an_address_needs_no_lookup)
{
    struct callee k;
    struct reach r = set_up(&k, true, START);
    reach_stop(&r);
    const struct reach_config config = { .port = 443, .address = addr_v4(10, 0, 0, 7) };
    reach_start(&r, &config, &k.scene.straw.host, &k, START);
    ck_assert(reach_due(&r, START));
    reach_call(&r, START);
    ck_assert_uint_eq(k.n, 1);
    opens(&k, &r, 0, START);
    ck_assert_int_eq(r.says, REACH_OPEN);
}
END_TEST

int main(void)
{
    return check_run("reach", (const TTest *[]){
        both_kinds_are_asked_for_and_ipv6_wins, a_black_hole_costs_250_ms, a_refusal_costs_nothing,
        no_way_at_all_to_ipv6, a_late_name_server_does_not_hold_up_the_other_kind,
        a_host_without_ipv6_asks_for_ipv4_alone, a_name_with_no_address_fails_as_the_lookup_did,
        an_address_needs_no_lookup, NULL });
}
