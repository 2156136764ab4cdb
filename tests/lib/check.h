/* check.h - what every unit test program includes: Check, and one line for main.
 *
 *     START_TEST(counts) { ck_assert_uint_eq(1 + 1, 2); } END_TEST
 *     int main(void) { return check_run("wire", (const TTest *[]){ counts, NULL }); }
 */
#ifndef TESTS_LIB_CHECK_H
#define TESTS_LIB_CHECK_H

#include <check.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Runs all tests of a NULL-ended list as one suite; prints Check's line; returns main's exit code. Without fork when
 * CK_FORK=no is in the environment (debuggers, sanitizers, valgrind); only the test of that name with CHECK_ONLY=NAME. */
int check_run(const char *suite, const TTest *const *tests);
/* The same with a test before them that is run once for each of `rows`, in which _i is the row. */
int check_run_rows(const char *suite, const TTest *each, int rows, const TTest *const *tests);

/* BRIEF is in the environment: long rows of numbers may be shorter. With sanitizers and counters of lines arithmetic takes
 * twenty times as long, and the usual build has had all of them. */
bool check_brief(void);

/* "00 1a:ff" -> octets; how many. Fails the test on what is not hex or does not fit. */
size_t check_hex(const char *hex, void *out, size_t room);

/* Fails with both in hex when the n octets differ. */
void check_bytes(const void *have, const void *want, size_t n);

/* As check_bytes, with the wanted octets in hex. */
void check_is_hex(const void *have, size_t n, const char *hex);

#endif
