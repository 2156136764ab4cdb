/* tcp_script.h - one TCP engine against a script: segments that come, segments that must go, in virtual time.
 *
 *     test  a RST inside the window but not at rcv_nxt is challenged, not obeyed     RFC 5961 §3.2
 *     open  ours 1000 theirs 4294967290     # established by an active open; their numbers wrap in a moment
 *     0 ms  < RST seq +1
 *     0 ms  > ACK seq +0 ack +0             # the challenge
 *     5 ms  < "hello world"
 *     45 ms > ACK ack +11                   # across the wrap
 *     is    ESTABLISHED
 *
 * A stanza begins with `test` and a title; each has a connection of its own. Then:
 *
 *     open | connect | listen   [ours N] [theirs N] [window N] [mss N] [syn_tries N] [data_tries N]
 *                               [their_mss N] [their_window N] [their_scale N] [their_clock N] [window_most N]
 *                               [quick_acks N] [nagle] [empty_probes] [rto_least N] [mtu_search] [mtu_base N]
 *                               [uto] [user_timeout MS] [uto_least MS] [uto_most MS]
 *                               [sack] [timestamps] [scaling]           # what we offer; they agree to all
 *     T ms  < SEGMENT           comes at time T (after all that was due before)
 *     T ms  > SEGMENT           must have gone, next in order, at time T (or within the millisecond after it)
 *     T ms  > nothing           nothing more has gone until T
 *     T ms  write N | write "text" | read [N] | more | no_more | push | cork | uncork | close | abort | release |
 *           unreachable [seq N]
 *     T ms  too_big [seq N] [mtu N]
 *     is STATE                  the state; CLOSED also when it is all over
 *     fault ID | fault none     the carrier's
 *     got N | got "text"        unread octets
 *     var NAME N                cwnd, ssthresh, rto_ms, snd_wnd, rcv_wnd, in_flight, peer_done, ended
 *
 * SEGMENT is one of SYN, SYN-ACK, ACK, FIN (with ACK), RST, RST-ACK, none, or text, then any of: seq N, ack
 * N, win N, mss N, len N, "text", why WORD, and of options: mss N, ts N, ecr N, scale N, uto N, sackok, ece, cwr, ce (comes), sack +N..+M (once a
 * block, in their order), and of those that go: nots, noscale, nosackok, ect N, noece, nocwr, nosack (no more than those before it).
 * Numbers with a sign count from the first octet of text; without
 * one they are the number on the wire. What a segment that comes does not say: seq is the next in order, ack
 * all that we sent, win their last. What a segment that goes does not say is not looked at, but for its flags
 * (PSH apart) and how much text it has. Text of `len` is made of letters by their place in the stream, and
 * checked. # begins a remark. */
#ifndef TESTS_LIB_TCP_SCRIPT_H
#define TESTS_LIB_TCP_SCRIPT_H

/* Runs all stanzas of a file; the first that fails fails the test, with the steps that led to it. */
void tcp_script_run(const char *path);

#endif
