#include "tests/lib/check.h"
#include "tests/lib/rfc8448.h"
#include "tls/messages13.h"
#include "tls/record13.h"
#include "tls/watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The handshakes of RFC 8448, read by the third reader. */
enum { TRACES = RFC8448_TRACES, RECORD_ROOM = RFC8448_RECORD, SIMPLE = RFC8448_SIMPLE, RESUMED = RFC8448_RESUMED,
       RETRIED = RFC8448_RETRIED, CLIENT_AUTH = RFC8448_CLIENT_AUTH };
#define AT_CAPTURE (INT64_C(1530000000) * SECOND)     /* 2018 */

static struct cpu cpu;

/* One who reads: what both sides said so far and nobody took yet. */
struct reader {
    struct tls_watch *watch; struct keylog *keylog;
    uint8_t octets[2][1 << 15]; size_t n[2];
    size_t content;                                   /* octets of application data that were opened */
};

static void start(struct reader *r, const char *keylog, uint64_t after)
{
    memset(r, 0, sizeof *r);
    if (keylog) {
        r->keylog = keylog_new();
        ck_assert(keylog_add(r->keylog, keylog, strlen(keylog), after, NULL));
    }
    r->watch = watch_new(&(struct watch_config){ .keylog = r->keylog, .cpu = &cpu });
}

static void stop(struct reader *r)
{
    watch_free(r->watch);
    keylog_free(r->keylog);
}

/* The next octets of a side, which came in that packet. */
static void feed(struct reader *r, unsigned side, const uint8_t *octets, size_t n, uint64_t packet)
{
    const struct watch_moment moment = { packet, packet, AT_CAPTURE };
    struct watch_record record;
    memcpy(r->octets[side] + r->n[side], octets, n);
    r->n[side] += n;
    while (watch_take(r->watch, side, r->octets[side], r->n[side], &moment, &record) == WATCH_RECORD) {
        ck_assert_uint_gt(record.used, 0);
        if (record.type == TLS_CONTENT_APPLICATION && record.opened)
            r->content += record.content.n;
        memmove(r->octets[side], r->octets[side] + record.used, r->n[side] -= record.used);
    }
}

enum { NOTHING = RFC8448_RECORDS };
static const struct watch_facts *run(struct reader *r, const struct rfc8448 *t, size_t chunk, size_t spoiled,
                                     size_t at)
{
    for (size_t i = 0; i < t->n; i++) {
        uint8_t octets[RECORD_ROOM];
        memcpy(octets, t->records[i].bytes, t->records[i].n);
        if (i == spoiled)
            octets[at] ^= 1;
        for (size_t k = 0; k < t->records[i].n; k += chunk)
            feed(r, t->records[i].side, octets + k, chunk < t->records[i].n - k ? chunk : t->records[i].n - k, i + 1);
    }
    watch_ended(r->watch, WATCH_CLIENT);
    watch_ended(r->watch, WATCH_SERVER);
    return watch_facts(r->watch);
}

/* Their certificates have keys of 1024 bits, and nobody is trusted: that is said, and nothing else. */
static unsigned faults(const struct watch_facts *f)
{
    unsigned n = 0;
    for (unsigned i = 0; i < f->n_faults; i++)
        n += f->faults[i].what != WATCH_BAD_CHAIN;
    return n + f->more_faults;
}

