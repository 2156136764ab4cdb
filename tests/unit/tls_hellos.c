/* What the two hellos may say to each other: a ClientHello made by hand and what the server makes of it, what a client's
 * own has, and which ServerHello it takes. */
#include "tests/lib/check.h"
#include "tests/lib/tls_peer.h"
#include "tls/optional.h"

#include <sodium.h>
#include <string.h>

/* ---- a server's view ---- */

static size_t put_hello(uint8_t *m, unsigned version, const char *suites, size_t suites_n,
                        const char *extensions, size_t n)
{
    struct wire_out out = wire_into(m, PEER_MESSAGE);
    put_u8(&out, "", TLS_CLIENT_HELLO);
    struct put_block body = put_open(&out, "", 3);
    put_u16(&out, "", version);
    for (int i = 0; i < 32; i++)
        put_u8(&out, "", 7);
    put_u8(&out, "", 0);
    struct put_block list = put_open(&out, "", 2);
    put_bytes(&out, "", suites, suites_n);
    put_close(&out, list);
    put_u16(&out, "", 0x0100);
    if (extensions) {
        struct put_block block = put_open(&out, "", 2);
        put_bytes(&out, "", extensions, n);
        put_close(&out, block);
    }
    put_close(&out, body);
    return wire_written(&out);
}

struct hello {
    unsigned version;
    const char *suites; size_t n_suites;
    const char *extensions; size_t n;
    const char *ground; int alert;
};

