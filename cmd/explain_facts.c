#include "cmd/explain.h"
#include "cmd/explain_figures.h"
#include "trace/json.h"

#include <inttypes.h>
#include <string.h>

static void number(struct json *j, const char *name, uint64_t v)
{
    json_name(j, name);
    json_number(j, v);
}

static void words(struct json *j, const char *name, const char *text)
{
    json_name(j, name);
    json_words(j, text ? text : "");
}

static void flag(struct json *j, const char *name, bool v) { number(j, name, v); }

static void signed_time(struct json *j, const char *name, nsec v)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, v);
    words(j, name, text);
}

static void fault(struct json *j, const struct fault *f)
{
    words(j, "ground", f->ground ? f->ground->id : "");
    words(j, "about", f->about);
    words(j, "expected", f->expected);
    words(j, "came", f->came);
}

static void addr(struct json *j, const char *name, const struct addr *a)
{
    char text[ADDR_TEXT];
    words(j, name, a->len ? addr_text(a, text) : "");
}

/* ---- TCP ---- */

static void put_side(struct json *j, const char *name, const struct flow_side *s)
{
    json_name(j, name);
    json_open(j, '{');
    addr(j, "addr", &s->addr);
    number(j, "port", s->port);
    number(j, "packets", s->packets);
    number(j, "octets", s->octets);
    number(j, "text", s->text);
    number(j, "syn", s->syn.packet);
    number(j, "syns", s->syns);
    number(j, "stray_syns", s->stray_syns);
    number(j, "fin", s->fin.packet);
    number(j, "rst", s->rst.packet);
    number(j, "first", s->first.packet);
    number(j, "last", s->last.packet);
    number(j, "mss", s->mss);
    number(j, "window_scale", s->has_window_scale ? s->window_scale : 0);
    flag(j, "sack_permitted", s->sack_permitted);
    flag(j, "timestamps", s->has_timestamps);
    number(j, "window_least", s->window_least);
    number(j, "window_most", s->window_most);
    number(j, "gaps", s->gaps);
    number(j, "gap_octets", s->gap_octets);
    number(j, "missing", s->missing);
    number(j, "conflicts", s->conflicts);
    number(j, "sums_wrong", s->sums_wrong);
    number(j, "sums_pseudo", s->sums_pseudo);
    for (unsigned bit = 0; bit < FLOW_MARKS; bit++)
        if (s->marked[bit])
            number(j, flow_mark_name(bit), s->marked[bit]);
    json_close(j, '}');
}

static void put_tcp(struct json *j, const struct flow *f)
{
    number(j, "connection", f->id);
    put_side(j, "client", &f->side[FLOW_CLIENT]);
    put_side(j, "server", &f->side[FLOW_SERVER]);
    flag(j, "whole", f->whole);
    flag(j, "guessed", f->guessed);
    flag(j, "one_sided", f->one_sided);
    flag(j, "evicted", f->evicted);
    number(j, "rtt_syn_ns", (uint64_t)f->rtt_syn);
}

/* ---- TLS ---- */

static const char *const blind_words[] = {
    [WATCH_SEES] = "", [WATCH_NO_KEYLOG] = "no_keylog", [WATCH_NO_LINE] = "no_line", [WATCH_LATE] = "late",
    [WATCH_SUITE] = "suite", [WATCH_VERSION] = "version", [WATCH_MIDDLE] = "middle", [WATCH_GAP] = "gap",
    [WATCH_KEY_USELESS] = "key_useless", [WATCH_KEY_OTHER] = "key_other", [WATCH_WRONG_KEY] = "wrong_key",
    [WATCH_OFFENDED] = "offended" };
static const char *const key_words[] = {
    [WATCH_KEY_NONE] = "", [WATCH_KEY_LOG] = "keylog", [WATCH_KEY_RSA_LOG] = "rsa_keylog",
    [WATCH_KEY_SERVER] = "server_key", [WATCH_KEY_SESSION] = "session" };

static void put_moment(struct json *j, const char *name, const struct watch_moment *m)
{
    number(j, name, m->packet);
}

