/* verify.h - should this server be believed? One call (RFC 5280 §6, RFC 9525).
 *
 * Given the chain a peer sent (leaf first, then anything in any order) and the anchors we trust, builds a path leaf -> intermediates -> anchor and
 * judges each certificate on it. Each check is told as an EVENT_CHECK (subject, expected, found, verdict), accepted or not, so that a refused
 * chain is still shown whole; the first refusal fills *why, naming the certificate and the check. Includes nothing of tls/. */
#ifndef TLS_X509_VERIFY_H
#define TLS_X509_VERIFY_H

#include "tls/x509/trust.h"

struct x509_ask {
    const struct x509_trust *trust;
    const char *host;                                 /* the reference identity: a DNS name (A-label), or NULL */
    struct bytes ip;                                  /* or an address of 4 or 16 octets (n > 0): then only iPAddress names count */
    nsec at;                                          /* the moment of judgement */
    enum x509_purpose purpose;                        /* X509_SERVER */
    unsigned key_usage;                               /* bits of which the leaf needs one: digitalSignature for ECDHE, keyEncipherment for RSA */
};

/* True: accepted, *leaf is its key. False: refused, *why says so; *leaf is filled in all the same when the leaf could be read (kind
 * KEY_NONE otherwise), so that a person who asked for it (-k) can go on. */
bool x509_verify_chain(const struct x509_ask *, const struct voice *, const struct der *chain, size_t n,
                       struct public_key *leaf, struct fault *why);

#endif
