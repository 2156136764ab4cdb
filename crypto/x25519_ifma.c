/* X25519 with AVX-512 IFMA. Both the ladder and the sum of points consist of steps of four products that do not need
 * each other: so a step is one product of four lanes. Swaps and table look-ups are by masks and by permutations whose
 * time does not depend on what they do; no branch and no index depends on a secret. */
#include "crypto/cpu.h"
#include "crypto/x25519_form.h"

#ifdef CPU_FORMS
#include "crypto/inverse.h"
#include "crypto/x25519_comb.h"
#include "crypto/x25519_lanes.h"

#include <sodium.h>
#include <string.h>

enum { OCTETS = 32, TOP_BIT = 254, STACK = 4096, DOUBLE = -1 };

/* decodeScalar25519 of RFC 7748 §5: a multiple of 8 with bit 254 as the highest. x86-64 has the lowest octet first, as
 * the RFC. */
static void clamped(uint64_t k[WORDS], const uint8_t scalar[OCTETS])
{
    memcpy(k, scalar, OCTETS);
    k[0] &= ~(uint64_t)7;
    k[3] = (k[3] & UINT64_MAX >> 1) | (uint64_t)1 << 62;
}

/* b/a of [a b . .], raw, as octets; 0 where a is 0. */
WITH_IFMA static void put_quotient(uint8_t octets[OCTETS], struct lanes ab)
{
    static const uint64_t p[WORDS] = { UINT64_MAX - 18, UINT64_MAX, UINT64_MAX, UINT64_MAX >> 1 };
    uint64_t word[WORDS];
    ab = carried(ab);
    words_of(word, ab, 0);
    inverse_mod(word, word, p, WORDS, 255);
    __m256i inverse = load(word);
    ab = product(ab, side_by_side(inverse, inverse, inverse, inverse));
    words_of(word, carried(ab), 1);
    memcpy(octets, word, OCTETS);
    sodium_memzero(word, sizeof word);
}

/* One bit of the ladder, with the names of RFC 7748 §5. From raw [z_2 x_2 x_3 z_3] to the same; `swap`, all ones or 0,
 * says whether (x_2, z_2) changes with (x_3, z_3) before: then A, B, C, D are what else C, D, A, B are, which is
 * [A B D C] read backwards. X1 is [0 0 1 x_1]. Three products in a row, as z_3 = x_1 ((DA - CB)^2) needs them. */
INLINE_IFMA struct lanes ladder_step(struct lanes s, struct lanes x1, uint64_t swap)
{
    __m256i backwards = in_all(swap & 3);              /* 0 1 2 3 ^ 3 = 3 2 1 0 */
    struct lanes abdc = carried(sum(s, neighbours(s), LANE_1 | LANE_2));
    struct lanes abab = rearranged(abdc, _mm256_xor_si256(lanes_from(0, 1, 0, 1), backwards));
    abdc = rearranged(abdc, _mm256_xor_si256(lanes_from(0, 1, 2, 3), backwards));

    s = product(abdc, abab);                           /* AA BB DA CB */
    struct lanes bb = carried(s);
    struct lanes e = carried(sum(with(s, LANE_1, small(0, 0, 0, 0)), neighbours(s), LANE_0 | LANE_3));
                                                       /* E = AA - BB, AA, DA + CB, CB - DA */
    s = product(e, with(e, LANE_0 | LANE_1, small(121665, 1, 0, 0)));
                                                       /* a24 E, AA, (DA + CB)^2, (DA - CB)^2 */
    struct lanes f = carried(sum(s, only(neighbours(s), LANE_0), 0));
                                                       /* AA + a24 E, AA, (DA + CB)^2, (DA - CB)^2 */
    struct lanes by = with(with(x1, LANE_1, bb), LANE_0, f);
    return product(with(f, LANE_0, e), by);            /* E (AA + a24 E), AA BB, (DA + CB)^2 1, (DA - CB)^2 x_1 */
}

WITH_IFMA static __attribute__((noinline)) void shared_inside(const uint8_t scalar[OCTETS], const uint8_t peer[OCTETS],
                                                              uint8_t secret[OCTETS])
{
    uint64_t k[WORDS], swap = 0;
    const __m256i zero = _mm256_setzero_si256(), one = _mm256_set_epi64x(0, 0, 0, 1), u = load(peer);
    struct lanes s = side_by_side(zero, one, u, one), x1 = side_by_side(zero, zero, one, u);
    clamped(k, scalar);
    for (int t = TOP_BIT; t >= 0; t--) {
        uint64_t bit = (uint64_t)0 - (k[t / 64] >> t % 64 & 1);
        s = ladder_step(s, x1, swap ^ bit);
        swap = bit;
    }
    put_quotient(secret, s);                           /* bit 0 of k is 0: there is no last swap */
    sodium_memzero(k, sizeof k);
}

