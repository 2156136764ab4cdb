#include "net/arp.h"

static const struct ground arp_cut     = { "arp.cut",     "RFC 826" };
static const struct ground arp_unknown = { "arp.unknown", "RFC 826" };

enum { HARDWARE_ETHERNET = 1, PROTOCOL_IP4 = 0x0800 };

static const char *operation_words(unsigned operation)
{
    return operation == ARP_REQUEST ? "request" : operation == ARP_REPLY ? "reply" : NULL;
}

static void take_pair(struct wire_in *in, const char *name, struct mac *mac, struct addr *addr)
{
    wire_group(in, name, MAC_LEN + 4);
    take_bytes(in, "hardware_address", mac->octets, MAC_LEN);
    addr->len = 4;
    take_bytes(in, "protocol_address", addr->octets, 4);
}

bool arp_read(struct wire_in *in, struct arp_packet *p, struct fault *why)
{
    *p = (struct arp_packet){ 0 };
    wire_group(in, "arp", ARP_LEN);
    unsigned hardware = take_u16(in, "hardware");
    unsigned protocol = take_u16(in, "protocol");
    unsigned hardware_len = take_u8(in, "hardware_length"), protocol_len = take_u8(in, "protocol_length");
    p->operation = take_code16(in, "operation", operation_words);
    take_pair(in, "sender", &p->sender_mac, &p->sender);
    take_pair(in, "target", &p->target_mac, &p->target);
    if (!wire_whole(in, &arp_cut, why))
        return false;
    take_rest(in, "padding");
    if (hardware == HARDWARE_ETHERNET && protocol == PROTOCOL_IP4 && hardware_len == MAC_LEN && protocol_len == 4
        && operation_words(p->operation))
        return true;
    return refuse(why, &arp_unknown, "a request or a reply for IPv4 over Ethernet",
                  "hardware %u (%u octets), protocol 0x%04x (%u octets), operation %u", hardware, hardware_len,
                  protocol, protocol_len, p->operation);
}

static void put_pair(struct wire_out *out, const struct mac *mac, const struct addr *addr)
{
    put_bytes(out, "hardware_address", mac->octets, MAC_LEN);
    put_bytes(out, "protocol_address", addr->octets, 4);
}

void arp_write(const struct arp_packet *p, uint8_t room[ARP_LEN])
{
    struct wire_out out = wire_into(room, ARP_LEN);
    put_u16(&out, "hardware", HARDWARE_ETHERNET);
    put_u16(&out, "protocol", PROTOCOL_IP4);
    put_u8(&out, "hardware_length", MAC_LEN);
    put_u8(&out, "protocol_length", 4);
    put_u16(&out, "operation", p->operation);
    put_pair(&out, &p->sender_mac, &p->sender);
    put_pair(&out, &p->target_mac, &p->target);
}

bool mac_is_single(const struct mac *m)
{
    static const struct mac nobody = { { 0 } };
    return !(m->octets[0] & 1) && !mac_same(m, &nobody);
}
