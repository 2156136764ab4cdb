/* watch_messages.c - handshake messages of TLS 1.2. */
#include "tls/watch_inside.h"

#include <stdio.h>
#include <string.h>

static const struct ground suite_not_offered = { "tls.suite_not_offered", "RFC 5246 §7.4.1.3" };
static const struct ground extension_not_offered = { "tls.extension_not_offered", "RFC 5246 §7.4.1.4" };
static const struct ground message_cut = { "tls.message_cut", "RFC 5246 §7.1" };
static const struct ground version_not_offered = { "tls.version_not_offered", "RFC 5246 §7.4.1.3" };
static const struct ground compression = { "tls.compression", "RFC 5246 §6.2.2" };
static const struct ground etm_without_cbc = { "tls.encrypt_then_mac", "RFC 7366 §3" };
static const struct ground sigalg_not_offered = { "tls.sigalg_not_offered", "RFC 5246 §7.4.3" };
static const struct ground verify_sigalg = { "tls.verify_sigalg", "RFC 5246 §7.4.8" };

/* ---- hellos ---- */

void watch_hold(struct tls_watch *w, enum watch_held which, struct bytes message, struct bytes *fact)
{
    struct kept *k = &w->held[which];
    if (!k->n && keep_octets(k, message, TLS_MESSAGE_MAX))
        *fact = (struct bytes){ k->bytes, k->n };
}

static void add(struct tls_watch *w, unsigned side, const struct tls_message *m)
{
    struct tls *t = &w->reader[side];
    if (w->shake.raw.n + m->whole.n > WATCH_RAW)
        keep_stop(t);
    add_to_transcript(t, m->whole, m->buf);
}

static void bad_message(struct tls_watch *w, unsigned side, unsigned type, const struct fault *why)
{
    watch_fault(w, WATCH_BAD_MESSAGE, side, type, why);
}

static void copy_text(char *out, size_t room, struct bytes b)
{
    snprintf(out, room, "%.*s", (int)b.n, b.n ? (const char *)b.at : "");
}

static size_t copy_list(uint16_t *out, size_t room, struct bytes list)
{
    const size_t n = list_n(list) <= room ? list_n(list) : 0;      /* 0: nothing is held against a choice of so many */
    for (size_t i = 0; i < n; i++)
        out[i] = list_item(list, i);
    return n;
}

static bool has(const uint16_t *list, size_t n, unsigned number)
{
    for (size_t i = 0; i < n; i++)
        if (list[i] == number)
            return true;
    return false;
}

/* A handshake inside the sealed one (RFC 5246 §7.4.1.1): what this connection knew so far goes on until the next
 * ChangeCipherSpec; all else begins anew. */
static void begin_again(struct tls_watch *w)
{
    struct handshake *h = &w->shake;
    keep_end(&h->ticket);
    keep_end(&h->chain);
    keep_stop(&w->reader[WATCH_CLIENT]);
    keep_end(&w->offered_ticket);
    sodium_memzero(h, sizeof *h);
    transcript_start(&h->transcript, w->config.cpu);
    h->keeps_messages = true;
    w->server_hello_seen = w->done_seen = w->full = w->judged = w->client_showed = w->over = w->expects = false;
    w->master_known = w->ske_bad = w->torn = false;
    w->n_asked_sigalgs = 0;
    w->client_key.kind = KEY_NONE;
    for (unsigned side = 0; side < 2; side++) {
        struct tls *t = &w->reader[side];
        const struct tls_facts none = { 0 };
        t->facts = none;
        sodium_memzero(t->master_secret, sizeof t->master_secret);
        /* the server's; the client is further */
        w->side[side].may = watch_bit(WAIT_SERVER_HELLO) | watch_bit(CONNECTED);
        w->side[side].connected = false;
    }
}

