/* A lookup over two stacks of ours in the sealed world: what the wire does to it, and that every octet has a
 * name. */
#include "net/dns_lookup.h"
#include "net/dns_zone.h"
#include "net/forge.h"
#include "net/sealed.h"
#include "net/seed.h"
#include "net/stack.h"
#include "tests/lib/check.h"

#include <stdlib.h>
#include <string.h>

enum { BROWSER = 1, RESOLVER, FORGER };
#define START (INT64_C(1000000) * SECOND)

struct scene {
    struct sealed *sealed;
    struct pool pool;
    struct host *hosts[3];
    struct link *links[3];
    struct dns_lookup lookup;
    struct zone zone;
    struct forger forger;
    struct link *forgers_link;
    uint64_t seed;
    unsigned forged, right_ids;                       /* guesses of a forger; those that had the id */
    unsigned queries;                                 /* that came to the resolver */
    nsec now;
};

static void set_up(struct scene *s, uint64_t seed, const struct wires *wires, struct trace *t)
{
    static const char zone[] = "www.example.test. 300 A 10.0.0.80\n";
    *s = (struct scene){ .sealed = sealed_new(seed, wires, START, t), .now = START, .seed = seed };
    ck_assert(zone_read(&s->zone, zone, sizeof zone - 1, NULL));
    pool_start(&s->pool, 1 << 20);
    for (uint16_t i = BROWSER; i <= RESOLVER; i++) {
        struct addr a = addr_v4(10, 0, 0, i == BROWSER ? 2 : 53);
        struct voice voice = { .trace = t, .host = i };
        s->links[i] = sealed_link(s->sealed, i, &a);
        s->hosts[i] = stack_host(stack_new(&(struct stack_config){
            .addr = a, .prefix = 24, .mtu = 1500, .connections = 4, .backlog = 4, .window = 65535,
            .syn_tries = 6, .data_tries = 15, .pool = &s->pool, .chance = sealed_chance(s->sealed, i, 0), .voice = voice }));
    }
    ck_assert_uint_eq(s->hosts[RESOLVER]->ops->udp_open(s->hosts[RESOLVER], DNS_PORT, NULL), DNS_PORT);
}

static void tear_down(struct scene *s)
{
    for (uint16_t i = BROWSER; i <= RESOLVER; i++)
        s->hosts[i]->ops->free(s->hosts[i]);
    zone_free(&s->zone);
    sealed_free(s->sealed);
    pool_end(&s->pool);
}

static void serve(struct scene *s)
{
    static struct datagram query, answer;
    struct host *h = s->hosts[RESOLVER];
    while (h->ops->udp_next(h, &query))
        if (dns_serve(&query, &s->zone, DNS_UDP_SIZE, &h->voice, &answer, NULL)) {
            ck_assert(h->ops->udp_send(h, &answer, s->now));
            s->queries++;
        }
}

static void listen_for_answers(struct scene *s)
{
    static struct datagram d;
    struct host *h = s->hosts[BROWSER];
    while (h->ops->udp_next(h, &d))
        dns_lookup_step(&s->lookup, h, &d, s->now);
}

static void pull(struct scene *s)
{
    static uint8_t octets[PACKET_MTU];
    for (uint16_t i = BROWSER; i <= RESOLVER; i++) {
        struct packet p = { .bytes = octets, .room = sizeof octets };
        while (s->hosts[i]->ops->output(s->hosts[i], &p, s->now)) {
            s->links[i]->send(s->links[i], &p, s->now);
            p = (struct packet){ .bytes = octets, .room = sizeof octets };
        }
    }
}

/* Somebody on the same wire who sees nothing. He knows when a question is asked, whose, and of which server; even the port
 * and six bits of the id. The other ten and the letters he guesses: `guesses` times, faster than the server answers. */
