/* What a list of revoked certificates must be to be believed, and which certificates it takes back: each thing wrong
 * with it alone, and in the judgement of a chain. */
#include "tests/lib/certs.h"
#include "tests/lib/check.h"
#include "tests/lib/named.h"
#include "tls/x509/crl.h"
#include "tls/x509/crl_write.h"
#include "tls/x509/put_parts.h"

#include <stdlib.h>
#include <string.h>

enum { LIST_MAX = 4096, LISTS = 8 };
#define DAY TEST_DAY

/* A chain whose CAs may sign lists, and some lists about it. */
struct bench {
    struct test_chain *chain;
    uint8_t der[LISTS][LIST_MAX];
    struct x509_crl lists[LISTS]; size_t n;
    struct x509_crl_line line;                         /* the leaf, for keyCompromise */
    const struct x509_cert *above[2];
    struct x509_crl_question q;
};

static struct bench *bench_new(void)
{
    struct bench *b = calloc(1, sizeof *b);
    ck_assert_ptr_nonnull(b);
    struct test_chain *c = b->chain = test_chain_new();
    c->root.issue.usage |= X509_CRL_SIGN;
    c->intermediate.issue.usage |= X509_CRL_SIGN;
    c->leaf.issue.crl_uri = "http://crl.example.test/one.crl";
    test_issue_all(c);
    b->line = (struct x509_crl_line){ .serial = c->leaf.cert.serial, .date = TEST_NOW - 2 * DAY, .reason = 1 };
    b->above[0] = &c->intermediate.cert;
    b->above[1] = &c->root.cert;
    b->q = (struct x509_crl_question){ .cert = &c->leaf.cert, .above = b->above, .n_above = 2, .crls = b->lists,
                                       .at = TEST_NOW };
    return b;
}

static void bench_free(struct bench *b)
{
    test_chain_free(b->chain);
    free(b);
}

/* A list of the intermediate, with nobody on it. */
static struct x509_crl_issue list_of(const struct bench *b)
{
    return (struct x509_crl_issue){ .issuer = &b->chain->intermediate.cert,
                                    .signer = &classroom_p256_keys[CLASSROOM_INTERMEDIATE], .number = 7,
                                    .this_update = TEST_NOW - DAY, .next_update = TEST_NOW + DAY };
}

static struct x509_crl_issue list_with_leaf(const struct bench *b)
{
    struct x509_crl_issue i = list_of(b);
    i.lines = &b->line;
    i.n_lines = 1;
    return i;
}

static size_t write(const struct x509_crl_issue *i, uint8_t der[LIST_MAX])
{
    struct test_chance chance = test_chance(4);
    size_t n = x509_write_crl(i, &chance.chance, der, LIST_MAX);
    ck_assert_uint_gt(n, 0);
    ck_assert_uint_le(n, x509_crl_room(i));
    return n;
}

static struct x509_crl *add(struct bench *b, const struct x509_crl_issue *i)
{
    struct fault why = { 0 };
    const struct der der = { b->der[b->n], write(i, b->der[b->n]), 0 };
    ck_assert_msg(x509_read_crl(&der, NULL, &b->lists[b->n], &why), "%s", why.came);
    b->q.n_crls = b->n + 1;
    return &b->lists[b->n++];
}

static enum x509_crl_says says(struct bench *b) { return x509_crl_judge(&b->q).says; }

/* What the judgement says of one list alone. */
static enum x509_crl_says says_of(struct bench *b, const struct x509_crl_issue *i)
{
    b->n = 0;
    add(b, i);
    return says(b);
}