START_TEST(hellos)
{
    static const char sigalgs[] = "\0\x0d\0\4\0\2\4\1";
    static const struct hello rows[] = {
        { 0x0303, "\0\x9c", 2, NULL, 0, NULL, 0 }, /* no extensions at all: RSA goes */
        { 0x0304, "\0\x9c", 2, NULL, 0, NULL, 0 }, /* a later version is answered with 1.2 */
        { 0x0303, "\xc0\x2f", 2, sigalgs, 8, NULL, 0 },                                /* no groups: P-256 */
        /* no signature_algorithms: SHA-1, RFC 9155 */
        { 0x0303, "\xc0\x2f", 2, NULL, 0, "tls.no_common_suite", 40 },
        { 0x0303, "\xc0\x2f", 2, "\0\x0d\0\4\0\2\4\1\0\x0a\0\4\0\2\0\x18", 16, "tls.no_common_suite", 40 },
        { 0x0303, "\xc0\x2f", 2, "\0\x0d\0\4\0\2\4\1\0\x0b\0\2\1\1", 14, "tls.point_formats", 47 },
        { 0x0303, "\0\x9c", 2, "\0\x0b\0\2\1\1", 6, "tls.point_formats", 47 },
        /* supported_versions: 1.3 alone */
        { 0x0303, "\0\x9c", 2, "\0\x2b\0\3\2\3\4", 7, "tls.version_too_old", 70 },
        { 0x0303, "\0\x9c", 2, "\0\x2b\0\5\4\3\4\3\3", 9, NULL, 0 },
        { 0x0302, "\0\x9c", 2, NULL, 0, "tls.version_too_old", 70 },
        { 0x0301, "\0\x9c", 2, NULL, 0, "tls.version_too_old", 70 },
        { 0x0300, "\0\x9c", 2, NULL, 0, "tls.version_too_old", 70 },            /* RFC 7627 §6.4: SSL 3 */
        { 0x0302, "\0\x9c\x56\0", 4, NULL, 0, "tls.inappropriate_fallback", 70 },
        { 0x0303, "\0\x9c\x56\0", 4, NULL, 0, NULL, 0 },
        { 0x0303, "\0\x9c", 2, "\xff\1\0\2\1\1", 6, "tls.renegotiation_info", 40 },
        /* GREASE is fine, the empty name list not */
        { 0x0303, "\0\x9c", 2, "\x0a\x0a\0\0\0\0\0\2\0\0", 10, "tls.client_hello_cut", 50 },
        { 0x0303, "\0\x9c", 2, "\x0a\x0a\0\1\0\0\0\0\6\0\4\0\0\1a", 15, NULL, 0 },
        /* two host names */
        { 0x0303, "\0\x9c", 2, "\0\0\0\x0a\0\10\0\0\1a\0\0\1b", 14, "tls.server_name", 47 },
        { 0x0303, "\0\x9c", 2, "\0\0\0\6\0\4\0\0\1\7", 10, "tls.server_name", 47 },
        { 0x0303, "\0\x9c", 2, "\0\x10\0\3\0\1\0", 7, "tls.client_hello_cut", 50 },       /* ALPN: an empty name */
        { 0x0303, "\0\x9c", 2, "\0\x10\0\2\0\0", 6, "tls.client_hello_cut", 50 },          /* and no name */
        { 0x0303, "\0\x9c", 2, "\0\x1c\0\2\0\x3f", 6, "tls.record_size_limit", 47 },
        { 0x0303, "\0\x9c", 2, "\0\x1c\0\2\0\x40", 6, NULL, 0 },
        { 0x0303, "\0\x9c", 2, "\0\x1c\0\2\xff\xff", 6, NULL, 0 },
        { 0x0303, "\0\x9c", 2, "\0\x1c\0\1\x40", 5, "tls.client_hello_cut", 50 },
        { 0x0303, "\0\x9c", 2, "\0\1\0\1\5", 5, "tls.max_fragment_length", 47 },
        { 0x0303, "\0\x9c", 2, "\0\1\0\1\0", 5, "tls.max_fragment_length", 47 },
        { 0x0303, "\0\x9c", 2, "\0\x16\0\1\0", 5, "tls.client_hello_cut", 50 },   /* encrypt_then_mac has nothing in it */
        { 0x0303, "\0\x9c", 2, "\0\x17\0\1\0", 5, "tls.client_hello_cut", 50 },   /* nor extended_master_secret */
        { 0x0303, "\0\x9c", 2, "\0\x17\0\0\0\x17\0\0", 8, "tls.extension_twice", 50 },
        { 0x0303, "\0\x9c", 2, "\0\x0a\0\2\0\0", 6, "tls.client_hello_cut", 50 },       /* no groups in the list */
        { 0x0303, "\0\x9c", 2, "\0\x0a\0\3\0\1\0", 7, "tls.client_hello_cut", 50 },     /* half a group */
        { 0x0303, "\0\x9c", 2, "\0\x15\0\4\0\0\0\0", 8, NULL, 0 },                    /* padding */
        /* RFC 7919 §4: a group for DHE that is known to nobody here */
        { 0x0303, "\0\x9e", 2, "\0\x0d\0\4\0\2\4\1\0\x0a\0\4\0\2\1\x23", 16, "tls.no_common_dh_group", 71 },
        { 0x0303, "\0\x9e\0\x9c", 4, "\0\x0d\0\4\0\2\4\1\0\x0a\0\4\0\2\1\x23", 16, NULL, 0 },
        { 0x0303, "\0\x9e", 2, sigalgs, 8, NULL, 0 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct tls_peer p;
        uint8_t m[PEER_MESSAGE];
        peer_start(&p, &(struct peer_wish){ .engine_is_server = true });
        size_t n = put_hello(m, rows[i].version, rows[i].suites, rows[i].n_suites, rows[i].extensions, rows[i].n);
        peer_message(&p, m, n);
        if (rows[i].ground)
            peer_refused(&p, rows[i].ground, rows[i].alert);
        else
            ck_assert_msg(peer_state(&p) == WAIT_CLIENT_KEY_EXCHANGE, "hello %zu: %s", i, p.engine->fault.came);
        peer_end(&p);
    }
}
END_TEST

/* A server and its answer to one hello. */
struct answer {
    struct tls_pair p;
    uint8_t flight[PEER_MESSAGE]; size_t n;           /* the messages of its first record */
    struct server_hello hello;
};

static void ask(struct answer *a, const uint8_t *m, size_t n)
{
    struct ring *in = &a->p.server.in;
    const uint8_t header[] = { 22, 3, 1, (uint8_t)(n >> 8), (uint8_t)n };
    a->p.server.tls = tls_new(&a->p.server.config, PAIR_NOW, NULL);
    ck_assert(ring_write(in, header, 5) == 5 && ring_write(in, m, n) == n);
    pair_run(&a->p.server);
    struct bytes b = ring_peek(&a->p.server.out);
    ck_assert_msg(b.n > 9 && b.at[0] == 22, "%s", a->p.server.fault.ground ? a->p.server.fault.ground->id : "no answer");
    a->n = (size_t)(b.at[3] << 8 | b.at[4]);
    ck_assert(a->n <= sizeof a->flight);
    memcpy(a->flight, b.at + 5, a->n);
    struct wire_in body = wire_over(a->flight + 4, (size_t)(a->flight[2] << 8 | a->flight[3]), NULL);
    ck_assert(read_server_hello(&body, &a->hello, NULL));
}

/* The extensions that a server with certificates of any name answers, bit for bit. */
static void answers(const char *suites, size_t n_suites, const char *extensions, size_t n, unsigned bits)
{
    struct answer a;
    uint8_t m[PEER_MESSAGE];
    pair_configure(&a.p, &(struct pair_wish){ 0 });
    a.p.server.config.encrypt_then_mac = true;
    ask(&a, m, put_hello(m, TLS_1_2, suites, n_suites, extensions, n));
    ck_assert_msg(a.hello.extensions.seen == bits, "0x%x, not 0x%x", a.hello.extensions.seen, bits);
    pair_end(&a.p);
}

/* RFC 5246 §7.4.1.4: only what was asked; RFC 5746 §3.6: the suite that is none asks, too. */
START_TEST(what_is_answered)
{
    answers("\0\x9c", 2, NULL, 0, 0);
    answers("\0\x9c\0\xff", 4, NULL, 0, EXT_RENEGOTIATION_INFO);
    answers("\0\xff\0\x9c", 4, "\xff\1\0\1\0", 5, EXT_RENEGOTIATION_INFO);
    answers("\0\x9c", 2, "\0\x17\0\0", 4, EXT_EXTENDED_MASTER_SECRET);
    answers("\0\x9c", 2, "\0\x16\0\0", 4, 0);                      /* RFC 7366 §3: not with an AEAD */
    answers("\0\x3c", 2, "\0\x16\0\0", 4, EXT_ENCRYPT_THEN_MAC);
    answers("\0\x9c", 2, "\0\x23\0\0", 4, 0);                      /* no tickets here */
    answers("\0\x9c", 2, "\0\1\0\1\1\0\x1c\0\2\1\0", 11, EXT_RECORD_SIZE_LIMIT);      /* RFC 8449 §5: of both, one */
}
END_TEST

/* The server has two certificates, the first for PAIR_HOST, the other not. */
static void have_names(struct tls_pair *p, struct tls_identity two[2], const struct classroom *room)
{
    two[0] = two[1] = p->identities[1];
    two[0].leaf = &room->leaf;
    two[1].leaf = &room->intermediate;
    p->server.config.identities = two;
    p->server.config.n_identities = 2;
}

/* RFC 6066 §3: the name that chose among certificates is answered, by nothing but its extension; an address chose none,
 * there is no choice where all have the name, and a session that is taken up again has its certificate from before. */
START_TEST(a_name_is_answered)
{
    static const struct { const char *suites, *extensions; size_t n, identities; unsigned bits; } rows[] = {
        { "\0\x9c", "\0\0\0\x15\0\x13\0\0\x10" PAIR_HOST, 25, 2, EXT_SERVER_NAME },
        { "\0\x9c", "\0\0\0\x15\0\x13\0\0\x10" PAIR_HOST, 25, 1, 0 },
        { "\0\x9c", "\0\0\0\x0e\0\x0c\0\0\x09" "192.0.2.1", 18, 2, 0 },
        { "\0\x9c", "\0\x17\0\0", 4, 2, EXT_EXTENDED_MASTER_SECRET } };
    const struct classroom *room;
    pair_classroom(KEY_RSA, &room);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct answer a;
        uint8_t m[PEER_MESSAGE];
        pair_configure(&a.p, &(struct pair_wish){ 0 });
        struct tls_identity two[2];
        have_names(&a.p, two, room);
        a.p.server.config.n_identities = rows[i].identities;
        ask(&a, m, put_hello(m, TLS_1_2, rows[i].suites, 2, rows[i].extensions, rows[i].n));
        ck_assert_uint_eq(a.hello.extensions.seen, rows[i].bits);
        pair_end(&a.p);
    }
}
END_TEST

