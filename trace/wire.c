#include "trace/wire.h"
#include "trace/trace.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *const wire_opaque_names[] = {
    "ciphertext", "encrypted_pre_master_secret", "signature", "signature_value", "modulus", "public_key", "body",
    "chunk_data", "content", "dh_p", "dh_ys", "dh_yc", "ticket", "padding", "filler", "data", NULL
};

/* Tells the watcher of one field; `at` points at its first octet. What is done for a watcher alone stays out of the
 * functions that read, so that the compiler may fit these into their callers: it is most of what a name costs. */
static __attribute__((noinline)) void note(const struct wire_in *in, const uint8_t *at, struct field f)
{
    const struct watch *w = in->watch;
    if (!w || !w->trace || !w->buf)
        return;
    f.buf = w->buf;
    f.off = (uint32_t)(at - w->base);
    trace_field(w->trace, &f);
}

/* The next n octets, or NULL when there are not so many left: the cursor has then failed for good. */
static const uint8_t *advance(struct wire_in *in, const char *name, size_t n)
{
    if (in->failed || wire_left(in) < n) {
        wire_fail_at(in, NULL, name, "all its octets", "%zu of %zu octets", wire_left(in), n);
        return NULL;
    }
    const uint8_t *at = in->at;
    if (n)
        in->at += n;
    return at;
}

/* What a reader gave up on is data to who watches: every octet has a name, broken messages too. */
static void note_unread(const struct wire_in *in)
{
    if (in->watch && !in->failed && in->at < in->end)
        note(in, in->at, (struct field){ .len = (uint32_t)wire_left(in), .name = "data", .type = FIELD_BYTES,
                                         .bytes = { in->at, wire_left(in) } });
}

/* Which field, where faults have words; else only that it is one. */
static const char *failed_by(const char *name) { return FAULT_SPEAKS ? name : ""; }

void wire_stop(struct wire_in *in, const char *what)
{
    if (!in->failed)
        in->failed = failed_by(what);
    in->at = in->end;
}

void wire_fail(struct wire_in *in, const char *what)
{
    wire_fail_at(in, NULL, what, "all that its syntax asks for", "it is cut, or something else");
}

enum { WHY = UINT32_MAX };  /* no buffer of a trace: the watch of a wire_why */

struct wire_why wire_why_over(const void *bytes)
{
    return (struct wire_why){ .watch = { .buf = WHY, .base = bytes } };
}

#ifndef VITRINE_SMALL
/* The wire_why of whoever wants to know; NULL: nobody does, or knows already. */
static struct wire_why *asked(const struct wire_in *in)
{
    const struct watch *w = in->watch;
    struct wire_why *why = w && !w->trace && w->buf == WHY ? (struct wire_why *)(uintptr_t)w : NULL;
    return why && !why->failed ? why : NULL;
}

void wire_fail_at(struct wire_in *in, const uint8_t *at, const char *what, const char *expected, const char *came, ...)
{
    note_unread(in);
    struct wire_why *why = in->failed ? NULL : asked(in);
    if (why) {
        va_list args;
        why->failed = what;
        why->at = (size_t)((at ? at : in->at) - why->watch.base);
        snprintf(why->expected, sizeof why->expected, "%s", expected);
        va_start(args, came);
        vsnprintf(why->came, sizeof why->came, came, args);
        va_end(args);
    }
    wire_stop(in, what);
}
#endif

static __attribute__((noinline)) void note_number(const struct wire_in *in, const uint8_t *at, const char *name,
                                                  size_t n, uint64_t v, wire_words *words)
{
    note(in, at, (struct field){ .len = (uint32_t)n, .name = name, .type = FIELD_NUMBER, .number = v,
                                 .words = words ? words((unsigned)v) : NULL });
}

uint64_t wire_take(struct wire_in *in, const char *name, size_t n, wire_words *words)
{
    const uint8_t *at = advance(in, name, n);
    if (!at)
        return 0;
    uint64_t v = 0;
    for (size_t i = 0; i < n; i++)
        v = v << 8 | at[i];
    if (TRACE_LISTENS && in->watch)
        note_number(in, at, name, n, v, words);
    return v;
}

uint32_t take_u24(struct wire_in *in, const char *name) { return (uint32_t)wire_take(in, name, 3, NULL); }
uint64_t take_u64(struct wire_in *in, const char *name) { return wire_take(in, name, 8, NULL); }

uint16_t take_code16(struct wire_in *in, const char *name, wire_words *words)
{
    return (uint16_t)wire_take(in, name, 2, words);
}

static struct bytes take_named(struct wire_in *in, const char *name, size_t n, enum field_type type)
{
    const uint8_t *at = advance(in, name, n);
    if (!at)
        return (struct bytes){ in->at, 0 };
    struct bytes b = { at, n };
    if (TRACE_LISTENS && in->watch && n)
        note(in, at, (struct field){ .len = (uint32_t)n, .name = name, .type = type, .bytes = b });
    return b;
}

struct bytes wire_ref(struct wire_in *in, const char *name, size_t n) { return take_named(in, name, n, FIELD_BYTES); }
struct bytes take_text(struct wire_in *in, const char *name, size_t n) { return take_named(in, name, n, FIELD_TEXT); }