START_TEST(what_is_written_is_read)
{
    struct bench *b = bench_new();
    struct x509_crl_issue i = list_with_leaf(b);
    struct x509_crl_entry e;
    i.point_uri = "http://crl.example.test/one.crl";
    i.user_only = true;
    i.reasons = 1u << 1 | 1u << 8;
    i.delta = true;
    i.base = 0x1234;
    i.number = 0x80;
    const struct x509_crl *l = add(b, &i);
    ck_assert(l->has_v2 && l->has_next_update && l->scope.user_only && l->scope.has_point && l->is_delta);
    ck_assert(!l->scope.ca_only && !l->scope.indirect && !l->scope.attribute_only && !l->unknown_critical);
    ck_assert_int_eq(l->this_update, TEST_NOW - DAY);
    ck_assert_int_eq(l->next_update, TEST_NOW + DAY);
    ck_assert_uint_eq(l->scope.reasons, i.reasons);
    check_is_hex(l->number.at, l->number.n, "80");
    check_is_hex(l->base_number.at, l->base_number.n, "12 34");
    ck_assert_uint_eq(l->n_revoked, 1);
    ck_assert(x509_name_same(&l->issuer, &b->chain->intermediate.cert.subject));
    ck_assert(x509_crl_find(l, b->chain->leaf.cert.serial, &e));
    ck_assert(e.has_reason && e.reason == 1 && e.date == b->line.date);
    ck_assert(!x509_crl_find(l, b->chain->root.cert.serial, &e));
    bench_free(b);
}
END_TEST

START_TEST(every_octet_has_a_name)
{
    struct bench *b = bench_new();
    static const uint8_t names[] = { 0x30, 0x06, 0x82, 0x04, 't', 'e', 's', 't' }, odd[] = { 1, 2, 3 };
    static const uint8_t date[] = { 0x18, 0x0f, '2', '0', '2', '0', '0', '1', '0', '1', '0', '0', '0', '0', '0', '0',
                                    'Z' };
    const struct x509_extra entry[] = { { "2.5.29.29", true, { names, sizeof names } },
                                        { "2.5.29.24", false, { date, sizeof date } },
                                        { "1.2.3.4", false, { odd, sizeof odd } } };
    const struct x509_extra list[] = { { "2.5.29.18", false, { names, sizeof names } },
                                       { "1.2.3.5", true, { odd, sizeof odd } } };
    struct x509_crl_issue i = list_with_leaf(b);
    struct x509_crl read;
    b->line.extras = entry;
    b->line.n_extras = 3;
    i.extras = list;
    i.n_extras = 2;
    i.point_uri = "http://crl.example.test/";
    i.reasons = 1u << 6;
    i.indirect = true;
    struct named *names_of = named_new();
    const size_t n = write(&i, b->der[0]);
    const struct der der = { b->der[0], n, trace_buf(names_of->trace, 'c') };
    trace_emit(names_of->trace, &(struct event){ .kind = EVENT_BUFFER, .layer = "x509", .name = "crl", .by = __func__,
                                                 .buf = der.buf, .bytes = { der.at, n } });
    const struct watch w = { names_of->trace, der.buf, der.at };
    ck_assert(x509_read_crl(&der, &w, &read, NULL));
    ck_assert(read.unknown_critical);
    named_check(names_of);
    named_free(names_of);
    bench_free(b);
}
END_TEST

START_TEST(what_counts)
{
    struct bench *b = bench_new();
    struct x509_crl_issue i = list_of(b);
    ck_assert_int_eq(says_of(b, &i), CRL_GOOD);
    i = list_with_leaf(b);
    ck_assert_int_eq(says_of(b, &i), CRL_REVOKED);
    b->line.serial = b->chain->root.cert.serial;       /* another one of its certificates */
    ck_assert_int_eq(says_of(b, &i), CRL_GOOD);
    i = list_of(b);
    i.next_update = 0;
    ck_assert_int_eq(says_of(b, &i), CRL_GOOD);
    i.user_only = true;
    ck_assert_int_eq(says_of(b, &i), CRL_GOOD);
    i.point_uri = "http://crl.example.test/one.crl";
    ck_assert_int_eq(says_of(b, &i), CRL_GOOD);
    bench_free(b);
}
END_TEST

