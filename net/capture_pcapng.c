/* pcapng (draft-ietf-opsawg-pcapng): blocks, each with its length at both ends. */
#include "net/capture_inside.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct ground byte_order    = { "capture.byte_order", "draft-ietf-opsawg-pcapng §4.1" };
static const struct ground version       = { "capture.version", "draft-ietf-opsawg-pcapng §4.1" };
static const struct ground block_length  = { "capture.block_length", "draft-ietf-opsawg-pcapng §3.1" };
static const struct ground block_cut     = { "capture.block_cut", "draft-ietf-opsawg-pcapng §3.1" };
static const struct ground no_interface  = { "capture.no_interface", "draft-ietf-opsawg-pcapng §4.3" };
static const struct ground interfaces    = { "capture.interfaces", "draft-ietf-opsawg-pcapng §4.2" };

enum block {
    BLOCK_SECTION = 0x0a0d0d0a, BLOCK_INTERFACE = 1, BLOCK_OLD_PACKET = 2, BLOCK_SIMPLE = 3, BLOCK_NAMES = 4,
    BLOCK_PACKET = 6, BLOCK_SECRETS = 10
};
enum {
    TYPE = 4, HEAD = 8, TAIL = 4, SECTION_HEAD = 12, LEAST = HEAD + TAIL, ORDER = 0x1a2b3c4d, MAJOR = 1,
    OPTION_END = 0, OPTION_RESOLUTION = 9, OPTION_OFFSET = 14, RESOLUTION_BINARY = 0x80, MICROSECONDS = 6,
    NAME_END = 0, NAME_IPV4 = 1, NAME_IPV6 = 2, SECRETS_TLS = 0x544c534b
};

static uint64_t file_u64(const struct capture *c, struct wire_in *in, const char *name)
{
    uint64_t first = file_u32(c, in, name), second = file_u32(c, in, name);
    return c->little ? second << 32 | first : first << 32 | second;
}

/* What stands behind a value up to the next multiple of 4; a writer may have left it out at the very end. */
static void take_padding(struct wire_in *in, size_t n)
{
    size_t padding = (4 - n % 4) % 4;
    take_ref(in, "padding", padding < wire_left(in) ? padding : wire_left(in));
}

/* --- sections and interfaces --- */

static bool read_section(struct capture *c, struct wire_in *in, struct fault *why)
{
    take_u32(in, "byte_order_magic");                 /* read already: read_order */
    uint16_t major = file_u16(c, in, "major_version"), minor = file_u16(c, in, "minor_version");
    file_u64(c, in, "section_length");                /* for who skips a section; all are read here */
    if (!wire_whole(in, &block_cut, why))
        return false;
    c->ng.before += (uint32_t)c->ng.n;
    c->ng.n = 0;
    return major == MAJOR || refuse(why, &version, "version 1", "version %u.%u", major, minor);
}

static bool read_options(struct capture *c, struct wire_in *in, struct capture_interface *i, struct fault *why)
{
    while (wire_left(in)) {
        uint16_t code = file_u16(c, in, "option_code"), n = file_u16(c, in, "option_length");
        if (code == OPTION_END)
            break;
        struct wire_in value = take_block(in, "option_value", n);
        take_padding(in, n);
        if (code == OPTION_RESOLUTION && n == 1)
            i->resolution = take_u8(&value, "if_tsresol");
        else if (code == OPTION_OFFSET && n == 8)
            i->offset = (int64_t)file_u64(c, &value, "if_tsoffset");
    }
    return wire_whole(in, &block_cut, why);
}

static bool room_for_one(struct capture *c, struct fault *why)
{
    if (c->ng.n < c->ng.room)
        return true;
    if (c->ng.n == CAPTURE_INTERFACES)
        return refuse(why, &interfaces, "at most 4,096 interfaces", "one more");
    size_t room = c->ng.room ? c->ng.room * 2 : 4;
    struct capture_interface *more = realloc(c->ng.interface, room * sizeof *more);
    if (!more)
        return refuse(why, &capture_no_memory, "memory for an interface", "none");
    c->ng.interface = more;
    c->ng.room = room;
    return true;
}

static bool read_interface(struct capture *c, struct wire_in *in, struct fault *why)
{
    struct capture_interface i = { .resolution = MICROSECONDS };
    i.link = file_u16(c, in, "linktype");
    file_u16(c, in, "reserved");
    i.snaplen = file_u32(c, in, "snaplen");
    if (!read_options(c, in, &i, why) || !room_for_one(c, why))
        return false;
    c->ng.interface[c->ng.n++] = i;
    return true;
}

/* --- frames --- */

/* 10^n, or 0 when it does not fit: what is counted in such units is nothing to us. */
static uint64_t ten_to(unsigned n)
{
    uint64_t v = n <= 19;
    while (v && n--)
        v *= 10;
    return v;
}

