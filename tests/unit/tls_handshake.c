/* Both engines against each other: every suite, group and certificate; in pieces and at once; data both
 * ways; the ends. */
#include "tests/lib/check.h"
#include "tests/lib/tls_pair.h"

#include <sodium.h>
#include <string.h>

static const uint16_t groups[] = { TLS_X25519, TLS_SECP256R1 };

static void must_shake(struct tls_pair *p)
{
    bool good = pair_shake(p);
    ck_assert_msg(good, "client: %s (%s; %s), server: %s (%s; %s)", p->client.fault.ground
                  ? p->client.fault.ground->id : "no fault",
                  p->client.fault.expected, p->client.fault.came, p->server.fault.ground
                  ? p->server.fault.ground->id : "no fault",
                  p->server.fault.expected, p->server.fault.came);
}

static void talk(struct tls_pair *p)
{
    static uint8_t page[100000];
    for (size_t i = 0; i < sizeof page; i++)
        page[i] = (uint8_t)(i * 7 + (i >> 8));
    p->client.got_n = p->server.got_n = 0;
    pair_send(p, &p->client, "GET / HTTP/1.1\r\n\r\n", 18);
    pair_send(p, &p->server, page, sizeof page);
    ck_assert_uint_eq(p->server.got_n, 18);
    ck_assert_uint_eq(p->client.got_n, sizeof page);
    check_bytes(p->client.got, page, sizeof page);
}

START_TEST(every_suite_and_group)
{
    for (size_t i = 0; i < tls_n_suites; i++)
        for (size_t g = 0; g < 2; g++) {
            struct tls_pair p;
            pair_start(&p, &(struct pair_wish){ .suite = tls_suites[i].name, .group = groups[g] });
            must_shake(&p);
            const struct tls_facts *c = tls_facts_of(p.client.tls), *s = tls_facts_of(p.server.tls);
            ck_assert_ptr_eq(c->suite, &tls_suites[i]);
            ck_assert_ptr_eq(s->suite, &tls_suites[i]);
            ck_assert_uint_eq(c->group, tls_suites[i].kx == TLS_KX_ECDHE ? groups[g] : tls_suites[i].kx == TLS_KX_DHE ? TLS_FFDHE2048 : 0);
            ck_assert(c->extended_master_secret && s->extended_master_secret);
            ck_assert_uint_eq(c->chain_sent, 2);
            ck_assert_uint_eq(c->verify_data_n, 12);
            ck_assert_ptr_nonnull(strstr(c->leaf, PAIR_HOST));
            ck_assert_msg(c->anchor[0], "no anchor named");
            ck_assert_str_eq(tls_state_name(p.client.tls), "CONNECTED");
            talk(&p);
            pair_end(&p);
        }
}
END_TEST

START_TEST(octet_by_octet)
{
    for (size_t i = 0; i < tls_n_suites; i++) {
        struct tls_pair p;
        pair_start(&p, &(struct pair_wish){ .suite = tls_suites[i].name, .group = TLS_X25519, .chunk = 1 });
        must_shake(&p);
        pair_send(&p, &p.client, "hello", 5);
        ck_assert_uint_eq(p.server.got_n, 5);
        pair_end(&p);
    }
}
END_TEST

/* RFC 5246 §6.2.1: message boundaries are not kept. Every handshake message in records of `size` octets
 * gives the same result (the museum's no. 8: a hello in tiny records must not get another version). */
static void refragment(struct pair_side *from, struct pair_side *to, size_t size)
{
    struct bytes b = ring_peek(&from->out);
    while (b.n >= 5) {
        size_t n = (size_t)(b.at[3] << 8 | b.at[4]);
        ck_assert_uint_ge(b.n, 5 + n);
        bool plain = b.at[0] == 22 && !(b.at[5] == 20 || tls_progress(from->tls) >= TLS_KEYS_DONE);
        if (plain || (b.at[0] == 22 && n < 600 && b.at[5] == 16))
            for (size_t at = 0; at < n; at += size) {
                size_t piece = n - at < size ? n - at : size;
                const uint8_t header[] = { 22, 3, 3, (uint8_t)(piece >> 8), (uint8_t)piece };
                ck_assert_uint_eq(ring_write(&to->in, header, 5), 5);
                ck_assert_uint_eq(ring_write(&to->in, b.at + 5 + at, piece), piece);
            }
        else
            ck_assert_uint_eq(ring_write(&to->in, b.at, 5 + n), 5 + n);
        ring_consume(&from->out, 5 + n);
        b = ring_peek(&from->out);
    }
}

START_TEST(messages_over_records)
{
    for (size_t size = 1; size < 40; size += size < 6 ? 1 : 11) {
        struct tls_pair p;
        pair_start(&p, &(struct pair_wish){ .suite = "ECDHE-RSA-AES128-GCM-SHA256", .group = TLS_SECP256R1 });
        for (unsigned turn = 0; turn < 4; turn++) {
            pair_run(&p.client);
            refragment(&p.client, &p.server, size);
            pair_run(&p.server);
            refragment(&p.server, &p.client, size);
        }
        must_shake(&p);
        pair_end(&p);
    }
}
END_TEST