START_TEST(what_does_not)
{
    static const uint8_t odd[] = { 5, 0 };
    const struct x509_extra critical = { "1.2.3.4", true, { odd, sizeof odd } };
    struct bench *b = bench_new();
    struct x509_crl_issue i = list_of(b), fresh = i;
    ck_assert_int_eq(says(b), CRL_NONE);
    i.issuer = &b->chain->root.cert;
    ck_assert_int_eq(says_of(b, &i), CRL_NONE);
    i = fresh, i.ca_only = true;
    ck_assert_int_eq(says_of(b, &i), CRL_NOT_ABOUT);
    i = fresh, i.attribute_only = true;
    ck_assert_int_eq(says_of(b, &i), CRL_NOT_ABOUT);
    i = fresh, i.point_uri = "http://crl.example.test/two.crl";
    ck_assert_int_eq(says_of(b, &i), CRL_NOT_ABOUT);
    i = fresh, i.reasons = 1u << 1;
    ck_assert_int_eq(says_of(b, &i), CRL_SOME_REASONS);
    i = fresh, i.delta = true;
    ck_assert_int_eq(says_of(b, &i), CRL_DELTA_ALONE);
    i = fresh, i.indirect = true;
    ck_assert_int_eq(says_of(b, &i), CRL_INDIRECT);
    i = fresh, i.extras = &critical, i.n_extras = 1;
    ck_assert_int_eq(says_of(b, &i), CRL_CRITICAL);
    b->line.extras = &critical, b->line.n_extras = 1;  /* §5.3: in an entry as bad, whosever it is */
    b->line.serial = b->chain->root.cert.serial;
    i = list_with_leaf(b);
    ck_assert_int_eq(says_of(b, &i), CRL_CRITICAL);
    i = fresh, i.this_update = TEST_NOW + X509_CRL_SKEW + SECOND;
    ck_assert_int_eq(says_of(b, &i), CRL_EARLY);
    i = fresh, i.next_update = TEST_NOW - X509_CRL_SKEW - SECOND;
    ck_assert_int_eq(says_of(b, &i), CRL_STALE);
    i = fresh, i.next_update = 0, i.this_update = TEST_NOW - X509_CRL_AGE - X509_CRL_SKEW - SECOND;
    ck_assert_int_eq(says_of(b, &i), CRL_STALE);
    i = fresh, i.this_update = TEST_NOW, i.next_update = TEST_NOW - SECOND;
    ck_assert_int_eq(says_of(b, &i), CRL_STALE);
    i = fresh, i.signer = &classroom_p256_keys[CLASSROOM_ROOT];
    ck_assert_int_eq(says_of(b, &i), CRL_FORGED);
    const struct sign_scheme sha1 = { SIGN_ECDSA, HASH_SHA1 };
    i = fresh, i.scheme = &sha1;
    ck_assert_int_eq(says_of(b, &i), CRL_WEAK);
    i = fresh, i.no_number = true;
    ck_assert_int_eq(says_of(b, &i), CRL_GOOD);
    b->q.strict = true;
    ck_assert_int_eq(says(b), CRL_NUMBER);
    b->q.strict = false;
    b->chain->intermediate.cert.usage = X509_KEY_CERT_SIGN;
    ck_assert_int_eq(says_of(b, &fresh), CRL_NO_SIGN);
    b->chain->intermediate.cert.has_usage = false;
    ck_assert_int_eq(says_of(b, &fresh), CRL_GOOD);
    bench_free(b);
}
END_TEST

/* Cut anywhere, with a bit of any octet changed, or with more behind it: it never says that all is well, nor anything
 * that its CA has not signed. */
START_TEST(every_octet_counts)
{
    struct bench *b = bench_new();
    struct x509_crl_issue i = list_with_leaf(b);
    struct x509_crl l;
    i.user_only = true;
    const size_t n = write(&i, b->der[0]);
    b->q.crls = &l;
    b->q.n_crls = 1;
    for (size_t k = 0; k <= n + 1; k++)
        ck_assert(x509_read_crl(&(struct der){ b->der[0], k, 0 }, NULL, &l, NULL) == (k == n));
    for (size_t k = 0; k < 8 * n; k++) {
        b->der[0][k / 8] ^= (uint8_t)(1u << k % 8);
        if (x509_read_crl(&(struct der){ b->der[0], n, 0 }, NULL, &l, NULL)) {
            enum x509_crl_says s = says(b);
            ck_assert_msg(s != CRL_GOOD && s != CRL_REVOKED, "bit %zu", k);
        }
        b->der[0][k / 8] ^= (uint8_t)(1u << k % 8);
    }
    bench_free(b);
}
END_TEST

