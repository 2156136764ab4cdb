#include "net/tcp_table.h"
#include "net/seq.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(TCP_KEY == crypto_shorthash_KEYBYTES, "the key of SipHash");

void tcp_table_end(struct tcp_table *all)
{
    for (unsigned i = 0; all->all && i < all->n; i++)
        if (all->all[i].in_use)
            tcp_free(&all->all[i]);
    free(all->all);
    free(all->causes);
    free(all->buckets);
    free(all->deadlines.heap);
    sodium_memzero(all->key, sizeof all->key);
    sodium_memzero(all->bucket_key, sizeof all->bucket_key);
}

static uint8_t *put_number(uint8_t *at, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(v >> (24 - 8 * i));
    return at + 4;
}

/* Whoever does not know the key can neither fill one bucket nor guess an ISN. */
uint64_t tcp_table_hash(const struct tcp_table *all, const struct tcp_ends *e, char word, uint32_t a, uint32_t b)
{
    uint8_t text[2 * 16 + 14] = { (uint8_t)word, e->peer.len }, out[crypto_shorthash_BYTES], *at = text + 2;
    unsigned n = e->peer.len > 4 ? 16 : 4;
    memcpy(at, e->local.octets, n);
    memcpy(at + n, e->peer.octets, n);
    at = put_number(at + 2 * n, (uint32_t)e->port << 16 | e->peer_port);
    if (a || b)
        at = put_number(put_number(at, a), b);
    crypto_shorthash(out, text, (size_t)(at - text), all->key);
    uint64_t v = 0;                                   /* the same on every machine: it becomes an ISN */
    for (size_t i = 0; i < sizeof out; i++)
        v = v << 8 | out[i];
    return v;
}

static uint64_t hash(const struct tcp_table *all, const struct tcp_ends *e, char word)
{
    return tcp_table_hash(all, e, word, 0, 0);
}

static uint32_t *bucket_of(const struct tcp_table *all, const struct tcp_ends *e)
{
    uint32_t sum = ends_hash(all->bucket_key, &e->local, &e->peer, e->port, e->peer_port);
    return &all->buckets[sum & (all->n_buckets - 1)];
}

static void make_bucket_key(struct tcp_table *all)
{
    static const struct tcp_ends nobody = { 0 };
    for (uint32_t i = 0; i < ENDS_KEY; i++)
        all->bucket_key[i] = (uint32_t)tcp_table_hash(all, &nobody, 'b', i + 1, 0);
}

bool tcp_table_start(struct tcp_table *all, unsigned connections, struct chance *chance)
{
    unsigned n_buckets = 4;
    while (n_buckets < 2 * connections)
        n_buckets *= 2;
    *all = (struct tcp_table){ .n = connections, .n_buckets = n_buckets };
    all->all = calloc(connections, sizeof *all->all);
    all->buckets = calloc(n_buckets, sizeof *all->buckets);
    all->deadlines.heap = calloc(connections + 1u, sizeof(struct deadline *));
    if (!all->all || !all->buckets || !all->deadlines.heap) {
        tcp_table_end(all);
        return false;
    }
    for (unsigned i = connections; i-- > 0;) {
        all->all[i].next_hash = all->free_list;
        all->free_list = &all->all[i];
    }
    chance_fill(chance, "tcp_secret", all->key, sizeof all->key);
    make_bucket_key(all);
    return true;
}

static struct tcp_ends ends_of(const struct tcp *t)
{
    return (struct tcp_ends){ t->local, t->carrier.peer, t->carrier.port, t->carrier.peer_port };
}

static bool is_between(const struct tcp *t, const struct tcp_ends *e)
{
    return t->state != TCP_CLOSED && t->carrier.port == e->port && t->carrier.peer_port == e->peer_port
           && addr_same(&t->carrier.peer, &e->peer) && addr_same(&t->local, &e->local);
}

static struct tcp *first_in(const struct tcp_table *all, const uint32_t *bucket)
{
    return *bucket ? &all->all[*bucket - 1] : NULL;
}

static uint32_t count_of(const struct tcp_table *all, const struct tcp *t)
{
    return t ? (uint32_t)(t - all->all) + 1 : 0;
}

static void put_in_bucket(struct tcp_table *all, struct tcp *t, const struct tcp_ends *e)
{
    uint32_t *bucket = bucket_of(all, e);
    t->next_hash = first_in(all, bucket);
    *bucket = count_of(all, t);
}

