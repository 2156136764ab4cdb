/* chains.h - chains of certificates out of a number: what this project, OpenSSL, GnuTLS and Go are asked about, to see
 * whether they agree (make x509-versus).
 *
 * Each is issued for www.example.test, with one root or two and up to three CAs between, then spoiled in no, one or two
 * places: a field of what shall be issued, an element of what was written (another tag, left out, written twice,
 * exchanged with its neighbour), an octet. What was changed is signed again, so that it is not only the signature that
 * tells; now and then by a key that is not the issuer's. Same number, same chain. */
#ifndef TESTS_VERSUS_CHAINS_H
#define TESTS_VERSUS_CHAINS_H

#include "tls/x509/issue.h"

enum { VERSUS_CERT = 3000, VERSUS_CERTS = 6, VERSUS_ROOTS = 3 };

struct versus_chain {
    char recipe[300];                                 /* what was done to it: "leaf: no keyUsage; CA 1: tag" */
    struct der sent[VERSUS_CERTS + 2]; size_t n_sent; /* leaf first */
    struct der roots[VERSUS_ROOTS]; size_t n_roots;
    char host[64];
    nsec at;
    uint8_t octets[VERSUS_CERTS + VERSUS_ROOTS][VERSUS_CERT];
};

/* Makes the keys that all chains share; first, once. */
void versus_keys(void);
void versus_make(struct versus_chain *, uint64_t number);

#endif
