/* diagnose_tcp.c - causes that TCP and ICMP show. */
#include "http/diagnose_inside.h"

#include "net/seq.h"

#include <stdio.h>

/* Places in marked[] (enum flow_mark has the bits). */
enum { RETRANSMISSION = 0, SPURIOUS = 2, OUT_OF_ORDER = 3, LOST_SEGMENT = 4, KEEP_ALIVE = 7, KEEP_ALIVE_ACK = 8,
       ZERO_WINDOW = 9, ZERO_WINDOW_PROBE = 10 };
_Static_assert(FLOW_RETRANSMISSION == 1 << RETRANSMISSION && FLOW_SPURIOUS == 1 << SPURIOUS &&
               FLOW_ZERO_WINDOW == 1 << ZERO_WINDOW && FLOW_LOST_SEGMENT == 1 << LOST_SEGMENT &&
               FLOW_KEEP_ALIVE == 1 << KEEP_ALIVE && FLOW_KEEP_ALIVE_ACK == 1 << KEEP_ALIVE_ACK &&
               FLOW_OUT_OF_ORDER == 1 << OUT_OF_ORDER &&
               FLOW_ZERO_WINDOW_PROBE == 1 << ZERO_WINDOW_PROBE, "flow.h");

#define PATIENCE (3 * SECOND)                         /* who waits so long for a SYN+ACK is not being answered */
#define POLLS (15 * SECOND)                           /* a long poll is longer than people wait for a page */
#define NOTICED (1500 * MILLISECOND)                  /* a pause that somebody in front of it notices */

static bool nobody_there(const struct evidence *e)
{
    return e->f->whole && e->client->syns && !e->server->syns && !e->client->text && !e->server->text;
}

bool spare(const struct evidence *e, bool same_place)
{
    for (uint64_t n = e->all->n_starts, i = n > READING_STARTS ? n - READING_STARTS : 0; i < n; i++) {
        const struct seen_start *s = &e->all->starts[i % READING_STARTS];
        nsec began = e->client->first.at, apart = s->at > began ? s->at - began : began - s->at;
        bool same = addr_same(&s->server, &e->server->addr), same_client = addr_same(&s->client, &e->client->addr);
        bool itself = same && same_client && s->client_port == e->client->port;
        bool near = apart < 10 * SECOND && s->port == e->server->port && s->spoke && !itself;
        if (near && same == same_place && (same_client || s->client.len != e->client->addr.len))
            return true;
    }
    return false;
}

static const char *where(const struct flow_side *s, char out[ADDR_TEXT + 16])
{
    char text[ADDR_TEXT];
    snprintf(out, ADDR_TEXT + 16, "%s port %u", addr_text(&s->addr, text), s->port);
    return out;
}

bool tcp_refused(const struct evidence *e, struct diagnosis *d)
{
    char to[ADDR_TEXT + 16];
    if (!nobody_there(e) || !e->server->rst.packet)
        return false;
    show(d, e->client->syn.packet), show(d, e->server->rst.packet);
    expected(d, "SYN+ACK of %s", where(e->server, to));
    return came(d, "RST, hop limit %u", e->server->hops_rst);
}

/* The first ICMP error of a kind: v4 and v6 have numbers of their own (RFC 792, RFC 4443 §3). */
struct icmp_kind { uint8_t version, type, code; };
static bool icmp_of(const struct evidence *e, struct diagnosis *d, const struct icmp_kind *kinds, size_t n)
{
    char from[ADDR_TEXT], to[ADDR_TEXT + 16];
    if (!nobody_there(e))
        return false;
    for (unsigned i = 0; i < e->c->n_icmp && i < CONVERSATION_ICMP; i++)
        for (size_t k = 0; k < n; k++) {
            const struct seen_icmp *m = &e->c->icmp[i];
            if (m->version != kinds[k].version || m->type != kinds[k].type || m->code != kinds[k].code)
                continue;
            show(d, e->client->syn.packet), show(d, m->packet);
            expected(d, "SYN+ACK of %s", where(e->server, to));
            return came(d, "ICMP type %u code %u from %s", m->type, m->code, addr_text(&m->from, from));
        }
    return false;
}

