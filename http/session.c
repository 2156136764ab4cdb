#include "http/session.h"

bool session_start(struct session *s, struct carrier *c, const struct tls_config *tls, nsec now,
                   struct fault *why)
{
    *s = (struct session){ .carrier = c };
    if (!tls)
        return true;
    struct tls_config config = *tls;
    config.voice = c->voice;
    config.reads = c->reads;
    config.writes = c->writes;
    s->tls = tls_new(&config, now, why);
    return s->tls != NULL;
}

/* Nothing more lies at hand: is more to come, and if not, was that the proper end? */
static enum session_says at_the_end(struct session *s, struct fault *why)
{
    struct carrier *c = s->carrier;
    if (c->ended && c->fault) {
        if (!why->ground)
            *why = *c->fault;
        return SESSION_FAILED;
    }
    if (!c->peer_done)
        return SESSION_WANTS;
    return s->tls && !tls_peer_ended(s->tls, why) ? SESSION_FAILED : SESSION_CLOSED;
}

static enum session_says bare_read(struct session *s, struct fault *why)
{
    return ring_peek(&s->carrier->in).n ? SESSION_DATA : at_the_end(s, why);
}

enum session_says session_read(struct session *s, nsec now, struct fault *why)
{
    struct carrier *c = s->carrier;
    if (!s->tls)
        return bare_read(s, why);
    enum tls_says says = tls_receive(s->tls, &c->in, &c->out, now, why);
    carrier_touch(c, 0);
    switch (says) {
    case TLS_AGAIN:  return SESSION_AGAIN;
    case TLS_DATA:   return SESSION_DATA;
    case TLS_CLOSED: return SESSION_CLOSED;
    case TLS_FAILED: return SESSION_FAILED;
    case TLS_WANTS:  break;
    }
    return at_the_end(s, why);
}

struct bytes session_peek(struct session *s, struct span *where)
{
    if (s->tls) {
        *where = tls_where(s->tls);
        return tls_peek(s->tls, &s->carrier->in);
    }
    struct bytes b = ring_peek(&s->carrier->in);
    *where = (struct span){ .in = s->carrier->reads, .len = (uint32_t)b.n, .off = s->read_at };
    return b;
}

void session_consume(struct session *s, size_t n)
{
    if (s->tls)
        tls_consume(s->tls, &s->carrier->in, n);
    else
        ring_consume(&s->carrier->in, n);
    s->read_at += n;
    carrier_touch(s->carrier, 0);
}

bool session_open(const struct session *s)
{
    return s->carrier && s->carrier->open && !s->closed && (!s->tls || tls_progress(s->tls) == TLS_CONNECTED);
}

size_t session_write(struct session *s, const void *bytes, size_t n, struct span *where)
{
    struct carrier *c = s->carrier;
    size_t taken;
    *where = (struct span){ 0 };
    if (!session_open(s))
        return 0;
    if (s->tls) {
        taken = tls_send(s->tls, &c->out, bytes, n, where);
        if (tls_cut_off(s->tls))
            session_close(s);
    } else {
        taken = ring_write(&c->out, bytes, n < TLS_RECORD_MAX ? n : TLS_RECORD_MAX);
        *where = (struct span){ .in = c->writes, .len = (uint32_t)taken, .off = s->write_at };
        s->write_at += taken;
    }
    if (taken)
        carrier_touch(c, 0);
    return taken;
}

void session_close(struct session *s)
{
    if (s->closed || !s->carrier)
        return;
    s->closed = true;
    if (s->tls)
        tls_close(s->tls, &s->carrier->out);
    carrier_close(s->carrier);
}

void session_end(struct session *s)
{
    tls_free(s->tls);
    s->tls = NULL;
    if (s->carrier)
        carrier_release(s->carrier);
    s->carrier = NULL;
}
