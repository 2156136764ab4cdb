#include "tests/lib/tls_deep.h"
#include "tests/lib/tls_liar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INJECTED = 24, DATA = 700 };

/* Everything of one run. */
struct deep {
    struct tls_pair pair;
    struct pair_side *tried, *lies;
    struct liar liar;
    struct script script;
    bool resumable, forged;
    /* What the tried end has taken in, message by message, and said, as the wire has it. */
    struct transcript transcript, before;              /* before: without the last message that came */
    uint8_t came[1 << 18]; size_t came_n;              /* octets of handshake messages not yet whole */
    uint8_t last[64]; size_t last_n;                   /* the last message that came, if it is short */
    struct { unsigned type; uint8_t content[RECORD_CONTENT_MAX + 2048]; size_t n, used; bool open; } record;
    struct sealing hears; bool hears_sealed;           /* the tried end's own direction, read here */
    int alert;
    size_t octets, calls, out_octets;
    uint8_t master_secret[TLS_MASTER_SECRET]; bool agreed;         /* the liar's */
    struct public_key peer_key;                        /* as the tried end took it from the certificate */
    bool connected;
};

static void fail_if(bool wrong, const char *what, const char *more)
{
    if (!wrong)
        return;
    fprintf(stderr, "property: %s (%s)\n", what, more ? more : "");
    abort();
}

size_t tls_memory(const struct tls *t)
{
    const struct handshake *h = t->shake;
    return sizeof *t + t->gather.room + t->gather.spans_room * sizeof *t->gather.spans + t->flight.room
        + (h ? sizeof *h + h->ticket.room + h->raw.room + h->chain.room + h->scts.room + h->peer_value.n : 0);
}

/* ---- what was agreed before ---- */

static struct tls_session old_session(const struct tls_suite *suite)
{
    struct tls_session s = { .version = TLS_1_2, .suite = suite->number, .extended_master_secret = true, .id_n = 32,
                             .made = PAIR_NOW - SECOND, .host = PAIR_HOST };
    memset(s.id, 7, sizeof s.id);
    memset(s.master_secret, 9, sizeof s.master_secret);
    return s;
}

static void resume(struct deep *d, unsigned how, const struct tls_suite *suite)
{
    static struct tls_resumable resumable;
    static struct tls_tickets tickets;
    static struct tls_sessions *sessions;
    static struct test_chance chance;
    struct tls_session old = old_session(suite);
    struct tls_ticket_state state;
    if (!how)
        return;
    chance = test_chance(77);
    resumable = (struct tls_resumable){ .lifetime_hint = 0 };
    d->pair.client.config.session = &resumable;
    if (how == 3) {                                    /* by id */
        tls_sessions_free(sessions);
        sessions = tls_sessions_new(2, TLS_SESSION_LIFETIME);
        tls_sessions_put(sessions, &old);
        resumable = (struct tls_resumable){ .session = old, .got = old.made };
        d->pair.server.config.sessions = sessions;
        d->resumable = true;
        return;
    }
    tls_tickets_start(&tickets, &chance.chance, TLS_SESSION_LIFETIME);
    d->pair.server.config.tickets = &tickets;
    if (how == 1)                                      /* a ticket is only given */
        return;
    resumable = (struct tls_resumable){ .session = old, .got = old.made };
    tls_ticket_write(&old, &state);
    resumable.ticket_n = tls_ticket_seal(&tickets, &chance.chance, &state, PAIR_NOW - TLS_SESSION_LIFETIME,
                                         resumable.ticket);
    d->resumable = true;
}

