/* GCM with AES-NI and PCLMULQDQ. Rounds and products use different parts of the processor: so while eight blocks go
 * through AES, eight blocks of ciphertext are hashed, one after each round. A sealer hashes the eight it made before,
 * an opener the eight that it is about to open. */
#include "crypto/gcm_form.h"

#ifdef __x86_64__
#include "crypto/gcm_ni.h"

enum { GROUP = AES_BLOCK * ABREAST };

WITH_AES static void set(struct gcm_key *k) { ghash_ni_powers(k); }

/* The counter blocks b through AES; y becomes the hash with GROUP octets more. */
WITH_AES static inline __m128i encrypt_and_hash(const struct gcm_key *k, __m128i b[ABREAST], __m128i y,
                                                const uint8_t *hashed)
{
    const struct aes_key *aes = &k->aes;
    struct product p = { _mm_setzero_si128(), _mm_setzero_si128(), _mm_setzero_si128() };
    unsigned r = 1;
    for (unsigned i = 0; i < ABREAST; i++)
        b[i] = _mm_xor_si128(b[i], load(aes->u.plain[0]));
    for (; r <= ABREAST; r++) {
        const __m128i key = load(aes->u.plain[r]);
        for (unsigned i = 0; i < ABREAST; i++)
            b[i] = _mm_aesenc_si128(b[i], key);
        __m128i block = reversed(load(hashed + AES_BLOCK * (r - 1)));
        if (r == 1)
            block = _mm_xor_si128(block, y);
        add_product(&p, block, load(k->u.powers[GCM_POWERS - ABREAST + r - 1]));
    }
    for (; r < aes->rounds; r++)
        for (unsigned i = 0; i < ABREAST; i++)
            b[i] = _mm_aesenc_si128(b[i], load(aes->u.plain[r]));
    for (unsigned i = 0; i < ABREAST; i++)
        b[i] = _mm_aesenclast_si128(b[i], load(aes->u.plain[aes->rounds]));
    return reduced(p);
}

WITH_AES static inline uint32_t count(__m128i b[ABREAST], __m128i front, uint32_t counter)
{
    for (unsigned i = 0; i < ABREAST; i++)
        b[i] = counter_block(front, counter++);
    return counter;
}

WITH_AES static inline void xor_into(uint8_t *at, const __m128i b[ABREAST])
{
    for (unsigned i = 0; i < ABREAST; i++)
        store(at + AES_BLOCK * i, _mm_xor_si128(b[i], load(at + AES_BLOCK * i)));
}

WITH_AES static void seal(const struct gcm_key *k, const uint8_t nonce[12], const void *aad, size_t aad_n, void *data,
                          size_t n, uint8_t tag[16])
{
    const __m128i front = nonce_block(nonce), h = load(k->u.powers[GCM_POWERS - 1]);
    __m128i b[ABREAST], y = ghash_ni_add(_mm_setzero_si128(), h, aad, aad_n);
    uint8_t *at = data, *hashed = at, *end = at + n;
    uint32_t counter = 2;
    for (; end - at >= GROUP; at += GROUP) {
        counter = count(b, front, counter);
        if (at == hashed) {
            encrypt_abreast(&k->aes, b);                           /* the first eight: nothing to hash yet */
        } else {
            y = encrypt_and_hash(k, b, y, hashed);
            hashed += GROUP;
        }
        xor_into(at, b);
    }
    aes_ctr(&k->aes, nonce, counter, at, (size_t)(end - at));
    y = ghash_ni_add(y, h, hashed, (size_t)(end - hashed));
    ghash_ni_tag(k, y, nonce, aad_n, n, tag);
}

WITH_AES static void open(const struct gcm_key *k, const uint8_t nonce[12], const void *aad, size_t aad_n, void *data,
                          size_t n, uint8_t tag[16])
{
    const __m128i front = nonce_block(nonce), h = load(k->u.powers[GCM_POWERS - 1]);
    __m128i b[ABREAST], y = ghash_ni_add(_mm_setzero_si128(), h, aad, aad_n);
    uint8_t *at = data, *end = at + n;
    uint32_t counter = 2;
    for (; end - at >= GROUP; at += GROUP) {
        counter = count(b, front, counter);
        y = encrypt_and_hash(k, b, y, at);
        xor_into(at, b);
    }
    y = ghash_ni_add(y, h, at, (size_t)(end - at));
    aes_ctr(&k->aes, nonce, counter, at, (size_t)(end - at));
    ghash_ni_tag(k, y, nonce, aad_n, n, tag);
}

static const struct gcm_form form = { set, seal, open };
const struct gcm_form *const gcm_ni = &form;
#else
const struct gcm_form *const gcm_ni = NULL;
#endif
