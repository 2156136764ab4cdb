/* Old bugs of other programs (docs/book/en/15-mistakes.md), as far as the parts beside have no test of their own for
 * them: two engines of ours, one of which lies (tls/spoil.h), signs its lie, and must not be believed. */
#include "tests/lib/check.h"
#include "tests/lib/tls_peer.h"
#include "tests/lib/vectors.h"

#include <string.h>

/* ---- 1: every part of what a ServerKeyExchange is signed over, in every suite that has one ---- */

/* In the message of this type the octet at `at` (below 0: from the end) is changed, when it is written already. */
struct flip { unsigned type; int at; uint8_t mask; bool done; };

static bool flip_one(void *self, uint8_t *m, size_t *n, size_t room)
{
    struct flip *f = self;
    (void)room;
    if (m[0] == f->type && !f->done) {
        m[f->at < 0 ? (int)*n + f->at : f->at] ^= f->mask;
        f->done = true;
    }
    return true;
}

/* What the client says to it; "" when it believes. The hellos are behind both ends' notes by then: each keeps the
 * random that it made. */
static const char *said_to(const struct tls_suite *suite, struct flip f, bool by_client)
{
    static struct tls_pair p;
    static char said[64];
    struct tls_spoil spoil = { .self = &f, .message = flip_one };
    pair_start(&p, &(struct pair_wish){ .suite = suite->name, .client_spoil = by_client ? &spoil : NULL,
                                        .server_spoil = by_client ? NULL : &spoil });
    bool shaken = pair_shake(&p);
    ck_assert_msg(f.done, "%s: nothing was changed", suite->name);
    const struct fault *why = &p.client.fault;
    snprintf(said, sizeof said, "%s, %s", why->ground ? why->ground->id : "", why->answer ? why->answer : "");
    pair_end(&p);
    return shaken ? "" : said;
}

/* Where the value lies: behind curve_type, group and length, or behind two numbers; and how long the rest is, so that
 * the signature's first octet is found. */
static void try_suite(const struct tls_suite *suite)
{
    enum { HEADER = 4, CURVE = 4, POINT = 32, PRIME = 256, DH = 2 + PRIME + 2 + 1 + 2, FRONT = 4 };
    const bool dhe = suite->kx == TLS_KX_DHE;
    const int value = HEADER + (dhe ? DH : CURVE), value_n = dhe ? PRIME : POINT, sig = value + value_n + FRONT;
    const struct { const char *what; struct flip flip; bool by_client; } rows[] = {
        { "the first octet of the value", { TLS_SERVER_KEY_EXCHANGE, value + dhe, 0x10, false }, false },
        { "the middle of the value", { TLS_SERVER_KEY_EXCHANGE, value + value_n / 2, 0x80, false }, false },
        { "the last octet of the value", { TLS_SERVER_KEY_EXCHANGE, value + value_n - 1, 1, false }, false },
        { "the first octet of the server's random", { TLS_SERVER_HELLO, 6, 0x80, false }, false },
        { "the last octet of the server's random", { TLS_SERVER_HELLO, 37, 1, false }, false },
        { "the first octet of the client's random", { TLS_CLIENT_HELLO, 6, 0x80, false }, true },
        { "the last octet of the client's random", { TLS_CLIENT_HELLO, 37, 1, false }, true },
        { "the signature's first octet", { TLS_SERVER_KEY_EXCHANGE, sig, 0x20, false }, false },
        { "the signature's third octet", { TLS_SERVER_KEY_EXCHANGE, sig + 2, 1, false }, false },
        { "the signature's middle", { TLS_SERVER_KEY_EXCHANGE, -30, 0x40, false }, false },
        { "the signature's last octet", { TLS_SERVER_KEY_EXCHANGE, -1, 1, false }, false },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *said = said_to(suite, rows[i].flip, rows[i].by_client);
        ck_assert_msg(strcmp(said, "tls.ske_signature, alert decrypt_error") == 0, "%s, %s: %s", suite->name,
                      rows[i].what, *said ? said : "believed");
    }
}

