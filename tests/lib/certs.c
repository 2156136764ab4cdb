#include "tests/lib/certs.h"
#include "tests/lib/check.h"
#include "tls/x509/pem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct private_key *key_of(enum classroom_role role) { return &classroom_p256_keys[role]; }

static struct x509_issue ca(const char *cn, enum classroom_role own, enum classroom_role signer,
                            const struct x509_cert *issuer)
{
    return (struct x509_issue){
        .subject_cn = cn, .subject_o = "Tests", .issuer = issuer, .signer = key_of(signer),
        .key = &key_of(own)->pub,
        .serial = { 1, (uint8_t)own }, .serial_n = 2, .not_before = TEST_NOW - TEST_DAY,
        .not_after = TEST_NOW + 10 * TEST_DAY,
        .ca = true, .path_len = -1, .usage = X509_KEY_CERT_SIGN,
    };
}

struct test_chain *test_chain_new(void)
{
    static const char *const host = "www.example.test";
    struct test_chain *c = calloc(1, sizeof *c);
    ck_assert_ptr_nonnull(c);
    c->root.issue = ca("Root", CLASSROOM_ROOT, CLASSROOM_ROOT, NULL);
    c->intermediate.issue = ca("Intermediate", CLASSROOM_INTERMEDIATE, CLASSROOM_ROOT, &c->root.cert);
    c->leaf.issue = ca(host, CLASSROOM_LEAF, CLASSROOM_INTERMEDIATE, &c->intermediate.cert);
    c->leaf.issue.ca = false;
    c->leaf.issue.usage = X509_DIGITAL_SIGNATURE;
    c->leaf.issue.server_auth = true;
    c->leaf.issue.dns = &host;
    c->leaf.issue.n_dns = 1;
    test_issue_all(c);
    c->ask = (struct x509_ask){ .trust = &c->trust, .host = host, .at = TEST_NOW, .purpose = X509_SERVER,
                                .key_usage = X509_DIGITAL_SIGNATURE, .classroom = true };
    return c;
}

void test_chain_free(struct test_chain *c)
{
    x509_store_free(&c->trust);
    free(c);
}

static void read_again(struct test_cert *t)
{
    struct fault why = { 0 };
    x509_read_cert(&(struct der){ .at = t->der, .n = t->n }, NULL, &t->cert, &why);
}

void test_issue(struct test_cert *t)
{
    struct test_chance chance = test_chance(1);
    t->n = x509_issue(&t->issue, &chance.chance, t->der, sizeof t->der);
    ck_assert_uint_gt(t->n, 0);
    read_again(t);
}

void test_issue_all(struct test_chain *c)
{
    test_issue(&c->root);
    test_issue(&c->intermediate);
    test_issue(&c->leaf);
}

void test_leaf_signs_itself(struct test_chain *c)
{
    c->leaf.issue.issuer = NULL;
    c->leaf.issue.signer = key_of(CLASSROOM_LEAF);
    test_issue(&c->leaf);
}

static unsigned replace(struct test_cert *t, const char *from, const char *to)
{
    uint8_t old[256], new[256];
    size_t n = check_hex(from, old, sizeof old);
    unsigned places = 0;
    ck_assert_uint_eq(check_hex(to, new, sizeof new), n);
    for (size_t i = 0; i + n <= t->n; i++)
        if (memcmp(t->der + i, old, n) == 0) {
            memcpy(t->der + i, new, n);
            places++;
        }
    read_again(t);
    return places;
}

void test_replace(struct test_cert *t, const char *from, const char *to)
{
    ck_assert_uint_eq(replace(t, from, to), 1);
}

void test_replace_all(struct test_cert *t, const char *from, const char *to)
{
    ck_assert_uint_gt(replace(t, from, to), 1);
}

void test_resign(struct test_cert *t, enum classroom_role signer)
{
    struct test_chance chance = test_chance(2);
    uint8_t out[TEST_CERT_MAX];
    struct wire_in in = wire_over(t->der, t->n, NULL), cert = der_open(&in, "certificate", DER_SEQUENCE);
    const uint8_t *start = cert.at;
    der_skip(&cert, "tbs_certificate", NULL);
    struct bytes tbs = { start, (size_t)(cert.at - start) };
    ck_assert(!cert.failed);
    t->n = x509_sign(&tbs, key_of(signer), &chance.chance, out, sizeof out);
    ck_assert_uint_gt(t->n, 0);
    memcpy(t->der, out, t->n);
    read_again(t);
}

void test_send(struct test_chain *c, const struct test_cert *t)
{
    c->sent[c->n_sent++] = (struct der){ .at = t->der, .n = t->n };
}

void test_send_out_of_order(struct test_chain *c)
{
    static struct test_cert stranger;
    stranger.issue = c->root.issue;
    stranger.issue.subject_cn = "Stranger";
    test_issue(&stranger);
    test_send(c, &c->leaf);
    test_send(c, &stranger);
    test_send(c, &c->root);
    test_send(c, &c->intermediate);
    test_send(c, &c->intermediate);
}

void test_trust(struct test_chain *c, const struct test_cert *t)
{
    struct fault why = { 0 };
    ck_assert(x509_store_add(&c->trust, &(struct der){ .at = t->der, .n = t->n }, &why));
}

const char *test_judge(struct test_chain *c)
{
    struct voice voice = { .trace = c->trace };
    if (c->trust.n == 0)
        test_trust(c, &c->root);
    if (c->n_sent == 0) {
        test_send(c, &c->leaf);
        test_send(c, &c->intermediate);
    }
    c->why = (struct fault){ 0 };
    bool fine = x509_verify_chain(&c->ask, &voice, c->sent, c->n_sent, &c->key, &c->why);
    ck_assert_int_eq(fine, c->why.ground == NULL);
    if (!fine)
        ck_assert_msg(c->why.about[0] && c->why.expected[0] && c->why.came[0], "%s says too little",
                      c->why.ground->id);
    return fine ? "" : c->why.ground->id;
}

char *test_file(const char *path, size_t *n)
{
    FILE *f = fopen(path, "rb");
    ck_assert_msg(f != NULL, "%s: cannot be read", path);
    size_t room = 1 << 20;
    char *text = malloc(room);
    ck_assert_ptr_nonnull(text);
    *n = fread(text, 1, room - 1, f);
    text[*n] = 0;
    fclose(f);
    return text;
}

void test_read_pem(struct test_cert *t, const char *path, size_t nth)
{
    size_t n;
    char *text = test_file(path, &n);
    const char *at = text;
    struct fault why = { 0 };
    for (size_t i = 0; i <= nth; i++)
        t->n = pem_next(&at, text + n, "CERTIFICATE", NULL, t->der, sizeof t->der, &why);
    free(text);
    ck_assert_msg(x509_read_cert(&(struct der){ .at = t->der, .n = t->n }, NULL, &t->cert, &why), "%s: %s",
                  path, why.came);
}