bool icmp_port(const struct evidence *e, struct diagnosis *d)
{
    static const struct icmp_kind kinds[] = { { 4, 3, 3 }, { 4, 3, 2 }, { 6, 1, 4 } };
    return icmp_of(e, d, kinds, sizeof kinds / sizeof *kinds);
}

bool icmp_prohibited(const struct evidence *e, struct diagnosis *d)
{
    static const struct icmp_kind kinds[] = { { 4, 3, 9 }, { 4, 3, 10 }, { 4, 3, 13 }, { 6, 1, 1 }, { 6, 1, 5 },
                                              { 6, 1, 6 } };
    return icmp_of(e, d, kinds, sizeof kinds / sizeof *kinds);
}

bool icmp_unreachable(const struct evidence *e, struct diagnosis *d)
{
    static const struct icmp_kind kinds[] = { { 4, 3, 0 }, { 4, 3, 1 }, { 4, 3, 5 }, { 4, 3, 6 }, { 4, 3, 7 },
                                              { 4, 3, 8 }, { 4, 3, 11 }, { 4, 3, 12 }, { 6, 1, 0 }, { 6, 1, 2 },
                                              { 6, 1, 3 } };
    return icmp_of(e, d, kinds, sizeof kinds / sizeof *kinds);
}

bool icmp_hops(const struct evidence *e, struct diagnosis *d)
{
    static const struct icmp_kind kinds[] = { { 4, 11, 0 }, { 6, 3, 0 } };
    return icmp_of(e, d, kinds, sizeof kinds / sizeof *kinds);
}

bool tcp_silent(const struct evidence *e, struct diagnosis *d)
{
    char to[ADDR_TEXT + 16];
    nsec waited = e->all->last_at - e->client->syn.at;
    if (!nobody_there(e) || e->server->packets ||
        ((e->client->syns < 2 || e->client->last.at - e->client->syn.at < SECOND / 2) &&
         (waited < PATIENCE || spare(e, false))) ||
        e->client->packets > e->client->syns + (e->client->rst.packet != 0))       /* it acknowledges: one-sided */
        return false;
    show(d, e->client->syn.packet), show(d, e->client->last.packet);
    expected(d, "SYN+ACK of %s", where(e->server, to));
    return came(d, "nothing; the SYN was sent %u times", (unsigned)e->client->syns);
}

bool tcp_half_opening(const struct evidence *e, struct diagnosis *d)
{
    if (!e->f->whole || e->server->syns < 2 || e->client->packets > e->client->syns || e->client->text ||
        e->server->last.at - e->server->syn.at < SECOND / 2)           /* some captures have each frame twice */
        return false;
    show(d, e->client->syn.packet), show(d, e->server->syn.packet), show(d, e->server->last.packet);
    expected(d, "the client's ACK of the SYN+ACK");
    return came(d, "nothing; the SYN+ACK was sent %u times", (unsigned)e->server->syns);
}

bool tcp_syn_ack_refused(const struct evidence *e, struct diagnosis *d)
{
    if (!e->f->whole || !e->server->syns || !e->client->rst.packet || e->client->text || e->client->fin.packet ||
        e->client->packets > e->client->syns + 1 || spare(e, false))
        return false;
    show(d, e->client->syn.packet), show(d, e->server->syn.packet), show(d, e->client->rst.packet);
    expected(d, "the client's ACK of the SYN+ACK");
    return came(d, "RST of the client");
}

bool tcp_old_connection(const struct evidence *e, struct diagnosis *d)
{
    if (!e->f->whole || !e->client->syns || !e->client->rst.packet || !e->server->packets ||
        !e->server->first.packet || e->server->syn.packet == e->server->first.packet || e->server->rst.packet ||
        e->server->first.packet > e->client->rst.packet ||
        (e->client->first_text.packet && e->client->first_text.packet < e->client->rst.packet) ||
        (e->server->first_text.packet && e->server->first_text.packet < e->client->rst.packet))
        return false;                                  /* somebody said something: the SYN+ACK is missing here */
    show(d, e->client->syn.packet), show(d, e->server->first.packet), show(d, e->client->rst.packet);
    expected(d, "SYN+ACK");
    return came(d, "an ACK of a connection that the server still holds");
}

