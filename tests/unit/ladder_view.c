#include "trace/views.h"
#include "tests/lib/check.h"
#include "tests/lib/memory.h"

#include <string.h>

static struct memory written;
static struct trace *trace;
static struct view *view;
static nsec now;

enum { BROWSER = 1, RESOLVER, WEB };
static const uint8_t octets[4096];

static const char *find(const char *layer, const char *name)
{
    if (strcmp(layer, "title") == 0)
        return strcmp(name, "open") == 0 ? "TCP open" : NULL;
    if (strcmp(layer, "story") != 0)
        return NULL;
    return strcmp(name, "name") == 0 ? "The resolver says that {host} is {address}, and that this holds for {ttl} s; it took {took:ms}."
                                     : NULL;
}

static const char *phrase(const char *text, char *out, size_t room)
{
    (void)out, (void)room;
    return text;
}

static const struct words words = { "en", find, phrase };

static void begin_with(struct ladder_options options)
{
    memory_start(&written);
    now = 1000 * SECOND;
    trace = trace_new(now);
    trace_host(trace, "browser", (const uint8_t[]){ 10, 0, 0, 2 }, 4);
    trace_host(trace, "resolver", (const uint8_t[]){ 10, 0, 0, 53 }, 4);
    trace_host(trace, "web", (const uint8_t[]){ 10, 0, 0, 80 }, 4);
    options.words = &words;
    view = ladder_view_new(&written.sink, &options);
    trace_attach(trace, view);
}

static void begin(enum event_level level) { begin_with((struct ladder_options){ .level = level, .columns = 80 }); }

static void is(const char *want)
{
    trace_end(trace);
    memory_is(&written, want);
    view_free(view);
    trace_free(trace);
    memory_end(&written);
}

static void after(nsec t)
{
    trace_turn(trace);
    now += t;
    trace_at(trace, now);
}

static void chapter(unsigned number, const char *name, const char *phase)
{
    const struct attr attrs[] = { attr_number("number", number), attr_text("phase", phase), attr_text("host", "www.example.test"),
                                  attr_text("address", "10.0.0.80"), attr_number("ttl", 300), attr_number("took", 20000000) };
    trace_emit(trace, &(struct event){ .kind = EVENT_STORY, .name = name, .attrs = attrs, .n_attrs = 6 });
}

static const char *address(int host) { return host == BROWSER ? "10.0.0.2" : host == WEB ? "10.0.0.80" : "10.0.0.53"; }

static buf_no packet_with(int from, int to, const char *label, struct carry carry, const char *again)
{
    buf_no p = trace_buf(trace, 'p');
    const struct attr attrs[] = { attr_text("from", address(from)), attr_text("to", address(to)), attr_text("retransmission", again) };
    trace_emit(trace, &(struct event){ .kind = EVENT_PACKET, .level = LEVEL_PACKETS, .label = label, .host = (uint16_t)from, .buf = p,
        .bytes = { octets, 40 + carry.len }, .carries = &carry, .n_carries = carry.len ? 1 : 0, .attrs = attrs, .n_attrs = again ? 3 : 2 });
    return p;
}

static buf_no packet(int from, int to, const char *label) { return packet_with(from, to, label, (struct carry){ 0 }, NULL); }

static void fate(buf_no p, const char *name, const char *label)
{
    trace_emit(trace, &(struct event){ .kind = EVENT_FATE, .level = LEVEL_PACKETS, .name = name, .label = label, .buf = p });
}

static void enter(int host, const char *machine, const char *from, const char *to)
{
    const struct attr attrs[] = { attr_text("machine", machine), attr_text("from", from), attr_text("to", to), attr_text("trigger", "SYN") };
    trace_emit(trace, &(struct event){ .kind = EVENT_STATE, .level = LEVEL_PACKETS, .layer = machine, .name = to, .host = (uint16_t)host,
                                       .rfc = "RFC 9293 §3.10.7", .by = "tcp_enter", .attrs = attrs, .n_attrs = 4 });
}

