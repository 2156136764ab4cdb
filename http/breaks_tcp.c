/* What others do to a TCP connection, and what an end of it does that is no good one. */
#include "http/breaks.h"

static void rst(struct spoils *s, const struct break_wish *w) { spoil_act(s, w, ACT_RST); }
static void fin(struct spoils *s, const struct break_wish *w) { spoil_act(s, w, ACT_FIN); }
static void inject(struct spoils *s, const struct break_wish *w) { spoil_act(s, w, ACT_INJECT); }
static void blind_rst(struct spoils *s, const struct break_wish *w) { spoil_act(s, w, ACT_BLIND_RST); }
static void blind_syn(struct spoils *s, const struct break_wish *w) { spoil_act(s, w, ACT_BLIND_SYN); }
static void ack_unsent(struct spoils *s, const struct break_wish *w) { spoil_act(s, w, ACT_ACK_UNSENT); }
static void zero_window(struct spoils *s, const struct break_wish *w) { spoil_act(s, w, ACT_ZERO_WINDOW); }
static void half_open(struct spoils *s, const struct break_wish *w) { spoil_act(s, w, ACT_HALF_OPEN); }
static void unreachable(struct spoils *s, const struct break_wish *w) { spoil_act(s, w, ACT_UNREACHABLE); }
static void too_big(struct spoils *s, const struct break_wish *w) { spoil_act(s, w, ACT_TOO_BIG); }
static void optimistic_ack(struct spoils *s, const struct break_wish *w) { spoil_act(s, w, ACT_OPTIMISTIC_ACK); }

static void blind_unreachable(struct spoils *s, const struct break_wish *w)
{
    spoil_act(s, w, ACT_BLIND_UNREACHABLE);
}

static void ack_lost(struct spoils *s, const struct break_wish *w)
{
    spoil_act(s, w, ACT_ACK_LOST);
    spoil_packet(s, w, ACCIDENT_LOSS);
}

/* Before anybody calls: behind the first packet of all. */
static void syn_flood(struct spoils *s, const struct break_wish *w)
{
    struct act *a = spoil_act(s, w, ACT_SYN_FLOOD);
    a->packet = 1;
    a->number = w->value[0] < 100 ? w->value[0] : 100;
}

