/* What a server takes of what a client offers, and what the client then believes: certificate, suite, group, signature
 * algorithm, protocol, limits. Two engines, or one and a ClientHello made by hand. */
#include "tests/lib/check.h"
#include "tests/lib/tls_peer.h"
#include "tls/alerts.h"

#include <string.h>

static struct tls_pair pair;

static void begin(const char *suite) { pair_configure(&pair, &(struct pair_wish){ .suite = suite }); }

/* Both go; what the client got. */
static const struct tls_facts *shaken(void)
{
    pair.client.tls = tls_new(&pair.client.config, PAIR_NOW, NULL);
    pair.server.tls = tls_new(&pair.server.config, PAIR_NOW, NULL);
    ck_assert(pair.client.tls && pair.server.tls);
    ck_assert_msg(pair_shake(&pair), "client: %s, server: %s",
                  pair.client.fault.ground ? pair.client.fault.ground->id : "waits",
                  pair.server.fault.ground ? pair.server.fault.ground->id : "waits");
    return tls_facts_of(pair.client.tls);
}

static void refused(struct pair_side *side, const char *ground)
{
    pair.client.tls = tls_new(&pair.client.config, PAIR_NOW, NULL);
    pair.server.tls = tls_new(&pair.server.config, PAIR_NOW, NULL);
    pair_pump(&pair);
    ck_assert_ptr_nonnull(side->fault.ground);
    ck_assert_str_eq(side->fault.ground->id, ground);
    pair_end(&pair);
}

/* ---- groups ---- */

START_TEST(dhe_takes_a_group_that_the_client_named)
{
    static const uint16_t clients[] = { TLS_X25519, TLS_FFDHE3072, TLS_FFDHE2048 }, servers[] = { TLS_X25519,
        TLS_FFDHE2048, TLS_FFDHE3072 };
    for (unsigned by_client = 0; by_client < 2; by_client++) {
        begin("DHE-RSA-AES128-GCM-SHA256");
        pair.client.config.groups = clients;
        pair.server.config.groups = servers;
        pair.server.config.client_order = by_client;
        const struct tls_facts *f = shaken();
        ck_assert_uint_eq(f->group, by_client ? TLS_FFDHE3072 : TLS_FFDHE2048);
        ck_assert_int_eq(f->exchange, by_client ? EXCHANGE_FFDHE3072 : EXCHANGE_FFDHE2048);
        pair_end(&pair);
    }
}
END_TEST

/* RFC 7919 §4: a client that names no group modulo a prime does not know of them, and gets ours; one that names only
 * others gets another suite, or none. */
START_TEST(dhe_without_groups_of_the_client)
{
    static const uint16_t curve[] = { TLS_X25519 }, foreign[] = { TLS_X25519, 260 };
    static const struct tls_suite *both[2];
    begin("DHE-RSA-AES128-GCM-SHA256");
    pair.client.config.groups = curve;
    pair.client.config.n_groups = 1;
    ck_assert_uint_eq(shaken()->group, TLS_FFDHE2048);
    pair_end(&pair);
    begin("DHE-RSA-AES128-GCM-SHA256");
    pair.client.config.groups = foreign;
    pair.client.config.n_groups = 2;
    refused(&pair.server, "tls.no_common_dh_group");
    both[0] = tls_suite_of(0x009e);
    both[1] = tls_suite_of(0x009c);
    begin(NULL);
    pair.client.config.groups = foreign;
    pair.client.config.n_groups = 2;
    pair.server.config.suites = both;
    pair.server.config.n_suites = 2;
    ck_assert_uint_eq(shaken()->suite->number, 0x009c);
    pair_end(&pair);
}
END_TEST