/* §6.3.3: the newest list that counts, of each scope; a delta list with the list that it changes. */
START_TEST(several_lists)
{
    struct bench *b = bench_new();
    struct x509_crl_issue old = list_with_leaf(b), new = list_of(b), delta = list_of(b);
    new.number = 8;
    new.this_update += SECOND;
    add(b, &old);
    add(b, &new);
    ck_assert_int_eq(says(b), CRL_GOOD);               /* held for a while, and let go */
    b->lists[1].this_update = b->lists[0].this_update; /* of the same moment: the number decides */
    ck_assert_int_eq(says(b), CRL_GOOD);
    b->lists[0].number = b->lists[1].number, b->lists[1].number.n = 0;
    ck_assert_int_eq(says(b), CRL_REVOKED);
    b->n = 0;
    new.signer = &classroom_p256_keys[CLASSROOM_LEAF]; /* the newer one is none */
    add(b, &new);
    add(b, &old);
    ck_assert_int_eq(says(b), CRL_REVOKED);
    b->n = 0;
    old = list_of(b);
    add(b, &new);
    add(b, &old);
    ck_assert_int_eq(says(b), CRL_GOOD);
    delta.delta = true;
    delta.number = 9;
    delta.base = 7;
    delta.lines = &b->line;
    delta.n_lines = 1;
    add(b, &delta);
    ck_assert_int_eq(says(b), CRL_REVOKED);
    b->line.reason = X509_REASON_REMOVE;               /* let go by the delta list */
    old = list_with_leaf(b);
    b->n = 0;
    add(b, &old);
    ck_assert_int_eq(says(b), CRL_REVOKED);            /* in a complete list the reason says nothing of the kind */
    add(b, &delta);
    ck_assert_int_eq(says(b), CRL_GOOD);
    delta.base = 8;                                    /* it changes a later list */
    b->n = 1;
    add(b, &delta);
    ck_assert_int_eq(says(b), CRL_REVOKED);
    bench_free(b);
}
END_TEST

START_TEST(reasons_add_up)
{
    struct bench *b = bench_new();
    struct x509_crl_issue i = list_of(b);
    i.reasons = 1u << 1 | 1u << 2;
    add(b, &i);
    struct x509_crl_answer a = x509_crl_judge(&b->q);
    ck_assert_int_eq(a.says, CRL_SOME_REASONS);
    ck_assert_uint_eq(a.reasons, i.reasons);
    i.reasons = X509_REASONS_ALL & ~i.reasons;
    add(b, &i);
    ck_assert_int_eq(says(b), CRL_GOOD);
    i = list_with_leaf(b);
    i.reasons = 1u << 8;
    add(b, &i);
    ck_assert_int_eq(says(b), CRL_REVOKED);
    bench_free(b);
}
END_TEST

/* A key of the CA's name beside the path: only if somebody on the path has named it, and it may sign lists. */
START_TEST(another_key_signs)
{
    struct bench *b = bench_new();
    struct test_cert signer = { .issue = b->chain->intermediate.issue };
    struct x509_store beside = { .certs = &signer.cert, .n = 1 };
    struct x509_crl_issue i = list_with_leaf(b), of_root;
    signer.issue.key = &classroom_p256_keys[CLASSROOM_LEAF].pub;
    signer.issue.serial[1] = 77;
    signer.issue.usage = X509_CRL_SIGN;
    test_issue(&signer);
    i.signer = &classroom_p256_keys[CLASSROOM_LEAF];
    ck_assert_int_eq(says_of(b, &i), CRL_FORGED);
    b->q.untrusted = &beside;
    ck_assert_int_eq(says(b), CRL_REVOKED);
    b->q.need_status = true;                           /* nobody says anything of the signer */
    ck_assert_int_eq(says(b), CRL_SIGNER);
    of_root = list_of(b);
    of_root.issuer = &b->chain->root.cert;
    of_root.signer = &classroom_p256_keys[CLASSROOM_ROOT];
    add(b, &of_root);
    ck_assert_int_eq(says(b), CRL_REVOKED);
    const struct x509_crl_line line = { .serial = signer.cert.serial, .date = TEST_NOW };
    of_root.lines = &line;
    of_root.n_lines = 1;
    b->n = 1;
    add(b, &of_root);
    b->q.need_status = false;
    ck_assert_int_eq(says(b), CRL_SIGNER);             /* it is taken back itself */
    b->n = b->q.n_crls = 1;
    signer.cert.usage = X509_KEY_CERT_SIGN;
    ck_assert_int_eq(says(b), CRL_NO_SIGN);
    signer.issue.not_after = TEST_NOW - SECOND;
    test_issue(&signer);
    ck_assert_int_eq(says(b), CRL_SIGNER);
    signer.issue.not_after = TEST_NOW + DAY;
    signer.issue.signer = &classroom_p256_keys[CLASSROOM_LEAF];    /* it has named itself */
    test_issue(&signer);
    ck_assert_int_eq(says(b), CRL_SIGNER);
    bench_free(b);
}
END_TEST

