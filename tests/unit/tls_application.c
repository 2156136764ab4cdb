/* What the application says in a handshake, and what it may ask of a connection beside data: refusals with alerts of its
 * own, SCTs, an end by an alert, tls-unique, and no second handshake. */
#include "tests/lib/check.h"
#include "tests/lib/tls_peer.h"
#include "tls/handlers.h"

#include <sodium.h>
#include <string.h>

static const uint8_t scts[] = { 0, 6, 0, 4, 5, 6, 7, 8 };

/* What it was asked, and what it answers. */
struct program { int hello, shown, request; unsigned hellos, chains, sessions, requests; size_t n, ocsp_n, scts_n;
                 char name[64]; };

static int on_hello(void *self, const struct tls_hello_seen *seen)
{
    struct program *p = self;
    p->hellos++;
    snprintf(p->name, sizeof p->name, "%.*s", (int)seen->server_name.n, (const char *)seen->server_name.at);
    ck_assert_uint_gt(seen->sigalgs.n, 0);
    return p->hello;
}

static int on_shown(void *self, const struct tls_shown *shown)
{
    struct program *p = self;
    p->chains += !shown->resumed;
    p->sessions += shown->resumed;
    p->n = shown->n;
    p->ocsp_n = shown->ocsp.n;
    p->scts_n = shown->scts.n;
    ck_assert(!shown->n || shown->chain[0].at[0] == 0x30);
    if (shown->scts.n)
        check_bytes(shown->scts.at, scts, sizeof scts);
    return p->shown;
}

static int on_request(void *self, const struct tls_request_seen *seen)
{
    struct program *p = self;
    p->requests++;
    ck_assert(seen->types.n && seen->sigalgs.n);
    return p->request;
}

static struct program programs[2];                    /* the client's, the server's */
static struct tls_application applications[2];

static void begin(struct tls_pair *p)
{
    pair_configure(p, &(struct pair_wish){ .suite = "ECDHE-RSA-AES128-GCM-SHA256" });
    for (int i = 0; i < 2; i++) {
        struct pair_side *side = i ? &p->server : &p->client;
        programs[i] = (struct program){ 0 };
        applications[i] = (struct tls_application){ on_hello, on_shown, on_request, &programs[i] };
        side->config.application = &applications[i];
        p->identities[i].scts = (struct bytes){ scts, sizeof scts };
    }
    pair_staple(p);
}

static bool shake(struct tls_pair *p)
{
    p->client.tls = tls_new(&p->client.config, PAIR_NOW, NULL);
    p->server.tls = tls_new(&p->server.config, PAIR_NOW, NULL);
    ck_assert(p->client.tls && p->server.tls);
    return pair_shake(p);
}

static void ask_who(struct tls_pair *p)
{
    p->server.config.client_certificate = TLS_CLIENT_REQUIRE;
    p->client.config.identities = p->identities;
    p->client.config.n_identities = 2;
}

START_TEST(is_asked)
{
    for (unsigned asks = 0; asks < 2; asks++) {
        struct tls_pair p;
        begin(&p);
        ask_who(&p);
        p.client.config.ask_ocsp = p.client.config.ask_scts = asks;
        ck_assert(shake(&p));
        ck_assert_uint_eq(programs[1].hellos, 1);
        ck_assert_str_eq(programs[1].name, PAIR_HOST);
        ck_assert(programs[0].chains == 1 && programs[1].chains == 1 && programs[0].requests == 1);
        ck_assert_uint_eq(programs[0].n, 2);
        ck_assert_uint_eq(programs[0].ocsp_n, asks ? p.identities[1].staple.n : 0);
        ck_assert_uint_eq(programs[0].scts_n, asks ? sizeof scts : 0);
        ck_assert_uint_eq(tls_facts_of(p.client.tls)->scts, asks ? sizeof scts : 0);
        ck_assert_uint_eq(tls_facts_of(p.server.tls)->scts, asks ? sizeof scts : 0);
        pair_end(&p);
    }
}
END_TEST

/* Its alert is what the peer hears. */
START_TEST(may_refuse)
{
    enum { STATUS = 113 };
    for (int which = 0; which < 4; which++) {
        struct tls_pair p;
        begin(&p);
        ask_who(&p);
        *(int *[]){ &programs[1].hello, &programs[0].shown, &programs[0].request, &programs[1].shown }[which] = STATUS;
        ck_assert(!shake(&p));
        struct pair_side *who = which == 0 || which == 3 ? &p.server : &p.client,
                         *other = who == &p.server ? &p.client : &p.server;
        static const char *const about[] = { "ClientHello", "Certificate", "CertificateRequest", "Certificate" };
        ck_assert_str_eq(who->fault.ground->id, "tls.application");
        ck_assert_str_eq(who->fault.about, about[which]);
        ck_assert_str_eq(other->fault.ground->id, "tls.alert_received");
        ck_assert_str_eq(other->fault.about, "bad_certificate_status_response");
        pair_end(&p);
    }
}
END_TEST

