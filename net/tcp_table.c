#include "net/tcp_table.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(TCP_KEY == crypto_shorthash_KEYBYTES, "the key of SipHash");

bool tcp_table_start(struct tcp_table *all, unsigned connections, struct chance *chance)
{
    unsigned n_buckets = 4;
    while (n_buckets < 2 * connections)
        n_buckets *= 2;
    *all = (struct tcp_table){ .n = connections, .n_buckets = n_buckets };
    all->all = calloc(connections, sizeof *all->all);
    all->buckets = calloc(n_buckets, sizeof(struct tcp *));
    all->deadlines.heap = calloc(connections + 1u, sizeof(struct deadline *));
    if (!all->all || !all->buckets || !all->deadlines.heap) {
        tcp_table_end(all);
        return false;
    }
    for (unsigned i = connections; i-- > 0;) {
        all->all[i].next_free = all->free_list;
        all->free_list = &all->all[i];
    }
    chance_fill(chance, "tcp_secret", all->key, sizeof all->key);
    return true;
}

void tcp_table_end(struct tcp_table *all)
{
    for (unsigned i = 0; all->all && i < all->n; i++)
        if (all->all[i].in_use)
            tcp_free(&all->all[i]);
    free(all->all);
    free(all->buckets);
    free(all->deadlines.heap);
    sodium_memzero(all->key, sizeof all->key);
}

/* A keyed hash (SipHash-2-4) of both ends and a word: whoever does not know the key can neither fill one
 * bucket nor guess an ISN. */
static uint64_t hash(const struct tcp_table *all, const struct tcp_ends *e, uint8_t word)
{
    uint8_t text[2 * 18 + 1] = { 0 }, out[crypto_shorthash_BYTES];
    memcpy(text, e->local.octets, e->local.len);
    memcpy(text + 16, e->peer.octets, e->peer.len);
    text[32] = (uint8_t)(e->port >> 8);
    text[33] = (uint8_t)e->port;
    text[34] = (uint8_t)(e->peer_port >> 8);
    text[35] = (uint8_t)e->peer_port;
    text[36] = word;
    crypto_shorthash(out, text, sizeof text, all->key);
    uint64_t v = 0;
    for (size_t i = 0; i < sizeof out; i++)
        v = v << 8 | out[i];
    return v;
}

static struct tcp **bucket_of(const struct tcp_table *all, const struct tcp_ends *e)
{
    return &all->buckets[hash(all, e, 'b') & (all->n_buckets - 1)];
}

static struct tcp_ends ends_of(const struct tcp *t)
{
    return (struct tcp_ends){ t->local, t->carrier.peer, t->carrier.port, t->carrier.peer_port };
}

struct tcp *tcp_table_find(const struct tcp_table *all, const struct tcp_ends *e)
{
    struct tcp *t = *bucket_of(all, e);
    while (t && !(t->state != TCP_CLOSED && t->carrier.port == e->port && t->carrier.peer_port == e->peer_port
                  && addr_same(&t->carrier.peer, &e->peer) && addr_same(&t->local, &e->local)))
        t = t->next_hash;
    return t;
}

static void take_out(struct tcp_table *all, struct tcp *t)
{
    struct tcp_ends ends = ends_of(t);
    struct tcp **at = bucket_of(all, &ends);
    while (*at && *at != t)
        at = &(*at)->next_hash;
    if (*at)
        *at = t->next_hash;
    deadline_set(&all->deadlines, &t->deadline, NEVER);
    tcp_free(t);
    t->in_use = false;
    t->next_free = all->free_list;
    all->free_list = t;
    all->in_use--;
}

static void push(struct tcp_queue *q, struct tcp *t, struct tcp **next)
{
    *next = NULL;
    if (!q->first)
        q->first = t;
    q->last = t;
}

static void push_ready(struct tcp_table *all, struct tcp *t)
{
    if (t->is_ready)
        return;
    t->is_ready = true;
    if (all->ready.first)
        all->ready.last->next_ready = t;
    push(&all->ready, t, &t->next_ready);
}

static void push_news(struct tcp_table *all, struct tcp *t)
{
    if (t->is_news)
        return;
    t->is_news = true;
    if (all->news.first)
        all->news.last->next_news = t;
    push(&all->news, t, &t->next_news);
}

/* Whoever has let go of a connection asks for no more news of it. */
static void leave_news(struct tcp_table *all, struct tcp *t)
{
    struct tcp **at = &all->news.first, *before = NULL;
    if (!t->is_news)
        return;
    while (*at != t) {
        before = *at;
        at = &before->next_news;
    }
    *at = t->next_news;
    if (all->news.last == t)
        all->news.last = before;
    t->is_news = false;
}

static void leave_listener(struct tcp *t)
{
    if (t->listener)
        t->listener->waiting--;
    t->listener = NULL;
}

void tcp_table_settle(struct tcp_table *all, struct tcp *t)
{
    deadline_set(&all->deadlines, &t->deadline, tcp_wake(t));
    push_ready(all, t);
    if (t->has_news && t->owned && !t->released)
        push_news(all, t);
    t->has_news = false;
    if (t->state == TCP_CLOSED && !t->owned)
        leave_listener(t);
}

struct tcp *tcp_table_output(struct tcp_table *all, struct tcp_sending *out, nsec now)
{
    for (struct tcp *t; (t = all->ready.first) != NULL;) {
        all->ready.first = t->next_ready;
        t->is_ready = false;
        if (tcp_output(t, out, now)) {
            tcp_table_settle(all, t);                 /* at the end of the queue: each has its turn */
            return t;
        }
        deadline_set(&all->deadlines, &t->deadline, tcp_wake(t));
        if (tcp_gone(t)) {
            leave_news(all, t);
            take_out(all, t);
        }
    }
    return NULL;
}