static void take_from_bucket(struct tcp_table *all, const struct tcp *t)
{
    struct tcp_ends ends = ends_of(t);
    uint32_t *bucket = bucket_of(all, &ends);
    struct tcp *before = first_in(all, bucket);
    if (before == t)
        *bucket = count_of(all, t->next_hash);
    while (before && before->next_hash != t)
        before = before->next_hash;
    if (before)
        before->next_hash = t->next_hash;
}

void tcp_table_expect(struct tcp_table *all, const struct tcp_ends *e)
{
    all->expected = all->found && is_between(all->found, e) ? NULL : bucket_of(all, e);
    if (all->expected)
        __builtin_prefetch(all->expected);
}

/* The lines that every segment needs, all at once and not one after the other. */
void tcp_table_fetch(struct tcp_table *all)
{
    const char *at = all->expected ? (const char *)first_in(all, all->expected) : NULL;
    for (size_t off = 0; at && off < offsetof(struct tcp, octets_acked); off += 64)
        __builtin_prefetch(at + off, 1);
}

struct tcp *tcp_table_expected(struct tcp_table *all, const struct tcp_ends *e)
{
    if (!all->expected)
        return all->found;
    struct tcp *t = first_in(all, all->expected);
    while (t && !is_between(t, e))
        t = t->next_hash;
    if (t)
        all->found = t;
    return t;
}

struct tcp *tcp_table_find(struct tcp_table *all, const struct tcp_ends *e)
{
    tcp_table_expect(all, e);
    tcp_table_fetch(all);
    return tcp_table_expected(all, e);
}

/* --- lists: a connection is in each at most once --- */

static void append(struct tcp_list *list, enum tcp_list_kind k, struct tcp *t)
{
    t->link[k].older = list->last;
    t->link[k].newer = NULL;
    if (list->last)
        list->last->link[k].newer = t;
    else
        list->first = t;
    list->last = t;
    list->n++;
}

static void leave(struct tcp_list *list, enum tcp_list_kind k, struct tcp *t)
{
    struct tcp *older = t->link[k].older, *newer = t->link[k].newer;
    if (older)
        older->link[k].newer = newer;
    else
        list->first = newer;
    if (newer)
        newer->link[k].older = older;
    else
        list->last = older;
    list->n--;
}

static void push_ready(struct tcp_table *all, struct tcp *t)
{
    if (!t->is_ready)
        append(&all->ready, LIST_READY, t);
    t->is_ready = true;
}

static void leave_listener(struct tcp *t)
{
    if (t->is_accepted)
        t->listener->accepted--;
    t->is_accepted = false;
    t->listener = NULL;
}

/* In one of the other lists, or in none. */
static void wait_in(struct tcp *t, struct tcp_list *list)
{
    if (t->waits_in == list)
        return;
    if (t->waits_in)
        leave(t->waits_in, LIST_OTHER, t);
    if (list)
        append(list, LIST_OTHER, t);
    t->waits_in = list;
}

/* Where it waits follows from its state; and who has let go asks for no more news. */
static void requeue(struct tcp_table *all, struct tcp *t)
{
    struct tcp_list *news = t->waits_in == &all->news && !t->released ? &all->news : NULL;
    if (t->state == TCP_CLOSED && !t->owned)
        leave_listener(t);
    if (t->state == TCP_TIME_WAIT && t->released)
        wait_in(t, &all->time_wait);
    else if (t->state == TCP_SYN_RECEIVED && t->listener)
        wait_in(t, &t->listener->half_open);
    else
        wait_in(t, news);
    if (t->listener && t->owned && !t->is_accepted) {
        t->is_accepted = true;
        t->listener->accepted++;
    }
}

static void take_out(struct tcp_table *all, struct tcp *t)
{
    take_from_bucket(all, t);
    deadline_set(&all->deadlines, &t->deadline, NEVER);
    leave_listener(t);
    wait_in(t, NULL);
    tcp_free(t);
    t->in_use = false;
    if (all->found == t)
        all->found = NULL;
    t->next_hash = all->free_list;
    all->free_list = t;
    all->in_use--;
}

void tcp_table_settle(struct tcp_table *all, struct tcp *t)
{
    push_ready(all, t);
    requeue(all, t);
    if (t->has_news && t->owned && !t->released)
        wait_in(t, &all->news);
    t->has_news = false;
}

struct tcp *tcp_table_output(struct tcp_table *all, struct tcp_sending *out, nsec now)
{
    for (struct tcp *t; (t = all->ready.first) != NULL;) {
        leave(&all->ready, LIST_READY, t);
        t->is_ready = false;
        bool sent = tcp_output(t, out, now);
        deadline_set(&all->deadlines, &t->deadline, tcp_wake(t));
        if (sent) {
            tcp_table_settle(all, t);                 /* at the end of the queue: each has its turn */
            return t;
        }
        if (tcp_gone(t))
            take_out(all, t);
        else
            requeue(all, t);
    }
    return NULL;
}