static void holds(const struct watch_facts *f, size_t which)
{
    ck_assert_uint_eq(f->version, TLS_1_3);
    ck_assert_uint_eq(f->suite_number, 0x1301);
    ck_assert_uint_eq(f->group, which == RETRIED ? TLS_SECP256R1 : TLS_X25519);
    ck_assert_str_eq(f->sni, "server");
    ck_assert_uint_eq(faults(f), 0);
    for (unsigned side = 0; side < 2; side++) {
        ck_assert(f->finished[side].seen && f->finished[side].checked && f->finished[side].verified);
        ck_assert_uint_gt(f->records[side].sealed, 0);
        ck_assert_uint_eq(f->records[side].opened, f->records[side].sealed);
        ck_assert(f->close_notify[side]);
    }
    ck_assert_uint_eq(f->blind, WATCH_SEES);
    ck_assert_uint_eq(f->key_from, WATCH_KEY_LOG);
    ck_assert_uint_eq(f->resumed, which == RESUMED);
    ck_assert_uint_eq(f->hello_retry, which == RETRIED);
    ck_assert_uint_eq(f->chain_seen, which != RESUMED);
    ck_assert_uint_eq(f->ske_good, which != RESUMED);
    ck_assert_uint_eq(f->ske_checked, which != RESUMED);
    ck_assert_uint_eq(f->client_asked, which == CLIENT_AUTH);
    ck_assert_uint_eq(f->client_sent_certificate, which == CLIENT_AUTH);
    ck_assert_uint_eq(f->verify_good, which == CLIENT_AUTH);
}

START_TEST(all_of_rfc_8448)
{
    struct reader r;
    const struct rfc8448 *traces = rfc8448();
    for (size_t i = 0; i < TRACES; i++) {
        start(&r, traces[i].keylog, 0);
        holds(run(&r, &traces[i], RECORD_ROOM, NOTHING, 0), i);
        ck_assert_uint_eq(r.content, i == SIMPLE ? 100 : i == RESUMED ? 106 : 0);
        stop(&r);
    }
}
END_TEST

START_TEST(octet_by_octet)
{
    struct reader r;
    const struct rfc8448 *traces = rfc8448();
    for (size_t i = 0; i < TRACES; i++) {
        start(&r, traces[i].keylog, 0);
        holds(run(&r, &traces[i], 1, NOTHING, 0), i);
        stop(&r);
    }
}
END_TEST

/* Each sealed record, an octet of its ciphertext or of its tag: it is named, and all others open. */
START_TEST(the_spoiled_record_is_named)
{
    struct reader r;
    const struct rfc8448 *traces = rfc8448();
    for (size_t i = 0; i < TRACES; i++)
        for (size_t k = 0; k < traces[i].n; k++)
            for (unsigned where = 0; where < 3; where++) {
                const struct rfc8448_record *l = &traces[i].records[k];
                uint64_t number = 0, sealed = 0, opened = 0;
                if (l->bytes[0] != TLS_CONTENT_APPLICATION)
                    continue;
                for (size_t j = 0; j <= k; j++)
                    number += traces[i].records[j].side == l->side;
                start(&r, traces[i].keylog, 0);
                const struct watch_facts *f = run(&r, &traces[i], RECORD_ROOM, k,
                                                  where == 0 ? 5 : where == 1 ? l->n / 2 : l->n - 1);
                const struct watch_fault *named = NULL;
                for (unsigned n = 0; n < f->n_faults && !named; n++)
                    named = f->faults[n].what == WATCH_BAD_RECORD ? &f->faults[n] : NULL;
                ck_assert_msg(named, "trace %zu, record %zu", i, k);
                ck_assert_uint_eq(named->side, l->side);
                ck_assert_uint_eq(named->record, number);
                ck_assert_uint_eq(named->packet, k + 1);
                ck_assert_msg(faults(f) == 1, "trace %zu, record %zu: %u faults, the last %s", i, k, faults(f),
                              f->faults[f->n_faults - 1].fault.ground->id);
                for (unsigned side = 0; side < 2; side++) {
                    sealed += f->records[side].sealed;
                    opened += f->records[side].opened;
                }
                ck_assert_uint_eq(opened, sealed - 1);
                ck_assert_uint_eq(f->records[l->side].refused, 1);
                ck_assert_uint_eq(f->blind, WATCH_SEES);
                stop(&r);
            }
}
END_TEST

