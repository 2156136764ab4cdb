#include "http/web.h"

#include <stdlib.h>
#include <string.h>

enum { PIECE = 16384 };
#define SWEEP SECOND

struct guest {                                        /* one connection */
    struct guest *next, **link;
    struct session session;
    struct http_server *server;
    struct carrier *carrier;
    struct tls_config tls;
    nsec moved;                                       /* when it last made progress */
    nsec began;                                       /* when its handshake or the request under way began */
    size_t piece_n, piece_sent; uint8_t *piece;       /* on its way into the session; held only while there is something */
    bool leaving;                                     /* its fault is told, or it was asked to go */
};

struct web {
    struct app app;
    struct web_config config;
    struct host *host;
    struct guest *first;
    unsigned open, ended_well, ended_badly;
    nsec sweep;                                       /* when to look for those that are overdue */
    bool stopping;
};

static void see_off(struct web *w, struct guest *g, const struct fault *why)
{
    if (why->ground) {
        w->ended_badly++;
        if (w->config.gone)
            w->config.gone(w->config.self, g->carrier, why);
    } else {
        w->ended_well++;
    }
    *g->link = g->next;
    if (g->next)
        g->next->link = g->link;
    w->open--;
    g->carrier->user = NULL;
    http_server_free(g->server);
    if (!g->session.carrier)
        carrier_release(g->carrier);
    session_end(&g->session);
    free(g->piece);
    free(g);
}

/* Whoever made no progress for longest makes room for a newcomer. */
static void make_room(struct web *w)
{
    static const struct ground crowded = { "web.crowded", "RFC 9112 §9.5" };
    struct fault why = { NULL };
    refuse(&why, &crowded, "a free place on the server", "all %u are taken", w->config.connections);
    struct guest *oldest = w->first;
    for (struct guest *g = w->first; g; g = g->next)
        if (g->moved < oldest->moved)
            oldest = g;
    carrier_abort(oldest->carrier);
    see_off(w, oldest, &why);
}

static struct guest *welcome(struct web *w, struct carrier *c, nsec now)
{
    if (w->open >= w->config.connections)
        make_room(w);
    struct guest *g = calloc(1, sizeof *g);
    struct fault why = { NULL };
    if (!g || w->stopping) {
        free(g);
        carrier_abort(c);
        carrier_release(c);
        return NULL;
    }
    g->carrier = c;
    g->moved = g->began = now;
    g->next = w->first;
    g->link = &w->first;
    if (g->next)
        g->next->link = &g->next;
    w->first = g;
    if (w->open++ == 0)
        w->sweep = now + SWEEP;
    c->user = g;
    if (w->config.tls) {
        g->tls = *w->config.tls;
        g->tls.chance = w->config.chance(w->config.self, c->voice.conn);
    }
    g->server = http_server_new(w->config.pages, &c->voice);
    if (!g->server || !session_start(&g->session, c, w->config.tls ? &g->tls : NULL, now, &why)) {
        carrier_abort(c);
        see_off(w, g, &why);
        return NULL;
    }
    return g;
}

/* Moves what the server has to say into the session, as far as there is room. */
static void give(struct web *w, struct guest *g, nsec now)
{
    if (!g->piece)
        g->piece = malloc(PIECE);
    while (g->piece && session_open(&g->session)) {
        if (g->piece_sent == g->piece_n) {
            g->piece_sent = 0;
            g->piece_n = http_server_give(g->server, g->piece, PIECE, now);
            if (g->piece_n == 0)
                break;
        }
        struct span where;
        size_t n = session_write(&g->session, g->piece + g->piece_sent, g->piece_n - g->piece_sent, &where);
        if (n == 0)
            return;                                   /* no room now: the carrier has news when there is */
        http_server_gave(g->server, g->piece + g->piece_sent, n, where);
        g->piece_sent += n;
        g->moved = now;
    }
    free(g->piece);
    g->piece = NULL;
    if (http_server_wants_close(g->server) || (w->stopping && http_server_idle(g->server)))
        session_close(&g->session);
}

