/* stack.h - one host's network: IPv4, IPv6, ICMP, UDP, TCP, tied together. The stack asks each layer for its
 * next packet and hands packets in; no layer calls another one down. It is a struct host: see host.h for what
 * may be asked of it.
 *
 * Made with all the memory it may use: `connections` TCBs at most, rings from `pool`. Numbers of the
 * configuration that are left 0 get the usual value that stands beside them. One link: all that goes out
 * goes there. A host has the address of the configuration, and what stack_add_addr adds, of both versions.
 *
 * Paths narrower than the link are found by RFC 1191 and RFC 8201: every packet says "do not cut me", and ICMP
 * tells. Errors that we tell by ICMP are limited in number (RFC 4443 §2.4 f). Fragments of others are put together
 * (reassembly.h), within 60 s and 270 KB; datagrams and echo replies that are longer than the link takes leave in
 * fragments, one packet's at a time, out of 66 KB. */
#ifndef NET_STACK_H
#define NET_STACK_H

#include "crypto/chance.h"
#include "net/host.h"
#include "net/tcp.h"

struct stack;

/* What touches each packet that leaves, last of all, before it is told: a host that lies. For labs in the
 * sealed world alone (tests/house/spoil.sh). The packet's length and checksums stay right. */
struct last_hand { void (*touch)(struct last_hand *, uint8_t *packet, uint32_t n, nsec now); };

struct stack_config {
    struct addr addr; uint8_t prefix; struct addr gateway;    /* gateway len 0: everything is on the link */
    uint32_t mtu;                                     /* 1500 */
    uint16_t mss;                                     /* of TCP: what the mtu has room for, and no more */
    uint32_t chunk;                                   /* longest packet that the link cuts itself (link.h): none */
    bool leave_sums;                                  /* the link makes TCP's checksums */
    bool gather;                                      /* ... and takes text from where it lies, if nobody watches */
    unsigned connections, backlog;                    /* 64; half-open or not accepted, a listener at first: 128 */
    uint32_t window;                                  /* each of a connection's two rings at the start: 65535 */
    uint32_t window_most;                             /* ... and how far they grow: 4 MB; not, if it is given */
    bool no_window_scaling, no_timestamps, no_sack;   /* RFC 7323, RFC 2018 */
    bool nagle;                                       /* RFC 9293 §3.7.4 */
    enum tcp_ecn ecn;                                 /* RFC 3168: answered, not asked for */
    enum tcp_recovery recovery;                       /* RACK */
    const struct tcp_cc *cc;                          /* the usual one */
    unsigned initial_window;                          /* in segments: 10 */
    nsec rto_least, ack_delay;                        /* 1 s, 40 ms */
    unsigned quick_acks;                              /* 16 */
    bool no_quick_acks;                               /* the rule for ACKs without its exception */
    nsec user_timeout, keepalive_idle, keepalive_every; unsigned keepalive_tries;          /* tcp.h: none */
    bool user_timeout_option; nsec user_timeout_least, user_timeout_most;                  /* RFC 5482: tcp.h */
    unsigned syn_tries, data_tries;                   /* transmissions of a SYN, of a segment: 6, 15 */
    struct pool *pool;
    struct chance *chance;                            /* ISNs (RFC 6528), ports, IP ids */
    struct last_hand *hand;                           /* NULL: an honest host */
    struct voice voice;
};

struct stack *stack_new(const struct stack_config *); /* NULL: no memory */
struct host  *stack_host(struct stack *);
/* One more address of ours, on a network with this prefix; one more way out (routes.h; gateway NULL: on the link).
 * False: no place left. */
bool stack_add_addr(struct stack *, const struct addr *, uint8_t prefix);
bool stack_add_route(struct stack *, const struct addr *to, uint8_t prefix, const struct addr *gateway);
/* How many connections of this listener may be half open, and how many may wait to be accepted; those that are more
 * already stay. False: nobody listens there (addr len 0: any). */
bool stack_set_backlog(struct stack *, const struct addr *, uint16_t port, unsigned backlog);
/* The same with the usual values where nothing is given; and what it means for TCP. */
struct stack_config stack_usual(const struct stack_config *);
struct tcp_config   stack_usual_tcp(const struct stack_config *);
/* What connections made from now on are like; to be changed before they are made. */
struct tcp_config *stack_tcp_config(struct stack *);
struct tcp   *stack_news(struct stack *);
void          stack_touch(struct stack *, struct tcp *, event_no why);
/* As if the machine had lost its power: connections and listeners are gone, and nobody is told. Programs that
 * held some find them ended, and are to let go. */
void          stack_forget(struct stack *);

#endif
