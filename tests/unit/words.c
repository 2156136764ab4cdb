/* Refusals in words: one sentence, harmless on a terminal, with an exit code. */
#define _POSIX_C_SOURCE 200809L
#include "cmd/fault_words.h"
#include "cmd/phrase.h"
#include "tests/lib/check.h"

#include <stdlib.h>
#include <string.h>

static char said[4096];

static const char *sentence(const struct fault *why)
{
    FILE *f = tmpfile();
    words_fault(f, why);
    rewind(f);
    said[fread(said, 1, sizeof said - 1, f)] = '\0';
    fclose(f);
    return said;
}

START_TEST(a_refusal_is_one_sentence)
{
    static const struct ground silent = { "visit.silent", "RFC 9293 §3.8.3" };
    struct fault why = { 0 };
    ck_assert_str_eq(sentence(&why), "");
    refuse(&why, &silent, "the whole page", "nothing for 30 s");
    sentence(&why);
    ck_assert_ptr_eq(strstr(said, "vitrine: The server fell silent"), said);
    ck_assert(strstr(said, "the whole page") && strstr(said, "nothing for 30 s") &&
              strstr(said, "(RFC 9293 §3.8.3)"));
    ck_assert_str_eq(said + strlen(said) - 2, ".\n");
    ck_assert_int_eq(words_exit(&why), 28);
    why.answer = "alert close_notify";
    ck_assert(strstr(sentence(&why), "answered with alert close_notify."));
}
END_TEST

START_TEST(what_it_is_about_stands_in_it)
{
    static const struct ground expired = { "x509.expired", "RFC 5280 §4.1.2.5" },
                               no_tun = { "live.no_tun", "tun(4)" };
    struct fault why = { 0 }, tun = { 0 };
    refuse_about(&why, &expired, "leaf CN=www.example.test", "a", "b");
    ck_assert(strstr(sentence(&why), "leaf CN=www.example.test"));
    refuse_about(&tun, &no_tun, "vitrine0", "a", "b");
    ck_assert(strstr(sentence(&tun), ": vitrine0") && !strstr(said, "{about}"));
}
END_TEST

START_TEST(text_from_outside_is_harmless)
{
    static const struct ground wrong = { "x509.wrong_name", "RFC 9525 §6" };
    struct fault why = { 0 };
    refuse_about(&why, &wrong, "\033[2J", "\xe2\x80\xae" "expected", "100%%s\n\rsecond line \xff \xc2\x9b");
    sentence(&why);
    ck_assert_msg(strchr(said, '\n') == said + strlen(said) - 1, "one line: %s", said);
    ck_assert(!strchr(said, '\033') && !strchr(said, '\r') && !strstr(said, "\xe2\x80\xae") &&
              !strchr(said, '\xff') && !strstr(said, "\xc2\x9b"));
    ck_assert(strstr(said, "<ESC>") && strstr(said, "100%s"));
}
END_TEST

START_TEST(a_ground_without_words_is_still_told)
{
    static const struct ground odd = { "test.odd", "RFC 0" };
    struct fault why = { 0 };
    refuse(&why, &odd, "this", "that");
    ck_assert(strstr(sentence(&why), "this") && strstr(said, "that"));
    ck_assert_int_eq(words_exit(&why), 56);
}
END_TEST

START_TEST(sentences_are_found_by_layer_and_name)
{
    ck_assert(strstr(words_find(words_in("en"), "story", "hello"), "{suite}"));
    ck_assert_ptr_null(words_find(words_in("en"), "story", "nothing"));
    ck_assert_ptr_null(words_find(words_in("en"), "nobody", "hello"));
    ck_assert_ptr_null(fault_words_of("x509"));
}
END_TEST

/* Flags, widths and lengths of printf do not count; a hole is of its kind. */
START_TEST(english_with_holes_is_recognized)
{
    static const struct { const char *format, *text; bool fits; } cases[] = {
        { "%zu octets", "12 octets", true },         { "%zu octets", "twelve octets", false },
        { "a %.60s b", "a x b y b", true },          { "octet 0x%02x", "octet 0x7f", true },
        { "octet 0x%02x", "octet 0xzz", false },     { "100%% of %s", "100% of it", true },
        { "%+d", "-3", true },                       { "%d", "", false },
        { "%c!", "a!", true },                       { "whole", "whole and more", false },
        { "%s (%s)", "a (b) (c)", true },            { "RSA %u bits%s", "RSA 2048 bits", true },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct phrase_hole holes[PHRASE_HOLES];
        unsigned literal;
        ck_assert_msg(phrase_fits(cases[i].format, cases[i].text, holes, &literal) == cases[i].fits, "%s: %s",
                      cases[i].format, cases[i].text);
    }
}
END_TEST

