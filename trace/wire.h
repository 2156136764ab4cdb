/* wire.h - the one way to read a byte of a packet, and the one way to write one.
 *
 * A wire_in walks over octets that somebody else owns and that must outlive it; it copies and allocates
 * nothing. Numbers are big-endian, sizes are octets. Every call names its field: with a watch, name, offset,
 * length and value become a field of the watched buffer; without one the name costs nothing. A read past the
 * end fails the cursor: it and all later reads give zeros. So read straight through, then ask once:
 * wire_end() says in *why what was cut.
 *
 * Fields form a tree by containment: take_vec16(in, "extensions") names the whole block "extensions" and,
 * inside it, its "length"; wire_group names the next n octets as a whole. A field that contains no other
 * field is a leaf, and leaves are what counts: each octet lies in one. A leaf over 64 octets must have one of
 * the names in wire_opaque_names: what is long has a name that says why nobody looked inside.
 *
 * Names are constants. Written bytes are named too, but told by reading: whoever wrote a packet runs its
 * reader over it with a watch (and only when somebody wants fields), so that there is one place where a field
 * gets its name. */
#ifndef TRACE_WIRE_H
#define TRACE_WIRE_H

#include "trace/fault.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct trace;
typedef uint32_t buf_no;                              /* trace.h; 0: none, nobody watches */

struct bytes { const uint8_t *at; size_t n; };

/* In the frame of whoever parses: the buffer that the octets from `base` on belong to. */
struct watch { struct trace *trace; buf_no buf; const uint8_t *base; };

struct wire_in { const uint8_t *at, *end; const char *failed; const struct watch *watch; };

/* watch may be NULL */
static inline struct wire_in wire_over(const void *bytes, size_t n, const struct watch *watch);
static inline size_t wire_left(const struct wire_in *in) { return (size_t)(in->end - in->at); }

static inline uint8_t  take_u8 (struct wire_in *in, const char *name);
static inline uint16_t take_u16(struct wire_in *in, const char *name);
static inline uint32_t take_u32(struct wire_in *in, const char *name);
uint32_t     take_u24  (struct wire_in *in, const char *name);
uint64_t     take_u64  (struct wire_in *in, const char *name);
/* A number whose values have words: `words` says them ("ESTABLISHED", a suite's name), or NULL where it knows
 * none. */
typedef const char *wire_words(unsigned value);
static inline uint8_t take_code8(struct wire_in *in, const char *name, wire_words *words);
uint16_t     take_code16(struct wire_in *in, const char *name, wire_words *words);

/* copies; zeros when cut */
static inline void take_bytes(struct wire_in *in, const char *name, void *out, size_t n);
/* points into the octets read; n = 0 when cut */
static inline struct bytes take_ref(struct wire_in *in, const char *name, size_t n);
/* the same, shown as text */
struct bytes take_text (struct wire_in *in, const char *name, size_t n);
/* all that is left, maybe nothing */
static inline struct bytes take_rest(struct wire_in *in, const char *name);

/* The block behind a length of 1, 2 or 3 octets. When the block is cut, `in` fails and the block is empty and
 * failed. An outer failure shows in the block; a block's failure must be carried out by wire_close, which
 * also refuses octets left over. */
struct wire_in take_vec8 (struct wire_in *in, const char *name);
struct wire_in take_vec16(struct wire_in *in, const char *name);
struct wire_in take_vec24(struct wire_in *in, const char *name);
/* A block of n octets without a length of its own, named as a whole. */
static inline struct wire_in take_block(struct wire_in *in, const char *name, size_t n);
void           wire_close(struct wire_in *in, const struct wire_in *block);

/* Names the next n octets as one group, without reading them. */
static inline void wire_group(const struct wire_in *in, const char *name, size_t n);
/* Names a part (some bits) of the last n octets read: value as a number, words may be NULL. */
static inline void wire_bits(const struct wire_in *in, const char *name, size_t n, uint64_t value, const char *words);

/* Fails the cursor for a reason of the reader's own: `what` is a field's name. The first failure stays. Who watches
 * hears of the octets that nobody will read now as "data". */
void wire_fail(struct wire_in *in, const char *what);
/* The same, by a reader that can say more: where (an octet of what is read; NULL: here), what it expected, a noun
 * phrase, and what came. */
void wire_fail_at(struct wire_in *in, const uint8_t *at, const char *what, const char *expected,
                  const char *came, ...) __attribute__((format(printf, 5, 6)));
/* Who wants to know that watches with the `watch` in here, hears of no fields, and finds the first failure. It is for a
 * second reading, of what was refused: the first one costs nothing for it. */
struct wire_why { struct watch watch; const char *failed; size_t at; char expected[96], came[96]; };
struct wire_why wire_why_over(const void *bytes);
/* True when nothing was cut and nothing is left. Else refuses with `cut`: about = the field, expected and
 * came in octets. */
bool wire_end(const struct wire_in *in, const struct ground *cut, struct fault *why);
/* The same, but octets may be left. */
bool wire_whole(const struct wire_in *in, const struct ground *cut, struct fault *why);

extern const char *const wire_opaque_names[];         /* NULL-ended: "ciphertext", "body", ... */

/* Writing: into room that the caller owns. A write that does not fit the room, or a value that does not fit
 * its field, fails the cursor, which writes nothing more; ask out->failed once. */
struct wire_out { uint8_t *start, *at, *end; const char *failed; };

static inline struct wire_out wire_into(void *room, size_t n);
static inline size_t wire_written(const struct wire_out *out) { return (size_t)(out->at - out->start); }
static inline void put_u8 (struct wire_out *out, const char *name, unsigned v);
static inline void put_u16(struct wire_out *out, const char *name, unsigned v);
static inline void put_u32(struct wire_out *out, const char *name, uint32_t v);
void put_u24  (struct wire_out *out, const char *name, uint32_t v);
void put_u64  (struct wire_out *out, const char *name, uint64_t v);
static inline void put_bytes(struct wire_out *out, const char *name, const void *bytes, size_t n);
void put_text (struct wire_out *out, const char *name, const char *text);              /* without its NUL */
/* Opens a block with a length of `size` octets (1, 2, 3), which put_close fills in. Blocks nest. */
struct put_block { uint8_t *length; unsigned size; };
struct put_block put_open (struct wire_out *out, const char *name, unsigned size);
void             put_close(struct wire_out *out, struct put_block block);

/* What is read and written most is done where it is asked for (trace/wire_fast.h). */
#include "trace/wire_fast.h"

#endif
