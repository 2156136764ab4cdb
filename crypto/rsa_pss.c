/* RSASSA-PSS (RFC 8017 §8.1, §9.1) over the numbers of rsa_number.h, with MGF1 over the hash that made the digest and a
 * salt as long as it: what TLS signs with (RFC 8446 §4.2.3). With H = Hash(eight zeros, digest, salt), EM is
 *     (00 ... 00 01 salt) xor MGF1(H)    H    bc
 * and has one bit less than the modulus, so that it is below it. */
#include "crypto/ct.h"
#include "crypto/hash.h"
#include "crypto/rsa.h"
#include "crypto/rsa_number.h"

#include <sodium.h>
#include <string.h>

enum { TRAILER = 0xbc };

/* Where things lie in n_size octets. With a modulus of 8 k + 1 bits EM is an octet shorter than it, and a zero stands
 * in front; else its first octet has less than 8 bits. */
struct layout { size_t n, front, db, h, digest; uint8_t first; };

/* False: the key has no room for the two digests. */
static bool lay_out(const struct rsa_public *key, enum hash_kind hash, struct layout *l)
{
    l->n = key->n_size;
    l->digest = hash_size(hash);
    l->front = key->n[0] == 1;
    l->first = 0xff;
    for (unsigned top = key->n[0]; !l->front && !(top & 0x80); top <<= 1)
        l->first >>= 1;
    l->first = l->front ? 0xff : l->first >> 1;        /* emBits is modBits - 1 */
    l->db = l->front;
    l->h = l->n - 1 - l->digest;
    return l->n - l->front >= 2 * l->digest + 2;
}

/* MGF1, §B.2.1: hashes of H and a counter, one behind the other, xored upon `to`. */
static void mask(enum hash_kind hash, const uint8_t *h, uint8_t *to, size_t n, const struct cpu *cpu)
{
    const size_t size = hash_size(hash);
    uint8_t block[HASH_MAX];
    for (size_t at = 0, counter = 0; at < n; at += size, counter++) {
        const uint8_t octets[4] = { 0, 0, 0, (uint8_t)counter };           /* 512 octets are at most 26 blocks */
        struct hash state;
        hash_start(&state, hash, cpu);
        hash_add(&state, h, size);
        hash_add(&state, octets, sizeof octets);
        hash_end(&state, block);
        for (size_t i = 0; i < size && at + i < n; i++)
            to[at + i] ^= block[i];
    }
}

static void encode(const struct layout *l, enum hash_kind hash, const uint8_t *digest, const uint8_t *salt, uint8_t *em,
                   const struct cpu *cpu)
{
    static const uint8_t zeros[8];
    struct hash state;
    hash_start(&state, hash, cpu);
    hash_add(&state, zeros, sizeof zeros);
    hash_add(&state, digest, l->digest);
    hash_add(&state, salt, l->digest);
    hash_end(&state, em + l->h);
    memset(em, 0, l->h);
    em[l->h - l->digest - 1] = 1;
    memcpy(em + l->h - l->digest, salt, l->digest);
    mask(hash, em + l->h, em + l->db, l->h - l->db, cpu);
    em[l->db] &= l->first;
    em[l->n - 1] = TRAILER;
}

/* With a salt of known length there is one place where it can be: it is taken from there, and EM is built again and
 * compared, instead of being parsed as §9.1.2 does. */
bool rsa_verify_pss(const struct rsa_public *key, enum hash_kind hash, const uint8_t *digest, const uint8_t *sig,
                    size_t sig_n, const struct cpu *cpu)
{
    struct layout l;
    uint8_t want[RSA_MAX], have[RSA_MAX], db[RSA_MAX];
    if (!rsa_public_valid(key) || sig_n != key->n_size || !lay_out(key, hash, &l))
        return false;
    ct_mask right = rsa_raise_public(key, sig, have, cpu);
    memcpy(db, have, l.h);
    mask(hash, have + l.h, db + l.db, l.h - l.db, cpu);
    encode(&l, hash, digest, db + l.h - l.digest, want, cpu);
    return ct_tell(right & ct_same(have, want, l.n));  /* the answer; all of this is public */
}

bool rsa_sign_pss(const struct rsa_private *key, struct chance *chance, enum hash_kind hash, const uint8_t *digest,
                  uint8_t *sig, const struct cpu *cpu)
{
    struct layout l;
    uint8_t em[RSA_MAX], salt[HASH_MAX];
    if (!rsa_public_valid(&key->pub) || !lay_out(&key->pub, hash, &l))
        return false;
    chance_fill(chance, "pss_salt", salt, l.digest);
    encode(&l, hash, digest, salt, em, cpu);
    return ct_tell(rsa_undo(key, chance, em, sig, cpu));    /* as in rsa_sign */
}
