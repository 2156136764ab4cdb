#include "http/reading_inside.h"

#include <stdlib.h>
#include <string.h>

enum { TLS_HEADER = 5 };

/* Where TLS is to be expected, whatever stands there (IANA, and what people use). */
static bool is_tls_port(uint16_t port)
{
    static const uint16_t ports[] = { 443, 465, 563, 636, 853, 989, 990, 992, 993, 994, 995, 4433, 4443, 5061, 5223,
                                      5671, 6697, 8443, 8883, 9443, 10443 };
    for (size_t i = 0; i < sizeof ports / sizeof *ports; i++)
        if (ports[i] == port)
            return true;
    return false;
}

/* A record's first octets: its type, and a version that begins with 3; or a ClientHello as SSL 2.0 framed it. */
static bool looks_like_tls(struct bytes b)
{
    if (b.at[0] >= 20 && b.at[0] <= 24)
        return b.n < 2 || (b.at[1] == 3 && (b.n < 3 || b.at[2] <= 4));
    return b.n >= 4 && b.at[0] & 0x80 && b.at[2] == 1 && b.at[3] == 3;
}

struct voice talk_voice(const struct talk *t, unsigned side)
{
    const struct reading *r = t->reading;
    return (struct voice){ .trace = t->c.looked ? reading_trace(r) : NULL, .host = t->host[side],
                           .conn = t->c.flow->id };
}

/* A stream's name: nothing else begins with this word and has the connection's number. */
static buf_no stream_of(struct trace *t, uint32_t id, unsigned side)
{
    uint8_t key[8] = { 'c', 'a', 'p', (uint8_t)(id >> 24), (uint8_t)(id >> 16), (uint8_t)(id >> 8), (uint8_t)id,
                       (uint8_t)side };
    return trace_stream(t, key, sizeof key);
}

struct talk *talk_new(struct reading *r, struct flow *f)
{
    struct talk *t = calloc(1, sizeof *t);
    if (!t)
        return NULL;
    t->reading = r;
    t->c.flow = f;
    const struct seen_dns *dns = reading_dns_of(r, &f->side[FLOW_SERVER].addr, &f->side[FLOW_CLIENT].addr);
    if (dns) {
        t->dns = *dns;
        t->c.dns = &t->dns;
    }
    t->start = r->facts.n_starts++;
    r->facts.starts[t->start % READING_STARTS] = (struct seen_start){ .client = f->side[FLOW_CLIENT].addr,
        .server = f->side[FLOW_SERVER].addr, .port = f->side[FLOW_SERVER].port,
        .client_port = f->side[FLOW_CLIENT].port, .at = r->now };
    if (!trace_hears(reading_trace(r)))
        return t;
    for (unsigned side = 0; side < 2; side++) {
        t->host[side] = reading_host(r, &f->side[side].addr, side == FLOW_CLIENT ? "client" : "server");
        t->stream[side] = stream_of(reading_trace(r), f->id, side);
    }
    return t;
}

void talk_free(struct talk *t)
{
    if (!t)
        return;
    watch_free(t->c.watch);
    talk_http_free(t->http);
    free(t);
}

/* ---- who speaks what ---- */

static struct watch_moment moment_of(const struct talk *t, unsigned side, uint64_t from, size_t n)
{
    const struct flow *f = t->c.flow;
    struct watch_moment m = { .first = flow_packet_of(f, side, from), .at = t->reading->now };
    m.packet = n > 1 ? flow_packet_of(f, side, from + n - 1) : m.first;
    return m;
}

static bool watch_start(struct talk *t)
{
    const struct reading_config *c = &t->reading->config;
    struct watch_config w = { .keylog = c->keylog, .server_keys = c->server_keys,
                              .n_server_keys = c->n_server_keys, .trust = c->trust, .untrusted = c->untrusted,
                              .sessions = t->reading->sessions, .known = t->reading->known, .cpu = c->cpu,
                              .in_the_middle = !t->c.flow->whole && !t->c.prelude };
    for (unsigned side = 0; side < 2; side++) {
        w.voice[side] = talk_voice(t, side);
        w.stream[side] = t->stream[side];
        w.at[side] = flow_offset(t->c.flow, side);
    }
    t->c.watch = watch_new(&w);
    t->c.tls = t->c.watch ? watch_facts(t->c.watch) : NULL;
    return t->c.watch != NULL;
}

