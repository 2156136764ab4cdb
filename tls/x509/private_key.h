/* private_key.h - private keys as files hold them, in DER: PKCS #8 (OneAsymmetricKey, RFC 5958 §2) for every kind, and
 * the older forms of two of them: PKCS #1 (RSAPrivateKey, RFC 8017 §A.1.2) and SEC 1 (ECPrivateKey, RFC 5915 §3).
 * Ed25519 has its own inside of PKCS #8 (RFC 8410 §7), RSASSA-PSS is RSA under another name (RFC 4055 §1.2). What is
 * encrypted is for pbes2.h, text around it for pem.h.
 *
 * Kinds: RSA of 2048 to 4096 bits and two primes; P-256, P-384, P-521 by name; Ed25519. Nothing here need be constant
 * in time (a file of ours, once), but what is left on the stack is wiped. Grounds: x509.key_file (broken),
 * x509.key_kind (not known here), x509.key_pair (the parts do not fit together). */
#ifndef TLS_X509_PRIVATE_KEY_H
#define TLS_X509_PRIVATE_KEY_H

#include "crypto/sign.h"
#include "tls/x509/der.h"

enum key_form { KEY_PKCS8, KEY_PKCS1, KEY_SEC1 };
enum { PRIVATE_KEY_MAX = 2560 };                      /* no key written here is longer: RSA of 4096 bits has 2376 */

const char *key_form_label(enum key_form);            /* of its PEM block: "PRIVATE KEY" */

/* Public and private half must fit together; a public one that is left out (SEC 1, Ed25519) is computed. False: out is
 * wiped, out->pub.kind KEY_NONE. The private exponent of RSA is not looked at: it is not needed. */
bool private_key_read(const struct der *, enum key_form, struct private_key *out, struct fault *why);

/* Octets of DER; 0: it does not fit, or this kind has no such form (PKCS #1 for RSA but not RSASSA-PSS, SEC 1 for
 * curves). The same octets as OpenSSL writes. */
size_t private_key_write(const struct private_key *, enum key_form, uint8_t *out, size_t room);

#endif
