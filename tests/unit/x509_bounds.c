/* Chains made to cost time: each ends with a refusal that names its limit, and what was done for it is counted. With
 * BOUNDS_TIME in the environment it says how much CPU each took; with BOUNDS_DIR it writes each as leaf.pem, trust.pem
 * and untrusted.pem there, for `vitrine verify` (tests/bench). */
#include "tests/lib/certs.h"
#include "tests/lib/check.h"
#include "tls/x509/pem.h"
#include "tls/x509/put_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { CROWD = 400, MESH = 10, ROOTS = 60, LONG = X509_PATH_MAX + 4 };

static struct x509_store crowd;                        /* ask->untrusted */
static struct private_key keys[CROWD];

static void make_keys(unsigned n)
{
    struct test_chance chance = test_chance(7);
    for (unsigned i = 0; i < n; i++)
        ck_assert(key_make(&keys[i], KEY_P256, &chance.chance, "bounds", NULL));
}

static void add(struct x509_store *s, const struct test_cert *t)
{
    ck_assert(x509_store_add(s, &(struct der){ .at = t->der, .n = t->n }, NULL));
}

static void send_leaf(struct test_chain *c)
{
    test_trust(c, &c->root);
    test_send(c, &c->leaf);
    c->ask.untrusted = &crowd;
}

/* ---- hundreds of intermediates ---- */

static void number(struct test_cert *t, unsigned i)
{
    t->issue.serial[0] = (uint8_t)(1 + i / 200);
    t->issue.serial[1] = (uint8_t)(1 + i % 200);
}

/* The intermediate of another key, n of them. hidden: without the key identifiers that would tell them apart. */
static void namesakes(struct test_chain *c, unsigned n, bool hidden)
{
    static struct test_cert one;
    make_keys(n);
    one.issue = c->intermediate.issue;
    if (hidden) {
        one.issue.leave_out = c->intermediate.issue.leave_out = X509_EXT_SUBJECT_KEY_ID;
        test_issue_all(c);
    }
    for (unsigned i = 0; i < n; i++) {
        number(&one, i);
        one.issue.key = &keys[i].pub;
        test_issue(&one);
        add(&crowd, &one);
    }
}

static void one_of_hundreds(struct test_chain *c)      /* the key identifier finds it */
{
    namesakes(c, CROWD, false);
    add(&crowd, &c->intermediate);
    send_leaf(c);
}

static void one_of_hundreds_hidden(struct test_chain *c)
{
    namesakes(c, CROWD, true);
    add(&crowd, &c->intermediate);
    send_leaf(c);
}

static void expired_by_hundreds(struct test_chain *c)  /* none costs a signature */
{
    c->intermediate.issue.not_after = TEST_NOW - SECOND;
    namesakes(c, CROWD, true);
    send_leaf(c);
}

/* One CA certified by hundreds that nobody knows, and by the root: its signature is verified once. */
static void certified_by_hundreds(struct test_chain *c)
{
    static struct test_cert one, stranger;
    char name[16];
    one.issue = c->intermediate.issue;
    stranger.issue = c->root.issue;
    for (unsigned i = 0; i < CROWD; i++) {
        snprintf(name, sizeof name, "Stranger %u", i);
        stranger.issue.subject_cn = name;
        test_issue(&stranger);
        one.issue.issuer = &stranger.cert;
        test_issue(&one);
        add(&crowd, &one);
    }
    add(&crowd, &c->intermediate);
    send_leaf(c);
}

/* Ten CAs that certify one another, and none is known: paths without end. */
static void mesh(struct test_chain *c)
{
    static struct test_cert names[MESH], one;
    make_keys(MESH);
    for (unsigned i = 0; i < MESH; i++) {
        char name[16];
        snprintf(name, sizeof name, "Mesh %u", i);
        names[i].issue = c->intermediate.issue;
        names[i].issue.subject_cn = name;
        names[i].issue.signer = names[i].issue.signer;
        test_issue(&names[i]);
        for (unsigned k = 0; k < i; k++)
            for (unsigned way = 0; way < 2; way++) {
                unsigned below = way ? i : k, above = way ? k : i;
                one.issue = c->intermediate.issue;
                snprintf(name, sizeof name, "Mesh %u", below);
                one.issue.subject_cn = name;
                one.issue.key = &keys[below].pub;
                one.issue.issuer = &names[above].cert;
                one.issue.signer = &keys[above];
                test_issue(&one);
                add(&crowd, &one);
            }
    }
    c->leaf.issue.issuer = &names[0].cert;
    c->leaf.issue.signer = &keys[0];
    test_issue(&c->leaf);
    send_leaf(c);
}

