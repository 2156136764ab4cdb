/* trust.h - the anchors we trust: certificates found by subject. Made by cmd/ at the start, read only
 * afterwards. */
#ifndef TLS_X509_TRUST_H
#define TLS_X509_TRUST_H

#include "tls/x509/cert.h"

struct x509_trust { struct x509_cert *anchors; size_t n, room; };      /* each owns the octets of its .der */

/* Adds the certificates of a PEM text (many in one). Those that cannot be read are skipped and counted in
 * *skipped (may be NULL). Memory is malloc'ed here, x509_trust_free gives it back. Start with a zeroed
 * struct. False: not one could be read, or no memory. */
bool x509_trust_add_pem(struct x509_trust *, const char *pem, size_t n, size_t *skipped, struct fault *why);
/* Adds one; its octets are copied. One that is there already is not added again (and that is no fault). */
bool x509_trust_add(struct x509_trust *, const struct der *, struct fault *why);
void x509_trust_free(struct x509_trust *);

#endif