/* What stands where TLS should is shown to who looks for it, to be said: as it came, or later, from what was kept. */
static void show_plain(struct talk *t, unsigned side)
{
    struct watch_record r;
    uint8_t copy[FIRST_OCTETS];
    if (!t->c.watch || !t->n_first[side])
        return;
    memcpy(copy, t->first[side], t->n_first[side]);
    const struct watch_moment m = { .first = t->c.flow->side[side].first_text.packet,
                                    .packet = t->c.flow->side[side].first_text.packet, .at = t->reading->now };
    watch_take(t->c.watch, side, copy, t->n_first[side], &m, &r);
}

/* The first octets decide. */
static void decide(struct talk *t, unsigned side, struct bytes b)
{
    const struct flow *f = t->c.flow;
    uint16_t port = f->side[FLOW_SERVER].port;
    bool other_tls = t->speaks[1 - side] == SPEAKS_TLS;
    if (!t->c.looked)
        t->speaks[side] = SPEAKS_OTHER;
    else if (looks_like_tls(b) || (other_tls && !looks_like_http(b, side)))
        t->speaks[side] = SPEAKS_TLS;
    else if (port == DNS_PORT)
        t->speaks[side] = SPEAKS_DNS;
    else if (looks_like_http(b, side) || looks_like_http2(b))
        t->speaks[side] = SPEAKS_HTTP;
    else
        t->speaks[side] = is_tls_port(port) && !f->whole ? SPEAKS_TLS : SPEAKS_OTHER;
    t->deaf[side] = t->speaks[side] == SPEAKS_OTHER;
    t->n_first[side] = (uint8_t)(b.n < FIRST_OCTETS ? b.n : FIRST_OCTETS);
    memcpy(t->first[side], b.at, t->n_first[side]);
    bool tls = t->speaks[side] == SPEAKS_TLS, looks = tls || (t->c.looked && is_tls_port(port));
    bool had = t->c.watch != NULL;
    if (tls)
        t->c.prelude_octets[side] = flow_offset(f, side);          /* a proxy's header, CONNECT */
    if (looks && !had && !watch_start(t))
        t->deaf[side] = true;
    if (!tls)
        show_plain(t, side);
    if (tls && !had && !other_tls && t->speaks[1 - side] != SPEAKS_NOT_YET)
        show_plain(t, 1 - side);
}

/* TLS behind something else: what was looked for before is forgotten. Behind the client's ClientHello the server may
 * still have to say its last word in the open. */
static void begin_tls(struct talk *t, unsigned side)
{
    uint64_t at = flow_offset(t->c.flow, side);
    t->c.prelude_octets[side] = at;
    t->speaks[side] = SPEAKS_TLS;
    t->deaf[side] = false;
    if (side == FLOW_SERVER) {
        watch_begins(t->c.watch, side, at);
        return;
    }
    watch_free(t->c.watch);
    t->c.watch = NULL;
    t->c.prelude = prelude_of(t);
    t->deaf[side] = !watch_start(t);
}

/* ---- reading on ---- */

void talk_text(struct talk *t, unsigned side, struct bytes b, struct span where, const struct watch_moment *m)
{
    const struct reading_config *c = &t->reading->config;
    t->c.text[side] += b.n;
    if (c->text)
        c->text(c->self, t->c.flow, side, b, m->packet);
    if (t->c.tls && strcmp(t->c.tls->protocol, "h2") == 0)
        t->c.http2 = true;
    if (!t->c.http2)
        talk_http_take(t, side, b, where, m);
    else if (trace_hears(talk_voice(t, 1 - side).trace)) {
        const struct voice v = talk_voice(t, 1 - side);
        http_tell_ignored(&v, b.at, b.n, where);
    }
}

static size_t record_size(struct room b)
{
    size_t n = b.n < TLS_HEADER ? b.n : TLS_HEADER + (size_t)(b.at[3] << 8 | b.at[4]);
    return n < b.n ? n : b.n;
}

static size_t take_tls(struct talk *t, unsigned side, struct room b)
{
    struct watch_record r = { 0 };
    struct watch_moment m = moment_of(t, side, flow_offset(t->c.flow, side), record_size(b));
    switch (watch_take(t->c.watch, side, b.at, b.n, &m, &r)) {
    case WATCH_WANTS:
        return 0;
    case WATCH_RECORD:
        if (r.type == TLS_CONTENT_APPLICATION && r.opened && r.content.n)
            talk_text(t, side, r.content, r.where, &m);
        return r.used;
    case WATCH_OTHER:
        if (looks_like_http((struct bytes){ b.at, b.n }, side)) {
            t->speaks[side] = SPEAKS_HTTP;
            return 0;
        }
        t->deaf[side] = true;
        return 0;
    case WATCH_BLIND:
        t->deaf[side] = true;
        return 0;
    }
    return 0;
}