/* ---- long ways, many ends ---- */

/* n CAs one above the other, the root on top: a path of n + 2. */
static void ladder(struct test_chain *c, unsigned n)
{
    static struct test_cert step[2];
    char name[2][16];
    make_keys(n);
    for (unsigned i = 0; i < n; i++) {
        struct test_cert *t = &step[i % 2], *above = i ? &step[(i - 1) % 2] : &c->root;
        snprintf(name[i % 2], sizeof *name, "Step %u", i);
        t->issue = c->intermediate.issue;
        t->issue.subject_cn = name[i % 2];
        t->issue.key = &keys[i].pub;
        t->issue.issuer = &above->cert;
        t->issue.signer = i ? &keys[i - 1] : &classroom_p256_keys[CLASSROOM_ROOT];
        test_issue(t);
        add(&crowd, t);
    }
    c->leaf.issue.issuer = &step[(n - 1) % 2].cert;
    c->leaf.issue.signer = &keys[n - 1];
    test_issue(&c->leaf);
    send_leaf(c);
}

static void as_long_as_may_be(struct test_chain *c) { ladder(c, X509_PATH_MAX - 2); }
static void too_long(struct test_chain *c)          { ladder(c, X509_PATH_MAX - 1); }

/* Roots of one name and key, each of which may vouch for other names only. */
static void roots_without_end(struct test_chain *c)
{
    c->root.issue.permitted_dns = "bank.test";
    for (unsigned i = 0; i < ROOTS; i++) {
        number(&c->root, i);
        test_issue(&c->root);
        test_trust(c, &c->root);
    }
    test_send(c, &c->leaf);
    test_send(c, &c->intermediate);
}

/* ---- names against constraints ---- */

enum { NAMES = 14000, WIDE = 2000, BIG = X509_CERT_MAX };
static char texts[NAMES][8];
static struct general_name names[NAMES];
static uint8_t big[2][BIG];

/* The first n_names for the leaf, the others are forbidden by the root. */
static void crowded(struct test_chain *c, size_t n_names, size_t n_subtrees)
{
    struct test_chance chance = test_chance(1);
    c->root.issue.excluded = names + n_names;
    c->root.issue.n_excluded = n_subtrees;
    size_t n = x509_issue(&c->root.issue, &chance.chance, big[0], BIG);
    ck_assert_uint_gt(n, 0);
    ck_assert(x509_store_add(&c->trust, &(struct der){ .at = big[0], .n = n }, NULL));
    c->leaf.issue.alt_names = names;
    c->leaf.issue.n_alt_names = n_names;
    c->ask.host = NULL;
    c->leaf.issue.n_dns = 0;
    n = x509_issue(&c->leaf.issue, &chance.chance, big[1], BIG);
    ck_assert_uint_gt(n, 0);
    c->sent[c->n_sent++] = (struct der){ .at = big[1], .n = n };
    test_send(c, &c->intermediate);
}

static void names_against_constraints(struct test_chain *c)
{
    for (unsigned i = 0; i < NAMES; i++) {
        snprintf(texts[i], sizeof *texts, "a%x", i);
        names[i] = (struct general_name){ NAME_DNS, { (const uint8_t *)texts[i], strlen(texts[i]) } };
    }
    crowded(c, NAMES - 6000, 6000);
}

/* The same of directory names, which cost more each. */
static void of_directories(struct test_chain *c, size_t n_names, size_t n_subtrees)
{
    static uint8_t octets[2 * WIDE][24];
    for (unsigned i = 0; i < n_names + n_subtrees; i++) {
        char text[8];
        snprintf(text, sizeof text, "%04x", i);
        struct wire_out out = wire_into(octets[i], sizeof *octets);
        struct put_der name = put_der_open(&out, DER_SEQUENCE), set = put_der_open(&out, DER_SET),
            pair = put_der_open(&out, DER_SEQUENCE);
        put_der_oid(&out, "2.5.4.3");
        put_der_bytes(&out, DER_UTF8, text, 4);
        put_der_close(&out, pair);
        put_der_close(&out, set);
        put_der_close(&out, name);
        names[i] = (struct general_name){ NAME_DIRECTORY, { octets[i], wire_written(&out) } };
    }
    crowded(c, n_names, n_subtrees);
}

