/* The scoreboard: slots that do not move (so that lists can link them), and beside them their order by sequence
 * number, two octets each, in which we search by halving and make room by moving. */
#include "net/tcp_sent.h"
#include "net/seq.h"

#include <string.h>

static struct sent_record *slot(struct tcp_sent *s, uint16_t i) { return s->size ? &s->slots[i] : &s->one; }
static uint16_t number(const struct tcp_sent *s, const struct sent_record *r)
{
    return s->size ? (uint16_t)(r - s->slots) : 0;
}
static uint32_t span(const struct sent_record *r) { return r->end - r->seq; }

static void start_lists(struct tcp_sent *s)
{
    s->out = s->lost = (struct sent_list){ SENT_NONE, SENT_NONE };
    s->free = SENT_NONE;
    s->used = s->first = s->n = 0;
    s->octets = s->octets_lost = s->octets_sacked = 0;
}

void tcp_sent_start(struct tcp_sent *s, struct pool *pool)
{
    *s = (struct tcp_sent){ .pool = pool, .room = 1 };
    start_lists(s);
}

void tcp_sent_end(struct tcp_sent *s)
{
    if (s->size)
        pool_give(s->pool, s->slots, s->size);
    tcp_sent_start(s, s->pool);
}

/* --- slots and their order --- */

/* A piece has the slots first, their order behind them. What is there moves over as it is. */
static bool grow(struct tcp_sent *s)
{
    uint32_t size = s->size ? 2 * s->size : SENT_LEAST_PIECE;
    uint8_t *piece = size > SENT_MOST_PIECE || !s->pool ? NULL : pool_take(s->pool, &size);
    if (!piece)
        return false;
    uint16_t room = (uint16_t)(size / (sizeof *s->slots + sizeof *s->order));
    struct sent_record *slots = (struct sent_record *)(void *)piece;
    uint16_t *order = (uint16_t *)(void *)(slots + room);
    memcpy(slots, s->size ? s->slots : &s->one, s->used * sizeof *slots);
    for (uint16_t i = 0; i < s->n; i++)
        order[i] = s->size ? s->order[s->first + i] : 0;
    if (s->size)
        pool_give(s->pool, s->slots, s->size);
    s->slots = slots;
    s->order = order;
    s->size = size;
    s->room = room;
    s->first = 0;
    return true;
}

/* A slot for one more; NULL: there is no memory. Pointers to others no longer hold. */
static struct sent_record *take_slot(struct tcp_sent *s)
{
    if (s->free != SENT_NONE) {
        struct sent_record *r = slot(s, s->free);
        s->free = r->after;
        return r;
    }
    if (s->used == s->room && !grow(s))
        return NULL;
    return slot(s, s->used++);
}

static void give_slot(struct tcp_sent *s, struct sent_record *r)
{
    r->after = s->free;
    s->free = number(s, r);
}

struct sent_record *tcp_sent_at(struct tcp_sent *s, unsigned i)
{
    return s->size ? &s->slots[s->order[s->first + i]] : &s->one;
}

/* The shorter side moves, or the one that has room. */
static void insert(struct tcp_sent *s, unsigned at, uint16_t which)
{
    if (!s->size) {
        s->n = 1;
        return;
    }
    bool room_behind = s->first + s->n < s->room;
    uint16_t *all = s->order + s->first;
    if (s->first && (at < s->n / 2u || !room_behind)) {
        memmove(all - 1, all, at * sizeof *all);
        s->first--;
    } else {
        memmove(all + at + 1, all + at, (s->n - at) * sizeof *all);
    }
    s->n++;
    s->order[s->first + at] = which;
}

static void take_out(struct tcp_sent *s, unsigned at)
{
    if (s->size && at < s->n / 2u) {
        uint16_t *all = s->order + s->first;
        memmove(all + 1, all, at * sizeof *all);
        s->first++;
    } else if (s->size) {
        uint16_t *all = s->order + s->first;
        memmove(all + at, all + at + 1, (s->n - at - 1u) * sizeof *all);
    }
    s->n--;
}

