/* What a connection says of itself: states, checks, timers, variables. Nothing is built when nobody
 * listens. */
#include "net/tcp.h"

#include <stdio.h>
#include <string.h>

enum { STREAM_KEY = 2 * 18 + 4 };

static uint8_t *put_end(uint8_t *at, const struct addr *a, uint16_t port)
{
    memset(at, 0, 16);
    memcpy(at, a->octets, a->len);
    at[16] = (uint8_t)(port >> 8);
    at[17] = (uint8_t)port;
    return at + 18;
}

/* Writer, reader and the writer's ISN: both ends know these, so both call the stream by the same number. */
static buf_no stream(const struct tcp *t, bool ours)
{
    uint8_t key[STREAM_KEY], *at = key;
    uint32_t isn = ours ? t->iss : t->irs;
    if (ours)
        at = put_end(at, &t->local, t->carrier.port);
    at = put_end(at, &t->carrier.peer, t->carrier.peer_port);
    if (!ours)
        at = put_end(at, &t->local, t->carrier.port);
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(isn >> (24 - 8 * i));
    return trace_stream(t->carrier.voice.trace, key, sizeof key);
}

void tcp_name_streams(struct tcp *t, bool reads, bool writes)
{
    if (!trace_hears(t->carrier.voice.trace))
        return;
    if (writes)
        t->carrier.writes = stream(t, true);
    if (reads)
        t->carrier.reads = stream(t, false);
}

static event_no tell(const struct tcp *t, struct event e)
{
    e.layer = "tcp";
    e.host = t->carrier.voice.host;
    e.conn = t->carrier.voice.conn;
    return trace_emit(t->carrier.voice.trace, &e);
}

/* A row of one of our two machines. */
struct told_row { const char *machine, *from, *to, *trigger, *rfc, *by; };

static void tell_row(const struct tcp *t, enum event_level level, const struct told_row *r)
{
    const struct attr attrs[] = {
        attr_text("machine", r->machine), attr_text("from", r->from),
        attr_text("to", r->to), attr_text("trigger", r->trigger),
    };
    tell(t, (struct event){ .kind = EVENT_STATE, .level = level, .name = r->to, .rfc = r->rfc, .by = r->by,
                            .attrs = attrs, .n_attrs = sizeof attrs / sizeof *attrs });
}

void tcp_tell_state(const struct tcp *t, const struct tcp_transition *row)
{
    if (trace_hears(t->carrier.voice.trace))
        tell_row(t, LEVEL_PACKETS, &(struct told_row){ "tcp", tcp_state_name(row->from), tcp_state_name(row->to),
                                                       tcp_trigger_name(row->trigger), row->rfc, "tcp_enter" });
}

void tcp_tell_congestion(const struct tcp *t, const struct tcp_cong_row *row)
{
    if (trace_hears(t->carrier.voice.trace))
        tell_row(t, LEVEL_ALL, &(struct told_row){ "congestion", tcp_cong_state_name(row->from),
                                                   tcp_cong_state_name(row->to), tcp_cong_trigger_name(row->trigger),
                                                   row->rfc, "tcp_cong_enter" });
}

void tcp_tell_check(const struct tcp *t, const struct tcp_segment *s, const char *name, const char *rfc,
                    const char *expected, const char *verdict)
{
    if (!trace_hears(t->carrier.voice.trace))
        return;
    char found[160], flags[SEGMENT_FLAGS];
    snprintf(found, sizeof found, "%s, seq rcv_nxt%+d, %zu octets, ack snd_una%+d, window %u",
             segment_flags(s, flags),
             (int)(s->seq - t->rcv_nxt), s->text.n, (int)(s->ack - t->snd_una), t->rcv_wnd);
    const struct attr attrs[] = {
        attr_text("subject", name), attr_text("expected", expected), attr_text("found", found),
        attr_text("verdict", verdict), attr_text("state", tcp_state_name(t->state)),
    };
    tell(t, (struct event){ .kind = EVENT_CHECK, .level = LEVEL_PACKETS, .name = "segment", .label = verdict,
                            .rfc = rfc, .by = "tcp_input", .attrs = attrs,
                            .n_attrs = sizeof attrs / sizeof *attrs });
}

const char *tcp_timer_name(enum tcp_timer_kind kind)
{
    static const char *const names[TCP_TIMERS] = { "rto", "probe", "reordering", "persist", "delayed_ack",
                                                      "time_wait", "keepalive" };
    return names[kind];
}