/* Units of 10^-n s or of 2^-n s, in which a writer counts, become whole seconds and what is left in nanoseconds. */
static nsec time_of(const struct capture_interface *i, uint64_t units)
{
    unsigned n = i->resolution & ~(unsigned)RESOLUTION_BINARY;
    uint64_t seconds, part;
    if (i->resolution & RESOLUTION_BINARY) {
        seconds = n < 64 ? units >> n : 0;
        part = n == 0 ? 0 : n < 64 ? units << (64 - n) : n < 128 ? units >> (n - 64) : 0;    /* in 2^-64 s */
        part = ((part >> 32) * SECOND + ((part & UINT32_MAX) * SECOND >> 32)) >> 32;
    } else {
        uint64_t unit = ten_to(n);
        seconds = unit ? units / unit : 0;
        part = unit ? units % unit : units;
        for (unsigned k = n; k < 9; k++)
            part *= 10;
        for (unsigned k = 9; k < n && part; k++)
            part /= 10;
    }
    const int64_t far = INT64_MAX / 2;
    int64_t offset = i->offset > far ? far : i->offset < -far ? -far : i->offset;
    return capture_time((seconds > (uint64_t)far ? far : (int64_t)seconds) + offset, part);
}

static const struct capture_interface *interface_of(const struct capture *c, uint32_t id, struct fault *why)
{
    if (id < c->ng.n)
        return &c->ng.interface[id];
    refuse(why, &no_interface, "an interface that was described", "interface %u of %zu", id, c->ng.n);
    return NULL;
}

static int give(struct capture *c, struct capture_item *item, uint32_t interface, struct bytes octets, uint32_t wire_n)
{
    item->frame.interface = c->ng.before + interface;
    item->frame.link = c->ng.interface[interface].link;
    return capture_frame(c, item, octets, wire_n);
}

static int read_packet(struct capture *c, struct wire_in *in, bool old, struct capture_item *item, struct fault *why)
{
    uint32_t id = old ? file_u16(c, in, "interface_id") : file_u32(c, in, "interface_id");
    if (old)
        file_u16(c, in, "drops_count");
    uint64_t high = file_u32(c, in, "timestamp_high"), units = high << 32 | file_u32(c, in, "timestamp_low");
    uint32_t kept = file_u32(c, in, "captured_length"), wire_n = file_u32(c, in, "original_length");
    struct bytes octets = take_ref(in, "packet_data", kept);
    const struct capture_interface *i = interface_of(c, id, why);
    if (!i || !wire_whole(in, &block_cut, why) || !capture_sizes(kept, wire_n, why))
        return CAPTURE_FAILED;
    c->last = time_of(i, units);
    item->frame.has_time = true;
    return give(c, item, id, octets, wire_n);
}

/* Of the first interface, without a time; as long as it was, or as the interface was told to keep, or as the block. */
static int read_simple(struct capture *c, struct wire_in *in, struct capture_item *item, struct fault *why)
{
    uint32_t wire_n = file_u32(c, in, "original_length"), kept = wire_n;
    const struct capture_interface *i = interface_of(c, 0, why);
    if (!i || !wire_whole(in, &block_cut, why))
        return CAPTURE_FAILED;
    if (i->snaplen && kept > i->snaplen)
        kept = i->snaplen;
    struct bytes octets = take_ref(in, "packet_data", kept);
    if (!wire_whole(in, &block_cut, why) || !capture_sizes(kept, wire_n, why))
        return CAPTURE_FAILED;
    item->frame.has_time = false;
    return give(c, item, 0, octets, wire_n);
}

/* --- names and secrets --- */

/* A record is an address and any number of names for it: the first one is given. */
static bool read_name(struct wire_in *value, unsigned type, struct capture_item *item)
{
    item->address = (struct addr){ .len = type == NAME_IPV4 ? 4 : 16 };
    take_bytes(value, "address", item->address.octets, item->address.len);
    struct bytes name = take_rest(value, "name");
    size_t n = name.n < CAPTURE_NAME_MAX ? name.n : CAPTURE_NAME_MAX - 1;
    if (value->failed || !n || !name.at[0])
        return false;
    memcpy(item->name, name.at, n);
    item->name[n] = 0;
    return true;
}

/* The next record with a name. c->ng.within remembers where the one behind it lies. */
static int read_names(struct capture *c, struct wire_in *in, struct capture_item *item, struct fault *why)
{
    const uint8_t *start = in->at;
    take_ref(in, "records", c->ng.within);
    while (wire_left(in)) {
        uint16_t type = file_u16(c, in, "record_type"), n = file_u16(c, in, "record_length");
        if (type == NAME_END)
            break;
        struct wire_in value = take_block(in, "record_value", n);
        take_padding(in, n);
        if (!in->failed && (type == NAME_IPV4 || type == NAME_IPV6) && read_name(&value, type, item)) {
            c->ng.within = (size_t)(in->at - start);
            return CAPTURE_NAME;
        }
    }
    c->ng.within = 0;
    return wire_whole(in, &block_cut, why) ? CAPTURE_ON : CAPTURE_FAILED;
}

static int read_secrets(struct capture *c, struct wire_in *in, struct capture_item *item, struct fault *why)
{
    uint32_t type = file_u32(c, in, "secrets_type"), n = file_u32(c, in, "secrets_length");
    struct bytes secrets = take_ref(in, "secrets_data", n);
    if (!wire_whole(in, &block_cut, why))
        return CAPTURE_FAILED;
    item->secrets = secrets;
    return type == SECRETS_TLS ? CAPTURE_SECRETS : CAPTURE_ON;
}

