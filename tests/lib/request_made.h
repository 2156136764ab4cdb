/* request_made.h - a request for a certificate (PKCS #10), for CN=`host` and that DNS name, signed with its key. */
#ifndef TESTS_LIB_REQUEST_MADE_H
#define TESTS_LIB_REQUEST_MADE_H

#include "crypto/sign.h"

/* Octets of DER; 0: no room. */
size_t request_made(const struct private_key *, const char *host, struct chance *, uint8_t *out, size_t room);

#endif
