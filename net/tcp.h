/* tcp.h - one TCP connection: the engine (RFC 9293), without I/O.
 *
 * A struct tcp is the RFC's TCB; its variables bear the RFC's names. Whoever drives it (net/stack.c) hands in
 * segments, lets timers act, and asks for the next segment to send until there is none:
 *
 *     tcp_open(&t, ...)               active OPEN; or tcp_accept(&t, ...) for a SYN that came to a listener
 *     tcp_input(&t, &segment, now)    a segment came
 *     tcp_tick(&t, now)               the time is tcp_wake(&t)
 *     while (tcp_output(&t, &sending, now)) ...
 *
 * Nobody is called from in here. Work that is left for the pull stands in flags (enum tcp_due); if somebody hears,
 * beside the event that is its cause (struct tcp_causes). What the layer above should look at is left as
 * `has_news`.
 *
 * The layer above sees the carrier that a tcp begins with. The octets in carrier.out are those from snd_una
 * on: they are sent in place and leave when they are acknowledged. Octets in carrier.in are those before
 * rcv_nxt that nobody has read; those that came too early lie behind them, and `extents` says where.
 *
 * Memory: this struct, and two rings of the pool that are only held while there is something in them. */
#ifndef NET_TCP_H
#define NET_TCP_H

#include "net/carrier.h"
#include "net/deadlines.h"
#include "net/tcp_recovery.h"
#include "net/tcp_segment.h"

enum tcp_state {
    TCP_CLOSED, TCP_LISTEN, TCP_SYN_SENT, TCP_SYN_RECEIVED, TCP_ESTABLISHED, TCP_FIN_WAIT_1, TCP_FIN_WAIT_2,
    TCP_CLOSE_WAIT, TCP_CLOSING, TCP_LAST_ACK, TCP_TIME_WAIT, TCP_STATES
};

/* What moves a connection from state to state. */
enum tcp_trigger {
    TCP_PASSIVE_OPEN, TCP_ACTIVE_OPEN, TCP_SYN_CAME, TCP_SYN_ACK_CAME, TCP_ACK_OF_SYN, TCP_FIN_SENT,
    TCP_ACK_OF_FIN, TCP_FIN_CAME, TCP_RST_CAME, TCP_UNREACHABLE_CAME, TCP_ABORT_CALLED, TCP_GAVE_UP,
    TCP_WAITED_2MSL, TCP_TRIGGERS
};

/* A row: in `from`, `trigger` leads to `to`. What has no row cannot happen. The rows are what `vitrine
 * states` prints. */
struct tcp_transition { enum tcp_state from; enum tcp_trigger trigger; enum tcp_state to; const char *rfc; };
extern const struct tcp_transition tcp_transitions[];
extern const size_t tcp_n_transitions;
const char *tcp_state_name(enum tcp_state);           /* "SYN-SENT" */
const char *tcp_trigger_name(enum tcp_trigger);       /* "RST came" */
struct machine; struct quiz_saying;
void tcp_machine(struct machine *);                   /* the rows for views (trace/machine.h), placed as in figure 5 */
const struct quiz_saying *tcp_sayings(void);          /* what a TCP may send in a state (trace/quiz.h) */

