/* A stapled OCSP response: asked for, given, left out, sent unasked; and secrets exported for the application. */
#include "tests/lib/check.h"
#include "tests/lib/ocsp_made.h"
#include "tests/lib/tls_peer.h"
#include "tls/handlers.h"
#include "tls/x509/classroom_keys.h"

#include <sodium.h>
#include <string.h>

static const uint8_t response[] = { 0x30, 0x03, 0x0a, 0x01, 0x06 };

static void staple(struct tls_pair *p, const char *suite, bool asked, bool has_one)
{
    pair_configure(p, &(struct pair_wish){ .suite = suite });
    p->client.config.ask_ocsp = asked;
    if (has_one)
        pair_staple(p);
    p->client.config.exporter = p->server.config.exporter = true;
    p->client.tls = tls_new(&p->client.config, PAIR_NOW, NULL);
    p->server.tls = tls_new(&p->server.config, PAIR_NOW, NULL);
}

START_TEST(given_to_who_asks)
{
    static const char *const suites[] = { "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-GCM-SHA256", "AES128-SHA" };
    for (size_t s = 0; s < 3; s++)
        for (unsigned i = 0; i < 4; i++) {
            struct tls_pair p;
            staple(&p, suites[s], i & 1, i & 2);
            ck_assert(pair_shake(&p));
            size_t n = i == 3 ? p.identities[s != 1].staple.n : 0;
            ck_assert_uint_eq(tls_facts_of(p.client.tls)->stapled, n);
            ck_assert_uint_eq(tls_facts_of(p.server.tls)->stapled, n);
            ck_assert_ptr_nonnull(strstr(tls_facts_of(p.client.tls)->leaf, PAIR_HOST));
            pair_end(&p);
        }
}
END_TEST

/* RFC 6066 §8: one that does not vouch ends it, with the alert that is there for that; for who goes on all the same it is
 * told, and no more. */
START_TEST(one_that_does_not_vouch)
{
    static uint8_t der[OCSP_MADE_MAX];
    static const struct { unsigned answer; enum x509_ocsp_status status; const char *ground, *says; } rows[] = {
        { 0, X509_STATUS_REVOKED, "x509.revoked", "alert certificate_revoked" },
        { 0, X509_STATUS_UNKNOWN, "x509.ocsp", "alert bad_certificate_status_response" },
        { 6, X509_STATUS_GOOD, "x509.ocsp", "alert bad_certificate_status_response" } };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (unsigned insecure = 0; insecure < 2; insecure++) {
            struct tls_pair p;
            const struct classroom *room;
            pair_classroom(KEY_RSA, &room);
            struct ocsp_made m = ocsp_made(&room->leaf, &room->intermediate,
                                           &classroom_rsa_keys[CLASSROOM_INTERMEDIATE], PAIR_NOW);
            m.answer = rows[i].answer;
            m.status = rows[i].status;
            pair_configure(&p, &(struct pair_wish){ .suite = "ECDHE-RSA-AES128-GCM-SHA256", .insecure = insecure });
            p.client.config.ask_ocsp = true;
            p.identities[1].staple = (struct bytes){ der, ocsp_made_write(&m, der) };
            p.client.tls = tls_new(&p.client.config, PAIR_NOW, NULL);
            p.server.tls = tls_new(&p.server.config, PAIR_NOW, NULL);
            ck_assert(pair_shake(&p) == insecure);
            if (!insecure) {
                ck_assert_str_eq(p.client.fault.ground->id, rows[i].ground);
                ck_assert_str_eq(p.client.fault.answer, rows[i].says);
            }
            pair_end(&p);
        }
}
END_TEST

/* RFC 7633: a certificate that promises a staple, from a server without one: who asked for it ends it there; who did not
 * cannot know. */
START_TEST(promised_in_the_certificate)
{
    static struct classroom room;
    static uint8_t der[OCSP_MADE_MAX];
    struct classroom_plan plan;
    struct test_chance chance = test_chance(98);
    struct fault why = { 0 };
    classroom_plan(&plan, &room, KEY_RSA, PAIR_HOST);
    plan.leaf.must_staple = true;
    ck_assert(classroom_carry_out(&room, &plan, PAIR_NOW, &chance.chance, &why));
    const struct der chain[] = { room.leaf.der, room.intermediate.der };
    const struct ocsp_made m = ocsp_made(&room.leaf, &room.intermediate, &classroom_rsa_keys[CLASSROOM_INTERMEDIATE],
                                         PAIR_NOW);
    for (unsigned i = 0; i < 4; i++) {
        const bool asked = i & 1, has_one = i & 2;
        struct tls_pair p;
        pair_configure(&p, &(struct pair_wish){ .suite = "ECDHE-RSA-AES128-GCM-SHA256" });
        p.client.config.ask_ocsp = asked;
        p.identities[1].chain = chain;
        p.identities[1].key = &room.leaf_key;
        if (has_one)
            p.identities[1].staple = (struct bytes){ der, ocsp_made_write(&m, der) };
        p.client.tls = tls_new(&p.client.config, PAIR_NOW, NULL);
        p.server.tls = tls_new(&p.server.config, PAIR_NOW, NULL);
        ck_assert(pair_shake(&p) == (has_one || !asked));
        if (asked && !has_one) {
            ck_assert_str_eq(p.client.fault.ground->id, "x509.must_staple");
            ck_assert_str_eq(p.client.fault.answer, "alert bad_certificate_status_response");
        }
        pair_end(&p);
    }
}
END_TEST