START_TEST(close_both_ways)
{
    struct tls_pair p;
    pair_start(&p, &(struct pair_wish){ 0 });
    must_shake(&p);
    tls_close(p.client.tls, &p.client.out);
    tls_close(p.client.tls, &p.client.out);
    ck_assert_uint_eq(ring_peek(&p.client.out).n, 5 + 8 + 2 + 16);  /* once */
    ck_assert_uint_eq(tls_send(p.client.tls, &p.client.out, "x", 1, NULL), 0);
    pair_pump(&p);
    ck_assert_int_eq(p.server.says, TLS_CLOSED);
    ck_assert(tls_peer_ended(p.server.tls, NULL));
    pair_send(&p, &p.server, "late", 4);               /* the other direction is open still */
    ck_assert_uint_eq(p.client.got_n, 4);
    tls_close(p.server.tls, &p.server.out);
    pair_pump(&p);
    ck_assert_int_eq(p.client.says, TLS_CLOSED);
    pair_end(&p);
}
END_TEST

START_TEST(truncation_is_no_end)
{
    struct tls_pair p;
    struct fault why = { 0 };
    pair_start(&p, &(struct pair_wish){ 0 });
    pair_run(&p.client);
    ck_assert(!tls_peer_ended(p.client.tls, &why));
    ck_assert_str_eq(why.ground->id, "tls.handshake_cut");
    pair_end(&p);
    why = (struct fault){ 0 };
    pair_start(&p, &(struct pair_wish){ 0 });
    must_shake(&p);
    ck_assert(!tls_peer_ended(p.client.tls, &why));
    ck_assert_str_eq(why.ground->id, "tls.truncated");
    pair_end(&p);
}
END_TEST

/* What is sent may be written where it is sealed; what came is looked at where it was opened, and used up in parts. */
START_TEST(sealed_and_opened_in_place)
{
    for (size_t i = 0; i < tls_n_suites; i++) {
        struct tls_pair p;
        pair_start(&p, &(struct pair_wish){ .suite = tls_suites[i].name });
        ck_assert_ptr_null(tls_reserve(p.server.tls, &p.server.out).at);           /* too early */
        must_shake(&p);
        struct room r = tls_reserve(p.server.tls, &p.server.out);
        ck_assert_uint_eq(r.n, 1396);
        memset(r.at, 'x', 300);
        memcpy(r.at, "in place", 8);
        ck_assert_uint_eq(tls_send(p.server.tls, &p.server.out, r.at, 300, NULL), 300);
        struct bytes sealed = ring_peek(&p.server.out);
        ck_assert(r.at > sealed.at && r.at < sealed.at + sealed.n && memcmp(r.at, "in place", 8) != 0);
        pair_wire(&p.server, &p.client, SIZE_MAX);
        ck_assert_int_eq(tls_receive(p.client.tls, &p.client.in, &p.client.out, PAIR_NOW, NULL), TLS_DATA);
        struct bytes b = tls_peek(p.client.tls, &p.client.in), came = ring_peek(&p.client.in);
        ck_assert(b.n == 300 && b.at > came.at && b.at + b.n <= came.at + came.n);
        check_bytes(b.at, "in place", 8);
        tls_consume(p.client.tls, &p.client.in, 3);
        ck_assert_int_eq(tls_receive(p.client.tls, &p.client.in, &p.client.out, PAIR_NOW, NULL), TLS_DATA);
        ck_assert_uint_eq(tls_where(p.client.tls).off, 3);
        check_bytes(tls_peek(p.client.tls, &p.client.in).at, "place", 5);
        tls_consume(p.client.tls, &p.client.in, 297);
        ck_assert_int_eq(tls_receive(p.client.tls, &p.client.in, &p.client.out, PAIR_NOW, NULL), TLS_WANTS);
        ck_assert_uint_eq(ring_peek(&p.client.in).n, 0);
        pair_end(&p);
    }
}
END_TEST

START_TEST(a_ring_without_room_reserves_nothing)
{
    struct tls_pair p;
    pair_start(&p, &(struct pair_wish){ 0 });
    must_shake(&p);
    ring_start(&p.server.out, &p.pool, 100);           /* less than a record and an alert */
    ck_assert_uint_eq(tls_reserve(p.server.tls, &p.server.out).n, 0);
    tls_close(p.server.tls, &p.server.out);
    ck_assert_uint_eq(tls_reserve(p.server.tls, &p.server.out).n, 0);
    pair_end(&p);
}
END_TEST

