/* Refusals. */
#include "tests/lib/check.h"
#include "trace/fault.h"

#include <string.h>

static const struct ground one = { "test.one", "RFC 1 §1" }, two = { "test.two", "RFC 2 §2" };

START_TEST(says_what_and_is_false)
{
    struct fault why = { 0 };
    ck_assert(!refuse(&why, &one, "a number below 10", "%d", 12));
    ck_assert_ptr_eq(why.ground, &one);
    ck_assert_str_eq(why.about, "");
    ck_assert_str_eq(why.expected, "a number below 10");
    ck_assert_str_eq(why.came, "12");
    ck_assert_ptr_null(why.answer);
    why = (struct fault){ 0 };
    ck_assert(!refuse_about(&why, &one, "window", "x", "%s", "y"));
    ck_assert_str_eq(why.about, "window");
}
END_TEST

START_TEST(the_first_refusal_stays)
{
    struct fault why = { 0 };
    refuse(&why, &one, "first", "a");
    why.answer = "RST";
    ck_assert(!refuse_about(&why, &two, "x", "second", "b"));
    ck_assert_ptr_eq(why.ground, &one);
    ck_assert_str_eq(why.expected, "first");
    ck_assert_str_eq(why.answer, "RST");
}
END_TEST

START_TEST(nobody_need_ask)
{
    ck_assert(!refuse(NULL, &one, "x", "%s", "y"));
    ck_assert(!refuse_about(NULL, &one, "a", "x", "%s", "y"));
}
END_TEST

START_TEST(long_texts_are_cut_not_spilled)
{
    char text[400];
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    struct fault why = { 0 };
    refuse_about(&why, &one, text, text, "%s", text);
    ck_assert_uint_eq(strlen(why.about), sizeof why.about - 1);
    ck_assert_uint_eq(strlen(why.expected), sizeof why.expected - 1);
    ck_assert_uint_eq(strlen(why.came), sizeof why.came - 1);
}
END_TEST

START_TEST(the_layer_is_in_the_id)
{
    static const struct ground tls = { "tls.bad_record_mac", "" }, odd = { "a_layer_of_a_long_name.x", "" };
    char layer[FAULT_LAYER];
    ck_assert_str_eq(fault_layer(&tls, layer), "tls");
    ck_assert_str_eq(fault_layer(&odd, layer), "a_layer_of_a_lo");     /* cut, not run over */
}
END_TEST

int main(void)
{
    return check_run("fault", (const TTest *[]){ says_what_and_is_false, the_first_refusal_stays,
                                                 nobody_need_ask, long_texts_are_cut_not_spilled,
                                                 the_layer_is_in_the_id, NULL });
}
