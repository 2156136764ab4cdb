/* One question to the servers: over UDP and TCP, with and without EDNS, both kinds of addresses, search domains, what is
 * kept of a "no"; and what a blind forger's chances are. */
#include "tests/lib/check.h"
#include "tests/lib/dns_straw.h"

#include <string.h>

#define START STRAW_START
#define TC(d) ((d).bytes[2] |= 0x02)

/* ---- over TCP ---- */

static struct dns_message written(struct scene *s)
{
    struct dns_message m;
    struct bytes b = ring_peek(&s->straw.carrier.out);
    ck_assert_uint_ge(b.n, 2);
    ck_assert_uint_eq((unsigned)(b.at[0] << 8 | b.at[1]), b.n - 2);
    struct wire_in in = wire_over(b.at + 2, b.n - 2, NULL);
    ck_assert(dns_read(&in, &m, NULL));
    return m;
}

static bool news(struct scene *s, nsec now)
{
    return dns_lookup_news(&s->l, &s->straw.host, &s->straw.carrier, now);
}

/* What the server writes comes in pieces of `piece` octets. */
static void comes_over_tcp(struct scene *s, const struct dns_message *m, size_t piece, nsec now)
{
    uint8_t octets[4096];
    size_t n = dns_write(m, octets + 2, sizeof octets - 2);
    ck_assert_uint_gt(n, 0);
    octets[0] = (uint8_t)(n >> 8);
    octets[1] = (uint8_t)n;
    for (size_t at = 0; at < n + 2; at += piece) {
        size_t k = n + 2 - at < piece ? n + 2 - at : piece;
        ck_assert_uint_eq(ring_write(&s->straw.carrier.in, octets + at, k), k);
        news(s, now);
    }
}

static void asked(struct scene *s)
{
    *s = scene();
    start(s, "www.example.test", START);
}

static void cut_off(struct scene *s)
{
    struct datagram d = good_reply(s);
    TC(d);
    step(s, &d, START);
    ck_assert_int_eq(s->l.says, DNS_ASKING);
    ck_assert_uint_eq(s->straw.connected, 1);
    ck_assert(!s->straw.open[0]);
    ck_assert_uint_eq(s->straw.carrier.peer.octets[3], 53);       /* the same server */
    ck_assert_uint_eq(s->straw.carrier.peer_port, 53);
    s->straw.carrier.open = true;
    ck_assert(news(s, START));
}

START_TEST(what_is_cut_off_is_asked_for_over_tcp)
{
    for (size_t piece = 1; piece < 80; piece += 3) {
        struct scene s;
        asked(&s);
        cut_off(&s);
        struct dns_message m = written(&s);
        ck_assert_str_eq(m.question, "www.example.test");
        m.response = true;
        add(&m, m.question, DNS_TYPE_A, "", 81, 300);
        comes_over_tcp(&s, &m, piece, START);
        is_found(&s, DNS_FROM_SERVER, 81);
        ck_assert(s.straw.carrier.closing);                       /* with FIN: all was read */
    }
}
END_TEST

/* CVE-2015-7547: the octets of an answer that is too large are taken from where there is room for them, or not at all. */
START_TEST(lengths_over_tcp_are_not_believed)
{
    struct scene s;
    asked(&s);
    cut_off(&s);
    uint8_t lie[2] = { 0xff, 0xff };
    ring_write(&s.straw.carrier.in, lie, 2);
    ck_assert(news(&s, START));
    ck_assert_uint_eq(s.straw.released, 1);                       /* longer than an answer may be: another server */
    ck_assert_uint_eq(s.straw.sent.to.octets[3], 54);

    asked(&s);
    cut_off(&s);
    struct dns_message m = written(&s);
    m.response = true;
    m.id ^= 1;
    add(&m, m.question, DNS_TYPE_A, "", 66, 300);
    comes_over_tcp(&s, &m, 4096, START);                          /* not the answer: no second one is waited for */
    ck_assert_int_eq(s.l.says, DNS_ASKING);
    ck_assert_uint_eq(s.straw.released, 1);
}
END_TEST

