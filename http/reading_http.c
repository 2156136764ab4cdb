#include "http/reading_inside.h"

#include <stdlib.h>
#include <string.h>

bool looks_like_http2(struct bytes b)
{
    static const char preface[] = "PRI * HTTP/2.0\r\n";
    return b.n >= 14 && memcmp(b.at, preface, b.n < sizeof preface - 1 ? b.n : sizeof preface - 1) == 0;
}

/* A first line, as far as it is there: what is whole ends with the version (RFC 9112 §3). Mail speaks much alike. */
static bool ends_with_version(struct bytes b)
{
    static const char version[] = "HTTP/1.";
    const uint8_t *end = memchr(b.at, '\n', b.n);
    size_t n = end ? (size_t)(end - b.at) : 0, behind = sizeof version;
    if (n && b.at[n - 1] == '\r')
        n--;
    return !end || (n > behind && memcmp(b.at + n - behind, version, behind - 1) == 0);
}

/* A method is letters, in practice capitals, and a space behind them (RFC 9112 §3). */
bool looks_like_http(struct bytes b, unsigned side)
{
    static const char version[] = "HTTP/1.";
    size_t n = 0;
    if (looks_like_http2(b))
        return false;
    if (side == FLOW_SERVER)
        return b.n && memcmp(b.at, version, b.n < 7 ? b.n : 7) == 0;
    while (n < b.n && n < 16 && b.at[n] >= 'A' && b.at[n] <= 'Z')
        n++;
    return n >= 3 && n < b.n && b.at[n] == ' ' && ends_with_version(b);
}

static struct talk_http *start(struct talk *t)
{
    if (t->http || !(t->http = calloc(1, sizeof *t->http)))
        return t->http;
    for (unsigned side = 0; side < 2; side++) {
        const struct voice v = talk_voice(t, 1 - side);
        http_reader_start(&t->http->reader[side], &v, side == FLOW_SERVER);
    }
    return t->http;
}

void talk_http_free(struct talk_http *h)
{
    if (!h)
        return;
    http_reader_end(&h->reader[0]);
    http_reader_end(&h->reader[1]);
    free(h);
}

static void copy(char *out, size_t room, struct bytes b)
{
    size_t n = b.n < room - 1 ? b.n : room - 1;
    memcpy(out, b.at, n);
    out[n] = '\0';
}

static void copy_header(char *out, size_t room, const struct http_head *h, const char *name)
{
    const struct bytes *b = http_header_of(h, name);
    if (b)
        copy(out, room, *b);
}

static struct seen_http *place(struct talk *t, unsigned i)
{
    return i < CONVERSATION_HTTP ? &t->c.http[i] : NULL;
}

static unsigned new_place(struct talk *t)
{
    if (t->c.n_http < CONVERSATION_HTTP)
        return t->c.n_http++;
    t->c.more_http++;
    return CONVERSATION_HTTP;
}

static void take_request(struct talk *t, const struct http_head *head, const struct watch_moment *m)
{
    struct talk_http *h = t->http;
    bool early = h->unasked > 0;                       /* its response stood before it in the capture */
    unsigned i = early ? h->unasked - 1 : new_place(t), last = (h->first + h->n) % PIPELINE;
    struct seen_http *s = place(t, i);
    const char *method = http_is(&head->method, "HEAD")      ? "HEAD"
                         : http_is(&head->method, "CONNECT") ? "CONNECT"
                                                             : "GET";
    h->tunnel |= strcmp(method, "CONNECT") == 0;
    h->unasked = 0;
    if (!early && h->n < PIPELINE) {
        h->asked[last].method = method;
        h->asked[last].place = i;
        h->n++;
    }
    h->now[FLOW_CLIENT] = i;
    if (!s)
        return;
    copy(s->method, sizeof s->method, head->method);
    copy(s->target, sizeof s->target, head->target);
    copy_header(s->host, sizeof s->host, head, "host");
    s->request = *m;
}

/* False: what follows is not HTTP any more. */
static bool take_response(struct talk *t, const struct http_head *head, const struct watch_moment *m)
{
    struct talk_http *h = t->http;
    if (head->status < 200 && head->status != 101)    /* interim: the response is still to come */
        return true;
    bool asked = h->n > 0;
    unsigned i = asked ? h->asked[h->first].place : new_place(t);
    const char *method = asked ? h->asked[h->first].method : "GET";
    if (asked) {
        h->first = (h->first + 1) % PIPELINE;
        h->n--;
    }
    if (!asked && t->c.flow->whole)
        h->unasked = i + 1;
    struct seen_http *s = place(t, i);
    h->now[FLOW_SERVER] = i;
    if (s) {
        s->status = head->status;
        s->response_first = s->response_last = *m;
        copy_header(s->content_type, sizeof s->content_type, head, "content-type");
        copy_header(s->server, sizeof s->server, head, "server");
    }
    bool tunnel = strcmp(method, "CONNECT") == 0;
    if (tunnel && head->status / 100 != 2)
        h->tunnel = false;
    return head->status != 101 && !(tunnel && head->status / 100 == 2);
}

static void take_data(struct talk *t, unsigned side, struct bytes data, const struct watch_moment *m)
{
    struct seen_http *s = side == FLOW_SERVER ? place(t, t->http->now[side]) : NULL;
    if (!s)
        return;
    s->body += data.n;
    s->response_last = *m;
}