/* Times and numbers that the RFCs leave to us, or fix. */
#define TCP_RTO_FIRST    (1 * SECOND)                 /* RFC 6298 §2.1 */
#define TCP_RTO_LEAST    (200 * MILLISECOND)          /* RFC 6298 §2.4 says 1 s, Linux and others 200 ms; and config */
#define TCP_RTO_MOST     (60 * SECOND)                /* RFC 6298 §2.5 */
#define TCP_RTO_AFTER_SYN_LOSS (3 * SECOND)           /* RFC 6298 §5.7 */
#define TCP_CLOCK_GRANULARITY  (1 * MILLISECOND)      /* G of RFC 6298 §2 */
#define TCP_ACK_DELAY    (40 * MILLISECOND)           /* RFC 9293 §3.8.6.3 allows up to 500 ms */
#define TCP_OVERRIDE     (200 * MILLISECOND)          /* RFC 9293 §3.8.6.2.1: 0.1 to 1 s */
#define TCP_2MSL         (60 * SECOND)                /* an MSL of 30 s: usual, says RFC 1122 §4.2.2.13 */
#define TCP_USER_TIMEOUT       (300 * SECOND)         /* RFC 9293 §3.9.1.1: five minutes, told where nothing else is */
#define TCP_USER_TIMEOUT_LEAST (100 * SECOND)         /* R2 of RFC 9293 §3.8.3: what a peer may bring it down to ... */
#define TCP_USER_TIMEOUT_MOST  (3600 * SECOND)        /* ... and up to */
#define TCP_ORPHAN_WAIT  (60 * SECOND)                /* in FIN-WAIT-2, when nobody reads any more */
enum {
    TCP_MSS_DEFAULT = 536,                            /* RFC 9293 §3.7.1: a peer that names none */
    TCP_MSS_LEAST = 64,                               /* less costs more than it carries: CVE-2019-11479 */
    TCP_WINDOW_MOST = 65535,                          /* without window scaling */
    TCP_SHIFT_MOST = 14,                              /* RFC 7323 §2.3 */
    TCP_EXTENTS = 1020,                               /* pieces that came too early, each connection */
    TCP_BACKOFF_MOST = 6,                             /* times that the persist timer doubles, one after the other */
    TCP_CHALLENGES = 10                               /* challenge ACKs a second, a connection: RFC 5961 §7 */
};

/* How losses are found: by time (RFC 8985), by the scoreboard (RFC 6675), by duplicate ACKs (RFC 6582). The first two
 * need SACK, and fall back to the third without. */
enum tcp_recovery { TCP_RACK, TCP_RFC6675, TCP_NEWRENO };
/* RFC 3168: answer a peer that asks for it (as Linux does by default), ask for it ourselves too, or neither. */
enum tcp_ecn { TCP_ECN_ANSWER, TCP_ECN_ASK, TCP_ECN_OFF };
/* Does TCP search for larger packets that the way takes (net/tcp_mtu.h): when ours seem to vanish, from the start, or
 * not at all. */
enum tcp_mtu_search { TCP_MTU_BLACK_HOLE, TCP_MTU_ALWAYS, TCP_MTU_NEVER };
struct tcp_cc;                                        /* a congestion control: net/tcp_cc.h */

/* How connections behave: one for many of them; it outlives them. What is 0 or false is off, or not wanted. */
struct tcp_config {
    uint16_t mss;                                     /* what we announce, and never exceed: MTU - 40 */
    uint32_t window;                                  /* octets of each ring at the start */
    uint32_t window_most;                             /* ... and how far they grow by themselves; 0: not */
    uint32_t chunk;                                   /* text in one tcp_sending, cut at the MSS below us; 0: MSS */
    unsigned least_burst;                             /* segments of such a text, at least; 0: 2 */
    unsigned syn_tries, data_tries;                   /* transmissions before we give up */
    bool window_scaling, timestamps, sack;            /* options that we offer and accept: RFC 7323, 2018 */
    bool no_delay;                                    /* no Nagle: RFC 9293 §3.7.4; the start of t->no_delay */
    enum tcp_ecn ecn;
    enum tcp_recovery recovery;
    const struct tcp_cc *cc;                          /* NULL: the usual one */
    bool no_tail_probe, no_idle_restart;              /* RFC 8985 §7; RFC 5681 §4.1 */
    enum tcp_mtu_search mtu_search;
    uint16_t mtu_base;                                /* where the search begins; 0: TCP_MTU_BASE */
    bool abrupt_hystart;                              /* slow start ends at once when the round trip has grown, as
                                                       * Linux's does, not after five slow rounds (RFC 9406) */
    unsigned initial_window;                          /* segments: RFC 6928; 0: 10 */
    nsec rto_least;                                   /* 0: TCP_RTO_LEAST */
    nsec ack_delay;                                   /* the shortest; 0: TCP_ACK_DELAY */
    unsigned quick_acks;                              /* segments that are acknowledged at once, at the start */
    /* A window of zero is probed by a segment without text and with an old number, as Linux does, instead of by the
     * next octet (RFC 9293 §3.8.6.1). */
    bool empty_probes;
    nsec user_timeout;                                /* RFC 9293 §3.9.1.8; 0: data_tries alone */
    /* RFC 5482: we tell ours (0: TCP_USER_TIMEOUT), and take the longer one of both, between these bounds (0: those
     * above). Then it counts alone, however often something was sent. */
    bool user_timeout_option;
    nsec user_timeout_least, user_timeout_most;
    nsec keepalive_idle, keepalive_every;             /* RFC 9293 §3.8.4; idle 0: none are sent */
    unsigned keepalive_tries;
    struct pool *pool;
};

