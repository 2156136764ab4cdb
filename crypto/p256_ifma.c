/* A secret multiple of any point of P-256 with AVX-512 IFMA: the shared secret of ECDH. A doubling is three steps of
 * products that do not need each other, an addition four, and each step is one product of four lanes. All else that
 * the curve does is as in crypto/p256_adx.c, which the table of multiples and the last addition are from, too. No
 * branch and no index depends on a secret. */
#include "crypto/cpu.h"
#include "crypto/curve.h"

#ifdef CPU_FORMS

#include "crypto/p256_adx.h"
#include "crypto/p256_curve.h"
#include "crypto/p256_lanes.h"

enum { STACK = 8192 };

/* The sum so far, (X, Y, Z), in lanes; and what the next step needs of it.
 *
 * The points of the table share a Z, which is S. Instead of taking it in at each addition, think of them as points
 * with Z = 1 of the curve whose x are S² times and whose y are S³ times ours: for an addition, which knows nothing of
 * a curve's coefficients, the sum has ζ = Z / S there. A doubling does know them, and wants Z. A doubling multiplies
 * both by Y, an addition both by the same H: so both are kept.
 *     line     [Y M Y Y]        fit; M = (X - Z²)(X + Z²) as 3 M = 3 X² - 3 Z⁴ is the slope's numerator
 *     x        [X X X X]        fit
 *     z        [. 3/2 Z ζ]      fit
 *     last     [. . ζ² .]       raw; behind a doubling
 * How large they are, in p (crypto/p256_lanes.h): X below 1.7, Z and ζ below 2, Y below 5 behind a doubling and below 8
 * behind an addition, M below 7. */
struct running { struct lanes line, x, z, last; };

/* Modulo p: 1, 3/2; and what turns the form of the field of four words, a 2^256, into ours, and back. */
static const uint64_t one_in_form[WORDS] = { 0x10, 0xfffffff000000000, 0xffffffffffffffff, 0x0fffffffef };
static const uint64_t three_halves[WORDS] = { 0x18, 0xffffffe800000000, 0xffffffffffffffff, 0x17ffffffe7 };
static const uint64_t into_form[WORDS] = { 0x100, 0xffffff0000000000, 0xffffffffffffffff, 0xfffffffeff };
static const uint64_t out_of_form[WORDS] = { 1, 0xffffffff00000000, 0xffffffffffffffff, 0x00fffffffe };

INLINE_IFMA struct lanes everywhere(const uint64_t words[WORDS])
{
    return side_by_side(load(words), load(words), load(words), load(words));
}
INLINE_IFMA struct lanes lane_in_all(struct lanes a, int lane) { return rearranged(a, in_all((uint64_t)lane)); }

/* The last step of a doubling and of an addition, of q = [D δ S .], raw: D is what the new Y has R (D - X) of, δ the
 * new Z², and X = S - 2 D - `less`, where 2 D + `less` is below 4p, D and δ below 2p. r: [R . A .], b: [. . B .], fit.
 * Gives [R (X - D), M, A B, X], and stores X; Y and M are not there yet. Sums are taken in an order in which as few as
 * can be wait for each other. */
INLINE_IFMA struct lanes last_step(struct running *s, struct lanes q, struct lanes less, struct lanes r, struct lanes b)
{
    struct lanes d = lane_in_all(q, 0), x = difference(lane_in_all(q, 2), d), one = everywhere(one_in_form);
    less = difference(less, multiple_of_p(4));
    struct lanes minus = sum(only(q, LANE_0 | LANE_1), difference(less, only(multiple_of_p(2), LANE_0 | LANE_1)));
    struct lanes left = carried(difference_in(b, LANE_0 | LANE_1 | LANE_3, x, sum(d, minus)));
    struct lanes right = carried(difference_in(with(r, LANE_3, one), LANE_1, x, sum(d, difference(less, q))));
    struct lanes p = product(left, right);
    s->x = carried(lane_in_all(p, 3));
    return p;
}

/* Then Y = R (D - X) - C, with this p, and C in all lanes; the sum of both is below k p. */
INLINE_IFMA void put_y(struct running *s, struct lanes p, struct lanes c, unsigned k)
{
    s->line = carried(difference_in(p, LANE_0 | LANE_2 | LANE_3, difference(multiple_of_p(k), c), lane_in_all(p, 0)));
}