static void take_client_extensions(struct tls_watch *w, const struct client_hello *h)
{
    const struct tls_extensions *x = &h->extensions;
    struct watch_facts *f = &w->facts;
    w->client_extensions = x->seen;
    watch_limits_asked(w, x);
    w->offers_1_3 = list_has(x->versions, TLS_1_3);
    w->scsv = list_has(h->suites, TLS_RENEGOTIATION_SCSV);
    w->n_offered_sigalgs = copy_list(w->offered_sigalgs, sizeof w->offered_sigalgs / sizeof *w->offered_sigalgs,
                                     x->sigalgs);
    w->ticket_offered = x->ticket.n > 0;
    if (x->ticket.n)
        keep_octets(&w->offered_ticket, x->ticket, TLS_MESSAGE_MAX);
    if (w->handshakes > 1)
        return;
    f->staple_asked = x->seen & EXT_STATUS_REQUEST;
    copy_text(f->sni, sizeof f->sni, x->server_name);
    w->reader[WATCH_SERVER].config.host = *f->sni ? f->sni : NULL;
    w->reader[WATCH_SERVER].config.ask_ocsp = f->staple_asked;
}

static void on_client_hello(struct tls_watch *w, const struct tls_message *m)
{
    struct client_hello h;
    struct fault why = { 0 };
    struct wire_in in = wire_over(m->body.at, m->body.n, NULL);
    const bool second = w->facts.version == TLS_1_3;         /* RFC 8446 §4.1.2: after a HelloRetryRequest */
    if (w->hello_seen && !second) {
        const struct tls_row *row = NULL;
        begin_again(w);
        w->side[WATCH_CLIENT].may = watch_bit(CONNECTED)
            | watch_next_states(true, watch_bit(WAIT_CLIENT_HELLO), TLS_CLIENT_HELLO, &row);
    }
    w->hello_seen = true;
    w->facts.hello_wanted = w->facts.hello_has = 0;
    w->handshakes += !second;
    watch_hold(w, HELD_CLIENT_HELLO, m->whole, &w->facts.client_hello);
    if (w->handshakes == 1 && !second)
        w->facts.client_hello_at = *w->now;
    if (!read_client_hello(&in, &h, &why))
        bad_message(w, WATCH_CLIENT, TLS_CLIENT_HELLO, &why);
    else if (!second)
        watch_bind_client(w, &h);
    if (!second) {
        if (w->handshakes == 1)
            memcpy(w->facts.client_random, h.random, TLS_RANDOM);
        for (unsigned side = 0; side < 2; side++)
            memcpy(w->reader[side].client_random, h.random, TLS_RANDOM);
        w->shake.client_version = h.version;
        w->offered_id_n = h.session_id.n <= TLS_SESSION_ID_MAX ? h.session_id.n : 0;
        if (w->offered_id_n)
            memcpy(w->offered_id, h.session_id.at, w->offered_id_n);
        take_client_extensions(w, &h);
    }
    add(w, WATCH_CLIENT, m);
}

/* Only what the client offered (RFC 5246 §7.4.1.3, §7.4.1.4). */
static void judge_choice(struct tls_watch *w, const struct server_hello *h, struct fault *why)
{
    struct client_hello c;
    const struct bytes hello = w->facts.client_hello;
    struct wire_in in = wire_over(hello.n ? hello.at + TLS_MESSAGE_HEADER : NULL,
                                  hello.n ? hello.n - TLS_MESSAGE_HEADER : 0, NULL);
    if (!hello.n || w->handshakes > 1 || !read_client_hello(&in, &c, NULL))
        return;
    const unsigned answers = EXT_SUPPORTED_GROUPS | EXT_EC_POINT_FORMATS
        | (w->scsv ? EXT_RENEGOTIATION_INFO : 0u);
    unsigned more = h->extensions.seen & ~(w->client_extensions | answers);
    if (!list_has(c.suites, h->suite))
        refuse(why, &suite_not_offered, "a cipher suite that the ClientHello offered", "0x%04x %s", h->suite,
               tls_suite_words(h->suite) ? tls_suite_words(h->suite) : "(not known by name)");
    else if (more)
        refuse(why, &extension_not_offered, "extensions that the ClientHello had", "%s",
               tls_extension_of_bit(more & (0 - more)));
}