START_TEST(is_asked_about_a_session)
{
    for (int who = 0; who < 3; who++) {                /* nobody refuses, the client, the server */
        struct tls_pair p;
        struct tls_resumable kept = { .lifetime_hint = 0 };
        struct tls_sessions *sessions = tls_sessions_new(2, TLS_SESSION_LIFETIME);
        for (int again = 0; again < 2; again++) {
            begin(&p);
            p.client.config.session = &kept;
            p.server.config.sessions = sessions;
            programs[0].shown = again && who == 1 ? TLS_ALERT_CERTIFICATE_REVOKED : TLS_GO_ON;
            programs[1].shown = again && who == 2 ? TLS_ALERT_CERTIFICATE_REVOKED : TLS_GO_ON;
            ck_assert_int_eq(shake(&p), !again || who == 0);
            ck_assert_int_eq((int)programs[0].sessions, again && who < 2);
            ck_assert_int_eq((int)programs[1].sessions, again);
            if (again && who)
                ck_assert_str_eq((who == 1 ? &p.client : &p.server)->fault.about, "session");
            pair_end(&p);
        }
        ck_assert_uint_eq(kept.session.suite != 0, who == 0);
        tls_sessions_free(sessions);
    }
}
END_TEST

/* RFC 6962 §3.3: a list is never empty, nor one of it. A server that has no list is told at once. */
START_TEST(scts_have_a_form)
{
    static const struct { size_t n; uint8_t at[8]; bool good; } lists[] = {
        { 8, { 0, 6, 0, 4, 5, 6, 7, 8 }, true }, { 8, { 0, 6, 0, 1, 5, 0, 1, 6 }, true }, { 2, { 0, 0 }, false },
        { 4, { 0, 2, 0, 0 }, false }, { 4, { 0, 2, 0, 9 }, false }, { 3, { 0, 9, 1 }, false },
        { 7, { 0, 3, 0, 1, 7, 0, 0 }, false }, { 1, { 0 }, false } };
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        struct tls_pair p;
        struct fault why = { 0 };
        begin(&p);
        p.identities[1].scts = (struct bytes){ lists[i].at, lists[i].n };
        p.client.tls = tls_new(&p.client.config, PAIR_NOW, NULL);
        p.server.tls = tls_new(&p.server.config, PAIR_NOW, &why);
        ck_assert_int_eq(p.server.tls != NULL, lists[i].good);
        if (!lists[i].good)
            ck_assert_str_eq(why.about, "scts");
        pair_end(&p);
        if (lists[i].good)
            continue;
        struct tls_peer peer;                          /* and so is a client that gets one */
        uint8_t m[PEER_MESSAGE];
        struct wire_out out = wire_into(m, sizeof m);
        peer_start(&peer, &(struct peer_wish){ .engine_is_server = false });
        tls_free(peer.engine->tls);
        peer.engine->config.ask_scts = true;
        peer.engine->tls = tls_new(&peer.engine->config, PAIR_NOW, NULL);
        peer_raw(&peer, NULL, 0);
        write_server_hello(&out, &(struct server_hello_wishes){
            .random = peer.server_random, .suite = peer.suite->number, .scts = { lists[i].at, lists[i].n },
            .extensions = EXT_RENEGOTIATION_INFO | EXT_EXTENDED_MASTER_SECRET | EXT_SCT });
        peer_message(&peer, m, wire_written(&out));
        peer_refused(&peer, "tls.server_hello_cut", TLS_ALERT_DECODE_ERROR);
        peer_end(&peer);
    }
}
END_TEST

START_TEST(ends_it_by_an_alert)
{
    for (int when = 0; when < 2; when++) {             /* before the handshake, and after it */
        struct tls_pair p;
        struct fault why = { 0 };
        begin(&p);
        p.client.tls = tls_new(&p.client.config, PAIR_NOW, NULL);
        p.server.tls = tls_new(&p.server.config, PAIR_NOW, NULL);
        ck_assert(when == 0 || pair_shake(&p));
        tls_abort(p.client.tls, &p.client.out, TLS_ALERT_USER_CANCELED);
        size_t said = ring_peek(&p.client.out).n;
        tls_abort(p.client.tls, &p.client.out, TLS_ALERT_USER_CANCELED);
        tls_close(p.client.tls, &p.client.out);
        ck_assert(said && ring_peek(&p.client.out).n == said);     /* once */
        ck_assert_int_eq(tls_receive(p.client.tls, &p.client.in, &p.client.out, PAIR_NOW, &why), TLS_FAILED);
        ck_assert_str_eq(why.ground->id, "tls.aborted");
        ck_assert_uint_eq(tls_send(p.client.tls, &p.client.out, "x", 1, NULL), 0);
        pair_pump(&p);
        ck_assert_str_eq(p.server.fault.about, "user_canceled");
        pair_end(&p);
    }
}
END_TEST

