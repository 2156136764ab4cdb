/* Powers with AVX-512 IFMA, whose instructions multiply eight pairs of 52 bits and add the lower or the upper half of
 * the products to eight limbs of 64. A number is cut into digits of 52 bits, eight to a register; twelve bits stay free
 * in each lane, so that carries wait until the end (redundant representation: Gueron, Krasnov 2012; Drucker, Gueron
 * 2018).
 *
 * Multiplication is almost Montgomery's (Gueron 2012): numbers are below 2N, and nothing is ever compared with N. With
 * S = 2^(52 k) > 4N, the product of two such, (a b + m N) / S with m < S, is again below 2N.
 *
 * N is not the modulus n but n' = n (-1/n mod 2^52), which is -1 modulo 2^52 (Orup 1995). What holds modulo n' holds
 * modulo n; and where Montgomery's m_i is t_0 (-1/n) mod 2^52, t_0 the lowest digit of what is to be reduced, here it
 * is t_0 itself:
 *
 *     (t + m_i n') / 2^52  =  floor(t / 2^52) + m_i (n' + 1) / 2^52,
 *
 * and N'' = (n' + 1) / 2^52 has as many digits as n. So a digit waits for the one before it by one multiplication, not
 * by three. The price: numbers are 52 bits longer.
 *
 * Two powers at once, where registers are few: the second multiplies while the first waits for its digit. */
#include "crypto/bignum_form.h"
#include "crypto/cpu.h"

#ifdef CPU_FORMS
#include "crypto/limbs.h"

#include <sodium.h>
#include <string.h>

#define WITH_IFMA __attribute__((target("avx512f,avx512dq,avx512ifma")))
#define INLINE WITH_IFMA static inline __attribute__((always_inline))
#ifdef __clang__
#define EACH _Pragma("clang loop unroll(full)")
#else
#define EACH _Pragma("GCC unroll 10")
#endif

enum {
    DIGIT = 52, LANES = 8, REGISTERS = 10, WAYS = 2,
    WINDOW = 5, TABLE = 1 << WINDOW,
    ROOM = LANES * REGISTERS,                          /* digits of the longest number: 4096 + 52 + 2 bits and more */
    LIMBS_MIN = 8
};
static const uint64_t digit_mask = ((uint64_t)1 << DIGIT) - 1;

/* x = a b / 2^(52 digits). All are `digits` digits and zeros behind them to the end of the last register; after b there
 * is one zero more. x may be a or b. */
struct product { const uint64_t *a, *b, *n; uint64_t *x; };

INLINE __m512i load(const uint64_t *p) { return _mm512_load_si512((const void *)p); }
INLINE __m512i all_lanes(uint64_t x) { return _mm512_set1_epi64((long long)x); }
/* sum + the lower, or the upper, 52 bits of a b; of a and b only the lower 52 bits count. */
INLINE __m512i add_low(__m512i sum, __m512i a, __m512i b) { return _mm512_madd52lo_epu64(sum, a, b); }
INLINE __m512i add_high(__m512i sum, __m512i a, __m512i b) { return _mm512_madd52hi_epu64(sum, a, b); }
/* All lanes one place down, the lowest of `above` coming in; and one place up, the highest of `below` coming in. */
INLINE __m512i lanes_down(__m512i x, __m512i above) { return _mm512_alignr_epi64(above, x, 1); }
INLINE __m512i lanes_up(__m512i x, __m512i below) { return _mm512_alignr_epi64(x, below, LANES - 1); }

/* Carries go up until every digit has 52 bits again. First each lane gives what it has above 52 bits to the next: after
 * that no lane has more than one too many, and a carry can only run through lanes that are all ones. Which ones get it
 * is a sum of two numbers with a bit for each lane: a lane that is over makes a carry, a full one hands it on. */
