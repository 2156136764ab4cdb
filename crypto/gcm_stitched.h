/* gcm_stitched.h - GCM with the processor's own instructions, in whatever width its registers have: the text of
 * gcm_ni.c (16 octets, one block), gcm_vaes.c (32) and gcm_vaes512.c (64). Each of them says what a register is and
 * what is done with one, then includes this, which ends in the functions of a struct gcm_form.
 *
 *     wide                                a register of WIDE octets, blocks side by side
 *     TARGET, INLINE                      for processors that have these instructions; static inline
 *     everywhere(v), alone(v)             one block in all places; in the first one, zeros in the others
 *     load_wide, store_wide               whole registers, anywhere in memory
 *     load_some, store_some, cut          n octets of one, fewer than WIDE; zeros take the place of the others
 *     encrypt_round, encrypt_last         of AES, on each block
 *     reversed_wide                       the octets of each block, backwards
 *     add_wide(&product, a, b)            a product without carries for each block (struct wide_product)
 *     reduced_wide(&product)              the sum of all of them, reduced (gcm_ni.h)
 *     add_counters(c, n)                  n more on the lowest 32 bits of each block
 *     first_counters(n)                   n, n + 1, n + 2 ... in the lowest 32 bits of the blocks
 *
 * Rounds of AES and products use different parts of the processor, and each waits some cycles for its result, while
 * others can begin. So eight registers go through AES side by side, and after each of the first eight rounds one
 * register of ciphertext is hashed: a sealer's is what it made before, an opener's what it is about to open. The
 * products are summed up as they are and reduced once for the eight (gcm_ni.h). What is left over at the end, less
 * than eight registers, is hashed in one sum with the lengths. */
#ifndef CRYPTO_GCM_STITCHED_H
#define CRYPTO_GCM_STITCHED_H

enum { BLOCKS = WIDE / AES_BLOCK, REGISTERS = 8, HALF = 4, GROUP = WIDE * REGISTERS };
_Static_assert(BLOCKS * REGISTERS < GCM_POWERS, "a power for each block of a group, and one for the lengths");

INLINE wide round_key(const struct gcm_key *k, unsigned r) { return everywhere(load(k->aes.u.plain[r])); }

INLINE size_t lesser(size_t a, size_t b) { return a < b ? a : b; }

/* --- The hash --- */

/* Adds BLOCKS blocks, octets reversed, the first of which meets H^power. Behind H lie zeros. */
INLINE void hash_register(struct wide_product *p, const struct gcm_key *k, size_t power, wide blocks)
{
    add_wide(p, blocks, load_wide(k->u.powers[GCM_POWERS - power]));
}

INLINE wide load_up_to(const uint8_t *at, size_t n) { return n < WIDE ? load_some(at, n) : load_wide(at); }

/* y with n octets more, filled up with zeros to whole blocks: a sum for each group. */
TARGET static __m128i hash_octets(const struct gcm_key *k, __m128i y, const uint8_t *at, size_t n)
{
    while (n > 0) {
        struct wide_product p = nothing();
        const uint8_t *end = at + lesser(n, GROUP);
        size_t power = blocks_of((size_t)(end - at));
        n -= (size_t)(end - at);
        for (wide before = alone(y); at < end; power -= BLOCKS, before = alone(_mm_setzero_si128())) {
            size_t take = lesser((size_t)(end - at), WIDE);
            hash_register(&p, k, power, reversed_wide(load_up_to(at, take)) ^ before);
            at += take;
        }
        y = reduced_wide(&p);
    }
    return y;
}

/* --- Counter mode --- */

/* Counter blocks, octets reversed, so that they can be counted (SP 800-38D inc32); and into AES with them. */
INLINE void start(const struct gcm_key *k, wide b[REGISTERS], unsigned registers, wide *counters)
{
    const wide key = round_key(k, 0);
#pragma GCC unroll 8
    for (unsigned i = 0; i < registers; i++) {
        b[i] = reversed_wide(*counters) ^ key;
        *counters = add_counters(*counters, BLOCKS);
    }
}

INLINE void one_round(const struct gcm_key *k, wide b[REGISTERS], unsigned registers, unsigned r)
{
    const wide key = round_key(k, r);
#pragma GCC unroll 8
    for (unsigned i = 0; i < registers; i++)
        b[i] = encrypt_round(b[i], key);
}

INLINE void last_round_into(const struct gcm_key *k, const wide b[REGISTERS], uint8_t *at)
{
    const wide key = round_key(k, k->aes.rounds);
#pragma GCC unroll 8
    for (unsigned i = 0; i < REGISTERS; i++, at += WIDE)
        store_wide(at, encrypt_last(b[i], key ^ load_wide(at)));   /* the last round ends with an xor of its key */
}

INLINE void encrypt_group(const struct gcm_key *k, wide *counters, uint8_t *at)
{
    wide b[REGISTERS];
    start(k, b, REGISTERS, counters);
    for (unsigned r = 1; r < k->aes.rounds; r++)
        one_round(k, b, REGISTERS, r);
    last_round_into(k, b, at);
}

