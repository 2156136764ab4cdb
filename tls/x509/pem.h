/* pem.h - PEM (RFC 7468) to DER, and private keys (PKCS #8 RFC 5958, PKCS #1 RFC 8017, SEC 1 RFC 5915). */
#ifndef TLS_X509_PEM_H
#define TLS_X509_PEM_H

#include "crypto/sign.h"
#include "tls/x509/cert.h"

/* The next block of `*at`..`end` whose label is `label` ("CERTIFICATE"; NULL: any): its DER into out, *at moved behind it. 0: there is none
 * more (why without ground), or it is broken (why says so). label_out (room 64) may be NULL. */
size_t pem_next(const char **at, const char *end, const char *label, char *label_out, uint8_t *out, size_t room, struct fault *why);
size_t pem_write(const char *label, const struct der *, char *out, size_t room);           /* with a NUL; 0: does not fit */
/* Any of the three forms in PEM. Constant time on the key's octets is not needed here (a file of ours), wiping is. Encrypted keys are refused by name. */
bool pem_private_key(const char *text, size_t n, struct private_key *out, struct fault *why);
size_t pkcs8_write(const struct private_key *, uint8_t *out, size_t room);                 /* P-256 only; 0 otherwise */

#endif
