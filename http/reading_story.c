/* reading_story.c - a connection of a capture in the chapters of a visit (story.h), each told when it is over, by what
 * was seen by then. Unlike in a visit several connections may be under way: so each sentence has its connection, and
 * no chapter is said to begin. */
#include "http/reading_inside.h"
#include "http/story.h"

#include <stdio.h>
#include <string.h>

static void tell(struct talk *t, enum chapter c, const char *variant, const char *rfc, struct attr *values, size_t n)
{
    const struct voice v = talk_voice(t, FLOW_CLIENT);
    values[n] = attr_number("connection", t->c.flow->id);
    story_end(&v, c, variant, rfc, values, n + 1);
}

/* Once each. */
static bool is_due(struct talk *t, enum chapter c, bool known)
{
    const bool due = known && !(t->told & 1u << c);
    t->told = (uint16_t)(t->told | (unsigned)known << c);
    return due;
}

static void tell_name(struct talk *t)
{
    char addr[ADDR_TEXT];
    struct attr values[STORY_ATTRS] = { attr_text("domain", t->c.dns->name),
                                        attr_text("addr", addr_text(&t->c.flow->side[FLOW_SERVER].addr, addr)) };
    tell(t, CHAPTER_NAME, "seen", "RFC 1034 §5.3", values, 2);
}

static void tell_open(struct talk *t)
{
    char from[ADDR_TEXT], to[ADDR_TEXT];
    const struct flow_side *s = t->c.flow->side;
    struct attr values[STORY_ATTRS] = {
        attr_text("own_addr", addr_text(&s[FLOW_CLIENT].addr, from)), attr_number("own_port", s[FLOW_CLIENT].port),
        attr_text("addr", addr_text(&s[FLOW_SERVER].addr, to)), attr_number("port", s[FLOW_SERVER].port) };
    tell(t, CHAPTER_OPEN, "seen", "RFC 9293 §3.5", values, 4);
}

static const char *suite_name(const struct watch_facts *f, char number[16])
{
    const char *words = tls_suite_words(f->suite_number);
    snprintf(number, 16, "0x%04x", f->suite_number);
    return f->suite ? f->suite->name : words ? words : number;
}

/* 0x0304: TLS 1.3. */
static const char *rfc_of(const struct watch_facts *f, const char *of_1_3, const char *of_1_2)
{
    return f->version == 0x0304 ? of_1_3 : of_1_2;
}

static void tell_hello(struct talk *t)
{
    char number[16];
    const struct watch_facts *f = t->c.tls;
    const char *version = tls_version_words(f->version);
    struct attr values[STORY_ATTRS] = { attr_text("version", version ? version : "TLS"),
                                        attr_text("suite", suite_name(f, number)), attr_text("host", f->sni) };
    tell(t, CHAPTER_HELLO, *f->sni ? "seen" : "unnamed", rfc_of(f, "RFC 8446 §4.1.1", "RFC 5246 §7.4.1"), values, 3);
}

/* Is something wrong with the chain, beside that nobody here knows whom to trust? */
static bool refused(const struct watch_facts *f)
{
    bool fault = false;
    for (unsigned i = 0; i < f->n_faults; i++)
        fault |= f->faults[i].what == WATCH_BAD_CHAIN && f->faults[i].side == WATCH_SERVER;
    return fault;
}

static void tell_certificate(struct talk *t)
{
    const struct watch_facts *f = t->c.tls;
    struct attr values[STORY_ATTRS] = { attr_text("leaf", f->leaf), attr_text("issuer", f->issuer),
                                        attr_text("ground", f->chain_holds ? "" : f->chain_fault.ground->id) };
    const bool unknown = !f->chain_trusted && !f->chain_holds && !refused(f);
    tell(t, CHAPTER_CERTIFICATE, f->chain_holds ? "holds" : unknown ? "seen" : "refused", "RFC 5280 §6", values, 3);
}

