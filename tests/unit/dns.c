/* DNS messages: octets that were put together by hand, and everything that must be refused. */
#include "net/dns_zone.h"
#include "tests/lib/check.h"

#include <stdlib.h>
#include <string.h>

/* A? www.example.test, id 0x1234, recursion desired. RFC 1035 §4.1. */
static const char QUERY[] =
    "1234 0100 0001 0000 0000 0000"
    "03 777777 07 6578616d706c65 04 74657374 00 0001 0001";
/* Its answer: an alias and an address with compressed names, one authority (NS) and one additional (OPT)
 * record. */
static const char ANSWER[] =
    "1234 8580 0001 0002 0001 0001"
    "03 777777 07 6578616d706c65 04 74657374 00 0001 0001"          /* at 12; "example.test" at 16 */
    "c00c 0005 0001 0000012c 0006 03 776562 c010"            /* www CNAME web.example.test; the rdata at 46 */
    "c02e 0001 0001 0000003c 0004 0a000050"                         /* web A 10.0.0.80, TTL 60 */
    "c010 0002 0001 00000e10 0005 02 6e73 c010"                     /* example.test NS ns.example.test */
    "00 0029 04d0 00000000 0000";                                   /* OPT (RFC 6891): root, class = size */

static bool reads(const void *octets, size_t n, struct dns_message *m, struct fault *why)
{
    uint8_t *exact = malloc(n ? n : 1);                 /* its own piece: the sanitizer sees a step too far */
    if (n)
        memcpy(exact, octets, n);
    struct wire_in in = wire_over(exact, n, NULL);
    *why = (struct fault){ 0 };
    bool good = dns_read(&in, m, why);
    ck_assert_msg(good == !why->ground, "a refusal has a ground, a good message has none");
    free(exact);
    return good;
}

static void refused(const char *hex, const char *id)
{
    uint8_t octets[1024];
    struct dns_message m;
    struct fault why;
    size_t n = check_hex(hex, octets, sizeof octets);
    ck_assert_msg(!reads(octets, n, &m, &why), "read: %s", hex);
    ck_assert_msg(strcmp(why.ground->id, id) == 0, "refused as %s (%s), not %s: %s", why.ground->id, why.came,
                  id, hex);
}

START_TEST(a_query_is_written_and_read)
{
    struct dns_message m = { .id = 0x1234, .recursion_desired = true, .question = "www.example.test",
                             .question_type = DNS_TYPE_A, .question_class = DNS_CLASS_IN }, back;
    uint8_t octets[DNS_MESSAGE];
    char label[DNS_LABEL_TEXT];
    struct fault why;
    size_t n = dns_write(&m, octets, sizeof octets);
    check_is_hex(octets, n, QUERY);
    ck_assert(reads(octets, n, &back, &why));
    ck_assert_uint_eq(back.id, 0x1234);
    ck_assert(!back.response && back.recursion_desired && !back.truncated);
    ck_assert_str_eq(back.question, "www.example.test");
    ck_assert_uint_eq(back.question_type, 1);
    ck_assert_uint_eq(back.question_class, 1);
    ck_assert_str_eq(dns_label(&back, label), "A? www.example.test");
    for (size_t room = 0; room < n; room++)
        ck_assert_uint_eq(dns_write(&m, octets, room), 0);
}
END_TEST

START_TEST(an_answer_is_read)
{
    uint8_t octets[DNS_MESSAGE];
    char label[DNS_LABEL_TEXT];
    struct dns_message m;
    struct fault why;
    size_t n = check_hex(ANSWER, octets, sizeof octets);
    ck_assert_msg(reads(octets, n, &m, &why), "%s", why.came);
    ck_assert(m.response && m.authoritative && m.recursion_available && m.recursion_desired && !m.truncated);
    ck_assert_uint_eq(m.rcode, 0);
    ck_assert_uint_eq(m.n_answers, 2);
    ck_assert_str_eq(m.answers[0].name, "www.example.test");
    ck_assert_uint_eq(m.answers[0].type, DNS_TYPE_CNAME);
    ck_assert_uint_eq(m.answers[0].ttl, 300);
    ck_assert_str_eq(m.answers[0].target, "web.example.test");
    ck_assert_str_eq(m.answers[1].name, "web.example.test");
    ck_assert_uint_eq(m.answers[1].ttl, 60);
    check_is_hex(m.answers[1].addr.octets, m.answers[1].addr.len, "0a000050");
    ck_assert_str_eq(dns_label(&m, label), "A 10.0.0.80, TTL 60");
}
END_TEST

