/* TCP: what a SYN says, and what only many packets show. All of it is what a capture shows to anybody. */
#include "trace/compare_parts.h"

#include <stdio.h>
#include <string.h>

/* near: so many packets ahead or back an answer is looked for, whatever a capture holds */
enum { MANY = 10, FEW = 2, NAME = 64, NEAR = 1000 };
static const nsec FAR = 2 * MILLISECOND;              /* a round trip below it says nothing about waiting */
static const nsec TIMER = 150 * MILLISECOND;           /* an RTO is at least 200 ms nearly everywhere */
static const nsec AT_ONCE = MILLISECOND;

static void put_number_of(struct compare_reading *g, buf_no b, const char *name, const char *id)
{
    const struct tape_field *f = compare_find(g->tape, b, name);
    if (f)
        compare_put_number(g, id, f->field.number);
}

static bool named(const struct tape_field *f, const char *name) { return strcmp(f->field.name, name) == 0; }

static void options(struct compare_reading *g, buf_no b)
{
    struct tape_fields f = tape_fields(g->tape, b);
    struct compare_items all = { .n = 0 }, kinds = { .n = 0 };
    char text[NAME];
    for (size_t i = 0; i < f.n; i++) {
        if (!f.at[i].leaf || f.at[i].parent == TAPE_ROOT || !named(&f.at[f.at[i].parent], "options"))
            continue;
        if (named(&f.at[i], "kind")) {
            compare_item(&all, compare_field(&f.at[i].field, text, sizeof text));
            if (f.at[i].field.number > 1)
                compare_item(&kinds, text);
        }
    }
    compare_put(g, "tcp.options", NULL, kinds.text);
    compare_put(g, "tcp.option_layout", NULL, all.text);
    put_number_of(g, b, "mss", "tcp.mss");
    put_number_of(g, b, "shift_count", "tcp.window_scale");
    put_number_of(g, b, "user_timeout", "tcp.user_timeout");
}

static void nature(struct compare_reading *g, buf_no b, const char *name, const char *id)
{
    const struct tape_field *f = compare_find(g->tape, b, name);
    char text[NAME];
    if (f)
        compare_put_nature(g, id, compare_field(&f->field, text, sizeof text));
}

void compare_syn(struct compare_reading *g, const struct compare_packet *p)
{
    buf_no b = p->event->buf;
    bool of_client = p->side == COMPARE_CLIENT;
    compare_mark(g, of_client ? "SYN" : "SYN-ACK", p->side, p->number, p->at, false);
    const struct tape_field *v6 = compare_find(g->tape, b, "hop_limit");
    compare_put(g, "ip.version", NULL, v6 ? "IPv6" : "IPv4");
    put_number_of(g, b, "time_to_live", "ip.ttl");
    put_number_of(g, b, "hop_limit", "ip.ttl");
    put_number_of(g, b, "dont_fragment", "ip.dont_fragment");
    put_number_of(g, b, v6 ? "traffic_class" : "type_of_service", "ip.tos");
    put_number_of(g, b, "window", "tcp.window");
    options(g, b);
    const struct tape_field *ece = compare_find(g->tape, b, "ece"), *cwr = compare_find(g->tape, b, "cwr");
    bool echo = ece && ece->field.number, reduced = cwr && cwr->field.number;
    compare_put(g, "tcp.ecn", NULL, echo ? (reduced ? "ECE CWR" : "ECE") : "no ECN");
    if (of_client)
        put_number_of(g, b, "destination_port", "tcp.port");
    nature(g, b, of_client ? "source_port" : "destination_port", "nature.client_port");
    nature(g, b, "sequence_number", "nature.isn");
    nature(g, b, "identification", "nature.ip_id");
    nature(g, b, "ts_value", "nature.timestamp");
    nature(g, b, "flow_label", "nature.flow_label");
}

/* The shortest time from what a side sent to the ACK that covers it; -1: there was none. */
static nsec shortest_ack(const struct compare_packets *all, unsigned side)
{
    nsec least = -1;
    for (size_t i = 0; i < all->n; i++) {
        const struct compare_packet *p = &all->at[i];
        if (p->side != side || p->again || !(p->length || p->syn))
            continue;
        for (size_t k = i + 1; k < all->n && k - i < NEAR; k++) {
            const struct compare_packet *q = &all->at[k];
            if (q->side == side || !q->ack || q->acked < p->seq + p->length || q->rst)
                continue;
            least = least < 0 || q->at - p->at < least ? q->at - p->at : least;
            break;
        }
    }
    return least;
}

/* Both halves of the way, wherever it was captured. 0: not seen. */
static nsec round_trip(const struct compare_packets *all)
{
    nsec there = shortest_ack(all, COMPARE_CLIENT), back = shortest_ack(all, COMPARE_SERVER);
    return there < 0 || back < 0 ? 0 : there + back;
}