/* --- blocks --- */

static int dispatch(struct capture *c, uint32_t type, struct wire_in *in, struct capture_item *item, struct fault *why)
{
    switch (type) {
    case BLOCK_SECTION:    return read_section(c, in, why) ? CAPTURE_ON : CAPTURE_FAILED;
    case BLOCK_INTERFACE:  return read_interface(c, in, why) ? CAPTURE_ON : CAPTURE_FAILED;
    case BLOCK_OLD_PACKET: return read_packet(c, in, true, item, why);
    case BLOCK_PACKET:     return read_packet(c, in, false, item, why);
    case BLOCK_SIMPLE:     return read_simple(c, in, item, why);
    case BLOCK_NAMES:      return read_names(c, in, item, why);
    default:               return read_secrets(c, in, item, why);
    }
}

static bool known(uint32_t type)
{
    return type == BLOCK_SECTION || (type >= BLOCK_INTERFACE && type <= BLOCK_NAMES) || type == BLOCK_PACKET
        || type == BLOCK_SECRETS;
}

static bool check_length(uint32_t type, uint32_t total, struct fault *why)
{
    uint32_t most = !known(type) ? UINT32_MAX : type == BLOCK_SECRETS ? CAPTURE_SECRETS_MAX : CAPTURE_BLOCK_MAX;
    if (total < LEAST || total % 4)
        return refuse(why, &block_length, "a length of at least 12, a multiple of 4", "%u octets", total);
    return total <= most || refuse(why, &block_length, "a block that memory is held for", "%u octets", total);
}

static bool check_tail(const struct capture *c, const uint8_t tail[TAIL], uint32_t total, struct fault *why)
{
    struct wire_in in = wire_over(tail, TAIL, NULL);
    uint32_t again = file_u32(c, &in, "total_length");
    return again == total
        || refuse(why, &block_length, "the same length at both ends of a block", "%u, then %u", total, again);
}

/* A block of a kind that is not known here costs no memory. */
static int pass(struct capture *c, struct bytes *in, struct fault *why)
{
    size_t part = in->n < c->ng.left ? in->n : c->ng.left;
    in->at += part;
    in->n -= part;
    c->ng.left -= (uint32_t)part;
    const uint8_t *tail = c->ng.left ? NULL : capture_look(c, in, TAIL, why);
    if (!tail)
        return capture_lacks(why);
    if (!check_tail(c, tail, c->ng.passed, why))
        return CAPTURE_FAILED;
    c->ng.passed = 0;
    capture_took(c, in, TAIL);
    return CAPTURE_ON;
}

static int take_known(struct capture *c, struct bytes *in, uint32_t type, uint32_t total, struct capture_item *item,
                      struct fault *why)
{
    const uint8_t *at = capture_look(c, in, total, why);
    if (!at)
        return capture_lacks(why);
    if (!check_tail(c, at + total - TAIL, total, why))
        return CAPTURE_FAILED;
    struct wire_in body = wire_over(at + HEAD, total - HEAD - TAIL, NULL);
    int says = dispatch(c, type, &body, item, why);
    if (says != CAPTURE_NAME)                         /* there may be more names in it */
        capture_took(c, in, total);
    return says;
}

/* The order of octets of a new section stands behind its length. */
static bool read_order(struct capture *c, const uint8_t head[SECTION_HEAD], struct fault *why)
{
    struct wire_in in = wire_over(head + HEAD, SECTION_HEAD - HEAD, NULL), again = in;
    c->little = false;
    if (file_u32(c, &in, "byte_order_magic") == ORDER)
        return true;
    c->little = true;
    uint32_t magic = file_u32(c, &again, "byte_order_magic");
    return magic == ORDER || refuse(why, &byte_order, "0x1a2b3c4d in some order of octets", "0x%08" PRIx32, magic);
}

int pcapng_next(struct capture *c, struct bytes *in, struct capture_item *item, struct fault *why)
{
    if (c->ng.passed)
        return pass(c, in, why);
    const uint8_t *at = capture_look(c, in, HEAD, why);
    if (!at)
        return capture_lacks(why);
    struct wire_in head = wire_over(at, HEAD, NULL);
    uint32_t type = file_u32(c, &head, "block_type");
    if (type == BLOCK_SECTION) {                      /* reads the same in any order */
        if (!(at = capture_look(c, in, SECTION_HEAD, why)))
            return capture_lacks(why);
        if (!read_order(c, at, why))
            return CAPTURE_FAILED;
    }
    head = wire_over(at + TYPE, HEAD - TYPE, NULL);
    uint32_t total = file_u32(c, &head, "total_length");
    if (!check_length(type, total, why))
        return CAPTURE_FAILED;
    if (known(type))
        return take_known(c, in, type, total, item, why);
    c->ng.passed = total;
    c->ng.left = total - HEAD - TAIL;
    capture_took(c, in, HEAD);
    return CAPTURE_ON;
}
