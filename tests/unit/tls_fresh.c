/* What must be new each time, what must be gone in time, and what must not come too early: random values, ids, ephemeral
 * keys, IVs; pre-master secrets, keys of tickets; application data, sessions. */
#include "tests/lib/check.h"
#include "tests/lib/tls_peer.h"
#include "tls/handlers.h"

#include <sodium.h>
#include <string.h>

/* ---- new each time ---- */

/* What a server says in its first flight. */
struct said { uint8_t random[TLS_RANDOM], id[TLS_SESSION_ID_MAX], value[EXCHANGE_PUBLIC_MAX]; size_t id_n, value_n; };

static void take_flight(struct bytes flight, enum tls_kx kx, struct said *said)
{
    for (size_t at = 0; at + 4 <= flight.n; ) {
        size_t n = (size_t)(flight.at[at + 2] << 8 | flight.at[at + 3]);
        struct wire_in in = wire_over(flight.at + at + 4, n, NULL);
        struct server_hello h;
        struct server_key_exchange k;
        if (flight.at[at] == TLS_SERVER_HELLO && read_server_hello(&in, &h, NULL)) {
            memcpy(said->random, h.random, TLS_RANDOM);
            said->id_n = h.session_id.n;
            memcpy(said->id, h.session_id.at, h.session_id.n);
        } else if (flight.at[at] == TLS_SERVER_KEY_EXCHANGE && read_server_key_exchange(&in, kx, &k, NULL)) {
            said->value_n = k.value.n;
            memcpy(said->value, k.value.at, k.value.n);
        }
        at += 4 + n;
    }
}

/* RFC 5246 §7.4.1.3, Appendix F.1.1.3: two handshakes of one server, asked in the same words. */
START_TEST(nothing_is_said_twice)
{
    static const char *const suites[] = { "ECDHE-RSA-AES128-GCM-SHA256", "DHE-RSA-AES128-GCM-SHA256" };
    for (size_t s = 0; s < 2; s++) {
        struct said said[2] = { { .id_n = 0 } };
        struct tls_pair p;
        struct tls_sessions *sessions = tls_sessions_new(4, TLS_SESSION_LIFETIME);
        const struct tls_suite *suite = tls_suite_named(suites[s]);
        pair_configure(&p, &(struct pair_wish){ .suite = suites[s] });
        p.server.config.sessions = sessions;
        for (size_t i = 0; i < 2; i++) {
            p.client.chance = test_chance(1);          /* the same hello, octet by octet */
            p.client.tls = tls_new(&p.client.config, PAIR_NOW, NULL);
            p.server.tls = tls_new(&p.server.config, PAIR_NOW, NULL);
            pair_run(&p.client);
            pair_wire(&p.client, &p.server, SIZE_MAX);
            pair_run(&p.server);
            struct bytes b = ring_peek(&p.server.out);
            take_flight((struct bytes){ b.at + 5, b.n - 5 }, suite->kx, &said[i]);
            ck_assert(memcmp(said[i].random, p.client.tls->client_random, TLS_RANDOM) != 0);
            ring_consume(&p.server.out, b.n);
            tls_free(p.client.tls);
            tls_free(p.server.tls);
            p.client.tls = p.server.tls = NULL;
        }
        ck_assert(memcmp(said[0].random, said[1].random, TLS_RANDOM) != 0);
        ck_assert(said[0].id_n == 32 && said[1].id_n == 32 && memcmp(said[0].id, said[1].id, 32) != 0);
        ck_assert(said[0].value_n && said[0].value_n == said[1].value_n);
        ck_assert(memcmp(said[0].value, said[1].value, said[0].value_n) != 0);
        pair_end(&p);
        tls_sessions_free(sessions);
    }
}
END_TEST

