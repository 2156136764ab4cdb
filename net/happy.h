/* happy.h - Happy Eyeballs (RFC 8305): a host has addresses of two kinds, and only trying shows which way is
 * open. An engine without I/O: it is told what the name servers said and how calls went, and says whom to call
 * when.
 *
 * IPv6 goes first. Its answer is waited for 50 ms longer than the other's (§3); then the addresses take turns,
 * one of each kind (§4); the next is called 250 ms after the last, or at once when one has failed (§5). Whoever
 * opens first has won, and the others are given up. Addresses that come late are tried, too. Within a kind the
 * order is the name server's.
 *
 *     happy_start(&h, true, true, &voice);
 *     happy_know(&h, addrs, n, true, now);           // the answer for AAAA, maybe none
 *     while ((i = happy_next(&h, now)) >= 0) ...     // call h.to[i].addr; then happy_failed or happy_won
 *     happy_lost(&h)                                 // nobody is left, and nobody will come
 */
#ifndef NET_HAPPY_H
#define NET_HAPPY_H

#include "net/addr.h"
#include "trace/trace.h"

enum { HAPPY_A_FAMILY = 8, HAPPY_MOST = 2 * HAPPY_A_FAMILY };
#define HAPPY_RESOLUTION_DELAY (50 * MILLISECOND)     /* RFC 8305 §8 */
#define HAPPY_ATTEMPT_DELAY    (250 * MILLISECOND)

enum happy_state { HAPPY_CALLED, HAPPY_FAILED, HAPPY_WON };

struct happy {
    struct voice voice;
    /* of IPv4 and IPv6: is it asked for, has it been answered; its addresses, and which is next */
    struct { bool asked, known; struct addr addr[HAPPY_A_FAMILY]; unsigned n, next; } family[2];
    struct { struct addr addr; enum happy_state state; } to[HAPPY_MOST]; unsigned n;      /* called so far */
    bool six_last;                                    /* the last that was called was IPv6 */
    bool won;
    nsec earliest;                                    /* when the next may be called; NEVER: not known yet */
    const char *timer; event_no set;                  /* what is waited for till then, and who said so; NULL: nothing */
};

void happy_start(struct happy *, bool four, bool six, const struct voice *);
void happy_know(struct happy *, const struct addr *, unsigned n, bool six, nsec now);
/* Is somebody to be called now? */
bool happy_due(const struct happy *, nsec now);
/* Whom: a number in `to`, which is called from now on; -1: nobody now. */
int  happy_next(struct happy *, nsec now);
void happy_failed(struct happy *, unsigned i, nsec now);
void happy_won(struct happy *, unsigned i, nsec now);
nsec happy_wake(const struct happy *);
bool happy_lost(const struct happy *);

#endif