void wire_copy(struct wire_in *in, const char *name, void *out, size_t n)
{
    struct bytes b = take_ref(in, name, n);
    if (b.n)
        memcpy(out, b.at, b.n);
    else if (n)
        memset(out, 0, n);
}

struct wire_in wire_block(struct wire_in *in, const char *name, size_t n)
{
    wire_group(in, name, n);
    const uint8_t *at = advance(in, name, n);
    if (!at)
        return (struct wire_in){ .at = in->end, .end = in->end, .failed = in->failed, .watch = in->watch };
    return (struct wire_in){ .at = at, .end = in->at, .watch = in->watch };
}

/* The group is named first, over length and content, so that a tree comes out in order. */
static struct wire_in take_vec(struct wire_in *in, const char *name, size_t size)
{
    size_t n = 0;
    if (!in->failed && wire_left(in) >= size) {
        for (size_t i = 0; i < size; i++)
            n = n << 8 | in->at[i];
        if (n <= wire_left(in) - size)
            wire_group(in, name, size + n);
    }
    wire_take(in, "length", size, NULL);
    const uint8_t *at = advance(in, name, n);
    if (!at)
        return (struct wire_in){ .at = in->end, .end = in->end, .failed = in->failed, .watch = in->watch };
    return (struct wire_in){ .at = at, .end = in->at, .watch = in->watch };
}

struct wire_in take_vec8 (struct wire_in *in, const char *name) { return take_vec(in, name, 1); }
struct wire_in take_vec16(struct wire_in *in, const char *name) { return take_vec(in, name, 2); }
struct wire_in take_vec24(struct wire_in *in, const char *name) { return take_vec(in, name, 3); }

void wire_close(struct wire_in *in, const struct wire_in *block)
{
    if (block->failed)
        wire_fail(in, block->failed);
    else if (block->at != block->end) {
        note_unread(block);
        wire_fail_at(in, block->at, "octets left over", "nothing more there", "%zu octets left over", wire_left(block));
    }
}

void wire_note_group(const struct wire_in *in, const char *name, size_t n)
{
    if (!in->failed && n && n <= wire_left(in))
        note(in, in->at, (struct field){ .len = (uint32_t)n, .name = name, .type = FIELD_GROUP });
}

void wire_note_bits(const struct wire_in *in, const char *name, size_t n, uint64_t value, const char *words)
{
    if (!in->failed)
        note(in, in->at - n, (struct field){ .len = (uint32_t)n, .name = name, .type = FIELD_NUMBER, .number = value,
                                             .words = words });
}

bool wire_whole(const struct wire_in *in, const struct ground *cut, struct fault *why)
{
    if (!in->failed)
        return true;
    return refuse_about(why, cut, in->failed, "all octets that the lengths promise",
                        "it is cut short or overfull at: %s", in->failed);
}

bool wire_end(const struct wire_in *in, const struct ground *cut, struct fault *why)
{
    if (!wire_whole(in, cut, why))
        return false;
    note_unread(in);
    return in->at == in->end ||
           refuse(why, cut, "nothing behind the last field", "%zu octets left over", wire_left(in));
}

/* Room for n octets, or NULL: the cursor has then failed for good. */
static uint8_t *extend(struct wire_out *out, const char *name, size_t n)
{
    if (out->failed || (size_t)(out->end - out->at) < n) {
        if (!out->failed)
            out->failed = failed_by(name);
        return NULL;
    }
    uint8_t *at = out->at;
    out->at += n;
    return at;
}

/* A value of more octets than its field is no value cut short: the cursor fails. */
void wire_put(struct wire_out *out, const char *name, uint64_t v, size_t n)
{
    if (n < 8 && v >> (8 * n)) {
        out->failed = out->failed ? out->failed : failed_by(name);
        return;
    }
    uint8_t *at = extend(out, name, n);
    for (size_t i = n; at && i-- > 0; v >>= 8)
        at[i] = (uint8_t)v;
}

void put_u24(struct wire_out *out, const char *name, uint32_t v) { wire_put(out, name, v, 3); }
void put_u64(struct wire_out *out, const char *name, uint64_t v) { wire_put(out, name, v, 8); }

void wire_put_bytes(struct wire_out *out, const char *name, const void *bytes, size_t n)
{
    uint8_t *at = extend(out, name, n);
    if (at && n)
        memcpy(at, bytes, n);
}

void put_text(struct wire_out *out, const char *name, const char *text)
{
    put_bytes(out, name, text, strlen(text));
}

struct put_block put_open(struct wire_out *out, const char *name, unsigned size)
{
    return (struct put_block){ extend(out, name, size), size };
}

void put_close(struct wire_out *out, struct put_block block)
{
    if (out->failed)
        return;
    size_t n = (size_t)(out->at - block.length) - block.size;
    if (n >> (8 * block.size)) {
        out->failed = "length";
        return;
    }
    for (unsigned i = block.size; i-- > 0; n >>= 8)
        block.length[i] = (uint8_t)n;
}