/* RFC 5246 §6.2.3.2: each record has an IV of its own, which is not the end of the record before (BEAST). */
START_TEST(each_record_its_iv)
{
    for (size_t s = 0; s < tls_n_suites; s++)
        for (unsigned etm = 0; etm < 2; etm++) {
            uint8_t ivs[8][16], last[16] = { 0 };
            struct tls_pair p;
            if (!tls_suite_is_cbc(&tls_suites[s]))
                continue;
            pair_configure(&p, &(struct pair_wish){ .suite = tls_suites[s].name });
            p.client.config.encrypt_then_mac = p.server.config.encrypt_then_mac = etm;
            p.client.tls = tls_new(&p.client.config, PAIR_NOW, NULL);
            p.server.tls = tls_new(&p.server.config, PAIR_NOW, NULL);
            ck_assert(pair_shake(&p));
            for (size_t i = 0; i < 8; i++) {
                ck_assert_uint_eq(tls_send(p.client.tls, &p.client.out, "the same", 8, NULL), 8);
                struct bytes b = ring_peek(&p.client.out);
                memcpy(ivs[i], b.at + 5, 16);
                for (size_t k = 0; k < i; k++)
                    ck_assert(memcmp(ivs[k], ivs[i], 16) != 0);
                ck_assert(memcmp(ivs[i], last, 16) != 0);
                memcpy(last, b.at + b.n - 16, 16);
                ring_consume(&p.client.out, b.n);
            }
            pair_end(&p);
        }
}
END_TEST

/* ---- gone in time ---- */

/* RFC 5246 §8.1: with the master secret there, the one before is wiped. */
START_TEST(the_pre_master_secret_goes)
{
    struct tls_peer p;
    uint8_t secret[TLS_PRE_MASTER_SECRET];
    peer_start(&p, &(struct peer_wish){ .engine_is_server = true });
    peer_to(&p, WAIT_CLIENT_KEY_EXCHANGE);
    memset(secret, 7, sizeof secret);
    derive_keys(p.engine->tls, secret, sizeof secret);
    ck_assert(sodium_is_zero(secret, sizeof secret));
    ck_assert(!sodium_is_zero(p.engine->tls->master_secret, TLS_MASTER_SECRET));
    peer_end(&p);
}
END_TEST

/* RFC 9325 §3.4: the keys of tickets that open nothing any more are nowhere in the memory that they had. */
START_TEST(old_keys_of_tickets_go)
{
    struct test_chance chance = test_chance(4);
    struct tls_tickets tickets;
    struct tls_ticket_state state = { .n = 80 };
    uint8_t ticket[TLS_TICKET_MAX], name[TLS_TICKET_NAME];
    struct aead key;
    tls_tickets_start(&tickets, &chance.chance, TLS_SESSION_LIFETIME);
    ck_assert(tls_ticket_seal(&tickets, &chance.chance, &state, PAIR_NOW, ticket));
    memcpy(name, tickets.current.name, sizeof name);
    key = tickets.current.aead;
    for (int i = 1; i <= 2; i++)
        ck_assert(tls_ticket_seal(&tickets, &chance.chance, &state, PAIR_NOW + i * TLS_SESSION_LIFETIME, ticket));
    const struct tls_ticket_key *const kept[] = { &tickets.current, &tickets.previous };
    for (size_t i = 0; i < 2; i++) {
        ck_assert(memcmp(kept[i]->name, name, sizeof name) != 0);
        ck_assert(memcmp(&kept[i]->aead, &key, sizeof key) != 0);
    }
    /* and after a long silence the one before goes at once, too */
    ck_assert(tls_ticket_seal(&tickets, &chance.chance, &state, PAIR_NOW + 9 * TLS_SESSION_LIFETIME, ticket));
    ck_assert(sodium_is_zero((const uint8_t *)&tickets.previous, sizeof tickets.previous));
    tls_tickets_wipe(&tickets);
}
END_TEST

/* ---- not too early ---- */

/* RFC 5246 §7.3: nothing of the application's is taken, and nothing goes out, before both have said Finished. */
START_TEST(nothing_is_sent_early)
{
    for (unsigned server = 0; server < 2; server++) {
        struct tls_peer p;
        peer_start(&p, &(struct peer_wish){ .engine_is_server = server });
        while (peer_state(&p) != CONNECTED) {
            ck_assert_uint_eq(tls_send(p.engine->tls, &p.engine->out, "early", 5, NULL), 0);
            ck_assert_uint_eq(ring_peek(&p.engine->out).n, 0);
            peer_next(&p);
        }
        ck_assert_uint_eq(tls_send(p.engine->tls, &p.engine->out, "now", 3, NULL), 3);
        peer_raw(&p, NULL, 0);
        check_bytes(p.data, "now", 3);
        peer_end(&p);
    }
}
END_TEST

