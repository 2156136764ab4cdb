/* The table of connections: whose segment it is, when one is over, and what memory they take. Half of config.most
 * is for connections themselves, half is the pool of what waits in order. */
#include "net/flow_inside.h"
#include "net/seq.h"

#include <stdlib.h>
#include <string.h>

enum { BUCKETS_LEAST = 1024, OVER_MOST = 64 };

/* --- lists --- */

static void append(struct flow_list *l, enum flow_list_kind k, struct flow_inside *i)
{
    i->link[k] = (struct flow_link){ l->last, NULL };
    if (l->last)
        l->last->link[k].newer = i;
    else
        l->first = i;
    l->last = i;
}

static void leave(struct flow_list *l, enum flow_list_kind k, struct flow_inside *i)
{
    struct flow_link *at = &i->link[k];
    if (at->older)
        at->older->link[k].newer = at->newer;
    else
        l->first = at->newer;
    if (at->newer)
        at->newer->link[k].older = at->older;
    else
        l->last = at->older;
}

static struct flow_list *quiet_list(struct flow_inside *i)
{
    return i->end == FLOW_CLOSED ? &i->all->closed : &i->all->quiet;
}

/* --- the table --- */

/* The same for both directions: the end with the lower address and port stands first. */
struct ends { const struct addr *a, *b; uint16_t a_port, b_port; bool swapped; };

static struct ends ends_of(const struct addr *from, uint16_t from_port, const struct addr *to, uint16_t to_port)
{
    int order = memcmp(from->octets, to->octets, from->len);
    if (order > 0 || (order == 0 && from_port > to_port))
        return (struct ends){ to, from, to_port, from_port, true };
    return (struct ends){ from, to, from_port, to_port, false };
}

static struct flow_inside **bucket_of(struct flows *all, const struct ends *e)
{
    return &all->buckets[ends_hash(all->key, e->a, e->b, e->a_port, e->b_port) & (all->n_buckets - 1)];
}

static struct flow_inside **bucket_of_flow(struct flow_inside *i)
{
    const struct flow_side *s = i->flow.side;
    struct ends e = ends_of(&s[0].addr, s[0].port, &s[1].addr, s[1].port);
    return bucket_of(i->all, &e);
}

static bool is_end(const struct flow_side *s, const struct addr *a, uint16_t port)
{
    return s->port == port && addr_same(&s->addr, a);
}

static struct flow_inside *find(struct flows *all, const struct addr *from, uint16_t from_port,
                                const struct addr *to, uint16_t to_port, unsigned *side)
{
    struct ends e = ends_of(from, from_port, to, to_port);
    for (struct flow_inside *i = *bucket_of(all, &e); i; i = i->next_hash) {
        const struct flow_side *s = i->flow.side;
        for (*side = 0; *side < 2; ++*side)
            if (is_end(&s[*side], from, from_port) && is_end(&s[!*side], to, to_port))
                return i;
    }
    return NULL;
}

struct flow *flows_find(struct flows *all, const struct addr *a, uint16_t a_port, const struct addr *b, uint16_t b_port)
{
    unsigned side;
    struct flow_inside *i = a->len == b->len ? find(all, a, a_port, b, b_port, &side) : NULL;
    return i ? &i->flow : NULL;
}

/* Twice as many buckets, when there is memory for them: they count as connections do. */
static void grow(struct flows *all)
{
    size_t n = 2 * all->n_buckets;
    struct flow_inside **more = calloc(n, sizeof(struct flow_inside *)), **old = all->buckets;
    if (!more)
        return;
    all->buckets = more;
    all->n_buckets = n;
    free(old);
    for (struct flow_inside *i = all->by_id.first; i; i = i->link[FLOW_BY_ID].newer) {
        struct flow_inside **b = bucket_of_flow(i);
        i->next_hash = *b;
        *b = i;
    }
}

/* --- over --- */

/* In the list of those that hold memory, or not; who has read all since is still in it. */
static void note_holding(struct flow_inside *i, bool holds)
{
    if (i->holding)
        leave(&i->all->holding, FLOW_BY_HOLDING, i);
    if (holds)
        append(&i->all->holding, FLOW_BY_HOLDING, i);
    i->holding = holds;
}

static void take_out(struct flow_inside *i)
{
    struct flows *all = i->all;
    struct flow_inside **at = bucket_of_flow(i);
    while (*at != i)
        at = &(*at)->next_hash;
    *at = i->next_hash;
    leave(quiet_list(i), FLOW_BY_QUIET, i);
    leave(&all->by_id, FLOW_BY_ID, i);
    note_holding(i, false);
    all->n_open--;
    all->held -= i->held;
    i->end = FLOW_OVER;
    i->next_over = NULL;
    *all->over_end = i;
    all->over_end = &i->next_over;
    facts_end(i);
}

