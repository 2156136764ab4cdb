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

uint32_t tcp_reassemble(struct tcp *t, uint32_t seq, const uint8_t *octets, uint32_t n)
{
    n = (uint32_t)ring_place(&t->carrier.in, seq - t->rcv_nxt, octets, n);
    if (n == 0 || !remember(t, seq, seq + n) || t->extents[0].seq != t->rcv_nxt)
        return 0;
    uint32_t readable = t->extents[0].end - t->rcv_nxt;
    memmove(t->extents, t->extents + 1, --t->n_extents * sizeof *t->extents);
    ring_commit(&t->carrier.in, readable);
    t->rcv_nxt += readable;
    t->octets_received += readable;
    t->rcv_wnd -= readable;                           /* its right edge stays where it is */
    return readable;
}

uint32_t tcp_window(const struct tcp *t)
{
    size_t room = ring_room(&t->carrier.in);
    return room < TCP_WINDOW_MOST ? (uint32_t)room : TCP_WINDOW_MOST;
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
