/* The judgement on certificates that openssl made, and what it tells: each check, each certificate, each
 * octet. */
#include "tests/lib/certs.h"
#include "tests/lib/check.h"
#include "tests/lib/named.h"

#include <stdlib.h>
#include <string.h>

static const char *judge_vectors(const char *leaf, const char *issuer_file, size_t issuer, size_t anchor,
                                 const char *came)
{
    static struct test_cert certs[3];
    struct test_chain *c = test_chain_new();
    test_read_pem(&certs[0], leaf, 0);
    test_read_pem(&certs[1], issuer_file, issuer);
    test_read_pem(&certs[2], issuer_file, anchor);
    c->ask.classroom = false;
    test_trust(c, &certs[2]);
    test_send(c, &certs[0]);
    test_send(c, &certs[1]);
    const char *id = test_judge(c);
    if (came)
        ck_assert_msg(strstr(c->why.came, came) != NULL, "%s: %s", leaf, c->why.came);
    test_chain_free(c);
    return id;
}

#define X509 "tests/vectors/x509/"

START_TEST(certificates_of_openssl)
{
    static const char real[] = X509 "real.pem", under[] = X509 "under-p384.pem";
    ck_assert_str_eq(judge_vectors(real, real, 1, 2, NULL), "");
    ck_assert_str_eq(judge_vectors(X509 "sha384.pem", real, 2, 2, NULL), "");
    ck_assert_str_eq(judge_vectors(X509 "sha512.pem", real, 2, 2, NULL), "");
    ck_assert_str_eq(judge_vectors(X509 "p384.pem", real, 1, 2, NULL), "");
    ck_assert_str_eq(judge_vectors(X509 "ed25519.pem", real, 1, 2, NULL), "");
    ck_assert_str_eq(judge_vectors(X509 "explicit.pem", real, 1, 2, "EC, explicit curve (not known here)"),
                     "x509.key_algorithm");
    ck_assert_str_eq(judge_vectors(X509 "compressed.pem", real, 1, 2, "not an uncompressed point"),
                     "x509.key_algorithm");
    /* with a salt as long as it can be, not as the digest */
    ck_assert_str_eq(judge_vectors(X509 "pss.pem", real, 2, 2, "RSASSA-PSS (not known here)"), "x509.algorithm");
    ck_assert_str_eq(judge_vectors(X509 "small.pem", real, 1, 2, "RSA 1024 bits"), "x509.weak_key");
    ck_assert_str_eq(judge_vectors(X509 "sha1.pem", real, 2, 2, "sha1WithRSAEncryption"), "x509.weak_hash");
    ck_assert_str_eq(judge_vectors(under, under, 1, 1, NULL), "");
    static const char *const kinds[] = { X509 "under-p521.pem", X509 "under-ed25519.pem", X509 "under-psskey.pem",
                                         X509 "under-rsapss.pem" };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        ck_assert_str_eq(judge_vectors(kinds[i], kinds[i], 1, 1, NULL), "");
}
END_TEST

/* ---- what is told ---- */

struct listener {
    struct view view;
    unsigned checks, certificates, accepted, refused, skipped;
    char order[1024];
};

static void hear(struct view *v, const struct trace *t, const struct event *e)
{
    struct listener *l = (struct listener *)v;
    (void)t;
    if (e->kind != EVENT_CHECK)
        return;
    ck_assert_str_eq(e->layer, "x509");
    const char *verdict = event_text(e, "verdict");
    l->accepted += strcmp(verdict, "accepted") == 0;
    l->refused += strcmp(verdict, "refused") == 0;
    l->skipped += strcmp(verdict, "skipped") == 0;
    ck_assert(*event_text(e, "subject"));
    if (strcmp(e->name, "certificate") == 0) {
        l->certificates++;
        strncat(l->order, e->label, sizeof l->order - strlen(l->order) - 1);
        strncat(l->order, "\n", sizeof l->order - strlen(l->order) - 1);
        ck_assert(*event_text(e, "why"));
        return;
    }
    l->checks++;
    static const char *const made_of[] = { "how", "signed", "digest", "signature", "public_key" };
    for (size_t i = 0; i < sizeof made_of / sizeof *made_of; i++)
        ck_assert_int_eq(event_attr(e, made_of[i]) != NULL,
                         strcmp(e->name, "signature") == 0 && strcmp(verdict, "skipped") != 0);
    ck_assert(*event_text(e, "expected") && *event_text(e, "found") && e->rfc
              && strncmp(e->rfc, "RFC ", 4) * strncmp(e->rfc, "NIST", 4) == 0);
}

