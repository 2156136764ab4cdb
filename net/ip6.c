#include "net/ip6.h"

static const struct ground ip_cut        = { "ip6.cut",           "RFC 8200 §3" };
static const struct ground ip_lengths    = { "ip6.lengths",       "RFC 8200 §3" };
static const struct ground ip_extensions = { "ip.extensions",     "RFC 8504 §5.3" };
static const struct ground ip_misplaced  = { "ip.misplaced",      "RFC 8200 §4.1" };
static const struct ground ip_option     = { "ip.option",         "RFC 8200 §4.2" };
static const struct ground ip_routing    = { "ip.routing_header", "RFC 5095 §3" };

/* One packet while its chain of headers is walked. */
struct walk {
    struct wire_in *in;
    const uint8_t *start;
    struct ip_header *h;
    struct fault *why;
};

/* The packet is refused, and its sender is to hear of it. */
static struct ip_problem problem(const struct walk *w, enum ip6_problem_code code, const uint8_t *at)
{
    return (struct ip_problem){ .any = true, .code = (uint8_t)code, .pointer = (uint32_t)(at - w->start) };
}

static const char *option_words(unsigned type)
{
    switch (type) {
    case 0:    return "Pad1";
    case 1:    return "PadN";
    case 5:    return "router alert";
    case 0xc2: return "jumbo payload";
    case 0xc9: return "home address";
    default:   return NULL;
    }
}

/* RFC 8200 §4.2: the two highest bits of a type say what to do with an option that nobody knows: 0 skip it, 1
 * drop the packet, 2 say so too, 3 say so unless the packet went to a group. */
static bool unknown_option(struct walk *w, uint8_t type, const uint8_t *at)
{
    unsigned action = type >> 6;
    if (action == 0)
        return true;
    if (action >= 2)
        w->h->problem = problem(w, IP6_BAD_OPTION, at);
    w->h->problem.to_groups_too = action == 2;
    return refuse(w->why, &ip_option, "an option that may be skipped", "option type 0x%02x", type);
}

static bool read_options(struct walk *w, struct wire_in *in)
{
    enum { PAD1 = 0, PADN = 1, ROUTER_ALERT = 5 };
    for (unsigned n = 0; wire_left(in); ) {
        const uint8_t *at = in->at;
        uint8_t type = take_code8(in, "option_type", option_words);
        if (type == PAD1)
            continue;
        size_t len = take_u8(in, "option_length");
        if (in->failed || len > wire_left(in)) {
            take_rest(in, "option_data");
            return refuse(w->why, &ip_lengths, "an option that ends inside its header", "%zu octets more", len);
        }
        take_ref(in, "option_data", len);
        if (type == PADN || type == ROUTER_ALERT)
            continue;
        if (++n > IP6_OPTIONS) {
            take_rest(in, "option_data");
            return refuse(w->why, &ip_extensions, "eight options at most", "more of them");
        }
        if (!unknown_option(w, type, at)) {
            take_rest(in, "option_data");
            return false;
        }
    }
    return true;
}

/* RFC 8200 §4.4: the packet is at the end of its way, or we do not send it on. */
static bool read_routing(struct walk *w, struct wire_in *in)
{
    const uint8_t *at = in->at;
    uint8_t type = take_u8(in, "routing_type"), left = take_u8(in, "segments_left");
    take_rest(in, "routing_data");
    if (left == 0)
        return true;
    w->h->problem = problem(w, IP6_BAD_FIELD, at);
    return refuse(w->why, &ip_routing, "no segments left: we are no router", "routing type %u, %u left", type, left);
}

static const char *name_of(uint8_t kind)
{
    return kind == IP_HOP_BY_HOP ? "hop_by_hop_options" : kind == IP_ROUTING ? "routing_header"
           : "destination_options";
}

/* A header with a length in units of 8 octets behind the first 8; h->protocol becomes what follows it. */
static bool read_extension(struct walk *w, uint8_t kind)
{
    size_t whole = wire_left(w->in);
    size_t n = whole >= 8 ? 8u + w->in->at[1] * 8u : 8;
    if (n > whole)
        return refuse(w->why, &ip_cut, "an extension header that ends inside the packet", "%zu octets of %zu", whole,
                      n);
    wire_group(w->in, name_of(kind), n);
    struct wire_in in = { .at = w->in->at, .end = w->in->at + n, .watch = w->in->watch };
    w->in->at = in.end;
    w->h->next_header_at = (uint16_t)(in.at - w->start);
    w->h->protocol = take_code8(&in, "next_header", ip_protocol_words);
    take_u8(&in, "header_ext_len");
    return kind == IP_ROUTING ? read_routing(w, &in) : read_options(w, &in);
}

