/* bare.c - what a TUN device allows who does nothing but read or write packets of 1,500 octets, for `make bench-tcp`:
 *
 *     bare read  TUN SECONDS ADDR       UDP that a child sends to ADDR, behind the device, is read and thrown away
 *     bare write TUN SECONDS ADDR       a child connects to chargen at ADDR, behind the device, and reads what comes. The loop
 *                                       says what it must so that the kernel takes the segments (SYN-ACK, numbers, the peer's
 *                                       window), and knows nothing else: no losses, no congestion, no copies, no timers;
 *                                       the octets of all segments are the same, and their checksums follow from their numbers
 *     bare waste TUN SECONDS ADDR       writes packets that the kernel throws away where they come in
 *
 *
 * `write` is what a TCP over TUN can reach at best: who writes a packet pays for all that the kernel does with it until the
 * reader is awake, and for the ACKs that come back. `waste` pays for none of that.
 * It prints `octets=N cpu=SECONDS`: of packets, but of text for `write`. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PACKET = 1500, HEADERS = 40, TEXT = PACKET - HEADERS, DISCARD = 9, CHARGEN = 19, A_ROW = 64, SCALE = 7 };
enum { FIN = 1, SYN = 2, RST = 4, ACK = 16 };
static uint8_t packet[PACKET], came[65536];

static double now(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void die(const char *what)
{
    fprintf(stderr, "bare: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int connected(int type, const char *addr, uint16_t port)
{
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port) };
    int s = socket(AF_INET, type, 0);
    if (inet_pton(AF_INET, addr, &to.sin_addr) != 1 || s < 0 || connect(s, (struct sockaddr *)&to, sizeof to) != 0)
        die("connect");
    return s;
}

static void feed(const char *addr)
{
    for (int s = connected(SOCK_DGRAM, addr, DISCARD);;)
        send(s, packet, PACKET - 28, 0);
}

static void swallow(const char *addr)
{
    static uint8_t room[1 << 18];                     /* as tcp_peer */
    for (int s = connected(SOCK_STREAM, addr, CHARGEN); recv(s, room, sizeof room, 0) > 0;)
        ;
}

static uint32_t get32(const uint8_t *at) { return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3]; }

static void put16(uint8_t *at, uint32_t v) { at[0] = (uint8_t)(v >> 8); at[1] = (uint8_t)v; }
static void put32(uint8_t *at, uint32_t v) { put16(at, v >> 16); put16(at + 2, v); }

static uint32_t sum(const uint8_t *at, size_t n)
{
    uint32_t s = 0;
    for (size_t i = 0; i + 1 < n; i += 2)
        s += (uint32_t)at[i] << 8 | at[i + 1];
    return s;
}

static uint32_t folded(uint32_t s) { return (s & 0xffff) + (s >> 16) > 0xffff ? folded((s & 0xffff) + (s >> 16)) : (s & 0xffff) + (s >> 16); }

struct loop { int fd; uint32_t una, next, wnd; uint8_t shift; bool open, ended; };

/* The headers of what answers `came`: 20 octets each. n: octets of TCP. */
static void address(uint8_t *p, uint32_t n, uint8_t words, uint8_t flags)
{
    static const uint8_t ip[12] = { 0x45, 0, 0, 0, 0, 0, 0x40, 0, 64, 6 };
    memcpy(p, ip, sizeof ip);
    put16(p + 2, n + 20);
    memcpy(p + 12, came + 16, 4);
    memcpy(p + 16, came + 12, 4);
    put16(p + 10, 0xffff ^ folded(sum(p, 20)));
    memcpy(p + 20, came + 22, 2);
    memcpy(p + 22, came + 20, 2);
    p[32] = (uint8_t)(words << 4);
    p[33] = flags;
    put16(p + 34, 0xffff);
}

/* All of the checksum but what stands at sequence number, and the checksum itself. */
static uint32_t steady_sum(const uint8_t *p, uint32_t n) { return folded(6 + n + sum(p + 12, 12) + sum(p + 28, n - 8)); }

static void answer_syn(struct loop *l)
{
    uint8_t p[48] = { 0 };
    static const uint8_t options[8] = { 2, 4, TEXT >> 8, TEXT & 255, 1, 3, 3, SCALE };
    for (const uint8_t *o = came + 40, *end = came + 20 + (came[32] >> 4) * 4; o < end && *o; o += *o == 1 ? 1 : o[1])
        if (*o == 3)
            l->shift = o[2];
    address(p, 28, 7, SYN | ACK);
    put32(p + 28, get32(came + 24) + 1);
    memcpy(p + 40, options, sizeof options);
    put16(p + 36, 0xffff ^ steady_sum(p, 28));        /* our first number is 0 */
    if (write(l->fd, p, sizeof p) != sizeof p)
        die("write");
    l->una = l->next = 1;
}

