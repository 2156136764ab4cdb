/* Powers with AVX-512 IFMA, its instructions in plain C, so that this runs without them, too; beside the portable form. */
#ifdef __x86_64__
#include "tests/lib/plain_ifma512.h"

#include "crypto/bignum_ifma.c"                        /* stands in for the one in the library */

#include "tests/lib/bignum_tests.h"

int main(void) { return bignum_tests("bignum_lanes", (struct cpu){ CPU_IFMA }); }
#else
#include "crypto/bignum_form.h"
#include "tests/lib/check.h"

START_TEST(not_here) { ck_assert(!bn_powers_ifma); } END_TEST

int main(void) { return check_run("bignum_lanes", (const TTest *[]){ not_here, NULL }); }
#endif