START_TEST(an_answer_is_written_with_pointers)
{
    struct dns_message m = {
        .id = 7, .response = true, .recursion_available = true, .question = "a.test", .question_type = 1,
        .question_class = 1, .n_answers = 2 };
    struct dns_message back;
    struct fault why;
    uint8_t octets[DNS_MESSAGE];
    m.answers[0] = (struct dns_record){
        .name = "a.test", .type = DNS_TYPE_CNAME, .ttl = 1, .target = "b.test"
    };
    m.answers[1] = (struct dns_record){
        .name = "b.test", .type = DNS_TYPE_A, .ttl = 2, .addr = addr_v4(1, 2, 3, 4)
    };
    size_t n = dns_write(&m, octets, sizeof octets);
    check_is_hex(octets, n, "0007 8080 0001 0002 0000 0000 01 61 04 74657374 00 0001 0001"
                            "c00c 0005 0001 00000001 0008 01 62 04 74657374 00"
                            "01 62 04 74657374 00 0001 0001 00000002 0004 01020304");
    ck_assert(reads(octets, n, &back, &why));
    ck_assert_str_eq(back.answers[0].target, "b.test");
    ck_assert_str_eq(back.answers[1].name, "b.test");
    m.answers[1].type = 2;
    ck_assert_uint_eq(dns_write(&m, octets, sizeof octets), 0);
    strcpy(m.question, "bad name");
    ck_assert_uint_eq(dns_write(&m, octets, sizeof octets), 0);
}
END_TEST

START_TEST(every_truncation_is_refused)
{
    uint8_t octets[DNS_MESSAGE];
    struct dns_message m;
    struct fault why;
    size_t n = check_hex(ANSWER, octets, sizeof octets);
    for (size_t cut = 0; cut < n; cut++)
        ck_assert_msg(!reads(octets, cut, &m, &why), "read at %zu of %zu", cut, n);
    octets[n] = 0;
    ck_assert(!reads(octets, n + 1, &m, &why));
    ck_assert_str_eq(why.ground->id, "dns.message_cut");
}
END_TEST

/* Any octet may have any value: nothing crashes, and what is read keeps its promises. */
START_TEST(every_octet_may_be_anything)
{
    uint8_t octets[DNS_MESSAGE];
    struct dns_message m;
    struct fault why;
    size_t n = check_hex(ANSWER, octets, sizeof octets);
    for (size_t at = 0; at < n; at++)
        for (unsigned v = 0, was = octets[at]; v < 256 || (octets[at] = (uint8_t)was, false); v++) {
            octets[at] = (uint8_t)v;
            if (!reads(octets, n, &m, &why))
                continue;
            ck_assert_uint_le(m.n_answers, DNS_ANSWERS);
            ck_assert_uint_lt(strlen(m.question), DNS_NAME_MAX - 1);
        }
}
END_TEST

#define HEAD "1234 8180 0001 0001 0000 0000 "
#define TAIL " 0001 0001 00000001 0004 01020304"
#define OPT " 00 0029 04d0 00000000 0000"
#define SOA " 00 0006 0001 00000e10"
#define NUMBERS "00000001 00000002 00000003 00000004 0000003c"

