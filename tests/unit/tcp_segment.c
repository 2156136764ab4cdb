/* TCP segments: there and back, cut anywhere, options of every bad length; and numbers that come round. */
#include "net/deadlines.h"
#include "net/ip4.h"
#include "net/seq.h"
#include "net/tcp_segment.h"
#include "tests/lib/check.h"
#include "tests/lib/heard.h"

#include <stdlib.h>
#include <string.h>

static bool reads(const uint8_t *octets, size_t n, struct tcp_segment *s)
{
    struct wire_in in = wire_over(octets, n, NULL);
    bool good = tcp_segment_read(&in, s, NULL);
    ck_assert(!good || in.at == in.end);
    return good;
}

START_TEST(there_and_back)
{
    const struct addr from = addr_v4(10, 0, 0, 1), to = addr_v4(10, 0, 0, 2);
    const struct tcp_segment s = { .source_port = 49152, .destination_port = 443, .seq = 4294967295, .ack = 7,
                                   .flags = TCP_SYN | TCP_ACK,
                                   .window = 64240, .mss = 1460, .text = { (const uint8_t *)"hello", 5 } };
    struct tcp_segment back;
    uint8_t out[64];
    ck_assert_uint_eq(tcp_segment_write(&s, &from, &to, out, 28), 0);
    size_t n = tcp_segment_write(&s, &from, &to, out, sizeof out);
    ck_assert_uint_eq(n, 29);
    ck_assert_uint_eq(ip_checksum(&from, &to, IP_TCP, out, n), 0);
    ck_assert(reads(out, n, &back));
    ck_assert(back.source_port == 49152 && back.destination_port == 443);
    ck_assert(back.seq == 4294967295 && back.ack == 7 && back.mss == 1460 && !back.bad_option);
    ck_assert(back.flags == (TCP_SYN | TCP_ACK) && back.window == 64240);
    ck_assert_uint_eq(back.text.n, 5);
    check_bytes(back.text.at, "hello", 5);
    ck_assert_uint_eq(segment_span(&back), 6);
    ck_assert_str_eq(segment_name(&back), "SYN-ACK");
    for (size_t cut = 0; cut < 24; cut++)
        ck_assert(!reads(out, cut, &back));
}
END_TEST

/* A segment with these options; reads them from a piece of memory that ends where they end. */
static struct tcp_segment with_options(const char *hex)
{
    uint8_t options[40] = { 0 }, *octets;
    size_t n = (check_hex(hex, options, sizeof options) + 3) / 4 * 4;
    struct tcp_segment s;
    octets = calloc(1, 20 + n);
    octets[12] = (uint8_t)((20 + n) / 4 << 4);
    memcpy(octets + 20, options, n);
    ck_assert(reads(octets, 20 + n, &s));
    free(octets);
    return s;
}

START_TEST(options)
{
    ck_assert_uint_eq(with_options("020405b4").mss, 1460);
    ck_assert_uint_eq(with_options("01 01 020405b4").mss, 1460);
    ck_assert_uint_eq(with_options("030307 0402 080a 00000001 00000002 020405b4").mss, 1460);
    ck_assert_uint_eq(with_options("fd05aabbcc 020405b4").mss, 1460);              /* one that nobody knows */
    ck_assert_uint_eq(with_options("0203aa 020405b4").mss, 1460);     /* one of the wrong size does nothing */
    ck_assert_uint_eq(with_options("050a 00000001 00000002 020405b4").mss, 1460);  /* SACK */
    ck_assert_uint_eq(with_options("1c048001 020405b4").user_timeout, 60);
    ck_assert_uint_eq(with_options("1c04ffff").user_timeout, 32767 * 60);
    ck_assert_uint_eq(with_options("1c048000").user_timeout, 0);
    ck_assert_uint_eq(with_options("1c0301 020405b4").mss, 1460);
    ck_assert_uint_eq(with_options("00 020405b4").mss, 0);                    /* behind the end of the list */
    ck_assert_uint_eq(with_options("").mss, 0);
}
END_TEST

