/* Causes in the certificates: each row of the table fires on what shows it, and not on what merely looks like it. */
#include "tests/lib/check.h"
#include "tests/lib/ocsp_made.h"
#include "tests/lib/scene_made.h"

#include <stdio.h>
#include <string.h>

/* ---- certificates */
static void chain_and(unsigned description) { flight(2), client_says(description); }
static void revoked(void) { chain_and(44); }

static void revoked_staple(void)
{
    flight(2);
    struct ocsp_made m = ocsp_made(&s->chain->leaf.cert, &s->chain->intermediate.cert, s->chain->leaf.issue.signer, TEST_NOW);
    m.status = X509_STATUS_REVOKED;
    size_t n = ocsp_made_write(&m, s->status + 8);
    memcpy(s->status, (uint8_t[]){ 22, 0, (uint8_t)((n + 4) >> 8), (uint8_t)(n + 4), 1, 0, (uint8_t)(n >> 8), (uint8_t)n }, 8);
    s->tls.certificate_status = (struct bytes){ s->status, n + 8 };
    client_says(42);
}

static void expired(void) { flight(2), s->tls.certificate_at.at += 4000 * TEST_DAY, client_says(45); }
static void expired_unsaid(void) { flight(2), s->tls.certificate_at.at += 4000 * TEST_DAY, closes(0); }
static void early(void) { flight(2), s->tls.certificate_at.at -= 4000 * TEST_DAY, client_says(42); }
static void clock_wrong(void) { chain_and(45); }

static void issued_by(const char *cn, size_t n)
{
    s->chain->intermediate.issue.subject_cn = cn;
    test_issue_all(s->chain);
    flight(n), client_says(48);
}

static void proxied(void) { issued_by("Corp Web Filter CA", 1); }
static void proxied_connect(void) { s->c.proxy = true, issued_by("Something", 1); }
static void self_signed(void) { test_leaf_signs_itself(s->chain), flight(1), client_says(48); }

static void must_staple(void)
{
    s->chain->leaf.issue.must_staple = true;
    test_issue_all(s->chain);
    flight(2), s->tls.stapled = false, client_says(42);
}

static void wrong_name(void)
{
    flight(2);
    snprintf(s->tls.sni, sizeof s->tls.sni, "other.example.test"), client_says(46);
}

static void wrong_name_late(void)
{
    done12();
    snprintf(s->tls.sni, sizeof s->tls.sni, "other.example.test"), good_bye(0), closes(0);
}

static void wrong_name_fin(void)                        /* its good bye is answered with a FIN before its own comes */
{
    done12();
    snprintf(s->tls.sni, sizeof s->tls.sni, "other.example.test"), good_bye(0), closes(1), closes(0);
}

static void unknown_ca(void) { issued_by("Some Private Root", 1); }
static void missing(void) { issued_by("Some Issuing CA R3", 1); }

static void missing_unsaid(void)
{
    s->chain->intermediate.issue.subject_cn = "Some Issuing CA R3";
    test_issue_all(s->chain);
    flight(1), closes(0);
}

static void alone_and_left(void)                        /* as wget: judged behind Finished, and gone without a word */
{
    s->chain->intermediate.issue.subject_cn = "Some Issuing CA R3";
    test_issue_all(s->chain);
    flight(1), message(1, TLS_SERVER_HELLO_DONE, 4), finishes(), closes(0), closes(1);
}

/* ---- ends that say nothing */
static void no_staple(void) { done12(), s->tls.stapled = false, good_bye(0), closes(0); }

/* ---- connections in which nothing is wrong */
static void wrong_name_taken(void)
{
    sound();
    snprintf(s->tls.sni, sizeof s->tls.sni, "other.example");
}

static void expired_taken(void) { sound(), s->tls.certificate_at.at += 4000 * TEST_DAY; }

/* A browser's second connection to the same place, which it gives up: beside it the certificate was good enough. */
static void spare_one(void)
{
    s->all.starts[0] = (struct seen_start){ side(0)->addr, side(1)->addr, 40002, 443, side(0)->first.at + 5 * MS, true };
    s->all.n_starts = 1, closes(0), closes(1);
}

static void spare_within(void) { flight(2), message(1, TLS_SERVER_HELLO_DONE, 4), spare_one(); }
static void spare_behind(void) { done12(), s->tls.stapled = false, spare_one(); }

static const struct scene_row rows[] = {
    SOUND(spare_behind), { spare_within, "tls.handshake_broken" }, SOUND(wrong_name_taken), SOUND(expired_taken),
    { revoked, "x509.revoked" }, { revoked_staple, "x509.revoked" }, { expired, "x509.expired" },
    { expired_unsaid, "x509.expired" }, { early, "x509.not_yet_valid" }, { clock_wrong, "x509.client_clock" },
    { proxied, "x509.proxy" }, { proxied_connect, "x509.proxy" }, { self_signed, "x509.self_signed" },
    { must_staple, "x509.must_staple" }, { wrong_name, "x509.wrong_name" },
    { wrong_name_late, "x509.wrong_name" }, { wrong_name_fin, "x509.wrong_name" },
    { unknown_ca, "x509.unknown_ca" }, { missing, "x509.missing_intermediate" },
    { missing_unsaid, "x509.missing_intermediate" }, { no_staple, "x509.no_staple" },
    { alone_and_left, "x509.missing_intermediate" },
};

START_TEST(names_it) { scene_named(&rows[_i]); } END_TEST
START_TEST(rows_are_shown) { scene_shows_all("x509.", rows, sizeof rows / sizeof *rows); } END_TEST

int main(void)
{
    return check_run_rows("diagnose_x509", names_it, sizeof rows / sizeof *rows,
                          (const TTest *[]){ rows_are_shown, NULL });
}
