/* Zones: master files as people write them, what they say of names, and answers that fit or not. */
#include "net/dns_zone.h"
#include "tests/lib/check.h"

#include <stdlib.h>
#include <string.h>

static const char ZONE[] =
    "; a zone\n"
    "$ORIGIN example.test.\n"
    "$TTL 1h\n"
    "@ IN SOA ns hostmaster.example.test. ( 2026010100 ; serial\n"
    "      2h 15m\n"
    "      2w 120 )\n"
    "        NS   ns\n"
    "ns      A    10.0.0.53\n"
    "www 300 IN A 10.0.0.80\n"
    "    IN 200 A 10.0.0.81\n"
    "      AAAA fd00::80\n"
    "SHOP    CNAME WWW\n"
    "deep.er A 10.0.0.9\n"
    "away    CNAME www.elsewhere.\n"
    "round   CNAME round2\n"
    "round2  CNAME round\n"
    "txt     TXT \"some ; words\" more\n"
    "*.w     60 A 10.0.0.99\n"
    "fixed.w A 10.0.0.98\n"
    "$ORIGIN sub.example.test.\n"
    "a       A 10.0.0.70";

static struct zone zone;

static struct dns_message ask(const char *name, uint16_t type, unsigned udp_most, uint16_t udp_size)
{
    struct dns_message m = { .id = 7, .recursion_desired = true, .question_type = type, .question_class = DNS_CLASS_IN,
                             .edns = { .here = udp_size != 0, .udp_size = udp_size } }, answer;
    uint8_t query[DNS_MESSAGE], octets[8192];
    struct fault why = { 0 };
    strcpy(m.question, name);
    size_t n = dns_write(&m, query, sizeof query);
    ck_assert_uint_gt(n, 0);
    n = zone_answer(&zone, (struct bytes){ query, n }, udp_most, octets, sizeof octets, &why);
    ck_assert_msg(n > 0, "%s", why.came);
    struct wire_in in = wire_over(octets, n, NULL);
    ck_assert_msg(dns_read(&in, &answer, &why), "%s", why.came);
    ck_assert(answer.response && answer.id == 7);
    ck_assert_str_eq(answer.question, name);
    ck_assert_int_eq(answer.edns.here, udp_size != 0);
    return answer;
}

static struct dns_message asked(const char *name, uint16_t type) { return ask(name, type, DNS_UDP_SIZE, DNS_UDP_SIZE); }

static void set_up(void) { ck_assert(zone_read(&zone, ZONE, sizeof ZONE - 1, NULL)); }
static void tear_down(void) { zone_free(&zone); }

START_TEST(a_zone_says_what_it_has)
{
    set_up();
    struct dns_message m = asked("www.example.test", DNS_TYPE_A);
    ck_assert_uint_eq(m.n_answers, 2);
    ck_assert_uint_eq(m.answers[0].ttl, 300);
    ck_assert_uint_eq(m.answers[1].ttl, 200);
    m = asked("www.example.test", DNS_TYPE_AAAA);
    ck_assert_uint_eq(m.answers[0].ttl, 3600);
    ck_assert_uint_eq(m.answers[0].addr.len, 16);
    m = asked("shop.example.test", DNS_TYPE_A);
    ck_assert_uint_eq(m.n_answers, 3);
    ck_assert_str_eq(m.answers[0].target, "www.example.test");
    m = asked("shop.example.test", DNS_TYPE_CNAME);
    ck_assert_uint_eq(m.n_answers, 1);
    m = asked("a.sub.example.test", DNS_TYPE_A);
    ck_assert_uint_eq(m.answers[0].addr.octets[3], 70);
    tear_down();
}
END_TEST

START_TEST(a_zone_says_what_it_has_not)
{
    static const struct { const char *name; uint16_t type; unsigned rcode; } none[] = {
        { "nobody.example.test", DNS_TYPE_A, DNS_NXDOMAIN },  { "txt.example.test", DNS_TYPE_A, DNS_NOERROR },
        { "ns.example.test", DNS_TYPE_AAAA, DNS_NOERROR },    { "er.example.test", DNS_TYPE_A, DNS_NOERROR },
        { "example.test", DNS_TYPE_A, DNS_NOERROR },          { "w.example.test", DNS_TYPE_A, DNS_NOERROR },
        { "x.w.example.test", DNS_TYPE_AAAA, DNS_NOERROR },   { "x.fixed.w.example.test", DNS_TYPE_A, DNS_NXDOMAIN },
    };
    set_up();
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        struct dns_message m = asked(none[i].name, none[i].type);
        ck_assert_msg(m.rcode == none[i].rcode && m.n_answers == 0, "%s: code %u, %u answers", none[i].name, m.rcode,
                      m.n_answers);
        ck_assert_str_eq(m.soa.zone, "example.test");
        ck_assert_uint_eq(m.soa.ttl, 3600);
        ck_assert_uint_eq(m.soa.minimum, 120);
        ck_assert_uint_eq(m.soa.serial, 2026010100);
    }
    struct dns_message m = asked("www.elsewhere", DNS_TYPE_A);
    ck_assert_uint_eq(m.rcode, DNS_REFUSED);
    m = asked("away.example.test", DNS_TYPE_A);
    ck_assert_uint_eq(m.n_answers, 1);                            /* and no word about the other zone */
    ck_assert(!m.soa.here);
    m = asked("round.example.test", DNS_TYPE_A);                  /* a circle ends */
    ck_assert_uint_le(m.n_answers, ZONE_ALIASES + 1);
    tear_down();
}
END_TEST