/* DistributionPointName { fullName { these names } }, or in the certificate's list of such points. */
static size_t point(const struct general_name *name, bool listed, uint8_t out[LIST_MAX])
{
    struct wire_out w = wire_into(out, LIST_MAX);
    struct put_der list = { 0 }, whole, choice, names;
    if (listed)
        list = put_der_open(&w, DER_SEQUENCE);
    whole = put_der_open(&w, DER_SEQUENCE);
    choice = put_der_open(&w, DER_CONTEXT_CONSTRUCTED | 0);
    names = put_der_open(&w, DER_CONTEXT_CONSTRUCTED | 0);
    x509_put_general_name(&w, name);
    put_der_close(&w, names);
    put_der_close(&w, choice);
    put_der_close(&w, whole);
    if (listed)
        put_der_close(&w, list);
    ck_assert(!w.failed);
    return wire_written(&w);
}

/* CVE-2023-0286: OpenSSL took an x400Address for another kind of octets, and compared by its pointers. Each choice of
 * GeneralName in the list and in the certificate: those that are the same in kind and octets meet, and no others. */
START_TEST(every_kind_of_point)
{
    static const uint8_t other[] = { 0x06, 0x03, 0x2a, 0x03, 0x04, 0xa0, 0x02, 0x05, 0x00 },
        x400[] = { 0x30, 0x05, 0x61, 0x03, 0x13, 0x01, 0x58 }, edi[] = { 0xa1, 0x03, 0x0c, 0x01, 0x58 },
        oid[] = { 0x2a, 0x03 }, letters[] = "aaaa",
        directory[] = { 0x30, 0x0c, 0x31, 0x0a, 0x30, 0x08, 0x06, 0x03, 0x55, 0x04, 0x03, 0x0c, 1, 'x' };
    const struct general_name names[] = {
        { NAME_OTHER, { other, sizeof other } },     { NAME_EMAIL, { letters, 4 } }, { NAME_DNS, { letters, 4 } },
        { NAME_X400, { x400, sizeof x400 } },        { NAME_DIRECTORY, { directory, sizeof directory } },
        { NAME_EDI, { edi, sizeof edi } },           { NAME_URI, { letters, 4 } },   { NAME_IP, { letters, 4 } },
        { NAME_OID, { oid, sizeof oid } },           { NAME_X400, { edi, sizeof edi } } };
    enum { N = sizeof names / sizeof *names };
    uint8_t of_cert[LIST_MAX], of_list[LIST_MAX];
    struct bench *b = bench_new();
    for (size_t k = 0; k < N * N; k++) {
        struct x509_extra points = { "2.5.29.31", false, { of_cert, point(&names[k / N], true, of_cert) } },
            issuing = { "2.5.29.28", true, { of_list, point(&names[k % N], false, of_list) } };
        struct x509_crl_issue i = list_of(b);
        struct test_cert *leaf = &b->chain->leaf;
        leaf->issue.crl_uri = NULL;
        leaf->issue.extras = &points;
        leaf->issue.n_extras = 1;
        test_issue(leaf);
        ck_assert(leaf->cert.crl_points.n > 0);
        i.extras = &issuing;
        i.n_extras = 1;
        ck_assert_msg(says_of(b, &i) == (k / N == k % N ? CRL_GOOD : CRL_NOT_ABOUT),
                      "%zu in the certificate, %zu in the list", k / N, k % N);
    }
    bench_free(b);
}
END_TEST

