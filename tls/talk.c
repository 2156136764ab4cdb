#include "tls/talk.h"

#include <string.h>

static bool flush(struct tls_talk *t)
{
    for (struct bytes b; (b = ring_peek(&t->out)).n;) {
        ptrdiff_t n = t->ways.write(t->ways.self, b.at, b.n);
        if (n <= 0)
            return false;
        ring_consume(&t->out, (size_t)n);
    }
    return true;
}

static enum tls_says ended(struct tls_talk *t, struct fault *why)
{
    return tls_peer_ended(t->tls, why) ? TLS_CLOSED : TLS_FAILED;
}

/* One step of the engine, with what it wants of the carrier. TLS_WANTS is never said. */
static enum tls_says turn(struct tls_talk *t, struct fault *why)
{
    enum tls_says says = tls_receive(t->tls, &t->in, &t->out, t->ways.now(t->ways.self), why);
    bool open = flush(t);
    if (says == TLS_FAILED || says == TLS_CLOSED)
        return says;
    if (!open)
        return ended(t, why);
    if (says != TLS_WANTS)
        return says;
    struct room room = ring_reserve(&t->in, TLS_RECORD_ROOM);
    ptrdiff_t n = t->ways.read(t->ways.self, room.at, room.n);
    if (n <= 0)
        return ended(t, why);
    ring_commit(&t->in, (size_t)n);
    return TLS_AGAIN;
}

bool tls_talk_start(struct tls_talk *t, const struct tls_config *config, const struct tls_ways *ways,
                    struct fault *why)
{
    *t = (struct tls_talk){ .ways = *ways };
    pool_start(&t->pool, TLS_TALK_MEMORY);
    ring_start(&t->in, &t->pool, 2 * TLS_RECORD_ROOM);
    ring_start(&t->out, &t->pool, 2 * TLS_RECORD_ROOM);
    t->tls = tls_new(config, ways->now(ways->self), why);
    for (enum tls_says says = TLS_AGAIN; t->tls && tls_progress(t->tls) != TLS_CONNECTED;)
        if ((says = turn(t, why)) == TLS_FAILED || says == TLS_CLOSED)
            return false;
    return t->tls && flush(t);
}

size_t tls_talk_read(struct tls_talk *t, void *to, size_t room, struct fault *why)
{
    for (;;) {
        struct bytes b = tls_peek(t->tls, &t->in);
        size_t n = b.n < room ? b.n : room;
        if (n) {
            memcpy(to, b.at, n);
            tls_consume(t->tls, &t->in, n);
            return n;
        }
        enum tls_says says = turn(t, why);
        if (says == TLS_FAILED || says == TLS_CLOSED)
            return 0;
    }
}

bool tls_talk_write(struct tls_talk *t, const void *from, size_t n, struct fault *why)
{
    const uint8_t *at = from;
    while (n) {
        size_t taken = tls_send(t->tls, &t->out, at, n, NULL);
        if (!flush(t) || !taken) {
            /* the carrier is gone, or the engine takes nothing any more and says why */
            if (taken || tls_receive(t->tls, &t->in, &t->out, t->ways.now(t->ways.self), why) != TLS_FAILED)
                tls_peer_ended(t->tls, why);
            return false;
        }
        at += taken;
        n -= taken;
    }
    return true;
}

void tls_talk_end(struct tls_talk *t)
{
    if (t->tls) {
        tls_close(t->tls, &t->out);
        flush(t);
        tls_free(t->tls);
    }
    if (t->ways.now) {
        ring_end(&t->in);
        ring_end(&t->out);
        pool_end(&t->pool);
    }
    *t = (struct tls_talk){ .tls = NULL };
}
