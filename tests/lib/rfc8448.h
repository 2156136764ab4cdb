/* rfc8448.h - the example handshakes of RFC 8448 (tests/vectors/rfc8448.txt), by their order there: what each side says,
 * a record at a time, and the secrets as lines of a key log. Run from the root of the tree; without the file it aborts. */
#ifndef TESTS_LIB_RFC8448_H
#define TESTS_LIB_RFC8448_H

#include <stddef.h>
#include <stdint.h>

enum { RFC8448_TRACES = 5, RFC8448_RECORDS = 16, RFC8448_RECORD = 1024, RFC8448_KEYLOG = 4096 };
enum { RFC8448_SIMPLE, RFC8448_RESUMED, RFC8448_RETRIED, RFC8448_CLIENT_AUTH, RFC8448_COMPATIBLE };

struct rfc8448_record { unsigned side; uint8_t bytes[RFC8448_RECORD]; size_t n; };         /* side: 0 the client */
struct rfc8448 { char keylog[RFC8448_KEYLOG]; struct rfc8448_record records[RFC8448_RECORDS]; size_t n; };

/* All of them; read once. */
const struct rfc8448 *rfc8448(void);

#endif
