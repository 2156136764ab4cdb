/* Breaks of TLS, keys and certificates: each prediction over every suite with which its break goes, and what nobody
 * outside may tell apart. */
#include "http/breaks_check.h"
#include "tests/lib/check.h"

#include <stdio.h>
#include <string.h>

/* Breaks of the wire count packets: with another suite the Nth is another one. */
static bool of_tls(const struct break_row *r)
{
    return r->needs & NEEDS_TLS;
}

/* One suite of each kind of record and certificate: all of them would take minutes. */
static bool of_its_kind(const struct tls_suite *s) { return sealed_visit_offers(s); }

START_TEST(every_kind_of_suite)
{
    const struct break_row *r;
    unsigned checked = 0;
    for (unsigned i = 0; (r = break_row(i)) != NULL; i++)
        for (size_t s = 0; s < tls_n_suites && of_tls(r); s++) {
            char expected[BREAK_FOUND], found[BREAK_FOUND];
            unsigned group = r->needs & NEEDS_P256 ? TLS_SECP256R1 : TLS_X25519;
            if (!of_its_kind(&tls_suites[s]) || !break_goes(r, &tls_suites[s], group, true, NULL))
                continue;
            ck_assert_msg(break_check(r, 1 + s, &tls_suites[s], expected, found),
                          "%s:%s with %s: expected %s; found: %s", r->what, r->usual ? r->usual : "",
                          tls_suites[s].name, expected, found);
            checked++;
        }
    ck_assert_uint_gt(checked, 400);
}
END_TEST

/* The judge of sameness is itself tried: two breaks that can be told apart are told apart. */
START_TEST(what_differs_is_seen)
{
    char expected[BREAK_FOUND], found[BREAK_FOUND], sentence[BREAK_SENTENCE];
    struct break_wish wish;
    ck_assert(break_read("record:bad-mac", &wish, sentence));
    struct break_row row = *wish.row;
    row.alike = "record:bad-padding";
    ck_assert(break_check(&row, 3, NULL, expected, found));
    row.alike = "alert:flood";
    ck_assert(!break_check(&row, 3, NULL, expected, found));
    ck_assert(strstr(expected, "nobody can tell from those of: alert:flood") != NULL);
    row.alike = "premaster:bad-padding";
    ck_assert(!break_check(&row, 3, NULL, expected, found));
}
END_TEST

int main(void)
{
    return check_run("breaks", (const TTest *[]){ every_kind_of_suite, what_differs_is_seen, NULL });
}
