/* Causes that DNS shows, of connections and of captures without any. */
#include "net/dns.h"
#include "net/frame.h"
#include "net/icmp.h"
#include "net/udp.h"
#include "tests/lib/chance.h"
#include "tests/lib/check.h"
#include "tests/lib/scene_made.h"

#include <stdio.h>
#include <string.h>

static void asks(void)
{
    s->dns = (struct seen_dns){ .name = "www.example.test", .type = DNS_TYPE_A, .id = 7, .answered = true, .answers = 1,
                                .client = addr_v4(10, 0, 0, 2), .server = addr_v4(10, 0, 0, 53),
                                .answer = addr_v4(10, 0, 0, 1), .addresses = { addr_v4(10, 0, 0, 1) },
                                .asked_packet = 90, .answer_packet = 91, .asked = s->at - SECOND, .asked_times = 1 };
    s->c.dns = &s->dns;
}

static void two_answers(void) { sound(), asks(), s->dns.other_answer = true, s->dns.other = addr_v4(6, 6, 6, 6); }
static void other_question(void) { sound(), asks(), s->dns.other_question = true; }
static void dns_slow(void) { sound(), asks(), s->dns.took = 3 * SECOND; }

static void other_address(void)
{
    asks(), says_hello(usual()), resets(1, false);
    s->all.dns[0] = s->dns, s->all.n_dns = 1, s->c.dns = NULL;
    s->all.dns[0].answer = s->all.dns[0].addresses[0] = addr_v4(10, 0, 0, 77);
}

static void just_begun(void)                            /* the capture ends before an answer can be there */
{
    other_address(), side(1)->rst = (struct flow_moment){ 0, 0 }, ends_at(5 * MS);
}

static void round_robin(void)
{
    sound();
    s->dns = (struct seen_dns){ .name = "www.example.test", .answered = true, .answers = 1, .other_answer = true,
                                .asked_times = 2, .took = 20 * MS };
    s->c.dns = &s->dns;
}

static const struct scene_row rows[] = {
    SOUND(round_robin), SOUND(just_begun),
    { two_answers, "dns.two_answers" }, { other_question, "dns.other_question" },
    { other_address, "dns.other_address" }, { dns_slow, "dns.slow" },
};

START_TEST(names_it) { scene_named(&rows[_i]); } END_TEST
START_TEST(rows_are_shown) { scene_shows_all("dns.", rows, sizeof rows / sizeof *rows); } END_TEST

static const char *of_one_question(void)
{
    struct diagnosis d[2] = { { .cause = NULL } };
    s->all.dns[0] = s->dns, s->all.n_dns = 1, s->all.last_at = s->at + 9 * SECOND;
    return diagnose_capture(&s->all, d, 2) ? d[0].cause->id : "";
}

static const char *of_capture(unsigned rcode, unsigned answers, bool answered)
{
    asks();
    s->dns.rcode = rcode, s->dns.answers = answers, s->dns.answered = answered;
    return of_one_question();
}

START_TEST(names_without_connections)
{
    scene_begin();
    ck_assert_str_eq(of_capture(3, 0, true), "dns.no_such_name");
    ck_assert_str_eq(of_capture(2, 0, true), "dns.server_failed");
    ck_assert_str_eq(of_capture(0, 0, true), "dns.no_address");
    ck_assert_str_eq(of_capture(0, 0, false), "dns.silent");
    ck_assert_str_eq(of_capture(0, 1, true), "");
    s->dns.took = 3 * SECOND;                          /* the address came, and too late for whoever asked */
    ck_assert_str_eq(of_one_question(), "dns.slow");
    s->all.tcp = 9;                                    /* somebody was called: the name is found, or another's trouble */
    ck_assert_str_eq(of_capture(3, 0, true), "");
    scene_end();
}
END_TEST

/* No AAAA, or tried with a search domain first: another answer has the address. */
START_TEST(found_by_another_question)
{
    struct diagnosis d[2];
    scene_begin();
    asks();
    s->all.dns[0] = s->all.dns[1] = s->all.dns[2] = s->dns, s->all.n_dns = 3;
    s->all.dns[0].type = DNS_TYPE_AAAA, s->all.dns[0].answers = 0;
    snprintf(s->all.dns[1].name, sizeof s->all.dns[1].name, "www.example.test.lan");
    s->all.dns[1].rcode = 3, s->all.dns[1].answers = 0;
    ck_assert_uint_eq(diagnose_capture(&s->all, d, 2), 0);
    scene_end();
}
END_TEST

/* ---- nobody listens */
struct sent { uint8_t octets[600]; size_t n; };

static struct sent packet(unsigned protocol, const struct addr *from, const struct addr *to, const uint8_t *payload, size_t n)
{
    struct sent p = { .n = ip_header_size(to) + n };
    ck_assert_uint_le(p.n, sizeof p.octets);
    ip_write(&(struct ip_header){ .hop_limit = IP_HOPS, .protocol = (uint8_t)protocol, .source = *from, .destination = *to,
                                  .total_length = (uint32_t)p.n }, p.octets);
    memcpy(p.octets + p.n - n, payload, n);
    return p;
}

static struct sent udp_of(const struct dns_message *m, const struct addr *from, uint16_t from_port, const struct addr *to,
                          uint16_t to_port)
{
    struct datagram d = { .from = *from, .to = *to, .from_port = from_port, .to_port = to_port };
    uint8_t udp[400];
    d.len = (uint32_t)dns_write(m, d.bytes, sizeof d.bytes);
    size_t n = udp_write(&d, udp, sizeof udp);
    ck_assert(d.len && n);
    return packet(IP_UDP, from, to, udp, n);
}