static void take_choice(struct tls_watch *w, const struct server_hello *h)
{
    struct watch_facts *f = &w->facts;
    const struct tls_extensions *x = &h->extensions;
    const struct tls_suite *suite = tls_suite_readable(h->suite);
    f->suite_number = h->suite;
    f->suite = suite;
    f->extended_master_secret = x->seen & EXT_EXTENDED_MASTER_SECRET;
    f->encrypt_then_mac = x->seen & EXT_ENCRYPT_THEN_MAC;
    if (x->seen & EXT_ALPN && x->protocols.n > 1)
        copy_text(f->protocol, sizeof f->protocol, (struct bytes){ x->protocols.at + 1, x->protocols.n - 1 });
    w->shake.ticket_due = x->seen & EXT_SESSION_TICKET;
    w->shake.status_due = x->seen & EXT_STATUS_REQUEST;
    w->echoed = h->session_id.n && h->session_id.n == w->offered_id_n
        && memcmp(h->session_id.at, w->offered_id, w->offered_id_n) == 0;
    w->shake.session.id_n = (uint8_t)h->session_id.n;
    if (h->session_id.n)
        memcpy(w->shake.session.id, h->session_id.at, h->session_id.n);
    for (unsigned side = 0; side < 2; side++) {
        struct tls *t = &w->reader[side];
        memcpy(t->server_random, h->random, TLS_RANDOM);
        t->facts.suite = suite;
        t->facts.extended_master_secret = f->extended_master_secret;
        t->facts.encrypt_then_mac = f->encrypt_then_mac;
    }
}

static bool is_thirteen(const struct server_hello *h)
{
    return (h->extensions.seen & EXT_SUPPORTED_VERSIONS) && h->extensions.version == TLS_1_3;
}

/* Which states the hello leaves: whether a session was taken up shows for certain by what follows. */
static void narrow_by_hello(struct tls_watch *w)
{
    uint32_t to = watch_bit(WAIT_CERTIFICATE);
    if (w->echoed || w->ticket_offered)
        to |= watch_bit(w->shake.ticket_due ? WAIT_NEW_SESSION_TICKET : WAIT_CHANGE_CIPHER_SPEC);
    watch_narrow(w, WATCH_SERVER, to);
}

static void on_server_hello(struct tls_watch *w, const struct tls_message *m)
{
    struct server_hello h;
    struct fault why = { 0 };
    struct watch_facts *f = &w->facts;
    struct wire_in in = wire_over(m->body.at, m->body.n, NULL);
    bool good = read_server_hello(&in, &h, &why);
    w->server_hello_seen = true;
    if (h.session_id.n > TLS_SESSION_ID_MAX)
        h.session_id.n = 0;
    if (!f->server_hello.n)
        f->server_hello_at = *w->now;
    watch_hold(w, HELD_SERVER_HELLO, m->whole, &f->server_hello);
    if (good && !is_thirteen(&h))
        judge_choice(w, &h, &why);
    f->version = is_thirteen(&h) ? TLS_1_3 : h.version;
    take_choice(w, &h);
    if (w->handshakes < 2)
        memcpy(f->server_random, h.random, TLS_RANDOM);
    add(w, WATCH_SERVER, m);
    if (f->version == TLS_1_3) {
        w->unspoken = true;                           /* by TLS 1.2's ways */
        if (why.ground)
            bad_message(w, WATCH_SERVER, TLS_SERVER_HELLO, &why);
        watch13_hello(w, &h, m);
        return;
    }
    if (!why.ground && (h.version > TLS_1_2 || h.version < 0x0300))
        refuse(&why, &version_not_offered, "a version that the ClientHello offered", "0x%04x", h.version);
    if (!why.ground && h.compression)
        refuse(&why, &compression, "compression method null (0)", "%u", h.compression);
    /* RFC 7366 §3 has it for CBC alone. With NULL it changes no octet, and OpenSSL says it there: let that be. */
    if (!why.ground && f->encrypt_then_mac && f->suite && f->suite->sealing == TLS_SEAL_AEAD)
        refuse(&why, &etm_without_cbc, "encrypt_then_mac with a suite with CBC", "%s", f->suite->name);
    if (why.ground)
        bad_message(w, WATCH_SERVER, TLS_SERVER_HELLO, &why);
    w->unspoken = h.version != TLS_1_2 || !f->suite || h.compression;
    if (w->unspoken)
        watch_blinded(w, h.version != TLS_1_2 ? WATCH_VERSION : WATCH_SUITE);
    if (good)
        watch_bind_server(w, &h);
    watch_limits_agreed(w, &h.extensions);
    narrow_by_hello(w);
}

