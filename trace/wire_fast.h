/* wire_fast.h - part of wire.h: the calls that each packet makes a dozen times, for the compiler to fit into their
 * callers. Each does the plain case itself, where nobody watches and nothing is wrong, and leaves all others to
 * its twin in trace/wire.c. Include trace/wire.h. */
#ifndef TRACE_WIRE_FAST_H
#define TRACE_WIRE_FAST_H

#include <string.h>

#ifdef VITRINE_DEAF
enum { TRACE_LISTENS = false };
#else
enum { TRACE_LISTENS = true };
#endif

uint64_t wire_take(struct wire_in *in, const char *name, size_t n, wire_words *words);
void     wire_copy(struct wire_in *in, const char *name, void *out, size_t n);
void     wire_note_group(const struct wire_in *in, const char *name, size_t n);
void     wire_note_bits(const struct wire_in *in, const char *name, size_t n, uint64_t value, const char *words);
void     wire_put(struct wire_out *out, const char *name, uint64_t v, size_t n);
void     wire_put_bytes(struct wire_out *out, const char *name, const void *bytes, size_t n);
void     wire_stop(struct wire_in *in, const char *what);         /* what wire_fail does to the cursor, and no more */
struct bytes   wire_ref(struct wire_in *in, const char *name, size_t n);
struct wire_in wire_block(struct wire_in *in, const char *name, size_t n);

/* A cursor that has failed stands at its end, so it has no octets left. */
static inline bool wire_plain(const struct wire_in *in, size_t n)
{
    return wire_left(in) >= n && !(TRACE_LISTENS && in->watch);
}

static inline struct wire_in wire_over(const void *bytes, size_t n, const struct watch *watch)
{
    const uint8_t *at = (const uint8_t *)bytes;
    return (struct wire_in){ .at = at, .end = n ? at + n : at, .failed = NULL, .watch = watch };
}

static inline uint8_t take_code8(struct wire_in *in, const char *name, wire_words *words)
{
    return wire_plain(in, 1) ? *in->at++ : (uint8_t)wire_take(in, name, 1, words);
}

static inline uint8_t take_u8(struct wire_in *in, const char *name) { return take_code8(in, name, NULL); }

static inline uint16_t take_u16(struct wire_in *in, const char *name)
{
    const uint8_t *at = in->at;
    if (!wire_plain(in, 2))
        return (uint16_t)wire_take(in, name, 2, NULL);
    in->at += 2;
    return (uint16_t)(at[0] << 8 | at[1]);
}

static inline uint32_t take_u32(struct wire_in *in, const char *name)
{
    const uint8_t *at = in->at;
    if (!wire_plain(in, 4))
        return (uint32_t)wire_take(in, name, 4, NULL);
    in->at += 4;
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static inline void take_bytes(struct wire_in *in, const char *name, void *out, size_t n)
{
    if (n == 0 || !wire_plain(in, n)) {
        wire_copy(in, name, out, n);
        return;
    }
    memcpy(out, in->at, n);
    in->at += n;
}

static inline struct bytes take_ref(struct wire_in *in, const char *name, size_t n)
{
    struct bytes b = { in->at, n };
    if (n == 0 || !wire_plain(in, n))
        return wire_ref(in, name, n);
    in->at += n;
    return b;
}

static inline struct bytes take_rest(struct wire_in *in, const char *name)
{
    struct bytes nothing = { in->at, 0 };
    return wire_left(in) ? take_ref(in, name, wire_left(in)) : nothing;
}

static inline struct wire_in take_block(struct wire_in *in, const char *name, size_t n)
{
    struct wire_in block = { .at = in->at, .end = NULL, .failed = NULL, .watch = NULL };
    if (n == 0 || !wire_plain(in, n))
        return wire_block(in, name, n);
    in->at += n;
    block.end = in->at;
    return block;
}

static inline void wire_group(const struct wire_in *in, const char *name, size_t n)
{
    if (TRACE_LISTENS && in->watch)
        wire_note_group(in, name, n);
}

static inline void wire_bits(const struct wire_in *in, const char *name, size_t n, uint64_t value, const char *words)
{
    if (TRACE_LISTENS && in->watch)
        wire_note_bits(in, name, n, value, words);
}

#ifdef VITRINE_SMALL  /* trace/fault.h */
#define wire_fail_at(in, at, what, ...) \
    (FAULT_SPEAKS ? wire_fail_at(in, at, what, __VA_ARGS__) : wire_stop(in, what))
#endif

static inline struct wire_out wire_into(void *room, size_t n)
{
    uint8_t *at = (uint8_t *)room;
    return (struct wire_out){ .start = at, .at = at, .end = n ? at + n : at, .failed = NULL };
}

static inline bool wire_fits(const struct wire_out *out, size_t n)
{
    return (size_t)(out->end - out->at) >= n && !out->failed;
}

static inline void put_u8(struct wire_out *out, const char *name, unsigned v)
{
    if (v <= UINT8_MAX && wire_fits(out, 1))
        *out->at++ = (uint8_t)v;
    else
        wire_put(out, name, v, 1);
}

static inline void put_u16(struct wire_out *out, const char *name, unsigned v)
{
    if (v > UINT16_MAX || !wire_fits(out, 2)) {
        wire_put(out, name, v, 2);
        return;
    }
    out->at[0] = (uint8_t)(v >> 8);
    out->at[1] = (uint8_t)v;
    out->at += 2;
}

static inline void put_u32(struct wire_out *out, const char *name, uint32_t v)
{
    if (!wire_fits(out, 4)) {
        wire_put(out, name, v, 4);
        return;
    }
    out->at[0] = (uint8_t)(v >> 24);
    out->at[1] = (uint8_t)(v >> 16);
    out->at[2] = (uint8_t)(v >> 8);
    out->at[3] = (uint8_t)v;
    out->at += 4;
}

static inline void put_bytes(struct wire_out *out, const char *name, const void *bytes, size_t n)
{
    if (n == 0 || !wire_fits(out, n)) {
        wire_put_bytes(out, name, bytes, n);
        return;
    }
    memcpy(out->at, bytes, n);
    out->at += n;
}

#endif