START_TEST(without_a_key_log)
{
    struct reader r;
    const struct rfc8448 *traces = rfc8448();
    start(&r, NULL, 0);
    const struct watch_facts *f = run(&r, &traces[CLIENT_AUTH], RECORD_ROOM, NOTHING, 0);
    ck_assert_uint_eq(f->version, TLS_1_3);
    ck_assert_uint_eq(f->suite_number, 0x1301);
    ck_assert_uint_eq(f->group, TLS_X25519);
    ck_assert_uint_eq(f->blind, WATCH_NO_KEYLOG);
    ck_assert_uint_eq(f->records[WATCH_SERVER].opened, 0);
    ck_assert_uint_eq(f->records[WATCH_SERVER].sealed, 2);
    ck_assert_uint_eq(f->n_faults, 0);
    ck_assert(!f->finished[0].checked && !f->finished[1].checked);
    stop(&r);
}
END_TEST

/* The doctor's reasons. */
START_TEST(why_nothing_opens)
{
    struct reader r;
    const struct watch_facts *f;
    const struct rfc8448 *traces = rfc8448();
    start(&r, traces[RETRIED].keylog, 0);             /* another connection's */
    f = run(&r, &traces[SIMPLE], RECORD_ROOM, NOTHING, 0);
    ck_assert_uint_eq(f->blind, WATCH_NO_LINE);
    ck_assert_uint_eq(f->blind_packet, 2);
    stop(&r);

    start(&r, traces[SIMPLE].keylog, 7);              /* behind the packet that needs it */
    f = run(&r, &traces[SIMPLE], RECORD_ROOM, NOTHING, 0);
    ck_assert_uint_eq(f->blind, WATCH_LATE);
    ck_assert_uint_eq(f->key_after, 7);
    stop(&r);

    const struct private_key key = { .pub = { .kind = KEY_RSA } };     /* any: it opens nothing of TLS 1.3 */
    r = (struct reader){ .watch = watch_new(&(struct watch_config){ .server_keys = &key, .n_server_keys = 1 }) };
    ck_assert_uint_eq(run(&r, &traces[SIMPLE], RECORD_ROOM, NOTHING, 0)->blind, WATCH_KEY_USELESS);
    stop(&r);

    char wrong[RFC8448_KEYLOG];                               /* each secret another one */
    strcpy(wrong, traces[SIMPLE].keylog);
    for (char *end = wrong; (end = strchr(end, '\n')); end++)
        end[-1] = end[-1] == '0' ? '1' : '0';
    start(&r, wrong, 0);
    f = run(&r, &traces[SIMPLE], RECORD_ROOM, NOTHING, 0);
    ck_assert_uint_eq(f->blind, WATCH_WRONG_KEY);
    ck_assert_uint_eq(f->blind_packet, 3);
    ck_assert_uint_eq(f->records[0].opened + f->records[1].opened, 0);
    ck_assert_uint_eq(f->n_faults, 0);
    stop(&r);
}
END_TEST

/* Records that are not in the capture: those behind them open all the same, as their number is found. */
static const struct watch_facts *run_without(struct reader *r, const struct rfc8448 *t, size_t from, size_t n)
{
    for (size_t i = 0; i < t->n; i++)
        if (i >= from && i < from + n)
            watch_gap(r->watch, t->records[i].side, t->records[i].n, i + 1);
        else
            feed(r, t->records[i].side, t->records[i].bytes, t->records[i].n, i + 1);
    return watch_facts(r->watch);
}

START_TEST(records_that_are_missing)
{
    const struct rfc8448 *traces = rfc8448();
    struct reader r;
    start(&r, traces[SIMPLE].keylog, 0);
    const struct watch_facts *f = run_without(&r, &traces[SIMPLE], 4, 1);         /* NewSessionTicket */
    ck_assert_uint_eq(f->records[WATCH_SERVER].sealed, 3);
    ck_assert_uint_eq(f->records[WATCH_SERVER].opened, 3);
    ck_assert(f->finished[WATCH_SERVER].verified && f->finished[WATCH_CLIENT].verified);
    ck_assert_uint_eq(faults(f), 0);
    stop(&r);

    /* the server's handshake; and what follows it, of both sides; the ServerHello with it, or alone */
    static const struct { size_t from, n; } missing[] = { { 2, 1 }, { 2, 3 }, { 1, 2 }, { 1, 1 } };
    for (size_t i = 0; i < sizeof missing / sizeof *missing; i++) {
        start(&r, traces[SIMPLE].keylog, 0);
        f = run_without(&r, &traces[SIMPLE], missing[i].from, missing[i].n);
        ck_assert_uint_eq(f->version, TLS_1_3);
        ck_assert_uint_eq(f->suite_number, 0x1301);
        for (unsigned side = 0; side < 2; side++) {
            ck_assert_uint_gt(f->records[side].sealed, 1);
            ck_assert_uint_eq(f->records[side].opened, f->records[side].sealed);
            ck_assert(!f->finished[side].checked);
        }
        ck_assert_uint_eq(faults(f), 0);
        stop(&r);
    }
}
END_TEST