static void configure(struct deep *d, bool try_server)
{
    static const uint16_t groups[] = { TLS_X25519, TLS_SECP256R1, TLS_SECP384R1, TLS_SECP521R1, TLS_FFDHE2048 };
    static const char *const protocols[] = { "http/1.1", "h2" };
    static const struct tls_suite *suite;
    struct script *s = &d->script;
    struct tls_pair *p = &d->pair;
    suite = &tls_suites[script_next(s) % tls_n_suites];
    uint16_t group = groups[script_next(s) % 5];
    if (suite->auth != TLS_AUTH_RSA && (group == TLS_SECP384R1 || group == TLS_SECP521R1))     /* the certificate's curve must be among them */
        group = TLS_SECP256R1;
    unsigned how = script_next(s), more = script_next(s), limit = script_next(s), chunk = script_next(s);
    pair_configure(p, &(struct pair_wish){ .suite = suite->name, .group = group, .seed = script_next(s) });
    script_next(s);
    d->tried = try_server ? &p->server : &p->client;
    d->lies = try_server ? &p->client : &p->server;
    resume(d, how & 3, suite);
    p->server.config.client_certificate = how & 4 ? how & 8 ? TLS_CLIENT_REQUIRE : TLS_CLIENT_ASK : TLS_CLIENT_NONE;
    if (!(how & 0x10)) {
        p->client.config.identities = p->identities;
        p->client.config.n_identities = 2;
    }
    if (how & 0x20 && more & 0x20)                     /* which refuses: the certificate is for servers */
        p->server.config.client_trust = &p->trust;
    p->server.config.classroom = true;
    if (how & 0x40) {
        p->client.config.ask_ocsp = true;
        pair_staple(p);
    }
    p->client.config.encrypt_then_mac = p->server.config.encrypt_then_mac = how & 0x80;
    p->client.config.grease = more & 1;
    if (more & 2) {
        p->client.config.protocols = p->server.config.protocols = protocols;
        p->client.config.n_protocols = p->server.config.n_protocols = 2;
    }
    if (more & 4)
        p->client.config.record_size_limit = (uint16_t)(64 + limit * 16);
    if (more & 8)
        p->server.config.record_size_limit = (uint16_t)(64 + limit * 8);
    if (more & 16)
        p->client.config.max_fragment = (uint8_t)(1 + limit % 4);
    p->client.config.exporter = p->server.config.exporter = true;
    p->wish.chunk = chunk;
    d->lies->config.spoil = &d->liar.spoil;
    p->client.tls = tls_new(&p->client.config, PAIR_NOW, &p->client.fault);
    p->server.tls = tls_new(&p->server.config, PAIR_NOW, &p->server.fault);
    fail_if(!p->client.tls || !p->server.tls, "no good config", NULL);
}

/* ---- what the tried end takes in, read beside it ---- */

/* The record at the head of its ring, opened in a copy as it will open it; nothing if it cannot be. */
static void look_ahead(struct deep *d)
{
    static uint8_t room[TLS_RECORD_ROOM + 64];
    struct tls *t = d->tried->tls;
    struct bytes b = ring_peek(&d->tried->in);
    if (t->open.record.n)
        return;
    d->record.open = false;
    d->record.n = d->record.used = 0;
    size_t n = b.n < RECORD_HEADER ? 0 : RECORD_HEADER + (size_t)(b.at[3] << 8 | b.at[4]);
    if (!n || n > b.n || n > sizeof room)
        return;
    struct sealing keys = t->reading;
    struct record r = { .type = b.at[0], .at = room, .n = n };
    memcpy(room, b.at, n);
    if (!record_open(&keys, &r) || r.content_n > sizeof d->record.content)
        return;
    d->record.type = r.type;
    d->record.n = r.content_n;
    memcpy(d->record.content, room + r.content, r.content_n);
    d->record.open = true;
}

static void message_came(struct deep *d, const uint8_t *m, size_t n)
{
    d->before = d->transcript;
    d->last_n = n < sizeof d->last ? n : 0;
    memcpy(d->last, m, d->last_n);
    if (m[0] != TLS_HELLO_REQUEST)                     /* RFC 5246 §7.4.1.1: not part of it */
        transcript_add(&d->transcript, (struct bytes){ m, n });
}