/* The formulas of point_double in crypto/curve_group.h, in three steps:
 *     γ = Y²     λ = 3/2 M     Z' = Y Z     ζ' = Y ζ
 *     β = X γ    Z'²           λ²           γ²            X' = λ² - 2β
 *     λ (β - X') - γ² = Y'     M'           ζ'² */
INLINE_IFMA void twice(struct running *s)
{
    struct lanes p = carried(product(s->line, with(s->z, LANE_0, s->line)));           /* γ λ Z' ζ' */
    s->z = with(p, LANE_1, s->z);
    struct lanes q = rearranged(p, lanes_from(0, 2, 1, 0));
    q = product(with(q, LANE_0, s->x), q);                                              /* β Z'² λ² γ² */
    p = rearranged(p, lanes_from(1, 1, 3, 3));                                          /* λ . ζ' . */
    s->last = last_step(s, q, small(0, 0, 0, 0), p, p);
    put_y(s, s->last, lane_in_all(q, 3), 5);
}

/* + [x y . .], fit, in four steps. H and R are how far it is away, as in crypto/curve_group.h:
 *     x ζ² - X = H     y ζ
 *     y ζ ζ² - Y = R   H²     Z' = H Z     ζ' = H ζ
 *     V = X H²         Z'²    R²           H³              X' = R² - H³ - 2V
 *     R (V - X') - Y H³ = Y'  M' */
INLINE_IFMA void plus(struct running *s, struct lanes q)
{
    struct lanes square = lane_in_all(carried(s->last), 2);
    struct lanes p = product(q, with(square, LANE_1, lane_in_all(s->z, 3)));            /* x ζ², y ζ . . */
    struct lanes h = difference_in(p, LANE_0 | LANE_2 | LANE_3, lane_in_all(p, 0),
                                   difference(s->x, multiple_of_p(2)));
    h = carried(h);                                                                     /* H, y ζ, H H */
    p = product(h, with(with(s->z, LANE_0, h), LANE_1, square));                        /* H², y ζ³, Z' ζ' */
    s->z = with(carried(p), LANE_1, s->z);
    p = rearranged(p, lanes_from(0, 2, 1, 0));
    p = carried(difference_in(p, LANE_2, p, difference(s->line, multiple_of_p(5))));    /* H² Z' R H² */
    q = product(with(with(p, LANE_0, s->x), LANE_3, h), p);                             /* V Z'² R² H³ */
    struct lanes cube = lane_in_all(q, 3);
    p = last_step(s, q, cube, with(lane_in_all(p, 2), LANE_2, s->line), carried(cube));
    put_y(s, p, lane_in_all(p, 2), 8);
}

/* The first point, [x y . .]: Z = S, ζ = 1. As if x were S - 2 D with D = 0. */
INLINE_IFMA void begin(struct running *s, struct lanes q, struct lanes z)
{
    const struct lanes none = small(0, 0, 0, 0);
    s->z = with(with(z, LANE_1, everywhere(three_halves)), LANE_3, everywhere(one_in_form));
    struct lanes x = lane_in_all(q, 0), square = only(product(z, z), LANE_1);
    struct lanes p = last_step(s, with(square, LANE_2, x), none, z, z);
    s->line = carried(with(lane_in_all(q, 1), LANE_1, p));
}

/* The odd multiples in our form, as [x y x' y'] of one and of the one eight further on. */
enum { PAIRS = TABLE / 2 };
WITH_IFMA static void table_in_form(struct lanes pair[PAIRS], const struct odd *odd)
{
    for (int i = 0; i < PAIRS; i++) {
        const struct affine *q = &odd->at[i], *r = &odd->at[i + PAIRS];
        pair[i] = side_by_side(load(q->x.limb), load(q->y.limb), load(r->x.limb), load(r->y.limb));
        pair[i] = carried(product(pair[i], everywhere(into_form)));
    }
}

