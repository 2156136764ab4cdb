/* The third reader where things are not as one would like: no key, a key that comes late, a server's key, octets that are
 * missing, a connection from its middle on, old versions, what is no TLS; and what hostile octets cost. */
#include "tests/lib/check.h"
#include "tests/lib/heard.h"
#include "tests/lib/tls_between.h"
#include "tests/lib/tls_tape.h"
#include "tls/x509/classroom_keys.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { DATA = 3000 };

static struct tape_read reading;
static struct tls_pair pair;

static void start(const char *suite, void (*configure)(struct tls_pair *))
{
    const struct pair_wish wish = { .suite = suite };
    pair_configure(&pair, &wish);
    pair.client.config.exporter = pair.server.config.exporter = true;
    if (configure)
        configure(&pair);
    pair.client.tls = tls_new(&pair.client.config, PAIR_NOW, &pair.client.fault);
    pair.server.tls = tls_new(&pair.server.config, PAIR_NOW, &pair.server.fault);
}

static struct tape *taped(const char *suite, void (*configure)(struct tls_pair *))
{
    struct tape *t = tls_tape_new();
    start(suite, configure);
    ck_assert(tape_pair(t, &pair, DATA));
    pair_end(&pair);
    return t;
}

static const struct watch_facts *read_tape(const struct tape *t, const struct watch_config *c)
{
    tape_watch(&reading, t, c, SIZE_MAX);
    return watch_facts(reading.watch);
}

static void is_sound(const struct watch_facts *f)
{
    ck_assert_uint_eq(f->n_faults, 0);
    ck_assert_int_eq(f->blind, WATCH_SEES);
    ck_assert(f->finished[0].verified && f->finished[1].verified);
    for (unsigned side = 0; side < 2; side++)
        ck_assert_uint_eq(f->records[side].opened, f->records[side].sealed);
}

/* ---- keys ---- */

START_TEST(the_servers_key_opens_rsa_and_nothing_else)
{
    const struct classroom *room;
    pair_classroom(KEY_RSA, &room);
    struct private_key other = { .pub = { .kind = KEY_NONE } };
    struct test_chance chance = test_chance(5);
    struct watch_config c = { .server_keys = &room->leaf_key, .n_server_keys = 1 };
    struct tape *t = taped("AES128-SHA", NULL);
    const struct watch_facts *f = read_tape(t, &c);
    is_sound(f);
    ck_assert_int_eq(f->key_from, WATCH_KEY_SERVER);
    tape_read_end(&reading);
    ck_assert(key_make_rsa(&other, 2048, &chance.chance, NULL));
    c.server_keys = &other;
    f = read_tape(t, &c);
    ck_assert_int_eq(f->blind, WATCH_KEY_OTHER);
    ck_assert_uint_eq(f->n_faults, 0);
    tape_read_end(&reading);
    tls_tape_free(t);
    c.server_keys = &room->leaf_key;
    t = taped("ECDHE-RSA-AES128-GCM-SHA256", NULL);
    f = read_tape(t, &c);
    ck_assert_int_eq(f->blind, WATCH_KEY_USELESS);
    ck_assert(f->chain_judged && f->ske_good);
    tape_read_end(&reading);
    tls_tape_free(t);
}
END_TEST

/* RFC 5246 §7.4.7.1: what the key opens and is no pre-master secret is known for that. */
START_TEST(an_encrypted_secret_that_is_none)
{
    const struct classroom *room;
    pair_classroom(KEY_RSA, &room);
    const struct watch_config c = { .server_keys = &room->leaf_key, .n_server_keys = 1 };
    struct tape *t = taped("AES128-SHA", NULL);
    size_t begin, end;
    ck_assert_uint_eq(tape_record(t, WATCH_CLIENT, 400, &begin, &end), 2);
    t->octets[WATCH_CLIENT][400] ^= 1;                /* of ClientKeyExchange */
    const struct watch_facts *f = read_tape(t, &c);
    ck_assert_int_eq(f->blind, WATCH_WRONG_KEY);
    ck_assert(!f->finished[0].checked);
    tape_read_end(&reading);
    tls_tape_free(t);
}
END_TEST