enum tcp_why {                                        /* why a segment goes out */
    TCP_WHY_NEW, TCP_WHY_RTO, TCP_WHY_DUPLICATE_ACKS, TCP_WHY_PARTIAL_ACK, TCP_WHY_PROBE,
    TCP_WHY_WINDOW_OPENED, TCP_WHY_SYN_AGAIN, TCP_WHY_TOO_BIG, TCP_WHY_RACK, TCP_WHY_SACKED, TCP_WHY_TAIL_PROBE,
    TCP_WHY_MTU_PROBE, TCP_WHY_KEEPALIVE
};

enum tcp_due {                                        /* what is to be done at the next pull; TAIL: RFC 8985 §7.3 */
    TCP_DUE_SYN, TCP_DUE_ACK, TCP_DUE_RST, TCP_DUE_PROBE, TCP_DUE_OVERRIDE, TCP_DUE_TAIL, TCP_DUE_KEEPALIVE, TCP_DUES
};

enum tcp_timer_kind {
    TCP_TIMER_RTO, TCP_TIMER_PROBE, TCP_TIMER_REORDERING, TCP_TIMER_PERSIST, TCP_TIMER_DELAYED_ACK,
    TCP_TIMER_TIME_WAIT, TCP_TIMER_KEEPALIVE, TCP_TIMERS
};

/* Lists that a driver keeps (net/tcp_table.h), with places for them in every connection. It has news, or it waits for
 * nobody but the peer: never both. */
enum tcp_list_kind { LIST_READY, LIST_OTHER, TCP_LISTS };
struct tcp_list { struct tcp *first, *last; unsigned n; };

/* What is only told: of which event each work that is left comes, and each timer. It lies beside the connection, where
 * somebody hears. */
struct tcp_causes {
    event_no due[TCP_DUES], timer[TCP_TIMERS];
    event_no send, close;                             /* of the newest octets in carrier.out; of CLOSE */
    nsec rtt;                                         /* the last sample */
};

/* What every segment needs comes first, what few need comes last: of many connections only the first part is in the
 * cache. An idle one costs no more than 1,024 octets (a test holds that). */
struct tcp {
    struct carrier carrier;                           /* first: a tcp is a carrier */
    struct addr local;
    enum tcp_state state : 8;
    uint16_t mss;                                     /* octets of text that a segment of ours may carry ... */
    uint16_t peer_mss, path_mtu;                      /* ... by what its SYN said; by ICMP (0: nobody spoke) */
    struct tcp *next_hash;                            /* the driver's: in its bucket, or the next that is free */
    const struct tcp_config *config;
    struct tcp_causes *causes;                        /* NULL: nobody hears */
    struct stack *stack;