START_TEST(every_signed_part_in_every_suite)
{
    unsigned tried = 0;
    for (size_t i = 0; i < tls_n_suites; i++)
        if (tls_suites[i].kx != TLS_KX_RSA) {
            try_suite(&tls_suites[i]);
            tried++;
        }
    ck_assert_uint_ge(tried, 18);
}
END_TEST

/* ---- 4, 6: what a table of states might be talked into; the tests that are made from the table would not see it ---- */

static const struct { bool server; const char *suite; enum tls_state state; } before_keys[] = {
    { false, "ECDHE-RSA-AES128-GCM-SHA256", WAIT_SERVER_HELLO }, { false, "ECDHE-RSA-AES128-GCM-SHA256", WAIT_CERTIFICATE },
    { false, "ECDHE-RSA-AES128-GCM-SHA256", WAIT_SERVER_KEY_EXCHANGE }, { false, "AES128-SHA", WAIT_CERTIFICATE },
    { false, "ECDHE-RSA-AES128-GCM-SHA256", WAIT_REQUEST_OR_DONE }, { false, "AES128-SHA", WAIT_REQUEST_OR_DONE },
    { true, "ECDHE-RSA-AES128-GCM-SHA256", WAIT_CLIENT_HELLO }, { true, "AES128-SHA", WAIT_CLIENT_HELLO },
    { true, "ECDHE-RSA-AES128-GCM-SHA256", WAIT_CLIENT_KEY_EXCHANGE }, { true, "AES128-SHA", WAIT_CLIENT_KEY_EXCHANGE },
};

START_TEST(ccs_comes_behind_the_keys)
{
    for (size_t i = 0; i < sizeof before_keys / sizeof *before_keys; i++) {
        struct tls_peer p;
        peer_start(&p, &(struct peer_wish){ .engine_is_server = before_keys[i].server, .suite = before_keys[i].suite });
        peer_to(&p, before_keys[i].state);
        peer_record(&p, TLS_CONTENT_CHANGE_CIPHER_SPEC, "\1", 1);
        peer_refused(&p, "tls.unexpected_message", TLS_ALERT_UNEXPECTED_MESSAGE);
        peer_end(&p);
    }
}
END_TEST

START_TEST(a_key_that_no_rsa_suite_has)                /* FREAK, CVE-2015-0204 */
{
    struct tls_peer p;
    uint8_t m[] = { TLS_SERVER_KEY_EXCHANGE, 0, 0, 9, 0, 2, 0x80, 1, 0, 1, 3, 0, 0 };
    peer_start(&p, &(struct peer_wish){ .suite = "AES128-SHA" });
    peer_to(&p, WAIT_REQUEST_OR_DONE);
    peer_message(&p, m, sizeof m);
    peer_refused(&p, "tls.unexpected_message", TLS_ALERT_UNEXPECTED_MESSAGE);
    peer_end(&p);
}
END_TEST

/* ---- 7: two sessions that somebody in the middle made alike ---- */

static bool hide_ems(void *self, uint8_t *m, size_t *n, size_t room)
{
    (void)self;
    (void)room;
    for (size_t i = 0; m[0] == TLS_CLIENT_HELLO && i + 4 <= *n; i++)
        if (memcmp(m + i, "\0\x17\0\0", 4) == 0)
            m[i] = m[i + 1] = 0x5a;                    /* an extension that nobody knows */
    return true;
}

struct session { uint8_t random[2][TLS_RANDOM], master_secret[TLS_MASTER_SECRET], exported[32]; bool exports; };

/* With RSA whoever stands in the middle has the pre-master secret, and passes it and both randoms on: the same seed does
 * that here. Only the certificates shown differ: the attacker's chain is another. */
