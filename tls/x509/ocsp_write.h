/* ocsp_write.h - making OCSP responses (RFC 6960 §4.2.1), for `vitrine ca ocsp` and for tests.
 *
 *     const struct x509_ocsp_line line = { .serial = cert.serial, .status = X509_STATUS_GOOD };
 *     const struct x509_ocsp_issue answer = { .issuer = &ca, .lines = &line, .n_lines = 1, .signer = &key,
 *                                             .responder = &ca, .produced = now, .from = now, .until = now + week };
 *     size_t n = x509_write_ocsp(&answer, chance, der, room);       room: x509_ocsp_room(&answer) is enough
 *
 * Everything pointed to outlives the call. */
#ifndef TLS_X509_OCSP_WRITE_H
#define TLS_X509_OCSP_WRITE_H

#include "crypto/hash.h"
#include "tls/x509/issue.h"

enum x509_ocsp_status { X509_STATUS_GOOD, X509_STATUS_REVOKED, X509_STATUS_UNKNOWN };  /* CertStatus' choices */
struct x509_ocsp_line {
    struct bytes serial;                              /* content octets of the INTEGER, as x509_cert has them */
    enum x509_ocsp_status status;
    nsec revoked; unsigned reason;                    /* of REVOKED; reason 0, unspecified, is not written */
};

struct x509_ocsp_issue {
    unsigned answer;                                  /* OCSPResponseStatus; other than 0: nothing more is written */
    const struct x509_cert *issuer;                   /* of the certificates that are spoken of */
    const struct x509_ocsp_line *lines; size_t n_lines;
    enum hash_kind hash;                              /* of CertID; HASH_SHA1, as everybody does it */
    nsec produced, from, until;                       /* producedAt, thisUpdate, nextUpdate; until 0: none */
    struct bytes nonce;                               /* as the request has it (RFC 9654: 1 to 128 octets); n 0: none */
    const struct x509_extra *extras; size_t n_extras; /* further extensions of the response */
    const struct private_key *signer;
    const struct sign_scheme *scheme;                 /* NULL: x509_scheme_of(signer) */
    const struct x509_cert *responder;                /* the signer: the issuer, or a delegate */
    bool by_key, with_responder;                      /* ResponderID by the key's hash; its certificate comes along */
};

size_t x509_ocsp_room(const struct x509_ocsp_issue *);
/* Octets of DER written to out, 0 when it does not fit or the key is bad. */
size_t x509_write_ocsp(const struct x509_ocsp_issue *, struct chance *, uint8_t *out, size_t room);

#endif