static buf_no told(enum event_kind kind, char letter, const char *name, const char *label, buf_no on, uint64_t off, uint32_t len)
{
    buf_no b = trace_buf(trace, letter);
    const struct span span = { .in = on, .len = len, .off = off };
    trace_emit(trace, &(struct event){ .kind = kind, .level = LEVEL_ALL, .layer = letter == 'd' ? "dns" : "tls", .name = name, .label = label,
                                       .buf = b, .bytes = { octets, len }, .spans = &span, .n_spans = 1 });
    return b;
}

START_TEST(the_story)
{
    begin(LEVEL_STORY);
    chapter(1, "name", "begin");
    packet(BROWSER, RESOLVER, "not at this level");
    enter(WEB, "tcp", "CLOSED", "LISTEN");
    chapter(1, "name", "end");
    chapter(2, "open", "begin");
    chapter(2, "open", "end");
    trace_fault(&(struct voice){ trace, BROWSER, 1 }, "x509", "x", &(struct fault){
        .ground = &(const struct ground){ "x509.expired", "RFC 5280 §4.1.2.5" }, .about = "leaf\033[31m" });
    chapter(3, "hello", "begin");
    is(" 1  name            The resolver says that www.example.test is 10.0.0.80, and\n"
       "                    that this holds for 300 s; it took 20.0 ms.\n"
       " 2  TCP open\n"
       "    fault at browser: x509.expired, leaf<ESC>[31m (RFC 5280 §4.1.2.5)\n"
       " 3  hello           …\n");
}
END_TEST

START_TEST(opening_with_a_loss)
{
    begin(LEVEL_PACKETS);
    enter(WEB, "tcp", "CLOSED", "LISTEN");
    chapter(1, "name", "begin");
    fate(packet(BROWSER, RESOLVER, "DNS query  A? www.example.test"), "reordered", "held back, 3.000 ms");
    after(10 * MILLISECOND);
    packet(RESOLVER, BROWSER, "DNS answer  A 10.0.0.80, TTL 300");
    after(10 * MILLISECOND);
    chapter(1, "name", "end");
    chapter(2, "open", "begin");
    enter(BROWSER, "tcp", "CLOSED", "SYN-SENT");
    packet(BROWSER, WEB, "SYN seq 2718281828 (0) win 64240 MSS 1460");
    after(10 * MILLISECOND);
    enter(WEB, "tcp", "LISTEN", "SYN-RECEIVED");
    fate(packet(WEB, BROWSER, "SYN ACK seq 31415926 (0) ack 2718281829 (1) win 64240 MSS 1460"), "lost", "lost on the wire");
    after(1000 * MILLISECOND);
    buf_no again = packet_with(WEB, BROWSER, "SYN ACK seq 31415926 (0)", (struct carry){ 0 }, "RTO 1000 ms fired");
    fate(again, "delivered", NULL);
    after(10 * MILLISECOND);
    fate(again, "duplicated", NULL);
    enter(BROWSER, "tcp", "SYN-SENT", "ESTABLISHED");
    packet(BROWSER, WEB, "ACK");
    chapter(2, "open", "end");
    is(" 1  name\n"
       "                browser 10.0.0.2                              resolver 10.0.0.53\n"
       "#1       0.0 ms ├── DNS query  A? www.example.test ───────────────────────────▶│\n"
       "                │   reordered: held back, 3.000 ms                             │\n"
       "#2      10.0 ms │◀─ DNS answer  A 10.0.0.80, TTL 300 ──────────────────────────┤\n"
       "    The resolver says that www.example.test is 10.0.0.80, and that this holds\n"
       "    for 300 s; it took 20.0 ms.\n"
       "\n"
       " 2  TCP open\n"
       "                browser 10.0.0.2                                   web 10.0.0.80\n"
       "        20.0 ms ● tcp SYN-SENT                                      tcp LISTEN ●\n"
       "#3      20.0 ms ├── SYN seq 2718281828 (0) win 64240 MSS 1460 ────────────────▶│\n"
       "        30.0 ms │                                             tcp SYN-RECEIVED ●\n"
       "#4      30.0 ms │ x SYN ACK seq 31415926 (0) ack 2718281829 (1) win 64240 ─────┤\n"
       "                │   MSS 1460                                                   │\n"
       "                │   lost on the wire                                           │\n"
       "#5    1030.0 ms │◀─ SYN ACK seq 31415926 (0) ──────────────────────────────────┤\n"
       "                │   sent again: RTO 1000 ms fired, nothing acknowledged #4     │\n"
       "                │   since 30.0 ms                                              │\n"
       "                │   #5 duplicated                                              │\n"
       "      1040.0 ms ● tcp ESTABLISHED                                              │\n"
       "#6    1040.0 ms ├── ACK ──────────────────────────────────────────────────────▶│\n");
}
END_TEST

