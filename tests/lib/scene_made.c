#include "tests/lib/scene_made.h"

#include "tests/lib/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct scene *s;

/* A packet more, so long behind the one before. */
struct flow_moment next(nsec behind) { return (struct flow_moment){ ++s->packet, s->at += behind }; }
struct flow_side *side(unsigned n) { return &s->flow.side[n]; }

struct flow_moment text(unsigned from, uint32_t n)
{
    struct flow_side *a = side(from), *b = side(1 - from);
    struct flow_moment m = next(10 * MS);
    a->packets++, a->text += n, a->nxt += n, a->last = a->last_text = m;
    if (!a->first_text.packet)
        a->first_text = m;
    if (n > a->text_most)
        a->text_most = n;
    b->acked = a->nxt, b->last = b->last_ack = m, b->packets++;
    return m;
}

void record(unsigned from, unsigned type, bool sealed, unsigned n)
{
    struct flow_moment m = text(from, n + 5);
    struct watch_seen r = { (uint8_t)from, (uint8_t)type, sealed, (uint16_t)n, m.packet, m.at };
    if (s->tls.n_seen < WATCH_SEEN)
        s->tls.seen[s->tls.n_seen] = r;
    s->tls.late[s->tls.n_seen++ % WATCH_LATE_SEEN] = r;
}

void message(unsigned from, unsigned type, unsigned n)
{
    record(from, 22, false, n);
    s->tls.messages[s->tls.n_messages++] = (struct watch_message){ .type = type, .side = from, .packet = s->packet,
                                                                   .first = s->packet, .at = s->at, .n = n };
}

void alert(unsigned from, unsigned level, unsigned description)
{
    record(from, 21, false, 2);
    s->tls.alerts[s->tls.n_alerts++] = (struct watch_alert){ from, level, description, s->packet, s->at, false };
}

void closes(unsigned from)
{
    side(from)->fin = side(from)->last = next(MS);
    side(from)->nxt++, side(from)->packets++;
    side(1 - from)->acked = side(from)->nxt;
}

void resets(unsigned from, bool ack)
{
    struct flow_side *a = side(from);
    a->rst = a->last = next(MS);
    a->packets++, a->rsts++, a->hops_rst = a->hops_first, a->rst_has_ack = ack, a->rst_fits = true;
}

void ends_at(nsec behind) { s->all.last_at = s->at + behind; }

/* ---- octets of the handshake */
void offer(struct client_hello_wishes w)
{
    static const uint8_t random[32] = { 1 };
    struct wire_out out = wire_into(s->hello, sizeof s->hello);
    w.random = random;
    write_client_hello(&out, &w);
    ck_assert(!out.failed);
    s->tls.client_hello = (struct bytes){ s->hello, wire_written(&out) };
    snprintf(s->tls.sni, sizeof s->tls.sni, "%s", w.server_name ? w.server_name : "");
}

struct client_hello_wishes usual(void)
{
    static const char *const protocols[] = { "h2", "http/1.1" };
    static const struct tls_suite *all[64];
    for (size_t i = 0; i < tls_n_suites && i < 64; i++)
        all[i] = &tls_suites[i];
    return (struct client_hello_wishes){ .suites = all, .n_suites = tls_n_suites < 64 ? tls_n_suites : 64,
        .groups = tls_groups, .n_groups = tls_n_groups, .sigalgs = tls_sigalgs, .n_sigalgs = tls_n_sigalgs,
        .server_name = "www.example.test", .protocols = protocols, .n_protocols = 2, .ask_ocsp = true };
}

void send_chain(size_t n)
{
    struct wire_out out = wire_into(s->certificate, sizeof s->certificate);
    struct der sent[2] = { { s->chain->leaf.der, s->chain->leaf.n, 0 },
                           { s->chain->intermediate.der, s->chain->intermediate.n, 0 } };
    write_certificate(&out, sent, n);
    s->tls.certificate = (struct bytes){ s->certificate, wire_written(&out) };
}

void connects(void)
{
    struct flow_side *c = side(0), *v = side(1);
    s->flow.id = 1, s->flow.whole = true, s->flow.rtt_syn = 20 * MS;
    c->addr = addr_v4(10, 0, 0, 2), c->port = 40000, v->addr = addr_v4(10, 0, 0, 1), v->port = 443;
    c->hops_first = c->hops_least = c->hops_most = 64, v->hops_first = v->hops_least = v->hops_most = 57;
    c->window_first = c->window_most = 64240, v->window_first = v->window_most = 65160;
    c->window_least = v->window_least = 60000;
    c->isn = 1000, v->isn = 9000, c->isn_known = v->isn_known = true;
    c->nxt = 1001, v->nxt = 9001, c->acked = 9001, v->acked = 1001;
    c->nxt_known = v->nxt_known = c->acked_known = v->acked_known = true;
    c->mss = v->mss = 1460, c->syns = v->syns = 1;
    c->first = c->syn = next(0), v->first = v->syn = next(20 * MS);
    c->last = next(MS), v->last = v->syn;
    c->packets = 2, v->packets = 1;
}

