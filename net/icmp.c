#include "net/icmp.h"
#include "net/checksum.h"
#include "net/ip6.h"

#include <string.h>

static const struct ground icmp_cut       = { "icmp.cut",      "RFC 792" };
static const struct ground icmp_checksum  = { "icmp.checksum", "RFC 792" };
static const struct ground icmp6_cut      = { "icmp6.cut",     "RFC 4443 §2.1" };
static const struct ground icmp6_checksum = { "icmp6.checksum", "RFC 4443 §2.3" };

enum { ICMP_HEADER = 8, QUOTED_LEAST = 8 };           /* octets behind the quoted IP header */

const char *icmp_words(unsigned type)
{
    switch (type) {
    case ICMP_ECHO_REPLY:    return "echo reply";
    case ICMP_UNREACHABLE:   return "destination unreachable";
    case ICMP_ECHO:          return "echo request";
    case ICMP_REDIRECT:      return "redirect";
    case ICMP_TIME_EXCEEDED: return "time exceeded";
    case ICMP_PARAMETER:     return "parameter problem";
    default:                 return NULL;
    }
}

const char *icmp6_words(unsigned type)
{
    switch (type) {
    case ICMP6_UNREACHABLE:   return "destination unreachable";
    case ICMP6_TOO_BIG:       return "packet too big";
    case ICMP6_TIME_EXCEEDED: return "time exceeded";
    case ICMP6_PARAMETER:     return "parameter problem";
    case ICMP6_ECHO:          return "echo request";
    case ICMP6_ECHO_REPLY:    return "echo reply";
    case 133:                 return "router solicitation";
    case 134:                 return "router advertisement";
    case 135:                 return "neighbor solicitation";
    case 136:                 return "neighbor advertisement";
    case 137:                 return "redirect";
    default:                  return NULL;
    }
}

static enum icmp_about about(uint8_t type, uint8_t code)
{
    switch (type) {
    case ICMP_ECHO:          return ICMP_ABOUT_ECHO;
    case ICMP_ECHO_REPLY:    return ICMP_ABOUT_ECHO_REPLY;
    case ICMP_UNREACHABLE:   return code == ICMP_TOO_BIG ? ICMP_ABOUT_TOO_BIG : ICMP_ABOUT_UNREACHABLE;
    case ICMP_TIME_EXCEEDED: return ICMP_ABOUT_TIME;
    case ICMP_PARAMETER:     return ICMP_ABOUT_PARAMETER;
    default:                 return ICMP_ABOUT_NOTHING;
    }
}

static enum icmp_about about6(uint8_t type)
{
    switch (type) {
    case ICMP6_ECHO:          return ICMP_ABOUT_ECHO;
    case ICMP6_ECHO_REPLY:    return ICMP_ABOUT_ECHO_REPLY;
    case ICMP6_UNREACHABLE:   return ICMP_ABOUT_UNREACHABLE;
    case ICMP6_TOO_BIG:       return ICMP_ABOUT_TOO_BIG;
    case ICMP6_TIME_EXCEEDED: return ICMP_ABOUT_TIME;
    case ICMP6_PARAMETER:     return ICMP_ABOUT_PARAMETER;
    default:                  return ICMP_ABOUT_NOTHING;
    }
}

static void read_quoted_four(struct wire_in *in, struct ip_header *h)
{
    take_u8(in, "version_and_ihl");
    h->traffic_class = take_u8(in, "type_of_service");
    h->total_length = take_u16(in, "total_length");
    take_u16(in, "identification");
    h->fragment_offset = (take_u16(in, "flags_and_fragment_offset") & 0x1fffu) * 8;
    h->hop_limit = take_u8(in, "time_to_live");
    h->protocol = take_u8(in, "protocol");
    take_u16(in, "header_checksum");
    h->source.len = h->destination.len = 4;
    take_bytes(in, "source_address", h->source.octets, 4);
    take_bytes(in, "destination_address", h->destination.octets, 4);
}

/* The packet that an error message is about: its IP header without options or extensions and the 8 octets behind
 * it. They are the first of a packet of our own, so that they are read without a check of lengths or checksum:
 * most of the packet is not here. */
static void read_quoted(struct wire_in *in, bool six, struct icmp_message *m)
{
    static const uint8_t version_4_no_options = 4 << 4 | IP4_HEADER / 4;
    if (wire_left(in) < (six ? IP6_HEADER : IP4_HEADER) + QUOTED_LEAST)
        return;
    if (six ? in->at[0] >> 4 != 6 : in->at[0] != version_4_no_options)
        return;
    wire_group(in, "quoted", wire_left(in));
    if (six)
        ip6_read_header(in, &m->quoted);
    else
        read_quoted_four(in, &m->quoted);
    m->quoted_source_port = take_u16(in, "source_port");
    m->quoted_destination_port = take_u16(in, "destination_port");
    m->quoted_sequence_number =
        take_u32(in, m->quoted.protocol == IP_TCP ? "sequence_number" : "length_and_checksum");
}