struct tcp *tcp_table_news(struct tcp_table *all)
{
    struct tcp *t = all->news.first;
    if (!t)
        return NULL;
    wait_in(t, NULL);
    leave_listener(t);
    return t;
}

void tcp_table_tick(struct tcp_table *all, nsec now)
{
    for (struct deadline *d; (d = deadline_first(&all->deadlines)) != NULL && d->at <= now;) {
        struct tcp *t = &all->all[d->number];
        tcp_tick(t, now);
        deadline_set(&all->deadlines, d, tcp_wake(t));
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
        t->due[TCP_DUE_RST] = t->due[TCP_DUE_SYN] = false;
        leave_listener(t);
        tcp_table_settle(all, t);
    }
    memset(all->listeners, 0, sizeof all->listeners);
}

/* RFC 9293 lets nobody shorten TIME-WAIT but for want of room: then the oldest is the least missed. (One that is ready
 * somebody may still hold on to.) */
static void make_room(struct tcp_table *all)
{
    struct tcp *t = all->time_wait.first;
    while (t && t->is_ready)
        t = t->link[LIST_OTHER].newer;
    if (!t)
        return;
    tcp_end(t, TCP_WAITED_2MSL, NULL);
    take_out(all, t);
}

struct tcp *tcp_table_new(struct tcp_table *all, const struct tcp_ends *e)
{
    if (!all->free_list)
        make_room(all);
    struct tcp *t = all->free_list;
    if (!t)
        return NULL;
    all->free_list = t->next_hash;
    all->in_use++;
    *t = (struct tcp){ .in_use = true, .local = e->local };
    t->carrier.peer = e->peer;
    t->carrier.port = e->port;
    t->carrier.peer_port = e->peer_port;
    t->carrier.voice.conn = ++all->counted;
    t->deadline.number = (uint32_t)(t - all->all);
    put_in_bucket(all, t, e);
    return t;
}

void tcp_table_heard(struct tcp_table *all, struct tcp *t)
{
    if (!all->causes)
        all->causes = calloc(all->n, sizeof *all->causes);
    t->causes = all->causes ? &all->causes[t - all->all] : NULL;
    if (t->causes)
        *t->causes = (struct tcp_causes){ 0 };
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
uint32_t tcp_table_isn(const struct tcp_table *all, const struct tcp_ends *e, const struct tcp *old, nsec now)
{
    uint32_t isn = (uint32_t)(now / (4 * MICROSECOND)) + (uint32_t)hash(all, e, 'i');
    uint32_t behind = old ? old->snd_nxt + TCP_WINDOW_MOST + 2 : isn;
    return old ? seq_later(isn, behind) : isn;
}

uint32_t tcp_table_ts_offset(const struct tcp_table *all, const struct tcp_ends *e)
{
    struct tcp_ends hosts = { .local = e->local, .peer = e->peer };
    return (uint32_t)hash(all, &hosts, 't');
}

bool tcp_table_begins_anew(const struct tcp *t, const struct tcp_segment *syn)
{
    if (t->state != TCP_TIME_WAIT || !t->released || (syn->flags & (TCP_SYN | TCP_ACK | TCP_RST)) != TCP_SYN)
        return false;
    if (t->timestamps_ok && syn->has_timestamps && syn->ts_value != t->ts_recent)
        return seq_before(t->ts_recent, syn->ts_value);
    return seq_before(t->rcv_nxt, syn->seq);
}

static bool may_use_again(const struct tcp *t, nsec now)
{
    return t->state == TCP_TIME_WAIT && t->released && t->timestamps_ok && !t->is_ready
           && now >= t->timer[TCP_TIMER_TIME_WAIT] - TCP_2MSL + SECOND;
}

uint16_t tcp_table_port(struct tcp_table *all, const struct tcp_ends *e, struct chance *chance, nsec now)
{
    uint8_t random[2];
    chance_fill(chance, "tcp_port", random, sizeof random);
    unsigned start = (unsigned)(random[0] << 8 | random[1]) % PORTS_EPHEMERAL;
    for (unsigned i = 0; i < PORTS_EPHEMERAL; i++) {
        struct tcp_ends tried = *e;
        tried.port = (uint16_t)(PORT_EPHEMERAL + (start + i) % PORTS_EPHEMERAL);
        struct tcp *t = tcp_table_find(all, &tried);
        if (!t || may_use_again(t, now))
            return tried.port;
    }
    return 0;
}