static void take_end(struct talk *t, unsigned side, const struct watch_moment *m)
{
    struct talk_http *h = t->http;
    const unsigned status = h->reader[side].message.status;
    struct seen_http *s = side == FLOW_SERVER && (status >= 200 || status == 101) ? place(t, h->now[side]) : NULL;
    if (s) {
        s->complete = true;
        if (m)
            s->response_last = *m;
    }
    http_reader_next(&h->reader[side]);
    if (side == FLOW_SERVER)
        h->reader[side].method = h->n ? h->asked[h->first].method : "GET";
}

/* Behind CONNECT and its response both sides say something else, which is looked at as if it began here. */
static void leave_tunnel(struct talk *t)
{
    t->c.proxy = true;
    talk_http_free(t->http);
    t->http = NULL;
    watch_free(t->c.watch);                            /* at a port of TLS it had looked at CONNECT */
    t->c.watch = NULL;
    t->c.tls = NULL;
    t->speaks[0] = t->speaks[1] = SPEAKS_NOT_YET;
    t->deaf[0] = t->deaf[1] = false;
}

static void take_rest_of(struct talk *t, unsigned side, struct bytes b, struct span where)
{
    const struct voice v = talk_voice(t, 1 - side);
    http_tell_ignored(&v, b.at, b.n, where);
}

/* The response that comes is not as it should be, and nobody reads on. */
static void take_unread(struct talk *t, unsigned side, bool in_head)
{
    struct talk_http *h = t->http;
    unsigned i = !in_head ? h->now[side] : h->n ? h->asked[h->first].place : CONVERSATION_HTTP;
    struct seen_http *s = side == FLOW_SERVER ? place(t, i) : NULL;
    if (s)
        s->unread = true;
}

/* One step. False: nothing more of these octets. */
static bool step(struct talk *t, unsigned side, struct bytes b, struct span where, const struct watch_moment *m,
                 size_t *used)
{
    struct talk_http *h = t->http;
    struct http_reader *r = &h->reader[side];
    struct http_took took;
    bool plain = t->speaks[side] == SPEAKS_HTTP;
    if (plain && side == FLOW_CLIENT && h->tunnel && r->at == HTTP_AT_HEAD && http_reader_idle(r))
        return false;                                 /* until the response to CONNECT is there */
    if (side == FLOW_SERVER && http_reader_idle(r))
        r->method = h->n ? h->asked[h->first].method : "GET";
    where.off += *used;
    where.len = (uint32_t)(b.n - *used);
    bool in_head = r->at == HTTP_AT_HEAD;
    switch (http_reader_take(r, b.at + *used, b.n - *used, where, &took, NULL)) {
    case HTTP_FOUND_HEAD:
        *used += took.used;
        if (side == FLOW_CLIENT) {
            take_request(t, &r->message, m);
        } else if (!take_response(t, &r->message, m)) {
            bool tunnel = r->message.status != 101;
            take_end(t, side, m);
            if (tunnel && plain)
                leave_tunnel(t);
            else
                h->dead[0] = h->dead[1] = true;
            return false;
        }
        return true;
    case HTTP_FOUND_DATA:
        *used += took.used;
        take_data(t, side, took.data, m);
        return true;
    case HTTP_FOUND_END:
        *used += took.used;
        take_end(t, side, m);
        return true;
    case HTTP_FOUND_MORE:
        *used += took.used;
        return *used < b.n && took.used;
    default:
        *used += took.used;
        h->dead[side] = true;
        take_unread(t, side, in_head);
        return false;
    }
}

size_t talk_http_take(struct talk *t, unsigned side, struct bytes b, struct span where, const struct watch_moment *m)
{
    size_t used = 0;
    if (!start(t))
        return b.n;
    struct talk_http *h = t->http;
    if (!h->dead[side] && !h->reader[side].has_head && http_reader_idle(&h->reader[side]) && looks_like_http2(b)) {
        t->c.http2 = true;
        h->dead[0] = h->dead[1] = true;
    }
    /* a message without a body is at its end behind its last octet */
    while (t->http && !t->http->dead[side] && (used < b.n || t->http->reader[side].at == HTTP_AT_BODY) &&
           step(t, side, b, where, m, &used))
        ;
    if (t->http && t->http->dead[side] && used < b.n) {
        where.off += used;
        where.len = (uint32_t)(b.n - used);
        take_rest_of(t, side, (struct bytes){ b.at + used, b.n - used }, where);
        used = b.n;
    }
    return used;
}

void talk_http_gap(struct talk *t, unsigned side)
{
    if (t->http)
        t->http->dead[side] = true;
}

void talk_http_end(struct talk *t, unsigned side)
{
    if (!t->http || t->http->dead[side])
        return;
    struct http_reader *r = &t->http->reader[side];
    bool open = r->at == HTTP_AT_BODY;
    const bool said_so = t->c.tls && t->c.tls->close_notify[side];
    if (!said_so && !flow_finished(t->c.flow, side))
        return;                                        /* it broke off, or the capture did */
    if (http_reader_ended(r, NULL) && open)
        take_end(t, side, NULL);
}
