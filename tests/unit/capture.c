/* Capture files of all kinds, built here: what comes out of them, whole and octet by octet. */
#include "net/capture.h"
#include "net/capture_write.h"
#include "tests/lib/capture_made.h"
#include "tests/lib/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct capture_made m;

/* Reads `m` in pieces of `step` octets into one line of text: what came, in order. */
static struct fault why;
static const char *told(size_t step)
{
    static char text[4096];
    struct capture *c = capture_new();
    struct capture_item item = { 0 };
    size_t at = 0;
    int says = CAPTURE_WANTS;
    text[0] = 0;
    why = (struct fault){ 0 };
    for (struct bytes in; at < m.n && says != CAPTURE_FAILED; at += step) {
        uint8_t piece[1 << 16];                       /* what it keeps must not lie in here */
        in = (struct bytes){ piece, step < m.n - at ? step : m.n - at };
        memcpy(piece, m.octets + at, in.n);
        do {
            char *end = text + strlen(text);
            size_t room = (size_t)(text + sizeof text - end);
            says = capture_next(c, &in, &item, &why);
            const struct capture_frame *f = &item.frame;
            if (says == CAPTURE_FRAME)
                snprintf(end, room, "%d:%d/%d %lld.%09lld%s %.*s %d;", (int)f->number, (int)f->interface, (int)f->link,
                         (long long)(f->at / SECOND), (long long)(f->at % SECOND), f->has_time ? "" : "?",
                         (int)f->bytes.n, (const char *)f->bytes.at, (int)f->wire_n);
            else if (says == CAPTURE_SECRETS)
                snprintf(end, room, "secrets %.*s;", (int)item.secrets.n, (const char *)item.secrets.at);
            else if (says == CAPTURE_NAME)
                snprintf(end, room, "%d %s;", item.address.len, item.name);
        } while (says != CAPTURE_WANTS && says != CAPTURE_FAILED);
        memset(piece, 0xee, sizeof piece);
        if (says == CAPTURE_WANTS)
            ck_assert_uint_eq(in.n, 0);
    }
    if (!capture_end(c, &why))
        snprintf(text + strlen(text), 64, "%s", why.ground->id);
    capture_free(c);
    return text;
}
static void is(const char *want)
{
    static const size_t steps[] = { sizeof m.octets, 1, 2, 3, 7, 13, 64, 4096 };
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        ck_assert_str_eq(told(steps[i]), want);
}

START_TEST(pcap_in_both_orders)
{
    for (int i = 0; i < 2; i++) {
        made_start(&m, i);
        made_pcap(&m, 0xa1b2c3d4, 1);
        made_record(&m, 1700000000, 123456, "abc", 3, 1500);
        made_record(&m, 1700000001, 999999, "", 0, 60);
        is("1:0/1 1700000000.123456000 abc 1500;2:0/1 1700000001.999999000  60;");
        made_start(&m, i);
        made_pcap(&m, 0xa1b23c4d, 0xf4000071);                 /* a check sequence of 4 octets, Linux cooked */
        made_record(&m, 4294967295, 999999999, "abcd", 4, 4);
        is("1:0/113 4294967295.999999999 abcd 4;");
    }
}
END_TEST

START_TEST(pcap_with_longer_headers)
{
    for (int i = 0; i < 2; i++) {
        made_start(&m, i);
        made_pcap(&m, 0xa1b2cd34, 1);
        made_put(&m, 5, 4), made_put(&m, 6, 4), made_put(&m, 2, 4), made_put(&m, 9, 4), made_put(&m, 3, 4), made_put(&m, 0x0800, 2), made_put(&m, 1, 2), made_octets(&m, "ok", 2);
        is("1:0/1 5.000006000 ok 9;");
    }
}
END_TEST

START_TEST(pcap_that_lies)
{
    made_start(&m, true);
    made_pcap(&m, 0xa1b2c3d4, 1);
    made_record(&m, 1, 0, "abc", 3, 3);
    made_record(&m, 2, 0, "abcd", 4, 3);
    is("1:0/1 1.000000000 abc 3;capture.frame_length");
    m.n -= 20;
    made_put(&m, 2, 4), made_put(&m, 0, 4), made_put(&m, 0x7fffffff, 4), made_put(&m, 0x7fffffff, 4);
    is("1:0/1 1.000000000 abc 3;capture.frame_length");
    made_start(&m, true);
    made_pcap(&m, 0xa1b2c3d4, 1);
    m.octets[4] = 3;
    is("capture.pcap_version");
    made_start(&m, true);
    made_pcap(&m, 0xa1b2c3d5, 1);
    is("capture.pcap_magic");
}
END_TEST

