/* AES in the processor's own instructions. CBC encryption, where each block waits for the one before it, is as slow as
 * one block at a time; all else goes eight abreast. */
#include "crypto/aes_form.h"
#include "crypto/cpu.h"

#ifdef CPU_FORMS
#include "crypto/aes_ni.h"

#include <sodium.h>
#include <string.h>

/* What the instruction makes of word 1 is, in its place 0, SubWord. */
WITH_AES static uint32_t sub_word(uint32_t word)
{
    return (uint32_t)_mm_cvtsi128_si32(_mm_aeskeygenassist_si128(_mm_set1_epi32((int)word), 0));
}

static void set(struct aes_key *k, const uint8_t round_keys[AES_ROUND_KEYS][AES_BLOCK])
{
    memcpy(k->u.plain, round_keys, sizeof k->u.plain);
}

WITH_AES static void encrypt(const struct aes_key *k, const uint8_t in[16], uint8_t out[16])
{
    store(out, encrypt_one(k, load(in)));
}

WITH_AES static void ctr(const struct aes_key *k, const uint8_t nonce[12], uint32_t counter, void *data, size_t n)
{
    uint8_t start[AES_BLOCK] = { 0 }, *at = data;
    memcpy(start, nonce, 12);
    const __m128i front = load(start);
    for (; n >= AES_BLOCK * ABREAST; n -= AES_BLOCK * ABREAST) {
        __m128i b[ABREAST];
        for (unsigned i = 0; i < ABREAST; i++)
            b[i] = counter_block(front, counter++);
        encrypt_abreast(k, b);
        for (unsigned i = 0; i < ABREAST; i++, at += AES_BLOCK)
            store(at, _mm_xor_si128(b[i], load(at)));
    }
    while (n > 0) {
        uint8_t stream[AES_BLOCK];
        size_t take = n < AES_BLOCK ? n : AES_BLOCK;
        store(stream, encrypt_one(k, counter_block(front, counter++)));
        for (size_t i = 0; i < take; i++)
            at[i] ^= stream[i];
        sodium_memzero(stream, sizeof stream);
        at += take;
        n -= take;
    }
}

WITH_AES static void cbc_encrypt(const struct aes_key *k, const uint8_t iv[16], void *data, size_t n)
{
    __m128i before = load(iv);
    for (uint8_t *at = data, *end = at + n; at < end; at += AES_BLOCK) {
        before = encrypt_one(k, _mm_xor_si128(before, load(at)));
        store(at, before);
    }
}

WITH_AES_INLINE void decrypt_abreast(const __m128i back[AES_ROUND_KEYS], unsigned rounds, __m128i b[ABREAST])
{
#pragma GCC unroll 8
    for (unsigned i = 0; i < ABREAST; i++)
        b[i] = _mm_xor_si128(b[i], back[0]);
    for (unsigned r = 1; r < rounds; r++)
#pragma GCC unroll 8
        for (unsigned i = 0; i < ABREAST; i++)
            b[i] = _mm_aesdec_si128(b[i], back[r]);
#pragma GCC unroll 8
    for (unsigned i = 0; i < ABREAST; i++)
        b[i] = _mm_aesdeclast_si128(b[i], back[rounds]);
}

/* P_j = AES^-1(C_j) ^ C_j-1 (SP 800-38A §6.2). */
WITH_AES_INLINE __m128i decrypt_eight(const __m128i back[AES_ROUND_KEYS], unsigned rounds, __m128i before, uint8_t *at)
{
    __m128i b[ABREAST];
#pragma GCC unroll 8
    for (unsigned i = 0; i < ABREAST; i++)
        b[i] = load(at + AES_BLOCK * i);
    decrypt_abreast(back, rounds, b);
#pragma GCC unroll 8
    for (unsigned i = 0; i < ABREAST; i++) {
        __m128i sealed = load(at + AES_BLOCK * i);
        store(at + AES_BLOCK * i, _mm_xor_si128(b[i], before));
        before = sealed;
    }
    return before;
}

/* What is left over at the end goes through with idle blocks beside it. */
WITH_AES static void cbc_decrypt(const struct aes_key *k, const uint8_t iv[16], void *data, size_t n)
{
    __m128i back[AES_ROUND_KEYS], before = load(iv);
    uint8_t *at = data, rest[AES_BLOCK * ABREAST] = { 0 };
    aes_ni_turn_around(k, back);
    for (; n >= sizeof rest; n -= sizeof rest, at += sizeof rest)
        before = decrypt_eight(back, k->rounds, before, at);
    memcpy(rest, at, n);
    decrypt_eight(back, k->rounds, before, rest);
    memcpy(at, rest, n);
    sodium_memzero(back, sizeof back);
    sodium_memzero(rest, sizeof rest);
}

static const struct aes_form form = { "aesni", sub_word, set, encrypt, ctr, cbc_encrypt, cbc_decrypt };
const struct aes_form *const aes_ni = &form;
#else
const struct aes_form *const aes_ni = NULL;
#endif