/* How an ACK's octets count up is the stack's choice: 0 while the packet is whole (RFC 6864), a counter, or chance. */
static void ip_ids(struct compare_reading *g, const char *id, unsigned side)
{
    unsigned n = 0, zero = 0, up = 0;
    uint16_t before = 0;
    for (size_t i = 0; i < g->packets.n && n < 40; i++) {
        const struct compare_packet *p = &g->packets.at[i];
        if (p->side != side || p->syn || p->rst)
            continue;
        const struct tape_field *f = compare_find(g->tape, p->event->buf, "identification");
        if (!f)
            continue;
        uint16_t v = (uint16_t)f->field.number;
        zero += v == 0;
        up += n && (uint16_t)(v - before) - 1u < 16;
        before = v;
        n++;
    }
    if (n >= 4)
        compare_put(g, id, NULL, zero == n ? "always 0" : up + 2 >= n ? "counts up" : "by chance");
}

/* Was it sent again because it was missed? So long behind the first copy that a timer fired, or behind an ACK that says
 * there is a gap. A probe that only looks after a lost tail (RFC 8985 §7) is neither. */
static bool missed(const struct compare_packets *all, size_t again)
{
    const struct compare_packet *p = &all->at[again];
    bool gap = false;
    for (size_t i = again; i-- > 0 && again - i < NEAR;) {
        const struct compare_packet *q = &all->at[i];
        if (q->side == p->side && q->seq <= p->seq && q->seq + q->length + q->syn + q->fin > p->seq)
            return gap || p->at - q->at >= TIMER;
        gap |= q->side != p->side && q->acked <= p->seq && event_attr(q->event, "sack");
    }
    return true;
}

static void retransmissions(struct compare_reading *g, const char *id, unsigned side)
{
    bool again = false;
    for (size_t i = 0; i < g->packets.n; i++)
        again |= g->packets.at[i].side == side && g->packets.at[i].again && missed(&g->packets, i);
    compare_put(g, id, NULL, again ? "some" : "none");
}

static void window_first(struct compare_reading *g, const char *id, unsigned side)
{
    for (size_t i = 0; i < g->packets.n; i++) {
        const struct compare_packet *p = &g->packets.at[i];
        if (p->side == side && !p->syn && !p->rst && p->ack) {
            compare_put_number(g, id, p->window);
            return;
        }
    }
}

/* Stacks hold an ACK for 40 ms (Linux), 100 ms (BSD) or 200 ms; a machine that was busy, for any time. */
static bool as_timers_do(nsec waited)
{
    static const unsigned ms[] = { 40, 100, 200 };
    for (size_t i = 0; i < sizeof ms / sizeof *ms; i++)
        if (waited >= (ms[i] - 2) * MILLISECOND && waited <= (ms[i] + 5 + ms[i] / 20) * MILLISECOND)
            return true;
    return false;
}

/* How often did text wait for an ACK that carries nothing as long as a timer lets it wait, beyond the shortest such
 * wait (the way there and back from here)? */
static void held_acks(struct compare_reading *g, const char *id, unsigned side)
{
    nsec least = shortest_ack(&g->packets, 1 - side);
    unsigned n = 0, timers = 0;
    for (size_t i = 0; i < g->packets.n; i++) {
        const struct compare_packet *p = &g->packets.at[i];
        if (p->side == side || !p->length || p->again)
            continue;
        for (size_t k = i + 1; k < g->packets.n && k - i < NEAR; k++) {
            const struct compare_packet *q = &g->packets.at[k];
            if (q->side != side || !q->ack || q->acked < p->seq + p->length)
                continue;
            nsec waited = q->length || q->fin ? 0 : q->at - p->at - least;
            timers += as_timers_do(waited);
            n++;
            break;
        }
    }
    if (n >= 2)
        compare_put_number(g, id, timers);
}

/* Pure ACKs for many segments: how many tenths of a segment each one covers. */
static void ack_ratio(struct compare_reading *g, const char *id, unsigned side)
{
    uint64_t segments = 0, acks = 0;
    for (size_t i = 0; i < g->packets.n; i++) {
        const struct compare_packet *p = &g->packets.at[i];
        segments += p->side != side && p->length && !p->again;
        acks += p->side == side && !p->length && p->ack && !p->syn && !p->fin && !p->rst;
    }
    if (segments >= MANY && acks)
        compare_put_number(g, id, (segments * 10 + acks / 2) / acks);
}

/* When the first ACK of what packet `first` began can have come back to its sender, as seen here: `far` is how long the
 * sender takes to answer. NEVER: none came. */
