/* tcp_mtu.h - how large a packet the way to the peer takes, found by TCP's own segments: RFC 4821.
 *
 * ICMP should say when a packet is too big (tcp_too_big), but some ways drop it and say nothing: black holes. So when
 * the same octets were sent three times and nothing came back, packets shrink to a size that nearly every way takes;
 * and then, now and then, a larger one is tried where its loss costs little: in the middle of much text, with nothing
 * missing, so that the octets behind it tell soon whether it got through (§7.4). Its loss says nothing about
 * congestion (§7.5). The search halves what is left between the largest that got through and the smallest that did
 * not, as Linux does (tcp_mtu_probing).
 *
 * Sizes are those of IP packets, in octets. */
#ifndef NET_TCP_MTU_H
#define NET_TCP_MTU_H

#include "net/tcp.h"

enum {
    TCP_MTU_BASE = 1064,                              /* §7.2: a cautious start; Linux: an MSS of 1024 */
    TCP_MTU_LEAST = 576,                              /* where that is too large, too */
    TCP_MTU_NEAR = 8,                                 /* what is left between low and high is not worth a search */
    TCP_MTU_VANISHED = 3                              /* transmissions without an answer: a black hole */
};

/* The connection stands: config.mtu_search says whether the search begins at once. */
void     tcp_mtu_start(struct tcp *t);
/* How much text a probe should have that may go out next, with so much unsent and allowed by the window; 0: none. */
uint32_t tcp_mtu_probe(const struct tcp *t, uint32_t unsent, uint32_t window);
/* The probe went out: n octets of text from seq on. */
void     tcp_mtu_sent(struct tcp *t, uint32_t seq, uint32_t n);
/* snd_una has moved. */
void     tcp_mtu_acked(struct tcp *t);
/* A loss was found at snd_una. True: it was the probe's, and no sign of congestion. */
bool     tcp_mtu_lost(struct tcp *t);
/* The RTO fired. */
void     tcp_mtu_timeout(struct tcp *t);

#endif