static size_t take_http(struct talk *t, unsigned side, struct room b)
{
    struct watch_moment m = moment_of(t, side, flow_offset(t->c.flow, side), b.n);
    const struct bytes all = { b.at, b.n };
    const struct span where = { .in = t->stream[side], .len = (uint32_t)b.n, .off = flow_offset(t->c.flow, side) };
    t->c.plain_http = true;
    if (looks_like_http2(all))
        t->c.http2 = t->deaf[side] = true;
    size_t used = t->deaf[side] ? 0 : talk_http_take(t, side, all, where, &m);
    t->c.text[side] += used;
    if (used && t->reading->config.text)
        t->reading->config.text(t->reading->config.self, t->c.flow, side, (struct bytes){ b.at, used }, m.packet);
    return used;
}

/* Octets that nobody reads; the trace names them, too. */
static size_t take_nothing(struct talk *t, unsigned side, struct room b)
{
    const struct voice v = talk_voice(t, 1 - side);
    if (trace_hears(v.trace))
        http_tell_ignored(&v, b.at, b.n, (struct span){ .in = t->stream[side], .len = (uint32_t)b.n,
                                                        .off = flow_offset(t->c.flow, side) });
    const bool over = t->c.tls && t->c.tls->close_notify[side];        /* in the open again (tls/watch.c) */
    if (t->speaks[side] != SPEAKS_TLS || over) {
        t->c.text[side] += b.n;
        if (t->reading->config.text && t->c.looked) {
            struct watch_moment m = moment_of(t, side, flow_offset(t->c.flow, side), b.n);
            t->reading->config.text(t->reading->config.self, t->c.flow, side, (struct bytes){ b.at, b.n }, m.packet);
        }
    }
    return b.n;
}

/* What neither is TLS nor HTTP: TLS may still begin behind it. */
static size_t take_other(struct talk *t, unsigned side, struct room b)
{
    size_t plain = b.n;
    enum prelude_says says = prelude_look(t, side, (struct bytes){ b.at, b.n }, &plain);
    prelude_keep(t, side, (struct bytes){ b.at, plain });
    if (plain)
        return take_nothing(t, side, (struct room){ b.at, plain });
    if (says == PRELUDE_TLS)
        begin_tls(t, side);
    return 0;
}

/* The client's first octets are missing, and what it said behind them is not read yet: who answers waits, so that a
 * ServerHello is not read before its ClientHello. */
static bool answers_early(const struct talk *t, unsigned side)
{
    const struct flow *f = t->c.flow;
    return side == FLOW_SERVER && t->speaks[FLOW_CLIENT] == SPEAKS_NOT_YET
        && (flow_gap(f, FLOW_CLIENT) || flow_doubted(f, FLOW_CLIENT));
}

/* A method may come letter by letter, as a terminal sends it. */
static bool may_be_method(struct bytes b, unsigned side)
{
    size_t n = 0;
    while (n < b.n && b.at[n] >= 'A' && b.at[n] <= 'Z')
        n++;
    return side == FLOW_CLIENT && n == b.n && n < 8;
}

/* The first octets, but for what a proxy puts before them. */
static size_t take_first(struct talk *t, unsigned side, struct room b)
{
    if (answers_early(t, side))
        return 0;
    const struct bytes all = { b.at, b.n };
    bool wants = false;
    size_t header = side == FLOW_CLIENT && t->c.looked && !t->c.proxied.version
                        ? prelude_proxied(t, all, flow_packet_of(t->c.flow, side, flow_offset(t->c.flow, side)), &wants)
                        : 0;
    if (header)
        return take_nothing(t, side, (struct room){ b.at, header });
    if (!wants && !(may_be_method(all, side) && t->speaks[FLOW_SERVER] == SPEAKS_NOT_YET &&
                    !flow_finished(t->c.flow, side)))
        decide(t, side, all);
    return 0;
}