/* All of one side before all of the other, as a capture may have it: nothing is checked then that cannot be. */
START_TEST(one_side_first)
{
    const struct rfc8448 *traces = rfc8448();
    struct reader r;
    for (size_t i = 0; i < TRACES; i++)
        for (unsigned first = 0; first < 2; first++) {
            start(&r, traces[i].keylog, 0);
            for (unsigned turn = 0; turn < 2; turn++)
                for (size_t k = 0; k < traces[i].n; k++)
                    if (traces[i].records[k].side == (first ^ turn))
                        feed(&r, first ^ turn, traces[i].records[k].bytes, traces[i].records[k].n, k + 1);
            stop(&r);
        }
}
END_TEST

/* A suite that is known by name alone. */
START_TEST(a_suite_not_spoken)
{
    struct reader r;
    const struct rfc8448 *traces = rfc8448();
    struct rfc8448 t = traces[SIMPLE];
    uint8_t *hello = t.records[0].bytes, *answer = t.records[1].bytes;
    hello[5 + 4 + 2 + 32 + 1 + 2 + 1] = 0x06;         /* in the ClientHello's list, and chosen */
    answer[5 + 4 + 2 + 32 + 1 + 1] = 0x06;
    start(&r, t.keylog, 0);
    const struct watch_facts *f = run(&r, &t, RECORD_ROOM, NOTHING, 0);
    ck_assert_uint_eq(f->suite_number, 0x1306);
    ck_assert_uint_eq(f->blind, WATCH_SUITE);
    ck_assert_uint_eq(f->n_faults, 0);
    stop(&r);
}
END_TEST

/* What a ServerHello may not say. */
START_TEST(what_was_not_offered)
{
    static const struct { size_t at; uint8_t to; const char *id; } wrong[] = {
        { 5 + 4 + 2 + 32 + 1 + 1, 0x05, "tls.suite13_not_offered" },
        { 5 + 4 + 2 + 32 + 1 + 2, 1, "tls.compression13" },
        { 5 + 4 + 2 + 32 + 1 + 2 + 1 + 2 + 4 + 1, 0x1e, "tls.key_share" },
    };
    struct reader r;
    const struct rfc8448 *traces = rfc8448();
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct rfc8448 t = traces[SIMPLE];
        t.records[1].bytes[wrong[i].at] = wrong[i].to;
        start(&r, t.keylog, 0);
        const struct watch_facts *f = run(&r, &t, RECORD_ROOM, NOTHING, 0);
        ck_assert_uint_ge(f->n_faults, 1);
        ck_assert_uint_eq(f->faults[0].what, WATCH_BAD_MESSAGE);
        ck_assert_str_eq(f->faults[0].fault.ground->id, wrong[i].id);
        ck_assert_uint_eq(f->faults[0].packet, 2);
        stop(&r);
    }
}
END_TEST