START_TEST(a_server_without_tcp_is_passed_over)
{
    struct scene s;
    asked(&s);
    s.straw.no_tcp = true;
    struct datagram d = good_reply(&s);
    TC(d);
    step(&s, &d, START);
    ck_assert_int_eq(s.l.says, DNS_ASKING);
    ck_assert_uint_eq(s.straw.sent.to.octets[3], 54);
    asked(&s);
    cut_off(&s);
    s.straw.carrier.peer_done = true;                             /* it closes without a word */
    ck_assert(news(&s, START));
    ck_assert_uint_eq(s.straw.sent.to.octets[3], 54);
    d = good_reply(&s);
    step(&s, &d, START);
    is_found(&s, DNS_FROM_SERVER, 80);
    asked(&s);
    cut_off(&s);
    step(&s, NULL, dns_lookup_wake(&s.l));                        /* it says nothing at all */
    ck_assert_uint_eq(s.straw.released, 1);
    ck_assert_uint_eq(s.straw.sent.to.octets[3], 54);
    dns_lookup_stop(&s.l, &s.straw.host);
    ck_assert(!any_open(&s));
}
END_TEST

START_TEST(over_tcp_from_the_start)
{
    struct scene s = scene();
    s.config.tcp_only = true;
    start(&s, "www.example.test", START);
    ck_assert_uint_eq(s.straw.n_sent, 0);
    s.straw.carrier.open = true;
    news(&s, START);
    struct dns_message m = written(&s);
    m.response = true;
    add(&m, m.question, DNS_TYPE_A, "", 80, 300);
    comes_over_tcp(&s, &m, 4096, START);
    is_found(&s, DNS_FROM_SERVER, 80);
}
END_TEST

/* ---- EDNS ---- */

START_TEST(a_server_without_edns_is_asked_without)
{
    static const uint8_t codes[] = { DNS_FORMERR, DNS_NOTIMP };
    for (unsigned i = 0; i < 2; i++) {
        struct scene s = scene();
        start(&s, "www.example.test", START);
        ck_assert(query(&s).edns.here);
        struct datagram d = code_reply(&s, codes[i]);
        step(&s, &d, START);
        ck_assert_uint_eq(s.straw.n_sent, 2);
        ck_assert_uint_eq(s.straw.sent.to.octets[3], 53);
        ck_assert(!query(&s).edns.here);
        d = good_reply(&s);
        step(&s, &d, START);
        is_found(&s, DNS_FROM_SERVER, 80);
    }
    struct scene s = scene();
    start(&s, "www.example.test", START);
    struct dns_message m = reply_message(&s);
    m.rcode = DNS_BADVERS;
    struct datagram d = reply_with(&s, &m);
    step(&s, &d, START);
    ck_assert(!query(&s).edns.here);
}
END_TEST

START_TEST(an_error_without_a_question_is_one)
{
    struct scene s = scene();
    start(&s, "www.example.test", START);
    struct dns_message m = { .id = query(&s).id, .response = true, .no_question = true, .rcode = DNS_REFUSED };
    struct datagram d = reply_with(&s, &m), forged = d;
    forged.bytes[1] ^= 1;
    step(&s, &forged, START);
    ck_assert_uint_eq(s.straw.n_sent, 1);
    step(&s, &d, START);
    ck_assert_uint_eq(s.straw.sent.to.octets[3], 54);             /* the other one, at once */
}
END_TEST

/* ---- both kinds, search domains, a "no" that is kept ---- */

