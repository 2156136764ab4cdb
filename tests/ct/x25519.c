/* X25519 from the Edwards form, and with AVX-512 IFMA, its instructions in plain C: valgrind 3.19 knows none of them.
 * What the latter shows is that the source takes no branch and no index from a secret; what a compiler makes of an
 * intrinsic is one instruction, whose time depends on no value. See ct.h. */
#include "tests/lib/plain_ifma.h"

#include "crypto/x25519_ifma.c"                        /* stands in for the one in the library */

#include "crypto/x25519.h"
#include "tests/ct/ct.h"

static void run(const struct cpu *cpu, const uint8_t key[32], const uint8_t other[32], uint8_t out[64])
{
    uint8_t point[32];
    x25519_public(key, out, cpu);
    x25519_public(other, point, cpu);
    ct_public(point, sizeof point);                    /* it goes to the peer */
    ct_expect(x25519_shared(key, point, out + 32, cpu), "a shared secret of zeros");
    memset(point, 0, sizeof point);
    uint8_t secret[32];
    ct_expect(!x25519_shared(key, point, secret, cpu), "a point of small order");
}

static void run_both(const struct cpu *cpu, const char *name)
{
    static const uint8_t seed[randombytes_SEEDBYTES] = "constant";
    uint8_t keys[64], same[64], hidden[64], open[64], want[64], point[32];
    ct_expect(strcmp(x25519_form_name(cpu), name) == 0, "not this form");
    randombytes_buf_deterministic(keys, sizeof keys, seed);
    memcpy(same, keys, sizeof keys);
    ct_secret(keys, sizeof keys);
    run(cpu, keys, keys + 32, hidden);
    ct_public(hidden, sizeof hidden);
    run(cpu, same, same + 32, open);
    ct_expect(memcmp(hidden, open, sizeof open) == 0, "another result when nobody looks");
    x25519_public(same, want, NULL);
    x25519_public(same + 32, point, NULL);
    ct_expect(x25519_shared(same, point, want + 32, NULL) && memcmp(open, want, sizeof want) == 0, "not libsodium's");
}

int main(void)
{
    ct_start();
    ct_expect(sodium_init() >= 0, "libsodium");
    run_both(&(struct cpu){ CPU_AVX2 }, "libsodium");
    run_both(&(struct cpu){ CPU_IFMA }, "ifma");
    return 0;
}
