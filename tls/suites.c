#include "tls/suites.h"

#include <string.h>

/* sealing, aead, mac, key_size, mac_size, fixed_iv, record_iv, prf */
#define GCM_128 TLS_SEAL_AEAD, AEAD_AES_128_GCM, HASH_SHA256, 16, 0, 4, 8, HASH_SHA256
#define GCM_256 TLS_SEAL_AEAD, AEAD_AES_256_GCM, HASH_SHA384, 32, 0, 4, 8, HASH_SHA384
#define CHACHA20 TLS_SEAL_AEAD, AEAD_CHACHA20_POLY1305, HASH_SHA256, 32, 0, 12, 0, HASH_SHA256
#define CBC_128(mac, mac_size, prf) TLS_SEAL_CBC, AEAD_AES_128_GCM, mac, 16, mac_size, 0, 16, prf
#define CBC_256(mac, mac_size, prf) TLS_SEAL_CBC, AEAD_AES_256_GCM, mac, 32, mac_size, 0, 16, prf

/* ECDHE before the rest (RFC 10015: no key exchange without forward secrecy, and no finite-field one, unless asked
 * for by name), AEAD before CBC. Not here, and so never spoken: NULL, anonymous, export, RC4, 3DES (RFC 9325 §4.1). */
const struct tls_suite tls_suites[] = {
    { 0xc02b, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "ECDHE-ECDSA-AES128-GCM-SHA256", TLS_KX_ECDHE, TLS_AUTH_ECDSA,
      GCM_128, "RFC 5289" },
    { 0xc02f, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "ECDHE-RSA-AES128-GCM-SHA256", TLS_KX_ECDHE, TLS_AUTH_RSA,
      GCM_128, "RFC 5289" },
    { 0xcca9, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "ECDHE-ECDSA-CHACHA20-POLY1305", TLS_KX_ECDHE,
      TLS_AUTH_ECDSA,
      CHACHA20, "RFC 7905" },
    { 0xcca8, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", "ECDHE-RSA-CHACHA20-POLY1305", TLS_KX_ECDHE, TLS_AUTH_RSA,
      CHACHA20, "RFC 7905" },
    { 0xc02c, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "ECDHE-ECDSA-AES256-GCM-SHA384", TLS_KX_ECDHE, TLS_AUTH_ECDSA,
      GCM_256, "RFC 5289" },
    { 0xc030, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "ECDHE-RSA-AES256-GCM-SHA384", TLS_KX_ECDHE, TLS_AUTH_RSA,
      GCM_256, "RFC 5289" },
    { 0xc023, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256", "ECDHE-ECDSA-AES128-SHA256", TLS_KX_ECDHE, TLS_AUTH_ECDSA,
      CBC_128(HASH_SHA256, 32, HASH_SHA256), "RFC 5289" },
    { 0xc027, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256", "ECDHE-RSA-AES128-SHA256", TLS_KX_ECDHE, TLS_AUTH_RSA,
      CBC_128(HASH_SHA256, 32, HASH_SHA256), "RFC 5289" },
    { 0xc024, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384", "ECDHE-ECDSA-AES256-SHA384", TLS_KX_ECDHE, TLS_AUTH_ECDSA,
      CBC_256(HASH_SHA384, 48, HASH_SHA384), "RFC 5289" },
    { 0xc028, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384", "ECDHE-RSA-AES256-SHA384", TLS_KX_ECDHE, TLS_AUTH_RSA,
      CBC_256(HASH_SHA384, 48, HASH_SHA384), "RFC 5289" },
    { 0xc009, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", "ECDHE-ECDSA-AES128-SHA", TLS_KX_ECDHE, TLS_AUTH_ECDSA,
      CBC_128(HASH_SHA1, 20, HASH_SHA256), "RFC 8422" },
    { 0xc013, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "ECDHE-RSA-AES128-SHA", TLS_KX_ECDHE, TLS_AUTH_RSA,
      CBC_128(HASH_SHA1, 20, HASH_SHA256), "RFC 8422" },
    { 0xc00a, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA", "ECDHE-ECDSA-AES256-SHA", TLS_KX_ECDHE, TLS_AUTH_ECDSA,
      CBC_256(HASH_SHA1, 20, HASH_SHA256), "RFC 8422" },
    { 0xc014, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", "ECDHE-RSA-AES256-SHA", TLS_KX_ECDHE, TLS_AUTH_RSA,
      CBC_256(HASH_SHA1, 20, HASH_SHA256), "RFC 8422" },
    { 0x009c, "TLS_RSA_WITH_AES_128_GCM_SHA256", "AES128-GCM-SHA256", TLS_KX_RSA, TLS_AUTH_RSA,
      GCM_128, "RFC 5288" },
    { 0x009d, "TLS_RSA_WITH_AES_256_GCM_SHA384", "AES256-GCM-SHA384", TLS_KX_RSA, TLS_AUTH_RSA,
      GCM_256, "RFC 5288" },
    { 0x003c, "TLS_RSA_WITH_AES_128_CBC_SHA256", "AES128-SHA256", TLS_KX_RSA, TLS_AUTH_RSA,
      CBC_128(HASH_SHA256, 32, HASH_SHA256), "RFC 5246" },
    { 0x003d, "TLS_RSA_WITH_AES_256_CBC_SHA256", "AES256-SHA256", TLS_KX_RSA, TLS_AUTH_RSA,
      CBC_256(HASH_SHA256, 32, HASH_SHA256), "RFC 5246" },
    { 0x002f, "TLS_RSA_WITH_AES_128_CBC_SHA", "AES128-SHA", TLS_KX_RSA, TLS_AUTH_RSA,
      CBC_128(HASH_SHA1, 20, HASH_SHA256), "RFC 5246" },
    { 0x0035, "TLS_RSA_WITH_AES_256_CBC_SHA", "AES256-SHA", TLS_KX_RSA, TLS_AUTH_RSA,
      CBC_256(HASH_SHA1, 20, HASH_SHA256), "RFC 5246" },
};
const size_t tls_n_suites = sizeof tls_suites / sizeof *tls_suites;

