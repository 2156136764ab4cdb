/* aes_ni.h - eight blocks through AES side by side in the processor's own instructions (Intel, "AES-NI", 2010), for
 * aes_ni.c and gcm_ni.c, which are used only where cpu.h has found them. One instruction is a whole round, takes the
 * same time for all data and some four cycles to answer, but a new one can begin in each of those. */
#ifndef CRYPTO_AES_NI_H
#define CRYPTO_AES_NI_H

#include "crypto/aes.h"

#include <immintrin.h>

#define WITH_AES __attribute__((target("aes,pclmul,ssse3,sse4.1")))
#define WITH_AES_INLINE WITH_AES static inline __attribute__((always_inline))
enum { ABREAST = 8 };

static inline __m128i load(const uint8_t *p) { return _mm_loadu_si128((const __m128i *)(const void *)p); }
static inline void store(uint8_t *p, __m128i v) { _mm_storeu_si128((__m128i *)(void *)p, v); }

WITH_AES_INLINE __m128i encrypt_one(const struct aes_key *k, __m128i block)
{
    block = _mm_xor_si128(block, load(k->u.plain[0]));
    for (unsigned r = 1; r < k->rounds; r++)
        block = _mm_aesenc_si128(block, load(k->u.plain[r]));
    return _mm_aesenclast_si128(block, load(k->u.plain[k->rounds]));
}

WITH_AES_INLINE void encrypt_abreast(const struct aes_key *k, __m128i b[ABREAST])
{
    for (unsigned i = 0; i < ABREAST; i++)
        b[i] = _mm_xor_si128(b[i], load(k->u.plain[0]));
    for (unsigned r = 1; r < k->rounds; r++)
        for (unsigned i = 0; i < ABREAST; i++)
            b[i] = _mm_aesenc_si128(b[i], load(k->u.plain[r]));
    for (unsigned i = 0; i < ABREAST; i++)
        b[i] = _mm_aesenclast_si128(b[i], load(k->u.plain[k->rounds]));
}

/* The equivalent inverse cipher (FIPS 197 §5.3.5): the round keys backwards, those in between through InvMixColumns. */
WITH_AES_INLINE void aes_ni_turn_around(const struct aes_key *k, __m128i back[AES_ROUND_KEYS])
{
    back[0] = load(k->u.plain[k->rounds]);
    for (unsigned r = 1; r < k->rounds; r++)
        back[r] = _mm_aesimc_si128(load(k->u.plain[k->rounds - r]));
    back[k->rounds] = load(k->u.plain[0]);
}

/* The counter blocks `counter` and following (SP 800-38D inc32: big-endian in the last four octets). */
WITH_AES_INLINE __m128i counter_block(__m128i nonce, uint32_t counter)
{
    return _mm_insert_epi32(nonce, (int)__builtin_bswap32(counter), 3);
}

#endif
