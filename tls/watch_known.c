/* watch_known.c - chains that were judged before. A capture has many connections to few servers; to read and judge the
 * same certificates again costs as much as all the rest of a short one.
 *
 * What was found holds again for the same octets, asked the same way, as long as no date of a certificate that may have
 * had a part in it lies between then and now: of those in the chain, and of all that are given to be trusted or to
 * stand beside it. Not kept: what a staple had a part in, and a chain in which a certificate cannot be read. */
#include "tls/watch_inside.h"

#include <stdlib.h>
#include <string.h>

enum { KNOWN = 32, KNOWN_OCTETS = 16384, KNOWN_HOST = 256 };

struct known {
    uint8_t *octets; size_t size[X509_CHAIN_MAX], n, all;         /* n 0: an empty place */
    char host[KNOWN_HOST]; unsigned key_usage; bool staple_asked;
    nsec after, before;                               /* it holds between these seconds, both left out */
    struct watch_judgement found;
};
struct watch_known { struct known at[KNOWN]; size_t next; };

struct watch_known *watch_known_new(void) { return calloc(1, sizeof(struct watch_known)); }

void watch_known_free(struct watch_known *k)
{
    for (size_t i = 0; k && i < KNOWN; i++)
        free(k->at[i].octets);
    free(k);
}

static const char *host_of(const struct x509_ask *ask) { return ask->host ? ask->host : ""; }

static bool same_octets(const struct known *k, const struct der *chain, size_t n)
{
    size_t at = 0;
    for (size_t i = 0; i < n; at += k->size[i++])
        if (k->size[i] != chain[i].n || memcmp(k->octets + at, chain[i].at, chain[i].n) != 0)
            return false;
    return true;
}

bool watch_known_find(const struct watch_known *all, const struct x509_ask *ask, const struct der *chain, size_t n,
                      struct watch_judgement *found)
{
    const nsec second = ask->at / SECOND;             /* dates are whole seconds, and judged so */
    for (size_t i = 0; all && n && !ask->ocsp.n && i < KNOWN; i++) {
        const struct known *k = &all->at[i];
        if (k->n != n || k->key_usage != ask->key_usage || k->staple_asked != ask->staple_asked
            || second <= k->after || second >= k->before || strcmp(k->host, host_of(ask)) != 0
            || !same_octets(k, chain, n))
            continue;
        *found = k->found;
        return true;
    }
    return false;
}

static void narrow(struct known *k, nsec at, const struct x509_cert *c)
{
    const nsec dates[] = { c->not_before / SECOND, c->not_after / SECOND };
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        if (dates[i] <= at / SECOND && dates[i] > k->after)
            k->after = dates[i];
        if (dates[i] >= at / SECOND && dates[i] < k->before)
            k->before = dates[i];
    }
}

static void narrow_all(struct known *k, nsec at, const struct x509_store *s)
{
    for (size_t i = 0; s && i < s->n; i++)
        narrow(k, at, &s->certs[i]);
}

/* The chain's octets, and its dates. False: it is not one to be kept. */
static bool take_chain(struct known *k, nsec at, const struct der *chain, size_t n)
{
    struct x509_cert cert;
    for (size_t i = 0; i < n; i++) {
        if (chain[i].n > KNOWN_OCTETS - k->all
            || !x509_read_cert(&(struct der){ chain[i].at, chain[i].n, 0 }, NULL, &cert, NULL))
            return false;
        narrow(k, at, &cert);
        k->size[i] = chain[i].n;
        k->all += chain[i].n;
    }
    k->octets = k->all ? malloc(k->all) : NULL;
    for (size_t i = 0, to = 0; k->octets && i < n; to += chain[i++].n)
        memcpy(k->octets + to, chain[i].at, chain[i].n);
    k->n = n;
    return k->octets != NULL;
}

void watch_known_put(struct watch_known *all, const struct x509_ask *ask, const struct der *chain, size_t n,
                     const struct watch_judgement *found)
{
    struct known k = { .key_usage = ask->key_usage, .staple_asked = ask->staple_asked, .after = INT64_MIN,
                       .before = NEVER, .found = *found };
    if (!all || !n || n > X509_CHAIN_MAX || ask->ocsp.n || ask->ip.n || strlen(host_of(ask)) >= sizeof k.host)
        return;
    memcpy(k.host, host_of(ask), strlen(host_of(ask)));
    narrow_all(&k, ask->at, ask->trust);
    narrow_all(&k, ask->at, ask->untrusted);
    if (!take_chain(&k, ask->at, chain, n))
        return;
    free(all->at[all->next].octets);
    all->at[all->next] = k;
    all->next = (all->next + 1) % KNOWN;
}