static nsec heard_back(const struct compare_packets *all, size_t first, nsec far)
{
    const struct compare_packet *p = &all->at[first];
    for (size_t i = first + 1; i < all->n && i - first < NEAR; i++)
        if (all->at[i].side != p->side && all->at[i].ack && all->at[i].acked > p->seq)
            return all->at[i].at + far * 9 / 10;
    return NEVER;
}

/* The first flight after which the sender had to wait: what it sent before an ACK could reach it, when more followed
 * though the peer said nothing. In segments of the longest size. */
static void first_flight(struct compare_reading *g, const char *id, unsigned side, uint64_t longest)
{
    const nsec far = shortest_ack(&g->packets, 1 - side);
    bool peer_spoke = true;
    for (size_t i = 0; i < g->packets.n && far >= 0 && longest; i++) {
        const struct compare_packet *p = &g->packets.at[i];
        if (p->side != side || !p->length) {
            peer_spoke |= p->length > 0;
            continue;
        }
        if (!peer_spoke)
            continue;
        peer_spoke = false;
        uint64_t octets = 0;
        nsec until = heard_back(&g->packets, i, far);
        for (size_t k = i; k < g->packets.n; k++) {
            const struct compare_packet *q = &g->packets.at[k];
            if (q->side != side && q->length)
                break;
            if (q->side != side || !q->length || q->again)
                continue;
            if (q->at > until && octets >= FEW * longest) {
                compare_put_number(g, id, (octets + longest - 1) / longest);
                return;
            }
            octets += q->length;
        }
    }
}

/* Nagle (RFC 9293 §3.7.4): a small segment that waits for the ACK of another small one. */
static void nagle(struct compare_reading *g, const char *id, unsigned side, uint64_t longest)
{
    bool small_sent = false, acked = false, seen = false;
    nsec sent_at = 0, acked_at = 0;
    for (size_t i = 0; i < g->packets.n; i++) {
        const struct compare_packet *p = &g->packets.at[i];
        if (p->side != side && p->length)
            small_sent = acked = false;
        else if (p->side != side && small_sent)
            acked = true, acked_at = p->at;
        else if (p->side == side && p->length) {
            seen |= acked && p->length < longest && p->at - acked_at < AT_ONCE && p->at - sent_at > FAR && !p->again;
            small_sent = p->length < longest;
            acked = false;
            sent_at = p->at;
        }
    }
    compare_put(g, id, NULL, seen ? "waits for an ACK" : "does not wait");
}

/* A writer that hands over little by little: what it says before the other side speaks lies in more segments than it
 * fills. */
static void split_writes(struct compare_reading *g, const char *id, unsigned side, uint64_t longest)
{
    uint64_t octets = 0, segments = 0;
    uint64_t surplus = 0;
    for (size_t i = 0; i <= g->packets.n; i++) {
        const struct compare_packet *p = i < g->packets.n ? &g->packets.at[i] : NULL;
        if (p && p->side == side) {
            octets += p->again ? 0 : p->length;
            segments += p->length && !p->again;
        } else if (!p || p->length) {
            surplus += segments - (longest ? (octets + longest - 1) / longest : 0);
            octets = segments = 0;
        }
    }
    compare_put_number(g, id, surplus);
}

static void pushes(struct compare_reading *g, const char *id, unsigned side)
{
    unsigned ends = 0, pushed = 0;
    for (size_t i = 0; i < g->packets.n; i++) {
        const struct compare_packet *p = &g->packets.at[i];
        bool last = i + 1 == g->packets.n || g->packets.at[i + 1].side != side;
        if (p->side != side || !p->length || !last)
            continue;
        ends++;
        pushed += p->psh;
    }
    if (ends)
        compare_put(g, id, NULL, 2 * pushed >= ends ? "at the end of a flight" : "seldom");
}

static void zero_windows(struct compare_reading *g, const char *id, unsigned side)
{
    bool closed = false;
    for (size_t i = 0; i < g->packets.n; i++) {
        const struct compare_packet *p = &g->packets.at[i];
        closed |= p->side == side && p->ack && !p->rst && !p->window;
    }
    compare_put(g, id, NULL, closed ? "was closed" : "stayed open");
}

static uint64_t longest_segment(const struct compare_packets *all, unsigned side)
{
    uint64_t longest = 0;
    for (size_t i = 0; i < all->n; i++)
        if (all->at[i].side == side && all->at[i].length > longest)
            longest = all->at[i].length;
    return longest;
}

/* The packet in which a side says that it is done: its close_notify, or what looks like one (its last record is as long
 * as a sealed alert), else its FIN. SIZE_MAX: it never does. */