static void forge(struct scene *s, uint64_t seed, unsigned guesses)
{
    const struct addr from = addr_v4(10, 0, 0, 53), to = addr_v4(10, 0, 0, 2);
    const struct addr own = addr_v4(10, 0, 0, 66);
    struct seed_chance chance;
    seed_chance_start(&chance, seed, FORGER, 0);
    forger_start(&s->forger, &(struct voice){ .host = FORGER });
    s->forgers_link = sealed_link(s->sealed, FORGER, &own);
    for (unsigned i = 0; i < guesses; i++) {
        static uint8_t octets[PACKET_MTU];
        struct datagram d = { .from = from, .from_port = DNS_PORT, .to = to,
                              .to_port = s->lookup.family[DNS_FAMILY_A].query.port };
        struct dns_message m = { .response = true, .question = "www.example.test", .question_type = DNS_TYPE_A,
                                 .question_class = DNS_CLASS_IN, .n_answers = 1 };
        uint8_t guess[4];
        chance_fill(&chance.chance, "guess", guess, sizeof guess);
        m.id = (uint16_t)((s->lookup.family[DNS_FAMILY_A].query.id & 0xfc00) | (guess[0] << 8 & 0x300) | guess[1]);
        s->right_ids += m.id == s->lookup.family[DNS_FAMILY_A].query.id;
        memcpy(m.spelled, m.question, sizeof m.spelled);
        for (unsigned k = 0; m.spelled[k]; k++)
            if (m.spelled[k] != '.' && (guess[2 + k / 8] >> k % 8 & 1))
                m.spelled[k] = (char)(m.spelled[k] - 0x20);
        m.answers[0] = (struct dns_record){ .name = "www.example.test", .type = DNS_TYPE_A, .ttl = 300, .addr = own };
        d.len = (uint32_t)dns_write(&m, d.bytes, sizeof d.bytes);
        forge_datagram(&s->forger, &d);
        struct packet p = { .bytes = octets, .room = sizeof octets };
        while (s->forger.host.ops->output(&s->forger.host, &p, s->now))
            s->forgers_link->send(s->forgers_link, &p, s->now);
    }
}

/* The loop: until the lookup is done and nothing is under way any more. */
static void run(struct scene *s, struct trace *t, const char *name)
{
    struct dns_config config = { .server = { addr_v4(10, 0, 0, 53) }, .n_servers = 1, .tries = 10,
                                 .chance = sealed_chance(s->sealed, BROWSER, 0),
                                 .voice = s->hosts[BROWSER]->voice };
    struct world *world = sealed_world(s->sealed);
    struct happening h = { .now = s->now };
    dns_lookup_start(&s->lookup, &config, name, s->hosts[BROWSER], s->now);
    if (s->forged)
        forge(s, s->seed + 1000, s->forged);
    do {
        serve(s);
        listen_for_answers(s);
        if (dns_lookup_wake(&s->lookup) <= s->now)
            dns_lookup_step(&s->lookup, s->hosts[BROWSER], NULL, s->now);
        pull(s);
        trace_turn(t);
        ck_assert(world_next(world, dns_lookup_wake(&s->lookup), &h));
        s->now = h.now;
        trace_at(t, h.now);
        trace_because(t, h.what == HAPPENED_PACKET ? h.packet->cause : 0);
        if (h.what == HAPPENED_PACKET)
            s->hosts[h.host]->ops->input(s->hosts[h.host], h.packet, h.now);
    } while (h.what != HAPPENED_NOTHING);
}

START_TEST(a_clean_lookup_takes_one_round_trip)
{
    struct scene s;
    set_up(&s, 1, NULL, NULL);
    run(&s, NULL, "www.example.test");
    ck_assert_int_eq(s.lookup.says, DNS_FOUND);
    ck_assert_uint_eq(s.lookup.addr.octets[3], 80);
    ck_assert_int_eq(s.now, START + 2 * SEALED_DELAY_MS * MILLISECOND);
    ck_assert_uint_eq(s.queries, 1);
    tear_down(&s);
    set_up(&s, 1, NULL, NULL);
    run(&s, NULL, "nobody.example.test");
    ck_assert_int_eq(s.lookup.says, DNS_FAILED);
    ck_assert_str_eq(s.lookup.fault.ground->id, "dns.no_such_name");
    tear_down(&s);
}
END_TEST

START_TEST(a_bad_wire_makes_it_slower_and_never_wrong)
{
    const struct wires bad = { .delay = 20 * MILLISECOND,
                               .loss = 100, .dup = 200, .reorder = 300, .corrupt = 100 };
    unsigned slow = 0, again = 0;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        struct scene s;
        set_up(&s, seed, &bad, NULL);
        run(&s, NULL, "www.example.test");
        ck_assert_msg(s.lookup.says == DNS_FOUND && s.lookup.addr.octets[3] == 80, "seed %u: %s",
                      (unsigned)seed, s.lookup.fault.came);
        slow += s.lookup.family[DNS_FAMILY_A].query.tried > 1;
        again += s.queries > s.lookup.family[DNS_FAMILY_A].query.tried;
        tear_down(&s);
    }
    ck_assert_uint_gt(slow, 20);
    ck_assert_uint_gt(again, 0);
}
END_TEST