static bool take(struct guest *g, nsec now)
{
    struct span where;
    struct bytes b = session_peek(&g->session, &where);
    if (http_server_idle(g->server))
        g->began = now;                               /* a new request begins here */
    size_t n = http_server_take(g->server, b.at, b.n, where, now);
    session_consume(&g->session, n);
    if (n)
        g->moved = now;
    return n > 0;
}

static void serve(struct web *w, struct guest *g, nsec now)
{
    struct fault why = { NULL };
    for (;;) {
        give(w, g, now);
        enum session_says says = session_read(&g->session, now, &why);
        if (says == SESSION_AGAIN) {
            g->moved = now;
            continue;
        }
        if (says == SESSION_DATA && take(g, now))
            continue;
        if (says == SESSION_DATA)
            give(w, g, now);                          /* it takes no more before it has answered */
        if (says == SESSION_FAILED && !g->leaving) {
            trace_fault(&g->carrier->voice, "tls", __func__, &why);
            if (w->config.gone)
                w->config.gone(w->config.self, g->carrier, &why);
            g->leaving = true;
        }
        if (says == SESSION_CLOSED || says == SESSION_FAILED)
            session_close(&g->session);
        break;
    }
}

static void web_news(struct app *a, struct carrier *c, nsec now)
{
    struct web *w = (struct web *)a;
    struct guest *g = c->user ? c->user : welcome(w, c, now);
    if (!g)
        return;
    serve(w, g, now);
    if (c->ended)
        see_off(w, g, &c->fault);
}

static nsec deadline(const struct web *w, const struct guest *g)
{
    bool open = session_open(&g->session);
    if (open && http_server_idle(g->server))
        return w->config.idle ? g->moved + w->config.idle : NEVER;
    if (!w->config.patience)
        return NEVER;
    return (open && g->piece ? g->moved : g->began) + w->config.patience;     /* a response may take long, if it goes on */
}

static nsec web_wake(const struct app *a)
{
    const struct web *w = (const struct web *)a;
    return w->first && (w->config.patience || w->config.idle) ? w->sweep : NEVER;
}

/* Once a second all guests are looked at; cheaper than a timer for each. */
static void web_step(struct app *a, nsec now)
{
    static const struct ground slow = { "web.too_slow", "RFC 9112 §9.5" };
    struct web *w = (struct web *)a;
    if (web_wake(a) > now)
        return;
    w->sweep = now + SWEEP;
    for (struct guest *g = w->first, *next; g; g = next) {
        next = g->next;
        if (deadline(w, g) > now)
            continue;
        if (!g->leaving && session_open(&g->session) && http_server_idle(g->server)) {
            g->leaving = true;                        /* nothing was left undone: close_notify and FIN */
            g->moved = g->began = now;
            session_close(&g->session);
            continue;
        }
        struct fault why = { NULL };
        refuse(&why, &slow, "something whole from a client", "nothing for %lld s", (long long)(w->config.patience / SECOND));
        carrier_abort(g->carrier);
        see_off(w, g, &why);
    }
}

static void web_stop(struct app *a, nsec now)
{
    struct web *w = (struct web *)a;
    (void)now;
    w->stopping = true;
    for (struct guest *g = w->first, *next; g; g = next) {
        next = g->next;
        if (!session_open(&g->session) || http_server_idle(g->server))
            session_close(&g->session);
    }
}

struct web *web_new(const struct web_config *config, struct host *host, struct fault *why)
{
    struct web *w = calloc(1, sizeof *w);
    if (!w || !host->ops->listen(host, &config->addr, config->port, why)) {
        free(w);
        return NULL;
    }
    w->config = *config;
    w->host = host;
    w->app = (struct app){ .news = web_news, .step = web_step, .wake = web_wake, .stop = web_stop };
    return w;
}

struct app *web_app(struct web *w) { return &w->app; }
unsigned    web_open(const struct web *w) { return w->open; }
bool        web_closed_well(const struct web *w) { return w->open == 0 && w->ended_well > 0 && w->ended_badly == 0; }

void web_free(struct web *w)
{
    if (!w)
        return;
    struct fault none = { NULL };
    while (w->first)
        see_off(w, w->first, &none);
    free(w);
}