/* The entry at `index`, with - y where the mask is set, as [x y . .]. All are read. */
INLINE_IFMA struct lanes look_up(const struct lanes pair[PAIRS], uint64_t index, ct_mask minus)
{
    const __m256i wanted = in_all(ct_hide(index) % PAIRS);
    struct lanes q = small(0, 0, 0, 0);
    for (int j = 0; j < PAIRS; j++) {
        const __m256i here = _mm256_cmpeq_epi64(in_all((uint64_t)j), wanted);
        EACH_LIMB
            q.limb[i] = _mm256_or_si256(q.limb[i], _mm256_and_si256(here, pair[j].limb[i]));
    }
    const long long upper = (long long)(ct_hide(index) / PAIRS * 2);
    q = rearranged(q, _mm256_xor_si256(lanes_from(0, 1, 2, 3), in_all((uint64_t)upper)));
    return carried(difference_in(q, (__mmask8)(minus & LANE_1), multiple_of_p(2), q));
}

/* Lanes 0, 1, 2 as a point of the field of four words: less than 2p comes out of the product, less than p of here. */
INLINE_IFMA void point_of(struct point *p, struct lanes a)
{
    static const uint64_t p_words[WORDS + 1] = { UINT64_MAX, 0xffffffff, 0, 0xffffffff00000001, 0 };
    struct field *const to[] = { &p->x, &p->y, &p->z };
    a = carried(product(a, everywhere(out_of_form)));
    for (int i = 0; i < 3; i++) {
        uint64_t word[WORDS + 1], less[WORDS + 1];
        words_of(word, a, i);
        ct_mask below = ct_nonzero(bn_sub(less, word, p_words, WORDS + 1));
        for (int j = 0; j < WORDS; j++)
            to[i]->limb[j] = ct_select(below, word[j], less[j]);
    }
}

/* The digits below the first, but for the addition of the last, which asks whether both points are the same. */
WITH_IFMA static __attribute__((noinline)) void multiply_inside(struct point *sum, const struct odd *odd,
                                                                const uint64_t signs[CURVE_LIMBS])
{
    struct lanes pair[PAIRS];
    struct running s;
    ct_mask minus;
    const __m256i z = load(odd->z.z.limb);
    table_in_form(pair, odd);
    uint64_t index = digit_at(signs, DIGITS - 1, &minus);
    begin(&s, look_up(pair, index, minus), carried(product(side_by_side(z, z, z, z), everywhere(into_form))));
    for (int i = DIGITS - 2; i >= 0; i--) {
        for (int j = 0; j < WINDOW; j++)
            twice(&s);
        if (i > 0) {
            index = digit_at(signs, i, &minus);
            plus(&s, look_up(pair, index, minus));
        }
    }
    point_of(sum, with(with(s.z, LANE_0, s.x), LANE_1, rearranged(s.line, in_all(0))));
}

/* As point_multiply in crypto/curve_group.h, where it is shown that only the last addition may meet the same point. */
static void multiply_point(const struct curve *c, const uint8_t *octets, const uint64_t secret[CURVE_LIMBS],
                           uint8_t *x, uint8_t *y)
{
    struct { struct odd odd; struct affine p; struct point sum; struct work work; uint64_t signs[CURVE_LIMBS]; } t;
    point_read(&t.p, octets);
    const ct_mask even = odd_signs(t.signs, secret, c->order);
    odd_multiples(&t.odd, &t.p, TABLE, &t.work);
    multiply_inside(&t.sum, &t.odd, t.signs);
    add_last(&t.sum, &t.odd, t.signs, &t.work);
    field_negate_if(even, &t.sum.y);
    point_write(&t.sum, x, y);
    sodium_memzero(&t, sizeof t);
    sodium_stackzero(STACK);                           /* where the compiler keeps limbs for which it has no register */
}

static void multiply_any(const struct curve *c, const uint8_t *point, const uint64_t scalar[CURVE_LIMBS], uint8_t *x,
                         uint8_t *y)
{
    (point ? multiply_point : multiply)(c, point, scalar, x, y);
}

const struct curve_form p256_form_ifma = { "ifma", group_valid, multiply_any, sum_public, sum_has_x };

#else

const struct curve_form p256_form_ifma = { 0 };        /* nobody asks for it */

#endif