const struct tls_suite *tls_suite_of(unsigned number)
{
    for (size_t i = 0; i < tls_n_suites; i++)
        if (tls_suites[i].number == number)
            return &tls_suites[i];
    return NULL;
}

static char lower(char c) { return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c); }

static bool same_folded(const char *a, const char *b)
{
    while (*a && lower(*a) == lower(*b))
        a++, b++;
    return lower(*a) == lower(*b);
}

const struct tls_suite *tls_suite_named(const char *name)
{
    for (size_t i = 0; i < tls_n_suites; i++)
        if (same_folded(name, tls_suites[i].name) || same_folded(name, tls_suites[i].openssl))
            return &tls_suites[i];
    return NULL;
}

bool tls_suite_is_cbc(const struct tls_suite *s) { return s->sealing == TLS_SEAL_CBC; }
bool tls_suite_usual(const struct tls_suite *s) { return s->kx == TLS_KX_ECDHE && !tls_suite_is_cbc(s); }

const char *tls_kx_words(enum tls_kx kx)
{
    static const char *const names[] = { [TLS_KX_RSA] = "RSA", [TLS_KX_DHE] = "DHE", [TLS_KX_ECDHE] = "ECDHE" };
    return names[kx];
}

enum key_kind tls_auth_key(enum tls_auth auth) { return auth == TLS_AUTH_RSA ? KEY_RSA : KEY_P256; }
bool tls_auth_fits(enum tls_auth auth, enum key_kind kind) { return kind == tls_auth_key(auth); }

struct named { uint16_t number; const char *name; };

static const char *find(const struct named *table, size_t n, unsigned number)
{
    for (size_t i = 0; i < n; i++)
        if (table[i].number == number)
            return table[i].name;
    return NULL;
}

