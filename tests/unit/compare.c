/* Two runs by what they mean: steps, values, roots. */
#include "trace/compare.h"
#include "cmd/words.h"
#include "tests/lib/check.h"
#include "tests/lib/taped_visit.h"
#include "tls/suites.h"
#include "trace/compare_say.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct sealed_visit_config config;

static void begin(const char *url)
{
    struct fault why = { 0 };
    config = (struct sealed_visit_config){ .seed = 1, .size = 1200, .group = TLS_X25519,
        .suite = tls_suite_named("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"), .wires = { .delay = 10 * MILLISECOND } };
    ck_assert(url_parse(url, &config.url, &why));
}

/* A visit, read. The tape may go: a run keeps what it has read. */
static struct compare_run *run(unsigned which)
{
    struct tape *t = taped_visit(&config, 16 << 20);
    struct compare_run *r = malloc(sizeof *r);
    ck_assert_ptr_nonnull(r);
    ck_assert(compare_read(r, t, which));
    tape_free(t);
    return r;
}

static void forget(struct compare_run *r)
{
    compare_forget(r);
    free(r);
}

static const struct compare_difference *named(const struct comparison *c, const char *id)
{
    for (size_t i = 0; i < c->n_differences; i++)
        if (strcmp(c->differences[i].id, id) == 0)
            return &c->differences[i];
    return NULL;
}

START_TEST(a_run_is_like_itself)
{
    begin("https://www.example.test/");
    struct compare_run *a = run(0);
    config.seed = 77;
    struct compare_run *b = run(0);
    struct comparison c;
    ck_assert(compare_runs(a, b, false, &c));
    ck_assert_uint_eq(c.n_differences, 0);
    ck_assert_uint_eq(c.n_rows, a->n_marks);
    compare_free(&c);
    ck_assert(compare_runs(a, b, true, &c));          /* randoms and ports differ, and are no roots */
    ck_assert_uint_eq(c.roots, 0);
    ck_assert_ptr_nonnull(named(&c, "nature.client_random"));
    ck_assert(named(&c, "nature.isn")->nature);
    compare_free(&c);
    forget(a);
    forget(b);
}
END_TEST

START_TEST(a_root_has_what_follows_from_it)
{
    begin("https://www.example.test/");
    struct compare_run *a = run(0);
    config.suite = tls_suite_named("TLS_RSA_WITH_AES_128_GCM_SHA256");
    struct compare_run *b = run(0);
    struct comparison c;
    ck_assert(compare_runs(a, b, false, &c));
    ck_assert_uint_eq(c.roots, 1);
    const struct compare_difference *root = named(&c, "hello.suites"), *chosen = named(&c, "answer.suite"),
                                    *gone = named(&c, "step:ServerKeyExchange");
    ck_assert(root && chosen && gone);
    size_t i = (size_t)(root - c.differences);
    ck_assert_uint_eq(root->root, i);
    ck_assert_uint_eq(chosen->root, i);
    ck_assert_uint_eq(gone->root, i);
    ck_assert(gone->presence && gone->a && !gone->b);
    ck_assert(root->reordered);
    compare_free(&c);
    forget(a);
    forget(b);
}
END_TEST

/* What a server says on its own is a root beside one of the client's that it does not answer; what it may answer, is
 * not. */
START_TEST(a_server_of_its_own_is_a_root)
{
    static const struct { const char *id, *of; bool own; } tries[] = {
        { "chain.not_after:1", "a record_size_limit", true }, { "exchange.group", "a record_size_limit", true },
        { "answer.suite", "a record_size_limit", true }, { "exchange.group", "groups", false },
        { "chain.subject:1", "groups", false } };
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
        struct comparison c;
        begin("https://www.example.test/");
        struct compare_run *a = run(0);
        if (tries[i].own)
            config.record_size_limit = 512;
        else
            config.group = TLS_SECP256R1;
        struct compare_run *b = run(0);
        bool found = false;
        for (size_t k = 0; k < b->n_values; k++)
            if (strcmp(b->values[k].id, tries[i].id) == 0) {
                b->values[k].text = "another";
                found = true;
            }
        ck_assert_msg(found, "no %s", tries[i].id);
        ck_assert(compare_runs(a, b, false, &c));
        const struct compare_difference *d = named(&c, tries[i].id);
        ck_assert_msg(d, "%s: no difference", tries[i].id);
        ck_assert_msg((d->root == (size_t)(d - c.differences)) == tries[i].own, "%s beside %s", tries[i].id, tries[i].of);
        ck_assert_uint_eq(c.roots, 1 + tries[i].own);
        compare_free(&c);
        forget(a);
        forget(b);
    }
}
END_TEST