START_TEST(a_phrase_is_said_in_chinese)
{
    static const struct words_row rows[] = {
        { "phrase", "", "%s in state %s", "处于 {2} 状态时的 {1}" },
        { "phrase", "", "alert %s in state %s", "处于 {2} 状态时的 alert {1}" },
        { "phrase", "", "nothing", "无" },
        { "ui", "", "other", "别的" },
        { NULL, NULL, NULL, NULL },
    }, *const tables[] = { rows };
    static const struct { const char *text, *chinese; } cases[] = {
        { "a in state b", "处于 b 状态时的 a" },      { "alert a in state b", "处于 b 状态时的 alert a" },
        { "nothing in state b", "处于 b 状态时的 无" }, { "x, nothing", "x, 无" },
        { "x; nothing, y", "x；无, y" },             { "other", NULL },
        { "nothing else", NULL },
    };
    char out[64];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool good = phrase_say(tables, 1, cases[i].text, out, sizeof out);
        ck_assert_msg(good == (cases[i].chinese != NULL) && (!good || !strcmp(out, cases[i].chinese)), "%s: %s",
                      cases[i].text, good ? out : "nothing");
    }
    ck_assert(phrase_say(tables, 1, "nothing in state b", out, 10));
    ck_assert_str_eq(out, "处于…");                /* cut at a character */
}
END_TEST

START_TEST(a_refusal_in_chinese)
{
    static const struct ground expired = { "x509.expired", "RFC 5280 §4.1.2.5" };
    struct fault why = { 0 };
    refuse_about(&why, &expired, "leaf", "x", "y");
    why.answer = "alert certificate_expired";
    words_speak("zh");
    ck_assert_str_eq(sentence(&why), "vitrine: 证书已经过期（leaf）：期望：x；实际：y（RFC 5280 §4.1.2.5）；以 alert "
                                     "certificate_expired 作答。\n");
    words_speak("en");
    ck_assert(strstr(sentence(&why), "has expired (leaf): expected x; came: y"));
}
END_TEST

START_TEST(the_language_is_asked_for_or_the_locales)
{
    static const struct { const char *all, *messages, *lang, *asked, *spoken; } cases[] = {
        { NULL, NULL, NULL, NULL, "en" },           { NULL, NULL, "zh_CN.UTF-8", NULL, "zh" },
        { NULL, "en_US", "zh_CN.UTF-8", NULL, "en" }, { "zh_TW", "en_US", "C", NULL, "zh" },
        { "", "", "zh", NULL, "zh" },               { "zh_CN.UTF-8", NULL, NULL, "en", "en" },
        { NULL, NULL, "zh_CN.GB18030", NULL, "en" }, { NULL, NULL, NULL, "zh", "zh" },
    };
    static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *const values[] = { cases[i].all, cases[i].messages, cases[i].lang };
        for (int k = 0; k < 3; k++)
            values[k] ? setenv(names[k], values[k], 1) : unsetenv(names[k]);
        words_speak(cases[i].asked);
        ck_assert_str_eq(words_spoken()->lang, cases[i].spoken);
    }
    words_speak("tlh");                             /* stays: main has refused it */
    ck_assert_str_eq(words_spoken()->lang, "zh");
    words_speak("en");
}
END_TEST

/* For tests/tools/words-of-visits: a line in, a line out. --say: the phrase in Chinese; --find: the Chinese template of
 * "layer<TAB>name", empty where there is none. */
static int answer(bool say_it)
{
    char line[2048], out[2048];
    const struct words *w = words_in("zh");
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = 0;
        char *name = strchr(line, '\t');
        if (name)
            *name++ = 0;
        const char *found = say_it ? words_phrase(w, line, out, sizeof out) : words_find(w, line, name);
        puts(found ? found : "");
    }
    return 0;
}

int main(int argc, char **argv)
{
    if (argc > 1 && argv[1][0] == '-')
        return answer(strcmp(argv[1], "--say") == 0);
    return check_run("words",
                     (const TTest *[]){ a_refusal_is_one_sentence, what_it_is_about_stands_in_it,
                                        text_from_outside_is_harmless, a_ground_without_words_is_still_told,
                                        sentences_are_found_by_layer_and_name,
                                        english_with_holes_is_recognized, a_phrase_is_said_in_chinese,
                                        a_refusal_in_chinese, the_language_is_asked_for_or_the_locales, NULL });
}