/* Which record has this octet; n: it lies behind all. */
static unsigned place_of(struct tcp_sent *s, uint32_t seq)
{
    unsigned low = 0, high = s->n;
    while (low < high) {
        unsigned middle = (low + high) / 2;
        if (seq_upto(tcp_sent_at(s, middle)->end, seq))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* --- the two lists --- */

static struct sent_list *list_of(struct tcp_sent *s, const struct sent_record *r)
{
    return r->place == SENT_OUT ? &s->out : r->place == SENT_LOST ? &s->lost : NULL;
}

/* Behind this one of the list; NULL: first of all. */
static void link_behind(struct tcp_sent *s, struct sent_list *list, struct sent_record *before, struct sent_record *r)
{
    uint16_t i = number(s, r), after = before ? before->after : list->first;
    r->before = before ? number(s, before) : SENT_NONE;
    r->after = after;
    *(before ? &before->after : &list->first) = i;
    *(after != SENT_NONE ? &slot(s, after)->before : &list->last) = i;
}

static void unlink_from(struct tcp_sent *s, struct sent_list *list, struct sent_record *r)
{
    *(r->before != SENT_NONE ? &slot(s, r->before)->after : &list->first) = r->after;
    *(r->after != SENT_NONE ? &slot(s, r->after)->before : &list->last) = r->before;
}

static struct sent_record *in_list(struct tcp_sent *s, uint16_t i) { return i == SENT_NONE ? NULL : slot(s, i); }

static void count(struct tcp_sent *s, const struct sent_record *r, bool comes)
{
    uint32_t n = comes ? span(r) : 0 - span(r);
    if (r->place == SENT_LOST)
        s->octets_lost += n;
    else if (r->place == SENT_SACKED)
        s->octets_sacked += n;
}

static void leave(struct tcp_sent *s, struct sent_record *r)
{
    struct sent_list *list = list_of(s, r);
    if (list)
        unlink_from(s, list, r);
    count(s, r, false);
}

/* To the end of the list of its new place; among those to be sent again, what is earlier goes first. */
static void enter(struct tcp_sent *s, struct sent_record *r, enum sent_place place)
{
    r->place = (uint8_t)place;
    struct sent_list *list = list_of(s, r);
    struct sent_record *behind = list ? in_list(s, list->last) : NULL, *first = list ? in_list(s, list->first) : NULL;
    if (place == SENT_LOST && first && seq_before(r->seq, first->seq))
        behind = NULL;
    if (list)
        link_behind(s, list, behind, r);
    count(s, r, true);
}

/* --- what callers do --- */

struct sent_record *tcp_sent_first(struct tcp_sent *s) { return s->n ? tcp_sent_at(s, 0) : NULL; }
struct sent_record *tcp_sent_last(struct tcp_sent *s) { return s->n ? tcp_sent_at(s, s->n - 1u) : NULL; }
struct sent_record *tcp_sent_oldest(struct tcp_sent *s) { return in_list(s, s->out.first); }
struct sent_record *tcp_sent_next(struct tcp_sent *s) { return in_list(s, s->lost.first); }

void tcp_sent_add(struct tcp_sent *s, uint32_t seq, uint32_t end, nsec now)
{
    struct sent_record *r = take_slot(s), *last;
    s->octets += end - seq;
    if (!r) {                                         /* it shares the last one's record, whatever that is */
        last = tcp_sent_last(s);
        leave(s, last);
        last->end = end;
        last->sent_at = now;
        enter(s, last, SENT_OUT);
        return;
    }
    *r = (struct sent_record){ .seq = seq, .end = end, .sent_at = now };
    insert(s, s->n, number(s, r));
    enter(s, r, SENT_OUT);
}

struct sent_record *tcp_sent_cut(struct tcp_sent *s, struct sent_record *r, uint32_t at)
{
    uint16_t i = number(s, r);
    struct sent_record *rest = take_slot(s);
    r = slot(s, i);
    if (!rest)
        return r;
    *rest = *r;
    r->end = rest->seq = at;
    insert(s, place_of(s, at - 1) + 1, number(s, rest));
    if (list_of(s, r))
        link_behind(s, list_of(s, r), r, rest);
    return rest;
}

/* Nothing is left: memory goes back, but not what a connection that sends on will want again at once. */
static void rest_if_empty(struct tcp_sent *s)
{
    if (s->n == 0 && s->size)
        tcp_sent_end(s);
    else if (s->n == 0)
        start_lists(s);
}

bool tcp_sent_acked(struct tcp_sent *s, uint32_t una, struct sent_record *gone)
{
    struct sent_record *r = tcp_sent_first(s);
    if (!r || seq_upto(una, r->seq))
        return false;
    *gone = *r;
    if (seq_before(una, r->end))
        gone->end = una;
    s->octets -= span(gone);
    count(s, gone, false);
    r->seq = gone->end;
    if (r->seq == r->end) {
        struct sent_list *list = list_of(s, r);
        if (list)
            unlink_from(s, list, r);
        take_out(s, 0);
        give_slot(s, r);
        rest_if_empty(s);
    }
    return true;
}

/* Neighbours that are both at the peer become one: the later one's slot is free. */
static void join(struct tcp_sent *s, unsigned at)
{
    if (at + 1 >= s->n)
        return;
    struct sent_record *a = tcp_sent_at(s, at), *b = tcp_sent_at(s, at + 1);
    if (a->place != SENT_SACKED || b->place != SENT_SACKED)
        return;
    a->end = b->end;
    a->again |= b->again;
    take_out(s, at + 1);
    give_slot(s, b);
}

/* The part of this record, in whole segments from its start, that lies in the block; its end too when the block
 * reaches that far. False: none. */
static bool covered(const struct sent_record *r, struct tcp_extent block, uint32_t mss, uint32_t *from, uint32_t *to)
{
    uint32_t skip = seq_before(r->seq, block.seq) ? block.seq - r->seq : 0;
    uint32_t upto = seq_before(block.end, r->end) ? block.end - r->seq : span(r);
    if (skip)
        skip = (skip + mss - 1) / mss * mss;
    if (upto < span(r))
        upto -= upto % mss;
    *from = r->seq + skip;
    *to = r->seq + upto;
    return skip < upto;
}

bool tcp_sent_sacked(struct tcp_sent *s, struct tcp_extent block, uint32_t mss, struct sent_record *now)
{
    uint32_t from, to;
    for (unsigned at = place_of(s, block.seq); at < s->n; at++) {
        struct sent_record *r = tcp_sent_at(s, at);
        if (!seq_before(r->seq, block.end))
            return false;
        if (r->place == SENT_SACKED || !covered(r, block, mss, &from, &to))
            continue;
        if (from != r->seq) {
            if (tcp_sent_cut(s, r, from)->seq != from)
                return false;
            r = tcp_sent_at(s, ++at);
        }
        if (to != r->end) {
            if (tcp_sent_cut(s, r, to)->seq != to)
                return false;
            r = tcp_sent_at(s, at);
        }
        *now = *r;
        leave(s, r);
        enter(s, r, SENT_SACKED);
        join(s, at);
        if (at)
            join(s, at - 1);
        return true;
    }
    return false;
}

void tcp_sent_lose(struct tcp_sent *s, struct sent_record *r, uint8_t why, event_no cause)
{
    leave(s, r);
    r->why = why;
    r->cause = cause;
    enter(s, r, SENT_LOST);
}

void tcp_sent_lose_first(struct tcp_sent *s, uint32_t n, uint8_t why, event_no cause)
{
    struct sent_record *first = tcp_sent_first(s);
    if (!first || first->place != SENT_OUT)
        return;
    if (span(first) > n)
        tcp_sent_cut(s, first, first->seq + n);
    tcp_sent_lose(s, tcp_sent_first(s), why, cause);
}

void tcp_sent_lose_all(struct tcp_sent *s, nsec before, bool sacked_too, uint8_t why, event_no cause)
{
    for (unsigned i = 0; i < s->n; i++) {
        struct sent_record *r = tcp_sent_at(s, i);
        if (r->place == SENT_SACKED ? !sacked_too : i && r->sent_at >= before)
            continue;
        r->again |= r->place == SENT_SACKED;          /* its time is that of several: no sample of a round trip */
        tcp_sent_lose(s, r, why, cause);
    }
}

void tcp_sent_find(struct tcp_sent *s)
{
    for (struct sent_record *r; (r = in_list(s, s->lost.last)) != NULL;) {
        leave(s, r);
        r->place = SENT_OUT;
        link_behind(s, &s->out, NULL, r);
    }
}

uint32_t tcp_sent_gather(struct tcp_sent *s, uint32_t most)
{
    struct sent_record *r = tcp_sent_next(s);
    unsigned behind = place_of(s, r->seq) + 1;
    while (behind < s->n) {
        struct sent_record *next = tcp_sent_at(s, behind);
        uint16_t i = number(s, r);
        if (next->place != SENT_LOST || span(r) >= most)
            break;
        if (next->end - r->seq > most)
            tcp_sent_cut(s, next, r->seq + most);
        next = tcp_sent_at(s, behind);
        r = slot(s, i);
        if (next->end - r->seq > most)
            break;                                    /* no memory */
        unlink_from(s, &s->lost, next);
        r->end = next->end;
        take_out(s, behind);
        give_slot(s, next);
    }
    return span(r);
}

void tcp_sent_again(struct tcp_sent *s, struct sent_record *r, uint32_t n, nsec now)
{
    uint16_t i = number(s, r);
    if (n < span(r))
        tcp_sent_cut(s, r, r->seq + n);
    r = slot(s, i);
    leave(s, r);
    r->sent_at = now;
    r->again = true;
    enter(s, r, SENT_OUT);
}
