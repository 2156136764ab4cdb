#include "crypto/limbs_adx.h"

#ifdef __x86_64__

/* Four limbs a turn. A product is a low limb and a high one, which is for the next place: the chain of ADCX adds the
 * high limb of one place to the low one of the next, the chain of ADOX adds what stands in t. Neither flag may be
 * touched by anything else: LEA counts, JRCXZ looks. In the end both carries go to the last high limb, which has room
 * for them: a b + t is below 2^64 times what t can hold. */
uint64_t limbs_add_product_adx(uint64_t *t, const uint64_t *a, uint64_t b, size_t fours)
{
    uint64_t high = 0, low, next, other;
    __asm__("xorl %k[low], %k[low]\n"                  /* both flags 0 */
            "1:\n\t"
            "mulxq (%[a]), %[low], %[next]\n\t"
            "adcxq %[high], %[low]\n\t"
            "adoxq (%[t]), %[low]\n\t"
            "movq %[low], (%[t])\n\t"
            "mulxq 8(%[a]), %[low], %[other]\n\t"
            "adcxq %[next], %[low]\n\t"
            "adoxq 8(%[t]), %[low]\n\t"
            "movq %[low], 8(%[t])\n\t"
            "mulxq 16(%[a]), %[low], %[next]\n\t"
            "adcxq %[other], %[low]\n\t"
            "adoxq 16(%[t]), %[low]\n\t"
            "movq %[low], 16(%[t])\n\t"
            "mulxq 24(%[a]), %[low], %[high]\n\t"
            "adcxq %[next], %[low]\n\t"
            "adoxq 24(%[t]), %[low]\n\t"
            "movq %[low], 24(%[t])\n\t"
            "leaq 32(%[a]), %[a]\n\t"
            "leaq 32(%[t]), %[t]\n\t"
            "leaq -1(%%rcx), %%rcx\n\t"
            "jrcxz 2f\n\t"
            "jmp 1b\n"
            "2:\n\t"
            "movl $0, %k[low]\n\t"
            "adcxq %[low], %[high]\n\t"
            "adoxq %[low], %[high]"
            : [a] "+r"(a), [t] "+r"(t), [high] "+r"(high), [low] "=&r"(low), [next] "=&r"(next), [other] "=&r"(other),
              "+c"(fours)
            : "d"(b)
            : "cc", "memory");
    return high;
}

#else

uint64_t limbs_add_product_adx(uint64_t *t, const uint64_t *a, uint64_t b, size_t fours)
{
    (void)t;
    (void)a;
    (void)b;
    (void)fours;
    return 0;                                          /* nobody calls it */
}

#endif
