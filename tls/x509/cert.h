/* cert.h - one certificate, read (RFC 5280 §4).
 *
 * The struct points into the DER it was read from, which must outlive it. Reading is about syntax; whether
 * the certificate may be believed is for verify.h. What is well formed but not known here (a curve, an
 * algorithm, an extension) is read and noted as such. */
#ifndef TLS_X509_CERT_H
#define TLS_X509_CERT_H

#include "crypto/sign.h"
#include "tls/x509/der.h"
#include "tls/x509/oids.h"

enum { X509_NAME_TEXT = 200, X509_KEY_WORDS = 80, X509_CHAIN_MAX = 10, X509_CERT_MAX = 65536,
       X509_EXTENSIONS_MAX = 32, X509_ATTRIBUTES_MAX = 64 };

enum x509_usage {  /* RFC 5280 §4.2.1.3, bit n of the extension is 1 << n here */
    X509_DIGITAL_SIGNATURE = 1, X509_NON_REPUDIATION = 2, X509_KEY_ENCIPHERMENT = 4,
    X509_DATA_ENCIPHERMENT = 8, X509_KEY_AGREEMENT = 16, X509_KEY_CERT_SIGN = 32, X509_CRL_SIGN = 64,
    X509_ENCIPHER_ONLY = 128, X509_DECIPHER_ONLY = 256
};
/* extendedKeyUsage */
enum x509_purpose { X509_SERVER = 1, X509_CLIENT = 2, X509_ANY_PURPOSE = 4, X509_OTHER_PURPOSE = 8,
                    X509_OCSP_SIGNING = 16 };         /* that one beside OTHER */

/* Which extensions there are, as bits of `present` and `critical`. Whatever is none of these is OTHER. */
enum x509_extension {
    X509_EXT_BASIC_CONSTRAINTS = 1 << 0, X509_EXT_KEY_USAGE = 1 << 1, X509_EXT_EXTENDED_KEY_USAGE = 1 << 2,
    X509_EXT_SUBJECT_ALT_NAME = 1 << 3, X509_EXT_NAME_CONSTRAINTS = 1 << 4, X509_EXT_POLICIES = 1 << 5,
    X509_EXT_POLICY_MAPPINGS = 1 << 6, X509_EXT_POLICY_CONSTRAINTS = 1 << 7, X509_EXT_INHIBIT_ANY_POLICY = 1 << 8,
    X509_EXT_SUBJECT_KEY_ID = 1 << 9, X509_EXT_AUTHORITY_KEY_ID = 1 << 10, X509_EXT_AUTHORITY_INFO = 1 << 11,
    X509_EXT_SUBJECT_INFO = 1 << 12, X509_EXT_CRL_POINTS = 1 << 13, X509_EXT_FRESHEST_CRL = 1 << 14,
    X509_EXT_ISSUER_ALT_NAME = 1 << 15, X509_EXT_TLS_FEATURE = 1 << 16, X509_EXT_OTHER = 1 << 17
};
#define X509_NO_SKIP UINT32_MAX

struct x509_signature {
    bool known, weak;                                 /* known: scheme holds; weak: by MD2, MD5 or SHA-1 */
    struct sign_scheme scheme;
    struct bytes oid, whole;                          /* whole: the AlgorithmIdentifier with tag and length */
};

struct x509_cert {
    struct der der;                                   /* the whole */
    struct bytes tbs;                                 /* what is signed: TBSCertificate with tag and length */
    unsigned version;                                 /* 1, 2, 3; more is read, too */
    struct bytes serial;                              /* content octets of the INTEGER */
    struct x509_signature inner, outer; struct bytes signature;
    struct bytes issuer, subject;  /* Name, with tag and length: compared as octets and by §7.1 */
    nsec not_before, not_after;
    /* as written: "490101000000Z", of a UTCTime, or "20500101000000Z", of a GeneralizedTime */
    struct bytes not_before_digits, not_after_digits;
    bool early_generalized;  /* a GeneralizedTime before 2050: RFC 5280 §4.1.2.5 wants UTCTime */
    /* key.kind KEY_NONE: an algorithm, curve or size not known here */
    struct bytes spki; struct public_key key;
    unsigned rsa_bits;  /* of an RSA key, also one too small or too large to be known; else 0 */
    char key_words[X509_KEY_WORDS];  /* "RSA 2048 bits", "EC P-256", "EC P-384 (not known here)" */
    bool has_extensions; struct bytes extensions;     /* the Extension elements, one behind the other */
    bool has_basic, is_ca, has_path_len; uint32_t path_len;
    bool has_usage; unsigned usage;                   /* enum x509_usage bits */
    bool has_purposes; unsigned purposes;             /* enum x509_purpose bits */
    struct bytes alt_names, name_constraints;  /* extension contents, walked when needed; n 0: absent */
    struct bytes subject_key_id, authority_key_id;
    /* contents of certificatePolicies, policyMappings, cRLDistributionPoints; of freshestCRL, AuthorityInfoAccess */
    struct bytes policies, policy_mappings, crl_points, freshest_crl, info_access;
    /* SkipCerts of policyConstraints and inhibitAnyPolicy (RFC 5280 §4.2.1.11, §4.2.1.14); absent: X509_NO_SKIP */
    uint32_t require_explicit_policy, inhibit_policy_mapping, inhibit_any_policy;
    bool aki_has_issuer, aki_has_serial;  /* authorityCertIssuer, authorityCertSerialNumber */
    bool must_staple;                                 /* TLS feature 5, status_request (RFC 7633 §4) */
    uint32_t present, critical;                       /* enum x509_extension bits */
    /* an extension marked critical that is not processed here */
    bool unknown_critical; char unknown_oid[OID_TEXT];
};

/* Reads strictly, naming every byte under `w` (NULL: unwatched). Refuses as x509.der, where `came` names the element,
 * the octet and what is wrong there, or as x509.too_long; then out->key.kind is KEY_NONE. */
bool x509_read_cert(const struct der *, const struct watch *w, struct x509_cert *out, struct fault *why);

/* A Name as text, the most telling part first: "CN=www.example.test, O=Vitrine". Octets from outside, shown
 * harmless. The first RDN alone of it ("CN=www.example.test") is what short sentences use. */
char *x509_name_text(const struct bytes *name, char *out, size_t room);
char *x509_name_short(const struct bytes *name, char *out, size_t room);
bool  x509_name_empty(const struct bytes *);          /* a SEQUENCE of nothing */
/* RFC 5280 §7.1: strings by their characters, whatever kind of string holds them; ASCII case does not count, nor how
 * many spaces there are between words, nor any at the ends. All other values by their octets. */
bool  x509_name_same(const struct bytes *a, const struct bytes *b);
uint32_t x509_name_hash(const struct bytes *);        /* the same of two names that are the same by that */
/* are base's RDNs the first of name's? §4.2.1.10 */
bool  x509_name_within(const struct bytes *name, const struct bytes *base);

#endif
