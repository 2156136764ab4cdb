/* What comes from outside never becomes markup: the writer's holes, and a whole page of a hostile run. */
#include "trace/html.h"
#include "trace/page.h"
#include "tests/lib/check.h"

#include <string.h>

struct kept { struct sink sink; char text[1 << 20]; size_t n; bool full; };
static struct kept kept;

static bool keep(struct sink *s, const void *octets, size_t n)
{
    struct kept *k = (struct kept *)s;
    if (k->full || n >= sizeof k->text - k->n)
        return false;
    memcpy(k->text + k->n, octets, n);
    k->text[k->n += n] = 0;
    return true;
}

static struct html begin(void)
{
    kept = (struct kept){ .sink = { keep } };
    return html_over(&kept.sink);
}

START_TEST(what_fills_a_hole_is_text)
{
    struct html h = begin();
    html_put(&h, "<a title=\"%s\">%s</a>%u %llu %c%%", "\" onload='x' &", "<script>alert(1)</script>", 7u, 1ull << 40, '<');
    ck_assert(html_end(&h));
    ck_assert_str_eq(kept.text, "<a title=\"&quot; onload=&#39;x&#39; &amp;\">&lt;script&gt;alert(1)&lt;/script&gt;</a>"
                                "7 1099511627776 &lt;%");
}
END_TEST

START_TEST(what_cannot_be_seen_is_named)
{
    struct html h = begin();
    static const uint8_t wire[] = "a\x1b[2J\0b\xe2\x80\xae" "c\xff";
    html_put(&h, "%s|", "\xe2\x80\xae" "right\x07\r");
    html_octets(&h, (struct bytes){ wire, sizeof wire - 1 }, 100);
    ck_assert(html_end(&h));
    ck_assert(strstr(kept.text, "&lt;U+202E&gt;right"));
    for (const char *c = kept.text; *c; c++)
        ck_assert_msg((unsigned char)*c >= ' ', "a control character in: %s", kept.text);
    ck_assert(!strstr(kept.text, "\xe2\x80\xae") && !strchr(kept.text, '\xff'));
}
END_TEST

START_TEST(long_text_is_whole_and_cut_at_characters)
{
    char text[1000];
    for (size_t i = 0; i < 333; i++)
        memcpy(text + 3 * i, "\xe4\xb8\xad", 3);
    text[999] = 0;
    struct html h = begin();
    html_put(&h, "%s", text);
    ck_assert(html_end(&h));
    ck_assert_str_eq(kept.text, text);
    h = begin();
    html_octets(&h, (struct bytes){ (const uint8_t *)text, 999 }, 30);
    ck_assert(html_end(&h));
    ck_assert_uint_eq(kept.n, 30 + strlen("…"));
}
END_TEST

START_TEST(both_languages_or_one_text)
{
    struct html h = begin();
    html_both(&h, "same", "same");
    html_both(&h, "<a>", "甲");
    ck_assert(html_end(&h));
    ck_assert_str_eq(kept.text, "same<i lang=en>&lt;a&gt;</i><i lang=zh>甲</i>");
}
END_TEST

START_TEST(a_sink_that_fails_is_told)
{
    struct html h = begin();
    kept.full = true;
    html_put(&h, "%s", "text");
    ck_assert(!html_end(&h));
}
END_TEST

/* A run in which everything that can come from outside is an attack. */
static struct tape *hostile_run(void)
{
    static const char bad[] = "\"><script>alert(1)</script>\xe2\x80\xae<img src=x onerror=alert(2)>";
    static const uint8_t octets[4] = { '<', '/', 'x', '>' };
    struct tape *tape = tape_new(1 << 20);
    struct trace *t = trace_new(0);
    const struct attr attrs[] = { attr_text("from", bad), attr_text("to", bad), attr_text("subject", bad),
                                  attr_text("expected", bad), attr_text("found", bad), attr_text("verdict", bad),
                                  attr_text("machine", bad), attr_text("to", bad), attr_text("retransmission", bad) };
    trace_attach(t, tape_view(tape));
    trace_host(t, bad, NULL, 0);
    buf_no p = trace_buf(t, 'p');
    trace_field(t, &(struct field){ .buf = p, .len = 4, .name = "host_name", .type = FIELD_TEXT, .words = bad });
    static const enum event_kind kinds[] = { EVENT_PACKET, EVENT_FATE, EVENT_STATE, EVENT_CHECK, EVENT_KEY, EVENT_FAULT,
                                             EVENT_STORY, EVENT_MARK };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        trace_emit(t, &(struct event){ .kind = kinds[i], .layer = "tcp", .name = bad, .label = bad, .rfc = bad, .by = bad,
                                       .host = 1, .buf = p, .bytes = { octets, 4 }, .attrs = attrs, .n_attrs = 9 });
    trace_end(t);
    trace_free(t);
    return tape;
}

START_TEST(a_hostile_run_stays_text)
{
    struct tape *tape = hostile_run();
    const struct page_options options = { .url = "https://x/\"><script>", .secrets = true };
    begin();
    ck_assert(page_write(&kept.sink, tape, &options));
    ck_assert(!strstr(kept.text, "<script>alert") && !strstr(kept.text, "<img") && !strstr(kept.text, "\"><script"));
    ck_assert(!strstr(kept.text, "\xe2\x80\xae"));
    ck_assert(strstr(kept.text, "&lt;script&gt;alert(1)&lt;/script&gt;&lt;U+202E&gt;&lt;img src=x"));
    tape_free(tape);
}
END_TEST

int main(void)
{
    return check_run("html", (const TTest *[]){ what_fills_a_hole_is_text, what_cannot_be_seen_is_named,
                                                long_text_is_whole_and_cut_at_characters, both_languages_or_one_text,
                                                a_sink_that_fails_is_told, a_hostile_run_stays_text, NULL });
}
