/* The store of anchors. */
#include "tests/lib/certs.h"
#include "tests/lib/check.h"
#include "tls/x509/pem.h"

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

int main(void)
{
    return check_run("trust", (const TTest *[]){ many_in_one_text, what_cannot_be_read_is_skipped_and_counted,
                                                 it_grows, NULL });
}
