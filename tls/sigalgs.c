#include "tls/suites.h"

/* RFC 8446 §4.2.3 has the names; in TLS 1.2 the two octets are a hash and a signature algorithm (RFC 5246
 * §7.4.1.4.1), or one thing (RFC 8422 §5.1.3, RFC 8446 §4.2.3). */
struct sigalg { uint16_t number; const char *name, *openssl; enum key_kind key; struct sign_scheme scheme; };

/* What is spoken here. `key` is the kind in the name; of ECDSA any curve will do in TLS 1.2. */
static const struct sigalg spoken[] = {
    { TLS_ECDSA_SECP256R1_SHA256, SAID("ecdsa_secp256r1_sha256"), SAID("ECDSA+SHA256"),
      KEY_P256, { SIGN_ECDSA, HASH_SHA256 } },
    { TLS_ECDSA_SECP384R1_SHA384, SAID("ecdsa_secp384r1_sha384"), SAID("ECDSA+SHA384"),
      KEY_P384, { SIGN_ECDSA, HASH_SHA384 } },
    { TLS_ECDSA_SECP521R1_SHA512, SAID("ecdsa_secp521r1_sha512"), SAID("ECDSA+SHA512"),
      KEY_P521, { SIGN_ECDSA, HASH_SHA512 } },
    { TLS_ED25519, SAID("ed25519"), SAID("ed25519"),
      KEY_ED25519, { SIGN_ED25519, HASH_SHA512 } },
    { TLS_RSA_PSS_RSAE_SHA256, SAID("rsa_pss_rsae_sha256"), SAID("RSA-PSS+SHA256"),
      KEY_RSA, { SIGN_PSS, HASH_SHA256 } },
    { TLS_RSA_PSS_RSAE_SHA384, SAID("rsa_pss_rsae_sha384"), SAID("RSA-PSS+SHA384"),
      KEY_RSA, { SIGN_PSS, HASH_SHA384 } },
    { TLS_RSA_PSS_RSAE_SHA512, SAID("rsa_pss_rsae_sha512"), SAID("RSA-PSS+SHA512"),
      KEY_RSA, { SIGN_PSS, HASH_SHA512 } },
    { TLS_RSA_PSS_PSS_SHA256, SAID("rsa_pss_pss_sha256"), SAID("rsa_pss_pss_sha256"),
      KEY_RSA_PSS, { SIGN_PSS, HASH_SHA256 } },
    { TLS_RSA_PSS_PSS_SHA384, SAID("rsa_pss_pss_sha384"), SAID("rsa_pss_pss_sha384"),
      KEY_RSA_PSS, { SIGN_PSS, HASH_SHA384 } },
    { TLS_RSA_PSS_PSS_SHA512, SAID("rsa_pss_pss_sha512"), SAID("rsa_pss_pss_sha512"),
      KEY_RSA_PSS, { SIGN_PSS, HASH_SHA512 } },
    { TLS_RSA_PKCS1_SHA256, SAID("rsa_pkcs1_sha256"), SAID("RSA+SHA256"),
      KEY_RSA, { SIGN_PKCS1, HASH_SHA256 } },
    { TLS_RSA_PKCS1_SHA384, SAID("rsa_pkcs1_sha384"), SAID("RSA+SHA384"),
      KEY_RSA, { SIGN_PKCS1, HASH_SHA384 } },
    { TLS_RSA_PKCS1_SHA512, SAID("rsa_pkcs1_sha512"), SAID("RSA+SHA512"),
      KEY_RSA, { SIGN_PKCS1, HASH_SHA512 } },
    { TLS_ECDSA_SHA1, SAID("ecdsa_sha1"), SAID("ECDSA+SHA1"),
      KEY_P256, { SIGN_ECDSA, HASH_SHA1 } },
    { TLS_RSA_PKCS1_SHA1, SAID("rsa_pkcs1_sha1"), SAID("RSA+SHA1"),
      KEY_RSA, { SIGN_PKCS1, HASH_SHA1 } },
};
enum { SPOKEN = sizeof spoken / sizeof *spoken, BY_LEGACY = 2 };