/* As Linux writes them, octet for octet; and read again they say the same. */
START_TEST(options_as_linux_has_them)
{
    const struct addr from = addr_v4(10, 0, 0, 1), to = addr_v4(10, 0, 0, 2);
    static const struct { struct tcp_segment s; const char *hex; } all[] = {
        { { .flags = TCP_SYN, .mss = 1460, .sack_permitted = true, .has_timestamps = true, .ts_value = 1,
            .ts_echo_reply = 2, .has_window_scale = true, .window_scale = 7 },
          "020405b4 0402 080a 00000001 00000002 01 030307" },
        { { .flags = TCP_SYN, .mss = 1460, .sack_permitted = true, .has_window_scale = true, .window_scale = 7 },
          "020405b4 0101 0402 01 030307" },
        { { .flags = TCP_SYN, .mss = 1460, .has_timestamps = true, .ts_value = 1 }, "020405b4 0101 080a 00000001 00000000" },
        { { .flags = TCP_SYN, .mss = 536 }, "02040218" },
        { { .flags = TCP_ACK, .has_timestamps = true, .ts_value = 3, .ts_echo_reply = 4, .n_sack = 3,
            .sack = { { 9, 10 }, { 7, 8 }, { 4294967290, 5 } } },
          "0101 080a 00000003 00000004 0101 051a 00000009 0000000a 00000007 00000008 fffffffa 00000005" },
        { { .flags = TCP_ACK, .n_sack = 1, .sack = { { 1, 2 } } }, "0101 050a 00000001 00000002" },
        { { .flags = TCP_SYN, .mss = 536, .user_timeout = 32767 }, "02040218 1c047fff" },
        { { .flags = TCP_ACK, .user_timeout = 32820 }, "1c048223" },                /* in minutes: RFC 5482 §3 */
        { { .flags = TCP_ACK }, "" },
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        uint8_t out[80], expected[40] = { 0 };
        size_t n = check_hex(all[i].hex, expected, sizeof expected);
        ck_assert_uint_eq(tcp_options_size(&all[i].s), n);
        ck_assert_uint_eq(tcp_segment_write(&all[i].s, &from, &to, out, sizeof out), 20 + n);
        ck_assert_uint_eq(ip_checksum(&from, &to, IP_TCP, out, 20 + n), 0);
        check_bytes(out + 20, expected, n);
        struct tcp_segment back;
        ck_assert(reads(out, 20 + n, &back));
        ck_assert(back.mss == all[i].s.mss && back.sack_permitted == all[i].s.sack_permitted);
        ck_assert(back.has_timestamps == all[i].s.has_timestamps && back.ts_value == all[i].s.ts_value
                  && back.ts_echo_reply == all[i].s.ts_echo_reply);
        ck_assert(back.has_window_scale == all[i].s.has_window_scale && back.window_scale == all[i].s.window_scale);
        ck_assert_uint_eq(back.user_timeout, all[i].s.user_timeout);
        ck_assert_uint_eq(back.n_sack, all[i].s.n_sack);
        ck_assert_mem_eq(back.sack, all[i].s.sack, sizeof back.sack);
    }
}
END_TEST

START_TEST(options_that_cannot_be)                    /* MUST-7; AMNESIA:33 */
{
    static const char *const bad[] = { "0200", "0201", "0205aaaa", "02ff", "05000000", "080aaaaa", "010101fe",
                                       "fdfd", "02" };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct tcp_segment s = with_options(bad[i]);
        ck_assert_msg(s.bad_option || strcmp(bad[i], "02") == 0, "%s", bad[i]);
        ck_assert_uint_eq(s.mss, 0);
    }
}
END_TEST

START_TEST(every_data_offset)
{
    struct tcp_segment s;
    for (unsigned offset = 0; offset < 16; offset++)
        for (size_t n = 20; n < 64; n++) {
            uint8_t octets[64] = { [12] = (uint8_t)(offset << 4) };
            bool good = offset >= 5 && offset * 4 <= n;
            ck_assert(reads(octets, n, &s) == good);
            ck_assert(!good || s.text.n == n - offset * 4);
        }
}
END_TEST

