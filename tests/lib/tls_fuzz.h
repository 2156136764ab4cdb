/* tls_fuzz.h - a fuzzer's octets as a script for the scripted peer (tls_peer.h): honest steps, spoiled
 * messages, records of any kind, sealed with the right keys once there are some, so that what lies behind
 * Finished is reached, too.
 *
 * The first octet chooses suite and group; then steps: an octet that says what, and what that needs. A row
 * of zeros is an honest handshake. */
#ifndef TESTS_LIB_TLS_FUZZ_H
#define TESTS_LIB_TLS_FUZZ_H

#include "tests/lib/tls_peer.h"

void tls_fuzz(bool engine_is_server, const uint8_t *script, size_t n);

#endif
