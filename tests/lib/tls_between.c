#include "tests/lib/tls_between.h"

#include <stdlib.h>
#include <string.h>

/* A client that has a certificate, and one that has none, at a server that asks. */
static void ask_client(struct tls_pair *p)
{
    p->server.config.client_certificate = TLS_CLIENT_ASK;
    p->client.config.identities = p->identities;
    p->client.config.n_identities = 2;
}

static void ask_nobody(struct tls_pair *p) { p->server.config.client_certificate = TLS_CLIENT_ASK; }

/* RFC 6066 §8 */
static void staple(struct tls_pair *p)
{
    p->client.config.ask_ocsp = true;
    pair_staple(p);
}

static struct tls_session old_session(void)
{
    struct tls_session s = { .version = TLS_1_2, .suite = 0xc02f, .extended_master_secret = true, .id_n = 32,
                             .made = PAIR_NOW - SECOND, .host = PAIR_HOST };
    memset(s.id, 7, sizeof s.id);
    memset(s.master_secret, 9, sizeof s.master_secret);
    return s;
}

static struct tls_resumable resumable;
static struct tls_tickets tickets;
static struct test_chance ticket_chance;

static void give_ticket(struct tls_pair *p)
{
    ticket_chance = test_chance(77);
    tls_tickets_start(&tickets, &ticket_chance.chance, TLS_SESSION_LIFETIME);
    resumable = (struct tls_resumable){ .lifetime_hint = 0 };
    p->server.config.tickets = &tickets;
    p->client.config.session = &resumable;
}

/* Under a key that is about to go, so that there is a new one in the abbreviated handshake. */
static void resume_by_ticket(struct tls_pair *p)
{
    struct tls_ticket_state state;
    give_ticket(p);
    resumable.session = old_session();
    resumable.got = PAIR_NOW - SECOND;
    tls_ticket_write(&resumable.session, &state);
    resumable.ticket_n = tls_ticket_seal(&tickets, &ticket_chance.chance, &state, PAIR_NOW - TLS_SESSION_LIFETIME,
                                         resumable.ticket);
}

static void resume_by_id(struct tls_pair *p)
{
    static struct tls_sessions *sessions;
    struct tls_session s = old_session();
    tls_sessions_free(sessions);
    sessions = tls_sessions_new(2, TLS_SESSION_LIFETIME);
    tls_sessions_put(sessions, &s);
    resumable = (struct tls_resumable){ .session = s, .got = s.made };
    p->server.config.sessions = sessions;
    p->client.config.session = &resumable;
}

const struct between_kind between_kinds[] = {
    { "ECDHE", { .suite = "ECDHE-RSA-AES128-GCM-SHA256" }, NULL },
    { "ECDHE with ECDSA", { .suite = "ECDHE-ECDSA-AES128-GCM-SHA256", .group = TLS_SECP256R1 }, NULL },
    { "RSA", { .suite = "AES128-SHA" }, NULL },
    { "client certificate", { .suite = "ECDHE-RSA-AES128-GCM-SHA256" }, ask_client },
    { "no client certificate", { .suite = "AES128-SHA" }, ask_nobody },
    { "stapled", { .suite = "ECDHE-RSA-AES128-GCM-SHA256" }, staple },
    { "stapled, RSA", { .suite = "AES128-SHA" }, staple },
    { "a ticket given", { .suite = "ECDHE-RSA-AES128-GCM-SHA256" }, give_ticket },
    { "resumed by ticket", { .suite = "ECDHE-RSA-AES128-GCM-SHA256" }, resume_by_ticket },
    { "resumed by id", { .suite = "ECDHE-RSA-AES128-GCM-SHA256" }, resume_by_id },
};
const size_t between_n_kinds = sizeof between_kinds / sizeof *between_kinds;

