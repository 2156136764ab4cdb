/* Old bugs in the judgement of certificates (docs/book/en/15-mistakes.md), as far as verify.c and names.c beside have no
 * test for them. */
#include "tests/lib/certs.h"
#include "tests/lib/check.h"
#include "tls/x509/names.h"
#include "tls/x509/parts.h"
#include "tls/x509/policy.h"

#include <string.h>
#include <time.h>

/* An extension more in what is signed: its OID's octets and its value, in DER. */
struct more { const char *oid; size_t oid_n; const uint8_t *value; size_t n; };

static void add_extension(struct test_cert *t, const struct more *x, enum classroom_role signer)
{
    struct test_chance chance = test_chance(3);
    uint8_t tbs_octets[TEST_CERT_MAX];
    struct wire_in in = wire_over(t->der, t->n, NULL), cert = der_open(&in, "certificate", DER_SEQUENCE),
        tbs = der_open(&cert, "tbs_certificate", DER_SEQUENCE);
    const uint8_t *start = tbs.at;
    while (tbs.at < tbs.end && tbs.at[0] != (DER_CONTEXT_CONSTRUCTED | 3))
        der_skip(&tbs, "field", NULL);
    struct wire_out out = wire_into(tbs_octets, sizeof tbs_octets);
    struct put_der whole = put_der_open(&out, DER_SEQUENCE);
    put_bytes(&out, "fields", start, (size_t)(tbs.at - start));
    struct wire_in choice = der_open(&tbs, "extensions", DER_CONTEXT_CONSTRUCTED | 3),
        list = der_open(&choice, "extensions", DER_SEQUENCE);
    struct put_der outer = put_der_open(&out, DER_CONTEXT_CONSTRUCTED | 3), inner = put_der_open(&out, DER_SEQUENCE);
    put_bytes(&out, "extensions", list.at, wire_left(&list));
    struct put_der one = put_der_open(&out, DER_SEQUENCE);
    put_der_bytes(&out, DER_OID, x->oid, x->oid_n);
    put_der_bytes(&out, DER_OCTET_STRING, x->value, x->n);
    put_der_close(&out, one);
    put_der_close(&out, inner);
    put_der_close(&out, outer);
    put_der_close(&out, whole);
    ck_assert(!list.failed && !out.failed);
    struct bytes signed_ = { tbs_octets, wire_written(&out) };
    t->n = x509_sign(&signed_, &classroom_p256_keys[signer], &chance.chance, t->der, sizeof t->der);
    ck_assert_uint_gt(t->n, 0);
    struct fault why = { 0 };
    x509_read_cert(&(struct der){ .at = t->der, .n = t->n }, NULL, &t->cert, &why);
}

#define OID(text) text, sizeof text - 1
#define ALT_NAMES OID("\x55\x1d\x11")
#define CRL_POINTS OID("\x55\x1d\x1f")
#define POLICIES OID("\x55\x1d\x20")
#define MAPPINGS OID("\x55\x1d\x21")

/* ---- 9: a NUL, in every kind of name ---- */

#define NAME "www.example.test\0.bad.test"              /* 26 octets */
#define UTF8_NAME "\x0c\x1a" NAME
#define CN_NAME "\x30\x25\x31\x23\x30\x21\x06\x03\x55\x04\x03\x0c\x1a" NAME
static const struct { const char *form; const char *octets; size_t n; } with_nul[] = {
    { "otherName", OID("\xa0\x28\x06\x08\x2b\x06\x01\x05\x05\x07\x08\x05\xa0\x1c" UTF8_NAME) },
    { "rfc822Name", OID("\x81\x1a" NAME) },
    { "dNSName", OID("\x82\x1a" NAME) },
    { "x400Address", OID("\xa3\x1c" UTF8_NAME) },
    { "directoryName", OID("\xa4\x27" CN_NAME) },
    { "ediPartyName", OID("\xa5\x1e\xa1\x1c" UTF8_NAME) },
    { "uniformResourceIdentifier", OID("\x86\x22https://" NAME) },
    { "iPAddress", OID("\x87\x04www\0") },                /* that there are NULs in an address is nothing odd */
    { "registeredID", OID("\x88\x1a" NAME) },
};
enum { FORMS = sizeof with_nul / sizeof *with_nul };

/* The octets of one GeneralName as a list of them. */
static size_t as_list(size_t i, uint8_t out[128])
{
    out[0] = DER_SEQUENCE;
    out[1] = (uint8_t)with_nul[i].n;
    memcpy(out + 2, with_nul[i].octets, with_nul[i].n);
    return 2 + with_nul[i].n;
}

