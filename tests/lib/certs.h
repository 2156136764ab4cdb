/* certs.h - certificates for tests: issued by our own issue.c with the classroom's P-256 keys, spoiled where
 * a test wants it, and judged.
 *
 *     struct test_chain *c = test_chain_new();     root, intermediate, leaf for www.example.test; free it
 *     test_replace(&c->leaf, "03 02 07 80", "03 02 05 20");        in what is signed; the same length
 *     test_resign(&c->leaf, CLASSROOM_INTERMEDIATE);
 *     ck_assert_str_eq(test_judge(c), "x509.key_usage");          "" when it is accepted */
#ifndef TESTS_LIB_CERTS_H
#define TESTS_LIB_CERTS_H

#include "tests/lib/chance.h"
#include "tls/x509/classroom_keys.h"
#include "tls/x509/issue.h"
#include "tls/x509/verify.h"

enum { TEST_CERT_MAX = 4096 };
#define TEST_NOW (INT64_C(1790000000) * SECOND)        /* 2026-09-21 14:13:20 UTC */
#define TEST_DAY (INT64_C(86400) * SECOND)

/* One to be issued: change `issue` and call test_issue, then spoil the octets. cert is what was read from
 * them last. */
struct test_cert {
    struct x509_issue issue;
    uint8_t der[TEST_CERT_MAX];
    size_t n;
    struct x509_cert cert;
};

struct test_chain {
    struct test_cert root, intermediate, leaf;         /* root is trusted; leaf and intermediate are sent */
    struct x509_store trust;
    struct x509_ask ask;                               /* host www.example.test, now, a server that signs */
    struct der sent[X509_CHAIN_MAX + 2]; size_t n_sent;
    struct public_key key;                             /* what the judgement gave */
    struct fault why;
    struct trace *trace;                               /* NULL: nobody listens */
};

/* All three with good defaults. */
struct test_chain *test_chain_new(void);
void test_chain_free(struct test_chain *);
void test_issue(struct test_cert *);  /* from .issue; fails the test when it cannot be made */
void test_issue_all(struct test_chain *);               /* root, intermediate, leaf, in that order */
void test_leaf_signs_itself(struct test_chain *);
/* The one place of the octets `from` (hex) becomes `to`, of the same length. Fails the test if there is not
 * exactly one. */
void test_replace(struct test_cert *, const char *from, const char *to);
void test_replace_all(struct test_cert *, const char *from, const char *to);
void test_resign(struct test_cert *, enum classroom_role signer);
void test_send(struct test_chain *, const struct test_cert *);          /* one more into the chain sent */
/* leaf, a stranger nobody asked about, root, and the intermediate twice */
void test_send_out_of_order(struct test_chain *);
void test_trust(struct test_chain *, const struct test_cert *);         /* one more anchor */
/* Judges what was sent (leaf and intermediate, if nothing was) against the anchors (root, if none was added):
 * the id of the ground, or "". */
const char *test_judge(struct test_chain *);

/* A whole file, with a NUL behind; free it. Fails the test if it cannot be read. */
char *test_file(const char *path, size_t *n);
/* The nth certificate (from 0) of a PEM file. */
void test_read_pem(struct test_cert *, const char *path, size_t nth);

#endif
