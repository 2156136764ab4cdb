#include "net/nd_message.h"

static const struct ground nd_cut = { "nd.cut", "RFC 4861 §4" };

enum { OPTION_SOURCE = 1, OPTION_TARGET = 2, OPTION_PREFIX = 3, OPTION_MTU = 5, UNIT = 8 };

static const char *option_words(unsigned type)
{
    switch (type) {
    case OPTION_SOURCE: return "source link-layer address";
    case OPTION_TARGET: return "target link-layer address";
    case OPTION_PREFIX: return "prefix information";
    case 4:             return "redirected header";
    case OPTION_MTU:    return "MTU";
    default:            return NULL;
    }
}

static struct addr take_address(struct wire_in *in, const char *name)
{
    struct addr a = { .len = 16 };
    take_bytes(in, name, a.octets, 16);
    return a;
}

static void read_prefix(struct wire_in *in, struct nd_message *m)
{
    uint8_t len = take_u8(in, "prefix_length"), flags = take_u8(in, "flags");
    uint32_t valid = take_u32(in, "valid_lifetime");
    take_u32(in, "preferred_lifetime");
    take_u32(in, "reserved");
    struct addr a = take_address(in, "prefix");
    if (in->failed || len > 128 || m->n_prefixes == ND_MESSAGE_PREFIXES)
        return;
    m->prefixes[m->n_prefixes].addr = a;
    m->prefixes[m->n_prefixes].len = len;
    m->prefixes[m->n_prefixes].on_link = flags >> 7;
    m->prefixes[m->n_prefixes].autonomous = flags >> 6 & 1;
    m->prefixes[m->n_prefixes++].valid = valid;
}

static void read_option(struct wire_in *in, uint8_t type, struct nd_message *m)
{
    size_t n = wire_left(in);
    if ((type == OPTION_SOURCE || type == OPTION_TARGET) && n == MAC_LEN) {
        take_bytes(in, "link_layer_address", m->mac.octets, MAC_LEN);
        m->has_mac = true;
    } else if (type == OPTION_PREFIX && n == 30) {
        read_prefix(in, m);
    } else if (type == OPTION_MTU && n == MAC_LEN) {
        take_u16(in, "reserved");
        m->mtu = take_u32(in, "mtu");
    }
    take_rest(in, "option_data");
}

static bool read_options(struct wire_in *in, struct nd_message *m, struct fault *why)
{
    while (wire_left(in)) {
        uint8_t type = take_code8(in, "option_type", option_words);
        size_t n = wire_left(in) ? take_u8(in, "option_length") * (size_t)UNIT : 0;
        if (n == 0 || n - 2 > wire_left(in)) {
            take_rest(in, "option_data");
            return refuse(why, &nd_cut, "an option that has a length and ends inside the message", "%zu octets", n);
        }
        struct wire_in body = { .at = in->at, .end = in->at + n - 2, .watch = in->watch };
        read_option(&body, type, m);
        in->at = body.end;
    }
    return true;
}

static void read_flags(struct wire_in *in, struct nd_message *m)
{
    uint32_t flags = take_u32(in, "flags");
    m->router = flags >> 31 & 1;
    m->solicited = flags >> 30 & 1;
    m->override = flags >> 29 & 1;
    wire_bits(in, "router", 4, m->router, NULL);
    wire_bits(in, "solicited", 4, m->solicited, NULL);
    wire_bits(in, "override", 4, m->override, NULL);
}

bool nd_read(struct wire_in *in, struct nd_message *m, struct fault *why)
{
    *m = (struct nd_message){ 0 };
    m->type = take_u8(in, "type");
    m->code = take_u8(in, "code");
    take_u16(in, "checksum");
    switch (m->type) {
    case ND_ROUTER_ADVERTISEMENT:
        take_u8(in, "cur_hop_limit");
        take_u8(in, "flags");
        m->router_lifetime = take_u16(in, "router_lifetime");
        take_u32(in, "reachable_time");
        take_u32(in, "retrans_timer");
        break;
    case ND_NEIGHBOR_SOLICITATION:
    case ND_NEIGHBOR_ADVERTISEMENT:
        read_flags(in, m);
        m->target = take_address(in, "target_address");
        break;
    case ND_REDIRECT:
        take_u32(in, "reserved");
        m->target = take_address(in, "target_address");
        take_address(in, "destination_address");
        break;
    default:
        take_u32(in, "reserved");
    }
    return wire_whole(in, &nd_cut, why) && read_options(in, m, why);
}

size_t nd_write(const struct nd_message *m, uint8_t *room, size_t n)
{
    struct wire_out out = wire_into(room, n);
    put_u8(&out, "type", m->type);
    put_u8(&out, "code", 0);
    put_u16(&out, "checksum", 0);
    put_u32(&out, "flags", (m->router ? UINT32_C(1) << 31 : 0) | (m->solicited ? UINT32_C(1) << 30 : 0)
                               | (m->override ? UINT32_C(1) << 29 : 0));
    if (m->type != ND_ROUTER_SOLICITATION)
        put_bytes(&out, "target_address", m->target.octets, 16);
    if (m->has_mac) {
        put_u8(&out, "option_type", m->type == ND_NEIGHBOR_ADVERTISEMENT ? OPTION_TARGET : OPTION_SOURCE);
        put_u8(&out, "option_length", 1);
        put_bytes(&out, "link_layer_address", m->mac.octets, MAC_LEN);
    }
    return out.failed ? 0 : wire_written(&out);
}
