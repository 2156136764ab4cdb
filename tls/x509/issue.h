/* issue.h - making certificates (RFC 5280 §4): for the classroom CA, for `serve` without --cert, for `vitrine ca`, and
 * for whoever wants some to try a judge with, good ones and bad ones.
 *
 * Version 3, signed as the key does it best unless told otherwise (put_parts.h). Extensions, where they have something
 * to say, each critical where RFC 5280 wants it so: basicConstraints (always), keyUsage, extKeyUsage, subjectAltName
 * (critical when there is no subject name, §4.2.1.6), nameConstraints, both key identifiers, policies and what belongs
 * to them, where to ask about revocation, TLS features, and any others. Everything pointed to outlives the call. */
#ifndef TLS_X509_ISSUE_H
#define TLS_X509_ISSUE_H

#include "crypto/sign.h"
#include "tls/x509/parts.h"

enum { X509_SERIAL = 16 };                            /* octets that x509_make_serial draws */
enum { X509_KEY_MAX = RSA_MAX + 64 };                 /* no key written by x509_write_key is longer */

/* An attribute of a Name, an RDN of its own. type: an OID in numbers; tag: DER_UTF8, DER_PRINTABLE, DER_IA5, ... */
struct x509_attribute { const char *type; unsigned tag; struct bytes value; };
struct x509_mapping { const char *issuer, *subject; };                 /* policies, OIDs in numbers */
struct x509_skip { bool said; unsigned certs; };                       /* SkipCerts */
/* Any extension. value: the DER that extnValue holds. */
struct x509_extra { const char *oid; bool critical; struct bytes value; };

struct x509_issue {
    /* The subject: a Name as octets (with tag and length), or these attributes in this order, or O and CN alone (UTF-8,
     * at most 64 octets each); nothing of all that: an empty Name. */
    struct bytes subject_name;
    const struct x509_attribute *subject; size_t n_subject;
    const char *subject_cn, *subject_o;
    const struct x509_cert *issuer;                   /* NULL: self-signed */
    struct bytes issuer_name;                         /* a Name as octets that stands in its place; n 0: none */
    const struct private_key *signer;  /* the issuer's key, or the subject's when self-signed */
    const struct sign_scheme *scheme;                 /* NULL: x509_scheme_of(signer) */
    const struct public_key *key;                     /* the subject's */
    struct bytes key_info;                            /* a SubjectPublicKeyInfo that stands in its place; n 0: none */
    uint8_t serial[20]; size_t serial_n;              /* a number, big-endian */
    nsec not_before, not_after;                       /* whole seconds */
    bool ca; int path_len;                            /* path_len < 0: none */
    unsigned usage;                                   /* enum x509_usage bits; critical; 0: no keyUsage */
    bool server_auth;                                 /* the first of the purposes, ... */
    const char *const *purposes; size_t n_purposes;   /* ... and these, OIDs in numbers */
    const char *const *dns; size_t n_dns;             /* subjectAltName: these, ... */
    const struct bytes *ips; size_t n_ips;            /* ... 4 or 16 octets each, ... */
    const struct general_name *alt_names; size_t n_alt_names;          /* ... and any others */
    /* Name constraints, permitted: this DNS subtree, these addresses exactly (4 or 16 octets each), and any others
     * (addresses with their mask) ... */
    const char *permitted_dns;
    const struct bytes *permitted_ips; size_t n_permitted_ips;
    const struct general_name *permitted; size_t n_permitted;
    bool exclude_all_ip;                              /* ... and excluded: 0.0.0.0/0 and ::/0, and any others */
    const struct general_name *excluded; size_t n_excluded;
    const char *const *policies; size_t n_policies;   /* OIDs in numbers */
    const struct x509_mapping *mappings; size_t n_mappings;
    struct x509_skip require_explicit, inhibit_mapping, inhibit_any;
    const char *crl_uri, *ocsp_uri, *issuer_uri;      /* cRLDistributionPoints; OCSP and caIssuers; NULL: none */
    bool must_staple;                                 /* TLS feature status_request, RFC 7633 */
    const struct x509_extra *extras; size_t n_extras; /* behind all others */
    /* For whoever wants one that is not as it should be. */
    uint32_t leave_out, turn_critical;                /* enum x509_extension bits: not written; critical turned round */
    unsigned version;                                 /* 0: 3; 1: none is written */
    bool no_extensions;
};
/* Octets of DER written to out, 0 when it does not fit or the key is bad. */
size_t x509_issue(const struct x509_issue *, struct chance *, uint8_t *out, size_t room);
/* A positive serial number, always of 16 octets. */
void   x509_make_serial(struct x509_issue *, struct chance *);
/* A key alone, as SubjectPublicKeyInfo. 0: no room. */
size_t x509_write_key(const struct public_key *, uint8_t *out, size_t room);
/* A certificate of these TBS octets (with tag and length), signed as the key does it: out must lie elsewhere. 0: no
 * room, or the key is bad. (A CertificateList and a BasicOCSPResponse have the same three parts.) The second by a
 * scheme that somebody chose. */
size_t x509_sign(const struct bytes *tbs, const struct private_key *, struct chance *, uint8_t *out,
                 size_t room);
size_t x509_sign_so(const struct bytes *tbs, const struct private_key *, struct sign_scheme, struct chance *,
                    uint8_t *out, size_t room);

/* The classroom CA. Its private keys are part of the program, therefore public: the root says so in its name
 * and carries critical name constraints (permitted DNS "test", excluded all IPv4 and IPv6), and live commands
 * refuse these keys (classroom_key_is). */
struct classroom {
    uint8_t root_der[1500], intermediate_der[1500], leaf_der[1500];
    struct x509_cert root, intermediate, leaf;        /* point into the above: do not copy the struct */
    struct private_key leaf_key;
};
/* Issues all three for this moment and host name; valid from the day before to 30 days after. kind: KEY_RSA
 * or KEY_P256 (the whole chain is of that kind). A host outside .test gets a leaf, too, which nobody
 * accepts. */
bool classroom_issue(struct classroom *, enum key_kind, const char *host, nsec now, struct chance *,
                     struct fault *why);
/* The same in two steps, for who wants a chain that is not as it should be: the plan may be changed before it is
 * carried out (its dates are set then, where not_after is 0). It points into itself: do not copy it. */
struct classroom_plan {
    struct x509_issue root, intermediate, leaf;
    const char *names[2];                             /* leaf.dns */
    const struct private_key *leaf_key;               /* the server's; leaf.key is its public half */
    uint8_t octets[512];                              /* for what a change of the plan points to */
};
void classroom_plan(struct classroom_plan *, const struct classroom *, enum key_kind, const char *host);
bool classroom_carry_out(struct classroom *, struct classroom_plan *, nsec now, struct chance *, struct fault *why);
bool classroom_key_is(const struct public_key *);     /* one of the public "private" keys? */

#endif