void says_hello(struct client_hello_wishes w)
{
    connects();
    s->c.tls = &s->tls, s->tls.tls = true;
    offer(w);
    message(0, TLS_CLIENT_HELLO, (unsigned)s->tls.client_hello.n);
    s->tls.client_hello_at = (struct watch_moment){ s->packet, s->packet, s->at };
    ends_at(0);
}

void answers(unsigned version)
{
    static const uint8_t random[32] = { 2 };
    struct wire_out out = wire_into(s->answer, sizeof s->answer);
    write_server_hello(&out, &(struct server_hello_wishes){ .random = random, .suite = 0xc02f });
    s->tls.server_hello = (struct bytes){ s->answer, wire_written(&out) };
    s->tls.version = (uint16_t)version;
    message(1, TLS_SERVER_HELLO, 80);
    s->tls.server_hello_at = (struct watch_moment){ s->packet, s->packet, s->at };
}

void flight(size_t certificates)
{
    says_hello(usual());
    answers(TLS_1_2);
    send_chain(certificates);
    message(1, TLS_CERTIFICATE, 1400);
    s->tls.certificate_at = (struct watch_moment){ s->packet, s->packet, s->at };
    s->tls.staple_asked = true, s->tls.stapled = true;
    message(1, TLS_SERVER_KEY_EXCHANGE, 300);
}

void finishes(void)
{
    message(0, TLS_CLIENT_KEY_EXCHANGE, 70);
    record(0, 20, false, 1), record(0, 22, true, 40);
    record(1, 20, false, 1), record(1, 22, true, 40);
    s->tls.connected_at = (struct watch_moment){ s->packet, s->packet, s->at };
}

void done12(void)
{
    flight(2);
    message(1, TLS_SERVER_HELLO_DONE, 4);
    finishes();
}

void good_bye(unsigned from)
{
    record(from, 21, true, 26);
    s->tls.close_notify[from] = true;
}

void sound(void)
{
    done12();
    record(0, 23, true, 200), record(1, 23, true, 3000);
    good_bye(0), closes(0), good_bye(1), closes(1);
    ends_at(0);
}

/* TLS 1.3 as it is seen without keys. */
void flight13(bool asks)
{
    says_hello(usual());
    answers(0x0304);
    record(1, 20, false, 1), record(1, 23, true, 40);
    if (asks)
        record(1, 23, true, 90);
    record(1, 23, true, 1800), record(1, 23, true, 281), record(1, 23, true, 69);
}

void sound13(void)
{
    flight13(false);
    record(0, 23, true, 69), record(0, 23, true, 150);
    record(1, 23, true, 250), record(1, 23, true, 250), record(1, 23, true, 3000);
    record(0, 23, true, 19), closes(0), record(1, 23, true, 19), closes(1);
    ends_at(0);
}

/* ---- not arriving */
void again(unsigned from, uint32_t n, unsigned times)
{
    side(from)->resent_most = side(from)->resent_times = times, side(from)->resent_size = n;
    side(from)->resent_first = next(200 * MS), side(from)->last_text = side(from)->last = next(3 * SECOND);
}

/* ---- certificates */
void client_says(unsigned description) { alert(0, 2, description), closes(0), closes(1); }

/* ---- a scene */
void scene_begin(void)
{
    s = calloc(1, sizeof *s);
    s->at = TEST_NOW, s->c.flow = &s->flow;
    s->chain = test_chain_new();
    s->tls.blind = WATCH_NO_KEYLOG;
}

void scene_end(void)
{
    test_chain_free(s->chain);
    free(s);
}

void scene_named(const struct scene_row *row)
{
    struct diagnosis d[DIAGNOSES_MOST];
    scene_begin();
    row->make();
    if (!s->all.last_at)
        ends_at(0);
    unsigned n = diagnose(&s->c, &s->all, d, DIAGNOSES_MOST);
    const char *said = n ? d[0].cause->id : "";
    ck_assert_msg(strcmp(said, row->id) == 0, "%s, not %s: %s | %s", said, row->id, n ? d[0].expected : "",
                  n ? d[0].came : "");
    if (n)
        ck_assert_msg(d[0].n && *d[0].expected && *d[0].came, "%s has no evidence", said);
    scene_end();
}

void scene_shows_all(const char *kind, const struct scene_row *rows, size_t n)
{
    for (size_t i = 0; i < n_causes; i++) {
        bool shown = !causes[i].fires || strncmp(causes[i].id, kind, strlen(kind)) != 0 ||
                     strcmp(causes[i].id, "x509.weak") == 0;
        for (size_t k = 0; k < n; k++)
            shown |= strcmp(rows[k].id, causes[i].id) == 0;
        ck_assert_msg(shown, "%s is not shown here", causes[i].id);
    }
}