INLINE void normalise(__m512i *sum, uint64_t *x, const unsigned registers)
{
    const __m512i mask = all_lanes(digit_mask);
    __m512i high, below = _mm512_setzero_si512();
    wide over = 0, full = 0;
    EACH
    for (unsigned r = 0; r < registers; r++) {
        high = _mm512_srli_epi64(sum[r], DIGIT);
        sum[r] = _mm512_add_epi64(_mm512_and_si512(sum[r], mask), lanes_up(high, below));
        below = high;
        over |= (wide)_mm512_cmpgt_epu64_mask(sum[r], mask) << LANES * r;
        full |= (wide)_mm512_cmpeq_epu64_mask(sum[r], mask) << LANES * r;
    }
    wide gets = (2 * over + full) ^ full;
    EACH
    for (unsigned r = 0; r < registers; r++) {         /* - (2^52 - 1) is + 1 in the lower 52 bits */
        sum[r] = _mm512_mask_sub_epi64(sum[r], (__mmask8)(gets >> LANES * r), sum[r], mask);
        _mm512_store_si512((void *)(x + LANES * r), _mm512_and_si512(sum[r], mask));
    }
}

/* Before digit i, `sum` has everything that belongs to its lowest lane, b_i's products among it; what is added while it
 * moves down a lane does not wait for m_i, and is: the upper halves with b_i, the lower ones with b_(i+1), the upper
 * ones of m_(i-1) N''. The lanes never run over: four products of 52 bits each time, 80 times at most, are below
 * 2^61. */
INLINE void multiply(const struct product *p, unsigned digits, const unsigned registers, const unsigned ways)
{
    const __m512i zero = _mm512_setzero_si512();
    __m512i sum[WAYS][REGISTERS], m[WAYS];
    EACH
    for (unsigned w = 0; w < ways; w++) {
        m[w] = zero;
        EACH
        for (unsigned r = 0; r < registers; r++)
            sum[w][r] = add_low(zero, load(p[w].a + LANES * r), all_lanes(p[w].b[0]));
    }
    for (unsigned i = 0; i < digits; i++) {
        EACH
        for (unsigned w = 0; w < ways; w++) {
            const __m512i b = all_lanes(p[w].b[i]), b_next = all_lanes(p[w].b[i + 1]);
            __m512i more[REGISTERS];
            EACH
            for (unsigned r = 0; r < registers; r++) {
                __m512i a = load(p[w].a + LANES * r);
                more[r] = add_low(add_high(zero, a, b), a, b_next);
                more[r] = add_high(more[r], load(p[w].n + LANES * r), m[w]);
            }
            m[w] = _mm512_broadcastq_epi64(_mm512_castsi512_si128(sum[w][0]));
            more[0] = _mm512_add_epi64(more[0], _mm512_maskz_srli_epi64(1, sum[w][0], DIGIT));
            EACH
            for (unsigned r = 0; r < registers; r++) {
                __m512i down = lanes_down(sum[w][r], r + 1 < registers ? sum[w][r + 1] : zero);
                sum[w][r] = _mm512_add_epi64(more[r], down);
                if (r == 0)                            /* here the next digit waits: the product is made apart */
                    sum[w][r] = _mm512_add_epi64(sum[w][r], add_low(zero, load(p[w].n), m[w]));
                else
                    sum[w][r] = add_low(sum[w][r], load(p[w].n + LANES * r), m[w]);
            }
        }
    }
    EACH
    for (unsigned w = 0; w < ways; w++) {
        __m512i high, below = zero;
        EACH
        for (unsigned r = 0; r < registers; r++) {
            high = add_high(zero, load(p[w].n + LANES * r), m[w]);
            sum[w][r] = _mm512_add_epi64(sum[w][r], lanes_up(high, below));
            below = high;
        }
    }
    EACH
    for (unsigned w = 0; w < ways; w++)
        normalise(sum[w], p[w].x, registers);
}

/* x = table[index], every entry read every time: which one was wanted would show in the cache. */
INLINE void pick(uint64_t *x, const uint64_t *table, uint64_t index, const unsigned registers)
{
    __m512i wanted = all_lanes(index), at = _mm512_setzero_si512(), found[REGISTERS];
    EACH
    for (unsigned r = 0; r < registers; r++)
        found[r] = at;
    for (unsigned i = 0; i < TABLE; i++) {
        __mmask8 here = _mm512_cmpeq_epu64_mask(at, wanted);
        at = _mm512_add_epi64(at, all_lanes(1));
        EACH
        for (unsigned r = 0; r < registers; r++)
            found[r] = _mm512_mask_mov_epi64(found[r], here, load(table + LANES * (registers * i + r)));
    }
    EACH
    for (unsigned r = 0; r < registers; r++)
        _mm512_store_si512((void *)(x + LANES * r), found[r]);
}

