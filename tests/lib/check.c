#include "tests/lib/check.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int check_run(const char *suite, const TTest *const *tests)
{
    return check_run_rows(suite, NULL, 0, tests);
}

int check_run_rows(const char *suite, const TTest *each, int rows, const TTest *const *tests)
{
    if (sodium_init() < 0)
        return EXIT_FAILURE;
    Suite *s = suite_create(suite);
    TCase *c = tcase_create(suite);
    tcase_set_timeout(c, 120);
    const char *only = getenv("CHECK_ONLY");
    if (each && (!only || strcmp(only, each->name) == 0))
        tcase_add_loop_test(c, each, 0, rows);
    for (; *tests; tests++)
        if (!only || strcmp(only, (*tests)->name) == 0)
            tcase_add_test(c, *tests);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

bool check_brief(void) { return getenv("BRIEF") != NULL; }

static int nibble(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c);
    return c && at ? (int)(at - digits) : -1;
}

size_t check_hex(const char *hex, void *out, size_t room)
{
    uint8_t *to = out;
    size_t n = 0;
    while (*hex) {
        if (strchr(" :\n\t", *hex)) {
            hex++;
            continue;
        }
        int high = nibble(hex[0]), low = high < 0 ? -1 : nibble(hex[1]);
        if (low < 0 || n >= room)                      /* not ck_assert, which writes to a file each time */
            ck_abort_msg("not hex, or more than %zu octets: %s", room, hex);
        to[n++] = (uint8_t)(high << 4 | low);
        hex += 2;
    }
    return n;
}

static void print_hex(char *to, size_t room, const uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < n && 2 * i + 3 < room; i++)
        snprintf(to + 2 * i, 3, "%02x", bytes[i]);
}

void check_bytes(const void *have, const void *want, size_t n)
{
    if (memcmp(have, want, n) == 0)
        return;
    char a[513] = "", b[513] = "";
    print_hex(a, sizeof a, have, n);
    print_hex(b, sizeof b, want, n);
    ck_abort_msg("have %s\nwant %s", a, b);
}

void check_is_hex(const void *have, size_t n, const char *hex)
{
    uint8_t *want = malloc(strlen(hex) + 1);
    ck_assert_uint_eq(check_hex(hex, want, strlen(hex) + 1), n);
    check_bytes(have, want, n);
    free(want);
}