/* Kaminsky's race (CVE-2008-1447) with a forger who knows nearly all: a hundred lookups, a hundred guesses at each. About ten
 * of these have the right id (it is counted), and die of the letters; the true answer is taken, in time. */
START_TEST(a_blind_forger_is_faster_and_not_believed)
{
    unsigned ids = 0;
    for (uint64_t seed = 1; seed <= 100; seed++) {
        struct scene s;
        set_up(&s, seed, NULL, NULL);
        s.forged = 100;
        run(&s, NULL, "www.example.test");
        ck_assert_int_eq(s.lookup.says, DNS_FOUND);
        ck_assert_uint_eq(s.lookup.addr.octets[3], 80);
        ck_assert_uint_eq(s.lookup.family[DNS_FAMILY_A].query.tried, 1);
        ids += s.right_ids;
        tear_down(&s);
    }
    ck_assert_uint_ge(ids, 4);
    ck_assert_uint_le(ids, 20);
}
END_TEST

/* What is named: of each packet by itself, and of each stream by the messages on it. */
enum { MOST = 64, ROOM = 512 };
struct names {
    struct view view;
    struct { uint32_t len; bool named[ROOM]; struct carry carry; } packet[MOST];
    struct { buf_no on; } message[MOST];              /* the stream that message d<n> lies on */
    bool stream[MOST][ROOM];
    unsigned packets, messages;
};

static void note_event(struct view *v, const struct trace *t, const struct event *e)
{
    struct names *n = (struct names *)v;
    (void)t;
    uint32_t at = buf_count(e->buf);
    ck_assert_uint_lt(at, MOST);
    if (e->kind == EVENT_PACKET) {
        n->packets++;
        n->packet[at].len = (uint32_t)e->bytes.n;
        if (e->n_carries)
            n->packet[at].carry = e->carries[0];
    } else if (e->kind == EVENT_MESSAGE) {
        n->messages++;
        ck_assert_uint_eq(e->n_spans, 1);
        n->message[at].on = e->spans[0].in;
    }
}

static void note_field(struct view *v, const struct trace *t, const struct field *f)
{
    struct names *n = (struct names *)v;
    uint32_t at = buf_count(f->buf);
    (void)t;
    if (f->type == FIELD_GROUP)
        return;
    bool *named = buf_letter(f->buf) == 'p' ? n->packet[at].named : n->stream[buf_count(n->message[at].on)];
    for (uint32_t i = f->off; i < f->off + f->len && i < ROOM; i++)
        named[i] = true;
}

START_TEST(every_octet_of_every_packet_has_a_name)
{
    const struct wires bad = { .delay = 20 * MILLISECOND,
                               .loss = 300, .dup = 300, .reorder = 300, .corrupt = 300 };
    for (uint64_t seed = 1; seed <= 30; seed++) {
        struct names *n = calloc(1, sizeof *n);
        struct trace *t = trace_new(START);
        struct scene s;
        n->view = (struct view){ .event = note_event, .field = note_field };
        trace_attach(t, &n->view);
        trace_host(t, "browser", (const uint8_t[]){ 10, 0, 0, 2 }, 4);
        trace_host(t, "resolver", (const uint8_t[]){ 10, 0, 0, 53 }, 4);
        set_up(&s, seed, &bad, t);
        run(&s, t, "www.example.test");
        ck_assert_uint_ge(n->packets, 2);
        ck_assert_uint_ge(n->messages, n->packets);
        for (unsigned p = 1; p <= n->packets; p++)
            for (uint32_t i = 0; i < n->packet[p].len; i++) {
                const struct carry *c = &n->packet[p].carry;
                bool above = c->stream && i >= c->at && i < c->at + c->len;
                const bool *named = above ? &n->stream[buf_count(c->stream)][c->off + i - c->at]
                                          : &n->packet[p].named[i];
                ck_assert_msg(*named, "seed %u, octet %u of p%u has no name", (unsigned)seed, i, p);
            }
        tear_down(&s);
        trace_free(t);
        free(n);
    }
}
END_TEST

int main(void)
{
    return check_run("dns_sealed", (const TTest *[]){
        a_clean_lookup_takes_one_round_trip, a_bad_wire_makes_it_slower_and_never_wrong, a_blind_forger_is_faster_and_not_believed,
        every_octet_of_every_packet_has_a_name, NULL });
}