/* RFC 8701: values of the form 0x?A?A with both octets alike mean nothing and keep peers tolerant. */
bool tls_is_grease(unsigned number) { return (number & 0x0f0f) == 0x0a0a && number >> 8 == (number & 0xff); }

/* What hellos of today's browsers and libraries name, beside what is spoken here. */
static const struct named other_suites[] = {
    { 0x0000, "TLS_NULL_WITH_NULL_NULL" },
    { 0x0004, "TLS_RSA_WITH_RC4_128_MD5" },
    { 0x0005, "TLS_RSA_WITH_RC4_128_SHA" },
    { 0x000a, "TLS_RSA_WITH_3DES_EDE_CBC_SHA" },
    { 0x0016, "TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA" },
    { 0x0032, "TLS_DHE_DSS_WITH_AES_128_CBC_SHA" },
    { 0x0038, "TLS_DHE_DSS_WITH_AES_256_CBC_SHA" },
    { 0x0041, "TLS_RSA_WITH_CAMELLIA_128_CBC_SHA" },
    { 0x0045, "TLS_DHE_RSA_WITH_CAMELLIA_128_CBC_SHA" },
    { 0x0084, "TLS_RSA_WITH_CAMELLIA_256_CBC_SHA" },
    { 0x0088, "TLS_DHE_RSA_WITH_CAMELLIA_256_CBC_SHA" },
    { 0x00ff, "TLS_EMPTY_RENEGOTIATION_INFO_SCSV" },
    { 0x1301, "TLS_AES_128_GCM_SHA256" },
    { 0x1302, "TLS_AES_256_GCM_SHA384" },
    { 0x1303, "TLS_CHACHA20_POLY1305_SHA256" },
    { 0x1304, "TLS_AES_128_CCM_SHA256" },
    { 0x1305, "TLS_AES_128_CCM_8_SHA256" },
    { 0x5600, "TLS_FALLBACK_SCSV" },
    { 0xc007, "TLS_ECDHE_ECDSA_WITH_RC4_128_SHA" },
    { 0xc008, "TLS_ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA" },
    { 0xc011, "TLS_ECDHE_RSA_WITH_RC4_128_SHA" },
    { 0xc012, "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA" },
    { 0xc09c, "TLS_RSA_WITH_AES_128_CCM" },
    { 0xc09d, "TLS_RSA_WITH_AES_256_CCM" },
    { 0xc09e, "TLS_DHE_RSA_WITH_AES_128_CCM" },
    { 0xc09f, "TLS_DHE_RSA_WITH_AES_256_CCM" },
    { 0xc0ac, "TLS_ECDHE_ECDSA_WITH_AES_128_CCM" },
    { 0xc0ad, "TLS_ECDHE_ECDSA_WITH_AES_256_CCM" },
};

const char *tls_suite_words(unsigned number)
{
    const struct tls_suite *s = tls_suite_of(number);
    if (s)
        return s->name;
    return tls_is_grease(number) ? "GREASE" : find(other_suites, sizeof other_suites / sizeof *other_suites, number);
}

static const struct named groups[] = {
    { 19, "secp192r1" }, { 21, "secp224r1" }, { 22, "secp256k1" }, { TLS_SECP256R1, "secp256r1" },
    { 24, "secp384r1" },
    { 25, "secp521r1" }, { 26, "brainpoolP256r1" }, { 27, "brainpoolP384r1" }, { 28, "brainpoolP512r1" },
    { TLS_X25519, "x25519" }, { 30, "x448" }, { 256, "ffdhe2048" }, { 257, "ffdhe3072" }, { 258, "ffdhe4096" },
    { 259, "ffdhe6144" }, { 260, "ffdhe8192" }, { 0x11eb, "SecP256r1MLKEM768" }, { 0x11ec, "X25519MLKEM768" },
    { 0x11ed, "SecP384r1MLKEM1024" }, { 0x6399, "X25519Kyber768Draft00" },
};

