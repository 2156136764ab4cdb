/* Poly1305 with IFMA: how the wide one begins, with the powers of r, and ends. */
#include "crypto/cpu.h"

#ifdef CPU_FORMS
#include "crypto/poly1305_ifma.h"

#include <sodium.h>
#include <string.h>

enum { PLACES = 8 };

WITH_IFMA void poly1305_ifma_start(struct poly1305_ifma *p, const struct poly1305 *from)
{
    static const unsigned power_of_place[PLACES] = { 8, 4, 7, 3, 6, 2, 5, 1 };
    uint64_t powers[2 * PLACES + 1][3], limbs[3][PLACES];
    memcpy(powers[1], from->r, sizeof powers[1]);
    for (unsigned i = 2; i <= 2 * PLACES; i += i < PLACES ? 1 : PLACES) {      /* of halves: few wait for each other */
        memcpy(powers[i], powers[i / 2], sizeof powers[i]);
        poly1305_multiply(powers[i], powers[i - i / 2]);
    }
    for (unsigned i = 0; i < 3; i++) {
        p->sum[i] = _mm512_setzero_si512();
        p->before[i] = _mm512_zextsi128_si512(_mm_cvtsi64_si128((long long)from->h[i]));
        for (unsigned place = 0; place < PLACES; place++)
            limbs[i][place] = powers[power_of_place[place]][i];
        p->r8.r[i] = _mm512_set1_epi64((long long)powers[PLACES][i]);
        p->r16.r[i] = _mm512_set1_epi64((long long)powers[2 * PLACES][i]);
        p->last.r[i] = _mm512_loadu_si512(limbs[i]);
    }
    ifma_times_20(&p->r8);
    ifma_times_20(&p->r16);
    ifma_times_20(&p->last);
    sodium_memzero(powers, sizeof powers);
    sodium_memzero(limbs, sizeof limbs);
}

WITH_IFMA void poly1305_ifma_end(struct poly1305_ifma *p, struct poly1305 *to)
{
    struct ifma_sums d;
    __m512i h[3];
    for (unsigned i = 0; i < 3; i++)
        d.low[i] = d.high[i] = _mm512_setzero_si512();
    ifma_multiply(&d, p->sum, &p->last);
    ifma_carry(&d, h);
    for (unsigned i = 0; i < 3; i++)
        to->h[i] = (uint64_t)_mm512_reduce_add_epi64(h[i]);
    poly1305_carry(to->h);
    sodium_memzero(p, sizeof *p);
}
#endif
