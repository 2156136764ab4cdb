/* store.h - certificates found by subject: the anchors we trust, or candidates for a path that nobody trusts yet. Made
 * by cmd/ at the start, read only afterwards. */
#ifndef TLS_X509_STORE_H
#define TLS_X509_STORE_H

#include "tls/x509/cert.h"

struct x509_store { struct x509_cert *certs;  size_t n, room; };      /* each owns the octets of its .der */

/* Adds the certificates of a PEM text (many in one). Those that cannot be read are skipped and counted in
 * *skipped (may be NULL). Memory is malloc'ed here, x509_store_free gives it back. Start with a zeroed
 * struct. False: not one could be read, or no memory. */
bool x509_store_add_pem(struct x509_store *, const char *pem, size_t n, size_t *skipped, struct fault *why);
/* Adds one; its octets are copied. One that is there already is not added again (and that is no fault). */
bool x509_store_add(struct x509_store *, const struct der *, struct fault *why);
void x509_store_free(struct x509_store *);

#endif