/* Octets of the record that this call has used. */
static void note_taken(struct deep *d)
{
    const struct tls *t = d->tried->tls;
    if (t->shake)
        d->peer_key = t->shake->peer_key;
    size_t used = t->open.record.n ? t->open.used : d->record.n;
    if (!d->record.open || d->record.type != TLS_CONTENT_HANDSHAKE || used <= d->record.used || d->connected)
        return;
    if (d->came_n + used - d->record.used > sizeof d->came)
        return;
    memcpy(d->came + d->came_n, d->record.content + d->record.used, used - d->record.used);
    d->came_n += used - d->record.used;
    d->record.used = used;
    while (d->came_n >= 4) {
        size_t n = 4 + ((size_t)d->came[1] << 16 | (size_t)d->came[2] << 8 | d->came[3]);
        if (n > d->came_n)
            break;
        message_came(d, d->came, n);
        memmove(d->came, d->came + n, d->came_n - n);
        d->came_n -= n;
    }
}

/* What it has said since: to the liar, and read here. */
static void hear(struct deep *d, bool pass)
{
    static uint8_t room[TLS_RECORD_ROOM];
    for (struct bytes b; (b = ring_peek(&d->tried->out)).n >= RECORD_HEADER; ) {
        size_t n = RECORD_HEADER + (size_t)(b.at[3] << 8 | b.at[4]);
        fail_if(n > b.n || n > sizeof room, "half a record was written", NULL);
        struct record r = { .type = b.at[0], .at = room, .n = n };
        memcpy(room, b.at, n);
        fail_if(!record_open(&d->hears, &r), "a record that was written cannot be opened", NULL);
        d->out_octets += n;
        if (r.type == TLS_CONTENT_ALERT)
            d->alert = room[r.content + 1];
        else if (r.type == TLS_CONTENT_HANDSHAKE)
            transcript_add(&d->transcript, (struct bytes){ room + r.content, r.content_n });
        else if (r.type == TLS_CONTENT_CHANGE_CIPHER_SPEC)
            d->hears = d->tried->tls->writing, d->hears.sequence = 0;
        if (pass)
            pair_wire(d->tried, d->lies, n);
        else
            ring_consume(&d->tried->out, n);
    }
}

/* ---- the properties ---- */

static void check_refused(struct deep *d)
{
    static const uint8_t more[] = { 0 };
    struct pair_side *s = d->tried;
    const struct fault *f = &s->fault;
    fail_if(!f->ground || !f->ground->id[0] || !f->ground->rfc[0], "a refusal without a ground", NULL);
    fail_if(!f->expected[0] || !f->came[0], "a refusal without words", f->ground->id);
    int alert = tls_alert_for(f->ground);
    fail_if(alert == TLS_ALERT_INTERNAL_ERROR && strcmp(f->ground->id, "tls.message_too_large") != 0,
            "a peer makes us say internal_error", f->ground->id);
    fail_if(alert != TLS_SAYS_NOTHING && (d->alert != alert || !f->answer), "no alert, or another one", f->ground->id);
    fail_if(tls_receive(s->tls, &s->in, &s->out, PAIR_NOW, NULL) != TLS_FAILED, "a refusal did not last", f->ground->id);
    fail_if(tls_send(s->tls, &s->out, more, 1, NULL) != 0, "data after a refusal", f->ground->id);
}

static const struct classroom *room_of(const struct tls *t)
{
    const struct classroom *room;
    pair_classroom(tls_auth_key(t->facts.suite->auth), &room);
    return room;
}

static void check_client_known(const struct deep *d, const struct tls *t)
{
    const struct classroom *rooms[2];
    fail_if(t->config.client_certificate == TLS_CLIENT_REQUIRE && !t->facts.client_known && !t->facts.resumed,
            "connected with nobody", NULL);
    if (!t->facts.client_known || t->facts.resumed)
        return;
    pair_classroom(KEY_P256, &rooms[0]);
    pair_classroom(KEY_RSA, &rooms[1]);
    fail_if(!key_same(&d->peer_key, &rooms[0]->leaf_key.pub) && !key_same(&d->peer_key, &rooms[1]->leaf_key.pub),
            "connected with somebody else", NULL);
    fail_if(d->liar.changed[TLS_CERTIFICATE_VERIFY] && !d->forged, "CertificateVerify was changed", NULL);
}