/* RFC 5929 §3: both ends have the same one, a resumed connection has another; none without what makes it unique. */
START_TEST(unique)
{
    struct tls_resumable kept = { .lifetime_hint = 0 };
    struct tls_sessions *sessions = tls_sessions_new(2, TLS_SESSION_LIFETIME);
    uint8_t seen[2][TLS_UNIQUE], theirs[TLS_UNIQUE];
    for (int again = 0; again < 2; again++) {
        struct tls_pair p;
        begin(&p);
        p.client.config.session = &kept;
        p.server.config.sessions = sessions;
        p.client.chance = test_chance(300 + (unsigned)again);
        ck_assert(shake(&p) && tls_facts_of(p.client.tls)->resumed == (again == 1));
        ck_assert(tls_unique(p.client.tls, seen[again]) && tls_unique(p.server.tls, theirs));
        check_bytes(seen[again], theirs, TLS_UNIQUE);
        p.client.tls->facts.extended_master_secret = false;
        ck_assert(!tls_unique(p.client.tls, theirs));
        pair_end(&p);
    }
    ck_assert(memcmp(seen[0], seen[1], TLS_UNIQUE) != 0);
    tls_sessions_free(sessions);
}
END_TEST

START_TEST(negotiates_once)
{
    static const uint8_t hello_request[] = { TLS_HELLO_REQUEST, 0, 0, 0 };
    for (int server = 0; server < 2; server++)
        for (int ends = 0; ends < 2; ends++) {
            struct tls_peer p;
            uint8_t m[PEER_MESSAGE];
            peer_start(&p, &(struct peer_wish){ .engine_is_server = server });
            p.engine->tls->config.renegotiation_ends = ends;
            peer_to(&p, CONNECTED);
            if (server)
                peer_message(&p, m, peer_make(&p, TLS_CLIENT_HELLO, m));
            else
                peer_message(&p, hello_request, sizeof hello_request);
            if (ends)
                peer_refused(&p, "tls.renegotiation", TLS_ALERT_NO_RENEGOTIATION);
            ck_assert_uint_eq(p.alert[p.n_alerts - 1], TLS_ALERT_NO_RENEGOTIATION);
            ck_assert_uint_eq(p.alert_level[p.n_alerts - 1], ends ? TLS_FATAL : TLS_WARNING);
            ck_assert_int_eq(peer_state(&p), CONNECTED);
            peer_end(&p);
        }
}
END_TEST

/* What is signed and what is taken are two lists. */
START_TEST(two_lists_of_signatures)
{
    static const uint16_t makes[] = { TLS_RSA_PKCS1_SHA512 }, takes[] = { TLS_RSA_PKCS1_SHA384, TLS_RSA_PKCS1_SHA512 };
    struct tls_pair p;
    begin(&p);
    ask_who(&p);
    p.client.config.sign_sigalgs = p.server.config.sign_sigalgs = makes;
    p.client.config.n_sign_sigalgs = p.server.config.n_sign_sigalgs = 1;
    p.client.config.sigalgs = p.server.config.sigalgs = takes;
    p.client.config.n_sigalgs = p.server.config.n_sigalgs = 2;
    ck_assert(shake(&p));
    ck_assert_uint_eq(tls_facts_of(p.client.tls)->sigalg, TLS_RSA_PKCS1_SHA512);
    ck_assert_uint_eq(p.client.tls->verify_sigalg, TLS_RSA_PKCS1_SHA512);
    pair_end(&p);
    begin(&p);
    p.server.config.sign_sigalgs = makes;
    p.server.config.n_sign_sigalgs = 1;
    p.client.config.sigalgs = takes;
    p.client.config.n_sigalgs = 1;
    ck_assert(!shake(&p));
    ck_assert_str_eq(p.server.fault.ground->id, "tls.no_common_suite");
    ck_assert_str_eq(p.server.fault.about, "signature_algorithms");
    pair_end(&p);
}
END_TEST

/* Octets behind what ends a flight were said by somebody who cannot know our answer. */
START_TEST(nothing_behind_a_flight)
{
    static const struct { bool server; enum tls_state in; unsigned ends; } rows[] = {
        { true, WAIT_CLIENT_HELLO, TLS_CLIENT_HELLO }, { true, WAIT_FINISHED, TLS_FINISHED },
        { false, WAIT_REQUEST_OR_DONE, TLS_SERVER_HELLO_DONE }, { false, WAIT_FINISHED, TLS_FINISHED } };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct tls_peer p;
        uint8_t m[PEER_MESSAGE];
        peer_start(&p, &(struct peer_wish){ .engine_is_server = rows[i].server });
        peer_to(&p, rows[i].in);
        size_t n = peer_make(&p, rows[i].ends, m);
        m[n] = TLS_CLIENT_KEY_EXCHANGE;                /* the first octet of another message */
        peer_record(&p, TLS_CONTENT_HANDSHAKE, m, n + 1);
        peer_refused(&p, "tls.unexpected_message", TLS_ALERT_UNEXPECTED_MESSAGE);
        ck_assert_str_eq(p.engine->fault.expected, "the end of a record at the end of a flight");
        peer_end(&p);
    }
}
END_TEST

int main(void)
{
    if (sodium_init() < 0)
        return 1;
    return check_run("tls_application", (const TTest *[]){
        is_asked, may_refuse, is_asked_about_a_session, scts_have_a_form, ends_it_by_an_alert, unique, negotiates_once,
        two_lists_of_signatures, nothing_behind_a_flight, NULL });
}