static void directory_names(struct test_chain *c)              { of_directories(c, WIDE, WIDE); }
static void directory_names_just_allowed(struct test_chain *c) { of_directories(c, 220, 220); }

/* ---- keys ---- */

static uint8_t spki[4096];

/* RSAPublicKey of so many octets each (RFC 8017 §A.1.1). */
static void rsa_intermediate(struct test_chain *c, size_t modulus, size_t exponent)
{
    static uint8_t number_octets[2048];
    struct wire_out out = wire_into(spki, sizeof spki);
    memset(number_octets, 0xc5, sizeof number_octets);
    struct put_der whole = put_der_open(&out, DER_SEQUENCE), algorithm = put_der_open(&out, DER_SEQUENCE);
    put_der_oid(&out, "1.2.840.113549.1.1.1");
    put_der_close(&out, put_der_open(&out, DER_NULL));
    put_der_close(&out, algorithm);
    struct put_der bits = put_der_open(&out, DER_BIT_STRING);
    put_bytes(&out, "unused_bits", "", 1);
    struct put_der key = put_der_open(&out, DER_SEQUENCE);
    put_der_uint(&out, number_octets, modulus);
    put_der_uint(&out, number_octets, exponent);
    put_der_close(&out, key);
    put_der_close(&out, bits);
    put_der_close(&out, whole);
    c->intermediate.issue.key_info = (struct bytes){ spki, wire_written(&out) };
    c->leaf.issue.signer = &classroom_rsa_keys[CLASSROOM_LEAF];        /* its signature is by RSA, at least */
    test_issue_all(c);
}

static void rsa_of_16384_bits(struct test_chain *c)       { rsa_intermediate(c, 2048, 3); }
static void exponent_of_16384_bits(struct test_chain *c)  { rsa_intermediate(c, 1024, 2048); }
static void exponent_as_long_as_modulus(struct test_chain *c) { rsa_intermediate(c, 256, 256); }
static void exponent_of_65_bits(struct test_chain *c)     { rsa_intermediate(c, 256, 9); }

/* ---- lengths ---- */

/* A SEQUENCE that says it has 2^64 octets less one, more than that, or as many as it has but said in too many. */
static void send_octets(struct test_chain *c, const char *hex)
{
    c->sent[0] = (struct der){ .at = big[0], .n = check_hex(hex, big[0], BIG) };
    c->n_sent = 1;
}
static void length_of_2_64(struct test_chain *c)    { send_octets(c, "30 88 ff ff ff ff ff ff ff ff 30 00"); }
static void length_of_2_72(struct test_chain *c)    { send_octets(c, "30 89 01 00 00 00 00 00 00 00 00 30 00"); }
static void length_of_2_1008(struct test_chain *c)  { send_octets(c, "30 fe 01 00 00 00 00 00 00 00 00 30 00"); }
static void length_of_2_64_inside(struct test_chain *c)
{
    send_octets(c, "30 0c 30 88 ff ff ff ff ff ff ff f0 30 00");
}
static void length_without_end(struct test_chain *c) { send_octets(c, "30 80 30 80 30 80 30 80 00 00 00 00"); }

/* ---- the table ---- */

