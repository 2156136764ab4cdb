/* A deviant peer against each role: what is refused, for which reason, and which alert goes out. */
#include "tests/lib/check.h"
#include "tests/lib/tls_peer.h"

#include <string.h>

#define GCM "ECDHE-RSA-AES128-GCM-SHA256"
#define CBC "AES128-SHA"
static const struct peer_wish server = { .engine_is_server = true, .suite = GCM }, client = { .suite = GCM };

/* Honest until `state`, then the message of `type` with n octets at `at` (from the message's start;
 * negative: from its end) changed. */
struct change { const struct peer_wish *wish; enum tls_state state; unsigned type; int at; const char *octets; size_t n;
                const char *ground; int alert; };

static void try_change(const struct change *c)
{
    struct tls_peer p;
    uint8_t m[PEER_MESSAGE];
    peer_start(&p, c->wish);
    peer_to(&p, c->state);
    size_t n = peer_make(&p, c->type, m);
    memcpy(c->at >= 0 ? m + c->at : m + n + c->at, c->octets, c->n);
    peer_message(&p, m, n);
    peer_refused(&p, c->ground, c->alert);
    peer_end(&p);
}

static const struct peer_wish rsa_server = { .engine_is_server = true, .suite = CBC },
    rsa_client = { .suite = CBC },
                              p256_server = { .engine_is_server = true, .suite = GCM, .group = TLS_SECP256R1 },
                              p256_client = { .suite = GCM, .group = TLS_SECP256R1 };

