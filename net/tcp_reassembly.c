/* Putting text in order (RFC 9293 §3.10.7.4, seventh), and telling what came too early (RFC 2018, RFC 2883).
 *
 * Text goes straight to its place in the receive ring. What came too early lies behind a gap there, and
 * `extents` remembers which octets are really present: sorted, apart from each other, at most TCP_EXTENTS, in
 * memory of the pool that is only held while there are any, with the blocks that SACK tells before them. A
 * segment costs a search by halves and the move of at most 8 KB, whatever the peer sends (CVE-2018-5390). When they
 * are all in use, text that would need another is dropped; the peer sends it again. Text at rcv_nxt needs none and is
 * always taken, else both would wait for ever. */
#include "net/tcp.h"
#include "net/seq.h"

#include <string.h>

/* The first extent that ends at or behind seq; n_extents: none does. */
static unsigned first_from(const struct tcp *t, uint32_t seq)
{
    unsigned low = 0, high = t->n_extents;
    while (low < high) {
        unsigned middle = (low + high) / 2;
        if (seq_before(t->extents[middle].end, seq))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The blocks that are reported lie before the extents that they tell of. */
static struct tcp_extent *sacks(const struct tcp *t) { return t->extents - TCP_SACKS; }

static bool room_for_one(struct tcp *t)
{
    if ((TCP_SACKS + t->n_extents + 1) * sizeof *t->extents <= t->extents_size)
        return true;
    uint32_t size = t->extents_size ? 2 * t->extents_size : POOL_LEAST;
    if (t->n_extents == TCP_EXTENTS)
        return false;
    struct tcp_extent *more = pool_take(t->config->pool, &size);
    if (!more)
        return false;
    if (t->extents) {
        memcpy(more, sacks(t), (TCP_SACKS + t->n_extents) * sizeof *more);
        pool_give(t->config->pool, sacks(t), t->extents_size);
    }
    t->extents = more + TCP_SACKS;
    t->extents_size = size;
    return true;
}

void tcp_forget_extents(struct tcp *t)
{
    if (t->extents)
        pool_give(t->config->pool, sacks(t), t->extents_size);
    t->extents = NULL;
    t->n_extents = t->extents_size = t->n_sacks = 0;
}

/* Adds [seq, end), joined with all extents that it touches: which one it is now; -1: there is no place for it. */
static int remember(struct tcp *t, uint32_t seq, uint32_t end)
{
    unsigned first = first_from(t, seq), last = first;
    if (last == t->n_extents || seq_before(end, t->extents[last].seq)) {
        if (!room_for_one(t))
            return -1;
    } else {
        for (; last < t->n_extents && seq_upto(t->extents[last].seq, end); last++) {
            seq = seq_earlier(seq, t->extents[last].seq);
            end = seq_later(end, t->extents[last].end);
        }
    }
    struct tcp_extent *all = t->extents;
    if (last != first + 1)
        memmove(all + first + 1, all + last, (t->n_extents - last) * sizeof *all);
    t->n_extents = t->n_extents + 1 - (last - first);
    all[first] = (struct tcp_extent){ seq, end };
    return (int)first;
}

/* Takes out the extents that begin at or before `end`: how far the last of them reaches, or `end`. */
static uint32_t absorb(struct tcp *t, uint32_t end)
{
    unsigned n = 0;
    for (; n < t->n_extents && seq_upto(t->extents[n].seq, end); n++)
        end = seq_later(end, t->extents[n].end);
    t->n_extents -= n;
    if (t->n_extents == 0)
        tcp_forget_extents(t);
    else if (n)
        memmove(t->extents, t->extents + n, t->n_extents * sizeof *t->extents);
    return end;
}

/* Puts this extent first in the list of those to be reported; what it contains now goes. RFC 2018 §4: the first
 * block holds the segment that the ACK answers, the others those that were reported before. */
static void report(struct tcp *t, struct tcp_extent first)
{
    struct tcp_extent now[TCP_SACKS] = { first };
    unsigned n = 1;
    for (unsigned i = 0; i < t->n_sacks && n < TCP_SACKS; i++)
        if (seq_before(sacks(t)[i].end, first.seq) || seq_before(first.end, sacks(t)[i].seq))
            now[n++] = sacks(t)[i];
    memcpy(sacks(t), now, sizeof now);
    t->n_sacks = (uint8_t)n;
}

/* What lies before rcv_nxt is acknowledged and needs no block. */
static void forget_reported(struct tcp *t)
{
    unsigned n = 0;
    for (unsigned i = 0; i < t->n_sacks; i++)
        if (seq_before(t->rcv_nxt, sacks(t)[i].end))
            sacks(t)[n++] = sacks(t)[i];
    t->n_sacks = (uint8_t)n;
}

void tcp_came_twice(struct tcp *t, uint32_t seq, uint32_t end)
{
    if (t->sack_ok && seq_before(seq, end))
        t->dsack = (struct tcp_extent){ seq, end };
}

/* How much of [seq, end) is here already, behind a gap? The first piece is reported. */
static void find_twice(struct tcp *t, uint32_t seq, uint32_t end)
{
    unsigned i = first_from(t, seq + 1);
    if (i < t->n_extents && seq_before(t->extents[i].seq, end))
        tcp_came_twice(t, seq_later(seq, t->extents[i].seq), seq_earlier(end, t->extents[i].end));
}

static unsigned most_sacks(const struct tcp *t) { return t->timestamps_ok ? TCP_SACKS - 1 : TCP_SACKS; }

static unsigned count_sacks(const struct tcp *t)
{
    if (!t->sack_ok)
        return 0;
    unsigned n = t->n_sacks;
    n += t->dsack.seq != t->dsack.end;
    return n < most_sacks(t) ? n : most_sacks(t);
}

unsigned tcp_sacks_size(const struct tcp *t)
{
    unsigned n = count_sacks(t);
    return n ? tcp_options_size(&(struct tcp_segment){ .n_sack = n }) : 0;
}

/* RFC 2883 §4: a block about octets that came twice stands first, and once only. */
void tcp_put_sacks(struct tcp *t, struct tcp_segment *s)
{
    unsigned n = count_sacks(t), at = 0;
    if (t->dsack.seq != t->dsack.end)
        s->sack[at++] = t->dsack;
    t->dsack.end = t->dsack.seq;
    for (unsigned i = 0; at < n; i++)
        s->sack[at++] = sacks(t)[i];
    s->n_sack = n;
}

uint32_t tcp_reassemble(struct tcp *t, uint32_t seq, const uint8_t *octets, uint32_t n)
{
    n = (uint32_t)ring_place(&t->carrier.in, seq - t->rcv_nxt, octets, n);
    if (n == 0)
        return 0;
    if (t->n_extents)
        find_twice(t, seq, seq + n);
    if (seq != t->rcv_nxt) {
        int which = remember(t, seq, seq + n);
        if (which >= 0 && t->sack_ok)
            report(t, t->extents[which]);
        return 0;
    }
    uint32_t readable = (t->n_extents ? absorb(t, seq + n) : seq + n) - t->rcv_nxt;
    ring_commit(&t->carrier.in, readable);
    t->rcv_nxt += readable;
    t->octets_received += readable;
    t->rcv_wnd -= readable;                           /* its right edge stays where it is */
    if (t->n_sacks)
        forget_reported(t);
    return readable;
}
