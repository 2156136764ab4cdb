#include "crypto/inverse.h"

#include <sodium.h>
#include <string.h>

/* A step looks at the lowest bit of g, f being odd, and at δ:
 *     δ > 0 and g odd:     δ, f, g  =  1 - δ,  g,  (g - f) / 2
 *     else:                δ, f, g  =  1 + δ,  f,  (g + f (g mod 2)) / 2
 * From f = n and g = a it comes to g = 0 and f = ±gcd = ±1, after at most (45907 b + 26313) / 19929 steps for numbers
 * of b bits. What a step does depends on low bits alone. So 62 of them are done on the lowest limbs, and only noted:
 * as a matrix t, with 2^62 (f', g') = t (f, g). Then t is applied to the whole numbers - and to d and e, which keep
 * f = d a and g = e a modulo n; there the division by 2^62 is one modulo n, as Montgomery divides. In the end
 * ±1 = d a.
 *
 * Numbers have limbs of 62 bits here, lowest first; the last of them bears the sign. */
enum { STEPS = 62, LIMBS_MAX = (INVERSE_BITS + 2 + STEPS - 1) / STEPS };
static const uint64_t low_62 = UINT64_MAX >> 2;

__extension__ typedef __int128 signed_wide;
struct matrix { int64_t u, v, q, r; };                 /* f' = u f + v g, g' = q f + r g */
struct state {
    size_t limbs;
    int64_t zeta;                                      /* -(δ + 1/2), a whole number; below 0 where δ > 0 */
    int64_t f[LIMBS_MAX], g[LIMBS_MAX], d[LIMBS_MAX], e[LIMBS_MAX], n[LIMBS_MAX];
    uint64_t inverse;                                  /* 1/n mod 2^62 */
};

/* u and v are doubled where f and g would lose a bit: so all stay whole. No entry grows beyond 2^62. */
static void steps(struct state *s, struct matrix *t)
{
    uint64_t u = 1, v = 0, q = 0, r = 1, f = (uint64_t)s->f[0] | (uint64_t)s->f[1] << STEPS,
             g = (uint64_t)s->g[0] | (uint64_t)s->g[1] << STEPS, zeta = (uint64_t)s->zeta;
    for (int i = 0; i < STEPS; i++) {
        ct_mask positive = (ct_mask)0 - ct_hide(zeta >> 63), odd = (ct_mask)0 - ct_hide(g & 1);
        g += ((f ^ positive) - positive) & odd;        /* + f, or - f where δ > 0 */
        q += ((u ^ positive) - positive) & odd;
        r += ((v ^ positive) - positive) & odd;
        ct_mask swap = positive & odd;                 /* δ = 1 - δ is ζ = -ζ - 2 = ~ζ - 1 */
        zeta = (zeta ^ swap) - 1;
        f += g & swap;                                 /* f + (g - f) */
        u += q & swap;
        v += r & swap;
        g >>= 1;
        u <<= 1;
        v <<= 1;
    }
    *t = (struct matrix){ (int64_t)u, (int64_t)v, (int64_t)q, (int64_t)r };
    s->zeta = (int64_t)zeta;
}

/* (f, g) = t (f, g) / 2^62. (>> of a signed number keeps its sign with the compilers that have __int128.) */
static void update_fg(struct state *s, const struct matrix *t)
{
    signed_wide f = 0, g = 0;
    for (size_t i = 0; i < s->limbs; i++) {
        f += (signed_wide)t->u * s->f[i] + (signed_wide)t->v * s->g[i];
        g += (signed_wide)t->q * s->f[i] + (signed_wide)t->r * s->g[i];
        if (i > 0) {
            s->f[i - 1] = (int64_t)((uint64_t)f & low_62);
            s->g[i - 1] = (int64_t)((uint64_t)g & low_62);
        }
        f >>= STEPS;                                   /* of the first limb nothing is left below */
        g >>= STEPS;
    }
    s->f[s->limbs - 1] = (int64_t)f;
    s->g[s->limbs - 1] = (int64_t)g;
}

/* (d, e) = t (d, e) / 2^62 mod n, which are above -2n and below n, before and after: n is added u or v times where d
 * or e are below 0, then as many times as makes the lowest limb 0. */
