/* The store of anchors. */
#include "tests/lib/certs.h"
#include "tests/lib/check.h"
#include "tls/x509/pem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

START_TEST(many_in_one_text)
{
    size_t n, skipped = 9;
    char *pem = test_file("tests/vectors/x509/real.pem", &n);
    struct x509_store t = { 0 };
    struct fault why = { 0 };
    ck_assert(x509_store_add_pem(&t, pem, n, &skipped, &why));
    ck_assert_uint_eq(t.n, 3);
    ck_assert_uint_eq(skipped, 0);
    ck_assert(x509_store_add_pem(&t, pem, n, NULL, &why));  /* the same again changes nothing */
    ck_assert_uint_eq(t.n, 3);
    memset(pem, 'x', n);  /* the octets are the store's own */
    char name[X509_NAME_TEXT];
    ck_assert_str_eq(x509_name_text(&t.certs[2].subject, name, sizeof name),
                     "CN=Vector Root RSA 4096, O=Vitrine, C=FR");
    free(pem);
    x509_store_free(&t);
    ck_assert_uint_eq(t.n, 0);
}
END_TEST

START_TEST(what_cannot_be_read_is_skipped_and_counted)
{
    size_t n, skipped;
    char *pem = test_file("tests/vectors/x509/real.pem", &n), *text = malloc(2 * n + 200);
    static const char bad[] = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
                              "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n";
    strcpy(text, bad);
    strcat(text, pem);
    struct x509_store t = { 0 };
    ck_assert(x509_store_add_pem(&t, text, strlen(text), &skipped, NULL));
    ck_assert_uint_eq(t.n, 3);
    ck_assert_uint_eq(skipped, 2);
    struct fault why = { 0 };
    ck_assert(!x509_store_add_pem(&t, bad, strlen(bad), &skipped, &why));  /* not one */
    ck_assert_str_eq(why.ground->id, "x509.der");
    why = (struct fault){ 0 };
    ck_assert(!x509_store_add_pem(&t, "no certificate", 14, &skipped, &why));
    ck_assert_str_eq(why.ground->id, "x509.no_anchor");
    ck_assert_uint_eq(t.n, 3);
    x509_store_free(&t);
    free(text);
    free(pem);
}
END_TEST

START_TEST(it_grows)
{
    struct x509_store t = { 0 };
    static struct test_cert cert;
    struct test_chain *c = test_chain_new();
    char names[40][8];
    for (unsigned i = 0; i < 40; i++) {
        cert.issue = c->root.issue;
        names[i][0] = (char)('A' + i % 26);
        names[i][1] = (char)('0' + i / 26);
        names[i][2] = 0;
        cert.issue.subject_cn = names[i];
        test_issue(&cert);
        ck_assert(x509_store_add(&t, &(struct der){ .at = cert.der, .n = cert.n }, NULL));
    }
    ck_assert_uint_eq(t.n, 40);
    char name[X509_NAME_TEXT];
    ck_assert_str_eq(x509_name_short(&t.certs[0].subject, name, sizeof name), "CN=A0");
    ck_assert_str_eq(x509_name_short(&t.certs[39].subject, name, sizeof name), "CN=N1");
    x509_store_free(&t);
    test_chain_free(c);
}
END_TEST

static unsigned count(const struct x509_store *t, const struct bytes *subject)
{
    unsigned n = 0;
    struct x509_look look = x509_store_look(t, subject);
    for (const struct x509_cert *c, *last = NULL; (c = x509_store_next(&look)) != NULL; last = c, n++)
        ck_assert(x509_name_same(&c->subject, subject) && (!last || c > last));
    return n;
}

