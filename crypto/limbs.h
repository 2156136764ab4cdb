/* limbs.h - sums of numbers of several limbs, the carry going from one to the next. On x86-64 the compiler is told to
 * keep the carry in the processor's flag (_addcarry_u64, which every such processor has); written as sums of 128 bits
 * gcc 12 makes four times as much of it. Nothing here branches. Loops over limbs are to be UNROLLED: between two turns
 * the flag does not survive. */
#ifndef CRYPTO_LIMBS_H
#define CRYPTO_LIMBS_H

#include <stdint.h>

#ifdef __x86_64__
#include <immintrin.h>
#endif

/* Holds the product of two limbs with two more limbs added. */
__extension__ typedef unsigned __int128 wide;

#ifdef __clang__
#define UNROLLED                                      /* does so by itself */
#else
#define UNROLLED _Pragma("GCC unroll 18")
#endif

typedef unsigned char carry;                          /* 0 or 1 */

#if defined __x86_64__ && !defined LIMBS_PLAIN

/* a + b + *c; *c becomes the carry. */
static inline uint64_t limb_add(carry *c, uint64_t a, uint64_t b)
{
    unsigned long long sum;
    *c = _addcarry_u64(*c, a, b, &sum);
    return sum;
}

/* a - b - *c; *c becomes the borrow. */
static inline uint64_t limb_sub(carry *c, uint64_t a, uint64_t b)
{
    unsigned long long difference;
    *c = _subborrow_u64(*c, a, b, &difference);
    return difference;
}

#else

static inline uint64_t limb_add(carry *c, uint64_t a, uint64_t b)
{
    wide sum = (wide)a + b + *c;
    *c = (carry)(sum >> 64);
    return (uint64_t)sum;
}

static inline uint64_t limb_sub(carry *c, uint64_t a, uint64_t b)
{
    wide difference = (wide)a - b - *c;               /* below zero, the upper half is all ones */
    *c = (carry)(difference >> 64 & 1);
    return (uint64_t)difference;
}

#endif
#endif