/* RFC 4592 §2.2.1 */
START_TEST(wildcards_stand_for_names_that_are_not_there)
{
    set_up();
    struct dns_message m = asked("a.b.w.example.test", DNS_TYPE_A);
    ck_assert_uint_eq(m.answers[0].addr.octets[3], 99);
    ck_assert_str_eq(m.answers[0].name, "a.b.w.example.test");
    m = asked("fixed.w.example.test", DNS_TYPE_A);
    ck_assert_uint_eq(m.answers[0].addr.octets[3], 98);
    tear_down();
}
END_TEST

START_TEST(what_does_not_fit_is_cut_off)
{
    char text[2048] = "$ORIGIN test.\n@ SOA a b 1 2 3 4 5\nmany CNAME a-name-that-is-long-enough-to-fill-a-datagram\n";
    for (unsigned i = 0; i < 14; i++)
        strcat(text, "a-name-that-is-long-enough-to-fill-a-datagram AAAA fd00::1\n");
    ck_assert(zone_read(&zone, text, strlen(text), NULL));
    struct dns_message m = ask("many.test", DNS_TYPE_AAAA, DNS_UDP_SIZE, 0);
    ck_assert(m.truncated && m.n_answers == 0);
    m = ask("many.test", DNS_TYPE_AAAA, DNS_UDP_SIZE, 600);
    ck_assert(m.truncated);
    m = ask("many.test", DNS_TYPE_AAAA, 4096, 4096);
    ck_assert(!m.truncated && m.n_answers == 15);
    m = ask("many.test", DNS_TYPE_AAAA, 4096, 1);                 /* fewer than 512 nobody may offer */
    ck_assert(m.truncated);
    m = ask("many.test", DNS_TYPE_AAAA, 0, 0);                    /* over TCP */
    ck_assert(!m.truncated && m.n_answers == 15);
    zone_free(&zone);
}
END_TEST

START_TEST(edns_of_another_version_is_refused)
{
    set_up();
    struct dns_message m = { .question = "www.example.test", .question_type = 1, .question_class = 1,
                             .edns = { .here = true, .version = 1, .udp_size = 1232 } };
    uint8_t query[DNS_MESSAGE], octets[DNS_MESSAGE];
    size_t n = dns_write(&m, query, sizeof query);
    n = zone_answer(&zone, (struct bytes){ query, n }, DNS_UDP_SIZE, octets, sizeof octets, NULL);
    struct wire_in in = wire_over(octets, n, NULL);
    ck_assert(dns_read(&in, &m, NULL));
    ck_assert_uint_eq(m.rcode, DNS_BADVERS);
    ck_assert_uint_eq(m.edns.version, 0);
    tear_down();
}
END_TEST

START_TEST(broken_files_name_their_line)
{
    static const struct { const char *text, *line, *id; } bad[] = {
        { "www A 10.0.0.256\n", "line 1", "dns.zone_line" },
        { "www A 10.0.0.1\nb AAAA 10.0.0.1\n", "line 2", "dns.zone_line" },
        { "\n; c\n\nwww WHAT 1\n", "line 4", "dns.zone_line" },
        { "$INCLUDE file\n", "line 1", "dns.zone_line" },
        { "$TTL\n", "line 1", "dns.zone_line" },
        { "@ SOA a b ( 1 2 3 4 5\n", "line 1", "dns.zone_line" },
        { "@ SOA a b 1 2 3 4 )\n", "line 1", "dns.zone_line" },
        { "@ SOA a b 1 2 3 4\n", "line 1", "dns.zone_line" },
        { "@ SOA a b 1 2 3 4 x\n", "line 1", "dns.zone_line" },
        { "a SOA a b 1 2 3 4 5\na SOA a b 1 2 3 4 5\n", "line 2", "dns.zone_line" },
        { "a.. A 10.0.0.1\n", "line 1", "dns.zone_line" },
        { "b\xc3\xbc A 10.0.0.1\n", "line 1", "dns.zone_line" },
        { "t TXT \"open\n", "line 1", "dns.zone_line" },
        { "a CNAME\n", "line 1", "dns.zone_line" },
        { "a\n", "line 1", "dns.zone_line" },
        { "a 99999999999 A 10.0.0.1\n", "line 1", "dns.zone_line" },
        { "a.test. SOA a b 1 2 3 4 5\nb.other. A 10.0.0.1\n", "b.other", "dns.zone_line" },
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct fault why = { 0 };
        ck_assert_msg(!zone_read(&zone, bad[i].text, strlen(bad[i].text), &why), "read: %s", bad[i].text);
        ck_assert_str_eq(why.ground->id, bad[i].id);
        ck_assert_msg(strcmp(why.about, bad[i].line) == 0, "%s instead of %s: %s", why.about, bad[i].line, bad[i].text);
    }
    for (size_t n = 0; n < sizeof ZONE; n++) {                    /* cut anywhere: read or refused */
        char *exact = malloc(n ? n : 1);
        memcpy(exact, ZONE, n);
        if (zone_read(&zone, exact, n, NULL))
            zone_free(&zone);
        free(exact);
    }
}
END_TEST

int main(void)
{
    return check_run("dns_zone", (const TTest *[]){
        a_zone_says_what_it_has, a_zone_says_what_it_has_not, wildcards_stand_for_names_that_are_not_there,
        what_does_not_fit_is_cut_off, edns_of_another_version_is_refused, broken_files_name_their_line, NULL });
}
