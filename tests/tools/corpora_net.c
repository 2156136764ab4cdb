#include "net/dns.h"
#include "net/ether.h"
#include "net/ip4.h"
#include "net/tcp_segment.h"
#include "tests/tools/corpora.h"

#include <string.h>

static void hosts(void)
{
    static const char *const texts[] = {
        "127.0.0.1 localhost\n10.0.0.80\twww.example.test www # the web\n::1 localhost\n",
        "nameserver 10.0.0.53\nnameserver 10.0.0.54\nsearch test\n", "# nothing\n\n", "10.0.0.1", NULL
    };
    write_texts("hosts", texts);
    static const char *const zones[] = {
        "$ORIGIN test.\n$TTL 1h\n@ SOA ns host ( 1 2h\n 3 4 5 ) ; c\nwww A 10.0.0.80\n  AAAA fd00::80\n*.w 60 IN A 1.2.3.4\n",
        "a CNAME b\nb TXT \"x y\" z\n", "b\xc3\xbc""cher.example", "xn--bcher-kva.test", "-> $1.00 <--",
        "\xe4\xbe\x8b\xe5\xad\x90\xe3\x80\x82test", NULL
    };
    write_texts("zone", zones);
}

/* Steps of tests/fuzz/ether.c: a request for us, one for others, a claim on our address, packets to send. */
static void ether(void)
{
    static const struct { enum arp_operation operation; uint8_t sender, target; } said[] = {
        { ARP_REQUEST, 9, 1 }, { ARP_REPLY, 0x89, 1 }, { ARP_REQUEST, 9, 8 }, { ARP_REQUEST, 1, 1 }, { ARP_REPLY, 1, 9 },
    };
    uint8_t out[512];
    struct wire_out to = wire_into(out, sizeof out);
    for (unsigned i = 0; i < sizeof said / sizeof *said; i++) {
        uint8_t arp[ARP_LEN];
        const struct mac them = { { 2, 0, 0, 0, 0, 9 } }, all = { { 255, 255, 255, 255, 255, 255 } };
        arp_write(&(struct arp_packet){ (uint16_t)said[i].operation, them, all, addr_v4(10, 0, 0, said[i].sender),
                                        addr_v4(10, 0, 0, said[i].target) }, arp);
        for (unsigned wait = 0; i == 0 && wait < 12; wait++)           /* until the address is ours */
            put_u8(&to, "step", 1), put_u8(&to, "data", 0);
        put_u8(&to, "step", 0x89);
        put_u8(&to, "step", ETHER_HEADER + ARP_LEN);
        put_bytes(&to, "destination", all.octets, MAC_LEN);
        put_bytes(&to, "source", them.octets, MAC_LEN);
        put_u16(&to, "ethertype", 0x0806);
        put_bytes(&to, "arp", arp, sizeof arp);
        write_seed("ether", out, wire_written(&to));
    }
}

/* Whole packets of both versions, in and out of order, and overlaps (tests/fuzz/reassembly.c). */
static void fragments(void)
{
    static const uint8_t seeds[][18] = {
        { 0x08, 0, 0, 0, 64, 0, 0x08, 0, 8, 0, 64, 0, 0x00, 0, 16, 0, 9, 0 },
        { 0x04, 0, 16, 0, 9, 0, 0x0c, 0, 8, 0, 64, 0, 0x0c, 0, 0, 0, 64, 0 },
        { 0x08, 0, 0, 0, 64, 0, 0x18, 0, 7, 0, 64, 0, 0x00, 0, 8, 0, 64, 0 },
        { 0x08, 0, 0, 0, 64, 0, 0x00, 0x1f, 0xff, 0, 64, 255, 0x0c, 0, 0, 0, 64, 255 },
    };
    for (size_t i = 0; i < sizeof seeds / sizeof *seeds; i++)
        write_seed("reassembly", seeds[i], sizeof seeds[i]);
}