/* A record of that side, as its key for the handshake seals it: its first one. */
static void say_sealed(struct reader *r, unsigned side, unsigned type, const uint8_t *content, size_t n, uint64_t packet)
{
    static const char client[] = "CLIENT_HANDSHAKE_TRAFFIC_SECRET ", server[] = "SERVER_HANDSHAKE_TRAFFIC_SECRET ";
    uint8_t record[RECORD_ROOM] = { TLS_CONTENT_APPLICATION, 3, 3 }, secret[32], nonce[AEAD_NONCE];
    const char *label = side ? server : client, *line = strstr(rfc8448()[SIMPLE].keylog, label);
    struct opening o = { 0 };
    size_t got;
    ck_assert(line && sodium_hex2bin(secret, sizeof secret, line + strlen(label) + 64 + 1, 64, NULL, &got, NULL) == 0);
    opening_start(&o, tls_suite13_of(0x1301), secret, &cpu);
    record13_nonce(&o, 0, nonce);
    memcpy(record + RECORD_HEADER, content, n);
    record[RECORD_HEADER + n] = (uint8_t)type;
    record[3] = (uint8_t)((n + 1 + o.suite->tag) >> 8);
    record[4] = (uint8_t)(n + 1 + o.suite->tag);
    aead_seal(&o.aead, nonce, record, RECORD_HEADER, record + RECORD_HEADER, n + 1, record + RECORD_HEADER + n + 1);
    opening_wipe(&o);
    feed(r, side, record, RECORD_HEADER + n + 1 + 16, packet);
}

/* EncryptedExtensions with a record_size_limit of 64, and a Certificate that is compressed (RFC 8879): it is named, and
 * not judged. Then the client says more than 64 octets, with the type, in one record (RFC 8449 §4). */
START_TEST(a_compressed_certificate_and_a_long_record)
{
    static const uint8_t flight[] = {
        8, 0, 0, 8, 0, 6, 0, 28, 0, 2, 0, 64,
        25, 0, 0, 12, 0, 2, 0, 1, 0, 0, 0, 4, 1, 2, 3, 4 };
    static const uint8_t text[64] = "";
    struct reader r;
    for (size_t more = 0; more < 2; more++) {
        const struct rfc8448 *t = &rfc8448()[SIMPLE];
        start(&r, t->keylog, 0);
        for (size_t i = 0; i < 2; i++) {
            uint8_t hello[RECORD_ROOM];
            memcpy(hello, t->records[i].bytes, t->records[i].n);
            feed(&r, t->records[i].side, hello, t->records[i].n, i + 1);
        }
        say_sealed(&r, WATCH_SERVER, TLS_CONTENT_HANDSHAKE, flight, sizeof flight, 3);
        say_sealed(&r, WATCH_CLIENT, TLS_CONTENT_APPLICATION, text, 63 + more, 4);
        const struct watch_facts *f = watch_facts(r.watch);
        ck_assert_uint_eq(f->records[0].opened + f->records[1].opened, 2);
        const struct watch_compressed *c = &f->compressed[WATCH_SERVER];
        ck_assert(c->packet == 3 && c->algorithm == 2 && c->octets == 4 && c->length == 256);
        ck_assert(!f->chain_judged && !f->compressed[WATCH_CLIENT].packet);
        ck_assert_uint_eq(f->record_limit[WATCH_CLIENT], 64);
        ck_assert_uint_eq(f->n_faults, more);
        if (more) {
            ck_assert_str_eq(f->faults[0].fault.ground->id, "tls.record_overflow");
            ck_assert(f->faults[0].side == WATCH_CLIENT && f->faults[0].record == 2 && f->faults[0].packet == 4);
        }
        stop(&r);
    }
}
END_TEST

/* ---- what was found by reading the reader ---- */

/* An octet of a header: the record is named, those behind it have their numbers still, and no Finished is held against
 * anybody whose messages were not read. */
START_TEST(a_spoiled_header_is_named_alone)
{
    struct reader r;
    for (size_t k = 2; k < rfc8448()[SIMPLE].n; k++)
        for (size_t at = 0; at < 4; at += 3) {
            struct rfc8448 t = rfc8448()[SIMPLE];
            t.records[k].bytes[at] ^= at ? 0x80 : 0x40;       /* no such type; longer than any */
            start(&r, t.keylog, 0);
            const struct watch_facts *f = run(&r, &t, RECORD_ROOM, NOTHING, 0);
            ck_assert_msg(faults(f) == 1, "record %zu, octet %zu: %u faults", k, at, faults(f));
            ck_assert_uint_eq(f->faults[f->n_faults - 1].packet, k + 1);
            for (unsigned side = 0; side < 2; side++)
                ck_assert_uint_eq(f->records[side].opened, f->records[side].sealed);
            stop(&r);
        }
}
END_TEST

