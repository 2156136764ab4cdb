#include "trace/views.h"
#include "tests/lib/check.h"
#include "tests/lib/memory.h"

static struct memory written;
static struct trace *trace;
static struct view *view;

static void begin(bool secrets)
{
    const uint8_t address[] = { 10, 0, 0, 2 };
    memory_start(&written);
    trace = trace_new(1000 * SECOND);
    view = json_view_new(&written.sink, secrets);
    memory_is(&written, "{\"kind\":\"stream\",\"version\":1}\n");         /* the first line, whatever follows */
    written.n = 0;
    trace_attach(trace, view);
    trace_host(trace, "browser", address, sizeof address);
}

static void is(const char *want)
{
    memory_is(&written, want);
    view_free(view);
    trace_free(trace);
    memory_end(&written);
}

START_TEST(an_event_is_a_line)
{
    begin(true);
    const struct attr attrs[] = { attr_number("ttl", UINT64_MAX), attr_text("how", "PRF-SHA256"), attr_hex("in", "\x0a\xff", 2),
                                  attr_secret("secret", "\x01", 1), attr_text("none", NULL), attr_number("label", 1) };
    trace_at(trace, 1000 * SECOND + 20061000);
    trace_emit(trace, &(struct event){
        .kind = EVENT_KEY, .level = LEVEL_ALL, .layer = "tls", .name = "master_secret", .label = "L", .rfc = "RFC 5246 §8.1",
        .by = "tls_derive_keys", .host = 1, .conn = 3, .cause = 38, .attrs = attrs, .n_attrs = 6 });
    trace_emit(trace, &(struct event){ .kind = EVENT_MARK });
    is("{\"n\":1,\"t\":20061000,\"host\":\"browser\",\"conn\":3,\"layer\":\"tls\",\"kind\":\"key\",\"name\":\"master_secret\",\"label\":\"L\","
       "\"level\":\"all\",\"cause\":38,\"by\":\"tls_derive_keys\",\"rfc\":\"RFC 5246 §8.1\",\"ttl\":18446744073709551615,"
       "\"how\":\"PRF-SHA256\",\"in\":\"0aff\",\"secret\":\"01\",\"none\":\"\",\"label_\":1}\n"
       "{\"n\":2,\"t\":20061000,\"kind\":\"mark\",\"level\":\"story\"}\n");
}
END_TEST

START_TEST(secrets_stay_secret)
{
    begin(false);
    const struct attr key = attr_secret("secret", "\x01\x02", 2);
    trace_emit(trace, &(struct event){ .kind = EVENT_KEY, .level = LEVEL_ALL, .attrs = &key, .n_attrs = 1 });
    is("{\"n\":1,\"t\":0,\"kind\":\"key\",\"level\":\"all\",\"secret\":\"secret\"}\n");
}
END_TEST

START_TEST(buffers_are_declared_and_fates_refer)
{
    begin(true);
    const uint8_t bytes[] = { 0x45, 0x00, 0xaa, 0xbb };
    buf_no p = trace_buf(trace, 'p'), s = trace_stream(trace, "x", 1), r = trace_buf(trace, 'r');
    const struct carry carry = { .stream = s, .off = 2728, .at = 2, .len = 2 };
    const struct span spans[] = { { .in = s, .len = 1, .off = 0 }, { .in = s, .len = 3, .off = 5000000000 } };
    trace_emit(trace, &(struct event){ .kind = EVENT_PACKET, .level = LEVEL_PACKETS, .buf = p, .bytes = { bytes, 4 }, .carries = &carry,
                                       .n_carries = 1 });
    trace_emit(trace, &(struct event){ .kind = EVENT_RECORD, .level = LEVEL_ALL, .buf = r, .bytes = { bytes, 4 }, .spans = spans, .n_spans = 2 });
    trace_emit(trace, &(struct event){ .kind = EVENT_FATE, .level = LEVEL_ALL, .name = "delivered", .buf = p, .bytes = { bytes, 4 } });
    trace_emit(trace, &(struct event){ .kind = EVENT_CHECK, .level = LEVEL_ALL, .buf = r });
    is("{\"n\":1,\"t\":0,\"kind\":\"packet\",\"level\":\"packets\",\"id\":\"p1\",\"len\":4,\"bytes\":\"4500aabb\",\"carries\":[[\"s1\",2728,2,2]]}\n"
       "{\"n\":2,\"t\":0,\"kind\":\"record\",\"level\":\"all\",\"id\":\"r1\",\"len\":4,\"bytes\":\"4500aabb\","
       "\"spans\":[[\"s1\",0,1],[\"s1\",5000000000,3]]}\n"
       "{\"n\":3,\"t\":0,\"kind\":\"fate\",\"name\":\"delivered\",\"level\":\"all\",\"packet\":\"p1\"}\n"
       "{\"n\":4,\"t\":0,\"kind\":\"check\",\"level\":\"all\",\"buf\":\"r1\"}\n");
}
END_TEST

