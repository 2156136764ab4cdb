/* One side's octets in order. Text at `next` goes to the ring, which is one copy; what came too early waits in a
 * piece of its own and is copied once more. Unlike our own receiver (tcp_reassembly.c) nobody here granted a
 * window, so places are not kept free for what is missing: a segment far ahead costs what it holds.
 *
 * `next` moves on over what was delivered; what the snaplen cut off is `cut` octets at `next`, until a whole copy
 * comes or flow_skip passes them. */
#include "net/flow_inside.h"
#include "net/seq.h"

#include <string.h>

enum { DOUBTS = 3, BROUGHT_MOST = 1 << 20 };          /* octets of the list of who brought what */
enum { AHEAD_MOST = 1 << 30 };                        /* no window is larger: RFC 7323 §2.3 */
#define ALONE_LATE (2 * SECOND)                       /* where no ACKs are seen, what is missing is waited for */

static struct flow_order *order_of(struct flow_inside *i, unsigned side) { return &i->order[side]; }

void order_start(struct flow_inside *i, unsigned side)
{
    struct pool *p = &i->all->pool;
    size_t limit = p->limit / 2;
    ring_start(&order_of(i, side)->ring, p, limit < (32u << 20) ? (uint32_t)limit : 32u << 20);
}

static void give(struct flow_inside *i, void *piece, uint32_t size)
{
    if (piece)
        pool_give(&i->all->pool, piece, size);
}

static void give_brought(struct flow_inside *i, struct flow_order *o)
{
    give(i, o->brought, o->brought_size);
    o->brought = NULL;
    o->brought_first = o->n_brought = o->brought_size = 0;
}

static void give_pieces(struct flow_inside *i, struct flow_order *o)
{
    give(i, o->pieces, o->pieces_size);
    o->pieces = NULL;
    o->n_pieces = o->pieces_size = 0;
}

void order_drop_waiting(struct flow_inside *i, unsigned side)
{
    struct flow_order *o = order_of(i, side);
    for (uint32_t k = 0; k < o->n_pieces; k++)
        give(i, o->pieces[k], o->pieces[k]->size);
    give_pieces(i, o);
    o->waiting = 0;
}

void order_end(struct flow_inside *i, unsigned side)
{
    order_drop_waiting(i, side);
    give_brought(i, order_of(i, side));
    ring_end(&order_of(i, side)->ring);
}

bool order_holds(const struct flow_order *o) { return o->ring.bytes || o->pieces || o->brought; }

/* Makes an array of the pool hold `used` octets and `more`. */
static bool widen(struct flow_inside *i, void **array, uint32_t *size, uint32_t used, uint32_t more)
{
    if (used + more <= *size)
        return true;
    uint32_t wider = *size ? 2 * *size : POOL_LEAST;
    void *room = flow_memory(i, &wider);
    if (!room)
        return false;
    if (*array)
        memcpy(room, *array, used);
    give(i, *array, *size);
    *array = room;
    *size = wider;
    return true;
}

/* --- who brought it --- */

/* Without memory the octets count to the packet before. */
static void note_brought(struct flow_inside *i, struct flow_order *o, uint64_t packet)
{
    struct flow_brought *at = o->brought;
    if (o->brought_first < o->n_brought && at[o->n_brought - 1].packet == packet)
        return;
    if (o->brought_first > 64 && o->brought_first > o->n_brought / 2) {
        o->n_brought -= o->brought_first;
        memmove(at, at + o->brought_first, o->n_brought * sizeof *at);
        o->brought_first = 0;
    }
    void *array = at;
    if (o->n_brought * sizeof *at >= BROUGHT_MOST
        || !widen(i, &array, &o->brought_size, (uint32_t)(o->n_brought * sizeof *at), sizeof *at))
        return;
    o->brought = array;
    o->brought[o->n_brought++] = (struct flow_brought){ o->tail, packet };
}

