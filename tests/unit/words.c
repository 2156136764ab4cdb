/* Refusals in words: one sentence, harmless on a terminal, with an exit code. */
#define _POSIX_C_SOURCE 200809L
#include "cmd/fault_words.h"
#include "cmd/words.h"
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

int main(void)
{
    return check_run("words",
                     (const TTest *[]){ a_refusal_is_one_sentence, what_it_is_about_stands_in_it,
                                        text_from_outside_is_harmless, a_ground_without_words_is_still_told,
                                        sentences_are_found_by_layer_and_name, NULL });
}