START_TEST(one_wrong_field)
{
    static const struct change changes[] = {
        /* ClientHello: 4 header, 2 version, 32 random, 1 session_id, 2+2 suites, 1+1 compression, 2
         * extensions */
        { &server, WAIT_CLIENT_HELLO, TLS_CLIENT_HELLO, 4, "\3\2", 2, "tls.version_too_old", 70 },
        { &server, WAIT_CLIENT_HELLO, TLS_CLIENT_HELLO, 4, "\2\0", 2, "tls.version_too_old", 70 },
        { &server, WAIT_CLIENT_HELLO, TLS_CLIENT_HELLO, 41, "\x13\x01", 2, "tls.no_common_suite", 40 },
        { &server, WAIT_CLIENT_HELLO, TLS_CLIENT_HELLO, 44, "\1", 1, "tls.compression", 47 },
        { &server, WAIT_CLIENT_HELLO, TLS_CLIENT_HELLO, 38, "\41", 1, "tls.client_hello_cut", 50 },
        { &server, WAIT_CLIENT_HELLO, TLS_CLIENT_HELLO, 39, "\0\0", 2, "tls.client_hello_cut", 50 },
        { &server, WAIT_CLIENT_HELLO, TLS_CLIENT_HELLO, 39, "\0\3", 2, "tls.client_hello_cut", 50 },
        /* octets left over */
        { &server, WAIT_CLIENT_HELLO, TLS_CLIENT_HELLO, 45, "\0\0", 2, "tls.client_hello_cut", 50 },
        { &server, WAIT_CLIENT_HELLO, TLS_CLIENT_HELLO, 45, "\xff\xff", 2, "tls.client_hello_cut", 50 },
        { &server, WAIT_CLIENT_HELLO, TLS_CLIENT_HELLO, -9, "\0\x0d\0\0\xff\1\0\1\0", 9, "tls.extension_twice",
          50 },
        { &server, WAIT_CLIENT_HELLO, TLS_CLIENT_HELLO, -2, "\1\1", 2, "tls.client_hello_cut", 50 },
        /* ClientKeyExchange */
        { &server, WAIT_CLIENT_KEY_EXCHANGE, TLS_CLIENT_KEY_EXCHANGE, 4, "\37", 1,
          "tls.client_key_exchange_cut", 50 },
        { &server, WAIT_CLIENT_KEY_EXCHANGE, TLS_CLIENT_KEY_EXCHANGE, 5,
          "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 32, "tls.bad_point", 47 },
        { &p256_server, WAIT_CLIENT_KEY_EXCHANGE, TLS_CLIENT_KEY_EXCHANGE, 5, "\2", 1, "tls.bad_point", 47 },
        { &p256_server, WAIT_CLIENT_KEY_EXCHANGE, TLS_CLIENT_KEY_EXCHANGE, 5, "\4\0\0\0\0\0", 6,
          "tls.bad_point", 47 },
        { &rsa_server, WAIT_CLIENT_KEY_EXCHANGE, TLS_CLIENT_KEY_EXCHANGE, 4, "\0\0", 2,
          "tls.client_key_exchange_cut", 50 },
        { &server, WAIT_FINISHED, TLS_FINISHED, 4, "\0\0\0\0", 4, "tls.finished", 51 },
        { &client, WAIT_FINISHED, TLS_FINISHED, -4, "\0\0\0\0", 4, "tls.finished", 51 },
        /* ServerHello: 4, 2 version, 32 random, 1 session_id, 2 suite, 1 compression, 2 extensions, EMS
         * 0017 0000, RI ff01 0001 00 */
        { &client, WAIT_SERVER_HELLO, TLS_SERVER_HELLO, 4, "\3\2", 2, "tls.version_too_old", 70 },
        { &client, WAIT_SERVER_HELLO, TLS_SERVER_HELLO, 4, "\3\4", 2, "tls.version_not_offered", 70 },
        { &client, WAIT_SERVER_HELLO, TLS_SERVER_HELLO, 39, "\0\x41", 2, "tls.suite_not_offered", 47 },
        { &client, WAIT_SERVER_HELLO, TLS_SERVER_HELLO, 41, "\1", 1, "tls.compression", 47 },
        { &client, WAIT_SERVER_HELLO, TLS_SERVER_HELLO, 38, "\1", 1, "tls.server_hello_cut", 50 },
        { &client, WAIT_SERVER_HELLO, TLS_SERVER_HELLO, 42, "\0\4", 2, "tls.server_hello_cut", 50 },
        { &client, WAIT_SERVER_HELLO, TLS_SERVER_HELLO, 44, "\0\x23", 2, "tls.extension_not_offered", 110 },
        /* ALPN without a list */
        { &client, WAIT_SERVER_HELLO, TLS_SERVER_HELLO, 44, "\0\x10", 2, "tls.server_hello_cut", 50 },
        { &client, WAIT_SERVER_HELLO, TLS_SERVER_HELLO, 48, "\0\x15\0\1\0", 5, "tls.extension_not_offered", 110 },
        { &client, WAIT_CERTIFICATE, TLS_CERTIFICATE, 4, "\0\0\1", 3, "tls.certificate_cut", 50 },
        { &client, WAIT_CERTIFICATE, TLS_CERTIFICATE, 7, "\0\0\0", 3, "tls.certificate_cut", 50 },
        { &client, WAIT_CERTIFICATE, TLS_CERTIFICATE, 10, "\x31", 1, "x509.der", 42 },
        /* ServerKeyExchange: 4, 1 curve_type, 2 group, 1 length, 32 point, 2 sigalg, 2 length, signature */
        { &client, WAIT_SERVER_KEY_EXCHANGE, TLS_SERVER_KEY_EXCHANGE, 4, "\1", 1, "tls.group_not_offered", 47 },
        { &client, WAIT_SERVER_KEY_EXCHANGE, TLS_SERVER_KEY_EXCHANGE, 5, "\0\x18", 2, "tls.group_not_offered", 47 },
        { &client, WAIT_SERVER_KEY_EXCHANGE, TLS_SERVER_KEY_EXCHANGE, 8, "\x55\x55", 2, "tls.ske_signature", 51 },
        { &client, WAIT_SERVER_KEY_EXCHANGE, TLS_SERVER_KEY_EXCHANGE, -1, "\x55", 1, "tls.ske_signature", 51 },
        { &client, WAIT_SERVER_KEY_EXCHANGE, TLS_SERVER_KEY_EXCHANGE, 40, "\2\1", 2, "tls.sigalg_not_offered", 47 },
        { &client, WAIT_SERVER_KEY_EXCHANGE, TLS_SERVER_KEY_EXCHANGE, 40, "\4\3", 2, "tls.sigalg_not_offered", 47 },
        { &client, WAIT_SERVER_KEY_EXCHANGE, TLS_SERVER_KEY_EXCHANGE, 40, "\5\1", 2, "tls.ske_signature", 51 },
        { &client, WAIT_SERVER_KEY_EXCHANGE, TLS_SERVER_KEY_EXCHANGE, 42, "\0\1", 2, "tls.key_exchange_cut", 50 },
        { &client, WAIT_REQUEST_OR_DONE, TLS_CERTIFICATE_REQUEST, 4, "\xff", 1, "tls.certificate_request_cut", 50 },
        { &rsa_client, WAIT_FINISHED, TLS_FINISHED, 4, "\0\0\0\0", 4, "tls.finished", 51 },
    };
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++)
        try_change(&changes[i]);
}
END_TEST

