#include "trace/say.h"
#include "tests/lib/check.h"
#include "trace/text.h"

#include <stdio.h>
#include <string.h>

static const uint8_t octets[] = { 0x0a, 0x1b, 0x2c, 0xff };

static const char *said(const char *template)
{
    static char out[400];
    const struct attr attrs[] = {
        attr_text("host", "www.example.test"), attr_text("evil", "a\033[31m"), attr_number("ttl", 300), attr_number("took", 20061000),
        attr_hex("id", octets, 4), attr_secret("key", octets, 4),
    };
    return say(out, sizeof out, template, &(struct event){ .label = "a label", .attrs = attrs, .n_attrs = 6 }, NULL);
}

START_TEST(holes_are_filled)
{
    ck_assert_str_eq(said("{host} lives {ttl} s, {took:ms}."), "www.example.test lives 300 s, 20.1 ms.");
    ck_assert_str_eq(said("{id}{evil}"), "0a1b2cffa<ESC>[31m");
    ck_assert_str_eq(said("{label}"), "a label");
    ck_assert_str_eq(said("{key}"), "secret");
    ck_assert_str_eq(said(""), "");
}
END_TEST

START_TEST(what_nothing_fills_stays)
{
    ck_assert_str_eq(said("{nobody} {host:ms} {ttl:x} {} { x"), "{nobody} {host:ms} {ttl:x} {} { x");
    ck_assert_str_eq(said("a}b{host}"), "a}bwww.example.test");
    ck_assert_str_eq(said("{a_name_longer_than_any_attribute_could_be_called}"), "{a_name_longer_than_any_attribute_could_be_called}");
}
END_TEST

START_TEST(long_ones_are_whole_or_cut)
{
    char template[700], out[20];
    memset(template, 'x', 390);
    strcpy(template + 390, "{ttl}");
    ck_assert_str_eq(said(template) + 388, "xx300");
    ck_assert_str_eq(say(out, 12, "一二三四五六", &(struct event){ 0 }, NULL), "一二…");
    ck_assert_str_eq(say(out, 12, "abcdefghijkl{x}", &(struct event){ 0 }, NULL), "abcdefgh…");
}
END_TEST

START_TEST(times)
{
    char out[32];
    ck_assert_str_eq(say_ms(out, sizeof out, 0), "0.0 ms");
    ck_assert_str_eq(say_ms(out, sizeof out, 49999), "0.0 ms");
    ck_assert_str_eq(say_ms(out, sizeof out, 50000), "0.1 ms");
    ck_assert_str_eq(say_ms(out, sizeof out, 1030 * MILLISECOND), "1030.0 ms");
    ck_assert_str_eq(say_ms(out, sizeof out, -20 * MILLISECOND), "-20.0 ms");
}
END_TEST

START_TEST(secrets_only_when_asked)
{
    char out[32];
    const struct attr key = attr_secret("key", octets, 4);
    ck_assert_str_eq(say_attr(out, sizeof out, &key, false), "secret");
    ck_assert_str_eq(say_attr(out, sizeof out, &key, true), "0a1b2cff");
}
END_TEST

static const char *wrapped(const char *text, unsigned columns)
{
    static char out[300];
    const char *line;
    size_t n;
    out[0] = 0;
    for (const char *rest = text; text_line(&rest, columns, &line, &n);)
        snprintf(out + strlen(out), sizeof out - strlen(out), "%.*s|", (int)n, line);
    return out;
}

START_TEST(lines_break_where_a_reader_would)
{
    ck_assert_str_eq(wrapped("one two three four", 9), "one two|three|four|");
    ck_assert_str_eq(wrapped("one two  ", 7), "one two|");
    ck_assert_str_eq(wrapped("incomprehensibilities are", 10), "incomprehe|nsibilitie|s are|");
    ck_assert_str_eq(wrapped("seq 12345 (1)  ack 12345 (1)  win 64", 32), "seq 12345 (1)  ack 12345 (1)|win 64|");
    ck_assert_str_eq(wrapped("ack 12345 win 655 len 7", 16), "ack 12345|win 655 len 7|");
    ck_assert_str_eq(wrapped("浏览器提出了四种", 7), "浏览器|提出了|四种|");
    ck_assert_str_eq(wrapped("浏览器，提出", 6), "浏览|器，提|出|");       /* no comma begins a line */
    ck_assert_str_eq(wrapped("看（一二）三", 4), "看|（一|二）|三|");    /* no bracket ends one */
    ck_assert_str_eq(wrapped("", 10), "");
    ck_assert_str_eq(wrapped("   ", 10), "");
    ck_assert_str_eq(wrapped("名", 1), "名|");                             /* wider than the line, yet it goes on */
}
END_TEST

START_TEST(widths_and_ascii)
{
    char out[64];
    ck_assert_uint_eq(text_width("abc", 3), 3);
    ck_assert_uint_eq(text_width("名e\u0301", strlen("名e\u0301")), 3);
    ck_assert_uint_eq(text_fit("名名名", strlen("名名名"), 5), strlen("名名"));
    ck_assert_str_eq(text_ascii("A → B § 5 … 名", false, out, sizeof out), "A -> B section  5 ... <U+540D>");
    ck_assert_str_eq(text_ascii("a→", false, out, 3), "a");
    ck_assert_str_eq(text_ascii("→名é", true, out, sizeof out), "->名<U+00E9>");
}
END_TEST

int main(void)
{
    return check_run("say", (const TTest *[]){ holes_are_filled, what_nothing_fills_stays, long_ones_are_whole_or_cut, times,
                                               secrets_only_when_asked, lines_break_where_a_reader_would, widths_and_ascii, NULL });
}
