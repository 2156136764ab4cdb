/* oids.h - the object identifiers that X.509 uses, by their words. What has no row in oid_table.c has no words and
 * is shown as numbers ("1.3.6.1.4.1.55738.666.1"). */
#ifndef TLS_X509_OIDS_H
#define TLS_X509_OIDS_H

#include "trace/wire.h"

enum x509_oid {
    OID_UNKNOWN,
    /* attributes of a Name (X.520, RFC 5280 appendix A) */
    OID_COMMON_NAME, OID_SURNAME, OID_SERIAL_NUMBER, OID_COUNTRY, OID_LOCALITY, OID_STATE, OID_STREET,
    OID_ORGANIZATION, OID_ORGANIZATIONAL_UNIT, OID_TITLE, OID_BUSINESS_CATEGORY, OID_POSTAL_CODE,
    OID_GIVEN_NAME, OID_ORGANIZATION_ID, OID_EMAIL, OID_DOMAIN_COMPONENT, OID_JURISDICTION_LOCALITY,
    OID_JURISDICTION_STATE, OID_JURISDICTION_COUNTRY,
    /* keys and curves */
    OID_RSA, OID_EC_PUBLIC_KEY, OID_P256, OID_P384, OID_P521, OID_SECP256K1, OID_ED25519, OID_ED448, OID_DSA,
    OID_X25519,
    /* what RSASSA-PSS is made of (RFC 4055 §2) */
    OID_SHA1, OID_SHA256, OID_SHA384, OID_SHA512, OID_MGF1,
    /* signatures */
    OID_MD2_RSA, OID_MD5_RSA, OID_SHA1_RSA, OID_SHA224_RSA, OID_SHA256_RSA, OID_SHA384_RSA, OID_SHA512_RSA,
    OID_PSS_RSA, OID_SHA1_ECDSA, OID_SHA224_ECDSA, OID_SHA256_ECDSA, OID_SHA384_ECDSA, OID_SHA512_ECDSA,
    OID_SHA1_DSA, OID_SHA256_DSA,
    /* extensions */
    OID_SUBJECT_KEY_ID, OID_KEY_USAGE, OID_SUBJECT_ALT_NAME, OID_ISSUER_ALT_NAME, OID_BASIC_CONSTRAINTS,
    OID_NAME_CONSTRAINTS, OID_CRL_POINTS, OID_POLICIES, OID_POLICY_MAPPINGS, OID_AUTHORITY_KEY_ID,
    OID_POLICY_CONSTRAINTS, OID_EXTENDED_KEY_USAGE, OID_FRESHEST_CRL, OID_INHIBIT_ANY_POLICY,
    OID_AUTHORITY_INFO, OID_SUBJECT_INFO, OID_TLS_FEATURE, OID_SCT_LIST, OID_PRECERT_POISON,
    OID_NETSCAPE_TYPE, OID_NETSCAPE_COMMENT, OID_QC_STATEMENTS,
    /* purposes */
    OID_SERVER_AUTH, OID_CLIENT_AUTH, OID_CODE_SIGNING, OID_EMAIL_PROTECTION, OID_TIME_STAMPING,
    OID_OCSP_SIGNING, OID_ANY_PURPOSE,
    /* ways to the authority's information, policies and their qualifiers */
    OID_OCSP, OID_OCSP_BASIC, OID_CA_ISSUERS, OID_ANY_POLICY, OID_CPS, OID_USER_NOTICE, OID_DOMAIN_VALIDATED,
    OID_ORGANIZATION_VALIDATED, OID_EXTENDED_VALIDATION,
    /* private keys under a pass phrase (RFC 8018, RFC 7914) */
    OID_PBES2, OID_PBKDF2, OID_SCRYPT, OID_HMAC_SHA1, OID_HMAC_SHA256, OID_HMAC_SHA384, OID_HMAC_SHA512,
    OID_AES_128_CBC, OID_AES_256_CBC
};

enum { OID_TEXT = 64 };

enum x509_oid x509_oid_of(const struct bytes *oid);  /* from the content octets of an OBJECT IDENTIFIER */
const char   *x509_oid_dotted(enum x509_oid);                           /* "2.5.29.19"; "" for OID_UNKNOWN */
const char   *x509_oid_words(const struct bytes *oid);  /* "basicConstraints"; NULL: not known */
/* The words, else the numbers. An arc of more than 63 bits, or too many for the room, ends it with "...". */
char         *x509_oid_text(const struct bytes *oid, char out[OID_TEXT]);
/* What OpenSSL calls it: "CN", "X509v3 Key Usage"; the numbers where it knows no name. */
char         *x509_oid_openssl(const struct bytes *oid, char out[OID_TEXT]);

#endif