START_TEST(a_nul_in_every_kind_of_name)
{
    for (size_t i = 0; i < FORMS; i++) {
        struct test_chain *c = test_chain_new();
        uint8_t list[128];
        const struct more x = { ALT_NAMES, list, as_list(i, list) };
        c->leaf.issue.n_dns = 0;                       /* the subject says CN=www.example.test, which does not count */
        test_issue(&c->leaf);
        add_extension(&c->leaf, &x, CLASSROOM_INTERMEDIATE);
        const char *id = test_judge(c);
        ck_assert_msg(strcmp(id, "x509.wrong_name") == 0, "%s: %s", with_nul[i].form, *id ? id : "accepted");
        test_chain_free(c);
    }
}
END_TEST

/* CVE-2009-2408 the other way round: a CA that may speak for example.test alone, and a name that ends so. */
START_TEST(a_nul_escapes_no_constraint)
{
    for (size_t i = 0; i < FORMS; i++) {
        uint8_t constraints[128] = { DER_CONTEXT_CONSTRUCTED, (uint8_t)(with_nul[i].n + 2), DER_SEQUENCE,
                                     (uint8_t)with_nul[i].n };
        char expected[X509_SAY], found[X509_SAY];
        memcpy(constraints + 4, with_nul[i].octets, with_nul[i].n);
        const struct bytes permitted = { constraints, 4 + with_nul[i].n };
        const struct x509_cert c = { .subject = { (const uint8_t *)"\x30\0", 2 },
                                     .alt_names = { (const uint8_t *)with_nul[i].octets, with_nul[i].n } };
        bool compared = strcmp(with_nul[i].form, "directoryName") == 0;        /* octet by octet, NUL or not */
        ck_assert_msg(x509_constraints_allow(&permitted, &c, expected, found) == compared, "%s", with_nul[i].form);
    }
    static const uint8_t only[] = "\xa0\x12\x30\x10\x82\x0e.example.testx";
    static const uint8_t name[] = "\x82\x16" "bad.test\0.example.test";
    const struct bytes permitted = { only, sizeof only - 1 };
    const struct x509_cert c = { .subject = { (const uint8_t *)"\x30\0", 2 }, .alt_names = { name, sizeof name - 1 } };
    char expected[X509_SAY], found[X509_SAY];
    ck_assert(!x509_constraints_allow(&permitted, &c, expected, found));
}
END_TEST

/* ---- 10: a certificate that may not issue, on the first path tried, on the second, on every one ---- */

/* Somebody with a good certificate of his own, under the intermediate's name: the same key as the intermediate has,
 * so that its signature on the leaf is right. */
static void false_ca(struct test_cert *t, const struct test_chain *c, unsigned nth)
{
    t->issue = c->intermediate.issue;
    t->issue.ca = false;
    t->issue.serial[0] = (uint8_t)(7 + nth);
    test_issue(t);
}

/* What is wrong with the path that is tried first. */
static void make_expired(struct test_cert *t, const struct test_chain *c)
{
    t->issue = c->intermediate.issue;
    t->issue.not_after = TEST_NOW - TEST_DAY;
    test_issue(t);
}

START_TEST(a_false_ca_on_any_path)
{
    static struct test_cert expired, first, second;
    for (unsigned way = 0; way < 6; way++) {
        struct test_chain *c = test_chain_new();
        make_expired(&expired, c);
        false_ca(&first, c, 0);
        false_ca(&second, c, 1);
        const struct test_cert *const ways[6][3] = {
            { &first }, { &expired, &first }, { &first, &expired }, { &first, &second },
            { &expired, &first, &second }, { &first, &second, &expired },
        };
        test_send(c, &c->leaf);
        for (unsigned i = 0; i < 3 && ways[way][i]; i++)
            test_send(c, ways[way][i]);
        const char *id = test_judge(c);
        /* who is valid now is tried first */
        ck_assert_msg(strcmp(id, "x509.not_ca") == 0, "way %u: %s", way, *id ? id : "accepted");
        test_send(c, &c->intermediate);                /* the true one, last of all: now there is a way */
        ck_assert_str_eq(test_judge(c), "");
        test_chain_free(c);
    }
}
END_TEST