static bool read_fragment(struct walk *w)
{
    if (wire_left(w->in) < IP6_FRAGMENT_HEADER)
        return refuse(w->why, &ip_cut, "a fragment header of 8 octets", "%zu octets", wire_left(w->in));
    wire_group(w->in, "fragment_header", IP6_FRAGMENT_HEADER);
    w->h->fragment_at = (uint16_t)(w->in->at - w->start);
    w->h->protocol = take_code8(w->in, "next_header", ip_protocol_words);
    take_u8(w->in, "reserved");
    uint16_t offset = take_u16(w->in, "fragment_offset_and_flags");
    w->h->fragment_offset = offset & 0xfff8;
    w->h->more_fragments = offset & 1;
    wire_bits(w->in, "fragment_offset", 2, w->h->fragment_offset, NULL);
    wire_bits(w->in, "more_fragments", 2, w->h->more_fragments, NULL);
    w->h->identification = take_u32(w->in, "identification");
    return true;
}

/* Reads headers until one comes that is none of IP's own, or the packet turns out to be a fragment. */
static bool read_extensions(struct walk *w)
{
    for (unsigned n = 0; ; n++) {
        uint8_t kind = w->h->protocol;
        bool ours = kind == IP_HOP_BY_HOP || kind == IP_ROUTING || kind == IP_FRAGMENT || kind == IP_DESTINATION;
        if (!ours)
            return true;
        if (n == IP6_EXTENSIONS)
            return refuse(w->why, &ip_extensions, "eight extension headers at most", "more of them");
        if (kind == IP_HOP_BY_HOP && n) {
            w->h->problem = problem(w, IP6_BAD_NEXT_HEADER, w->start + w->h->next_header_at);
            return refuse(w->why, &ip_misplaced, "hop-by-hop options first of all", "another header before them");
        }
        if (kind == IP_FRAGMENT) {
            uint16_t before = w->h->next_header_at;
            if (!read_fragment(w))
                return false;
            if (ip_is_fragment(w->h)) {
                w->h->next_header_at = before;
                return true;
            }
            w->h->next_header_at = w->h->fragment_at;
        } else if (!read_extension(w, kind)) {
            return false;
        }
    }
}

static struct addr take_address(struct wire_in *in, const char *name)
{
    struct addr a = { .len = 16 };
    take_bytes(in, name, a.octets, 16);
    return a;
}

void ip6_read_header(struct wire_in *in, struct ip_header *h)
{
    *h = (struct ip_header){ .header_len = IP6_HEADER, .dont_fragment = true };
    uint32_t first = take_u32(in, "version_class_and_flow");
    h->traffic_class = (uint8_t)(first >> 20);
    h->flow_label = first & 0xfffff;
    wire_bits(in, "version", 4, first >> 28, NULL);
    wire_bits(in, "traffic_class", 4, h->traffic_class, NULL);
    wire_bits(in, "flow_label", 4, h->flow_label, NULL);
    h->total_length = IP6_HEADER + (uint32_t)take_u16(in, "payload_length");
    h->next_header_at = 6;
    h->protocol = take_code8(in, "next_header", ip_protocol_words);
    h->hop_limit = take_u8(in, "hop_limit");
    h->source = take_address(in, "source_address");
    h->destination = take_address(in, "destination_address");
}

bool ip6_read(struct wire_in *in, struct ip_header *h, struct wire_in *payload, struct fault *why)
{
    const uint8_t *start = in->at;
    size_t whole = wire_left(in);
    *h = (struct ip_header){ 0 };
    if (whole < IP6_HEADER)
        return refuse(why, &ip_cut, "at least 40 octets", "%zu octets", whole);
    wire_group(in, "ip6", IP6_HEADER);
    ip6_read_header(in, h);
    if (h->total_length > whole)
        return refuse(why, &ip_lengths, "a packet that lies whole in its frame", "%u octets in a frame of %zu",
                      h->total_length, whole);
    *payload = (struct wire_in){ .at = in->at, .end = start + h->total_length, .watch = in->watch };
    in->at = payload->end;
    take_rest(in, "padding");

    struct walk w = { .in = payload, .start = start, .h = h, .why = why };
    if (!read_extensions(&w)) {
        take_rest(payload, "data");
        return false;
    }
    h->header_len = (uint16_t)(payload->at - start);
    return true;
}

void ip6_write(const struct ip_header *h, uint8_t room[IP6_HEADER])
{
    struct wire_out out = wire_into(room, IP6_HEADER);
    put_u32(&out, "version_class_and_flow",
            UINT32_C(6) << 28 | (uint32_t)h->traffic_class << 20 | (h->flow_label & 0xfffff));
    put_u16(&out, "payload_length", h->total_length - IP6_HEADER);
    put_u8(&out, "next_header", h->protocol);
    put_u8(&out, "hop_limit", h->hop_limit);
    put_bytes(&out, "source_address", h->source.octets, 16);
    put_bytes(&out, "destination_address", h->destination.octets, 16);
}
