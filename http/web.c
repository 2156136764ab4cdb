#include "http/web.h"

#include <stdlib.h>

enum { PIECE = 16384, CONNECTIONS = 1024 };
#define SWEEP SECOND

struct guest {                                        /* one connection */
    struct guest *next, **link;
    struct session session;
    struct http_server *server;                       /* NULL: between requests */
    struct carrier *carrier;
    nsec moved;                                       /* when it last made progress */
    nsec began;                                       /* when its handshake or the request under way began */
    /* octets that lay in carrier->out when we last looked */
    size_t unsent;
    /* on its way into the session; held only while there is something that found no room yet */
    size_t piece_n, piece_sent; uint8_t *piece;
    bool failed;                                      /* and its fault is told */
    bool took_leave;                                  /* one side closed with nothing left undone */
};

struct web {
    struct app app;
    struct web_config config;
    struct host *host;
    struct guest *first;
    unsigned open, ended_well, ended_badly;
    uint8_t *spare;                                   /* a piece that nobody holds; or NULL */
    nsec sweep;                                       /* when to look for those that are overdue */
    nsec crowded_until;                               /* nobody can be sent away before */
    bool stopping;
};

/* A connection fails once: what follows from that is no news. */
static void tell_failed(struct web *w, struct guest *g, const struct fault *why)
{
    if (g->failed)
        return;
    g->failed = true;
    if (w->config.gone)
        w->config.gone(w->config.self, g->carrier, why);
}

/* Between requests: nothing half read or half written. */
static bool idle(const struct guest *g) { return !g->server || http_server_idle(g->server); }

static void give_back_piece(struct web *w, struct guest *g)
{
    if (!w->spare)
        w->spare = g->piece;
    else
        free(g->piece);
    g->piece = NULL;
}

static void see_off(struct web *w, struct guest *g)
{
    if (g->failed)
        w->ended_badly++;
    else
        w->ended_well++;
    *g->link = g->next;
    if (g->next)
        g->next->link = g->link;
    w->open--;
    g->carrier->user = NULL;
    http_server_free(g->server);
    if (!g->session.carrier)
        carrier_release(g->carrier);
    session_end(&g->session);
    give_back_piece(w, g);
    free(g);
}

/* Ends it at once, with a RST. */
static void break_off(struct web *w, struct guest *g, const struct fault *why)
{
    if (!g->failed)
        trace_fault(&g->carrier->voice, "web", __func__, why);
    tell_failed(w, g, why);
    carrier_abort(g->carrier);
    see_off(w, g);
}

static const struct ground crowded = { "web.crowded", "RFC 9112 §9.5" };

/* Whoever made no progress for longest makes room for a newcomer; but nobody who made some within the last
 * second, else a crowd would send each other away and none would be served. */
static bool make_room(struct web *w, nsec now, const struct fault *why)
{
    if (w->open < w->config.connections)
        return true;
    if (now < w->crowded_until)
        return false;
    struct guest *oldest = w->first;
    for (struct guest *g = w->first; g; g = g->next)
        if (g->moved <= oldest->moved)                /* newcomers stand first */
            oldest = g;
    w->crowded_until = oldest->moved + SECOND;        /* till then looking again would find nobody */
    if (now < w->crowded_until)
        return false;
    break_off(w, oldest, why);
    return true;
}

static void turn_away(struct web *w, struct carrier *c, const struct fault *why)
{
    if (!w->stopping) {
        trace_fault(&c->voice, "web", __func__, why);
        if (w->config.gone)
            w->config.gone(w->config.self, c, why);
    }
    carrier_abort(c);
    carrier_release(c);
}