START_TEST(packets_are_called_by_what_lies_in_them)
{
    begin(LEVEL_PACKETS);
    buf_no up = trace_stream(trace, "up", 2), down = trace_stream(trace, "down", 4), d = trace_stream(trace, "dns", 3);
    told(EVENT_MESSAGE, 'd', "query", "A? www.example.test", d, 0, 33);
    packet_with(BROWSER, WEB, "UDP", (struct carry){ d, 0, 28, 33 }, NULL);
    told(EVENT_MESSAGE, 'm', "ClientHello", "ClientHello TLS 1.2, 4 suites", told(EVENT_RECORD, 'r', "handshake", NULL, up, 0, 207), 5, 202);
    packet_with(BROWSER, WEB, "PSH ACK seq 1", (struct carry){ up, 0, 40, 207 }, NULL);
    after(10 * MILLISECOND);
    buf_no r = told(EVENT_RECORD, 'r', "handshake", NULL, down, 0, 2104);
    told(EVENT_MESSAGE, 'm', "ServerHello", "a label", r, 5, 90);
    told(EVENT_MESSAGE, 'm', "Certificate", "a label", r, 95, 2009);
    told(EVENT_RECORD, 'r', "ChangeCipherSpec", NULL, down, 2104, 6);
    fate(packet_with(WEB, BROWSER, "ACK seq 1", (struct carry){ down, 0, 40, 1460 }, NULL), "corrupted", "bit 3 of octet 7 flipped");
    packet_with(WEB, BROWSER, "ACK seq 1461", (struct carry){ down, 1460, 40, 650 }, NULL);
    told(EVENT_MESSAGE, 'm', "ServerHello", "told by the reader", r, 5, 90);
    packet_with(WEB, BROWSER, "ACK seq 1", (struct carry){ down, 0, 40, 1460 }, "3 duplicate ACKs");
    r = told(EVENT_RECORD, 'r', "application data", NULL, down, 2110, 4000);
    told(EVENT_MESSAGE, 'm', "Finished", NULL, told(EVENT_BUFFER, 'o', "x", "application data, 3900 octets", r, 13, 3900), 0, 16);
    for (uint64_t off = 2110; off < 6110; off += 1460)
        packet_with(WEB, BROWSER, "ACK", (struct carry){ down, off, 40, off + 1460 < 6110 ? 1460 : (uint32_t)(6110 - off) }, NULL);
    r = told(EVENT_RECORD, 'r', "alert", "sealed alert", down, 6110, 31);
    told(EVENT_BUFFER, 'o', "alert", "Alert  warning close_notify", r, 13, 2);
    packet_with(WEB, BROWSER, "PSH ACK", (struct carry){ down, 6110, 40, 31 }, NULL);
    packet_with(WEB, BROWSER, "ACK of who knows what", (struct carry){ down, 9000, 40, 10 }, NULL);
    is("                browser 10.0.0.2                                   web 10.0.0.80\n"
       "#1       0.0 ms ├── DNS query  A? www.example.test ───────────────────────────▶│\n"
       "                │   UDP                                                        │\n"
       "#2       0.0 ms ├── ClientHello TLS 1.2, 4 suites ────────────────────────────▶│\n"
       "                │   PSH ACK seq 1                                              │\n"
       "#3      10.0 ms │◀─ ServerHello, Certificate (1 of 2) ─────────────────────────┤\n"
       "                │   ACK seq 1                                                  │\n"
       "                │   corrupted: bit 3 of octet 7 flipped                        │\n"
       "#4      10.0 ms │◀─ Certificate (2 of 2), ChangeCipherSpec ────────────────────┤\n"
       "                │   ACK seq 1461                                               │\n"
       "#5      10.0 ms │◀─ ServerHello, Certificate (1 of 2) ─────────────────────────┤\n"
       "                │   ACK seq 1                                                  │\n"
       "                │   sent again: 3 duplicate ACKs, nothing acknowledged #3      │\n"
       "                │   since 10.0 ms                                              │\n"
       "#6      10.0 ms │◀─ Finished ──────────────────────────────────────────────────┤\n"
       "                │   ACK                                                        │\n"
       "#7      10.0 ms │◀─ application data (2 of 3) ─────────────────────────────────┤\n"
       "#8      10.0 ms │◀─ application data (3 of 3) ─────────────────────────────────┤\n"
       "#9      10.0 ms │◀─ Alert  warning close_notify ───────────────────────────────┤\n"
       "                │   PSH ACK                                                    │\n"
       "#10     10.0 ms │◀─ ACK of who knows what ─────────────────────────────────────┤\n");
}
END_TEST

