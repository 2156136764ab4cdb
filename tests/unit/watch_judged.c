/* What the third reader judges beside keys and signatures: a client's own chain; which handshake another one follows;
 * how long a record may be. */
#include "tests/lib/check.h"
#include "tests/lib/tls_between.h"
#include "tests/lib/tls_tape.h"
#include "tls/x509/classroom_keys.h"

#include <string.h>

static struct tape_read reading;
static struct tls_pair pair;

static const struct watch_facts *read_tape(const struct tape *t, const struct watch_config *c)
{
    tape_watch(&reading, t, c, SIZE_MAX);
    return watch_facts(reading.watch);
}

/* ---- a client's chain ---- */

static struct der chain[2];
static struct tls_identity identity;

/* A client's certificate: for servers, too, or not. */
static const struct classroom *client_room(bool server_auth)
{
    static struct classroom rooms[2];
    struct classroom *room = &rooms[server_auth];
    struct classroom_plan plan;
    struct test_chance chance = test_chance(43);
    if (room->leaf_der[0])
        return room;
    classroom_plan(&plan, room, KEY_P256, "client.example.test");
    plan.leaf.server_auth = server_auth;
    ck_assert(classroom_carry_out(room, &plan, PAIR_NOW, &chance.chance, NULL));
    return room;
}

static struct tape *shown(bool server_auth)
{
    const struct classroom *room = client_room(server_auth);
    struct tape *t = tls_tape_new();
    pair_configure(&pair, &(struct pair_wish){ .suite = "ECDHE-RSA-AES128-GCM-SHA256" });
    chain[0] = room->leaf.der;
    chain[1] = room->intermediate.der;
    identity = (struct tls_identity){ .chain = chain, .n = 2, .key = &room->leaf_key };
    pair.client.config.exporter = pair.server.config.exporter = true;
    pair.client.config.identities = &identity;
    pair.client.config.n_identities = 1;
    pair.server.config.client_certificate = TLS_CLIENT_ASK;
    pair.client.tls = tls_new(&pair.client.config, PAIR_NOW, &pair.client.fault);
    pair.server.tls = tls_new(&pair.server.config, PAIR_NOW, &pair.server.fault);
    ck_assert(tape_pair(t, &pair, 100));
    return t;
}

static const char *ground_of(const struct fault *f) { return f->ground ? f->ground->id : ""; }

static const struct watch_facts *judged(const struct tape *t, const struct x509_store *trust, const char *ground,
                                        bool counted)
{
    const struct watch_facts *f = read_tape(t, &(struct watch_config){ .trust = trust });
    ck_assert(f->client_sent_certificate && f->client_chain.judged && f->verify_good);
    ck_assert_int_eq(f->client_chain.holds, !*ground);
    ck_assert_int_eq(f->client_chain.trusted, trust != NULL);
    ck_assert_str_eq(ground_of(&f->client_chain.fault), ground);
    ck_assert_str_eq(f->client_chain.leaf, "CN=client.example.test");
    ck_assert(f->client_chain.packet && f->client_chain.from < f->client_chain.until);
    ck_assert_uint_eq(f->n_faults, counted);
    if (counted) {
        ck_assert_int_eq(f->faults[0].what, WATCH_BAD_CHAIN);
        ck_assert_uint_eq(f->faults[0].side, WATCH_CLIENT);
        ck_assert_uint_eq(f->faults[0].message, TLS_CERTIFICATE);
        ck_assert_uint_eq(f->faults[0].packet, f->client_chain.packet);
    }
    return f;
}

static void forget(struct tape *t)
{
    tls_tape_free(t);
    pair_end(&pair);
}

/* RFC 5280 §4.2.1.12: for clients, up to a root of those that are trusted; without such, said and held against nobody. */
START_TEST(a_clients_chain_is_judged_for_clients)
{
    for (unsigned server_auth = 0; server_auth < 2; server_auth++) {
        struct tape *t = shown(server_auth);
        judged(t, &pair.trust, server_auth ? "x509.purpose" : "", server_auth);
        tape_read_end(&reading);
        judged(t, NULL, server_auth ? "x509.purpose" : "x509.unknown_root", false);
        tape_read_end(&reading);
        forget(t);
    }
}
END_TEST