    bool due[TCP_DUES];                               /* what is left for the pull */
    bool owned, released;                             /* the layer above has seen it; has let go of it */
    bool has_news;
    bool in_use, is_ready, is_accepted;               /* the driver's: the places that it has */
    /* Agreed on by both SYNs. Shifts are 0 without window scaling: Snd.Wind.Shift, Rcv.Wind.Shift of RFC 7323. */
    bool sack_ok, timestamps_ok, scaling_ok, ecn_ok;
    uint8_t snd_wind_shift, rcv_wind_shift;
    bool no_delay;                                    /* RFC 9293 §3.7.4 */
    /* The program has said that more follows what it wrote (MSG_MORE): that is not pushed; and what fills no segment
     * waits for an ACK, or as with the cork. */
    bool more, more_waits;
    bool cork;                                        /* only whole segments go, for TCP_OVERRIDE at most */
    bool fin_sent;                                    /* our FIN is the last number before snd_nxt */
    bool fin_known;                                   /* a FIN was seen, maybe behind a gap: fin_seq */
    bool timing;                                      /* a SYN that was sent once, at timed_at */
    bool restart_rto;                                 /* new octets were acknowledged: it counts from now */
    bool tells_timeout;                               /* the next segment tells our user timeout: RFC 5482 */
    bool cwnd_limited;                                /* of what was under way: cwnd it was that let no more go */
    uint8_t n_sacks;                                  /* blocks behind the extents: those that changed last */
    uint8_t persist_backoff;                          /* how often the persist timer has doubled */
    uint16_t probes;                                  /* window probes since the peer last spoke */
    uint16_t tries;                                   /* transmissions of what lies at snd_una */

    /* Send sequence variables, RFC 9293 §3.3.1. */
    uint32_t snd_una, snd_nxt, snd_wnd, snd_wl1, snd_wl2, iss;
    uint32_t snd_wnd_max;                             /* the largest window the peer ever offered */
    uint32_t small_end;                               /* behind the last segment that was not full: Nagle */
    /* Receive sequence variables. rcv_wnd is what we told the peer, counted from rcv_nxt. */
    uint32_t rcv_nxt, rcv_wnd, irs, fin_seq;
    uint32_t ts_offset;                               /* our clock for timestamps starts here: RFC 7323 §7.1 */
    uint32_t ts_recent, last_ack_sent; nsec ts_recent_at;            /* TS.Recent, Last.ACK.sent of RFC 7323 */
    struct tcp_extent dsack;                          /* came twice, and the peer does not know: RFC 2883; or empty */
    uint32_t cwnd, ssthresh;

    nsec timer[TCP_TIMERS];                           /* NEVER: not set */
    struct deadline deadline;                         /* the driver's: the earliest of them */
    /* When anything came; since when something of ours waits for an ACK (NEVER: nothing); keepalives since. */
    struct { nsec heard, waits_since; unsigned asked; } alive;

    /* What is under way, loss recovery and congestion control. */
    struct tcp_sent sent;
    struct tcp_recovery_state recovery;
    nsec srtt, rttvar, rto;                           /* RFC 6298; srtt 0: no sample yet */
    nsec last_sent;

    /* The driver's: lists, and places in them. */
    struct { struct tcp *older, *newer; } link[TCP_LISTS];
    struct tcp_list *waits_in;                        /* LIST_OTHER: which of them */
    struct tcp_listener *listener;

    /* The search for a larger packet: net/tcp_mtu.h. probe 0: none is under way. */
    struct tcp_mtu { bool on; uint16_t low, high, probe; uint32_t probe_seq, probe_end; } mtu;
    struct tcp_rack rack;
    /* RFC 3168: our SYN asked; we say ECE until they say CWR; of which slowing down we have told them. */
    struct { bool asked, echo; uint32_t told; } ecn;

