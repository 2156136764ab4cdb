#include "net/ip4.h"
#include "net/checksum.h"

static const struct ground ip_cut      = { "ip.cut",           "RFC 791 §3.1" };
static const struct ground ip_version  = { "ip.version",       "RFC 1122 §3.2.1.1" };
static const struct ground ip_lengths  = { "ip.lengths",       "RFC 791 §3.1" };
static const struct ground header_checksum = { "ip.checksum",      "RFC 1122 §3.2.1.2" };

static const char *option_words(unsigned type)
{
    switch (type) {
    case 0:   return "end of options";
    case 1:   return "no operation";
    case 7:   return "record route";
    case 68:  return "timestamp";
    case 131: return "loose source route";
    case 137: return "strict source route";
    case 148: return "router alert";
    default:  return NULL;
    }
}

/* Options are there to be named, not to be obeyed. One whose length cannot be true ends the walk. */
static void skip_options(struct wire_in *in)
{
    while (wire_left(in)) {
        uint8_t type = take_code8(in, "option_type", option_words);
        if (type == 0)
            break;
        if (type == 1)
            continue;
        size_t n = wire_left(in) ? take_u8(in, "option_length") : 0;
        if (n < 2 || n - 2 > wire_left(in))
            break;
        take_ref(in, "option_data", n - 2);
    }
    take_rest(in, "filler");
}

static struct addr take_address(struct wire_in *in, const char *name)
{
    struct addr a = { .len = 4 };
    take_bytes(in, name, a.octets, 4);
    return a;
}

bool ip4_read(struct wire_in *in, struct ip4_header *h, struct wire_in *payload, struct fault *why)
{
    const uint8_t *start = in->at;
    size_t whole = wire_left(in);
    *h = (struct ip4_header){ 0 };
    if (whole < IP4_HEADER)
        return refuse(why, &ip_cut, "at least 20 octets", "%zu octets", whole);

    /* First of all: behind another version stand other fields, and nothing is called by a wrong name. */
    if (start[0] >> 4 != 4)
        return refuse(why, &ip_version, "version 4", "version %u", (unsigned)(start[0] >> 4));
    unsigned header_len = (start[0] & 15u) * 4;
    wire_group(in, "ip", header_len);
    uint8_t first = take_u8(in, "version_and_ihl");
    wire_bits(in, "version", 1, first >> 4, NULL);
    wire_bits(in, "ihl", 1, first & 15, NULL);
    h->header_len = (uint8_t)header_len;
    h->type_of_service = take_u8(in, "type_of_service");
    h->total_length = take_u16(in, "total_length");
    h->identification = take_u16(in, "identification");
    uint16_t fragment = take_u16(in, "flags_and_fragment_offset");
    h->dont_fragment = fragment >> 14 & 1;
    h->more_fragments = fragment >> 13 & 1;
    h->fragment_offset = (uint16_t)((fragment & 0x1fff) * 8);
    wire_bits(in, "dont_fragment", 2, h->dont_fragment, NULL);
    wire_bits(in, "more_fragments", 2, h->more_fragments, NULL);
    wire_bits(in, "fragment_offset", 2, h->fragment_offset, NULL);
    h->time_to_live = take_u8(in, "time_to_live");
    h->protocol = take_code8(in, "protocol", ip_protocol_words);
    take_u16(in, "header_checksum");
    h->source = take_address(in, "source_address");
    h->destination = take_address(in, "destination_address");

    if (header_len < IP4_HEADER || header_len > h->total_length || h->total_length > whole)
        return refuse(why, &ip_lengths,
                      "20 octets of header at least, all of them in the packet, the packet in the frame",
                      "header %u, packet %u, frame %zu octets", header_len, h->total_length, whole);
    struct wire_in options = { .at = in->at, .end = start + header_len, .watch = in->watch };
    skip_options(&options);
    in->at = start + header_len;
    if (checksum_end(checksum_add(0, start, header_len)) != 0)
        return refuse(why, &header_checksum, "a header whose checksum is right", "a wrong one");

    *payload = (struct wire_in){ .at = in->at, .end = start + h->total_length, .watch = in->watch };
    in->at = payload->end;
    take_rest(in, "padding");
    return true;
}

void ip4_write(const struct ip4_header *h, uint8_t room[IP4_HEADER])
{
    struct wire_out out = wire_into(room, IP4_HEADER);
    unsigned flags = (h->dont_fragment ? 2u : 0) | (h->more_fragments ? 1u : 0);
    put_u8(&out, "version_and_ihl", 4 << 4 | IP4_HEADER / 4);
    put_u8(&out, "type_of_service", h->type_of_service);
    put_u16(&out, "total_length", h->total_length);
    put_u16(&out, "identification", h->identification);
    put_u16(&out, "flags_and_fragment_offset", flags << 13 | h->fragment_offset / 8u);
    put_u8(&out, "time_to_live", h->time_to_live);
    put_u8(&out, "protocol", h->protocol);
    put_u16(&out, "header_checksum", 0);
    put_bytes(&out, "source_address", h->source.octets, 4);
    put_bytes(&out, "destination_address", h->destination.octets, 4);
    out = wire_into(room + 10, 2);
    put_u16(&out, "header_checksum", checksum_end(checksum_add(0, room, IP4_HEADER)));
}