static void read_rest(struct wire_in *in, bool six, struct icmp_message *m)
{
    switch (m->about) {
    case ICMP_ABOUT_ECHO:
    case ICMP_ABOUT_ECHO_REPLY:
        m->identifier = take_u16(in, "identifier");
        m->sequence_number = take_u16(in, "sequence_number");
        break;
    case ICMP_ABOUT_TOO_BIG:
        if (six) {                                    /* RFC 4443 §3.2 */
            uint32_t mtu = take_u32(in, "mtu");
            m->next_hop_mtu = (uint16_t)(mtu < UINT16_MAX ? mtu : UINT16_MAX);
        } else {                                      /* RFC 1191 §4 */
            take_u16(in, "unused");
            m->next_hop_mtu = take_u16(in, "next_hop_mtu");
        }
        break;
    default:
        take_u32(in, "rest_of_header");
    }
    if (m->about >= ICMP_ABOUT_TOO_BIG)
        read_quoted(in, six, m);
    take_rest(in, "data");
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
    m->about = about(m->type, m->code);
    take_u16(in, "checksum");
    read_rest(in, false, m);
    return checksum_end(checksum_add(0, start, whole)) == 0
           || refuse(why, &icmp_checksum, "a message whose checksum is right", "a wrong one");
}

bool icmp6_read(struct wire_in *in, const struct addr *source, const struct addr *destination,
                struct icmp_message *m, struct fault *why)
{
    const uint8_t *start = in->at;
    size_t whole = wire_left(in);
    *m = (struct icmp_message){ 0 };
    if (whole < ICMP_HEADER)
        return refuse(why, &icmp6_cut, "at least 8 octets", "%zu octets", whole);
    wire_group(in, "icmp6", whole);
    m->type = take_code8(in, "type", icmp6_words);
    m->code = take_u8(in, "code");
    m->about = about6(m->type);
    take_u16(in, "checksum");
    read_rest(in, true, m);
    return ip_checksum(source, destination, IP_ICMP6, start, whole) == 0
           || refuse(why, &icmp6_checksum, "a message whose checksum is right", "a wrong one");
}

static void put_checksum(uint8_t *message, size_t n, const struct addr *from, const struct addr *to)
{
    struct wire_out out = wire_into(message + 2, 2);
    put_u16(&out, "checksum", 0);
    out = wire_into(message + 2, 2);
    put_u16(&out, "checksum", to->len == 16 ? ip_checksum(from, to, IP_ICMP6, message, n)
                                            : checksum_end(checksum_add(0, message, n)));
}

void icmp_write_reply(const uint8_t *request, size_t n, const struct addr *from, const struct addr *to,
                      uint8_t *out)
{
    memcpy(out, request, n);
    out[0] = to->len == 16 ? ICMP6_ECHO_REPLY : ICMP_ECHO_REPLY;
    put_checksum(out, n, from, to);
}

size_t icmp_write_error(const struct icmp_error *e, const struct addr *from, const struct addr *to,
                        const uint8_t *quoted, size_t n, uint8_t *room)
{
    static const struct { uint8_t type, code, type6, code6; } rows[] = {
        [ICMP_SAYS_NO_HOST]         = { ICMP_UNREACHABLE,   ICMP_HOST,     ICMP6_UNREACHABLE,   3 },
        [ICMP_SAYS_NO_PROTOCOL]     = { ICMP_UNREACHABLE,   ICMP_PROTOCOL, ICMP6_PARAMETER,     IP6_BAD_NEXT_HEADER },
        [ICMP_SAYS_NO_PORT]         = { ICMP_UNREACHABLE,   ICMP_PORT,     ICMP6_UNREACHABLE,   4 },
        [ICMP_SAYS_TOO_BIG]         = { ICMP_UNREACHABLE,   ICMP_TOO_BIG,  ICMP6_TOO_BIG,       0 },
        [ICMP_SAYS_REASSEMBLY_TIME] = { ICMP_TIME_EXCEEDED, 1,             ICMP6_TIME_EXCEEDED, 1 },
        [ICMP_SAYS_PROBLEM]         = { ICMP_PARAMETER,     0,             ICMP6_PARAMETER,     0 },
    };
    bool six = to->len == 16;
    size_t most = six ? ICMP6_QUOTED_MAX : ICMP_QUOTED_MAX;
    struct wire_out out = wire_into(room, ICMP_ERROR_MAX);
    put_u8(&out, "type", six ? rows[e->says].type6 : rows[e->says].type);
    put_u8(&out, "code", e->says == ICMP_SAYS_PROBLEM ? e->code : six ? rows[e->says].code6 : rows[e->says].code);
    put_u16(&out, "checksum", 0);
    put_u32(&out, "rest_of_header", e->says == ICMP_SAYS_PROBLEM && !six ? e->word << 24 : e->word);
    put_bytes(&out, "quoted", quoted, n < most ? n : most);
    put_checksum(room, wire_written(&out), from, to);
    return wire_written(&out);
}
