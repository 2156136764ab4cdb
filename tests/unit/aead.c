#include "crypto/aead.h"
#include "tests/lib/check.h"

#include <sodium.h>
#include <string.h>

/* Everything below runs in each form that this processor has. */
static struct cpu cpu;

/* --- Known answers --- */

/* The test cases 1 to 4 and 13 to 16 of the specification of GCM (McGrew and Viega, appendix B; 5, 6, 17 and
 * 18 have nonces of other lengths than TLS), and RFC 8439 §2.8.2. */
static const char zeros_16[] = "00000000000000000000000000000000";
static const char zeros_32[] = "0000000000000000000000000000000000000000000000000000000000000000";
static const char nonce_0[] = "000000000000000000000000", nonce_3[] = "cafebabefacedbaddecaf888";
static const char key_3[]  = "feffe9928665731c6d6a8f9467308308";
static const char key_15[] = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308";
static const char aad_4[]  = "feedfacedeadbeeffeedfacedeadbeefabaddad2";
static const char text_3[] = "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                             "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255";
static const char text_4[] = "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                             "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39";

static const struct { enum aead_kind kind; const char *key, *nonce, *aad, *text, *sealed, *tag; } known[] = {
    { AEAD_AES_128_GCM, zeros_16, nonce_0, "", "", "", "58e2fccefa7e3061367f1d57a4e7455a" },
    { AEAD_AES_128_GCM, zeros_16, nonce_0, "", zeros_16,
      "0388dace60b6a392f328c2b971b2fe78", "ab6e47d42cec13bdf53a67b21257bddf" },
    { AEAD_AES_128_GCM, key_3, nonce_3, "", text_3,
      "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
      "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091473f5985",
      "4d5c2af327cd64a62cf35abd2ba6fab4" },
    { AEAD_AES_128_GCM, key_3, nonce_3, aad_4, text_4,
      "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
      "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091", "5bc94fbc3221a5db94fae95ae7121a47" },
    { AEAD_AES_256_GCM, zeros_32, nonce_0, "", "", "", "530f8afbc74536b9a963b4f1c4cb738b" },
    { AEAD_AES_256_GCM, zeros_32, nonce_0, "", zeros_16,
      "cea7403d4d606b6e074ec5d3baf39d18", "d0d1c8a799996bf0265b98b5d48ab919" },
    { AEAD_AES_256_GCM, key_15, nonce_3, "", text_3,
      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
      "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad",
      "b094dac5d93471bdec1a502270e3cc6c" },
    { AEAD_AES_256_GCM, key_15, nonce_3, aad_4, text_4,
      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
      "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662", "76fc6ece0f4e1768cddf8853bb2d551b" },
    { AEAD_CHACHA20_POLY1305, "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f",
      "070000004041424344454647", "50515253c0c1c2c3c4c5c6c7",
      "4c616469657320616e642047656e746c656d656e206f662074686520636c6173"
      "73206f66202739393a204966204920636f756c64206f6666657220796f75206f"
      "6e6c79206f6e652074697020666f7220746865206675747572652c2073756e73"
      "637265656e20776f756c642062652069742e",
      "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6"
      "3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36"
      "92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc"
      "3ff4def08e4b7a9de576d26586cec64b6116", "1ae10b594f09e26a7e902ecbd0600691" },
};

START_TEST(known_answers)
{
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        struct aead a;
        uint8_t key[32], nonce[12], aad[32], data[128], tag[16];
        ck_assert_uint_eq(check_hex(known[i].key, key, sizeof key), aead_key_size(known[i].kind));
        check_hex(known[i].nonce, nonce, sizeof nonce);
        size_t aad_n = check_hex(known[i].aad, aad, sizeof aad);
        size_t n = check_hex(known[i].text, data, sizeof data);
        aead_set_key(&a, known[i].kind, key, &cpu);
        aead_seal(&a, nonce, aad, aad_n, data, n, tag);
        check_is_hex(data, n, known[i].sealed);
        check_is_hex(tag, 16, known[i].tag);
        ck_assert(aead_open(&a, nonce, aad, aad_n, data, n, tag));
        check_is_hex(data, n, known[i].text);
    }
}
END_TEST

/* --- Whatever is sealed opens, and nothing else does --- */

static const uint8_t seed[randombytes_SEEDBYTES] = "aead";

static struct aead some_aead(enum aead_kind kind)
{
    struct aead a;
    uint8_t key[AEAD_KEY_MAX];
    randombytes_buf_deterministic(key, sizeof key, seed);
    aead_set_key(&a, kind, key, &cpu);
    return a;
}

