/* suites.h - the cipher suites spoken here, as one table; groups and signature algorithms with their
 * names. */
#ifndef TLS_SUITES_H
#define TLS_SUITES_H

#include "crypto/aead.h"
#include "crypto/exchange.h"
#include "crypto/sign.h"
#include "trace/wire.h"

enum tls_kx { TLS_KX_RSA, TLS_KX_DHE, TLS_KX_ECDHE,
              TLS_KX_OTHER /* PSK, SRP, anonymous: only read, and its messages are not taken apart */ };
/* What the certificate's key does: a kind of signature, not one kind of key. RSA has keys for PSS alone, too (RFC
 * 8446 §4.2.3), ECDSA suites go with any curve and with EdDSA (RFC 8422 §2.1). */
enum tls_auth { TLS_AUTH_RSA, TLS_AUTH_ECDSA };
enum tls_sealing { TLS_SEAL_AEAD, TLS_SEAL_CBC,
                   TLS_SEAL_NULL /* a MAC, and all in the open (RFC 5246 §6.2.3.1): only read */ };

struct tls_suite {
    uint16_t number;
    const char *name;                                 /* IANA: "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256" */
    const char *openssl;                              /* "ECDHE-RSA-AES128-GCM-SHA256" */
    enum tls_kx kx;
    enum tls_auth auth;
    enum tls_sealing sealing;
    enum aead_kind aead;                              /* where sealing is AEAD */
    enum hash_kind mac;                               /* where it is CBC or NULL: of the HMAC */
    /* octets; record_iv: explicit nonce or CBC IV in each record (RFC 5288, 7905, 5246 §6.2.3.2) */
    unsigned key_size, mac_size, fixed_iv, record_iv;
    enum hash_kind prf;
    const char *rfc;
    bool camellia;                                    /* where it is CBC: the cipher, in place of AES */
};

/* All that are spoken here, in the order of our wishes: ECDHE, then DHE, then RSA; AEAD before CBC. */
extern const struct tls_suite tls_suites[];
extern const size_t tls_n_suites;
const struct tls_suite *tls_suite_of(unsigned number);                    /* NULL: not spoken here */
const struct tls_suite *tls_suite_named(const char *name);                /* either name, ASCII case folded */
/* Those that a third reader opens beside them (tls/watch.h): AES-CCM, Camellia with CBC, NULL with a MAC; with a key
 * log, PSK's, SRP's and anonymous ones. No engine does. */
const struct tls_suite *tls_suite_readable(unsigned number);              /* of either kind; NULL: of neither */
/* Offered and chosen where nobody asks for more: ECDHE with an AEAD (RFC 9325 §4.2, RFC 10015). */
bool tls_suite_usual(const struct tls_suite *);
enum { TLS_USUAL_SUITES = 6 };
extern const struct tls_suite *const tls_usual_suites[TLS_USUAL_SUITES];
bool tls_suite_is_cbc(const struct tls_suite *);
const char *tls_kx_words(enum tls_kx);                                    /* "RSA", "DHE", "ECDHE" */
/* The key that a certificate for such suites usually has: KEY_RSA or KEY_P256; and the other way round. */
enum key_kind tls_auth_key(enum tls_auth);
bool tls_auth_fits(enum tls_auth, enum key_kind);
bool tls_suite_fits_key(const struct tls_suite *, enum key_kind);         /* with its key exchange */
/* name of any registered suite that is known by name, GREASE, SCSV; or NULL */
const char *tls_suite_words(unsigned number);

/* Value 0x?A?A of RFC 8701, which means nothing and keeps peers tolerant. */
bool tls_is_grease(unsigned number);

enum tls_group { TLS_SECP256R1 = 23, TLS_SECP384R1 = 24, TLS_SECP521R1 = 25, TLS_X25519 = 29, TLS_FFDHE2048 = 256,
                 TLS_FFDHE3072 = 257, TLS_FFDHE4096 = 258 };
enum { TLS_GROUPS_MOST = 8 };
/* Those spoken here, in the order of our wishes. */
extern const uint16_t tls_groups[];
extern const size_t tls_n_groups;
bool tls_group_is_ffdhe(unsigned number);              /* 256 to 511, known or not: a group for DHE (RFC 7919 §2) */
/* "x25519", "secp384r1", "X25519MLKEM768", "GREASE" ... or NULL */
const char *tls_group_words(unsigned number);
unsigned tls_group_named(const char *name);            /* "x25519", "P-256", "prime256v1"; 0: not spoken here */
enum exchange tls_group_exchange(unsigned number);                        /* EXCHANGE_NONE: not spoken here */
unsigned tls_group_of_exchange(enum exchange);         /* 0: it has no number (RFC 3526's) */
const char *tls_exchange_words(enum exchange);         /* as tls_group_words; "modp2048" */

enum tls_sigalg {
    TLS_RSA_PKCS1_SHA1 = 0x0201, TLS_ECDSA_SHA1 = 0x0203, TLS_RSA_PKCS1_SHA256 = 0x0401,
    TLS_ECDSA_SECP256R1_SHA256 = 0x0403, TLS_RSA_PKCS1_SHA384 = 0x0501, TLS_ECDSA_SECP384R1_SHA384 = 0x0503,
    TLS_RSA_PKCS1_SHA512 = 0x0601, TLS_ECDSA_SECP521R1_SHA512 = 0x0603, TLS_RSA_PSS_RSAE_SHA256 = 0x0804,
    TLS_RSA_PSS_RSAE_SHA384 = 0x0805, TLS_RSA_PSS_RSAE_SHA512 = 0x0806, TLS_ED25519 = 0x0807,
    TLS_RSA_PSS_PSS_SHA256 = 0x0809, TLS_RSA_PSS_PSS_SHA384 = 0x080a, TLS_RSA_PSS_PSS_SHA512 = 0x080b
};
const char *tls_sigalg_words(unsigned number);
unsigned tls_sigalg_named(const char *name);           /* "rsa_pss_rsae_sha256", "RSA-PSS+SHA256"; 0 */
/* Those spoken here, in the order of our wishes; behind the first tls_n_sigalgs those with SHA-1, which only --legacy
 * offers and takes (RFC 9155). */
extern const uint16_t tls_sigalgs[];
extern const size_t tls_n_sigalgs, tls_n_legacy_sigalgs;
/* Which key makes such a signature (of ECDSA: the curve in its name), and how. False: not spoken here. */
bool tls_sigalg_of(unsigned number, enum key_kind *, struct sign_scheme *);
/* Can this key sign so, and may it in TLS 1.2? */
bool tls_sigalg_fits(unsigned number, const struct public_key *);
/* The first of ours that is among theirs (2 octets each) and fits the key, its own curve's before others'; 0: none. */
uint16_t tls_sigalg_choose(const uint16_t *ours, size_t n, struct bytes theirs, const struct public_key *);

/* The same but for ASCII case? */
bool tls_same_name(const char *, const char *);

#endif
