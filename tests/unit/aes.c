#include "crypto/aes.h"
#include "crypto/aes_sbox.h"
#include "tests/lib/check.h"

#include <sodium.h>
#include <string.h>

/* Everything below runs in each form that this processor has. */
static struct cpu cpu;

static struct aes_key key_of(const char *hex)
{
    struct aes_key k;
    uint8_t key[32];
    aes_set_key(&k, key, check_hex(hex, key, sizeof key), &cpu);
    return k;
}

/* FIPS 197 appendices B, C.1 and C.3 */
START_TEST(blocks_of_fips_197)
{
    static const struct { const char *key, *in, *out; } known[] = {
        { "2b7e151628aed2a6abf7158809cf4f3c",
          "3243f6a8885a308d313198a2e0370734", "3925841d02dc09fbdc118597196a0b32" },
        { "000102030405060708090a0b0c0d0e0f",
          "00112233445566778899aabbccddeeff", "69c4e0d86a7b0430d8cdb78070b4c55a" },
        { "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
          "00112233445566778899aabbccddeeff", "8ea2b7ca516745bfeafc49904b496089" },
    };
    for (size_t i = 0; i < 3; i++) {
        struct aes_key k = key_of(known[i].key);
        uint8_t block[16];
        static const uint8_t no_iv[16];
        check_hex(known[i].in, block, 16);
        aes_encrypt(&k, block, block);
        check_is_hex(block, 16, known[i].out);
        aes_cbc_decrypt(&k, no_iv, block, 16);
        check_is_hex(block, 16, known[i].in);
    }
}
END_TEST

/* --- The S-box, from its definition (FIPS 197 §5.1.1) --- */

static uint8_t times(uint8_t a, uint8_t b)
{
    unsigned product = 0;
    for (unsigned i = 0, power = a; i < 8; i++, power = power << 1 ^ (power >> 7) * 0x11b)
        product ^= (b >> i & 1) * power;
    return (uint8_t)product;
}

static uint8_t sbox(uint8_t a)
{
    uint8_t inverse = 1, out = 0x63;
    for (unsigned i = 0; i < 254; i++)                             /* a^254 is 1/a, and 0 for 0 */
        inverse = times(inverse, a);
    for (unsigned i = 0; i < 5; i++)
        out ^= (uint8_t)(inverse << i | inverse >> (8 - i));
    return out;
}

START_TEST(the_circuit_is_the_sbox)
{
    for (unsigned first = 0; first < 256; first += 64) {
        uint64_t in[8] = { 0 }, q[8];
        for (unsigned n = 0; n < 64; n++)
            for (unsigned i = 0; i < 8; i++)
                in[i] |= (uint64_t)((first + n) >> i & 1) << n;
        memcpy(q, in, sizeof q);
        aes_sub_bytes(q);
        for (unsigned n = 0; n < 64; n++) {
            unsigned out = 0;
            for (unsigned i = 0; i < 8; i++)
                out |= (unsigned)(q[i] >> n & 1) << i;
            ck_assert_uint_eq(out, sbox((uint8_t)(first + n)));
        }
        aes_inv_sub_bytes(q);
        check_bytes(q, in, sizeof q);
    }
}
END_TEST

/* --- SP 800-38A: F.2.1, F.2.5 (CBC) and F.5.1, F.5.5 (CTR) --- */

static const char plain[] = "6bc1bee22e409f96e93d7e117393172a ae2d8a571e03ac9c9eb76fac45af8e51"
                            "30c81c46a35ce411e5fbc1191a0a52ef f69f2445df4f9b17ad2b417be66c3710";
