/* AES in the processor's own instructions. CBC encryption, where each block waits for the one before it, is as slow as
 * one block at a time; all else goes eight abreast. */
#include "crypto/aes_form.h"

#ifdef __x86_64__
#include "crypto/aes_ni.h"

#include <sodium.h>
#include <string.h>

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

/* The equivalent inverse cipher (FIPS 197 §5.3.5): the round keys backwards, those in between through InvMixColumns. */
WITH_AES static void turn_around(const struct aes_key *k, __m128i back[AES_ROUND_KEYS])
{
    back[0] = load(k->u.plain[k->rounds]);
    for (unsigned r = 1; r < k->rounds; r++)
        back[r] = _mm_aesimc_si128(load(k->u.plain[k->rounds - r]));
    back[k->rounds] = load(k->u.plain[0]);
}

WITH_AES static inline void decrypt_abreast(const __m128i back[AES_ROUND_KEYS], unsigned rounds, __m128i b[ABREAST])
{
    for (unsigned i = 0; i < ABREAST; i++)
        b[i] = _mm_xor_si128(b[i], back[0]);
    for (unsigned r = 1; r < rounds; r++)
        for (unsigned i = 0; i < ABREAST; i++)
            b[i] = _mm_aesdec_si128(b[i], back[r]);
    for (unsigned i = 0; i < ABREAST; i++)
        b[i] = _mm_aesdeclast_si128(b[i], back[rounds]);
}

/* The ciphertext is kept aside, since what is opened overwrites it. At the end some of the eight go through idle. */
WITH_AES static void cbc_decrypt(const struct aes_key *k, const uint8_t iv[16], void *data, size_t n)
{
    __m128i back[AES_ROUND_KEYS], b[ABREAST], before = load(iv);
    uint8_t *at = data;
    turn_around(k, back);
    while (n > 0) {
        __m128i sealed[ABREAST];
        unsigned take = n / AES_BLOCK < ABREAST ? (unsigned)(n / AES_BLOCK) : ABREAST;
        for (unsigned i = 0; i < ABREAST; i++)
            b[i] = sealed[i] = load(at + (i < take ? AES_BLOCK * i : 0));
        decrypt_abreast(back, k->rounds, b);
        for (unsigned i = 0; i < take; i++, at += AES_BLOCK, n -= AES_BLOCK) {
            store(at, _mm_xor_si128(b[i], before));
            before = sealed[i];
        }
    }
    sodium_memzero(back, sizeof back);
    sodium_memzero(b, sizeof b);
}

static const struct aes_form form = { set, encrypt, ctr, cbc_encrypt, cbc_decrypt };
const struct aes_form *const aes_ni = &form;
#else
const struct aes_form *const aes_ni = NULL;
#endif
