/* tcp_cookie.h - SYN cookies: RFC 4987 §3.6 and appendix A. When no place is left for half-open connections the SYN-ACK
 * itself remembers what the SYN said, in its sequence number and its timestamp, and nothing is kept. Who answers it has
 * an address of his own, and gets a connection; who has not, cannot guess it.
 *
 *     sequence number:  5 bits  the time, in units of 64 s
 *                       3 bits  which MSS of a short table
 *                      24 bits  a keyed hash of both ends, their ISN and the bits before
 *     timestamp:        the lowest 6 bits: SACK permitted, ECN asked for, and 4 bits of window scale (15: none)
 *
 * Without timestamps the connection does without window scale and SACK too. A SYN-ACK that is lost is not repeated: the
 * peer repeats its SYN. A cookie counts for 64 to 128 s. */
#ifndef NET_TCP_COOKIE_H
#define NET_TCP_COOKIE_H

#include "net/tcp_table.h"

#define TCP_COOKIE_LIFE (128 * SECOND)

/* The SYN-ACK that answers this SYN, made as this config would. */
struct tcp_segment tcp_cookie_answer(const struct tcp_table *, const struct tcp_config *, const struct tcp_ends *,
                                     const struct tcp_segment *syn, nsec now);

/* Does this ACK answer such a SYN-ACK? Then *syn is the SYN as far as it was remembered. */
bool tcp_cookie_check(const struct tcp_table *, const struct tcp_ends *, const struct tcp_segment *ack, nsec now,
                      struct tcp_segment *syn);
/* Could this ACK be of somebody who was answered by a cookie, and lost what he sent first? The time in it is now, and
 * it has text or a FIN, whose sequence number is no longer the one behind his SYN: so nobody can tell, and a RST would
 * end an honest connection (one segment in 16 of a stranger's fits, too). */
bool tcp_cookie_may_be(const struct tcp_segment *ack, nsec now);

#endif