/* CVE-2015-1793: the leaf itself, whose certificate is good, issues one more. */
START_TEST(a_leaf_that_issues)
{
    static struct test_cert forged, expired;
    for (unsigned way = 0; way < 3; way++) {
        struct test_chain *c = test_chain_new();
        const char *host = "www.bank.test";
        forged.issue = c->leaf.issue;
        forged.issue.subject_cn = host;
        forged.issue.dns = &host;
        forged.issue.issuer = &c->leaf.cert;
        forged.issue.signer = &classroom_p256_keys[CLASSROOM_LEAF];
        forged.issue.key = &classroom_p256_keys[CLASSROOM_ROOT].pub;
        test_issue(&forged);
        make_expired(&expired, c);
        c->ask.host = host;
        test_send(c, &forged);
        if (way == 1)
            test_send(c, &expired);
        test_send(c, &c->leaf);
        test_send(c, &c->intermediate);
        if (way == 2)
            test_send(c, &expired);
        if (way == 1)
            ck_assert_msg(strcmp(test_judge(c), "x509.expired") == 0 || strcmp(test_judge(c), "x509.not_ca") == 0,
                          "%s", test_judge(c));
        else
            ck_assert_str_eq(test_judge(c), "x509.not_ca");
        test_chain_free(c);
    }
}
END_TEST

/* ---- 13: every form of name, where nobody looks for it; policies that multiply ---- */

static const struct { const char *form; const char *octets; size_t n; } forms[] = {
    { "otherName", OID("\xa0\x0c\x06\x04\x2a\x03\x04\x05\xa0\x04\x0c\x02" "ab") },
    { "rfc822Name", OID("\x81\x08" "a@b.test") },
    { "dNSName", OID("\x82\x06" "b.test") },
    { "x400Address", OID("\xa3\x04\x30\x02\x30\0") },
    { "directoryName", OID("\xa4\x0f\x30\x0d\x31\x0b\x30\x09\x06\x03\x55\x04\x06\x13\x02" "FR") },
    { "ediPartyName", OID("\xa5\x06\xa1\x04\x0c\x02" "ab") },
    { "uniformResourceIdentifier", OID("\x86\x0d" "http://b.test") },
    { "iPAddress", OID("\x87\x04\x0a\0\0\x50") },
    { "registeredID", OID("\x88\x04\x2a\x03\x04\x05") },
};

/* CRLDistributionPoints: one point, whose fullName and cRLIssuer are this name. */
static size_t crl_points(size_t i, uint8_t out[256])
{
    struct wire_out to = wire_into(out, 256);
    struct put_der list = put_der_open(&to, DER_SEQUENCE), point = put_der_open(&to, DER_SEQUENCE),
        choice = put_der_open(&to, DER_CONTEXT_CONSTRUCTED), full = put_der_open(&to, DER_CONTEXT_CONSTRUCTED);
    put_bytes(&to, "full_name", forms[i].octets, forms[i].n);
    put_der_close(&to, full);
    put_der_close(&to, choice);
    struct put_der issuer = put_der_open(&to, DER_CONTEXT_CONSTRUCTED | 2);
    put_bytes(&to, "crl_issuer", forms[i].octets, forms[i].n);
    put_der_close(&to, issuer);
    put_der_close(&to, point);
    put_der_close(&to, list);
    return wire_written(&to);
}

/* Each is read, and weighs nothing: whoever compared what he took for a pointer (CVE-2023-0286) did it here. A form
 * cut short, or with a length too many, is no DER. */
START_TEST(every_form_of_name_where_nobody_looks)
{
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        for (unsigned spoiled = 0; spoiled < 3; spoiled++) {
            struct test_chain *c = test_chain_new();
            uint8_t value[256];
            struct more x = { CRL_POINTS, value, crl_points(i, value) };
            if (spoiled)
                value[x.n - forms[i].n + 1] ^= spoiled == 1 ? 1 : 0x40;        /* of the last name: its length */
            add_extension(&c->leaf, &x, CLASSROOM_INTERMEDIATE);
            const char *id = test_judge(c);
            ck_assert_msg(strcmp(id, spoiled ? "x509.der" : "") == 0, "%s, %u: %s", forms[i].form, spoiled, id);
            test_chain_free(c);
        }
}
END_TEST

/* In subjectAltName, and as what a CA allows or forbids: those that have a rule, and are of that form, fit; none of the others is
 * believed to, though the octets are the same. */