static const struct { const char *key, *cbc, *ctr; } sp800_38a[] = {
    { "2b7e151628aed2a6abf7158809cf4f3c",
      "7649abac8119b246cee98e9b12e9197d 5086cb9b507219ee95db113a917678b2"
      "73bed6b8e3c1743b7116e69e22229516 3ff1caa1681fac09120eca307586e1a7",
      "874d6191b620e3261bef6864990db6ce 9806f66b7970fdff8617187bb9fffdff"
      "5ae4df3edbd5d35e5b4f09020db03eab 1e031dda2fbe03d1792170a0f3009cee" },
    { "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
      "f58c4c04d6e5f1ba779eabfb5f7bfbd6 9cfc4e967edb808d679f777bc6702c7d"
      "39f23369a9d9bacfa530e26304231461 b2eb05e2c39be9fcda6c19078c6a9d1b",
      "601ec313775789a5b7a7f504bbf3d228 f443e3ca4d62b59aca84e990cacaf5c5"
      "2b0930daa23de94ce87017ba2d84988d dfc9c58db67aada613c2dd08457941a6" },
};

START_TEST(modes_of_sp_800_38a)
{
    for (size_t i = 0; i < 2; i++) {
        struct aes_key k = key_of(sp800_38a[i].key);
        uint8_t iv[16], nonce[12], data[64];
        check_hex("000102030405060708090a0b0c0d0e0f", iv, 16);
        check_hex("f0f1f2f3f4f5f6f7f8f9fafb", nonce, 12);
        check_hex(plain, data, 64);
        aes_cbc_encrypt(&k, iv, data, 64);
        check_is_hex(data, 64, sp800_38a[i].cbc);
        aes_cbc_decrypt(&k, iv, data, 64);
        check_is_hex(data, 64, plain);
        aes_ctr(&k, nonce, 0xfcfdfeff, data, 64);
        check_is_hex(data, 64, sp800_38a[i].ctr);
    }
}
END_TEST

/* --- Many blocks at once are many blocks --- */

static const uint8_t seed[randombytes_SEEDBYTES] = "aes";

/* Counter mode of every length is AES of each counter, octet for octet; the counter wraps (inc32) and touches
 * no nonce. */
START_TEST(ctr_is_aes_of_the_counters)
{
    struct aes_key k = key_of("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4");
    uint8_t nonce[12], want[208], data[208], block[16];
    const uint32_t first = 0xfffffffa;
    randombytes_buf_deterministic(nonce, sizeof nonce, seed);
    for (uint32_t b = 0; b < sizeof want / 16; b++) {
        memcpy(block, nonce, 12);
        for (unsigned i = 0; i < 4; i++)
            block[12 + i] = (uint8_t)((first + b) >> (24 - 8 * i));
        aes_encrypt(&k, block, want + 16 * b);
    }
    for (size_t n = 0; n <= sizeof data; n++) {
        memset(data, 0, sizeof data);
        aes_ctr(&k, nonce, first, data, n);
        check_bytes(data, want, n);
        ck_assert(n == sizeof data || sodium_is_zero(data + n, sizeof data - n));
    }
}
END_TEST

START_TEST(cbc_of_every_length_comes_back)
{
    struct aes_key k = key_of("2b7e151628aed2a6abf7158809cf4f3c");
    uint8_t iv[16], text[1200], data[1200], block[16];
    randombytes_buf_deterministic(iv, sizeof iv, seed);
    randombytes_buf_deterministic(text, sizeof text, seed);
    for (size_t n = 0; n <= sizeof text; n += 16) {
        memcpy(data, text, sizeof text);
        aes_cbc_encrypt(&k, iv, data, n);
        for (size_t at = 0; at < n; at += 16) {                    /* C_j = AES(P_j ^ C_j-1) */
            for (size_t i = 0; i < 16; i++)
                block[i] = text[at + i] ^ (at ? data[at - 16 + i] : iv[i]);
            aes_encrypt(&k, block, block);
            check_bytes(data + at, block, 16);
        }
        check_bytes(data + n, text + n, sizeof text - n);
        aes_cbc_decrypt(&k, iv, data, n);
        check_bytes(data, text, sizeof text);
    }
}
END_TEST

static int run(const char *form)
{
    char name[32];
    snprintf(name, sizeof name, "aes %s", form);
    return cpu_force(&cpu, form) ? check_run(name, (const TTest *[]){
        blocks_of_fips_197, the_circuit_is_the_sbox, modes_of_sp_800_38a, ctr_is_aes_of_the_counters,
        cbc_of_every_length_comes_back, NULL }) : 0;
}

int main(void) { return run("portable") | run("aesni") | run("vaes512"); }
