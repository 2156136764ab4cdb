/* RSA and FFDHE with AVX-512 IFMA, its instructions in plain C; see x25519_ifma.c. The key is made here, which takes less
 * time than one of 2048 bits would under valgrind. */
#include "tests/lib/plain_ifma512.h"

#include "crypto/bignum_ifma.c"                        /* stands in for the one in the library */

#include "crypto/dh.h"
#include "crypto/rsa_make.h"
#include "tests/ct/ct.h"

enum { BITS = 1024, N = BITS / 8, PREMASTER = 48, TLS_1_2 = 0x0303, FFDHE = 256, EXPONENT = 32 };
static const struct cpu with_ifma = { CPU_IFMA };

/* The same octets after each start; secret, or not. */
struct drawn { struct chance chance; bool hide; uint32_t draws; };

static void fill(struct chance *chance, const char *purpose, void *out, size_t n)
{
    struct drawn *c = (struct drawn *)(void *)chance;
    uint8_t seed[randombytes_SEEDBYTES] = { 0 };
    c->draws++;
    memcpy(seed, &c->draws, sizeof c->draws);
    (void)purpose;
    randombytes_buf_deterministic(out, n, seed);
    if (c->hide)
        ct_secret(out, n);
}

struct output { uint8_t signature[N], premaster[PREMASTER], other[PREMASTER], shared[FFDHE]; };

static void run(const struct rsa_private *key, const uint8_t secret[PREMASTER], bool hide, struct output *out)
{
    static const uint8_t digest[32] = { 0xd1 };
    struct drawn c = { { fill }, hide, 0 };
    uint8_t encoded[N], sealed[N], value[FFDHE];
    ct_expect(rsa_sign(key, &c.chance, HASH_SHA256, digest, out->signature, &with_ifma), "no signature");
    ct_expect(rsa_encrypt(&key->pub, &c.chance, secret, PREMASTER, encoded, sealed, &with_ifma), "no ciphertext");
    ct_public(sealed, sizeof sealed);                  /* it goes over the wire */
    ct_expect(rsa_decrypt_premaster(key, &c.chance, TLS_1_2, sealed, N, out->premaster, &with_ifma), "refused");
    ct_expect(ct_tell(ct_same(out->premaster, secret, PREMASTER)), "another premaster secret");
    memset(sealed, 0, sizeof sealed);
    sealed[N - 1] = 2;                                 /* its padding is wrong */
    ct_expect(rsa_decrypt_premaster(key, &c.chance, TLS_1_2, sealed, N, out->other, &with_ifma), "refused");
    dh_public(&dh_groups[DH_FFDHE2048], secret, EXPONENT, value, &with_ifma);
    ct_public(value, sizeof value);
    dh_shared(&dh_groups[DH_FFDHE2048], secret + PREMASTER - EXPONENT, EXPONENT, value, FFDHE, out->shared, &with_ifma);
}

int main(void)
{
    static struct rsa_private key, hidden_key;
    static struct output hidden, open;
    struct drawn c = { { fill }, false, 1000 };
    uint8_t secret[PREMASTER], same[PREMASTER];
    ct_start();
    ct_expect(sodium_init() >= 0, "libsodium");
    ct_expect(strcmp(bn_form_name(&with_ifma), "ifma") == 0, "not this form");
    ct_expect(rsa_make(&key, BITS, &c.chance, NULL), "no key");
    memset(secret, 3, sizeof secret);
    memcpy(same, secret, sizeof same);
    hidden_key = key;
    uint8_t *const numbers[] = { hidden_key.p, hidden_key.q, hidden_key.dp, hidden_key.dq, hidden_key.qinv };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        ct_secret(numbers[i], hidden_key.half);
    ct_secret(secret, sizeof secret);
    run(&hidden_key, secret, true, &hidden);
    ct_public(&hidden, sizeof hidden);
    run(&key, same, false, &open);
    ct_expect(memcmp(&hidden, &open, sizeof open) == 0, "another result when nobody looks");
    return 0;
}