/* Two questions that differ in the type alone, asked with one id, are both answered. */
START_TEST(one_id_for_two_types)
{
    const struct addr client = addr_v4(10, 0, 0, 2), server = addr_v4(10, 0, 0, 53);
    static const uint16_t types[4] = { DNS_TYPE_AAAA, DNS_TYPE_A, DNS_TYPE_A, DNS_TYPE_AAAA };
    struct test_chance chance = test_chance(1);
    struct keylog *keylog = keylog_new();
    struct reading *r = reading_new(&(struct reading_config){ .keylog = keylog, .chance = &chance.chance });
    for (unsigned i = 0; i < 4; i++) {
        struct dns_message m = { .id = 7, .question = "www.example.test", .question_type = types[i], .response = i > 1,
                                 .question_class = DNS_CLASS_IN };
        struct sent p = i > 1 ? udp_of(&m, &server, DNS_PORT, &client, 40000) : udp_of(&m, &client, 40000, &server, DNS_PORT);
        reading_frame(r, &(struct capture_frame){ .number = i + 1, .has_time = true, .at = TEST_NOW + i * MS, .link = LINK_RAW,
                                                  .wire_n = (uint32_t)p.n, .bytes = { p.octets, p.n } });
    }
    const struct capture_facts *f = reading_facts(r);
    ck_assert_uint_eq(f->n_dns, 2);
    for (unsigned i = 0; i < 2; i++)
        ck_assert(f->dns[i].answered && !f->dns[i].other_question);
    reading_free(r), keylog_free(keylog);
}
END_TEST

static struct sent question(const struct addr *client, const struct addr *server, uint16_t port)
{
    struct dns_message m = { .id = 7, .question = "www.example.test", .question_type = DNS_TYPE_A,
                             .question_class = DNS_CLASS_IN, .recursion_desired = true };
    struct datagram d = { .from = *client, .to = *server, .from_port = port, .to_port = DNS_PORT };
    uint8_t udp[400];
    d.len = (uint32_t)dns_write(&m, d.bytes, sizeof d.bytes);
    size_t n = udp_write(&d, udp, sizeof udp);
    ck_assert(d.len && n);
    return packet(IP_UDP, client, server, udp, n);
}

static struct sent error(const struct icmp_error *e, const struct addr *from, const struct addr *to, const struct sent *about)
{
    uint8_t icmp[ICMP_ERROR_MAX];
    size_t n = icmp_write_error(e, from, to, about->octets, about->n, icmp);
    return packet(to->len == 16 ? IP_ICMP6 : IP_ICMP, from, to, icmp, n);
}

static struct addr addr_six(uint8_t last)
{
    struct addr a = { .len = 16, .octets = { 0x20, 0x01, 0x0d, 0xb8 } };
    a.octets[15] = last;
    return a;
}

/* What is named of a question and an error about a question from that port. */
static const char *refused(bool six, enum icmp_says says, uint16_t port)
{
    struct addr client = six ? addr_six(2) : addr_v4(10, 0, 0, 2), server = six ? addr_six(53) : addr_v4(10, 0, 0, 53);
    struct sent asked = question(&client, &server, 40000), about = question(&client, &server, port);
    struct sent all[2] = { asked, error(&(struct icmp_error){ .says = says }, &server, &client, &about) };
    struct test_chance chance = test_chance(1);
    struct keylog *keylog = keylog_new();
    struct reading *r = reading_new(&(struct reading_config){ .keylog = keylog, .chance = &chance.chance });
    struct diagnosis d[1] = { { .cause = NULL } };
    for (unsigned i = 0; i < 2; i++)
        reading_frame(r, &(struct capture_frame){ .number = i + 1, .has_time = true, .at = TEST_NOW + i * MS, .link = LINK_RAW,
                                                  .wire_n = (uint32_t)all[i].n, .bytes = { all[i].octets, all[i].n } });
    reading_end(r);
    if (diagnose_capture(reading_facts(r), d, 1))
        ck_assert(d[0].n == 2 && d[0].packets[0] == 1 && d[0].packets[1] == 2);
    reading_free(r), keylog_free(keylog);
    return d[0].cause ? d[0].cause->id : "";
}

/* RFC 1122 §4.1.3.1: UDP tells by ICMP that nobody listens. */
START_TEST(nobody_listens)
{
    ck_assert_str_eq(refused(false, ICMP_SAYS_NO_PORT, 40000), "dns.port_unreachable");
    ck_assert_str_eq(refused(true, ICMP_SAYS_NO_PORT, 40000), "dns.port_unreachable");
    ck_assert_str_eq(refused(false, ICMP_SAYS_NO_PORT, 40001), "");    /* about another's question */
    ck_assert_str_eq(refused(false, ICMP_SAYS_TOO_BIG, 40000), "");
}
END_TEST

/* Asked again, it answered after all. */
START_TEST(refused_and_answered)
{
    struct diagnosis d[1];
    scene_begin();
    asks();
    s->dns.refused_packet = 91, s->dns.refused_by = s->dns.server, s->dns.answer_packet = 93;
    s->all.dns[0] = s->dns, s->all.n_dns = 1;
    ck_assert_uint_eq(diagnose_capture(&s->all, d, 1), 0);
    s->all.dns[0].rcode = DNS_NXDOMAIN, s->all.dns[0].answers = 0;
    ck_assert_uint_eq(diagnose_capture(&s->all, d, 1), 1);
    ck_assert_str_eq(d[0].cause->id, "dns.no_such_name");
    scene_end();
}
END_TEST

int main(void)
{
    return check_run_rows("diagnose_dns", names_it, sizeof rows / sizeof *rows,
                          (const TTest *[]){ rows_are_shown, names_without_connections, found_by_another_question, nobody_listens, one_id_for_two_types,
                                             refused_and_answered, NULL });
}