static struct listener *listener_on(struct test_chain *c)
{
    struct listener *l = calloc(1, sizeof *l);
    l->view.event = hear;
    c->trace = trace_new(0);
    trace_attach(c->trace, &l->view);
    return l;
}

START_TEST(every_certificate_and_check_is_told)
{
    struct test_chain *c = test_chain_new();
    struct listener *l = listener_on(c);
    test_send_out_of_order(c);
    ck_assert_str_eq(test_judge(c), "");
    ck_assert_str_eq(l->order,
                     "root CN=Root: accepted\nintermediate CN=Intermediate: accepted\n"
                     "leaf CN=www.example.test: accepted\n"
                     "extra CN=Stranger: skipped\nextra CN=Root: skipped\nextra CN=Intermediate: skipped\n");
    ck_assert_uint_eq(l->refused, 0);
    ck_assert_uint_ge(l->checks, 24);
    trace_free(c->trace);
    free(l);
    test_chain_free(c);
}
END_TEST

/* Also when the root was refused, the leaf is told with all its checks. */
START_TEST(a_refused_chain_is_shown_whole)
{
    struct test_chain *c = test_chain_new();
    struct listener *l = listener_on(c);
    c->root.issue.not_after = c->leaf.issue.not_after = TEST_NOW - SECOND;
    test_issue_all(c);
    c->ask.host = "www.bank.test";
    ck_assert_str_eq(test_judge(c), "x509.expired");
    ck_assert_str_eq(c->why.about, "root CN=Root");
    ck_assert_str_eq(l->order,
                     "root CN=Root: refused\nintermediate CN=Intermediate: accepted\n"
                     "leaf CN=www.example.test: refused\n");
    ck_assert_uint_eq(l->refused, 2 + 3);  /* certificates; dates of two, and the name */
    trace_free(c->trace);
    free(l);
    test_chain_free(c);
}
END_TEST

static void tell_buffer(struct trace *t, struct der *der)
{
    der->buf = trace_buf(t, 'c');
    trace_emit(t, &(struct event){ .kind = EVENT_BUFFER, .layer = "x509", .name = "certificate",
                                   .by = __func__, .buf = der->buf, .bytes = { der->at, der->n } });
}

START_TEST(every_octet_is_named)
{
    static const char *const files[] = { X509 "real.pem", X509 "p384.pem", X509 "ed25519.pem",
                                         X509 "explicit.pem", X509 "compressed.pem", X509 "pss.pem",
                                         X509 "small.pem", X509 "sha1.pem", X509 "under-p384.pem",
                                         X509 "under-p521.pem", X509 "under-ed25519.pem", X509 "under-psskey.pem" };
    static struct test_cert certs[sizeof files / sizeof *files + 2];
    struct test_chain *c = test_chain_new();
    for (size_t i = 0; i < sizeof files / sizeof *files + 2; i++) {
        struct named *n = named_new();
        if (i < 2)
            test_read_pem(&certs[i], files[0], i + 1);
        else
            test_read_pem(&certs[i], files[i - 2], 0);
        struct der der = { .at = certs[i].der, .n = certs[i].n };
        struct voice voice = { .trace = n->trace };
        tell_buffer(n->trace, &der);
        x509_verify_chain(&c->ask, &voice, &der, 1, &c->key, NULL);
        named_check(n);
        if (i == 2) {
            ck_assert_str_eq(named_value(n, "timestamp", 0), "1700807049216");
            ck_assert_ptr_nonnull(named_value(n, "log_id", 0));
            ck_assert_ptr_nonnull(named_value(n, "dns_name", 1));
        }
        named_free(n);
    }
    test_chain_free(c);
}
END_TEST

int main(void)
{
    return check_run("verify_told", (const TTest *[]){ certificates_of_openssl,
                                                       every_certificate_and_check_is_told,
                                                       a_refused_chain_is_shown_whole, every_octet_is_named,
                                                       NULL });
}