/* The dates are those of the capture: a day behind the leaf's end it does not hold any more. */
START_TEST(a_clients_chain_has_its_dates)
{
    struct tape *t = shown(false);
    const struct watch_config c = { .trust = &pair.trust };
    struct tls_watch *w = watch_new(&c);
    struct watch_record r;
    const struct watch_moment m = { 1, 1, client_room(false)->leaf.not_after + 86400 * SECOND };
    size_t at[2] = { 0, 0 };
    for (unsigned step = 0; step < 6; step++)
        for (unsigned side = 0; side < 2; side++)
            if (at[side] < t->n[side]
                && watch_take(w, side, t->octets[side] + at[side], t->n[side] - at[side], &m, &r) == WATCH_RECORD)
                at[side] += r.used;
    ck_assert_str_eq(ground_of(&watch_facts(w)->client_chain.fault), "x509.expired");
    watch_free(w);
    forget(t);
}
END_TEST

/* Who changes an octet of it is named without trust, too: the key above does not sign that. */
START_TEST(a_spoiled_client_chain_is_named)
{
    struct tape *t = shown(false);
    const struct bytes leaf = { chain[0].at, chain[0].n };
    uint8_t *at = NULL;
    for (size_t i = 0; i + leaf.n <= t->n[WATCH_CLIENT] && !at; i++)
        if (!memcmp(t->octets[WATCH_CLIENT] + i, leaf.at, leaf.n))
            at = t->octets[WATCH_CLIENT] + i;
    ck_assert_ptr_nonnull(at);
    for (size_t i = 0; i < leaf.n - 6; i++)
        if (!memcmp(at + i, "client", 6)) {
            at[i] = 'C';
            break;
        }
    const struct watch_facts *f = read_tape(t, &(struct watch_config){ .trust = NULL });
    ck_assert_uint_ge(f->n_faults, 1);
    ck_assert_int_eq(f->faults[0].what, WATCH_BAD_CHAIN);
    ck_assert_str_eq(ground_of(&f->faults[0].fault), "x509.bad_signature");
    tape_read_end(&reading);
    forget(t);
}
END_TEST

/* ---- RFC 5746 ---- */

enum { BEFORE = 2 * TLS_VERIFY_DATA };
static uint8_t verify_data[BEFORE];                   /* the client's, the server's, of the handshake on the tape */

static const uint8_t *find(const uint8_t *at, size_t n, const void *what, size_t size)
{
    for (size_t i = 0; i + size <= n; i++)
        if (!memcmp(at + i, what, size))
            return at + i;
    return NULL;
}

static void set_u16(uint8_t *at, size_t n) { at[0] = (uint8_t)(n >> 8), at[1] = (uint8_t)n; }

/* A hello whose empty renegotiation_info becomes one of n octets; n SIZE_MAX: of another type, which nobody knows. */
static size_t with_info(const struct between_message *m, const uint8_t *octets, size_t n, uint8_t *out)
{
    static const uint8_t empty[] = { 0xff, 0x01, 0, 1, 0 };
    const uint8_t *at = find(m->bytes, m->n, empty, sizeof empty);
    ck_assert_ptr_nonnull(at);
    const size_t front = (size_t)(at - m->bytes), more = n == SIZE_MAX ? 0 : n, behind = m->n - front - sizeof empty;
    size_t extensions = TLS_MESSAGE_HEADER + 2 + TLS_RANDOM;
    extensions += 1u + m->bytes[extensions];          /* session_id */
    extensions += m->type == TLS_SERVER_HELLO ? 3 : 2u + (size_t)(m->bytes[extensions] << 8 | m->bytes[extensions + 1]);
    extensions += m->type == TLS_SERVER_HELLO ? 0 : 1u + m->bytes[extensions];
    memcpy(out, m->bytes, m->n);
    memcpy(out + front + sizeof empty + more, at + sizeof empty, behind);
    set_u16(out + 2, m->n + more - TLS_MESSAGE_HEADER);
    set_u16(out + extensions, m->n + more - extensions - 2);
    set_u16(out + front + 2, 1 + more);
    out[front + 4] = (uint8_t)more;
    memcpy(out + front + sizeof empty, octets, more);
    if (n == SIZE_MAX)
        out[front + 1] = 0x7f;
    return m->n + more;
}