START_TEST(without_keys_what_is_plain_is_known)
{
    struct tape *t = taped("ECDHE-RSA-AES128-GCM-SHA256", NULL);
    struct keylog *none = keylog_new(), *other = keylog_new();
    struct fault why = { 0 };
    char line[200];
    memset(line, 'a', sizeof line);
    memcpy(line, "CLIENT_RANDOM ", 14);
    line[14 + 64] = ' ';
    ck_assert(keylog_add(other, line, 14 + 64 + 1 + 96, 0, &why));
    const struct watch_config configs[] = { { 0 }, { .keylog = none }, { .keylog = other } };
    static const enum watch_blind reasons[] = { WATCH_NO_KEYLOG, WATCH_NO_KEYLOG, WATCH_NO_LINE };
    for (size_t i = 0; i < 3; i++) {
        const struct watch_facts *f = read_tape(t, &configs[i]);
        ck_assert_int_eq(f->blind, reasons[i]);
        ck_assert_uint_eq(f->n_faults, 0);
        ck_assert(f->ske_good && f->chain_judged && !f->chain_holds && !f->chain_trusted);
        ck_assert_str_eq(f->chain_fault.ground->id, "x509.unknown_root");
        ck_assert(f->finished[0].seen && !f->finished[0].checked && f->finished[1].seen);
        ck_assert_uint_eq(f->records[0].opened + f->records[1].opened, 0);
        ck_assert_uint_eq(f->n_alerts, 2);
        ck_assert(f->alerts[0].sealed && f->alerts[0].level == 0);
        ck_assert(f->leaf_from && f->leaf_until > f->leaf_from);
        ck_assert(f->client_hello.n && f->server_hello.n && f->certificate.n);
        tape_read_end(&reading);
    }
    keylog_free(none);
    keylog_free(other);
    tls_tape_free(t);
}
END_TEST

START_TEST(the_chain_is_judged_at_the_time_of_the_capture)
{
    struct tape *t = taped("ECDHE-RSA-AES128-GCM-SHA256", NULL);
    const struct watch_config trusting = { .trust = &pair.trust };
    const struct watch_facts *f = read_tape(t, &trusting);
    ck_assert(f->chain_holds && f->chain_trusted);
    tape_read_end(&reading);
    const struct x509_store nobody = { .n = 0 };
    const struct watch_config strict = { .trust = &nobody };
    f = read_tape(t, &strict);
    ck_assert_uint_eq(f->n_faults, 1);
    ck_assert_int_eq(f->faults[0].what, WATCH_BAD_CHAIN);
    tape_read_end(&reading);
    struct tls_watch *w = watch_new(&trusting);       /* five years later, whoever is trusted */
    struct watch_record r;
    struct watch_moment m = { 1, 1, PAIR_NOW + 5 * 365 * INT64_C(86400) * SECOND };
    for (unsigned side = 0; side < 2; side++)
        ck_assert_int_eq(watch_take(w, side, t->octets[side], t->n[side], &m, &r), WATCH_RECORD);
    ck_assert_str_eq(watch_facts(w)->chain_fault.ground->id, "x509.expired");
    ck_assert_int_eq(watch_facts(w)->faults[0].what, WATCH_BAD_CHAIN);
    watch_free(w);
    tls_tape_free(t);
}
END_TEST

/* A secret that stands in the capture behind what it opens: what comes later is opened. */
START_TEST(a_key_that_comes_late)
{
    struct tape *t = taped("ECDHE-RSA-AES128-GCM-SHA256", NULL);
    struct keylog *k = tape_keylog(t, 1000), *half = tape_keylog(t, 5);
    const struct watch_config never = { .keylog = k }, later = { .keylog = half };
    const struct watch_facts *f = read_tape(t, &never);
    ck_assert_int_eq(f->blind, WATCH_LATE);
    ck_assert_uint_eq(f->key_after, 1000);
    ck_assert_uint_eq(f->records[0].opened, 0);
    tape_read_end(&reading);
    f = read_tape(t, &later);
    ck_assert_int_eq(f->blind, WATCH_LATE);
    ck_assert_uint_eq(f->n_faults, 0);
    ck_assert(f->close_notify[0] && f->close_notify[1]);
    ck_assert(f->records[0].opened > 0 && f->records[0].opened < f->records[0].sealed);
    tape_read_end(&reading);
    keylog_free(k);
    keylog_free(half);
    tls_tape_free(t);
}
END_TEST

static struct tls_tickets tickets;
static struct tls_sessions *store;
static struct tls_resumable resumable;
static struct test_chance tickets_chance;
static void by_ticket(struct tls_pair *p)
{
    p->server.config.tickets = &tickets;
    p->client.config.session = &resumable;
}
static void by_id(struct tls_pair *p)
{
    p->server.config.sessions = store;
    p->client.config.session = &resumable;
}

