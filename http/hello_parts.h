/* hello_parts.h - where things lie in the hellos of a sealed visit, whose session_id is empty: for who changes them.
 * Offsets count from the message's first octet; `end` is behind its last. */
#ifndef HTTP_HELLO_PARTS_H
#define HTTP_HELLO_PARTS_H

#include <stddef.h>
#include <stdint.h>

/* ClientHello: 4 header, 2 version, 32 random, 1 session_id, 2 + suites, 1 + methods, 2 + extensions. ServerHello: 4,
 * 2, 32, 1, 2 suite, 1 method, 2 + extensions. */
enum { HELLO_LENGTH = 2, HELLO_VERSION = 4, HELLO_RANDOM = 6, HELLO_SESSION_ID = 38, HELLO_SUITES = 41,
       SERVER_SUITE = 39, SERVER_METHOD = 41, SERVER_EXTENSIONS = 44 };
enum { HELLO_EXTENDED_MASTER_SECRET = 23, HELLO_SESSION_TICKET = 35 };

unsigned hello_get16(const uint8_t *at);
void     hello_put16(uint8_t *at, unsigned v);
/* Where a ClientHello's list of methods begins, and that of its extensions, with their lengths. */
size_t   hello_methods(const uint8_t *m);
size_t   hello_extensions(const uint8_t *m);
/* The extension of this type among those from `at` to `end`; NULL: it is not there. */
uint8_t *hello_extension(uint8_t *at, const uint8_t *end, unsigned type);

#endif