/* RFC 5077 §3.3: who has not said a good Finished gets no ticket, ... */
START_TEST(no_ticket_for_a_wrong_finished)
{
    for (unsigned wrong = 0; wrong < 2; wrong++) {
        static const struct bytes wish = { NULL, 0 };
        struct test_chance chance = test_chance(3);
        struct tls_tickets tickets;
        struct tls_peer p;
        uint8_t m[PEER_MESSAGE];
        tls_tickets_start(&tickets, &chance.chance, TLS_SESSION_LIFETIME);
        peer_start(&p, &(struct peer_wish){ .engine_is_server = true });
        p.engine->tls->config.tickets = &tickets;
        struct wire_out out = wire_into(m, sizeof m);
        write_client_hello(&out, &(struct client_hello_wishes){
            .random = p.client_random, .suites = &p.suite, .n_suites = 1, .groups = &p.group, .n_groups = 1,
            .sigalgs = tls_sigalgs, .n_sigalgs = tls_n_sigalgs, .server_name = PAIR_HOST, .ticket = &wish });
        peer_message(&p, m, wire_written(&out));
        peer_to(&p, WAIT_FINISHED);
        ck_assert(!tls_facts_of(p.engine->tls)->ticket);
        size_t n = peer_make(&p, TLS_FINISHED, m);
        m[n - 1] ^= (uint8_t)wrong;
        peer_message(&p, m, n);
        if (wrong)
            peer_refused(&p, "tls.finished", TLS_ALERT_DECRYPT_ERROR);
        ck_assert_int_eq(tls_facts_of(p.engine->tls)->ticket, !wrong);
        ck_assert_int_eq(p.finished_heard, !wrong);
        peer_end(&p);
    }
}
END_TEST

/* ... and a client keeps none of a server that has not. */
START_TEST(no_ticket_from_a_wrong_finished)
{
    for (unsigned wrong = 0; wrong < 2; wrong++) {
        static struct tls_resumable session;
        struct tls_peer p;
        uint8_t m[PEER_MESSAGE];
        memset(&session, 0, sizeof session);
        peer_start(&p, &(struct peer_wish){ .engine_is_server = false });
        tls_free(p.engine->tls);
        p.engine->config.session = &session;
        p.engine->tls = tls_new(&p.engine->config, PAIR_NOW, NULL);
        transcript_start(&p.transcript, NULL);
        peer_raw(&p, NULL, 0);
        struct wire_out out = wire_into(m, sizeof m);
        write_server_hello(&out, &(struct server_hello_wishes){
            .random = p.server_random, .suite = p.suite->number,
            .extensions = EXT_RENEGOTIATION_INFO | EXT_EXTENDED_MASTER_SECRET | EXT_SESSION_TICKET });
        peer_message(&p, m, wire_written(&out));
        peer_to(&p, WAIT_NEW_SESSION_TICKET);
        out = wire_into(m, sizeof m);
        write_new_session_ticket(&out, 100, (struct bytes){ (const uint8_t *)"an envelope", 11 });
        peer_message(&p, m, wire_written(&out));
        peer_to(&p, WAIT_FINISHED);
        ck_assert_uint_eq(session.session.suite, 0);
        size_t n = peer_make(&p, TLS_FINISHED, m);
        m[n - 1] ^= (uint8_t)wrong;
        peer_message(&p, m, n);
        if (wrong)
            peer_refused(&p, "tls.finished", TLS_ALERT_DECRYPT_ERROR);
        ck_assert_uint_eq(session.ticket_n, wrong ? 0 : 11);
        ck_assert_uint_eq(session.session.suite, wrong ? 0 : p.suite->number);
        peer_end(&p);
    }
}
END_TEST

int main(void)
{
    if (sodium_init() < 0)
        return 1;
    return check_run("tls_fresh", (const TTest *[]){
        nothing_is_said_twice, each_record_its_iv, the_pre_master_secret_goes, old_keys_of_tickets_go,
        nothing_is_sent_early, no_ticket_for_a_wrong_finished, no_ticket_from_a_wrong_finished, NULL });
}
