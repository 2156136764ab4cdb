#include "trace/views.h"
#include "tests/lib/check.h"
#include "tests/lib/memory.h"

#include <string.h>

enum { START = 1000, SECTION = 0x0a0d0d0a, INTERFACE = 1, NAMES = 4, PACKET = 6, SECRETS = 10 };

static struct memory written;
static struct trace *trace;
static struct view *view;
static size_t at;                                     /* of the next block to be read */

static void begin_in(uint16_t host, bool secrets, const struct words *words)
{
    memory_start(&written);
    trace = trace_new(START * SECOND);
    trace_host(trace, "browser", (const uint8_t[]){ 10, 0, 0, 2 }, 4);
    trace_host(trace, "web", (const uint8_t[]){ 10, 0, 0, 80 }, 4);
    view = pcap_view_new(&written.sink, host, secrets, words);
    trace_attach(trace, view);
    at = 0;
}

static void begin(uint16_t host, bool secrets)
{
    begin_in(host, secrets, NULL);
}

static void done(void)
{
    ck_assert_uint_eq(at, written.n);
    view_free(view);
    trace_free(trace);
    memory_end(&written);
}

static buf_no send(uint16_t host, const char *octets, const char *label)
{
    buf_no p = trace_buf(trace, 'p');
    const struct attr ends[] = { attr_text("from", host == 1 ? "10.0.0.2" : "10.0.0.80"), attr_text("to", host == 1 ? "10.0.0.80" : "10.0.0.2") };
    trace_emit(trace, &(struct event){ .kind = EVENT_PACKET, .host = host, .label = label, .buf = p, .attrs = ends, .n_attrs = 2,
                                       .bytes = { (const uint8_t *)octets, strlen(octets) } });
    return p;
}

static void fate(uint16_t host, const char *name, buf_no p, const char *octets)
{
    trace_emit(trace, &(struct event){ .kind = EVENT_FATE, .host = host, .name = name, .buf = p,
                                       .bytes = { (const uint8_t *)octets, strlen(octets) } });
}

static void derive(const char *line)
{
    const struct attr a = attr_secret("keylog", line, strlen(line));
    trace_emit(trace, &(struct event){ .kind = EVENT_KEY, .host = 1, .attrs = &a, .n_attrs = 1 });
}

static uint64_t le(size_t off, size_t n)
{
    uint64_t v = 0;
    ck_assert_uint_le(off + n, written.n);
    while (n--)
        v = v << 8 | (uint8_t)written.at[off + n];
    return v;
}

/* Checks the frame of the next block; returns where its body begins, and moves on. */
static size_t block(uint32_t type, size_t *end)
{
    size_t body = at + 8, total = le(at + 4, 4);
    ck_assert_uint_eq(le(at, 4), type);
    ck_assert_uint_eq(total % 4, 0);
    ck_assert_uint_eq(le(at + total - 4, 4), total);
    *end = at + total - 4;
    at += total;
    return body;
}

/* The value of an option in a list that begins at `off` and must be closed at `end`; its length, or 0. */
static size_t option(size_t off, size_t end, unsigned code, const char **value)
{
    size_t found = 0;
    while (le(off, 2)) {
        size_t n = le(off + 2, 2);
        if (le(off, 2) == code) {
            *value = written.at + off + 4;
            found = n;
        }
        for (size_t i = n; i % 4; i++)
            ck_assert_uint_eq(le(off + 4 + i, 1), 0);
        off += 4 + (n + 3) / 4 * 4;
    }
    ck_assert_uint_eq(le(off, 4), 0);
    ck_assert_uint_eq(off + 4, end);
    return found;
}

static void option_is(size_t off, size_t end, unsigned code, const void *want, size_t n)
{
    const char *value = NULL;
    ck_assert_uint_eq(option(off, end, code, &value), n);
    if (n)
        check_bytes(value, want, n);
}

static void head_is(const char *name)
{
    size_t end, body = block(SECTION, &end);
    ck_assert_uint_eq(le(body, 4), 0x1a2b3c4d);
    ck_assert_uint_eq(le(body + 4, 4), 1);            /* version 1.0 */
    ck_assert_uint_eq(le(body + 8, 8), UINT64_MAX);
    option_is(body + 16, end, 4, "vitrine", 7);
    option_is(body + 16, end, 3, "", 0);              /* no operating system: the same file on every machine */
    body = block(INTERFACE, &end);
    ck_assert_uint_eq(le(body, 4), 101);              /* LINKTYPE_RAW */
    ck_assert_uint_eq(le(body + 4, 4), 0);
    option_is(body + 8, end, 2, name, strlen(name));
    option_is(body + 8, end, 9, "\x09", 1);
    body = block(NAMES, &end);
    check_bytes(written.at + body, "\1\0\x0c\0\x0a\0\0\2browser\0" "\1\0\x08\0\x0a\0\0\x50web\0" "\0\0\0\0", end - body);
    ck_assert_uint_eq(end - body, 32);
}

