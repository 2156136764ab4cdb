#include "crypto/ct.h"

ct_mask ct_same(const void *a, const void *b, size_t n)
{
    const uint8_t *x = a, *y = b;
    uint64_t differs = 0;
    for (size_t i = 0; i < n; i++)
        differs |= ct_hide((uint64_t)(x[i] ^ y[i]));               /* hidden: no leaving early */
    return ct_zero(differs);
}

bool ct_tell(ct_mask verdict)
{
    return verdict & 1;
}

void ct_copy_if(ct_mask mask, void *dst, const void *src, size_t n)
{
    uint8_t *to = dst;
    const uint8_t *from = src;
    for (size_t i = 0; i < n; i++)
        to[i] = (uint8_t)ct_select(ct_hide(mask), from[i], to[i]);
}
