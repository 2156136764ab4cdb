#include "crypto/cpu.h"

#include <string.h>

#ifdef __x86_64__
#include <cpuid.h>
#include <immintrin.h>

/* Intel's manual, volume 2, CPUID: leaf 1 and leaf 7; volume 1 §13.2: XCR0 tells which registers are kept over a
 * change of process: 2 and 4 SSE and AVX, 0xe0 those of AVX-512. */
enum { SSSE3 = 1 << 9, SSE41 = 1 << 19, AES = 1 << 25, PCLMULQDQ = 1 << 1, OSXSAVE = 1 << 27 };
enum { AVX512F = 1 << 16, AVX512BW = 1 << 30, VAES = 1 << 9, VPCLMULQDQ = 1 << 10 };
enum { XCR0_AVX512 = 0xe6 };

__attribute__((target("xsave"))) static unsigned long long registers_kept(void)
{
    return (unsigned long long)_xgetbv(0);
}

struct cpu cpu_found(void)
{
    unsigned a, b, c, d, b7 = 0, c7 = 0;
    struct cpu cpu = { 0 };
    const unsigned aes_ni = AES | PCLMULQDQ | SSSE3 | SSE41;
    if (!__get_cpuid(1, &a, &b, &c, &d) || (c & aes_ni) != aes_ni)
        return cpu;
    cpu.has = CPU_AES_NI;
    if (!(c & OSXSAVE) || (registers_kept() & XCR0_AVX512) != XCR0_AVX512
        || !__get_cpuid_count(7, 0, &a, &b7, &c7, &d))
        return cpu;
    if ((b7 & AVX512F) && (b7 & AVX512BW) && (c7 & VAES) && (c7 & VPCLMULQDQ))
        cpu.has |= CPU_VAES;
    return cpu;
}
#else
struct cpu cpu_found(void) { return (struct cpu){ 0 }; }
#endif

static const struct { const char *name; unsigned has; } forms[] = {
    { "portable", 0 }, { "aesni", CPU_AES_NI }, { "vaes", CPU_AES_NI | CPU_VAES },
};
enum { FORMS = sizeof forms / sizeof *forms };

bool cpu_force(struct cpu *cpu, const char *form)
{
    unsigned found = cpu_found().has;
    for (unsigned i = 0; i < FORMS; i++)
        if (strcmp(form, forms[i].name) == 0 && (found & forms[i].has) == forms[i].has) {
            cpu->has = forms[i].has;
            return true;
        }
    return false;
}

const char *cpu_words(const struct cpu *cpu)
{
    unsigned best = 0;
    for (unsigned i = 0; cpu && i < FORMS; i++)
        if ((cpu->has & forms[i].has) == forms[i].has)
            best = i;
    return forms[best].name;
}
