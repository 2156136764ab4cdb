/* GCM with VAES and VPCLMULQDQ: as gcm_ni.c, but a register holds four blocks. Sixteen blocks go through AES side by
 * side while sixteen of ciphertext are hashed; their sum of products is four sums, one in each quarter, which meet
 * before they are reduced. What is left over at the end goes the way of gcm_ni.c. */
#include "crypto/gcm_form.h"

#ifdef __x86_64__
#include "crypto/gcm_ni.h"

#define WITH_VAES __attribute__((target("aes,pclmul,ssse3,sse4.1,avx512f,avx512bw,avx512dq,vaes,vpclmulqdq")))
enum { WIDE = 4, QUARTERS = 4, GROUP = AES_BLOCK * WIDE * QUARTERS };

WITH_VAES static inline __m512i load_wide(const uint8_t *p) { return _mm512_loadu_si512((const void *)p); }
WITH_VAES static inline __m512i round_key(const struct gcm_key *k, unsigned r)
{
    return _mm512_broadcast_i32x4(load(k->aes.u.plain[r]));
}

WITH_VAES static inline __m512i reversed_wide(__m512i v)
{
    return _mm512_shuffle_epi8(v, _mm512_broadcast_i32x4(
        _mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)));
}

/* The four quarters of a register, added up. */
WITH_VAES static inline __m128i folded(__m512i v)
{
    __m256i half = _mm256_xor_si256(_mm512_castsi512_si256(v), _mm512_extracti64x4_epi64(v, 1));
    return _mm_xor_si128(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
}

struct wide_product { __m512i low, middle, high; };

WITH_VAES static inline void add_wide(struct wide_product *p, __m512i a, __m512i b)
{
    p->low = _mm512_xor_si512(p->low, _mm512_clmulepi64_epi128(a, b, 0x00));
    p->high = _mm512_xor_si512(p->high, _mm512_clmulepi64_epi128(a, b, 0x11));
    p->middle = _mm512_ternarylogic_epi64(p->middle, _mm512_clmulepi64_epi128(a, b, 0x01),
                                          _mm512_clmulepi64_epi128(a, b, 0x10), 0x96);     /* xor of three */
}

WITH_VAES static inline __m128i reduced_wide(struct wide_product p)
{
    return reduced((struct product){ folded(p.low), folded(p.middle), folded(p.high) });
}

/* Four registers of counter blocks; big-endian, so they are counted in reversed octets. */
WITH_VAES static inline void count(__m512i b[WIDE], __m512i *counters)
{
    const __m512i four = _mm512_broadcast_i32x4(_mm_set_epi32(0, 0, 0, 4));
    for (unsigned i = 0; i < WIDE; i++) {
        b[i] = reversed_wide(*counters);
        *counters = _mm512_add_epi32(*counters, four);
    }
}

WITH_VAES static inline __m128i hash_wide(const struct gcm_key *k, __m128i y, const uint8_t *hashed)
{
    struct wide_product p = { _mm512_setzero_si512(), _mm512_setzero_si512(), _mm512_setzero_si512() };
    for (unsigned i = 0; i < WIDE; i++) {
        __m512i blocks = reversed_wide(load_wide(hashed + AES_BLOCK * QUARTERS * i));
        if (i == 0)
            blocks = _mm512_xor_si512(blocks, _mm512_zextsi128_si512(y));
        add_wide(&p, blocks, load_wide(k->u.powers[QUARTERS * i]));
    }
    return reduced_wide(p);
}

/* The counter blocks b through AES, and GROUP octets into the hash y where there are some. The two do not wait for each
 * other: the processor does them side by side. */
WITH_VAES static inline __m128i encrypt_and_hash(const struct gcm_key *k, __m512i b[WIDE], __m128i y,
                                                 const uint8_t *hashed)
{
    for (unsigned i = 0; i < WIDE; i++)
        b[i] = _mm512_xor_si512(b[i], round_key(k, 0));
    for (unsigned r = 1; r < k->aes.rounds; r++)
        for (unsigned i = 0; i < WIDE; i++)
            b[i] = _mm512_aesenc_epi128(b[i], round_key(k, r));
    if (hashed)
        y = hash_wide(k, y, hashed);
    for (unsigned i = 0; i < WIDE; i++)
        b[i] = _mm512_aesenclast_epi128(b[i], round_key(k, k->aes.rounds));
    return y;
}

WITH_VAES static inline void xor_into(uint8_t *at, const __m512i b[WIDE])
{
    for (unsigned i = 0; i < WIDE; i++, at += AES_BLOCK * QUARTERS)
        _mm512_storeu_si512(at, _mm512_xor_si512(b[i], load_wide(at)));
}

/* The first four counter blocks, 2 to 5, octets reversed. */
WITH_VAES static inline __m512i first_counters(const uint8_t nonce[12])
{
    __m512i front = _mm512_broadcast_i32x4(reversed(nonce_block(nonce)));
    return _mm512_add_epi32(front, _mm512_set_epi32(0, 0, 0, 5, 0, 0, 0, 4, 0, 0, 0, 3, 0, 0, 0, 2));
}

WITH_VAES static void set(struct gcm_key *k) { ghash_ni_powers(k); }

WITH_VAES static void seal(const struct gcm_key *k, const uint8_t nonce[12], const void *aad, size_t aad_n, void *data,
                           size_t n, uint8_t tag[16])
{
    const __m128i h = load(k->u.powers[GCM_POWERS - 1]);
    __m512i b[WIDE], counters = first_counters(nonce);
    __m128i y = ghash_ni_add(_mm_setzero_si128(), h, aad, aad_n);
    uint8_t *at = data, *hashed = at, *end = at + n;
    uint32_t counter = 2;
    for (; end - at >= GROUP; at += GROUP, counter += WIDE * QUARTERS) {
        count(b, &counters);
        y = encrypt_and_hash(k, b, y, at == hashed ? NULL : hashed);
        hashed += at == hashed ? 0 : GROUP;
        xor_into(at, b);
    }
    aes_ctr(&k->aes, nonce, counter, at, (size_t)(end - at));
    for (; end - hashed >= GROUP; hashed += GROUP)
        y = hash_wide(k, y, hashed);
    y = ghash_ni_add(y, h, hashed, (size_t)(end - hashed));
    ghash_ni_tag(k, y, nonce, aad_n, n, tag);
}

WITH_VAES static void open(const struct gcm_key *k, const uint8_t nonce[12], const void *aad, size_t aad_n, void *data,
                           size_t n, uint8_t tag[16])
{
    const __m128i h = load(k->u.powers[GCM_POWERS - 1]);
    __m512i b[WIDE], counters = first_counters(nonce);
    __m128i y = ghash_ni_add(_mm_setzero_si128(), h, aad, aad_n);
    uint8_t *at = data, *end = at + n;
    uint32_t counter = 2;
    for (; end - at >= GROUP; at += GROUP, counter += WIDE * QUARTERS) {
        count(b, &counters);
        y = encrypt_and_hash(k, b, y, at);
        xor_into(at, b);
    }
    y = ghash_ni_add(y, h, at, (size_t)(end - at));
    aes_ctr(&k->aes, nonce, counter, at, (size_t)(end - at));
    ghash_ni_tag(k, y, nonce, aad_n, n, tag);
}

static const struct gcm_form form = { set, seal, open };
const struct gcm_form *const gcm_vaes = &form;
#else
const struct gcm_form *const gcm_vaes = NULL;
#endif