/* What waits at the device. */
static void hear(struct loop *l)
{
    ssize_t n;
    while ((n = read(l->fd, came, sizeof came)) >= HEADERS) {
        if (came[9] != 6)
            continue;
        uint8_t flags = came[33];
        if (flags & SYN) {
            answer_syn(l);
            continue;
        }
        if (l->open && memcmp(came + 20, packet + 22, 2) != 0)
            continue;                                 /* the end of an earlier one */
        if (!l->open && l->next == 0)
            continue;
        if (!l->open) {
            l->open = true;
            address(packet, PACKET - 20, 5, ACK);
            memcpy(packet + 28, came + 24, 4);
        }
        l->ended |= (flags & (FIN | RST)) != 0;
        uint32_t ack = get32(came + 28);
        l->una = (int32_t)(ack - l->una) > 0 ? ack : l->una;
        l->wnd = ((uint32_t)came[34] << 8 | came[35]) << l->shift;
    }
}

static void wait_for_it(struct loop *l)
{
    struct pollfd p = { l->fd, POLLIN, 0 };
    if (poll(&p, 1, 200) == 0)
        l->next = l->una;                             /* something is lost: from there again */
}

static uint64_t send_text(int fd, double end)
{
    struct loop l = { .fd = fd };
    while (!l.open && now(CLOCK_MONOTONIC) < end) {
        wait_for_it(&l);
        hear(&l);
    }
    uint32_t steady = steady_sum(packet, PACKET - 20);
    uint64_t octets = 0;
    while (l.open && !l.ended && now(CLOCK_MONOTONIC) < end) {
        uint32_t before = l.una;
        unsigned i = 0;
        for (; i < A_ROW && l.next + TEXT - l.una <= l.wnd; i++, l.next += TEXT) {
            put32(packet + 24, l.next);
            put16(packet + 36, 0xffff ^ folded(steady + (l.next >> 16) + (l.next & 0xffff)));
            if (write(fd, packet, PACKET) != PACKET)
                die("write");
        }
        if (i == 0)
            wait_for_it(&l);
        hear(&l);
        octets += l.una - before;
    }
    return octets;
}

static uint64_t just_pass(int fd, bool writes, double end)
{
    static const uint8_t nobody[20] = { 0x45, 0, PACKET >> 8, PACKET & 255, 0, 0, 0x40, 0, 64, 254 };
    memcpy(packet, nobody, sizeof nobody);
    uint64_t octets = 0;
    for (unsigned i = 0; i % A_ROW || now(CLOCK_MONOTONIC) < end; i++) {
        ssize_t n = writes ? write(fd, packet, PACKET) : read(fd, came, sizeof came);
        octets += n > 0 ? (uint64_t)n : 0;
    }
    return octets;
}

int main(int argc, char **argv)
{
    if (argc != 5)
        return 2;
    const char *what = argv[1];
    bool writes = strcmp(what, "write") == 0, wastes = strcmp(what, "waste") == 0;
    struct ifreq r = { .ifr_flags = IFF_TUN | IFF_NO_PI };
    int fd = open("/dev/net/tun", O_RDWR | (writes ? O_NONBLOCK : 0));
    snprintf(r.ifr_name, sizeof r.ifr_name, "%s", argv[2]);
    if (fd < 0 || ioctl(fd, TUNSETIFF, &r) != 0)
        die(argv[2]);
    pid_t child = wastes ? 0 : fork();
    if (child == 0 && !wastes) {
        close(fd);
        writes ? swallow(argv[4]) : feed(argv[4]);
        _exit(0);
    }
    double start = now(CLOCK_PROCESS_CPUTIME_ID), end = now(CLOCK_MONOTONIC) + atof(argv[3]);
    uint64_t octets = writes ? send_text(fd, end) : just_pass(fd, wastes, end);
    double cpu = now(CLOCK_PROCESS_CPUTIME_ID) - start;
    if (child > 0)
        kill(child, SIGKILL);
    printf("octets=%llu cpu=%.3f\n", (unsigned long long)octets, cpu);
    return octets == 0;
}
