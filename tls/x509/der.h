/* der.h - DER (X.690), strictly: definite minimal lengths, minimal integers, no indefinite form, tags below 31, nothing left over.
 *
 * Reads through the named-byte cursor (trace/wire.h): each element is named as a group with a leaf each for "tag" and "length", and its content by the
 * caller's name. A breach of DER fails the cursor like a cut. */
#ifndef TLS_X509_DER_H
#define TLS_X509_DER_H

#include "trace/trace.h"

/* A DER document in memory and its buffer in the trace (0: not told). Not owned. */
struct der { const uint8_t *at; size_t n; buf_no buf; };

enum der_tag {
    DER_BOOLEAN = 0x01, DER_INTEGER = 0x02, DER_BIT_STRING = 0x03, DER_OCTET_STRING = 0x04, DER_NULL = 0x05, DER_OID = 0x06,
    DER_UTF8 = 0x0c, DER_PRINTABLE = 0x13, DER_T61 = 0x14, DER_IA5 = 0x16, DER_UTC_TIME = 0x17, DER_GENERALIZED_TIME = 0x18,
    DER_SEQUENCE = 0x30, DER_SET = 0x31, DER_CONTEXT = 0x80, DER_CONTEXT_CONSTRUCTED = 0xa0
};

/* The content of the next element, which must have this tag; fails the cursor otherwise. Close constructed ones with wire_close. */
struct wire_in der_open(struct wire_in *in, const char *name, unsigned tag);
bool           der_next_is(const struct wire_in *in, unsigned tag);       /* is there a next element, with this tag? */
struct bytes   der_take(struct wire_in *in, const char *name, unsigned tag);          /* the content octets of a primitive */
struct bytes   der_skip(struct wire_in *in, const char *name, unsigned *tag);         /* any element as one leaf-named "data" */
bool           der_take_bool(struct wire_in *in, const char *name);
struct bytes   der_take_uint(struct wire_in *in, const char *name);      /* INTEGER >= 0, without its sign octet */
uint32_t       der_take_small(struct wire_in *in, const char *name);     /* INTEGER 0 .. 2^31-1 */
struct bytes   der_take_bits(struct wire_in *in, const char *name, unsigned *unused); /* BIT STRING; unused bits must be 0 in value */
nsec           der_take_time(struct wire_in *in, const char *name);      /* UTCTime or GeneralizedTime as RFC 5280 §4.1.2.5 wants them */

/* Writing, inside out order as it reads: open, write, close; lengths are made minimal at close (content may move by some octets). */
struct put_der { size_t at; };
struct put_der put_der_open(struct wire_out *out, unsigned tag);
void           put_der_close(struct wire_out *out, struct put_der);
void           put_der_bytes(struct wire_out *out, unsigned tag, const void *bytes, size_t n);
void           put_der_uint(struct wire_out *out, const void *bytes, size_t n);       /* drops leading zeros, adds the sign octet */
void           put_der_oid(struct wire_out *out, const char *dotted);

#endif
