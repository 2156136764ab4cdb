/* Client certificates: asked for, required, refused; which one the client picks; the proof that it has the key, and
 * every way in which the proof is none. */
#include "tests/lib/check.h"
#include "tests/lib/tls_peer.h"
#include "tls/handlers.h"

#include <sodium.h>
#include <string.h>

/* A client's certificates: no serverAuth among their purposes. */
static const struct classroom *client_room(enum key_kind kind)
{
    static struct classroom rooms[2];
    struct classroom *room = &rooms[kind == KEY_RSA];
    struct classroom_plan plan;
    struct test_chance chance = test_chance(41);
    if (room->leaf_der[0])
        return room;
    classroom_plan(&plan, room, kind, "client.example.test");
    plan.leaf.server_auth = false;
    if (kind == KEY_RSA)
        plan.root.subject_cn = "Another Root";         /* so that names tell them apart */
    ck_assert(classroom_carry_out(room, &plan, PAIR_NOW, &chance.chance, NULL));
    return room;
}

struct auth {
    struct tls_pair p;
    struct der chains[2][2];
    struct tls_identity own[2];
    struct x509_store trust;
    struct x509_cert root;
    struct x509_cert anchors[2];
};

/* Server: asks or requires, judges by the classroom's roots if it trusts. Client: an identity of each kind. */
static void begin(struct auth *a, enum tls_client_certificate wish, bool trusts, const char *suite)
{
    memset(a, 0, sizeof *a);
    pair_configure(&a->p, &(struct pair_wish){ .suite = suite });
    for (int i = 0; i < 2; i++) {
        const struct classroom *room = client_room(i ? KEY_RSA : KEY_P256);
        a->chains[i][0] = room->leaf.der;
        a->chains[i][1] = room->intermediate.der;
        a->own[i] = (struct tls_identity){ .chain = a->chains[i], .n = 2, .key = &room->leaf_key };
        a->anchors[i] = room->root;
    }
    a->trust = (struct x509_store){ .certs = a->anchors, .n = 2 };
    a->p.client.config.identities = a->own;
    a->p.client.config.n_identities = 2;
    a->p.server.config.client_certificate = wish;
    a->p.server.config.client_trust = trusts ? &a->trust : NULL;
    a->p.server.config.classroom = true;
}

static bool shake(struct auth *a)
{
    a->p.client.tls = tls_new(&a->p.client.config, PAIR_NOW, NULL);
    a->p.server.tls = tls_new(&a->p.server.config, PAIR_NOW, NULL);
    return pair_shake(&a->p);
}

static void must_shake(struct auth *a)
{
    bool good = shake(a);
    ck_assert_msg(good, "client: %s, server: %s (%s; %s)", a->p.client.fault.ground ? a->p.client.fault.ground->id : "-",
                  a->p.server.fault.ground ? a->p.server.fault.ground->id : "-", a->p.server.fault.expected,
                  a->p.server.fault.came);
    pair_send(&a->p, &a->p.client, "hello", 5);
    ck_assert_uint_eq(a->p.server.got_n, 5);
}

START_TEST(every_suite_and_kind)
{
    for (size_t s = 0; s < tls_n_suites; s++)
        for (int kind = 0; kind < 2; kind++)
            for (int trusts = 0; trusts < 2; trusts++) {
                struct auth a;
                uint8_t digest[32];
                begin(&a, TLS_CLIENT_REQUIRE, trusts, tls_suites[s].name);
                a.p.client.config.identities = &a.own[kind];
                a.p.client.config.n_identities = 1;
                must_shake(&a);
                const struct tls_facts *f = tls_facts_of(a.p.server.tls);
                ck_assert(f->client_known);
                hash_of(HASH_SHA256, a.chains[kind][0].at, a.chains[kind][0].n, digest, NULL);
                check_bytes(f->client, digest, 32);
                pair_end(&a.p);
            }
}
END_TEST

START_TEST(asked_and_not_shown)
{
    struct auth a;
    begin(&a, TLS_CLIENT_ASK, true, NULL);
    a.p.client.config.n_identities = 0;
    must_shake(&a);
    ck_assert(!tls_facts_of(a.p.server.tls)->client_known);
    pair_end(&a.p);
    begin(&a, TLS_CLIENT_REQUIRE, true, NULL);
    a.p.client.config.n_identities = 0;
    ck_assert(!shake(&a));
    ck_assert_str_eq(a.p.server.fault.ground->id, "tls.client_certificate_missing");
    ck_assert_str_eq(a.p.server.fault.answer, "alert handshake_failure");
    pair_end(&a.p);
    begin(&a, TLS_CLIENT_NONE, true, NULL);            /* not asked, so not shown */
    must_shake(&a);
    ck_assert(!tls_facts_of(a.p.server.tls)->client_known);
    pair_end(&a.p);
}
END_TEST

/* RFC 5246 §7.4.4: by the names of the CAs that the server trusts; nobody's list is everybody's. */
/* Beside DHE's primes the hello names the curves of our own certificates, without which OpenSSL's server refuses them;
 * nothing of curves when our keys are others. */
