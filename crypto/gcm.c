/* The portable form, and the choice between the forms. */
#include "crypto/gcm_form.h"
#include "crypto/octets.h"

#include <sodium.h>
#include <string.h>

static void set(struct gcm_key *k)
{
    uint8_t h[AES_BLOCK] = { 0 };
    aes_encrypt(&k->aes, h, h);                                    /* the hash subkey H: zeros, enciphered */
    ghash_set_key(&k->u.ghash, h);
    sodium_memzero(h, sizeof h);
}

/* T = GHASH(aad || ciphertext || both lengths in bits) ^ AES(J0), where J0 is the counter block number 1
 * (§7.1 steps 5 and 6). */
static void make_tag(const struct gcm_key *k, const uint8_t nonce[12], const void *aad, size_t aad_n, const void *data,
                     size_t n, uint8_t tag[16])
{
    uint8_t lengths[16];
    store_be64(lengths, (uint64_t)aad_n * 8);
    store_be64(lengths + 8, (uint64_t)n * 8);
    memset(tag, 0, 16);
    ghash_add(&k->u.ghash, tag, aad, aad_n);
    ghash_add(&k->u.ghash, tag, data, n);
    ghash_add(&k->u.ghash, tag, lengths, sizeof lengths);
    aes_ctr(&k->aes, nonce, 1, tag, 16);
}

static void seal(const struct gcm_key *k, const uint8_t nonce[12], const void *aad, size_t aad_n, void *data, size_t n,
                 uint8_t tag[16])
{
    aes_ctr(&k->aes, nonce, 2, data, n);
    make_tag(k, nonce, aad, aad_n, data, n, tag);
}

static void open(const struct gcm_key *k, const uint8_t nonce[12], const void *aad, size_t aad_n, void *data, size_t n,
                 uint8_t tag[16])
{
    make_tag(k, nonce, aad, aad_n, data, n, tag);
    aes_ctr(&k->aes, nonce, 2, data, n);
}

const struct gcm_form gcm_portable = { "portable", set, seal, open };

static const struct gcm_form *best(const struct cpu *cpu)
{
    return gcm_vaes512 && cpu_may(cpu, CPU_VAES512) ? gcm_vaes512
         : gcm_vaes && cpu_may(cpu, CPU_VAES)       ? gcm_vaes
         : gcm_ni && cpu_may(cpu, CPU_AES_NI)       ? gcm_ni : &gcm_portable;
}

const char *gcm_form_name(const struct cpu *cpu) { return best(cpu)->name; }

void gcm_set_key(struct gcm_key *k, const uint8_t *key, size_t n, const struct cpu *cpu)
{
    k->form = best(cpu);
    aes_set_key(&k->aes, key, n, cpu);
    k->form->set(k);
}

void gcm_seal(const struct gcm_key *k, const uint8_t nonce[12], const void *aad, size_t aad_n, void *data, size_t n,
              uint8_t tag[16])
{
    k->form->seal(k, nonce, aad, aad_n, data, n, tag);
}

void gcm_open(const struct gcm_key *k, const uint8_t nonce[12], const void *aad, size_t aad_n, void *data, size_t n,
              uint8_t tag[16])
{
    k->form->open(k, nonce, aad, aad_n, data, n, tag);
}
