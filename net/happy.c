#include "net/happy.h"

#include <string.h>

static const char next_label[] = "calls the next one 250 ms after the last";

enum { FOUR, SIX };

static bool all_known(const struct happy *h)
{
    return (!h->family[FOUR].asked || h->family[FOUR].known) && (!h->family[SIX].asked || h->family[SIX].known);
}

static bool any_left(const struct happy *h)
{
    return h->family[FOUR].next < h->family[FOUR].n || h->family[SIX].next < h->family[SIX].n;
}

static unsigned under_way(const struct happy *h)
{
    unsigned n = 0;
    for (unsigned i = 0; i < h->n; i++)
        n += h->to[i].state == HAPPY_CALLED;
    return n;
}

/* With one address there is nothing to choose, and nothing to tell. */
static bool worth_telling(const struct happy *h)
{
    return trace_hears(h->voice.trace)
           && ((h->family[FOUR].asked && h->family[SIX].asked) || h->family[FOUR].n + h->family[SIX].n > 1);
}

static void tell(const struct happy *h, const char *name, const char *rfc, const char *label, const struct addr *addr,
                 const char *by)
{
    char text[ADDR_TEXT];
    if (!worth_telling(h))
        return;
    const struct attr attrs[] = { attr_text("address", addr_text(addr, text)),
                                  attr_number("under_way", under_way(h)) };
    trace_emit(h->voice.trace, &(struct event){
        .kind = EVENT_MARK, .level = LEVEL_PACKETS, .layer = "happy", .name = name, .label = label, .rfc = rfc,
        .by = by, .host = h->voice.host, .conn = h->voice.conn, .attrs = attrs,
        .n_attrs = sizeof attrs / sizeof *attrs });
}

static event_no tell_timer(const struct happy *h, const char *what, const char *label, nsec after, event_no cause)
{
    if (!worth_telling(h))
        return 0;
    const struct attr attrs[] = { attr_text("timer", h->timer), attr_text("what", what),
                                  attr_number("after_ns", (uint64_t)after) };
    return trace_emit(h->voice.trace, &(struct event){
        .kind = EVENT_TIMER, .level = LEVEL_PACKETS, .layer = "happy", .name = h->timer, .label = label,
        .rfc = "RFC 8305 §5", .by = __func__, .host = h->voice.host, .conn = h->voice.conn, .cause = cause,
        .attrs = attrs, .n_attrs = after ? 3 : 2 });
}

/* The next one is not called before. */
static void wait(struct happy *h, const char *timer, nsec after, const char *label, nsec now)
{
    h->earliest = now + after;
    h->timer = timer;
    h->set = tell_timer(h, "set", label, after, 0);
}

static void wait_no_more(struct happy *h, nsec now)
{
    h->earliest = now;
    h->timer = NULL;
}

/* What comes then is because of the timer. */
static void fired(struct happy *h)
{
    event_no n = tell_timer(h, "fired", NULL, 0, h->set);
    if (n)
        trace_because(h->voice.trace, n);
    h->timer = NULL;
}

void happy_start(struct happy *h, bool four, bool six, const struct voice *voice)
{
    *h = (struct happy){ .voice = *voice, .earliest = NEVER };
    h->family[FOUR].asked = four;
    h->family[SIX].asked = six;
}

/* RFC 8305 §3: an answer for IPv6, or its absence, begins at once; one for IPv4 waits a moment for it. */
static void begin(struct happy *h, nsec now)
{
    bool six_open = h->family[SIX].asked && !h->family[SIX].known;
    if (h->earliest != NEVER && !(h->earliest > now && !six_open))
        return;
    if (six_open)
        wait(h, "resolution_delay", HAPPY_RESOLUTION_DELAY, "waits for an IPv6 address for 50 ms", now);
    else
        wait_no_more(h, now);
}

void happy_know(struct happy *h, const struct addr *addr, unsigned n, bool six, nsec now)
{
    unsigned f = six ? SIX : FOUR;
    h->family[f].known = true;
    h->family[f].n = n < HAPPY_A_FAMILY ? n : HAPPY_A_FAMILY;
    if (n)
        memcpy(h->family[f].addr, addr, h->family[f].n * sizeof *addr);
    if (h->n == 0 && any_left(h))
        begin(h, now);
    else if (any_left(h) && !h->timer && h->earliest > now)
        wait(h, "attempt_delay", h->earliest - now, next_label, now);
}

bool happy_due(const struct happy *h, nsec now) { return !h->won && any_left(h) && h->earliest <= now; }

int happy_next(struct happy *h, nsec now)
{
    if (!happy_due(h, now))
        return -1;
    if (h->timer)
        fired(h);
    bool six = h->n == 0 || !h->six_last;             /* §4: in turns, IPv6 first */
    if (h->family[six].next == h->family[six].n)
        six = !six;
    const struct addr *a = &h->family[six].addr[h->family[six].next++];
    int i = (int)h->n++;
    h->to[i].addr = *a;
    h->to[i].state = HAPPY_CALLED;
    h->six_last = six;
    tell(h, "calls", "RFC 8305 §5", six ? "calls the IPv6 address" : "calls the IPv4 address", a, __func__);
    if (any_left(h))
        wait(h, "attempt_delay", HAPPY_ATTEMPT_DELAY, next_label, now);
    else
        h->earliest = now + HAPPY_ATTEMPT_DELAY;
    return i;
}

void happy_failed(struct happy *h, unsigned i, nsec now)
{
    h->to[i].state = HAPPY_FAILED;
    wait_no_more(h, now);
    tell(h, "failed", "RFC 8305 §5", "this address does not answer; the next one, at once", &h->to[i].addr, __func__);
}

void happy_won(struct happy *h, unsigned i, nsec now)
{
    (void)now;
    h->to[i].state = HAPPY_WON;
    h->won = true;
    tell(h, "won", "RFC 8305 §5", under_way(h) ? "this one was first; the others are given up" : "this one was first",
         &h->to[i].addr, __func__);
}

nsec happy_wake(const struct happy *h) { return !h->won && any_left(h) ? h->earliest : NEVER; }

bool happy_lost(const struct happy *h) { return !h->won && all_known(h) && !any_left(h) && under_way(h) == 0; }