START_TEST(no_capture_at_all)
{
    m.n = 0;
    ck_assert_str_eq(told(1), "capture.unknown");
    made_octets(&m, "GET / HTTP/1.1", 14);
    is("capture.unknown");
    m.n = 0;
    made_octets(&m, "\x1f\x8b\x08\0", 4);
    is("capture.unknown");
    ck_assert_ptr_nonnull(strstr(why.came, "gunzip"));
    m.n = 3;
    is("capture.cut");
}
END_TEST

START_TEST(cut_anywhere)
{
    made_start(&m, true);
    made_pcap(&m, 0xa1b2c3d4, 1);
    made_record(&m, 1, 0, "abc", 3, 3);
    size_t whole = m.n;
    made_record(&m, 2, 0, "def", 3, 3);
    for (size_t last = m.n - 1; m.n > whole + 1;) {
        m.n = last--;
        is(m.n == whole ? "1:0/1 1.000000000 abc 3;" : "1:0/1 1.000000000 abc 3;capture.cut");
    }
    for (m.n = 1; m.n < 24; m.n++)
        is("capture.cut");
    made_start(&m, false);
    made_section(&m, false);
    made_interface(&m, 1, 0, -1, 0);
    whole = m.n;
    made_packet(&m, 0, 7, "abcde", 5, 5);
    for (size_t last = m.n - 1; m.n > whole + 1;) {
        m.n = last--;
        is(m.n == whole ? "" : "capture.cut");
    }
}
END_TEST

START_TEST(pcapng_sections_and_interfaces)
{
    made_start(&m, false);
    made_section(&m, true);
    made_interface(&m, 1, 0, -1, 0);
    made_interface(&m, 101, 0, 9, -3600);
    made_packet(&m, 0, 1700000000123456, "abc", 3, 99);
    made_packet(&m, 1, 1700003600123456789, "defg", 4, 4);
    made_section(&m, false);                                   /* cat: its interfaces are others */
    made_interface(&m, 276, 0, 6, 0);
    made_packet(&m, 0, 2000000, "h", 1, 1);
    is("1:0/1 1700000000.123456000 abc 99;2:1/101 1700000000.123456789 defg 4;3:2/276 2.000000000 h 1;");
    made_packet(&m, 1, 2000000, "h", 1, 1);
    is("1:0/1 1700000000.123456000 abc 99;2:1/101 1700000000.123456789 defg 4;3:2/276 2.000000000 h 1;"
       "capture.no_interface");
}
END_TEST

