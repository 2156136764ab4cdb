/* A lookup against a host of straw: what it asks, what it believes, and how long it waits. */
#include "tests/lib/dns_straw.h"
#include "tests/lib/check.h"

#include <string.h>

#define START STRAW_START

START_TEST(some_names_need_nobody)
{
    static const struct { const char *name; enum dns_from from; uint8_t last; } easy[] = {
        { "10.0.0.7", DNS_FROM_LITERAL, 7 },   { "localhost", DNS_FROM_HOSTS, 1 },
        { "LocalHost.", DNS_FROM_HOSTS, 1 },   { "a.localhost", DNS_FROM_HOSTS, 1 },
        { "Hosted.test", DNS_FROM_HOSTS, 90 }, { "hosted.test.", DNS_FROM_HOSTS, 90 },
    };
    for (size_t i = 0; i < sizeof easy / sizeof *easy; i++) {
        struct scene s = scene();
        start(&s, easy[i].name, START);
        is_found(&s, easy[i].from, easy[i].last);
        ck_assert_uint_eq(s.straw.n_sent, 0);
    }
}
END_TEST

START_TEST(some_names_are_refused_at_once)
{
    static const struct { const char *name, *id; } bad[] = {
        { "www.invalid", "dns.invalid_name" },
        { "INVALID.", "dns.invalid_name" },
        { "", "dns.name_empty" },
        { "a..b", "dns.label_empty" },
        { "a b", "dns.name_odd_character" },
        { "\x1b[31m", "dns.name_odd_character" },
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct scene s = scene();
        start(&s, bad[i].name, START);
        is_failed(&s, bad[i].id);
        ck_assert_uint_eq(s.straw.n_sent, 0);
    }
    struct scene s = scene();
    s.config.n_servers = 0;
    start(&s, "www.example.test", START);
    is_failed(&s, "dns.no_server");
    s = scene();
    s.straw.no_ports = true;
    start(&s, "www.example.test", START);
    is_failed(&s, "dns.no_server");
    s = scene();
    start(&s, "notinvalid", START);                               /* ends in the letters, not in the label */
    ck_assert_int_eq(s.l.says, DNS_ASKING);
    s = scene();
    start(&s, "notlocalhost", START);
    ck_assert_int_eq(s.l.says, DNS_ASKING);
}
END_TEST

START_TEST(a_query_goes_out_and_its_answer_is_believed)
{
    struct scene s = scene();
    start(&s, "WWW.example.test.", START);
    ck_assert_int_eq(s.l.says, DNS_ASKING);
    ck_assert_uint_eq(s.straw.n_sent, 1);
    ck_assert_uint_eq(s.straw.sent.to_port, 53);
    ck_assert_uint_eq(s.straw.sent.to.octets[3], 53);
    struct dns_message q = query(&s);
    ck_assert_str_eq(q.question, "www.example.test");
    ck_assert(q.edns.here && q.edns.udp_size == DNS_UDP_SIZE && q.edns.version == 0);
    ck_assert(q.recursion_desired && !q.response);
    ck_assert_uint_eq(q.question_type, DNS_TYPE_A);
    ck_assert_uint_eq(q.question_class, DNS_CLASS_IN);
    struct datagram d = good_reply(&s);
    step(&s, &d, START + MILLISECOND);
    is_found(&s, DNS_FROM_SERVER, 80);
    ck_assert_uint_eq(s.l.ttl, 300);
    step(&s, &d, START + SECOND);                  /* a second copy, a late timer: nothing happens any more */
    step(&s, NULL, START + 100 * SECOND);
    is_found(&s, DNS_FROM_SERVER, 80);
}
END_TEST

START_TEST(the_cache_keeps_an_answer_as_long_as_its_ttl)
{
    struct scene s = scene();
    start(&s, "www.example.test", START);
    struct datagram d = good_reply(&s);
    step(&s, &d, START);
    start(&s, "WWW.EXAMPLE.TEST", START + 100 * SECOND);
    is_found(&s, DNS_FROM_CACHE, 80);
    ck_assert_uint_eq(s.l.ttl, 200);
    start(&s, "www.example.test", START + 300 * SECOND - 1);
    is_found(&s, DNS_FROM_CACHE, 80);
    start(&s, "www.example.test", START + 300 * SECOND);
    ck_assert_int_eq(s.l.says, DNS_ASKING);
    ck_assert_uint_eq(s.straw.n_sent, 2);
}
END_TEST