struct tcp *tcp_table_news(struct tcp_table *all)
{
    for (struct tcp *t; (t = all->news.first) != NULL;) {
        all->news.first = t->next_news;
        t->is_news = false;
        leave_listener(t);
        if (!t->released)
            return t;
    }
    return NULL;
}

void tcp_table_tick(struct tcp_table *all, nsec now)
{
    for (struct deadline *d; (d = deadline_first(&all->deadlines)) != NULL && d->at <= now;) {
        struct tcp *t = &all->all[d->number];
        tcp_tick(t, now);
        tcp_table_settle(all, t);
    }
}

nsec tcp_table_wake(const struct tcp_table *all)
{
    struct deadline *first = deadline_first(&all->deadlines);
    return first ? first->at : NEVER;
}

void tcp_table_forget(struct tcp_table *all, struct tcp *t)
{
    tcp_end(t, TCP_WAITED_2MSL, NULL);
    tcp_table_settle(all, t);
}

void tcp_table_forget_all(struct tcp_table *all)
{
    for (unsigned i = 0; i < all->n; i++) {
        struct tcp *t = &all->all[i];
        if (!t->in_use || t->state == TCP_CLOSED)
            continue;
        t->carrier.voice.trace = NULL;
        tcp_end(t, t->state == TCP_TIME_WAIT ? TCP_WAITED_2MSL : TCP_ABORT_CALLED, NULL);
        t->rst_due.now = t->syn_due.now = false;
        t->listener = NULL;
        tcp_table_settle(all, t);
    }
    memset(all->listeners, 0, sizeof all->listeners);
}

/* RFC 9293 lets nobody shorten TIME-WAIT but for want of room: then the oldest is the least missed. */
static void make_room(struct tcp_table *all)
{
    struct tcp *oldest = NULL;
    for (unsigned i = 0; i < all->n; i++) {
        struct tcp *t = &all->all[i];
        if (t->in_use && t->state == TCP_TIME_WAIT && t->released && !t->is_ready && !t->is_news
            && (!oldest || t->timer[TCP_TIMER_TIME_WAIT].at < oldest->timer[TCP_TIMER_TIME_WAIT].at))
            oldest = t;
    }
    if (oldest) {
        tcp_end(oldest, TCP_WAITED_2MSL, NULL);
        take_out(all, oldest);
    }
}

/* The hand goes round, so that each has as long as the others, and a search costs a few steps. */
bool tcp_table_recycle(struct tcp_table *all, const struct tcp_listener *l)
{
    for (unsigned i = 0; i < all->n; i++) {
        struct tcp *t = &all->all[all->hand++ % all->n];
        if (!t->in_use || t->state != TCP_SYN_RECEIVED || t->listener != l || t->is_ready)
            continue;
        tcp_end(t, TCP_GAVE_UP, NULL);
        leave_listener(t);
        take_out(all, t);
        return true;
    }
    return false;
}

struct tcp *tcp_table_new(struct tcp_table *all, const struct tcp_ends *e)
{
    if (!all->free_list)
        make_room(all);
    struct tcp *t = all->free_list;
    if (!t)
        return NULL;
    all->free_list = t->next_free;
    all->in_use++;
    *t = (struct tcp){ .in_use = true, .local = e->local };
    t->carrier.peer = e->peer;
    t->carrier.port = e->port;
    t->carrier.peer_port = e->peer_port;
    t->carrier.voice.conn = ++all->counted;
    t->deadline.number = (uint32_t)(t - all->all);
    struct tcp **bucket = bucket_of(all, e);
    t->next_hash = *bucket;
    *bucket = t;
    return t;
}

struct tcp_listener *tcp_table_listener(struct tcp_table *all, const struct addr *local, uint16_t port)
{
    for (unsigned i = 0; i < TCP_LISTENERS; i++) {
        struct tcp_listener *l = &all->listeners[i];
        if (l->port && l->port == port && (l->addr.len == 0 || addr_same(&l->addr, local)))
            return l;
    }
    return NULL;
}

/* ISN = M + F(ends, secret): M counts every 4 microseconds, so that the numbers of one connection grow from
 * one life to the next; F makes those of different connections unrelated, so that nobody can guess one from
 * another. */
uint32_t tcp_table_isn(const struct tcp_table *all, const struct tcp_ends *e, nsec now)
{
    return (uint32_t)(now / (4 * MICROSECOND)) + (uint32_t)hash(all, e, 'i');
}

uint32_t tcp_table_ts_offset(const struct tcp_table *all, const struct tcp_ends *e)
{
    struct tcp_ends hosts = { .local = e->local, .peer = e->peer };
    return (uint32_t)hash(all, &hosts, 't');
}

uint16_t tcp_table_port(const struct tcp_table *all, const struct tcp_ends *e, struct chance *chance)
{
    uint8_t random[2];
    chance_fill(chance, "tcp_port", random, sizeof random);
    unsigned start = (unsigned)(random[0] << 8 | random[1]) % PORTS_EPHEMERAL;
    for (unsigned i = 0; i < PORTS_EPHEMERAL; i++) {
        struct tcp_ends tried = *e;
        tried.port = (uint16_t)(PORT_EPHEMERAL + (start + i) % PORTS_EPHEMERAL);
        if (!tcp_table_find(all, &tried))
            return tried.port;
    }
    return 0;
}