static void evict(struct flow_inside *i)
{
    i->flow.evicted = i->end == FLOW_OPEN;
    for (unsigned side = 0; side < 2; side++)
        order_drop_waiting(i, side);
    take_out(i);
}

/* Those that closed first go first, then who was quiet for longest. */
static void evict_one(struct flows *all)
{
    struct flow_inside *i = all->closed.first ? all->closed.first : all->quiet.first;
    if (i)
        evict(i);
}

/* What the callers keep grows with what connections say, and counts as connections do. */
static void evict_for_held(struct flows *all)
{
    while (all->n_open > 1 && all->held > all->most_held - all->n_open * sizeof(struct flow_inside))
        evict_one(all);
}

void flow_holds(struct flow *f, size_t octets)
{
    struct flow_inside *i = flow_inside_of(f);
    if (i->end != FLOW_OVER)
        i->all->held = i->all->held - i->held + octets;
    i->held = octets;
}

static bool holds_some(const struct flow_inside *i) { return order_holds(&i->order[0]) || order_holds(&i->order[1]); }

/* Who was quiet for longest of those that hold some. Not `but`. */
static bool evict_holder(struct flows *all, const struct flow_inside *but)
{
    for (struct flow_inside *i = all->holding.first, *newer; i; i = newer) {
        newer = i->link[FLOW_BY_HOLDING].newer;
        if (i == but)
            continue;
        if (!holds_some(i)) {
            note_holding(i, false);
            continue;
        }
        for (unsigned side = 0; side < 2; side++)
            order_end(i, side);
        evict(i);
        return true;
    }
    return false;
}

void *flow_memory(struct flow_inside *but, uint32_t *size)
{
    struct flows *all = but->all;
    uint32_t wanted = *size;
    for (;;) {
        void *piece = pool_take(&all->pool, size);
        if (piece)
            return piece;
        *size = wanted;
        if (!evict_holder(all, but))
            return NULL;
    }
}

static void expire(struct flows *all)
{
    while (all->closed.first && all->now - all->closed.first->last_at > FLOW_LINGER)
        take_out(all->closed.first);
}

struct flow *flows_over(struct flows *all)
{
    struct flow_inside *i = all->over;
    if (!i)
        return NULL;
    all->over = i->next_over;
    if (!all->over)
        all->over_end = &all->over;
    return &i->flow;
}

void flows_give(struct flows *all, struct flow *f)
{
    struct flow_inside *i = flow_inside_of(f);
    for (unsigned side = 0; side < 2; side++)
        order_end(i, side);
    i->next_over = all->free_list;
    all->free_list = i;
}

void flows_end(struct flows *all)
{
    while (all->by_id.first)
        take_out(all->by_id.first);
}

size_t flows_count(const struct flows *all) { return all->n_open; }

/* --- a new one --- */

/* Who is evicted is given back by the caller a moment later: until then there are a few more. */
static struct flow_inside *memory_for_one(struct flows *all)
{
    if (all->n_open >= all->most_flows)
        evict_one(all);
    struct flow_inside *i = all->free_list;
    if (i) {
        all->free_list = i->next_over;
        return i;
    }
    if (all->n_flows >= all->most_flows + OVER_MOST)
        return NULL;
    i = malloc(sizeof *i);
    all->n_flows += i != NULL;
    return i;
}

/* Is the sender the client? */
static bool from_client(const struct tcp_segment *t, bool *guessed)
{
    *guessed = !(t->flags & TCP_SYN);
    if (t->flags & TCP_SYN)
        return !(t->flags & TCP_ACK);
    return t->source_port >= t->destination_port;
}

static struct flow_inside *begin(struct flows *all, const struct flow_packet *p, unsigned *side)
{
    struct flow_inside *i = memory_for_one(all);
    if (!i)
        return NULL;
    const struct tcp_segment *t = p->segment;
    *i = (struct flow_inside){ .all = all, .flow = { .id = ++all->counted, .one_sided = true } };
    *side = from_client(t, &i->flow.guessed) ? FLOW_CLIENT : FLOW_SERVER;
    i->flow.whole = t->flags & TCP_SYN;
    struct flow_side *from = &i->flow.side[*side], *to = &i->flow.side[!*side];
    from->addr = p->ip->source;
    from->port = t->source_port;
    to->addr = p->ip->destination;
    to->port = t->destination_port;
    for (unsigned k = 0; k < 2; k++) {
        i->judge[k].window = UINT32_MAX;
        i->judge[k].scale = SCALE_UNKNOWN;
        order_start(i, k);
    }
    if (all->n_open++ >= all->n_buckets)
        grow(all);
    struct flow_inside **b = bucket_of_flow(i);
    i->next_hash = *b;
    *b = i;
    append(&all->by_id, FLOW_BY_ID, i);
    append(&all->quiet, FLOW_BY_QUIET, i);
    return i;
}

