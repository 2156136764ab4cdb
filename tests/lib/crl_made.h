/* crl_made.h - lists of revoked certificates for fuzzing (RFC 5280 §5), by an issuer who may sign them: what one list
 * can hold, in a handful of them. Good at `now`. */
#ifndef TESTS_LIB_CRL_MADE_H
#define TESTS_LIB_CRL_MADE_H

#include "tests/lib/chance.h"
#include "tls/x509/crl_write.h"

enum { CRL_MADE_MAX = 2048 };
enum crl_made { CRL_MADE_EMPTY, CRL_MADE_REVOKED, CRL_MADE_SCOPED, CRL_MADE_DELTA, CRL_MADE_INDIRECT, CRL_MADE_KINDS };

/* `revoked`: the certificate that stands on those which are not empty. */
size_t crl_made_write(enum crl_made, const struct x509_cert *issuer, const struct private_key *,
                      const struct x509_cert *revoked, nsec now, uint8_t out[CRL_MADE_MAX]);

#endif