/* The last one that begins at or before this offset; n_brought: none. */
static uint32_t brought_at(const struct flow_order *o, uint64_t offset)
{
    uint32_t low = o->brought_first, high = o->n_brought;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (o->brought[middle].offset <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low > o->brought_first ? low - 1 : o->n_brought;
}

uint64_t flow_offset_of(const struct flow *f, unsigned side, uint32_t seq)
{
    const struct flow_order *o = &flow_inside_const(f)->order[side];
    return o->tail + (uint64_t)(int64_t)(int32_t)(seq - o->next);
}

uint64_t flow_packet_of(const struct flow *f, unsigned side, uint64_t offset)
{
    const struct flow_order *o = &flow_inside_const(f)->order[side];
    uint32_t k = brought_at(o, offset);
    return k < o->n_brought ? o->brought[k].packet : o->last_packet;
}

/* --- what can be read --- */

struct room flow_peek(struct flow *f, unsigned side)
{
    struct ring *r = &flow_inside_of(f)->order[side].ring;
    return r->len ? (struct room){ ring_at(r, 0), r->len } : (struct room){ NULL, 0 };
}

uint64_t flow_offset(const struct flow *f, unsigned side)
{
    const struct flow_order *o = &flow_inside_const(f)->order[side];
    return o->tail - o->ring.len;
}

void flow_consume(struct flow *f, unsigned side, size_t n)
{
    struct flow_inside *i = flow_inside_of(f);
    struct flow_order *o = order_of(i, side);
    if (n == 0)
        return;
    uint64_t from = flow_offset(f, side);
    o->last_packet = flow_packet_of(f, side, from + n - 1);
    ring_consume(&o->ring, n);
    if (o->ring.len == 0) {
        give_brought(i, o);
        return;
    }
    uint32_t k = brought_at(o, from + n);
    if (k < o->n_brought)
        o->brought_first = k;
}

bool flow_finished(const struct flow *f, unsigned side)
{
    const struct flow_order *o = &flow_inside_const(f)->order[side];
    return o->has_fin && o->known && o->next == o->fin && o->cut == 0;
}

/* Text at `next`: into the ring. What finds no room stays missing. */
static void deliver(struct flow_inside *i, unsigned side, const uint8_t *text, uint32_t n, uint64_t packet)
{
    struct flow_order *o = order_of(i, side);
    struct room room = ring_reserve(&o->ring, n);
    if (room.n < n && order_of(i, side)->ring.len < o->ring.limit) {
        uint32_t size = o->ring.len + n;              /* somebody else's memory, for all of it, then once more */
        void *piece = flow_memory(i, &size);
        give(i, piece, size);
        room = ring_reserve(&o->ring, n);
    }
    n = room.n < n ? (uint32_t)room.n : n;
    if (n)
        memcpy(room.at, text, n);
    ring_commit(&o->ring, n);
    if (n == 0)
        return;
    note_brought(i, o, packet);
    o->next += n;
    o->tail += n;
    o->cut = 0;
    o->gave_up = false;
    i->flow.side[side].text += n;
}

/* --- what waits --- */

/* The first piece that begins behind seq. */
static uint32_t piece_behind(const struct flow_order *o, uint32_t seq)
{
    uint32_t low = 0, high = o->n_pieces;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (seq_upto(o->pieces[middle]->seq, seq))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static const uint8_t *text_of(const struct flow_piece *p) { return (const uint8_t *)(p + 1); }

/* Keeps one part that no piece has: octets [from, end) of the segment. */
static bool keep(struct flow_inside *i, unsigned side, const struct flow_packet *p, uint32_t from, uint32_t n,
                 uint32_t cut, uint32_t at)
{
    struct flow_order *o = order_of(i, side);
    void *array = o->pieces;
    uint32_t size = (uint32_t)sizeof(struct flow_piece) + n;
    if (o->n_pieces == FLOW_PIECES
        || !widen(i, &array, &o->pieces_size, (uint32_t)(o->n_pieces * sizeof *o->pieces), sizeof *o->pieces))
        return false;
    o->pieces = array;
    struct flow_piece *piece = flow_memory(i, &size);
    if (!piece)
        return false;
    *piece = (struct flow_piece){ from, n, cut, size, p->number };
    memcpy(piece + 1, p->segment->text.at + (from - p->segment->seq - !!(p->segment->flags & TCP_SYN)), n);
    memmove(o->pieces + at + 1, o->pieces + at, (o->n_pieces - at) * sizeof *o->pieces);
    o->pieces[at] = piece;
    o->n_pieces++;
    o->waiting += n;
    return true;
}

/* Text of the segment from seq on, as far as this piece has it too: the same? */
static bool says_the_same(const struct flow_piece *q, uint32_t seq, const uint8_t *text, uint32_t n)
{
    uint32_t skip = q->seq - seq;
    const uint8_t *theirs = text_of(q);
    uint32_t len = q->n;
    if (seq_before(q->seq, seq)) {
        uint32_t in = seq - q->seq;
        if (in >= len)
            return true;
        theirs += in;
        len -= in;
        skip = 0;
    }
    if (skip >= n)
        return true;
    return memcmp(text + skip, theirs, len < n - skip ? len : n - skip) == 0;
}

/* Text behind a hole: what no piece has yet is kept. */
static void hold(struct flow_inside *i, unsigned side, const struct flow_packet *p, uint32_t seq, uint32_t n,
                 uint32_t cut)
{
    struct flow_order *o = order_of(i, side);
    const struct tcp_segment *t = p->segment;
    const uint8_t *text = t->text.at + (seq - t->seq - !!(t->flags & TCP_SYN));
    uint32_t end = seq + n, k = piece_behind(o, seq);
    bool same = true;
    if (k > 0) {
        struct flow_piece *q = o->pieces[k - 1];
        same = says_the_same(q, seq, text, n);
        if (seq_before(seq, q->seq + q->n))
            seq = seq_earlier(q->seq + q->n, end);
    }
    while (seq_before(seq, end)) {
        struct flow_piece *q = k < o->n_pieces ? o->pieces[k] : NULL;
        uint32_t upto = q ? seq_earlier(end, q->seq) : end;
        if (seq != upto && !keep(i, side, p, seq, upto - seq, upto == end ? cut : 0, k++))
            break;
        if (!q || upto == end)
            break;
        same = same && says_the_same(q, upto, text + (upto - (end - n)), end - upto);
        seq = seq_earlier(q->seq + q->n, end);
        k++;
    }
    if (!same)
        facts_conflict(i, side, p);
}

/* Pieces that the hole before them is filled of. */
static void absorb(struct flow_inside *i, unsigned side)
{
    struct flow_order *o = order_of(i, side);
    uint32_t k = 0;
    for (; k < o->n_pieces && seq_upto(o->pieces[k]->seq, o->next); k++) {
        struct flow_piece *q = o->pieces[k];
        uint32_t end = q->seq + q->n, cut = q->cut;
        o->waiting -= q->n;
        if (seq_before(o->next, end)) {
            uint32_t skip = o->next - q->seq;
            deliver(i, side, text_of(q) + skip, q->n - skip, q->packet);
        }
        if (o->next == end)
            o->cut = cut;
        give(i, q, q->size);
    }
    if (k == 0)
        return;
    o->n_pieces -= k;
    if (o->n_pieces == 0)
        give_pieces(i, o);
    else
        memmove(o->pieces, o->pieces + k, o->n_pieces * sizeof *o->pieces);
}

/* Text at `next`, up to `end`: what waits there already came first. */
static void fill(struct flow_inside *i, unsigned side, const struct flow_packet *p, const uint8_t *text, uint32_t end)
{
    struct flow_order *o = order_of(i, side);
    uint32_t seq = o->next;
    bool same = true;
    for (uint32_t k = 0; k < o->n_pieces && seq_before(o->pieces[k]->seq, end); k++)
        same = same && says_the_same(o->pieces[k], seq, text, end - seq);
    while (seq_before(o->next, end)) {
        uint32_t from = o->next, upto = o->n_pieces ? seq_earlier(end, o->pieces[0]->seq) : end;
        deliver(i, side, text + (from - seq), upto - from, p->number);
        if (o->n_pieces)
            absorb(i, side);
        if (o->next == from)                          /* no memory */
            break;
    }
    if (!same)
        facts_conflict(i, side, p);
}

/* --- what is missing --- */

/* How far the octets behind `next` are missing: to the first piece, to the FIN; 0: nothing is known behind it. */
static uint32_t hole(const struct flow_order *o)
{
    if (o->n_pieces && seq_before(o->next, o->pieces[0]->seq))
        return o->pieces[0]->seq - o->next;
    return o->n_pieces == 0 && o->has_fin && seq_before(o->next, o->fin) ? o->fin - o->next : 0;
}

/* What the other side acknowledged of what is missing. An ACK of what was never sent is anybody's: it counts as far as
 * something was seen of this side, and at the end. */
static uint32_t acked_hole(const struct flow_inside *i, unsigned side)
{
    const struct flow_order *o = &i->order[side];
    const struct flow_side *s = &i->flow.side[side], *other = &i->flow.side[!side];
    if (!other->acked_known || !s->nxt_known || (o->has_fin && o->next == o->fin))
        return 0;
    uint32_t upto = i->end == FLOW_OVER ? other->acked : seq_earlier(other->acked, s->nxt);
    uint32_t acked = seq_before(o->next, upto) ? upto - o->next : 0, missing = hole(o);
    return missing && missing < acked ? missing : acked;
}

static bool is_believed(const struct flow_inside *i, const struct flow_order *o)
{
    if (o->doubts == 0 || !seq_before(o->next, o->doubted))
        return false;
    nsec since = i->last_at - o->doubted_at;
    return i->flow.one_sided ? since > ALONE_LATE : o->doubts > DOUBTS || since > FLOW_LATE;
}

uint64_t flow_gap(const struct flow *f, unsigned side)
{
    const struct flow_inside *i = flow_inside_const(f);
    const struct flow_order *o = &i->order[side];
    uint32_t missing = hole(o);
    if (!o->known)
        return 0;
    if (o->cut)
        return missing && missing < o->cut ? missing : o->cut;
    if (i->end == FLOW_OVER) {
        uint32_t acked = acked_hole(i, side);
        return acked > missing ? acked : missing;
    }
    if (o->gave_up || !is_believed(i, o))
        return o->gave_up ? missing : 0;
    uint32_t doubted = o->doubted - o->next;          /* something may have come behind it since */
    return missing && missing < doubted ? missing : doubted;
}

bool flow_doubted(const struct flow *f, unsigned side)
{
    const struct flow_inside *i = flow_inside_const(f);
    const struct flow_order *o = &i->order[side];
    return o->known && i->end != FLOW_OVER && !o->cut && !o->gave_up && o->doubts && seq_before(o->next, o->doubted);
}

void flow_skip(struct flow *f, unsigned side)
{
    struct flow_inside *i = flow_inside_of(f);
    struct flow_order *o = order_of(i, side);
    struct flow_side *s = &f->side[side];
    uint64_t n = flow_gap(f, side);
    flow_consume(f, side, o->ring.len);
    if (n == 0)
        return;
    if (s->gaps++ == 0)
        s->first_gap = (struct flow_moment){ s->last.packet, s->last.at };
    s->gap_octets += n;
    o->next += (uint32_t)n;
    o->tail += n;
    o->cut -= o->cut < n ? o->cut : (uint32_t)n;
    o->gave_up = false;
    absorb(i, side);
}

/* An ACK for what is not here: since when, and how many segments ago. Where no ACKs are seen: what is missing. */
static void doubt(struct flow_inside *i, unsigned side, nsec now)
{
    struct flow_order *o = order_of(i, side);
    uint32_t missing = 0;
    if (o->known && o->cut == 0)
        missing = i->flow.one_sided ? hole(o) : acked_hole(i, side);
    if (!missing) {
        o->doubts = 0;
        return;
    }
    if (o->doubts == 0 || !seq_before(o->next, o->doubted)) {
        o->doubts = 0;
        o->doubted = o->next + missing;
        o->doubted_at = now;
    }
    o->doubts++;
}

/* --- one segment --- */

static void begin(struct flow_inside *i, unsigned side, const struct tcp_segment *t, bool has_text)
{
    struct flow_order *o = order_of(i, side), *other = order_of(i, !side);
    if (t->flags & TCP_SYN) {
        if (!o->anchored)
            o->next = t->seq + 1;
        o->known = o->anchored = true;
        if (t->flags & TCP_ACK && !other->anchored) { /* its SYN was not seen, but is acknowledged */
            other->next = t->ack;
            other->known = other->anchored = true;
        }
    } else if (!o->anchored && !(t->flags & TCP_RST)) {
        o->next = t->seq;
        o->known = true;
        o->anchored = has_text;
    }
}

/* Octets of it that were not there yet; keep-alives and windows that are full bring rubbish, but behind `next`. */
static void take_octets(struct flow_inside *i, unsigned side, const struct flow_packet *p)
{
    struct flow_order *o = order_of(i, side);
    const struct tcp_segment *t = p->segment;
    uint32_t first = t->seq + !!(t->flags & TCP_SYN), seq = first;
    uint32_t end = first + (uint32_t)t->text.n, cut = p->missing;
    if (seq_before(seq, o->next))                     /* not by seq_earlier: they may be half of all numbers apart */
        seq = o->next - seq < t->text.n ? o->next : end;
    if (o->has_fin && seq_before(o->fin, end + cut)) {
        if (o->next == o->fin)                        /* behind its end */
            return;
        o->has_fin = false;                           /* it goes on: that FIN was not its own */
    }
    if (seq == o->next) {
        fill(i, side, p, t->text.at + (seq - first), end);
        if (o->next == end && cut > o->cut)
            o->cut = cut;
        absorb(i, side);
    } else if (seq - o->next < AHEAD_MOST) {
        hold(i, side, p, seq, end - seq, cut);
        if (o->waiting > i->all->wait_most || o->n_pieces == FLOW_PIECES)
            o->gave_up = true;
    }
}

/* One octet before the highest number that is acknowledged already: a keep-alive's. Else it is text, sent again. */
static bool is_rubbish(const struct flow_inside *i, unsigned side, const struct tcp_segment *t, unsigned marks)
{
    const struct flow_side *other = &i->flow.side[!side];
    return marks & FLOW_KEEP_ALIVE && (!other->acked_known || seq_before(t->seq, other->acked));
}

void order_take(struct flow_inside *i, unsigned side, const struct flow_packet *p, unsigned marks)
{
    struct flow_order *o = order_of(i, side);
    const struct tcp_segment *t = p->segment;
    bool has_text = (t->text.n || p->missing) && !(t->flags & TCP_RST) && !is_rubbish(i, side, t, marks);
    begin(i, side, t, has_text);
    if (has_text)
        take_octets(i, side, p);
    uint32_t fin = t->seq + (uint32_t)t->text.n + p->missing;
    bool waits = o->has_fin && (o->fin == o->next || fin != o->next);   /* one in order counts before one far ahead */
    if (t->flags & TCP_FIN && o->known && !waits && !(t->flags & (TCP_RST | TCP_SYN))) {
        o->has_fin = seq_upto(o->next, fin);
        o->fin = fin;
    }
    doubt(i, 0, p->at);
    doubt(i, 1, p->at);
}
