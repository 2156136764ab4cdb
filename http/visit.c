#include "http/visit.h"
#include "http/story.h"

#include <stdio.h>
#include <string.h>

static const struct ground silent     = { "visit.silent", "RFC 9293 §3.8.3" };
static const struct ground too_slow   = { "visit.too_slow", "RFC 9293 §3.8.3" };
static const struct ground not_opened = { "visit.not_opened", "RFC 9293 §3.5" };
static const struct ground other_protocol = { "visit.protocol", "RFC 7301 §3.2" };
static const struct ground no_write   = { "visit.write", "RFC 9110 §8" };
static const struct ground no_memory  = { "visit.no_memory", "RFC 9293 §3.10.1" };
static const struct ground stopped    = { "visit.stopped", "RFC 9293 §3.6" };

static struct visit *visit_of(struct app *a) { return (struct visit *)a; }
static const struct visit *visit_in(const struct app *a) { return (const struct visit *)a; }

static const struct voice *voice(const struct visit *v)
{
    return v->carrier ? &v->carrier->voice : &v->host->voice;
}

static void begin(struct visit *v, enum chapter c)
{
    v->chapter = c;
    story_begin(voice(v), c, trace_cause(v->host->voice.trace) ? 0 : v->url_typed);
}

/* Ends the open chapter with the values of its sentence. */
static void end(struct visit *v, const char *variant, const char *rfc, const struct attr *values, size_t n)
{
    story_end(voice(v), (enum chapter)v->chapter, variant, rfc, values, n);
    v->chapter = 0;
}

static void finish(struct visit *v)
{
    v->phase = VISIT_DONE;
    reach_stop(&v->reach);
    if (v->reach.says == REACH_OPEN && v->carrier && !v->session.carrier)
        carrier_release(v->carrier);                  /* it never came to a session */
    v->secured = v->session.tls && tls_progress(v->session.tls) == TLS_CONNECTED;
    if (v->secured)
        v->agreed = *tls_facts_of(v->session.tls);
    session_end(&v->session);
    v->carrier = NULL;
}

/* Our part is done: close_notify and FIN behind what we said; then the peer's have some time. */
static void start_close(struct visit *v, nsec now)
{
    v->phase = VISIT_CLOSE;
    v->closing = now;
    session_close(&v->session);
}

/* The visit ends here: what was to be said to the peer (an alert) lies in the carrier already. */
static void fail(struct visit *v, const char *layer, nsec now)
{
    trace_fault(voice(v), layer, __func__, &v->fault);
    if (v->session.carrier && !v->carrier->ended)
        start_close(v, now);
    else
        finish(v);
}

static void fail_by_ground(struct visit *v, nsec now)
{
    char layer[FAULT_LAYER];
    fail(v, fault_layer(v->fault.ground, layer), now);
}

/* Somebody said something: patience begins anew. */
static void heard(struct visit *v, nsec now)
{
    v->heard = now;
    v->heard_in = trace_cause(v->host->voice.trace);
}

/* 1. The name. */

static void told_name(struct visit *v)
{
    static const char *const how[] = { [DNS_FROM_LITERAL] = "it stands in the URL",
                                       [DNS_FROM_CACHE] = "the cache still knew",
                                       [DNS_FROM_HOSTS] = "the hosts file says so",
                                       [DNS_FROM_SERVER] = "the name server answered" };
    char text[ADDR_TEXT];
    enum dns_from from;
    uint32_t ttl;
    const struct addr *addr = reach_first(&v->reach, &from, &ttl);
    const struct attr values[] = {
        attr_text("domain", v->config.url.host), attr_text("addr", addr_text(addr, text)),
        attr_text("how", v->config.address.len ? "it was given on the command line" : how[from]),
        attr_number("ttl", ttl),
    };
    end(v, NULL, "RFC 1034 §5.3", values, sizeof values / sizeof *values);
}

/* 2. TCP open. */

static void opened(struct visit *v, nsec now)
{
    char text[ADDR_TEXT];
    const struct attr values[] = { attr_text("addr", addr_text(&v->carrier->peer, text)),
                                   attr_number("port", v->carrier->peer_port),
                                   attr_number("own_port", v->carrier->port) };
    end(v, NULL, "RFC 9293 §3.5", values, sizeof values / sizeof *values);
    if (!session_start(&v->session, v->carrier, v->config.url.https ? &v->config.tls : NULL, now,
                       &v->fault)) {
        fail_by_ground(v, now);
        return;
    }
    v->phase = v->config.url.https ? VISIT_HANDSHAKE : VISIT_PAGE;
    begin(v, v->config.url.https ? CHAPTER_HELLO : CHAPTER_PAGE);
}