/* The key log has the first connection alone: the second is opened by what the first left. */
START_TEST(a_session_of_an_earlier_connection)
{
    for (unsigned i = 0; i < 2; i++) {
        tickets_chance = test_chance(8);
        tls_tickets_start(&tickets, &tickets_chance.chance, TLS_SESSION_LIFETIME);
        store = tls_sessions_new(2, TLS_SESSION_LIFETIME);
        resumable = (struct tls_resumable){ .lifetime_hint = 0 };
        struct watch_sessions *s = watch_sessions_new();
        struct tape *first = taped("ECDHE-RSA-AES128-GCM-SHA256", i ? by_id : by_ticket);
        struct tape *second = taped("ECDHE-RSA-AES128-GCM-SHA256", i ? by_id : by_ticket);
        struct keylog *k = tape_keylog(first, 0);
        const struct watch_config c = { .keylog = k, .sessions = s }, alone = { .keylog = NULL, .sessions = s };
        is_sound(read_tape(first, &c));
        tape_read_end(&reading);
        const struct watch_facts *f = read_tape(second, &alone);
        is_sound(f);
        ck_assert(f->resumed && f->resumed_by_ticket == !i);
        ck_assert_int_eq(f->key_from, WATCH_KEY_SESSION);
        tape_read_end(&reading);
        keylog_free(k);
        tls_tape_free(first);
        tls_tape_free(second);
        watch_sessions_free(s);
        tls_sessions_free(store);
    }
}
END_TEST

/* ---- missing octets ---- */

/* Feeds one side from octet `from` on, all of it. */
static void feed(struct tls_watch *w, struct tape *t, unsigned side, size_t from, size_t to)
{
    struct watch_record r;
    const struct watch_moment m = { 1, 1, PAIR_NOW };
    while (from < to && watch_take(w, side, t->octets[side] + from, to - from, &m, &r) == WATCH_RECORD)
        from += r.used;
}

/* The handshake whole; then `n` octets are missing at `at` of the client's. */
static void miss(const char *suite, size_t extra, size_t n, size_t *lost)
{
    struct tape *t = taped(suite, NULL);
    struct keylog *k = tape_keylog(t, 0);
    const struct watch_config c = { .keylog = k };
    struct tls_watch *w = watch_new(&c);
    size_t begin, end;
    struct watch_record r;
    struct watch_moment m = { 1, 1, PAIR_NOW };
    for (unsigned i = 0; i < 4; i++) {                /* each in its turn */
        size_t at = t->moves[i].at, to = at + t->moves[i].n;
        while (at < to && watch_take(w, t->moves[i].side, t->octets[t->moves[i].side] + at, to - at, &m, &r)
                              == WATCH_RECORD)
            at += r.used;
    }
    tape_record(t, WATCH_CLIENT, t->moves[4].at, &begin, &end);
    ck_assert_uint_eq(t->moves[4].side, WATCH_CLIENT);
    feed(w, t, WATCH_CLIENT, begin, begin + extra);
    size_t next = begin + extra + n < end ? begin + extra + n : end;
    if (n == SIZE_MAX)
        next = end;
    watch_gap(w, WATCH_CLIENT, next - begin, 9);
    feed(w, t, WATCH_CLIENT, next, t->n[WATCH_CLIENT]);
    feed(w, t, WATCH_SERVER, t->moves[3].at + t->moves[3].n, t->n[WATCH_SERVER]);
    const struct watch_facts *f = watch_facts(w);
    ck_assert_uint_eq(f->n_faults, 0);
    ck_assert(f->finished[0].verified && f->finished[1].verified);
    ck_assert(f->close_notify[0] && f->close_notify[1]);
    *lost = f->records[0].sealed - f->records[0].opened;
    watch_free(w);
    keylog_free(k);
    tls_tape_free(t);
}

START_TEST(behind_a_gap_it_finds_its_way)
{
    static const char *const suites[] = { "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-CHACHA20-POLY1305", "AES128-SHA",
                                          "AES256-SHA256" };
    for (size_t i = 0; i < sizeof suites / sizeof *suites; i++) {
        size_t lost;
        miss(suites[i], 0, SIZE_MAX, &lost);          /* a record, and nothing else */
        ck_assert_uint_eq(lost, 0);
        miss(suites[i], 0, 40, &lost);                /* its beginning */
        ck_assert_uint_eq(lost, 0);
        miss(suites[i], 100, 40, &lost);              /* something in it */
        ck_assert_uint_eq(lost, 0);
    }
}
END_TEST

