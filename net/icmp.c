#include "net/icmp.h"
#include "net/checksum.h"

#include <string.h>

static const struct ground icmp_cut      = { "icmp.cut",      "RFC 792" };
static const struct ground icmp_checksum = { "icmp.checksum", "RFC 792" };

enum { ICMP_HEADER = 8 };

const char *icmp_words(unsigned type)
{
    switch (type) {
    case ICMP_ECHO_REPLY:  return "echo reply";
    case ICMP_UNREACHABLE: return "destination unreachable";
    case ICMP_ECHO:        return "echo request";
    case 5:                return "redirect";
    case 11:               return "time exceeded";
    case 12:               return "parameter problem";
    default:               return NULL;
    }
}

/* The packet that an error message is about: its IP header without options and the 8 octets behind it. They
 * are the first of a packet of our own, so that they are read without a check of lengths or checksum: most of
 * the packet is not here. */
static void read_quoted(struct wire_in *in, struct icmp_message *m)
{
    static const uint8_t version_4_no_options = 4 << 4 | IP4_HEADER / 4;
    if (wire_left(in) < IP4_HEADER + 8 || in->at[0] != version_4_no_options)
        return;
    wire_group(in, "quoted", wire_left(in));
    take_u8(in, "version_and_ihl");
    take_u8(in, "type_of_service");
    m->quoted.total_length = take_u16(in, "total_length");
    take_u16(in, "identification");
    m->quoted.fragment_offset = take_u16(in, "flags_and_fragment_offset") & 0x1fff;
    take_u8(in, "time_to_live");
    m->quoted.protocol = take_u8(in, "protocol");
    take_u16(in, "header_checksum");
    m->quoted.source.len = m->quoted.destination.len = 4;
    take_bytes(in, "source_address", m->quoted.source.octets, 4);
    take_bytes(in, "destination_address", m->quoted.destination.octets, 4);
    m->quoted_source_port = take_u16(in, "source_port");
    m->quoted_destination_port = take_u16(in, "destination_port");
    m->quoted_sequence_number =
        take_u32(in, m->quoted.protocol == IP_TCP ? "sequence_number" : "length_and_checksum");
}

bool icmp_read(struct wire_in *in, struct icmp_message *m, struct fault *why)
{
    const uint8_t *start = in->at;
    size_t whole = wire_left(in);
    *m = (struct icmp_message){ 0 };
    if (whole < ICMP_HEADER)
        return refuse(why, &icmp_cut, "at least 8 octets", "%zu octets", whole);
    wire_group(in, "icmp", whole);
    m->type = take_code8(in, "type", icmp_words);
    m->code = take_u8(in, "code");
    take_u16(in, "checksum");
    if (m->type == ICMP_ECHO || m->type == ICMP_ECHO_REPLY) {
        m->identifier = take_u16(in, "identifier");
        m->sequence_number = take_u16(in, "sequence_number");
    } else if (m->type == ICMP_UNREACHABLE && m->code == ICMP_TOO_BIG) {     /* RFC 1191 §4 */
        take_u16(in, "unused");
        m->next_hop_mtu = take_u16(in, "next_hop_mtu");
    } else {
        take_u32(in, "rest_of_header");
    }
    if (checksum_end(checksum_add(0, start, whole)) != 0)
        return refuse(why, &icmp_checksum, "a message whose checksum is right", "a wrong one");
    if (m->type == ICMP_UNREACHABLE)
        read_quoted(in, m);
    take_rest(in, "data");
    return true;
}

static void put_checksum(uint8_t *message, size_t n)
{
    struct wire_out out = wire_into(message + 2, 2);
    put_u16(&out, "checksum", 0);
    out = wire_into(message + 2, 2);
    put_u16(&out, "checksum", checksum_end(checksum_add(0, message, n)));
}

void icmp_write_reply(const uint8_t *request, size_t n, uint8_t *out)
{
    memcpy(out, request, n);
    out[0] = ICMP_ECHO_REPLY;
    put_checksum(out, n);
}

/* rest_of_header: the next hop's MTU, or nothing. */
static size_t write_unreachable(enum icmp_unreachable code, uint16_t rest, const uint8_t *quoted, size_t n,
                                uint8_t *room)
{
    struct wire_out out = wire_into(room, ICMP_UNREACHABLE_MAX);
    put_u8(&out, "type", ICMP_UNREACHABLE);
    put_u8(&out, "code", code);
    put_u16(&out, "checksum", 0);
    put_u32(&out, "rest_of_header", rest);
    put_bytes(&out, "quoted", quoted, n < ICMP_QUOTED_MAX ? n : ICMP_QUOTED_MAX);
    put_checksum(room, wire_written(&out));
    return wire_written(&out);
}

size_t icmp_write_unreachable(enum icmp_unreachable code, const uint8_t *quoted, size_t n, uint8_t *room)
{
    return write_unreachable(code, 0, quoted, n, room);
}

size_t icmp_write_too_big(uint16_t next_hop_mtu, const uint8_t *quoted, size_t n, uint8_t *room)
{
    return write_unreachable(ICMP_TOO_BIG, next_hop_mtu, quoted, n, room);
}