/* ---- the server's flight ---- */

/* Resumed or full? The server's first word behind its hello says it. */
static void decide(struct tls_watch *w, bool full)
{
    struct watch_facts *f = &w->facts;
    w->full = full;
    w->reader[0].facts.resumed = w->reader[1].facts.resumed = !full;
    if (w->handshakes < 2) {
        f->resumed = !full;
        f->resumed_by_ticket = !full && w->ticket_offered;
    }
    if (full)
        watch_narrow(w, WATCH_CLIENT, ~(watch_bit(WAIT_CHANGE_CIPHER_SPEC)));
    else
        watch_narrow(w, WATCH_CLIENT, watch_bit(WAIT_CHANGE_CIPHER_SPEC));
}

static void on_server_certificate(struct tls_watch *w, const struct tls_message *m)
{
    const bool status = w->shake.status_due, rsa = w->facts.suite && w->facts.suite->kx == TLS_KX_RSA;
    decide(w, true);
    watch_certificate(w, WATCH_SERVER, m);
    add(w, WATCH_SERVER, m);
    if (w->facts.suite)
        watch_narrow(w, WATCH_SERVER, watch_bit(rsa ? (status ? WAIT_STATUS_OR_REQUEST : WAIT_REQUEST_OR_DONE)
                                        : (status ? WAIT_STATUS_OR_KEY_EXCHANGE : WAIT_SERVER_KEY_EXCHANGE)));
}

static void on_certificate_status_seen(struct tls_watch *w, const struct tls_message *m)
{
    struct bytes response;
    struct fault why = { 0 };
    struct wire_in in = wire_over(m->body.at, m->body.n, NULL);
    if (!read_certificate_status(&in, &response, &why)) {
        bad_message(w, WATCH_SERVER, TLS_CERTIFICATE_STATUS, &why);
        response.n = 0;
    }
    watch_hold(w, HELD_STATUS, m->whole, &w->facts.certificate_status);
    w->facts.stapled = response.n > 0;
    watch_judge(w, response);
    add(w, WATCH_SERVER, m);
}

/* RFC 5246 §7.4.3: an algorithm that the ClientHello offered, for the key of the certificate. */
static void judge_signature(struct tls_watch *w, const struct server_key_exchange *k)
{
    enum key_kind kind;
    struct sign_scheme scheme;
    struct fault why = { 0 };
    const struct public_key *key = &w->shake.peer_key;
    const bool offered = !w->n_offered_sigalgs || has(w->offered_sigalgs, w->n_offered_sigalgs, k->sigalg);
    const bool whole = w->hello_seen && w->server_hello_seen && !w->torn;
    if (!whole || key->kind == KEY_NONE || (offered && !tls_sigalg_of(k->sigalg, &kind, &scheme)))
        return;                                       /* not known here */
    if (!offered || !tls_sigalg_fits(k->sigalg, key) || !tls_sigalg_of(k->sigalg, &kind, &scheme)) {
        refuse(&why, &sigalg_not_offered, "a signature algorithm that was offered, for the certificate's key",
               "0x%04x %s", k->sigalg,
               tls_sigalg_words(k->sigalg) ? tls_sigalg_words(k->sigalg) : "(not known by name)");
        bad_message(w, WATCH_SERVER, TLS_SERVER_KEY_EXCHANGE, &why);
        return;
    }
    w->facts.ske_checked = true;
    w->facts.ske_good = params_signed(&w->reader[WATCH_SERVER], k, scheme, &why);
    w->ske_bad = !w->facts.ske_good;
    if (w->ske_bad)
        watch_fault(w, WATCH_BAD_SIGNATURE, WATCH_SERVER, TLS_SERVER_KEY_EXCHANGE, &why);
}

