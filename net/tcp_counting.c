/* Loss by counting, the taught alternatives to RACK: with SACK by the octets that came behind a hole (RFC 6675),
 * without by duplicate ACKs (NewReno, RFC 6582). */
#include "net/tcp.h"
#include "net/seq.h"

enum { DUP_THRESH = 3 };

void tcp_counting_duplicate(struct tcp *t, struct tcp_ack *a)
{
    struct tcp_recovery_state *r = &t->recovery;
    if (r->reno_sacked + 2u * t->mss > t->sent.octets + t->mss)
        return;                                       /* what is missing itself has not come */
    r->reno_sacked += t->mss;
    a->delivered += t->mss;
}

/* The first segment of what is acknowledged is the one that was missing; the others had been counted. */
void tcp_counting_acked(struct tcp *t, struct tcp_ack *a)
{
    struct tcp_recovery_state *r = &t->recovery;
    uint32_t behind = a->acked > t->mss ? a->acked - t->mss : 0;
    uint32_t counted = behind < r->reno_sacked ? behind : r->reno_sacked;
    a->delivered -= counted < a->delivered ? counted : a->delivered;
    r->reno_sacked = r->state == TCP_CONG_RECOVERY ? r->reno_sacked - counted : 0;
}

static event_no cause(const struct tcp *t) { return trace_cause(t->carrier.voice.trace); }

/* RFC 6582 §3.2, steps 2 and 5: the third duplicate ACK (before the last loss is repaired they do not count: is_over in
 * tcp_recovery.c sees to it); and each ACK that ends before `recover`. The first segment is missing. */
static void by_duplicates(struct tcp *t, const struct tcp_ack *a)
{
    struct tcp_recovery_state *r = &t->recovery;
    bool third = r->state < TCP_CONG_RECOVERY && r->reno_sacked >= DUP_THRESH * t->mss;
    bool partial = r->state == TCP_CONG_RECOVERY && a->advanced;
    uint32_t larger = t->mtu.probe && t->mtu.probe_seq == t->snd_una ? t->mtu.probe_end - t->mtu.probe_seq : 0;
    if (third || partial)
        tcp_sent_lose_first(&t->sent, larger ? larger : t->mss,
                            third ? TCP_WHY_DUPLICATE_ACKS : TCP_WHY_PARTIAL_ACK, cause(t));
}

/* RFC 6675 §4, IsLost: more than two segments, or three pieces, came from behind it. From the top down. */
static void by_octets(struct tcp *t)
{
    uint32_t octets = 0;
    unsigned pieces = 0;
    for (unsigned i = t->sent.n; i-- > 0 && t->sent.octets_sacked;) {
        struct sent_record *r = tcp_sent_at(&t->sent, i);
        if (r->place == SENT_SACKED) {
            octets += r->end - r->seq;
            pieces++;
        } else if (r->place == SENT_OUT && !r->again
                   && (pieces >= DUP_THRESH || octets > (DUP_THRESH - 1u) * t->mss)) {
            tcp_sent_lose(&t->sent, r, TCP_WHY_SACKED, cause(t));
        }
    }
}

void tcp_counting_detect(struct tcp *t, const struct tcp_ack *a)
{
    if (tcp_uses_sack(t))
        by_octets(t);
    else
        by_duplicates(t, a);
}
