/* The event stream: numbers, causes, views. */
#include "tests/lib/check.h"
#include "trace/trace.h"

#include <stdio.h>
#include <string.h>

/* A view that writes down what it was told. */
struct diary { struct view view; char text[2048]; };

static void write_down(struct diary *d, const char *what, unsigned long long a, unsigned long long b)
{
    size_t at = strlen(d->text);
    snprintf(d->text + at, sizeof d->text - at, "%s %llu %llu;", what, a, b);
}

static void on_event(struct view *v, const struct trace *t, const struct event *e)
{
    (void)t;
    write_down((struct diary *)v, e->name, e->n, e->cause);
}

static void on_field(struct view *v, const struct trace *t, const struct field *f)
{
    (void)t;
    write_down((struct diary *)v, f->name, f->off, f->len);
}

static void on_turn(struct view *v, const struct trace *t)
{
    write_down((struct diary *)v, "turn", trace_cause(t), 0);
}
static void on_end(struct view *v, const struct trace *t)
{
    write_down((struct diary *)v, "end", (unsigned long long)trace_start(t), 0);
}

static event_no emit(struct trace *t, const char *name, event_no cause)
{
    return trace_emit(t, &(struct event){ .kind = EVENT_MARK, .name = name, .cause = cause });
}

START_TEST(numbers_events_and_stamps_the_running_cause)
{
    struct trace *t = trace_new(100);
    struct diary d = { .view = { .event = on_event } };
    trace_attach(t, &d.view);
    ck_assert_uint_eq(emit(t, "a", 0), 1);
    trace_because(t, 1);
    ck_assert_uint_eq(trace_cause(t), 1);
    emit(t, "b", 0);
    emit(t, "c", 2);
    trace_because(t, 0);
    emit(t, "d", 0);
    ck_assert_str_eq(d.text, "a 1 0;b 2 1;c 3 2;d 4 0;");
    trace_free(t);
}
END_TEST

static nsec seen_at;
static void note_time(struct view *v, const struct trace *t, const struct event *e)
{
    (void)v, (void)t, seen_at = e->t;
}

START_TEST(time_never_goes_back)
{
    struct trace *t = trace_new(100);
    struct view v = { .event = note_time };
    trace_attach(t, &v);
    static const nsec at[] = { 150, 120, 151 }, want[] = { 150, 150, 151 };
    emit(t, "a", 0);
    ck_assert_int_eq(seen_at, 100);
    for (size_t i = 0; i < 3; i++) {
        trace_at(t, at[i]);
        emit(t, "a", 0);
        ck_assert_int_eq(seen_at, want[i]);
    }
    trace_free(t);
}
END_TEST

START_TEST(every_view_is_told_in_order_what_it_asked_for)
{
    struct trace *t = trace_new(100);
    struct diary all = { .view = { .event = on_event, .field = on_field, .turn = on_turn, .end = on_end } };
    struct diary few = { .view = { .event = on_event } }, none = { .view = { .event = NULL } };
    trace_attach(t, &few.view);
    trace_attach(t, &none.view);
    ck_assert(!trace_wants_fields(t));
    trace_attach(t, &all.view);
    ck_assert(trace_wants_fields(t));
    emit(t, "a", 0);
    trace_field(t, &(struct field){ .name = "f", .off = 3, .len = 4 });
    trace_because(t, 1);
    trace_turn(t);
    trace_end(t);
    ck_assert_str_eq(all.text, "a 1 0;f 3 4;turn 1 0;end 100 0;");
    ck_assert_str_eq(few.text, "a 1 0;");
    trace_free(t);
}
END_TEST

START_TEST(buffers_are_numbered_by_kind)
{
    struct trace *t = trace_new(0);
    static const char letters[] = "prmobcdh";
    for (const char *p = letters; *p; p++)
        for (uint32_t k = 1; k <= 3; k++) {
            buf_no b = trace_buf(t, *p);
            ck_assert_int_eq(buf_letter(b), *p);
            ck_assert_uint_eq(buf_count(b), k);
        }
    ck_assert_uint_eq(trace_buf(t, 'x'), 0);
    ck_assert_uint_eq(trace_buf(t, '-'), 0);
    ck_assert_uint_eq(trace_buf(t, 's'), 0);           /* a stream has a key */
    trace_free(t);
}
END_TEST

START_TEST(both_ends_call_a_stream_alike)
{
    struct trace *t = trace_new(0);
    for (uint32_t k = 1; k <= 100; k++) {
        buf_no b = trace_stream(t, &k, sizeof k);
        ck_assert_int_eq(buf_letter(b), 's');
        ck_assert_uint_eq(buf_count(b), k);
    }
    for (uint32_t k = 100; k > 0; k--)
        ck_assert_uint_eq(buf_count(trace_stream(t, &k, sizeof k)), k);
    uint32_t one = 1;
    ck_assert_uint_eq(buf_count(trace_stream(t, &one, 1)), 101);               /* shorter: another key */
    static const uint8_t long_key[100];
    ck_assert_uint_eq(trace_stream(t, long_key, sizeof long_key), 0);
    trace_free(t);
}
END_TEST