static void put_finished(struct json *j, const struct watch_facts *t)
{
    static const char *const names[2] = { "client_finished", "server_finished" };
    static const char *const records[2] = { "client_records", "server_records" };
    for (unsigned side = 0; side < 2; side++) {
        const struct watch_finished *f = &t->finished[side];
        const struct watch_records *r = &t->records[side];
        words(j, names[side], !f->seen ? "" : f->verified ? "verified" : f->checked ? "wrong" : "unchecked");
        json_name(j, records[side]);
        json_open(j, '{');
        number(j, "n", r->n);
        number(j, "sealed", r->sealed);
        number(j, "opened", r->opened);
        number(j, "refused", r->refused);
        number(j, "octets", r->octets);
        json_close(j, '}');
    }
}

static void put_chain(struct json *j, const struct watch_facts *t)
{
    flag(j, "chain_seen", t->chain_seen);
    flag(j, "chain_judged", t->chain_judged);
    flag(j, "chain_holds", t->chain_holds);
    flag(j, "chain_trusted", t->chain_trusted);
    words(j, "chain_ground", t->chain_fault.ground ? t->chain_fault.ground->id : "");
    words(j, "leaf", t->leaf);
    words(j, "issuer", t->issuer);
    signed_time(j, "leaf_from", t->leaf_from);
    signed_time(j, "leaf_until", t->leaf_until);
    flag(j, "must_staple", t->must_staple);
    flag(j, "self_signed", t->self_signed);
    flag(j, "staple_asked", t->staple_asked);
    flag(j, "stapled", t->stapled);
    words(j, "key_exchange_signature", !t->ske_checked ? "" : t->ske_good ? "good" : "wrong");
    words(j, "certificate_verify", !t->verify_checked ? "" : t->verify_good ? "good" : "wrong");
    flag(j, "client_asked", t->client_asked);
    flag(j, "client_sent_certificate", t->client_sent_certificate);
    flag(j, "certificate_compressed", t->compressed[WATCH_SERVER].packet != 0);
    flag(j, "client_certificate_compressed", t->compressed[WATCH_CLIENT].packet != 0);
    const struct watch_client_chain *c = &t->client_chain;
    flag(j, "client_chain_judged", c->judged);
    flag(j, "client_chain_holds", c->holds);
    flag(j, "client_chain_trusted", c->trusted);
    words(j, "client_chain_ground", c->fault.ground ? c->fault.ground->id : "");
    words(j, "client_leaf", c->leaf);
    words(j, "client_issuer", c->issuer);
    signed_time(j, "client_leaf_from", c->from);
    signed_time(j, "client_leaf_until", c->until);
}

