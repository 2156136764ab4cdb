#include "crypto/cpu.h"

#include <stdio.h>
#include <string.h>

/* What each stands on: no form has to ask for more than its own bit. */
static const struct { const char *name; unsigned bit, needs; } forms[] = {
    { "aesni", CPU_AES_NI, 0 },
    { "sha", CPU_SHA, 0 },
    { "adx", CPU_ADX, 0 },
    { "avx2", CPU_AVX2, 0 },
    { "avx512", CPU_AVX512, CPU_AVX2 },
    { "vaes", CPU_VAES, CPU_AES_NI | CPU_AVX2 },
    { "vaes512", CPU_VAES512, CPU_VAES | CPU_AES_NI | CPU_AVX512 | CPU_AVX2 },
    { "ifma", CPU_IFMA, CPU_AVX512 | CPU_AVX2 },
};
enum { FORMS = sizeof forms / sizeof *forms };

#ifdef CPU_FORMS
#include <cpuid.h>
#include <immintrin.h>

/* Intel's manual, volume 2, CPUID: leaf 1, register c, and leaf 7, registers b and c. */
enum { SSSE3 = 1 << 9, SSE41 = 1 << 19, AES = 1 << 25, PCLMULQDQ = 1 << 1, OSXSAVE = 1 << 27 };
enum { BMI2 = 1 << 8, ADX = 1 << 19, SHA = 1 << 29, AVX2 = 1 << 5, AVX512F = 1 << 16, AVX512DQ = 1 << 17,
       AVX512IFMA = 1 << 21, AVX512BW = 1 << 30, VAES = 1 << 9, VPCLMULQDQ = 1 << 10 };
#define AVX512VL (1u << 31)
/* Volume 1 §13.2: XCR0 tells which registers are kept over a change of process: 2 and 4 SSE and AVX, 0xe0 those of
 * AVX-512. */
enum { XCR0_AVX = 0x06, XCR0_AVX512 = 0xe6 };

__attribute__((target("xsave"))) static unsigned long long registers_kept(void)
{
    return (unsigned long long)_xgetbv(0);
}

static bool all(unsigned have, unsigned want) { return (have & want) == want; }

struct cpu cpu_found(void)
{
    unsigned a, b, c1, d, b7 = 0, c7 = 0, has = 0;
    if (!__get_cpuid(1, &a, &b, &c1, &d))
        return (struct cpu){ 0 };
    __get_cpuid_count(7, 0, &a, &b7, &c7, &d);
    const unsigned long long kept = c1 & OSXSAVE ? registers_kept() : 0;
    const bool wide = (kept & XCR0_AVX) == XCR0_AVX, widest = (kept & XCR0_AVX512) == XCR0_AVX512;
    has |= all(c1, AES | PCLMULQDQ | SSSE3 | SSE41) ? CPU_AES_NI : 0;
    has |= all(c1, SSSE3 | SSE41) && (b7 & SHA) ? CPU_SHA : 0;
    has |= all(b7, BMI2 | ADX) ? CPU_ADX : 0;
    has |= wide && (b7 & AVX2) ? CPU_AVX2 : 0;
    has |= widest && all(b7, BMI2 | AVX512F | AVX512BW | AVX512DQ | AVX512VL) ? CPU_AVX512 : 0;
    has |= all(c7, VAES | VPCLMULQDQ) ? CPU_VAES | CPU_VAES512 : 0;
    has |= b7 & AVX512IFMA ? CPU_IFMA : 0;
    for (size_t i = 0; i < FORMS; i++)                 /* in an order in which none stands on a later one */
        if (!all(has, forms[i].needs))
            has &= ~forms[i].bit;
    return (struct cpu){ has };
}
#else
struct cpu cpu_found(void) { return (struct cpu){ 0 }; }
#endif

const char *cpu_name(size_t i, unsigned *bit)
{
    *bit = i < FORMS ? forms[i].bit : 0;
    return i < FORMS ? forms[i].name : NULL;
}

static unsigned bits_of(const char *name, size_t n)
{
    for (size_t i = 0; i < FORMS; i++)
        if (strlen(forms[i].name) == n && memcmp(forms[i].name, name, n) == 0)
            return forms[i].bit | forms[i].needs;
    return 0;
}

bool cpu_force(struct cpu *cpu, const char *names)
{
    const unsigned found = cpu_found().has;
    unsigned wanted = 0;
    if (strcmp(names, "portable") == 0) {
        cpu->has = 0;
        return true;
    }
    for (;; names++) {
        const size_t n = strcspn(names, "+");
        const unsigned bits = bits_of(names, n);
        if (bits == 0 || (found & bits) != bits)
            return false;
        wanted |= bits;
        names += n;
        if (*names == '\0')
            break;
    }
    cpu->has = wanted;
    return true;
}

const char *cpu_words(const struct cpu *cpu, char words[CPU_WORDS])
{
    size_t n = 0;
    for (size_t i = 0; i < FORMS; i++)
        if (cpu_may(cpu, forms[i].bit))
            n += (size_t)snprintf(words + n, CPU_WORDS - n, "%s%s", n ? "+" : "", forms[i].name);
    if (n == 0)
        snprintf(words, CPU_WORDS, "portable");
    return words;
}
