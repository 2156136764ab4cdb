#include "crypto/hmac.h"
#include "tests/lib/check.h"

#include <string.h>

/* The test cases of RFC 4231 §4 (SHA-2; case 5, which is a truncated one, left out) and RFC 2202 §3 (SHA-1).
 * A key or text is given as it is, or as an octet and how often; an octet of 0 stands for 01 02 03 ... */
struct input { const char *text; uint8_t octet; size_t n; };

static const char hash_key_first[] = "Test Using Larger Than Block-Size Key - Hash Key First";
static const char larger_than_one[] =
    "Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data";
static const char larger_data[] =
    "This is a test using a larger than block-size key and a larger than block-size data. "
    "The key needs to be hashed before being used by the HMAC algorithm.";

static const struct { enum hash_kind kind; struct input key, data; const char *mac; } cases[] = {
    { HASH_SHA1, { NULL, 0x0b, 20 }, { "Hi There", 0, 0 },
      "b617318655057264e28bc0b6fb378c8ef146be00" },
    { HASH_SHA1, { "Jefe", 0, 4 }, { "what do ya want for nothing?", 0, 0 },
      "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79" },
    { HASH_SHA1, { NULL, 0xaa, 20 }, { NULL, 0xdd, 50 },
      "125d7342b9ac11cd91a39af48aa17b4f63f175d3" },
    { HASH_SHA1, { NULL, 0, 25 }, { NULL, 0xcd, 50 },
      "4c9007f4026250c6bc8414f9bf50c86c2d7235da" },
    { HASH_SHA1, { NULL, 0x0c, 20 }, { "Test With Truncation", 0, 0 },
      "4c1a03424b55e07fe7f27be1d58bb9324a9a5a04" },
    { HASH_SHA1, { NULL, 0xaa, 80 }, { hash_key_first, 0, 0 },
      "aa4ae5e15272d00e95705637ce8a3b55ed402112" },
    { HASH_SHA1, { NULL, 0xaa, 80 }, { larger_than_one, 0, 0 },
      "e8e99d0f45237d786d6bbaa7965c7808bbff1a91" },
    { HASH_SHA256, { NULL, 0x0b, 20 }, { "Hi There", 0, 0 },
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7" },
    { HASH_SHA256, { "Jefe", 0, 4 }, { "what do ya want for nothing?", 0, 0 },
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843" },
    { HASH_SHA256, { NULL, 0xaa, 20 }, { NULL, 0xdd, 50 },
      "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe" },
    { HASH_SHA256, { NULL, 0, 25 }, { NULL, 0xcd, 50 },
      "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b" },
    { HASH_SHA256, { NULL, 0xaa, 131 }, { hash_key_first, 0, 0 },
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54" },
    { HASH_SHA256, { NULL, 0xaa, 131 }, { larger_data, 0, 0 },
      "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2" },
    { HASH_SHA384, { NULL, 0x0b, 20 }, { "Hi There", 0, 0 },
      "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59c"
      "faea9ea9076ede7f4af152e8b2fa9cb6" },
    { HASH_SHA384, { "Jefe", 0, 4 }, { "what do ya want for nothing?", 0, 0 },
      "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e"
      "8e2240ca5e69e2c78b3239ecfab21649" },
    { HASH_SHA384, { NULL, 0xaa, 20 }, { NULL, 0xdd, 50 },
      "88062608d3e6ad8a0aa2ace014c8a86f0aa635d947ac9febe83ef4e55966144b"
      "2a5ab39dc13814b94e3ab6e101a34f27" },
    { HASH_SHA384, { NULL, 0, 25 }, { NULL, 0xcd, 50 },
      "3e8a69b7783c25851933ab6290af6ca77a9981480850009cc5577c6e1f573b4e"
      "6801dd23c4a7d679ccf8a386c674cffb" },
    { HASH_SHA384, { NULL, 0xaa, 131 }, { hash_key_first, 0, 0 },
      "4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c6"
      "0c2ef6ab4030fe8296248df163f44952" },
    { HASH_SHA384, { NULL, 0xaa, 131 }, { larger_data, 0, 0 },
      "6617178e941f020d351e2f254e8fd32c602420feb0b8fb9adccebb82461e99c5"
      "a678cc31e799176d3860e6110c46523e" },
    { HASH_SHA512, { NULL, 0x0b, 20 }, { "Hi There", 0, 0 },
      "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
      "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854" },
    { HASH_SHA512, { "Jefe", 0, 4 }, { "what do ya want for nothing?", 0, 0 },
      "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
      "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737" },
    { HASH_SHA512, { NULL, 0xaa, 20 }, { NULL, 0xdd, 50 },
      "fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39"
      "bf3e848279a722c806b485a47e67c807b946a337bee8942674278859e13292fb" },
    { HASH_SHA512, { NULL, 0, 25 }, { NULL, 0xcd, 50 },
      "b0ba465637458c6990e5a8c5f61d4af7e576d97ff94b872de76f8050361ee3db"
      "a91ca5c11aa25eb4d679275cc5788063a5f19741120c4f2de2adebeb10a298dd" },
    { HASH_SHA512, { NULL, 0xaa, 131 }, { hash_key_first, 0, 0 },
      "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352"
      "6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598" },
    { HASH_SHA512, { NULL, 0xaa, 131 }, { larger_data, 0, 0 },
      "e37b6a775dc87dbaa4dfa9f96e5e3ffddebd71f8867289865df5a32d20cdc944"
      "b6022cac3c4982b10d5eeb55c3e4de15134676fb6de0446065c97440fa8c6a58" },
};

static struct cpu cpu;                                 /* the form that is tested */

static size_t octets_of(const struct input *in, uint8_t *out)
{
    if (in->text)
        memcpy(out, in->text, strlen(in->text));
    else
        for (size_t i = 0; i < in->n; i++)
            out[i] = in->octet ? in->octet : (uint8_t)(i + 1);
    return in->text ? strlen(in->text) : in->n;
}

START_TEST(cases_of_rfc_2202_and_4231)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint8_t key[256], data[256], mac[HASH_MAX];
        size_t key_n = octets_of(&cases[i].key, key), n = octets_of(&cases[i].data, data);
        hmac_of(cases[i].kind, key, key_n, data, n, mac, &cpu);
        check_is_hex(mac, hash_size(cases[i].kind), cases[i].mac);
    }
}
END_TEST

/* Keys of every length around the block: libsodium's HMAC says the same. */
START_TEST(agrees_with_libsodium)
{
    static const uint8_t seed[randombytes_SEEDBYTES] = "hmac";
    uint8_t text[400], ours[HASH_MAX], theirs[64];
    randombytes_buf_deterministic(text, sizeof text, seed);
    for (size_t key_n = 0; key_n <= 200; key_n++) {
        crypto_auth_hmacsha256_state s;
        crypto_auth_hmacsha256_init(&s, text, key_n);
        crypto_auth_hmacsha256_update(&s, text + key_n, key_n);
        crypto_auth_hmacsha256_final(&s, theirs);
        hmac_of(HASH_SHA256, text, key_n, text + key_n, key_n, ours, &cpu);
        check_bytes(ours, theirs, 32);
    }
}
END_TEST

START_TEST(a_copy_goes_its_own_way)
{
    struct hmac keyed, m;
    uint8_t mac[HASH_MAX], want[HASH_MAX];
    hmac_start(&keyed, HASH_SHA384, "key", 3, &cpu);
    m = keyed;
    hmac_add(&m, "one", 3);
    hmac_end(&m, mac);
    hmac_of(HASH_SHA384, "key", 3, "one", 3, want, &cpu);
    check_bytes(mac, want, 48);
    m = keyed;
    hmac_add(&m, "t", 1);
    hmac_add(&m, "wo", 2);
    hmac_end(&m, mac);
    hmac_of(HASH_SHA384, "key", 3, "two", 3, want, &cpu);
    check_bytes(mac, want, 48);
    ck_assert(sodium_is_zero((const uint8_t *)&m, sizeof m));
}
END_TEST

/* The outer hash alone, over an inner digest of one's own. */
START_TEST(the_outer_half)
{
    for (enum hash_kind kind = HASH_SHA1; kind <= HASH_SHA512; kind++) {
        struct hmac m, half;
        uint8_t mac[HASH_MAX], want[HASH_MAX], inner[HASH_MAX];
        hmac_start(&m, kind, "key", 3, &cpu);
        hmac_add(&m, "text", 4);
        half = m;
        hmac_end(&m, want);
        m = half;
        hash_end(&half.inner, inner);
        hmac_finish_with(&m, inner, mac);
        check_bytes(mac, want, hash_size(kind));
    }
}
END_TEST

static int run(const char *form, const char *name)
{
    return cpu_force(&cpu, form) ? check_run(name, (const TTest *[]){
        cases_of_rfc_2202_and_4231, agrees_with_libsodium, a_copy_goes_its_own_way, the_outer_half,
        NULL }) : 0;
}

int main(void)
{
    return run("portable", "hmac, portable") | run("sha", "hmac, SHA instructions")
        | run("avx512", "hmac, AVX-512");
}