START_TEST(a_ttl_of_0_is_not_kept_and_a_huge_one_not_believed)
{
    struct scene s = scene();
    start(&s, "zero.test", START);
    struct dns_message m = reply_message(&s);
    add(&m, "zero.test", DNS_TYPE_A, "", 80, 0);
    struct datagram d = reply_with(&s, &m);
    step(&s, &d, START);
    is_found(&s, DNS_FROM_SERVER, 80);
    start(&s, "zero.test", START);
    ck_assert_int_eq(s.l.says, DNS_ASKING);
    m = reply_message(&s);
    add(&m, "zero.test", DNS_TYPE_A, "", 81, 0x7fffffff);
    d = reply_with(&s, &m);
    step(&s, &d, START);
    is_found(&s, DNS_FROM_SERVER, 81);
    start(&s, "zero.test", START + 7 * 24 * 3600 * SECOND);
    ck_assert_int_eq(s.l.says, DNS_ASKING);
}
END_TEST

START_TEST(the_cache_is_bounded_and_renewed)
{
    struct scene s = scene();
    for (unsigned i = 0; i < 2 * DNS_CACHE; i++) {
        char name[] = "aa.test";
        name[0] = (char)('a' + i % 26);
        name[1] = (char)('a' + i / 26);
        start(&s, name, START);
        struct datagram d = good_reply(&s);
        step(&s, &d, START);
        is_found(&s, DNS_FROM_SERVER, 80);
        start(&s, name, START);
        is_found(&s, DNS_FROM_CACHE, 80);
    }
    start(&s, "aa.test", START);
    ck_assert_int_eq(s.l.says, DNS_ASKING);                       /* pushed out long ago */
}
END_TEST

/* Each of these would fool a careless resolver. None ends the lookup, and the true answer is taken
 * afterwards. */
START_TEST(wrong_answers_are_dropped)
{
    struct scene s = scene();
    start(&s, "www.example.test", START);
    struct datagram d = good_reply(&s), bad;
    struct dns_message m = reply_message(&s);

    bad = d, bad.from = addr_v4(10, 0, 0, 66);                    /* a stranger */
    step(&s, &bad, START);
    ck_assert_int_eq(s.l.says, DNS_ASKING);
    bad = d, bad.from = addr_v4(10, 0, 0, 54);                   /* a server of ours, but not the one asked */
    step(&s, &bad, START);
    ck_assert_int_eq(s.l.says, DNS_ASKING);
    bad = d, bad.from_port = 5353;
    step(&s, &bad, START);
    ck_assert_int_eq(s.l.says, DNS_ASKING);
    bad = d, bad.to_port++;
    step(&s, &bad, START);
    ck_assert_int_eq(s.l.says, DNS_ASKING);
    for (unsigned bit = 0; bit < 16; bit++) {                     /* the id */
        bad = d, bad.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        step(&s, &bad, START);
        ck_assert_int_eq(s.l.says, DNS_ASKING);
    }
    bad = s.straw.sent, bad.from = d.from, bad.to = d.to;         /* our own query, come back */
    bad.from_port = d.from_port, bad.to_port = d.to_port;
    step(&s, &bad, START);
    ck_assert_int_eq(s.l.says, DNS_ASKING);
    bad = d, bad.bytes[2] |= 0x08;                                /* an opcode */
    step(&s, &bad, START);
    ck_assert_int_eq(s.l.says, DNS_ASKING);
    bad = d, bad.bytes[13] ^= 1;                                  /* "vww.example.test" */
    step(&s, &bad, START);
    ck_assert_int_eq(s.l.says, DNS_ASKING);
    bad = d, bad.bytes[13] ^= 0x20;                               /* the letters of another spelling */
    step(&s, &bad, START);
    ck_assert_int_eq(s.l.says, DNS_ASKING);
    m.question_type = 28;
    bad = reply_with(&s, &m);
    step(&s, &bad, START);
    ck_assert_int_eq(s.l.says, DNS_ASKING);
    m.question_type = 1, m.question_class = 3;
    bad = reply_with(&s, &m);
    step(&s, &bad, START);
    ck_assert_int_eq(s.l.says, DNS_ASKING);
    for (bad = d, bad.len = 0; bad.len < d.len; bad.len++) {      /* cut short */
        step(&s, &bad, START);
        ck_assert_int_eq(s.l.says, DNS_ASKING);
    }
    bad = code_reply(&s, DNS_NXDOMAIN), bad.bytes[0] ^= 1;        /* a forged "no such name" */
    step(&s, &bad, START);
    ck_assert_int_eq(s.l.says, DNS_ASKING);

    ck_assert_uint_eq(s.straw.n_sent, 1);
    step(&s, &d, START);
    is_found(&s, DNS_FROM_SERVER, 80);
}
END_TEST