/* Messages of tests/fuzz/nd.c: who it is from, its length, then itself without a checksum. */
static void neighbours(void)
{
    static const uint8_t messages[][60] = {
        { 2, 32, 135, 0, 0, 0, 0, 0, 0, 0, 0xfd, [25] = 1, 1, 1, 2, 0, 0, 0, 0, 9 },
        { 2, 32, 136, 0, 0, 0, 0x60, 0, 0, 0, 0xfd, [25] = 9, 2, 1, 2, 0, 0, 0, 0, 9 },
        { 0, 24, 135, 0, 0, 0, 0, 0, 0, 0, 0xfd, [25] = 1 },
        { 1, 56, 134, 0, 0, 0, 64, 0, 0, 30, [18] = 1, 1, 2, 0, 0, 0, 0, 9, 3, 4, 64, 0xc0, 0, 0, 1, 0, 0, 0, 1, 0, [42] = 0xfd },
    };
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++)
        write_seed("nd", messages[i], 2u + messages[i][1]);
}

static void dns_answers(void)
{
    uint8_t out[DNS_MESSAGE];
    for (unsigned kind = 0; kind < 4; kind++) {
        struct dns_message m = { .id = 0x1234,
                                 .response = kind > 0,
                                 .recursion_desired = true,
                                 .rcode = kind == 3 ? DNS_NXDOMAIN : DNS_NOERROR,
                                 .question = "www.example.test",
                                 .question_type = DNS_TYPE_A,
                                 .question_class = DNS_CLASS_IN };
        if (kind == 1 || kind == 2)
            m.answers[m.n_answers++] = (struct dns_record){ .name = "www.example.test",
                                                            .type = kind == 1 ? DNS_TYPE_A : DNS_TYPE_CNAME,
                                                            .ttl = 300,
                                                            .addr = addr_v4(10, 0, 0, 80),
                                                            .target = "web.example.test" };
        if (kind == 2)
            m.answers[m.n_answers++] = (struct dns_record){
                .name = "web.example.test", .type = DNS_TYPE_A, .ttl = 60, .addr = addr_v4(10, 0, 0, 80)
            };
        write_seed("dns_answer", out, dns_write(&m, out, sizeof out));
    }
}

/* A scene, then packets: how to mend them (0xc2: a segment for a connection), half their size, octets. */
static void packets(void)
{
    static const uint8_t scenes[] = { 0, 1, 2, 3, 7, 15, 63 };
    static const uint8_t flags[] = { TCP_SYN,           TCP_ACK, TCP_ACK | TCP_PSH,
                                     TCP_ACK | TCP_FIN, TCP_RST, TCP_RST | TCP_ACK };
    const struct addr peer = addr_v4(10, 0, 0, 2), us = addr_v4(10, 0, 0, 1);
    for (size_t i = 0; i < sizeof scenes; i++) {
        uint8_t out[1024] = { scenes[i] };
        size_t at = 1;
        for (size_t k = 0; k < sizeof flags; k++) {
            const struct tcp_segment s = { .source_port = 5000,
                                           .destination_port = 443,
                                           .seq = 128,
                                           .ack = 128,
                                           .flags = flags[k],
                                           .window = 1000,
                                           .mss = flags[k] == TCP_SYN ? 300 : 0,
                                           .text = { (const uint8_t *)"hello", 5 } };
            size_t n = IP4_HEADER + tcp_segment_write(&s, &peer, &us, out + at + 2 + IP4_HEADER, 200);
            out[at] = 0xc2;
            out[at + 1] = (uint8_t)((n + 1) / 2);
            at += 2 + (n + 1) / 2 * 2;
        }
        memcpy(out + at, (const uint8_t[]){ 0, 9, 12, 4, 17, 1 }, 6); /* twice more, otherwise */
        write_seed("net_input", out, at + 6);
    }
}

void corpora_of_net(void)
{
    hosts();
    ether();
    fragments();
    neighbours();
    dns_answers();
    packets();
}
