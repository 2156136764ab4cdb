/* Blocks of pcapng (draft-ietf-opsawg-pcapng §3.1, §4), little-endian on every machine. */
#include "net/capture_write.h"

#include <stdlib.h>
#include <string.h>

enum {
    BLOCK_SECTION = 0x0a0d0d0a, BLOCK_INTERFACE = 1, BLOCK_NAMES = 4, BLOCK_PACKET = 6, BLOCK_SECRETS = 10,
    ORDER = 0x1a2b3c4d, OPTION_END = 0, SECTION_APPLICATION = 4, INTERFACE_RESOLUTION = 9, NANOSECONDS = 9,
    NAME_END = 0, NAME_IPV4 = 1, NAME_IPV6 = 2, SECRETS_TLS = 0x544c534b, AROUND = 12, SMALL = 512
};

static void put_le(struct wire_out *out, const char *name, uint64_t v, size_t n)
{
    for (; n; n--, v >>= 8)
        put_u8(out, name, (unsigned)(v & 0xff));
}

static size_t padded(size_t n) { return (n + 3) / 4 * 4; }

static void put_padded(struct wire_out *out, const char *name, const void *octets, size_t n)
{
    put_bytes(out, name, octets, n);
    put_le(out, "padding", 0, padded(n) - n);
}

static void put_option(struct wire_out *out, unsigned code, const void *value, size_t n)
{
    put_le(out, "option_code", code, 2);
    put_le(out, "option_length", n, 2);
    put_padded(out, "option_value", value, n);
}

/* A block: what stands at its front, octets as they are, their padding. */
static bool write_block(struct capture_writer *w, uint32_t type, const struct wire_out *front, struct bytes octets)
{
    static const uint8_t zeros[4];
    uint8_t head[8], tail[4];
    size_t n = wire_written(front), total = AROUND + n + padded(octets.n);
    struct wire_out to = wire_into(head, sizeof head), end = wire_into(tail, sizeof tail);
    put_le(&to, "block_type", type, 4);
    put_le(&to, "total_length", total, 4);
    put_le(&end, "total_length", total, 4);
    return w->sink->write(w->sink, head, sizeof head) && w->sink->write(w->sink, front->start, n)
        && (!octets.n || w->sink->write(w->sink, octets.at, octets.n))
        && (padded(octets.n) == octets.n || w->sink->write(w->sink, zeros, padded(octets.n) - octets.n))
        && w->sink->write(w->sink, tail, sizeof tail);
}

static const struct bytes nothing;

static bool write_section(struct capture_writer *w)
{
    uint8_t room[SMALL];
    struct wire_out out = wire_into(room, sizeof room);
    put_le(&out, "byte_order_magic", ORDER, 4);
    put_le(&out, "major_version", 1, 2);
    put_le(&out, "minor_version", 0, 2);
    put_le(&out, "section_length", UINT64_MAX, 8);    /* not known */
    put_option(&out, SECTION_APPLICATION, "vitrine", 7);
    put_option(&out, OPTION_END, NULL, 0);
    return write_block(w, BLOCK_SECTION, &out, nothing);
}

bool capture_write_begin(struct capture_writer *w, struct sink *sink)
{
    *w = (struct capture_writer){ .sink = sink };
    return write_section(w);
}

static bool write_interface(struct capture_writer *w, uint32_t link)
{
    static const uint8_t resolution = NANOSECONDS;
    uint8_t room[SMALL];
    struct wire_out out = wire_into(room, sizeof room);
    put_le(&out, "linktype", link, 2);
    put_le(&out, "reserved", 0, 2);
    put_le(&out, "snaplen", 0, 4);                    /* none: frames are as long as they are */
    put_option(&out, INTERFACE_RESOLUTION, &resolution, 1);
    put_option(&out, OPTION_END, NULL, 0);
    return write_block(w, BLOCK_INTERFACE, &out, nothing);
}

/* Its place in this section of the copy; described when it is new. No section has more than are read again. */
static bool interface_of(struct capture_writer *w, const struct capture_frame *f, size_t *at)
{
    for (*at = 0; *at < w->n; ++*at)
        if (w->interfaces[*at] == f->interface)
            return true;
    if (w->n == CAPTURE_INTERFACES) {
        w->n = *at = 0;
        if (!write_section(w))
            return false;
    }
    if (w->n == w->room) {
        size_t room = w->room ? 2 * w->room : 4;
        uint32_t *more = realloc(w->interfaces, room * sizeof *more);
        if (!more)
            return false;
        w->interfaces = more;
        w->room = room;
    }
    w->interfaces[w->n++] = f->interface;
    return write_interface(w, f->link);
}

bool capture_write_frame(struct capture_writer *w, const struct capture_frame *f)
{
    uint8_t room[SMALL];
    struct wire_out out = wire_into(room, sizeof room);
    size_t interface;
    if (!interface_of(w, f, &interface))
        return false;
    put_le(&out, "interface_id", interface, 4);
    put_le(&out, "timestamp_high", (uint64_t)f->at >> 32, 4);
    put_le(&out, "timestamp_low", (uint64_t)f->at & UINT32_MAX, 4);
    put_le(&out, "captured_length", f->bytes.n, 4);
    put_le(&out, "original_length", f->wire_n, 4);
    return write_block(w, BLOCK_PACKET, &out, f->bytes);
}

bool capture_write_secrets(struct capture_writer *w, struct bytes key_log)
{
    uint8_t room[8];
    struct wire_out out = wire_into(room, sizeof room);
    put_le(&out, "secrets_type", SECRETS_TLS, 4);
    put_le(&out, "secrets_length", key_log.n, 4);
    return write_block(w, BLOCK_SECRETS, &out, key_log);
}

bool capture_write_name(struct capture_writer *w, const struct addr *addr, const char *name)
{
    uint8_t room[SMALL], value[16 + CAPTURE_NAME_MAX];
    struct wire_out out = wire_into(room, sizeof room);
    size_t n = strlen(name) + 1;
    if ((addr->len != 4 && addr->len != 16) || n > CAPTURE_NAME_MAX)
        return true;
    memcpy(value, addr->octets, addr->len);
    memcpy(value + addr->len, name, n);
    put_le(&out, "record_type", addr->len == 4 ? NAME_IPV4 : NAME_IPV6, 2);
    put_le(&out, "record_length", addr->len + n, 2);
    put_padded(&out, "record_value", value, addr->len + n);
    put_le(&out, "record_type", NAME_END, 4);
    return write_block(w, BLOCK_NAMES, &out, nothing);
}

void capture_write_end(struct capture_writer *w)
{
    free(w->interfaces);
    w->interfaces = NULL;
    w->n = w->room = 0;
}