START_TEST(each_refusal_has_its_own_ground)
{
    refused("1234 8180 0001 0001 0000 00", "dns.header_cut");
    refused("1234 8180 0000 0000 0000 0000", "dns.not_one_question");
    refused("1234 8180 0002 0000 0000 0000 00 0001 0001 00 0001 0001", "dns.not_one_question");
    refused(HEAD "01 61 00 0001 0001 01 61", "dns.name_cut");
    refused(HEAD "01 61 00 0001 0001 05 61", "dns.name_cut");
    refused(HEAD "01 61 00 0001 0001 c0", "dns.name_cut");
    refused(HEAD "01 61 00 0001 0001 00 0001 00", "dns.message_cut");
    refused(HEAD "01 61 00 0001 0001 c00c 0001 0001 00000001 0005 01020304", "dns.address_size");
    refused(HEAD "01 61 00 0001 0001 c00c 0001 0001 00000001 0003 010203", "dns.address_size");
    refused(HEAD "01 61 00 0001 0001 c00c 0005 0001 00000001 0004 01 62 00 00", "dns.alias_size");
    refused(HEAD "01 61 00 0001 0001 c00c 0005 0001 00000001 0002 01 62 00", "dns.name_cut");
    refused(HEAD "01 61 00 0001 0001 c00c 0005 0001 00000001 0000", "dns.name_cut");
    refused(HEAD "01 61 00 0001 0001 c00c 0063 0001 00000001 0002 01", "dns.message_cut");
    refused(HEAD "01 61 00 0001 0001 40 61 00" TAIL, "dns.label_type");
    refused(HEAD "01 61 00 0001 0001 80 61 00" TAIL, "dns.label_type");
    refused(HEAD "01 61 00 0001 0001 03 61 2e 62 00" TAIL, "dns.name_odd_character");    /* a dot in a label */
    refused(HEAD "01 61 00 0001 0001 02 61 00 00" TAIL, "dns.name_odd_character");       /* a NUL: museum 9 */
    refused(HEAD "01 61 00 0001 0001 02 1b 5b 00" TAIL, "dns.name_odd_character");
    refused(HEAD "01 61 00 0001 0001 02 c3 a4 00" TAIL, "dns.name_odd_character");
    refused(HEAD "01 61 00 0001 0001 c013" TAIL, "dns.pointer_not_backwards");             /* to itself */
    refused(HEAD "01 61 00 0001 0001 c014" TAIL, "dns.pointer_not_backwards");             /* into itself */
    refused(HEAD "01 61 00 0001 0001 01 62 c013" TAIL, "dns.pointer_not_backwards");     /* to its own name */
    refused(HEAD "01 61 00 0001 0001 c0ff" TAIL, "dns.pointer_not_backwards");        /* out of the message */
    refused(HEAD "01 61 00 0001 0001 ffff" TAIL, "dns.pointer_not_backwards");
    refused(HEAD "c00c 0001 0001", "dns.pointer_not_backwards");
    refused(HEAD "01 61 c00c 0001 0001", "dns.pointer_not_backwards");
    refused(HEAD "01 61 00 0001 0001 c011" "0001 0001", "dns.message_cut");
    refused("1234 8180 0001 0001 0000 0000 01 61 04 00 00 01 00 01 c00f" TAIL, "dns.name_odd_character");
    refused(HEAD "01 61 00 3f 01 0001 c00f" TAIL, "dns.pointer_runs_into_itself");
    refused(HEAD "01 61 00 001c 0001 c00c 001c 0001 00000001 0004 01020304", "dns.address_size");
    refused("1234 8180 0001 0000 0000 0002 01 61 00 0001 0001" OPT OPT, "dns.opt_twice");
    refused("1234 8180 0001 0000 0000 0001 01 61 00 0001 0001 01 62" OPT, "dns.opt_name");
    refused("1234 8180 0001 0000 0001 0000 01 61 00 0001 0001" SOA "0017 00 00" NUMBERS "00", "dns.soa_size");
    refused("1234 8180 0001 0000 0001 0000 01 61 00 0001 0001" SOA "0015 00 00" NUMBERS, "dns.message_cut");
}
END_TEST

/* NAME:WRECK and kin: whatever the pointers say, reading ends, and only those that lead back to a whole name
 * are followed. */
START_TEST(small_pointer_cases_all)
{
    uint8_t octets[64];
    struct dns_message m;
    struct fault why;
    unsigned read = 0;
    size_t name = check_hex(HEAD "01 61 00 0001 0001", octets, sizeof octets);
    size_t n = name + 2 + check_hex(TAIL, octets + name + 2, 32);
    for (unsigned v = 0xc000; v < 0x10000; v++) {
        octets[name] = (uint8_t)(v >> 8);
        octets[name + 1] = (uint8_t)v;
        if (!reads(octets, n, &m, &why))
            continue;
        read++;
        ck_assert_uint_lt(v, 0xc000 + name);
        ck_assert(strcmp(m.answers[0].name, "a") == 0 || *m.answers[0].name == '\0');
    }
    ck_assert_uint_ge(read, 2);                                   /* at least to "a" and to its root */
    size_t first = check_hex("1234 8180 0001 0002 0000 0000 00 0001 0001", octets, sizeof octets);
    size_t second = first + check_hex("c000" TAIL, octets + first, 32);
    n = second + check_hex("c000" TAIL, octets + second, 32);
    for (unsigned v = 0; v < 0x10000; v++) {             /* two names, each of which may point at the other */
        octets[first + 1] = (uint8_t)(v >> 8);
        octets[second + 1] = (uint8_t)v;
        if (reads(octets, n, &m, &why))
            ck_assert(v >> 8 < first && (v & 0xff) < second);
    }
}
END_TEST