    /* --- what only text needs, or what is unusual: from here on --- */
    struct {                                          /* when to acknowledge: tcp_ack.c */
        nsec delay, last_text;                        /* how long an ACK may wait; when text came last */
        uint16_t segment;                             /* text in the largest segment of theirs */
        uint8_t quick;                                /* so many ACKs go at once */
        bool answers;                                 /* questions and answers alternate */
    } acking;
    uint64_t octets_acked, octets_received;           /* of text since the start: 32 bits come round */
    /* Tuning of the receive ring: how much the program reads in a round trip. */
    struct { nsec since, rtt; uint64_t read; uint32_t most; } tune;
    /* In memory of the pool, while there are any; before them the blocks that SACK tells (tcp_reassembly.c). */
    struct tcp_extent *extents; uint32_t n_extents, extents_size;
    nsec rttvar_round, rttvar_held; uint32_t rtt_round_end;          /* tcp_rtt.c: the largest of a round trip */
    uint32_t cwnd_count;                              /* octets acknowledged since cwnd grew last */
    uint32_t cwnd_used, cwnd_used_end;                /* the most that was under way, in the window that ends there */
    const struct tcp_cc *cc;
    struct tcp_cubic_state cubic;
    struct tcp_hystart hystart;
    nsec timed_at;
    nsec fired_rto;                                   /* the RTO that fired last */
    nsec user_timeout;                                /* RFC 9293 §3.9.1.8; 0: none */
    nsec challenge_second; unsigned challenges;       /* challenge ACKs in the second that began then */
    uint32_t fault_size;                              /* of the piece that carrier.fault lies in */
};

/* A segment to be sent, and why. The text points into carrier.out. */
struct tcp_sending { struct tcp_segment segment; enum tcp_why why; event_no cause; };

/* OPEN. *t is zero but for what is given here; carrier.ops, .voice, .peer, .peer_port, .port and t->local are
 * set. */
void tcp_open(struct tcp *t, const struct tcp_config *, uint32_t iss, nsec now);
void tcp_accept(struct tcp *t, const struct tcp_config *, uint32_t iss, const struct tcp_segment *syn,
                nsec now);

/* The SYN-ACK of one that was just accepted has gone already: it was a SYN cookie. */
void tcp_answered(struct tcp *t);

/* The user calls, RFC 9293 §3.9.1, as carrier.h has them. */
void tcp_touch(struct tcp *t, event_no why);
void tcp_push(struct tcp *t);                         /* what waits to fill a segment goes now, cork or not */
void tcp_close(struct tcp *t);
void tcp_abort(struct tcp *t);
void tcp_release(struct tcp *t, nsec now);

/* SEGMENT ARRIVES, RFC 9293 §3.10.7. False: the segment calls for a RST (tcp_reset_for). */
bool tcp_input(struct tcp *t, const struct tcp_segment *s, nsec now);
/* The RST that answers a segment for which there is no connection: RFC 9293 §3.10.7.1. False: a RST is never
 * answered. */
bool tcp_reset_for(const struct tcp_segment *s, struct tcp_segment *rst);
/* ICMP says that a segment of ours, with this sequence number, cannot be delivered: RFC 5927 §4.1. */
void tcp_unreachable(struct tcp *t, uint32_t seq, const char *what);
/* ... because it is larger than mtu (0: nobody says), and may not be cut: RFC 1191. */
void tcp_too_big(struct tcp *t, uint32_t seq, uint16_t mtu);

/* The next segment that may go out now; false: none. It counts as sent. */
bool tcp_output(struct tcp *t, struct tcp_sending *out, nsec now);

nsec tcp_wake(const struct tcp *t);
void tcp_tick(struct tcp *t, nsec now);

/* CLOSED, and nobody holds it: it may be freed. */
bool tcp_gone(const struct tcp *t);
void tcp_free(struct tcp *t);                         /* gives the rings back */

/* --- between the files of the engine --- */

/* Octets sent and not acknowledged: FlightSize of RFC 5681 §2. */
static inline uint32_t tcp_flight(const struct tcp *t) { return t->snd_nxt - t->snd_una; }
static inline bool tcp_synchronized(const struct tcp *t) { return t->state >= TCP_ESTABLISHED; }
static inline void tcp_set_due(struct tcp *t, enum tcp_due what, event_no cause)
{
    t->due[what] = true;
    if (t->causes)
        t->causes->due[what] = cause;
}
static inline event_no tcp_cause(const struct tcp *t, enum tcp_due what)
{
    return t->causes ? t->causes->due[what] : 0;
}