/* Something happened on the way to the server: its name is found, somebody is to be called, one has answered. */
static void go_on(struct visit *v, nsec now)
{
    struct reach *r = &v->reach;
    if (v->phase == VISIT_LOOKUP && reach_due(r, now)) {
        told_name(v);
        heard(v, now);
        v->phase = VISIT_CONNECT;
        begin(v, CHAPTER_OPEN);
    }
    reach_call(r, now);
    v->carrier = r->carrier;
    if (r->says == REACH_FAILED) {
        v->fault = r->fault;
        fail_by_ground(v, now);
    } else if (r->says == REACH_OPEN) {
        opened(v, now);
    }
}

static bool on_the_way(const struct visit *v) { return v->phase == VISIT_LOOKUP || v->phase == VISIT_CONNECT; }

/* 3 to 6. The handshake: each step that is newly done ends a chapter. */

static void told_handshake(struct visit *v)
{
    const struct tls_facts *f = tls_facts_of(v->session.tls);
    const char *group = f->group ? tls_group_words(f->group) : NULL;
    const struct attr values[] = {
        attr_text("suite", f->suite ? f->suite->name : "?"), attr_text("group", group ? group : "none"),
        attr_text("leaf", f->leaf), attr_text("anchor", f->anchor), attr_number("sent", f->chain_sent),
        attr_number("octets", f->verify_data_n),
        attr_text("verdict", v->config.tls.insecure ? "not asked (-k)" : "accepted"),
    };
    const char *variant = v->chapter != CHAPTER_KEYS ? NULL : f->suite->kx == TLS_KX_RSA ? "rsa" : "ecdhe";
    if (f->resumed && (v->chapter == CHAPTER_CERTIFICATE || v->chapter == CHAPTER_KEYS))
        variant = "resumed";
    end(v, variant, "RFC 5246 §7.3", values, sizeof values / sizeof *values);
}

static void next_chapter(struct visit *v)
{
    unsigned chapter = v->chapter;
    told_handshake(v);
    begin(v, (enum chapter)(chapter + 1));
}

static void shake_hands(struct visit *v)
{
    enum tls_progress progress = tls_progress(v->session.tls);
    if (v->chapter == CHAPTER_HELLO && progress >= TLS_HELLO_DONE)
        next_chapter(v);
    if (v->chapter == CHAPTER_CERTIFICATE && progress >= TLS_CERTIFICATE_DONE)
        next_chapter(v);
    if (progress < TLS_CONNECTED || v->phase != VISIT_HANDSHAKE)
        return;
    while (v->chapter != CHAPTER_PAGE)
        next_chapter(v);
    v->phase = VISIT_PAGE;
}

/* The chapter of the keys ends when what they were made from has left: a turn after they were made. */
static void let_keys_go(struct visit *v)
{
    if (v->chapter != CHAPTER_KEYS || !v->session.tls || tls_progress(v->session.tls) < TLS_KEYS_DONE)
        return;
    if (v->keys_gone)
        next_chapter(v);
    v->keys_gone = true;
}

/* 7. The page. */

static const char *target(const struct visit *v)
{
    return v->which == 0 ? v->config.url.target : v->config.also[v->which - 1];
}

/* RFC 7301 §3.2: what was agreed on is what is spoken; a user's --alpn may have offered more than there is here. */
static bool agreed_on_http1(struct visit *v)
{
    const char *protocol = v->session.tls ? tls_facts_of(v->session.tls)->protocol : NULL;
    return !protocol || strcmp(protocol, "http/1.1") == 0 || strcmp(protocol, "http/1.0") == 0
        || refuse(&v->fault, &other_protocol, "http/1.1, which is what we speak", "%s", protocol);
}

