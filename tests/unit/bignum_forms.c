/* Products and powers in each form that this processor has. */
#include "tests/lib/bignum_tests.h"

#include <stdio.h>

static int run(const char *form)
{
    char name[32];
    struct cpu with;
    snprintf(name, sizeof name, "bignum_forms %s", form);
    return cpu_force(&with, form) ? bignum_tests(name, with) : 0;
}

int main(void) { return run("portable") | run("adx") | run("ifma") | run("adx+ifma"); }