/* One more record of that side, sealed as its next. */
static void say_sealed(struct tape *t, struct pair_side *from, unsigned side, unsigned type, const uint8_t *octets,
                       size_t n)
{
    uint8_t *at = t->octets[side] + t->n[side];
    struct sealing *keys = &from->tls->writing;
    struct record r = { .type = type, .at = at, .content = RECORD_HEADER + sealing_front(keys),
                        .content_n = n };
    memcpy(at + r.content, octets, n);
    ck_assert(record_wrap(keys, &from->chance.chance, &r));
    t->moves[t->n_moves].side = side;
    t->moves[t->n_moves].at = t->n[side];
    t->moves[t->n_moves++].n = r.n;
    t->n[side] += r.n;
}

/* A handshake, and inside it both hellos of a second one that say so much of it. */
static const struct watch_facts *renegotiated(const uint8_t *client, size_t client_n, const uint8_t *server,
                                              size_t server_n)
{
    static uint8_t hello[2][1024];
    struct between_script s;
    struct tape *t = tls_tape_new();
    between_listen(&between_kinds[0], NULL, &s);
    for (size_t i = 0; i < s.n; i++)
        if (s.messages[i].type == TLS_FINISHED)
            memcpy(verify_data + (s.messages[i].to_server ? 0 : TLS_VERIFY_DATA),
                   s.messages[i].bytes + TLS_MESSAGE_HEADER, TLS_VERIFY_DATA);
    const size_t n[2] = { with_info(between_heard(&s, true, 0), client, client_n, hello[0]),
                          with_info(between_heard(&s, false, 0), server, server_n, hello[1]) };
    pair_configure(&pair, &between_kinds[0].wish);
    pair.client.config.exporter = pair.server.config.exporter = true;
    pair.client.tls = tls_new(&pair.client.config, PAIR_NOW, NULL);
    pair.server.tls = tls_new(&pair.server.config, PAIR_NOW, NULL);
    tape_pump(t, &pair);
    tape_key(t, &pair);
    say_sealed(t, &pair.client, WATCH_CLIENT, TLS_CONTENT_HANDSHAKE, hello[0], n[0]);
    say_sealed(t, &pair.server, WATCH_SERVER, TLS_CONTENT_HANDSHAKE, hello[1], n[1]);
    struct keylog *k = tape_keylog(t, 0);
    const struct watch_facts *f = read_tape(t, &(struct watch_config){ .keylog = k });
    ck_assert_uint_eq(f->renegotiations, 1);
    ck_assert(f->secure_renegotiation);
    ck_assert_uint_eq(f->records[0].opened, f->records[0].sealed);
    ck_assert_uint_eq(f->records[1].opened, f->records[1].sealed);
    keylog_free(k);
    between_forget(&s);
    forget(t);
    return f;
}

/* Which of both hellos is named: none (2). */
static void binds(const uint8_t *client, size_t client_n, const uint8_t *server, size_t server_n, unsigned wrong)
{
    const struct watch_facts *f = renegotiated(client, client_n, server, server_n);
    ck_assert_uint_eq(f->n_faults, wrong < 2);
    ck_assert_uint_eq(f->renegotiations_bound, wrong == 2);
    if (wrong < 2) {
        ck_assert_int_eq(f->faults[0].what, WATCH_BAD_MESSAGE);
        ck_assert_uint_eq(f->faults[0].side, wrong);
        ck_assert_uint_eq(f->faults[0].message, wrong ? TLS_SERVER_HELLO : TLS_CLIENT_HELLO);
        ck_assert_str_eq(ground_of(&f->faults[0].fault), "tls.renegotiation_not_bound");
    }
    tape_read_end(&reading);
}

