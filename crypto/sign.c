#include "crypto/sign.h"
#include "crypto/bignum.h"
#include "crypto/rsa_make.h"

#include <sodium.h>
#include <string.h>

const struct curve *key_curve(enum key_kind kind)
{
    switch (kind) {
    case KEY_P256: return &curve_p256;
    case KEY_P384: return &curve_p384;
    case KEY_P521: return &curve_p521;
    case KEY_NONE: case KEY_RSA: case KEY_RSA_PSS: case KEY_ED25519: break;
    }
    return NULL;
}

bool key_can(const struct public_key *key, struct sign_scheme scheme)
{
    switch (scheme.kind) {
    case SIGN_PKCS1:   return key->kind == KEY_RSA;
    case SIGN_PSS:     return key->kind == KEY_RSA
                           || (key->kind == KEY_RSA_PSS && (!key->pss_bound || key->pss_hash == scheme.hash));
    case SIGN_ECDSA:   return key_curve(key->kind) != NULL;
    case SIGN_ED25519: return key->kind == KEY_ED25519;
    }
    return false;
}

static bool verify_ecdsa(const struct public_key *key, enum hash_kind hash, const uint8_t *digest, const uint8_t *sig,
                         size_t n, const struct cpu *cpu)
{
    const struct curve *c = key_curve(key->kind);
    uint8_t r[CURVE_SCALAR_MAX], s[CURVE_SCALAR_MAX];
    return ecdsa_read_der(sig, n, r, s, c->octets) && ecdsa_verify(c, key->u.ec, hash, digest, r, s, cpu);
}

static size_t sign_ecdsa(const struct private_key *key, struct chance *chance, enum hash_kind hash,
                         const uint8_t *digest, uint8_t *sig, const struct cpu *cpu)
{
    const struct curve *c = key_curve(key->pub.kind);
    uint8_t r[CURVE_SCALAR_MAX], s[CURVE_SCALAR_MAX];
    if (!curve_scalar_valid(c, key->u.ec))
        return 0;
    ecdsa_sign(c, key->u.ec, chance, hash, digest, r, s, cpu);
    return ecdsa_write_der(r, s, c->octets, sig);
}

bool key_verify_digest(const struct public_key *key, struct sign_scheme scheme, const uint8_t *digest,
                       const uint8_t *sig, size_t n, const struct cpu *cpu)
{
    if (!key_can(key, scheme))
        return false;
    switch (scheme.kind) {
    case SIGN_PKCS1:   return rsa_verify(&key->u.rsa, scheme.hash, digest, sig, n, cpu);
    case SIGN_PSS:     return rsa_verify_pss(&key->u.rsa, scheme.hash, digest, sig, n, cpu);
    case SIGN_ECDSA:   return verify_ecdsa(key, scheme.hash, digest, sig, n, cpu);
    case SIGN_ED25519: break;
    }
    return false;
}

size_t key_sign_digest(const struct private_key *key, struct chance *chance, struct sign_scheme scheme,
                       const uint8_t *digest, uint8_t *sig, const struct cpu *cpu)
{
    if (!key_can(&key->pub, scheme))
        return 0;
    const struct rsa_private *rsa = &key->u.rsa;
    switch (scheme.kind) {
    case SIGN_PKCS1:   return rsa_sign(rsa, chance, scheme.hash, digest, sig, cpu) ? rsa->pub.n_size : 0;
    case SIGN_PSS:     return rsa_sign_pss(rsa, chance, scheme.hash, digest, sig, cpu) ? rsa->pub.n_size : 0;
    case SIGN_ECDSA:   return sign_ecdsa(key, chance, scheme.hash, digest, sig, cpu);
    case SIGN_ED25519: break;
    }
    return 0;
}

bool key_verify(const struct public_key *key, struct sign_scheme scheme, const void *message, size_t n,
                const uint8_t *sig, size_t sig_n, const struct cpu *cpu)
{
    uint8_t digest[HASH_MAX];
    if (scheme.kind == SIGN_ED25519)
        return key_can(key, scheme) && sig_n == ED25519_SIGNATURE && ed25519_verify(key->u.ed25519, message, n, sig);
    hash_of(scheme.hash, message, n, digest, cpu);
    return key_verify_digest(key, scheme, digest, sig, sig_n, cpu);
}

size_t key_sign(const struct private_key *key, struct chance *chance, struct sign_scheme scheme, const void *message,
                size_t n, uint8_t *sig, const struct cpu *cpu)
{
    uint8_t digest[HASH_MAX];
    if (scheme.kind == SIGN_ED25519) {
        if (!key_can(&key->pub, scheme))
            return 0;
        ed25519_sign(key->u.ed25519, message, n, sig);
        return ED25519_SIGNATURE;
    }
    hash_of(scheme.hash, message, n, digest, cpu);
    return key_sign_digest(key, chance, scheme, digest, sig, cpu);
}