START_TEST(what_is_sealed_opens)
{
    uint8_t random[700], nonce[12] = { 0 }, data[700], tag[16];
    randombytes_buf_deterministic(random, sizeof random, seed);
    for (enum aead_kind kind = AEAD_AES_128_GCM; kind <= AEAD_CHACHA20_POLY1305; kind++) {
        struct aead a = some_aead(kind), copy = a;
        for (size_t n = 0; n < 600; n += n < 140 ? 1 : 37) {
            size_t aad_n = random[n] % 40;
            nonce[3]++;
            memcpy(data, random, sizeof data);
            aead_seal(&a, nonce, random, aad_n, data, n, tag);
            ck_assert(n < 16 || memcmp(data, random, n) != 0);
            check_bytes(data + n, random + n, sizeof data - n);    /* nothing behind the end is touched */
            ck_assert(aead_open(&copy, nonce, random, aad_n, data, n, tag));
            check_bytes(data, random, sizeof data);
        }
    }
}
END_TEST

START_TEST(nothing_may_be_null)
{
    uint8_t nonce[12] = { 0 }, tag[16];
    for (enum aead_kind kind = AEAD_AES_128_GCM; kind <= AEAD_CHACHA20_POLY1305; kind++) {
        struct aead a = some_aead(kind);
        aead_seal(&a, nonce, NULL, 0, NULL, 0, tag);
        ck_assert(aead_open(&a, nonce, NULL, 0, NULL, 0, tag));
        tag[5] ^= 1;
        ck_assert(!aead_open(&a, nonce, NULL, 0, NULL, 0, tag));
    }
}
END_TEST

/* Flips one bit of something, expects a refusal and zeros, and flips it back. */
static void check_refused(const struct aead *a, const uint8_t nonce[12], const uint8_t *aad, size_t aad_n,
                          const uint8_t *sealed, size_t n, const uint8_t tag[16], uint8_t *what, size_t bit)
{
    uint8_t data[64];
    what[bit / 8] ^= (uint8_t)(1 << bit % 8);
    memcpy(data, sealed, n);
    ck_assert(!aead_open(a, nonce, aad, aad_n, data, n, tag));
    ck_assert(sodium_is_zero(data, n));
    what[bit / 8] ^= (uint8_t)(1 << bit % 8);
}

START_TEST(every_flipped_bit_is_refused)
{
    for (enum aead_kind kind = AEAD_AES_128_GCM; kind <= AEAD_CHACHA20_POLY1305; kind++) {
        struct aead a = some_aead(kind);
        uint8_t nonce[12] = { 1 }, aad[13] = { 2 }, sealed[37] = { 3 }, data[37], tag[16];
        aead_seal(&a, nonce, aad, sizeof aad, sealed, sizeof sealed, tag);
        for (size_t bit = 0; bit < 8 * sizeof tag; bit++)
            check_refused(&a, nonce, aad, sizeof aad, sealed, sizeof sealed, tag, tag, bit);
        for (size_t bit = 0; bit < 8 * sizeof nonce; bit++)
            check_refused(&a, nonce, aad, sizeof aad, sealed, sizeof sealed, tag, nonce, bit);
        for (size_t bit = 0; bit < 8 * sizeof aad; bit++)
            check_refused(&a, nonce, aad, sizeof aad, sealed, sizeof sealed, tag, aad, bit);
        for (size_t bit = 0; bit < 8 * sizeof sealed; bit++)
            check_refused(&a, nonce, aad, sizeof aad, sealed, sizeof sealed, tag, sealed, bit);
        memcpy(data, sealed, sizeof data);
        ck_assert(!aead_open(&a, nonce, aad, sizeof aad, data, sizeof data - 1, tag));
        memcpy(data, sealed, sizeof data);
        ck_assert(!aead_open(&a, nonce, aad, sizeof aad - 1, data, sizeof data, tag));
        memcpy(data, sealed, sizeof data);
        ck_assert(aead_open(&a, nonce, aad, sizeof aad, data, sizeof data, tag));
    }
}
END_TEST

/* --- GHASH bit by bit, as SP 800-38D §6.3 and §6.4 write it down --- */

static void multiply_slowly(uint8_t y[16], const uint8_t h[16])
{
    uint8_t z[16] = { 0 }, v[16];
    memcpy(v, h, 16);
    for (unsigned i = 0; i < 128; i++) {
        if (y[i / 8] >> (7 - i % 8) & 1)
            for (unsigned k = 0; k < 16; k++)
                z[k] ^= v[k];
        uint8_t off = v[15] & 1;
        for (unsigned k = 15; k > 0; k--)
            v[k] = (uint8_t)(v[k] >> 1 | v[k - 1] << 7);
        v[0] = (uint8_t)(v[0] >> 1 ^ off * 0xe1);
    }
    memcpy(y, z, 16);
}

static void check_ghash(const uint8_t h[16], const uint8_t block[16])
{
    struct ghash_key k;
    uint8_t y[16] = { 0 }, slow[16];
    ghash_set_key(&k, h);
    ghash_add(&k, y, block, 16);
    memcpy(slow, block, 16);
    multiply_slowly(slow, h);
    check_bytes(y, slow, 16);
}