START_TEST(from_the_middle_on)
{
    struct tape *t = taped("ECDHE-RSA-AES128-GCM-SHA256", NULL);
    struct keylog *k = tape_keylog(t, 0);
    const struct watch_config c = { .keylog = k, .in_the_middle = true };
    struct tls_watch *w = watch_new(&c);
    feed(w, t, WATCH_CLIENT, t->moves[4].at + 77, t->n[WATCH_CLIENT]);
    feed(w, t, WATCH_SERVER, t->n[WATCH_SERVER] - 200, t->n[WATCH_SERVER]);
    const struct watch_facts *f = watch_facts(w);
    ck_assert_int_eq(f->blind, WATCH_MIDDLE);
    ck_assert_uint_eq(f->n_faults, 0);
    ck_assert(f->records[0].n > 0 && f->records[0].opened == 0);
    watch_free(w);
    keylog_free(k);
    tls_tape_free(t);
}
END_TEST

/* One side alone, as in a capture at a mirror port: nothing is held against it. */
START_TEST(one_side_alone)
{
    struct tape *t = taped("ECDHE-RSA-AES128-GCM-SHA256", NULL);
    struct keylog *k = tape_keylog(t, 0);
    const struct watch_config c = { .keylog = k };
    for (unsigned side = 0; side < 2; side++) {
        struct tls_watch *w = watch_new(&c);
        feed(w, t, side, 0, t->n[side]);
        const struct watch_facts *f = watch_facts(w);
        ck_assert_int_eq(f->blind, WATCH_MIDDLE);
        ck_assert_uint_eq(f->n_faults, 0);
        ck_assert(f->finished[side].seen && !f->finished[side].checked);
        watch_free(w);
    }
    keylog_free(k);
    tls_tape_free(t);
}
END_TEST

/* Records taken out, put in twice, swapped: the one is named, the others are opened. */
START_TEST(records_that_come_twice_or_not_at_all)
{
    for (unsigned what = 0; what < 2; what++) {
        struct tape *t = taped(what ? "ECDHE-RSA-CHACHA20-POLY1305" : "ECDHE-RSA-AES128-GCM-SHA256", NULL);
        struct keylog *k = tape_keylog(t, 0);
        const struct watch_config c = { .keylog = k };
        size_t begin, end, n = t->n[WATCH_CLIENT];
        unsigned record = tape_record(t, WATCH_CLIENT, t->moves[4].at, &begin, &end);
        uint8_t *o = t->octets[WATCH_CLIENT];
        memmove(o + end, o + begin, n - begin);        /* twice */
        struct tls_watch *w = watch_new(&c);
        for (unsigned i = 0; i < 4; i++)
            feed(w, t, t->moves[i].side, t->moves[i].at, t->moves[i].at + t->moves[i].n);
        feed(w, t, WATCH_CLIENT, begin, n + end - begin);
        const struct watch_facts *f = watch_facts(w);
        ck_assert_uint_eq(f->n_faults, 1);
        ck_assert_int_eq(f->faults[0].what, WATCH_BAD_RECORD);
        ck_assert_uint_eq(f->faults[0].record, record + 1);
        ck_assert(f->close_notify[WATCH_CLIENT]);
        watch_free(w);
        keylog_free(k);
        tls_tape_free(t);
    }
}
END_TEST

/* ---- what is no TLS 1.2 ---- */

static const struct watch_facts *say(struct tls_watch **w, unsigned side, const char *octets, size_t n,
                                     enum watch_says want)
{
    static uint8_t copy[4096];
    struct watch_record r;
    const struct watch_moment m = { 3, 4, PAIR_NOW };
    const struct watch_config c = { 0 };
    *w = watch_new(&c);
    memcpy(copy, octets, n);
    ck_assert_int_eq(watch_take(*w, side, copy, n, &m, &r), want);
    watch_ended(*w, side);
    return watch_facts(*w);
}

START_TEST(what_is_no_tls_is_shown)
{
    struct tls_watch *w;
    const struct watch_facts *f = say(&w, WATCH_CLIENT, "GET / HTTP/1.1\r\n\r\n", 18, WATCH_OTHER);
    ck_assert_str_eq(f->plain[WATCH_CLIENT], "GET / HTTP/1.1");
    ck_assert(!f->tls);
    watch_free(w);
    f = say(&w, WATCH_SERVER, "\x01\x02\xff\xfe", 4, WATCH_OTHER);
    ck_assert_str_eq(f->plain[WATCH_SERVER], "01 02 ff fe ");
    watch_free(w);
    f = say(&w, WATCH_SERVER, "SSH-2.0-x\r\n", 11, WATCH_OTHER);
    ck_assert_str_eq(f->plain[WATCH_SERVER], "SSH-2.0-x");
    watch_free(w);
}
END_TEST