START_TEST(fields_of_every_type)
{
    begin(true);
    ck_assert(trace_wants_fields(trace));
    buf_no p = trace_buf(trace, 'p');
    trace_field(trace, &(struct field){ .buf = p, .off = 14, .len = 2, .name = "window", .type = FIELD_NUMBER, .number = 64240, .words = "w" });
    trace_field(trace, &(struct field){ .buf = p, .len = 2, .name = "options", .type = FIELD_GROUP });
    trace_field(trace, &(struct field){ .buf = p, .len = 2, .name = "id", .type = FIELD_BYTES, .bytes = { (const uint8_t *)"\1\2", 2 } });
    trace_field(trace, &(struct field){ .buf = p, .len = 2, .name = "host", .type = FIELD_TEXT, .bytes = { (const uint8_t *)"ab", 2 } });
    is("{\"kind\":\"field\",\"buf\":\"p1\",\"off\":14,\"len\":2,\"name\":\"window\",\"value\":64240,\"words\":\"w\"}\n"
       "{\"kind\":\"field\",\"buf\":\"p1\",\"off\":0,\"len\":2,\"name\":\"options\"}\n"
       "{\"kind\":\"field\",\"buf\":\"p1\",\"off\":0,\"len\":2,\"name\":\"id\",\"value\":\"0102\"}\n"
       "{\"kind\":\"field\",\"buf\":\"p1\",\"off\":0,\"len\":2,\"name\":\"host\",\"value\":\"ab\"}\n");
}
END_TEST

START_TEST(hostile_text_is_escaped)
{
    static const char text[] = "a\"\\\n\x1b[2J\x7f" "b\xff\xc0\xaf" "c\u202e\xc2\x85\U000e0041 名";
    begin(true);
    trace_field(trace, &(struct field){ .buf = trace_buf(trace, 'm'), .len = 1, .name = "n", .type = FIELD_TEXT,
                                        .bytes = { (const uint8_t *)text, sizeof text } });
    is("{\"kind\":\"field\",\"buf\":\"m1\",\"off\":0,\"len\":1,\"name\":\"n\",\"value\":\"a\\\"\\\\\\u000a\\u001b[2J\\u007fb<0xFF><0xC0><0xAF>c"
       "\\u202e\\u0085\\udb40\\udc41 名\\u0000\"}\n");
}
END_TEST

START_TEST(the_last_line_sums_up)
{
    begin(true);
    const uint8_t bytes[10] = { 0 };
    buf_no p = trace_buf(trace, 'p');
    trace_field(trace, &(struct field){ .buf = p, .off = 0, .len = 7, .name = "x" });
    trace_emit(trace, &(struct event){ .kind = EVENT_PACKET, .buf = p, .bytes = { bytes, 10 } });
    written.n = 0;
    trace_end(trace);
    is("{\"kind\":\"summary\",\"packets\":1,\"bytes\":10,\"named\":7}\n");
}
END_TEST

int main(void)
{
    return check_run("json_view", (const TTest *[]){ an_event_is_a_line, secrets_stay_secret, buffers_are_declared_and_fates_refer,
                                                     fields_of_every_type, hostile_text_is_escaped, the_last_line_sums_up, NULL });
}