/* RFC 6066 §8: whoever said that it would may leave it out; the chain is judged all the same. */
static void promise(struct tls_peer *p, const char *host)
{
    uint8_t m[PEER_MESSAGE];
    struct wire_out out = wire_into(m, sizeof m);
    peer_start(p, &(struct peer_wish){ .engine_is_server = false });
    tls_free(p->engine->tls);
    p->engine->config.ask_ocsp = true;
    p->engine->config.host = host;
    p->engine->tls = tls_new(&p->engine->config, PAIR_NOW, NULL);
    transcript_start(&p->transcript, NULL);
    peer_raw(p, NULL, 0);
    write_server_hello(&out, &(struct server_hello_wishes){
        .random = p->server_random, .suite = p->suite->number,
        .extensions = EXT_RENEGOTIATION_INFO | EXT_EXTENDED_MASTER_SECRET | EXT_STATUS_REQUEST });
    peer_message(p, m, wire_written(&out));
    size_t n = peer_make(p, TLS_CERTIFICATE, m);
    peer_message(p, m, n);
    ck_assert_int_eq(peer_state(p), WAIT_STATUS_OR_KEY_EXCHANGE);
}

START_TEST(left_out_after_all)
{
    struct tls_peer p;
    uint8_t m[PEER_MESSAGE];
    promise(&p, PAIR_HOST);
    size_t n = peer_make(&p, TLS_SERVER_KEY_EXCHANGE, m);
    peer_message(&p, m, n);
    peer_to(&p, CONNECTED);
    peer_end(&p);
    promise(&p, "other.example.test");
    n = peer_make(&p, TLS_SERVER_KEY_EXCHANGE, m);
    peer_message(&p, m, n);
    peer_refused(&p, "x509.wrong_name", TLS_ALERT_BAD_CERTIFICATE);
    peer_end(&p);
    promise(&p, "other.example.test");
    struct wire_out out = wire_into(m, sizeof m);
    write_certificate_status(&out, (struct bytes){ response, sizeof response });
    peer_message(&p, m, wire_written(&out));
    peer_refused(&p, "x509.wrong_name", TLS_ALERT_BAD_CERTIFICATE);
    peer_end(&p);
}
END_TEST

START_TEST(of_another_kind_or_empty)
{
    static const uint8_t bodies[3][5] = { { 2, 0, 0, 1, 9 }, { 1, 0, 0, 0 }, { 1, 0, 0, 2, 9 } };
    for (int i = 0; i < 3; i++) {
        struct tls_peer p;
        uint8_t m[9] = { TLS_CERTIFICATE_STATUS, 0, 0, 5 };
        size_t n = i == 1 ? 4 : 5;
        m[3] = (uint8_t)n;
        memcpy(m + 4, bodies[i], n);
        promise(&p, PAIR_HOST);
        peer_message(&p, m, 4 + n);
        peer_refused(&p, "tls.certificate_status_cut", TLS_ALERT_DECODE_ERROR);
        peer_end(&p);
    }
}
END_TEST

/* RFC 5705: alike at both ends, other for another label, context, or connection. */
START_TEST(exported)
{
    uint8_t seen[2][32];
    for (unsigned seed = 0; seed < 2; seed++) {
        struct tls_pair p;
        uint8_t ours[32], theirs[32], empty[32], other[32];
        staple(&p, NULL, false, false);
        ck_assert(!tls_export(p.client.tls, "EXPORTER-test", NULL, 0, ours, 32));
        p.client.chance = test_chance(100 + seed);
        ck_assert(pair_shake(&p));
        ck_assert(tls_export(p.client.tls, "EXPORTER-test", NULL, 0, ours, 32));
        ck_assert(tls_export(p.server.tls, "EXPORTER-test", NULL, 0, theirs, 32));
        check_bytes(ours, theirs, 32);
        ck_assert(tls_export(p.server.tls, "EXPORTER-test", "", 0, empty, 32));
        ck_assert(tls_export(p.server.tls, "EXPORTER-best", NULL, 0, other, 32));
        ck_assert(memcmp(ours, empty, 32) != 0 && memcmp(ours, other, 32) != 0);
        memcpy(seen[seed], ours, 32);
        pair_end(&p);
    }
    ck_assert(memcmp(seen[0], seen[1], 32) != 0);
}
END_TEST

/* The museum's no. 7: two connections with one master secret must not export one value, so without RFC 7627 none is. */
START_TEST(nothing_without_the_extended_master_secret)
{
    struct tls_peer p;
    uint8_t out[32];
    peer_start(&p, &(struct peer_wish){ .engine_is_server = false });
    p.engine->tls->config.exporter = true;
    p.extended_master_secret = false;
    peer_to(&p, CONNECTED);
    ck_assert(!tls_export(p.engine->tls, "EXPORTER-test", NULL, 0, out, sizeof out));
    peer_end(&p);
    struct tls_pair pair;
    pair_start(&pair, &(struct pair_wish){ 0 });       /* nor where nobody said that it would be wanted */
    ck_assert(pair_shake(&pair));
    ck_assert(!tls_export(pair.client.tls, "EXPORTER-test", NULL, 0, out, sizeof out));
    ck_assert(sodium_is_zero(pair.client.tls->master_secret, TLS_MASTER_SECRET));
    pair_end(&pair);
}
END_TEST

int main(void)
{
    if (sodium_init() < 0)
        return 1;
    return check_run("tls_staple", (const TTest *[]){
        given_to_who_asks, one_that_does_not_vouch, promised_in_the_certificate, left_out_after_all,
        of_another_kind_or_empty, exported, nothing_without_the_extended_master_secret, NULL });
}
