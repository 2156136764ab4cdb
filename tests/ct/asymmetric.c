/* The asymmetric half of crypto/, with secret keys, scalars and random octets; see ct.h. Each part runs
 * twice with the same input, the second time openly, and both must agree. */
#include "crypto/exchange.h"
#include "crypto/rsa_make.h"
#include "crypto/rsa_parts.h"
#include "crypto/sign.h"
#include "tests/ct/ct.h"

#include <sodium.h>

enum { TLS_1_2 = 0x0303, PREMASTER = 48 };

static struct cpu cpu;

/* Octets that are the same in both runs, and secret in the first: blinding, padding, keys are made of them.
 */
struct hidden_chance { struct chance chance; bool hide; uint32_t draws; };

static void fill(struct chance *chance, const char *purpose, void *out, size_t n)
{
    struct hidden_chance *c = (struct hidden_chance *)(void *)chance;
    uint8_t seed[randombytes_SEEDBYTES] = { 0 };
    c->draws++;
    memcpy(seed, &c->draws, sizeof c->draws);
    (void)purpose;
    randombytes_buf_deterministic(out, n, seed);
    ct_public(out, n);
    if (c->hide)
        ct_secret(out, n);
}

struct input { struct rsa_private rsa; uint8_t scalar[CURVE_SCALAR_MAX], secret[PREMASTER], digest[HASH_MAX]; };
struct output { uint8_t bytes[RSA_MAX]; };

static void run_rsa_sign(struct input *in, struct chance *chance, struct output *out)
{
    ct_expect(rsa_sign(&in->rsa, chance, HASH_SHA256, in->digest, out->bytes, &cpu), "no signature");
}

static void run_rsa_sign_pss(struct input *in, struct chance *chance, struct output *out)
{
    ct_expect(rsa_sign_pss(&in->rsa, chance, HASH_SHA256, in->digest, out->bytes, &cpu), "no signature");
}

static void run_ed25519(struct input *in, struct chance *chance, struct output *out)
{
    (void)chance;
    ed25519_public(in->scalar, out->bytes);
    ed25519_sign(in->scalar, in->digest, sizeof in->digest, out->bytes + ED25519_KEY);
}

/* A key is made of random octets that nobody sees, and its d for a file. Its n is public, once it is there. */
static void run_rsa_make(struct input *in, struct chance *chance, struct output *out)
{
    struct rsa_private made;
    ct_expect(rsa_make(&made, 1024, chance, &cpu), "no key");
    memcpy(out->bytes, made.qinv, made.half);
    ct_expect(ct_tell(rsa_private_exponent(&in->rsa, out->bytes + made.half)), "no exponent");
}

static void run_rsa_encrypt(struct input *in, struct chance *chance, struct output *out)
{
    uint8_t encoded[RSA_MAX];
    ct_expect(rsa_encrypt(&in->rsa.pub, chance, in->secret, PREMASTER, encoded, out->bytes, &cpu), "no ciphertext");
}

/* The premaster secret of an honest peer, then the ciphertext 2, whose padding is wrong. */
static void run_rsa_premaster(struct input *in, struct chance *chance, struct output *out)
{
    uint8_t encoded[RSA_MAX], sealed[RSA_MAX], *have = out->bytes;
    size_t n = in->rsa.pub.n_size;
    ct_expect(rsa_encrypt(&in->rsa.pub, chance, in->secret, PREMASTER, encoded, sealed, &cpu), "no ciphertext");
    ct_public(sealed, n);                              /* it came over the wire */
    ct_expect(rsa_decrypt_premaster(&in->rsa, chance, TLS_1_2, sealed, n, have, &cpu), "refused");
    ct_expect(ct_tell(ct_same(have, in->secret, PREMASTER)), "another premaster secret");
    memset(sealed, 0, n);
    sealed[n - 1] = 2;
    ct_expect(rsa_decrypt_premaster(&in->rsa, chance, TLS_1_2, sealed, n, have + PREMASTER, &cpu), "refused");
}

/* Both sides of an exchange: two scalars, two public values, one secret. */
static void run_exchange(enum exchange way, struct input *in, struct chance *chance, struct output *out)
{
    static uint8_t ours[EXCHANGE_SCALAR_MAX], value[2][EXCHANGE_PUBLIC_MAX], other[EXCHANGE_SECRET_MAX];
    const size_t n = exchange_public_size(way), secret_n = exchange_secret_size(way);
    exchange_make(way, chance, "ours", ours);
    ct_expect(exchange_public(way, ours, value[0], &cpu), "no value");
    ct_expect(exchange_public(way, in->scalar, value[1], &cpu), "no value");
    ct_public(value, sizeof value);                    /* both go over the wire */
    ct_expect(exchange_shared(way, ours, value[1], n, out->bytes, &cpu), "no shared secret");
    ct_expect(exchange_shared(way, in->scalar, value[0], n, other, &cpu), "no shared secret");
    ct_expect(ct_tell(ct_same(out->bytes, other, secret_n)), "another shared secret");
    ct_expect(exchange_zeros(way, out->bytes) < secret_n, "nothing but zeros");
}