void between_pair(struct tls_pair *p, const struct between_kind *kind, struct trace *trace)
{
    struct pair_wish wish = kind->wish;
    wish.trace = trace;
    pair_configure(p, &wish);
    if (kind->configure)
        kind->configure(p);
    p->client.tls = tls_new(&p->client.config, PAIR_NOW, &p->client.fault);
    p->server.tls = tls_new(&p->server.config, PAIR_NOW, &p->server.fault);
    pair_must(p->client.tls && p->server.tls, "%s: no good config", kind->name);
}

/* Messages out of records, which may hold several of them or a part of one. */
struct listener { bool to_server, opening; uint64_t sealed; uint8_t part[1 << 16]; size_t n; };

static void note(struct between_script *s, bool to_server, unsigned type, const uint8_t *at, size_t n)
{
    pair_must(s->n < BETWEEN_MESSAGES, "more messages than there is room for");
    struct between_message *m = &s->messages[s->n++];
    *m = (struct between_message){ to_server, type, malloc(n), n };
    pair_must(m->bytes != NULL, "no memory");
    memcpy(m->bytes, at, n);
}

static void hear_record(struct between_script *s, struct listener *l, const struct record *r)
{
    const uint8_t *at = r->at + r->content;
    if (r->type == TLS_CONTENT_CHANGE_CIPHER_SPEC) {
        l->opening = true;
        note(s, l->to_server, TLS_CHANGE_CIPHER_SPEC, at, r->content_n);
    }
    if (r->type != TLS_CONTENT_HANDSHAKE)
        return;
    pair_must(l->n + r->content_n <= sizeof l->part, "more than there is room for");
    memcpy(l->part + l->n, at, r->content_n);
    l->n += r->content_n;
    while (l->n >= 4) {
        size_t n = 4 + ((size_t)l->part[1] << 16 | (size_t)l->part[2] << 8 | l->part[3]);
        if (n > l->n)
            break;
        note(s, l->to_server, l->part[0], l->part, n);
        memmove(l->part, l->part + n, l->n - n);
        l->n -= n;
    }
}

/* The next record that a side has written, opened in `room` with the side's own keys; false: there is none. */
static bool written_record(struct pair_side *from, bool opening, uint64_t *sealed, struct record *r, uint8_t *room)
{
    struct bytes b = ring_peek(&from->out);
    if (b.n < RECORD_HEADER)
        return false;
    size_t n = RECORD_HEADER + (size_t)(b.at[3] << 8 | b.at[4]);
    pair_must(n <= b.n, "half a record was written");
    memcpy(room, b.at, n);
    *r = (struct record){ .type = room[0], .at = room, .n = n };
    struct sealing keys = { 0 };
    if (opening) {
        keys = from->tls->writing;
        keys.sequence = (*sealed)++;
    }
    pair_must(record_open(&keys, r), "a record that was written cannot be opened");
    return true;
}

static bool carry(struct between_script *s, struct listener *l, struct pair_side *from, struct pair_side *to)
{
    static uint8_t room[TLS_RECORD_ROOM];
    struct record r;
    bool moved = false;
    while (written_record(from, l->opening, &l->sealed, &r, room)) {
        hear_record(s, l, &r);
        pair_wire(from, to, r.n);
        moved = true;
    }
    return moved;
}

void between_listen(const struct between_kind *kind, struct trace *trace, struct between_script *s)
{
    static struct tls_pair p;
    static struct listener up, down;
    up = (struct listener){ .to_server = true };
    down = (struct listener){ .to_server = false };
    s->n = 0;
    between_pair(&p, kind, trace);
    for (bool moved = true; moved; ) {
        pair_run(&p.client);
        moved = carry(s, &up, &p.client, &p.server);
        pair_run(&p.server);
        moved |= carry(s, &down, &p.server, &p.client);
    }
    pair_must(tls_progress(p.client.tls) == TLS_CONNECTED && tls_progress(p.server.tls) == TLS_CONNECTED,
              "%s: no good handshake; client %s, server %s", kind->name,
              p.client.fault.ground ? p.client.fault.ground->id : tls_state_name(p.client.tls),
              p.server.fault.ground ? p.server.fault.ground->id : tls_state_name(p.server.tls));
    pair_end(&p);
}

