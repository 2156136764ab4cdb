#include "tls/x509/oids.h"

#include <stdio.h>
#include <string.h>

static const struct { enum x509_oid oid; const char *dotted, *words; } table[] = {
    { OID_COMMON_NAME,            "2.5.4.3",                    "commonName" },
    { OID_SURNAME,                "2.5.4.4",                    "surname" },
    { OID_SERIAL_NUMBER,          "2.5.4.5",                    "serialNumber" },
    { OID_COUNTRY,                "2.5.4.6",                    "countryName" },
    { OID_LOCALITY,               "2.5.4.7",                    "localityName" },
    { OID_STATE,                  "2.5.4.8",                    "stateOrProvinceName" },
    { OID_STREET,                 "2.5.4.9",                    "streetAddress" },
    { OID_ORGANIZATION,           "2.5.4.10",                   "organizationName" },
    { OID_ORGANIZATIONAL_UNIT,    "2.5.4.11",                   "organizationalUnitName" },
    { OID_TITLE,                  "2.5.4.12",                   "title" },
    { OID_BUSINESS_CATEGORY,      "2.5.4.15",                   "businessCategory" },
    { OID_POSTAL_CODE,            "2.5.4.17",                   "postalCode" },
    { OID_GIVEN_NAME,             "2.5.4.42",                   "givenName" },
    { OID_ORGANIZATION_ID,        "2.5.4.97",                   "organizationIdentifier" },
    { OID_EMAIL,                  "1.2.840.113549.1.9.1",       "emailAddress" },
    { OID_DOMAIN_COMPONENT,       "0.9.2342.19200300.100.1.25", "domainComponent" },
    { OID_JURISDICTION_LOCALITY,  "1.3.6.1.4.1.311.60.2.1.1",   "jurisdictionLocalityName" },
    { OID_JURISDICTION_STATE,     "1.3.6.1.4.1.311.60.2.1.2",   "jurisdictionStateOrProvinceName" },
    { OID_JURISDICTION_COUNTRY,   "1.3.6.1.4.1.311.60.2.1.3",   "jurisdictionCountryName" },
    { OID_RSA,                    "1.2.840.113549.1.1.1",       "rsaEncryption" },
    { OID_EC_PUBLIC_KEY,          "1.2.840.10045.2.1",          "ecPublicKey" },
    { OID_P256,                   "1.2.840.10045.3.1.7",        "P-256" },
    { OID_P384,                   "1.3.132.0.34",               "P-384" },
    { OID_P521,                   "1.3.132.0.35",               "P-521" },
    { OID_SECP256K1,              "1.3.132.0.10",               "secp256k1" },
    { OID_ED25519,                "1.3.101.112",                "Ed25519" },
    { OID_ED448,                  "1.3.101.113",                "Ed448" },
    { OID_DSA,                    "1.2.840.10040.4.1",          "DSA" },
    { OID_X25519,                 "1.3.101.110",                "X25519" },
    { OID_SHA1,                   "1.3.14.3.2.26",              "SHA-1" },
    { OID_SHA256,                 "2.16.840.1.101.3.4.2.1",     "SHA-256" },
    { OID_SHA384,                 "2.16.840.1.101.3.4.2.2",     "SHA-384" },
    { OID_SHA512,                 "2.16.840.1.101.3.4.2.3",     "SHA-512" },
    { OID_MGF1,                   "1.2.840.113549.1.1.8",       "MGF1" },
    { OID_MD2_RSA,                "1.2.840.113549.1.1.2",       "md2WithRSAEncryption" },
    { OID_MD5_RSA,                "1.2.840.113549.1.1.4",       "md5WithRSAEncryption" },
    { OID_SHA1_RSA,               "1.2.840.113549.1.1.5",       "sha1WithRSAEncryption" },
    { OID_SHA224_RSA,             "1.2.840.113549.1.1.14",      "sha224WithRSAEncryption" },
    { OID_SHA256_RSA,             "1.2.840.113549.1.1.11",      "sha256WithRSAEncryption" },
    { OID_SHA384_RSA,             "1.2.840.113549.1.1.12",      "sha384WithRSAEncryption" },
    { OID_SHA512_RSA,             "1.2.840.113549.1.1.13",      "sha512WithRSAEncryption" },
    { OID_PSS_RSA,                "1.2.840.113549.1.1.10",      "RSASSA-PSS" },
    { OID_SHA1_ECDSA,             "1.2.840.10045.4.1",          "ecdsa-with-SHA1" },
    { OID_SHA224_ECDSA,           "1.2.840.10045.4.3.1",        "ecdsa-with-SHA224" },
    { OID_SHA256_ECDSA,           "1.2.840.10045.4.3.2",        "ecdsa-with-SHA256" },
    { OID_SHA384_ECDSA,           "1.2.840.10045.4.3.3",        "ecdsa-with-SHA384" },
    { OID_SHA512_ECDSA,           "1.2.840.10045.4.3.4",        "ecdsa-with-SHA512" },
    { OID_SHA1_DSA,               "1.2.840.10040.4.3",          "dsa-with-SHA1" },
    { OID_SHA256_DSA,             "2.16.840.1.101.3.4.3.2",     "dsa-with-SHA256" },
    { OID_SUBJECT_KEY_ID,         "2.5.29.14",                  "subjectKeyIdentifier" },
    { OID_KEY_USAGE,              "2.5.29.15",                  "keyUsage" },
    { OID_SUBJECT_ALT_NAME,       "2.5.29.17",                  "subjectAltName" },
    { OID_ISSUER_ALT_NAME,        "2.5.29.18",                  "issuerAltName" },
    { OID_BASIC_CONSTRAINTS,      "2.5.29.19",                  "basicConstraints" },
    { OID_NAME_CONSTRAINTS,       "2.5.29.30",                  "nameConstraints" },
    { OID_CRL_POINTS,             "2.5.29.31",                  "cRLDistributionPoints" },
    { OID_POLICIES,               "2.5.29.32",                  "certificatePolicies" },
    { OID_POLICY_MAPPINGS,        "2.5.29.33",                  "policyMappings" },
    { OID_AUTHORITY_KEY_ID,       "2.5.29.35",                  "authorityKeyIdentifier" },
    { OID_POLICY_CONSTRAINTS,     "2.5.29.36",                  "policyConstraints" },
    { OID_EXTENDED_KEY_USAGE,     "2.5.29.37",                  "extKeyUsage" },
    { OID_FRESHEST_CRL,           "2.5.29.46",                  "freshestCRL" },
    { OID_INHIBIT_ANY_POLICY,     "2.5.29.54",                  "inhibitAnyPolicy" },
    { OID_AUTHORITY_INFO,         "1.3.6.1.5.5.7.1.1",          "authorityInfoAccess" },
    { OID_SUBJECT_INFO,           "1.3.6.1.5.5.7.1.11",         "subjectInfoAccess" },
    { OID_TLS_FEATURE,            "1.3.6.1.5.5.7.1.24",         "tlsFeature" },
    { OID_SCT_LIST,               "1.3.6.1.4.1.11129.2.4.2",    "signedCertificateTimestampList" },
    { OID_PRECERT_POISON,         "1.3.6.1.4.1.11129.2.4.3",    "precertificatePoison" },
    { OID_NETSCAPE_TYPE,          "2.16.840.1.113730.1.1",      "netscapeCertType" },
    { OID_NETSCAPE_COMMENT,       "2.16.840.1.113730.1.13",     "netscapeComment" },
    { OID_QC_STATEMENTS,          "1.3.6.1.5.5.7.1.3",          "qcStatements" },
    { OID_SERVER_AUTH,            "1.3.6.1.5.5.7.3.1",          "serverAuth" },
    { OID_CLIENT_AUTH,            "1.3.6.1.5.5.7.3.2",          "clientAuth" },
    { OID_CODE_SIGNING,           "1.3.6.1.5.5.7.3.3",          "codeSigning" },
    { OID_EMAIL_PROTECTION,       "1.3.6.1.5.5.7.3.4",          "emailProtection" },
    { OID_TIME_STAMPING,          "1.3.6.1.5.5.7.3.8",          "timeStamping" },
    { OID_OCSP_SIGNING,           "1.3.6.1.5.5.7.3.9",          "OCSPSigning" },
    { OID_ANY_PURPOSE,            "2.5.29.37.0",                "anyExtendedKeyUsage" },
    { OID_OCSP,                   "1.3.6.1.5.5.7.48.1",         "OCSP" },
    { OID_OCSP_BASIC,             "1.3.6.1.5.5.7.48.1.1",       "ocspBasic" },
    { OID_CA_ISSUERS,             "1.3.6.1.5.5.7.48.2",         "caIssuers" },
    { OID_ANY_POLICY,             "2.5.29.32.0",                "anyPolicy" },
    { OID_CPS,                    "1.3.6.1.5.5.7.2.1",          "cps" },
    { OID_USER_NOTICE,            "1.3.6.1.5.5.7.2.2",          "unotice" },
    { OID_DOMAIN_VALIDATED,       "2.23.140.1.2.1",             "domain-validated" },
    { OID_ORGANIZATION_VALIDATED, "2.23.140.1.2.2",             "organization-validated" },
    { OID_EXTENDED_VALIDATION,    "2.23.140.1.1",               "extended-validation" },
    { OID_PBES2,                  "1.2.840.113549.1.5.13",      "PBES2" },
};
enum { TABLE = sizeof table / sizeof *table };