/* Names that are the same by RFC 5280 §7.1 hash alike; and a store made by hand finds the same without an index. */
START_TEST(found_by_subject)
{
    static const char *const alike[] = { "A  Root", "a root", " A root  ", "a ROOT" };
    struct x509_store t = { 0 };
    static struct test_cert cert, other;
    struct test_chain *c = test_chain_new();
    for (unsigned i = 0; i < 40; i++) {
        char name[8] = { (char)('A' + i), 0 };
        cert.issue = c->root.issue;
        cert.issue.subject_cn = i % 10 == 3 ? alike[i / 10] : name;
        test_issue(&cert);
        ck_assert(x509_store_add(&t, &(struct der){ .at = cert.der, .n = cert.n }, NULL));
    }
    ck_assert_uint_eq(t.n, 40);
    struct x509_store by_hand = { .certs = t.certs, .n = t.n };
    for (unsigned i = 0; i < 4; i++) {
        cert.issue.subject_cn = alike[i];
        test_issue(&cert);
        ck_assert_uint_eq(count(&t, &cert.cert.subject), 4);
        ck_assert_uint_eq(count(&by_hand, &cert.cert.subject), 4);
    }
    other.issue = c->root.issue;
    other.issue.subject_cn = "aroot";
    test_issue(&other);
    ck_assert_uint_eq(count(&t, &other.cert.subject), 0);
    ck_assert_uint_eq(count(&by_hand, &other.cert.subject), 0);
    ck_assert_uint_eq(count(&(struct x509_store){ 0 }, &other.cert.subject), 0);
    x509_store_free(&t);
    test_chain_free(c);
}
END_TEST

static const char *judge_noted(struct test_chain *c, const char *form)
{
    char line[200], hex[65];
    uint8_t digest[HASH_MAX];
    struct fault why = { 0 };
    hash_of(HASH_SHA256, c->root.der, c->root.n, digest, NULL);
    for (unsigned i = 0; i < 32; i++)
        snprintf(hex + 2 * i, 3, "%02x", digest[i]);
    snprintf(line, sizeof line, form, hex, hex);
    x509_store_free(&c->trust);
    ck_assert_msg(x509_store_add_notes(&c->trust, line, strlen(line), &why), "%s: %s", line, why.came);
    test_trust(c, &c->root);
    return test_judge(c);
}

/* TEST_NOW is 2026-09-21; the leaf begins a day before. */
START_TEST(what_is_held_against_a_root)
{
    struct test_chain *c = test_chain_new();
    ck_assert_str_eq(judge_noted(c, "# %s distrust\n\n"), "");
    ck_assert_str_eq(judge_noted(c, "%s distrust  # altogether"), "x509.distrusted");
    ck_assert_str_eq(c->why.about, "root CN=Root");
    ck_assert_str_eq(judge_noted(c, "%s distrust-after 2026-09-20\n"), "");
    ck_assert_str_eq(judge_noted(c, "%s distrust-after 2026-09-19\n"), "x509.distrusted");
    ck_assert_str_eq(c->why.about, "leaf CN=www.example.test");
    ck_assert_str_eq(c->why.expected, "under this root, one issued by 2026-09-19 23:59:59 UTC");
    ck_assert_str_eq(judge_noted(c, "%s distrust-after 2051-01-01"), "");
    ck_assert_str_eq(judge_noted(c, "%s permit-dns bank.test\r\n%s permit-dns example.test\r\n"), "");
    ck_assert_str_eq(judge_noted(c, "%s permit-dns bank.test"), "x509.distrusted");
    ck_assert_str_eq(judge_noted(c, "0123456789012345678901234567890123456789012345678901234567890123 distrust"), "");
    static const char *const bad[] = { "distrust", "0123 distrust", "%s", "%s nothing", "%s distrust-after 2026-02-30",
                                       "%s distrust-after", "%s permit-dns", "%s permit-dns a b", "%s0 distrust" };
    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct fault why = { 0 };
        char line[200];
        snprintf(line, sizeof line, bad[i], "0123456789012345678901234567890123456789012345678901234567890123");
        ck_assert_msg(!x509_store_add_notes(&c->trust, line, strlen(line), &why), "%s", line);
        ck_assert_str_eq(why.ground->id, "x509.notes");
    }
    test_chain_free(c);
}
END_TEST

int main(void)
{
    return check_run("trust", (const TTest *[]){ many_in_one_text, what_cannot_be_read_is_skipped_and_counted,
                                                 it_grows, found_by_subject, what_is_held_against_a_root, NULL });
}