START_TEST(both_kinds_are_asked_for_at_once)
{
    struct scene s = scene();
    s.config.want = DNS_WANT_A | DNS_WANT_AAAA;
    start(&s, "www.example.test", START);
    ck_assert_uint_eq(s.straw.n_sent, 2);
    struct dns_message six = query_in(&s.straw.sent_before), four = query(&s);
    ck_assert_uint_eq(six.question_type, DNS_TYPE_AAAA);
    ck_assert_uint_eq(four.question_type, DNS_TYPE_A);
    ck_assert(six.id != four.id && s.straw.sent.from_port != s.straw.sent_before.from_port);
    six.response = four.response = true;
    add(&six, six.question, DNS_TYPE_AAAA, "", 7, 60);
    add(&six, six.question, DNS_TYPE_AAAA, "", 8, 50);
    struct datagram d6 = reply_to(&s.straw.sent_before, &six), d4 = reply_to(&s.straw.sent, &four);
    step(&s, &d6, START);
    ck_assert_int_eq(s.l.says, DNS_ASKING);
    ck_assert_int_eq(s.l.family[DNS_FAMILY_AAAA].says, DNS_FOUND);
    ck_assert_uint_eq(s.l.family[DNS_FAMILY_AAAA].n, 2);
    ck_assert_uint_eq(s.l.family[DNS_FAMILY_AAAA].ttl, 50);
    step(&s, &d4, START);
    is_found(&s, DNS_FROM_SERVER, 7);
    ck_assert_str_eq(s.l.family[DNS_FAMILY_A].fault.ground->id, "dns.no_address");
}
END_TEST

static struct datagram negative(const struct scene *s, uint8_t rcode, uint32_t ttl, uint32_t minimum)
{
    struct dns_message m = reply_message(s);
    m.rcode = rcode;
    m.soa = (struct dns_soa){ .here = true, .ttl = ttl, .minimum = minimum, .zone = "test", .mname = "ns.test",
                              .rname = "a.test" };
    return reply_with(s, &m);
}

START_TEST(a_no_is_kept_as_the_zone_says)
{
    static const struct { uint32_t ttl, minimum, kept; } cases[] = {
        { 300, 60, 60 }, { 20, 60, 20 }, { 100000, 100000, DNS_NEGATIVE_TTL_MOST } };
    for (unsigned i = 0; i < 3; i++)
        for (unsigned none = 0; none < 2; none++) {
            struct scene s = scene();
            start(&s, "nobody.test", START);
            struct datagram d = negative(&s, none ? DNS_NOERROR : DNS_NXDOMAIN, cases[i].ttl, cases[i].minimum);
            step(&s, &d, START);
            is_failed(&s, none ? "dns.no_address" : "dns.no_such_name");
            start(&s, "Nobody.test.", START + cases[i].kept * SECOND - 1);
            is_failed(&s, none ? "dns.no_address" : "dns.no_such_name");
            ck_assert_uint_eq(s.straw.n_sent, 1);
            s.config.want = DNS_WANT_AAAA;                        /* no such name holds for all types, no address for one */
            start(&s, "nobody.test", START + 1);
            ck_assert_int_eq(s.l.says, none ? DNS_ASKING : DNS_FAILED);
            dns_lookup_stop(&s.l, &s.straw.host);
            s.config.want = DNS_WANT_A;
            start(&s, "nobody.test", START + cases[i].kept * SECOND);
            ck_assert_int_eq(s.l.says, DNS_ASKING);
        }
}
END_TEST

START_TEST(a_no_without_soa_or_of_another_zone_is_not_kept)
{
    struct scene s = scene();
    start(&s, "nobody.test", START);
    struct datagram d = code_reply(&s, DNS_NXDOMAIN);
    step(&s, &d, START);
    start(&s, "nobody.test", START);
    ck_assert_int_eq(s.l.says, DNS_ASKING);
    struct dns_message m = reply_message(&s);
    m.rcode = DNS_NXDOMAIN;
    m.soa = (struct dns_soa){ .here = true, .ttl = 60, .minimum = 60, .zone = "bank.test" };
    d = reply_with(&s, &m);
    step(&s, &d, START);
    start(&s, "nobody.test", START);
    ck_assert_int_eq(s.l.says, DNS_ASKING);
}
END_TEST

static void asks_for(struct scene *s, const char *want, uint8_t rcode)
{
    ck_assert_str_eq(query(s).question, want);
    struct datagram d = rcode ? code_reply(s, rcode) : good_reply(s);
    step(s, &d, START);
}