static void put_messages(struct json *j, const struct watch_facts *t)
{
    json_name(j, "messages");
    json_open(j, '[');
    for (unsigned i = 0; i < t->n_messages; i++) {
        json_open(j, '{');
        words(j, "name", tls_message_words(t->messages[i].type));
        words(j, "side", t->messages[i].side ? "server" : "client");
        number(j, "packet", t->messages[i].packet);
        number(j, "octets", t->messages[i].n);
        flag(j, "sealed", t->messages[i].sealed);
        json_close(j, '}');
    }
    json_close(j, ']');
    json_name(j, "alerts");
    json_open(j, '[');
    for (unsigned i = 0; i < t->n_alerts; i++) {
        json_open(j, '{');
        words(j, "side", t->alerts[i].side ? "server" : "client");
        number(j, "level", t->alerts[i].level);
        number(j, "description", t->alerts[i].description);
        number(j, "packet", t->alerts[i].packet);
        flag(j, "sealed", t->alerts[i].sealed);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void put_tls(struct json *j, const struct watch_facts *t)
{
    json_name(j, "tls");
    json_open(j, '{');
    number(j, "version", t->version);
    number(j, "suite", t->suite_number);
    words(j, "suite_name", t->suite ? t->suite->name : tls_suite_words(t->suite_number));
    number(j, "group", t->group);
    words(j, "group_name", tls_group_words(t->group));
    number(j, "sigalg", t->sigalg);
    words(j, "sigalg_name", tls_sigalg_words(t->sigalg));
    words(j, "sni", t->sni);
    words(j, "alpn", t->protocol);
    flag(j, "resumed", t->resumed);
    flag(j, "resumed_by_ticket", t->resumed_by_ticket);
    flag(j, "extended_master_secret", t->extended_master_secret);
    flag(j, "encrypt_then_mac", t->encrypt_then_mac);
    flag(j, "hello_retry", t->hello_retry);
    number(j, "client_record_limit", t->record_limit[WATCH_CLIENT]);
    number(j, "server_record_limit", t->record_limit[WATCH_SERVER]);
    number(j, "renegotiations", t->renegotiations);
    number(j, "renegotiations_bound", t->renegotiations_bound);
    flag(j, "secure_renegotiation", t->secure_renegotiation);
    json_name(j, "client_random");
    json_hex(j, (struct bytes){ t->client_random, TLS_RANDOM });
    put_moment(j, "client_hello", &t->client_hello_at);
    put_moment(j, "server_hello", &t->server_hello_at);
    put_moment(j, "certificate", &t->certificate_at);
    put_moment(j, "connected", &t->connected_at);
    put_chain(j, t);
    put_finished(j, t);
    flag(j, "client_close_notify", t->close_notify[WATCH_CLIENT]);
    flag(j, "server_close_notify", t->close_notify[WATCH_SERVER]);
    put_messages(j, t);
    words(j, "blind", blind_words[t->blind]);
    number(j, "blind_packet", t->blind_packet);
    words(j, "key_from", key_words[t->key_from]);
    json_close(j, '}');
}

/* ---- the rest ---- */

static void put_http(struct json *j, const struct conversation *c)
{
    json_name(j, "http");
    json_open(j, '[');
    for (unsigned i = 0; i < c->n_http; i++) {
        const struct seen_http *h = &c->http[i];
        json_open(j, '{');
        words(j, "method", h->method);
        words(j, "target", h->target);
        words(j, "host", h->host);
        number(j, "status", h->status);
        words(j, "content_type", h->content_type);
        words(j, "server", h->server);
        number(j, "body", h->body);
        flag(j, "complete", h->complete);
        put_moment(j, "request_packet", &h->request);
        put_moment(j, "response_packet", &h->response_first);
        json_close(j, '}');
    }
    json_close(j, ']');
    number(j, "more_http", c->more_http);
    flag(j, "plain_http", c->plain_http);
    flag(j, "http2", c->http2);
    flag(j, "proxy", c->proxy);
    words(j, "prelude", c->prelude ? c->prelude->id : "");
    number(j, "proxied", c->proxied.version);
    number(j, "client_text", c->text[0]);
    number(j, "server_text", c->text[1]);
}

static void put_causes(struct json *j, const struct diagnosis *d, unsigned n)
{
    json_name(j, "causes");
    json_open(j, '[');
    for (unsigned i = 0; i < n; i++) {
        json_open(j, '{');
        words(j, "id", d[i].cause->id);
        flag(j, "fatal", d[i].cause->fatal);
        words(j, "expected", d[i].expected);
        words(j, "came", d[i].came);
        json_name(j, "packets");
        json_open(j, '[');
        for (unsigned k = 0; k < d[i].n; k++)
            json_number(j, d[i].packets[k]);
        json_close(j, ']');
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void put_wrong(struct json *j, const struct explain_judged *judged)
{
    json_name(j, "wrong");
    json_open(j, '[');
    for (unsigned i = 0; i < judged->n_wrong; i++) {
        const struct explain_wrong *w = &judged->wrong[i];
        json_open(j, '{');
        words(j, "what", w->what);
        words(j, "side", w->side ? "server" : "client");
        words(j, "message", w->message);
        number(j, "record", w->record);
        number(j, "packet", w->packet);
        fault(j, &w->fault);
        json_close(j, '}');
    }
    json_close(j, ']');
    number(j, "more_wrong", judged->more_wrong);
    put_causes(j, judged->causes, judged->n_causes);
    number(j, "finished", judged->finished);
    number(j, "verified", judged->verified);
    number(j, "sealed", judged->sealed);
    number(j, "opened", judged->opened);
}

static void put_icmp(struct json *j, const struct conversation *c)
{
    json_name(j, "icmp");
    json_open(j, '[');
    for (unsigned i = 0; i < c->n_icmp; i++) {
        json_open(j, '{');
        addr(j, "from", &c->icmp[i].from);
        number(j, "version", c->icmp[i].version);
        number(j, "type", c->icmp[i].type);
        number(j, "code", c->icmp[i].code);
        number(j, "mtu", c->icmp[i].mtu);
        number(j, "packet", c->icmp[i].packet);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static bool write_line(struct explain *x, struct json *j)
{
    bool whole = json_write(j, &x->facts.sink);
    json_free(j);
    if (x->live)
        fflush(x->facts.file);
    return whole;
}

bool explain_facts(struct explain *x, const struct conversation *c, const struct explain_judged *judged)
{
    struct json j = { 0 };
    struct figures figures;
    if (!x->facts.file)
        return true;
    json_start(&j);
    json_open(&j, '{');
    words(&j, "kind", "connection");
    put_tcp(&j, c->flow);
    flag(&j, "looked", c->looked);
    words(&j, "dns_name", c->dns ? c->dns->name : "");
    if (c->tls && c->tls->tls)
        put_tls(&j, c->tls);
    words(&j, "client_plain", c->tls ? c->tls->plain[WATCH_CLIENT] : "");
    words(&j, "server_plain", c->tls ? c->tls->plain[WATCH_SERVER] : "");
    put_http(&j, c);
    put_icmp(&j, c);
    figures_of(c, &figures);
    figures_json(&j, &figures);
    put_wrong(&j, judged);
    json_close(&j, '}');
    return write_line(x, &j);
}

static void put_dns(struct json *j, const struct capture_facts *f)
{
    json_name(j, "dns");
    json_open(j, '[');
    for (unsigned i = 0; i < f->n_dns; i++) {
        const struct seen_dns *d = &f->dns[i];
        json_open(j, '{');
        words(j, "name", d->name);
        number(j, "type", d->type);
        number(j, "rcode", d->rcode);
        flag(j, "answered", d->answered);
        flag(j, "other_question", d->other_question);
        flag(j, "other_answer", d->other_answer);
        number(j, "answers", d->answers);
        addr(j, "answer", &d->answer);
        addr(j, "server", &d->server);
        number(j, "asked_packet", d->asked_packet);
        number(j, "asked_times", d->asked_times);
        number(j, "answer_packet", d->answer_packet);
        number(j, "other_packet", d->other_packet);
        json_close(j, '}');
    }
    json_close(j, ']');
}

bool explain_facts_file(struct explain *x, int code)
{
    const struct capture_facts *f = reading_facts(x->reading);
    const struct explain_tally *t = &x->tally;
    struct json j = { 0 };
    if (!x->facts.file)
        return true;
    json_start(&j);
    json_open(&j, '{');
    words(&j, "kind", "capture");
    words(&j, "format", x->format);
    number(&j, "frames", f->frames);
    number(&j, "octets", f->octets);
    number(&j, "cut_frames", f->cut_frames);
    number(&j, "not_ip", f->not_ip);
    number(&j, "refused", f->refused);
    words(&j, "refused_ground", f->refused ? f->first_refused.ground->id : "");
    number(&j, "tcp", f->tcp);
    number(&j, "udp", f->udp);
    number(&j, "icmp", f->icmp);
    number(&j, "fragments", f->fragments);
    signed_time(&j, "first_at", f->first_at);
    signed_time(&j, "last_at", f->last_at);
    number(&j, "sums_wrong", f->sums_wrong);
    number(&j, "sums_pseudo", f->sums_pseudo);
    number(&j, "backwards", f->backwards);
    flag(&j, "cut", f->cut);
    put_dns(&j, f);
    struct diagnosis why[DIAGNOSES_MOST];
    put_causes(&j, why, t->diagnosed ? 0 : diagnose_capture(f, why, DIAGNOSES_MOST));
    number(&j, "connections", t->connections);
    number(&j, "tls", t->tls);
    number(&j, "evicted", t->evicted);
    number(&j, "finished", t->finished);
    number(&j, "verified", t->verified);
    number(&j, "sealed", t->sealed);
    number(&j, "opened", t->opened);
    number(&j, "wrong", t->wrong);
    flag(&j, "keylog_useless", explain_keylog_useless(x));
    number(&j, "exit", (uint64_t)code);
    json_close(&j, '}');
    return write_line(x, &j);
}