static void update_de(struct state *s, const struct matrix *t)
{
    const size_t top = s->limbs - 1;
    int64_t d_below = s->d[top] >> 63, e_below = s->e[top] >> 63;
    int64_t times_d = (t->u & d_below) + (t->v & e_below), times_e = (t->q & d_below) + (t->r & e_below);
    signed_wide d = 0, e = 0;
    uint64_t d_low = (uint64_t)t->u * (uint64_t)s->d[0] + (uint64_t)t->v * (uint64_t)s->e[0],
             e_low = (uint64_t)t->q * (uint64_t)s->d[0] + (uint64_t)t->r * (uint64_t)s->e[0];
    times_d -= (int64_t)((s->inverse * d_low + (uint64_t)times_d) & low_62);
    times_e -= (int64_t)((s->inverse * e_low + (uint64_t)times_e) & low_62);
    for (size_t i = 0; i <= top; i++) {
        d += (signed_wide)t->u * s->d[i] + (signed_wide)t->v * s->e[i] + (signed_wide)s->n[i] * times_d;
        e += (signed_wide)t->q * s->d[i] + (signed_wide)t->r * s->e[i] + (signed_wide)s->n[i] * times_e;
        if (i > 0) {
            s->d[i - 1] = (int64_t)((uint64_t)d & low_62);
            s->e[i - 1] = (int64_t)((uint64_t)e & low_62);
        }
        d >>= STEPS;
        e >>= STEPS;
    }
    s->d[top] = (int64_t)d;
    s->e[top] = (int64_t)e;
}

/* x = (x + (n where `add`)), or minus that where `minus`: both all ones or 0. */
static void adjust(struct state *s, int64_t *x, int64_t add, int64_t minus)
{
    int64_t above = 0;
    for (size_t i = 0; i < s->limbs; i++) {
        int64_t limb = ((x[i] + (s->n[i] & add)) ^ minus) - minus + above;
        above = limb >> STEPS;
        x[i] = i + 1 < s->limbs ? (int64_t)((uint64_t)limb & low_62) : limb;
    }
}

/* From limbs of 64 bits to such of 62, and back. */
static void split(int64_t *x, size_t count, const uint64_t *a, size_t limbs)
{
    for (size_t i = 0; i < count; i++) {
        size_t at = STEPS * i / 64, shift = STEPS * i % 64;
        uint64_t low = at < limbs ? a[at] >> shift : 0;
        uint64_t high = shift > 64 - STEPS && at + 1 < limbs ? a[at + 1] << (64 - shift) : 0;
        x[i] = (int64_t)((low | high) & low_62);
    }
}

static void unite(uint64_t *x, size_t limbs, const int64_t *a, size_t count)
{
    memset(x, 0, limbs * sizeof *x);
    for (size_t i = 0; i < count; i++) {
        size_t at = STEPS * i / 64, shift = STEPS * i % 64;
        if (at < limbs)
            x[at] |= (uint64_t)a[i] << shift;
        if (shift > 64 - STEPS && at + 1 < limbs)
            x[at + 1] |= (uint64_t)a[i] >> (64 - shift);
    }
}

void inverse_mod(uint64_t *x, const uint64_t *a, const uint64_t *n, size_t limbs, size_t bits)
{
    struct { struct state s; struct matrix t; } secret;
    struct state *s = &secret.s;
    memset(&secret, 0, sizeof secret);
    s->limbs = (bits + 2 + STEPS - 1) / STEPS;
    s->zeta = -1;
    split(s->n, s->limbs, n, limbs);
    split(s->g, s->limbs, a, limbs);
    memcpy(s->f, s->n, sizeof s->f);
    s->e[0] = 1;
    s->inverse = n[0];                                 /* right in three bits, each turn doubles them */
    for (int known = 3; known < STEPS; known *= 2)
        s->inverse *= 2 - n[0] * s->inverse;

    for (size_t done = 0; done <= (45907 * bits + 26313) / 19929; done += STEPS) {
        steps(s, &secret.t);
        update_fg(s, &secret.t);
        update_de(s, &secret.t);
    }
    int64_t f_below = s->f[s->limbs - 1] >> 63;        /* f = -1: then -d; either way in 0 .. n - 1 */
    adjust(s, s->d, s->d[s->limbs - 1] >> 63, f_below);
    adjust(s, s->d, s->d[s->limbs - 1] >> 63, 0);
    unite(x, limbs, s->d, s->limbs);
    sodium_memzero(&secret, sizeof secret);
}