/* A ChangeCipherSpec that cannot be read as one makes no resumed session of it. */
START_TEST(a_spoiled_change_cipher_spec_means_nothing)
{
    static const uint8_t spoiled[] = { 0x54, 3, 3, 0, 1, 1 };
    struct reader r;
    const struct rfc8448 *t = &rfc8448()[SIMPLE];
    start(&r, t->keylog, 0);
    for (size_t k = 0; k < t->n; k++) {
        feed(&r, t->records[k].side, t->records[k].bytes, t->records[k].n, k + 1);
        if (k == 1)
            feed(&r, WATCH_SERVER, spoiled, sizeof spoiled, 2);
    }
    const struct watch_facts *f = watch_facts(r.watch);
    ck_assert(!f->resumed && f->finished[0].verified && f->finished[1].verified);
    ck_assert_uint_eq(faults(f), 1);
    stop(&r);
}
END_TEST

/* ChangeCipherSpec behind the ClientHello (RFC 8446 Appendix D.4), then a record with a spoiled type: no secret and no
 * key of TLS 1.2 is looked for. */
START_TEST(nothing_of_tls_1_2_seals_it)
{
    static const uint8_t ccs[] = { 20, 3, 3, 0, 1, 1 }, spoiled[] = { 0x57, 3, 3, 0, 2, 1, 2, 23, 3, 3, 0, 1, 0 };
    const struct rfc8448 *t = &rfc8448()[SIMPLE];
    const struct private_key key = { .pub = { .kind = KEY_RSA } };
    char line[14 + 64 + 1 + 96 + 1] = "CLIENT_RANDOM ";
    sodium_bin2hex(line + 14, 65, t->records[0].bytes + RECORD_HEADER + TLS_MESSAGE_HEADER + 2, TLS_RANDOM);
    line[14 + 64] = ' ';
    memset(line + 14 + 64 + 1, 'a', 96);
    for (unsigned by_key = 0; by_key < 2; by_key++) {
        struct reader r;
        start(&r, line, 0);
        watch_free(r.watch);
        r.watch = watch_new(&(struct watch_config){ .keylog = by_key ? NULL : r.keylog, .server_keys = &key,
                                                    .n_server_keys = by_key, .cpu = &cpu });
        feed(&r, WATCH_CLIENT, t->records[0].bytes, t->records[0].n, 1);
        feed(&r, WATCH_CLIENT, ccs, sizeof ccs, 1);
        feed(&r, WATCH_SERVER, t->records[1].bytes, t->records[1].n, 2);
        feed(&r, WATCH_CLIENT, spoiled, sizeof spoiled, 3);
        ck_assert_uint_eq(watch_facts(r.watch)->version, TLS_1_3);
        ck_assert_uint_eq(faults(watch_facts(r.watch)), 1);
        stop(&r);
    }
}
END_TEST

/* The server's flight is read behind the client's, or is missing and nobody knows it yet (flow.h): nothing over the
 * transcript is judged. */
START_TEST(a_servers_flight_that_comes_late)
{
    struct reader r;
    for (size_t i = 0; i < TRACES; i++)
        for (unsigned missing = 0; missing < 2; missing++) {
            const struct rfc8448 *t = &rfc8448()[i];
            size_t flight = 0;
            while (t->records[flight].side == WATCH_CLIENT || t->records[flight].bytes[0] != TLS_CONTENT_APPLICATION)
                flight++;
            start(&r, t->keylog, 0);
            for (unsigned late = 0; late < 2; late++)
                for (size_t k = 0; k < t->n; k++)
                    if ((k >= flight && t->records[k].side == WATCH_SERVER) != late)
                        ;
                    else if (missing && k == flight)
                        watch_gap(r.watch, WATCH_SERVER, t->records[k].n, k + 1);
                    else
                        feed(&r, t->records[k].side, t->records[k].bytes, t->records[k].n, k + 1);
            const struct watch_facts *f = watch_facts(r.watch);
            ck_assert_msg(faults(f) == 0, "trace %zu, missing %u: %u faults", i, missing, faults(f));
            ck_assert(!f->finished[0].checked && !f->finished[1].checked);
            for (unsigned side = 0; side < 2; side++)
                ck_assert_uint_eq(f->records[side].opened, f->records[side].sealed);
            stop(&r);
        }
}
END_TEST