/* It is connected since this call. */
static void check_connected(struct deep *d)
{
    const struct tls *t = d->tried->tls;
    uint8_t right[TLS_VERIFY_DATA], zeros[TLS_MASTER_SECRET] = { 0 };
    derive_verify_data(t->facts.suite->prf, t->master_secret, !t->config.server, &d->before, right, NULL);
    fail_if(d->last_n != 16 || d->last[0] != TLS_FINISHED, "connected without Finished", NULL);
    fail_if(memcmp(d->last + 4, right, TLS_VERIFY_DATA) != 0, "connected with a wrong Finished", NULL);
    fail_if(memcmp(t->master_secret, zeros, sizeof zeros) == 0, "a master secret of zeros", NULL);
    fail_if(!d->forged && (!d->agreed || memcmp(t->master_secret, d->master_secret, TLS_MASTER_SECRET) != 0),
            "connected, and the peer has another secret", NULL);
    fail_if(t->facts.resumed && !d->resumable, "resumed from nothing", NULL);
    if (t->config.server) {
        check_client_known(d, t);
    } else if (!t->facts.resumed) {
        fail_if(!key_same(&d->peer_key, &room_of(t)->leaf_key.pub), "connected to another key", NULL);
        fail_if(t->facts.suite->kx != TLS_KX_RSA && d->liar.changed[TLS_SERVER_KEY_EXCHANGE] && d->liar.lies == 1,
                "ServerKeyExchange was changed", NULL);
    }
}

static void take_data(struct deep *d)
{
    struct pair_side *s = d->tried;
    struct bytes b = tls_peek(s->tls, &s->in);
    fail_if(tls_progress(s->tls) != TLS_CONNECTED, "data before the handshake is over", tls_state_name(s->tls));
    fail_if(!b.n, "no data where there should be some", NULL);
    fail_if(s->got_n + b.n > d->liar.said_n || memcmp(d->liar.said + s->got_n, b.at, b.n) != 0,
            "data that nobody has sealed", NULL);
    s->got_n += b.n;
    tls_consume(s->tls, &s->in, b.n);
}

/* The tried end acts until it wants more, one call at a time. */
static void act(struct deep *d, bool pass)
{
    struct pair_side *s = d->tried;
    while (s->says != TLS_FAILED) {
        look_ahead(d);
        s->says = tls_receive(s->tls, &s->in, &s->out, PAIR_NOW, &s->fault);
        note_taken(d);
        fail_if(tls_memory(s->tls) > TLS_MEMORY_MAX, "more memory than is told", NULL);
        fail_if(++d->calls > 64 + 2 * d->octets, "calls without an end", NULL);
        if (s->says != TLS_FAILED && !d->connected && s->tls->state == CONNECTED) {
            check_connected(d);
            d->connected = true;
        }
        hear(d, pass);
        if (s->says == TLS_DATA)
            take_data(d);
        else if (s->says == TLS_FAILED)
            check_refused(d);
        else if (s->says != TLS_AGAIN)
            break;
    }
    fail_if(d->out_octets > (1 << 17) + 64 * d->octets, "many octets for few", NULL);
}

/* ---- the run ---- */

static void let_lie(struct deep *d)
{
    struct pair_side *l = d->lies;
    static const uint8_t zeros[TLS_MASTER_SECRET];
    pair_run(l);
    l->got_n = 0;
    if (memcmp(l->tls->master_secret, zeros, sizeof zeros) == 0)
        return;
    d->agreed = true;
    memcpy(d->master_secret, l->tls->master_secret, TLS_MASTER_SECRET);
}

static bool carry(struct deep *d)
{
    size_t moved, most = d->pair.wish.chunk ? d->pair.wish.chunk : SIZE_MAX, all = 0;
    do {
        let_lie(d);
        moved = pair_wire(d->lies, d->tried, most);
        d->octets += moved;
        all += moved;
        act(d, true);
    } while (moved && d->tried->says != TLS_FAILED);
    return all > 0;
}

