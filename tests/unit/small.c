/* The forms for little room (crypto/cpu.h), which no program here runs but the one of `make size`: they do what those
 * do that run elsewhere, octet for octet. */
#include "crypto/chacha20_form.h"
#include "crypto/ed25519_form.h"
#include "crypto/field25519.h"
#include "crypto/hash_form.h"
#include "crypto/x25519_form.h"
#include "tests/lib/check.h"

#include <sodium.h>
#include <string.h>

/* The same octets every time; in every third, a run of ones, in every other third of zeros. */
static void octets_of(uint32_t seed, uint8_t *octets, size_t n)
{
    uint8_t seeds[randombytes_SEEDBYTES] = { 0 };
    memcpy(seeds, &seed, sizeof seed);
    randombytes_buf_deterministic(octets, n, seeds);
    const size_t from = octets[0] % n, many = octets[1] % (n + 1 - from);
    if (seed % 3)
        memset(octets + from, seed % 3 == 1 ? 0xff : 0, many);
}

START_TEST(sha2)
{
    static const struct hash_form *const pairs[][2] = { { &sha256_portable, &sha256_sodium },
                                                        { &sha512_portable, &sha512_sodium } };
    uint8_t data[4 * 128];
    for (uint32_t i = 0; i < 600; i++) {
        union hash_value h[2];
        octets_of(i, data, sizeof data);
        octets_of(i + 1, (uint8_t *)&h[0], sizeof h[0]);
        h[1] = h[0];
        for (int f = 0; f < 2; f++)
            pairs[i % 2][f]->blocks(&h[f], data, i % 5);
        check_bytes(&h[0], &h[1], i % 2 ? 64 : 32);
    }
}
END_TEST

START_TEST(chacha20_poly1305)
{
    uint8_t key[32], nonce[12], aad[40], data[600], sealed[2][600], tag[2][16];
    for (uint32_t i = 0; i < 600; i++) {
        octets_of(i, key, sizeof key);
        octets_of(i + 1, nonce, sizeof nonce);
        octets_of(i + 2, aad, sizeof aad);
        octets_of(i, data, sizeof data);
        memcpy(sealed[0], data, sizeof data);
        memcpy(sealed[1], data, sizeof data);
        chacha20_portable.seal(key, nonce, aad, i % 41, sealed[0], i, tag[0]);
        chacha20_sodium.seal(key, nonce, aad, i % 41, sealed[1], i, tag[1]);
        check_bytes(sealed[0], sealed[1], sizeof data);
        check_bytes(tag[0], tag[1], 16);
        ck_assert(chacha20_portable.open(key, nonce, aad, i % 41, sealed[0], i, tag[0]));
        check_bytes(sealed[0], data, sizeof data);
        tag[1][i % 16] ^= (uint8_t)(1 << i % 8);
        ck_assert(!chacha20_portable.open(key, nonce, aad, i % 41, sealed[1], i, tag[1]));
    }
}
END_TEST

/* Numbers around p and 2^255, which have more than one form. */
START_TEST(elements_around_p)
{
    uint8_t octets[32], back[32];
    for (unsigned top = 0xec; top <= 0xff; top++) {
        struct f25519 x, zero = { { 0 } };
        memset(octets, 0xff, sizeof octets);
        octets[0] = (uint8_t)top;
        octets[31] = 0x7f;
        f25519_read(&x, octets);
        f25519_write(&x, back);
        memset(octets, 0, sizeof octets);
        octets[0] = (uint8_t)(top - 0xed);
        if (top > 0xec)
            check_bytes(back, octets, 32);             /* p + 0, 1, ... 18 */
        f25519_sub(&x, &zero, &x);
        f25519_sub(&x, &zero, &x);
        f25519_write(&x, octets);
        check_bytes(octets, back, 32);
    }
}
END_TEST

START_TEST(x25519)
{
    for (uint32_t i = 0; i < 400; i++) {
        uint8_t scalar[32], point[32], have[32], want[32] = { 0 };
        octets_of(i, scalar, 32);
        octets_of(i / 3, point, 32);
        if (i % 50 == 0) {                             /* 0 to 7, and p + 0 to p + 7 */
            memset(point, i % 100 ? 0xff : 0, 32);
            point[0] = (uint8_t)(i / 50 + (i % 100 ? 0xed : 0));
        }
        if (crypto_scalarmult_curve25519(want, scalar, point))
            memset(want, 0, 32);                       /* refused */
        x25519_portable.shared(scalar, point, have);
        check_bytes(have, want, 32);
        crypto_scalarmult_curve25519_base(want, scalar);
        x25519_portable.public(scalar, have);
        check_bytes(have, want, 32);
    }
}
END_TEST

/* Signed as libsodium signs; and whatever is changed, judged alike. */
START_TEST(ed25519)
{
    for (uint32_t i = 0; i < 100; i++) {
        uint8_t seed[32], key[2][32], message[200], sig[2][64];
        octets_of(i, seed, 32);
        octets_of(i + 1, message, sizeof message);
        ed25519_public(seed, key[0]);
        ed25519_portable.public(seed, key[1]);
        check_bytes(key[1], key[0], 32);
        ed25519_sign(seed, message, i, sig[0]);
        ed25519_portable.sign(seed, message, i, sig[1]);
        check_bytes(sig[1], sig[0], 64);
        ck_assert(ed25519_portable.verify(key[0], message, i, sig[0]));
        sig[0][i * 7 % 64] ^= (uint8_t)(1 << i % 8);
        ck_assert(!ed25519_portable.verify(key[0], message, i, sig[0]));
        sig[0][i * 7 % 64] ^= (uint8_t)(1 << i % 8);
        key[0][i % 32] ^= (uint8_t)(1 << i % 8);
        ck_assert(!ed25519_portable.verify(key[0], message, i, sig[0]));
        ck_assert(!ed25519_portable.verify(key[1], message, i + 1, sig[0]));
    }
}
END_TEST

/* S + L is the same number, and another signature. */
START_TEST(ed25519_has_one_s)
{
    static const uint8_t order[32] = {
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, [31] = 0x10 };
    uint8_t seed[32] = { 1 }, key[32], sig[64];
    ed25519_public(seed, key);
    ed25519_sign(seed, "m", 1, sig);
    ck_assert(ed25519_portable.verify(key, "m", 1, sig));
    unsigned over = 0;
    for (int i = 0; i < 32; i++) {
        over += sig[32 + i] + order[i];
        sig[32 + i] = (uint8_t)over;
        over >>= 8;
    }
    ck_assert(!ed25519_portable.verify(key, "m", 1, sig));
}
END_TEST

/* Keys and R of small order, also in their other form: with S = 0 the equation holds for some of them. */
START_TEST(ed25519_points_of_small_order)
{
    static const char *const small[] = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a" };
    enum { SMALL = sizeof small / sizeof *small };
    for (int i = 0; i < SMALL; i++)
        for (int j = 0; j < SMALL; j++) {
            uint8_t key[32], sig[64] = { 0 }, message;
            check_hex(small[i], key, 32);
            check_hex(small[j], sig, 32);
            for (message = 0; message < 20; message++) {
                ck_assert(!ed25519_verify(key, &message, 1, sig));
                ck_assert(!ed25519_portable.verify(key, &message, 1, sig));
            }
        }
}
END_TEST

int main(void)
{
    return check_run("small", (const TTest *[]){
        sha2, chacha20_poly1305, elements_around_p, x25519, ed25519, ed25519_has_one_s, ed25519_points_of_small_order,
        NULL });
}
