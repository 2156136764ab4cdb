/* ether.h - Ethernet between a stack and a link: an engine without I/O, for one host with one IPv4 address, one IPv6
 * address, or both.
 *
 * Frames come in and IP packets come out of them; an IP packet that is to go gets its header, if the hardware
 * address of the next hop is known. If not, somebody must be asked (ARP, RFC 826): the packet waits, and what
 * Ethernet itself wants to send is pulled:
 *
 *     if (ether_input(&e, &packet, now)) ...           the frame has become an IP packet, for the stack
 *     if (ether_output(&e, &packet, head, now)) ...    send head and packet; else it waits, or is lost
 *     while ((n = ether_next(&e, frame, now)) != 0) ...            send this frame
 *     ether_tick(&e, now)                              the time is ether_wake(&e)
 *
 * What is believed. Only what answers our question or asks for us makes a new neighbour (RFC 826's "am I the
 * target?"); other ARP changes those that are known, as RFC 826 wants, so that a machine may get a new card.
 * Nobody can prove what he says in ARP: that is why `check` tells of each change. A neighbour is believed for
 * a minute, then asked again (RFC 1122 §2.3.2.1); asked in vain four times it is forgotten and what waited for
 * it is lost.
 *
 * Our own address. First we ask whether somebody has it (RFC 5227 §2.1.1: probes, from 0.0.0.0): ether_own says
 * what came of it. RFC 5227 wants this to take seven seconds; here it takes a seventh of one, since a person
 * waits. Whoever claims it later is contradicted once in ten seconds (§2.4).
 *
 * The next hop stands in packet.hop (routes.h). Neighbours of IPv6 are asked for by neighbour discovery (nd.h), which
 * knows of routers, too; they are kept and asked again by the same rules.
 *
 * Memory is fixed: ETHER_NEIGHBOURS, of which the one not used for longest makes room, and ETHER_WAITING
 * packets (RFC 1122 §2.3.2.2), of which the newest makes the oldest lost. */
#ifndef NET_ETHER_H
#define NET_ETHER_H

#include "net/nd.h"
#include "net/packet.h"

enum {
    ETHER_HEADER = 14, ETHER_FRAME = ETHER_HEADER + PACKET_MTU, ETHER_LEAST = 60,
    ETHER_NEIGHBOURS = 64, ETHER_WAITING = 8, ETHER_ANSWERS = 8
};

struct ether_config {
    struct mac mac;                                   /* our own */
    struct addr addr;                                 /* IPv4; len 0: none */
    struct addr addr6; uint8_t prefix6;               /* IPv6; len 0: none */
    struct voice voice;
};

struct neighbour {
    struct addr addr;                                 /* len 0: a free place */
    struct mac mac;
    bool known;                                       /* else: being asked for the first time */
    unsigned asked;                                   /* times, since it last answered */
    nsec next, used;                                  /* when to ask (again); when last sent to */
};

enum ether_own { ETHER_PROBING, ETHER_OURS, ETHER_TAKEN };

struct ether {
    struct ether_config config;
    struct nd nd;
    enum ether_own own;
    unsigned probes; nsec next_probe, defended;
    struct neighbour neighbours[ETHER_NEIGHBOURS];
    struct { struct addr to; uint32_t len; uint8_t bytes[PACKET_MTU]; } waiting[ETHER_WAITING];
    unsigned n_waiting;
    struct { struct mac to; struct arp_packet arp; } answers[ETHER_ANSWERS];
    unsigned n_answers;
};

void ether_start(struct ether *, const struct ether_config *, nsec now);
/* True: p is now the IP packet of the frame. Its `sum_from` and `sum_at`, if any, count from the packet on. */
bool ether_input(struct ether *, struct packet *p, nsec now);
/* True: *head is what stands before p. */
bool ether_output(struct ether *, const struct packet *p, uint8_t head[ETHER_HEADER], nsec now);
/* The next frame that Ethernet itself wants to send: its length; 0: none. */
uint32_t ether_next(struct ether *, uint8_t frame[ETHER_FRAME], nsec now);
/* What somebody has found out: where this neighbour is. Ones not known of yet only with new_ones_too. */
void ether_learn(struct ether *, const struct addr *, const struct mac *, bool new_ones_too, nsec now);
/* Does ether_next have something? */
bool ether_wants(const struct ether *);
nsec ether_wake(const struct ether *);
void ether_tick(struct ether *, nsec now);

#endif