static size_t done_at(struct compare_reading *g, unsigned side)
{
    enum { SEALED_ALERT = 24 };
    const struct event *last = NULL;
    struct compare_place place, at = { 0 };
    size_t fin = SIZE_MAX;
    for (event_no n = 1; n <= tape_events(g->tape) && g->stream[side]; n++) {
        const struct event *e = tape_event(g->tape, n);
        if (e && e->kind == EVENT_RECORD && compare_place_of(g->tape, e, &place) && place.stream == g->stream[side] &&
            place.off >= at.off)
            last = e, at = place;
    }
    bool says_so = last && (strcmp(last->name, "alert") == 0 || last->bytes.n == SEALED_ALERT);
    for (size_t i = 0; i < g->packets.n && fin == SIZE_MAX; i++) {
        const struct compare_packet *p = &g->packets.at[i];
        bool here = p->side == side && p->fin;
        for (size_t k = 0; says_so && p->side == side && k < p->event->n_carries; k++)
            here |= at.off >= p->event->carries[k].off && at.off < p->event->carries[k].off + p->event->carries[k].len;
        fin = here ? i : fin;
    }
    return fin;
}

/* Who ends it, and whether an RST breaks it off. What follows the end of both is not looked at. */
static void closing(struct compare_reading *g)
{
    size_t done[2] = { done_at(g, COMPARE_CLIENT), done_at(g, COMPARE_SERVER) };
    bool fin[2] = { false, false };
    for (size_t i = 0; i < g->packets.n && !(fin[0] && fin[1]); i++) {
        const struct compare_packet *p = &g->packets.at[i];
        if (p->rst && !fin[p->side] && !(fin[1 - p->side] && done[p->side] < i)) {
            compare_put(g, "tcp.close", NULL, p->side ? "the server breaks it off (RST)"
                                                      : "the client breaks it off (RST)");
            return;
        }
        fin[p->side] |= p->fin;
    }
    if (done[0] == SIZE_MAX && done[1] == SIZE_MAX)
        compare_put(g, "tcp.close", NULL, "nobody");
    else
        compare_put(g, "tcp.close", NULL, done[0] < done[1] ? "the client" : "the server");
}

/* The first octet that the server says to the client's latest before it, beyond the round trip. */
static void waits(struct compare_reading *g, nsec trip)
{
    nsec asked = -1, most = 0;
    for (size_t i = 0; i < g->packets.n; i++) {
        const struct compare_packet *p = &g->packets.at[i];
        if (!p->length || p->again)
            continue;
        if (p->side == COMPARE_CLIENT)
            asked = p->at;
        else if (asked >= 0) {
            most = p->at - asked > most ? p->at - asked : most;
            asked = -1;
        }
    }
    most = most > trip ? most - trip : 0;
    compare_put_number(g, "time.answer", (uint64_t)(most / MILLISECOND));
}

static void wire(struct compare_reading *g)
{
    static const struct { const char *fate, *id; } kinds[] = {
        { "lost", "wire.lost" }, { "duplicated", "wire.duplicated" }, { "reordered", "wire.reordered" },
        { "delayed", "wire.delayed" }, { "corrupted", "wire.corrupted" }, { "cut", "wire.cut" },
    };
    if (!g->run->fates)
        return;
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        bool any = false;
        for (event_no n = 1; n <= tape_events(g->tape) && !any; n++) {
            const struct event *e = tape_event(g->tape, n);
            any = e && e->kind == EVENT_FATE && strcmp(e->name, kinds[k].fate) == 0;
        }
        compare_put(g, kinds[k].id, NULL, any ? "some" : "none");
    }
}

void compare_habits(struct compare_reading *g)
{
    static const struct {
        const char *ids, *held, *ratio, *flight, *nagle, *split, *push, *again, *window, *zero;
    } of[2] = {
        { "client.ip_id", "client.ack_held", "client.ack_ratio", "client.flight", "client.nagle", "client.pieces",
          "client.push", "client.again", "client.window_first", "client.zero" },
        { "server.ip_id", "server.ack_held", "server.ack_ratio", "server.flight", "server.nagle", "server.pieces",
          "server.push", "server.again", "server.window_first", "server.zero" },
    };
    nsec trip = round_trip(&g->packets);
    compare_put_number(g, "time.round_trip", (uint64_t)(trip / (MILLISECOND / 10)));
    waits(g, trip);
    for (unsigned side = 0; side < 2; side++) {
        uint64_t longest = longest_segment(&g->packets, side);
        ip_ids(g, of[side].ids, side);
        window_first(g, of[side].window, side);
        zero_windows(g, of[side].zero, side);
        retransmissions(g, of[side].again, side);
        held_acks(g, of[side].held, side);
        ack_ratio(g, of[side].ratio, side);
        if (trip >= FAR) {
            first_flight(g, of[side].flight, side, longest);
            nagle(g, of[side].nagle, side, longest);
        }
        split_writes(g, of[side].split, side, longest);
        pushes(g, of[side].push, side);
    }
    closing(g);
    wire(g);
}