/* The sum of two points of edwards25519, -x^2 + y^2 = 1 + d x^2 y^2, the same curve in other coordinates:
 * u = (1 + y) / (1 - y), and the base point u = 9 has y = 4/5 (RFC 7748 §4.1). There the formula has no exception: as
 * d is not a square, no divisor is ever 0 (Bernstein and Lange, "Faster addition and doubling on elliptic curves",
 * 2007). In extended coordinates x = X/Z, y = Y/Z, xy = T/Z it is (Hisil, Wong, Carter and Dawson, "Twisted Edwards
 * curves revisited", 2008, §3.1)
 *     A = (Y1 - X1)(Y2 - X2)      E = B - A       X3 = E F
 *     B = (Y1 + X1)(Y2 + X2)      F = D - C       Y3 = G H
 *     C = T1 2d T2                G = D + C       T3 = E H
 *     D = Z1 2 Z2                 H = B + A       Z3 = F G
 * From fit [Y1-X1 Y1+X1 T1 Z1] and [Y2-X2 Y2+X2 2d T2 2 Z2] to raw [X3 Y3 T3 Z3]. */
INLINE_IFMA struct lanes sum_of_points(struct lanes first, struct lanes second)
{
    struct lanes s = product(first, second);           /* A B C D */
    s = carried(sum(neighbours(s), s, LANE_0 | LANE_2));               /* E H F G */
    return product(rearranged(s, lanes_from(0, 3, 0, 2)), rearranged(s, lanes_from(2, 1, 1, 3)));
}

/* Raw [X Y T Z] to fit [Y-X Y+X T Z]. */
INLINE_IFMA struct lanes as_first(struct lanes p)
{
    struct lanes y = with(neighbours(p), LANE_2 | LANE_3, p);
    return carried(sum(y, only(p, LANE_0 | LANE_1), LANE_0));
}

/* A first point, fit, as a second one: to double it. Twelve doublings are not worth a formula of their own. d is
 * -121665 / 121666. */
INLINE_IFMA struct lanes as_second(struct lanes first)
{
    static const uint64_t twice_d[WORDS] = {
        0xebd69b9426b2f159, 0x00e0149a8283b156, 0x198e80f2eef3d130, 0x2406d9dc56dffce7 };
    const __m256i one = _mm256_set_epi64x(0, 0, 0, 1), two = _mm256_set_epi64x(0, 0, 0, 2);
    return carried(product(first, side_by_side(one, one, load(twice_d), two)));
}

/* The entry of the table for a block in a column, as a second point. All of the block are read. To subtract (x, y) is
 * to add (-x, y): y - x and y + x change places, and 2d xy its sign. */
INLINE_IFMA struct lanes look_up(const uint64_t signs[X25519_SIGN_WORDS], int block, int column)
{
    ct_mask minus;
    const __m256i wanted = in_all(x25519_index(signs, block, column, &minus));
    __m256i number[3] = { _mm256_setzero_si256(), _mm256_setzero_si256(), _mm256_setzero_si256() };
    UNROLL for (int i = 0; i < X25519_ENTRIES; i++) {
        __m256i here = _mm256_cmpeq_epi64(in_all((uint64_t)i), wanted);
        UNROLL for (int j = 0; j < 3; j++)
            number[j] = _mm256_or_si256(number[j],
                _mm256_and_si256(here, load(x25519_comb_table[block][i].number[j])));
    }
    struct lanes q = side_by_side(number[0], number[1], number[2], _mm256_set_epi64x(0, 0, 0, 2));
    long long change = (long long)(minus & 1);
    q = rearranged(q, _mm256_xor_si256(lanes_from(0, 1, 2, 3), _mm256_set_epi64x(0, 0, change, change)));
    EACH_LIMB                                          /* 2p - it, without a limb below 0 or above 52 bits */
        q.limb[i] = _mm256_mask_sub_epi64(q.limb[i], (__mmask8)(minus & LANE_2), in_all(2 * limb_of_p(i)), q.limb[i]);
    return q;
}

WITH_IFMA static __attribute__((noinline)) void public_inside(const uint8_t scalar[OCTETS], uint8_t point[OCTETS])
{
    uint64_t k[WORDS], signs[X25519_SIGN_WORDS];
    struct lanes sum_so_far = small(0, 1, 0, 1);       /* the neutral point, x = 0 and y = 1 */
    clamped(k, scalar);
    x25519_signs(signs, k);
    for (int column = X25519_SPACE - 1; column >= 0; column--)
        for (int block = column < X25519_SPACE - 1 ? DOUBLE : 0; block < X25519_BLOCKS; block++) {
            struct lanes first = as_first(sum_so_far);
            struct lanes second = block == DOUBLE ? as_second(first) : look_up(signs, block, column);
            sum_so_far = sum_of_points(first, second);
        }
    /* u = (Z + Y) / (Z - Y). No clamped scalar is 0 modulo l, so this is not the neutral point. */
    put_quotient(point, sum(rearranged(sum_so_far, in_all(3)), rearranged(sum_so_far, in_all(1)), LANE_0));
    sodium_memzero(k, sizeof k);
    sodium_memzero(signs, sizeof signs);
}

/* The compiler keeps limbs on the stack where registers do not suffice: that is wiped behind it. */
static void x25519_shared_ifma(const uint8_t scalar[OCTETS], const uint8_t peer[OCTETS], uint8_t secret[OCTETS])
{
    shared_inside(scalar, peer, secret);
    sodium_stackzero(STACK);
}

static void x25519_public_ifma(const uint8_t scalar[OCTETS], uint8_t point[OCTETS])
{
    public_inside(scalar, point);
    sodium_stackzero(STACK);
}

static const struct x25519_form form = { x25519_public_ifma, x25519_shared_ifma };
const struct x25519_form *const x25519_ifma = &form;

#else

const struct x25519_form *const x25519_ifma = NULL;

#endif