START_TEST(ghash_is_what_the_specification_says)
{
    uint8_t random[16 * 400], ones[16], h[16] = { 0 }, block[16] = { 0 };
    memset(ones, 0xff, sizeof ones);
    check_ghash(ones, ones);                                       /* the fullest holes */
    for (unsigned i = 0; i < 128; i++)                             /* every pair of single bits */
        for (unsigned j = 0; j < 128; j++) {
            h[i / 8] = (uint8_t)(0x80 >> i % 8);
            block[j / 8] = (uint8_t)(0x80 >> j % 8);
            check_ghash(h, block);
            h[i / 8] = block[j / 8] = 0;
        }
    randombytes_buf_deterministic(random, sizeof random, seed);
    for (size_t i = 0; i + 32 <= sizeof random; i += 16)
        check_ghash(random + i, random + i + 16);
}
END_TEST

START_TEST(a_wiped_key_is_gone)
{
    struct aead a = some_aead(AEAD_AES_256_GCM);
    aead_wipe(&a);
    ck_assert(sodium_is_zero((const uint8_t *)&a, sizeof a));
}
END_TEST

/* --- What every form seals is what the portable one seals, and opens --- */

enum { LONGEST = 17000, GUARD = 64 };
static uint8_t text[LONGEST + GUARD], mine[LONGEST + GUARD], theirs[LONGEST + GUARD];

/* From octet `from` of the buffers on, whatever that is to the processor; nothing before and behind is touched. */
static void check_alike(enum aead_kind kind, const uint8_t key[32], size_t from, size_t aad_n, size_t n)
{
    uint8_t tag[16], tag_portable[16];
    const uint8_t *nonce = text + (n + 3 * aad_n) % LONGEST;
    struct aead here, portable;
    aead_set_key(&here, kind, key, &cpu);
    aead_set_key(&portable, kind, key, NULL);
    memcpy(mine, text, from + n + GUARD);
    memcpy(theirs, text, from + n + GUARD);
    aead_seal(&here, nonce, text + n % 70, aad_n, mine + from, n, tag);
    aead_seal(&portable, nonce, text + n % 70, aad_n, theirs + from, n, tag_portable);
    check_bytes(mine, theirs, from + n + GUARD);
    check_bytes(tag, tag_portable, sizeof tag);
    ck_assert(aead_open(&here, nonce, text + n % 70, aad_n, mine + from, n, tag));
    check_bytes(mine, text, from + n + GUARD);
    tag[n % 16] ^= 1;
    ck_assert(!aead_open(&here, nonce, text + n % 70, aad_n, mine + from, n, tag));
    ck_assert(sodium_is_zero(mine + from, n));
    check_bytes(mine + from + n, text + from + n, GUARD);
}

START_TEST(every_form_seals_alike)
{
    randombytes_buf_deterministic(text, sizeof text, seed);
    for (enum aead_kind kind = AEAD_AES_128_GCM; kind <= AEAD_CHACHA20_POLY1305; kind++) {
        for (size_t n = 0; n <= 1200; n += n < 600 ? 1 : 7)
            check_alike(kind, text, n % 64, 13, n);
        for (size_t aad_n = 0; aad_n <= 600; aad_n++)
            check_alike(kind, text + 1, 0, aad_n, aad_n % 50);
        for (size_t i = 0; i < 60; i++) {
            const uint8_t *r = text + 8 * i;
            size_t n = (size_t)(r[0] << 8 | r[1]) % (LONGEST - 64);
            check_alike(kind, text + i, r[2] % 64, (size_t)(r[3] << 8 | r[4]) % (i % 4 ? 32 : 4000), n);
        }
        check_alike(kind, text, 13, 13, 16384);
    }
}
END_TEST

START_TEST(a_form_that_is_not_there_is_not_had)
{
    struct cpu forced = { 0 };
    char words[CPU_WORDS];
    ck_assert(cpu_force(&forced, "portable") && forced.has == 0);
    ck_assert(!cpu_force(&forced, "abacus"));
    ck_assert(!cpu_force(&forced, ""));
    ck_assert(!cpu_force(&forced, "portable+"));
    ck_assert_str_eq(cpu_words(NULL, words), "portable");
    struct cpu found = cpu_found();
    ck_assert(cpu_force(&forced, cpu_words(&found, words)) && forced.has == found.has);
}
END_TEST

static int run(const char *form)
{
    char name[32];
    snprintf(name, sizeof name, "aead %s", form);
    return cpu_force(&cpu, form) ? check_run(name, (const TTest *[]){
        known_answers, what_is_sealed_opens, nothing_may_be_null, every_flipped_bit_is_refused,
        ghash_is_what_the_specification_says, a_wiped_key_is_gone, every_form_seals_alike,
        a_form_that_is_not_there_is_not_had, NULL }) : 0;
}

int main(void) { return run("portable") | run("aesni") | run("vaes") | run("vaes512") | run("ifma"); }