/* Both for so many registers, so many powers at once: the compiler keeps the sums in registers then. */
struct kernel {
    unsigned registers, ways;
    void (*multiply)(const struct product *, unsigned digits);
    void (*pick)(uint64_t *x, const uint64_t *table, uint64_t index);
};
#define KERNEL(registers, ways) \
    WITH_IFMA static void multiply_##registers##_##ways(const struct product *p, unsigned digits) \
    { \
        multiply(p, digits, registers, ways); \
    }
#define PICK(registers) \
    WITH_IFMA static void pick_##registers(uint64_t *x, const uint64_t *table, uint64_t index) \
    { \
        pick(x, table, index, registers); \
    }
#define ROW(registers, ways) { registers, ways, multiply_##registers##_##ways, pick_##registers }
KERNEL(2, 1) KERNEL(3, 1) KERNEL(4, 1) KERNEL(6, 1) KERNEL(8, 1) KERNEL(10, 1)
KERNEL(2, 2) KERNEL(3, 2) KERNEL(4, 2)
PICK(2) PICK(3) PICK(4) PICK(6) PICK(8) PICK(10)
/* From six registers on one power alone keeps the multipliers busy. */
static const struct kernel kernels[] = { ROW(2, 1), ROW(3, 1), ROW(4, 1), ROW(6, 1), ROW(8, 1), ROW(10, 1),
                                         ROW(2, 2), ROW(3, 2), ROW(4, 2) };

static unsigned digits_of(size_t limbs)
{
    return (unsigned)((64 * limbs + DIGIT + 2 + DIGIT - 1) / DIGIT);   /* 4 n' is below 2^(64 limbs + 54) */
}

/* The one with the fewest registers that has room; NULL: none does so many at once. */
static const struct kernel *kernel_of(size_t limbs, unsigned ways)
{
    for (size_t i = 0; i < sizeof kernels / sizeof *kernels; i++)
        if (kernels[i].ways == ways && LANES * kernels[i].registers >= digits_of(limbs))
            return &kernels[i];
    return NULL;
}

/* The digits of x from bit `from` on, to the end of a number of this kernel. */
static void to_digits(uint64_t *digits, const uint64_t *x, size_t limbs, size_t from, const struct kernel *kernel)
{
    for (size_t i = 0; i < (size_t)LANES * kernel->registers; i++) {
        size_t bit = from + DIGIT * i, at = bit / 64, shift = bit % 64;
        uint64_t low = at < limbs ? x[at] >> shift : 0, high = at + 1 < limbs ? x[at + 1] << 1 << (63 - shift) : 0;
        digits[i] = (low | high) & digit_mask;
    }
}

static void from_digits(uint64_t *x, size_t limbs, const uint64_t *digits, size_t n)
{
    memset(x, 0, limbs * sizeof *x);
    for (size_t i = 0; i < n; i++) {
        size_t bit = DIGIT * i, at = bit / 64, shift = bit % 64;
        if (at < limbs)
            x[at] |= digits[i] << shift;
        if (at + 1 < limbs && shift > 64 - DIGIT)
            x[at + 1] |= digits[i] >> (64 - shift);
    }
}

/* What one power works with, each followed by zeros. IN brings a number from the form of bn_mod_mul into the form a S,
 * OUT back. */
enum number { IN, OUT, BASE, POWER, NUMBERS };
struct way { uint64_t n[ROOM], number[NUMBERS][ROOM + LANES]; };
struct work {
    _Alignas(64) struct way way[WAYS];
    uint64_t table[ROOM * TABLE], wide[2 * BN_LIMBS];
    const struct kernel *kernel;
    unsigned digits;
};