/* tcp.c: what a SYN of the peer's names or offers, and what of it we take. */
void tcp_take_options(struct tcp *t, const struct tcp_segment *syn);
/* The MSS that we announce; t->mss anew, after peer_mss or path_mtu have changed. */
uint16_t tcp_own_mss(const struct tcp *t);
uint8_t tcp_own_shift(const struct tcp_config *);     /* the window scale that we announce */
void tcp_set_mss(struct tcp *t);
/* What a window field of theirs stands for; it is never shifted in a SYN: RFC 7323 §2.3. */
static inline uint32_t tcp_their_window(const struct tcp *t, const struct tcp_segment *s)
{
    return s->flags & TCP_SYN ? s->window : (uint32_t)s->window << t->snd_wind_shift;
}
/* TSval at this time: milliseconds, from an offset that strangers cannot know. */
static inline uint32_t tcp_ts_value(const struct tcp *t, nsec now)
{
    return (uint32_t)(now / MILLISECOND) + t->ts_offset;
}

/* tcp_states.c */
bool tcp_enter(struct tcp *t, enum tcp_trigger trigger);
void tcp_forget_fault(struct tcp *t);
/* Ends the connection on this trigger, with this fault (ground NULL: none). */
void tcp_end(struct tcp *t, enum tcp_trigger trigger, const struct fault *why);

/* tcp_ack.c: an ACK goes at once; so do the next ones; for n octets of text that came, at once or later. */
void tcp_ack_now(struct tcp *t);
void tcp_ack_quickly(struct tcp *t);
void tcp_ack_text(struct tcp *t, uint32_t n, bool in_order, nsec now);
/* A segment with an ACK has gone; one with text has; the timer fired. */
void tcp_ack_sent(struct tcp *t);
void tcp_ack_answered(struct tcp *t, nsec now);
void tcp_ack_waited(struct tcp *t, event_no fired);

/* tcp_ecn.c: what our SYN or SYN-ACK says; what theirs agrees to; a segment came, with its ECN field; an ACK did; ours
 * leaves. */
uint8_t tcp_ecn_syn_flags(struct tcp *t);
void tcp_ecn_agree(struct tcp *t, const struct tcp_segment *syn);
void tcp_ecn_came(struct tcp *t, const struct tcp_segment *s);
void tcp_ecn_heard(struct tcp *t, const struct tcp_segment *s);
void tcp_ecn_mark(struct tcp *t, struct tcp_sending *out);

/* tcp_alive.c: an acceptable segment came; the keepalive timer fired; something of ours waits for the peer, or not. */
void tcp_alive_heard(struct tcp *t, nsec now);
void tcp_alive_fired(struct tcp *t, event_no fired, nsec now);
void tcp_alive_waits(struct tcp *t, bool waits, nsec now);
/* RFC 5482: ours, at the start; theirs, in a segment that is good; what one of ours that leaves says of it (and how
 * many octets that takes). Does it count alone? */
void tcp_alive_start(struct tcp *t);
void tcp_alive_told(struct tcp *t, const struct tcp_segment *s);
void tcp_alive_tell(struct tcp *t, struct tcp_segment *s);
unsigned tcp_alive_telling(const struct tcp *t);
static inline bool tcp_alive_alone(const struct tcp *t)
{
    return t->config->user_timeout_option && tcp_synchronized(t);
}
/* A timer that is not to fire after the user timeout; has that passed? Then the connection has ended. */
nsec tcp_alive_at_most(const struct tcp *t, nsec after, nsec now);
bool tcp_alive_gave_up(struct tcp *t, nsec now);

/* tcp_reassembly.c: takes text at or behind rcv_nxt and inside the window; how many octets became readable
 * (rcv_nxt has moved). */