/* ---- a reset that is not its sender's */
static bool finished_talking(const struct evidence *e, unsigned side)
{
    const struct flow_side *s = &e->f->side[side];
    bool said_good_bye = e->t->close_notify[side] || e->t->close_notify[1 - side];
    return said_good_bye || (s->fin.packet && s->fin.packet < s->rst.packet) ||
           (e->f->side[1 - side].fin.packet && e->f->side[1 - side].fin.packet < s->rst.packet);
}

bool tcp_injected(const struct evidence *e, struct diagnosis *d)
{
    for (unsigned side = 0; side < 2; side++) {
        const struct flow_side *s = &e->f->side[1 - side];          /* the server's first */
        uint64_t window = (uint64_t)s->window_rst << (s->has_window_scale ? s->window_scale : 0);
        bool hops = s->hops_least && (s->hops_rst < s->hops_least || s->hops_rst > s->hops_most);
        bool wide = s->window_rst && s->window_most && window > 2 * (uint64_t)s->window_most;
        /* before any SYN+ACK a client clears by it what the server still holds (RFC 9293 §3.5.1) */
        bool old = s == e->client && (!e->server->syn.packet || s->rst.packet < e->server->syn.packet);
        if (!s->rst.packet || s->packets < 2 || old || finished_talking(e, 1 - side) ||
            (!hops && !wide && !s->after_rst.packet))
            continue;
        show(d, s->syn.packet ? s->syn.packet : s->first.packet), show(d, s->rst.packet);
        show(d, s->after_rst.packet);
        expected(d, "hop limit %u, window %u at most, as in the other segments of the %s", s->hops_first,
                 s->window_most, side ? "client" : "server");
        if (s->after_rst.packet)
            return came(d, "a RST with hop limit %u, window %u; then that side goes on", s->hops_rst, s->window_rst);
        return came(d, "a RST with hop limit %u, window %u", s->hops_rst, s->window_rst);
    }
    return false;
}

/* ---- what does not arrive */
static bool full_size(const struct evidence *e, unsigned side, uint32_t size)
{
    enum { OPTIONS = 60 };
    uint16_t a = e->client->mss, b = e->server->mss, mss = a && (a < b || !b) ? a : b;
    return size >= 500 && size >= e->f->side[side].text_most && (mss ? size + OPTIONS >= mss : size >= 1100);
}

static bool icmp_too_big(const struct evidence *e, struct diagnosis *d, unsigned *mtu)
{
    for (unsigned i = 0; i < e->c->n_icmp && i < CONVERSATION_ICMP; i++) {
        const struct seen_icmp *m = &e->c->icmp[i];
        if ((m->version == 4 && m->type == 3 && m->code == 4) || (m->version == 6 && m->type == 2)) {
            *mtu = m->mtu;
            return show(d, m->packet);
        }
    }
    return false;
}

/* Seen where they are sent: full-size segments again and again. Seen behind the hole: smaller ones alone come. */
static bool seen_sending(const struct evidence *e, unsigned side)
{
    enum { FULL_ONES = 8 };
    const struct flow_side *s = &e->f->side[side];
    struct flow_moment gone = closed_by(e, 1 - side);
    const struct flow_side *other = &e->f->side[1 - side];
    bool passed = s->isn_known && other->acked_known && other->acked - s->isn > FULL_ONES * s->resent_size &&
                  other->last.at < s->resent_first.at;      /* as large ones did before; now nothing comes any more */
    return s->resent_most >= 2 && !s->resent_acked && full_size(e, side, s->resent_size) && !passed &&
           (!gone.packet || s->resent_first.packet < gone.packet);
}

static uint32_t hole_of(const struct evidence *e, unsigned side)
{
    const struct flow_side *s = &e->f->side[side];
    if (!s->isn_known || !e->f->side[1 - side].isn_known || s->fin.packet)
        return 0;
    uint32_t sent = s->nxt - s->isn - 1;
    return sent > s->text && sent - s->text < 1 << 24 ? sent - (uint32_t)s->text : 0;
}

static bool seen_behind(const struct evidence *e, unsigned side)
{
    const struct flow_side *s = &e->f->side[side], *other = &e->f->side[1 - side];
    uint16_t mss = other->mss ? other->mss : 1460;
    uint32_t hole = hole_of(e, side);
    if (hole < 1000 || hole + 60 < mss || s->missing || !s->marked[LOST_SEGMENT] || s->text_most + 60 >= mss)
        return false;
    bool waited = e->all->last_at - s->first_marked[LOST_SEGMENT].at >= SECOND;
    return waited && !closed_by(e, side).packet && seq_before(other->acked, s->nxt);
}