/* An answer for another name in a true answer poisons nothing. */
START_TEST(only_the_name_asked_for_is_taken)
{
    struct scene s = scene();
    start(&s, "www.example.test", START);
    struct dns_message m = reply_message(&s);
    add(&m, "www.bank.test", DNS_TYPE_A, "", 66, 300);
    struct datagram d = reply_with(&s, &m);
    step(&s, &d, START);
    is_failed(&s, "dns.no_address");
    start(&s, "www.bank.test", START);
    ck_assert_int_eq(s.l.says, DNS_ASKING);
}
END_TEST

START_TEST(tries_take_turns_with_new_ids_and_ports_and_end_within_10_s)
{
    struct scene s = scene();
    static const nsec waits[] = { 1 * SECOND, 2 * SECOND, 4 * SECOND, 2 * SECOND };
    uint16_t ids[4], ports[4];
    nsec now = START;
    s.config.tries = 4;
    start(&s, "www.example.test", now);
    for (unsigned i = 0; i < 4; i++) {
        ck_assert_uint_eq(s.straw.n_sent, i + 1);
        ck_assert_uint_eq(s.straw.sent.to.octets[3], 53 + i % 2);
        ids[i] = query(&s).id;
        ports[i] = s.straw.sent.from_port;
        for (unsigned j = 0; j < i; j++) {
            ck_assert_uint_ne(ids[i], ids[j]);
            ck_assert_uint_ne(ports[i], ports[j]);
        }
        ck_assert_int_eq(dns_lookup_wake(&s.l), now + waits[i]);
        step(&s, NULL, now + waits[i] - 1);                       /* too early */
        ck_assert_uint_eq(s.straw.n_sent, i + 1);
        now += waits[i];
        step(&s, NULL, now);
    }
    is_failed(&s, "dns.silent");
    ck_assert_uint_eq(s.straw.n_sent, 4);
    ck_assert_int_lt(now - START, 10 * SECOND);
}
END_TEST

START_TEST(ten_tries_in_the_sealed_world)
{
    struct scene s = scene();
    s.config.tries = 10;
    start(&s, "www.example.test", START);
    unsigned steps = 0;
    nsec now = START;
    for (; s.l.says == DNS_ASKING; steps++)
        step(&s, NULL, now = dns_lookup_wake(&s.l));
    ck_assert_uint_eq(steps, 10);
    ck_assert_uint_eq(s.straw.n_sent, 10);
    ck_assert_int_eq(now - START, 33 * SECOND);
    is_failed(&s, "dns.silent");
}
END_TEST

START_TEST(the_answer_to_an_earlier_try_is_too_late)
{
    struct scene s = scene();
    start(&s, "www.example.test", START);
    struct datagram early = good_reply(&s);
    step(&s, NULL, START + SECOND);
    step(&s, &early, START + SECOND);
    ck_assert_int_eq(s.l.says, DNS_ASKING);
    struct datagram d = good_reply(&s);
    step(&s, &d, START + SECOND);
    is_found(&s, DNS_FROM_SERVER, 80);
}
END_TEST

