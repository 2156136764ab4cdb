/* A branch on a secret, planted: were valgrind silent here, its silence elsewhere would mean nothing. See
 * ct.h. */
#include "tests/ct/ct.h"

#include <stdint.h>

static volatile size_t looked_at;                                  /* volatile: the branch stays one */

/* Comparing as one should not: it leaves at the first difference, and so tells where that is. */
static bool same_leaving_early(const uint8_t *a, const uint8_t *b, size_t n)
{
    for (looked_at = 0; looked_at < n; looked_at++)
        if (a[looked_at] != b[looked_at])
            return false;
    return true;
}

int main(void)
{
    uint8_t right[16] = { 1, 2, 3 }, wrong[16] = { 1, 2, 4 };
    ct_start();
    ct_secret(right, sizeof right);
    bool same = same_leaving_early(right, wrong, sizeof right);
    ct_public(&same, sizeof same);
    ct_expect(!same, "different tags");
    return 0;
}