bool tcp_mtu(const struct evidence *e, struct diagnosis *d)
{
    for (unsigned side = 0; side < 2; side++) {
        const struct flow_side *s = &e->f->side[side];
        bool sending = seen_sending(e, side);
        unsigned mtu = 0;
        if (!sending && !seen_behind(e, side))
            continue;
        show(d, sending ? s->resent_first.packet : s->first_marked[LOST_SEGMENT].packet);
        show(d, s->last_text.packet), show(d, e->f->side[1 - side].last.packet);
        if (icmp_too_big(e, d, &mtu))
            expected(d, "an ACK, or segments that fit the MTU of %u that ICMP told", mtu);
        else
            expected(d, "an ACK, or ICMP fragmentation needed (packet too big)");
        if (sending)
            return came(d, "nothing: %u octets of the %s were sent again %u times", s->resent_size,
                        side ? "server" : "client", s->resent_most);
        return came(d, "of the %s only what is smaller: %u octets before it never came", side ? "server" : "client",
                    hole_of(e, side));
    }
    return false;
}

bool tcp_peer_gone(const struct evidence *e, struct diagnosis *d)
{
    for (unsigned side = 0; side < 2; side++) {
        const struct flow_side *s = &e->f->side[side], *other = &e->f->side[1 - side];
        bool text = s->resent_most >= 3 && !s->resent_acked && s->resent_first.at > other->last.at;
        bool probes = s->marked[KEEP_ALIVE] >= other->marked[KEEP_ALIVE_ACK] + 3 &&
                      s->last.at - other->last.at >= 2 * SECOND;
        if (!other->packets || (!text && !probes) || other->fin.packet || other->rst.packet)
            continue;
        show(d, other->last.packet);
        show(d, text ? s->resent_first.packet : 0), show(d, s->last.packet);
        expected(d, "an ACK of the %s", side ? "client" : "server");
        if (text)
            return came(d, "nothing; %u octets were sent again %u times", s->resent_size, s->resent_most);
        return came(d, "nothing; %u keep-alives were sent", (unsigned)s->marked[KEEP_ALIVE]);
    }
    return false;
}

/* RFC 9293 §3.10.7.1: who knows no such connection answers a segment with ACK by a RST without one. */
bool tcp_half_open(const struct evidence *e, struct diagnosis *d)
{
    for (unsigned side = 0; side < 2; side++) {
        const struct flow_side *s = &e->f->side[1 - side], *other = &e->f->side[side];
        bool closed = s->fin.packet && (!seq_before(other->acked, s->nxt) || s->rst.at - s->fin.at < SECOND);
        if (!s->rst.packet || s->rst_has_ack || closed || other->fin.packet || !other->last_text.packet ||
            other->last_text.packet > s->rst.packet || (s->last_text.packet > other->last_text.packet) ||
            other->rst.packet || e->t->close_notify[side] || e->t->close_notify[1 - side] ||
            (e->f->whole && !exchanged(e) && e->t->tls))
            continue;
        show(d, s->last_text.packet), show(d, other->last_text.packet), show(d, s->rst.packet);
        expected(d, "an ACK of the %s", side ? "client" : "server");
        return came(d, "a RST without ACK: it knows no such connection");
    }
    return false;
}

/* Was there something that it still owed? A RST behind all that was to be said is how some close. */
static bool owed(const struct evidence *e, unsigned side)
{
    const struct flow_side *s = &e->f->side[side], *other = &e->f->side[1 - side];
    bool cut = e->t->cut_wanted[WATCH_SERVER] > e->t->cut_has[WATCH_SERVER];
    bool whole = side == FLOW_SERVER && e->c->n_http && !e->c->more_http && !cut;
    for (unsigned i = 0; side == FLOW_SERVER && i < e->c->n_http && i < CONVERSATION_HTTP; i++) {
        if (!e->c->http[i].complete && !e->c->http[i].unread && e->c->http[i].request.packet)
            return true;
        whole &= e->c->http[i].complete;
    }
    if (whole)                                         /* all that was asked for is there, and can be read */
        return false;
    if (side == FLOW_CLIENT)                           /* who stops what it asked for itself lacks nothing */
        return cut && !exchanged(e) && s->rst.at - other->last_text.at < SECOND;
    bool unanswered = other->last_text.packet > s->last_text.packet && other->last_text.packet < s->rst.packet;
    return cut || unanswered || (s->last_text.packet && s->rst.at - s->last_text.at < SECOND);
}