uint32_t tcp_reassemble(struct tcp *t, uint32_t seq, const uint8_t *octets, uint32_t n);
/* Forgets what came too early. */
void tcp_forget_extents(struct tcp *t);
/* [seq, end) came, and it had come before: the next ACK says so, if SACK is agreed on. */
void tcp_came_twice(struct tcp *t, uint32_t seq, uint32_t end);
/* Puts the blocks into an ACK that leaves, as many as there is room for: RFC 2018 §4, RFC 2883 §4. */
void tcp_put_sacks(struct tcp *t, struct tcp_segment *s);
/* How many octets of options they will take. */
unsigned tcp_sacks_size(const struct tcp *t);

/* tcp_window.c: how far our window may reach from rcv_nxt, by the ring and the pool. */
uint32_t tcp_window(const struct tcp *t);
/* RFC 9293 §3.8.6.2.2: has it grown by so much that the edge may move? ... that the peer must be told at once? */
bool tcp_window_grew(const struct tcp *t);
bool tcp_window_to_tell(const struct tcp *t);
/* Text came: the receive ring may grow when the program read more in a round trip than it ever did. */
void tcp_tune_receiving(struct tcp *t, const struct tcp_segment *s, nsec now);
/* An ACK came: the send ring holds twice what may be in flight. */
void tcp_tune_sending(struct tcp *t);

/* tcp_timer.c */
void tcp_timer_set(struct tcp *t, enum tcp_timer_kind, nsec now, nsec after);
void tcp_timer_stop(struct tcp *t, enum tcp_timer_kind);
static inline bool tcp_timer_runs(const struct tcp *t, enum tcp_timer_kind k)
{
    return t->timer[k] != NEVER;
}
void tcp_arm(struct tcp *t, nsec now);                /* RTO or probe, persist timer, or none: by flight and window */
/* The RTO from when the earliest octets were sent: what is left of it, 1 ms at least. */
nsec tcp_rto_left(struct tcp *t, nsec now);

/* tcp_rtt.c: a round trip was measured; the bounds of the RTO */
void tcp_rtt_sample(struct tcp *t, nsec rtt);
nsec tcp_rto_least(const struct tcp *t);
nsec tcp_rto_clamp(const struct tcp *t, nsec rto);

/* tcp_congestion.c */
void     tcp_congestion_start(struct tcp *t);
void     tcp_congestion_acked(struct tcp *t, uint32_t acked, nsec now);
void     tcp_congestion_idle(struct tcp *t, nsec now);
/* Text left, or would have if cwnd were larger: what RFC 7661 calls validated. */
void     tcp_congestion_used(struct tcp *t, bool limited);
/* Octets under way: pipe of RFC 6675; how many more cwnd lets go. */
uint32_t tcp_pipe(const struct tcp *t);
uint32_t tcp_allowed(const struct tcp *t);

/* tcp_burst.c: how much text may leave in one piece, given how much a segment of it has. */
uint32_t tcp_burst(const struct tcp *t, uint32_t segment);

/* tcp_output.c */
uint32_t tcp_out_seq(const struct tcp *t);            /* the number of the first octet in carrier.out */
bool     tcp_fin_is_due(const struct tcp *t);         /* close was called, and the FIN has not gone out */

/* tcp_tell.c: events. All do nothing without a trace. */
void     tcp_tell_state(const struct tcp *t, const struct tcp_transition *row);
void     tcp_tell_check(const struct tcp *t, const struct tcp_segment *s, const char *name, const char *rfc,
                        const char *expected, const char *verdict);
event_no tcp_tell_timer(const struct tcp *t, enum tcp_timer_kind, const char *what, nsec after,
                        event_no cause);
void     tcp_tell_vars(const struct tcp *t);
void     tcp_tell_congestion(const struct tcp *t, const struct tcp_cong_row *row);
const char *tcp_timer_name(enum tcp_timer_kind);
/* NULL for TCP_WHY_NEW */
const char *tcp_why_text(const struct tcp *t, enum tcp_why why, char *out, size_t room);
void     tcp_name_streams(struct tcp *t, bool reads, bool writes);

#endif
