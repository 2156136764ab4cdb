/* ocsp_made.h - OCSP responses for tests (RFC 6960 §4.2.1), good but for what a test wishes otherwise.
 *
 *     struct ocsp_made m = ocsp_made(&leaf, &issuer, &issuers_key, TEST_NOW);
 *     m.status = X509_STATUS_REVOKED;
 *     uint8_t der[OCSP_MADE_MAX];
 *     size_t n = ocsp_made_write(&m, der); */
#ifndef TESTS_LIB_OCSP_MADE_H
#define TESTS_LIB_OCSP_MADE_H

#include "tests/lib/chance.h"
#include "tls/x509/ocsp_write.h"

enum { OCSP_MADE_MAX = 4096 };

struct ocsp_made {
    unsigned answer;                                  /* responseStatus; other than 0: nothing more */
    const struct x509_cert *cert, *issuer;            /* whose word it is, and about whom */
    const struct x509_cert *other;                    /* one that stands before it in the list; NULL: none */
    enum hash_kind hash;                              /* of the CertID: SHA-1, as everybody does it */
    enum x509_ocsp_status status;
    struct bytes nonce;                               /* n 0: none */
    const struct x509_extra *extra;                   /* one more extension; NULL: none */
    nsec from, until;                                 /* until 0: no nextUpdate */
    const struct private_key *signer;
    const struct x509_cert *responder;                /* whose name, or key, is the signer's */
    bool by_key, with_responder;                      /* ResponderID by the key's hash; its certificate comes along */
};

struct ocsp_made ocsp_made(const struct x509_cert *, const struct x509_cert *issuer, const struct private_key *signer,
                           nsec now);
size_t ocsp_made_write(const struct ocsp_made *, uint8_t out[OCSP_MADE_MAX]);

/* A certificate for whoever may answer in the issuer's name (id-kp-OCSPSigning), with the key that the classroom's leaf
 * has; its octets are `der`. */
struct x509_cert ocsp_made_delegate(const struct x509_cert *issuer, const struct private_key *issuers_key, nsec now,
                                    uint8_t der[OCSP_MADE_MAX]);

#endif
