#include "net/tcp_mtu.h"
#include "net/seq.h"

enum { HEADERS4 = 40, HEADERS6 = 60, TIMESTAMPS = 12, REORDERED = 3, WINDOW_LEAST = 11 };

/* What stands around the text of a segment. */
static uint32_t around(const struct tcp *t)
{
    uint32_t headers = t->local.len == 16 ? HEADERS6 : HEADERS4;
    return headers + (t->timestamps_ok ? TIMESTAMPS : 0u);
}

static uint16_t base_of(const struct tcp *t) { return t->config->mtu_base ? t->config->mtu_base : TCP_MTU_BASE; }

/* The largest that link and peer take. */
static uint16_t most_of(const struct tcp *t)
{
    uint16_t own = tcp_own_mss(t), mss = t->peer_mss < own ? t->peer_mss : own;
    return (uint16_t)(mss + (t->local.len == 16 ? HEADERS6 : HEADERS4));
}

static void search(struct tcp *t, uint16_t low, uint16_t high)
{
    t->mtu.on = low < high;
    t->mtu.low = low;
    t->mtu.high = high;
    t->mtu.probe = 0;
}

void tcp_mtu_start(struct tcp *t)
{
    if (t->config->mtu_search == TCP_MTU_ALWAYS)
        search(t, base_of(t), UINT16_MAX);
}

/* RFC 4821 §7.4: so much must be ready behind the probe that its loss is seen by duplicate ACKs. */
uint32_t tcp_mtu_probe(const struct tcp *t, uint32_t unsent, uint32_t window)
{
    const struct tcp_mtu *m = &t->mtu;
    uint32_t high = m->high < most_of(t) ? m->high : most_of(t);
    uint32_t size = (m->low + high) / 2, text = size > around(t) ? size - around(t) : 0;
    uint32_t needed = text + (REORDERED + 1u) * t->mss;
    bool calm = t->recovery.state == TCP_CONG_OPEN && tcp_sacks_size(t) == 0 && !tcp_alive_telling(t);
    if (!m->on || m->probe || high < (uint32_t)m->low + TCP_MTU_NEAR || text <= t->mss || !calm)
        return 0;
    bool room = t->cwnd >= WINDOW_LEAST * t->mss && tcp_flight(t) + 2u * t->mss <= t->cwnd;
    return room && unsent >= needed && window >= needed ? text : 0;
}

/* It is sent in place of two smaller ones. */
void tcp_mtu_sent(struct tcp *t, uint32_t seq, uint32_t n)
{
    t->mtu.probe = (uint16_t)(n + around(t));
    t->mtu.probe_seq = seq;
    t->mtu.probe_end = seq + n;
    t->cwnd -= t->mss;
}

/* §7.6.1. What got through is what the way takes, whatever anybody said of it. */
void tcp_mtu_acked(struct tcp *t)
{
    struct tcp_mtu *m = &t->mtu;
    if (!m->probe || seq_before(t->snd_una, m->probe_end))
        return;
    t->path_mtu = m->probe;
    search(t, m->probe, m->high);
    tcp_set_mss(t);
}

/* §7.6.2. */
bool tcp_mtu_lost(struct tcp *t)
{
    struct tcp_mtu *m = &t->mtu;
    if (!m->probe || t->snd_una != m->probe_seq)
        return false;
    search(t, m->low, (uint16_t)(m->probe - 1));
    return true;
}

/* §7.6.3 and §7.7: after one timeout nobody knows whether it was the size; after three it is likely. After as many
 * more it may be smaller still: what every host must take (RFC 791 §3.1). */
void tcp_mtu_timeout(struct tcp *t)
{
    uint16_t size = (uint16_t)(t->mss + around(t)), next = base_of(t);
    unsigned tries = TCP_MTU_VANISHED;
    t->mtu.probe = 0;
    if (size <= next) {
        next = TCP_MTU_LEAST;
        tries *= 2;
    }
    if (t->config->mtu_search == TCP_MTU_NEVER || t->tries < tries || size <= next)
        return;
    t->path_mtu = next;
    search(t, next, (uint16_t)(size - 1));
    tcp_set_mss(t);
}