/* A key log whose lines of that kind stand behind a packet, the others in front of all. */
static void start_with_late(struct reader *r, const struct rfc8448 *t, const char *kind, uint64_t after)
{
    start(r, NULL, 0);
    watch_free(r->watch);
    r->keylog = keylog_new();
    for (const char *line = t->keylog, *end; *line; line = end) {
        end = line + strcspn(line, "\n");
        end += *end == '\n';
        const char *has = strstr(line, kind);
        ck_assert(keylog_add(r->keylog, line, (size_t)(end - line), has && has < end ? after : 0, NULL));
    }
    r->watch = watch_new(&(struct watch_config){ .keylog = r->keylog, .cpu = &cpu });
}

/* A secret behind the packet that needs it: that is said, no record held to be spoiled, and what comes later opened. */
START_TEST(secrets_that_come_late)
{
    struct reader r;
    const struct rfc8448 *traces = rfc8448();
    start_with_late(&r, &traces[RESUMED], "EARLY_TRAFFIC_SECRET", 3);
    const struct watch_facts *f = run(&r, &traces[RESUMED], RECORD_ROOM, NOTHING, 0);
    ck_assert_uint_eq(faults(f), 0);
    ck_assert_int_eq(f->blind, WATCH_LATE);
    ck_assert_uint_eq(f->key_after, 3);
    ck_assert_uint_eq(f->blind_packet, 2);
    ck_assert_uint_eq(f->records[0].sealed - f->records[0].opened, 1);
    stop(&r);
    start_with_late(&r, &traces[SIMPLE], "TRAFFIC_SECRET_0", 5);      /* behind both Finished, before all data */
    f = run(&r, &traces[SIMPLE], RECORD_ROOM, NOTHING, 0);
    ck_assert_uint_eq(faults(f), 0);
    ck_assert_uint_eq(r.content, 100);
    stop(&r);
}
END_TEST

/* More of them than are kept: they are counted all the same. */
START_TEST(spoiled_records_before_one_that_opens)
{
    static const size_t order[] = { 0, 1, 2, 4, 6, 8, 3, 5 };
    struct reader r;
    struct rfc8448 t = rfc8448()[SIMPLE];
    start(&r, t.keylog, 0);
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        struct rfc8448_record *l = &t.records[order[i]];
        l->bytes[l->n - 1] ^= order[i] > 1 && order[i] != 5;
        feed(&r, l->side, l->bytes, l->n, order[i] + 1);
    }
    const struct watch_facts *f = watch_facts(r.watch);
    ck_assert_uint_eq(f->records[0].refused + f->records[1].refused, 5);
    ck_assert_uint_eq(faults(f), 5);
    stop(&r);
}
END_TEST

/* As that line of the key log seals it. */
static void say_as(struct reader *r, const struct rfc8448 *t, const char *label, uint64_t number, unsigned side,
                   unsigned type, const uint8_t *content, size_t n, uint64_t packet)
{
    uint8_t record[RECORD_ROOM] = { TLS_CONTENT_APPLICATION, 3, 3 }, secret[32], nonce[AEAD_NONCE];
    const char *line = strstr(t->keylog, label);
    struct opening o = { 0 };
    size_t got;
    ck_assert(line && sodium_hex2bin(secret, sizeof secret, line + strlen(label) + 64 + 1, 64, NULL, &got, NULL) == 0);
    opening_start(&o, tls_suite13_of(0x1301), secret, &cpu);
    record13_nonce(&o, number, nonce);
    memcpy(record + RECORD_HEADER, content, n);
    record[RECORD_HEADER + n] = (uint8_t)type;
    record[4] = (uint8_t)(n + 1 + o.suite->tag);
    aead_seal(&o.aead, nonce, record, RECORD_HEADER, record + RECORD_HEADER, n + 1, record + RECORD_HEADER + n + 1);
    feed(r, side, record, RECORD_HEADER + n + 1 + o.suite->tag, packet);
    opening_wipe(&o);
}

