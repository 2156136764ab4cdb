/* Products with MULX, ADCX and ADOX, in blocks of eight limbs by eight (crypto/limbs_adx.h): the same as in
 * bignum.c, in another order. */
#include "crypto/bignum_form.h"
#include "crypto/cpu.h"

#ifdef CPU_FORMS
#include "crypto/limbs.h"
#include "crypto/limbs_adx.h"

#include <sodium.h>
#include <string.h>

enum { BLOCK = 8 };

/* t += a b for one block of b; the block above comes back in acc, which begins as 0 or what was below. */
static void add_row(uint64_t *t, uint64_t acc[BLOCK], const uint64_t *a, const uint64_t *b, size_t limbs)
{
    for (size_t i = 0; i < limbs; i += BLOCK)
        limbs_multiply_adx(t + i, acc, a + i, b);
}

static void mul(uint64_t *t, const uint64_t *a, const uint64_t *b, size_t limbs)
{
    memset(t, 0, limbs * sizeof *t);
    for (size_t i = 0; i < limbs; i += BLOCK) {
        memset(t + limbs + i, 0, BLOCK * sizeof *t);
        add_row(t + i, t + limbs + i, a, b + i, limbs);
    }
}

/* t += acc and the carry of the block below. */
static void add_block(uint64_t *t, const uint64_t acc[BLOCK], carry *c)
{
    UNROLLED
    for (size_t i = 0; i < BLOCK; i++)
        t[i] = limb_add(c, t[i], acc[i]);
}

/* The products of two different limbs, within a block and of two blocks; twice that, and the squares. */
static void square(uint64_t *t, const uint64_t *a, size_t limbs)
{
    uint64_t acc[BLOCK];
    carry c = 0;
    for (size_t i = 0; i < limbs; i += BLOCK)
        limbs_triangle_adx(t + 2 * i, a + i);
    for (size_t i = 0; i < limbs; i += BLOCK) {
        memset(acc, 0, sizeof acc);
        add_row(t + 2 * i + BLOCK, acc, a + i + BLOCK, a + i, limbs - i - BLOCK);
        add_block(t + limbs + i, acc, &c);
    }
    bn_double_and_squares(t, a, limbs);
    sodium_memzero(acc, sizeof acc);
}

/* A block of factors stands where it made t zero. */
static uint64_t reduce(uint64_t *t, const uint64_t *n, uint64_t minus_inverse, size_t limbs)
{
    uint64_t acc[BLOCK] = { 0 };
    carry top = 0;
    for (size_t i = 0; i < limbs; i += BLOCK) {
        memset(acc, 0, sizeof acc);
        limbs_reduce_adx(t + i, acc, n, minus_inverse);
        add_row(t + i + BLOCK, acc, n + BLOCK, t + i, limbs - BLOCK);
        add_block(t + i + limbs, acc, &top);
    }
    sodium_memzero(acc, sizeof acc);
    return top;
}

static const struct bn_products form = { "adx", BLOCK, mul, square, reduce };
const struct bn_products *const bn_products_adx = &form;

#else
const struct bn_products *const bn_products_adx = NULL;
#endif