bool tls_group_is_ffdhe(unsigned number) { return number >> 8 == 1; }

const char *tls_group_words(unsigned number)
{
    return tls_is_grease(number) ? "GREASE" : find(groups, sizeof groups / sizeof *groups, number);
}

enum exchange tls_group_exchange(unsigned number)
{
    return number == TLS_X25519 ? EXCHANGE_X25519 : number == TLS_SECP256R1 ? EXCHANGE_P256 : EXCHANGE_NONE;
}

/* RFC 8446 §4.2.3 has the names; in TLS 1.2 the two octets are a hash and a signature algorithm (RFC 5246
 * §7.4.1.4.1). */
static const struct named sigalgs[] = {
    { 0x0201, "rsa_pkcs1_sha1" }, { 0x0202, "dsa_sha1" }, { 0x0203, "ecdsa_sha1" }, { 0x0301, "rsa_pkcs1_sha224" },
    { 0x0302, "dsa_sha224" }, { 0x0303, "ecdsa_sha224" }, { TLS_RSA_PKCS1_SHA256, "rsa_pkcs1_sha256" },
    { 0x0402, "dsa_sha256" }, { TLS_ECDSA_SECP256R1_SHA256, "ecdsa_secp256r1_sha256" },
    { TLS_RSA_PKCS1_SHA384, "rsa_pkcs1_sha384" }, { 0x0502, "dsa_sha384" }, { 0x0503, "ecdsa_secp384r1_sha384" },
    { TLS_RSA_PKCS1_SHA512, "rsa_pkcs1_sha512" }, { 0x0602, "dsa_sha512" }, { 0x0603, "ecdsa_secp521r1_sha512" },
    { 0x0804, "rsa_pss_rsae_sha256" }, { 0x0805, "rsa_pss_rsae_sha384" }, { 0x0806, "rsa_pss_rsae_sha512" },
    { 0x0807, "ed25519" }, { 0x0808, "ed448" }, { 0x0809, "rsa_pss_pss_sha256" }, { 0x080a, "rsa_pss_pss_sha384" },
    { 0x080b, "rsa_pss_pss_sha512" }, { 0x081a, "ecdsa_brainpoolP256r1tls13_sha256" },
    { 0x081b, "ecdsa_brainpoolP384r1tls13_sha384" }, { 0x081c, "ecdsa_brainpoolP512r1tls13_sha512" },
    { 0x0904, "mldsa44" }, { 0x0905, "mldsa65" }, { 0x0906, "mldsa87" },
};

const char *tls_sigalg_words(unsigned number)
{
    return tls_is_grease(number) ? "GREASE" : find(sigalgs, sizeof sigalgs / sizeof *sigalgs, number);
}

const uint16_t tls_sigalgs[] = { TLS_ECDSA_SECP256R1_SHA256, TLS_RSA_PKCS1_SHA256, TLS_RSA_PKCS1_SHA384,
                                 TLS_RSA_PKCS1_SHA512 };
const size_t tls_n_sigalgs = sizeof tls_sigalgs / sizeof *tls_sigalgs;

bool tls_sigalg_of(unsigned number, enum key_kind *key, struct sign_scheme *scheme)
{
    *key = number == TLS_ECDSA_SECP256R1_SHA256 ? KEY_P256 : KEY_RSA;
    scheme->kind = *key == KEY_P256 ? SIGN_ECDSA : SIGN_PKCS1;
    switch (number) {
    case TLS_ECDSA_SECP256R1_SHA256:
    case TLS_RSA_PKCS1_SHA256: scheme->hash = HASH_SHA256; return true;
    case TLS_RSA_PKCS1_SHA384: scheme->hash = HASH_SHA384; return true;
    case TLS_RSA_PKCS1_SHA512: scheme->hash = HASH_SHA512; return true;
    default:                   return false;
    }
}