/* RFC 5077 §3.4: who brings a ticket means the ticket, even where the id beside it is known here. */
START_TEST(a_ticket_goes_before_the_id)
{
    for (unsigned foreign = 0; foreign < 2; foreign++) {
        static const struct tls_suite *const suites[] = { &tls_suites[1] };
        static const uint16_t groups[] = { TLS_X25519 };
        const struct classroom *room;
        uint8_t m[PEER_MESSAGE], envelope[60] = { 9 };
        struct answer a;
        struct test_chance chance = test_chance(3);
        struct tls_tickets tickets;
        struct tls_sessions *sessions = tls_sessions_new(2, TLS_SESSION_LIFETIME);
        struct tls_session s = { .version = TLS_1_2, .suite = suites[0]->number, .extended_master_secret = true,
                                 .id_n = 32, .made = PAIR_NOW, .host = PAIR_HOST };
        const struct bytes ticket = { envelope, foreign ? sizeof envelope : 0 };
        tls_tickets_start(&tickets, &chance.chance, TLS_SESSION_LIFETIME);
        tls_sessions_put(sessions, &s);
        pair_configure(&a.p, &(struct pair_wish){ 0 });
        pair_classroom(KEY_RSA, &room);
        struct tls_identity two[2];
        have_names(&a.p, two, room);
        a.p.server.config.tickets = &tickets;
        a.p.server.config.sessions = sessions;
        struct wire_out out = wire_into(m, sizeof m);
        write_client_hello(&out, &(struct client_hello_wishes){
            .random = envelope, .suites = suites, .n_suites = 1, .groups = groups, .n_groups = 1,
            .sigalgs = tls_sigalgs, .n_sigalgs = tls_n_sigalgs, .server_name = PAIR_HOST,
            .session_id = { s.id, 32 }, .ticket = &ticket });
        ask(&a, m, wire_written(&out));
        ck_assert_int_eq(tls_facts_of(a.p.server.tls)->resumed, !foreign);
        ck_assert_int_eq((a.hello.extensions.seen & EXT_SERVER_NAME) != 0, foreign);
        pair_end(&a.p);
        tls_sessions_free(sessions);
    }
}
END_TEST

