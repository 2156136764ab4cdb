/* der.h - DER (X.690), strictly: definite minimal lengths, minimal integers, no indefinite form, tags below
 * 31, nothing left over.
 *
 * Reads through the named-byte cursor (trace/wire.h): each element is named as a group, inside it a leaf each
 * for "tag" and "length" (with a "length_size" in front where the length has more octets than one), and the
 * content by the caller's name. Content over 64 octets whose name does not say why nobody looks inside is
 * called "data". A breach of DER fails the cursor like a cut, with the caller's name as what failed; so read
 * straight through and ask once. What was wrong, and where, is found by reading again under a wire_why.
 *
 *     struct wire_in validity = der_open(&in, "validity", DER_SEQUENCE);
 *     not_before = der_take_time(&validity, "not_before");
 *     not_after = der_take_time(&validity, "not_after");
 *     wire_close(&in, &validity);         // carries a failure out, and refuses octets left over */
#ifndef TLS_X509_DER_H
#define TLS_X509_DER_H

#include "trace/trace.h"

/* A DER document in memory and its buffer in the trace (0: not told). Not owned. */
struct der { const uint8_t *at; size_t n; buf_no buf; };

enum der_tag {
    DER_BOOLEAN = 0x01, DER_INTEGER = 0x02, DER_BIT_STRING = 0x03, DER_OCTET_STRING = 0x04, DER_NULL = 0x05,
    DER_OID = 0x06, DER_UTF8 = 0x0c, DER_NUMERIC = 0x12, DER_PRINTABLE = 0x13, DER_T61 = 0x14, DER_IA5 = 0x16,
    DER_UTC_TIME = 0x17, DER_GENERALIZED_TIME = 0x18, DER_VISIBLE = 0x1a, DER_UNIVERSAL = 0x1c,
    DER_BMP = 0x1e, DER_SEQUENCE = 0x30, DER_SET = 0x31, DER_CONTEXT = 0x80, DER_CONTEXT_CONSTRUCTED = 0xa0
};
/* the bit of a tag; how deep der_skip looks into an element */
enum { DER_CONSTRUCTED = 0x20, DER_DEPTH = 12 };

/* "SEQUENCE", "[3]"; NULL: a tag that X.509 does not use */
const char *der_tag_words(unsigned tag);
/* The content of the next element, which must have this tag; fails the cursor otherwise. Close constructed
 * ones with wire_close. */
struct wire_in der_open(struct wire_in *in, const char *name, unsigned tag);
/* The content of a BIT STRING of whole octets, behind its "unused_bits" of 0. Close it, too. */
struct wire_in der_open_bits(struct wire_in *in, const char *name);
/* is there a next element, with this tag? */
bool           der_next_is(const struct wire_in *in, unsigned tag);
/* the content octets of a primitive */
struct bytes   der_take(struct wire_in *in, const char *name, unsigned tag);
/* the same, shown as text: an IMPLICIT string */
struct bytes   der_take_text(struct wire_in *in, const char *name, unsigned tag);
/* Any element, whatever its tag: its content. Constructed ones are named inside, too, by what their tags say.
 * tag may be NULL. */
struct bytes   der_skip(struct wire_in *in, const char *name, unsigned *tag);
bool           der_take_bool(struct wire_in *in, const char *name);
/* INTEGER of any sign: its content, minimal */
struct bytes   der_take_int(struct wire_in *in, const char *name);
/* INTEGER >= 0, without its sign octet; 0 is one octet */
struct bytes   der_take_uint(struct wire_in *in, const char *name);
uint32_t       der_take_small(struct wire_in *in, const char *name);     /* INTEGER 0 .. 2^31-1 */
/* OBJECT IDENTIFIER, told with its words (oids.h) */
struct bytes   der_take_oid(struct wire_in *in, const char *name);
/* BIT STRING; unused bits must be 0 in value */
struct bytes   der_take_bits(struct wire_in *in, const char *name, unsigned *unused);
/* the same under an IMPLICIT tag */
struct bytes   der_take_bits_as(struct wire_in *in, const char *name, unsigned tag, unsigned *unused);
/* What was taken from `start` on under an IMPLICIT tag: is it the content of an INTEGER, of an OBJECT IDENTIFIER? Fails
 * the cursor otherwise. */
bool           der_int_sound(const struct bytes *, struct wire_in *in, const uint8_t *start, const char *name);
bool           der_oid_sound(const struct bytes *, struct wire_in *in, const uint8_t *start, const char *name);
/* UTCTime or GeneralizedTime as RFC 5280 §4.1.2.5 wants them: to the second, in UTC. (Until 2049 it should be
 * the former, but roots in use have the latter.) What lies beyond the years that nsec can hold (1678 .. 2261)
 * becomes the first or last moment it can (DER_TIME_MIN, DER_TIME_MAX). */
nsec           der_take_time(struct wire_in *in, const char *name);

#define DER_TIME_MIN (-INT64_C(9214560000) * SECOND)  /* 1678-01-01 00:00:00 */
#define DER_TIME_MAX ( INT64_C(9214646399) * SECOND)  /* 2261-12-31 23:59:59 */

/* Says of what a second reading, under why's watch, found broken: "serial_number, octet 15: a needless octet 0x00 in
 * front". Always false. */
bool der_refuse(const struct wire_why *found, const struct ground *, const char *about, struct fault *why);

/* "2026-11-23 12:00:00 UTC"; the year is left to guess at both ends: "after 2261". Integers only: no locale,
 * no time zone. */
enum { DER_TIME_TEXT = 32 };
char *der_time_text(nsec, char out[DER_TIME_TEXT]);

/* Writing, in the order it reads: open, write, close; lengths are made minimal at close (content may move by
 * some octets). */
struct put_der { size_t at; };
struct put_der put_der_open(struct wire_out *out, unsigned tag);
void           put_der_close(struct wire_out *out, struct put_der);
void           put_der_bytes(struct wire_out *out, unsigned tag, const void *bytes, size_t n);
/* drops leading zeros, adds the sign octet */
void           put_der_uint(struct wire_out *out, const void *bytes, size_t n);
void           put_der_oid(struct wire_out *out, const char *dotted);
void           put_der_time(struct wire_out *out, nsec);                              /* UTCTime until 2049 */

#endif
