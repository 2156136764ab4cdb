/* Is the peer still there? Keepalives (RFC 9293 §3.8.4) ask when nothing came for long; the user timeout (§3.9.1.8)
 * says how long anything of ours may wait for an ACK, or for a window. Each end may tell the other its own (RFC
 * 5482). */
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

/* --- the user timeout --- */

static nsec or_else(nsec given, nsec usual) { return given ? given : usual; }

void tcp_alive_start(struct tcp *t)
{
    const struct tcp_config *c = t->config;
    t->alive.waits_since = NEVER;
    t->tells_timeout = c->user_timeout_option;
    t->user_timeout = c->user_timeout_option ? or_else(c->user_timeout, TCP_USER_TIMEOUT) : c->user_timeout;
}

/* RFC 5482 §3.1: no less than either end wishes, and between our bounds, so that nobody can keep what is dead here for
 * ever, nor have us give up at once. */
void tcp_alive_told(struct tcp *t, const struct tcp_segment *s)
{
    const struct tcp_config *c = t->config;
    if (!c->user_timeout_option || !s->user_timeout)
        return;
    nsec ours = or_else(c->user_timeout, TCP_USER_TIMEOUT), theirs = s->user_timeout * SECOND;
    nsec least = or_else(c->user_timeout_least, TCP_USER_TIMEOUT_LEAST);
    nsec most = or_else(c->user_timeout_most, TCP_USER_TIMEOUT_MOST), longer = theirs > ours ? theirs : ours;
    longer = longer > least ? longer : least;
    t->user_timeout = longer < most ? longer : most;
}

unsigned tcp_alive_telling(const struct tcp *t)
{
    return t->tells_timeout ? tcp_options_size(&(struct tcp_segment){ .user_timeout = 1 }) : 0;
}

/* RFC 5482 §3: in the SYN, and once more in the first segment behind it: a SYN cookie keeps nothing of a SYN. Full
 * SACK blocks leave no room. */
void tcp_alive_tell(struct tcp *t, struct tcp_segment *s)
{
    if (!t->tells_timeout || s->flags & TCP_RST || s->n_sack)
        return;
    nsec seconds = or_else(t->config->user_timeout, TCP_USER_TIMEOUT) / SECOND;
    s->user_timeout = seconds ? (uint32_t)seconds : 1;
    t->tells_timeout = s->flags & TCP_SYN;
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
