/* export.c - what an application can bind to a connection: secrets out of its master secret (RFC 5705), and its first
 * Finished, tls-unique (RFC 5929 §3).
 *
 * Only with the extended master secret: without it two connections can be made to have the same one, and what is bound
 * to an exported value would be bound to both (RFC 7627 §5.4, the triple handshake of CVE-2014-1295). */
#include "tls/engine.h"

#include "crypto/prf.h"

#include <string.h>

enum { CONTEXT_MAX = 1024 };

bool tls_export(const struct tls *t, const char *label, const void *context, size_t context_n, void *out, size_t n)
{
    uint8_t seed[2 * TLS_RANDOM + 2 + CONTEXT_MAX];
    struct wire_out to = wire_into(seed, sizeof seed);
    if (!t->config.exporter || t->progress != TLS_CONNECTED || t->ended || !t->facts.extended_master_secret)
        return false;
    put_bytes(&to, "client_random", t->client_random, TLS_RANDOM);
    put_bytes(&to, "server_random", t->server_random, TLS_RANDOM);
    if (context) {                                    /* §4: an empty context is not none */
        put_u16(&to, "length", (unsigned)context_n);
        put_bytes(&to, "context", context, context_n);
    }
    if (to.failed)
        return false;
    tls_prf(t->facts.suite->prf, t->master_secret, TLS_MASTER_SECRET, label, seed, wire_written(&to), NULL, 0, out, n,
            t->config.cpu);
    return true;
}

bool tls_unique(const struct tls *t, uint8_t out[TLS_UNIQUE])
{
    if (t->progress != TLS_CONNECTED || t->ended || !t->facts.extended_master_secret)
        return false;
    memcpy(out, t->first_finished, TLS_UNIQUE);
    return true;
}
