#include "crypto/hkdf.h"
#include "tests/lib/check.h"

#include <string.h>

static struct cpu cpu;                                 /* the portable form */

/* RFC 5869, appendix A.1 to A.4 and A.7. Inputs are an octet repeated (step 0), or counted up from it. */
struct input { uint8_t first, step; size_t n; };
static const struct { enum hash_kind kind; struct input ikm, salt, info; const char *prk, *okm; } cases[] = {
    { HASH_SHA256, { 0x0b, 0, 22 }, { 0, 1, 13 }, { 0xf0, 1, 10 },
      "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
      "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865" },
    { HASH_SHA256, { 0, 1, 80 }, { 0x60, 1, 80 }, { 0xb0, 1, 80 },
      "06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244",
      "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09"
      "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87" },
    { HASH_SHA256, { 0x0b, 0, 22 }, { 0, 0, 0 }, { 0, 0, 0 },
      "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04",
      "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8" },
    { HASH_SHA1, { 0x0b, 0, 11 }, { 0, 1, 13 }, { 0xf0, 1, 10 },
      "9b6c18c432a7bf8f0e71c8eb88f4b30baa2ba243",
      "085a01ea1b10f36933068b56efa5ad81a4f14b822f5b091568a9cdd4f155fda2c22e422478d305f3f896" },
    { HASH_SHA1, { 0x0c, 0, 22 }, { 0, 0, 0 }, { 0, 0, 0 },
      "2adccada18779e7c2077ad2eb19d3f3e731385dd",
      "2c91117204d745f3500d636a62f64f0ab3bae548aa53d423b0d1f27ebba6f5e5673a081d70cce7acfc48" },
};

static size_t fill(struct input in, uint8_t *out)
{
    for (size_t i = 0; i < in.n; i++)
        out[i] = (uint8_t)(in.first + i * in.step);
    return in.n;
}

START_TEST(rfc_5869)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint8_t ikm[80], salt[80], info[80], prk[HASH_MAX], okm[82];
        size_t n = strlen(cases[i].okm) / 2, prk_n = hash_size(cases[i].kind), info_n = fill(cases[i].info, info);
        size_t ikm_n = fill(cases[i].ikm, ikm), salt_n = fill(cases[i].salt, salt);
        hkdf_extract(cases[i].kind, salt, salt_n, ikm, ikm_n, prk, &cpu);
        check_is_hex(prk, prk_n, cases[i].prk);
        hkdf_expand(cases[i].kind, prk, prk_n, info, info_n, okm, n, &cpu);
        check_is_hex(okm, n, cases[i].okm);
    }
}
END_TEST

/* Fewer octets are the beginning of more, and nothing is written behind them. */
START_TEST(shorter_is_a_beginning)
{
    uint8_t prk[32] = { 1 }, whole[200], out[201];
    hkdf_expand(HASH_SHA256, prk, sizeof prk, "info", 4, whole, sizeof whole, &cpu);
    for (size_t n = 0; n <= sizeof whole; n++) {
        memset(out, 0x77, sizeof out);
        hkdf_expand(HASH_SHA256, prk, sizeof prk, "info", 4, out, n, &cpu);
        check_bytes(out, whole, n);
        ck_assert_uint_eq(out[n], 0x77);
    }
}
END_TEST

/* RFC 8448 §3: from the shared secret of X25519 to the server's handshake keys. */
START_TEST(key_schedule_of_rfc_8448)
{
    uint8_t zeros[32] = { 0 }, early[32], derived[32], ecdhe[32], handshake[32], hello_hash[32], empty[32];
    uint8_t secret[32], key[16], iv[12], finished[32];
    hkdf_extract(HASH_SHA256, NULL, 0, zeros, 32, early, &cpu);
    check_is_hex(early, 32, "33ad0a1c607ec03b09e6cd9893680ce210adf300aa1f2660e1b22e10f170f92a");
    hash_of(HASH_SHA256, NULL, 0, empty, &cpu);
    hkdf_expand_label(HASH_SHA256, early, "derived", empty, 32, derived, 32, &cpu);
    check_is_hex(derived, 32, "6f2615a108c702c5678f54fc9dbab69716c076189c48250cebeac3576c3611ba");
    check_hex("8bd4054fb55b9d63fdfbacf9f04b9f0d35e6d63f537563efd46272900f89492d", ecdhe, 32);
    hkdf_extract(HASH_SHA256, derived, 32, ecdhe, 32, handshake, &cpu);
    check_is_hex(handshake, 32, "1dc826e93606aa6fdc0aadc12f741b01046aa6b99f691ed221a9f0ca043fbeac");
    check_hex("860c06edc07858ee8e78f0e7428c58edd6b43f2ca3e6e95f02ed063cf0e1cad8", hello_hash, 32);
    hkdf_expand_label(HASH_SHA256, handshake, "s hs traffic", hello_hash, 32, secret, 32, &cpu);
    check_is_hex(secret, 32, "b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38");
    hkdf_expand_label(HASH_SHA256, secret, "key", NULL, 0, key, 16, &cpu);
    hkdf_expand_label(HASH_SHA256, secret, "iv", NULL, 0, iv, 12, &cpu);
    hkdf_expand_label(HASH_SHA256, secret, "finished", NULL, 0, finished, 32, &cpu);
    check_is_hex(key, 16, "3fce516009c21727d0f2e4e86ee403bc");
    check_is_hex(iv, 12, "5d313eb2671276ee13000b30");
    check_is_hex(finished, 32, "008d3b66f816ea559f96b537e885c31fc068bf492c652f01f288a1d8cdc19fc8");
}
END_TEST

int main(void)
{
    return check_run("hkdf", (const TTest *[]){ rfc_5869, shorter_is_a_beginning, key_schedule_of_rfc_8448, NULL });
}
