#include "tls/x509/store.h"
#include "tls/x509/pem.h"

#include <stdlib.h>
#include <string.h>

static const struct ground no_memory = { "x509.no_memory", "" };
static const struct ground no_anchor = { "x509.no_anchor", "RFC 7468 §5" };

/* ---- the index ---- */

static void index_put(struct x509_index *x, uint32_t hash, uint32_t cert)
{
    uint32_t at = hash & x->mask;
    while (x->slots[at].cert)
        at = (at + 1) & x->mask;
    x->slots[at] = (struct x509_slot){ hash, cert };
}

static bool index_grow(struct x509_store *t, size_t room)
{
    struct x509_index x = { .mask = (uint32_t)(4 * room - 1) };    /* room is a power of 2 */
    x.slots = calloc(4 * room, sizeof *x.slots);
    if (!x.slots)
        return false;
    for (size_t i = 0; i < t->n; i++)
        index_put(&x, x509_name_hash(&t->certs[i].subject), (uint32_t)i + 1);
    free(t->index.slots);
    t->index = x;
    return true;
}

struct x509_look x509_store_look(const struct x509_store *t, const struct bytes *subject)
{
    struct x509_look l = { .store = t, .subject = subject };
    if (t->index.slots)
        l.at = l.hash = x509_name_hash(subject);
    return l;
}

const struct x509_cert *x509_store_next(struct x509_look *l)
{
    const struct x509_store *t = l->store;
    const struct x509_index *x = &t->index;
    while (x->slots) {
        const struct x509_slot *slot = &x->slots[l->at & x->mask];
        if (!slot->cert)
            return NULL;
        l->at++;
        if (slot->hash == l->hash && x509_name_same(&t->certs[slot->cert - 1].subject, l->subject))
            return &t->certs[slot->cert - 1];
    }
    while (l->at < t->n)
        if (x509_name_same(&t->certs[l->at++].subject, l->subject))
            return &t->certs[l->at - 1];
    return NULL;
}

/* ---- the certificates ---- */

static bool grow(struct x509_store *t)
{
    if (t->n < t->room)
        return true;
    size_t room = t->room ? 2 * t->room : 8;
    struct x509_cert *certs = realloc(t->certs, room * sizeof *certs);
    if (!certs)
        return false;
    t->certs = certs;
    if (!index_grow(t, room))
        return false;
    t->room = room;
    return true;
}

static bool has(const struct x509_store *t, const struct x509_cert *c)
{
    struct x509_look look = x509_store_look(t, &c->subject);
    for (const struct x509_cert *is; (is = x509_store_next(&look)) != NULL;)
        if (is->der.n == c->der.n && memcmp(is->der.at, c->der.at, is->der.n) == 0)
            return true;
    return false;
}

bool x509_store_add(struct x509_store *t, const struct der *der, struct fault *why)
{
    uint8_t *copy = malloc(der->n ? der->n : 1);
    if (!copy || !grow(t)) {
        free(copy);
        return refuse(why, &no_memory, "memory for one more certificate", "none was left");
    }
    if (der->n)
        memcpy(copy, der->at, der->n);
    struct der own = { .at = copy, .n = der->n };
    struct x509_cert *c = &t->certs[t->n];
    bool fine = x509_read_cert(&own, NULL, c, why), there = fine && has(t, c);
    if (!fine || there) {
        free(copy);
        return there;
    }
    index_put(&t->index, x509_name_hash(&c->subject), (uint32_t)++t->n);
    return true;
}

bool x509_store_add_pem(struct x509_store *t, const char *pem, size_t n, size_t *skipped, struct fault *why)
{
    const char *at = pem, *end = pem + n;
    size_t added = 0, passed = 0, size;
    struct fault first = { 0 };
    uint8_t *der = malloc(X509_CERT_MAX);
    if (!der)
        return refuse(why, &no_memory, "memory for one certificate", "none was left");
    while (at < end) {
        struct fault flaw = { 0 };
        size = pem_next(&at, end, "CERTIFICATE", NULL, der, X509_CERT_MAX, &flaw);
        if (size == 0 && !flaw.ground)
            break;                                                 /* there is none more */
        if (size && x509_store_add(t, &(struct der){ .at = der, .n = size }, &flaw)) {
            added++;
            continue;
        }
        passed++;
        if (!first.ground)
            first = flaw;
    }
    free(der);
    if (skipped)
        *skipped = passed;
    if (added)
        return true;
    if (first.ground && why && !why->ground)
        *why = first;
    return refuse(why, &no_anchor, "at least one block BEGIN CERTIFICATE", "a text of %zu octets without one",
                  n);
}

void x509_store_free(struct x509_store *t)
{
    for (size_t i = 0; i < t->n; i++)
        free((void *)(uintptr_t)t->certs[i].der.at);             /* ours, copied in x509_store_add */
    for (size_t i = 0; i < t->n_notes; i++)
        free(t->notes[i].permitted);
    free(t->notes);
    free(t->certs);
    free(t->index.slots);
    *t = (struct x509_store){ 0 };
}
