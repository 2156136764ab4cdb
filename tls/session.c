#include "tls/session.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define NOBODY UINT32_MAX

/* An entry is in the row of its bucket, and in one list of all, the one used last in front. */
struct entry { struct tls_session session; uint32_t next, newer, older; };

struct tls_sessions {
    nsec lifetime;
    uint32_t most, n, n_buckets, touched;             /* entries from there on were never used, nor their memory */
    uint32_t newest, oldest, unused;                  /* unused: a row through .next */
    uint32_t *buckets;
    struct entry entries[];
};

void tls_session_wipe(struct tls_session *s) { sodium_memzero(s, sizeof *s); }
void tls_resumable_wipe(struct tls_resumable *r) { sodium_memzero(r, sizeof *r); }

bool tls_resumable_fits(const struct tls_resumable *r, const char *host, nsec now)
{
    const struct tls_session *s = &r->session;
    nsec lifetime = r->lifetime_hint ? (nsec)r->lifetime_hint * SECOND : TLS_SESSION_LIFETIME_MAX;
    if (lifetime > TLS_SESSION_LIFETIME_MAX)
        lifetime = TLS_SESSION_LIFETIME_MAX;
    return s->suite && s->extended_master_secret && (r->ticket_n || s->id_n) && host && strcmp(s->host, host) == 0
        && now >= s->made && now - s->made < TLS_SESSION_LIFETIME_MAX && now >= r->got && now - r->got < lifetime;
}

struct tls_sessions *tls_sessions_new(size_t most, nsec lifetime)
{
    uint32_t n_buckets = 1;
    while (n_buckets < most && n_buckets < 1u << 20)
        n_buckets *= 2;
    if (!most || most >= NOBODY / 2)
        return NULL;
    struct tls_sessions *all = calloc(1, sizeof *all + most * sizeof all->entries[0]);
    uint32_t *buckets = malloc(n_buckets * sizeof *buckets);
    if (!all || !buckets) {
        free(all);
        free(buckets);
        return NULL;
    }
    *all = (struct tls_sessions){ .lifetime = lifetime, .most = (uint32_t)most, .n_buckets = n_buckets,
                                  .newest = NOBODY, .oldest = NOBODY, .unused = NOBODY, .buckets = buckets };
    memset(buckets, 0xff, n_buckets * sizeof *buckets);
    return all;
}

void tls_sessions_free(struct tls_sessions *all)
{
    if (!all)
        return;
    free(all->buckets);
    sodium_memzero(all, sizeof *all + all->touched * sizeof all->entries[0]);
    free(all);
}

/* Ids are random, and ours: whoever asks for another one finds an empty row at best. */
static uint32_t *bucket_of(struct tls_sessions *all, const uint8_t *id)
{
    uint32_t number;
    memcpy(&number, id, sizeof number);
    return &all->buckets[number & (all->n_buckets - 1)];
}

static void unlink_entry(struct tls_sessions *all, uint32_t at)
{
    struct entry *e = &all->entries[at];
    *(e->newer == NOBODY ? &all->newest : &all->entries[e->newer].older) = e->older;
    *(e->older == NOBODY ? &all->oldest : &all->entries[e->older].newer) = e->newer;
}

static void link_in_front(struct tls_sessions *all, uint32_t at)
{
    struct entry *e = &all->entries[at];
    e->newer = NOBODY;
    e->older = all->newest;
    *(e->older == NOBODY ? &all->oldest : &all->entries[e->older].newer) = at;
    all->newest = at;
}

static void drop_at(struct tls_sessions *all, uint32_t at)
{
    struct entry *e = &all->entries[at];
    uint32_t *link = bucket_of(all, e->session.id);
    while (*link != at)
        link = &all->entries[*link].next;
    *link = e->next;
    unlink_entry(all, at);
    tls_session_wipe(&e->session);
    e->next = all->unused;
    all->unused = at;
    all->n--;
}

static uint32_t find_at(struct tls_sessions *all, struct bytes id)
{
    if (id.n != TLS_SESSION_ID_MAX)
        return NOBODY;
    uint32_t at = *bucket_of(all, id.at);
    while (at != NOBODY && memcmp(all->entries[at].session.id, id.at, id.n) != 0)
        at = all->entries[at].next;
    return at;
}

void tls_sessions_put(struct tls_sessions *all, const struct tls_session *s)
{
    tls_sessions_drop(all, (struct bytes){ s->id, s->id_n });
    if (s->id_n != TLS_SESSION_ID_MAX)
        return;
    if (all->n == all->most)
        drop_at(all, all->oldest);
    uint32_t at = all->unused, *bucket = bucket_of(all, s->id);
    if (at == NOBODY)
        at = all->touched++;
    else
        all->unused = all->entries[at].next;
    all->entries[at].session = *s;
    all->entries[at].next = *bucket;
    *bucket = at;
    link_in_front(all, at);
    all->n++;
}

const struct tls_session *tls_sessions_find(struct tls_sessions *all, struct bytes id, nsec now)
{
    uint32_t at = find_at(all, id);
    if (at == NOBODY)
        return NULL;
    const struct tls_session *s = &all->entries[at].session;
    if (now - s->made >= all->lifetime) {
        drop_at(all, at);
        return NULL;
    }
    unlink_entry(all, at);
    link_in_front(all, at);
    return s;
}

void tls_sessions_drop(struct tls_sessions *all, struct bytes id)
{
    uint32_t at = find_at(all, id);
    if (at != NOBODY)
        drop_at(all, at);
}

size_t tls_sessions_n(const struct tls_sessions *all) { return all->n; }