/* nameRelativeToCRLIssuer: the issuer's name and one RDN more, in either place, and the same as written out. */
START_TEST(points_under_the_issuer)
{
    static const uint8_t rdn[] = { 0x30, 0x08, 0x06, 0x03, 0x55, 0x04, 0x03, 0x0c, 0x01, 'x' };
    uint8_t relative[64], full[LIST_MAX], name[LIST_MAX], of_cert[LIST_MAX];
    struct bench *b = bench_new();
    const struct bytes issuer = b->chain->intermediate.cert.subject;
    struct wire_out w = wire_into(name, sizeof name);
    struct wire_in in = wire_over(issuer.at, issuer.n, NULL), own = der_open(&in, "issuer", DER_SEQUENCE);
    struct put_der seq = put_der_open(&w, DER_SEQUENCE), set;
    put_bytes(&w, "issuer", own.at, wire_left(&own));
    set = put_der_open(&w, DER_SET);
    put_bytes(&w, "rdn", rdn, sizeof rdn);
    put_der_close(&w, set);
    put_der_close(&w, seq);
    const struct general_name written = { NAME_DIRECTORY, { name, wire_written(&w) } };
    w = wire_into(relative, sizeof relative);
    seq = put_der_open(&w, DER_SEQUENCE);
    set = put_der_open(&w, DER_CONTEXT_CONSTRUCTED | 0);
    put_der_bytes(&w, DER_CONTEXT_CONSTRUCTED | 1, rdn, sizeof rdn);
    put_der_close(&w, set);
    put_der_close(&w, seq);
    const struct bytes forms[] = { { relative, wire_written(&w) }, { full, point(&written, false, full) } };
    for (size_t k = 0; k < 4; k++) {
        struct test_cert *leaf = &b->chain->leaf;
        struct x509_crl_issue i = list_of(b);
        w = wire_into(of_cert, sizeof of_cert);
        seq = put_der_open(&w, DER_SEQUENCE);
        put_bytes(&w, "point", forms[k / 2].at, forms[k / 2].n);
        put_der_close(&w, seq);
        struct x509_extra points = { "2.5.29.31", false, { of_cert, wire_written(&w) } },
            issuing = { "2.5.29.28", true, forms[k % 2] };
        leaf->issue.crl_uri = NULL;
        leaf->issue.extras = &points;
        leaf->issue.n_extras = 1;
        test_issue(leaf);
        i.extras = &issuing;
        i.n_extras = 1;
        ck_assert_msg(says_of(b, &i) == CRL_GOOD, "%zu", k);
    }
    bench_free(b);
}
END_TEST

static const char *judge(struct bench *b)
{
    b->chain->ask.crls = b->lists;
    b->chain->ask.n_crls = b->n;
    return test_judge(b->chain);
}

START_TEST(beside_a_chain)
{
    struct bench *b = bench_new();
    struct x509_crl_issue i = list_with_leaf(b), of_root = list_of(b);
    const struct x509_crl_line line = { .serial = b->chain->intermediate.cert.serial, .date = TEST_NOW };
    of_root.issuer = &b->chain->root.cert;
    of_root.signer = &classroom_p256_keys[CLASSROOM_ROOT];
    ck_assert_str_eq(judge(b), "");
    b->chain->ask.need_status = true;
    ck_assert_str_eq(judge(b), "x509.status");
    add(b, &of_root);
    ck_assert_str_eq(judge(b), "x509.status");
    ck_assert_ptr_nonnull(strstr(b->chain->why.came, "none of CN=Intermediate"));
    add(b, &i);
    ck_assert_str_eq(judge(b), "x509.revoked");
    ck_assert_ptr_nonnull(strstr(b->chain->why.came, "keyCompromise"));
    b->n = 1;
    i = list_of(b);
    add(b, &i);
    ck_assert_str_eq(judge(b), "");
    i.next_update = TEST_NOW - DAY / 2;
    b->n = 1;
    add(b, &i);
    ck_assert_str_eq(judge(b), "x509.crl");
    b->chain->ask.need_status = false;
    ck_assert_str_eq(judge(b), "x509.crl");            /* a list that does not hold is no reason to go on, either */
    b->n = 0;
    of_root.lines = &line;
    of_root.n_lines = 1;
    add(b, &of_root);
    ck_assert_str_eq(judge(b), "x509.revoked");
    ck_assert_ptr_nonnull(strstr(b->chain->why.about, "Intermediate"));
    bench_free(b);
}
END_TEST

