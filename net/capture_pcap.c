/* pcap (draft-ietf-opsawg-pcap): a header, then frames, each with a header of its own. */
#include "net/capture_inside.h"

static const struct ground magic_unknown = { "capture.pcap_magic", "draft-ietf-opsawg-pcap §4" };
static const struct ground version_old   = { "capture.pcap_version", "draft-ietf-opsawg-pcap §4" };

enum { HEAD = 24, RECORD = 16, LONG_RECORD = 24, MAJOR = 2 };

static const struct { uint32_t magic; bool nanoseconds; uint32_t record; } kinds[] = {
    { 0xa1b2c3d4, false, RECORD }, { 0xa1b23c4d, true, RECORD }, { 0xa1b2cd34, false, LONG_RECORD },
};

static bool read_magic(struct capture *c, uint32_t magic)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].magic == magic) {
            c->pcap.nanoseconds = kinds[i].nanoseconds;
            c->pcap.record = kinds[i].record;
            return true;
        }
    return false;
}

/* The upper bits of `linktype` say how long a check sequence stands behind each frame; what ends there is cut off by
 * the length that IP has of its own. A snaplen of 0 says nothing, and frames may be longer than it says. */
bool pcap_begin(struct capture *c, const uint8_t head[HEAD], struct fault *why)
{
    struct wire_in in = wire_over(head, HEAD, NULL);
    uint32_t magic = file_u32(c, &in, "magic");
    if (!read_magic(c, magic)) {
        in = wire_over(head, HEAD, NULL);
        c->little = true;
        if (!read_magic(c, file_u32(c, &in, "magic")))
            return refuse(why, &magic_unknown, "a magic number of pcap", "0x%08x", magic);
    }
    uint16_t major = file_u16(c, &in, "major_version"), minor = file_u16(c, &in, "minor_version");
    take_ref(&in, "reserved", 8);
    file_u32(c, &in, "snaplen");
    c->pcap.link = file_u32(c, &in, "linktype") & 0xffff;
    return major == MAJOR || refuse(why, &version_old, "version 2", "version %u.%u", major, minor);
}

int pcap_next(struct capture *c, struct bytes *in, struct capture_item *item, struct fault *why)
{
    const uint8_t *at = capture_look(c, in, c->pcap.record, why);
    if (!at)
        return capture_lacks(why);
    struct wire_in head = wire_over(at, c->pcap.record, NULL);
    uint32_t seconds = file_u32(c, &head, "timestamp_seconds"), part = file_u32(c, &head, "timestamp_fraction");
    uint32_t kept = file_u32(c, &head, "captured_length"), wire_n = file_u32(c, &head, "original_length");
    if (!capture_sizes(kept, wire_n, why))
        return CAPTURE_FAILED;
    if (!(at = capture_look(c, in, c->pcap.record + kept, why)))
        return capture_lacks(why);
    c->last = capture_time(seconds, (uint64_t)part * (c->pcap.nanoseconds ? 1 : 1000));
    item->frame.has_time = true;
    item->frame.interface = 0;
    item->frame.link = c->pcap.link;
    capture_took(c, in, c->pcap.record + kept);
    return capture_frame(c, item, (struct bytes){ at + c->pcap.record, kept }, wire_n);
}
