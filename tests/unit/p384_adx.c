/* The same tests for the form of the field that processors with MULX and ADX have. */
#ifdef __x86_64__
#include "crypto/cpu.h"
#include "crypto/p384_adx.h"
#include "tests/lib/field_tests.h"

int main(void)
{
    const struct cpu cpu = cpu_found();
    if (cpu_may(&cpu, CPU_ADX))
        return field_tests("p384_adx");
    puts("skipped: this processor has no ADX");
    return 0;
}
#else
int main(void) { return 0; }
#endif