/* A chain of pointers, each to the one before, is legal, ends, and cannot make a name longer than 255. */
START_TEST(names_have_their_limits)
{
    uint8_t octets[4096];
    struct dns_message m;
    struct fault why;
    for (unsigned labels = 1; labels <= 200; labels++) {          /* "a", then "a" and a pointer to it, then ... */
        size_t n = check_hex("1234 8180 0001 0000 0000 0000 01 61 00 0001 0001", octets, sizeof octets);
        size_t last = 12;
        octets[7] = (uint8_t)labels;
        for (unsigned i = 0; i < labels; i++) {
            size_t at = n;
            octets[n++] = 1;
            octets[n++] = 'a';
            octets[n++] = (uint8_t)(0xc0 | last >> 8);
            octets[n++] = (uint8_t)last;
            n += check_hex("0063 0001 00000001 0000", octets + n, 32);
            last = at;
        }
        bool good = reads(octets, n, &m, &why);
        ck_assert_int_eq(good, 2 * (labels + 1) + 1 <= 255);      /* the last name: 2 octets a label, and the root */
        if (!good)
            ck_assert_str_eq(why.ground->id, "dns.name_too_long");
    }
}
END_TEST

START_TEST(more_answers_than_kept_are_still_read)
{
    uint8_t octets[DNS_MESSAGE];
    struct dns_message m;
    struct fault why;
    size_t n = check_hex("1234 8180 0001 0014 0000 0000 01 61 00 0001 0001", octets, sizeof octets);
    for (unsigned i = 0; i < 20; i++)
        n += check_hex("c00c 0001 0001 ffffffff 0004 01020304", octets + n, 32);
    ck_assert(reads(octets, n, &m, &why));
    ck_assert_uint_eq(m.n_answers, DNS_ANSWERS);
    ck_assert_uint_eq(m.answers[0].ttl, 0);                       /* RFC 2181 §8 */
    octets[7] = 21;
    ck_assert(!reads(octets, n, &m, &why));
}
END_TEST

/* What a negative answer brings (RFC 2308 §2.1), and an OPT record that makes its code one of twelve bits. */
START_TEST(soa_and_opt_are_read_and_written)
{
    uint8_t octets[DNS_MESSAGE], again[DNS_MESSAGE];
    struct dns_message m, back;
    struct fault why;
    size_t n = check_hex("1234 8183 0001 0000 0001 0001 01 61 00 0001 0001"
                         "04 74657374 00 0006 0001 00000e10 0022 02 6e73 00 05 612e622e63 02 6e73 00" NUMBERS
                         "00 0029 1000 01 00 8000 0007 000a 0003 010203", octets, sizeof octets);
    ck_assert_msg(reads(octets, n, &m, &why), "%s", why.came);
    ck_assert(m.soa.here);
    ck_assert_str_eq(m.soa.zone, "test");
    ck_assert_uint_eq(m.soa.ttl, 3600);
    ck_assert_uint_eq(m.soa.minimum, 60);
    ck_assert(m.edns.here && m.edns.dnssec_ok);
    ck_assert_uint_eq(m.edns.udp_size, 4096);
    ck_assert_uint_eq(m.rcode, 1 << 4 | DNS_NXDOMAIN);
    n = dns_write(&m, again, sizeof again);
    ck_assert(reads(again, n, &back, &why));
    ck_assert_uint_eq(back.rcode, m.rcode);
    ck_assert_uint_eq(back.soa.serial, 1);
    ck_assert_uint_eq(back.soa.minimum, 60);
    ck_assert_str_eq(back.soa.zone, "test");
    ck_assert(back.edns.here && back.edns.dnssec_ok && back.edns.udp_size == 4096);
}
END_TEST

