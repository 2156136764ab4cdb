/* AES with VAES on 512 bits: CBC decryption, four blocks in a register and eight registers side by side. All else is
 * as in aes_ni.c: CBC encryption has nothing to do side by side, and counter mode is used for single blocks only where
 * GCM has a form of its own (gcm_vaes512.c). */
#include "crypto/aes_form.h"
#include "crypto/cpu.h"

#ifdef CPU_FORMS
#include "crypto/aes_ni.h"

#include <sodium.h>

#define TARGET __attribute__((target("aes,pclmul,ssse3,sse4.1,avx512f,avx512bw,avx512dq,avx512vl,vaes,vpclmulqdq")))
enum { REGISTERS = 8, WIDE = 64 };

TARGET static inline __m512i round_key(const __m128i back[AES_ROUND_KEYS], unsigned r)
{
    return _mm512_broadcast_i32x4(back[r]);
}

TARGET static inline void decrypt_registers(const __m128i back[AES_ROUND_KEYS], unsigned rounds, __m512i b[REGISTERS])
{
#pragma GCC unroll 8
    for (unsigned i = 0; i < REGISTERS; i++)
        b[i] ^= round_key(back, 0);
    for (unsigned r = 1; r < rounds; r++)
#pragma GCC unroll 8
        for (unsigned i = 0; i < REGISTERS; i++)
            b[i] = _mm512_aesdec_epi128(b[i], round_key(back, r));
#pragma GCC unroll 8
    for (unsigned i = 0; i < REGISTERS; i++)
        b[i] = _mm512_aesdeclast_epi128(b[i], round_key(back, rounds));
}

/* P_j = AES^-1(C_j) ^ C_j-1 (SP 800-38A §6.2): the blocks before those in a register are its own, moved up by one, with
 * the last one of the register before. Read and written under masks, so that some registers may be idle. */
TARGET static void cbc_decrypt(const struct aes_key *k, const uint8_t iv[16], void *data, size_t n)
{
    __m128i back[AES_ROUND_KEYS];
    __m512i b[REGISTERS], sealed[REGISTERS], last = _mm512_broadcast_i32x4(load(iv));
    aes_ni_turn_around(k, back);
    for (uint8_t *at = data, *end = at + n; at < end; at += WIDE * REGISTERS) {
        const size_t left = (size_t)(end - at);
        __mmask64 there[REGISTERS];
#pragma GCC unroll 8
        for (unsigned i = 0; i < REGISTERS; i++) {
            size_t here = left < WIDE * i ? 0 : left - WIDE * i;
            there[i] = here < WIDE ? ((__mmask64)1 << here) - 1 : ~(__mmask64)0;
            b[i] = sealed[i] = _mm512_maskz_loadu_epi8(there[i], at + WIDE * i);
        }
        decrypt_registers(back, k->rounds, b);
#pragma GCC unroll 8
        for (unsigned i = 0; i < REGISTERS; i++) {
            _mm512_mask_storeu_epi8(at + WIDE * i, there[i], b[i] ^ _mm512_alignr_epi64(sealed[i], last, 6));
            last = sealed[i];
        }
    }
    sodium_memzero(back, sizeof back);
}

static uint32_t sub_word(uint32_t word) { return aes_ni->sub_word(word); }

static void set(struct aes_key *k, const uint8_t round_keys[AES_ROUND_KEYS][AES_BLOCK]) { aes_ni->set(k, round_keys); }

static void encrypt(const struct aes_key *k, const uint8_t in[16], uint8_t out[16]) { aes_ni->encrypt(k, in, out); }

static void ctr(const struct aes_key *k, const uint8_t nonce[12], uint32_t counter, void *data, size_t n)
{
    aes_ni->ctr(k, nonce, counter, data, n);
}

static void cbc_encrypt(const struct aes_key *k, const uint8_t iv[16], void *data, size_t n)
{
    aes_ni->cbc_encrypt(k, iv, data, n);
}

static const struct aes_form form = { "vaes512", sub_word, set, encrypt, ctr, cbc_encrypt, cbc_decrypt };
const struct aes_form *const aes_vaes512 = &form;
#else
const struct aes_form *const aes_vaes512 = NULL;
#endif
