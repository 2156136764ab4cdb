/* p256_adx.h - the field of P-256 with MULX, ADCX and ADOX (see crypto/limbs_adx.h): two chains of carries at once, and
 * everything in registers from the first limb to the last. In assembly, since no compiler makes use of two carries, and
 * gcc 12 loses the one it has: its twin, crypto/curve_field_c.h, takes 1.6 times as long, and P-256 is made of nothing
 * else. What is written twice there is written once more here. To be included as crypto/p256_field.h is. */
#ifndef CRYPTO_P256_ADX_H
#define CRYPTO_P256_ADX_H

#include "crypto/p256_prime.h"

/* Limbs 1 and 3 of p; limb 0 is -1, limb 2 is 0. */
static const uint64_t p_1 = 0x00000000ffffffff, p_3 = 0xffffffff00000001;

/* (x0 .. x4) += a times the limb of b at `at`: ADCX adds the low halves, ADOX the high ones. The sum has no sixth limb:
 * (p - 1)(2^64 - 1) + 2p < 2^320. */
#define ADD_ROW(at, x0, x1, x2, x3, x4)                                                                              \
    "movq " at "(%[b]), %%rdx\n\t"                                                                                   \
    "xorl %k[low], %k[low]\n\t"                        /* both carries 0 */                                          \
    "mulxq (%[a]), %[low], %[high]\n\t"                                                                              \
    "adcxq %[low], %[" x0 "]\n\t"                                                                                    \
    "adoxq %[high], %[" x1 "]\n\t"                                                                                   \
    "mulxq 8(%[a]), %[low], %[high]\n\t"                                                                             \
    "adcxq %[low], %[" x1 "]\n\t"                                                                                    \
    "adoxq %[high], %[" x2 "]\n\t"                                                                                   \
    "mulxq 16(%[a]), %[low], %[high]\n\t"                                                                            \
    "adcxq %[low], %[" x2 "]\n\t"                                                                                    \
    "adoxq %[high], %[" x3 "]\n\t"                                                                                   \
    "mulxq 24(%[a]), %[low], %[high]\n\t"                                                                            \
    "adcxq %[low], %[" x3 "]\n\t"                                                                                    \
    "adoxq %[high], %[" x4 "]\n\t"                                                                                   \
    "adcq $0, %[" x4 "]\n\t"

/* + m p with m = x0, which takes x0 away: m p = -m + 2^96 m + 2^192 p_3 m. What remains is x1 .. x4, and one bit more,
 * for which x0 is free. */
#define DROP_LIMB(x0, x1, x2, x3, x4)                                                                                \
    "movq %[" x0 "], %%rdx\n\t"                                                                                      \
    "mulxq %[p_3], %[low], %[high]\n\t"                                                                              \
    "shlq $32, %[" x0 "]\n\t"                                                                                        \
    "shrq $32, %%rdx\n\t"                                                                                            \
    "addq %[" x0 "], %[" x1 "]\n\t"                                                                                  \
    "adcq %%rdx, %[" x2 "]\n\t"                                                                                      \
    "adcq %[low], %[" x3 "]\n\t"                                                                                     \
    "adcq %[high], %[" x4 "]\n\t"                                                                                    \
    "movl $0, %k[" x0 "]\n\t"                                                                                        \
    "adcq $0, %[" x0 "]\n\t"

/* The same where nothing stands in x4 yet, and nothing more can come of it: x1, x2, x3, and x0 as the highest. */
#define DROP_LOWEST(x0, x1, x2, x3)                                                                                  \
    "movq %[" x0 "], %%rdx\n\t"                                                                                      \
    "movq %[" x0 "], %[low]\n\t"                                                                                     \
    "shlq $32, %[low]\n\t"                                                                                           \
    "shrq $32, %[" x0 "]\n\t"                                                                                        \
    "addq %[low], %[" x1 "]\n\t"                                                                                     \
    "adcq %[" x0 "], %[" x2 "]\n\t"                                                                                  \
    "mulxq %[p_3], %[low], %[" x0 "]\n\t"                                                                            \
    "adcq %[low], %[" x3 "]\n\t"                                                                                     \
    "adcq $0, %[" x0 "]\n\t"

/* x0 .. x3 and the bit `top`: less p, where that is not below 0. Four registers more. */
#define SUBTRACT_ONCE(x0, x1, x2, x3, top, y0, y1, y2, y3)                                                           \
    "movq %[" x0 "], " y0 "\n\t"                                                                                     \
    "movq %[" x1 "], " y1 "\n\t"                                                                                     \
    "movq %[" x2 "], " y2 "\n\t"                                                                                     \
    "movq %[" x3 "], " y3 "\n\t"                                                                                     \
    "subq $-1, %[" x0 "]\n\t"                                                                                        \
    "sbbq %[p_1], %[" x1 "]\n\t"                                                                                     \
    "sbbq $0, %[" x2 "]\n\t"                                                                                         \
    "sbbq %[p_3], %[" x3 "]\n\t"                                                                                     \
    "sbbq $0, %[" top "]\n\t"                                                                                        \
    "cmovcq " y0 ", %[" x0 "]\n\t"                                                                                   \
    "cmovcq " y1 ", %[" x1 "]\n\t"                                                                                   \
    "cmovcq " y2 ", %[" x2 "]\n\t"                                                                                   \
    "cmovcq " y3 ", %[" x3 "]"

