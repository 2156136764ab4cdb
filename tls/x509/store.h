/* store.h - certificates found by subject: the anchors we trust, or candidates for a path that nobody trusts yet. Made
 * by cmd/ at the start, read only afterwards. */
#ifndef TLS_X509_STORE_H
#define TLS_X509_STORE_H

#include "tls/x509/cert.h"

/* By the hash of a subject, which of the certificates: slot[hash & mask] and on until an empty one (cert 0; else its
 * number + 1). So those of one name come in the order in which they were added. */
struct x509_slot { uint32_t hash, cert; };
struct x509_index { struct x509_slot *slots; uint32_t mask; };

/* Each certificate owns the octets of its .der. One made by hand, { .certs = x, .n = 1 }, has no index and does
 * without. */
struct x509_store { struct x509_cert *certs;  size_t n, room; struct x509_index index; };

/* Adds the certificates of a PEM text (many in one). Those that cannot be read are skipped and counted in
 * *skipped (may be NULL). Memory is malloc'ed here, x509_store_free gives it back. Start with a zeroed
 * struct. False: not one could be read, or no memory. */
bool x509_store_add_pem(struct x509_store *, const char *pem, size_t n, size_t *skipped, struct fault *why);
/* Adds one; its octets are copied. One that is there already is not added again (and that is no fault). */
bool x509_store_add(struct x509_store *, const struct der *, struct fault *why);
void x509_store_free(struct x509_store *);

/* Those of a subject (RFC 5280 §7.1), one call each; NULL: there is none more.
 *
 *     struct x509_look look = x509_store_look(store, &cert->issuer);
 *     for (const struct x509_cert *c; (c = x509_store_next(&look)) != NULL;)                */
struct x509_look { const struct x509_store *store; const struct bytes *subject; uint32_t hash; size_t at; };
struct x509_look x509_store_look(const struct x509_store *, const struct bytes *subject);
const struct x509_cert *x509_store_next(struct x509_look *);

#endif
