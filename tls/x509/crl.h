/* crl.h - a CA's list of the certificates it takes back, read and judged (RFC 5280 §5, §6.3).
 *
 *     struct x509_crl list;
 *     if (!x509_read_crl(&der, NULL, &list, &why)) ...              strict DER, every octet named under a watch
 *     struct x509_crl_question q = { .cert = leaf, .above = path + 1, .n_above = 2, .crls = &list, .n_crls = 1,
 *                                    .at = now };
 *     struct x509_crl_answer a = x509_crl_judge(&q);                CRL_GOOD, CRL_REVOKED, or why nobody knows
 *
 * Which lists count (§6.3.3): those of the certificate's issuer, for certificates of its kind and for one of its
 * distribution points, that hold now, with no critical extension unknown here in list or entry, signed by a key of
 * that name which may sign lists (cRLSign): the issuer's own, another one's on the path, or that of a certificate among
 * `untrusted` which somebody on the path has issued and not taken back. Of several with the same scope the newest that
 * counts does. A delta list is read together with the complete one it fits to. Lists for some reasons only add up.
 * Indirect lists (of one CA about another's certificates) are not used, and said to be so. */
#ifndef TLS_X509_CRL_H
#define TLS_X509_CRL_H

#include "tls/x509/store.h"

/* Limits: octets of a list; lists of one issuer; names of points compared, and signatures verified, for one answer. */
enum { X509_CRL_MAX = 32 << 20, X509_CRLS_MAX = 64, X509_CRL_NAMES = 1024, X509_CRL_SIGNATURES = 16 };
/* A list without nextUpdate, which §5.1.2.5 forbids and old CAs write, is taken for so long; a clock may be so far
 * behind the CA's. */
#define X509_CRL_AGE  (7 * 86400 * SECOND)
#define X509_CRL_SKEW (300 * SECOND)

/* ReasonFlags (§4.2.1.13): bit n is 1 << n, as CRLReason counts; bit 0 is nobody's. */
enum { X509_REASONS_ALL = 0x1fe };
enum { X509_REASON_REMOVE = 8 };                      /* removeFromCRL, of a delta list: taken back no longer */

/* issuingDistributionPoint, §5.2.5 */
struct x509_crl_scope {
    bool user_only, ca_only, attribute_only, indirect;
    unsigned reasons;                                 /* X509_REASONS_ALL where it does not say */
    bool has_point, relative; struct bytes point;     /* content of fullName, or of nameRelativeToCRLIssuer */
};

/* A list, read: it points into the DER it was read from, which must outlive it. */
struct x509_crl {
    struct der der;                                   /* the whole */
    bool has_v2;                                      /* version 2; else there are no extensions */
    struct bytes tbs;                                 /* what is signed: TBSCertList with tag and length */
    struct x509_signature inner, outer; struct bytes signature;
    struct bytes issuer;                              /* Name, with tag and length */
    nsec this_update; bool has_next_update; nsec next_update;
    struct bytes revoked; size_t n_revoked;           /* content of revokedCertificates, walked when needed */
    struct bytes authority_key_id;
    struct bytes number; bool number_critical;        /* cRLNumber without its sign octet; n 0: absent */
    struct bytes issuing_point;                       /* content of issuingDistributionPoint; at NULL: absent */
    struct x509_crl_scope scope;
    bool is_delta; struct bytes base_number;          /* deltaCRLIndicator */
    bool unknown_critical; char unknown_oid[OID_TEXT];/* of the list or of any entry (§5.2, §5.3) */
};

/* Refuses as x509.crl_der, or x509.crl_size. */
bool x509_read_crl(const struct der *, const struct watch *, struct x509_crl *, struct fault *why);

struct x509_crl_entry { nsec date; bool has_reason; unsigned reason; };
/* Is this serial number (content octets) on the list? */
bool x509_crl_find(const struct x509_crl *, struct bytes serial, struct x509_crl_entry *);
const char *x509_reason_words(unsigned reason);       /* "keyCompromise"; NULL: not one of §5.3.1 */

/* Digests of what is signed, kept for one judgement: a long list is hashed once, however many keys are tried. */
enum { X509_DIGESTS_KEPT = 16 };
struct x509_crl_digests {
    struct { const struct x509_crl *crl; uint8_t digest[HASH_MAX]; } of[X509_DIGESTS_KEPT]; size_t n;
};

struct x509_crl_question {
    const struct x509_cert *cert;
    const struct x509_cert *const *above; size_t n_above;          /* its issuer first, up to the anchor */
    const struct x509_crl *crls; size_t n_crls;
    const struct x509_store *untrusted;               /* where signers of lists may be found; NULL: nowhere */
    struct x509_crl_digests *digests;                 /* NULL: none are kept */
    nsec at;
    const struct cpu *cpu;                            /* whose instructions may be used; NULL: portable code alone */
    bool strict;                                      /* as the web: a list has a number, not critical (§5.2.3) */
    bool need_status;                                 /* a signer that nobody can say anything of is none */
};

/* What it comes to, from knowing least to knowing. */
enum x509_crl_says {
    CRL_NONE,                                         /* there is no list of this issuer */
    CRL_NOT_ABOUT,                                    /* there is, about other certificates (kind, point) */
    CRL_SOME_REASONS,                                 /* not taken back for those in `reasons` */
    /* Lists about it that are of no use: */
    CRL_TOO_MANY, CRL_DELTA_ALONE, CRL_INDIRECT, CRL_CRITICAL, CRL_NUMBER, CRL_EARLY, CRL_STALE, CRL_ALGORITHM,
    CRL_WEAK, CRL_NO_SIGN, CRL_SIGNER, CRL_FORGED,
    CRL_GOOD, CRL_REVOKED
};
struct x509_crl_answer {
    enum x509_crl_says says;
    const struct x509_crl *crl;                       /* of which it is said; NULL for NONE and TOO_MANY */
    unsigned reasons;                                 /* covered, of SOME_REASONS */
    struct x509_crl_entry entry;                      /* of REVOKED */
    unsigned signatures;                              /* verified on the way */
};
struct x509_crl_answer x509_crl_judge(const struct x509_crl_question *);
/* Does the certificate say that others than its issuer publish its lists (cRLIssuer, in each of its points)? */
bool x509_crl_elsewhere(const struct x509_cert *);

#endif
