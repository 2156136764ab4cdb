/* The tape: what a visit told, read again in any order. */
#include "trace/tape.h"
#include "http/sealed_visit.h"
#include "tests/lib/check.h"
#include "tests/lib/memory.h"
#include "tls/suites.h"
#include "trace/views.h"

#include <stdlib.h>
#include <string.h>

enum { ROOM = 16 << 20 };

/* A visit on tape, and beside it as JSON lines. */
static struct tape *visit_taped(const char *suite, unsigned loss, struct memory *json)
{
    struct sealed_visit_config c = { .seed = 3, .size = 3000, .group = TLS_X25519, .suite = tls_suite_named(suite),
                                     .wires = { .delay = 10 * MILLISECOND, .loss = loss } };
    struct fault why = { 0 };
    ck_assert(url_parse("https://www.example.test/", &c.url, &why));
    struct tape *tape = tape_new(ROOM);
    c.trace = trace_new(SEALED_START);
    sealed_visit_name_hosts(c.trace);
    trace_attach(c.trace, tape_view(tape));
    struct view *lines = json ? json_view_new(&json->sink, true) : NULL;
    if (lines)
        trace_attach(c.trace, lines);
    struct sealed_visit *v = sealed_visit_new(&c, &why);
    ck_assert_ptr_nonnull(v);
    while (sealed_visit_turn(v))
        ;
    trace_end(c.trace);
    sealed_visit_free(v);
    if (lines)
        view_free(lines);
    trace_free(c.trace);
    ck_assert(!tape_full(tape));
    return tape;
}

static const char suite[] = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256";

/* The lines that are events, in order; of fields only how many there are. */
static char *events_of(const struct memory *m, size_t *fields)
{
    char *out = calloc(1, m->n + 1), *at = out;
    *fields = 0;
    for (const char *line = m->at, *end; line < m->at + m->n; line = end + 1) {
        end = memchr(line, '\n', (size_t)(m->at + m->n - line));
        if (strncmp(line, "{\"kind\":\"field\"", 15) == 0)
            ++*fields;
        else if (strncmp(line, "{\"n\":", 5) == 0)
            memcpy(at, line, (size_t)(end + 1 - line)), at += end + 1 - line;
    }
    return out;
}

START_TEST(what_is_told_again_is_what_was_told)
{
    struct memory live, again;
    size_t live_fields, again_fields;
    memory_start(&live);
    memory_start(&again);
    struct tape *tape = visit_taped(suite, 100, &live);
    struct view *lines = json_view_new(&again.sink, true);
    tape_replay(tape, 1, tape_events(tape), lines);
    view_free(lines);
    char *a = events_of(&live, &live_fields), *b = events_of(&again, &again_fields);
    ck_assert_str_eq(a, b);
    ck_assert_uint_eq(live_fields, again_fields);
    ck_assert_uint_gt(live_fields, 1000);
    free(a);
    free(b);
    memory_end(&live);
    memory_end(&again);
    tape_free(tape);
}
END_TEST

/* The first buffer of this letter whose event has this name. */
static buf_no named(const struct tape *t, char letter, const char *name)
{
    for (uint32_t i = 1; i <= tape_count(t, letter); i++) {
        const struct event *e = tape_buffer(t, tape_buf(letter, i));
        if (e && strcmp(e->name, name) == 0)
            return e->buf;
    }
    ck_abort_msg("no %c is called %s", letter, name);
    return 0;
}

static const struct tape_field *at_path(struct tape *t, buf_no b, const char *want)
{
    struct tape_fields f = tape_fields(t, b);
    char path[200];
    for (size_t i = 0; i < f.n; i++)
        if (strcmp(tape_path(t, b, i, path, sizeof path), want) == 0)
            return &f.at[i];
    ck_abort_msg("nothing stands at %s", want);
    return NULL;
}

START_TEST(fields_are_a_tree)
{
    struct tape *t = visit_taped(suite, 0, NULL);
    buf_no p = named(t, 'p', "SYN"), hello = named(t, 'm', "ClientHello");
    const struct tape_field *window = at_path(t, p, "packet/tcp/window"),
                            *ihl = at_path(t, p, "packet/ip/version_and_ihl/ihl");
    ck_assert(window->leaf && window->depth == 1);
    ck_assert_uint_eq(window->field.number, 65535);
    ck_assert_uint_eq(window->field.bytes.at[0], 0xff);
    ck_assert(ihl->leaf && ihl->depth == 2);
    ck_assert(!at_path(t, p, "packet/ip/version_and_ihl")->leaf);
    ck_assert_uint_eq(at_path(t, hello, "ClientHello/client_random")->field.len, 32);
    tape_free(t);
}
END_TEST