static void on_server_key_exchange(struct tls_watch *w, const struct tls_message *m)
{
    struct server_key_exchange k;
    struct fault why = { 0 };
    struct watch_facts *f = &w->facts;
    struct wire_in in = wire_over(m->body.at, m->body.n, NULL);
    watch_judge(w, (struct bytes){ 0 });
    add(w, WATCH_SERVER, m);
    if (!f->suite || f->version != TLS_1_2 || f->suite->kx == TLS_KX_RSA || watch_other_exchange(w))
        return;
    if (!read_server_key_exchange(&in, f->suite->kx, &k, &why)) {
        bad_message(w, WATCH_SERVER, TLS_SERVER_KEY_EXCHANGE, &why);
        return;
    }
    const bool dhe = f->suite->kx == TLS_KX_DHE;
    const enum exchange way = dhe ? exchange_of_group(k.p.at, k.p.n, k.g.at, k.g.n) : tls_group_exchange(k.group);
    f->group = dhe ? (uint16_t)tls_group_of_exchange(way) : k.group;
    f->sigalg = k.sigalg;
    for (unsigned side = 0; side < 2; side++) {
        struct tls_facts *both = &w->reader[side].facts;
        both->exchange = way;
        both->group = f->group;
        both->sigalg = f->sigalg;
    }
    judge_signature(w, &k);
    if (way != EXCHANGE_NONE && !w->ske_bad && !value_fits(&w->reader[WATCH_SERVER], k.value, &why))
        bad_message(w, WATCH_SERVER, TLS_SERVER_KEY_EXCHANGE, &why);
}

static void on_certificate_request_seen(struct tls_watch *w, const struct tls_message *m)
{
    struct certificate_request r;
    struct fault why = { 0 };
    struct wire_in in = wire_over(m->body.at, m->body.n, NULL);
    watch_judge(w, (struct bytes){ 0 });
    w->facts.client_asked = w->shake.certificate_asked = true;
    watch_hold(w, HELD_REQUEST, m->whole, &w->facts.certificate_request);
    add(w, WATCH_SERVER, m);
    if (w->facts.version != TLS_1_2)                  /* which lists no algorithms */
        return;
    if (read_certificate_request(&in, &r, &why))
        w->n_asked_sigalgs = copy_list(w->asked_sigalgs, sizeof w->asked_sigalgs / sizeof *w->asked_sigalgs,
                                       r.sigalgs);
    else
        bad_message(w, WATCH_SERVER, TLS_CERTIFICATE_REQUEST, &why);
}

static void on_server_hello_done(struct tls_watch *w, const struct tls_message *m)
{
    struct fault why = { 0 };
    struct wire_in in = wire_over(m->body.at, m->body.n, NULL);
    watch_judge(w, (struct bytes){ 0 });
    add(w, WATCH_SERVER, m);
    w->done_seen = true;
    if (!read_empty_message(&in, &why))
        bad_message(w, WATCH_SERVER, TLS_SERVER_HELLO_DONE, &why);
    watch_narrow(w, WATCH_SERVER, watch_bit(w->shake.ticket_due ? WAIT_NEW_SESSION_TICKET : WAIT_CHANGE_CIPHER_SPEC));
    watch_narrow(w, WATCH_CLIENT,
                 watch_bit(w->shake.certificate_asked ? WAIT_CLIENT_CERTIFICATE : WAIT_CLIENT_KEY_EXCHANGE));
}

static void on_ticket(struct tls_watch *w, const struct tls_message *m)
{
    struct new_session_ticket n;
    struct fault why = { 0 };
    struct wire_in in = wire_over(m->body.at, m->body.n, NULL);
    if (!read_new_session_ticket(&in, &n, &why))
        bad_message(w, WATCH_SERVER, TLS_NEW_SESSION_TICKET, &why);
    else if (n.ticket.n && !w->shake.ticket.n)
        keep_octets(&w->shake.ticket, n.ticket, TLS_TICKET_KEPT);
    w->reader[0].facts.ticket = w->reader[1].facts.ticket = w->shake.ticket.n > 0;
    add(w, WATCH_SERVER, m);
}