START_TEST(search_domains_by_dots)
{
    static const char search[2][DNS_NAME] = { "a.test", "b.test" };
    struct scene s = scene();
    s.config.search = search;
    s.config.n_search = 2;
    s.config.ndots = 1;
    start(&s, "www", START);                                      /* fewer dots: below the domains first */
    asks_for(&s, "www.a.test", DNS_NXDOMAIN);
    asks_for(&s, "www.b.test", DNS_NXDOMAIN);
    asks_for(&s, "www", DNS_NXDOMAIN);
    is_failed(&s, "dns.no_such_name");
    start(&s, "www.x", START);
    asks_for(&s, "www.x", DNS_NXDOMAIN);
    asks_for(&s, "www.x.a.test", 0);
    is_found(&s, DNS_FROM_SERVER, 80);
    ck_assert_str_eq(s.l.name, "www.x.a.test");
    start(&s, "www.", START);                                     /* a last dot: as it is, and nothing else */
    asks_for(&s, "www", DNS_NXDOMAIN);
    is_failed(&s, "dns.no_such_name");
    start(&s, "down", START);                                     /* a server that fails says nothing about the name */
    asks_for(&s, "down.a.test", DNS_SERVFAIL);
    asks_for(&s, "down.a.test", DNS_SERVFAIL);
    is_failed(&s, "dns.server_failed");
}
END_TEST

START_TEST(aliases_are_asked_on_but_not_for_ever)
{
    struct scene s = scene();
    start(&s, "a0.test", START);
    for (unsigned i = 0; s.l.says == DNS_ASKING; i++) {
        char target[16] = "a0.test";
        ck_assert_uint_le(i, DNS_RESTARTS_MOST);
        target[1] = (char)('1' + i);
        struct dns_message m = reply_message(&s);
        add(&m, m.question, DNS_TYPE_CNAME, target, 0, 300);
        struct datagram d = reply_with(&s, &m);
        step(&s, &d, START);
    }
    is_failed(&s, "dns.alias_loop");
    start(&s, "a.test", START);
    struct dns_message m = reply_message(&s);
    add(&m, "a.test", DNS_TYPE_CNAME, "b.test", 0, 30);
    struct datagram d = reply_with(&s, &m);
    step(&s, &d, START);
    asks_for(&s, "b.test", 0);
    is_found(&s, DNS_FROM_SERVER, 80);
    ck_assert_uint_eq(s.l.ttl, 30);                               /* the least of the whole chain */
    start(&s, "a.test", START + SECOND);
    is_found(&s, DNS_FROM_CACHE, 80);
}
END_TEST

START_TEST(servers_of_ipv6_only_where_the_host_has_it)
{
    struct scene s = scene();
    s.config.server[0] = (struct addr){ 16, { 0xfd } };
    start(&s, "www.example.test", START);
    ck_assert_uint_eq(s.straw.sent.to.octets[3], 54);
    s = scene();
    s.config.server[0] = (struct addr){ 16, { 0xfd } };
    s.straw.host.ipv6 = true;
    start(&s, "www.example.test", START);
    ck_assert_uint_eq(s.straw.sent.to.len, 16);
}
END_TEST

/* ---- a blind forger (RFC 5452; CVE-2008-1447) ---- */

/* Of 2^16 ids, 2^16 ports and 2^14 spellings of www.example.test, one each is believed. So one guess hits with a chance of
 * 1 in 2^46 (less what the port's range leaves out); Kaminsky's had 1 in 2^16. */
START_TEST(a_blind_forger_has_one_id_one_port_and_one_spelling)
{
    struct scene s = scene();
    start(&s, "www.example.test", START);
    const struct datagram good = good_reply(&s);
    const char *spelled = s.l.family[DNS_FAMILY_A].query.spelled;
    unsigned ids = 0, ports = 0, spellings = 0, letters[16], n = 0;
    for (unsigned id = 0; id < 0x10000; id++) {
        struct scene t = s;
        struct datagram d = good;
        d.bytes[0] = (uint8_t)(id >> 8);
        d.bytes[1] = (uint8_t)id;
        step(&t, &d, START);
        ids += t.l.says == DNS_FOUND;
        t = s;
        d = good;
        d.to_port = (uint16_t)id;
        step(&t, &d, START);
        ports += t.l.says == DNS_FOUND;
    }
    for (unsigned i = 0; spelled[i]; i++)
        if (spelled[i] != '.')
            letters[n++] = i;
    ck_assert_uint_eq(n, 14);
    for (unsigned way = 0; way < 1u << n; way++) {
        struct scene t = s;
        struct datagram d = good;
        for (unsigned i = 0; i < n; i++)
            d.bytes[13 + letters[i]] = (uint8_t)((d.bytes[13 + letters[i]] & ~0x20u) | (way >> i & 1 ? 0x20 : 0));
        step(&t, &d, START);
        spellings += t.l.says == DNS_FOUND;
    }
    ck_assert_uint_eq(ids, 1);
    ck_assert_uint_eq(ports, 1);
    ck_assert_uint_eq(spellings, 1);
}
END_TEST