static const struct bound {
    const char *what, *id, *expected;
    void (*make)(struct test_chain *);
    unsigned steps, signatures, paths;                 /* at most; the second walk's with them */
} table[] = {
    { "one of hundreds", "", NULL, one_of_hundreds, 2, 2, 1 },
    { "one of hundreds, hidden", "x509.budget", "a path to a root within 64 signature checks", one_of_hundreds_hidden,
      X509_SIGNATURES + 1 + X509_STEPS, X509_SIGNATURES, X509_PATHS },
    { "hundreds, expired", "x509.expired", NULL, expired_by_hundreds, 2 * CROWD + X509_STEPS, X509_SIGNATURES,
      X509_PATHS },
    { "certified by hundreds", "", NULL, certified_by_hundreds, CROWD + 2, 2, 1 },
    { "a mesh", "x509.budget", "a path to a root within 1000 candidates", mesh, 2 * X509_STEPS, X509_SIGNATURES,
      X509_PATHS },
    { "as long as may be", "", NULL, as_long_as_may_be, X509_PATH_MAX - 1, X509_PATH_MAX - 1, 1 },
    { "too long", "x509.too_many", "a path of at most 16 certificates", too_long, 3 * X509_PATH_MAX, X509_PATH_MAX, 1 },
    { "roots without end", "x509.budget", "a root within 40 paths", roots_without_end, 4 * ROOTS, 2, 2 * X509_PATHS },
    { "names against constraints", "x509.too_many_names", NULL, names_against_constraints, 4, 2, 2 },
    { "directory names", "x509.too_many_names", NULL, directory_names, 4, 2, 2 },
    { "directory names, just allowed", "", NULL, directory_names_just_allowed, 2, 2, 1 },
    { "RSA of 16384 bits", "x509.key_algorithm", NULL, rsa_of_16384_bits, 4, 1, 1 },
    { "an exponent of 16384 bits", "x509.key_algorithm", NULL, exponent_of_16384_bits, 4, 1, 1 },
    { "an exponent as long as the modulus", "x509.key_algorithm", NULL, exponent_as_long_as_modulus, 4, 1, 1 },
    { "an exponent of 65 bits", "x509.key_algorithm", NULL, exponent_of_65_bits, 4, 1, 1 },
    { "a length of 2^64", "x509.der", NULL, length_of_2_64, 0, 0, 0 },
    { "a length of 2^72", "x509.der", NULL, length_of_2_72, 0, 0, 0 },
    { "a length of 2^1008", "x509.der", NULL, length_of_2_1008, 0, 0, 0 },
    { "a length of 2^64 inside", "x509.der", NULL, length_of_2_64_inside, 0, 0, 0 },
    { "lengths without end", "x509.der", NULL, length_without_end, 0, 0, 0 },
};
enum { TABLE = sizeof table / sizeof *table };

static void write_pem(const char *dir, const char *name, const struct der *der, size_t n)
{
    static char text[2 * BIG];
    char path[400];
    snprintf(path, sizeof path, "%s/%s.pem", dir, name);
    FILE *f = fopen(path, "a");
    for (size_t i = 0; f && i < n; i++)
        fwrite(text, 1, pem_write("CERTIFICATE", &der[i], text, sizeof text), f);
    if (f)
        fclose(f);
}

static void write_all(const char *dir, int row, const struct test_chain *c)
{
    char name[40];
    snprintf(name, sizeof name, "%d-leaf", row);
    write_pem(dir, name, c->sent, c->n_sent);
    snprintf(name, sizeof name, "%d-trust", row);
    for (size_t i = 0; i < c->trust.n; i++)
        write_pem(dir, name, &c->trust.certs[i].der, 1);
    snprintf(name, sizeof name, "%d-untrusted", row);
    for (size_t i = 0; i < crowd.n; i++)
        write_pem(dir, name, &crowd.certs[i].der, 1);
}

START_TEST(within_its_bounds)
{
    const struct bound *b = &table[_i];
    struct test_chain *c = test_chain_new();
    struct x509_cost cost;
    c->ask.cost = &cost;
    b->make(c);
    clock_t from = clock();
    const char *id = test_judge(c);
    double ms = 1000.0 * (double)(clock() - from) / CLOCKS_PER_SEC;
    if (getenv("BOUNDS_TIME"))
        printf("%-40s %7.3f ms of CPU  %4u steps %2u signatures %2u paths %6u comparisons  %s\n", b->what, ms, cost.steps,
               cost.signatures, cost.paths, cost.comparisons, *id ? id : "accepted");
    if (getenv("BOUNDS_DIR"))
        write_all(getenv("BOUNDS_DIR"), _i, c);
    ck_assert_msg(strcmp(id, b->id) == 0, "%s: %s (%s: %s)", b->what, *id ? id : "accepted", c->why.about, c->why.came);
    if (b->expected)
        ck_assert_str_eq(c->why.expected, b->expected);
    ck_assert_msg(cost.steps <= b->steps, "%s: %u steps", b->what, cost.steps);
    ck_assert_msg(cost.signatures <= b->signatures, "%s: %u signatures", b->what, cost.signatures);
    ck_assert_msg(cost.paths <= b->paths, "%s: %u paths", b->what, cost.paths);
    ck_assert_uint_le(cost.comparisons, X509_COMPARISONS);
    x509_store_free(&crowd);
    test_chain_free(c);
}
END_TEST

int main(void)
{
    return check_run_rows("x509_bounds", within_its_bounds, TABLE, (const TTest *[]){ NULL });
}
