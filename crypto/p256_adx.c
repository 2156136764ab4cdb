#include "crypto/p256_adx.h"

#ifdef __x86_64__

/* (t0 .. t4) += a b, then + m p, where m = t0, which this takes away: t1 .. t4 and then t0, as the highest, remain. The
 * row: ADCX adds the low limbs, ADOX the high ones. The sum has no sixth limb: (p - 1)(2^64 - 1) + 2p < 2^320. Then
 * m p = -m + 2^96 m + 2^192 (2^64 - 2^32 + 1) m (crypto/p256_field.h): two shifts and a product. */
#define ROW(t0, t1, t2, t3, t4, b_i)                                                                               \
    __asm__("xorl %k[low], %k[low]\n\t"                                                                            \
            "mulxq (%[a]), %[low], %[high]\n\t"                                                                    \
            "adcxq %[low], %[x0]\n\t"                                                                              \
            "adoxq %[high], %[x1]\n\t"                                                                             \
            "mulxq 8(%[a]), %[low], %[high]\n\t"                                                                   \
            "adcxq %[low], %[x1]\n\t"                                                                              \
            "adoxq %[high], %[x2]\n\t"                                                                             \
            "mulxq 16(%[a]), %[low], %[high]\n\t"                                                                  \
            "adcxq %[low], %[x2]\n\t"                                                                              \
            "adoxq %[high], %[x3]\n\t"                                                                             \
            "mulxq 24(%[a]), %[low], %[high]\n\t"                                                                  \
            "adcxq %[low], %[x3]\n\t"                                                                              \
            "adoxq %[high], %[x4]\n\t"                                                                             \
            "adcq $0, %[x4]\n\t"                                                                                   \
            "movq %[x0], %%rdx\n\t"                                                                                \
            "mulxq %[p3], %[low], %[high]\n\t"                                                                     \
            "movq %[x0], %%rdx\n\t"                                                                                \
            "shlq $32, %[x0]\n\t"                                                                                  \
            "shrq $32, %%rdx\n\t"                                                                                  \
            "addq %[x0], %[x1]\n\t"                                                                                \
            "adcq %%rdx, %[x2]\n\t"                                                                                \
            "adcq %[low], %[x3]\n\t"                                                                               \
            "adcq %[high], %[x4]\n\t"                                                                              \
            "movl $0, %k[x0]\n\t"                                                                                  \
            "adcq $0, %[x0]"                                                                                       \
            : [x0] "+r"(t0), [x1] "+r"(t1), [x2] "+r"(t2), [x3] "+r"(t3), [x4] "+r"(t4), [low] "=&r"(low),         \
              [high] "=&r"(high), "+d"(b_i)                                                                        \
            : [a] "r"(a), [p3] "r"(0xffffffff00000001), "m"(*(const uint64_t (*)[4])a)                             \
            : "cc")

void p256_mul_adx(uint64_t x[4], const uint64_t a[4], const uint64_t b[4])
{
    uint64_t t0 = 0, t1 = 0, t2 = 0, t3 = 0, t4 = 0, low, high, b0 = b[0], b1 = b[1], b2 = b[2], b3 = b[3];
    ROW(t0, t1, t2, t3, t4, b0);
    ROW(t1, t2, t3, t4, t0, b1);
    ROW(t2, t3, t4, t0, t1, b2);
    ROW(t3, t4, t0, t1, t2, b3);

    /* t4, t0, t1, t2, and t3 as the highest bit: less p, where that is not below zero. */
    uint64_t x0 = t4, x1 = t0, x2 = t1, x3 = t2;
    __asm__("subq $-1, %[x0]\n\t"
            "sbbq %[p1], %[x1]\n\t"
            "sbbq $0, %[x2]\n\t"
            "sbbq %[p3], %[x3]\n\t"
            "sbbq $0, %[top]\n\t"
            "cmovcq %[t0], %[x0]\n\t"
            "cmovcq %[t1], %[x1]\n\t"
            "cmovcq %[t2], %[x2]\n\t"
            "cmovcq %[t3], %[x3]"
            : [x0] "+&r"(x0), [x1] "+&r"(x1), [x2] "+&r"(x2), [x3] "+&r"(x3), [top] "+&r"(t3)
            : [t0] "r"(t4), [t1] "r"(t0), [t2] "r"(t1), [t3] "r"(t2), [p1] "r"((uint64_t)0xffffffff),
              [p3] "r"(0xffffffff00000001)
            : "cc");
    x[0] = x0;
    x[1] = x1;
    x[2] = x2;
    x[3] = x3;
}

#else

void p256_mul_adx(uint64_t x[4], const uint64_t a[4], const uint64_t b[4])
{
    (void)x;
    (void)a;
    (void)b;                                           /* nobody calls it */
}

#endif