START_TEST(the_letters_of_the_question_stay)
{
    uint8_t octets[DNS_MESSAGE], again[DNS_MESSAGE];
    struct dns_message m;
    struct fault why;
    size_t n = check_hex("1234 0100 0001 0000 0000 0000 03 577777 04 54655374 00 001c 0001", octets, sizeof octets);
    ck_assert(reads(octets, n, &m, &why));
    ck_assert_str_eq(m.question, "www.test");
    ck_assert_str_eq(m.spelled, "Www.TeSt");
    ck_assert_uint_eq(dns_write(&m, again, sizeof again), n);
    check_bytes(again, octets, n);
    strcpy(m.spelled, "another.name");                            /* is not the question: not written */
    ck_assert_uint_eq(dns_write(&m, again, sizeof again), n);
    ck_assert_mem_eq(again + 13, "www", 3);
}
END_TEST

START_TEST(names_are_tidied_or_refused)
{
    static const struct { const char *typed, *want; } good[] = {
        { "www.example.test", "www.example.test" }, { "WWW.Example.TEST.", "www.example.test" }, { "a", "a" },
        { "_dmarc.x-1.test", "_dmarc.x-1.test" }, { "1.2.test", "1.2.test" },
    };
    static const struct { const char *typed, *id; } bad[] = {
        { "", "dns.name_empty" },
        { ".", "dns.label_empty" },
        { "..", "dns.label_empty" },
        { "a..b", "dns.label_empty" },
        { ".a", "dns.label_empty" },
        { "a..", "dns.label_empty" },
        { "a b", "dns.name_odd_character" },
        { "a\n", "dns.name_odd_character" },
        { "m\xc3\xbcller.test", "dns.name_odd_character" },
        { "a*", "dns.name_odd_character" },
        { "a/b", "dns.name_odd_character" },
        { "a%2e", "dns.name_odd_character" },
    };
    char name[DNS_NAME], longest[300];
    struct fault why;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        ck_assert(dns_tidy_name(good[i].typed, name, NULL));
        ck_assert_str_eq(name, good[i].want);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        why = (struct fault){ 0 };
        ck_assert(!dns_tidy_name(bad[i].typed, name, &why));
        ck_assert_msg(strcmp(why.ground->id, bad[i].id) == 0, "%s: %s", bad[i].typed, why.ground->id);
    }
    memset(longest, 'a', sizeof longest);
    longest[63] = '\0';
    ck_assert(dns_tidy_name(longest, name, NULL));
    longest[63] = 'a', longest[64] = '\0';
    why = (struct fault){ 0 };
    ck_assert(!dns_tidy_name(longest, name, &why));
    ck_assert_str_eq(why.ground->id, "dns.label_too_long");
    longest[64] = 'a';
    for (int i = 49; i < 300; i += 50)
        longest[i] = '.';
    longest[253] = '\0';
    ck_assert(dns_tidy_name(longest, name, NULL));
    uint8_t octets[DNS_MESSAGE];
    struct wire_out out = wire_into(octets, sizeof octets);
    ck_assert(dns_write_name(&out, longest));
    ck_assert_uint_eq(wire_written(&out), 255);
    longest[253] = 'a', longest[254] = '\0';
    why = (struct fault){ 0 };
    ck_assert(!dns_tidy_name(longest, name, &why));
    ck_assert_str_eq(why.ground->id, "dns.name_too_long");
}
END_TEST

/* Marks each octet that a leaf names, and looks that no field leaves the message. */
struct marks {
    struct view view;
    unsigned n, declared;
    uint32_t len;
    struct {
        uint32_t off, len;
    } field[200];
};

static void mark(struct view *v, const struct trace *t, const struct field *f)
{
    struct marks *m = (struct marks *)v;
    (void)t;
    ck_assert_uint_le(f->off + f->len, m->len);
    ck_assert(f->len <= 64 || strcmp(f->name, "data") == 0 || f->type == FIELD_GROUP);
    m->field[m->n].off = f->off;
    m->field[m->n++].len = f->type == FIELD_GROUP ? 0 : f->len;
    ck_assert_uint_lt(m->n, 200);
}

static void declared(struct view *v, const struct trace *t, const struct event *e)
{
    struct marks *m = (struct marks *)v;
    (void)t;
    ck_assert_int_eq(e->kind, EVENT_MESSAGE);
    ck_assert_int_eq(buf_letter(e->buf), 'd');
    ck_assert_uint_eq(e->n_spans, 1);
    ck_assert_uint_eq(e->spans[0].in, 9);
    ck_assert_uint_eq(e->spans[0].len, e->bytes.n);
    m->declared++;
}