/* x = a b, for each power. */
static void multiply_numbers(struct work *t, enum number x, enum number a, enum number b)
{
    struct product p[WAYS];
    for (unsigned w = 0; w < t->kernel->ways; w++) {
        struct way *way = &t->way[w];
        p[w] = (struct product){ way->number[a], way->number[b], way->n, way->number[x] };
    }
    t->kernel->multiply(p, t->digits);
}

/* n' comes from minus_inverse, the lower 52 bits of which are -1/n mod 2^52. */
static void set_modulus(struct work *t, struct way *way, const struct bn_mod *m)
{
    static const uint64_t one[BN_LIMBS + 1] = { 1 };
    const uint64_t factor = m->minus_inverse & digit_mask;
    memset(way, 0, sizeof *way);
    bn_mul(t->wide, m->n, m->limbs, &factor, 1);
    bn_add(t->wide, t->wide, one, m->limbs + 1);       /* n' + 1 */
    to_digits(way->n, t->wide, m->limbs + 1, DIGIT, t->kernel);
}

/* With R of bn_mod_mul: IN is S S / R, so that a R times it is a R S S / R / S = a S; OUT is R R, so that a S becomes
 * a R R, and reduced a R. */
static void set_ways(struct work *t, struct way *way, const struct bn_mod *m)
{
    const size_t power = 2 * DIGIT * (size_t)t->digits - 128 * m->limbs;
    uint64_t *x = t->wide;
    memset(x, 0, m->limbs * sizeof *x);                /* S S / R = R R · 2^power / R, which is bn_mod_mul's */
    x[power / 64] = (uint64_t)1 << power % 64;
    bn_mod_mul(m, x, x, m->rr);
    to_digits(way->number[IN], x, m->limbs, 0, t->kernel);
    to_digits(way->number[OUT], m->rr, m->limbs, 0, t->kernel);
}

static void begin(struct work *t, const struct bn_power *p, const struct kernel *kernel)
{
    t->kernel = kernel;
    t->digits = digits_of(p->m->limbs);
    for (unsigned w = 0; w < kernel->ways; w++)
        set_modulus(t, &t->way[w], p[w].m);
}

/* The same, and a and 1 into the form. */
static void begin_in_form(struct work *t, const struct bn_power *p, const struct kernel *kernel)
{
    begin(t, p, kernel);
    for (unsigned w = 0; w < kernel->ways; w++) {
        set_ways(t, &t->way[w], p[w].m);
        to_digits(t->way[w].number[BASE], p[w].a, p[w].m->limbs, 0, kernel);
        to_digits(t->way[w].number[POWER], p[w].m->one, p[w].m->limbs, 0, kernel);
    }
    multiply_numbers(t, BASE, IN, BASE);
    multiply_numbers(t, POWER, IN, POWER);
}

static void end(struct work *t, const struct bn_power *p)
{
    multiply_numbers(t, POWER, OUT, POWER);
    for (unsigned w = 0; w < t->kernel->ways; w++) {
        from_digits(t->wide, 2 * p[w].m->limbs, t->way[w].number[POWER], t->digits);
        bn_mod_reduce(p[w].m, p[w].x, t->wide);
    }
    sodium_memzero(t->way, sizeof t->way);
    sodium_memzero(t->wide, sizeof t->wide);
    sodium_memzero(t->table, sizeof(uint64_t) * LANES * TABLE * t->kernel->registers * t->kernel->ways);
}

static uint64_t *entry(struct work *t, unsigned w, size_t i)
{
    return t->table + LANES * t->kernel->registers * (w * (size_t)TABLE + i);
}

/* a^0, a^1, a^2 ... */
static void fill_table(struct work *t)
{
    const size_t octets = sizeof(uint64_t) * LANES * t->kernel->registers;
    for (size_t i = 0; i < TABLE; i++) {
        for (unsigned w = 0; w < t->kernel->ways; w++)
            memcpy(entry(t, w, i), t->way[w].number[POWER], octets);
        multiply_numbers(t, POWER, POWER, BASE);
    }
}