START_TEST(old_versions_by_name)
{
    struct tls_watch *w;
    /* RFC 5246 Appendix E.2: version 3.1, a suite of 3 octets, a challenge of 16 */
    const struct watch_facts *f = say(&w, WATCH_CLIENT, "\x80\x1c\x01\x03\x01\x00\x03\x00\x00\x00\x10\x00\x00\x2f" "0123456789abcdef",
                                      30, WATCH_RECORD);
    ck_assert_int_eq(f->blind, WATCH_VERSION);
    ck_assert_uint_eq(f->version, 0x0301);
    ck_assert(f->tls);
    watch_free(w);
    static char hello[5 + 4 + 38 + 1] = "\x16\x03\x01\x00\x2a\x02\x00\x00\x26\x03\x01";
    memcpy(hello + 9 + 2 + 32, "\x00\x00\x2f\x00", 4);
    f = say(&w, WATCH_SERVER, hello, 47, WATCH_RECORD);
    ck_assert_int_eq(f->blind, WATCH_VERSION);
    ck_assert_uint_eq(f->version, 0x0301);
    watch_free(w);
}
END_TEST

START_TEST(a_suite_that_is_not_spoken)
{
    struct tape *t = taped("ECDHE-RSA-AES128-GCM-SHA256", NULL);
    struct keylog *k = tape_keylog(t, 0);
    const struct watch_config c = { .keylog = k };
    t->octets[WATCH_SERVER][5 + 4 + 2 + 32 + 1] = 0x13;            /* no session id: then the suite */
    const struct watch_facts *f = read_tape(t, &c);
    ck_assert_int_eq(f->blind, WATCH_SUITE);
    ck_assert(f->suite == NULL);
    ck_assert_str_eq(f->faults[0].fault.ground->id, "tls.suite_not_offered");
    ck_assert_uint_eq(f->n_faults, 1);
    ck_assert_uint_eq(f->faults[0].message, TLS_SERVER_HELLO);
    tape_read_end(&reading);
    keylog_free(k);
    tls_tape_free(t);
}
END_TEST

START_TEST(a_hello_that_is_not_whole)
{
    struct tape *t = taped("ECDHE-RSA-AES128-GCM-SHA256", NULL);
    const struct watch_config c = { 0 };
    for (size_t n = 6; n < t->moves[0].n; n += 13) {
        struct tls_watch *w = watch_new(&c);
        feed(w, t, WATCH_CLIENT, 0, n);
        watch_ended(w, WATCH_CLIENT);
        const struct watch_facts *f = watch_facts(w);
        if (n >= 9) {
            ck_assert_uint_eq(f->hello_wanted, t->moves[0].n - 5);
            ck_assert_uint_eq(f->hello_has, n - 5);
        }
        ck_assert_uint_eq(f->cut_has[WATCH_CLIENT], n);
        ck_assert_uint_eq(f->cut_wanted[WATCH_CLIENT], t->moves[0].n);
        watch_free(w);
    }
    tls_tape_free(t);
}
END_TEST

/* ---- order ---- */

/* CVE-2014-0224: ChangeCipherSpec in front of ClientKeyExchange; and data in front of Finished. */
START_TEST(what_comes_out_of_turn)
{
    static const uint8_t early[] = { 20, 3, 3, 0, 1, 1 }, data[] = { 23, 3, 3, 0, 2, 'h', 'i' };
    struct tape *t = taped("ECDHE-RSA-AES128-GCM-SHA256", NULL);
    const struct watch_config c = { 0 };
    for (unsigned i = 0; i < 2; i++) {
        uint8_t copy[sizeof data];
        struct tls_watch *w = watch_new(&c);
        struct watch_record r;
        const struct watch_moment m = { 7, 7, PAIR_NOW };
        feed(w, t, WATCH_CLIENT, 0, t->moves[0].n);
        feed(w, t, WATCH_SERVER, 0, t->moves[1].n);
        memcpy(copy, i ? data : early, i ? sizeof data : sizeof early);
        watch_take(w, WATCH_CLIENT, copy, i ? sizeof data : sizeof early, &m, &r);
        const struct watch_facts *f = watch_facts(w);
        ck_assert_uint_eq(f->n_faults, 1);
        ck_assert_int_eq(f->faults[0].what, WATCH_BAD_ORDER);
        ck_assert_str_eq(f->faults[0].fault.ground->id, "tls.unexpected_message");
        ck_assert_uint_eq(f->faults[0].packet, 7);
        watch_free(w);
    }
    tls_tape_free(t);
}
END_TEST