/* The place of a square, x0 and x1: twice what stands there, by ADOX, and the square of the limb of a, by ADCX. */
#define ADD_SQUARE(at, x0, x1)                                                                                       \
    "movq " at "(%[a]), %%rdx\n\t"                                                                                   \
    "mulxq %%rdx, %[low], %[high]\n\t"                                                                               \
    "adoxq %[" x0 "], %[" x0 "]\n\t"                                                                                 \
    "adcxq %[low], %[" x0 "]\n\t"                                                                                    \
    "adoxq %[" x1 "], %[" x1 "]\n\t"                                                                                 \
    "adcxq %[high], %[" x1 "]\n\t"

/* A call for each product would cost a tenth of the time. */
static inline void field_mul(struct field *, const struct field *, const struct field *)
    __attribute__((always_inline));
static inline void field_square(struct field *, const struct field *) __attribute__((always_inline));

/* Montgomery's product: a row, a limb dropped, and so on. */
static inline void field_mul(struct field *x, const struct field *a, const struct field *b)
{
    const struct field *left = a;
    uint64_t t0, t1, t2, t3, t4, low, high;
    __asm__("movq (%[b]), %%rdx\n\t"
            "mulxq (%[a]), %[t0], %[t1]\n\t"
            "mulxq 8(%[a]), %[low], %[t2]\n\t"
            "addq %[low], %[t1]\n\t"
            "mulxq 16(%[a]), %[low], %[t3]\n\t"
            "adcq %[low], %[t2]\n\t"
            "mulxq 24(%[a]), %[low], %[t4]\n\t"
            "adcq %[low], %[t3]\n\t"
            "adcq $0, %[t4]\n\t"
            DROP_LIMB("t0", "t1", "t2", "t3", "t4")
            ADD_ROW("8", "t1", "t2", "t3", "t4", "t0")
            DROP_LIMB("t1", "t2", "t3", "t4", "t0")
            ADD_ROW("16", "t2", "t3", "t4", "t0", "t1")
            DROP_LIMB("t2", "t3", "t4", "t0", "t1")
            ADD_ROW("24", "t3", "t4", "t0", "t1", "t2")
            DROP_LIMB("t3", "t4", "t0", "t1", "t2")
            SUBTRACT_ONCE("t4", "t0", "t1", "t2", "t3", "%[low]", "%[high]", "%%rdx", "%[a]")
            : [t0] "=&r"(t0), [t1] "=&r"(t1), [t2] "=&r"(t2), [t3] "=&r"(t3), [t4] "=&r"(t4), [low] "=&r"(low),
              [high] "=&r"(high), [a] "+&r"(left)
            : [b] "r"(b), [p_1] "m"(p_1), [p_3] "m"(p_3), "m"(*a), "m"(*b)
            : "rdx", "cc");
    *x = (struct field){ { t4, t0, t1, t2 } };
}

/* The products of two different limbs, twice, with the squares of the limbs: ten instead of sixteen. Then four limbs
 * are dropped from the lower half, which leaves less than p + 1, and the upper half, less than p, is added. */
static inline void field_square(struct field *x, const struct field *a)
{
    const struct field *from = a;
    uint64_t t0, t1, t2, t3, t4, t5, t6, t7, low, high;
    __asm__("movq (%[a]), %%rdx\n\t"
            "mulxq 8(%[a]), %[t1], %[t2]\n\t"
            "mulxq 16(%[a]), %[low], %[t3]\n\t"
            "addq %[low], %[t2]\n\t"
            "mulxq 24(%[a]), %[low], %[t4]\n\t"
            "adcq %[low], %[t3]\n\t"
            "adcq $0, %[t4]\n\t"
            "movq 8(%[a]), %%rdx\n\t"
            "xorl %k[t5], %k[t5]\n\t"
            "mulxq 16(%[a]), %[low], %[high]\n\t"
            "adcxq %[low], %[t3]\n\t"
            "adoxq %[high], %[t4]\n\t"
            "mulxq 24(%[a]), %[low], %[high]\n\t"
            "adcxq %[low], %[t4]\n\t"
            "adoxq %[high], %[t5]\n\t"
            "adcq $0, %[t5]\n\t"
            "movq 16(%[a]), %%rdx\n\t"
            "mulxq 24(%[a]), %[low], %[t6]\n\t"
            "addq %[low], %[t5]\n\t"
            "adcq $0, %[t6]\n\t"

            "xorl %k[t7], %k[t7]\n\t"
            "movq (%[a]), %%rdx\n\t"
            "mulxq %%rdx, %[t0], %[high]\n\t"
            "adoxq %[t1], %[t1]\n\t"
            "adcxq %[high], %[t1]\n\t"
            ADD_SQUARE("8", "t2", "t3")
            ADD_SQUARE("16", "t4", "t5")
            ADD_SQUARE("24", "t6", "t7")

            DROP_LOWEST("t0", "t1", "t2", "t3")
            DROP_LOWEST("t1", "t2", "t3", "t0")
            DROP_LOWEST("t2", "t3", "t0", "t1")
            DROP_LOWEST("t3", "t0", "t1", "t2")
            "xorl %k[a], %k[a]\n\t"
            "addq %[t4], %[t0]\n\t"
            "adcq %[t5], %[t1]\n\t"
            "adcq %[t6], %[t2]\n\t"
            "adcq %[t7], %[t3]\n\t"
            "adcq $0, %[a]\n\t"
            SUBTRACT_ONCE("t0", "t1", "t2", "t3", "a", "%[low]", "%[high]", "%%rdx", "%[t4]")
            : [t0] "=&r"(t0), [t1] "=&r"(t1), [t2] "=&r"(t2), [t3] "=&r"(t3), [t4] "=&r"(t4), [t5] "=&r"(t5),
              [t6] "=&r"(t6), [t7] "=&r"(t7), [low] "=&r"(low), [high] "=&r"(high), [a] "+&r"(from)
            : [p_1] "m"(p_1), [p_3] "m"(p_3), "m"(*a)
            : "rdx", "cc");
    *x = (struct field){ { t0, t1, t2, t3 } };
}

