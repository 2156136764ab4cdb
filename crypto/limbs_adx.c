#include "crypto/cpu.h"
#include "crypto/limbs_adx.h"

#ifdef CPU_FORMS

/* A row: r0 .. r7, the lowest first, += a times RDX, whose lowest limb then is done and goes to t; its register takes
 * what is above r7. A product is a low limb and a high one: the chain of ADCX adds the low ones, the chain of ADOX the
 * high ones a place further, after the limb of t that was added (ADD_T). Neither flag may be touched by anything else:
 * so zeros are moved. Nothing is carried out of the highest limb: acc + a b_i + t_i is at most
 * 2^512 - 1 + (2^512 - 1)(2^64 - 1) + 2^64 - 1 = 2^576 - 1. */
#define PRODUCT(at, place, next) \
    "mulxq " at "(%[a]), %[low], %[high]\n\t" \
    "adcxq %[low], %[" place "]\n\t" \
    "adoxq %[high], %[" next "]\n\t"
#define ADD_T(at, r0) \
    "xorl %k[low], %k[low]\n\t"                        /* both flags 0 */ \
    "adoxq " at "(%[t]), %[" r0 "]\n\t"
#define REST(r0, r1, r2, r3, r4, r5, r6, r7) \
    "movl $0, %k[" r0 "]\n\t" \
    PRODUCT("8", r1, r2) PRODUCT("16", r2, r3) PRODUCT("24", r3, r4) PRODUCT("32", r4, r5) PRODUCT("40", r5, r6) \
    PRODUCT("48", r6, r7) PRODUCT("56", r7, r0) \
    "movl $0, %k[low]\n\t" \
    "adcxq %[low], %[" r0 "]\n\t"
#define ROW(at, r0, r1, r2, r3, r4, r5, r6, r7) \
    "movq " at "(%[b]), %%rdx\n\t" \
    ADD_T(at, r0) PRODUCT("", r0, r1) \
    "movq %[" r0 "], " at "(%[t])\n\t" \
    REST(r0, r1, r2, r3, r4, r5, r6, r7)
/* The same with the multiple of a that makes the lowest limb 0; the factor goes to t instead. */
#define ROW_TO_ZERO(at, r0, r1, r2, r3, r4, r5, r6, r7) \
    ADD_T(at, r0) \
    "movq %[" r0 "], %%rdx\n\t" \
    "mulxq %[factor], %%rdx, %[high]\n\t" \
    "movq %%rdx, " at "(%[t])\n\t" \
    PRODUCT("", r0, r1) \
    REST(r0, r1, r2, r3, r4, r5, r6, r7)