START_TEST(the_server_chooses)
{
    struct tls_pair p;
    pair_configure(&p, &(struct pair_wish){ 0 });
    const struct tls_suite *clients[] = { tls_suite_of(0x009c), tls_suite_of(0xc02f), tls_suite_of(0xc02b) };
    p.client.config.suites = clients;
    p.client.config.n_suites = 3;
    const uint16_t clients_groups[] = { TLS_SECP256R1, TLS_X25519 };
    p.client.config.groups = clients_groups;
    p.client.config.n_groups = 2;
    p.client.tls = tls_new(&p.client.config, PAIR_NOW, NULL);
    p.server.tls = tls_new(&p.server.config, PAIR_NOW, NULL);
    must_shake(&p);
    ck_assert_uint_eq(tls_facts_of(p.client.tls)->suite->number, 0xc02b);     /* first in the server's order */
    ck_assert_uint_eq(tls_facts_of(p.client.tls)->group, TLS_X25519);
    pair_end(&p);
    pair_configure(&p, &(struct pair_wish){ 0 });
    p.server.config.identities = &p.identities[1];     /* RSA alone: ECDSA suites cannot be had */
    p.server.config.n_identities = 1;
    p.client.tls = tls_new(&p.client.config, PAIR_NOW, NULL);
    p.server.tls = tls_new(&p.server.config, PAIR_NOW, NULL);
    must_shake(&p);
    ck_assert_uint_eq(tls_facts_of(p.client.tls)->suite->number, 0xc02f);
    pair_end(&p);
}
END_TEST

/* RFC 8422 §5.3: who does not list P-256 gets no certificate on P-256: the RSA one, or none. */
START_TEST(an_ecdsa_certificate_needs_its_curve)
{
    static const uint16_t x25519[] = { TLS_X25519 };
    for (size_t identities = 1; identities <= 2; identities++) {
        struct tls_pair p;
        pair_configure(&p, &(struct pair_wish){ 0 });
        p.client.config.groups = x25519;
        p.client.config.n_groups = 1;
        p.server.config.n_identities = identities;                 /* the first is on P-256 */
        p.client.tls = tls_new(&p.client.config, PAIR_NOW, NULL);
        p.server.tls = tls_new(&p.server.config, PAIR_NOW, NULL);
        if (identities == 2) {
            must_shake(&p);
            ck_assert_uint_eq(tls_facts_of(p.client.tls)->suite->number, 0xc02f);
        } else {
            ck_assert(!pair_shake(&p));
            ck_assert_str_eq(p.server.fault.ground->id, "tls.no_common_suite");
            ck_assert_str_eq(p.server.fault.answer, "alert handshake_failure");
        }
        pair_end(&p);
    }
}
END_TEST

START_TEST(small_rings)
{
    struct tls_pair p;
    pair_start(&p, &(struct pair_wish){ .suite = "AES128-SHA" });
    ring_start(&p.server.out, &p.pool, 2600);          /* less than the server's flight: it goes out in its time */
    must_shake(&p);
    uint8_t many[5000] = { 1, 2, 3 };
    pair_send(&p, &p.server, many, sizeof many);
    ck_assert_uint_eq(p.client.got_n, sizeof many);
    check_bytes(p.client.got, many, sizeof many);
    tls_close(p.server.tls, &p.server.out);
    pair_pump(&p);
    ck_assert_int_eq(p.client.says, TLS_CLOSED);
    pair_end(&p);
}
END_TEST

START_TEST(what_a_config_leaves_open_is_as_usual)
{
    struct tls_pair p;
    pair_configure(&p, &(struct pair_wish){ 0 });
    struct tls_config *const ends[] = { &p.client.config, &p.server.config };
    for (size_t i = 0; i < 2; i++)
        ends[i]->n_suites = ends[i]->n_groups = ends[i]->n_sigalgs = 0;
    p.client.tls = tls_new(&p.client.config, PAIR_NOW, &p.client.fault);
    p.server.tls = tls_new(&p.server.config, PAIR_NOW, &p.server.fault);
    ck_assert(p.client.tls && p.server.tls && pair_shake(&p));
    ck_assert(tls_suite_usual(tls_facts_of(p.client.tls)->suite));
    ck_assert_uint_eq(tls_facts_of(p.client.tls)->group, TLS_X25519);
    pair_end(&p);
}
END_TEST

START_TEST(configs_that_cannot_work)
{
    struct tls_pair p;
    pair_configure(&p, &(struct pair_wish){ 0 });
    struct tls_config bare = p.server.config, dull = p.client.config;
    bare.n_identities = 0;
    dull.chance = NULL;
    const struct tls_config *const all[] = { &bare, &dull };
    for (size_t i = 0; i < 2; i++) {
        struct fault why = { 0 };
        ck_assert_ptr_null(tls_new(all[i], PAIR_NOW, &why));
        ck_assert_str_eq(why.ground->id, "tls.config");
    }
    pair_end(&p);
}
END_TEST

int main(void)
{
    return check_run("tls_handshake", (const TTest *[]){
        every_suite_and_group, octet_by_octet, messages_over_records, close_both_ways, truncation_is_no_end,
        sealed_and_opened_in_place, a_ring_without_room_reserves_nothing,
        the_server_chooses, an_ecdsa_certificate_needs_its_curve,
        small_rings, what_a_config_leaves_open_is_as_usual, configs_that_cannot_work, NULL });
}