/* An off-curve point that is properly signed: only the check of the point itself can refuse it. */
START_TEST(signed_bad_points)
{
    for (int kind = 0; kind < 3; kind++) {
        struct tls_peer p;
        uint8_t m[PEER_MESSAGE], params[80] = { 0 }, digest[HASH_MAX], signature[SIGNATURE_MAX];
        const struct classroom *room;
        pair_classroom(KEY_RSA, &room);
        peer_start(&p, kind ? &p256_client : &client);
        peer_to(&p, WAIT_SERVER_KEY_EXCHANGE);
        size_t point = kind ? 65 : 32, n = 4 + point;
        uint8_t head[] = { 3, 0, kind ? 23 : 29, (uint8_t)point };
        memcpy(params, head, 4);
        if (kind)
            params[4] = kind == 1 ? 4 : 3;            /* (0, 0) is not on the curve; a compressed form */
        struct hash h;
        hash_start(&h, HASH_SHA256, NULL);
        hash_add(&h, p.client_random, 32);
        hash_add(&h, p.server_random, 32);
        hash_add(&h, params, n);
        hash_end(&h, digest);
        size_t sig = key_sign_digest(&room->leaf_key, &p.pair.client.chance.chance,
                                     (struct sign_scheme){ SIGN_PKCS1, HASH_SHA256 }, digest, signature, NULL);
        struct wire_out out = wire_into(m, sizeof m);
        write_server_key_exchange(&out, (struct bytes){ params, n }, TLS_RSA_PKCS1_SHA256, signature, sig);
        peer_message(&p, m, wire_written(&out));
        if (!kind)                                     /* X25519 takes any point; the secret of this one is zero */
            peer_message(&p, (const uint8_t *)"\16\0\0\0", 4);
        peer_refused(&p, "tls.bad_point", 47);
        peer_end(&p);
    }
}
END_TEST

/* One raw record to a fresh engine, or one that is connected. */
struct raw {
    const struct peer_wish *wish;
    enum tls_state state;
    unsigned type;
    const char *content; size_t n;
    const char *ground; int alert;
};

