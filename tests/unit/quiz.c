/* Questions: one answer is what happens, two can not happen at that moment. */
#include "trace/quiz.h"
#include "http/breaks_check.h"
#include "net/tcp.h"
#include "tests/lib/check.h"
#include "tls/machine.h"

#include <string.h>

static struct machine tcp, client, server;
static unsigned asked, wrong_of_tcp, wrong_of_messages, at_place[QUIZ_ANSWERS];

static struct quiz_rules rules_of(uint64_t seed)
{
    tcp_machine(&tcp);
    tls_machine(false, &client);
    tls_machine(true, &server);
    return (struct quiz_rules){ &tcp, &client, &server, tcp_sayings(), SEALED_BROWSER, SEALED_WEB, seed };
}

static struct tape *taped(struct sealed_visit_config *c, const char *url, const struct break_row *row)
{
    const struct break_free all = { true, true, true, true };
    struct break_wish wish;
    struct fault why = { 0 };
    struct tape *tape = tape_new(64 << 20);
    c->size = 1200;
    c->group = TLS_X25519;
    c->wires.delay = 10 * MILLISECOND;
    ck_assert(url_parse(url, &c->url, &why));
    if (row) {
        break_usual(row, &wish);
        c->breaks = &wish;
        c->n_breaks = 1;
        break_needs(row, c, &all);
    }
    struct view *views[] = { tape_view(tape) };
    ck_assert(sealed_visit_run(c, views, 1, &why));
    ck_assert(!tape_full(tape));
    return tape;
}

/* What a host says next while it hears nothing new: what it could have said at event n. */
static bool comes_to_pass(struct tape *t, const struct quiz_answer *a, event_no n)
{
    for (; n <= tape_events(t); n++) {
        const struct event *e = tape_event(t, n);
        if (e->host != a->host)
            continue;
        if (e->kind == EVENT_FATE || e->kind == EVENT_TIMER)
            return false;
        if (e->kind == EVENT_PACKET)
            return strcmp(e->name, a->what) == 0;
    }
    return false;
}

static void questions_of(struct tape *t, uint64_t seed, bool lawful)
{
    const struct quiz_rules rules = rules_of(seed);
    for (uint32_t i = 1; i <= tape_count(t, 'p'); i++) {
        struct quiz q, again;
        buf_no p = tape_buf('p', i);
        const struct event *packet = tape_buffer(t, p);
        const struct quiz_rules r = quiz_rules_for(t, &rules, packet);
        ck_assert_msg(quiz_make(t, &rules, p, &q), "no question for #%u", i);
        ck_assert(quiz_make(t, &rules, p, &again) && again.right == q.right);
        asked++;
        at_place[q.right]++;
        for (unsigned k = 0; k < QUIZ_ANSWERS; k++) {
            const struct quiz_answer *a = &q.answers[k];
            ck_assert(a->right == (k == q.right) && *a->what);
            ck_assert_str_eq(a->what, again.answers[k].what);
            for (unsigned j = 0; j < k; j++)
                ck_assert_msg(a->host != q.answers[j].host || strcmp(a->what, q.answers[j].what) != 0, "#%u twice", i);
            if (a->right) {
                ck_assert_int_eq(a->host, packet->host);
                ck_assert_msg(!lawful || (a->host != SEALED_BROWSER && a->host != SEALED_WEB) || !a->machine ||
                              quiz_legal(t, &r, packet->n, a->host, a->what), "#%u: %s is not legal", i, a->what);
                continue;
            }
            ck_assert_msg(!quiz_legal(t, &r, packet->n, a->host, a->what), "#%u: %s is legal", i, a->what);
            ck_assert_msg(!comes_to_pass(t, a, packet->n), "#%u: host %u says %s indeed", i, a->host, a->what);
            ck_assert(a->machine && *a->state && a->rfc);
            *(strcmp(a->machine, "tcp") == 0 ? &wrong_of_tcp : &wrong_of_messages) += 1;
        }
    }
}

START_TEST(each_packet_of_each_suite_has_a_question)
{
    for (size_t i = 0; i < tls_n_suites; i++)
        for (uint64_t seed = 1; seed <= 3; seed++) {
            struct sealed_visit_config c = { .seed = seed, .suite = &tls_suites[i] };
            struct tape *t = taped(&c, "https://www.example.test/", NULL);
            questions_of(t, seed, true);
            tape_free(t);
        }
    ck_assert_msg(asked > 100 && wrong_of_tcp > asked / 4 && wrong_of_messages > asked / 2, "%u: %u, %u", asked,
                  wrong_of_tcp, wrong_of_messages);
    for (unsigned k = 0; k < QUIZ_ANSWERS; k++)
        ck_assert_msg(at_place[k] > asked / 5, "place %u is right %u of %u times", k, at_place[k], asked);
}
END_TEST

START_TEST(bad_wires_change_nothing_of_that)
{
    for (uint64_t seed = 1; seed <= 6; seed++) {
        struct sealed_visit_config c = { .seed = seed, .suite = &tls_suites[seed % tls_n_suites],
                                         .wires = { .loss = 80, .dup = 50, .reorder = 80, .corrupt = 50 } };
        struct tape *t = taped(&c, seed % 3 ? "https://www.example.test/" : "http://www.example.test/", NULL);
        questions_of(t, seed, true);
        tape_free(t);
    }
}
END_TEST

/* Ends that lie and attackers say what is not legal: that is what happens then, and what is asked for. */
START_TEST(breaks_have_questions_too)
{
    const struct break_row *row;
    for (unsigned i = 0; (row = break_row(i)); i++) {
        struct sealed_visit_config c = { .seed = 5, .suite = &tls_suites[0] };
        struct tape *t = taped(&c, "https://www.example.test/", row);
        questions_of(t, 5, false);
        tape_free(t);
    }
    ck_assert(asked > 100);
}
END_TEST

START_TEST(what_may_be_said_when)
{
    struct sealed_visit_config c = { .seed = 1, .suite = tls_suite_named("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256") };
    struct tape *t = taped(&c, "https://www.example.test/", NULL);
    const struct quiz_rules r = rules_of(1);
    event_no syn = tape_buffer(t, tape_buf('p', 3))->n, hello = tape_buffer(t, tape_buf('p', 6))->n;
    ck_assert(quiz_legal(t, &r, syn, SEALED_BROWSER, "SYN") && !quiz_legal(t, &r, syn, SEALED_BROWSER, "ACK"));
    ck_assert(!quiz_legal(t, &r, syn, SEALED_WEB, "SYN-ACK") && !quiz_legal(t, &r, syn, SEALED_BROWSER, "ClientHello"));
    ck_assert(!quiz_legal(t, &r, tape_buffer(t, tape_buf('p', 5))->n, SEALED_BROWSER, "ClientKeyExchange"));
    ck_assert(quiz_legal(t, &r, hello, SEALED_BROWSER, "ClientHello"));
    ck_assert(!quiz_legal(t, &r, hello, SEALED_BROWSER, "ServerHello"));
    struct quiz q;
    ck_assert(!quiz_make(t, &r, tape_buf('p', 999), &q) && !quiz_make(t, &r, tape_buf('m', 1), &q));
    tape_free(t);
}
END_TEST

int main(void)
{
    return check_run("quiz", (const TTest *[]){ each_packet_of_each_suite_has_a_question,
                     bad_wires_change_nothing_of_that, breaks_have_questions_too, what_may_be_said_when, NULL });
}