void between_forget(struct between_script *s)
{
    for (size_t i = 0; i < s->n; i++)
        free(s->messages[i].bytes);
    s->n = 0;
}

const struct between_message *between_heard(const struct between_script *s, bool by_server, size_t k)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->messages[i].to_server == by_server && k-- == 0)
            return &s->messages[i];
    return NULL;
}

/* What the tried one has written goes to its peer; what that one says to it is thrown away. */
static void answer(struct between *b)
{
    static uint8_t room[TLS_RECORD_ROOM];
    struct record r;
    pair_run(b->tried);
    while (written_record(b->tried, b->opening, &b->sealed, &r, room)) {
        if (r.type == TLS_CONTENT_ALERT) {
            b->alert_level = room[r.content];
            b->alert = room[r.content + 1];
        }
        b->opening |= r.type == TLS_CONTENT_CHANGE_CIPHER_SPEC;
        pair_wire(b->tried, b->honest, r.n);
        pair_run(b->honest);
    }
    size_t left = ring_peek(&b->honest->out).n;
    if (left)
        ring_consume(&b->honest->out, left);
}

void between_start(struct between *b, const struct between_kind *kind, bool try_server)
{
    memset(b, 0, sizeof *b);
    between_pair(&b->pair, kind, NULL);
    b->tried = try_server ? &b->pair.server : &b->pair.client;
    b->honest = try_server ? &b->pair.client : &b->pair.server;
    b->alert = b->alert_level = -1;
    pair_run(b->honest);
    answer(b);
}

void between_end(struct between *b) { pair_end(&b->pair); }

enum tls_state between_state(const struct between *b) { return b->tried->tls->state; }

void between_record(struct between *b, unsigned type, const void *content, size_t n)
{
    static uint8_t room[RECORD_HEADER + RECORD_MORE_MAX + (1 << 17)];
    struct sealing keys = b->tried->tls->reading;
    struct record r = { .type = type, .at = room, .content_n = n };
    if (n)
        memcpy(room + RECORD_HEADER + sealing_front(&keys), content, n);
    record_dress(&keys, &b->honest->chance.chance, &r);
    record_seal(&keys, &r);
    pair_must(ring_write(&b->tried->in, room, r.n) == r.n, "a record that the ring cannot hold");
    answer(b);
}

void between_give(struct between *b, const struct between_message *m)
{
    unsigned type = m->type == TLS_CHANGE_CIPHER_SPEC ? TLS_CONTENT_CHANGE_CIPHER_SPEC
        : m->type == TLS_APPLICATION_DATA ? TLS_CONTENT_APPLICATION : TLS_CONTENT_HANDSHAKE;
    for (size_t at = 0; at < m->n; at += RECORD_CONTENT_MAX)
        between_record(b, type, m->bytes + at, m->n - at < RECORD_CONTENT_MAX ? m->n - at : RECORD_CONTENT_MAX);
}

void between_play(struct between *b, const struct between_script *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        between_give(b, between_heard(s, b->tried == &b->pair.server, i));
}

bool between_forge_finished(const struct between *b, uint8_t message[TLS_MESSAGE_HEADER + TLS_VERIFY_DATA])
{
    const struct tls *t = b->tried->tls;
    uint8_t verify_data[TLS_VERIFY_DATA];
    if (!t->shake || !t->facts.suite)
        return false;
    struct wire_out out = wire_into(message, TLS_MESSAGE_HEADER + TLS_VERIFY_DATA);
    derive_verify_data(t->facts.suite->prf, t->master_secret, !t->config.server, &t->shake->transcript, verify_data,
                       NULL);
    write_finished(&out, verify_data);
    return !out.failed;
}
