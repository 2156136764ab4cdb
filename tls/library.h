/* library.h - TLS 1.2 of Vitrine for other programs: the one header they include. C++ may too.
 *
 *     cc -o client client.c $(pkg-config --cflags --libs vitrine_tls)
 *
 * `make install` puts it below PREFIX as include/vitrine/tls/library.h with all it needs, beside
 * lib/libvitrine_tls.a and its vitrine_tls.pc; libsodium is the one library behind it, and sodium_init() is called
 * before anything else. Two programs of some forty lines, docs/examples/client.c and docs/examples/server.c, show
 * everything that is needed:
 *
 *     tls/talk.h         the engine over a carrier that blocks: start, read, write, end
 *     tls/tls.h          the engine: octets in, octets out, one struct for each connection; its manual
 *     trace/ring.h       the two rings in which those octets lie, and the pool that bounds their memory
 *     crypto/chance.h    where random octets come from: yours to fill, e.g. by randombytes_buf
 *     tls/x509/pem.h     certificates and keys from files; the files are yours to read
 *     tls/x509/store.h   the anchors a client trusts
 *     tls/x509/verify.h  the judgement, if one is wanted without a connection
 *     trace/fault.h      why something was refused
 *
 * Nothing of it opens a file or a socket, reads a clock, sleeps, starts a thread or keeps a global: a connection
 * belongs to one thread at a time, and many to many. */
#ifndef TLS_LIBRARY_H
#define TLS_LIBRARY_H

#include <sodium.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif
#include "tls/talk.h"
#include "tls/tls.h"
#include "tls/x509/pem.h"
#include "tls/x509/store.h"
#include "tls/x509/verify.h"
#include "trace/fault.h"
#include "trace/ring.h"
#ifdef __cplusplus
}
#endif

#endif