/* After eight rows every register is in its place again. */
#define EIGHT(row) \
    row("", "r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7") \
    row("8", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r0") \
    row("16", "r2", "r3", "r4", "r5", "r6", "r7", "r0", "r1") \
    row("24", "r3", "r4", "r5", "r6", "r7", "r0", "r1", "r2") \
    row("32", "r4", "r5", "r6", "r7", "r0", "r1", "r2", "r3") \
    row("40", "r5", "r6", "r7", "r0", "r1", "r2", "r3", "r4") \
    row("48", "r6", "r7", "r0", "r1", "r2", "r3", "r4", "r5") \
    row("56", "r7", "r0", "r1", "r2", "r3", "r4", "r5", "r6")
#define ACC \
    [r0] "+&r"(r[0]), [r1] "+&r"(r[1]), [r2] "+&r"(r[2]), [r3] "+&r"(r[3]), [r4] "+&r"(r[4]), [r5] "+&r"(r[5]), \
    [r6] "+&r"(r[6]), [r7] "+&r"(r[7]), [low] "=&r"(low), [high] "=&r"(high)

void limbs_multiply_adx(uint64_t t[8], uint64_t r[8], const uint64_t a[8], const uint64_t b[8])
{
    uint64_t low, high;
    __asm__ volatile(EIGHT(ROW) : ACC : [t] "r"(t), [a] "r"(a), [b] "r"(b) : "rdx", "cc", "memory");
}

void limbs_reduce_adx(uint64_t t[8], uint64_t r[8], const uint64_t n[8], uint64_t minus_inverse)
{
    uint64_t low, high;
    __asm__ volatile(EIGHT(ROW_TO_ZERO) : ACC : [t] "r"(t), [a] "r"(n), [factor] "r"(minus_inverse)
                     : "rdx", "cc", "memory");
}

/* a_i times the limbs of a above it, to the places 2i + 1 and on; the two lowest are done then. `next` is the place
 * above the last. */
#define TRIANGLE_ROW(at_a, products, next, at, low_place, at_next, high_place) \
    "movq " at_a "(%[a]), %%rdx\n\t" \
    "movl $0, %k[" next "]\n\t" \
    "xorl %k[low], %k[low]\n\t" \
    products \
    "movl $0, %k[low]\n\t" \
    "adcxq %[low], %[" next "]\n\t" \
    "movq %[" low_place "], " at "(%[t])\n\t" \
    "movq %[" high_place "], " at_next "(%[t])\n\t"

void limbs_triangle_adx(uint64_t t[16], const uint64_t a[8])
{
    uint64_t r[8] = { 0 }, low, high;
    __asm__ volatile(TRIANGLE_ROW("", PRODUCT("8", "r1", "r2") PRODUCT("16", "r2", "r3") PRODUCT("24", "r3", "r4")
                             PRODUCT("32", "r4", "r5") PRODUCT("40", "r5", "r6") PRODUCT("48", "r6", "r7")
                             PRODUCT("56", "r7", "r0"), "r0", "8", "r1", "16", "r2")
            TRIANGLE_ROW("8", PRODUCT("16", "r3", "r4") PRODUCT("24", "r4", "r5") PRODUCT("32", "r5", "r6")
                              PRODUCT("40", "r6", "r7") PRODUCT("48", "r7", "r0") PRODUCT("56", "r0", "r1"),
                         "r1", "24", "r3", "32", "r4")
            TRIANGLE_ROW("16", PRODUCT("24", "r5", "r6") PRODUCT("32", "r6", "r7") PRODUCT("40", "r7", "r0")
                               PRODUCT("48", "r0", "r1") PRODUCT("56", "r1", "r2"), "r2", "40", "r5", "48", "r6")
            TRIANGLE_ROW("24", PRODUCT("32", "r7", "r0") PRODUCT("40", "r0", "r1") PRODUCT("48", "r1", "r2")
                               PRODUCT("56", "r2", "r3"), "r3", "56", "r7", "64", "r0")
            TRIANGLE_ROW("32", PRODUCT("40", "r1", "r2") PRODUCT("48", "r2", "r3") PRODUCT("56", "r3", "r4"),
                         "r4", "72", "r1", "80", "r2")
            TRIANGLE_ROW("40", PRODUCT("48", "r3", "r4") PRODUCT("56", "r4", "r5"), "r5", "88", "r3", "96", "r4")
            TRIANGLE_ROW("48", PRODUCT("56", "r5", "r6"), "r6", "104", "r5", "112", "r6")
            : ACC : [t] "r"(t), [a] "r"(a) : "rdx", "cc", "memory");
    t[0] = t[15] = 0;
}

#else

/* Nobody calls these. */
void limbs_multiply_adx(uint64_t t[8], uint64_t r[8], const uint64_t a[8], const uint64_t b[8])
{
    (void)t;
    (void)r;
    (void)a;
    (void)b;
}

void limbs_triangle_adx(uint64_t t[16], const uint64_t a[8])
{
    (void)t;
    (void)a;
}

void limbs_reduce_adx(uint64_t t[8], uint64_t r[8], const uint64_t n[8], uint64_t minus_inverse)
{
    (void)t;
    (void)r;
    (void)n;
    (void)minus_inverse;
}

#endif