START_TEST(every_group)
{
    for (size_t i = 0; i < tls_n_groups; i++) {
        const bool ffdhe = tls_group_is_ffdhe(tls_groups[i]);
        begin(ffdhe ? "DHE-RSA-CHACHA20-POLY1305" : "ECDHE-RSA-AES256-GCM-SHA384");
        pair.client.config.groups = pair.server.config.groups = tls_groups;
        pair.client.config.n_groups = tls_n_groups;
        pair.server.config.groups = &tls_groups[i];
        pair.server.config.n_groups = 1;
        ck_assert_uint_eq(shaken()->group, tls_groups[i]);
        ck_assert_uint_eq(tls_facts_of(pair.server.tls)->group, tls_groups[i]);
        pair_end(&pair);
    }
}
END_TEST

/* Of DHE, a prime that nobody vouches for, one that is too short, a generator that gives little away, a value that is
 * none (MUSEUM: Logjam, CVE-2015-4000; RFC 7919 §5.1). */
START_TEST(dhe_parameters_that_are_refused)
{
    static const struct { const char *what, *ground; int alert; } rows[] = {
        { "composite", "tls.dh_group", 71 },  { "short", "tls.dh_group", 71 },     { "generator 1", "tls.dh_group", 71 },
        { "value 0", "tls.bad_dh_value", 47 }, { "value 1", "tls.bad_dh_value", 47 },
        { "value p - 1", "tls.bad_dh_value", 47 }, { "value p", "tls.bad_dh_value", 47 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct tls_peer p;
        const struct classroom *room;
        uint8_t m[PEER_MESSAGE], params[1100], value[256] = { 0 }, prime[256], text[1200], signature[SIGNATURE_MAX];
        peer_start(&p, &(struct peer_wish){ .suite = "DHE-RSA-AES128-GCM-SHA256" });
        peer_to(&p, WAIT_SERVER_KEY_EXCHANGE);
        memcpy(prime, exchange_prime(EXCHANGE_FFDHE2048), 256);
        memcpy(value, prime, 256);
        value[255]--;                                  /* p - 1 */
        uint8_t g = 2;
        size_t p_n = 256;
        switch (i) {
        case 0: prime[100] ^= 1; value[0] >>= 1; break;
        case 1: p_n = 64; value[0] >>= 1; break;
        case 2: g = 1; value[0] >>= 1; break;
        case 3: memset(value, 0, 256); break;
        case 4: memset(value, 0, 256); value[255] = 1; break;
        case 5: break;
        default: value[255]++;
        }
        struct wire_out to = wire_into(params, sizeof params);
        write_dh_params(&to, (struct bytes){ prime, p_n }, (struct bytes){ &g, 1 }, value, 256);
        struct bytes written = { params, wire_written(&to) };
        pair_classroom(KEY_RSA, &room);
        memcpy(text, p.client_random, 32);
        memcpy(text + 32, p.server_random, 32);
        memcpy(text + 64, params, written.n);
        size_t n = key_sign(&room->leaf_key, &p.pair.client.chance.chance,
                            (struct sign_scheme){ SIGN_PKCS1, HASH_SHA256 }, text, 64 + written.n, signature, NULL);
        to = wire_into(m, sizeof m);
        write_server_key_exchange(&to, written, TLS_RSA_PKCS1_SHA256, signature, n);
        peer_message(&p, m, wire_written(&to));
        ck_assert_msg(p.engine->fault.ground != NULL, "%s was taken", rows[i].what);
        peer_refused(&p, rows[i].ground, rows[i].alert);
        peer_end(&p);
    }
}
END_TEST

/* ---- order, signatures ---- */

START_TEST(the_order_of_either)
{
    static const struct tls_suite *clients[2], *servers[2];
    clients[0] = servers[1] = tls_suite_of(0xcca8);
    clients[1] = servers[0] = tls_suite_of(0xc030);
    static const uint16_t clients_groups[] = { TLS_SECP256R1, TLS_X25519 };
    for (unsigned by_client = 0; by_client < 2; by_client++) {
        begin(NULL);
        pair.client.config.suites = clients;
        pair.server.config.suites = servers;
        pair.client.config.n_suites = pair.server.config.n_suites = 2;
        pair.client.config.groups = clients_groups;
        pair.client.config.n_groups = 2;
        pair.server.config.client_order = by_client;
        const struct tls_facts *f = shaken();
        ck_assert_uint_eq(f->suite->number, by_client ? 0xcca8 : 0xc030);
        ck_assert_uint_eq(f->group, by_client ? TLS_SECP256R1 : TLS_X25519);
        pair_end(&pair);
    }
}
END_TEST

/* The client's order decides within a rank, and nowhere else. */
START_TEST(suites_of_one_rank)
{
    enum { AES256 = 0xc030, CHACHA = 0xcca8, RSA = 0x009d };
    static const uint8_t ranks[] = { 0, 0, 1 };
    static const struct { unsigned client[3]; size_t n; unsigned chosen; } rows[] = {
        { { CHACHA, AES256, RSA }, 3, CHACHA }, { { AES256, CHACHA, RSA }, 3, AES256 }, { { RSA, CHACHA }, 2, CHACHA },
        { { RSA, AES256 }, 2, AES256 }, { { RSA }, 1, RSA } };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct tls_suite *clients[3], *servers[] = { tls_suite_of(AES256), tls_suite_of(CHACHA), tls_suite_of(RSA) };
        for (size_t k = 0; k < rows[i].n; k++)
            clients[k] = tls_suite_of(rows[i].client[k]);
        begin(NULL);
        pair.client.config.suites = clients;
        pair.client.config.n_suites = rows[i].n;
        pair.server.config.suites = servers;
        pair.server.config.n_suites = 3;
        pair.server.config.suite_ranks = ranks;
        ck_assert_uint_eq(shaken()->suite->number, rows[i].chosen);
        pair_end(&pair);
    }
}
END_TEST

