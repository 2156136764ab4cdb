/* tls_deep.h - one engine of ours tried by another one that lies (tls_liar.h), with properties that must hold whatever it
 * says; a property that does not hold aborts. For fuzz targets: the keys are known here, so that what lies behind
 * Finished is reached.
 *
 * The script: eight octets that choose suite, group, resumption, client certificate and other agreements (tls_deep.c),
 * then what the liar takes. Of zeros it is an honest handshake, with data both ways and an orderly end. When the liar
 * has nothing more to say, the rest of the script are records sealed with the right keys: an octet of kind, then
 * content.
 *
 * What must hold:
 *   - nobody is connected without a Finished that is right over all messages as they went, in their order, which is
 *     computed here once more from the octets; and, unless Finished was forged with the tried end's own keys, without
 *     the same master secret at both ends;
 *   - a client is connected with the key of the classroom's certificate alone, and never after a ServerKeyExchange
 *     that was changed; a server that requires a certificate knows one, and never after a CertificateVerify that was
 *     changed; nobody resumes what was not there;
 *   - application data come out when connected only, and only what the liar has sealed, in its order;
 *   - each step takes in octets (bounded work), and memory stays below TLS_MEMORY_MAX;
 *   - a refusal has an id, what was expected and what came, and its alert goes out; it is never our own mistake
 *     (internal_error); and nothing happens after it. */
#ifndef TESTS_LIB_TLS_DEEP_H
#define TESTS_LIB_TLS_DEEP_H

#include "tests/lib/tls_between.h"

/* Was the tried end connected? */
bool tls_deep(bool try_server, const uint8_t *script, size_t n);
/* Octets that a connection has allocated now. */
size_t tls_memory(const struct tls *);

#endif
