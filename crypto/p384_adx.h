/* p384_adx.h - the product of two elements of P-384's field with MULX, ADCX and ADOX: see crypto/p256_adx.h, and its
 * twin in crypto/curve_field_c.h, which takes more than twice as long. To be included as crypto/p384_field.h is. */
#ifndef CRYPTO_P384_ADX_H
#define CRYPTO_P384_ADX_H

#include "crypto/p384_prime.h"

#include "crypto/curve_sums.h"

#define ADD_LIMB(at, x0, x1)                                                                                         \
    "mulxq " at "(%[a]), %[low], %[high]\n\t"                                                                        \
    "adcxq %[low], %[" x0 "]\n\t"                                                                                    \
    "adoxq %[high], %[" x1 "]\n\t"

/* (x0 .. x6) += a times the limb of b at `at`; `over` is the bit above, since p (2^64 + 1) has more than 448. */
#define ADD_ROW(at, x0, x1, x2, x3, x4, x5, x6)                                                                      \
    "movq " at "(%[b]), %%rdx\n\t"                                                                                   \
    "xorl %k[low], %k[low]\n\t"                        /* both carries 0 */                                          \
    ADD_LIMB("", x0, x1)                                                                                             \
    ADD_LIMB("8", x1, x2)                                                                                            \
    ADD_LIMB("16", x2, x3)                                                                                           \
    ADD_LIMB("24", x3, x4)                                                                                           \
    ADD_LIMB("32", x4, x5)                                                                                           \
    ADD_LIMB("40", x5, x6)                                                                                           \
    "movl $0, %k[over]\n\t"                                                                                          \
    "adoxq %[over], %[over]\n\t"                                                                                     \
    "adcq $0, %[" x6 "]\n\t"                                                                                         \
    "adcq $0, %[over]\n\t"

/* + m p, where m = x0 (2^32 + 1) mod 2^64 takes x0 away:
 *     m p  =  2^384 m  -  2^64 (2^64 m + (2^32 - 1) m)  -  (2^64 - 2^32 + 1) m
 * The last product has x0 as its lower limb, so its upper one is left. What is taken away are three limbs, from x1 on;
 * a borrow goes to m, which is 0 only if nothing is taken away, and that to x6. What remains is x1 .. x6, and one bit
 * more, for which x0 is free. */
#define DROP_LIMB(x0, x1, x2, x3, x4, x5, x6)                                                                        \
    "movq %[" x0 "], %%rdx\n\t"                                                                                      \
    "shlq $32, %%rdx\n\t"                                                                                            \
    "addq %[" x0 "], %%rdx\n\t"                                                                                      \
    "mulxq %[last], %[low], %[" x0 "]\n\t"                                                                           \
    "mulxq %[middle], %[low], %[high]\n\t"                                                                           \
    "addq %[" x0 "], %[low]\n\t"                                                                                     \
    "adcq %%rdx, %[high]\n\t"                                                                                        \
    "movl $0, %k[" x0 "]\n\t"                                                                                        \
    "adcq $0, %[" x0 "]\n\t"                                                                                         \
    "subq %[low], %[" x1 "]\n\t"                                                                                     \
    "sbbq %[high], %[" x2 "]\n\t"                                                                                    \
    "sbbq %[" x0 "], %[" x3 "]\n\t"                                                                                  \
    "sbbq $0, %[" x4 "]\n\t"                                                                                         \
    "sbbq $0, %[" x5 "]\n\t"                                                                                         \
    "sbbq $0, %%rdx\n\t"                                                                                             \
    "addq %%rdx, %[" x6 "]\n\t"                                                                                      \
    "movl $0, %k[" x0 "]\n\t"                                                                                        \
    "adcq %[over], %[" x0 "]\n\t"

#define ROW(at, x0, x1, x2, x3, x4, x5, x6)                                                                          \
    ADD_ROW(at, x0, x1, x2, x3, x4, x5, x6)                                                                          \
    DROP_LIMB(x0, x1, x2, x3, x4, x5, x6)

/* x0 .. x5 and the bit `top`: less p, and p again where that is below 0. */
#define SUBTRACT_ONCE(x0, x1, x2, x3, x4, x5, top)                                                                   \
    "subq %[middle], %[" x0 "]\n\t"                    /* p's lowest limb is 2^32 - 1, too */                        \
    "sbbq %[p_1], %[" x1 "]\n\t"                                                                                     \
    "sbbq $-2, %[" x2 "]\n\t"                                                                                        \
    "sbbq $-1, %[" x3 "]\n\t"                                                                                        \
    "sbbq $-1, %[" x4 "]\n\t"                                                                                        \
    "sbbq $-1, %[" x5 "]\n\t"                                                                                        \
    "sbbq $0, %[" top "]\n\t"                          /* 0, or all ones: p & top is shifts of it */                 \
    "movl %k[" top "], %k[low]\n\t"                                                                                  \
    "movq %[" top "], %[high]\n\t"                                                                                   \
    "shlq $32, %[high]\n\t"                                                                                          \
    "leaq (%[" top "], %[" top "]), %%rdx\n\t"                                                                       \
    "addq %[low], %[" x0 "]\n\t"                                                                                     \
    "adcq %[high], %[" x1 "]\n\t"                                                                                    \
    "adcq %%rdx, %[" x2 "]\n\t"                                                                                      \
    "adcq %[" top "], %[" x3 "]\n\t"                                                                                 \
    "adcq %[" top "], %[" x4 "]\n\t"                                                                                 \
    "adcq %[" top "], %[" x5 "]"

/* Montgomery's product: a row, a limb dropped, and so on. */
static inline void field_mul(struct field *x, const struct field *a, const struct field *b)
{
    static const uint64_t last = 0xffffffff00000001, middle = 0xffffffff;
    uint64_t t0 = 0, t1 = 0, t2 = 0, t3 = 0, t4 = 0, t5 = 0, t6 = 0, low, high, over;
    __asm__ volatile(
            ROW("", "t0", "t1", "t2", "t3", "t4", "t5", "t6")
            ROW("8", "t1", "t2", "t3", "t4", "t5", "t6", "t0")
            ROW("16", "t2", "t3", "t4", "t5", "t6", "t0", "t1")
            ROW("24", "t3", "t4", "t5", "t6", "t0", "t1", "t2")
            ROW("32", "t4", "t5", "t6", "t0", "t1", "t2", "t3")
            ROW("40", "t5", "t6", "t0", "t1", "t2", "t3", "t4")
            SUBTRACT_ONCE("t6", "t0", "t1", "t2", "t3", "t4", "t5")
            : [t0] "+&r"(t0), [t1] "+&r"(t1), [t2] "+&r"(t2), [t3] "+&r"(t3), [t4] "+&r"(t4), [t5] "+&r"(t5),
              [t6] "+&r"(t6), [low] "=&r"(low), [high] "=&r"(high), [over] "=&r"(over)
            : [a] "r"(a), [b] "r"(b), [last] "m"(last), [middle] "m"(middle), [p_1] "m"(prime[1])
            : "rdx", "cc", "memory");
    *x = (struct field){ { t6, t0, t1, t2, t3, t4 } };
}

static inline void field_square(struct field *x, const struct field *a) { field_mul(x, a, a); }

#undef ADD_LIMB
#undef ADD_ROW
#undef DROP_LIMB
#undef ROW
#undef SUBTRACT_ONCE

#include "crypto/curve_field.h"

#endif