START_TEST(both_ends_are_one_difference)
{
    begin("https://www.example.test/");
    struct compare_run *a = run(0);
    config.stack.mss = 1000;
    struct compare_run *b = run(0);
    struct comparison c;
    char said[COMPARE_SAID];
    ck_assert(compare_runs(a, b, false, &c));
    ck_assert_uint_eq(c.roots, 1);
    const struct compare_difference *d = named(&c, "tcp.mss");
    ck_assert_ptr_nonnull(d);
    ck_assert_uint_eq(d->side, COMPARE_BOTH);
    ck_assert_str_eq(d->a, "1460");
    ck_assert_str_eq(d->b, "1000");
    ck_assert_str_eq(compare_say_name(words_in("en"), d, said), "SYN (both ends): maximum segment size");
    ck_assert_str_eq(compare_say_name(words_in("zh"), d, said), "SYN（两端）：最大报文段长度（MSS）");
    compare_free(&c);
    forget(a);
    forget(b);
}
END_TEST

START_TEST(connections_are_counted)
{
    begin("https://www.example.test/");
    config.resume = true;
    struct compare_run *first = run(1), *second = run(2);
    struct comparison c;
    ck_assert(compare_runs(first, second, false, &c));
    ck_assert_uint_eq(c.roots, 1);
    ck_assert_ptr_nonnull(named(&c, "hello.says:session_ticket"));
    ck_assert_ptr_nonnull(named(&c, "tls.resumed"));
    compare_free(&c);
    struct tape *t = taped_visit(&config, 16 << 20);
    struct compare_run *third = malloc(sizeof *third);
    ck_assert_ptr_nonnull(third);
    ck_assert(!compare_read(third, t, 3));
    tape_free(t);
    forget(third);
    forget(first);
    forget(second);
}
END_TEST

START_TEST(lists_are_told_apart)
{
    char out[100];
    ck_assert_str_eq(compare_only("a\nb\nc", "b", out, sizeof out), "a\nc");
    ck_assert_str_eq(compare_only("", "b", out, sizeof out), "");
    ck_assert_str_eq(compare_only("ab\na", "a", out, sizeof out), "ab");
    ck_assert_str_eq(compare_only("abc", "", out, 3), "");      /* what does not fit is left out whole */
}
END_TEST

/* Every aspect has a name and a sentence in both languages. */
START_TEST(every_difference_has_words)
{
    begin("https://www.example.test/");
    struct compare_run *a = run(0);
    for (size_t i = 0; i < a->n_values; i++) {
        const struct compare_value *v = &a->values[i];
        const struct compare_aspect *as = compare_aspect_of(v->id);
        if (v->nature)
            continue;
        ck_assert_msg(as != NULL, "%s has no row", v->id);
        for (unsigned k = 0; k < 2; k++) {
            const struct words *w = words_in(k ? "zh" : "en");
            char base[100];
            strncpy(base, v->id, sizeof base - 1);
            base[sizeof base - 1] = 0;
            base[strcspn(base, ":")] = 0;
            ck_assert_msg(words_find(w, "compare", base) != NULL, "%s is not called anything", base);
            ck_assert_msg(words_find(w, "meaning", base) != NULL, "%s means nothing", base);
        }
    }
    forget(a);
}
END_TEST

/* A hostile hello: more differences than are kept, and behind them a list in another order. */
START_TEST(a_full_table)
{
    static char many[3000];
    struct compare_run *r[2];
    struct comparison c;
    char text[COMPARE_SAID];
    for (unsigned i = 0, n = 0; i < 300; i++)
        n += (unsigned)snprintf(many + n, sizeof many - n, "%s%u", i ? "\n" : "", 60000 + i);
    for (unsigned k = 0; k < 2; k++) {
        ck_assert_ptr_nonnull(r[k] = calloc(1, sizeof *r[k]));
        r[k]->n_marks = 1, r[k]->n_values = 2;
        r[k]->marks[0] = (struct compare_mark){ .step = "ClientHello", .n = 2 };
        r[k]->values[0] = (struct compare_value){ "hello.extensions", k ? "" : many, false };
        r[k]->values[1] = (struct compare_value){ "hello.compression", k ? "1\n0\n2" : "0\n1", false };
    }
    ck_assert(compare_runs(r[0], r[1], false, &c));
    ck_assert(c.more);
    for (size_t i = 0; i < c.n_differences; i++) {
        ck_assert(!c.differences[i].reordered);
        compare_say_meaning(words_in("en"), &c.differences[i], text);
    }
    compare_free(&c);
    free(r[0]), free(r[1]);
}
END_TEST

int main(void)
{
    return check_run("compare", (const TTest *[]){ a_run_is_like_itself, a_root_has_what_follows_from_it,
        a_server_of_its_own_is_a_root, both_ends_are_one_difference, connections_are_counted, lists_are_told_apart,
        every_difference_has_words, a_full_table, NULL });
}