START_TEST(curves_of_our_own_beside_primes)
{
    for (int ec = 0; ec < 2; ec++) {
        struct auth a;
        struct client_hello h;
        static const uint16_t groups[] = { TLS_FFDHE2048, TLS_SECP256R1 };
        begin(&a, TLS_CLIENT_REQUIRE, true, "DHE-RSA-AES128-GCM-SHA256");
        a.p.client.config.suites = a.p.server.config.suites;
        a.p.client.config.n_suites = 1;
        a.p.client.config.identities = &a.own[!ec];
        a.p.client.config.n_identities = 1;
        a.p.client.config.groups = groups;
        a.p.client.config.n_groups = 2;
        a.p.client.tls = tls_new(&a.p.client.config, PAIR_NOW, NULL);
        pair_run(&a.p.client);
        struct bytes b = ring_peek(&a.p.client.out);
        struct wire_in in = wire_over(b.at + 9, b.n - 9, NULL);
        ck_assert(read_client_hello(&in, &h, NULL));
        ck_assert(list_has(h.extensions.groups, TLS_FFDHE2048));
        ck_assert_int_eq(list_has(h.extensions.groups, TLS_SECP256R1), ec);
        pair_end(&a.p);
    }
}
END_TEST

START_TEST(the_one_that_fits)
{
    for (int kind = 0; kind < 2; kind++) {
        struct auth a;
        uint8_t digest[32];
        begin(&a, TLS_CLIENT_ASK, true, NULL);
        a.trust.certs = &a.anchors[kind];
        a.trust.n = 1;
        must_shake(&a);
        hash_of(HASH_SHA256, a.chains[kind][0].at, a.chains[kind][0].n, digest, NULL);
        check_bytes(tls_facts_of(a.p.server.tls)->client, digest, 32);
        pair_end(&a.p);
    }
}
END_TEST

/* The museum's no. 11: a server's certificate does not make a client (RFC 5280 §4.2.1.12); nor does one of a stranger. */
START_TEST(a_chain_that_is_refused)
{
    struct auth a;
    const struct classroom *server;
    pair_classroom(KEY_P256, &server);
    struct der chain[] = { server->leaf.der, server->intermediate.der };
    struct tls_identity id = { .chain = chain, .n = 2, .key = &server->leaf_key };
    begin(&a, TLS_CLIENT_ASK, true, NULL);
    a.p.client.config.identities = &id;
    a.p.client.config.n_identities = 1;
    ck_assert(!shake(&a));
    ck_assert_str_eq(a.p.server.fault.ground->id, "x509.purpose");
    ck_assert_str_eq(a.p.server.fault.answer, "alert unsupported_certificate");
    pair_end(&a.p);
    begin(&a, TLS_CLIENT_ASK, false, NULL);            /* its possession alone is asked */
    a.p.client.config.identities = &id;
    a.p.client.config.n_identities = 1;
    must_shake(&a);
    pair_end(&a.p);
    begin(&a, TLS_CLIENT_ASK, true, NULL);
    a.p.server.config.classroom = false;               /* live, a key that everybody has is nobody's */
    ck_assert(!shake(&a));
    ck_assert_str_eq(a.p.server.fault.ground->id, "x509.known_to_all");
    pair_end(&a.p);
}
END_TEST

/* A server that asks, and a peer that answers as the test likes. */
static void meet(struct tls_peer *p, enum tls_client_certificate wish)
{
    peer_start(p, &(struct peer_wish){ .engine_is_server = true });
    tls_free(p->engine->tls);
    p->engine->config.client_certificate = wish;
    p->engine->tls = tls_new(&p->engine->config, PAIR_NOW, NULL);
    peer_raw(p, NULL, 0);
    peer_next(p);
    ck_assert_int_eq(peer_state(p), WAIT_CLIENT_CERTIFICATE);
}

static void show(struct tls_peer *p, bool empty)
{
    const struct classroom *room = client_room(KEY_P256);
    const struct der chain[] = { room->leaf.der, room->intermediate.der };
    uint8_t m[PEER_MESSAGE];
    struct wire_out out = wire_into(m, sizeof m);
    write_certificate(&out, chain, empty ? 0 : 2);
    peer_message(p, m, wire_written(&out));
}