/* ---- cost ---- */

/* Both sides promise the longest messages there are and keep the promise but for an octet; a hello is as long as its
 * lengths allow. */
START_TEST(memory_is_bounded)
{
    static uint8_t record[5 + 16384];
    size_t most = 0, before = mallinfo2().uordblks;
    struct tls_watch *w = watch_new(&(struct watch_config){ 0 });
    struct watch_record r;
    const struct watch_moment m = { 1, 1, PAIR_NOW };
    for (unsigned round = 0; round < 3; round++)
        for (unsigned side = 0; side < 2; side++)
            for (size_t sent = 0; sent < 131400; sent += 16384) {
                memset(record, 0, sizeof record);
                memcpy(record, "\x16\x03\x03\x40\x00", 5);
                if (!sent)
                    memcpy(record + 5, side ? "\x0b\x02\x00\x00" : "\x01\x02\x00\x00", 4);
                watch_take(w, side, record, sizeof record, &m, &r);
                size_t now = mallinfo2().uordblks - before;
                most = now > most ? now : most;
            }
    ck_assert_uint_lt(most, TLS_WATCH_MEMORY);
    watch_free(w);
}
END_TEST

/* With a trace it tells what an engine tells that reads this side, octet by octet; without one the facts are the same. */
START_TEST(told_as_an_engine_tells)
{
    struct tape *t = taped("ECDHE-RSA-AES128-GCM-SHA256", NULL);
    struct keylog *k = tape_keylog(t, 0);
    struct heard *h = heard_new();
    const struct watch_config c = {
        .keylog = k, .voice = { { h->trace, 1, 1 }, { h->trace, 2, 1 } },
        .stream = { trace_stream(h->trace, "up", 2), trace_stream(h->trace, "down", 4) } };
    is_sound(read_tape(t, &c));
    ck_assert_str_eq(heard_events(h, 1, EVENT_MESSAGE),
                     "ServerHello Certificate ServerKeyExchange ServerHelloDone Finished");
    ck_assert_str_eq(heard_events(h, 2, EVENT_MESSAGE), "ClientHello ClientKeyExchange Finished");
    ck_assert(strstr(heard_events(h, 1, EVENT_CHECK), "server_key_exchange_signature"));
    ck_assert(strstr(heard_events(h, 1, EVENT_CHECK), "server_finished"));
    ck_assert(strstr(heard_events(h, 2, EVENT_CHECK), "client_finished"));
    ck_assert(strstr(heard_events(h, 2, EVENT_KEY), "master_secret key_block"));
    ck_assert(strstr(heard_events(h, 1, EVENT_STATE), "CONNECTED"));
    tape_read_end(&reading);
    heard_free(h);
    keylog_free(k);
    tls_tape_free(t);
}
END_TEST

/* ---- what was found by reading the reader ---- */

/* Which type has the message that is longer than any? */
START_TEST(a_message_too_long_has_its_name)
{
    struct tls_watch *w;
    const struct watch_facts *f = say(&w, WATCH_SERVER, "\x16\x03\x03\x00\x05\x0b\xff\xff\xff\x00", 10, WATCH_RECORD);
    ck_assert_uint_eq(f->n_faults, 1);
    ck_assert_uint_eq(f->faults[0].message, TLS_CERTIFICATE);
    watch_free(w);
}
END_TEST

static void feed_move(struct tls_watch *w, struct tape *t, size_t i)
{
    feed(w, t, t->moves[i].side, t->moves[i].at, t->moves[i].at + t->moves[i].n);
}

