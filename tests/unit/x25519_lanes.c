/* The inside of X25519 with AVX-512 IFMA, its instructions in plain C, so that this runs without them, too: the field
 * at the limits that crypto/x25519_lanes.h states, and every entry of the table. */
#include "tests/lib/plain_ifma.h"

#include "crypto/x25519_ifma.c"                        /* stands in for the one in the library */

#include "crypto/bignum.h"
#include "crypto/x25519.h"
#include "tests/lib/check.h"

#ifdef __x86_64__

enum { WIDE = 6 };                                     /* words of a number with limbs of 62 bits */
static const uint64_t p[WIDE] = { UINT64_MAX - 18, UINT64_MAX, UINT64_MAX, UINT64_MAX >> 1 };
static struct bn_mod mod_p;

static void set_up(void) { bn_mod_set(&mod_p, p, WORDS, 254, NULL); }

/* The number in a lane, modulo p and in Montgomery's form. */
static void number_in(uint64_t x[WORDS], const struct lanes *a, int lane)
{
    uint64_t sum[WIDE] = { 0 };
    for (int i = 0; i < LANE_LIMBS; i++) {
        uint64_t part[WIDE] = { 0 };
        int at = i * LIMB_BITS / 64, shift = i * LIMB_BITS % 64;
        part[at] = a->limb[i].lane[lane] << shift;
        part[at + 1] = shift ? a->limb[i].lane[lane] >> (64 - shift) : 0;
        bn_add(sum, sum, part, WIDE);
    }
    bn_mod_in(&mod_p, x, sum, WIDE);
}

/* Limbs of up to `bits` bits: all of them as large as they can be, 0, or drawn. */
static struct lanes drawn(uint32_t seed, int bits)
{
    struct lanes a;
    uint8_t seeds[randombytes_SEEDBYTES] = { 1 };
    memcpy(seeds + 1, &seed, sizeof seed);
    randombytes_buf_deterministic(&a, sizeof a, seeds);
    for (int i = 0; i < LANE_LIMBS; i++)
        for (int n = 0; n < LANES; n++) {
            uint64_t *limb = &a.limb[i].lane[n];
            *limb = seed == 0 || *limb % 5 == 0 ? UINT64_MAX : *limb % 5 == 1 ? 0 : *limb;
            *limb >>= 64 - bits;
        }
    return a;
}

static void check_same(const struct lanes *have, int lane, const uint64_t want[WORDS])
{
    uint64_t x[WORDS];
    number_in(x, have, lane);
    check_bytes(x, want, sizeof x);
}

START_TEST(products)
{
    set_up();
    for (uint32_t seed = 0; seed < 2000; seed++) {
        struct lanes a = drawn(2 * seed, 52), b = seed ? drawn(2 * seed + 1, 52) : a, ab = product(a, b);
        for (int n = 0; n < LANES; n++) {
            uint64_t x[WORDS], y[WORDS];
            number_in(x, &a, n);
            number_in(y, &b, n);
            bn_mod_mul(&mod_p, x, x, y);
            check_same(&ab, n, x);
            for (int i = 0; i < LANE_LIMBS; i++)
                ck_assert_uint_le(ab.limb[i].lane[n], limb_of_p(i) << 10);
        }
    }
}
END_TEST

START_TEST(sums_and_carries)
{
    set_up();
    for (uint32_t seed = 0; seed < 2000; seed++) {
        const __mmask8 minus = (__mmask8)(seed & 15);
        struct lanes a = drawn(2 * seed, 60), b = drawn(2 * seed + 1, 60), most = drawn(seed, 62);
        struct lanes s = carried(sum(a, b, minus)), m = carried(most);
        for (int n = 0; n < LANES; n++) {
            uint64_t x[WORDS], y[WORDS];
            number_in(x, &a, n);
            number_in(y, &b, n);
            (minus >> n & 1 ? bn_mod_sub : bn_mod_add)(&mod_p, x, x, y);
            check_same(&s, n, x);
            number_in(x, &most, n);
            check_same(&m, n, x);
            for (int i = 0; i < LANE_LIMBS; i++)
                ck_assert(s.limb[i].lane[n] < limb_mask + (1 << 16) && m.limb[i].lane[n] < limb_mask + (1 << 16));
        }
    }
}
END_TEST

/* In each lane numbers around 0, p, 2^255 and what is most after a carry. */
START_TEST(numbers_come_out_below_p)
{
    set_up();
    for (uint32_t seed = 0; seed < 4000; seed++) {
        struct lanes a = carried(drawn(seed, 62));
        if (seed % 2)
            for (int i = 0; i < LANE_LIMBS; i++)
                a.limb[i] = in_all(i ? limb_mask : limb_mask - 18 - 20 + seed % 40);
        for (int n = 0; n < LANES; n++) {
            uint64_t word[WIDE] = { 0 }, x[WORDS], y[WORDS];
            words_of(word, a, n);
            ck_assert(bn_less(word, p, WORDS));
            number_in(x, &a, n);
            bn_mod_in(&mod_p, y, word, WORDS);
            check_bytes(y, x, sizeof x);
        }
    }
}
END_TEST