static struct guest *welcome(struct web *w, struct carrier *c, nsec now)
{
    struct fault full = { .answer = "RST" }, why = { 0 };
    refuse(&full, &crowded, "a free place on the server", "all %u are taken", w->config.connections);
    struct guest *g = w->stopping || !make_room(w, now, &full) ? NULL : calloc(1, sizeof *g);
    if (!g) {
        turn_away(w, c, &full);
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
    struct tls_config tls = { 0 };
    if (w->config.tls) {
        tls = *w->config.tls;
        tls.chance = w->config.chance(w->config.self, c->voice.conn);
    }
    if (session_start(&g->session, c, w->config.tls ? &tls : NULL, now, &why))
        return g;
    if (why.ground)
        tell_failed(w, g, &why);
    carrier_abort(c);
    see_off(w, g);
    return NULL;
}

/* Closes in order, and notes whether the client has had all that it asked for: then it may hang up. */
static void take_leave(struct guest *g, bool all_taken)
{
    g->took_leave |= idle(g) && all_taken;
    session_close(&g->session);
}

static bool all_taken(const struct guest *g) { return g->carrier->out.len == 0; }

/* Moves what the server has to say into the session, as far as there is room. */
static void give(struct web *w, struct guest *g, nsec now)
{
    if (!session_open(&g->session) || !g->server)
        return;
    if (!g->piece) {
        g->piece = w->spare ? w->spare : malloc(PIECE);
        w->spare = NULL;
    }
    while (g->piece) {
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
    give_back_piece(w, g);
    if (http_server_wants_close(g->server) || (w->stopping && idle(g)))
        take_leave(g, all_taken(g));
}

static bool take(struct web *w, struct guest *g, nsec now)
{
    struct span where;
    struct bytes b = session_peek(&g->session, &where);
    if (idle(g))
        g->began = now;                               /* a new request begins here */
    if (!g->server && !(g->server = http_server_new(w->config.pages, &g->carrier->voice)))
        return false;                                 /* no memory now: the sweep comes back to it */
    size_t n = http_server_take(g->server, b.at, b.n, where, now);
    session_consume(&g->session, n);
    if (n)
        g->moved = now;
    return n > 0;
}

static void tell_refusal(struct web *w, struct guest *g, const struct fault *why)
{
    char layer[FAULT_LAYER];
    if (g->failed)
        return;
    trace_fault(&g->carrier->voice, fault_layer(why->ground, layer), __func__, why);
    tell_failed(w, g, why);
}

/* The client says no more. Over TLS what was still due is dropped (RFC 5246 §7.2.1); bare, it may only
 * have closed its half, and reads on. */
static void client_ended(struct web *w, struct guest *g, nsec now)
{
    if (g->session.tls || !g->server) {
        take_leave(g, g->session.tls || all_taken(g));             /* over TLS it wants no more than it has */
    } else {
        http_server_ended(g->server);
        give(w, g, now);
    }
}

static void serve(struct web *w, struct guest *g, nsec now)
{
    struct fault why = { 0 };
    if (g->carrier->out.len < g->unsent)
        g->moved = now;
    for (;;) {
        give(w, g, now);
        enum session_says says = session_read(&g->session, now, &why);
        if (says == SESSION_AGAIN)
            g->moved = now;
        else if (says == SESSION_CLOSED)
            client_ended(w, g, now);
        else if (says == SESSION_FAILED)
            tell_refusal(w, g, &why);
        if (says == SESSION_FAILED)
            session_close(&g->session);
        if (says != SESSION_AGAIN && (says != SESSION_DATA || !take(w, g, now)))
            break;                                    /* data not taken: the answer before is not given yet */
    }
    g->unsent = g->carrier->out.len;
    if (!g->server || g->piece || !http_server_idle(g->server))
        return;
    http_server_free(g->server);                      /* so that who waits for the next request holds little */
    g->server = NULL;
}

static void web_news(struct app *a, struct carrier *c, nsec now)
{
    struct web *w = (struct web *)a;
    struct guest *g = c->user ? c->user : welcome(w, c, now);
    if (!g)
        return;
    serve(w, g, now);
    if (!c->ended)
        return;
    if (c->fault && !g->took_leave)            /* else the RST is for our own close_notify or FIN */
        tell_failed(w, g, c->fault);
    see_off(w, g);
}

static nsec deadline(const struct web *w, const struct guest *g)
{
    bool open = session_open(&g->session);
    nsec from = g->began, limit = w->config.patience;
    if (g->session.closed || (open && g->piece)) {
        /* a response, and the close behind it, may take long, if they go on */
        from = g->moved;
    } else if (open && idle(g)) {
        from = g->moved;
        limit = w->config.idle;
    }
    return limit ? from + limit : NEVER;
}

static void overdue(struct web *w, struct guest *g, nsec now)
{
    static const struct ground slow = { "web.too_slow", "RFC 9112 §9.5" };
    struct fault why = { .answer = "RST" };
    if (!g->session.closed && session_open(&g->session) && idle(g)) {
        g->moved = now;                               /* nothing was left undone: close_notify and FIN */
        take_leave(g, all_taken(g));
        return;
    }
    if (g->session.closed && g->carrier->out.len == 0) {
        /* whether the client closes, too, is for the carrier to wait for */
        see_off(w, g);
        return;
    }
    const char *awaited = g->session.closed || g->piece ? "a client that takes what it is sent" :
                          session_open(&g->session) ? "a whole request" : "a whole handshake";
    refuse(&why, &slow, awaited, "none within %lld s", (long long)(w->config.patience / SECOND));
    break_off(w, g, &why);
}

static nsec web_wake(const struct app *a)
{
    const struct web *w = (const struct web *)a;
    return w->first && (w->config.patience || w->config.idle) ? w->sweep : NEVER;
}

/* Once a second all guests are looked at; cheaper than a timer for each. Whoever found no memory for its
 * octets finds some now. */
static void web_step(struct app *a, nsec now)
{
    struct web *w = (struct web *)a;
    if (web_wake(a) > now)
        return;
    w->sweep = now + SWEEP;
    for (struct guest *g = w->first, *next; g; g = next) {
        next = g->next;
        serve(w, g, now);
        if (deadline(w, g) <= now)
            overdue(w, g, now);
        else
            carrier_touch(g->carrier, 0);
    }
}

/* Asked once, each connection is closed as soon as nothing is due on it; asked again, what is left is
 * broken off. */
static void web_stop(struct app *a, nsec now)
{
    static const struct ground stopped = { "web.stopped", "RFC 9112 §9.6" };
    struct web *w = (struct web *)a;
    struct fault why = { .answer = "RST" };
    refuse(&why, &stopped, "time for the last responses", "the end of the server");
    (void)now;
    for (struct guest *g = w->first, *next; g; g = next) {
        next = g->next;
        if (w->stopping)
            break_off(w, g, &why);
        else if (!g->piece)
            take_leave(g, all_taken(g));
    }
    w->stopping = true;
}

struct web *web_new(const struct web_config *config, struct host *host, struct fault *why)
{
    static const struct ground no_memory = { "web.no_memory", "malloc(3)" };
    struct web *w = calloc(1, sizeof *w);
    if (!w)
        refuse(why, &no_memory, "memory for a web server", "there is none");
    if (!w || !host->ops->listen(host, &config->addr, config->port, why)) {
        free(w);
        return NULL;
    }
    w->config = *config;
    if (!w->config.connections)
        w->config.connections = CONNECTIONS;
    w->host = host;
    w->app = (struct app){ .news = web_news, .step = web_step, .wake = web_wake, .stop = web_stop };
    return w;
}

struct app *web_app(struct web *w) { return &w->app; }
unsigned    web_open(const struct web *w) { return w->open; }
bool web_closed_well(const struct web *w) { return w->open == 0 && w->ended_well > 0 && w->ended_badly == 0; }

void web_free(struct web *w)
{
    if (!w)
        return;
    while (w->first)
        see_off(w, w->first);
    free(w->spare);
    free(w);
}