static void run_session(struct session *s, bool ems, size_t shown)
{
    static struct tls_pair p;
    static const struct tls_spoil spoil = { .message = hide_ems };
    pair_configure(&p, &(struct pair_wish){ .suite = "AES128-GCM-SHA256", .seed = 5, .insecure = true,
                                            .client_spoil = ems ? NULL : &spoil });
    p.identities[1].n = shown;
    p.client.config.exporter = p.server.config.exporter = true;
    p.client.tls = tls_new(&p.client.config, PAIR_NOW, NULL);
    p.server.tls = tls_new(&p.server.config, PAIR_NOW, NULL);
    ck_assert(pair_shake(&p));
    memcpy(s->random[0], p.client.tls->client_random, TLS_RANDOM);
    memcpy(s->random[1], p.client.tls->server_random, TLS_RANDOM);
    memcpy(s->master_secret, p.client.tls->master_secret, TLS_MASTER_SECRET);
    s->exports = tls_export(p.client.tls, "EXPORTER-test", NULL, 0, s->exported, sizeof s->exported);
    ck_assert_int_eq(p.client.tls->facts.extended_master_secret, ems);
    pair_end(&p);
}

START_TEST(spliced_sessions_have_nothing_in_common)
{
    static struct session one, other;
    run_session(&one, false, 2);
    run_session(&other, false, 1);
    check_bytes(one.random, other.random, sizeof one.random);
    /* so it is done: without RFC 7627 they share their master secret, and export nothing therefore */
    check_bytes(one.master_secret, other.master_secret, TLS_MASTER_SECRET);
    ck_assert(!one.exports && !other.exports);
    run_session(&one, true, 2);
    run_session(&other, true, 1);
    check_bytes(one.random, other.random, sizeof one.random);
    ck_assert(memcmp(one.master_secret, other.master_secret, TLS_MASTER_SECRET) != 0);
    ck_assert(one.exports && other.exports);
    ck_assert(memcmp(one.exported, other.exported, sizeof one.exported) != 0);
}
END_TEST

/* ---- 18: public values that are none, from a server that signs them ---- */

struct point { uint8_t at[256]; size_t n; };

static void put_point(void *self, uint8_t *params, size_t *n, size_t room)
{
    const struct point *p = self;
    ck_assert_uint_le(4 + p->n, room);
    params[3] = (uint8_t)p->n;
    memcpy(params + 4, p->at, p->n);
    *n = 4 + p->n;
}

static size_t offer(uint16_t group, struct point *point, const char *ground)
{
    static struct tls_pair p;
    struct tls_spoil spoil = { .self = point, .params = put_point };
    if (point->n == 0 || point->n > 200)
        return 0;
    pair_start(&p, &(struct pair_wish){ .suite = "ECDHE-RSA-AES128-GCM-SHA256", .group = group,
                                        .server_spoil = &spoil });
    pair_pump(&p);
    ck_assert_ptr_nonnull(p.client.fault.ground);
    ck_assert_str_eq(p.client.fault.ground->id, ground);
    ck_assert_str_eq(p.client.fault.answer, "alert illegal_parameter");
    pair_end(&p);
    return 1;
}

static size_t offer_file(uint16_t group, const char *path, const char *bad_flag)
{
    struct vectors v;
    struct point point;
    size_t refused = 0;
    vectors_open(&v, path);
    while (vectors_next(&v)) {
        point.n = vectors_hex(&v, "public", point.at, sizeof point.at);
        if (bad_flag ? vectors_has(&v, "flags", bad_flag) : !vectors_is(&v, "result", "valid"))
            refused += offer(group, &point, "tls.bad_point");
    }
    return refused;
}