START_TEST(every_octet_has_a_name)
{
    static const char *const messages[] = { QUERY, ANSWER };
    for (unsigned i = 0; i < 2; i++) {
        struct trace *t = trace_new(0);
        struct marks m = { .view = { .event = declared, .field = mark } };
        struct datagram d = { .stream = 9 };
        bool named[DNS_MESSAGE] = { false };
        trace_attach(t, &m.view);
        d.len = m.len = (uint32_t)check_hex(messages[i], d.bytes, sizeof d.bytes);
        ck_assert_uint_gt(dns_tell(&(struct voice){ .trace = t, .host = 1 }, &d), 0);
        ck_assert_uint_eq(m.declared, 1);
        for (unsigned f = 0; f < m.n; f++)
            for (uint32_t at = 0; at < m.field[f].len; at++)
                named[m.field[f].off + at] = true;
        for (uint32_t at = 0; at < d.len; at++)
            ck_assert_msg(named[at], "octet %u of message %u has no name", at, i);
        trace_free(t);
    }
}
END_TEST

static bool serve(const char *hex, struct datagram *answer, struct fault *why)
{
    static const char text[] = "www.example.test. 300 A 10.0.0.80\n";
    struct zone zone;
    struct datagram q = {
        .from = addr_v4(10, 0, 0, 2), .from_port = 4000, .to = addr_v4(10, 0, 0, 53), .to_port = 53
    };
    q.len = (uint32_t)check_hex(hex, q.bytes, sizeof q.bytes);
    *why = (struct fault){ 0 };
    ck_assert(zone_read(&zone, text, sizeof text - 1, NULL));
    bool good = dns_serve(&q, &zone, DNS_UDP_SIZE, &(struct voice){ 0 }, answer, why);
    zone_free(&zone);
    return good;
}

START_TEST(the_resolver_answers)
{
    struct datagram a;
    struct fault why;
    ck_assert(serve(QUERY, &a, &why));
    check_is_hex(a.bytes, a.len,
                 "1234 8180 0001 0001 0000 0000 03777777 07 6578616d706c65 04 74657374 00 0001 0001"
                 "c00c 0001 0001 0000012c 0004 0a000050");
    ck_assert_uint_eq(a.to_port, 4000);
    ck_assert_uint_eq(a.from_port, 53);
    ck_assert_uint_eq(a.to.octets[3], 2);
    ck_assert(serve("0001 0100 0001 0000 0000 0000 01 61 00 0001 0001", &a, &why));
    check_is_hex(a.bytes, a.len, "0001 8183 0001 0000 0000 0000 01 61 00 0001 0001");           /* NXDOMAIN */
    ck_assert(
        serve("0001 0100 0001 0000 0000 0000 03777777 07 6578616d706c65 04 74657374 00 001c 0001", &a, &why));
    check_is_hex(a.bytes, a.len,
                 "0001 8180 0001 0000 0000 0000 03777777 07 6578616d706c65 04 74657374 00 001c 0001");
}
END_TEST

START_TEST(the_resolver_is_silent_when_it_should_be)
{
    struct datagram a;
    struct fault why;
    ck_assert(!serve(ANSWER, &a, &why));                          /* or two resolvers would talk for ever */
    ck_assert_str_eq(why.ground->id, "dns.not_a_query");
    ck_assert(!serve("0001 2900 0001 0000 0000 0000 01 61 00 0001 0001", &a, &why));
    ck_assert_str_eq(why.ground->id, "dns.not_a_query");
    ck_assert(!serve("0001 0100", &a, &why));
    ck_assert(!serve("", &a, &why));
}
END_TEST

int main(void)
{
    return check_run(
        "dns", (const TTest *[]){
                   a_query_is_written_and_read, an_answer_is_read, an_answer_is_written_with_pointers,
                   every_truncation_is_refused, every_octet_may_be_anything, each_refusal_has_its_own_ground,
                   small_pointer_cases_all, names_have_their_limits, more_answers_than_kept_are_still_read, soa_and_opt_are_read_and_written,
                   the_letters_of_the_question_stay,
                   names_are_tidied_or_refused, every_octet_has_a_name, the_resolver_answers,
                   the_resolver_is_silent_when_it_should_be, NULL });
}
