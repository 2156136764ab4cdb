/* HyStart++, RFC 9406: slow start that ends when the round trip grows, before the queue overflows. A round is the time
 * in which a window of octets is acknowledged; of each the least round trip counts. When it has grown by an eighth
 * (4 ms at least, 16 at most), cwnd grows at a quarter of the speed for five rounds; if by then the round trip has not
 * fallen again, slow start was long enough. */
#include "net/tcp.h"
#include "net/seq.h"

#define RTT_THRESH_LEAST (4 * MILLISECOND)            /* §4.3: MIN_RTT_THRESH, MAX_RTT_THRESH */
#define RTT_THRESH_MOST  (16 * MILLISECOND)
enum { RTT_DIVISOR = 8, RTT_SAMPLES = 8, CSS_ROUNDS = 5, ABRUPT_WINDOW = 16 };

static void next_round(struct tcp *t)
{
    struct tcp_hystart *h = &t->hystart;
    h->last_round = h->runs ? h->this_round : NEVER;
    h->this_round = NEVER;
    h->samples = 0;
    h->round_end = t->snd_nxt;
    if (!h->runs) {
        h->runs = true;
        h->css = false;
    }
    if (h->css && ++h->css_rounds >= CSS_ROUNDS) {
        t->ssthresh = t->cwnd;
        h->runs = h->css = false;
    }
}

static nsec threshold(nsec last_round)
{
    nsec eighth = last_round / RTT_DIVISOR;
    return eighth < RTT_THRESH_LEAST ? RTT_THRESH_LEAST : eighth > RTT_THRESH_MOST ? RTT_THRESH_MOST : eighth;
}

/* What HyStart was before it got its ++, and still is in Linux: measured against the least round trip of all. */
static void sample_abruptly(struct tcp *t, nsec rtt)
{
    struct tcp_hystart *h = &t->hystart;
    if (t->cwnd >= t->ssthresh || t->cwnd < ABRUPT_WINDOW * t->mss)
        return;
    if (!h->runs || seq_before(h->round_end, t->snd_una)) {
        h->runs = true;
        h->this_round = NEVER;
        h->samples = 0;
        h->round_end = t->snd_nxt;
    }
    h->this_round = rtt < h->this_round ? rtt : h->this_round;
    if (h->samples < RTT_SAMPLES)
        h->samples++;
    else if (h->this_round > t->rack.min_rtt + threshold(t->rack.min_rtt))
        t->ssthresh = t->cwnd;
}

void tcp_hystart_sample(struct tcp *t, nsec rtt)
{
    struct tcp_hystart *h = &t->hystart;
    if (t->config->abrupt_hystart) {
        sample_abruptly(t, rtt);
        return;
    }
    if (t->cwnd >= t->ssthresh) {
        h->runs = h->css = false;
        return;
    }
    if (!h->runs || seq_upto(h->round_end, t->snd_una))
        next_round(t);
    h->this_round = rtt < h->this_round ? rtt : h->this_round;
    if (h->samples < RTT_SAMPLES)
        h->samples++;
    if (h->samples < RTT_SAMPLES || !h->runs)
        return;
    if (h->css && h->this_round < h->baseline) {      /* it was a passing delay */
        h->css = false;
    } else if (!h->css && h->last_round != NEVER && h->this_round >= h->last_round + threshold(h->last_round)) {
        h->css = true;
        h->css_rounds = 0;
        h->baseline = h->this_round;
    }
}