START_TEST(resolutions)
{
    static const struct { int resolution; int64_t offset; uint64_t units; const char *at; } rows[] = {
        { 0, 0, 1700000000, "1700000000.000000000" },
        { 3, 0, 1700000000123, "1700000000.123000000" },
        { 9, 5, 1, "5.000000001" },
        { 12, 0, 1700000000123456789, "1700000.000123456" },
        { 19, 0, UINT64_MAX, "1.844674407" },
        { 20, 0, UINT64_MAX, "0.184467440" },
        { 40, 0, UINT64_MAX, "0.000000000" },
        { 127, 0, UINT64_MAX, "0.000000000" },
        { 0x80, 0, 77, "77.000000000" },
        { 0x80 | 1, 0, 3, "1.500000000" },
        { 0x80 | 20, 0, (5ull << 20) + (1 << 19), "5.500000000" },
        { 0x80 | 32, 0, (1700000000ull << 32) + 0x80000000, "1700000000.500000000" },
        { 0x80 | 64, 0, 0x8000000000000000, "0.500000000" },
        { 0x80 | 65, 0, 0x8000000000000000, "0.250000000" },
        { 0x80 | 127, 0, UINT64_MAX, "0.000000000" },
        { 0, 0, UINT64_MAX, "4611686018.000000000" },                           /* moved to what can be reckoned with */
        { 0, INT64_MIN, 1, "0.000000000" },
        { 0, INT64_MAX, UINT64_MAX, "4611686018.000000000" },
        { 6, -10, 1, "0.000000000" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int order = 0; order < 2; order++) {
            char want[80];
            made_start(&m, order);
            made_section(&m, order);
            made_interface(&m, 1, 0, rows[i].resolution, rows[i].offset);
            made_packet(&m, 0, rows[i].units, "x", 1, 1);
            snprintf(want, sizeof want, "1:0/1 %s x 1;", rows[i].at);
            ck_assert_str_eq(told(sizeof m.octets), want);
        }
}
END_TEST

START_TEST(simple_and_old_packets)
{
    made_start(&m, true);
    made_section(&m, true);
    made_interface(&m, 1, 4, -1, 0);
    made_packet(&m, 0, 3000000, "abc", 3, 3);
    made_simple(&m, "abcd", 4, 9);
    made_simple(&m, "ab", 2, 2);
    size_t b = made_open(&m, 2);
    made_put(&m, 0, 2), made_put(&m, 5, 2), made_put(&m, 0, 4), made_put(&m, 4000000, 4), made_put(&m, 2, 4), made_put(&m, 3, 4), made_octets(&m, "ol", 2);
    made_close(&m, b);
    is("1:0/1 3.000000000 abc 3;2:0/1 3.000000000? abcd 9;3:0/1 3.000000000? ab 2;4:0/1 4.000000000 ol 3;");
    made_start(&m, true);
    made_section(&m, true);
    made_simple(&m, "abcd", 4, 4);
    is("capture.no_interface");
}
END_TEST

START_TEST(secrets_names_and_what_is_unknown)
{
    made_start(&m, false);
    made_section(&m, false);
    made_secrets(&m, 0x544c534b, "CLIENT_RANDOM 1 2\n");
    made_secrets(&m, 0x57474b4c, "of WireGuard");
    made_interface(&m, 1, 0, -1, 0);
    made_names(&m);
    size_t b = made_open(&m, 5);                         /* statistics */
    made_put(&m, 0, 4), made_put(&m, 0, 8);
    made_close(&m, b);
    b = made_open(&m, 0x40000bad);
    for (int i = 0; i < 9000; i++)
        made_put(&m, 0xabcdef01, 4);
    made_close(&m, b);
    made_packet(&m, 0, 1, "abc", 3, 3);
    is("secrets CLIENT_RANDOM 1 2\n;4 a.test;16 six.te;1:0/1 0.000001000 abc 3;");
    made_names(&m);
    is("secrets CLIENT_RANDOM 1 2\n;4 a.test;16 six.te;1:0/1 0.000001000 abc 3;4 a.test;16 six.te;");
}
END_TEST

START_TEST(pcapng_that_lies)
{
    static const struct { size_t at; uint32_t v; const char *id; } rows[] = {
        { 8, 0x1a2b3c4e, "capture.byte_order" }, { 12, 0x00020000, "capture.version" },
        { 4, 24, "capture.block_length" }, { 4, 29, "capture.block_length" }, { 4, 8, "capture.block_length" },
        { 24, 32, "capture.block_length" }, { 4, 0x7ffffffc, "capture.block_length" },
        { 28 + 16, 0x0002ffff, "capture.block_cut" },                      /* an option past the end */
        { 80 + 20, 90, "capture.block_cut" },                                  /* a frame past the end */
        { 80 + 24, 2, "capture.frame_length" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        made_start(&m, false);
        made_section(&m, false);
        made_interface(&m, 1, 0, 6, 8);
        ck_assert_uint_eq(m.n, 28 + 20 + 8 + 8 + 12 + 4);
        made_packet(&m, 0, 1, "abc", 3, 3);
        size_t end = m.n;
        m.n = rows[i].at;
        made_put(&m, rows[i].v, 4);
        m.n = end;
        is(rows[i].id);
    }
}
END_TEST

START_TEST(interfaces_are_bounded)
{
    struct capture *c = capture_new();
    struct capture_item item;
    int says = CAPTURE_WANTS;
    made_start(&m, true);
    made_section(&m, true);
    for (unsigned i = 0; says == CAPTURE_WANTS && i <= CAPTURE_INTERFACES; i++) {
        struct bytes in;
        if (i)
            m.n = 0;
        made_interface(&m, 1, 0, -1, 0);
        in = (struct bytes){ m.octets, m.n };
        says = capture_next(c, &in, &item, &why);
    }
    ck_assert_int_eq(says, CAPTURE_FAILED);
    ck_assert_str_eq(why.ground->id, "capture.interfaces");
    capture_free(c);
}
END_TEST

/* What lies whole in what was handed in is not copied. */
START_TEST(nothing_is_copied)
{
    struct capture *c = capture_new();
    struct capture_item item;
    made_start(&m, true);
    made_pcap(&m, 0xa1b2c3d4, 1);
    made_record(&m, 1, 0, "abc", 3, 3);
    struct bytes in = { m.octets, m.n };
    ck_assert_int_eq(capture_next(c, &in, &item, &why), CAPTURE_FRAME);
    ck_assert_ptr_eq(item.frame.bytes.at, m.octets + 24 + 16);
    ck_assert_str_eq(capture_format(c), "pcap");
    capture_free(c);
}
END_TEST

static bool to_m(struct sink *s, const void *octets, size_t n)
{
    (void)s;
    made_octets(&m, octets, n);
    return true;
}

/* What was read is written anew, and reads the same: interfaces of two sections, a frame that was cut, one without octets. */
START_TEST(written_anew)
{
    static const char want[] = "secrets CLIENT_RANDOM 0 1\n;1:0/1 1700000000.123456000 abc 99;16 six.te;"
                               "2:1/101 1700003600.123456789  4;3:2/276 2.000000000 hijk 4;";
    struct sink sink = { to_m };
    struct capture_writer w;
    struct capture_frame f = { .number = 7, .has_time = true, .at = INT64_C(1700000000123456000), .interface = 5, .link = 1,
                               .wire_n = 99, .bytes = { (const uint8_t *)"abc", 3 } };
    const struct addr six = { .len = 16, .octets = { 0x20, 1 } };
    made_start(&m, true);
    ck_assert(capture_write_begin(&w, &sink));
    ck_assert(capture_write_secrets(&w, (struct bytes){ (const uint8_t *)"CLIENT_RANDOM 0 1\n", 18 }));
    ck_assert(capture_write_frame(&w, &f));
    ck_assert(capture_write_name(&w, &six, "six.te"));
    f = (struct capture_frame){ .at = INT64_C(1700003600123456789), .interface = 6, .link = 101, .wire_n = 4 };
    ck_assert(capture_write_frame(&w, &f));
    f = (struct capture_frame){ .at = 2 * SECOND, .interface = 9, .link = 276, .wire_n = 4, .bytes = { (const uint8_t *)"hijk", 4 } };
    ck_assert(capture_write_frame(&w, &f));
    capture_write_end(&w);
    is(want);
}
END_TEST

/* No section has more interfaces than are read again. */
START_TEST(written_with_many_interfaces)
{
    static uint8_t all[1 << 20];
    static size_t n;
    struct sink sink = { to_m };
    struct capture_writer w;
    struct capture *c = capture_new();
    struct capture_item item;
    uint64_t frames = 0;
    n = 0;
    made_start(&m, true);
    ck_assert(capture_write_begin(&w, &sink));
    for (uint32_t k = 0; k < 2 * CAPTURE_INTERFACES; k++) {
        const struct capture_frame f = { .at = 1, .interface = k / 2 + k % 2, .link = 1, .wire_n = 1 };
        ck_assert(capture_write_frame(&w, &f));
        memcpy(all + n, m.octets, m.n);
        n += m.n;
        m.n = 0;
    }
    capture_write_end(&w);
    for (struct bytes in = { all, n }; capture_next(c, &in, &item, &why) == CAPTURE_FRAME;)
        frames++;
    ck_assert(capture_end(c, &why));
    ck_assert_uint_eq(frames, 2 * CAPTURE_INTERFACES);
    capture_free(c);
}
END_TEST

int main(void)
{
    return check_run("capture", (const TTest *[]){
        pcap_in_both_orders, pcap_with_longer_headers, pcap_that_lies, no_capture_at_all, cut_anywhere,
        pcapng_sections_and_interfaces, resolutions, simple_and_old_packets, secrets_names_and_what_is_unknown,
        pcapng_that_lies, interfaces_are_bounded, nothing_is_copied, written_anew, written_with_many_interfaces, NULL });
}