const uint16_t tls_sigalgs[] = {
    TLS_ECDSA_SECP256R1_SHA256, TLS_ECDSA_SECP384R1_SHA384, TLS_ECDSA_SECP521R1_SHA512, TLS_ED25519,
    TLS_RSA_PSS_RSAE_SHA256, TLS_RSA_PSS_RSAE_SHA384, TLS_RSA_PSS_RSAE_SHA512, TLS_RSA_PSS_PSS_SHA256,
    TLS_RSA_PSS_PSS_SHA384, TLS_RSA_PSS_PSS_SHA512, TLS_RSA_PKCS1_SHA256, TLS_RSA_PKCS1_SHA384, TLS_RSA_PKCS1_SHA512,
    TLS_ECDSA_SHA1, TLS_RSA_PKCS1_SHA1,
};
const size_t tls_n_legacy_sigalgs = SPOKEN;
const size_t tls_n_sigalgs = SPOKEN - BY_LEGACY;

static const struct { uint16_t number; const char *name; } others[] = {
    { 0x0202, "dsa_sha1" }, { 0x0301, "rsa_pkcs1_sha224" }, { 0x0302, "dsa_sha224" }, { 0x0303, "ecdsa_sha224" },
    { 0x0402, "dsa_sha256" }, { 0x0502, "dsa_sha384" }, { 0x0602, "dsa_sha512" }, { 0x0808, "ed448" },
    { 0x081a, "ecdsa_brainpoolP256r1tls13_sha256" }, { 0x081b, "ecdsa_brainpoolP384r1tls13_sha384" },
    { 0x081c, "ecdsa_brainpoolP512r1tls13_sha512" },
    { 0x0904, "mldsa44" }, { 0x0905, "mldsa65" }, { 0x0906, "mldsa87" },
};

static const struct sigalg *find(unsigned number)
{
    for (size_t i = 0; i < SPOKEN; i++)
        if (spoken[i].number == number)
            return &spoken[i];
    return NULL;
}

const char *tls_sigalg_words(unsigned number)
{
    const struct sigalg *s = find(number);
    for (size_t i = 0; !s && i < sizeof others / sizeof *others; i++)
        if (others[i].number == number)
            return others[i].name;
    return s ? s->name : tls_is_grease(number) ? "GREASE" : NULL;
}

bool tls_sigalg_of(unsigned number, enum key_kind *key, struct sign_scheme *scheme)
{
    const struct sigalg *s = find(number);
    if (s) {
        *key = s->key;
        *scheme = s->scheme;
    }
    return s;
}

/* Of RSA the two kinds of key have algorithms of their own; of ECDSA the curve is the key's. */
bool tls_sigalg_fits(unsigned number, const struct public_key *key)
{
    const struct sigalg *s = find(number);
    return s && key_can(key, s->scheme) && (s->scheme.kind == SIGN_ECDSA || s->key == key->kind);
}

uint16_t tls_sigalg_choose(const uint16_t *ours, size_t n, struct bytes theirs, const struct public_key *key)
{
    for (unsigned any_curve = 0; any_curve < 2; any_curve++)
        for (size_t i = 0; i < n; i++)
            for (size_t k = 0; k + 1 < theirs.n; k += 2)
                if ((theirs.at[k] << 8 | theirs.at[k + 1]) == ours[i] && tls_sigalg_fits(ours[i], key)
                    && (any_curve || find(ours[i])->key == key->kind))
                    return ours[i];
    return 0;
}

unsigned tls_sigalg_named(const char *name)
{
    for (size_t i = 0; i < SPOKEN; i++)
        if (tls_same_name(name, spoken[i].name) || tls_same_name(name, spoken[i].openssl))
            return spoken[i].number;
    return 0;
}