START_TEST(every_signature_algorithm)
{
    for (size_t i = 0; i < tls_n_legacy_sigalgs; i++) {
        enum key_kind key;
        struct sign_scheme scheme;
        ck_assert(tls_sigalg_of(tls_sigalgs[i], &key, &scheme));
        if (key != KEY_RSA && key != KEY_P256)
            continue;                                  /* the classroom has no such certificate */
        begin(key == KEY_RSA ? "ECDHE-RSA-AES128-GCM-SHA256" : "ECDHE-ECDSA-AES128-GCM-SHA256");
        pair.server.config.sigalgs = &tls_sigalgs[i];
        pair.server.config.n_sigalgs = 1;
        pair.client.config.legacy = scheme.hash == HASH_SHA1;
        ck_assert_uint_eq(shaken()->sigalg, tls_sigalgs[i]);
        pair_end(&pair);
    }
}
END_TEST

/* RFC 9155: without the old ways nobody is signed for with SHA-1, and no such signature is taken. */
START_TEST(sha1_needs_legacy)
{
    static const uint16_t sha1[] = { TLS_RSA_PKCS1_SHA1 };
    begin("ECDHE-RSA-AES128-GCM-SHA256");
    pair.client.config.sigalgs = sha1;
    pair.client.config.n_sigalgs = 1;
    refused(&pair.server, "tls.no_common_suite");
    begin("ECDHE-RSA-AES128-GCM-SHA256");
    pair.client.config.sigalgs = sha1;
    pair.client.config.n_sigalgs = 1;
    pair.server.config.legacy = true;
    ck_assert_uint_eq(shaken()->sigalg, TLS_RSA_PKCS1_SHA1);
    pair_end(&pair);
}
END_TEST

/* ---- names ---- */

