/* pem.h - PEM (RFC 7468) to DER and back, and private keys (PKCS #8 RFC 5958, PKCS #1 RFC 8017, SEC 1 RFC
 * 5915).
 *
 * Between blocks there may be any text. A block is read as RFC 7468's lax form: lines of any length, white
 * space anywhere between the base64 digits; but digits, padding and the bits under the padding must be right,
 * and the END line must bear the same label. Grounds: x509.pem; for keys x509.key_file (broken, no key
 * there), x509.key_encrypted, x509.key_kind (not known here), x509.key_pair (the parts of the key do not fit
 * together). */
#ifndef TLS_X509_PEM_H
#define TLS_X509_PEM_H

#include "crypto/sign.h"
#include "tls/x509/cert.h"

enum { PEM_LABEL = 64 };

/* The next block of `*at`..`end` whose label is `label` ("CERTIFICATE"; NULL: any): its DER into out, *at
 * moved behind it. 0: there is none more (why without ground), or it is broken (why says so; *at stands
 * behind its BEGIN line). label_out (room PEM_LABEL) may be NULL. */
size_t pem_next(const char **at, const char *end, const char *label, char *label_out, uint8_t *out,
                size_t room, struct fault *why);
/* The certificates of a PEM text, in their order (a server's file has its leaf first), at most `most`: their DER one
 * behind the other into store, which they point into. How many; 0: there is none (why without
 * ground), or one is broken or does not fit (why says so). */
size_t pem_certificates(const char *text, size_t n, uint8_t *store, size_t room, struct der *chain, size_t most,
                        struct fault *why);
/* octets written, a NUL behind; 0: does not fit */
size_t pem_write(const char *label, const struct der *, char *out, size_t room);

/* The first private key of a PEM text, in any of the three forms: RSA of 2048 to 4096 bits, or P-256.
 * Constant time on the key's octets is not needed here (a file of ours), wiping is. Encrypted keys are
 * refused by name. A SEC 1 key without its public point gets it computed. */
bool pem_private_key(const char *text, size_t n, struct private_key *out, struct fault *why);
size_t pkcs8_write(const struct private_key *, uint8_t *out, size_t room);  /* on a curve only; 0 otherwise */

#endif
