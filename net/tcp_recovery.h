/* tcp_recovery.h - how losses are found and repaired, and what becomes of cwnd meanwhile.
 *
 * Every ACK that tcp_input lets through comes to tcp_recovery_heard; the retransmission timer and the
 * reordering timer come to tcp_recovery_timeout and tcp_rack_fired. They mark records of the
 * scoreboard (net/tcp_sent.h) as lost, and set cwnd; the pull sends what is marked, as far as cwnd lets it.
 *
 *     OPEN      nothing unusual
 *     DISORDER  the peer has octets behind a gap, and it is not yet clear that something is lost
 *     CWR       cwnd is being reduced, nothing is lost: a router's mark (RFC 3168), or a probe that repaired a loss
 *     RECOVERY  something is lost; it goes again while cwnd falls to ssthresh step by step (PRR, RFC 6937)
 *     LOSS      the retransmission timer has fired; slow start from one segment
 *
 * Losses are found by time (tcp_rack.c: RFC 8985), or, where the config says so or SACK is missing, by counting
 * (tcp_counting.c: RFC 6675, RFC 6582). What turns out not to have been lost is undone (tcp_undo.c): by timestamps
 * (Eifel, RFC 3522), by DSACK (RFC 3708), by F-RTO (RFC 5682). Where an RFC leaves it open, this follows Linux. */
#ifndef NET_TCP_RECOVERY_H
#define NET_TCP_RECOVERY_H

#include "net/tcp_cc.h"
#include "net/tcp_sent.h"

enum tcp_cong_state {
    TCP_CONG_OPEN, TCP_CONG_DISORDER, TCP_CONG_CWR, TCP_CONG_RECOVERY, TCP_CONG_LOSS, TCP_CONG_STATES
};

/* What moves it from state to state. */
enum tcp_cong_trigger {
    TCP_CONG_GAP, TCP_CONG_NO_GAP, TCP_CONG_LOSS_FOUND, TCP_CONG_TIMED_OUT, TCP_CONG_MARKED, TCP_CONG_PROBE_REPAIRED,
    TCP_CONG_ALL_THERE, TCP_CONG_SPURIOUS, TCP_CONG_TOO_BIG, TCP_CONG_TRIGGERS
};
struct tcp_cong_row {
    enum tcp_cong_state from; enum tcp_cong_trigger trigger; enum tcp_cong_state to; const char *rfc;
};
extern const struct tcp_cong_row tcp_cong_rows[];
extern const size_t tcp_n_cong_rows;
const char *tcp_cong_state_name(enum tcp_cong_state);     /* "recovery" */
const char *tcp_cong_trigger_name(enum tcp_cong_trigger);
struct machine;
void tcp_congestion_machine(struct machine *);        /* the rows for views: machine "congestion" */

struct tcp_recovery_state {
    enum tcp_cong_state state;
    uint32_t recover;                                 /* RFC 6582: snd_nxt when this began */
    uint32_t prior_cwnd, prr_delivered, prr_out;      /* RFC 6937 §3 (RecoverFS is prior_cwnd, as in Linux) */
    uint32_t prior_ssthresh;                          /* to go back to, should it be undone */
    uint32_t undo_marker, undo_octets;                /* sent again since then, and not known to have come twice */
    uint32_t retrans_ts;                              /* TSval of the first of them */
    bool may_undo, sent_again;
    bool f_rto, f_rto_new;                            /* RFC 5682: under way; new text goes first now */
    uint8_t timeouts;                                 /* in a row */
    uint32_t reno_sacked;                             /* without SACK: octets that duplicate ACKs stand for */
};

/* RFC 8985 §6.1 and §7.1, with its names; fack is the highest that the peer has. */
struct tcp_rack {
    nsec xmit_ts, rtt, min_rtt, min_rtt_at;
    uint32_t end_seq, fack, dsack_round, tlp_end_seq;
    uint32_t reordering;                              /* octets: how far behind what came was sent before it */
    uint8_t reo_wnd_mult, reo_wnd_persist;
    bool reordering_seen, dsack_round_set, tlp_out, tlp_is_retrans, started;
};