START_TEST(bad_points_that_are_signed)
{
    ck_assert_uint_ge(offer_file(TLS_SECP256R1, "tests/vectors/wycheproof/ecdh-p256.txt", NULL), 20);
    ck_assert_uint_ge(offer_file(24, "tests/vectors/wycheproof/ecdh-p384.txt", NULL), 18);
    ck_assert_uint_ge(offer_file(TLS_X25519, "tests/vectors/wycheproof/x25519.txt", "ZeroSharedSecret"), 10);
}
END_TEST

/* ---- 18 again: an exponent that is used twice can be found out (Raccoon, CVE-2020-1968) ---- */

struct halves { uint8_t params[2][1100]; size_t n[2], count; };

static void note_half(void *self, uint8_t *params, size_t *n, size_t room)
{
    struct halves *h = self;
    (void)room;
    ck_assert(h->count < 2 && *n <= sizeof h->params[0]);
    memcpy(h->params[h->count], params, *n);
    h->n[h->count++] = *n;
}

START_TEST(no_half_is_used_twice)
{
    static const char *const suites[] = { "DHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256" };
    for (size_t i = 0; i < 2; i++) {
        static struct halves h;
        static struct tls_pair p;
        struct tls_spoil listens = { .self = &h, .params = note_half };
        h.count = 0;
        for (uint64_t seed = 1; seed < 3; seed++) {
            pair_start(&p, &(struct pair_wish){ .suite = suites[i], .seed = seed, .server_spoil = &listens });
            ck_assert(pair_shake(&p));
            pair_end(&p);
        }
        ck_assert(h.count == 2 && h.n[0] == h.n[1] && memcmp(h.params[0], h.params[1], h.n[0]) != 0);
    }
}
END_TEST

/* ---- 12: a curve that is written down and not named ---- */

static void write_curve_down(void *self, uint8_t *params, size_t *n, size_t room)
{
    (void)self;
    (void)n;
    (void)room;
    params[0] = 1;                                     /* explicit_prime */
}

START_TEST(a_curve_written_down)
{
    static struct tls_pair p;
    static const struct tls_spoil spoil = { .params = write_curve_down };
    pair_start(&p, &(struct pair_wish){ .suite = "ECDHE-ECDSA-AES128-GCM-SHA256", .server_spoil = &spoil });
    pair_pump(&p);
    ck_assert_str_eq(p.client.fault.ground->id, "tls.group_not_offered");
    pair_end(&p);
}
END_TEST

/* ---- next in line: a session_id longer than 32 octets wrote beyond GnuTLS's (CVE-2014-3466) ---- */

START_TEST(a_long_session_id)
{
    static const unsigned lengths[] = { 33, 64, 255 };
    for (size_t i = 0; i < 6; i++) {
        const bool to_server = i % 2;
        const unsigned length = lengths[i / 2], type = to_server ? TLS_CLIENT_HELLO : TLS_SERVER_HELLO;
        struct tls_peer p;
        uint8_t m[PEER_MESSAGE + 256];
        peer_start(&p, &(struct peer_wish){ .engine_is_server = to_server });
        peer_to(&p, to_server ? WAIT_CLIENT_HELLO : WAIT_SERVER_HELLO);
        size_t n = peer_make(&p, type, m);
        memmove(m + 39 + length, m + 39, n - 39);
        memset(m + 39, 7, length);
        m[38] = (uint8_t)length;
        n += length;
        m[2] = (uint8_t)((n - 4) >> 8);
        m[3] = (uint8_t)(n - 4);
        peer_message(&p, m, n);
        peer_refused(&p, to_server ? "tls.client_hello_cut" : "tls.server_hello_cut", TLS_ALERT_DECODE_ERROR);
        peer_end(&p);
    }
}
END_TEST

int main(void)
{
    return check_run("tls_museum", (const TTest *[]){
        every_signed_part_in_every_suite, ccs_comes_behind_the_keys, a_key_that_no_rsa_suite_has,
        spliced_sessions_have_nothing_in_common, bad_points_that_are_signed,
        no_half_is_used_twice, a_curve_written_down, a_long_session_id, NULL });
}