START_TEST(a_certificate_by_name)
{
    static struct classroom bank;
    struct test_chance chance = test_chance(7);
    struct fault why = { 0 };
    const struct classroom *room;
    pair_classroom(KEY_RSA, &room);
    ck_assert(classroom_issue(&bank, KEY_RSA, "www.bank.test", PAIR_NOW, &chance.chance, &why));
    const struct der chains[2][2] = { { bank.leaf.der, bank.intermediate.der }, { room->leaf.der, room->intermediate.der } };
    const struct tls_identity identities[] = {
        { .chain = chains[0], .n = 2, .key = &bank.leaf_key, .leaf = &bank.leaf },
        { .chain = chains[1], .n = 2, .key = &room->leaf_key, .leaf = &room->leaf } };
    static const struct { const char *host, *leaf; } rows[] = {
        { "www.bank.test", "CN=www.bank.test" }, { PAIR_HOST, "CN=" PAIR_HOST }, { "WWW.Bank.Test", "CN=www.bank.test" } };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        pair_configure(&pair, &(struct pair_wish){ .suite = "ECDHE-RSA-AES128-GCM-SHA256", .host = rows[i].host,
                                                   .insecure = true });
        pair.server.config.identities = identities;
        ck_assert_str_eq(shaken()->leaf, rows[i].leaf);
        pair_end(&pair);
    }
    pair_configure(&pair, &(struct pair_wish){ .suite = "ECDHE-RSA-AES128-GCM-SHA256", .host = "www.other.test" });
    pair.server.config.identities = identities;
    refused(&pair.server, "tls.unrecognized_name");
}
END_TEST

/* ---- protocols ---- */

START_TEST(a_protocol_is_agreed_on)
{
    static const char *const clients[] = { "h2", "http/1.1", "http/1.0" }, *const servers[] = { "http/1.0", "http/1.1" },
                      *const others[] = { "ftp" };
    begin("ECDHE-RSA-AES128-GCM-SHA256");
    pair.client.config.protocols = clients;
    pair.client.config.n_protocols = 3;
    pair.server.config.protocols = servers;
    pair.server.config.n_protocols = 2;
    ck_assert_str_eq(shaken()->protocol, "http/1.0");
    ck_assert_str_eq(tls_facts_of(pair.server.tls)->protocol, "http/1.0");
    pair_end(&pair);
    begin("ECDHE-RSA-AES128-GCM-SHA256");
    pair.client.config.protocols = clients;
    pair.client.config.n_protocols = 3;
    ck_assert_ptr_null(shaken()->protocol);            /* a server that knows nothing of it says nothing of it */
    pair_end(&pair);
    begin("ECDHE-RSA-AES128-GCM-SHA256");
    pair.client.config.protocols = others;
    pair.client.config.n_protocols = 1;
    pair.server.config.protocols = servers;
    pair.server.config.n_protocols = 2;
    refused(&pair.server, "tls.no_protocol");
}
END_TEST

/* ---- records ---- */

static size_t sizes[128], n_sizes;

/* The content of each record that one side sends for n octets, at a time. */
static void sent_as(struct pair_side *from, struct pair_side *to, size_t n)
{
    static uint8_t octets[1 << 17];
    size_t at = 0, before = to->got_n;
    n_sizes = 0;
    while (at < n) {
        size_t took = tls_send(from->tls, &from->out, octets + at, n - at, NULL);
        ck_assert(took && n_sizes < sizeof sizes / sizeof *sizes);
        sizes[n_sizes++] = took;
        at += took;
        pair_pump(&pair);
    }
    ck_assert_uint_eq(to->got_n - before, n);
}

/* The first octets show with the first segment; what follows costs least; after a pause it begins anew. */
START_TEST(records_grow)
{
    begin("ECDHE-RSA-AES128-GCM-SHA256");
    shaken();
    sent_as(&pair.server, &pair.client, 100000);
    ck_assert_uint_eq(sizes[0], 1396);
    ck_assert_uint_eq(sizes[46], 1396);                /* 47 of them: more than 65536 octets */
    ck_assert_uint_eq(sizes[47], 16384);
    pair.client.got_n = 0;
    sent_as(&pair.server, &pair.client, 20000);
    ck_assert_uint_eq(sizes[0], 16384);
    pair.client.got_n = 0;
    pair.server.now = PAIR_NOW + SECOND;
    pair_pump(&pair);
    sent_as(&pair.server, &pair.client, 20000);
    ck_assert_uint_eq(sizes[0], 1396);
    pair_end(&pair);
}
END_TEST

