/* ECDH on P-256 with AVX-512 IFMA, its instructions in plain C; see x25519.c. */
#include "tests/lib/plain_ifma.h"

#include "crypto/p256_ifma.c"                          /* stands in for the one in the library */

#include "tests/ct/ct.h"

static void run(const struct cpu *cpu, const uint8_t scalar[OCTETS], uint8_t secret[OCTETS])
{
    ct_expect(curve_shared(&curve_p256, scalar, generator_octets, sizeof generator_octets, secret, cpu), "no secret");
}

int main(void)
{
    static const struct cpu cpu = { CPU_IFMA | CPU_ADX };
    static const uint8_t seed[randombytes_SEEDBYTES] = "constant";
    uint8_t scalar[OCTETS], same[OCTETS], hidden[OCTETS], open[OCTETS], want[OCTETS];
    ct_start();
    ct_expect(sodium_init() >= 0, "libsodium");
    ct_expect(strcmp(curve_form_name(&curve_p256, &cpu), "ifma") == 0, "not this form");
    for (uint8_t i = 0; i < 4; i++) {
        randombytes_buf_deterministic(scalar, sizeof scalar, seed);
        scalar[0] = i;                                 /* below the order */
        scalar[OCTETS - 1] = i;                        /* odd and even */
        memcpy(same, scalar, sizeof same);
        ct_secret(scalar, sizeof scalar);
        run(&cpu, scalar, hidden);
        ct_public(hidden, sizeof hidden);
        run(&cpu, same, open);
        run(NULL, same, want);
        ct_expect(memcmp(hidden, open, sizeof open) == 0, "another result when nobody looks");
        ct_expect(memcmp(open, want, sizeof want) == 0, "not that of the portable form");
    }
    return 0;
}