bool tcp_reset(const struct evidence *e, struct diagnosis *d)
{
    for (unsigned side = 0; side < 2; side++) {
        const struct flow_side *s = &e->f->side[1 - side], *other = &e->f->side[side];
        if (!s->rst.packet || finished_talking(e, 1 - side) || (!s->text && !other->text) ||
            (other->rst.packet && other->rst.packet < s->rst.packet) || !owed(e, 1 - side))
            continue;
        show(d, s->last_text.packet), show(d, s->rst.packet);
        expected(d, "what was still owed, close_notify, FIN");
        return came(d, "a RST of the %s, %u octets behind its beginning", side ? "client" : "server",
                    (unsigned)s->text);
    }
    return false;
}

/* ---- it suffers */
bool tcp_zero_window(const struct evidence *e, struct diagnosis *d)
{
    for (unsigned side = 0; side < 2; side++) {
        const struct flow_side *s = &e->f->side[side];
        /* who leaves need not read */
        bool stuck = s->zero_still && s->marked[ZERO_WINDOW] >= 2 && !s->rst.packet &&
                     e->all->last_at - s->zero_from.at >= SECOND / 2;
        if (s->zero_longest < NOTICED && !stuck)
            continue;
        show(d, s->zero_from.packet);
        show(d, e->f->side[1 - side].first_marked[ZERO_WINDOW_PROBE].packet), show(d, s->last.packet);
        expected(d, "a window update of the %s", side ? "server" : "client");
        return came(d, s->zero_still ? "window 0 for %u ms, to the end" : "window 0 for %u ms",
                    (unsigned)(s->zero_longest / MILLISECOND));
    }
    return false;
}

/* Neither needlessly, nor once and late. */
static uint64_t sent_again(const struct flow_side *s)
{
    uint64_t other = s->marked[SPURIOUS] + s->overtaken + s->captured_twice;
    return s->marked[RETRANSMISSION] > other ? s->marked[RETRANSMISSION] - other : 0;
}

/* A small exchange can be held up by three losses: what shows that somebody waited is the answer's time. */
static bool held_up(const struct evidence *e)
{
    enum { SMALL = 400 };
    uint64_t lost = sent_again(e->client) + sent_again(e->server) + e->server->marked[LOST_SEGMENT];
    uint64_t all = e->client->packets + e->server->packets;
    return all <= SMALL && lost >= 3 && lost * 8 >= all && e->server->turn_most >= SECOND;
}

/* Segments whose octets came twice, needless ones left out: what IP carried, less headers and what was new. */
static uint64_t copies(const struct flow_side *s)
{
    uint64_t head = (s->addr.len == 4 ? 40u : 60u) + (s->has_timestamps ? 12u : 0u), all = s->packets * head + s->text;
    uint64_t twice = s->text_most && s->octets > all ? (s->octets - all) / s->text_most : 0;
    uint64_t other = s->marked[SPURIOUS] + s->captured_twice;
    return twice > other ? twice - other : 0;
}

/* Of many segments an eighth was lost: that is no wire's chance, however quickly they were sent again. Seen before
 * the loss, they come twice. Seen behind it, what fills a hole comes late, or out of order; but where nothing that
 * came late was new, somebody merely overtakes. */
static bool heavy(const struct flow_side *s)
{
    uint64_t twice = copies(s), again = sent_again(s), late = again > twice ? again - twice : 0;
    uint64_t filled = s->marked[OUT_OF_ORDER] < s->marked[LOST_SEGMENT] ? s->marked[OUT_OF_ORDER]
                                                                        : s->marked[LOST_SEGMENT];
    uint64_t lost = twice + (late >= 4 ? late + filled : 0);
    return again >= 4 && lost >= 20 && lost * 8 >= s->packets;
}

