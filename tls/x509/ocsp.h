/* ocsp.h - what a CA says of a certificate today: an OCSP response, read and judged (RFC 6960 §3.2, §4.2.1).
 *
 * A response vouches for a certificate when it is about that one (issuer's name and key, serial number), says good,
 * holds now, and is signed by the issuer or by somebody whom the issuer has named for that (a certificate of the
 * response, signed by the issuer itself, with id-kp-OCSPSigning). A nonce is nobody's here: a stapled response was
 * asked for by the server. Nothing is told; the octets are the response's own. */
#ifndef TLS_X509_OCSP_H
#define TLS_X509_OCSP_H

#include "tls/x509/cert.h"

/* A response without nextUpdate is taken for so long; a clock may be so far behind the responder's. */
#define X509_OCSP_AGE  (7 * 86400 * SECOND)
#define X509_OCSP_SKEW (300 * SECOND)

/* WEAK: signed with SHA-1 or worse, so that nobody knows by whom. */
enum x509_ocsp { OCSP_NOT_ONE, OCSP_UNANSWERED, OCSP_NOT_ABOUT, OCSP_WEAK, OCSP_FORGED, OCSP_TOO_OLD, OCSP_TOO_NEW,
                 OCSP_REVOKED, OCSP_UNKNOWN, OCSP_GOOD };
/* What it comes to. *when is when the certificate was revoked, or the time at which the word given was or will be good
 * first (TOO_NEW, GOOD) or last (TOO_OLD); *status is the responder's, when it did not answer (1 to 6). */
enum x509_ocsp x509_ocsp_judge(struct bytes response, const struct x509_cert *, const struct x509_cert *issuer, nsec at,
                               nsec *when, unsigned *status);
const char *x509_ocsp_status_words(unsigned status);  /* "tryLater"; NULL: not one of RFC 6960 §4.2.1 */

#endif
