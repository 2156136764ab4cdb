#include "crypto/cpu.h"
#include "crypto/poly1305.h"
#include "tests/lib/check.h"

#include <sodium.h>
#include <string.h>

#ifdef __x86_64__
#include "crypto/poly1305_ifma.h"
#endif

static const uint8_t seed[randombytes_SEEDBYTES] = "poly1305";
enum { LONGEST = 4096 };

/* --- Known answers: those of RFC 8439 appendix A.3 where sums reach 2^128, 2^130 - 5 and beyond (7 to 11) --- */

static const struct { const char *key, *text, *tag; } known[] = {
    { "02000000000000000000000000000000" "00000000000000000000000000000000",
      "ffffffffffffffffffffffffffffffff", "03000000000000000000000000000000" },
    { "02000000000000000000000000000000" "ffffffffffffffffffffffffffffffff",
      "02000000000000000000000000000000", "03000000000000000000000000000000" },
    { "01000000000000000000000000000000" "00000000000000000000000000000000",
      "fffffffffffffffffffffffffffffffff0ffffffffffffffffffffffffffffff11000000000000000000000000000000",
      "05000000000000000000000000000000" },
    { "01000000000000000000000000000000" "00000000000000000000000000000000",
      "fffffffffffffffffffffffffffffffffbfefefefefefefefefefefefefefefe01010101010101010101010101010101",
      "00000000000000000000000000000000" },
    { "02000000000000000000000000000000" "00000000000000000000000000000000",
      "fdffffffffffffffffffffffffffffff", "faffffffffffffffffffffffffffffff" },
    { "01000000000000000400000000000000" "00000000000000000000000000000000",
      "e33594d7505e43b900000000000000003394d7505e4379cd01000000000000000000000000000000000000000000000001000000000000000"
      "000000000000000", "14000000000000005500000000000000" },
    { "01000000000000000400000000000000" "00000000000000000000000000000000",
      "e33594d7505e43b900000000000000003394d7505e4379cd010000000000000000000000000000000000000000000000",
      "13000000000000000000000000000000" },
};

START_TEST(known_answers)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        struct poly1305 p;
        uint8_t key[32], text[80], tag[16];
        check_hex(known[i].key, key, sizeof key);
        poly1305_start(&p, key);
        poly1305_add(&p, text, check_hex(known[i].text, text, sizeof text));
        poly1305_end(&p, tag);
        check_is_hex(tag, 16, known[i].tag);
        ck_assert(sodium_is_zero((const uint8_t *)&p, sizeof p));
    }
}
END_TEST

/* --- The same as libsodium's, of whole blocks --- */

static void add_plain(struct poly1305 *p, const uint8_t *text, size_t n) { poly1305_add(p, text, n); }

static void check_alike(void (*add)(struct poly1305 *, const uint8_t *, size_t), const uint8_t key[32],
                        const uint8_t *text, size_t n)
{
    struct poly1305 p;
    uint8_t tag[16], theirs[16];
    poly1305_start(&p, key);
    add(&p, text, n);
    poly1305_end(&p, tag);
    crypto_onetimeauth_poly1305(theirs, text, n, key);
    check_bytes(tag, theirs, sizeof tag);
}

/* Random keys and texts; and those that are mostly ones, which make the largest limbs and the most carries. */
static void check_many(void (*add)(struct poly1305 *, const uint8_t *, size_t))
{
    static uint8_t text[LONGEST + 64], random[LONGEST + 64];
    randombytes_buf_deterministic(random, sizeof random, seed);
    for (size_t n = 0; n <= LONGEST; n += n < 1100 ? 16 : 240) {
        uint8_t key[32];
        check_alike(add, random + n % 61, random + n % 32, n);
        memset(key, 0xff, sizeof key);
        memset(text, 0xff, sizeof text);
        check_alike(add, key, text, n);
        text[random[n] * 16 % (n + 1)] = random[n + 1];
        key[random[n + 2] % 16] = random[n + 3];
        check_alike(add, key, text, n);
        memset(text, 0, sizeof text);
        check_alike(add, key, text, n);
    }
}

START_TEST(as_libsodium_has_it) { check_many(add_plain); } END_TEST

#ifdef __x86_64__
/* As chacha20_ifma.c uses it: steps, then what is left over; after a block, so that the sum is not zero before. */
WITH_IFMA static void add_wide(struct poly1305 *p, const uint8_t *text, size_t n)
{
    size_t at = n < 16 ? n : 16;
    poly1305_add(p, text, at);
    if (n - at >= POLY1305_STEP) {
        struct poly1305_ifma w;
        poly1305_ifma_start(&w, p);
        for (; n - at >= POLY1305_STEP; at += POLY1305_STEP)
            ifma_step(&w, text + at);
        poly1305_ifma_end(&w, p);
    }
    poly1305_add(p, text + at, n - at);
}

START_TEST(wide_as_libsodium_has_it)
{
    struct cpu found = cpu_found();
    if (cpu_may(&found, CPU_IFMA))
        check_many(add_wide);
}
END_TEST
#else
START_TEST(wide_as_libsodium_has_it) {} END_TEST
#endif

int main(void)
{
    return check_run("poly1305", (const TTest *[]){ known_answers, as_libsodium_has_it, wide_as_libsodium_has_it, NULL });
}
