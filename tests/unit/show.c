#include "trace/show.h"
#include "tests/lib/check.h"
#include "trace/utf8.h"

#include <string.h>

static const char *shown(const char *text)
{
    static char out[256];
    return show_string(text, out, sizeof out);
}

START_TEST(plain_text_stays)
{
    ck_assert_str_eq(shown("www.example.test"), "www.example.test");
    ck_assert_str_eq(shown("名字 é 𝄞"), "名字 é 𝄞");
    ck_assert_str_eq(shown(""), "");
    ck_assert_str_eq(shown(NULL), "");
}
END_TEST

START_TEST(what_acts_or_hides_is_named)
{
    char out[64];
    ck_assert_str_eq(shown("a\033[2Jb\r\n\x7f"), "a<ESC>[2Jb<CR><LF><DEL>");
    ck_assert_str_eq(shown("\xc2\x9b" "31m"), "<U+009B>31m");            /* C1: CSI in one character */
    ck_assert_str_eq(shown("ab\u202e" "cd\u2066"), "ab<U+202E>cd<U+2066>");
    ck_assert_str_eq(shown("pay\u200bpal\ufeff\u00ad"), "pay<U+200B>pal<U+FEFF><U+00AD>");
    ck_assert_str_eq(shown("\U000e0041\ufe0f\u2028"), "<U+E0041><U+FE0F><U+2028>");
    ck_assert_str_eq(show_text("a\0b", 3, out, sizeof out), "a<NUL>b");
}
END_TEST

START_TEST(broken_utf8_is_numbered)
{
    ck_assert_str_eq(shown("\xff\xfe"), "<0xFF><0xFE>");
    ck_assert_str_eq(shown("\xc0\xaf"), "<0xC0><0xAF>");                 /* overlong '/' */
    ck_assert_str_eq(shown("\xed\xa0\x80"), "<0xED><0xA0><0x80>");       /* a surrogate */
    ck_assert_str_eq(shown("\xf4\x90\x80\x80"), "<0xF4><0x90><0x80><0x80>");
    ck_assert_str_eq(shown("\xe5\x90"), "<0xE5><0x90>");                 /* cut */
}
END_TEST

START_TEST(nothing_dangerous_passes)
{
    for (uint32_t first = 0; first < 256; first++)
        for (uint32_t second = 0; second < 256; second++) {
            char out[64];
            const uint8_t text[2] = { (uint8_t)first, (uint8_t)second };
            show_text(text, sizeof text, out, sizeof out);
            for (size_t i = 0, size, n = strlen(out); i < n; i += size) {
                uint32_t code;
                size = utf8_next((const uint8_t *)out + i, n - i, &code);
                ck_assert_msg(size && !utf8_hidden(code), "%02x %02x", first, second);
            }
        }
}
END_TEST

START_TEST(too_long_is_cut_at_a_character)
{
    char out[32];
    ck_assert_str_eq(show_string("abcdefgh", out, 9), "abcdefgh");
    ck_assert_str_eq(show_string("abcdefgh", out, 8), "abcd…");
    ck_assert_str_eq(show_string("名字名", out, 9), "名…");
    ck_assert_str_eq(show_string("ab\033cd", out, 8), "ab…");             /* <ESC> is not cut in two */
    ck_assert_str_eq(show_string("abcd", out, 4), "…");
    ck_assert_str_eq(show_string("abcd", out, 3), "");
    ck_assert_str_eq(show_string("abcd", out, 1), "");
    out[0] = 'x';
    show_string("abcd", out, 0);
    ck_assert_int_eq(out[0], 'x');
}
END_TEST

int main(void)
{
    return check_run("show", (const TTest *[]){ plain_text_stays, what_acts_or_hides_is_named, broken_utf8_is_numbered,
                                                nothing_dangerous_passes, too_long_is_cut_at_a_character, NULL });
}
