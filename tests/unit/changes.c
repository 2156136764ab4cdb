/* Variables before and after. */
#include "tests/lib/check.h"
#include "trace/changes.h"

#include <string.h>

static struct changes changes;
static struct changed room;

static struct event told(uint16_t host, uint64_t cwnd, nsec rto, const char *state)
{
    static struct attr attrs[3];
    attrs[0] = attr_number("cwnd", cwnd);
    attrs[1] = attr_number("rto_ns", (uint64_t)rto);
    attrs[2] = attr_text("congestion", state);
    return changes_of(&changes, &(struct event){ .kind = EVENT_VARS, .host = host, .conn = 1, .attrs = attrs,
                                                 .n_attrs = 3 }, &room);
}

static void start(void) { memset(&changes, 0, sizeof changes); }

START_TEST(the_first_time_all_is_said)
{
    start();
    struct event e = told(1, 14480, SECOND, "open");
    ck_assert_uint_eq(e.n_attrs, 3);
    ck_assert_str_eq(event_text(&e, "cwnd"), "14480");
    ck_assert_str_eq(event_text(&e, "rto_ns"), "1000.0 ms");
    ck_assert_str_eq(event_text(&e, "congestion"), "open");
}
END_TEST

START_TEST(then_what_changed_with_what_it_was)
{
    start();
    told(1, 14480, SECOND, "open");
    struct event e = told(1, 7240, SECOND, "recovery");
    ck_assert_uint_eq(e.n_attrs, 2);
    ck_assert_str_eq(event_text(&e, "cwnd"), "14480 → 7240");
    ck_assert_str_eq(event_text(&e, "congestion"), "open → recovery");
    e = told(1, 7240, SECOND, "recovery");
    ck_assert_uint_eq(e.n_attrs, 0);
}
END_TEST

START_TEST(each_end_has_its_own)
{
    start();
    told(1, 14480, SECOND, "open");
    told(2, 2896, SECOND, "open");
    struct event e = told(1, 15928, SECOND, "open");
    ck_assert_uint_eq(e.n_attrs, 1);
    ck_assert_str_eq(event_text(&e, "cwnd"), "14480 → 15928");
}
END_TEST

START_TEST(of_many_ends_the_first_is_told_whole_again)
{
    start();
    for (uint16_t host = 1; host <= CHANGES_ENDS + 1; host++)
        told(host, 1, 2, "open");
    ck_assert_uint_eq(told(2, 1, 2, "open").n_attrs, 0);
    ck_assert_uint_eq(told(1, 1, 2, "open").n_attrs, 3);
}
END_TEST

int main(void)
{
    return check_run("changes", (const TTest *[]){
        the_first_time_all_is_said, then_what_changed_with_what_it_was, each_end_has_its_own,
        of_many_ends_the_first_is_told_whole_again, NULL });
}