START_TEST(four_numbers_side_by_side)
{
    uint64_t in[LANES][WORDS], word[WORDS];
    randombytes_buf(in, sizeof in);
    struct lanes a = side_by_side(load(in[0]), load(in[1]), load(in[2]), load(in[3]));
    for (int n = 0; n < LANES; n++) {
        words_of(word, a, n);
        in[n][3] &= UINT64_MAX >> 1;                   /* which is below p but once in 2^250 */
        check_bytes(word, in[n], sizeof word);
    }
}
END_TEST

/* The number of an entry, modulo l: + or - 2^e at each tooth. */
static void number_of(uint8_t k[32], int block, int entry)
{
    memset(k, 0, 32);
    for (int tooth = 0; tooth < X25519_TEETH; tooth++) {
        int e = (block * X25519_TEETH + tooth) * X25519_SPACE;
        uint8_t power[64] = { 0 }, reduced[32];
        power[e / 8] = (uint8_t)(1 << e % 8);
        crypto_core_ed25519_scalar_reduce(reduced, power);
        bool plus = tooth == X25519_TEETH - 1 || entry >> tooth & 1;
        (plus ? crypto_core_ed25519_scalar_add : crypto_core_ed25519_scalar_sub)(k, k, reduced);
    }
}

/* libsodium makes the same point, as y and the lowest bit of x (RFC 8032 §5.1.2). Twice y and x are the sum and the
 * difference of y + x and y - x; the third number is 2d xy. */
START_TEST(entries_are_what_their_numbers_say)
{
    static const uint64_t twice_d[WORDS] = {
        0xebd69b9426b2f159, 0x00e0149a8283b156, 0x198e80f2eef3d130, 0x2406d9dc56dffce7 };
    static const uint64_t half[WORDS] = { UINT64_MAX - 8, UINT64_MAX, UINT64_MAX, UINT64_MAX >> 2 };
    set_up();
    for (int i = 0; i < X25519_BLOCKS * X25519_ENTRIES; i++) {
        const struct x25519_entry *entry = &x25519_comb_table[i / X25519_ENTRIES][i % X25519_ENTRIES];
        uint8_t k[32], want[32];
        uint64_t minus[WORDS], plus[WORDS], x[WORDS], y[WORDS], c[WORDS];
        number_of(k, i / X25519_ENTRIES, i % X25519_ENTRIES);
        ck_assert_int_eq(crypto_scalarmult_ed25519_base_noclamp(want, k), 0);
        bn_mod_in(&mod_p, minus, entry->number[0], WORDS);
        bn_mod_in(&mod_p, plus, entry->number[1], WORDS);
        bn_mod_in(&mod_p, c, half, WORDS);
        bn_mod_add(&mod_p, y, plus, minus);
        bn_mod_mul(&mod_p, y, y, c);
        bn_mod_sub(&mod_p, x, plus, minus);
        bn_mod_mul(&mod_p, x, x, c);
        bn_mod_in(&mod_p, c, twice_d, WORDS);
        bn_mod_mul(&mod_p, c, c, x);
        bn_mod_mul(&mod_p, c, c, y);
        bn_mod_out(&mod_p, c, c);
        check_bytes(c, entry->number[2], sizeof c);
        bn_mod_out(&mod_p, x, x);
        bn_mod_out(&mod_p, y, y);
        y[3] |= x[0] << 63;
        check_bytes(y, want, sizeof y);
    }
}
END_TEST

/* The whole form; more of it, in its instructions, in tests/unit/x25519.c. */
START_TEST(it_is_libsodiums)
{
    const struct cpu cpu = { CPU_IFMA };
    ck_assert_str_eq(x25519_form_name(&cpu), "ifma");
    for (int i = 0; i < 100; i++) {
        uint8_t scalar[32], point[32], want[32], have[32];
        randombytes_buf(scalar, sizeof scalar);
        randombytes_buf(point, sizeof point);
        ck_assert(x25519_shared(scalar, point, want, NULL) && x25519_shared(scalar, point, have, &cpu));
        check_bytes(have, want, 32);
        x25519_public(scalar, want, NULL);
        x25519_public(scalar, have, &cpu);
        check_bytes(have, want, 32);
        memset(point, 0, sizeof point);
        ck_assert(!x25519_shared(scalar, point, have, &cpu));
    }
}
END_TEST

int main(void)
{
    return check_run("x25519_lanes", (const TTest *[]){
        products, sums_and_carries, numbers_come_out_below_p, four_numbers_side_by_side,
        entries_are_what_their_numbers_say, it_is_libsodiums, NULL });
}

#else

START_TEST(not_here) { ck_assert(!x25519_ifma); } END_TEST

int main(void) { return check_run("x25519_lanes", (const TTest *[]){ not_here, NULL }); }

#endif