/* Asks for the next target when nothing is asked, and moves the request into the session. */
static void ask(struct visit *v, nsec now)
{
    if (!agreed_on_http1(v)) {
        fail_by_ground(v, now);
        return;
    }
    if (!v->client) {
        struct url url = v->config.url;
        snprintf(url.target, sizeof url.target, "%s", target(v));
        v->client = http_client_new(voice(v));
        if (!v->client)
            refuse(&v->fault, &no_memory, "memory for a request", "there is none");
        if (!v->client || !http_client_ask(v->client, &url, v->config.method, v->config.headers, &v->fault)) {
            fail_by_ground(v, now);
            return;
        }
    }
    while (session_open(&v->session)) {
        if (v->piece_sent == v->piece_n) {
            v->piece_sent = 0;
            v->piece_n = http_client_give(v->client, v->piece, sizeof v->piece);
            if (v->piece_n == 0)
                return;
        }
        struct span where;
        size_t n = session_write(&v->session, v->piece + v->piece_sent, v->piece_n - v->piece_sent, &where);
        if (n == 0)
            return;
        http_client_gave(v->client, v->piece + v->piece_sent, n, where);
        v->piece_sent += n;
    }
}

static void close_visit(struct visit *v, nsec now)
{
    v->page_whole = true;
    char reason[64];
    const struct http_head *h = http_client_head(v->client);
    snprintf(reason, sizeof reason, "%.*s", (int)(h->reason.n < 60 ? h->reason.n : 60),
             (const char *)h->reason.at);
    const struct attr values[] = { attr_text("target", v->config.url.target),
                                   attr_number("status", v->status), attr_text("reason", reason),
                                   attr_number("octets", v->octets), attr_number("answers", v->which + 1) };
    end(v, NULL, "RFC 9110 §15", values, sizeof values / sizeof *values);
    begin(v, CHAPTER_CLOSE);
    start_close(v, now);
}

/* One response is done: the next target, or the end. */
static void answered(struct visit *v, nsec now)
{
    bool more = v->config.also && v->config.also[v->which] && http_client_keep_alive(v->client);
    if (!more) {
        close_visit(v, now);
        return;
    }
    v->which++;
    http_client_free(v->client);
    v->client = NULL;
    v->piece_n = v->piece_sent = 0;
    ask(v, now);
}

static void take_body(struct visit *v, struct bytes body, nsec now)
{
    if (v->which == 0)
        v->octets += body.n;
    if (v->config.sink && v->config.sink->body && !v->config.sink->body(v->config.sink, v->which, body) &&
        !refuse(&v->fault, &no_write, "room for the page where it is written to", "writing failed"))
        fail(v, "visit", now);
}

/* Hands the response what lies at hand, once. */
static enum http_says take_some(struct visit *v, nsec now)
{
    struct span where;
    struct bytes b = session_peek(&v->session, &where), body = { NULL, 0 };
    size_t taken = 0;
    bool head_was = http_client_head(v->client) != NULL;
    enum http_says says = http_client_take(v->client, b.at, b.n, where, &taken, &body, &v->fault);
    const struct http_head *h = http_client_head(v->client);
    if (h && !head_was && v->which == 0) {
        v->status = h->status;
        if (v->config.sink && v->config.sink->head)
            v->config.sink->head(v->config.sink, h);
    }
    if (h && body.n)
        take_body(v, body, now);
    session_consume(&v->session, taken);
    return says;
}

static void take_page(struct visit *v, nsec now)
{
    enum http_says says = HTTP_BODY;
    heard(v, now);
    while (says == HTTP_BODY && v->phase == VISIT_PAGE)
        says = take_some(v, now);
    if (v->phase != VISIT_PAGE)
        return;
    if (says == HTTP_FAILED)
        fail(v, "http", now);
    else if (says == HTTP_DONE)
        answered(v, now);
}

/* 8. The close. */

static void closed(struct visit *v)
{
    v->closed = !v->carrier->fault;
    if (v->carrier->fault && !v->fault.ground && !v->page_whole) {
        v->fault = *v->carrier->fault;
        trace_fault(voice(v), "tcp", __func__, &v->fault);
    }
    if (v->chapter == CHAPTER_CLOSE) {
        const struct tls_facts *f = v->session.tls ? tls_facts_of(v->session.tls) : NULL;
        const struct attr values[] = {
            attr_text("notified", !f                  ? "no TLS to close"
                                  : f->close_received ? "close_notify went both ways"
                                                      : "close_notify was sent"),
            attr_text("verdict", v->closed ? "closed in order" : "broken off"),
        };
        end(v, NULL, "RFC 9293 §3.6", values, sizeof values / sizeof *values);
    }
    finish(v);
}

