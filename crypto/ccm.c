#include "crypto/ccm.h"

#include "crypto/ct.h"
#include "crypto/octets.h"

#include <sodium.h>
#include <string.h>

enum { LENGTH = 3 };                                  /* octets of the counter and of the length: q = 15 - 12 */

void ccm_set_key(struct ccm_key *k, const uint8_t *key, size_t n, unsigned tag, const struct cpu *cpu)
{
    aes_set_key(&k->aes, key, n, cpu);
    k->tag = tag;
}

/* CBC-MAC over more octets, with zeros up to a whole block. */
struct mac { const struct aes_key *aes; uint8_t block[AES_BLOCK]; size_t have; };

static void mac_add(struct mac *m, const uint8_t *data, size_t n)
{
    while (n) {
        size_t take = AES_BLOCK - m->have < n ? AES_BLOCK - m->have : n;
        for (size_t i = 0; i < take; i++)
            m->block[m->have + i] ^= data[i];
        data += take;
        n -= take;
        m->have += take;
        if (m->have == AES_BLOCK) {
            aes_encrypt(m->aes, m->block, m->block);
            m->have = 0;
        }
    }
}

static void mac_pad(struct mac *m)
{
    if (m->have)
        aes_encrypt(m->aes, m->block, m->block);
    m->have = 0;
}

/* SP 800-38C appendix A.2: flags, nonce and length; then the aad behind its own length of 2 octets; then the text. */
static void mac_all(const struct ccm_key *k, const uint8_t nonce[CCM_NONCE], const void *aad, size_t aad_n,
                    const void *data, size_t n, uint8_t mac[AES_BLOCK])
{
    uint8_t first[AES_BLOCK];
    const uint8_t aad_length[2] = { (uint8_t)(aad_n >> 8), (uint8_t)aad_n };
    struct mac m = { &k->aes, { 0 }, 0 };
    first[0] = (uint8_t)((aad_n ? 64 : 0) + (k->tag - 2) / 2 * 8 + LENGTH - 1);
    memcpy(first + 1, nonce, CCM_NONCE);
    first[13] = (uint8_t)(n >> 16);
    first[14] = (uint8_t)(n >> 8);
    first[15] = (uint8_t)n;
    mac_add(&m, first, sizeof first);
    if (aad_n) {
        mac_add(&m, aad_length, sizeof aad_length);
        mac_add(&m, aad, aad_n);
        mac_pad(&m);
    }
    mac_add(&m, data, n);
    mac_pad(&m);
    memcpy(mac, m.block, AES_BLOCK);
    sodium_memzero(&m, sizeof m);
}

/* Counter blocks (appendix A.3) are flags, nonce and a counter of 3 octets; aes_ctr has 12 octets and a counter of 4,
 * which begins with the nonce's last octet. 2^24 - 1 blocks do not reach it. */
static void counter_mode(const struct ccm_key *k, const uint8_t nonce[CCM_NONCE], uint32_t counter, void *data,
                         size_t n)
{
    uint8_t front[12] = { LENGTH - 1 };
    memcpy(front + 1, nonce, CCM_NONCE - 1);
    aes_ctr(&k->aes, front, (uint32_t)nonce[CCM_NONCE - 1] << 24 | counter, data, n);
}

void ccm_seal(const struct ccm_key *k, const uint8_t nonce[CCM_NONCE], const void *aad, size_t aad_n, void *data,
              size_t n, uint8_t *tag)
{
    uint8_t mac[AES_BLOCK];
    mac_all(k, nonce, aad, aad_n, data, n, mac);
    counter_mode(k, nonce, 1, data, n);
    counter_mode(k, nonce, 0, mac, sizeof mac);
    memcpy(tag, mac, k->tag);
    sodium_memzero(mac, sizeof mac);
}

bool ccm_open(const struct ccm_key *k, const uint8_t nonce[CCM_NONCE], const void *aad, size_t aad_n, void *data,
              size_t n, const uint8_t *tag)
{
    uint8_t mac[AES_BLOCK];
    counter_mode(k, nonce, 1, data, n);
    mac_all(k, nonce, aad, aad_n, data, n, mac);
    counter_mode(k, nonce, 0, mac, sizeof mac);
    bool good = ct_tell(ct_same(mac, tag, k->tag));
    if (!good && n)
        memset(data, 0, n);
    return good;
}
