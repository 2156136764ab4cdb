/* The key schedule, and the choice between the forms. */
#include "crypto/aes_form.h"
#include "crypto/octets.h"

#include <sodium.h>

/* FIPS 197 §5.2, in words whose octet 0 is lowest. */
static void expand(const struct aes_form *form, uint8_t round_keys[AES_ROUND_KEYS][AES_BLOCK], unsigned rounds,
                   const uint8_t *key, unsigned nk)
{
    uint32_t w[4 * AES_ROUND_KEYS], rcon = 1;
    for (unsigned i = 0; i < nk; i++)
        w[i] = load_le32(key + 4 * i);
    for (unsigned i = nk; i < 4 * (rounds + 1); i++) {
        uint32_t t = w[i - 1];
        if (i % nk == 0) {
            t = form->sub_word(t >> 8 | t << 24) ^ rcon;           /* RotWord takes octet 0 to the end */
            rcon = rcon << 1 ^ (rcon >> 7) * 0x11b;
        } else if (nk == 8 && i % nk == 4) {
            t = form->sub_word(t);
        }
        w[i] = w[i - nk] ^ t;
    }
    for (unsigned i = 0; i < 4 * (rounds + 1); i++)
        store_le32(&round_keys[i / 4][4 * (i % 4)], w[i]);
    sodium_memzero(w, sizeof w);
}

static const struct aes_form *best(const struct cpu *cpu)
{
    return aes_vaes512 && cpu_may(cpu, CPU_VAES512) ? aes_vaes512
         : aes_ni && cpu_may(cpu, CPU_AES_NI)       ? aes_ni : &aes_sliced;
}

void aes_set_key(struct aes_key *k, const uint8_t *key, size_t n, const struct cpu *cpu)
{
    uint8_t round_keys[AES_ROUND_KEYS][AES_BLOCK] = { { 0 } };
    k->form = best(cpu);
    k->rounds = (unsigned)n / 4 + 6;
    expand(k->form, round_keys, k->rounds, key, (unsigned)n / 4);
    k->form->set(k, round_keys);
    sodium_memzero(round_keys, sizeof round_keys);
}

void aes_encrypt(const struct aes_key *k, const uint8_t in[16], uint8_t out[16]) { k->form->encrypt(k, in, out); }

void aes_ctr(const struct aes_key *k, const uint8_t nonce[12], uint32_t counter, void *data, size_t n)
{
    k->form->ctr(k, nonce, counter, data, n);
}

void aes_cbc_encrypt(const struct aes_key *k, const uint8_t iv[16], void *data, size_t n)
{
    k->form->cbc_encrypt(k, iv, data, n);
}

void aes_cbc_decrypt(const struct aes_key *k, const uint8_t iv[16], void *data, size_t n)
{
    k->form->cbc_decrypt(k, iv, data, n);
}

const char *aes_cbc_form_name(const struct cpu *cpu)
{
    return best(cpu)->name;
}