static void tell_keys(struct talk *t)
{
    const struct watch_facts *f = t->c.tls;
    const char *group = f->group ? tls_group_words(f->group) : NULL;
    struct attr values[STORY_ATTRS] = { attr_text("group", group ? group : "(EC)DHE") };
    const bool rsa = f->suite && f->suite->kx == TLS_KX_RSA;
    tell(t, CHAPTER_KEYS, f->resumed ? "seen_resumed" : rsa ? "seen_rsa" : "seen_ecdhe",
         rfc_of(f, "RFC 8446 §7.1", "RFC 5246 §8.1"), values, 1);
}

static void tell_finished(struct talk *t)
{
    const struct watch_facts *w = t->c.tls;
    const struct watch_finished *f = w->finished;
    struct attr values[STORY_ATTRS] = { attr_number("client_packet", f[WATCH_CLIENT].packet),
                                        attr_number("server_packet", f[WATCH_SERVER].packet) };
    const bool verified = f[0].verified && f[1].verified, looked = f[0].checked && f[1].checked;
    tell(t, CHAPTER_FINISHED, verified ? "verified" : looked ? "wrong" : "sealed",
         rfc_of(w, "RFC 8446 §4.4.4", "RFC 5246 §7.4.9"), values, 2);
}

static void tell_exchange(struct talk *t, const struct seen_http *h)
{
    struct attr values[STORY_ATTRS] = { attr_text("method", *h->method ? h->method : "?"),
                                        attr_text("target", h->target), attr_number("status", h->status),
                                        attr_number("octets", h->body) };
    tell(t, CHAPTER_PAGE, !h->status ? "silent" : h->complete ? "seen" : "cut", "RFC 9112 §2", values, 4);
}

/* The exchanges in their order, each when it is whole; at the end, all that are left. */
static void tell_exchanges(struct talk *t, bool over)
{
    while (t->told_http < t->c.n_http && (t->c.http[t->told_http].complete || over))
        tell_exchange(t, &t->c.http[t->told_http++]);
}

static void tell_close(struct talk *t)
{
    const struct flow_side *s = t->c.flow->side;
    const bool both = s[0].fin.packet && s[1].fin.packet;
    const unsigned reset = s[FLOW_CLIENT].rst.packet ? FLOW_CLIENT : FLOW_SERVER;
    struct attr values[STORY_ATTRS] = {
        attr_number("client_packet", s[FLOW_CLIENT].fin.packet),
        attr_number("server_packet", s[FLOW_SERVER].fin.packet), attr_number("packet", s[reset].rst.packet) };
    tell(t, CHAPTER_CLOSE, both ? "seen" : !s[reset].rst.packet ? "unseen" : reset ? "reset_server" : "reset_client",
         "RFC 9293 §3.6", values, 3);
}

void reading_story(struct talk *t, bool over)
{
    const struct flow *f = t->c.flow;
    const struct watch_facts *w = t->c.tls && t->c.tls->tls ? t->c.tls : NULL;
    if (!trace_hears(talk_voice(t, FLOW_CLIENT).trace))
        return;
    if (is_due(t, CHAPTER_NAME, t->c.dns != NULL))
        tell_name(t);
    if (is_due(t, CHAPTER_OPEN, f->side[FLOW_CLIENT].syn.packet && f->side[FLOW_SERVER].syn.packet
                                && f->side[FLOW_CLIENT].acked_known))
        tell_open(t);
    if (w && is_due(t, CHAPTER_HELLO, w->client_hello_at.packet && w->server_hello_at.packet && w->version))
        tell_hello(t);
    if (w && is_due(t, CHAPTER_CERTIFICATE, w->chain_judged))
        tell_certificate(t);
    const bool finished = w && w->finished[0].seen && w->finished[1].seen && t->told & 1u << CHAPTER_HELLO;
    if (is_due(t, CHAPTER_KEYS, finished))
        tell_keys(t);
    if (is_due(t, CHAPTER_FINISHED, finished))
        tell_finished(t);
    tell_exchanges(t, over);
    if (over && f->side[FLOW_CLIENT].packets)
        tell_close(t);
}