/* ---- a client's own ---- */

static void says(struct tls_pair *p, struct client_hello *h)
{
    p->client.tls = tls_new(&p->client.config, PAIR_NOW, NULL);
    pair_run(&p->client);
    struct bytes b = ring_peek(&p->client.out);
    struct wire_in in = wire_over(b.at + 9, b.n - 9, NULL);
    ck_assert(b.n > 9 && read_client_hello(&in, h, NULL));
}

/* RFC 6066 §3: an address is no name; RFC 8422 §4: without ECDHE there is no talk of curves. */
START_TEST(what_a_client_leaves_out)
{
    static const uint8_t address[] = { 192, 0, 2, 1 };
    static const struct tls_suite *rsa[1];
    struct tls_pair p;
    struct client_hello h;
    pair_configure(&p, &(struct pair_wish){ 0 });
    p.client.config.host = "192.0.2.1";
    p.client.config.ip = (struct bytes){ address, sizeof address };
    says(&p, &h);
    ck_assert(!(h.extensions.seen & EXT_SERVER_NAME));
    ck_assert(h.extensions.seen & EXT_SUPPORTED_GROUPS && h.extensions.seen & EXT_EC_POINT_FORMATS);
    pair_end(&p);
    rsa[0] = tls_suite_of(0x009c);
    pair_configure(&p, &(struct pair_wish){ 0 });
    p.client.config.suites = rsa;
    p.client.config.n_suites = 1;
    says(&p, &h);
    ck_assert(h.extensions.seen & EXT_SERVER_NAME);
    ck_assert(!(h.extensions.seen & (EXT_SUPPORTED_GROUPS | EXT_EC_POINT_FORMATS)));
    pair_end(&p);
}
END_TEST

/* RFC 5246 §7.4.1.2, RFC 7627 §5.3: a session is offered with its suite among the others, and only where it has the
 * extended master secret. */
START_TEST(when_a_session_is_offered)
{
    static const struct tls_suite *others[1];
    others[0] = tls_suite_of(0xcca8);
    for (unsigned i = 0; i < 3; i++) {
        static struct tls_resumable r;
        struct tls_pair p;
        struct client_hello h;
        r = (struct tls_resumable){ .session = { .version = TLS_1_2, .suite = 0xc02f, .extended_master_secret = i != 1,
                                                 .id_n = 32, .made = PAIR_NOW, .host = PAIR_HOST }, .got = PAIR_NOW };
        pair_configure(&p, &(struct pair_wish){ 0 });
        p.client.config.session = &r;
        p.client.config.suites = i == 2 ? others : p.client.config.suites;
        p.client.config.n_suites = i == 2 ? 1 : p.client.config.n_suites;
        says(&p, &h);
        ck_assert_uint_eq(h.session_id.n, i ? 0 : 32);
        ck_assert(i || list_has(h.suites, 0xc02f));
        ck_assert(h.extensions.seen & EXT_EXTENDED_MASTER_SECRET);
        pair_end(&p);
    }
}
END_TEST

