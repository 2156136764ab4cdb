/* What a primitive leaves on its stack, looked for in pieces of 8 octets: a compiler that has not registers enough keeps
 * single limbs there. tests/unit/tls_wiped.c, which looks for 16 in a row, does not see them. Not where each operand is
 * on the stack anyway: there, see tls_wiped.c. */
#define _XOPEN_SOURCE 700
#include "crypto/aead.h"
#include "crypto/exchange.h"
#include "crypto/octets.h"
#include "crypto/rsa_make.h"
#include "crypto/rsa_parts.h"
#include "tests/lib/chance.h"
#include "tests/lib/check.h"

#include <sodium.h>
#include <string.h>
#include <ucontext.h>

#if defined __SANITIZE_ADDRESS__ || !defined __OPTIMIZE__
static const bool stack_counts = false;
#else
static const bool stack_counts = true;
#endif

enum { STACK = 1 << 18, PIECE = 8 };
static _Alignas(16) uint8_t stack[STACK];
static ucontext_t here, there;
static const char *const forms[] = { "portable", "aesni", "vaes", "vaes512", "adx", "ifma", "ifma+adx" };
enum { FORMS = sizeof forms / sizeof *forms };
static struct cpu cpu;

static void on_own_stack(void (*run)(void))
{
    memset(stack, 0, sizeof stack);
    getcontext(&there);
    there.uc_stack.ss_sp = stack;
    there.uc_stack.ss_size = sizeof stack;
    there.uc_link = &here;
    makecontext(&there, run, 0);
    swapcontext(&here, &there);
}

/* How many of the pieces of a number stand there, from its end on: as octets, or turned round, as limbs. */
static unsigned pieces_left(const uint8_t *number, size_t n)
{
    unsigned found = 0;
    for (; n >= PIECE; n -= PIECE) {
        const uint8_t *piece = number + n - PIECE;
        uint8_t limb[PIECE];
        for (size_t i = 0; i < PIECE; i++)
            limb[i] = piece[PIECE - 1 - i];
        bool here_too = false;
        for (size_t at = 0; at + PIECE <= sizeof stack; at++)
            here_too |= memcmp(stack + at, piece, PIECE) == 0 || memcmp(stack + at, limb, PIECE) == 0;
        found += here_too;
    }
    return stack_counts ? found : 0;
}

static enum exchange way;
static uint8_t scalar[EXCHANGE_SCALAR_MAX], theirs[EXCHANGE_PUBLIC_MAX], secret[EXCHANGE_SECRET_MAX];
static void share(void)
{
    exchange_shared(way, scalar, theirs, exchange_public_size(way), secret, &cpu);
}

START_TEST(no_limb_of_a_shared_secret_is_left)
{
    struct test_chance c = test_chance(1);
    for (size_t i = 0; i < FORMS; i++)
        for (way = EXCHANGE_X25519; way < EXCHANGE_WAYS; way++) {
            if (!cpu_force(&cpu, forms[i]))
                continue;
            exchange_make(way, &c.chance, "test", scalar);
            exchange_public(way, scalar, theirs, &cpu);
            exchange_make(way, &c.chance, "test", scalar);
            on_own_stack(share);
            ck_assert_msg(pieces_left(secret, exchange_secret_size(way)) == 0, "%s, way %d: %u pieces", forms[i], way,
                          pieces_left(secret, exchange_secret_size(way)));
        }
}
END_TEST

static struct aead a;
static uint8_t key[32], nonce[12], data[4096], tag[16];
static size_t data_n;
static void seal(void) { aead_seal(&a, nonce, nonce, 12, data, data_n, tag); }
static void open(void) { aead_open(&a, nonce, nonce, 12, data, data_n, tag); }

/* GCM: the block that hides GHASH in the tag. Who has it, the tag and the record has an equation in H. ChaCha20: r. */
static void one_time_secret(enum aead_kind kind, uint8_t limbs[3][8])
{
    struct aes_key k;
    uint8_t block[64] = { 0 };
    memset(limbs, 0, 24);
    if (kind != AEAD_CHACHA20_POLY1305) {
        aes_set_key(&k, key, aead_key_size(kind), NULL);
        aes_ctr(&k, nonce, 1, limbs, 16);
        return;
    }
    crypto_stream_chacha20_ietf(block, sizeof block, nonce, key);
    const uint64_t low = load_le64(block) & 0x0ffffffc0fffffff, high = load_le64(block + 8) & 0x0ffffffc0ffffffc;
    store_le64(limbs[0], low & 0xfffffffffff);
    store_le64(limbs[1], (low >> 44 | high << 20) & 0xfffffffffff);
    store_le64(limbs[2], high >> 24);
}

START_TEST(nothing_that_makes_a_tag_is_left)
{
    static const size_t sizes[] = { 0, 16, 300, 2000, 4096 };
    struct test_chance c = test_chance(2);
    uint8_t limbs[3][8];
    for (size_t i = 0; i < 3 * FORMS * 5; i++) {
        const enum aead_kind kind = (enum aead_kind)(i % 3);
        if (!cpu_force(&cpu, forms[i / 3 % FORMS]))
            continue;
        chance_fill(&c.chance, "test", key, sizeof key);
        chance_fill(&c.chance, "test", nonce, sizeof nonce);
        data_n = sizes[i / 3 / FORMS];
        aead_set_key(&a, kind, key, &cpu);
        one_time_secret(kind, limbs);
        for (int opening = 0; opening < 2; opening++) {
            on_own_stack(opening ? open : seal);
            ck_assert_msg(pieces_left(limbs[0], kind == AEAD_CHACHA20_POLY1305 ? 24 : 16) == 0, "%s, %s, %zu octets, %s",
                          aead_words(kind), aead_form_name(kind, &cpu), data_n, opening ? "opened" : "sealed");
        }
    }
}
END_TEST

static struct rsa_private rsa;
static uint8_t d[RSA_MAX];
static void find_d(void) { rsa_private_exponent(&rsa, d); }

START_TEST(no_prime_is_left_of_a_key_whose_e_is_none)
{
    struct test_chance c = test_chance(3);
    ck_assert(rsa_make(&rsa, RSA_MAKE_MIN, &c.chance, NULL));
    rsa.pub.e[2] = 2;
    on_own_stack(find_d);
    ck_assert_uint_eq(pieces_left(rsa.p, rsa.half) + pieces_left(rsa.q, rsa.half), 0);
}
END_TEST

int main(void)
{
    return check_run("crypto_wiped", (const TTest *[]){
        no_limb_of_a_shared_secret_is_left, nothing_that_makes_a_tag_is_left,
        no_prime_is_left_of_a_key_whose_e_is_none, NULL });
}