static void packet_is(uint64_t time, uint64_t number, const char *octets, const char *comment, unsigned flags)
{
    size_t end, body = block(PACKET, &end), n = strlen(octets);
    const uint8_t flag[4] = { (uint8_t)flags }, id[8] = { (uint8_t)number };
    ck_assert_uint_eq(le(body, 4), 0);
    ck_assert_uint_eq(le(body + 4, 4) << 32 | le(body + 8, 4), time);
    ck_assert_uint_eq(le(body + 12, 4), n);
    ck_assert_uint_eq(le(body + 16, 4), n);
    check_bytes(written.at + body + 20, octets, n);
    size_t options = body + 20 + (n + 3) / 4 * 4;
    option_is(options, end, 1, comment, strlen(comment));
    option_is(options, end, 2, flag, flags ? 4 : 0);
    option_is(options, end, 5, id, 8);
}

static void secrets_are(const char *lines)
{
    size_t end, body = block(SECRETS, &end), n = strlen(lines);
    ck_assert_uint_eq(le(body, 4), 0x544c534b);
    ck_assert_uint_eq(le(body + 4, 4), n);
    check_bytes(written.at + body + 8, lines, n);
    ck_assert_uint_eq(body + 8 + (n + 3) / 4 * 4, end);
}

START_TEST(the_wire_has_each_packet_once)
{
    begin(0, true);
    buf_no p = send(1, "abcde", "SYN\033");
    fate(1, "duplicated", p, "");
    trace_turn(trace);
    trace_at(trace, START * SECOND + 10 * MILLISECOND);
    fate(2, "delivered", p, "abcdX");
    fate(2, "delivered", p, "abcde");
    fate(2, "lost", send(2, "wxyz", NULL), "");
    trace_turn(trace);
    trace_end(trace);
    head_is("wire");
    packet_is(START * UINT64_C(1000000000), 1, "abcde", "SYN<ESC>", 0);
    packet_is(START * UINT64_C(1000000000) + 10000000, 2, "wxyz", "", 0);
    done();
}
END_TEST

START_TEST(a_host_has_what_it_sent_and_what_came)
{
    begin(2, true);
    buf_no syn = send(1, "syn", "SYN"), again = send(1, "syn", "SYN again");
    trace_turn(trace);
    ck_assert_uint_eq(written.n, 0);                  /* nothing yet that this host could see */
    fate(2, "delivered", again, "sYn");
    send(2, "syn+ack", "SYN+ACK");
    fate(1, "delivered", syn, "x");
    trace_turn(trace);
    trace_end(trace);
    head_is("web");
    packet_is(START * UINT64_C(1000000000), 2, "sYn", "SYN again", 1);
    packet_is(START * UINT64_C(1000000000), 3, "syn+ack", "SYN+ACK", 2);
    done();
}
END_TEST

/* On a real link the one who receives a packet tells of it. */
START_TEST(what_comes_from_outside_is_inbound)
{
    begin(1, true);
    buf_no p = trace_buf(trace, 'p');
    const struct attr ends[] = { attr_text("from", "192.0.2.1"), attr_text("to", "10.0.0.2") };
    trace_emit(trace, &(struct event){ .kind = EVENT_PACKET, .host = 1, .buf = p, .attrs = ends, .n_attrs = 2,
                                       .bytes = { (const uint8_t *)"in", 2 } });
    trace_end(trace);
    head_is("browser");
    packet_is(START * UINT64_C(1000000000), 1, "in", "", 1);
    done();
}
END_TEST

START_TEST(secrets_stand_before_the_packets_of_their_turn)
{
    begin(0, true);
    send(1, "hello", NULL);
    trace_turn(trace);
    send(1, "finished", NULL);
    derive("CLIENT_RANDOM aa bb\n");
    derive("RSA cc dd\n");
    trace_turn(trace);
    derive("CLIENT_RANDOM aa bb\n");                  /* the other end derives it too */
    trace_turn(trace);
    derive("CLIENT_RANDOM ee ff\n");
    trace_end(trace);
    head_is("wire");
    packet_is(START * UINT64_C(1000000000), 1, "hello", "", 0);
    secrets_are("CLIENT_RANDOM aa bb\nRSA cc dd\n");
    packet_is(START * UINT64_C(1000000000), 2, "finished", "", 0);
    secrets_are("CLIENT_RANDOM ee ff\n");
    done();
}
END_TEST

START_TEST(without_secrets_when_so_wished)
{
    begin(0, false);
    derive("CLIENT_RANDOM aa bb\n");
    send(1, "x", NULL);
    trace_end(trace);
    head_is("wire");
    packet_is(START * UINT64_C(1000000000), 1, "x", "", 0);
    done();
}
END_TEST