/* The end of the octets is seen by TCP, TLS and HTTP alike: the one who can say best what is missing tells
 * it. */
static void say_what_is_missing(struct visit *v)
{
    static const struct ground broken = { "visit.broken_handshake", "RFC 5246 §7.2.1" };
    struct fault better = { 0 };
    if (v->phase == VISIT_HANDSHAKE && v->carrier->fault)
        refuse(&better, &broken, "the rest of the handshake", "%s", v->carrier->fault->came);
    else if (v->client && strcmp(v->fault.ground->id, "tls.truncated") == 0)
        /* 60 of 100 octets; nothing, where only the end itself is in doubt */
        http_client_ended(v->client, &better);
    if (better.ground)
        v->fault = better;
}

static void visit_failed(struct visit *v, nsec now)
{
    if (v->phase == VISIT_CLOSE)
        /* the peer may end as it likes: we have what we came for */
        return;
    say_what_is_missing(v);
    fail_by_ground(v, now);
}

/* The peer's octets are at their end. */
static void visit_peer_closed(struct visit *v, nsec now)
{
    if (v->phase == VISIT_CLOSE)
        return;
    enum http_says says = v->client ? http_client_ended(v->client, &v->fault) : HTTP_FAILED;
    if (says == HTTP_DONE && http_client_head(v->client)) {
        answered(v, now);
        return;
    }
    if (!v->fault.ground)
        refuse(&v->fault, &not_opened, "an answer", "the server closed the connection before any");
    fail(v, "http", now);
}

static void work(struct visit *v, nsec now)
{
    while (v->phase == VISIT_HANDSHAKE || v->phase == VISIT_PAGE || v->phase == VISIT_CLOSE) {
        if (v->phase == VISIT_PAGE)
            ask(v, now);
        if (v->phase == VISIT_DONE)
            return;
        struct fault why = { 0 };
        enum session_says says = session_read(&v->session, now, v->phase == VISIT_CLOSE ? &why : &v->fault);
        if (v->session.tls && v->phase == VISIT_HANDSHAKE && says != SESSION_FAILED)
            shake_hands(v);
        if (says == SESSION_AGAIN) {
            heard(v, now);
            continue;
        }
        if (says == SESSION_DATA && v->phase == VISIT_CLOSE) {
            struct span where;
            session_consume(&v->session, session_peek(&v->session, &where).n);
        } else if (says == SESSION_DATA) {
            take_page(v, now);
        } else {
            if (says == SESSION_FAILED)
                visit_failed(v, now);
            else if (says == SESSION_CLOSED)
                visit_peer_closed(v, now);
            return;
        }
    }
}

static void visit_news(struct app *a, struct carrier *c, nsec now)
{
    struct visit *v = visit_of(a);
    if (on_the_way(v) && reach_news(&v->reach, c, now))
        go_on(v, now);
    if (c != v->carrier)
        return;
    if (!on_the_way(v))
        work(v, now);
    if (v->carrier && v->carrier->ended)
        closed(v);
}

static nsec limit_at(const struct visit *v)
{
    if (v->phase == VISIT_CLOSE)
        return v->config.close_limit ? v->closing + v->config.close_limit : NEVER;
    nsec idle = v->config.idle_limit ? v->heard + v->config.idle_limit : NEVER;
    nsec whole = v->config.whole_limit ? v->started + v->config.whole_limit : NEVER;
    return idle < whole ? idle : whole;
}

/* Patience began with what was heard last, or with the URL. Its end is why the rest of the turn happens. */
static void tell_over(struct visit *v, event_no since, const char *label, const char *rfc)
{
    if (!trace_hears(voice(v)->trace))
        return;
    const struct attr attrs[] = { attr_text("timer", "patience"), attr_text("what", "fired") };
    trace_because(voice(v)->trace, trace_emit(voice(v)->trace, &(struct event){
        .kind = EVENT_TIMER, .level = LEVEL_PACKETS, .layer = "visit", .name = "patience", .label = label,
        .rfc = rfc, .by = __func__, .host = voice(v)->host, .conn = voice(v)->conn,
        .cause = since ? since : v->url_typed, .attrs = attrs, .n_attrs = 2 }));
}