/* RFC 5246 §7.4.8: signed with another key, over something else, in another way than asked; cut, longer, empty. */
START_TEST(no_proof)
{
    enum { OTHER_KEY, NOTHING_SIGNED, FLIPPED, EMPTY, SHA1, RSA_SCHEME, UNKNOWN, CUT, LONGER, CASES };
    for (int c = 0; c < CASES; c++) {
        struct tls_peer p;
        struct private_key other;
        uint8_t m[PEER_MESSAGE], signature[SIGNATURE_MAX], exchange[PEER_MESSAGE];
        struct test_chance chance = test_chance(5);
        const struct sign_scheme scheme = { SIGN_ECDSA, HASH_SHA256 };
        meet(&p, TLS_CLIENT_REQUIRE);
        show(&p, false);
        size_t n = peer_make(&p, TLS_CLIENT_KEY_EXCHANGE, exchange);
        peer_message(&p, exchange, n);
        ck_assert_int_eq(peer_state(&p), WAIT_CERTIFICATE_VERIFY);
        ck_assert(key_make(&other, KEY_P256, &chance.chance, "other", NULL));
        const struct kept *raw = &p.engine->tls->shake->raw;
        n = key_sign(c == OTHER_KEY ? &other : &client_room(KEY_P256)->leaf_key, &chance.chance, scheme, raw->bytes,
                     c == NOTHING_SIGNED ? 0 : raw->n, signature, NULL);
        if (c == FLIPPED)
            signature[n - 1] ^= 1;
        unsigned sigalg = c == SHA1 ? 0x0203 : c == RSA_SCHEME ? TLS_RSA_PKCS1_SHA256 : c == UNKNOWN ? 0x7777
                                                                                      : TLS_ECDSA_SECP256R1_SHA256;
        struct wire_out out = wire_into(m, sizeof m);
        write_certificate_verify(&out, sigalg, signature, c == EMPTY ? 0 : n);
        n = wire_written(&out);
        if (c == CUT || c == LONGER) {
            m[3] = (uint8_t)(m[3] + (c == CUT ? -1 : 1));
            n += c == CUT ? (size_t)-1 : 1;
        }
        peer_message(&p, m, n);
        if (c == CUT || c == LONGER)
            peer_refused(&p, "tls.certificate_verify_cut", TLS_ALERT_DECODE_ERROR);
        else if (c == SHA1 || c == RSA_SCHEME || c == UNKNOWN)
            peer_refused(&p, "tls.verify_sigalg", TLS_ALERT_ILLEGAL_PARAMETER);
        else
            peer_refused(&p, "tls.verify_signature", TLS_ALERT_DECRYPT_ERROR);
        peer_end(&p);
    }
}
END_TEST

/* The museum's no. 5 (CVE-2015-0205): with a certificate shown, nothing but its proof may come. */
START_TEST(a_certificate_without_its_proof)
{
    struct tls_peer p;
    uint8_t exchange[PEER_MESSAGE];
    meet(&p, TLS_CLIENT_ASK);
    show(&p, false);
    size_t n = peer_make(&p, TLS_CLIENT_KEY_EXCHANGE, exchange);
    peer_message(&p, exchange, n);
    peer_change_cipher_spec(&p);
    peer_refused(&p, "tls.unexpected_message", TLS_ALERT_UNEXPECTED_MESSAGE);
    peer_end(&p);
    meet(&p, TLS_CLIENT_ASK);                          /* nor the proof of none */
    show(&p, true);
    n = peer_make(&p, TLS_CLIENT_KEY_EXCHANGE, exchange);
    peer_message(&p, exchange, n);
    ck_assert_int_eq(peer_state(&p), WAIT_CHANGE_CIPHER_SPEC);
    ck_assert_ptr_null(p.engine->tls->shake->raw.bytes);      /* nothing is kept that nobody needs */
    peer_message(&p, (const uint8_t[]){ TLS_CERTIFICATE_VERIFY, 0, 0, 4, 4, 3, 0, 0 }, 8);
    peer_refused(&p, "tls.unexpected_message", TLS_ALERT_UNEXPECTED_MESSAGE);
    peer_end(&p);
    meet(&p, TLS_CLIENT_ASK);                          /* and the certificate is not left out: an empty list is */
    n = peer_make(&p, TLS_CLIENT_KEY_EXCHANGE, exchange);
    peer_message(&p, exchange, n);
    peer_refused(&p, "tls.unexpected_message", TLS_ALERT_UNEXPECTED_MESSAGE);
    peer_end(&p);
}
END_TEST

/* A resumed session remembers who the client was; where one is required, a session of nobody is not resumed. */
START_TEST(resumed_with_the_client)
{
    for (int known = 0; known < 2; known++) {
        struct auth a;
        struct test_chance chance = test_chance(9);
        struct tls_tickets tickets;
        struct tls_resumable session = { .session = { .suite = 0 } };
        tls_tickets_start(&tickets, &chance.chance, TLS_SESSION_LIFETIME);
        begin(&a, TLS_CLIENT_ASK, true, NULL);
        a.p.client.config.session = &session;
        a.p.server.config.tickets = &tickets;
        a.p.client.config.n_identities = known ? 2 : 0;
        must_shake(&a);
        pair_end(&a.p);
        ck_assert_uint_gt(session.ticket_n, 0);
        begin(&a, TLS_CLIENT_REQUIRE, true, NULL);
        a.p.client.config.session = &session;
        a.p.server.config.tickets = &tickets;
        must_shake(&a);
        ck_assert(tls_facts_of(a.p.server.tls)->resumed == known);
        ck_assert(tls_facts_of(a.p.server.tls)->client_known);
        pair_end(&a.p);
    }
}
END_TEST

int main(void)
{
    if (sodium_init() < 0)
        return 1;
    return check_run("tls_client_auth", (const TTest *[]){
        every_suite_and_kind, asked_and_not_shown, the_one_that_fits, curves_of_our_own_beside_primes,
        a_chain_that_is_refused, no_proof, a_certificate_without_its_proof, resumed_with_the_client, NULL });
}
