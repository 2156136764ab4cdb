/* json.h - one line of JSON (RFC 8259), written from left to right into memory that grows.
 *
 *     json_open(j, '{');
 *     json_name(j, "n"), json_number(j, 41);
 *     json_close(j, '}');
 *
 * Commas are its own business. Strings may be any octets from outside: what a reader would not see (controls,
 * bidi marks, zero width) is escaped, and an octet that is not UTF-8 becomes the six characters <0xFF>, so
 * that a line is always valid and harmless. */
#ifndef TRACE_JSON_H
#define TRACE_JSON_H

#include "trace/trace.h"

/* all zero: empty. failed: no memory, the line is not whole */
struct json { char *line; size_t n, room; bool comma, failed; };

void json_free  (struct json *);
void json_start (struct json *);                      /* a new line; keeps the memory */
void json_open  (struct json *, char bracket);        /* '{' or '[' */
void json_close (struct json *, char bracket);
void json_name  (struct json *, const char *name);
void json_number(struct json *, uint64_t);
void json_string(struct json *, const void *text, size_t n);
void json_words (struct json *, const char *text);
void json_hex   (struct json *, struct bytes);
void json_buf   (struct json *, buf_no);              /* "p12" */
bool json_write (struct json *, struct sink *);       /* ends the line and writes it, unless it has failed */

#endif
