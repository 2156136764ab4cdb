/* capture_hostile SHAPE N - a capture that costs a careless reader its memory or its time, on standard output:
 *
 *     syns       N connections, of which nothing came but the SYN
 *     hellos     N connections, each with half a ClientHello, and never more
 *     gaps       one connection, N segments with a gap before each
 *     overlaps   one connection, N segments behind a gap, each over a half of the one before
 *     fragments  the first fragment of N packets
 *     ports      N connections from one port to one port, each begun by a SYN and ended by a RST
 *     keylog     no capture: N lines of a key log */
#include "net/capture_write.h"
#include "net/checksum.h"
#include "net/frame.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEADS = 40, TEXT = 1000, HELLO = 512, TCP = 6, SYN = 2, RST = 4, ACK = 16, MORE = 0x2000,
       BEGIN = 1700000000 };

static struct capture_writer writer;
static uint64_t frames;

static bool to_stdout(struct sink *s, const void *octets, size_t n)
{
    (void)s;
    return fwrite(octets, 1, n, stdout) == n;
}

static void put16(uint8_t *at, unsigned v)
{
    at[0] = (uint8_t)(v >> 8);
    at[1] = (uint8_t)v;
}

static void put32(uint8_t *at, uint32_t v)
{
    put16(at, v >> 16);
    put16(at + 2, v & 0xffff);
}

/* From a client with this number to 10.255.0.1, or back. */
struct packet {
    uint32_t client, port, seq, ack; bool back;
    unsigned flags, id, fragment;
    const uint8_t *text; size_t n;
};

static void write_packet(const struct packet *p)
{
    static uint8_t at[HEADS + TEXT];
    uint8_t *tcp = at + 20, pseudo[12] = { 0 };
    const uint32_t client = 10u << 24 | (p->client & 0xffffff), server = 10u << 24 | 255u << 16 | 1;
    memset(at, 0, HEADS);
    at[0] = 0x45;
    put16(at + 2, (unsigned)(HEADS + p->n));
    put16(at + 4, p->id);
    put16(at + 6, p->fragment);
    at[8] = 64;
    at[9] = TCP;
    put32(at + 12, p->back ? server : client);
    put32(at + 16, p->back ? client : server);
    put16(at + 10, checksum_end(checksum_add(0, at, 20)));
    put16(tcp, p->back ? 443 : p->port);
    put16(tcp + 2, p->back ? p->port : 443);
    put32(tcp + 4, p->seq);
    put32(tcp + 8, p->ack);
    tcp[12] = 0x50;
    tcp[13] = (uint8_t)p->flags;
    put16(tcp + 14, 0xffff);
    if (p->n)
        memcpy(at + HEADS, p->text, p->n);
    memcpy(pseudo, at + 12, 8);
    pseudo[9] = TCP;
    put16(pseudo + 10, (unsigned)(20 + p->n));
    put16(tcp + 16, checksum_end(checksum_add(checksum_add(0, pseudo, sizeof pseudo), tcp, 20 + p->n)));
    frames++;
    const struct capture_frame f = { .number = frames, .has_time = true, .link = LINK_RAW,
                                     .at = BEGIN * SECOND + (nsec)frames * 10000, .wire_n = (uint32_t)(HEADS + p->n),
                                     .bytes = { at, HEADS + p->n } };
    if (!capture_write_frame(&writer, &f))
        exit(1);
}

static void write_open(uint32_t client, unsigned port)
{
    write_packet(&(struct packet){ .client = client, .port = port, .seq = 1000, .flags = SYN });
    write_packet(&(struct packet){ .client = client, .port = port, .seq = 5000, .ack = 1001, .flags = SYN | ACK,
                                   .back = true });
    write_packet(&(struct packet){ .client = client, .port = port, .seq = 1001, .ack = 5001, .flags = ACK });
}

/* The header of a record of HELLO octets, of a ClientHello as long, and half of it. */
static void write_half_hello(uint32_t client, unsigned port)
{
    static uint8_t hello[HELLO / 2] = { 22, 3, 1, HELLO >> 8, HELLO & 0xff, 1, 0, (HELLO - 4) >> 8, (HELLO - 4) & 0xff,
                                        3, 3 };
    put32(hello + 11, client);
    write_packet(&(struct packet){ .client = client, .port = port, .seq = 1001, .ack = 5001, .flags = ACK,
                                   .text = hello, .n = sizeof hello });
}

static void write_one(const char *shape, uint32_t i)
{
    static uint8_t text[TEXT];
    struct packet p = { .client = 1 + i / 60000, .port = 1024 + i % 60000, .seq = 1000, .flags = SYN };
    if (!strcmp(shape, "hellos")) {
        write_open(p.client, p.port);
        write_half_hello(p.client, p.port);
        return;
    }
    if (!strcmp(shape, "fragments"))
        p = (struct packet){ .client = 1 + (i >> 16), .port = 1024, .id = i & 0xffff, .fragment = MORE, .flags = ACK,
                             .text = text, .n = 0x3d8 };
    if (!strcmp(shape, "gaps") || !strcmp(shape, "overlaps"))
        p = (struct packet){ .client = 1, .port = 1024, .flags = ACK, .ack = 5001, .text = text, .n = TEXT,
                             .seq = 2001 + i * (*shape == 'g' ? 2 * TEXT : TEXT / 2) };
    if (!strcmp(shape, "ports"))
        p = (struct packet){ .client = 1, .port = 1024, .seq = 1000 + i * 77777, .flags = SYN };
    write_packet(&p);
    p.flags = RST;
    p.seq++;
    if (!strcmp(shape, "ports"))
        write_packet(&p);
}

static void write_keylog(uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        printf("CLIENT_RANDOM %08x%056x %096x\n", i * 2654435761u, i, i);
}

int main(int argc, char **argv)
{
    static const char *const shapes[] = { "syns", "hellos", "gaps", "overlaps", "fragments", "ports", "keylog" };
    struct sink sink = { to_stdout };
    uint32_t n = argc == 3 ? (uint32_t)strtoul(argv[2], NULL, 10) : 0;
    bool known = false;
    for (size_t i = 0; n && i < sizeof shapes / sizeof *shapes; i++)
        known |= !strcmp(argv[1], shapes[i]);
    if (!known) {
        fprintf(stderr, "usage: capture_hostile syns|hellos|gaps|overlaps|fragments|ports|keylog N\n");
        return 2;
    }
    if (!strcmp(argv[1], "keylog")) {
        write_keylog(n);
        return fflush(stdout) != 0;
    }
    if (!capture_write_begin(&writer, &sink))
        return 1;
    if (!strcmp(argv[1], "gaps") || !strcmp(argv[1], "overlaps"))
        write_open(1, 1024);
    for (uint32_t i = 0; i < n; i++)
        write_one(argv[1], i);
    capture_write_end(&writer);
    return fflush(stdout) != 0;
}
