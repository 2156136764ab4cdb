/* watch_limits.c - how long a record may be, where both ends agreed on less than 2^14: record_size_limit (RFC 8449)
 * and max_fragment_length (RFC 6066 §4). What is longer its receiver refuses with record_overflow.
 *
 * record_size_limit is what an end wants to receive, of sealed records alone; in TLS 1.3 content type and padding
 * count. max_fragment_length holds for both, for plain records, too, and at once. */
#include "tls/watch_inside.h"

static const struct ground record_overflow = { "tls.record_overflow", "RFC 5246 §6.2.1" };

enum { FRAGMENT_CODES = 4 };

void watch_limits_asked(struct tls_watch *w, const struct tls_extensions *x)
{
    struct watch_limits *l = &w->limits;
    l->asked_size = x->seen & EXT_RECORD_SIZE_LIMIT ? x->record_size_limit : 0;
    l->asked_fragment = x->seen & EXT_MAX_FRAGMENT_LENGTH ? x->max_fragment : 0;
}

void watch_limits_agreed(struct tls_watch *w, const struct tls_extensions *x)
{
    struct watch_limits *l = &w->limits;
    const unsigned code = x->seen & EXT_MAX_FRAGMENT_LENGTH ? x->max_fragment : 0;
    const bool sizes = x->seen & EXT_RECORD_SIZE_LIMIT && l->asked_size;
    l->next[WATCH_SERVER] = sizes ? l->asked_size : 0;
    l->next[WATCH_CLIENT] = sizes ? x->record_size_limit : 0;
    l->fragment = code && code <= FRAGMENT_CODES && code == l->asked_fragment ? 256u << code : 0;
    w->facts.record_limit[WATCH_SERVER] = l->fragment && !sizes ? l->fragment : l->next[WATCH_SERVER];
    w->facts.record_limit[WATCH_CLIENT] = l->fragment && !sizes ? l->fragment : l->next[WATCH_CLIENT];
}

void watch_limits_begin(struct tls_watch *w, unsigned side) { w->limits.size[side] = w->limits.next[side]; }

void watch_limits_judge(struct tls_watch *w, unsigned side, const struct record *rec, bool sealed)
{
    const struct watch_limits *l = &w->limits;
    struct fault why = { 0 };
    const size_t n = w->facts.version == TLS_1_3 ? rec->opened_n : rec->content_n;
    if (sealed && l->size[side] && n > l->size[side])
        refuse(&why, &record_overflow, "a record as short as record_size_limit has it",
               "%zu octets, and the limit is %u", n, l->size[side]);
    else if (l->fragment && rec->content_n > l->fragment)
        refuse(&why, &record_overflow, "a record as short as max_fragment_length has it",
               "%zu octets, and the limit is %u", rec->content_n, l->fragment);
    if (why.ground && !(w->side[side].long_said & 1u << sealed)) {
        watch_fault(w, WATCH_BAD_RECORD, side, 0, &why);
        w->side[side].long_said |= (uint8_t)(1u << sealed);
    }
}