/* Waits for nobody any more. */
static void leave(struct visit *v)
{
    if (v->carrier && !v->carrier->ended)
        carrier_abort(v->carrier);
    finish(v);
}

static void give_up(struct visit *v, nsec now)
{
    static const char *const waited[] = { [VISIT_LOOKUP] = "the name's address",
                                          [VISIT_CONNECT] = "the connection",
                                          [VISIT_HANDSHAKE] = "the end of the handshake",
                                          [VISIT_PAGE] = "the whole page" };
    bool whole = v->config.whole_limit && now >= v->started + v->config.whole_limit;
    tell_over(v, whole ? v->url_typed : v->heard_in, "the browser's patience is over",
              whole ? too_slow.rfc : silent.rfc);
    if (whole)
        refuse(&v->fault, &too_slow, waited[v->phase], "the end of the time given: %lld s",
               (long long)(v->config.whole_limit / SECOND));
    else
        refuse(&v->fault, &silent, waited[v->phase], "nothing for %lld s",
               (long long)(v->config.idle_limit / SECOND));
    trace_fault(voice(v), "visit", __func__, &v->fault);
    leave(v);
}

static void visit_step(struct app *a, nsec now)
{
    struct visit *v = visit_of(a);
    struct datagram d;
    let_keys_go(v);
    while (on_the_way(v) && v->host->ops->udp_next(v->host, &d)) {
        if (v->phase == VISIT_LOOKUP)
            heard(v, now);
        reach_datagram(&v->reach, &d, now);
        go_on(v, now);
    }
    if (on_the_way(v) && reach_wake(&v->reach) <= now) {
        reach_tick(&v->reach, now);
        go_on(v, now);
    }
    if (visit_over(v) || limit_at(v) > now)
        return;
    if (v->phase == VISIT_CLOSE) {
        /* a peer that never closes changes nothing in what came */
        tell_over(v, v->heard_in, "the other end does not close", "RFC 9293 §3.6");
        leave(v);
    } else {
        give_up(v, now);
    }
}

static nsec visit_wake(const struct app *a)
{
    const struct visit *v = visit_in(a);
    if (visit_over(v))
        return NEVER;
    nsec reach = on_the_way(v) ? reach_wake(&v->reach) : NEVER, limit = limit_at(v);
    return reach < limit ? reach : limit;
}

static void visit_begin(struct app *a, nsec now)
{
    struct visit *v = visit_of(a);
    v->started = v->heard = now;
    if (trace_hears(voice(v)->trace)) {
        const struct attr typed[] = { attr_text("domain", v->config.url.host),
                                      attr_number("port", v->config.url.port),
                                      attr_text("target", v->config.url.target),
                                      attr_text("scheme", v->config.url.https ? "https" : "http") };
        v->url_typed = trace_emit(voice(v)->trace, &(struct event){
            .kind = EVENT_MARK, .level = LEVEL_PACKETS, .layer = "visit", .name = "url",
            .rfc = "RFC 3986 §3", .by = __func__, .host = voice(v)->host, .attrs = typed, .n_attrs = 4 });
        trace_because(voice(v)->trace, v->url_typed);
    }
    begin(v, CHAPTER_NAME);
    const struct reach_config config = { .dns = v->config.dns, .name = v->config.url.host, .port = v->config.url.port,
                                         .address = v->config.address };
    reach_start(&v->reach, &config, v->host, v, now);
    go_on(v, now);
}

static void visit_stop(struct app *a, nsec now)
{
    struct visit *v = visit_of(a);
    if (visit_over(v))
        return;
    if (v->phase == VISIT_CLOSE) {
        leave(v);
        return;
    }
    refuse(&v->fault, &stopped, "to be left to finish", "a wish to stop");
    fail(v, "visit", now);
}

void visit_start(struct visit *v, const struct visit_config *config, struct host *host)
{
    *v = (struct visit){ .config = *config, .host = host, .phase = VISIT_LOOKUP };
    v->app = (struct app){
        .start = visit_begin, .news = visit_news, .step = visit_step, .wake = visit_wake, .stop = visit_stop
    };
}

void visit_end(struct visit *v)
{
    finish(v);
    http_client_free(v->client);
    v->client = NULL;
}