/* One ACK, and what it told. */
struct tcp_ack {
    const struct tcp_segment *segment;
    nsec now;
    uint32_t prior_una, prior_fack;
    uint32_t acked, delivered;                        /* octets: snd_una moved by; that the peer has since this ACK */
    nsec rtt, newest_rtt, sack_rtt;                   /* of what was sent once; -1: none */
    bool duplicate;                                   /* RFC 5681 §2 */
    bool advanced, sacked, dsack;
    bool original;                                    /* it told of octets sent once, before the timeout: RFC 5682 */
    bool again;                                       /* it acknowledged octets that were sent twice */
    bool lost_again;                                  /* a retransmission was found lost */
};

/* --- tcp_recovery.c --- */
void tcp_recovery_start(struct tcp *);
/* snd_una has moved from prior_una; carrier.out has been consumed. */
void tcp_recovery_heard(struct tcp *, const struct tcp_segment *, uint32_t prior_una, bool duplicate, nsec now);
void tcp_recovery_timeout(struct tcp *, event_no cause, nsec now);
/* The path takes smaller segments only: what is out goes again, and that is no sign of congestion. */
void tcp_recovery_too_big(struct tcp *);
/* The peer's window has opened: it may have thrown away what came before. The first segment goes again; what else is
 * gone, losses will show. */
void tcp_recovery_window_opened(struct tcp *);
/* Losses were found by the reordering timer; the tail loss probe repaired one. */
void tcp_recovery_found(struct tcp *, nsec now);
void tcp_recovery_repaired(struct tcp *);
/* A router marked a segment of ours (RFC 3168 §6.1.2). */
void tcp_recovery_marked(struct tcp *);
bool tcp_cong_enter(struct tcp *, enum tcp_cong_trigger);
/* The scoreboard is in use: what SACK says counts. */
bool tcp_uses_sack(const struct tcp *);
bool tcp_uses_rack(const struct tcp *);
/* n octets of a record were sent again. */
void tcp_recovery_sent_again(struct tcp *, uint32_t n, nsec now);
static inline bool tcp_cong_reduces(const struct tcp_recovery_state *r)
{
    return r->state == TCP_CONG_CWR || r->state == TCP_CONG_RECOVERY;
}

/* --- tcp_rack.c --- */
/* A record came to the peer: RFC 8985 §6.2, steps 1 to 3. */
void tcp_rack_delivered(struct tcp *, const struct tcp_ack *, const struct sent_record *);
void tcp_rack_dsack(struct tcp *, struct tcp_extent block);
/* §6.2, steps 4 and 5: marks what was sent long enough before something that came; and sets the timer for the rest. */
bool tcp_rack_detect(struct tcp *, nsec now);         /* true: what had been sent again was lost again */
void tcp_rack_fired(struct tcp *, nsec now);
/* What was sent before this time and is still out is overdue, by what came so far. */
nsec tcp_rack_before(const struct tcp *, nsec now);
void tcp_rack_recovered(struct tcp *);                /* from a true loss: the window for reordering may shrink */
/* TLP, §7: how long to wait for the probe, when so much is left of the RTO; 0: none is due. */
nsec tcp_probe_after(struct tcp *, nsec rto_left);
void tcp_probe_heard(struct tcp *, const struct tcp_ack *);

/* --- tcp_counting.c --- */
void tcp_counting_detect(struct tcp *, const struct tcp_ack *);
/* Without SACK: a duplicate ACK says that a segment came; an ACK of new octets that those did. */
void tcp_counting_duplicate(struct tcp *, struct tcp_ack *);
void tcp_counting_acked(struct tcp *, struct tcp_ack *);

/* --- tcp_undo.c --- */
/* Before cwnd is reduced: what there was. */
void tcp_undo_prepare(struct tcp *);
void tcp_undo_dsack(struct tcp *, struct tcp_extent);
/* All from before is at the peer; a part of it came; duplicates came; the timeout seems spurious. True: undone. */
bool tcp_undo_all(struct tcp *, const struct tcp_ack *);
bool tcp_undo_partial(struct tcp *, const struct tcp_ack *);
bool tcp_undo_duplicates(struct tcp *);
bool tcp_undo_timeout(struct tcp *, const struct tcp_ack *, bool sure);

/* --- tcp_prr.c --- */
void tcp_prr_begin(struct tcp *);
void tcp_prr_ack(struct tcp *, const struct tcp_ack *, bool newly_lost);
void tcp_prr_end(struct tcp *);

#endif