static size_t take(struct talk *t, unsigned side, struct room b)
{
    if (t->speaks[side] == SPEAKS_NOT_YET)
        return take_first(t, side, b);
    if (t->speaks[side] == SPEAKS_OTHER && t->c.looked)
        return take_other(t, side, b);
    if (t->deaf[side])
        return take_nothing(t, side, b);
    switch (t->speaks[side]) {
    case SPEAKS_TLS:  return take_tls(t, side, b);
    case SPEAKS_HTTP: return take_http(t, side, b);
    case SPEAKS_DNS:  return talk_dns_take(t, side, (struct bytes){ b.at, b.n }, flow_offset(t->c.flow, side));
    default:          return take_nothing(t, side, b);
    }
}

/* Octets behind these will not come any more. */
static void skip(struct talk *t, unsigned side, uint64_t n)
{
    uint64_t packet = t->c.flow->side[side].first_gap.packet;
    if (t->c.watch && t->speaks[side] == SPEAKS_TLS)
        watch_gap(t->c.watch, side, n, packet ? packet : t->reading->packet);
    talk_http_gap(t, side);
    if (t->speaks[side] == SPEAKS_DNS || t->speaks[side] == SPEAKS_HTTP)
        t->deaf[side] = true;
    flow_skip(t->c.flow, side);
}

/* Once. False: there is nothing, or more is wanted. */
static bool feed_once(struct talk *t, unsigned side)
{
    struct room b = flow_peek(t->c.flow, side);
    bool deaf = t->deaf[side];
    enum speaks speaks = t->speaks[side];
    size_t used = b.n ? take(t, side, b) : 0;
    flow_consume(t->c.flow, side, used);
    return used || (b.n && (deaf != t->deaf[side] || speaks != t->speaks[side]));
}

/* A server that had to wait (answers_early): what both have said since is read in the order in which it came. */
static void catch_up(struct talk *t)
{
    struct flow *f = t->c.flow;
    for (;;) {
        uint64_t packet[2];
        for (unsigned side = 0; side < 2; side++)
            packet[side] = flow_peek(f, side).n ? flow_packet_of(f, side, flow_offset(f, side)) : UINT64_MAX;
        unsigned first = packet[FLOW_SERVER] < packet[FLOW_CLIENT] ? FLOW_SERVER : FLOW_CLIENT;
        if (!feed_once(t, first) && !feed_once(t, !first))
            return;
    }
}

static void feed(struct talk *t, unsigned side)
{
    struct flow *f = t->c.flow;
    for (;;) {
        if (side == FLOW_CLIENT && t->speaks[FLOW_SERVER] == SPEAKS_NOT_YET && flow_peek(f, FLOW_SERVER).n)
            catch_up(t);
        if (feed_once(t, side))
            continue;
        struct room b = flow_peek(f, side);
        uint64_t gap = flow_gap(f, side), before = flow_offset(f, side);
        if (!gap)
            return;
        skip(t, side, b.n + gap);
        if (flow_offset(f, side) == before)
            return;
    }
}

/* In TLS: data of its own, behind its Finished; what is as short as an alert may be one. */
static bool has_spoken(const struct talk *t)
{
    enum { ALERT_MOST = 40 };
    const struct watch_facts *w = t->c.tls;
    if (!w || !w->tls)
        return t->c.flow->side[FLOW_CLIENT].text > 0;
    if (!w->n_seen || w->records[WATCH_CLIENT].sealed < 2)
        return false;
    const struct watch_seen *last = &w->late[(w->n_seen - 1) % WATCH_LATE_SEEN];
    return last->side == WATCH_CLIENT && last->type == TLS_CONTENT_APPLICATION && last->n > ALERT_MOST;
}

void talk_feed(struct talk *t, unsigned side)
{
    struct capture_facts *all = &t->reading->facts;
    struct seen_start *start = &all->starts[t->start % READING_STARTS];
    if (all->n_starts - t->start <= READING_STARTS && !start->spoke)
        start->spoke = has_spoken(t);
    feed(t, side);
    reading_story(t, false);
    flow_holds(t->c.flow, sizeof *t + (t->http ? sizeof *t->http : 0) + (t->c.watch ? watch_memory(t->c.watch) : 0));
}

void talk_ended(struct talk *t)
{
    for (unsigned side = 0; side < 2; side++)
        talk_feed(t, side);
    for (unsigned side = 0; side < 2; side++) {
        if (t->c.watch)
            watch_ended(t->c.watch, side);
        talk_http_end(t, side);
    }
    if (t->c.tls && strcmp(t->c.tls->protocol, "h2") == 0)
        t->c.http2 = true;
    reading_story(t, true);
}
