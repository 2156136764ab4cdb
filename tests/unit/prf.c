#include "crypto/prf.h"
#include "tests/lib/check.h"

#include <string.h>

static struct cpu cpu;                                 /* the form that is tested */

/* "TLS 1.2 PRF test vectors", IETF tls mailing list, 2009 (msg03416): label "test label". */
static const struct { enum hash_kind kind; const char *secret, *seed, *out; } known[] = {
    { HASH_SHA256, "9bbe436ba940f017b17652849a71db35", "a0ba9f936cda311827a6f796ffd5198c",
      "e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a"
      "6b301791e90d35c9c9a46b4e14baf9af0fa022f7077def17abfd3797c0564bab"
      "4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff701"
      "87347b66" },
    { HASH_SHA384, "b80b733d6ceefcdc71566ea48e5567df", "cd665cf6a8447dd6ff8b27555edb7465",
      "7b0c18e9ced410ed1804f2cfa34a336a1c14dffb4900bb5fd7942107e81c83cd"
      "e9ca0faa60be9fe34f82b1233c9146a0e534cb400fed2700884f9dc236f80edd"
      "8bfa961144c9e8d792eca722a7b32fc3d416d473ebc2c5fd4abfdad05d918425"
      "9b5bf8cd4d90fa0d31e2dec479e4f1a26066f2eea9a69236a3e52655c9e9aee6"
      "91c8f3a26854308d5eaa3be85e0990703d73e56f" },
};

START_TEST(known_answers)
{
    for (size_t i = 0; i < 2; i++) {
        uint8_t secret[16], seed[16], out[256];
        check_hex(known[i].secret, secret, sizeof secret);
        check_hex(known[i].seed, seed, sizeof seed);
        size_t n = strlen(known[i].out) / 2;
        tls_prf(known[i].kind, secret, sizeof secret, "test label", seed, sizeof seed, NULL, 0, out, n, &cpu);
        check_is_hex(out, n, known[i].out);
        for (size_t cut = 0; cut <= sizeof seed; cut++) {          /* wherever the seed is cut in two */
            tls_prf(known[i].kind, secret, sizeof secret, "test label",
                    seed, cut, seed + cut, sizeof seed - cut, out, n, &cpu);
            check_is_hex(out, n, known[i].out);
        }
    }
}
END_TEST

/* Fewer octets are the beginning of more, and nothing is written behind them. */
START_TEST(shorter_is_a_beginning)
{
    uint8_t whole[200], out[201];
    tls_prf(HASH_SHA256, "s", 1, "label", "a", 1, "b", 1, whole, sizeof whole, &cpu);
    for (size_t n = 0; n <= sizeof whole; n++) {
        memset(out, 0x77, sizeof out);
        tls_prf(HASH_SHA256, "s", 1, "label", "a", 1, "b", 1, out, n, &cpu);
        check_bytes(out, whole, n);
        ck_assert_uint_eq(out[n], 0x77);
    }
}
END_TEST

START_TEST(everything_put_in_matters)
{
    uint8_t want[48], out[48];
    tls_prf(HASH_SHA256, "secret", 6, "label", "a", 1, "b", 1, want, 48, &cpu);
    tls_prf(HASH_SHA384, "secret", 6, "label", "a", 1, "b", 1, out, 48, &cpu);
    ck_assert_int_ne(memcmp(out, want, 48), 0);
    tls_prf(HASH_SHA256, "secreT", 6, "label", "a", 1, "b", 1, out, 48, &cpu);
    ck_assert_int_ne(memcmp(out, want, 48), 0);
    tls_prf(HASH_SHA256, "secret", 6, "labeL", "a", 1, "b", 1, out, 48, &cpu);
    ck_assert_int_ne(memcmp(out, want, 48), 0);
    tls_prf(HASH_SHA256, "secret", 6, "label", "b", 1, "a", 1, out, 48, &cpu);
    ck_assert_int_ne(memcmp(out, want, 48), 0);
}
END_TEST

static int run(const char *form, const char *name)
{
    return cpu_force(&cpu, form) ? check_run(name, (const TTest *[]){
        known_answers, shorter_is_a_beginning, everything_put_in_matters, NULL }) : 0;
}

int main(void)
{
    return run("portable", "prf, portable") | run("sha", "prf, SHA instructions")
        | run("avx512", "prf, AVX-512");
}
