#include "net/frame.h"

static const struct ground frame_cut    = { "frame.cut", "IEEE 802.3 §3.1" };
static const struct ground link_unknown = { "frame.link_unknown", "draft-ietf-opsawg-pcaplinktype §2" };
static const struct ground pppoe_code   = { "frame.pppoe", "RFC 2516 §4" };

enum {
    TYPE_IP4 = 0x0800, TYPE_IP6 = 0x86dd, TYPE_VLAN = 0x8100, TYPE_SERVICE_VLAN = 0x88a8, TYPE_OLD_VLAN = 0x9100,
    TYPE_PPPOE = 0x8864, PPP_IP4 = 0x0021, PPP_IP6 = 0x0057, TAGS_MOST = 2 * FRAME_TAGS,
    AF_IP4 = 2
};

static const struct { uint32_t link; const char *words; } links[] = {
    { LINK_NULL, "BSD loopback" }, { LINK_ETHERNET, "Ethernet" }, { LINK_RAW_BSD, "raw IP" },
    { LINK_RAW_OPENBSD, "raw IP" }, { LINK_RAW, "raw IP" }, { LINK_LOOP, "OpenBSD loopback" },
    { LINK_LINUX_SLL, "Linux cooked" }, { LINK_IPV4, "raw IPv4" }, { LINK_IPV6, "raw IPv6" },
    { LINK_LINUX_SLL2, "Linux cooked v2" },
};

const char *link_words(uint32_t link)
{
    for (size_t i = 0; i < sizeof links / sizeof *links; i++)
        if (links[i].link == link)
            return links[i].words;
    return NULL;
}

static const char *type_words(unsigned type)
{
    switch (type) {
    case TYPE_IP4:          return "IPv4";
    case TYPE_IP6:          return "IPv6";
    case 0x0806:            return "ARP";
    case TYPE_VLAN:         return "802.1Q";
    case TYPE_SERVICE_VLAN: return "802.1ad";
    case TYPE_PPPOE:        return "PPPoE";
    default:                return NULL;
    }
}

static const char *family_words(unsigned family)
{
    return family == AF_IP4 ? "IPv4" : NULL;
}

static bool is_tag(uint16_t type) { return type == TYPE_VLAN || type == TYPE_SERVICE_VLAN || type == TYPE_OLD_VLAN; }

/* RFC 2516 §4: a session's packet, of which the length says where Ethernet's padding begins; PPP's protocol is left as
 * it was before: 1 octet when it is compressed. */
static bool read_pppoe(struct wire_in *in, struct frame *f, struct fault *why)
{
    wire_group(in, "pppoe", 8);
    uint8_t version = take_u8(in, "version_and_type"), code = take_u8(in, "code");
    take_u16(in, "session_id");
    uint16_t n = take_u16(in, "length"), protocol = take_u16(in, "ppp_protocol");
    if (in->failed)
        return true;
    if (version != 0x11 || code != 0 || n < 2)
        return refuse(why, &pppoe_code, "version 1, type 1, code 0 and a protocol", "%02x %02x, %u octets", version,
                      code, n);
    if (n - 2u < wire_left(in))
        in->end = in->at + (n - 2);
    f->ethertype = protocol == PPP_IP4 ? TYPE_IP4 : protocol == PPP_IP6 ? TYPE_IP6 : protocol;
    return true;
}

/* Behind an ethertype: tags, each with an ethertype behind it. */
static bool read_tags(struct wire_in *in, struct frame *f, struct fault *why)
{
    for (unsigned i = 0; is_tag(f->ethertype) && i < TAGS_MOST && !in->failed; i++) {
        wire_group(in, "vlan", 4);
        uint16_t tag = take_u16(in, "tag_control");
        wire_bits(in, "vlan_id", 2, tag & 0xfff, NULL);
        f->ethertype = take_code16(in, "ethertype", type_words);
        if (f->tags < FRAME_TAGS)
            f->vlan[f->tags++] = tag & 0xfff;
    }
    return f->ethertype != TYPE_PPPOE || read_pppoe(in, f, why);
}

static void read_ethernet(struct wire_in *in, struct frame *f)
{
    wire_group(in, "ethernet", 14);
    take_ref(in, "destination", 6);
    take_ref(in, "source", 6);
    f->ethertype = take_code16(in, "ethertype", type_words);
}

static void read_sll(struct wire_in *in, struct frame *f)
{
    wire_group(in, "sll", 16);
    take_u16(in, "packet_type");
    take_u16(in, "arphrd_type");
    take_u16(in, "address_length");
    take_ref(in, "address", 8);
    f->ethertype = take_code16(in, "ethertype", type_words);
}

static void read_sll2(struct wire_in *in, struct frame *f)
{
    wire_group(in, "sll2", 20);
    f->ethertype = take_code16(in, "ethertype", type_words);
    take_u16(in, "reserved");
    take_u32(in, "interface_index");
    take_u16(in, "arphrd_type");
    take_u8(in, "packet_type");
    take_u8(in, "address_length");
    take_ref(in, "address", 8);
}

/* An address family in the order of octets of the machine that captured (LINK_LOOP: of the network). IPv4 is 2
 * everywhere; IPv6 is 24 with NetBSD and OpenBSD, 28 with FreeBSD, 30 with Darwin, 10 with Linux. */
static void read_loopback(struct wire_in *in, struct frame *f)
{
    uint32_t family = take_u32(in, "address_family");
    if (family > UINT16_MAX)
        family = family << 24 | (family & 0xff00) << 8 | (family >> 8 & 0xff00) | family >> 24;
    if (!in->failed)
        wire_bits(in, "family", 4, family, family_words(family));
    if (family == AF_IP4)
        f->ethertype = TYPE_IP4;
    else if (family == 24 || family == 28 || family == 30 || family == 10)
        f->ethertype = TYPE_IP6;
}

static void read_raw(struct wire_in *in, struct frame *f)
{
    unsigned version = wire_left(in) ? in->at[0] >> 4 : 0;
    if (!wire_left(in))
        wire_fail(in, "version");
    f->ethertype = version == 4 ? TYPE_IP4 : version == 6 ? TYPE_IP6 : 0;
}

enum framed frame_read(uint32_t link, struct wire_in *in, struct frame *f, struct wire_in *packet, struct fault *why)
{
    *f = (struct frame){ 0 };
    switch (link) {
    case LINK_ETHERNET:    read_ethernet(in, f); break;
    case LINK_LINUX_SLL:   read_sll(in, f); break;
    case LINK_LINUX_SLL2:  read_sll2(in, f); break;
    case LINK_NULL:
    case LINK_LOOP:        read_loopback(in, f); break;
    case LINK_RAW:
    case LINK_RAW_BSD:
    case LINK_RAW_OPENBSD:
    case LINK_IPV4:
    case LINK_IPV6:        read_raw(in, f); break;
    default:
        refuse(why, &link_unknown, "a link layer that is known here", "LINKTYPE %u", link);
        return FRAME_REFUSED;
    }
    if (!read_tags(in, f, why) || !wire_whole(in, &frame_cut, why))
        return FRAME_REFUSED;
    *packet = *in;
    if (f->ethertype == TYPE_IP4 || f->ethertype == TYPE_IP6)
        return FRAME_IP;
    take_rest(in, "data");
    return FRAME_OTHER;
}