bool tcp_storm(const struct evidence *e, struct diagnosis *d)
{
    nsec took = last_packet(e) - (e->client->first.packet ? e->client->first.at : e->server->first.at);
    bool waited = held_up(e), servers_more = sent_again(e->server) >= sent_again(e->client);
    for (unsigned side = 0; side < 2; side++) {
        const struct flow_side *s = &e->f->side[servers_more ? 1 - side : side];
        uint64_t again = sent_again(s), needless = s->marked[SPURIOUS];
        bool many = again >= 4 && again * 10 >= s->packets;     /* a wire that loses 5 % stays below */
        if (!heavy(s) && (took < SECOND || !again || (!many && !waited)))
            continue;
        show(d, s->first_marked[RETRANSMISSION].packet), show(d, s->resent_first.packet);
        expected(d, "each segment once");
        return came(d, "the %s sent %u of %u segments again (%u %%), and %u needlessly",
                    s == e->client ? "client" : "server", (unsigned)again, (unsigned)s->packets,
                    (unsigned)(again * 100 / s->packets), (unsigned)needless);
    }
    return false;
}

/* Between request and answer; in TLS 1.3 tickets may come at once, and are none. Where earlier answers came quickly,
 * who waits long has asked to be told when there is something new. */
bool tcp_slow(const struct evidence *e, struct diagnosis *d)
{
    enum { A_QUESTION = 64 };                          /* a Finished alone is shorter, and asks for nothing */
    const struct flow_side *s = e->server;
    struct shape shape = shape_of(e);
    for (unsigned i = 0; i < e->c->n_http && i < CONVERSATION_HTTP; i++)
        if (e->c->http[i].status == 101)
            return false;                              /* who switched speaks when there is something to say */
    bool first = e->server->first_text.packet == s->turn_to.packet || shape.answer_packet == s->turn_to.packet;
    bool in_turn = s->turn_to.packet && s->turn_text >= A_QUESTION && s->turn_most >= shape.answer_took &&
                   (first || s->turn_most < POLLS);
    nsec took = in_turn ? s->turn_most : shape.answer_took;
    uint64_t from = in_turn ? s->turn_from.packet : shape.first_client_data;
    uint64_t to = in_turn ? s->turn_to.packet : shape.answer_packet;
    if (shape.h2_took > took)
        took = shape.h2_took, from = shape.h2_asked, to = shape.h2_answer;
    if (took < 2 * SECOND || took / 10 < e->f->rtt_syn || (sent_again(e->client) > 1 && took < 5 * SECOND) ||
        sent_again(s) > 2 || s->marked[LOST_SEGMENT])
        return false;
    show(d, from), show(d, to);
    expected(d, "an answer in some round trips of %u us", (unsigned)(e->f->rtt_syn / MICROSECOND));
    return came(d, "an answer behind %u ms", (unsigned)(took / MILLISECOND));
}

bool tcp_conflict(const struct evidence *e, struct diagnosis *d)
{
    for (unsigned side = 0; side < 2; side++) {
        const struct flow_side *s = &e->f->side[side];
        if (!s->conflicts || s->missing)
            continue;
        show(d, s->first_conflict.packet);
        expected(d, "the same octets in each copy of a segment");
        return came(d, "the %s's text twice, and not the same, %u times", side ? "server" : "client",
                    (unsigned)s->conflicts);
    }
    return false;
}

bool tcp_closed_at_once(const struct evidence *e, struct diagnosis *d)
{
    struct flow_moment end = closed_by(e, FLOW_SERVER);
    if (!e->f->whole || !e->server->syns || e->client->text || e->server->text || !end.packet ||
        !closed_first(e, FLOW_SERVER) || spare(e, true))
        return false;
    show(d, e->server->syn.packet), show(d, end.packet);
    expected(d, "a connection that waits for a word");
    return came(d, "the server closed by %s, before anybody said a word",
                e->server->rst.packet == end.packet ? "RST" : "FIN");
}

bool tcp_nothing_said(const struct evidence *e, struct diagnosis *d)
{
    struct flow_moment end = closed_by(e, FLOW_CLIENT);
    if (!e->f->whole || !e->server->syns || e->client->text || e->server->text || !end.packet ||
        !closed_first(e, FLOW_CLIENT) || e->client->packets < 3 || spare(e, true) || spare(e, false))
        return false;
    show(d, e->client->syn.packet), show(d, end.packet);
    expected(d, "a word of the client");
    return came(d, "the client closed by %s", e->client->rst.packet == end.packet ? "RST" : "FIN");
}