START_TEST(bad_records)
{
    static const struct raw rows[] = {
        { &server, WAIT_CLIENT_HELLO, 22, "", 0, "tls.empty_record", 50 },
        { &server, WAIT_CLIENT_HELLO, 21, "", 0, "tls.alert_cut", 50 },
        { &server, WAIT_CLIENT_HELLO, 21, "\1", 1, "tls.alert_cut", 50 },
        { &server, WAIT_CLIENT_HELLO, 21, "\1\0\0", 3, "tls.alert_cut", 50 },
        { &server, WAIT_CLIENT_HELLO, 21, "\3\50", 2, "tls.alert_level", 47 },
        { &server, WAIT_CHANGE_CIPHER_SPEC, 20, "", 0, "tls.change_cipher_spec", 10 },
        { &server, WAIT_CHANGE_CIPHER_SPEC, 20, "\2", 1, "tls.change_cipher_spec", 10 },
        { &server, WAIT_CHANGE_CIPHER_SPEC, 20, "\1\1", 2, "tls.change_cipher_spec", 10 },
        { &server, CONNECTED, 22, "", 0, "tls.empty_record", 50 },
        { &server, CONNECTED, 21, "", 0, "tls.alert_cut", 50 },
        { &server, CONNECTED, 20, "", 0, "tls.change_cipher_spec", 10 },
        { &server, CONNECTED, 24, "\1", 1, "tls.record_type", 10 },
        { &client, WAIT_CERTIFICATE, 24, "\1", 1, "tls.record_type", 10 },
        /* told once more is there */
        { &client, WAIT_SERVER_HELLO, 22, "\2\xff\xff\xff", 4, "tls.message_too_long", 50 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct tls_peer p;
        peer_start(&p, rows[i].wish);
        peer_to(&p, rows[i].state);
        peer_record(&p, rows[i].type, rows[i].content, rows[i].n);
        if (rows[i].n == 4)
            peer_record(&p, rows[i].type, "more", 4);
        peer_refused(&p, rows[i].ground, rows[i].alert);
        peer_end(&p);
    }
}
END_TEST

/* A message of TLS_MESSAGE_MAX octets, the header among them, is gathered and read; one octet more is refused by
 * its header. */
START_TEST(the_longest_message)
{
    for (uint32_t more = 0; more <= 1; more++) {
        static uint8_t record[5 + 16384];
        struct tls_peer p;
        peer_start(&p, &client);
        peer_to(&p, WAIT_CERTIFICATE);
        const uint32_t length = TLS_MESSAGE_MAX - TLS_MESSAGE_HEADER + more;
        const uint8_t start[] = { 22, 3, 3, 0x40, 0, TLS_CERTIFICATE, (uint8_t)(length >> 16),
                                  (uint8_t)(length >> 8), (uint8_t)length };
        memcpy(record, start, sizeof start);
        for (unsigned left = more ? 1 : TLS_MESSAGE_MAX, n; left; left -= more ? 1 : n) {
            ck_assert_int_eq(p.engine->says, TLS_WANTS);
            n = left < 16384 && !more ? left : 16384;
            record[3] = (uint8_t)(n >> 8);
            record[4] = (uint8_t)n;
            peer_raw(&p, record, 5 + n);
            memset(record + 5, 0, 4);
        }
        peer_refused(&p, more ? "tls.message_too_long" : "tls.certificate_cut", 50);
        peer_end(&p);
    }
}
END_TEST

static void raw(const struct peer_wish *wish, enum tls_state state, const void *octets, size_t n,
                const char *ground, int alert)
{
    struct tls_peer p;
    peer_start(&p, wish);
    peer_to(&p, state);
    peer_raw(&p, octets, n);
    peer_refused(&p, ground, alert);
    peer_end(&p);
}

START_TEST(garbage)
{
    raw(&client, WAIT_SERVER_HELLO, "HTTP/1.1 400 Bad Request\r\n", 26, "tls.not_tls", 10);
    raw(&server, WAIT_CLIENT_HELLO, "GET / HTTP/1.1\r\n", 16, "tls.not_tls", 10);
    raw(&server, WAIT_CLIENT_HELLO, "\x80\x2e\1\3\1", 5, "tls.ssl2_hello", 70);
    raw(&server, WAIT_CLIENT_HELLO, "\x80\x2e\1\0\2", 5, "tls.ssl2_hello", 70);
    raw(&server, WAIT_CLIENT_HELLO, "\x80\x2e\2", 3, "tls.not_tls", 10);
    raw(&client, WAIT_SERVER_HELLO, "\x80\x2e\1\3\1", 5, "tls.not_tls", 10);
    raw(&server, WAIT_CLIENT_HELLO, "\x16\2\0\0\5", 5, "tls.not_tls", 10);
    raw(&client, WAIT_CERTIFICATE, "\x16\3\1\0\1\0", 6, "tls.record_version", 70);
    raw(&server, WAIT_CLIENT_HELLO, "\x16\3\1\x40\1", 5, "tls.record_overflow", 22);              /* 16385 */
    raw(&client, CONNECTED, "\x17\3\3\x48\1", 5, "tls.record_overflow", 22);                        /* 18433 */
    struct tls_peer p;
    peer_start(&p, &client);
    peer_raw(&p, "HTTP/1.1 400 Bad Request\r\n", 26);
    ck_assert_ptr_nonnull(strstr(p.engine->fault.came, "HTTP/1.1 400 Bad"));
    peer_end(&p);
}
END_TEST

/* Sealed records of more content than a record may have. */
START_TEST(content_too_long)
{
    static uint8_t much[16385];
    const char *const suites[] = { GCM, CBC, "ECDHE-RSA-CHACHA20-POLY1305" };
    for (size_t i = 0; i < 3; i++) {
        struct tls_peer p;
        peer_start(&p, &(struct peer_wish){ .suite = suites[i], .engine_is_server = true });
        peer_to(&p, CONNECTED);
        peer_record(&p, 23, much, sizeof much - 1);
        ck_assert_uint_eq(p.engine->got_n, sizeof much - 1);
        peer_record(&p, 23, much, sizeof much);
        peer_refused(&p, "tls.record_overflow", 22);
        peer_end(&p);
    }
}
END_TEST

/* Each octet of a sealed record changed: one reason, one alert, nothing delivered. */
START_TEST(tampered_records)
{
    for (size_t i = 0; i < tls_n_suites; i++)
        for (size_t at = 0; ; at++) {
            struct tls_peer p;
            uint8_t room[128];
            peer_start(&p, &(struct peer_wish){ .suite = tls_suites[i].name, .engine_is_server = at % 2 });
            peer_to(&p, CONNECTED);
            struct record r = { .type = 23, .at = room, .content_n = 5 };
            memcpy(room + 5 + sealing_front(&p.writing), "hello", 5);
            record_dress(&p.writing, &p.pair.client.chance.chance, &r);
            record_seal(&p.writing, &r);
            size_t n = r.n;
            /* of the header: the type, 22 instead of 23 */
            room[at < 5 ? 0 : at] ^= (uint8_t)(at < 5 ? 1 : 1 << at % 8);
            if (at < n) {
                peer_raw(&p, room, n);
                peer_refused(&p, "tls.bad_record_mac", 20);
                ck_assert_uint_eq(p.engine->got_n, 0);
            }
            peer_end(&p);
            if (at >= n)
                break;
            at += at < 5 ? 4 : n > 60 ? 6 : 2;
        }
}
END_TEST

START_TEST(records_too_short)
{
    for (size_t i = 0; i < tls_n_suites; i++)
        for (uint8_t n = 0; n < 32; n = (uint8_t)(n + 5)) {
            uint8_t room[5 + 32] = { 23, 3, 3, 0, n };
            struct tls_peer p;
            peer_start(&p, &(struct peer_wish){ .suite = tls_suites[i].name });
            peer_to(&p, CONNECTED);
            peer_raw(&p, room, 5u + n);
            peer_refused(&p, "tls.bad_record_mac", 20);
            peer_end(&p);
        }
}
END_TEST

/* The same record twice, two in the wrong order: the sequence number stands under the tag. */
START_TEST(replay)
{
    struct tls_peer p;
    uint8_t room[64];
    peer_start(&p, &server);
    peer_to(&p, CONNECTED);
    struct record r = { .type = 23, .at = room, .content_n = 5 };
    memcpy(room + 5 + 8, "hello", 5);
    record_dress(&p.writing, NULL, &r);
    record_seal(&p.writing, &r);
    peer_raw(&p, room, r.n);
    ck_assert_uint_eq(p.engine->got_n, 5);
    peer_raw(&p, room, r.n);
    peer_refused(&p, "tls.bad_record_mac", 20);
    peer_end(&p);
}
END_TEST

START_TEST(floods)
{
    for (int connected = 0; connected < 2; connected++) {
        struct tls_peer p;
        peer_start(&p, &server);
        if (connected)
            peer_to(&p, CONNECTED);
        for (int i = 0; i < 4; i++) {
            peer_record(&p, 21, "\1\132", 2);          /* user_canceled */
            ck_assert_int_eq(p.engine->says, TLS_WANTS);
        }
        peer_record(&p, 21, "\1\132", 2);
        peer_refused(&p, "tls.too_many_empty", 10);
        peer_end(&p);
    }
    struct tls_peer p;
    peer_start(&p, &client);
    peer_to(&p, CONNECTED);
    for (int i = 0; i < 32; i++)
        peer_record(&p, 23, "", 0);
    peer_record(&p, 23, "x", 1);                       /* progress: counting starts again */
    for (int i = 0; i < 32; i++)
        peer_record(&p, 23, "", 0);
    ck_assert_int_eq(p.engine->says, TLS_WANTS);
    peer_record(&p, 23, "", 0);
    peer_refused(&p, "tls.too_many_empty", 10);
    peer_end(&p);
}
END_TEST

START_TEST(renegotiation)
{
    struct tls_peer p;
    uint8_t m[PEER_MESSAGE];
    peer_start(&p, &client);
    peer_to(&p, CONNECTED);
    for (int i = 0; i < 4; i++)
        peer_record(&p, 22, "\0\0\0\0", 4);
    ck_assert_uint_eq(p.n_alerts, 4);
    ck_assert_uint_eq(p.alert_level[0], TLS_WARNING);
    ck_assert_uint_eq(p.alert[0], TLS_ALERT_NO_RENEGOTIATION);
    peer_record(&p, 23, "still", 5);
    ck_assert_uint_eq(p.engine->got_n, 5);
    for (int i = 0; i < 5; i++)
        peer_record(&p, 22, "\0\0\0\0", 4);
    peer_refused(&p, "tls.too_many_empty", 10);
    peer_end(&p);
    peer_start(&p, &server);
    peer_to(&p, CONNECTED);
    size_t n = peer_make(&p, TLS_CLIENT_HELLO, m);
    for (unsigned i = 0; i < 4; i++) {                 /* each is answered: nobody waits for ever */
        peer_record(&p, 22, m, n);
        ck_assert_uint_eq(p.n_alerts, i + 1);
        ck_assert_uint_eq(p.alert[i], TLS_ALERT_NO_RENEGOTIATION);
    }
    peer_record(&p, 23, "still", 5);
    ck_assert_uint_eq(p.engine->got_n, 5);
    for (unsigned i = 0; i < 5; i++)
        peer_record(&p, 22, m, n);
    peer_refused(&p, "tls.too_many_empty", 10);
    peer_end(&p);
}
END_TEST

static const enum tls_state client_states[] = { WAIT_SERVER_HELLO, WAIT_CERTIFICATE, WAIT_SERVER_KEY_EXCHANGE,
                                                WAIT_REQUEST_OR_DONE,
                                                WAIT_SERVER_HELLO_DONE, WAIT_CHANGE_CIPHER_SPEC, WAIT_FINISHED,
                                                CONNECTED };

START_TEST(hello_request_during_the_handshake_is_ignored)
{
    struct tls_peer p;
    peer_start(&p, &client);
    for (size_t s = 0; s < 7; s++) {
        if (client_states[s] == WAIT_SERVER_HELLO_DONE)            /* no certificate is asked for */
            continue;
        peer_to(&p, client_states[s]);
        peer_record(&p, 22, "\0\0\0\0", 4);            /* not into our transcript, either */
    }
    peer_to(&p, CONNECTED);
    ck_assert_uint_eq(p.n_alerts, 0);
    peer_end(&p);
}
END_TEST

START_TEST(a_client_certificate_is_asked_for)
{
    struct tls_peer p;
    peer_start(&p, &client);
    peer_to(&p, WAIT_SERVER_HELLO_DONE);
    peer_to(&p, CONNECTED);
    peer_end(&p);
}
END_TEST

START_TEST(without_extended_master_secret)
{
    for (size_t i = 0; i < tls_n_suites; i++) {
        struct tls_peer p;
        peer_start(&p, &(struct peer_wish){ .suite = tls_suites[i].name });
        p.extended_master_secret = false;
        peer_to(&p, CONNECTED);
        ck_assert(!tls_facts_of(p.engine->tls)->extended_master_secret);
        peer_end(&p);
    }
}
END_TEST

START_TEST(secrets_do_not_outlive_the_handshake)
{
    const struct peer_wish *const wishes[] = { &server, &client, &rsa_server, &rsa_client };
    for (size_t i = 0; i < 4; i++) {
        struct tls_peer p;
        peer_start(&p, wishes[i]);
        peer_to(&p, CONNECTED);
        const struct tls *t = p.engine->tls;
        ck_assert(sodium_is_zero(t->master_secret, sizeof t->master_secret));
        ck_assert_ptr_null(t->shake);                  /* wiped before it was given back */
        ck_assert_ptr_null(t->gather.bytes);
        ck_assert_ptr_null(t->flight.bytes);
        peer_end(&p);
    }
}
END_TEST

static void alerted(enum tls_state state, const char *alert, const char *ground, const char *about)
{
    struct tls_peer p;
    peer_start(&p, &client);
    peer_to(&p, state);
    peer_record(&p, 21, alert, 2);
    /* only close_notify is answered, RFC 5246 §7.2.1 */
    peer_refused(&p, ground, alert[1] == TLS_ALERT_CLOSE_NOTIFY ? TLS_ALERT_CLOSE_NOTIFY : TLS_SAYS_NOTHING);
    ck_assert_str_eq(p.engine->fault.about, about);
    peer_end(&p);
}

START_TEST(alerts_received)
{
    alerted(WAIT_SERVER_HELLO, "\2\106", "tls.peer_needs_newer", "protocol_version");
    alerted(WAIT_SERVER_HELLO, "\2\50", "tls.peer_handshake_failure", "handshake_failure");
    alerted(WAIT_FINISHED, "\2\50", "tls.alert_received", "handshake_failure");
    alerted(CONNECTED, "\2\120", "tls.alert_received", "internal_error");
    alerted(WAIT_CERTIFICATE, "\2\377", "tls.alert_received", "of no name");
    alerted(WAIT_CERTIFICATE, "\1\0", "tls.closed_in_handshake", "WAIT_CERTIFICATE");
}
END_TEST

/* Other records between the parts of a message: nothing but alerts. */
START_TEST(nothing_between_the_parts)
{
    struct tls_peer p;
    uint8_t m[PEER_MESSAGE];
    peer_start(&p, &server);
    peer_to(&p, WAIT_CLIENT_KEY_EXCHANGE);
    size_t n = peer_make(&p, TLS_CLIENT_KEY_EXCHANGE, m);
    peer_record(&p, 22, m, n - 3);
    peer_record(&p, 20, "\1", 1);
    peer_refused(&p, "tls.unexpected_message", 10);
    peer_end(&p);
    peer_start(&p, &server);                           /* octets of the next message before ChangeCipherSpec */
    peer_to(&p, WAIT_CLIENT_KEY_EXCHANGE);
    n = peer_make(&p, TLS_CLIENT_KEY_EXCHANGE, m);
    m[n] = TLS_FINISHED;
    peer_record(&p, 22, m, n + 1);
    peer_record(&p, 20, "\1", 1);
    peer_refused(&p, "tls.unexpected_message", 10);
    peer_end(&p);
}
END_TEST

/* RFC 5246 §7.4.7.1: whatever is wrong with the pre-master secret, the same thing happens at the same
 * place. */
START_TEST(a_wrong_pre_master_secret_shows_late)
{
    for (int kind = 0; kind < 5; kind++) {
        struct tls_peer p;
        uint8_t m[PEER_MESSAGE];
        peer_start(&p, &rsa_server);
        peer_to(&p, WAIT_CLIENT_KEY_EXCHANGE);
        if (kind == 0)
            p.version = 0x0302;                        /* the version inside */
        size_t n = peer_make(&p, TLS_CLIENT_KEY_EXCHANGE, m);
        if (kind == 1)
            m[n - 1] ^= 1;                             /* the padding, then */
        if (kind == 2)
            memset(m + 6, 0xff, n - 6);                /* not below the modulus */
        if (kind == 3)
            memset(m + 6, 0, n - 6);
        if (kind == 4) {                               /* too short */
            n = 4 + 2 + 100;
            memcpy(m, "\20\0\0\146\0\144", 6);
        }
        peer_message(&p, m, n);
        ck_assert_int_eq(p.engine->says, TLS_WANTS);
        ck_assert_uint_eq(p.n_alerts, 0);
        peer_change_cipher_spec(&p);
        ck_assert_uint_eq(p.n_alerts, 0);
        n = peer_make(&p, TLS_FINISHED, m);
        peer_message(&p, m, n);
        peer_refused(&p, "tls.bad_record_mac", 20);
        peer_end(&p);
    }
}
END_TEST

/* The client's judgement of the chain ends the handshake with the alert for its ground. */
START_TEST(certificates)
{
    struct tls_pair p;
    pair_start(&p, &(struct pair_wish){ .suite = GCM, .host = "www.other.test" });
    ck_assert(!pair_shake(&p));
    ck_assert_str_eq(p.client.fault.ground->id, "x509.wrong_name");
    ck_assert_str_eq(p.client.fault.answer, "alert bad_certificate");
    ck_assert_str_eq(p.server.fault.ground->id, "tls.alert_received");
    pair_end(&p);
    pair_start(&p, &(struct pair_wish){ .suite = GCM, .host = "www.other.test", .insecure = true });
    ck_assert(pair_shake(&p));
    pair_end(&p);
    pair_configure(&p, &(struct pair_wish){ .suite = GCM });
    p.trust.n = 0;
    p.client.tls = tls_new(&p.client.config, PAIR_NOW, NULL);
    p.server.tls = tls_new(&p.server.config, PAIR_NOW, NULL);
    ck_assert(!pair_shake(&p));
    ck_assert_str_eq(p.client.fault.answer, "alert unknown_ca");
    pair_end(&p);
    const struct classroom *room;                      /* an ECDSA chain under an RSA suite */
    pair_classroom(KEY_P256, &room);
    struct tls_peer peer;
    uint8_t m[PEER_MESSAGE];
    peer_start(&peer, &client);
    peer_to(&peer, WAIT_CERTIFICATE);
    struct wire_out out = wire_into(m, sizeof m);
    write_certificate(&out, (struct der[]){ room->leaf.der, room->intermediate.der }, 2);
    peer_message(&peer, m, wire_written(&out));
    peer_refused(&peer, "tls.certificate_key", 47);
    peer_end(&peer);
    peer_start(&peer, &client);
    peer_to(&peer, WAIT_CERTIFICATE);
    peer_message(&peer, (const uint8_t *)"\13\0\0\3\0\0\0", 7);
    peer_refused(&peer, "tls.no_certificate", 50);
    peer_end(&peer);
}
END_TEST

START_TEST(what_has_failed_stays_failed)
{
    struct tls_peer p;
    struct fault why = { 0 };
    peer_start(&p, &server);
    peer_raw(&p, "GET ", 4);
    ck_assert_int_eq(tls_receive(p.engine->tls, &p.engine->in, &p.engine->out, PAIR_NOW, &why), TLS_FAILED);
    ck_assert_str_eq(why.ground->id, "tls.not_tls");
    ck_assert_uint_eq(tls_send(p.engine->tls, &p.engine->out, "x", 1, NULL), 0);
    ck_assert_uint_eq(tls_peek(p.engine->tls, &p.engine->in).n, 0);
    tls_close(p.engine->tls, &p.engine->out);
    ck_assert_uint_eq(ring_peek(&p.engine->out).n, 0);
    peer_end(&p);
}
END_TEST

int main(void)
{
    return check_run("tls_refusals", (const TTest *[]){
        one_wrong_field, signed_bad_points, bad_records, the_longest_message, garbage,
        content_too_long, tampered_records, records_too_short, replay, floods, renegotiation,
        hello_request_during_the_handshake_is_ignored, a_client_certificate_is_asked_for,
        without_extended_master_secret,
        alerts_received, nothing_between_the_parts, a_wrong_pre_master_secret_shows_late, certificates,
        what_has_failed_stays_failed, secrets_do_not_outlive_the_handshake, NULL });
}
