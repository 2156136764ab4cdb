#include "trace/coverage.h"
#include "tests/lib/check.h"

static struct coverage *c;

static buf_no buffer(char letter, uint32_t count)
{
    for (buf_no b = 1;; b++)
        if (buf_letter(b << 28) == letter)
            return b << 28 | count;
}

static void begin(void) { c = coverage_new(); }

static void declare(enum event_kind kind, buf_no b, uint32_t len, const struct span *spans, size_t n)
{
    static const uint8_t octets[70000];
    ck_assert_uint_le(len, sizeof octets);
    coverage_event(c, &(struct event){ .kind = kind, .buf = b, .bytes = { octets, len }, .spans = spans, .n_spans = n });
}

static void packet(uint32_t count, uint32_t len, const struct carry *carries, size_t n)
{
    static const uint8_t octets[2000];
    coverage_event(c, &(struct event){ .kind = EVENT_PACKET, .buf = buffer('p', count), .bytes = { octets, len }, .carries = carries,
                                       .n_carries = n });
}

static void name(buf_no b, uint32_t off, uint32_t len, const char *what)
{
    coverage_field(c, &(struct field){ .buf = b, .off = off, .len = len, .name = what });
}

static void sums_to(uint64_t packets, uint64_t bytes, uint64_t named)
{
    struct coverage_sum sum;
    ck_assert(coverage_count(c, &sum));
    ck_assert_uint_eq(sum.packets, packets);
    ck_assert_uint_eq(sum.bytes, bytes);
    ck_assert_uint_eq(sum.named, named);
    coverage_free(c);
}

START_TEST(nothing) { begin(); sums_to(0, 0, 0); } END_TEST

START_TEST(only_leaves_count)
{
    begin();
    buf_no p = buffer('p', 1);
    name(p, 0, 40, "header");
    name(p, 0, 2, "a");
    name(p, 2, 4, "b");
    name(p, 2, 4, "bits");                            /* parts of an octet have its range: the last is the leaf */
    packet(1, 40, NULL, 0);
    sums_to(1, 40, 6);
}
END_TEST

START_TEST(long_leaves_need_an_opaque_name)
{
    begin();
    packet(1, 64, NULL, 0);
    packet(2, 65, NULL, 0);
    packet(3, 65, NULL, 0);
    name(buffer('p', 1), 0, 64, "payload");
    name(buffer('p', 2), 0, 65, "payload");
    name(buffer('p', 3), 0, 65, "ciphertext");
    sums_to(3, 194, 129);
}
END_TEST

START_TEST(fields_past_the_end_or_of_nobody_do_not_count)
{
    begin();
    packet(1, 10, NULL, 0);
    name(buffer('p', 1), 8, 4, "x");
    name(buffer('p', 2), 0, 4, "x");
    name(buffer('r', 1), 0, 4, "x");
    name(0xf0000001, 0, 4, "x");
    sums_to(1, 10, 0);
}
END_TEST

/* A certificate message over two records, sealed, opened; the stream cut in three packets, the second sent twice. */
START_TEST(names_go_down_to_every_copy)
{
    begin();
    buf_no s = buffer('s', 1), r1 = buffer('r', 1), r2 = buffer('r', 2), o1 = buffer('o', 1), o2 = buffer('o', 2), m = buffer('m', 1);
    declare(EVENT_MESSAGE, m, 80, (struct span[]){ { o1, 50, 0 }, { o2, 30, 0 } }, 2);
    declare(EVENT_BUFFER, o1, 50, (struct span[]){ { r1, 50, 13 } }, 1);
    declare(EVENT_BUFFER, o2, 30, (struct span[]){ { r2, 30, 13 } }, 1);
    declare(EVENT_RECORD, r1, 79, (struct span[]){ { s, 79, 0 } }, 1);
    declare(EVENT_RECORD, r2, 59, (struct span[]){ { s, 59, 79 } }, 1);
    packet(1, 20 + 70, (struct carry[]){ { s, 0, 20, 70 } }, 1);
    packet(2, 20 + 50, (struct carry[]){ { s, 70, 20, 50 } }, 1);
    packet(3, 20 + 18, (struct carry[]){ { s, 120, 20, 18 } }, 1);
    packet(4, 20 + 68, (struct carry[]){ { s, 70, 20, 68 } }, 1);
    for (uint32_t i = 1; i <= 4; i++)
        name(buffer('p', i), 0, 20, "header");
    for (uint32_t i = 1; i <= 2; i++) {
        name(buffer('r', i), 0, 5, "header");
        name(buffer('r', i), 5, 8, "nonce");
        name(buffer('r', i), 13, i == 1 ? 50 : 30, "ciphertext");     /* opened, so this alone names nothing */
        name(buffer('r', i), i == 1 ? 63 : 43, 16, "tag");
    }
    name(m, 0, 4, "header");
    name(m, 4, 76, "data");
    sums_to(4, 90 + 70 + 38 + 88, 90 + 70 + 38 + 88);
}
END_TEST

START_TEST(what_is_opened_must_be_named_there)
{
    begin();
    buf_no s = buffer('s', 1), r = buffer('r', 1), o = buffer('o', 1);
    packet(1, 50, (struct carry[]){ { s, 0, 0, 50 } }, 1);
    declare(EVENT_RECORD, r, 50, (struct span[]){ { s, 50, 0 } }, 1);
    declare(EVENT_BUFFER, o, 40, (struct span[]){ { r, 40, 10 } }, 1);
    name(r, 0, 10, "header");
    name(r, 10, 40, "ciphertext");
    name(o, 0, 25, "content");
    sums_to(1, 50, 35);
}
END_TEST

START_TEST(a_message_may_lie_on_a_packet)
{
    begin();
    packet(1, 60, NULL, 0);
    declare(EVENT_MESSAGE, buffer('d', 1), 32, (struct span[]){ { buffer('p', 1), 32, 28 } }, 1);
    name(buffer('p', 1), 0, 28, "headers");
    name(buffer('p', 1), 28, 32, "payload");
    name(buffer('d', 1), 0, 12, "header");
    sums_to(1, 60, 40);
}
END_TEST

/* A megabyte: 64 records in 750 packets, each sent twice, named octet by octet where it hurts. */
START_TEST(a_large_run_is_quick)
{
    begin();
    buf_no s = buffer('s', 1);
    const uint32_t record = 16384, records = 64, piece = 1400;
    for (uint32_t i = 0; i < records; i++) {
        declare(EVENT_RECORD, buffer('r', i + 1), record, (struct span[]){ { s, record, (uint64_t)i * record } }, 1);
        for (uint32_t k = 0; k < record; k += 8)
            name(buffer('r', i + 1), k, 8, "x");
    }
    uint32_t packets = 0;
    for (uint32_t twice = 0; twice < 2; twice++)
        for (uint32_t off = 0; off < record * records; off += piece) {
            uint32_t n = record * records - off < piece ? record * records - off : piece;
            packet(++packets, n, (struct carry[]){ { s, off, 0, n } }, 1);
        }
    sums_to(packets, 2 * record * records, 2 * record * records);
}
END_TEST

int main(void)
{
    return check_run("coverage", (const TTest *[]){ nothing, only_leaves_count, long_leaves_need_an_opaque_name,
        fields_past_the_end_or_of_nobody_do_not_count, names_go_down_to_every_copy, what_is_opened_must_be_named_there,
        a_message_may_lie_on_a_packet, a_large_run_is_quick, NULL });
}