START_TEST(a_renegotiation_says_what_it_follows)
{
    uint8_t other[BEFORE];
    renegotiated(verify_data, TLS_VERIFY_DATA, verify_data, BEFORE);               /* fills verify_data */
    tape_read_end(&reading);
    memcpy(other, verify_data, BEFORE);
    binds(other, TLS_VERIFY_DATA, other, BEFORE, 2);
    other[3] ^= 1;
    binds(other, TLS_VERIFY_DATA, verify_data, BEFORE, WATCH_CLIENT);
    binds(verify_data, TLS_VERIFY_DATA, other, BEFORE, WATCH_SERVER);
    binds(verify_data, 0, verify_data, BEFORE, WATCH_CLIENT);              /* as a first one: somebody else's */
    binds(verify_data, TLS_VERIFY_DATA, verify_data, TLS_VERIFY_DATA, WATCH_SERVER);
    binds(verify_data, SIZE_MAX, verify_data, BEFORE, WATCH_CLIENT);       /* none at all */
}
END_TEST

/* ---- RFC 8449, RFC 6066 §4 ---- */

/* A connection with these limits, and then a record of n octets of that side. */
static const struct watch_facts *limited(uint16_t client, uint16_t server, uint8_t fragment, unsigned side, size_t n)
{
    static uint8_t text[8192];
    struct tape *t = tls_tape_new();
    pair_configure(&pair, &(struct pair_wish){ .suite = "ECDHE-RSA-AES128-GCM-SHA256" });
    pair.client.config.exporter = pair.server.config.exporter = true;
    pair.client.config.record_size_limit = client;
    pair.server.config.record_size_limit = server;
    pair.client.config.max_fragment = fragment;
    pair.client.tls = tls_new(&pair.client.config, PAIR_NOW, NULL);
    pair.server.tls = tls_new(&pair.server.config, PAIR_NOW, NULL);
    tape_pump(t, &pair);
    tape_key(t, &pair);
    say_sealed(t, side ? &pair.server : &pair.client, side, TLS_CONTENT_APPLICATION, text, n);
    say_sealed(t, side ? &pair.server : &pair.client, side, TLS_CONTENT_APPLICATION, text, n);
    struct keylog *k = tape_keylog(t, 0);
    const struct watch_facts *f = read_tape(t, &(struct watch_config){ .keylog = k });
    ck_assert(f->finished[0].verified && f->finished[1].verified);
    ck_assert_uint_eq(f->records[side].opened, f->records[side].sealed);
    keylog_free(k);
    forget(t);
    return f;
}

START_TEST(a_record_longer_than_agreed_is_named)
{
    static const struct { uint16_t client, server; uint8_t fragment; unsigned side; size_t most; } tries[] = {
        { 512, 700, 0, WATCH_SERVER, 512 }, { 512, 700, 0, WATCH_CLIENT, 700 },      /* each says what it takes */
        { 0, 0, 1, WATCH_SERVER, 512 }, { 0, 0, 3, WATCH_CLIENT, 2048 },
    };
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++)
        for (size_t more = 0; more < 2; more++) {
            const struct watch_facts *f = limited(tries[i].client, tries[i].server, tries[i].fragment, tries[i].side,
                                                  tries[i].most + more);
            ck_assert_uint_eq(f->record_limit[tries[i].side], tries[i].most);
            ck_assert_uint_eq(f->n_faults, more);             /* once, however often */
            if (more) {
                ck_assert_int_eq(f->faults[0].what, WATCH_BAD_RECORD);
                ck_assert_uint_eq(f->faults[0].side, tries[i].side);
                ck_assert_uint_eq(f->faults[0].record, f->records[tries[i].side].n - 1);
                ck_assert_str_eq(ground_of(&f->faults[0].fault), "tls.record_overflow");
            }
            tape_read_end(&reading);
        }
    ck_assert_uint_eq(limited(512, 0, 0, WATCH_CLIENT, 4000)->n_faults, 0);         /* who asks for less, may send more */
    tape_read_end(&reading);
}
END_TEST

/* ---- what was found by reading the reader ---- */