/* RFC 9325 §4.4: with AES-GCM a key seals 2^24.5 records and no more, but for the alert that says so. */
START_TEST(a_key_wears_out)
{
    static const struct { const char *suite; bool wears; } rows[] = {
        { "ECDHE-RSA-AES128-GCM-SHA256", true }, { "ECDHE-RSA-AES256-GCM-SHA384", true },
        { "ECDHE-RSA-CHACHA20-POLY1305", false } };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        begin(rows[i].suite);
        shaken();
        pair.server.tls->writing.sequence = pair.client.tls->reading.sequence = RECORD_GCM_MOST - 1;
        sent_as(&pair.server, &pair.client, 10);
        ck_assert_uint_eq(tls_send(pair.server.tls, &pair.server.out, sizes, 10, NULL), rows[i].wears ? 0 : 10);
        pair_pump(&pair);
        ck_assert_int_eq(pair.server.says, rows[i].wears ? TLS_FAILED : TLS_WANTS);
        if (rows[i].wears) {
            ck_assert_str_eq(pair.server.fault.ground->id, "tls.key_worn");
            ck_assert_str_eq(pair.client.fault.about, "internal_error");
        }
        pair_end(&pair);
    }
}
END_TEST

START_TEST(limits_are_kept)
{
    static const struct { unsigned clients, servers, fragment; size_t down, up; } rows[] = {
        { 64, 0, 0, 64, 16384 }, { 200, 100, 0, 200, 100 }, { 16384, 0, 0, 1396, 1396 }, { 0, 0, 1, 512, 512 },
        { 0, 0, 2, 1024, 1024 },  { 300, 0, 2, 300, 16384 } };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (unsigned cbc = 0; cbc < 2; cbc++) {
            begin(cbc ? "ECDHE-RSA-AES128-SHA256" : "ECDHE-RSA-AES128-GCM-SHA256");
            pair.client.config.record_size_limit = (uint16_t)rows[i].clients;
            pair.server.config.record_size_limit = (uint16_t)rows[i].servers;
            pair.client.config.max_fragment = (uint8_t)rows[i].fragment;
            shaken();
            sent_as(&pair.server, &pair.client, 3000);
            ck_assert_uint_eq(sizes[0], rows[i].down < 1396 ? rows[i].down : 1396);
            sent_as(&pair.client, &pair.server, 3000);
            ck_assert_uint_eq(sizes[0], rows[i].up < 1396 ? rows[i].up : 1396);
            pair_end(&pair);
        }
}
END_TEST

/* A limit of our own holds for every record, the unsealed ones of the certificate too; the peer's may be lower. */
START_TEST(a_limit_of_our_own)
{
    static const struct { unsigned own, theirs; size_t most; } rows[] = { { 512, 0, 512 }, { 512, 300, 300 }, { 20000, 0, 1396 } };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        begin("ECDHE-RSA-AES128-GCM-SHA256");
        pair.server.config.send_limit = (uint16_t)rows[i].own;
        pair.client.config.record_size_limit = (uint16_t)rows[i].theirs;
        pair.client.tls = tls_new(&pair.client.config, PAIR_NOW, NULL);
        pair.server.tls = tls_new(&pair.server.config, PAIR_NOW, NULL);
        pair_run(&pair.client);
        pair_wire(&pair.client, &pair.server, SIZE_MAX);
        pair_run(&pair.server);
        struct bytes b = ring_peek(&pair.server.out);
        ck_assert_uint_le((size_t)(b.at[3] << 8 | b.at[4]), rows[i].own);
        ck_assert(pair_shake(&pair));
        sent_as(&pair.server, &pair.client, 3000);
        ck_assert_uint_eq(sizes[0], rows[i].most);
        pair_end(&pair);
    }
}
END_TEST

