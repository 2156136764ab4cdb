/* store.h - certificates found by subject: the anchors we trust, or candidates for a path that nobody trusts yet. Made
 * by cmd/ at the start, read only afterwards. */
#ifndef TLS_X509_STORE_H
#define TLS_X509_STORE_H

#include "tls/x509/cert.h"

/* By the hash of a subject, which of the certificates: slot[hash & mask] and on until an empty one (cert 0; else its
 * number + 1). So those of one name come in the order in which they were added. */
struct x509_slot { uint32_t hash, cert; };
struct x509_index { struct x509_slot *slots; uint32_t mask; };

/* What is known of a root and does not stand in its certificate: whoever keeps a store distrusts it in part (as
 * Mozilla's root program does). permitted: the content of a nameConstraints extension. */
struct x509_note {
    uint8_t sha256[32];                               /* of the root's certificate */
    bool distrusted;                                  /* altogether */
    bool has_after; nsec after;                       /* for what was issued later (its not_before) */
    uint8_t *permitted; size_t n_permitted;           /* n 0: any name */
};

/* Each certificate owns the octets of its .der. One made by hand, { .certs = x, .n = 1 }, has no index and does
 * without. */
struct x509_store { struct x509_cert *certs;  size_t n, room; struct x509_index index;
                    struct x509_note *notes; size_t n_notes; };

/* Adds the certificates of a PEM text (many in one). Those that cannot be read are skipped and counted in
 * *skipped (may be NULL). Memory is malloc'ed here, x509_store_free gives it back. Start with a zeroed
 * struct. False: not one could be read, or no memory. */
bool x509_store_add_pem(struct x509_store *, const char *pem, size_t n, size_t *skipped, struct fault *why);
/* Adds one; its octets are copied. One that is there already is not added again (and that is no fault). */
bool x509_store_add(struct x509_store *, const struct der *, struct fault *why);
void x509_store_free(struct x509_store *);

/* The side file of a store: a line for each note, what stands behind '#' is none. A root may have several lines; notes
 * on who is not in the store do no harm. Each is obeyed in judging (the check "distrust").
 *
 *     SHA256 distrust                                # 64 hex digits, with colons or without
 *     SHA256 distrust-after 2024-11-11               # certificates valid from a later day
 *     SHA256 permit-dns example                      # only this name and those below; several: any of them
 *
 * Ground x509.notes, which names the line. */
bool x509_store_add_notes(struct x509_store *, const char *text, size_t n, struct fault *why);
/* NULL: there is none. */
const struct x509_note *x509_store_note(const struct x509_store *, const struct x509_cert *);

/* Those of a subject (RFC 5280 §7.1), one call each; NULL: there is none more.
 *
 *     struct x509_look look = x509_store_look(store, &cert->issuer);
 *     for (const struct x509_cert *c; (c = x509_store_next(&look)) != NULL;)                */
struct x509_look { const struct x509_store *store; const struct bytes *subject; uint32_t hash; size_t at; };
struct x509_look x509_store_look(const struct x509_store *, const struct bytes *subject);
const struct x509_cert *x509_store_next(struct x509_look *);

#endif