/* RFC 7685 §1: no hello of 256 to 511 octets, whatever the name. RFC 7507 §4: the SCSV where it was asked for. */
START_TEST(how_long_a_hello_is)
{
    static const char label[] = "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghij.";
    bool padded = false, short_one = false;
    for (size_t more = 0; more < 240; more += 3) {
        char host[256];
        struct tls_pair p;
        struct client_hello h;
        for (size_t i = 0; i < more; i++)
            host[i] = label[i % (sizeof label - 1)];
        snprintf(host + more, sizeof host - more, "example");
        pair_configure(&p, &(struct pair_wish){ .host = host, .suite = "ECDHE-RSA-AES128-GCM-SHA256" });
        p.client.config.n_suites = 6;
        p.client.config.fallback = more % 2;
        says(&p, &h);
        size_t n = ring_peek(&p.client.out).n - 5;
        ck_assert_msg(n < 256 || n >= 512, "%zu octets", n);
        padded |= n >= 512;
        short_one |= n < 256;
        ck_assert_int_eq(list_has(h.suites, TLS_FALLBACK_SCSV), more % 2);
        pair_end(&p);
    }
    ck_assert(padded && short_one);
}
END_TEST

/* ---- a client's view ---- */

/* A client that has asked for much, whose ServerHello has these octets as its extensions. */
static void hear(struct tls_peer *p, const char *extensions, size_t n)
{
    static const char *const protocols[] = { "http/1.1" };
    uint8_t m[PEER_MESSAGE];
    peer_start(p, &(struct peer_wish){ .suite = "ECDHE-RSA-AES128-GCM-SHA256" });
    tls_free(p->engine->tls);
    p->engine->config.protocols = protocols;
    p->engine->config.n_protocols = 1;
    p->engine->config.encrypt_then_mac = true;
    p->engine->config.max_fragment = 2;
    p->engine->config.record_size_limit = 700;
    p->engine->tls = tls_new(&p->engine->config, PAIR_NOW, NULL);
    transcript_start(&p->transcript, NULL);
    peer_raw(p, NULL, 0);
    size_t whole = peer_make(p, TLS_SERVER_HELLO, m) - 9;          /* which ends with 9 octets of extensions */
    ck_assert(n < 64);
    m[whole - 1] = (uint8_t)n;
    memcpy(m + whole, extensions, n);
    m[3] = (uint8_t)(whole + n - 4);
    peer_message(p, m, whole + n);
}