START_TEST(hosts_are_numbered_from_one)
{
    struct trace *t = trace_new(0);
    static const uint8_t addr[4] = { 10, 0, 0, 2 };
    ck_assert_ptr_null(trace_host_of(t, 0));
    ck_assert_ptr_null(trace_host_of(t, 1));
    for (uint16_t i = 1; i <= TRACE_HOSTS; i++)
        ck_assert_uint_eq(trace_host(t, i == 2 ? "second" : "other", addr, 4), i);
    ck_assert_uint_eq(trace_host(t, "one too many", addr, 4), 0);
    ck_assert_str_eq(trace_host_of(t, 2)->name, "second");
    check_bytes(trace_host_of(t, TRACE_HOSTS)->addr, addr, 4);
    ck_assert_ptr_null(trace_host_of(t, TRACE_HOSTS + 1));
    trace_free(t);
    t = trace_new(0);
    ck_assert_uint_eq(trace_host(t, "no address", NULL, 0), 1);
    ck_assert_uint_eq(trace_host(t, "too long an address", addr, 17), 0);
    trace_free(t);
}
END_TEST

START_TEST(silence_is_a_null_trace)
{
    ck_assert_uint_eq(emit(NULL, "a", 0), 0);
    ck_assert_uint_eq(trace_buf(NULL, 'p'), 0);
    ck_assert_uint_eq(trace_stream(NULL, "k", 1), 0);
    ck_assert_uint_eq(trace_host(NULL, "h", (const uint8_t *)"", 0), 0);
    ck_assert_uint_eq(trace_cause(NULL), 0);
    ck_assert(!trace_wants_fields(NULL));
    trace_at(NULL, 1);
    trace_because(NULL, 1);
    trace_turn(NULL);
    trace_end(NULL);
    trace_free(NULL);
    struct fault why = { .ground = &(const struct ground){ "test.x", "RFC 0" } };
    ck_assert_uint_eq(trace_fault(&(struct voice){ 0 }, "test", __func__, &why), 0);
}
END_TEST

static void check_fault_event(struct view *v, const struct trace *t, const struct event *e)
{
    (void)v, (void)t;
    ck_assert_int_eq(e->kind, EVENT_FAULT);
    ck_assert_str_eq(e->name, "test.x");
    ck_assert_str_eq(e->rfc, "RFC 0 §1");
    ck_assert_uint_eq(e->host, 3);
    ck_assert_uint_eq(e->conn, 7);
    ck_assert_str_eq(event_text(e, "expected"), "a thing");
    ck_assert_str_eq(event_text(e, "came"), "another");
    ck_assert_str_eq(event_text(e, "answer"), "nothing");
    ck_assert_str_eq(event_text(e, "no such"), "");
    ck_assert_ptr_null(event_attr(e, "no such"));
    seen_at = 1;
}

START_TEST(a_fault_is_an_event)
{
    struct trace *t = trace_new(0);
    struct view v = { .event = check_fault_event };
    trace_attach(t, &v);
    static const struct ground x = { "test.x", "RFC 0 §1" };
    struct fault why = { 0 };
    struct voice voice = { t, 3, 7 };
    ck_assert_uint_eq(trace_fault(&voice, "test", __func__, &why), 0);         /* no fault, no event */
    refuse(&why, &x, "a thing", "another");
    seen_at = 0;
    ck_assert_uint_eq(trace_fault(&voice, "test", __func__, &why), 1);
    ck_assert_int_eq(seen_at, 1);
    trace_free(t);
}
END_TEST

START_TEST(every_kind_and_level_has_a_name)
{
    for (int k = 0; k < EVENT_KINDS; k++) {
        const char *name = event_kind_name((enum event_kind)k);
        ck_assert_msg(name && *name, "kind %d", k);
        for (int other = 0; other < k; other++)
            ck_assert_str_ne(name, event_kind_name((enum event_kind)other));
    }
    ck_assert_str_eq(event_level_name(LEVEL_STORY), "story");
    ck_assert_str_eq(event_level_name(LEVEL_ALL), "all");
}
END_TEST

int main(void)
{
    return check_run("trace",
                     (const TTest *[]){ numbers_events_and_stamps_the_running_cause, time_never_goes_back,
                                        every_view_is_told_in_order_what_it_asked_for,
                                        buffers_are_numbered_by_kind, both_ends_call_a_stream_alike,
                                        hosts_are_numbered_from_one, silence_is_a_null_trace,
                                        a_fault_is_an_event, every_kind_and_level_has_a_name, NULL });
}
