/* Two tapes side by side, and what a listener knows. */
#include "trace/align.h"
#include "cmd/words_tables.h"
#include "tests/lib/check.h"
#include "tests/lib/memory.h"
#include "tests/lib/taped_visit.h"
#include "tls/suites.h"
#include "trace/spy.h"
#include "trace/spy_view.h"
#include "trace/text.h"

#include <stdio.h>
#include <string.h>

static struct sealed_visit_config config;

static void begin(const char *url)
{
    struct fault why = { 0 };
    config = (struct sealed_visit_config){ .seed = 1, .size = 1200, .group = TLS_X25519,
        .suite = tls_suite_named("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"), .wires = { .delay = 10 * MILLISECOND } };
    ck_assert(url_parse(url, &config.url, &why));
}

static struct tape *visit(void)
{
    return taped_visit(&config, 16 << 20);
}

START_TEST(a_run_is_like_itself)
{
    begin("https://www.example.test/");
    struct tape *a = visit(), *b = visit();
    struct align al;
    ck_assert(align_tapes(a, b, &al));
    ck_assert_uint_eq(al.n, tape_count(a, 'p'));
    ck_assert_uint_eq(al.first, al.n);
    for (size_t i = 0; i < al.n; i++)
        ck_assert(al.rows[i].how == ALIGN_SAME && al.rows[i].a == i + 1 && al.rows[i].b == i + 1);
    align_free(&al);
    tape_free(a);
    tape_free(b);
}
END_TEST

/* Every packet of each has one row, in order; what is lost differs by its fate, what is sent again stands alone. */
START_TEST(losses_shift_nothing)
{
    begin("https://www.example.test/");
    struct tape *a = visit();
    config.wires.loss = 150;
    config.seed = 1;
    struct tape *b = visit();
    struct align al;
    uint32_t last_a = 0, last_b = 0;
    size_t alike = 0;
    ck_assert(align_tapes(a, b, &al));
    for (size_t i = 0; i < al.n; i++) {
        const struct align_row *r = &al.rows[i];
        alike += r->how == ALIGN_SAME || r->how == ALIGN_DIFFERS;
        ck_assert_uint_eq(r->a != 0, r->how != ALIGN_ONLY_B);
        ck_assert_uint_eq(r->b != 0, r->how != ALIGN_ONLY_A);
        ck_assert(!r->a || r->a == ++last_a);
        ck_assert(!r->b || r->b == ++last_b);
        ck_assert(i >= al.first || r->how == ALIGN_SAME);
    }
    ck_assert_uint_eq(last_a, tape_count(a, 'p'));
    ck_assert_uint_eq(last_b, tape_count(b, 'p'));
    ck_assert_uint_lt(al.first, al.n);
    ck_assert_uint_gt(tape_count(b, 'p'), tape_count(a, 'p'));
    ck_assert_uint_gt(alike, tape_count(a, 'p') / 2);
    align_free(&al);
    tape_free(a);
    tape_free(b);
}
END_TEST

static buf_no message(const struct tape *t, const char *name)
{
    for (uint32_t i = 1; i <= tape_count(t, 'm'); i++)
        if (strcmp(tape_buffer(t, tape_buf('m', i))->name, name) == 0)
            return tape_buf('m', i);
    ck_abort_msg("there is no %s", name);
    return 0;
}

START_TEST(the_fields_that_differ_are_named)
{
    begin("https://www.example.test/");
    struct tape *a = visit();
    config.group = TLS_SECP256R1;
    struct tape *b = visit();
    struct align_field rows[16];
    size_t n = align_fields(a, message(a, "ClientHello"), b, message(b, "ClientHello"), rows, 16);
    ck_assert_uint_eq(n, 2);                          /* the two groups changed places */
    for (size_t i = 0; i < n; i++)
        ck_assert_ptr_nonnull(strstr(rows[i].path, "named_group_list/named_group"));
    ck_assert_uint_eq(align_fields(a, message(a, "ClientHello"), a, message(a, "ClientHello"), rows, 16), 0);
    n = align_fields(a, message(a, "ServerKeyExchange"), b, message(b, "ServerKeyExchange"), rows, 16);
    ck_assert_uint_ge(n, 3);
    ck_assert_str_eq(rows[0].path, "ServerKeyExchange/length");
    tape_free(a);
    tape_free(b);
}
END_TEST

