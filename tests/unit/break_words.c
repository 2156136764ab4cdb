/* Every break has its sentence and its answer in both languages, and no sentence is left of a break that is gone. */
#include "cmd/words.h"
#include "cmd/words_tables.h"
#include "http/breaks.h"
#include "tests/lib/check.h"

#include <string.h>

static bool is_chinese(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text >= 0xe4 && (unsigned char)*text <= 0xe9)
            return true;
    return false;
}

START_TEST(each_has_a_sentence)
{
    const struct break_row *r;
    for (unsigned i = 0; (r = break_row(i)) != NULL; i++) {
        const char *en = words_find(words_in("en"), "break", r->what), *zh = words_find(words_in("zh"), "break", r->what);
        ck_assert_msg(en && zh && is_chinese(zh) && !is_chinese(en), "%s", r->what);
    }
}
END_TEST

/* "alert decrypt_error" is the same in both. */
START_TEST(each_answer_is_said)
{
    const struct break_row *r;
    char out[WORDS_TEXT];
    for (unsigned i = 0; (r = break_row(i)) != NULL; i++)
        ck_assert_msg(is_chinese(words_phrase(words_in("zh"), r->answer, out, sizeof out))
                          || (strncmp(r->answer, "alert ", 6) == 0 && !strchr(r->answer + 6, ' ')),
                      "%s: %s", r->what, r->answer);
}
END_TEST

START_TEST(each_silence_of_wiresharks_is_explained)
{
    const struct break_row *r;
    char out[WORDS_TEXT];
    for (unsigned i = 0; (r = break_row(i)) != NULL; i++)
        ck_assert_msg(!r->silent || is_chinese(words_phrase(words_in("zh"), r->silent, out, sizeof out)), "%s: %s",
                      r->what, r->silent);
}
END_TEST

START_TEST(no_sentence_is_stale)
{
    const struct words_row *const tables[] = { words_breaks, words_breaks_tls };
    for (size_t t = 0; t < 2; t++)
        for (const struct words_row *w = tables[t]; w->layer; w++) {
            bool found = strcmp(w->layer, "break") != 0;
            const struct break_row *r;
            for (unsigned i = 0; (r = break_row(i)) != NULL; i++)
                found |= strcmp(r->what, w->name) == 0;
            ck_assert_msg(found, "there is no break %s", w->name);
        }
}
END_TEST

int main(void)
{
    return check_run("break_words", (const TTest *[]){ each_has_a_sentence, each_answer_is_said,
                                                       each_silence_of_wiresharks_is_explained, no_sentence_is_stale,
                                                       NULL });
}