/* A second ServerHello, of a suite that nobody knows, when there are keys already. */
START_TEST(a_second_hello_takes_the_suite_back)
{
    static uint8_t again[RECORD_HEADER + 256], end[] = { 20, 3, 3, 0, 1, 1, 22, 3, 3, 0, 1, 0 };
    struct tape *t = taped("ECDHE-RSA-AES128-GCM-SHA256", NULL);
    struct keylog *k = tape_keylog(t, 0);
    struct tls_watch *w = watch_new(&(struct watch_config){ .keylog = k });
    struct watch_record r;
    const struct watch_moment m = { 9, 9, PAIR_NOW };
    const size_t n = TLS_MESSAGE_HEADER + t->octets[WATCH_SERVER][8];
    memcpy(again, (const uint8_t[]){ 22, 3, 3, 0, (uint8_t)n }, RECORD_HEADER);
    memcpy(again + RECORD_HEADER, t->octets[WATCH_SERVER] + RECORD_HEADER, n);
    again[RECORD_HEADER + TLS_MESSAGE_HEADER + 2 + TLS_RANDOM + 1] = 0x13;
    for (size_t i = 0; i < 3; i++)
        feed_move(w, t, i);
    watch_take(w, WATCH_SERVER, again, RECORD_HEADER + n, &m, &r);
    watch_take(w, WATCH_SERVER, end, sizeof end, &m, &r);
    watch_take(w, WATCH_SERVER, end + 6, 6, &m, &r);
    ck_assert_uint_ge(watch_facts(w)->n_faults, 1);
    ck_assert_ptr_null(watch_facts(w)->suite);
    watch_free(w);
    keylog_free(k);
    tls_tape_free(t);
}
END_TEST

/* Both directions read out of order, as from two cards: no Finished is held against anybody. */
START_TEST(directions_out_of_order)
{
    struct tape *t = taped("ECDHE-RSA-AES128-GCM-SHA256", NULL);
    struct keylog *k = tape_keylog(t, 0);
    struct tls_watch *w = watch_new(&(struct watch_config){ .keylog = k });
    static const size_t order[] = { 0, 1, 3, 2 };
    for (size_t i = 0; i < t->n_moves; i++)
        feed_move(w, t, i < 4 ? order[i] : i);
    ck_assert_uint_eq(watch_facts(w)->n_faults, 0);
    ck_assert_uint_eq(watch_facts(w)->records[0].opened, watch_facts(w)->records[0].sealed);
    watch_free(w);
    /* of the server's flight what lies behind its Certificate is missing, and that is known later, or it comes later */
    for (unsigned missing = 0; missing < 2; missing++) {
        static uint8_t two[TAPE_OCTETS];
        const uint8_t *flight = t->octets[WATCH_SERVER] + RECORD_HEADER;
        const size_t hello = TLS_MESSAGE_HEADER + (size_t)(flight[2] << 8 | flight[3]);
        const size_t first = hello + TLS_MESSAGE_HEADER + (size_t)(flight[hello + 2] << 8 | flight[hello + 3]);
        const size_t rest = t->moves[1].n - RECORD_HEADER - first;
        struct watch_record r;
        const struct watch_moment m = { 2, 2, PAIR_NOW };
        memcpy(two, (const uint8_t[]){ 22, 3, 3, (uint8_t)(first >> 8), (uint8_t)first }, RECORD_HEADER);
        memcpy(two + RECORD_HEADER, flight, first);
        w = watch_new(&(struct watch_config){ .keylog = k });
        feed_move(w, t, 0);
        ck_assert_int_eq(watch_take(w, WATCH_SERVER, two, RECORD_HEADER + first, &m, &r), WATCH_RECORD);
        feed_move(w, t, 2);
        memcpy(two, (const uint8_t[]){ 22, 3, 3, (uint8_t)(rest >> 8), (uint8_t)rest }, RECORD_HEADER);
        memcpy(two + RECORD_HEADER, flight + first, rest);
        if (missing)
            watch_gap(w, WATCH_SERVER, RECORD_HEADER + rest, 3);
        else
            ck_assert_int_eq(watch_take(w, WATCH_SERVER, two, RECORD_HEADER + rest, &m, &r), WATCH_RECORD);
        feed_move(w, t, 3);
        ck_assert_uint_eq(watch_facts(w)->n_faults, 0);
        watch_free(w);
        /* feeding opens in place: a fresh tape */
        tls_tape_free(t);
        t = taped("ECDHE-RSA-AES128-GCM-SHA256", NULL);
    }
    keylog_free(k);
    tls_tape_free(t);
}
END_TEST