static void emit_some(void)
{
    const struct attr check[] = { attr_text("subject", "validity"), attr_text("expected", "a time until 2026"), attr_text("found", "2031"),
                                  attr_text("verdict", "refused") };
    const struct attr key[] = { attr_text("how", "PRF SHA256"), attr_secret("secret", "\x0a\x1b", 2) };
    packet(BROWSER, WEB, "SYN");
    enter(BROWSER, "tcp", "CLOSED", "SYN-SENT");
    trace_emit(trace, &(struct event){ .kind = EVENT_CHECK, .level = LEVEL_PACKETS, .layer = "x509", .name = "time", .host = BROWSER,
                                       .rfc = "RFC 5280 §6", .by = "x509_verify_chain", .cause = 1, .attrs = check, .n_attrs = 4 });
    trace_emit(trace, &(struct event){ .kind = EVENT_KEY, .level = LEVEL_ALL, .layer = "tls", .name = "master_secret", .label = "derived",
                                       .host = WEB, .attrs = key, .n_attrs = 2 });
    trace_emit(trace, &(struct event){ .kind = EVENT_DNS, .level = LEVEL_PACKETS, .label = "not\nin the cache", .host = BROWSER });
}

START_TEST(remarks_at_the_ladder)
{
    begin(LEVEL_PACKETS);
    emit_some();
    is("                browser 10.0.0.2                                   web 10.0.0.80\n"
       "#1       0.0 ms ├── SYN ──────────────────────────────────────────────────────▶│\n"
       "         0.0 ms ● tcp SYN-SENT                                                 │\n"
       "                │   browser: validity: refused                                 │\n"
       "                │   browser: not<LF>in the cache                               │\n");
}
END_TEST

START_TEST(every_event_a_line)
{
    begin_with((struct ladder_options){ .level = LEVEL_ALL, .columns = 80, .secrets = true });
    emit_some();
    is("                browser 10.0.0.2                                   web 10.0.0.80\n"
       "#1       0.0 ms ├── SYN ──────────────────────────────────────────────────────▶│\n"
       "n2       0.0 ms browser tcp state: CLOSED → SYN-SENT, by SYN\n"
       "                [RFC 9293 §3.10.7, tcp_enter]\n"
       "n3       0.0 ms browser x509 check time of validity: refused; expected a time\n"
       "                until 2026; found 2031  [RFC 5280 §6, x509_verify_chain, because\n"
       "                of n1]\n"
       "n4       0.0 ms web tls key master_secret: derived how=\"PRF SHA256\" secret=0a1b\n"
       "n5       0.0 ms browser dns: not<LF>in the cache\n");
}
END_TEST

START_TEST(secrets_are_not_shown_unasked)
{
    begin(LEVEL_ALL);
    emit_some();
    trace_end(trace);
    ck_assert_ptr_nonnull(strstr(written.at, "secret=secret"));
    ck_assert_ptr_null(strstr(written.at, "0a1b"));
    view_free(view);
    trace_free(trace);
    memory_end(&written);
}
END_TEST