/* WINDOW bits of e from `bit` on. */
static uint64_t digit_of(const uint64_t *e, size_t limbs, size_t bit)
{
    size_t at = bit / 64, shift = bit % 64;
    uint64_t above = at + 1 < limbs ? e[at + 1] << 1 << (63 - shift) : 0;
    return (e[at] >> shift | above) & (TABLE - 1);
}

static void exp_ifma(const struct bn_power *p, unsigned ways, size_t limbs_e)
{
    const struct kernel *kernel = kernel_of(p->m->limbs, ways);
    struct work t;
    if (!kernel) {
        for (unsigned w = 0; w < ways; w++)
            exp_ifma(&p[w], 1, limbs_e);
        return;
    }
    begin_in_form(&t, p, kernel);
    fill_table(&t);
    size_t bit = (64 * limbs_e + WINDOW - 1) / WINDOW * WINDOW;
    for (bool first = true; bit > 0; first = false) {
        bit -= WINDOW;
        for (int i = 0; i < WINDOW && !first; i++)
            multiply_numbers(&t, POWER, POWER, POWER);
        for (unsigned w = 0; w < ways; w++)
            kernel->pick(t.way[w].number[first ? POWER : BASE], entry(&t, w, 0), digit_of(p[w].e, limbs_e, bit));
        if (!first)
            multiply_numbers(&t, POWER, BASE, POWER);
    }
    end(&t, p);
}

/* POWER = BASE^e for e > 0: from the second highest bit on. */
static void raise_public(struct work *t, uint64_t e)
{
    memcpy(t->way->number[POWER], t->way->number[BASE], sizeof t->way->number[BASE]);
    for (size_t bit = bn_bits_public(&e, 1); bit > 1; bit--) {
        multiply_numbers(t, POWER, POWER, POWER);
        if (e >> (bit - 2) & 1)
            multiply_numbers(t, POWER, BASE, POWER);
    }
}

static void exp_public_ifma(const struct bn_mod *m, uint64_t *x, const uint64_t *a, uint64_t e)
{
    const struct bn_power p = { m, x, a, &e };
    struct work t;
    begin_in_form(&t, &p, kernel_of(m->limbs, 1));
    if (e)                                             /* else POWER is 1 */
        raise_public(&t, e);
    end(&t, &p);
}

static size_t shift_ifma(size_t limbs)
{
    return DIGIT * (size_t)digits_of(limbs);
}

/* OUT is R mod n: so that a^e S becomes a^e R, and reduced a^e. */
static void power_ifma(const struct bn_mod *m, uint64_t *x, const uint64_t *a, const uint64_t *twice, uint64_t e)
{
    const struct bn_power p = { m, x, a, &e };
    struct work t;
    begin(&t, &p, kernel_of(m->limbs, 1));
    to_digits(t.way->number[IN], twice, m->limbs, 0, t.kernel);
    to_digits(t.way->number[OUT], m->one, m->limbs, 0, t.kernel);
    to_digits(t.way->number[BASE], a, m->limbs, 0, t.kernel);
    multiply_numbers(&t, BASE, IN, BASE);
    raise_public(&t, e);
    end(&t, &p);
}

/* a^e = a^(e-1) a: the last product has only one number in form, and so is none. */
static void power_public_ifma(const struct bn_mod *m, uint64_t *x, const uint64_t *a, const uint64_t *shifted,
                              uint64_t e)
{
    const struct bn_power p = { m, x, a, &e };
    struct work t;
    begin(&t, &p, kernel_of(m->limbs, 1));
    to_digits(t.way->number[BASE], shifted, m->limbs, 0, t.kernel);
    raise_public(&t, e - 1);
    to_digits(t.way->number[BASE], a, m->limbs, 0, t.kernel);
    multiply_numbers(&t, POWER, BASE, POWER);
    from_digits(x, m->limbs + 1, t.way->number[POWER], t.digits);
}

static const struct bn_powers form = { "ifma", LIMBS_MIN, exp_ifma, exp_public_ifma, shift_ifma, power_ifma,
                                      power_public_ifma };
const struct bn_powers *const bn_powers_ifma = &form;

#else
const struct bn_powers *const bn_powers_ifma = NULL;
#endif
