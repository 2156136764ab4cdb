#include "tls/x509/store.h"
#include "tls/x509/pem.h"

#include <stdlib.h>
#include <string.h>

static const struct ground no_memory = { "x509.no_memory", "" };
static const struct ground no_anchor = { "x509.no_anchor", "RFC 7468 §5" };

static bool grow(struct x509_store *t)
{
    if (t->n < t->room)
        return true;
    size_t room = t->room ? 2 * t->room : 8;
    struct x509_cert *anchors = realloc(t->certs, room * sizeof *anchors);
    if (!anchors)
        return false;
    t->certs = anchors;
    t->room = room;
    return true;
}

static bool has(const struct x509_store *t, const struct der *der)
{
    for (size_t i = 0; i < t->n; i++)
        if (t->certs[i].der.n == der->n && memcmp(t->certs[i].der.at, der->at, der->n) == 0)
            return true;
    return false;
}

bool x509_store_add(struct x509_store *t, const struct der *der, struct fault *why)
{
    if (der->n && has(t, der))
        return true;
    uint8_t *copy = malloc(der->n ? der->n : 1);
    if (!copy || !grow(t)) {
        free(copy);
        return refuse(why, &no_memory, "memory for one more certificate", "none was left");
    }
    if (der->n)
        memcpy(copy, der->at, der->n);
    struct der own = { .at = copy, .n = der->n };
    if (!x509_read_cert(&own, NULL, &t->certs[t->n], why)) {
        free(copy);
        return false;
    }
    t->n++;
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
    free(t->certs);
    *t = (struct x509_store){ 0 };
}
