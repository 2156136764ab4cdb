/* suites.h - the cipher suites spoken here, as one table; groups and signature algorithms with their
 * names. */
#ifndef TLS_SUITES_H
#define TLS_SUITES_H

#include "crypto/aead.h"
#include "crypto/exchange.h"
#include "crypto/sign.h"

enum tls_kx { TLS_KX_RSA, TLS_KX_ECDHE };
enum tls_sealing { TLS_SEAL_AEAD, TLS_SEAL_CBC_HMAC_SHA1 };

struct tls_suite {
    uint16_t number;
    const char *name;                                 /* IANA: "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256" */
    const char *openssl;                              /* "ECDHE-RSA-AES128-GCM-SHA256" */
    enum tls_kx kx;
    enum key_kind auth;                               /* the certificate's key: KEY_RSA or KEY_P256 */
    enum tls_sealing sealing;
    enum aead_kind aead;                              /* where sealing is AEAD */
    /* octets; record_iv: explicit nonce or CBC IV in each record (RFC 5288, 7905, 5246 §6.2.3.2) */
    unsigned key_size, mac_size, fixed_iv, record_iv;
    enum hash_kind prf;
    const char *rfc;
};

/* All that are known, in the order live commands offer them: ECDHE first. */
extern const struct tls_suite tls_suites[];
extern const size_t tls_n_suites;
const struct tls_suite *tls_suite_of(unsigned number);                    /* NULL: not spoken here */
const struct tls_suite *tls_suite_named(const char *name);                /* either name, ASCII case folded */
/* name of any registered suite that is known by name, GREASE, SCSV; or NULL */
const char *tls_suite_words(unsigned number);

enum tls_group { TLS_SECP256R1 = 23, TLS_X25519 = 29 };
/* "x25519", "secp384r1", "X25519MLKEM768", "GREASE" ... or NULL */
const char *tls_group_words(unsigned number);
enum exchange tls_group_exchange(unsigned number);                        /* EXCHANGE_NONE: not spoken here */

enum tls_sigalg { TLS_RSA_PKCS1_SHA256 = 0x0401, TLS_ECDSA_SECP256R1_SHA256 = 0x0403,
                  TLS_RSA_PKCS1_SHA384 = 0x0501, TLS_RSA_PKCS1_SHA512 = 0x0601 };
const char *tls_sigalg_words(unsigned number);
/* Those spoken here, in the order of our wishes; which key makes such a signature, over which hash. */
extern const uint16_t tls_sigalgs[];
extern const size_t tls_n_sigalgs;
bool tls_sigalg_of(unsigned number, enum key_kind *, struct sign_scheme *);        /* false: not spoken here */

#endif