const struct break_row breaks_of_tcp[] = {
    { "rst", "N", "13", rst,
      .notices = { "browser", "tcp", EVENT_FAULT, .name = "tcp.reset" }, .fault = "tcp.reset",
      .answer = "none: a RST exactly at rcv_nxt is obeyed",
      .answered = { "browser", "tcp", EVENT_STATE, "CLOSED", "trigger", "RST came" },
      .ends = "tcp.reset", .filter = "tcp.flags.reset == 1" },
    { "fin", "N", "22", fin, .size = 20000,
      .notices = { "browser", "http", EVENT_FAULT, .name = "http.truncated" }, .fault = "http.truncated",
      .answer = "FIN: TCP believes it; HTTP misses octets, and TLS its close_notify",
      .answered = { "browser", "tcp", EVENT_STATE, "CLOSE-WAIT", "trigger", "FIN came" },
      .ends = "http.truncated", .filter = "tcp.flags.fin == 1 && tcp.len == 0 && ip.src == 10.0.0.80" },
    { "inject", "N", "11", inject,
      .notices = { "browser", "tls", EVENT_FAULT, .name = "tls.bad_record_mac" }, .fault = "tls.bad_record_mac",
      .answer = "alert bad_record_mac: TCP takes what fits, TLS only what has the right tag",
      .answered = { "browser", "tls", EVENT_FAULT, "tls.bad_record_mac", "answer", "bad_record_mac" },
      .ends = "tls.bad_record_mac", .filter = "tls.alert_message.desc == 20" },
    { "blind-rst", "N", "11", blind_rst,
      .notices = { "browser", "tcp", EVENT_CHECK, "segment", "verdict", "challenged by an ACK" },
      .answer = "a challenge ACK for each in the window, nothing for the others",
      .answered = { "browser", "tcp", EVENT_PACKET, .name = "ACK" },
      .filter = "tcp.flags.reset == 1" },
    { "blind-syn", "N", "11", blind_syn,
      .notices = { "browser", "tcp", EVENT_CHECK, "segment", "verdict", "challenged by an ACK" },
      .answer = "a challenge ACK",
      .answered = { "browser", "tcp", EVENT_PACKET, .name = "ACK" },
      .filter = "tcp.flags.syn == 1 && tcp.flags.ack == 0 && ip.src == 10.0.0.80" },
    { "syn-flood", "count", "50", syn_flood,
      .notices = { "web", "tcp", EVENT_CHECK, "tcp.syn_queue", "verdict", "SYN cookie" },
      .answer = "SYN-ACKs to nobody; with eight half open the others' are SYN cookies, nothing is kept",
      .answered = { "web", "tcp", EVENT_PACKET, .name = "SYN-ACK" },
      .filter = "tcp.flags.syn == 1 && ip.src == 10.0.1.0/24" },
    { "optimistic-ack", NULL, NULL, optimistic_ack, .size = 200000,
      .answer = "none: nothing tells an ACK of what is still under way from a true one; the server sends faster",
      .silent = "each ACK by itself is a right one; only its time says that it is there before the octets can be" },
    { "ack-unsent", "N", "7", ack_unsent,
      .notices = { "web", "tcp", EVENT_CHECK, "segment", "verdict", "challenged by an ACK" },
      .answer = "a challenge ACK",
      .answered = { "web", "tcp", EVENT_PACKET, .name = "ACK" },
      .filter = "tcp.analysis.ack_lost_segment" },
    { "ack-lost", "N", "15", ack_lost, .size = 20000,
      .notices = { "browser", "tcp", EVENT_CHECK, "segment", "verdict", "kept for later" },
      .answer = "duplicate ACKs, for nothing: what was acknowledged is never sent again",
      .answered = { "browser", "tcp", EVENT_PACKET, .name = "ACK" },
      .ends = "visit.silent", .filter = "tcp.analysis.duplicate_ack" },
    { "zero-window", "N,ms", "9,5000", zero_window,
      .notices = { "web", "tcp", EVENT_TIMER, "persist", "what", "fired" },
      .answer = "window probes, each after twice the time",
      .answered = { "web", "tcp", EVENT_PACKET, "data", "retransmission", "zero-window probe" },
      .filter = "tcp.analysis.zero_window" },
    { "zero-window", "N,ms", "9,0", zero_window,
      .notices = { "web", "tcp", EVENT_TIMER, "persist", "what", "fired" },
      .answer = "window probes for as long as they are answered: TCP never gives up, programs must",
      .answered = { "web", "tcp", EVENT_PACKET, "data", "retransmission", "zero-window probe" },
      .ends = "visit.silent", .filter = "tcp.analysis.zero_window_probe" },
    { "half-open", "N", "12", half_open,
      .notices = { "web", "tcp", EVENT_CHECK, "tcp.listen", "verdict", "dropped" },
      .answer = "RST: here is no such connection",
      .answered = { "web", "tcp", EVENT_PACKET, .name = "RST" },
      .ends = "tcp.reset", .filter = "tcp.flags.reset == 1" },
    { "icmp:unreachable", "N", "3", unreachable,
      .notices = { "browser", "tcp", EVENT_FAULT, .name = "tcp.unreachable" }, .fault = "tcp.unreachable",
      .answer = "none: ICMP that quotes our own SYN ends it before it stands",
      .answered = { "browser", "tcp", EVENT_STATE, "CLOSED", "trigger", "ICMP unreachable came" },
      .ends = "tcp.unreachable", .filter = "icmp.type == 3 && icmp.code == 1" },
    { "icmp:blind", "N", "3", blind_unreachable,
      .answer = "none: it quotes what was never sent, and is not believed",
      .filter = "icmp.type == 3 && icmp.code == 1" },
    { "icmp:too-big", "N,mtu", "7,600", too_big,
      .notices = { "web", "tcp", EVENT_PACKET, "data", "retransmission", "too big" },
      .answer = "the octets again, in smaller segments: it costs, and harms no more",
      .answered = { "web", "tcp", EVENT_PACKET, "data", "retransmission", "too big" },
      .filter = "icmp.type == 3 && icmp.code == 4" },
    { .what = NULL },
};