event_no tcp_tell_timer(const struct tcp *t, enum tcp_timer_kind kind, const char *what, nsec after,
                        event_no cause)
{
    static const char *const rfcs[TCP_TIMERS] = {
        "RFC 6298 §5", "RFC 8985 §7.2", "RFC 8985 §6.2", "RFC 9293 §3.8.6.1", "RFC 9293 §3.8.6.3", "RFC 9293 §3.10.7.4",
        "RFC 9293 §3.8.4"
    };
    if (!trace_hears(t->carrier.voice.trace))
        return 0;
    char label[64];
    if (after)
        snprintf(label, sizeof label, "%s timer set: %lld ms", tcp_timer_name(kind),
                 (long long)(after / MILLISECOND));
    else
        snprintf(label, sizeof label, "%s timer %s", tcp_timer_name(kind), what);
    const struct attr attrs[] = {
        attr_text("timer", tcp_timer_name(kind)), attr_text("what", what),
        attr_number("after_ns", (uint64_t)after),
    };
    return tell(t, (struct event){ .kind = EVENT_TIMER, .level = LEVEL_ALL, .name = tcp_timer_name(kind),
                                   .label = label, .rfc = rfcs[kind], .cause = cause,
                                   .by = after ? "tcp_timer_set" : "tcp_tick",
                                   .attrs = attrs, .n_attrs = after ? 3 : 2 });
}

void tcp_tell_vars(const struct tcp *t)
{
    if (!trace_hears(t->carrier.voice.trace))
        return;
    const struct attr attrs[] = {
        attr_number("snd_una", t->snd_una), attr_number("snd_nxt", t->snd_nxt),
        attr_number("snd_wnd", t->snd_wnd),
        attr_number("rcv_nxt", t->rcv_nxt), attr_number("rcv_wnd", t->rcv_wnd), attr_number("cwnd", t->cwnd),
        attr_number("ssthresh", t->ssthresh), attr_number("rtt_ns", t->causes ? (uint64_t)t->causes->rtt : 0),
        attr_number("srtt_ns", (uint64_t)t->srtt),
        attr_number("rttvar_ns", (uint64_t)t->rttvar), attr_number("rto_ns", (uint64_t)t->rto),
        attr_number("in_flight", tcp_flight(t)), attr_number("pipe", tcp_pipe(t)),
        attr_number("sacked", t->sent.octets_sacked), attr_number("lost", t->sent.octets_lost),
        attr_text("congestion", tcp_cong_state_name(t->recovery.state)),
    };
    tell(t, (struct event){ .kind = EVENT_VARS, .level = LEVEL_ALL, .name = "vars", .rfc = "RFC 9293 §3.3.1",
                            .by = "tcp_input",
                            .attrs = attrs, .n_attrs = sizeof attrs / sizeof *attrs });
}

const char *tcp_why_text(const struct tcp *t, enum tcp_why why, char *out, size_t room)
{
    switch (why) {
    case TCP_WHY_NEW:            return NULL;
    case TCP_WHY_RTO:
        snprintf(out, room, "RTO %lld ms fired (RFC 6298 §5.4)", (long long)(t->fired_rto / MILLISECOND));
        return out;
    case TCP_WHY_DUPLICATE_ACKS: return "3 duplicate ACKs (RFC 5681 §3.2)";
    case TCP_WHY_PARTIAL_ACK:    return "partial ACK (RFC 6582 §3.2)";
    case TCP_WHY_PROBE:          return "zero-window probe (RFC 9293 §3.8.6.1)";
    case TCP_WHY_WINDOW_OPENED:  return "the window opened";
    case TCP_WHY_SYN_AGAIN:      return "the peer's SYN came again";
    case TCP_WHY_RACK:           return "sent long before something that came (RFC 8985 §6.2)";
    case TCP_WHY_SACKED:         return "enough came from behind it (RFC 6675 §4)";
    case TCP_WHY_TAIL_PROBE:     return "tail loss probe: no ACK for two round trips (RFC 8985 §7.3)";
    case TCP_WHY_MTU_PROBE:      return "does the way take a larger packet? (RFC 4821 §7.4)";
    case TCP_WHY_KEEPALIVE:      return "nothing came for long: is the peer still there? (RFC 9293 §3.8.4)";
    case TCP_WHY_TOO_BIG:        return "it was too big for the way (RFC 1191 §6.5)";
    }
    return NULL;
}
