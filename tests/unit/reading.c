/* Our own visits, captured and read again as anybody's: what the third reader tells are the same messages, of the same
 * octets, with the same fields, as the two ends have told; and all is opened and verified. */
#include "http/diagnose.h"
#include "tests/lib/captured_visit.h"
#include "tests/lib/chance.h"
#include "tests/lib/check.h"
#include "tls/suites.h"

#include <stdlib.h>
#include <string.h>

enum { TAPE = 64 << 20 };

struct octets { uint8_t *octets; size_t n; };

/* A visit, on tape and as a capture. */
static struct tape *visit(struct sealed_visit_config *c, struct octets *capture)
{
    struct fault why = { 0 };
    struct tape *tape = tape_new(TAPE);
    ck_assert(url_parse("https://www.example.test/", &c->url, &why));
    capture->octets = captured_visit(c, tape, &capture->n);
    ck_assert(capture->octets && capture->n);
    return tape;
}

/* ---- reading ---- */

struct counted { unsigned conversations, verified, causes, faults, requests; uint64_t sealed, opened, bodies; };

static void count(struct reading *r, struct counted *n)
{
    struct conversation *c;
    while ((c = reading_over(r)) != NULL) {
        struct diagnosis why[DIAGNOSES_MOST];
        n->conversations++;
        n->causes += diagnose(c, reading_facts(r), why, DIAGNOSES_MOST);
        for (unsigned side = 0; c->tls && side < 2; side++) {
            n->verified += c->tls->finished[side].verified;
            n->sealed += c->tls->records[side].sealed;
            n->opened += c->tls->records[side].opened;
        }
        n->faults += c->tls ? c->tls->n_faults : 0;
        for (unsigned i = 0; i < c->n_http; i++) {
            n->requests += c->http[i].complete && c->http[i].status == 200;
            n->bodies += c->http[i].body;
        }
        reading_give(r, c);
    }
}

/* Reads it in pieces of `piece` octets. trace NULL: without telling. */
static struct capture_facts take(const struct octets *capture, size_t piece, struct trace *trace, struct counted *n)
{
    struct test_chance chance = test_chance(1);
    struct keylog *keylog = keylog_new();
    struct reading_config config = { .trace = trace, .keylog = keylog, .chance = &chance.chance };
    struct reading *r = reading_new(&config);
    struct capture *c = capture_new();
    struct capture_item item;
    struct fault why = { 0 };
    *n = (struct counted){ 0 };
    for (size_t at = 0; at < capture->n; at += piece) {
        struct bytes in = { capture->octets + at, piece < capture->n - at ? piece : capture->n - at };
        while (in.n)
            switch (capture_next(c, &in, &item, &why)) {
            case CAPTURE_FRAME:   reading_frame(r, &item.frame); break;
            case CAPTURE_SECRETS: keylog_add(keylog, (const char *)item.secrets.at, item.secrets.n, 0, NULL); break;
            case CAPTURE_NAME:    reading_name(r, &item.address, item.name); break;
            default:              break;
            }
        count(r, n);
    }
    ck_assert(capture_end(c, &why));
    reading_end(r);
    count(r, n);
    struct capture_facts facts = *reading_facts(r);
    trace_end(trace);
    reading_free(r);
    capture_free(c);
    keylog_free(keylog);
    return facts;
}

static struct tape *tape_of(const struct octets *capture, struct counted *n)
{
    struct tape *tape = tape_new(TAPE);
    struct trace *trace = trace_new(SEALED_START);
    trace_attach(trace, tape_view(tape));
    take(capture, 4096, trace, n);
    trace_free(trace);
    return tape;
}

/* ---- the same told ---- */

static bool same_bytes(struct bytes a, struct bytes b) { return a.n == b.n && (!a.n || memcmp(a.at, b.at, a.n) == 0); }