static bool knows(const struct spy *s, uint32_t packet, const char *sentence)
{
    char said[400];
    for (size_t i = 0; i < s->n_facts; i++)
        if (strstr(spy_say(&s->facts[i], words_in("en"), said, sizeof said), sentence))
            return !packet || s->facts[i].packet == packet;
    return false;
}

START_TEST(a_listener_learns_names_and_sizes)
{
    begin("https://www.example.test/");
    struct tape *t = visit();
    struct spy s;
    ck_assert(spy_on(t, words_in("en"), &s));
    ck_assert_uint_eq(s.n_steps, tape_count(t, 'p'));
    ck_assert(knows(&s, 1, "looks for the name www.example.test"));
    ck_assert(knows(&s, 6, "(SNI): www.example.test"));
    ck_assert(knows(&s, 8, "Vitrine Classroom Intermediate"));     /* that certificate ends in the second packet */
    ck_assert(!knows(&s, 0, "GET /") && !knows(&s, 0, "The page itself"));
    ck_assert_uint_eq(s.steps[0].sealed, 0);
    ck_assert_uint_gt(s.steps[12].sealed, 1200);
    ck_assert_uint_lt(s.steps[12].sealed, s.steps[12].octets);
    for (size_t i = 1; i < s.n_facts; i++)
        ck_assert_uint_le(s.facts[i - 1].packet, s.facts[i].packet);
    spy_free(&s);
    tape_free(t);
}
END_TEST

/* Each row of the catalogue's space is learned in one of three visits. */
START_TEST(no_row_is_stale)
{
    static const struct { const char *url, *suite; } visits[] = {
        { "https://www.example.test/", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256" },
        { "https://www.example.test/", "TLS_RSA_WITH_AES_128_GCM_SHA256" },
        { "http://www.example.test/", "TLS_RSA_WITH_AES_128_GCM_SHA256" } };
    unsigned rows = 0;
    bool known[64] = { false };
    for (size_t i = 0; i < 3; i++) {
        begin(visits[i].url);
        config.suite = tls_suite_named(visits[i].suite);
        struct tape *t = visit();
        struct spy s;
        ck_assert(spy_on(t, words_in("en"), &s));
        for (const struct words_row *r = words_spy; r->layer; r++)
            for (size_t k = 0; k < s.n_facts; k++)
                known[r - words_spy] |= strcmp(r->layer, "spy") == 0 && strcmp(r->name, s.facts[k].key) == 0;
        spy_free(&s);
        tape_free(t);
    }
    for (const struct words_row *r = words_spy; r->layer; r++) {
        if (strcmp(r->layer, "spy") != 0)
            continue;
        rows++;
        if (!known[r - words_spy])
            ck_abort_msg("nobody learns %s", r->name);
    }
    ck_assert_uint_gt(rows, 10);
}
END_TEST

START_TEST(without_tls_a_listener_reads_all)
{
    begin("http://www.example.test/");
    struct tape *t = visit();
    struct spy s;
    ck_assert(spy_on(t, words_in("en"), &s));
    ck_assert(knows(&s, 0, "What is asked for: GET / HTTP/1.1"));
    ck_assert(knows(&s, 0, "The page itself"));
    for (size_t i = 0; i < s.n_steps; i++)
        ck_assert_uint_eq(s.steps[i].sealed, 0);
    spy_free(&s);
    tape_free(t);
}
END_TEST

START_TEST(the_sheet_keeps_to_its_columns)
{
    begin("https://www.example.test/");
    struct tape *t = visit();
    for (unsigned columns = 64; columns <= 120; columns += 28)
        for (int zh = 0; zh < 2; zh++) {
            struct memory m;
            memory_start(&m);
            const struct spy_look look = { .words = words_in(zh ? "zh" : "en"), .columns = columns };
            ck_assert(spy_write(&m.sink, t, &look));
            for (const char *at = m.at, *end; at < m.at + m.n; at = end + 1) {
                end = memchr(at, '\n', (size_t)(m.at + m.n - at));
                ck_assert_uint_le(text_width(at, (size_t)(end - at)), columns);
            }
            memory_end(&m);
        }
    tape_free(t);
}
END_TEST

int main(void)
{
    return check_run("align", (const TTest *[]){ a_run_is_like_itself, losses_shift_nothing,
        the_fields_that_differ_are_named, a_listener_learns_names_and_sizes, no_row_is_stale, without_tls_a_listener_reads_all,
        the_sheet_keeps_to_its_columns, NULL });
}