/* A ClientHello of m octets that also offers TLS 1.3. */
static size_t with_versions(uint8_t *m, size_t n)
{
    static const uint8_t versions[] = { 0, 43, 0, 5, 4, 3, 4, 3, 3 };
    size_t at = TLS_MESSAGE_HEADER + 2 + TLS_RANDOM;
    at += 1u + m[at];
    at += 2u + (size_t)(m[at] << 8 | m[at + 1]);
    at += 1u + m[at];
    memcpy(m + n, versions, sizeof versions);
    set_u16(m + 2, n + sizeof versions - TLS_MESSAGE_HEADER);
    set_u16(m + at, n + sizeof versions - at - 2);
    return n + sizeof versions;
}

/* Data between both hellos of a second handshake are TLS 1.2's, whatever that offers. */
START_TEST(a_renegotiation_that_offers_more)
{
    static uint8_t hello[2][1024];
    struct between_script s;
    struct tape *t = tls_tape_new();
    between_listen(&between_kinds[0], NULL, &s);
    renegotiated(verify_data, TLS_VERIFY_DATA, verify_data, BEFORE);               /* fills verify_data */
    tape_read_end(&reading);
    size_t n = with_versions(hello[0], with_info(between_heard(&s, true, 0), verify_data, TLS_VERIFY_DATA, hello[0]));
    pair_configure(&pair, &between_kinds[0].wish);
    pair.client.config.exporter = pair.server.config.exporter = true;
    pair.client.tls = tls_new(&pair.client.config, PAIR_NOW, NULL);
    pair.server.tls = tls_new(&pair.server.config, PAIR_NOW, NULL);
    tape_pump(t, &pair);
    tape_key(t, &pair);
    say_sealed(t, &pair.client, WATCH_CLIENT, TLS_CONTENT_HANDSHAKE, hello[0], n);
    for (unsigned side = 0; side < 2; side++)
        say_sealed(t, side ? &pair.server : &pair.client, side, TLS_CONTENT_APPLICATION, (const uint8_t *)"data", 4);
    n = with_info(between_heard(&s, false, 0), verify_data, BEFORE, hello[1]);
    say_sealed(t, &pair.server, WATCH_SERVER, TLS_CONTENT_HANDSHAKE, hello[1], n);
    struct keylog *k = tape_keylog(t, 0);
    const struct watch_facts *f = read_tape(t, &(struct watch_config){ .keylog = k });
    ck_assert_uint_eq(f->n_faults, 0);
    for (unsigned side = 0; side < 2; side++)
        ck_assert_uint_eq(f->records[side].opened, f->records[side].sealed);
    tape_read_end(&reading);
    keylog_free(k);
    between_forget(&s);
    forget(t);
}
END_TEST

/* More signature algorithms than are kept, and the last ones are chosen from. */
START_TEST(many_signature_algorithms)
{
    static uint16_t many[100];
    size_t n = 0;
    while (n < 64)
        many[n] = (uint16_t)(0xfe00 + n), n++;
    for (size_t i = 0; i < tls_n_sigalgs; i++)
        many[n++] = tls_sigalgs[i];
    struct tape *t = tls_tape_new();
    pair_configure(&pair, &(struct pair_wish){ .suite = "ECDHE-RSA-AES128-GCM-SHA256" });
    pair.client.config.sigalgs = many;
    pair.client.config.n_sigalgs = n;
    pair.client.config.exporter = pair.server.config.exporter = true;
    pair.client.tls = tls_new(&pair.client.config, PAIR_NOW, NULL);
    pair.server.tls = tls_new(&pair.server.config, PAIR_NOW, NULL);
    ck_assert(tape_pair(t, &pair, 10));
    const struct watch_facts *f = read_tape(t, &(struct watch_config){ 0 });
    ck_assert_uint_eq(f->n_faults, 0);
    ck_assert(f->ske_checked && f->ske_good);
    tape_read_end(&reading);
    forget(t);
}
END_TEST

int main(void)
{
    if (sodium_init() < 0)
        return 1;
    return check_run("watch_judged", (const TTest *[]){
        a_clients_chain_is_judged_for_clients, a_clients_chain_has_its_dates, a_spoiled_client_chain_is_named,
        a_renegotiation_says_what_it_follows, a_record_longer_than_agreed_is_named,
        a_renegotiation_that_offers_more, many_signature_algorithms, NULL });
}