/* RFC 8449 §4: a limit below 64 is never said, nor one that no record can have. */
START_TEST(limits_that_cannot_be)
{
    static const struct { uint16_t limit; uint8_t fragment; } rows[] = { { 1, 0 }, { 63, 0 }, { 16385, 0 }, { 0, 5 } };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct fault why = { 0 };
        begin(NULL);
        pair.client.config.record_size_limit = rows[i].limit;
        pair.client.config.max_fragment = rows[i].fragment;
        ck_assert_ptr_null(tls_new(&pair.client.config, PAIR_NOW, &why));
        ck_assert_str_eq(why.ground->id, "tls.config");
        pair_end(&pair);
    }
}
END_TEST

/* RFC 8449 §4: who sends more than the other takes is refused. */
START_TEST(a_record_beyond_the_limit)
{
    begin("ECDHE-RSA-AES128-GCM-SHA256");
    pair.client.config.record_size_limit = 500;
    shaken();
    pair.server.tls->send_most = 501;
    ck_assert_uint_eq(tls_send(pair.server.tls, &pair.server.out, sizes, 501, NULL), 501);
    pair_pump(&pair);
    ck_assert_str_eq(pair.client.fault.ground->id, "tls.record_overflow");
    pair_end(&pair);
}
END_TEST

/* RFC 6066 §4: ... by its header alone, so that nothing is decrypted; what padding may add is let pass. */
START_TEST(a_header_beyond_the_limit)
{
    static const struct { const char *suite; size_t more; } rows[] = {
        { "ECDHE-RSA-AES128-GCM-SHA256", 8 + 16 }, { "ECDHE-RSA-CHACHA20-POLY1305", 16 },
        { "AES128-SHA", 16 + 20 + 256 } };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t over = 0; over < 2; over++) {
            static uint8_t zeros[1024];
            const size_t n = 512 + rows[i].more + over;
            const uint8_t header[] = { 23, 3, 3, (uint8_t)(n >> 8), (uint8_t)n };
            begin(rows[i].suite);
            pair.client.config.max_fragment = 1;
            shaken();
            ck_assert_uint_eq(ring_write(&pair.client.in, header, 5), 5);
            pair_run(&pair.client);
            ck_assert_int_eq(pair.client.says, over ? TLS_FAILED : TLS_WANTS);
            ring_write(&pair.client.in, zeros, n);
            pair_run(&pair.client);
            ck_assert_str_eq(pair.client.fault.ground->id, over ? "tls.record_overflow" : "tls.bad_record_mac");
            pair_end(&pair);
        }
}
END_TEST

START_TEST(encrypt_then_mac_is_agreed_on)
{
    static const char *const suites[] = { "ECDHE-RSA-AES128-SHA", "ECDHE-ECDSA-AES128-SHA256", "ECDHE-RSA-AES256-SHA384",
                                          "AES256-SHA256", "ECDHE-RSA-AES128-GCM-SHA256" };
    for (size_t i = 0; i < sizeof suites / sizeof *suites; i++)
        for (unsigned who = 0; who < 4; who++) {
            begin(suites[i]);
            pair.client.config.encrypt_then_mac = who & 1;
            pair.server.config.encrypt_then_mac = who & 2;
            bool agreed = shaken()->encrypt_then_mac;
            ck_assert(agreed == (who == 3 && i < 4));
            ck_assert(tls_facts_of(pair.server.tls)->encrypt_then_mac == agreed);
            sent_as(&pair.client, &pair.server, 3000);
            sent_as(&pair.server, &pair.client, 3000);
            pair_end(&pair);
        }
}
END_TEST