START_TEST(a_packet_without_addresses)
{
    begin(LEVEL_PACKETS);
    packet(BROWSER, WEB, "SYN");
    trace_emit(trace, &(struct event){ .kind = EVENT_PACKET, .level = LEVEL_PACKETS, .label = "broken", .host = WEB,
                                       .buf = trace_buf(trace, 'p'), .bytes = { octets, 3 } });
    is("                browser 10.0.0.2                                   web 10.0.0.80\n"
       "#1       0.0 ms ├── SYN ──────────────────────────────────────────────────────▶│\n"
       "#2       0.0 ms │◀─ broken ────────────────────────────────────────────────────┤\n");
}
END_TEST

/* The mark of a lab about the packet whose row waits stands on that row, and the fate behind it. Another's is a remark. */
START_TEST(what_a_lab_does_stands_at_its_packet)
{
    const struct event lab = { .kind = EVENT_MARK, .level = LEVEL_PACKETS, .layer = "lab", .name = "break", .label = "lab: loss:1",
                               .host = BROWSER, .cause = 1 };
    begin(LEVEL_PACKETS);
    buf_no p = packet(BROWSER, WEB, "SYN");
    trace_emit(trace, &lab);
    fate(p, "lost", NULL);
    trace_emit(trace, &(struct event){ .kind = EVENT_MARK, .level = LEVEL_PACKETS, .layer = "lab", .name = "break",
                                       .label = "lab: rst:1", .host = WEB, .cause = 1 });
    is("                browser 10.0.0.2                                   web 10.0.0.80\n"
       "#1       0.0 ms ├── SYN ─────────────────────────────────────────────────────x │\n"
       "                │   lab: loss:1; lost                                          │\n"
       "                │   web: lab: rst:1                                            │\n");
}
END_TEST

START_TEST(ascii_and_narrow)
{
    begin_with((struct ladder_options){ .level = LEVEL_PACKETS, .columns = 10, .ascii = true });
    fate(packet(BROWSER, WEB, "SYN § 名"), "lost", NULL);
    enter(WEB, "tcp", "CLOSED", "LISTEN");
    packet(WEB, BROWSER, "RST");
    is("                browser 10.0.0.2                   web 10.0.0.80\n"
       "#1       0.0 ms +-- SYN section  <U+540D> -------------------x |\n"
       "                |   lost                                       |\n"
       "         0.0 ms |                                   tcp LISTEN *\n"
       "#2       0.0 ms |<- RST ---------------------------------------+\n");
}
END_TEST

/* Takes out SGR sequences; what is left must be what is seen without colour. */
static void uncolor(char *text)
{
    char *to = text;
    for (; *text; text++)
        if (*text == '\033')
            text = strchr(text, 'm');
        else
            *to++ = *text;
    *to = 0;
}

START_TEST(colour_changes_nothing_else)
{
    char plain[4096];
    begin(LEVEL_PACKETS);
    chapter(1, "name", "begin");
    emit_some();
    trace_end(trace);
    ck_assert_uint_lt(written.n, sizeof plain);
    memcpy(plain, written.at, written.n + 1);
    view_free(view);
    trace_free(trace);
    memory_end(&written);
    begin_with((struct ladder_options){ .level = LEVEL_PACKETS, .columns = 80, .color = true });
    chapter(1, "name", "begin");
    emit_some();
    trace_end(trace);
    ck_assert_ptr_nonnull(strstr(written.at, "\033[36m"));
    uncolor(written.at);
    ck_assert_str_eq(written.at, plain);
    view_free(view);
    trace_free(trace);
    memory_end(&written);
}
END_TEST

int main(void)
{
    return check_run("ladder_view", (const TTest *[]){ the_story, opening_with_a_loss, packets_are_called_by_what_lies_in_them,
        remarks_at_the_ladder, every_event_a_line, secrets_are_not_shown_unasked, a_packet_without_addresses,
        what_a_lab_does_stands_at_its_packet, ascii_and_narrow, colour_changes_nothing_else, NULL });
}