static void exchange_data(struct deep *d)
{
    uint8_t data[DATA];
    memset(data, 'x', sizeof data);
    for (int i = 0; i < 3 && d->tried->says != TLS_FAILED; i++) {
        if (tls_progress(d->lies->tls) == TLS_CONNECTED && d->lies->says != TLS_FAILED)
            tls_send(d->lies->tls, &d->lies->out, data, (size_t)(1 + i * 300), NULL);
        if (tls_progress(d->tried->tls) == TLS_CONNECTED && d->tried->says != TLS_CLOSED)
            tls_send(d->tried->tls, &d->tried->out, data, sizeof data, NULL);
        carry(d);
    }
}

/* A record that the tried end can open, in the middle of everything; it goes behind the liar's back. */
static void inject(struct deep *d)
{
    static uint8_t content[RECORD_CONTENT_MAX + 64], room[TLS_RECORD_ROOM + 256];
    struct between b = { .tried = d->tried };
    unsigned kind = script_next(&d->script) % 16;
    struct record r = { .type = 20 + kind % 4, .at = room };
    struct sealing keys = d->tried->tls->reading;
    if (kind < 12)
        r.content_n = script_some(&d->script, content, 255);
    else if (kind == 12 && d->tried->tls->facts.suite && between_forge_finished(&b, content))
        r.type = TLS_CONTENT_HANDSHAKE, r.content_n = 16, d->forged = true;
    else if (kind == 13)
        r.type = TLS_CONTENT_CHANGE_CIPHER_SPEC, r.content_n = 1, content[0] = 1;
    else if (kind == 14) {
        unsigned k = script_next(&d->script);
        if (d->liar.n_past) {
            k %= d->liar.n_past;
            r.content_n = d->liar.past[k].n;
            memcpy(content, d->liar.past[k].bytes, r.content_n);
        }
        r.type = TLS_CONTENT_HANDSHAKE;
    } else {
        r.content_n = script_16(&d->script) % (RECORD_CONTENT_MAX + 2);
        r.type = TLS_CONTENT_APPLICATION;
        memset(content, 'y', r.content_n);
    }
    if (d->liar.said_n + r.content_n > LIAR_SAID)
        return;
    if (r.type == TLS_CONTENT_APPLICATION) {
        memcpy(d->liar.said + d->liar.said_n, content, r.content_n);
        d->liar.said_n += r.content_n;
    }
    memcpy(room + RECORD_HEADER + sealing_front(&keys), content, r.content_n);
    if (!record_dress(&keys, &d->lies->chance.chance, &r))
        return;
    record_seal(&keys, &r);
    d->octets += ring_write(&d->tried->in, room, r.n);
    act(d, false);
}

static void finish(struct deep *d)
{
    struct fault why = { 0 };
    if (d->tried->says == TLS_FAILED)
        return;
    tls_close(d->tried->tls, &d->tried->out);
    hear(d, true);
    tls_close(d->lies->tls, &d->lies->out);
    carry(d);
    if (d->tried->says == TLS_FAILED)
        return;
    bool ended = tls_peer_ended(d->tried->tls, &why);
    fail_if(ended != !why.ground, "an end with a fault, or a cut without one", NULL);
}

bool tls_deep(bool try_server, const uint8_t *script, size_t n)
{
    static struct deep d;
    if (sodium_init() < 0)
        abort();
    memset(&d.tried, 0, sizeof d.tried);
    d.script = (struct script){ script, n };
    d.resumable = d.forged = d.connected = d.agreed = d.hears_sealed = false;
    d.came_n = d.last_n = d.octets = d.calls = d.out_octets = 0;
    d.record.n = d.record.used = d.record.open = 0;
    d.hears = (struct sealing){ .suite = NULL };
    d.alert = -1;
    transcript_start(&d.transcript, NULL);
    configure(&d, try_server);
    liar_start(&d.liar, d.script.at, d.script.n);
    act(&d, true);
    carry(&d);
    exchange_data(&d);
    d.script = d.liar.script;
    if (d.tried->got_n < d.liar.said_n)                /* what was lost cannot come any more */
        d.liar.said_n = d.tried->got_n;
    d.liar.script.n = 0;
    for (int i = 0; i < INJECTED && d.script.n && d.tried->says != TLS_FAILED && d.tried->says != TLS_CLOSED; i++)
        inject(&d);
    finish(&d);
    pair_end(&d.pair);
    return d.connected;
}