/* The octets at a place of a packet are those of the field, whatever way they came. */
START_TEST(a_field_lies_in_packets)
{
    struct tape *t = visit_taped(suite, 0, NULL);
    buf_no cert = named(t, 'c', "certificate");
    const struct event *e = tape_buffer(t, cert);
    struct tape_place places[8];
    size_t n = tape_places(t, (struct span){ cert, (uint32_t)e->bytes.n, 0 }, places, 8);
    uint32_t sum = 0;
    ck_assert_uint_ge(n, 1);
    for (size_t i = 0; i < n; i++) {
        const struct event *p = tape_buffer(t, places[i].packet);
        check_bytes(p->bytes.at + places[i].at, e->bytes.at + places[i].off, places[i].len);
        sum += places[i].len;
    }
    ck_assert_uint_eq(sum, e->bytes.n);
    tape_free(t);
}
END_TEST

START_TEST(repeated_packets_count_too)
{
    struct tape *t = visit_taped(suite, 200, NULL);
    unsigned twice = 0;
    for (uint32_t i = 1; i <= tape_count(t, 'r'); i++) {
        struct tape_place places[64];
        const struct event *e = tape_buffer(t, tape_buf('r', i));
        size_t n = tape_places(t, (struct span){ e->buf, 1, 0 }, places, 64);
        ck_assert_uint_ge(n, 1);
        twice += n > 1;
    }
    ck_assert_uint_gt(twice, 0);
    tape_free(t);
}
END_TEST

START_TEST(what_was_sealed_is_told_apart)
{
    struct tape *t = visit_taped(suite, 0, NULL);
    ck_assert(!tape_is_sealed(t, named(t, 'm', "ClientHello")));
    ck_assert(!tape_is_sealed(t, named(t, 'c', "certificate")));
    ck_assert(!tape_is_sealed(t, named(t, 'd', "query")));
    ck_assert(!tape_is_sealed(t, named(t, 'p', "SYN")));
    ck_assert(tape_is_sealed(t, named(t, 'm', "Finished")));
    ck_assert(tape_is_sealed(t, named(t, 'h', "request")));
    ck_assert(tape_is_sealed(t, named(t, 'b', "body")));
    tape_free(t);
}
END_TEST

START_TEST(hosts_and_start_are_kept)
{
    struct tape *t = visit_taped(suite, 0, NULL);
    ck_assert_int_eq(trace_start(tape_trace(t)), SEALED_START);
    ck_assert_str_eq(trace_host_of(tape_trace(t), SEALED_WEB)->name, "web");
    ck_assert_ptr_null(trace_host_of(tape_trace(t), SEALED_WEB + 1));
    ck_assert_ptr_null(tape_event(t, 0));
    ck_assert_ptr_null(tape_event(t, tape_events(t) + 1));
    tape_free(t);
}
END_TEST

START_TEST(a_full_tape_says_so)
{
    struct trace *trace = trace_new(0);
    struct tape *t = tape_new(256 * 1024);
    trace_attach(trace, tape_view(t));
    for (unsigned i = 0; i < 10000; i++)
        trace_emit(trace, &(struct event){ .kind = EVENT_MARK, .layer = "visit", .name = "again" });
    ck_assert(tape_full(t));
    ck_assert_uint_gt(tape_events(t), 100);
    ck_assert_uint_lt(tape_events(t), 10000);
    for (event_no n = 1; n <= tape_events(t); n++)
        ck_assert_str_eq(tape_event(t, n)->name, "again");
    tape_free(t);
    trace_free(trace);
}
END_TEST

int main(void)
{
    return check_run("tape", (const TTest *[]){ what_is_told_again_is_what_was_told, fields_are_a_tree,
        a_field_lies_in_packets, repeated_packets_count_too, what_was_sealed_is_told_apart, hosts_and_start_are_kept,
        a_full_tape_says_so, NULL });
}
