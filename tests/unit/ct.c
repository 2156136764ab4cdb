#include "crypto/ct.h"
#include "tests/lib/check.h"

#include <string.h>

static const uint64_t edges[] = {
    0, 1, 2, 0x7f, 0x80, 0xff, 0x7fffffff, 0x80000000, 0xffffffff, 0x100000000,
    INT64_MAX, (uint64_t)1 << 63, UINT64_MAX,
};
enum { EDGES = sizeof edges / sizeof edges[0] };

static ct_mask as_mask(int yes)
{
    return yes ? UINT64_MAX : 0;
}

START_TEST(masks_say_what_comparing_says)
{
    for (size_t i = 0; i < EDGES; i++) {
        ck_assert_uint_eq(ct_nonzero(edges[i]), as_mask(edges[i] != 0));
        ck_assert_uint_eq(ct_zero(edges[i]), as_mask(edges[i] == 0));
        for (size_t j = 0; j < EDGES; j++) {
            ck_assert_uint_eq(ct_equal(edges[i], edges[j]), as_mask(edges[i] == edges[j]));
            if (edges[i] <= INT64_MAX && edges[j] <= INT64_MAX)
                ck_assert_uint_eq(ct_less(edges[i], edges[j]), as_mask(edges[i] < edges[j]));
            ck_assert_uint_eq(ct_select(UINT64_MAX, edges[i], edges[j]), edges[i]);
            ck_assert_uint_eq(ct_select(0, edges[i], edges[j]), edges[j]);
        }
    }
}
END_TEST

START_TEST(same_sees_every_bit)
{
    uint8_t a[67], b[67];
    for (size_t i = 0; i < sizeof a; i++)
        a[i] = b[i] = (uint8_t)(i * 37);
    ck_assert_uint_eq(ct_same(a, b, sizeof a), UINT64_MAX);
    ck_assert_uint_eq(ct_same(a, b, 0), UINT64_MAX);
    for (size_t bit = 0; bit < 8 * sizeof a; bit++) {
        b[bit / 8] ^= (uint8_t)(1 << bit % 8);
        ck_assert_uint_eq(ct_same(a, b, sizeof a), 0);
        ck_assert_uint_eq(ct_same(a, b, bit / 8), UINT64_MAX);     /* behind the end does not count */
        b[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
}
END_TEST

START_TEST(copies_all_or_nothing)
{
    uint8_t from[9], to[10], was[10];
    memset(from, 0xa5, sizeof from);
    memset(to, 0x3c, sizeof to);
    memcpy(was, to, sizeof to);
    ct_copy_if(0, to, from, sizeof from);
    check_bytes(to, was, sizeof to);
    ct_copy_if(UINT64_MAX, to, from, sizeof from);
    check_bytes(to, from, sizeof from);
    ck_assert_uint_eq(to[9], 0x3c);
}
END_TEST

int main(void)
{
    return check_run("ct", (const TTest *[]){
        masks_say_what_comparing_says, same_sees_every_bit, copies_all_or_nothing, NULL });
}
