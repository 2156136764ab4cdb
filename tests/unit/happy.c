/* Happy Eyeballs in virtual time: who is called when, by RFC 8305. */
#include "net/happy.h"
#include "tests/lib/check.h"

#define T0 (INT64_C(7000) * SECOND)
#define MS MILLISECOND

static struct addr four(uint8_t last) { return addr_v4(10, 0, 0, last); }
static struct addr six(uint8_t last) { return (struct addr){ 16, { 0xfd, [15] = last } }; }

static struct happy both(void)
{
    struct happy h;
    happy_start(&h, true, true, &(struct voice){ 0 });
    return h;
}

static void know(struct happy *h, bool is_six, unsigned n, nsec now)
{
    struct addr a[12];
    for (unsigned i = 0; i < n; i++)
        a[i] = is_six ? six((uint8_t)(i + 1)) : four((uint8_t)(i + 1));
    happy_know(h, a, n, is_six, now);
}

/* "61": IPv6 address ::1 is called now; "": nobody. */
static void calls(struct happy *h, nsec now, const char *want)
{
    int i = happy_next(h, now);
    if (!*want) {
        ck_assert_int_eq(i, -1);
        return;
    }
    ck_assert_msg(i >= 0, "nobody instead of %s", want);
    ck_assert_uint_eq(h->to[i].addr.len, want[0] == '6' ? 16 : 4);
    ck_assert_int_eq(h->to[i].addr.octets[h->to[i].addr.len - 1], want[1] - '0');
}

START_TEST(ipv6_goes_at_once)
{
    struct happy h = both();
    ck_assert_int_eq(happy_wake(&h), NEVER);
    calls(&h, T0, "");
    know(&h, true, 1, T0);
    ck_assert(happy_due(&h, T0));
    calls(&h, T0, "61");
    calls(&h, T0, "");
    ck_assert(!happy_lost(&h));
}
END_TEST

START_TEST(ipv4_waits_50_ms_for_ipv6)
{
    struct happy h = both();
    know(&h, false, 1, T0);
    calls(&h, T0, "");
    ck_assert_int_eq(happy_wake(&h), T0 + 50 * MS);
    calls(&h, T0 + 50 * MS - 1, "");
    struct happy late = h;
    know(&h, true, 1, T0 + 20 * MS);                              /* in time: it goes first, and at once */
    ck_assert_int_eq(happy_wake(&h), T0 + 20 * MS);
    calls(&h, T0 + 20 * MS, "61");
    calls(&h, T0 + 20 * MS, "");
    ck_assert_int_eq(happy_wake(&h), T0 + 270 * MS);
    calls(&h, T0 + 270 * MS, "41");
    calls(&late, T0 + 50 * MS, "41");
    know(&late, true, 1, T0 + 60 * MS);                           /* too late to be first, not to be tried */
    ck_assert_int_eq(happy_wake(&late), T0 + 300 * MS);
    calls(&late, T0 + 299 * MS, "");
    calls(&late, T0 + 300 * MS, "61");
}
END_TEST

START_TEST(no_ipv6_is_no_reason_to_wait)
{
    struct happy h = both();
    know(&h, false, 1, T0);
    know(&h, true, 0, T0 + 5 * MS);
    calls(&h, T0 + 5 * MS, "41");
    h = both();
    know(&h, true, 0, T0);
    ck_assert_int_eq(happy_wake(&h), NEVER);
    ck_assert(!happy_lost(&h));                                   /* IPv4 may come */
    know(&h, false, 1, T0 + 90 * MS);
    calls(&h, T0 + 90 * MS, "41");
}
END_TEST

START_TEST(kinds_take_turns_every_250_ms)
{
    static const char *const order[] = { "61", "41", "62", "42", "43", "44" };
    struct happy h = both();
    know(&h, true, 2, T0);
    know(&h, false, 4, T0);
    nsec now = T0;
    for (unsigned i = 0; i < 6; i++, now += 250 * MS) {
        calls(&h, now - 1, "");
        calls(&h, now, order[i]);
    }
    ck_assert_int_eq(happy_wake(&h), NEVER);
    calls(&h, now + 10 * SECOND, "");
    for (unsigned i = 0; i < 6; i++) {
        ck_assert(!happy_lost(&h));
        happy_failed(&h, i, now);
    }
    ck_assert(happy_lost(&h));
}
END_TEST

START_TEST(a_failure_calls_the_next_at_once)
{
    struct happy h = both();
    know(&h, true, 1, T0);
    know(&h, false, 1, T0);
    calls(&h, T0, "61");
    happy_failed(&h, 0, T0 + MS);                                 /* unreachable: no need to wait */
    ck_assert_int_eq(happy_wake(&h), T0 + MS);
    calls(&h, T0 + MS, "41");
    ck_assert(!happy_lost(&h));
    happy_failed(&h, 1, T0 + 2 * MS);
    ck_assert(happy_lost(&h));
}
END_TEST

START_TEST(the_first_that_opens_ends_it)
{
    struct happy h = both();
    know(&h, true, 3, T0);
    know(&h, false, 3, T0);
    calls(&h, T0, "61");
    calls(&h, T0 + 250 * MS, "41");
    happy_won(&h, 1, T0 + 260 * MS);
    ck_assert_int_eq(h.to[1].state, HAPPY_WON);
    ck_assert_int_eq(happy_wake(&h), NEVER);
    calls(&h, T0 + 10 * SECOND, "");
    ck_assert(!happy_lost(&h));
}
END_TEST

START_TEST(one_kind_alone)
{
    struct happy h;
    happy_start(&h, true, false, &(struct voice){ 0 });
    know(&h, false, 1, T0);
    calls(&h, T0, "41");
    happy_failed(&h, 0, T0);
    ck_assert(happy_lost(&h));
    happy_start(&h, false, true, &(struct voice){ 0 });
    know(&h, true, 0, T0);
    ck_assert(happy_lost(&h));                                    /* no address at all */
}
END_TEST

START_TEST(more_addresses_than_places)
{
    struct happy h = both();
    know(&h, true, 12, T0);
    know(&h, false, 12, T0);
    for (unsigned i = 0; i < HAPPY_MOST; i++)
        ck_assert_int_eq(happy_next(&h, T0 + i * SECOND), (int)i);
    ck_assert_int_eq(happy_next(&h, T0 + 100 * SECOND), -1);
}
END_TEST

int main(void)
{
    return check_run("happy", (const TTest *[]){
        ipv6_goes_at_once, ipv4_waits_50_ms_for_ipv6, no_ipv6_is_no_reason_to_wait, kinds_take_turns_every_250_ms,
        a_failure_calls_the_next_at_once, the_first_that_opens_ends_it, one_kind_alone, more_addresses_than_places,
        NULL });
}
