/* stack_parts.h - what the files of the stack share, and nobody else includes. stack.c: what a program may ask;
 * stack_in.c: packets that came; stack_tcp.c: their segments; stack_listen.c: listeners; stack_icmp.c: errors and
 * echoes; stack_out.c: packets that go; stack_cut.c: those that go in fragments. */
#ifndef NET_STACK_PARTS_H
#define NET_STACK_PARTS_H

#include "net/icmp.h"
#include "net/reassembly.h"
#include "net/routes.h"
#include "net/stack.h"
#include "net/tcp_table.h"
#include "net/tell.h"
#include "net/udp.h"

/* ANSWERS: as many as a link gives packets in a row, so that each SYN of a flood gets its cookie: one of them may be
 * honest, and would try again after a second only. */
enum { ANSWERS = 64, ICMP_ANSWERS = 4 };
enum { IDS_A_HASH = 4 };
enum { CUT_MAX = PACKET_MAX - IP4_HEADER };
enum { ICMP_BURST = 20, ICMP_EVERY_MS = 20 };         /* errors at once, then one each 20 ms: RFC 4443 §2.4 f */

/* RSTs, SYN cookies and ICMP messages that belong to no connection: bounded, and what finds no room is not sent. */
struct tcp_answer  { struct tcp_segment segment; struct addr from, to; event_no cause; };
struct icmp_answer { uint8_t octets[PACKET_MTU]; size_t n; struct addr from, to; event_no cause; };

/* What is longer than the link takes, on its way out in fragments: one packet's payload at a time, n octets (0: none),
 * of which those before `at` have gone. */
struct cut {
    uint8_t *octets;                                  /* CUT_MAX; NULL: none was ever needed */
    size_t n, at;
    struct addr from, to; uint8_t protocol; uint32_t id;
    buf_no stream; event_no cause;
};

struct stack {
    struct host host;                                 /* first: a stack is a host */
    struct stack_config config;
    struct tcp_config tcp_config;
    struct tcp_table tcp;
    struct udp udp;
    struct tcp_answer answers[ANSWERS]; unsigned n_answers;
    struct icmp_answer icmp[ICMP_ANSWERS]; unsigned n_icmp;
    unsigned icmp_spent; nsec icmp_since;             /* errors told lately, counted down from then on */
    struct cut cut;
    struct routes routes;
    struct reassembly *fragments;                     /* NULL: none ever came */
    uint64_t ip_ids;                                  /* packets sent */
    uint8_t next_ids[2 * IDS_A_HASH];                 /* made in advance */
    nsec now;                                         /* of the last call that had one */
};


/* What is dropped in passing: a check event, if anybody hears. */
void stack_drop(const struct stack *, const char *layer, const struct ground *, const char *expected,
                const char *came);
event_no stack_cause(const struct stack *);           /* the running cause */

/* Only another single host can be called or answered: not a group, not all, not this network, not ourselves. */
bool stack_good_peer(const struct stack *, const struct addr *peer);

void stack_input(struct host *, struct packet *, nsec now);
/* Fragments that wait too long are given up: RFC 8200 §4.5. */
void stack_expire(struct stack *);
bool stack_output(struct host *, struct packet *, nsec now);

/* stack_out.c: an identification for a packet that we send. stack_cut.c: room for a payload that is to go in fragments
 * (CUT_MAX octets; NULL: another one is on its way, or no memory); it is there, n octets; the next of its packets. */
uint16_t stack_ip_id(struct stack *);
bool     stack_finish(struct stack *, struct packet *, const struct ip_header *, const struct told *);
uint8_t *stack_cut_room(struct stack *);
void     stack_cut_begin(struct stack *, const struct ip_header *, size_t n, buf_no stream, event_no cause);
bool     stack_cut_next(struct stack *, struct packet *);

struct tcp *stack_new_connection(struct stack *, const struct tcp_ends *);    /* NULL: all places are taken */
void stack_settle(struct tcp *);                      /* after anything that may have moved its deadline */
void stack_tcp_came(struct stack *, const struct ip_header *, struct wire_in *, const struct packet *);

/* A segment that belongs to no connection; a RST for one that came. */
void stack_answer(struct stack *, const struct tcp_segment *, const struct tcp_ends *);
void stack_answer_rst(struct stack *, const struct tcp_segment *came, const struct tcp_ends *);

/* stack_listen.c: a segment came to a listener; `old`: the connection in TIME-WAIT that has just made room for it. */
void stack_listener_input(struct stack *, struct tcp_listener *, const struct tcp_ends *, const struct tcp_segment *,
                          const struct tcp *old);
bool stack_accept_full(const struct tcp_listener *);

/* stack_icmp.c: a message came; and what the sender of a packet that we cannot use is told of it, unless it is one
 * that must not be answered, or there were too many lately (RFC 1122 §3.2.2, RFC 4443 §2.4). */
void stack_icmp_came(struct stack *, const struct ip_header *, struct wire_in *);
void stack_icmp_error(struct stack *, const struct ip_header *, const uint8_t *packet, size_t n,
                      const struct icmp_error *);

#endif