/* RFC 7366 §3: whatever octet of a record is another, the MAC in front of all decrypting says so. */
START_TEST(tampered_records_with_the_mac_behind)
{
    static const char *const suites[] = { "ECDHE-RSA-AES128-SHA", "ECDHE-RSA-AES256-SHA384", "AES256-SHA256" };
    for (size_t i = 0; i < sizeof suites / sizeof *suites; i++)
        for (size_t at = 5, n = 6; at < n; at += 3) {
            begin(suites[i]);
            pair.client.config.encrypt_then_mac = pair.server.config.encrypt_then_mac = true;
            ck_assert(shaken()->encrypt_then_mac);
            ck_assert_uint_eq(tls_send(pair.server.tls, &pair.server.out, "hello", 5, NULL), 5);
            n = ring_peek(&pair.server.out).n;
            ring_at(&pair.server.out, 0)[at] ^= 1;
            pair_pump(&pair);
            ck_assert_uint_eq(pair.client.got_n, 0);
            ck_assert_str_eq(pair.client.fault.ground->id, "tls.bad_record_mac");
            ck_assert_str_eq(pair.client.fault.answer, "alert bad_record_mac");
            pair_end(&pair);
        }
}
END_TEST

/* ---- GREASE ---- */

START_TEST(grease_is_said_and_passed_over)
{
    for (uint64_t seed = 0; seed < 20; seed++) {
        pair_configure(&pair, &(struct pair_wish){ .suite = "ECDHE-RSA-AES128-GCM-SHA256", .seed = seed });
        pair.client.config.grease = true;
        pair.client.tls = tls_new(&pair.client.config, PAIR_NOW, NULL);
        pair.server.tls = tls_new(&pair.server.config, PAIR_NOW, NULL);
        pair_run(&pair.client);
        struct bytes b = ring_peek(&pair.client.out);
        struct client_hello h;
        struct wire_in in = wire_over(b.at + 9, b.n - 9, NULL);
        ck_assert(read_client_hello(&in, &h, NULL));
        ck_assert(tls_is_grease(list_item(h.suites, 0)) && tls_is_grease(list_item(h.extensions.groups, 0)));
        ck_assert(h.extensions.other >= 0 && tls_is_grease((unsigned)h.extensions.other));
        ck_assert_uint_ge(b.n - 5, 512);
        ck_assert(pair_shake(&pair));
        pair_end(&pair);
    }
}
END_TEST

/* What a browser of 2026 says: 1,900 octets, a hybrid group whose half-made key they are, GREASE, an encrypted hello
 * within. It is served, though it comes in two segments. */
