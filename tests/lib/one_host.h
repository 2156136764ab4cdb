/* one_host.h - one host's stack for tests: what a link hands in, and what comes out, taken apart.
 *
 *     struct one *o = one_start(1, 8, 4, NULL);         10.0.0.1, 8 connections, a backlog of 4; nobody listens
 *     one_in_tcp(o, 2, 1, &segment);                    from 10.0.0.2 to 10.0.0.1
 *     ck_assert(one_out(o) && o->tcp.flags == TCP_RST);
 *     one_end(o); */
#ifndef TESTS_LIB_ONE_HOST_H
#define TESTS_LIB_ONE_HOST_H

#include "net/icmp.h"
#include "net/stack.h"
#include "net/tcp.h"
#include "tests/lib/chance.h"

struct one {
    struct test_chance chance;
    struct pool pool;
    struct host *host;
    nsec now;
    uint8_t octets[1500];
    struct packet packet;                             /* the last that came out */
    struct ip4_header ip; struct tcp_segment tcp; struct icmp_message icmp;
};

/* 10.0.0.last, at 1000 s, with a megabyte of memory. */
struct one *one_start(uint8_t last, unsigned connections, unsigned backlog, struct trace *);
void one_end(struct one *);
/* The next packet that comes out, its checksums right; false: there is none. */
bool one_out(struct one *);
/* A packet comes in: whole, what is in it, a segment; from and to are the last octets of addresses. */
void one_in(struct one *, uint8_t *octets, size_t n);
void one_in_ip(struct one *, uint8_t from, uint8_t to, uint8_t protocol, uint8_t *octets, size_t n);
void one_in_tcp(struct one *, uint8_t from, uint8_t to, const struct tcp_segment *);

#endif