/* Nothing that can be guessed from the tries before: over 4096 lookups each bit of the id, and each letter, is set about half
 * of the time (within six standard deviations). */
START_TEST(what_is_to_be_guessed_is_even)
{
    enum { LOOKUPS = 4096 };
    unsigned bits[16] = { 0 }, upper[16] = { 0 }, same = 0;
    struct scene s = scene();
    uint16_t last = 0;
    for (unsigned i = 0; i < LOOKUPS; i++) {
        s.config.cache = NULL;
        start(&s, "www.example.test", START);
        const struct dns_query *q = &s.l.family[DNS_FAMILY_A].query;
        for (unsigned b = 0; b < 16; b++) {
            bits[b] += q->id >> b & 1;
            upper[b] += q->spelled[b] >= 'A' && q->spelled[b] <= 'Z';
        }
        same += i && q->id == last;
        last = q->id;
        dns_lookup_stop(&s.l, &s.straw.host);
    }
    for (unsigned b = 0; b < 16; b++) {
        ck_assert_uint_ge(bits[b], LOOKUPS / 2 - 192);
        ck_assert_uint_le(bits[b], LOOKUPS / 2 + 192);
        if (b != 3 && b != 11) {                                  /* the dots */
            ck_assert_uint_ge(upper[b], LOOKUPS / 2 - 192);
            ck_assert_uint_le(upper[b], LOOKUPS / 2 + 192);
        }
    }
    ck_assert_uint_le(same, 4);
}
END_TEST

/* A server that rewrites the letters is asked over TCP, where no stranger can mix in; and it is not believed before. */
START_TEST(other_letters_lead_to_tcp)
{
    struct scene s = scene();
    s.config.n_servers = 1;
    start(&s, "www.example.test", START);
    struct datagram d = good_reply(&s);
    for (unsigned i = 13; i < 29; i++)
        d.bytes[i] |= d.bytes[i] >= 'A' && d.bytes[i] <= 'Z' ? 0x20 : 0;
    step(&s, &d, START);
    ck_assert_int_eq(s.l.says, DNS_ASKING);
    ck_assert_uint_eq(s.straw.connected, 0);                      /* the true answer may still come */
    step(&s, NULL, START + SECOND);
    ck_assert_uint_eq(s.straw.connected, 1);
    s.straw.carrier.open = true;
    news(&s, START + SECOND);
    struct dns_message m = written(&s);
    m.response = true;
    add(&m, m.question, DNS_TYPE_A, "", 80, 300);
    comes_over_tcp(&s, &m, 4096, START + SECOND);
    is_found(&s, DNS_FROM_SERVER, 80);
}
END_TEST

int main(void)
{
    return check_run("dns_query", (const TTest *[]){
        what_is_cut_off_is_asked_for_over_tcp, lengths_over_tcp_are_not_believed, a_server_without_tcp_is_passed_over,
        over_tcp_from_the_start, a_server_without_edns_is_asked_without, an_error_without_a_question_is_one,
        both_kinds_are_asked_for_at_once, a_no_is_kept_as_the_zone_says,
        a_no_without_soa_or_of_another_zone_is_not_kept, search_domains_by_dots,
        aliases_are_asked_on_but_not_for_ever, servers_of_ipv6_only_where_the_host_has_it,
        a_blind_forger_has_one_id_one_port_and_one_spelling, what_is_to_be_guessed_is_even,
        other_letters_lead_to_tcp, NULL });
}