/* RFC 8446 §4.6.2: two requests behind the handshake, answered in turn: their order is no fault. (The verify_data are
 * of no request: that is not held against them either, as nobody knows which is meant.) */
START_TEST(two_requests_at_once)
{
    static const char client[] = "CLIENT_TRAFFIC_SECRET_0 ", server[] = "SERVER_TRAFFIC_SECRET_0 ";
    struct reader r;
    const struct rfc8448 *t = &rfc8448()[SIMPLE];
    start(&r, t->keylog, 0);
    for (size_t i = 0; i < 4; i++)
        feed(&r, t->records[i].side, t->records[i].bytes, t->records[i].n, i + 1);
    for (uint8_t i = 0; i < 2; i++) {
        const uint8_t request[] = { 13, 0, 0, 12, 1, i, 0, 8, 0, 13, 0, 4, 0, 2, 4, 3 };
        say_as(&r, t, server, i, WATCH_SERVER, TLS_CONTENT_HANDSHAKE, request, sizeof request, 5);
    }
    for (uint8_t i = 0; i < 2; i++) {
        const uint8_t answer[9 + TLS_MESSAGE_HEADER + 32] = { 11, 0, 0, 5, 1, i, 0, 0, 0, 20, 0, 0, 32 };
        say_as(&r, t, client, i, WATCH_CLIENT, TLS_CONTENT_HANDSHAKE, answer, sizeof answer, 6);
    }
    ck_assert_uint_eq(watch_facts(r.watch)->records[0].opened, 3);
    ck_assert_uint_eq(faults(watch_facts(r.watch)), 0);
    stop(&r);
}
END_TEST

/* RFC 8449 §4: a limit is the handshake's that made the keys. Early data are sent before there is one. */
START_TEST(early_data_have_no_limit_yet)
{
    static const uint8_t encrypted[] = { 8, 0, 0, 12, 0, 10, 0, 28, 0, 2, 0, 64, 0, 42, 0, 0 }, text[100] = "";
    struct reader r;
    const struct rfc8448 *t = &rfc8448()[RESUMED];
    start(&r, t->keylog, 0);
    for (size_t i = 0; i < 3; i++)
        feed(&r, t->records[i].side, t->records[i].bytes, t->records[i].n, i + 1);
    say_as(&r, t, "SERVER_HANDSHAKE_TRAFFIC_SECRET ", 0, WATCH_SERVER, TLS_CONTENT_HANDSHAKE, encrypted,
           sizeof encrypted, 4);
    say_as(&r, t, "CLIENT_EARLY_TRAFFIC_SECRET ", 1, WATCH_CLIENT, TLS_CONTENT_APPLICATION, text, sizeof text, 5);
    ck_assert_uint_eq(watch_facts(r.watch)->record_limit[WATCH_CLIENT], 64);
    ck_assert_uint_eq(watch_facts(r.watch)->records[0].opened, 2);
    ck_assert_uint_eq(faults(watch_facts(r.watch)), 0);
    stop(&r);
}
END_TEST

int main(void)
{
    return check_run("watch13", (const TTest *[]){
        all_of_rfc_8448, octet_by_octet, the_spoiled_record_is_named, without_a_key_log, why_nothing_opens,
        records_that_are_missing, one_side_first, a_suite_not_spoken, what_was_not_offered,
        a_compressed_certificate_and_a_long_record, a_spoiled_header_is_named_alone,
        a_spoiled_change_cipher_spec_means_nothing, nothing_of_tls_1_2_seals_it, a_servers_flight_that_comes_late,
        secrets_that_come_late, spoiled_records_before_one_that_opens, two_requests_at_once,
        early_data_have_no_limit_yet, NULL });
}
