/* Is the peer still there? Keepalives (RFC 9293 §3.8.4) ask when nothing came for long; the user timeout (§3.9.1.8, RFC
 * 5482) says how long anything of ours may wait for an ACK, or for a window. */
#include "net/tcp.h"

#define KEEPALIVE_EVERY (75 * SECOND)                 /* as BSD and Linux have it */
enum { KEEPALIVE_TRIES = 9 };

static const struct ground not_alive = { "tcp.not_alive", "RFC 9293 §3.8.4" };
static const struct ground user_timeout = { "tcp.user_timeout", "RFC 9293 §3.9.1.8" };

static nsec every(const struct tcp *t)
{
    return t->config->keepalive_every ? t->config->keepalive_every : KEEPALIVE_EVERY;
}

static unsigned tries(const struct tcp *t)
{
    return t->config->keepalive_tries ? t->config->keepalive_tries : KEEPALIVE_TRIES;
}

void tcp_alive_heard(struct tcp *t, nsec now)
{
    t->alive.heard = now;
    t->alive.asked = 0;
    if (t->config->keepalive_idle && tcp_synchronized(t) && t->state != TCP_TIME_WAIT
        && !tcp_timer_runs(t, TCP_TIMER_KEEPALIVE))
        tcp_timer_set(t, TCP_TIMER_KEEPALIVE, now, t->config->keepalive_idle);
}

/* Whatever is under way asks by itself. */
void tcp_alive_fired(struct tcp *t, event_no fired, nsec now)
{
    nsec silent = now - t->alive.heard, idle = t->config->keepalive_idle;
    bool asks = t->snd_una != t->snd_nxt || t->carrier.out.len;
    if (silent < idle || asks) {
        tcp_timer_set(t, TCP_TIMER_KEEPALIVE, now, asks ? idle : idle - silent);
        return;
    }
    if (t->alive.asked >= tries(t)) {
        struct fault why = { 0 };
        refuse(&why, &not_alive, "an answer to our keepalive", "nothing, though we sent it %u times", t->alive.asked);
        tcp_set_due(t, TCP_DUE_RST, fired);
        tcp_end(t, TCP_GAVE_UP, &why);
        return;
    }
    t->alive.asked++;
    tcp_set_due(t, TCP_DUE_KEEPALIVE, fired);
    tcp_timer_set(t, TCP_TIMER_KEEPALIVE, now, every(t));
}

void tcp_alive_waits(struct tcp *t, bool waits, nsec now)
{
    if (!waits)
        t->alive.waits_since = NEVER;
    else if (t->alive.waits_since == NEVER)
        t->alive.waits_since = now;
}

nsec tcp_alive_at_most(const struct tcp *t, nsec after, nsec now)
{
    if (!t->user_timeout || t->alive.waits_since == NEVER)
        return after;
    nsec left = t->alive.waits_since + t->user_timeout - now;
    left = left > MILLISECOND ? left : MILLISECOND;
    return left < after ? left : after;
}

bool tcp_alive_gave_up(struct tcp *t, nsec now)
{
    if (!t->user_timeout || t->alive.waits_since == NEVER || now - t->alive.waits_since < t->user_timeout)
        return false;
    struct fault why = { 0 };
    refuse(&why, &user_timeout, "an acknowledgment of what we sent", "nothing for %lld ms",
           (long long)(t->user_timeout / MILLISECOND));
    tcp_end(t, TCP_GAVE_UP, &why);
    return true;
}
