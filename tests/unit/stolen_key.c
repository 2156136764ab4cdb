/* A year later: the stolen key opens what was sealed with the RSA key exchange, and nothing else. */
#include "http/sealed_visit.h"
#include "tests/lib/check.h"
#include "tls/suites.h"

#include <string.h>

struct result { struct stolen_loot loot; char sentence[32], text[96]; bool caused; };

static struct result steal(const char *url, const struct tls_suite *suite, unsigned loss)
{
    struct sealed_visit_config c = { .seed = 5, .size = 5000, .group = TLS_X25519, .suite = suite,
                                     .wires = { .delay = 10 * MILLISECOND, .loss = loss, .dup = loss } };
    struct fault why = { 0 };
    struct result r = { .caused = true };
    ck_assert(url_parse(url, &c.url, &why));
    struct tape *tape = tape_new(32 << 20);
    c.trace = trace_new(SEALED_START);
    sealed_visit_name_hosts(c.trace);
    trace_attach(c.trace, tape_view(tape));
    struct sealed_visit *v = sealed_visit_new(&c, &why);
    while (sealed_visit_turn(v))
        ;
    event_no before = tape_events(tape);
    r.loot = sealed_visit_steal(v, tape);
    const struct event *end = tape_event(tape, tape_events(tape));
    strcpy(r.sentence, end->name);
    strcpy(r.text, event_text(end, "text"));
    ck_assert_int_gt(end->t - tape_event(tape, before)->t, 364 * 86400 * SECOND);
    for (event_no n = before + 2; n <= tape_events(tape); n++)
        r.caused &= tape_event(tape, n)->cause > before;
    sealed_visit_free(v);
    trace_free(c.trace);
    tape_free(tape);
    return r;
}

START_TEST(the_key_opens_what_was_sealed_under_it)
{
    unsigned rsa = 0, ecdhe = 0;
    for (size_t i = 0; i < tls_n_suites; i++) {
        const struct tls_suite *s = &tls_suites[i];
        struct result r = steal("https://www.example.test/", s, 50);
        ck_assert_uint_gt(r.loot.records, 8);
        ck_assert(r.caused);
        if (s->kx == TLS_KX_RSA) {
            ck_assert_uint_eq(r.loot.opened, r.loot.records);
            ck_assert_str_eq(r.sentence, "later_opened");
            ck_assert_str_eq(r.text, "GET / HTTP/1.1");
            rsa++;
        } else {
            ck_assert_uint_eq(r.loot.opened, 0);
            ck_assert_str_eq(r.sentence, "later_closed");
            ecdhe++;
        }
    }
    ck_assert_uint_gt(rsa, 1);
    ck_assert_uint_gt(ecdhe, 1);
}
END_TEST

START_TEST(without_tls_there_is_nothing_to_open)
{
    struct result r = steal("http://www.example.test/", &tls_suites[0], 0);
    ck_assert_uint_eq(r.loot.records, 0);
    ck_assert_str_eq(r.sentence, "later_clear");
}
END_TEST

int main(void)
{
    return check_run("stolen_key", (const TTest *[]){ the_key_opens_what_was_sealed_under_it,
        without_tls_there_is_nothing_to_open, NULL });
}