static void run_p256(struct input *in, struct chance *c, struct output *out)
{
    run_exchange(EXCHANGE_P256, in, c, out);
}

static void run_p384(struct input *in, struct chance *c, struct output *out)
{
    run_exchange(EXCHANGE_P384, in, c, out);
}

static void run_p521(struct input *in, struct chance *c, struct output *out)
{
    run_exchange(EXCHANGE_P521, in, c, out);
}

static void run_ffdhe(struct input *in, struct chance *c, struct output *out)
{
    run_exchange(EXCHANGE_FFDHE2048, in, c, out);
}

static void run_ecdsa(const struct curve *curve, const struct input *in, struct chance *c, struct output *out)
{
    ecdsa_sign(curve, in->scalar, c, HASH_SHA384, in->digest, out->bytes, out->bytes + curve->octets, &cpu);
}

static void run_ecdsa_p256(struct input *in, struct chance *c, struct output *out)
{
    run_ecdsa(&curve_p256, in, c, out);
}

static void run_ecdsa_p384(struct input *in, struct chance *c, struct output *out)
{
    run_ecdsa(&curve_p384, in, c, out);
}

static void run_ecdsa_p521(struct input *in, struct chance *c, struct output *out)
{
    run_ecdsa(&curve_p521, in, c, out);
}

static const struct { const char *name; void (*run)(struct input *, struct chance *,
                                                    struct output *); } parts[] = {
    { "RSA signature", run_rsa_sign }, { "RSASSA-PSS", run_rsa_sign_pss }, { "Ed25519", run_ed25519 },
    { "RSA encryption", run_rsa_encrypt }, { "RSA key", run_rsa_make },
    { "RSA premaster", run_rsa_premaster },
    { "P-256", run_p256 }, { "P-384", run_p384 }, { "P-521", run_p521 }, { "ffdhe2048", run_ffdhe },
    { "ECDSA P-256", run_ecdsa_p256 }, { "ECDSA P-384", run_ecdsa_p384 }, { "ECDSA P-521", run_ecdsa_p521 },
};

/* The first key of rsa-keys.txt, of 2048 bits: its numbers fill their octets. (tests/lib reads it too, but
 * only inside of a Check test.) */
static void read_key(struct rsa_private *key)
{
    enum { LINE = 1 << 14 };
    static char line[LINE];
    uint8_t d[RSA_MAX];
    struct { uint8_t *to; size_t n; } numbers[] = {
        { key->pub.n, 256 }, { key->pub.e, 3 }, { d, 256 }, { key->p, 128 }, { key->q, 128 },
        { key->dp, 128 },
        { key->dq, 128 }, { key->qinv, 128 } };
    FILE *file = fopen("tests/vectors/rsa-keys.txt", "r");
    ct_expect(file != NULL, "tests/vectors/rsa-keys.txt: cannot be opened");
    while (fgets(line, LINE, file) && strncmp(line, "2048 ", 5) != 0)
        ;
    fclose(file);
    const char *at = line + 5;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++, at++) {
        size_t n = 0;
        ct_expect(sodium_hex2bin(numbers[i].to, numbers[i].n, at, strcspn(at, " "), NULL, &n, &at) == 0,
                  "not hex");
        ct_expect(n == numbers[i].n, "a number of another size");
    }
    key->pub.n_size = 256;
    key->pub.e_size = 3;
    key->half = 128;
}

static void hide(struct input *in)
{
    uint8_t *const numbers[] = { in->rsa.p, in->rsa.q, in->rsa.dp, in->rsa.dq, in->rsa.qinv };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        ct_secret(numbers[i], in->rsa.half);
    ct_secret(in->scalar, sizeof in->scalar);
    ct_secret(in->secret, sizeof in->secret);
}

static struct input same;

static void run_all(const struct cpu *with)
{
    static struct input in;
    cpu = *with;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        struct hidden_chance secret = { { fill }, true, 0 }, known = { { fill }, false, 0 };
        struct output hidden = { { 0 } }, open = { { 0 } };
        in = same;
        hide(&in);
        parts[i].run(&in, &secret.chance, &hidden);
        ct_public(&hidden, sizeof hidden);  /* signatures are public; shared secrets only for this test */
        parts[i].run(&same, &known.chance, &open);
        ct_public(&open, sizeof open);                 /* what libsodium writes, MemorySanitizer does not see written */
        ct_expect(memcmp(&hidden, &open, sizeof open) == 0, parts[i].name);
    }
}

int main(void)
{
    ct_start();
    ct_expect(sodium_init() >= 0, "libsodium");
    read_key(&same.rsa);
    memset(same.scalar, 0x5a, sizeof same.scalar);
    same.scalar[0] = 0;                                /* below each of the orders */
    memset(same.secret, 3, sizeof same.secret);
    memset(same.digest, 0xd1, sizeof same.digest);
    ct_in_each_form(CPU_SHA | CPU_ADX | CPU_AVX512 | CPU_IFMA, run_all);
    return 0;
}