START_TEST(what_the_server_says_about_the_name_ends_it)
{
    struct scene s = scene();
    start(&s, "www.example.test", START);
    struct datagram d = code_reply(&s, DNS_NXDOMAIN);
    step(&s, &d, START);
    is_failed(&s, "dns.no_such_name");
    s = scene();
    start(&s, "www.example.test", START);
    d = code_reply(&s, DNS_NOERROR);
    step(&s, &d, START);
    is_failed(&s, "dns.no_address");
}
END_TEST

START_TEST(a_server_that_does_not_help_is_passed_over)
{
    static const uint8_t codes[] = { DNS_FORMERR, DNS_SERVFAIL, DNS_NOTIMP, DNS_REFUSED, 9 };
    for (size_t i = 0; i < sizeof codes; i++) {
        struct scene s = scene();
        s.config.no_edns = true;
        start(&s, "www.example.test", START);
        struct datagram d = code_reply(&s, codes[i]);
        step(&s, &d, START);
        ck_assert_int_eq(s.l.says, DNS_ASKING);
        ck_assert_uint_eq(s.straw.n_sent, 2);                     /* the other one, at once */
        ck_assert_uint_eq(s.straw.sent.to.octets[3], 54);
        step(&s, NULL, START + 10 * SECOND);
        ck_assert_uint_eq(s.straw.sent.to.octets[3], 54);         /* and only that one from now on */
        struct scene both = s;
        d = good_reply(&s);
        step(&s, &d, START + 10 * SECOND);
        is_found(&s, DNS_FROM_SERVER, 80);
        d = code_reply(&both, codes[i]);
        step(&both, &d, START + 10 * SECOND);
        is_failed(&both, codes[i] == DNS_REFUSED ? "dns.refused" : "dns.server_failed");
    }
}
END_TEST

START_TEST(aliases_are_followed_in_any_order)
{
    struct scene s = scene();
    start(&s, "www.example.test", START);
    struct dns_message m = reply_message(&s);
    add(&m, "c.test", DNS_TYPE_A, "", 80, 300);
    add(&m, "b.test", DNS_TYPE_CNAME, "c.test", 0, 20);
    add(&m, "x.test", DNS_TYPE_CNAME, "y.test", 0, 1);
    add(&m, "www.example.test", DNS_TYPE_CNAME, "b.test", 0, 300);
    struct datagram d = reply_with(&s, &m);
    step(&s, &d, START);
    is_found(&s, DNS_FROM_SERVER, 80);
    ck_assert_uint_eq(s.l.ttl, 20);                               /* the shortest of the chain */
    start(&s, "www.example.test", START + 19 * SECOND);
    is_found(&s, DNS_FROM_CACHE, 80);
}
END_TEST

START_TEST(a_chain_of_aliases_may_be_as_long_as_what_is_kept)
{
    struct scene s = scene();
    start(&s, "a.test", START);
    struct dns_message m = reply_message(&s);
    for (char c = 'a'; m.n_answers < DNS_ANSWERS - 1; c++)
        add(&m, (char[]){ c, '.', 't', 'e', 's', 't', 0 }, DNS_TYPE_CNAME,
            (char[]){ (char)(c + 1), '.', 't', 'e', 's', 't', 0 }, 0, 9);
    add(&m, "p.test", DNS_TYPE_A, "", 80, 9);
    struct datagram d = reply_with(&s, &m);
    step(&s, &d, START);
    is_found(&s, DNS_FROM_SERVER, 80);
}
END_TEST

START_TEST(alias_circles_and_dead_ends_are_refused)
{
    struct scene s = scene();
    start(&s, "a.test", START);
    struct dns_message m = reply_message(&s);
    add(&m, "a.test", DNS_TYPE_CNAME, "b.test", 0, 300);
    struct datagram d = reply_with(&s, &m);
    struct scene t = s;
    step(&s, &d, START);                                          /* the end of the chain is asked for */
    ck_assert_str_eq(query(&s).question, "b.test");
    d = code_reply(&s, DNS_NXDOMAIN);
    step(&s, &d, START);
    is_failed(&s, "dns.alias_without_address");
    add(&m, "b.test", DNS_TYPE_CNAME, "a.test", 0, 300);
    d = reply_with(&t, &m);
    step(&t, &d, START);
    is_failed(&t, "dns.alias_loop");
    s = scene();
    start(&s, "a.test", START);
    m = reply_message(&s);
    add(&m, "a.test", DNS_TYPE_CNAME, "a.test", 0, 300);
    d = reply_with(&s, &m);
    step(&s, &d, START);
    is_failed(&s, "dns.alias_loop");
}
END_TEST