/* But for tickets, which nobody opens but who has sealed them. */
static bool is_message(const struct event *e)
{
    return e && (e->kind == EVENT_MESSAGE || e->kind == EVENT_RECORD ||
                 (e->kind == EVENT_BUFFER && strcmp(e->layer, "tls") == 0 && !strstr(e->name, "ticket")));
}

static const struct event *find(const struct tape *tape, const struct event *e)
{
    for (event_no n = 1; n <= tape_events(tape); n++) {
        const struct event *o = tape_event(tape, n);
        if (o && o->kind == e->kind && o->buf && strcmp(o->layer, e->layer) == 0 && strcmp(o->name, e->name) == 0 &&
            same_bytes(o->bytes, e->bytes))
            return o;
    }
    return NULL;
}

static void same_fields(struct tape *a, buf_no x, struct tape *b, buf_no y, const char *what)
{
    struct tape_fields f = tape_fields(a, x), g = tape_fields(b, y);
    ck_assert_msg(f.n == g.n, "%s has %zu fields, and %zu", what, f.n, g.n);
    for (size_t i = 0; i < f.n; i++) {
        const struct field *p = &f.at[i].field, *q = &g.at[i].field;
        ck_assert_msg(strcmp(p->name, q->name) == 0 && p->off == q->off && p->len == q->len && p->type == q->type,
                      "%s: %s at %u, and %s at %u", what, p->name, p->off, q->name, q->off);
        ck_assert(p->number == q->number && same_bytes(p->bytes, q->bytes));
    }
}

/* Each message of one is told on the other, field by field. How many. */
static unsigned all_in(struct tape *a, struct tape *b)
{
    unsigned seen = 0;
    for (event_no n = 1; n <= tape_events(a); n++) {
        const struct event *e = tape_event(a, n), *o;
        if (!is_message(e) || !e->buf)
            continue;
        ck_assert_msg((o = find(b, e)) != NULL, "%s %s of %zu octets is not told", e->layer, e->name, e->bytes.n);
        same_fields(a, e->buf, b, o->buf, e->name);
        seen++;
    }
    return seen;
}

static void same_packets(struct tape *a, struct tape *b)
{
    uint32_t n = tape_count(a, 'p');
    ck_assert_uint_eq(n, tape_count(b, 'p'));
    for (uint32_t i = 1; i <= n; i++) {
        const struct event *e = tape_buffer(a, tape_buf('p', i)), *o = tape_buffer(b, tape_buf('p', i));
        ck_assert(e && o && same_bytes(e->bytes, o->bytes) && e->t == o->t && strcmp(e->name, o->name) == 0);
        same_fields(a, e->buf, b, o->buf, e->name);
        ck_assert_uint_eq(e->n_carries, o->n_carries);
        if (e->n_carries)
            ck_assert_msg(e->carries->off == o->carries->off && e->carries->at == o->carries->at &&
                          e->carries->len == o->carries->len, "packet %u carries from %u", i, (unsigned)o->carries->off);
    }
}

static void must_be_the_same(struct sealed_visit_config c, unsigned conversations)
{
    struct octets capture;
    struct counted n, quiet;
    struct tape *told = visit(&c, &capture), *read = tape_of(&capture, &n);
    ck_assert_uint_eq(n.conversations, conversations);
    ck_assert_uint_eq(n.verified, 2 * conversations);
    ck_assert(n.sealed && n.sealed == n.opened);
    ck_assert_uint_eq(n.faults + n.causes, 0);
    ck_assert_uint_eq(n.requests, 2 * conversations);
    same_packets(told, read);
    ck_assert_uint_gt(all_in(read, told), 10);
    all_in(told, read);
    take(&capture, 7, NULL, &quiet);                  /* in crumbs, and without telling */
    ck_assert(memcmp(&n, &quiet, sizeof n) == 0);
    tape_free(told);
    tape_free(read);
    free(capture.octets);
}