START_TEST(answers_that_are_refused)
{
    static const struct { const char *octets; size_t n; const char *ground; int alert; } rows[] = {
        { "\xff\1\0\1\0", 5, NULL, 0 },
        /* RFC 5746 §3.4, §4.1: left out, or bound to a handshake that there was not */
        { "\0\x17\0\0", 4, "tls.no_secure_renegotiation", TLS_ALERT_HANDSHAKE_FAILURE },
        { "\xff\1\0\2\1\xaa", 6, "tls.renegotiation_info", TLS_ALERT_HANDSHAKE_FAILURE },
        { "\xff\1\0\x0d\x0c" "abcdefghijkl", 17, "tls.renegotiation_info", TLS_ALERT_HANDSHAKE_FAILURE },
        { "\xff\1\0\0", 4, "tls.server_hello_cut", TLS_ALERT_DECODE_ERROR },
        /* RFC 6066 §4: the length asked for, and no other */
        { "\xff\1\0\1\0\0\1\0\1\2", 10, NULL, 0 },
        { "\xff\1\0\1\0\0\1\0\1\1", 10, "tls.max_fragment_length", TLS_ALERT_ILLEGAL_PARAMETER },
        { "\xff\1\0\1\0\0\1\0\1\3", 10, "tls.max_fragment_length", TLS_ALERT_ILLEGAL_PARAMETER },
        { "\xff\1\0\1\0\0\1\0\1\0", 10, "tls.max_fragment_length", TLS_ALERT_ILLEGAL_PARAMETER },
        /* RFC 8449 §4, §5: a limit that can be, and not both kinds */
        { "\xff\1\0\1\0\0\x1c\0\2\0\x40", 11, NULL, 0 },
        { "\xff\1\0\1\0\0\x1c\0\2\0\x3f", 11, "tls.record_size_limit", TLS_ALERT_ILLEGAL_PARAMETER },
        { "\xff\1\0\1\0\0\x1c\0\2\x40\1", 11, "tls.record_size_limit", TLS_ALERT_ILLEGAL_PARAMETER },
        { "\xff\1\0\1\0\0\1\0\1\2\0\x1c\0\2\1\0", 16, "tls.record_size_limit", TLS_ALERT_ILLEGAL_PARAMETER },
        /* RFC 7366 §3: an AEAD has no MAC to go behind */
        { "\xff\1\0\1\0\0\x16\0\0", 9, "tls.encrypt_then_mac", TLS_ALERT_ILLEGAL_PARAMETER },
        { "\xff\1\0\1\0\0\x16\0\1\0", 10, "tls.server_hello_cut", TLS_ALERT_DECODE_ERROR },
        /* RFC 8422 §5.2: a server's list has the uncompressed form */
        { "\xff\1\0\1\0\0\x0b\0\2\1\0", 11, NULL, 0 },
        { "\xff\1\0\1\0\0\x0b\0\2\1\1", 11, "tls.point_formats", TLS_ALERT_ILLEGAL_PARAMETER },
        /* RFC 7301 §3.1: one of ours, once */
        { "\xff\1\0\1\0\0\x10\0\x0b\0\x09\x08http/1.1", 20, NULL, 0 },
        { "\xff\1\0\1\0\0\x10\0\5\0\3\2h2", 14, "tls.protocol_not_offered", TLS_ALERT_ILLEGAL_PARAMETER },
        { "\xff\1\0\1\0\0\x10\0\x0e\0\x0c\x08http/1.1\2h2", 23, "tls.server_hello_cut", TLS_ALERT_DECODE_ERROR },
        /* RFC 6066 §3: that the name was heard, and nothing more */
        { "\xff\1\0\1\0\0\0\0\0", 9, NULL, 0 },
        { "\xff\1\0\1\0\0\0\0\1\0", 10, "tls.server_hello_cut", TLS_ALERT_DECODE_ERROR },
        /* known here, and not asked for */
        { "\0\x0d\0\4\0\2\4\1\xff\1\0\1\0", 13, "tls.extension_not_offered", TLS_ALERT_UNSUPPORTED_EXTENSION },
        { "\0\5\0\0\xff\1\0\1\0", 9, "tls.extension_not_offered", TLS_ALERT_UNSUPPORTED_EXTENSION },
        { "\0\x2b\0\2\3\3\xff\1\0\1\0", 11, "tls.extension_not_offered", TLS_ALERT_UNSUPPORTED_EXTENSION },
        { "\xff\1\0\1\0\xff\1\0\1\0", 10, "tls.extension_twice", TLS_ALERT_DECODE_ERROR },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct tls_peer p;
        hear(&p, rows[i].octets, rows[i].n);
        if (rows[i].ground)
            peer_refused(&p, rows[i].ground, rows[i].alert);
        else
            ck_assert_msg(peer_state(&p) == WAIT_CERTIFICATE, "answer %zu: %s", i, p.engine->fault.came);
        peer_end(&p);
    }
}
END_TEST

/* RFC 5246 §7.4.4: a key of the types that the request lists, though the algorithms would allow more. */
START_TEST(a_request_for_another_type)
{
    static const uint8_t types[] = { TLS_RSA_SIGN, TLS_ECDSA_SIGN };
    for (unsigned i = 0; i < 2; i++) {
        const uint8_t m[] = { TLS_CERTIFICATE_REQUEST, 0, 0, 10, 1, types[i], 0, 4, 4, 3, 4, 1, 0, 0 };
        struct tls_peer p;
        peer_start(&p, &(struct peer_wish){ .suite = "ECDHE-RSA-AES128-GCM-SHA256" });
        tls_free(p.engine->tls);
        p.engine->config.identities = p.pair.identities;           /* the first: a key for ECDSA */
        p.engine->config.n_identities = 1;
        p.engine->tls = tls_new(&p.engine->config, PAIR_NOW, NULL);
        transcript_start(&p.transcript, NULL);
        peer_raw(&p, NULL, 0);
        peer_to(&p, WAIT_REQUEST_OR_DONE);
        peer_message(&p, m, sizeof m);
        ck_assert_int_eq(tls_facts_of(p.engine->tls)->client_known, types[i] == TLS_ECDSA_SIGN);
        peer_end(&p);
    }
}
END_TEST

int main(void)
{
    if (sodium_init() < 0)
        return 1;
    return check_run("tls_hellos", (const TTest *[]){
        hellos, what_is_answered, a_name_is_answered, a_ticket_goes_before_the_id, what_a_client_leaves_out, when_a_session_is_offered,
        how_long_a_hello_is,
        answers_that_are_refused, a_request_for_another_type, NULL });
}