static inline void field_add(struct field *x, const struct field *a, const struct field *b)
{
    uint64_t t0 = a->limb[0], t1 = a->limb[1], t2 = a->limb[2], t3 = a->limb[3], y0, y1, y2, y3, top;
    __asm__("xorl %k[top], %k[top]\n\t"
            "addq (%[b]), %[t0]\n\t"
            "adcq 8(%[b]), %[t1]\n\t"
            "adcq 16(%[b]), %[t2]\n\t"
            "adcq 24(%[b]), %[t3]\n\t"
            "adcq $0, %[top]\n\t"
            SUBTRACT_ONCE("t0", "t1", "t2", "t3", "top", "%[y0]", "%[y1]", "%[y2]", "%[y3]")
            : [t0] "+&r"(t0), [t1] "+&r"(t1), [t2] "+&r"(t2), [t3] "+&r"(t3), [y0] "=&r"(y0), [y1] "=&r"(y1),
              [y2] "=&r"(y2), [y3] "=&r"(y3), [top] "=&r"(top)
            : [b] "r"(b), [p_1] "m"(p_1), [p_3] "m"(p_3), "m"(*b)
            : "cc");
    *x = (struct field){ { t0, t1, t2, t3 } };
}

/* + p where there was a borrow. */
static inline void field_sub(struct field *x, const struct field *a, const struct field *b)
{
    uint64_t t0 = a->limb[0], t1 = a->limb[1], t2 = a->limb[2], t3 = a->limb[3], below, and_1, and_3 = p_3;
    __asm__("subq (%[b]), %[t0]\n\t"
            "sbbq 8(%[b]), %[t1]\n\t"
            "sbbq 16(%[b]), %[t2]\n\t"
            "sbbq 24(%[b]), %[t3]\n\t"
            "sbbq %[below], %[below]\n\t"
            "movl %k[below], %k[and_1]\n\t"
            "andq %[below], %[and_3]\n\t"
            "addq %[below], %[t0]\n\t"
            "adcq %[and_1], %[t1]\n\t"
            "adcq $0, %[t2]\n\t"
            "adcq %[and_3], %[t3]"
            : [t0] "+&r"(t0), [t1] "+&r"(t1), [t2] "+&r"(t2), [t3] "+&r"(t3), [below] "=&r"(below),
              [and_1] "=&r"(and_1), [and_3] "+&r"(and_3)
            : [b] "r"(b), "m"(*b)
            : "cc");
    *x = (struct field){ { t0, t1, t2, t3 } };
}

/* a / 2: a + p where a is odd, then one bit to the right. */
static inline void field_half(struct field *x, const struct field *a)
{
    uint64_t t0 = a->limb[0], t1 = a->limb[1], t2 = a->limb[2], t3 = a->limb[3], odd = 0 - (t0 & 1), and_1,
             and_3 = p_3;
    __asm__("movl %k[odd], %k[and_1]\n\t"
            "andq %[odd], %[and_3]\n\t"
            "addq %[odd], %[t0]\n\t"
            "adcq %[and_1], %[t1]\n\t"
            "adcq $0, %[t2]\n\t"
            "adcq %[and_3], %[t3]\n\t"
            "rcrq $1, %[t3]\n\t"
            "rcrq $1, %[t2]\n\t"
            "rcrq $1, %[t1]\n\t"
            "rcrq $1, %[t0]"
            : [t0] "+&r"(t0), [t1] "+&r"(t1), [t2] "+&r"(t2), [t3] "+&r"(t3), [and_1] "=&r"(and_1),
              [and_3] "+&r"(and_3)
            : [odd] "r"(odd)
            : "cc");
    *x = (struct field){ { t0, t1, t2, t3 } };
}

#undef ADD_ROW
#undef DROP_LIMB
#undef DROP_LOWEST
#undef ADD_SQUARE
#undef SUBTRACT_ONCE

#include "crypto/curve_field.h"

#endif