/* --- Both at once --- */

/* As encrypt_group, while y takes in the group at `hashed`. */
INLINE __m128i encrypt_and_hash(const struct gcm_key *k, wide *counters, uint8_t *at, __m128i y, const uint8_t *hashed)
{
    wide b[REGISTERS], before = alone(y);
    struct wide_product p = nothing();
    unsigned r = 1;
    start(k, b, REGISTERS, counters);
#pragma GCC unroll 8
    for (; r <= REGISTERS; r++, hashed += WIDE, before = alone(_mm_setzero_si128())) {
        one_round(k, b, REGISTERS, r);
        hash_register(&p, k, BLOCKS * (REGISTERS + 1 - r), reversed_wide(load_wide(hashed)) ^ before);
    }
    for (; r < k->aes.rounds; r++)
        one_round(k, b, REGISTERS, r);
    y = reduced_wide(&p);
    last_round_into(k, b, at);
    return y;
}

/* Up to WIDE octets: into AES's last round, out, and into the hash. */
INLINE void finish_register(const struct gcm_key *k, wide b, uint8_t *at, size_t n, struct wide_product *p,
                            size_t power, wide before, bool opening)
{
    wide in = load_up_to(at, n), out = encrypt_last(b, round_key(k, k->aes.rounds) ^ in);
    if (n < WIDE) {
        out = cut(out, n);
        store_some(at, n, out);
    } else {
        store_wide(at, out);
    }
    hash_register(p, k, power, reversed_wide(opening ? in : out) ^ before);
}

/* The last n octets, less than a group, and the hash with them and the lengths, in one sum. */
INLINE __m128i finish(const struct gcm_key *k, wide counters, uint8_t *at, size_t n, __m128i y, __m128i lengths,
                      bool opening)
{
    struct wide_product p = nothing();
    wide b[REGISTERS], before = alone(y);
    for (size_t power = blocks_of(n) + 1; n > 0;) {
        start(k, b, HALF, &counters);
        for (unsigned r = 1; r < k->aes.rounds; r++)
            one_round(k, b, HALF, r);
#pragma GCC unroll 8
        for (unsigned i = 0; i < HALF; i++)
            if (n > 0) {
                size_t take = lesser(n, WIDE);
                finish_register(k, b[i], at, take, &p, power, before, opening);
                before = alone(_mm_setzero_si128());
                at += take;
                n -= take;
                power -= BLOCKS;
            }
    }
    hash_register(&p, k, 1, alone(lengths) ^ before);
    return reduced_wide(&p);
}

TARGET static void crypt(const struct gcm_key *k, const uint8_t nonce[12], const void *aad, size_t aad_n, void *data,
                         size_t n, uint8_t tag[16], bool opening)
{
    const __m128i front = nonce_block(nonce), lengths = lengths_block(aad_n, n);
    const size_t behind = opening ? 0 : GROUP;         /* a sealer hashes what it made before */
    wide counters = everywhere(reversed(front)) ^ first_counters(2);
    __m128i y = hash_octets(k, _mm_setzero_si128(), aad, aad_n);
    uint8_t *at = data, *const end = at + n;
    if (!opening && n >= GROUP) {
        encrypt_group(k, &counters, at);
        at += GROUP;
    }
    for (; (size_t)(end - at) >= GROUP; at += GROUP)
        y = encrypt_and_hash(k, &counters, at, y, at - behind);
    if (!opening && n >= GROUP)
        y = hash_octets(k, y, at - GROUP, GROUP);
    y = finish(k, counters, at, (size_t)(end - at), y, lengths, opening);
    /* The mask last: made before, it would wait on the stack, and stay there; with the tag it tells of H. */
    store(tag, _mm_xor_si128(reversed(y), encrypt_one(&k->aes, counter_block(front, 1))));
}

/* The powers of H, the highest first, and behind them zeros. From H^4 on each is made of the fourth one before it, so
 * that four are on their way at a time. */
TARGET static void set(struct gcm_key *k)
{
    enum { APART = 4 };
    const __m128i h = ghash_ni_key(reversed(encrypt_one(&k->aes, _mm_setzero_si128())));
    __m128i power[APART] = { h };
    for (unsigned i = 1; i < APART; i++)
        power[i] = dot(power[i - 1], h);
    const __m128i step = power[APART - 1];
    memset(k->u.powers, 0, sizeof k->u.powers);
    for (unsigned i = 0; i < GCM_POWERS; i++) {
        store(k->u.powers[GCM_POWERS - 1 - i], power[i % APART]);
        power[i % APART] = dot(power[i % APART], step);
    }
}

TARGET static void seal(const struct gcm_key *k, const uint8_t nonce[12], const void *aad, size_t aad_n, void *data,
                        size_t n, uint8_t tag[16])
{
    crypt(k, nonce, aad, aad_n, data, n, tag, false);
}

TARGET static void open(const struct gcm_key *k, const uint8_t nonce[12], const void *aad, size_t aad_n, void *data,
                        size_t n, uint8_t tag[16])
{
    crypt(k, nonce, aad, aad_n, data, n, tag, true);
}

#endif