/* ---- the client's ---- */

static void on_client_certificate_seen(struct tls_watch *w, const struct tls_message *m)
{
    watch_hold(w, HELD_CLIENT_CERTIFICATE, m->whole, &w->facts.client_certificate);
    watch_certificate(w, WATCH_CLIENT, m);
    add(w, WATCH_CLIENT, m);
}

static void on_client_key_exchange(struct tls_watch *w, const struct tls_message *m)
{
    struct bytes exchange;
    struct fault why = { 0 };
    const struct tls_suite *suite = w->facts.suite;
    struct wire_in in = wire_over(m->body.at, m->body.n, NULL);
    w->torn |= w->server_hello_seen && !w->done_seen; /* what it answers is read behind it, or never */
    add(w, WATCH_CLIENT, m);
    watch_narrow(w, WATCH_CLIENT, watch_bit(w->client_showed ? WAIT_CERTIFICATE_VERIFY : WAIT_CHANGE_CIPHER_SPEC));
    if (!suite || w->facts.version != TLS_1_2 || watch_other_exchange(w))
        return;
    if (!read_client_key_exchange(&in, suite->kx, &exchange, &why)) {
        bad_message(w, WATCH_CLIENT, TLS_CLIENT_KEY_EXCHANGE, &why);
        return;
    }
    const struct tls *t = &w->reader[WATCH_CLIENT];
    if (suite->kx != TLS_KX_RSA && t->facts.exchange != EXCHANGE_NONE && !value_fits(t, exchange, &why))
        bad_message(w, WATCH_CLIENT, TLS_CLIENT_KEY_EXCHANGE, &why);
    watch_client_key_exchange(w, exchange);
}

static void on_verify(struct tls_watch *w, const struct tls_message *m)
{
    struct certificate_verify v;
    struct sign_scheme scheme;
    struct fault why = { 0 };
    struct watch_facts *f = &w->facts;
    struct tls *t = &w->reader[WATCH_CLIENT];
    struct wire_in in = wire_over(m->body.at, m->body.n, NULL);
    const struct public_key *key = &w->client_key;
    enum key_kind kind;
    if (f->version == TLS_1_2 && !read_certificate_verify(&in, &v, &why)) {
        bad_message(w, WATCH_CLIENT, TLS_CERTIFICATE_VERIFY, &why);
    } else if (f->version == TLS_1_2 && key->kind != KEY_NONE && w->shake.keeps_messages && !w->torn
               && tls_sigalg_of(v.sigalg, &kind, &scheme)) {
        if ((w->n_asked_sigalgs && !has(w->asked_sigalgs, w->n_asked_sigalgs, v.sigalg))
            || !sigalg_fits_key(v.sigalg, key, &scheme)) {
            refuse(&why, &verify_sigalg, "a signature algorithm of CertificateRequest, for the client's key",
                   "0x%04x %s", v.sigalg, tls_sigalg_words(v.sigalg));
            bad_message(w, WATCH_CLIENT, TLS_CERTIFICATE_VERIFY, &why);
        } else {
            f->verify_checked = true;
            f->verify_good = verify_holds(t, key, &v, scheme, &why);
            t->facts.client_known = f->verify_good;
            if (!f->verify_good)
                watch_fault(w, WATCH_BAD_SIGNATURE, WATCH_CLIENT, TLS_CERTIFICATE_VERIFY, &why);
        }
    }
    add(w, WATCH_CLIENT, m);
}

/* ---- all of them ---- */

/* No table of ours says what may come. */
static bool no_table(const struct tls_watch *w)
{
    return w->ssl2 || w->unspoken || w->facts.version == TLS_1_3 || watch_other_exchange(w);
}