START_TEST(a_lookup_can_be_given_up)
{
    struct scene s = scene();
    start(&s, "www.example.test", START);
    ck_assert(any_open(&s));
    dns_lookup_stop(&s.l, &s.straw.host);
    ck_assert(!any_open(&s));
    dns_lookup_stop(&s.l, &s.straw.host);
}
END_TEST

/* The story as it is told: what, and because of what. */
struct told {
    struct view view;
    unsigned n;
    struct {
        char name[24];
        enum event_kind kind;
        event_no n, cause;
    } e[40];
};

static void note(struct view *v, const struct trace *t, const struct event *e)
{
    struct told *k = (struct told *)v;
    (void)t;
    strncpy(k->e[k->n].name, e->name, 23);
    k->e[k->n].kind = e->kind;
    k->e[k->n].n = e->n;
    k->e[k->n++].cause = e->cause;
    ck_assert_uint_lt(k->n, 40);
}

START_TEST(the_story_is_told_with_its_causes)
{
    static const char *const want[] = {
        "looked_in_cache", "looked_in_hosts", "asked", "query", "answer", "dropped", "retry", "asked", "query",
        "answer", "kept", "answered" };
    struct trace *t = trace_new(START);
    struct told k = { .view = { .event = note } };
    trace_attach(t, &k.view);
    struct scene s = scene();
    s.config.voice = (struct voice){ .trace = t, .host = 1 };
    start(&s, "www.example.test", START);
    struct datagram bad = good_reply(&s);
    bad.bytes[0] ^= 1;
    step(&s, &bad, START);
    step(&s, NULL, START + SECOND);
    struct datagram d = good_reply(&s);
    step(&s, &d, START + SECOND);
    is_found(&s, DNS_FROM_SERVER, 80);
    ck_assert_uint_eq(k.n, sizeof want / sizeof *want);
    for (unsigned i = 0; i < k.n; i++)
        ck_assert_str_eq(k.e[i].name, want[i]);
    ck_assert_uint_eq(k.e[3].cause, k.e[2].n);                    /* the query, because somebody asked */
    ck_assert_uint_eq(k.e[6].cause, k.e[2].n);                    /* patience ended with that question */
    ck_assert_uint_eq(k.e[7].cause, k.e[6].n);                    /* asked again because of the timer */
    ck_assert_uint_eq(s.straw.sent.cause, k.e[7].n);              /* what the packet will say */
    ck_assert_int_eq(k.e[5].kind, EVENT_CHECK);
    ck_assert_int_eq(k.e[6].kind, EVENT_TIMER);
    trace_free(t);
}
END_TEST

int main(void)
{
    return check_run(
        "dns_lookup",
        (const TTest *[]){
            some_names_need_nobody, some_names_are_refused_at_once,
            a_query_goes_out_and_its_answer_is_believed, the_cache_keeps_an_answer_as_long_as_its_ttl,
            a_ttl_of_0_is_not_kept_and_a_huge_one_not_believed, the_cache_is_bounded_and_renewed,
            wrong_answers_are_dropped, only_the_name_asked_for_is_taken,
            tries_take_turns_with_new_ids_and_ports_and_end_within_10_s, ten_tries_in_the_sealed_world,
            the_answer_to_an_earlier_try_is_too_late, what_the_server_says_about_the_name_ends_it,
            a_server_that_does_not_help_is_passed_over, aliases_are_followed_in_any_order,
            a_chain_of_aliases_may_be_as_long_as_what_is_kept, alias_circles_and_dead_ends_are_refused,
            a_lookup_can_be_given_up, the_story_is_told_with_its_causes, NULL });
}
