/* Putting text in order (RFC 9293 §3.10.7.4, seventh), and the window that says how much may come (§3.8.6).
 *
 * Text goes straight to its place in the receive ring. What came too early lies behind a gap there, and
 * `extents` remembers which octets are really present: sorted, apart from each other, at most TCP_EXTENTS. So
 * a segment costs at most a walk over that many, whatever the peer sends (CVE-2018-5390). When they are all
 * in use, text that would need another is dropped; the peer sends it again. Only text at rcv_nxt is always
 * taken, else both would wait for ever: it stands in a place of its own for as long as this call lasts. */
#include "net/tcp.h"
#include "net/seq.h"

#include <string.h>

/* Adds [seq, end), joined with all extents that it touches. False: there is no place for one more. */
static bool remember(struct tcp *t, uint32_t seq, uint32_t end)
{
    struct tcp_extent *all = t->extents;
    unsigned first = 0;
    while (first < t->n_extents && seq_before(all[first].end, seq))
        first++;
    unsigned last = first;                            /* [first, last) touch the new one */
    for (; last < t->n_extents && seq_upto(all[last].seq, end); last++) {
        seq = seq_earlier(seq, all[last].seq);
        end = seq_later(end, all[last].end);
    }
    unsigned places = seq == t->rcv_nxt ? TCP_EXTENTS + 1 : TCP_EXTENTS;
    if (last == first && t->n_extents == places)
        return false;
    memmove(all + first + 1, all + last, (t->n_extents - last) * sizeof *all);
    t->n_extents = t->n_extents + 1 - (last - first);
    all[first] = (struct tcp_extent){ seq, end };
    return true;
}

/* Puts this extent first in the list of those to be reported; what it contains now goes. RFC 2018 §4: the first
 * block holds the segment that the ACK answers, the others those that were reported before. */
static void report(struct tcp *t, struct tcp_extent first)
{
    struct tcp_extent now[TCP_SACKS] = { first };
    unsigned n = 1;
    for (unsigned i = 0; i < t->n_sacks && n < TCP_SACKS; i++)
        if (seq_before(t->sacks[i].end, first.seq) || seq_before(first.end, t->sacks[i].seq))
            now[n++] = t->sacks[i];
    memcpy(t->sacks, now, sizeof now);
    t->n_sacks = n;
}

/* What lies before rcv_nxt is acknowledged and needs no block. */
static void forget_reported(struct tcp *t)
{
    unsigned n = 0;
    for (unsigned i = 0; i < t->n_sacks; i++)
        if (seq_before(t->rcv_nxt, t->sacks[i].end))
            t->sacks[n++] = t->sacks[i];
    t->n_sacks = n;
}

void tcp_came_twice(struct tcp *t, uint32_t seq, uint32_t end)
{
    if (t->sack_ok && seq_before(seq, end))
        t->dsack = (struct tcp_extent){ seq, end };
}

/* How much of [seq, end) is here already, behind a gap? The first piece is reported. */
static void find_twice(struct tcp *t, uint32_t seq, uint32_t end)
{
    for (unsigned i = 0; i < t->n_extents && seq_before(t->extents[i].seq, end); i++)
        if (seq_before(seq, t->extents[i].end)) {
            tcp_came_twice(t, seq_later(seq, t->extents[i].seq), seq_earlier(end, t->extents[i].end));
            return;
        }
}

static unsigned most_sacks(const struct tcp *t) { return t->timestamps_ok ? TCP_SACKS - 1 : TCP_SACKS; }

static unsigned count_sacks(const struct tcp *t)
{
    unsigned n = t->n_sacks + (t->dsack.seq != t->dsack.end);
    return n < most_sacks(t) ? n : most_sacks(t);
}

unsigned tcp_sacks_size(const struct tcp *t)
{
    return tcp_options_size(&(struct tcp_segment){ .n_sack = count_sacks(t) });
}

/* RFC 2883 §4: a block about octets that came twice stands first, and once only. */
void tcp_put_sacks(struct tcp *t, struct tcp_segment *s)
{
    unsigned n = count_sacks(t), at = 0;
    if (t->dsack.seq != t->dsack.end)
        s->sack[at++] = t->dsack;
    t->dsack.end = t->dsack.seq;
    for (unsigned i = 0; at < n; i++)
        s->sack[at++] = t->sacks[i];
    s->n_sack = n;
}

static struct tcp_extent extent_with(const struct tcp *t, uint32_t seq)
{
    unsigned i = 0;
    while (i + 1 < t->n_extents && seq_upto(t->extents[i].end, seq))
        i++;
    return t->extents[i];
}

uint32_t tcp_reassemble(struct tcp *t, uint32_t seq, const uint8_t *octets, uint32_t n)
{
    n = (uint32_t)ring_place(&t->carrier.in, seq - t->rcv_nxt, octets, n);
    if (n == 0)
        return 0;
    find_twice(t, seq, seq + n);
    if (!remember(t, seq, seq + n))
        return 0;
    if (t->extents[0].seq != t->rcv_nxt) {
        if (t->sack_ok)
            report(t, extent_with(t, seq));
        return 0;
    }
    uint32_t readable = t->extents[0].end - t->rcv_nxt;
    memmove(t->extents, t->extents + 1, --t->n_extents * sizeof *t->extents);
    ring_commit(&t->carrier.in, readable);
    t->rcv_nxt += readable;
    t->octets_received += readable;
    t->rcv_wnd -= readable;                           /* its right edge stays where it is */
    forget_reported(t);
    return readable;
}

uint32_t tcp_window(const struct tcp *t)
{
    size_t room = ring_room(&t->carrier.in), most = (size_t)TCP_WINDOW_MOST << t->rcv_wind_shift;
    return room < most ? (uint32_t)room : (uint32_t)most;
}

/* Silly window avoidance, RFC 9293 §3.8.6.2.2: the edge moves by two segments or half the ring at least, or
 * not at all. */
bool tcp_window_grew(const struct tcp *t)
{
    uint32_t room = tcp_window(t), worth = 2u * t->config->mss;
    if (worth > t->config->window / 2)
        worth = t->config->window / 2;
    return room > t->rcv_wnd && room - t->rcv_wnd >= worth;
}
