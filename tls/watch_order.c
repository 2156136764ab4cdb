/* watch_order.c - is it this message's turn? As the rows of the engines' own machine say (machine.h), of all the states
 * that a side may be in by what was seen. */
#include "tls/watch_inside.h"

static const struct ground unexpected = { "tls.unexpected_message", "RFC 5246 §7.3" };

/* Where a row leads, all its ends. */
static uint32_t ends_of(const struct tls_row *row)
{
    uint32_t to = 0;
    for (unsigned k = 0; k < TLS_ROW_ENDS && row->to[k] != AT_START; k++)
        to |= watch_bit(row->to[k]);
    return to;
}

uint32_t watch_next_states(bool server, uint32_t may, unsigned type, const struct tls_row **row)
{
    uint32_t to = 0;
    for (unsigned state = 0; state < TLS_STATES; state++) {
        const enum tls_state at = (enum tls_state)state;
        const struct tls_row *r = may & watch_bit(at) ? tls_find_row(server, at, type) : NULL;
        to |= r ? ends_of(r) : 0;
        if (r && !*row)
            *row = r;
    }
    return to;
}

static enum tls_state first_of(uint32_t may)
{
    unsigned state = 0;
    while (state < TLS_STATES && !(may & watch_bit((enum tls_state)state)))
        state++;
    return state < TLS_STATES ? (enum tls_state)state : AT_START;
}

bool watch_step(struct tls_watch *w, unsigned side, unsigned type)
{
    char may_come[96];
    const bool server = side == WATCH_CLIENT;
    struct watch_side *s = &w->side[side];
    struct tls *t = &w->reader[side];
    struct fault why = { 0 };
    const struct tls_row *row = NULL;
    const enum tls_state from = first_of(s->may);
    uint32_t to = watch_next_states(server, s->may, type, &row);
    bool good = to != 0;
    if (!good) {
        refuse_about(&why, &unexpected, tls_state_words(from), tls_may_come(server, from, may_come, sizeof may_come),
                     "%s in state %s", tls_message_words(type) ? tls_message_words(type) : "an unknown message",
                     tls_state_words(from));
        watch_fault(w, WATCH_BAD_ORDER, side, type, &why);
        to = watch_next_states(server, ~0u, type, &row);
    }
    if (!to)                                          /* no table knows it: nothing is said of what comes next */
        return good;
    t->state = first_of(to);
    if (good)
        tell_state(t, row, t->state);
    s->may = to;
    return good;
}

void watch_narrow(struct tls_watch *w, unsigned side, uint32_t to)
{
    uint32_t *may = &w->side[side].may;
    if (*may & to && *may != ~0u)
        *may &= to;
    if (*may != ~0u)
        w->reader[side].state = first_of(*may);
}
