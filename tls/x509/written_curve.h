/* written_curve.h - P-256 written down instead of named, with a base point of one's own: for what is to be refused.
 *
 * Whoever may choose the base point takes somebody's public key for it: then the private half of that key is 1
 * (CVE-2020-0601). So `point`, an uncompressed point of P-256, is both here: base and public key. */
#ifndef TLS_X509_WRITTEN_CURVE_H
#define TLS_X509_WRITTEN_CURVE_H

#include <stddef.h>
#include <stdint.h>

enum { WRITTEN_POINT = 65, WRITTEN_ROOM = 384 };

/* Octets written; 0: no room. ServerECDHParams of RFC 4492 §5.4, which RFC 8422 took back: */
size_t written_curve_params(const uint8_t point[WRITTEN_POINT], uint8_t *out, size_t room);
/* SubjectPublicKeyInfo with SpecifiedECDomain (RFC 3279 §2.3.5), which RFC 5480 §2.1.1 forbids. */
size_t written_curve_key(const uint8_t point[WRITTEN_POINT], uint8_t *out, size_t room);

#endif
