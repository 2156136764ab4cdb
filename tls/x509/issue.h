/* issue.h - making certificates (RFC 5280 §4): what the classroom CA and `serve` without --cert need.
 *
 * Version 3, signed as the key does it best: SHA-256 with RSA, RSASSA-PSS and P-256, SHA-384 with P-384, SHA-512 with
 * P-521, Ed25519. Extensions, where they have something to say: basicConstraints and keyUsage
 * and nameConstraints (critical), extKeyUsage serverAuth, subjectAltName (critical when there is no subject
 * name, §4.2.1.6), both key identifiers. */
#ifndef TLS_X509_ISSUE_H
#define TLS_X509_ISSUE_H

#include "crypto/sign.h"
#include "tls/x509/cert.h"

enum { X509_SERIAL = 16 };                            /* octets that x509_make_serial draws */
enum { X509_KEY_MAX = RSA_MAX + 64 };                 /* no key written by x509_write_key is longer */

struct x509_issue {
    const char *subject_cn, *subject_o;               /* UTF-8, at most 64 octets each; either may be NULL */
    const struct x509_cert *issuer;                   /* NULL: self-signed */
    const struct private_key *signer;  /* the issuer's key, or the subject's when self-signed */
    const struct public_key *key;                     /* the subject's */
    uint8_t serial[20]; size_t serial_n;              /* a number, big-endian */
    nsec not_before, not_after;                       /* whole seconds */
    bool ca; int path_len;                            /* path_len < 0: none */
    unsigned usage;                                   /* enum x509_usage bits; critical; 0: no keyUsage */
    bool server_auth;
    const char *const *dns; size_t n_dns;             /* subjectAltName */
    const struct bytes *ips; size_t n_ips;            /* 4 or 16 octets each */
    const char *permitted_dns;                        /* critical name constraints: this DNS subtree, ... */
    /* ... and these addresses exactly (4 or 16 octets each), ... */
    const struct bytes *permitted_ips; size_t n_permitted_ips;
    bool exclude_all_ip;                              /* ... and excluded: 0.0.0.0/0 and ::/0 */
};
/* Octets of DER written to out, 0 when it does not fit or the key is bad. */
size_t x509_issue(const struct x509_issue *, struct chance *, uint8_t *out, size_t room);
/* A positive serial number, always of 16 octets. */
void   x509_make_serial(struct x509_issue *, struct chance *);
/* A key alone, as SubjectPublicKeyInfo. 0: no room. */
size_t x509_write_key(const struct public_key *, uint8_t *out, size_t room);
/* A certificate of these TBS octets (with tag and length), signed as the key does it: out must lie elsewhere. 0: no
 * room, or the key is bad. */
size_t x509_sign(const struct bytes *tbs, const struct private_key *, struct chance *, uint8_t *out,
                 size_t room);

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
};
void classroom_plan(struct classroom_plan *, const struct classroom *, enum key_kind, const char *host);
bool classroom_carry_out(struct classroom *, struct classroom_plan *, nsec now, struct chance *, struct fault *why);
bool classroom_key_is(const struct public_key *);     /* one of the public "private" keys? */

#endif
