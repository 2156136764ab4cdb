/* CUBIC, RFC 9438, in integers: after a loss cwnd climbs fast to where it was (w_max), stays there for a while, then
 * looks for more; all by the time since the loss, so that long round trips are no handicap.
 *
 *     W_cubic(t) = C (t - K)^3 + w_max        C = 0.4 segments/s^3, K = cube root of ((w_max - cwnd) / C)
 *
 * Times are in ms here: (t - K)^3 is in ms^3, 10^9 of which are a second's. */
#include "net/tcp.h"

#include <string.h>

enum {
    UNKNOWN = 20, FLAT = 100,                         /* segments acknowledged for one more: see octets_per_segment */
    BETA_TENTHS = 7,                                  /* β_cubic = 0.7: §4.6 */
    C_TENTHS = 4,                                     /* C = 0.4: §5.1 */
    ALPHA_UP = 9, ALPHA_DOWN = 17,                    /* α_cubic = 3 (1 - β) / (1 + β) = 9/17: §4.3 */
    MS_MOST = 1 << 20                                 /* 17 minutes: its cube fits */
};

/* By halving: 22 bits hold the cube root of 64. */
uint32_t tcp_cube_root(uint64_t x)
{
    uint64_t root = 0;
    for (uint64_t bit = 1u << 21; bit; bit >>= 1)
        if ((root | bit) * (root | bit) <= x / (root | bit))
            root |= bit;
    return (uint32_t)root;
}

uint32_t tcp_cubic_window(const struct tcp_cubic_state *c, uint32_t mss, uint64_t ms)
{
    bool before = ms < c->k_ms;
    uint64_t d = before ? c->k_ms - ms : ms - c->k_ms;
    d = d < MS_MOST ? d : MS_MOST;
    uint64_t octets = d * d * d / 10000 * C_TENTHS * mss / 1000000;
    if (before)
        return octets < c->w_max ? c->w_max - (uint32_t)octets : 0;
    return octets < UINT32_MAX / 2 - c->w_max / 2 ? c->w_max + (uint32_t)octets : UINT32_MAX / 2;
}

/* §4.2: cwnd_epoch is cwnd now; K from how far below w_max it stands. After slow start without a loss it stands at
 * w_max or above: K is 0 (§4.8, and §4.10 for the first time). */
static void begin(struct tcp *t, nsec now)
{
    struct tcp_cubic_state *c = &t->cubic;
    c->epoch = now;
    if (c->w_max <= t->cwnd) {
        c->w_max = t->cwnd;
        c->k_ms = 0;
    } else {
        uint64_t below = c->w_max - t->cwnd;
        c->k_ms = tcp_cube_root(below * (10000000000u / C_TENTHS) / t->mss);
    }
    c->w_est = t->cwnd;
    c->est_rest = 0;
}

/* §4.3: what Reno would have by now, with the same average window as CUBIC's fall would give it. */
static void estimate_reno(struct tcp *t, uint32_t acked)
{
    struct tcp_cubic_state *c = &t->cubic;
    bool there = c->w_est >= c->cwnd_prior;
    c->est_rest += (uint64_t)acked * t->mss * (there ? ALPHA_DOWN : ALPHA_UP);
    uint64_t whole = (uint64_t)t->cwnd * ALPHA_DOWN;
    c->w_est += (uint32_t)(c->est_rest / whole);
    c->est_rest %= whole;
}

/* cwnd grows by a segment each so many octets that are acknowledged, to be at the target in a round trip. As Linux
 * does: counted in segments, two at least; and one in twenty as long as nothing was ever lost, since the flat beginning
 * of the curve is made for finding w_max again (above it: one in a hundred round trips). */
static uint32_t octets_per_segment(const struct tcp *t, uint32_t target)
{
    uint32_t have = t->cwnd / t->mss, want = target / t->mss;
    uint32_t n = want > have ? have / (want - have) : FLAT * have;
    bool lost_once = t->cubic.cwnd_prior != 0;
    n = !lost_once && n > UNKNOWN ? UNKNOWN : n;
    return (n > 2 ? n : 2) * t->mss;
}

static void acked(struct tcp *t, uint32_t n, nsec now)
{
    struct tcp_cubic_state *c = &t->cubic;
    n = tcp_slow_start(t, n);
    if (n == 0)
        return;
    if (c->epoch == 0)
        begin(t, now);
    uint64_t ms = (uint64_t)((now - c->epoch) / MILLISECOND);
    uint32_t target = tcp_cubic_window(c, t->mss, ms + (uint64_t)(t->rack.min_rtt / MILLISECOND));
    uint32_t most = t->cwnd + t->cwnd / 2;
    target = target < most ? target : most;
    estimate_reno(t, n);
    tcp_grow_by_count(t, n, octets_per_segment(t, target));
    if (tcp_cubic_window(c, t->mss, ms) < c->w_est && t->cwnd < c->w_est)
        t->cwnd = c->w_est;                           /* the Reno-friendly region, §4.3 */
}

/* §4.6; §4.7, fast convergence: a flow that did not get as far as last time makes room for a new one. */
static uint32_t ssthresh(struct tcp *t)
{
    struct tcp_cubic_state *c = &t->cubic;
    uint32_t least = 2u * t->mss, to = (uint32_t)((uint64_t)t->cwnd * BETA_TENTHS / 10);
    c->w_max = t->cwnd < c->w_max ? (uint32_t)((uint64_t)t->cwnd * (10 + BETA_TENTHS) / 20) : t->cwnd;
    c->cwnd_prior = t->cwnd;
    c->epoch = 0;
    return to > least ? to : least;
}

/* §4.8: the curve begins anew, from where slow start ends. */
static void timeout(struct tcp *t)
{
    memset(&t->cubic, 0, sizeof t->cubic);
    t->hystart.runs = false;
}

/* §4.2: time in which nothing was sent does not count, else cwnd would jump. */
static void silent(struct tcp *t, nsec idle)
{
    if (t->cubic.epoch)
        t->cubic.epoch += idle;
}

const struct tcp_cc tcp_cubic = {
    .name = "cubic", .rfc = "RFC 9438", .acked = acked, .ssthresh = ssthresh,
    .sample = tcp_hystart_sample, .timeout = timeout, .silent = silent,
};

const struct tcp_cc *tcp_cc_named(const char *name)
{
    static const struct tcp_cc *const all[] = { &tcp_cubic, &tcp_reno };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strcmp(all[i]->name, name) == 0)
            return all[i];
    return NULL;
}