/* "2.5.29.19"; false, and what fits with "..." behind it, when an arc or the whole is too long. */
static bool dotted_text(const struct bytes *oid, char out[OID_TEXT])
{
    size_t n = 0;
    uint64_t arc = 0;
    out[0] = 0;
    for (size_t i = 0; i < oid->n; i++) {
        if (arc >> 56 || n > OID_TEXT - 28) {                      /* an arc of 63 bits has 19 digits */
            snprintf(out + n, OID_TEXT - n, "...");
            return false;
        }
        arc = arc << 7 | (oid->at[i] & 0x7f);
        if (oid->at[i] & 0x80)
            continue;
        if (n == 0) {  /* the first two arcs share a number, X.690 §8.19.4 */
            unsigned first = arc < 80 ? (unsigned)arc / 40 : 2;
            n += (size_t)snprintf(out, OID_TEXT, "%u", first);
            arc -= 40 * first;
        }
        n += (size_t)snprintf(out + n, OID_TEXT - n, ".%llu", (unsigned long long)arc);
        arc = 0;
    }
    return n > 0;
}

/* Its place in the table, TABLE when it has none. */
static size_t find(const struct bytes *oid)
{
    char dotted[OID_TEXT];
    size_t i = 0;
    if (!dotted_text(oid, dotted))
        return TABLE;
    while (i < TABLE && strcmp(table[i].dotted, dotted) != 0)
        i++;
    return i;
}

enum x509_oid x509_oid_of(const struct bytes *oid)
{
    size_t i = find(oid);
    return i < TABLE ? table[i].oid : OID_UNKNOWN;
}

const char *x509_oid_words(const struct bytes *oid)
{
    size_t i = find(oid);
    return i < TABLE ? table[i].words : NULL;
}

const char *x509_oid_dotted(enum x509_oid oid)
{
    for (size_t i = 0; i < TABLE; i++)
        if (table[i].oid == oid)
            return table[i].dotted;
    return "";
}

char *x509_oid_text(const struct bytes *oid, char out[OID_TEXT])
{
    const char *words = x509_oid_words(oid);
    if (words)
        snprintf(out, OID_TEXT, "%s", words);
    else
        dotted_text(oid, out);
    return out;
}