/* A side's ChangeCipherSpec and Finished are missing: what it seals is not taken for plain, and with keys is opened. */
START_TEST(a_last_flight_that_is_missing)
{
    for (size_t which = 2; which < 4; which++)
        for (unsigned keys = 0; keys < 2; keys++) {
            struct tape *t = taped("ECDHE-RSA-AES128-GCM-SHA256", NULL);
            struct keylog *k = tape_keylog(t, 0);
            struct tls_watch *w = watch_new(&(struct watch_config){ .keylog = keys ? k : NULL });
            const unsigned side = t->moves[which].side;
            for (size_t i = 0; i < t->n_moves; i++)
                if (i == which)
                    watch_gap(w, side, t->moves[i].n, i + 1);
                else
                    feed_move(w, t, i);
            const struct watch_facts *f = watch_facts(w);
            ck_assert_uint_eq(f->n_faults, 0);
            ck_assert_uint_eq(f->records[side].sealed, 4);
            ck_assert_uint_eq(f->records[side].opened, keys ? 4 : 0);
            watch_free(w);
            keylog_free(k);
            tls_tape_free(t);
        }
}
END_TEST

/* Each kind of message as long as a message may be: all that is held, by its own account. */
START_TEST(memory_of_the_longest_messages)
{
    static uint8_t record[RECORD_HEADER + 16384];
    static const uint8_t types[2][5] = { { TLS_CLIENT_HELLO, TLS_CERTIFICATE },
                                         { TLS_SERVER_HELLO, TLS_CERTIFICATE, TLS_CERTIFICATE_REQUEST,
                                           TLS_CERTIFICATE_STATUS, TLS_NEW_SESSION_TICKET } };
    struct tls_watch *w = watch_new(&(struct watch_config){ 0 });
    struct watch_record r;
    const struct watch_moment m = { 1, 1, PAIR_NOW };
    enum { LONGEST = 131400 };
    for (unsigned i = 0; i < 10; i++)
        for (size_t sent = 0; types[i % 2][i / 2] && sent < LONGEST; sent += 16384) {
            const size_t n = LONGEST - sent < 16384 ? LONGEST - sent : 16384, body = LONGEST - TLS_MESSAGE_HEADER;
            memset(record, 0, sizeof record);
            memcpy(record, (const uint8_t[]){ 22, 3, 3, (uint8_t)(n >> 8), (uint8_t)n }, RECORD_HEADER);
            if (!sent)
                memcpy(record + RECORD_HEADER,
                       (const uint8_t[]){ types[i % 2][i / 2], (uint8_t)(body >> 16), (uint8_t)(body >> 8), (uint8_t)body,
                                          3, 3 }, 6);
            ck_assert_int_eq(watch_take(w, i % 2, record, RECORD_HEADER + n, &m, &r), WATCH_RECORD);
            ck_assert_uint_lt(watch_memory(w), TLS_WATCH_MEMORY);
        }
    watch_free(w);
}
END_TEST

/* Many lines of RSA in the key log: a connection that finds no line is at its end as soon as ever. */
START_TEST(many_lines_cost_little)
{
    enum { RSA_LINES = 100000, LINES = 10000 };
    struct keylog *k = keylog_new();
    char line[256];
    for (int i = 0; i < RSA_LINES + LINES; i++) {
        int n = i < RSA_LINES ? snprintf(line, sizeof line, "RSA %016x %096d\n", (unsigned)i, 1)
                              : snprintf(line, sizeof line, "CLIENT_RANDOM %064x %096d\n", (unsigned)i, 1);
        ck_assert(keylog_add(k, line, (size_t)n, 0, NULL));
    }
    const clock_t before = clock();
    uint8_t random[TLS_RANDOM];
    for (size_t i = 0; i < LINES; i++)
        ck_assert(keylog_client(k, i, random));
    ck_assert_int_lt((clock() - before) * 2 / CLOCKS_PER_SEC, 1);
    ck_assert(!keylog_client(k, LINES, random));
    keylog_free(k);
}
END_TEST

int main(void)
{
    if (sodium_init() < 0)
        return 1;
    return check_run("watch_odd", (const TTest *[]){
        the_servers_key_opens_rsa_and_nothing_else, an_encrypted_secret_that_is_none, without_keys_what_is_plain_is_known,
        the_chain_is_judged_at_the_time_of_the_capture, a_key_that_comes_late, a_session_of_an_earlier_connection,
        behind_a_gap_it_finds_its_way, from_the_middle_on, one_side_alone, records_that_come_twice_or_not_at_all,
        what_is_no_tls_is_shown, old_versions_by_name, a_suite_that_is_not_spoken, a_hello_that_is_not_whole,
        what_comes_out_of_turn, memory_is_bounded, told_as_an_engine_tells, a_message_too_long_has_its_name,
        a_second_hello_takes_the_suite_back, directions_out_of_order, a_last_flight_that_is_missing,
        memory_of_the_longest_messages, many_lines_cost_little, NULL });
}