START_TEST(each_octet_has_a_name)
{
    static const char *const all[] = {
        "", "020405b4", "030307 0402 080a 00000001 00000002 020405b4", "0200", "fd05aabbcc 00",
        "050a 00000001 00000002 0101", "01010101"
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct heard *n = heard_new();
        uint8_t octets[60] = { 0 };
        size_t size = 20 + (check_hex(all[i], octets + 20, 40) + 3) / 4 * 4;
        octets[12] = (uint8_t)(size / 4 << 4);
        const struct watch watch = { .trace = n->trace, .buf = trace_buf(n->trace, 'p'), .base = octets };
        trace_emit(n->trace, &(struct event){ .kind = EVENT_PACKET, .layer = "tcp", .name = "x", .by = "x",
                                              .buf = watch.buf,
                                              .bytes = { octets, size } });
        struct wire_in in = wire_over(octets, size, &watch);
        struct tcp_segment s;
        ck_assert(tcp_segment_read(&in, &s, NULL));
        heard_all_named(n);
        heard_free(n);
    }
}
END_TEST

START_TEST(names)
{
    char out[SEGMENT_FLAGS];
    struct tcp_segment s = { .flags = 0xff };
    ck_assert_str_eq(segment_flags(&s, out), "CWR ECE URG ACK PSH RST SYN FIN");
    ck_assert_str_eq(segment_name(&s), "RST");
    s.flags = TCP_FIN | TCP_ACK;
    ck_assert_str_eq(segment_name(&s), "FIN");
    s.flags = TCP_ACK;
    ck_assert_str_eq(segment_name(&s), "ACK");
    s.flags = TCP_SYN;
    ck_assert_str_eq(segment_name(&s), "SYN");
}
END_TEST

START_TEST(numbers_come_round)                        /* RFC 9293 §3.4 */
{
    const uint32_t edges[] = { 0, 1, 5, 0x7fffffff, 0x80000000, 0x80000001, 0xfffffffa, 0xffffffff };
    for (size_t i = 0; i < 8; i++) {
        uint32_t a = edges[i];
        ck_assert(seq_before(a, a + 1) && !seq_before(a + 1, a) && !seq_before(a, a));
        ck_assert(seq_before(a, a + 0x7fffffff) && !seq_before(a + 0x7fffffff, a));
        ck_assert(seq_upto(a, a) && seq_upto(a, a + 9) && !seq_upto(a + 9, a));
        ck_assert(seq_in(a, a, 1) && !seq_in(a, a, 0) && !seq_in(a + 1, a, 1) && !seq_in(a - 1, a, 9));
        ck_assert_uint_eq(seq_later(a, a + 3), a + 3);
        ck_assert_uint_eq(seq_earlier(a + 3, a), a);
    }
}
END_TEST

START_TEST(deadlines_in_order)
{
    enum { N = 200 };
    static struct deadline all[N], *heap[N + 1];
    struct deadlines d = { heap, 0 };
    uint32_t x = 1;
    for (uint32_t i = 0; i < N; i++)
        all[i].number = i;
    for (unsigned step = 0; step < 20000; step++) {
        x = x * 1664525 + 1013904223;
        struct deadline *one = &all[(x >> 8) % N];
        deadline_set(&d, one, x >> 30 ? (nsec)(x >> 20) : NEVER);
        const struct deadline *first = NULL;
        if (step % 16)
            continue;
        for (uint32_t i = 0; i < N; i++)
            if (all[i].place && (!first || all[i].at < first->at))
                first = &all[i];
        ck_assert_ptr_eq(deadline_first(&d), first);
    }
}
END_TEST

int main(void)
{
    return check_run("tcp_segment", (const TTest *[]){
        there_and_back, options, options_as_linux_has_them, options_that_cannot_be, every_data_offset, each_octet_has_a_name,
        names,
        numbers_come_round,
        deadlines_in_order, NULL });
}