/* A message that ChangeCipherSpec cuts in two. */
static void cut_message(struct tls_watch *w, unsigned side)
{
    struct gather *g = &w->reader[side].gather;
    struct watch_facts *f = &w->facts;
    struct fault why = { 0 };
    if (!g->n)
        return;
    const unsigned type = g->bytes[0], n = f->n_faults;
    refuse(&why, &message_cut, "the whole message in front of ChangeCipherSpec", "%zu octets of %s", g->n,
           tls_message_words(type) ? tls_message_words(type) : "a message");
    watch_fault(w, WATCH_BAD_MESSAGE, side, type, &why);
    if (f->n_faults > n) {
        f->faults[n].record = w->side[side].began_in;
        f->faults[n].packet = w->side[side].began.first;
    }
    g->n = g->n_spans = 0;
}

void watch_change_cipher_spec(struct tls_watch *w, unsigned side)
{
    struct watch_side *s = &w->side[side];
    if (side == WATCH_SERVER && w->server_hello_seen && !w->full)
        decide(w, false);
    cut_message(w, side);
    if (!no_table(w))
        watch_step(w, side, TLS_CHANGE_CIPHER_SPEC);
    watch_limits_begin(w, side);
    s->sealed = true;
    s->keyed = s->gap = s->guess = s->has_nonce = false;
    s->since = 0;
    sealing_wipe(&w->reader[side].reading);
}

static void take_message(struct tls_watch *w, unsigned side, const struct tls_message *m)
{
    const bool client = side == WATCH_CLIENT;
    const bool of_client = m->type == TLS_CLIENT_HELLO || m->type == TLS_CLIENT_KEY_EXCHANGE
        || m->type == TLS_CERTIFICATE_VERIFY;
    if (client != of_client && m->type != TLS_CERTIFICATE && m->type != TLS_FINISHED) {
        add(w, side, m);                              /* the other side's word: its order has been refused */
        return;
    }
    switch ((unsigned)m->type) {
    case TLS_CLIENT_HELLO:        on_client_hello(w, m); return;
    case TLS_SERVER_HELLO:        on_server_hello(w, m); return;
    case TLS_HELLO_REQUEST:       return;             /* not part of the transcript (RFC 5246 §7.4.1.1) */
    case TLS_CERTIFICATE:         (client ? on_client_certificate_seen : on_server_certificate)(w, m); return;
    case TLS_CERTIFICATE_STATUS:  on_certificate_status_seen(w, m); return;
    case TLS_SERVER_KEY_EXCHANGE: on_server_key_exchange(w, m); return;
    case TLS_CERTIFICATE_REQUEST: on_certificate_request_seen(w, m); return;
    case TLS_SERVER_HELLO_DONE:   on_server_hello_done(w, m); return;
    case TLS_NEW_SESSION_TICKET:  on_ticket(w, m); return;
    case TLS_CLIENT_KEY_EXCHANGE: on_client_key_exchange(w, m); return;
    case TLS_CERTIFICATE_VERIFY:  on_verify(w, m); return;
    case TLS_FINISHED:            watch_finished(w, side, m); return;
    default:                      add(w, side, m);
    }
}

/* A ServerHello that chooses TLS 1.3 leads to none of the table's states. */
static bool chooses_thirteen(const struct tls_message *m)
{
    struct server_hello h;
    struct wire_in in = wire_over(m->body.at, m->body.n, NULL);
    return m->type == TLS_SERVER_HELLO && read_server_hello(&in, &h, NULL) && is_thirteen(&h);
}

void watch_message(struct tls_watch *w, unsigned side, const struct tls_message *m, bool sealed)
{
    watch_note(w, side, m->type, m->whole.n, sealed);
    if (side == WATCH_SERVER && m->type == TLS_NEW_SESSION_TICKET && w->server_hello_seen && !w->full)
        decide(w, false);
    if (m->type == TLS_SERVER_HELLO_DONE && (watch_other_exchange(w) || w->unspoken) && !w->full)
        decide(w, true);                              /* without a certificate */
    const bool hello = side == WATCH_CLIENT ? w->hello_seen : w->server_hello_seen;
    if (!no_table(w) && !chooses_thirteen(m) && (tls_message_words(m->type) || !hello))
        watch_step(w, side, m->type);
    take_message(w, side, m);
}
