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
    { 0x009e, "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", "DHE-RSA-AES128-GCM-SHA256", TLS_KX_DHE, TLS_AUTH_RSA,
      GCM_128, "RFC 5288" },
    { 0xccaa, "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256", "DHE-RSA-CHACHA20-POLY1305", TLS_KX_DHE, TLS_AUTH_RSA,
      CHACHA20, "RFC 7905" },
    { 0x009f, "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384", "DHE-RSA-AES256-GCM-SHA384", TLS_KX_DHE, TLS_AUTH_RSA,
      GCM_256, "RFC 5288" },
    { 0x0067, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256", "DHE-RSA-AES128-SHA256", TLS_KX_DHE, TLS_AUTH_RSA,
      CBC_128(HASH_SHA256, 32, HASH_SHA256), "RFC 5246" },
    { 0x006b, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256", "DHE-RSA-AES256-SHA256", TLS_KX_DHE, TLS_AUTH_RSA,
      CBC_256(HASH_SHA256, 32, HASH_SHA256), "RFC 5246" },
    { 0x0033, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA", "DHE-RSA-AES128-SHA", TLS_KX_DHE, TLS_AUTH_RSA,
      CBC_128(HASH_SHA1, 20, HASH_SHA256), "RFC 5246" },
    { 0x0039, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA", "DHE-RSA-AES256-SHA", TLS_KX_DHE, TLS_AUTH_RSA,
      CBC_256(HASH_SHA1, 20, HASH_SHA256), "RFC 5246" },
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

static char lower(char c) { return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c); }

bool tls_same_name(const char *a, const char *b)
{
    while (*a && lower(*a) == lower(*b))
        a++, b++;
    return lower(*a) == lower(*b);
}

const struct tls_suite *tls_suite_of(unsigned number)
{
    for (size_t i = 0; i < tls_n_suites; i++)
        if (tls_suites[i].number == number)
            return &tls_suites[i];
    return NULL;
}

const struct tls_suite *tls_suite_named(const char *name)
{
    for (size_t i = 0; i < tls_n_suites; i++)
        if (tls_same_name(name, tls_suites[i].name) || tls_same_name(name, tls_suites[i].openssl))
            return &tls_suites[i];
    return NULL;
}

bool tls_suite_is_cbc(const struct tls_suite *s) { return s->sealing == TLS_SEAL_CBC; }
/* The six at the head of the table. */
const struct tls_suite *const tls_usual_suites[TLS_USUAL_SUITES] = {
    &tls_suites[0], &tls_suites[1], &tls_suites[2], &tls_suites[3], &tls_suites[4], &tls_suites[5] };

bool tls_suite_usual(const struct tls_suite *s) { return s->kx == TLS_KX_ECDHE && !tls_suite_is_cbc(s); }

const char *tls_kx_words(enum tls_kx kx)
{
    static const char *const names[] = { [TLS_KX_RSA] = "RSA", [TLS_KX_DHE] = "DHE", [TLS_KX_ECDHE] = "ECDHE" };
    return names[kx];
}

enum key_kind tls_auth_key(enum tls_auth auth) { return auth == TLS_AUTH_RSA ? KEY_RSA : KEY_P256; }

bool tls_auth_fits(enum tls_auth auth, enum key_kind kind)
{
    return kind != KEY_NONE && (auth == TLS_AUTH_RSA) == (kind == KEY_RSA || kind == KEY_RSA_PSS);
}

/* A key for PSS alone opens nothing (RFC 8446 §4.2.3). */
bool tls_suite_fits_key(const struct tls_suite *s, enum key_kind kind)
{
    return tls_auth_fits(s->auth, kind) && (s->kx != TLS_KX_RSA || kind == KEY_RSA);
}

/* RFC 8701: values of the form 0x?A?A with both octets alike mean nothing and keep peers tolerant. */
bool tls_is_grease(unsigned number) { return (number & 0x0f0f) == 0x0a0a && number >> 8 == (number & 0xff); }

/* What hellos of today's browsers and libraries name, beside what is spoken here. */
static const struct { uint16_t number; const char *name; } other_suites[] = {
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
    for (size_t i = 0; i < sizeof other_suites / sizeof *other_suites; i++)
        if (other_suites[i].number == number)
            return other_suites[i].name;
    return tls_is_grease(number) ? "GREASE" : NULL;
}
