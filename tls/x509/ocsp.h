/* ocsp.h - what a CA says of a certificate today: an OCSP response, read and judged (RFC 6960 §3.2, §4.2.1).
 *
 * A response vouches for a certificate when it is about that one (issuer's name and key, serial number), says good,
 * holds now, has no critical extension unknown here, and is signed by the issuer or by somebody whom the issuer has
 * named for that (a certificate of the response, signed by the issuer itself, with id-kp-OCSPSigning). A nonce is
 * read and weighs nothing: what is stapled, or lies in a file, was asked for by somebody else. */
#ifndef TLS_X509_OCSP_H
#define TLS_X509_OCSP_H

#include "tls/x509/cert.h"

/* A response without nextUpdate is taken for so long; a clock may be so far behind the responder's. Limits: octets of a
 * response; certificates in it of which one may be the signer's. */
#define X509_OCSP_AGE  (7 * 86400 * SECOND)
#define X509_OCSP_SKEW (300 * SECOND)
enum { X509_OCSP_MAX = 1 << 20, X509_RESPONDERS_MAX = 4 };

/* A response, read: it points into the octets it was read from, which must outlive it. */
struct x509_ocsp_response {
    unsigned status;                                  /* OCSPResponseStatus; other than 0: there is nothing more */
    struct bytes tbs;                                 /* ResponseData with tag and length: what is signed */
    struct bytes by_name, by_key;                     /* ResponderID: one of both */
    nsec produced;
    struct bytes singles;                             /* content of responses, walked when needed */
    struct bytes nonce;                               /* n 0: none */
    struct x509_signature algorithm; struct bytes signature;
    struct bytes certs[X509_RESPONDERS_MAX]; size_t n_certs;
    bool unknown_critical; char unknown_oid[OID_TEXT];/* of the response as a whole */
};

/* Reads strictly, naming every octet under the watch, of the certificates that come along, too. Refuses as
 * x509.ocsp_der. */
bool x509_read_ocsp(const struct der *, const struct watch *, struct x509_ocsp_response *, struct fault *why);

/* WEAK: signed with SHA-1 or worse, so that nobody knows by whom. */
enum x509_ocsp { OCSP_NOT_ONE, OCSP_UNANSWERED, OCSP_NOT_ABOUT, OCSP_CRITICAL, OCSP_WEAK, OCSP_FORGED, OCSP_TOO_OLD,
                 OCSP_TOO_NEW, OCSP_REVOKED, OCSP_UNKNOWN, OCSP_GOOD };
struct x509_ocsp_answer {
    enum x509_ocsp says;
    /* When the certificate was revoked; or the time at which the word given was or will be good first (TOO_NEW, GOOD)
     * or last (TOO_OLD). */
    nsec when;
    bool has_reason; unsigned reason;                 /* of REVOKED: CRLReason, RFC 5280 §5.3.1 */
    unsigned status;                                  /* of UNANSWERED: 1 to 6 */
    char unknown_oid[OID_TEXT];                       /* of CRITICAL */
    unsigned signatures;                              /* verified on the way */
    bool delegated; struct x509_cert signer;          /* not the issuer, but this one of the response's certificates */
};
/* What it comes to at that moment. */
struct x509_ocsp_answer x509_ocsp_judge(struct bytes response, const struct x509_cert *,
                                        const struct x509_cert *issuer, nsec at, const struct cpu *);
const char *x509_ocsp_status_words(unsigned status);  /* "tryLater"; NULL: not one of RFC 6960 §4.2.1 */

/* SingleResponse, of one certificate. */
struct x509_ocsp_word {
    bool found;                                       /* it is about the certificate asked for */
    unsigned status; nsec from, until, revoked; bool has_until;
    bool has_reason; unsigned reason;
    bool unknown_critical; char unknown_oid[OID_TEXT];
};
/* The next of `singles`. NULL for cert: whoever it is about. */
void x509_take_ocsp_single(struct wire_in *, const struct x509_cert *, const struct x509_cert *issuer,
                           struct x509_ocsp_word *);
/* Is this the digest of the octets of the certificate's key (§4.1.1), or of that data? */
bool x509_is_hash_of(struct bytes digest, enum hash_kind, struct bytes data);
struct bytes x509_key_octets(const struct x509_cert *);

#endif