bool key_make(struct private_key *key, enum key_kind kind, struct chance *chance, const char *purpose,
              const struct cpu *cpu)
{
    *key = (struct private_key){ .pub = { .kind = kind } };
    if (key_curve(kind))
        curve_make_key(key_curve(kind), chance, purpose, key->u.ec);
    else if (kind == KEY_ED25519)
        chance_fill(chance, purpose, key->u.ed25519, ED25519_KEY);
    return key_make_public(key, cpu);
}

bool key_make_public(struct private_key *key, const struct cpu *cpu)
{
    const struct curve *c = key_curve(key->pub.kind);
    if (key->pub.kind == KEY_ED25519)
        ed25519_public(key->u.ed25519, key->pub.u.ed25519);
    return c ? curve_public(c, key->u.ec, key->pub.u.ec, cpu) : key->pub.kind == KEY_ED25519;
}

/* Blinding guards against messages that others choose. That of key_matches is ours: any octets will do. */
static void fill_ones(struct chance *chance, const char *purpose, void *out, size_t n)
{
    (void)chance;
    (void)purpose;
    memset(out, 1, n);
}

static bool rsa_matches(const struct private_key *key, const struct public_key *pub, const struct cpu *cpu)
{
    struct chance ones = { fill_ones };
    uint8_t digest[HASH_MAX] = { 0 }, sig[SIGNATURE_MAX];
    return rsa_sign(&key->u.rsa, &ones, HASH_SHA256, digest, sig, cpu)
        && rsa_verify(&pub->u.rsa, HASH_SHA256, digest, sig, key->u.rsa.pub.n_size, cpu);
}

bool key_matches(const struct private_key *key, const struct public_key *pub, const struct cpu *cpu)
{
    if (key->pub.kind != pub->kind)
        return false;
    if (pub->kind == KEY_RSA || pub->kind == KEY_RSA_PSS)
        return rsa_matches(key, pub, cpu);
    struct private_key again = *key;
    bool same = key_make_public(&again, cpu) && key_same(&again.pub, pub);
    key_wipe(&again);
    return same;
}

bool key_make_rsa(struct private_key *key, unsigned bits, struct chance *chance, const struct cpu *cpu)
{
    *key = (struct private_key){ .pub = { .kind = KEY_RSA } };
    if (!rsa_make(&key->u.rsa, bits, chance, cpu))
        return false;
    key->pub.u.rsa = key->u.rsa.pub;
    return key_matches(key, &key->pub, cpu);           /* a faulty machine would give n away later (Lenstra) */
}

bool key_same(const struct public_key *a, const struct public_key *b)
{
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case KEY_RSA: case KEY_RSA_PSS:
        return a->u.rsa.n_size == b->u.rsa.n_size && a->u.rsa.e_size == b->u.rsa.e_size
            && memcmp(a->u.rsa.n, b->u.rsa.n, a->u.rsa.n_size) == 0
            && memcmp(a->u.rsa.e, b->u.rsa.e, a->u.rsa.e_size) == 0;
    case KEY_P256: case KEY_P384: case KEY_P521:
        return memcmp(a->u.ec, b->u.ec, key_point_size(a->kind)) == 0;
    case KEY_ED25519:
        return memcmp(a->u.ed25519, b->u.ed25519, ED25519_KEY) == 0;
    case KEY_NONE:
        break;
    }
    return false;
}

static unsigned rsa_bits(const struct rsa_public *rsa)
{
    unsigned bits = 8 * (unsigned)rsa->n_size;
    for (unsigned top = rsa->n[0]; bits > 0 && !(top & 0x80); top <<= 1)
        bits--;
    return bits;
}

unsigned key_bits(const struct public_key *key)
{
    switch (key->kind) {
    case KEY_RSA: case KEY_RSA_PSS: return rsa_bits(&key->u.rsa);
    case KEY_P256: case KEY_P384: case KEY_P521: return (unsigned)key_curve(key->kind)->bits;
    case KEY_ED25519: return 256;
    case KEY_NONE: break;
    }
    return 0;
}

size_t key_scalar_size(enum key_kind kind)
{
    return key_curve(kind) ? key_curve(kind)->octets : kind == KEY_ED25519 ? ED25519_KEY : 0;
}

size_t key_point_size(enum key_kind kind)
{
    return key_curve(kind) ? 1 + 2 * key_curve(kind)->octets : kind == KEY_ED25519 ? ED25519_KEY : 0;
}

void key_wipe(struct private_key *key)
{
    sodium_memzero(key, sizeof *key);
}

const char *key_form_name(enum key_kind kind, const struct cpu *cpu)
{
    /* IFMA multiplies any point but the generator, and a signature has none to multiply by what is secret. */
    const struct cpu without = { cpu ? cpu->has & ~(unsigned)CPU_IFMA : 0 };
    if (key_curve(kind))
        return curve_form_name(key_curve(kind), &without);
    return kind == KEY_ED25519 ? ed25519_form_name() : bn_form_name(cpu);
}