static struct sealed_visit_config plain(const char *suite)
{
    return (struct sealed_visit_config){ .seed = 1, .size = 1200, .group = TLS_X25519, .suite = tls_suite_named(suite),
                                         .wires = { .delay = 10 * MILLISECOND } };
}

START_TEST(a_visit_is_read_as_it_was_told)
{
    static const char *const suites[] = { "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_RSA_WITH_AES_128_CBC_SHA",
                                          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256" };
    for (size_t i = 0; i < sizeof suites / sizeof *suites; i++)
        must_be_the_same(plain(suites[i]), 1);
}
END_TEST

START_TEST(over_ipv6)
{
    struct sealed_visit_config c = plain("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
    c.ipv6 = true;
    must_be_the_same(c, 1);
}
END_TEST

START_TEST(a_session_is_resumed)
{
    struct sealed_visit_config c = plain("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
    c.resume = true;
    must_be_the_same(c, 2);
}
END_TEST

/* What was lost was sent, and is sent again: the capture has both. */
START_TEST(over_bad_wires)
{
    struct sealed_visit_config c = plain("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
    c.wires.loss = c.wires.reorder = 100;
    c.size = 30000;
    for (c.seed = 1; c.seed <= 5; c.seed++) {
        struct octets capture;
        struct counted n;
        struct tape *told = visit(&c, &capture);
        take(&capture, 4096, NULL, &n);
        ck_assert_msg(n.verified == 2 && n.opened == n.sealed && n.faults == 0, "seed %u: %u verified, %u of %u opened",
                      (unsigned)c.seed, n.verified, (unsigned)n.opened, (unsigned)n.sealed);
        ck_assert_uint_ge(n.bodies, 30000);
        tape_free(told);
        free(capture.octets);
    }
}
END_TEST

/* ---- frames made by hand ---- */

/* A packet of the capture, cut behind `kept` octets, as a short snaplen does. */
static struct capture_facts cut_at(const struct octets *whole, uint32_t kept, struct counted *n)
{
    struct test_chance chance = test_chance(1);
    struct keylog *keylog = keylog_new();
    struct reading_config config = { .keylog = keylog, .chance = &chance.chance };
    struct reading *r = reading_new(&config);
    struct capture *c = capture_new();
    struct capture_item item;
    struct bytes in = { whole->octets, whole->n };
    *n = (struct counted){ 0 };
    while (in.n) {
        enum capture_says says = capture_next(c, &in, &item, NULL);
        if (says == CAPTURE_SECRETS)
            keylog_add(keylog, (const char *)item.secrets.at, item.secrets.n, 0, NULL);
        if (says != CAPTURE_FRAME)
            continue;
        item.frame.bytes.n = item.frame.bytes.n < kept ? item.frame.bytes.n : kept;
        reading_frame(r, &item.frame);
    }
    reading_end(r);
    count(r, n);
    struct capture_facts facts = *reading_facts(r);
    reading_free(r);
    capture_free(c);
    keylog_free(keylog);
    return facts;
}

START_TEST(a_short_snaplen)
{
    struct sealed_visit_config c = plain("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
    struct octets capture;
    struct counted n;
    struct tape *told = visit(&c, &capture);
    for (uint32_t kept = 0; kept < 1500; kept += kept < 120 ? 1 : 100) {
        struct capture_facts f = cut_at(&capture, kept, &n);
        ck_assert_uint_gt(f.cut_frames, 0);
        ck_assert_uint_eq(f.sums_wrong, 0);
        if (kept >= 80) {                             /* all headers are there */
            ck_assert_uint_eq(f.refused, 0);
            ck_assert_uint_eq(n.conversations, 1);
        }
        ck_assert_uint_eq(n.faults, 0);
    }
    tape_free(told);
    free(capture.octets);
}
END_TEST

int main(void)
{
    return check_run("reading", (const TTest *[]){ a_visit_is_read_as_it_was_told, over_ipv6, a_session_is_resumed,
                                                   over_bad_wires, a_short_snaplen, NULL });
}