/* RFC 7633: who promises a staple must bring it, to whoever asked; and its CA can ask the same of all below. */
START_TEST(a_staple_was_promised)
{
    struct test_chain *c = test_chain_new();
    c->leaf.issue.must_staple = true;
    test_issue(&c->leaf);
    ck_assert_str_eq(test_judge(c), "");
    c->ask.staple_asked = true;
    ck_assert_str_eq(test_judge(c), "x509.must_staple");
    c->leaf.issue.must_staple = false;
    test_issue(&c->leaf);
    c->n_sent = 0;
    ck_assert_str_eq(test_judge(c), "");
    c->intermediate.issue.must_staple = true;
    test_issue(&c->intermediate);
    c->n_sent = 0;
    ck_assert_str_eq(test_judge(c), "x509.must_staple");
    test_chain_free(c);
}
END_TEST

/* 100,000 entries: each is found, and none that is not there. */
START_TEST(a_long_list)
{
    enum { LINES = 100000 };
    struct bench *b = bench_new();
    struct x509_crl_line *lines = calloc(LINES, sizeof *lines);
    uint8_t (*serials)[4] = calloc(LINES, sizeof *serials);
    struct test_chance chance = test_chance(5);
    struct x509_crl_entry e;
    struct x509_crl l;
    ck_assert(lines && serials);
    for (uint32_t k = 0; k < LINES; k++) {
        const uint8_t serial[4] = { 0x40, (uint8_t)(k >> 16), (uint8_t)(k >> 8), (uint8_t)k };
        memcpy(serials[k], serial, 4);
        lines[k] = (struct x509_crl_line){ .serial = { serials[k], 4 }, .date = TEST_NOW - DAY, .reason = k % 6 };
    }
    struct x509_crl_issue i = list_of(b);
    i.lines = lines;
    i.n_lines = LINES;
    const size_t room = x509_crl_room(&i);
    uint8_t *der = malloc(room);
    ck_assert_ptr_nonnull(der);
    const size_t n = x509_write_crl(&i, &chance.chance, der, room);
    ck_assert(x509_read_crl(&(struct der){ der, n, 0 }, NULL, &l, NULL));
    ck_assert_uint_eq(l.n_revoked, LINES);
    ck_assert(x509_crl_find(&l, lines[LINES - 1].serial, &e) && e.reason == (LINES - 1) % 6);
    ck_assert(!x509_crl_find(&l, b->chain->leaf.cert.serial, &e));
    b->q.crls = &l;
    b->q.n_crls = 1;
    ck_assert_int_eq(says(b), CRL_GOOD);
    struct fault why = { 0 };
    ck_assert(!x509_read_crl(&(struct der){ der, X509_CRL_MAX + 1, 0 }, NULL, &l, &why));
    ck_assert_str_eq(why.ground->id, "x509.crl_size");
    free(der);
    free(serials);
    free(lines);
    bench_free(b);
}
END_TEST

/* More lists of one CA than anybody has, more names than anybody gives: an end is made, and said. */
START_TEST(there_are_limits)
{
    struct bench *b = bench_new();
    struct x509_crl_issue i = list_of(b);
    struct x509_crl *many = calloc(X509_CRLS_MAX + 1, sizeof *many);
    ck_assert_ptr_nonnull(many);
    i.signer = &classroom_p256_keys[CLASSROOM_ROOT];
    add(b, &i);
    for (size_t k = 0; k <= X509_CRLS_MAX; k++)
        many[k] = b->lists[0];
    b->q.crls = many;
    b->q.n_crls = X509_CRLS_MAX + 1;
    ck_assert_int_eq(says(b), CRL_TOO_MANY);
    b->q.n_crls = X509_CRLS_MAX;                       /* and so many signatures are not verified */
    ck_assert_uint_le(x509_crl_judge(&b->q).signatures, X509_CRL_SIGNATURES);
    free(many);
    bench_free(b);
}
END_TEST

int main(void)
{
    return check_run("crl", (const TTest *[]){
        what_is_written_is_read, every_octet_has_a_name, what_counts, what_does_not, every_octet_counts, several_lists,
        reasons_add_up, every_kind_of_point, points_under_the_issuer, another_key_signs, beside_a_chain,
        a_staple_was_promised, a_long_list, there_are_limits, NULL });
}