START_TEST(a_browser_is_served)
{
    static const uint8_t front[] = { 0x7a, 0x7a, 0, 0, 0xfe, 0x0d, 0, 186 },
        key_share[] = { 0, 51, 5, 2, 5, 0, 0x9a, 0x9a, 0, 1, 0, 0x11, 0xec, 4, 0xc0 },
        groups[] = { 0, 10, 0, 12, 0, 10, 0x9a, 0x9a, 0x11, 0xec, 0, 29, 0, 23, 0, 24 },
        sigalgs[] = { 0, 13, 0, 18, 0, 16, 4, 3, 8, 4, 4, 1, 5, 3, 8, 5, 5, 1, 8, 6, 6, 1 },
        versions[] = { 0, 43, 0, 7, 6, 0x2a, 0x2a, 3, 4, 3, 3 },
        rest[] = { 0, 16, 0, 14, 0, 12, 2, 'h', '2', 8, 'h', 't', 't', 'p', '/', '1', '.', '1', 0, 5, 0, 5, 1, 0, 0, 0, 0,
                   0, 18, 0, 0, 0, 11, 0, 2, 1, 0, 0, 23, 0, 0, 0, 35, 0, 0, 0, 45, 0, 2, 1, 1, 0, 27, 0, 3, 2, 0, 2,
                   0xff, 1, 0, 1, 0, 0xca, 0xca, 0, 1, 0 };
    static const uint8_t suites[] = { 0xba, 0xba, 0x13, 1, 0x13, 2, 0x13, 3, 0xc0, 0x2b, 0xc0, 0x2f, 0xc0, 0x2c, 0xc0, 0x30,
                                      0xcc, 0xa9, 0xcc, 0xa8, 0xc0, 0x13, 0xc0, 0x14, 0, 0x9c, 0, 0x9d, 0, 0x2f, 0, 0x35 };
    static const char *const ours[] = { "http/1.1" };
    static uint8_t zeros[1300];
    struct tls_peer p;
    uint8_t m[PEER_MESSAGE], record[PEER_MESSAGE];
    peer_start(&p, &(struct peer_wish){ .engine_is_server = true });
    tls_free(p.engine->tls);
    p.engine->config.protocols = ours;
    p.engine->config.n_protocols = 1;
    p.engine->tls = tls_new(&p.engine->config, PAIR_NOW, NULL);
    struct wire_out out = wire_into(m, sizeof m);
    put_u8(&out, "", TLS_CLIENT_HELLO);
    struct put_block body = put_open(&out, "", 3);
    put_u16(&out, "", TLS_1_2);
    put_bytes(&out, "", p.client_random, 32);
    put_u8(&out, "", 32);
    put_bytes(&out, "", zeros, 32);
    struct put_block list = put_open(&out, "", 2);
    put_bytes(&out, "", suites, sizeof suites);
    put_close(&out, list);
    put_u16(&out, "", 0x0100);
    list = put_open(&out, "", 2);
    put_bytes(&out, "", front, sizeof front);
    put_bytes(&out, "", zeros, 186);
    put_bytes(&out, "", groups, sizeof groups);
    put_bytes(&out, "", sigalgs, sizeof sigalgs);
    put_bytes(&out, "", versions, sizeof versions);
    put_bytes(&out, "", key_share, sizeof key_share);
    put_bytes(&out, "", zeros, 0x0502 - (sizeof key_share - 4));
    put_bytes(&out, "", rest, sizeof rest);
    put_close(&out, list);
    put_close(&out, body);
    size_t n = wire_written(&out);
    ck_assert(!out.failed && n > 1700);
    out = wire_into(record, sizeof record);
    put_u8(&out, "", 22);
    put_u16(&out, "", 0x0301);
    put_u16(&out, "", (unsigned)n);
    put_bytes(&out, "", m, n);
    transcript_add(&p.transcript, (struct bytes){ m, n });
    peer_raw(&p, record, 1400);
    ck_assert_int_eq(peer_state(&p), WAIT_CLIENT_HELLO);
    peer_raw(&p, record + 1400, n + 5 - 1400);
    ck_assert_msg(peer_state(&p) == WAIT_CLIENT_KEY_EXCHANGE, "%s: %s", p.engine->fault.ground ? p.engine->fault.ground->id
                  : "waits", p.engine->fault.came);
    ck_assert_uint_eq(tls_facts_of(p.engine->tls)->group, TLS_X25519);
    ck_assert_str_eq(tls_facts_of(p.engine->tls)->protocol, "http/1.1");
    peer_end(&p);
}
END_TEST

int main(void)
{
    return check_run("tls_choose", (const TTest *[]){
        dhe_takes_a_group_that_the_client_named, dhe_without_groups_of_the_client, every_group,
        dhe_parameters_that_are_refused, the_order_of_either, every_signature_algorithm, sha1_needs_legacy,
        a_certificate_by_name, a_protocol_is_agreed_on, records_grow, a_key_wears_out, limits_are_kept,
        limits_that_cannot_be, a_record_beyond_the_limit, a_limit_of_our_own, suites_of_one_rank,
        a_header_beyond_the_limit,
        encrypt_then_mac_is_agreed_on, tampered_records_with_the_mac_behind, grease_is_said_and_passed_over, a_browser_is_served, NULL });
}