START_TEST(an_empty_capture_is_one)
{
    begin(0, true);
    trace_end(trace);
    head_is("wire");
    done();
}
END_TEST

START_TEST(a_comment_says_what_lies_in_the_packet)
{
    begin(0, true);
    buf_no s = trace_stream(trace, "x", 1), m = trace_buf(trace, 'm'), p = trace_buf(trace, 'p');
    const struct span span = { .in = s, .len = 3 };
    const struct carry carry = { .stream = s, .at = 2, .len = 3 };
    trace_emit(trace, &(struct event){ .kind = EVENT_MESSAGE, .name = "ClientHello", .label = "ClientHello  TLS 1.2", .buf = m,
                                       .bytes = { (const uint8_t *)"abc", 3 }, .spans = &span, .n_spans = 1 });
    trace_emit(trace, &(struct event){ .kind = EVENT_PACKET, .label = "data len 3", .buf = p, .bytes = { (const uint8_t *)"__abc", 5 },
                                       .carries = &carry, .n_carries = 1 });
    trace_end(trace);
    head_is("wire");
    packet_is(START * UINT64_C(1000000000), 1, "__abc", "ClientHello  TLS 1.2 (data len 3)", 0);
    done();
}
END_TEST

static const char *find(const char *layer, const char *name)
{
    if (strcmp(layer, "why") != 0)
        return NULL;
    return strcmp(name, "tls.ClientHello") == 0      ? "They say {label}."
           : strcmp(name, "tcp.retransmission") == 0 ? "Once more."
           : strcmp(name, "tcp.ACK") == 0            ? "It came."
                                                     : NULL;
}

static const char *as_it_is(const char *text, char *out, size_t room)
{
    (void)out, (void)room;
    return text;
}

/* Its second line: why there is what begins in it; of a packet that goes again, or carries nothing, its own reason. */
START_TEST(a_comment_says_why)
{
    static const struct words words = { "en", find, as_it_is };
    const struct attr again = attr_text("retransmission", "RTO");
    begin_in(0, true, &words);
    buf_no s = trace_stream(trace, "x", 1), m = trace_buf(trace, 'm');
    const struct span span = { .in = s, .len = 3 };
    const struct carry carry = { .stream = s, .at = 2, .len = 3 };
    trace_emit(trace, &(struct event){ .kind = EVENT_MESSAGE, .layer = "tls", .name = "ClientHello", .label = "hello", .buf = m,
                                       .bytes = { (const uint8_t *)"abc", 3 }, .spans = &span, .n_spans = 1 });
    struct event e = { .kind = EVENT_PACKET, .layer = "tcp", .name = "data", .label = "data len 3",
                       .buf = trace_buf(trace, 'p'), .bytes = { (const uint8_t *)"__abc", 5 },
                       .carries = &carry, .n_carries = 1 };
    trace_emit(trace, &e);
    e.buf = trace_buf(trace, 'p'), e.attrs = &again, e.n_attrs = 1;
    trace_emit(trace, &e);
    trace_emit(trace, &(struct event){ .kind = EVENT_PACKET, .layer = "tcp", .name = "ACK", .label = "ACK", .buf = trace_buf(trace, 'p'),
                                       .bytes = { (const uint8_t *)"__", 2 } });
    trace_end(trace);
    head_is("wire");
    const uint64_t when = START * UINT64_C(1000000000);
    packet_is(when, 1, "__abc", "ClientHello  hello (data len 3)\nThey say hello.", 0);
    packet_is(when, 2, "__abc", "ClientHello  hello (data len 3)\nOnce more.", 0);
    packet_is(when, 3, "__", "ACK\nIt came.", 0);
    done();
}
END_TEST

START_TEST(waiting_is_bounded)
{
    enum { PACKETS = 500, SIZE = 1500 };
    static char octets[SIZE + 1];
    memset(octets, 'x', SIZE);
    begin(0, true);
    derive("CLIENT_RANDOM aa bb\n");
    for (int i = 0; i < PACKETS; i++)
        send(1, octets, "a label");
    ck_assert_uint_gt(written.n, PACKETS * SIZE - 256 * 1024);
    trace_turn(trace);
    trace_end(trace);
    head_is("wire");
    secrets_are("CLIENT_RANDOM aa bb\n");
    for (unsigned i = 1; i <= PACKETS; i++) {
        size_t end, body = block(PACKET, &end);
        ck_assert_uint_eq(le(body + 12, 4), SIZE);
    }
    done();
}
END_TEST

int main(void)
{
    return check_run("pcap_view", (const TTest *[]){ the_wire_has_each_packet_once, a_host_has_what_it_sent_and_what_came,
        what_comes_from_outside_is_inbound, secrets_stand_before_the_packets_of_their_turn, without_secrets_when_so_wished,
        an_empty_capture_is_one, a_comment_says_what_lies_in_the_packet, a_comment_says_why, waiting_is_bounded, NULL });
}