/* Both FINs acknowledged, or a RST of its own: it lingers. */
static void settle(struct flow_inside *i, const struct flow_packet *p)
{
    const struct flow_side *s = i->flow.side;
    const struct flow_order *o = i->order;
    bool finished = o[0].has_fin && o[1].has_fin && s[0].acked_known && s[1].acked_known
                    && seq_before(o[0].fin, s[1].acked) && seq_before(o[1].fin, s[0].acked);
    bool reset = (s[0].rst.packet && !s[0].after_rst.packet) || (s[1].rst.packet && !s[1].after_rst.packet);
    bool closed = finished || reset;
    if (quiet_list(i)->last != i || closed != (i->end == FLOW_CLOSED)) {
        leave(quiet_list(i), FLOW_BY_QUIET, i);
        i->end = closed ? FLOW_CLOSED : FLOW_OPEN;
        append(quiet_list(i), FLOW_BY_QUIET, i);
    }
    note_holding(i, holds_some(i));
    i->last_at = p->at;
    i->flow.one_sided = !s[0].packets || !s[1].packets;
}

static unsigned take(struct flow_inside *i, unsigned side, const struct flow_packet *p, bool reused)
{
    i->flow.reused |= reused;
    unsigned marks = judge_take(i, side, p, reused);
    facts_take(i, side, p, marks);
    if (!facts_damaged(i, side, p))
        order_take(i, side, p, marks);
    settle(i, p);
    return marks;
}

/* The SYN that was kept aside is answered, on this side: the ports are used again. */
static struct flow_inside *begin_by_stray(struct flow_inside *old, unsigned *side)
{
    struct flow_packet syn;
    struct ip_header ip;
    struct tcp_segment t;
    unsigned from;
    facts_not_stray(old);
    take_out(old);
    stray_again(&old->stray, &old->flow, &ip, &t, &syn);
    struct flow_inside *i = begin(old->all, &syn, &from);
    if (i)
        take(i, from, &syn, true);
    *side = !from;
    return i;
}

struct flow *flows_take(struct flows *all, const struct flow_packet *p, unsigned *side, unsigned *marks)
{
    if (p->at > all->now)
        all->now = p->at;
    expire(all);
    evict_for_held(all);
    const struct tcp_segment *t = p->segment;
    struct flow_inside *i = find(all, &p->ip->source, t->source_port, &p->ip->destination, t->destination_port, side);
    *marks = 0;
    if (i && stray_is_taken_up(i, *side, t) && !(i = begin_by_stray(i, side)))
        return NULL;
    bool reused = i && judge_is_another(i, *side, t);
    if (reused && stray_take(i, *side, p))
        return &i->flow;
    if (reused) {
        take_out(i);
        i = NULL;
    }
    if (!i && !(i = begin(all, p, side)))
        return NULL;
    *marks = take(i, *side, p, reused);
    return &i->flow;
}

/* --- all of them --- */

struct flows *flows_new(const struct flows_config *config)
{
    struct flows *all = calloc(1, sizeof *all);
    size_t most = config->most < (1u << 20) ? 1u << 20 : config->most;
    if (!all)
        return NULL;
    all->n_buckets = BUCKETS_LEAST;
    all->buckets = calloc(all->n_buckets, sizeof(struct flow_inside *));
    if (!all->buckets) {
        free(all);
        return NULL;
    }
    pool_start(&all->pool, most / 2);
    all->most_held = most / 2;
    all->most_flows = most / 2 / (sizeof(struct flow_inside) + 2 * sizeof(struct flow_inside *));
    all->wait_most = most / 8 < FLOW_WAIT ? (uint32_t)(most / 8) : FLOW_WAIT;
    all->over_end = &all->over;
    chance_fill(config->chance, "flow_table", all->key, sizeof all->key);
    return all;
}

void flows_free(struct flows *all)
{
    if (!all)
        return;
    flows_end(all);
    for (struct flow *f; (f = flows_over(all)) != NULL;)
        flows_give(all, f);
    for (struct flow_inside *i; (i = all->free_list) != NULL;) {
        all->free_list = i->next_over;
        free(i);
    }
    pool_end(&all->pool);
    free(all->buckets);
    free(all);
}