START_TEST(every_form_of_name_under_a_constraint)
{
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        for (unsigned excluded = 0; excluded < 2; excluded++) {
            const char *form = forms[i].form;
            bool ruled = strcmp(form, "dNSName") == 0 || strcmp(form, "directoryName") == 0
                || strcmp(form, "rfc822Name") == 0;
            uint8_t list[128] = { (uint8_t)(DER_CONTEXT_CONSTRUCTED | excluded), (uint8_t)(forms[i].n + 2), DER_SEQUENCE,
                                  (uint8_t)forms[i].n };
            char expected[X509_SAY], found[X509_SAY];
            memcpy(list + 4, forms[i].octets, forms[i].n);
            const struct bytes constraints = { list, 4 + forms[i].n };
            struct x509_cert c = { .subject = { (const uint8_t *)"\x30\0", 2 },
                                   .alt_names = { (const uint8_t *)forms[i].octets, forms[i].n } };
            ck_assert_msg(x509_constraints_allow(&constraints, &c, expected, found) == (ruled && !excluded), "%s, %u",
                          form, excluded);
            const struct bytes none = { NULL, 0 };
            ck_assert(!x509_cert_is_for(&c, "www.example.test", &none));
        }
}
END_TEST

/* Two policies, each of which is mapped to both: a tree of them doubles with each certificate (CVE-2023-0464). Here they
 * are a graph (tls/x509/policy.c), with two nodes for each. */
static void add_policies(struct test_cert *t, enum classroom_role signer)
{
#define A "\x06\x02\x2a\x03"
#define B "\x06\x02\x2a\x04"
    static const uint8_t policies[] = "\x30\x0c\x30\x04" A "\x30\x04" B,
        mappings[] = "\x30\x28\x30\x08" A A "\x30\x08" A B "\x30\x08" B A "\x30\x08" B B;
    add_extension(t, &(struct more){ POLICIES, policies, sizeof policies - 1 }, signer);
    add_extension(t, &(struct more){ MAPPINGS, mappings, sizeof mappings - 1 }, signer);
}

enum { DEEP = 30 };

/* A chain of so many below the root: the leaf, and CAs each of which issues the one before. */
static struct test_cert cas[DEEP];
static const char *judge_deep(struct test_chain *c, unsigned depth)
{
    static char names[DEEP][16];
    static struct der sent[DEEP + 1];
    const struct x509_cert *issuer = &c->root.cert;
    for (unsigned i = 0; i < depth - 1; i++) {
        struct test_cert *t = &cas[i];
        snprintf(names[i], sizeof names[i], "CA %u", i);
        t->issue = c->intermediate.issue;
        t->issue.subject_cn = names[i];
        t->issue.issuer = issuer;
        t->issue.signer = &classroom_p256_keys[i ? CLASSROOM_INTERMEDIATE : CLASSROOM_ROOT];
        test_issue(t);
        add_policies(t, i ? CLASSROOM_INTERMEDIATE : CLASSROOM_ROOT);
        sent[depth - 1 - i] = (struct der){ .at = t->der, .n = t->n };
        issuer = &t->cert;
    }
    c->leaf.issue.issuer = issuer;
    test_issue(&c->leaf);
    add_policies(&c->leaf, CLASSROOM_INTERMEDIATE);
    sent[0] = (struct der){ .at = c->leaf.der, .n = c->leaf.n };
    c->why = (struct fault){ 0 };
    test_trust(c, &c->root);
    return x509_verify_chain(&c->ask, &(struct voice){ 0 }, sent, depth, &c->key, &c->why) ? "" : c->why.ground->id;
}

/* How large the graph becomes. */
static void count_deep(const struct test_chain *c, unsigned depth)
{
    static struct x509_policies got;
    const struct x509_cert *path[DEEP] = { &c->leaf.cert };
    for (unsigned i = 1; i < depth; i++)
        path[i] = &cas[depth - 1 - i].cert;
    ck_assert(x509_policies(&c->ask.policy, path, depth, &got));
    ck_assert_uint_eq(got.nodes, 2 * depth);
    ck_assert_uint_eq(got.edges, 4 * (depth - 1));
    ck_assert_uint_eq(got.n_user, 2);
}

START_TEST(policies_that_multiply)
{
    struct test_chain *c = test_chain_new();
    c->ask.policy.explicit_policy = true;              /* somebody wants to know */
    const clock_t before = clock();                    /* of this process: others on the machine do not count */
    ck_assert_str_eq(judge_deep(c, X509_CHAIN_MAX), "");           /* mapped nine times over */
    count_deep(c, X509_CHAIN_MAX);
    test_chain_free(c);
    c = test_chain_new();
    ck_assert_str_eq(judge_deep(c, DEEP), "x509.too_many");
    ck_assert_int_lt(clock() - before, CLOCKS_PER_SEC);
    test_chain_free(c);
}
END_TEST

int main(void)
{
    return check_run("x509_museum", (const TTest *[]){
        a_nul_in_every_kind_of_name, a_nul_escapes_no_constraint, a_false_ca_on_any_path, a_leaf_that_issues,
        every_form_of_name_where_nobody_looks, every_form_of_name_under_a_constraint, policies_that_multiply, NULL });
}
