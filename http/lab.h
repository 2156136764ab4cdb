/* lab.h - who acts while a sealed visit runs, for the breaks that are no accidents of the wire: somebody who
 * sees each packet as it is put on the wire (a tap around every host's link), counts them as the ladder does,
 * and on the chosen one forges packets in others' names (net/forge.h), makes the browser lie about its window,
 * or cuts the web server's power.
 *
 * Each act is told once as a mark of the lab (tell_break). It is caused by the packet that was seen; the act of
 * an attacker who is blind or comes unasked is caused by nothing, and begins a chain of causes. */
#ifndef HTTP_LAB_H
#define HTTP_LAB_H

#include "net/forge.h"
#include "net/link.h"
#include "net/stack.h"

enum act_kind {
    ACT_NONE, ACT_RST, ACT_FIN, ACT_INJECT, ACT_BLIND_RST, ACT_BLIND_SYN, ACT_SYN_FLOOD, ACT_OPTIMISTIC_ACK,
    ACT_ACK_UNSENT, ACT_ACK_LOST, ACT_DNS_SPOOF, ACT_DNS_NXDOMAIN, ACT_DNS_GUESS, ACT_UNREACHABLE,
    ACT_BLIND_UNREACHABLE, ACT_TOO_BIG, ACT_ZERO_WINDOW, ACT_HALF_OPEN, ACT_SILENCE, ACT_CUT, ACT_HOLE,
    ACTS
};
struct act {
    enum act_kind kind;
    uint64_t packet;                                  /* when: at this packet of the whole wire */
    uint32_t number;                                  /* how many, how long (ms), how large */
    const char *wish;                                 /* as it was asked for: "rst:13" */
};

enum { LAB_TAPS = 4, LAB_ACTS = 8 };
struct lab;
struct tap { struct link link; struct link *inner; struct lab *lab; bool own; };

struct lab {
    const struct act *acts; unsigned n;
    uint64_t seen;                                    /* packets put on the wire so far */
    bool done[LAB_ACTS];
    struct forger forger;
    struct addr attacker;
    struct tap taps[LAB_TAPS]; unsigned n_taps;
    /* the browser's last hand: its window is 0 until then */
    struct last_hand hand; nsec narrow_until;
    void (*power_cut)(void *self); void *self;        /* of the web server */
};

/* The acts outlive the lab. `attacker` speaks for the forger, `addr` is where it has its own host. */
void lab_start(struct lab *, const struct act *, unsigned n, const struct voice *attacker, const struct addr *addr);
/* A link around `inner`: at most LAB_TAPS of them. own: the attacker's, whose packets count and are not acted on. */
struct link *lab_tap(struct lab *, struct link *inner, bool own);
/* Is one of these acts the attacker's? */
bool lab_needs_attacker(const struct act *, unsigned n);

#endif
