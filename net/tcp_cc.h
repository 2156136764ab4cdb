/* tcp_cc.h - congestion control: how fast cwnd grows and how far it falls, as a table of functions. When it does
 * which is decided by net/tcp_recovery.c, the same for all.
 *
 * Everything is in octets. cwnd and ssthresh stand in struct tcp; what a control remembers beside them, here. Time
 * is handed in; integers alone. */
#ifndef NET_TCP_CC_H
#define NET_TCP_CC_H

#include "trace/trace.h"

struct tcp;

struct tcp_cc {
    const char *name, *rfc;
    /* An ACK of so many octets came, the window was in use, and no loss is being repaired: cwnd grows. */
    void     (*acked)(struct tcp *, uint32_t acked, nsec now);
    /* A loss, or a mark of a router (ECN): what ssthresh becomes. */
    uint32_t (*ssthresh)(struct tcp *);
    /* A round trip was measured; NULL: it does not want to know. */
    void     (*sample)(struct tcp *, nsec rtt);
    /* The retransmission timer fired; nothing was sent for so long. NULL: it does not matter. */
    void     (*timeout)(struct tcp *);
    void     (*silent)(struct tcp *, nsec idle);
};

extern const struct tcp_cc tcp_reno;                  /* RFC 5681 */
extern const struct tcp_cc tcp_cubic;                 /* RFC 9438, with HyStart++ (RFC 9406): the usual one */
const struct tcp_cc *tcp_cc_named(const char *name);  /* "reno", "cubic"; NULL: there is no such */

/* What CUBIC remembers, RFC 9438 §4.1: a curve that was begun at `epoch` (0: not begun), reaches w_max after k. */
struct tcp_cubic_state {
    uint32_t w_max, w_est, cwnd_prior, k_ms;
    nsec epoch;
    uint64_t est_rest;                                /* the part of an octet that w_est has not grown by */
};

/* What HyStart++ remembers, RFC 9406 §4.2: the least round trip of this round and the last; in conservative slow start
 * (css) since the round trip grew. */
struct tcp_hystart {
    nsec last_round, this_round, baseline;            /* currentRoundMinRTT, lastRoundMinRTT, cssBaselineMinRtt */
    uint32_t round_end;                               /* windowEnd */
    uint8_t samples, css_rounds;
    bool runs, css;
};

/* tcp_cubic.c: the curve, for tests: W_cubic(t) of RFC 9438 §4.2 in octets, `ms` after the epoch; and the cube root
 * of an integer, rounded down. */
uint32_t tcp_cubic_window(const struct tcp_cubic_state *, uint32_t mss, uint64_t ms);
uint32_t tcp_cube_root(uint64_t x);

/* tcp_hystart.c: a sample in slow start; and whether growth is to be slowed (RFC 9406 §4.2). */
void tcp_hystart_sample(struct tcp *, nsec rtt);

/* tcp_congestion.c: grows cwnd by what was acknowledged, up to ssthresh (RFC 5681 §3.1); what is left of `acked`. */
uint32_t tcp_slow_start(struct tcp *, uint32_t acked);
/* One segment more each `window` octets that are acknowledged. */
void tcp_grow_by_count(struct tcp *, uint32_t acked, uint32_t window);

#endif
