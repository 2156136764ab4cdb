/* The table of breaks: how one is asked for, what a wrong wish is told, and that each row is whole. */
#include "http/breaks_check.h"
#include "tests/lib/check.h"

#include <string.h>

static struct break_wish wish;
static char sentence[BREAK_SENTENCE];

static void reads_as(const char *text, const char *whole, uint32_t a, uint32_t b, uint32_t c)
{
    ck_assert_msg(break_read(text, &wish, sentence), "%s: %s", text, sentence);
    ck_assert_str_eq(wish.text, whole);
    ck_assert_uint_eq(wish.value[0], a);
    ck_assert_uint_eq(wish.value[1], b);
    ck_assert_uint_eq(wish.value[2], c);
}

static void is_refused(const char *text, const char *words)
{
    *sentence = '\0';
    ck_assert_msg(!break_read(text, &wish, sentence), "%s was read as %s", text, wish.text);
    ck_assert_msg(strstr(sentence, words) != NULL, "%s: %s", text, sentence);
}

START_TEST(what_is_left_out_is_as_usual)
{
    reads_as("loss", "loss:6", 6, 0, 0);
    reads_as("loss:18", "loss:18", 18, 0, 0);
    reads_as("delay:9", "delay:9,225", 9, 225, 0);
    reads_as("delay:9,0", "delay:9,0", 9, 0, 0);
    reads_as("flip", "flip:13,60,repaired", 13, 60, 1);
    reads_as("flip:14,3", "flip:14,3,repaired", 14, 3, 1);
    reads_as("flip:14,3,raw", "flip:14,3,raw", 14, 3, 0);
    reads_as("flip:999999999,999999999,raw", "flip:999999999,999999999,raw", 999999999, 999999999, 0);
}
END_TEST

START_TEST(what_is_wrong_is_said)
{
    is_refused("", "there is no break");
    is_refused(":", "there is no break");
    is_refused("xyz:3", "there is no break xyz:3");
    is_refused("losses", "loss comes nearest");
    is_refused("LOSS:1", "there is no break");
    is_refused("loss:0", "loss:N is its form, as loss:6, not loss:0");
    is_refused("loss:", "loss:N");
    is_refused("loss:1,", "loss:N");
    is_refused("loss:1,2", "loss:N");
    is_refused("loss:-1", "loss:N");
    is_refused("loss:1000000000", "loss:N");
    is_refused("loss: 1", "loss:N");
    is_refused("delay:1,2,3", "delay:N,ms");
    is_refused("flip:1,2,rep", "flip:N,byte[,raw|repaired]");
    is_refused("flip:1,2,raw|repaired", "flip:N,byte[,raw|repaired]");
    is_refused("flip:,2", "flip:N,byte[,raw|repaired]");
    is_refused("loss:0000000000000000000000000000000000000000000000000000000000000000001", "loss:N");
}
END_TEST

START_TEST(every_row_is_whole)
{
    const struct break_row *r;
    for (unsigned i = 0; (r = break_row(i)) != NULL; i++) {
        break_usual(r, &wish);
        char text[BREAK_TEXT];
        strcpy(text, wish.text);
        ck_assert_msg(break_read(text, &wish, sentence), "%s: %s", text, sentence);
        ck_assert_str_eq(wish.text, text);
        ck_assert_msg(wish.row == r, "%s is in the table twice", text);
        ck_assert_msg((r->spoil || r->browser || r->web || r->chain || r->suites) && r->answer && !r->where == !r->usual, "%s", text);
        ck_assert_msg(!r->filter != !r->silent, "%s: Wireshark shows it, or there is a reason why not", text);
        ck_assert_msg(!r->fault || r->notices.host, "%s: a fault, and nobody who has it", text);
        ck_assert_msg(!r->suite || tls_suite_named(r->suite), "%s needs %s", text, r->suite);
    }
    ck_assert_uint_gt(break_row(0) ? 1 : 0, 0);
}
END_TEST

START_TEST(a_wrong_prediction_is_found_out)
{
    char expected[BREAK_FOUND], found[BREAK_FOUND];
    struct break_row row = *break_row(0);
    ck_assert(break_check(&row, 1, NULL, expected, found));
    row.ends = "tcp.reset";
    ck_assert(!break_check(&row, 1, NULL, expected, found));
    ck_assert_str_eq(expected, "the visit ends with: tcp.reset");
    ck_assert_str_eq(found, "a whole page");
    row = *break_row(0);
    row.notices.host = "web";
    ck_assert(!break_check(&row, 1, NULL, expected, found));
    ck_assert(strstr(expected, "notices first: web tcp") && strstr(found, "browser tcp timer probe"));
    row = *break_row(0);
    row.notices = (struct sign){ 0 };
    ck_assert(!break_check(&row, 1, NULL, expected, found));
    row = *break_row(0);
    row.answered.value = "3 duplicate ACKs";
    ck_assert(!break_check(&row, 1, NULL, expected, found));
    row = *break_row(0);
    row.fault = "tcp.reset";
    ck_assert(!break_check(&row, 1, NULL, expected, found));
    row = *break_row(0);
    row.usual = "99";
    ck_assert(!break_check(&row, 1, NULL, expected, found));
    ck_assert(strstr(found, "nothing was spoiled"));
}
END_TEST

int main(void)
{
    return check_run("breaks", (const TTest *[]){ what_is_left_out_is_as_usual, what_is_wrong_is_said,
                                                  every_row_is_whole, a_wrong_prediction_is_found_out, NULL });
}
