/* storm.h - two TCPs in bad weather: a property test. A seed draws a plan (how much text, which wire, which programs,
 * who dies, who lies); the plan is played in virtual time; after every event everything that must always hold is
 * looked at, and at the end whether all came to its end.
 *
 * A plan is a row of numbers, each with a name and a calm value at which it does nothing. So a plan that fails can be
 * made smaller by calming one number after the other (storm_shrink), and be written on one line: the numbers that are
 * not calm. What happens to a packet is a hash of the seed, the packet's number and the kind of accident: calming one
 * kind shifts no other.
 *
 * Hosts are 0 and 1: 1 opens to 0. Where `mad` is set, host 1 is no stack but somebody who lies (storm_mad.c). Both
 * clocks are set so that the initial sequence numbers lie `iss` before 2^32. */
#ifndef TESTS_LIB_STORM_H
#define TESTS_LIB_STORM_H

#include "net/stack.h"
#include "net/tcp.h"
#include "net/underway.h"

#include <stdio.h>

enum storm_knob {
    TEXT_0, TEXT_1,                                   /* octets that each side has to say */
    DELAY, RATE, QUEUE,                               /* one way, us; KB a second (0: no limit); packets */
    LOSS, DUP, REORDER, CORRUPT,                      /* in thousandths */
    BLACKOUT, BLACKOUT_FOR,                           /* from here on (ms), so long (ms), all is lost */
    MTU_0, MTU_1, NARROW, NARROW_AT, MUTE,            /* links; a narrower path from then on (ms), told by ICMP or not */
    SIX,                                              /* over IPv6 */
    MARK,                                             /* of what may be marked, in thousandths: RFC 3168 */
    WINDOW_0, WINDOW_1, GROW_0, GROW_1,               /* octets of the rings, and how far they grow */
    PLAIN_0, PLAIN_1, RECOVERY,                       /* bits: no scaling, stamps, SACK; Nagle; asks for ECN. tcp.h */
    READ_0, READ_1, PAUSE_0, PAUSE_1,                 /* octets at a time (0: all), ms between two reads */
    ISS,                                              /* ISNs so far below 2^32 */
    BOTH_OPEN,                                        /* host 0 opens to 1 as well, at the same moment */
    DIES, REBOOTS, ABORTS,                            /* host 1, after so many ms */
    STRANGER,                                         /* packets of somebody who cannot see the wire */
    MAD, MAD_FOR,                                     /* bits: how host 1 lies (storm_mad.c); then it is silent, ms */
    KNOBS
};

struct storm_plan { uint64_t seed; unsigned knob[KNOBS]; };

void storm_draw(struct storm_plan *, uint64_t seed);
/* "seed=7 loss=30": what is not calm. */
void storm_say(const struct storm_plan *, char *out, size_t room);
bool storm_parse(struct storm_plan *, const char *text);           /* false: there is no such number */

struct storm_verdict {
    bool failed; char why[240];
    nsec at, took, text_took;                         /* when it failed, since the start; how long all took, the text */
    uint64_t packets, events;
};

/* Plays it. `out`: each packet is told there, a line each; NULL: silence. */
void storm_play(const struct storm_plan *, struct storm_verdict *, FILE *out);
/* Calms what need not be for it to fail. */
void storm_shrink(struct storm_plan *, struct storm_verdict *);

/* --- between its files --- */

struct storm_wire { nsec free_at; };
enum { STORM_ROOM = PACKET_MTU };

struct storm_host {
    struct stack *stack; struct host *host;           /* NULL: the mad one */
    struct addr addr;
    struct carrier *carrier; bool released;           /* the connection; its program has let go */
    struct pool pool;
    uint64_t to_write, written, read;
    nsec reads_at;                                    /* the program's next look */
    nsec clock;                                       /* what its clock is ahead */
    /* what it has told the other side, and what it was told, for the invariants */
    bool knows_edge; uint32_t edge, offered; unsigned shift; bool scaled;
    uint64_t sent, came;                              /* packets */
    struct storm_chance { struct chance chance; struct storm *storm; unsigned which; uint64_t drawn; } chance;
};

struct storm_mad {
    uint32_t iss, snd_nxt, rcv_nxt, seen_nxt, snd_una;
    uint16_t port, peer_port; bool knows, established; uint64_t came; nsec next;
    uint64_t n;                                       /* draws */
};

struct storm {
    const struct storm_plan *plan; struct storm_verdict *verdict; FILE *out;
    nsec start, now;
    struct storm_host host[2];
    struct storm_wire line[2];
    struct flight flight;
    uint64_t ordinal, strangers; nsec strangers_from;  /* once both are open: a SYN-SENT must believe any SYN */
    struct storm_mad mad;
    bool dead, rebooted, aborted, over;
};

unsigned storm_knob(const struct storm *, enum storm_knob);
uint64_t storm_hash(uint64_t seed, const char *kind, uint64_t number);
unsigned storm_below(const struct storm *, const char *kind, uint64_t number, unsigned below);
void storm_fail(struct storm *, const char *format, ...) __attribute__((format(printf, 2, 3)));
uint8_t storm_octet(unsigned direction, uint64_t i);  /* what host `direction` says */
/* storm_wire.c. An address of the network that both are on; an IP header before the n octets of `packet` that lie behind
 * the room for one: how long it is then; puts a packet from that host onto the wire. */
struct addr storm_addr(const struct storm *, uint8_t last);
enum { STORM_ROUTER = 254 };
uint32_t storm_head(const struct addr *from, const struct addr *to, uint8_t protocol, uint8_t *packet, size_t n);
void storm_send(struct storm *, unsigned from, const uint8_t *octets, uint32_t n);
void storm_tell(struct storm *, const char *what, const uint8_t *octets, uint32_t n);

/* storm_check.c */
void storm_check_packet(struct storm *, unsigned host, const uint8_t *octets, uint32_t n);
void storm_check_host(struct storm *, unsigned host);

/* storm_mad.c */
void storm_mad_hears(struct storm *, const uint8_t *octets, uint32_t n);
void storm_mad_turn(struct storm *);
void storm_stranger(struct storm *);

#endif
