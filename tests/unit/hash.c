#include "crypto/hash.h"
#include "tests/lib/check.h"

#include <string.h>

static struct cpu cpu;                                 /* the form that is tested */

/* The examples of FIPS 180-4 (csrc.nist.gov, "Examples with Intermediate Values"), and of nothing at all. */
static const char two_blocks[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
static const char two_long_blocks[] =
    "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrst"
    "nopqrstu";

static const struct { enum hash_kind kind; const char *text, *digest; } examples[] = {
    { HASH_SHA1, "",
      "da39a3ee5e6b4b0d3255bfef95601890afd80709" },
    { HASH_SHA1, "abc",
      "a9993e364706816aba3e25717850c26c9cd0d89d" },
    { HASH_SHA1, two_blocks,
      "84983e441c3bd26ebaae4aa1f95129e5e54670f1" },
    { HASH_SHA1, two_long_blocks,
      "a49b2446a02c645bf419f995b67091253a04a259" },
    { HASH_SHA256, "",
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
    { HASH_SHA256, "abc",
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
    { HASH_SHA256, two_blocks,
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
    { HASH_SHA256, two_long_blocks,
      "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1" },
    { HASH_SHA384, "",
      "38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da"
      "274edebfe76f65fbd51ad2f14898b95b" },
    { HASH_SHA384, "abc",
      "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
      "8086072ba1e7cc2358baeca134c825a7" },
    { HASH_SHA384, two_blocks,
      "3391fdddfc8dc7393707a65b1b4709397cf8b1d162af05abfe8f450de5f36bc6"
      "b0455a8520bc4e6f5fe95b1fe3c8452b" },
    { HASH_SHA384, two_long_blocks,
      "09330c33f71147e83d192fc782cd1b4753111b173b3b05d22fa08086e3b0f712"
      "fcc7c71a557e2db966c3e9fa91746039" },
    { HASH_SHA512, "",
      "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
      "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e" },
    { HASH_SHA512, "abc",
      "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
      "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f" },
    { HASH_SHA512, two_blocks,
      "204a8fc6dda82f0a0ced7beb8e08a41657c16ef468b228a8279be331a703c335"
      "96fd15c13b1b07f9aa1d3bea57789ca031ad85c7a71dd70354ec631238ca3445" },
    { HASH_SHA512, two_long_blocks,
      "8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018"
      "501d289e4900f7e4331b99dec4b5433ac7d329eeb6dd26545e96e55b874be909" },
};

static const struct { enum hash_kind kind; const char *digest; } million_a[] = {
    { HASH_SHA1, "34aa973cd4c4daa4f61eeb2bdbad27316534016f" },
    { HASH_SHA256, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0" },
    { HASH_SHA384, "9d0e1809716474cb086e834e310a4a1ced149e9c00f248527972cec5704c2a5b"
                  "07b8b3dc38ecc4ebae97ddd87f3d8985" },
    { HASH_SHA512, "e718483d0ce769644e2e42c7bc15b4638e1f98b13b2044285632a803afa973eb"
                  "de0ff244877ea60a4cb0432ce577c31beb009c5c2c49aa2e4eadb217ad8cc09b" },
};

START_TEST(examples_of_fips_180)
{
    for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++) {
        uint8_t digest[HASH_MAX];
        hash_of(examples[i].kind, examples[i].text, strlen(examples[i].text), digest, &cpu);
        check_is_hex(digest, hash_size(examples[i].kind), examples[i].digest);
    }
}
END_TEST

START_TEST(a_million_times_a)
{
    uint8_t a[1000], digest[HASH_MAX];
    memset(a, 'a', sizeof a);
    for (size_t i = 0; i < sizeof million_a / sizeof million_a[0]; i++) {
        struct hash h;
        hash_start(&h, million_a[i].kind, &cpu);
        for (int k = 0; k < 1000; k++)
            hash_add(&h, a, sizeof a);
        hash_end(&h, digest);
        check_is_hex(digest, hash_size(million_a[i].kind), million_a[i].digest);
    }
}
END_TEST

/* However a text is cut into pieces, and wherever the state is copied, the digest is that of the whole. */
START_TEST(pieces_and_copies_give_the_whole)
{
    static const uint8_t seed[randombytes_SEEDBYTES] = "pieces";
    uint8_t text[300], whole[HASH_MAX], digest[HASH_MAX];
    randombytes_buf_deterministic(text, sizeof text, seed);
    for (enum hash_kind kind = HASH_SHA1; kind <= HASH_SHA512; kind++)
        for (size_t n = 0; n <= sizeof text; n++) {
            struct hash h, copy;
            hash_of(kind, text, n, whole, &cpu);
            size_t cut = n ? text[n - 1] % n : 0;
            hash_start(&h, kind, &cpu);
            hash_add(&h, text, cut);
            copy = h;
            hash_add(&h, "something else", 14);
            hash_end(&h, digest);
            ck_assert_int_ne(memcmp(digest, whole, hash_size(kind)), 0);
            hash_add(&copy, NULL, 0);
            for (size_t at = cut; at < n; at++)
                hash_add(&copy, text + at, 1);
            hash_end(&copy, digest);
            check_bytes(digest, whole, hash_size(kind));
        }
}
END_TEST

START_TEST(an_ended_hash_is_wiped)
{
    for (enum hash_kind kind = HASH_SHA1; kind <= HASH_SHA512; kind++) {
        struct hash h;
        uint8_t digest[HASH_MAX];
        memset(&h, 0xee, sizeof h);
        hash_start(&h, kind, &cpu);
        hash_add(&h, "secret", 6);
        hash_end(&h, digest);
        ck_assert(sodium_is_zero((const uint8_t *)&h, sizeof h));
    }
}
END_TEST

/* Every length around the blocks, at every alignment, and long ones, however cut: as the portable form has it. */
START_TEST(as_the_portable_form)
{
    static uint8_t text[5000];
    static const uint8_t seed[randombytes_SEEDBYTES] = "forms";
    uint8_t want[HASH_MAX], digest[HASH_MAX];
    randombytes_buf_deterministic(text, sizeof text, seed);
    for (enum hash_kind kind = HASH_SHA1; kind <= HASH_SHA512; kind++)
        for (size_t n = 0, off = 0; off + n <= sizeof text; n += n < 600 ? 1 : 397, off = (off + 1) % 16) {
            struct hash h;
            hash_of(kind, text + off, n, want, NULL);
            hash_of(kind, text + off, n, digest, &cpu);
            check_bytes(digest, want, hash_size(kind));
            hash_start(&h, kind, &cpu);
            for (size_t at = 0, take; at < n; at += take) {
                take = 1 + (text[at] * 5u + n) % 389;
                take = take < n - at ? take : n - at;
                hash_add(&h, text + off + at, take);
            }
            hash_end(&h, digest);
            check_bytes(digest, want, hash_size(kind));
        }
}
END_TEST

/* What whole blocks leave, and the padding put behind them by hand. */
START_TEST(chained_by_hand)
{
    for (enum hash_kind kind = HASH_SHA1; kind <= HASH_SHA512; kind++) {
        uint8_t block[2 * HASH_BLOCK_MAX] = "whole", value[HASH_MAX], digest[HASH_MAX];
        const size_t size = hash_block(kind);
        struct hash h;
        block[size] = 0x80;
        block[2 * size - 2] = (uint8_t)(8 * size >> 8);
        block[2 * size - 1] = (uint8_t)(8 * size);
        hash_start(&h, kind, &cpu);
        hash_add(&h, block, 2 * size);
        hash_chain(&h, value);
        hash_of(kind, block, size, digest, &cpu);
        check_bytes(value, digest, hash_size(kind));
    }
}
END_TEST

/* 512 MiB and one octet: the length in bits does not fit in 32. The state is set there by hand, after a block of zeros;
 * libsodium's is, too. */
START_TEST(lengths_over_32_bits)
{
    static const uint8_t zeros[HASH_BLOCK_MAX];
    const uint64_t octets = ((uint64_t)1 << 61) + ((uint64_t)1 << 29);
    uint8_t digest[HASH_MAX], want[HASH_MAX];
    struct hash h;
    crypto_hash_sha256_state s;
    crypto_hash_sha512_state l;
    hash_start(&h, HASH_SHA256, &cpu);
    hash_add(&h, zeros, 64);
    h.octets = 1 << 29;
    hash_add(&h, "x", 1);
    hash_end(&h, digest);
    crypto_hash_sha256_init(&s);
    crypto_hash_sha256_update(&s, zeros, 64);
    s.count = (uint64_t)1 << 32;
    crypto_hash_sha256_update(&s, (const uint8_t *)"x", 1);
    crypto_hash_sha256_final(&s, want);
    check_bytes(digest, want, 32);
    hash_start(&h, HASH_SHA512, &cpu);
    hash_add(&h, zeros, 128);
    h.octets = octets;
    hash_add(&h, "x", 1);
    hash_end(&h, digest);
    crypto_hash_sha512_init(&l);
    crypto_hash_sha512_update(&l, zeros, 128);
    l.count[0] = octets >> 61;
    l.count[1] = octets << 3;
    crypto_hash_sha512_update(&l, (const uint8_t *)"x", 1);
    crypto_hash_sha512_final(&l, want);
    check_bytes(digest, want, 64);
}
END_TEST

START_TEST(names_of_forms)
{
    ck_assert_str_eq(hash_form_name(HASH_SHA1, NULL), "portable");
    ck_assert_str_eq(hash_form_name(HASH_SHA256, NULL), "libsodium");
    ck_assert_str_eq(hash_form_name(HASH_SHA384, NULL), "libsodium");
    if (cpu.has & CPU_AVX512)
        ck_assert_str_eq(hash_form_name(HASH_SHA384, &cpu), "avx512");
    if (cpu.has & CPU_SHA) {
        ck_assert_str_eq(hash_form_name(HASH_SHA1, &cpu), "sha");
        ck_assert_str_eq(hash_form_name(HASH_SHA256, &cpu), "sha");
    }
}
END_TEST

START_TEST(sizes_and_names)
{
    ck_assert_str_eq(hash_name(HASH_SHA1), "SHA-1");
    ck_assert_str_eq(hash_name(HASH_SHA384), "SHA-384");
    ck_assert_uint_eq(hash_size(HASH_SHA384), 48);
    ck_assert_uint_eq(hash_block(HASH_SHA256), 64);
    ck_assert_uint_eq(hash_block(HASH_SHA384), HASH_BLOCK_MAX);
}
END_TEST

static int run(const char *form, const char *name)
{
    return cpu_force(&cpu, form) ? check_run(name, (const TTest *[]){
        examples_of_fips_180, a_million_times_a, pieces_and_copies_give_the_whole, as_the_portable_form, chained_by_hand,
        lengths_over_32_bits, an_ended_hash_is_wiped, names_of_forms, sizes_and_names, NULL }) : 0;
}

int main(void)
{
    return run("portable", "hash, portable") | run("sha", "hash, SHA instructions")
        | run("avx512", "hash, AVX-512");
}
