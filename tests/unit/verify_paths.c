/* The search for a path: which of several is found, what it is led by and not misled by, what is told of it, and which
 * refusal is shown where none holds. */
#include "tests/lib/certs.h"
#include "tests/lib/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- a way is found ---- */

static struct x509_store others;                       /* ask->untrusted */
static struct test_cert more[4];

static void at_hand(struct test_chain *c, const struct test_cert *t)
{
    ck_assert(x509_store_add(&others, &(struct der){ .at = t->der, .n = t->n }, NULL));
    c->ask.untrusted = &others;
}

/* Another CA of this name, with a key of its own. */
static struct test_cert *stranger(struct test_chain *c, unsigned i, const char *cn)
{
    static struct private_key keys[4];
    struct test_chance chance = test_chance(20 + i);
    ck_assert(key_make(&keys[i], KEY_P256, &chance.chance, "paths", NULL));
    more[i].issue = c->root.issue;
    more[i].issue.subject_cn = cn;
    more[i].issue.signer = &keys[i];
    more[i].issue.key = &keys[i].pub;
    test_issue(&more[i]);
    return &more[i];
}

/* What was issued by somebody, issued once more by another. */
static struct test_cert *by_another(const struct test_cert *t, unsigned i, const struct test_cert *issuer)
{
    more[i].issue = t->issue;
    more[i].issue.issuer = &issuer->cert;
    more[i].issue.signer = issuer->issue.signer;
    more[i].issue.serial[1] = (uint8_t)(0x40 + i);
    test_issue(&more[i]);
    return &more[i];
}

static struct test_cert *expired(const struct test_cert *t, unsigned i)
{
    more[i].issue = t->issue;
    more[i].issue.not_after = TEST_NOW - SECOND;
    more[i].issue.serial[1] = (uint8_t)(0x40 + i);
    test_issue(&more[i]);
    return &more[i];
}

static void expired_root_first(struct test_chain *c) { test_trust(c, expired(&c->root, 0)); test_trust(c, &c->root); }
static void expired_root_last(struct test_chain *c)  { test_trust(c, &c->root); test_trust(c, expired(&c->root, 0)); }

static void intermediate_at_hand(struct test_chain *c)
{
    test_trust(c, &c->root);
    test_send(c, &c->leaf);
    at_hand(c, stranger(c, 0, "Stranger"));
    at_hand(c, &c->intermediate);
}

/* Sent is the one of a root that nobody knows; at hand the one of ours. */
static void cross_signed_intermediate(struct test_chain *c)
{
    test_trust(c, &c->root);
    test_send(c, &c->leaf);
    test_send(c, by_another(&c->intermediate, 1, stranger(c, 0, "Unknown Root")));
    test_send(c, &more[0]);
    at_hand(c, &c->intermediate);
}

/* Our root is new; an older one that is trusted vouches for it. */
static void cross_signed_root(struct test_chain *c)
{
    test_trust(c, stranger(c, 0, "Old Root"));
    test_send(c, &c->leaf);
    test_send(c, &c->intermediate);
    test_send(c, by_another(&c->root, 1, &more[0]));
}

/* And where both are trusted and the old one is over, the short way is taken. */
static void cross_signed_by_an_expired_root(struct test_chain *c)
{
    stranger(c, 0, "Old Root");
    test_send(c, &c->leaf);
    test_send(c, &c->intermediate);
    test_send(c, by_another(&c->root, 1, &more[0]));
    test_trust(c, expired(&more[0], 2));
    test_trust(c, &c->root);
}

/* A namesake bears our intermediate's key identifier, as anybody may write it; ours has another one. */
static void misled_by_an_identifier(struct test_chain *c)
{
    static uint8_t octets[22] = { 4, 20 }, other[3] = { 4, 1, 7 };
    static const struct x509_extra claimed = { "2.5.29.14", false, { octets, sizeof octets } },
        own = { "2.5.29.14", false, { other, sizeof other } };
    memcpy(octets + 2, c->intermediate.cert.subject_key_id.at, 20);
    stranger(c, 0, "Intermediate");
    more[0].issue.issuer = &c->root.cert;
    more[0].issue.signer = &classroom_p256_keys[CLASSROOM_ROOT];
    more[0].issue.leave_out = c->intermediate.issue.leave_out = X509_EXT_SUBJECT_KEY_ID;
    more[0].issue.extras = &claimed;
    c->intermediate.issue.extras = &own;
    more[0].issue.n_extras = c->intermediate.issue.n_extras = 1;
    test_issue(&more[0]);
    test_issue(&c->intermediate);
    ck_assert_uint_eq(c->intermediate.cert.subject_key_id.n, 1);
    test_trust(c, &c->root);
    test_send(c, &c->leaf);
    at_hand(c, &more[0]);
    at_hand(c, &c->intermediate);
}

/* Two that vouch for one another, and the root for one of them. */
static void in_a_circle(struct test_chain *c)
{
    stranger(c, 0, "Neighbour");
    test_trust(c, &c->root);
    test_send(c, &c->leaf);
    at_hand(c, by_another(&c->intermediate, 1, &more[0]));
    more[2] = more[0];
    more[2].issue.issuer = &c->intermediate.cert;
    more[2].issue.signer = &classroom_p256_keys[CLASSROOM_INTERMEDIATE];
    test_issue(&more[2]);
    at_hand(c, &more[2]);
    at_hand(c, &more[0]);
    at_hand(c, &c->intermediate);
}

static void not_too_deep(struct test_chain *c)
{
    c->ask.has_max_depth = true;
    c->ask.max_depth = 1;
}

/* One way is too long, the other is not. */
static void one_way_too_deep(struct test_chain *c)
{
    cross_signed_root(c);
    test_trust(c, &c->root);
    not_too_deep(c);
}

static void (*const found[])(struct test_chain *) = {
    expired_root_first, expired_root_last, intermediate_at_hand, cross_signed_intermediate, cross_signed_root,
    cross_signed_by_an_expired_root, misled_by_an_identifier, in_a_circle, not_too_deep, one_way_too_deep,
};

START_TEST(a_way_is_found)
{
    struct test_chain *c = test_chain_new();
    struct x509_cost cost;
    c->ask.cost = &cost;
    found[_i](c);
    const char *id = test_judge(c);
    ck_assert_msg(*id == 0, "row %d: %s (%s: %s)", _i, id, c->why.about, c->why.came);
    ck_assert_msg(cost.steps && cost.signatures >= 2 && cost.signatures <= 6 && cost.paths == 1,
                  "row %d: %u steps, %u signatures, %u paths", _i, cost.steps, cost.signatures, cost.paths);
    x509_store_free(&others);
    test_chain_free(c);
}
END_TEST

/* ---- which refusal is shown ---- */

static void too_deep(struct test_chain *c)
{
    c->ask.has_max_depth = true;
    c->ask.max_depth = 0;
}

/* The way by the key that made the signature, though it is expired, before the namesake's. */
static void expired_or_forged(struct test_chain *c)
{
    c->leaf.issue.not_after = TEST_NOW - SECOND;
    test_issue(&c->leaf);
    stranger(c, 0, "Intermediate");
    more[0].issue.issuer = &c->root.cert;
    more[0].issue.signer = &classroom_p256_keys[CLASSROOM_ROOT];
    test_issue(&more[0]);
    test_trust(c, &c->root);
    test_send(c, &c->leaf);
    test_send(c, &more[0]);
    test_send(c, &c->intermediate);
}

/* Of two ways, both refused, the one with less against it. */
static void two_things_or_one(struct test_chain *c)
{
    c->ask.host = "www.bank.test";
    test_trust(c, expired(&c->root, 0));
    test_trust(c, &c->root);
}

/* One that ends at a root and one that ends nowhere. */
static void refused_or_nowhere(struct test_chain *c)
{
    c->root.issue.not_after = TEST_NOW - SECOND;
    test_issue_all(c);
    test_trust(c, &c->root);
    test_send(c, &c->leaf);
    test_send(c, by_another(&c->intermediate, 1, stranger(c, 0, "Unknown Root")));
    test_send(c, &more[0]);
    test_send(c, &c->intermediate);
}

static const struct { const char *id, *about; void (*make)(struct test_chain *); } shown[] = {
    { "x509.max_depth", "intermediate CN=Intermediate", too_deep },
    { "x509.expired", "leaf CN=www.example.test", expired_or_forged },
    { "x509.wrong_name", "leaf CN=www.example.test", two_things_or_one },
    { "x509.expired", "root CN=Root", refused_or_nowhere },
};

START_TEST(the_most_telling_refusal)
{
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
        struct test_chain *c = test_chain_new();
        shown[i].make(c);
        const char *id = test_judge(c);
        ck_assert_msg(strcmp(id, shown[i].id) == 0 && strcmp(c->why.about, shown[i].about) == 0, "row %zu: %s about %s", i,
                      id, c->why.about);
        x509_store_free(&others);
        test_chain_free(c);
    }
}
END_TEST

/* ---- what is told of it ---- */

struct listener { struct view view; char said[2048]; };

static void hear(struct view *v, const struct trace *t, const struct event *e)
{
    struct listener *l = (struct listener *)v;
    char line[400] = "";
    (void)t;
    if (e->kind == EVENT_CHECK && strcmp(e->name, "candidate") == 0) {
        const struct attr *hash = event_attr(e, "sha256");
        ck_assert(hash && hash->bytes.n == 32 && event_attr(e, "serial") && *event_text(e, "issuer"));
        snprintf(line, sizeof line, "%u %s %s, %s: %s%s%s\n", (unsigned)event_attr(e, "depth")->number,
                 event_text(e, "source"), event_text(e, "subject"), event_text(e, "fits"), event_text(e, "verdict"),
                 *event_text(e, "ground") ? ", " : "", event_text(e, "ground"));
    } else if (e->kind == EVENT_CHECK && strcmp(e->name, "path") == 0)
        snprintf(line, sizeof line, "of %u, %s: %s%s%s\n", (unsigned)event_attr(e, "length")->number,
                 event_text(e, "ends"), event_text(e, "verdict"), *event_text(e, "ground") ? ", " : "",
                 event_text(e, "ground"));
    strncat(l->said, line, sizeof l->said - strlen(l->said) - 1);
}

static void told(void (*make)(struct test_chain *), const char *id, const char *said)
{
    struct test_chain *c = test_chain_new();
    struct listener l = { .view = { .event = hear } };
    struct x509_cost silent, loud;
    make(c);
    c->ask.cost = &silent;
    ck_assert_str_eq(test_judge(c), id);
    c->trace = trace_new(0);
    trace_attach(c->trace, &l.view);
    ck_assert_str_eq(test_judge(c), id);
    ck_assert_str_eq(l.said, "");                      /* it is not told unless asked for */
    c->ask.tell_search = true;
    c->ask.cost = &loud;
    ck_assert_str_eq(test_judge(c), id);
    ck_assert_str_eq(l.said, said);
    ck_assert_mem_eq(&silent, &loud, sizeof loud);     /* and costs nothing more */
    trace_free(c->trace);
    x509_store_free(&others);
    test_chain_free(c);
}

START_TEST(candidates_and_paths_are_told)
{
    told(cross_signed_intermediate, "",
         "0 sent CN=www.example.test, O=Tests, not tried: accepted\n"
         "1 sent CN=Intermediate, O=Tests, fits: accepted\n"
         "2 sent CN=Unknown Root, O=Tests, fits: accepted\n"
         "1 untrusted CN=Intermediate, O=Tests, fits: accepted\n"
         "2 trusted CN=Root, O=Tests, fits: accepted\n"
         "of 3, trusted: accepted\n");
    told(expired_root_first, "",
         "0 sent CN=www.example.test, O=Tests, not tried: accepted\n"
         "1 sent CN=Intermediate, O=Tests, fits: accepted\n"
         "2 trusted CN=Root, O=Tests, fits: accepted\n"
         "of 3, trusted: accepted\n");
    told(refused_or_nowhere, "x509.expired",
         "0 sent CN=www.example.test, O=Tests, not tried: accepted\n"
         "1 sent CN=Intermediate, O=Tests, fits: accepted\n"
         "2 sent CN=Unknown Root, O=Tests, fits: refused, x509.expired\n"
         "of 3, nowhere: refused, x509.unknown_root\n"
         "1 sent CN=Intermediate, O=Tests, fits: accepted\n"
         "2 trusted CN=Root, O=Tests, fits: refused, x509.expired\n"
         "of 3, trusted: refused, x509.expired\n");
    told(expired_or_forged, "x509.expired",
         "0 sent CN=www.example.test, O=Tests, not tried: refused, x509.expired\n"
         "1 sent CN=Intermediate, O=Tests, fits: accepted\n"
         "2 trusted CN=Root, O=Tests, fits: accepted\n"
         "of 3, trusted: refused, x509.expired\n"
         "1 sent CN=Intermediate, O=Tests, does not fit: refused\n"
         "2 trusted CN=Root, O=Tests, fits: accepted\n"
         "of 3, trusted: refused, x509.bad_signature\n");
}
END_TEST

/* ---- one that was read before ---- */

START_TEST(a_chain_that_was_read)
{
    struct test_chain *c = test_chain_new();
    struct x509_cert chain[X509_CHAIN_MAX + 1] = { c->leaf.cert, c->intermediate.cert };
    const struct voice silence = { 0 };
    test_trust(c, &c->root);
    ck_assert(x509_verify_read(&c->ask, &silence, chain, 2, &c->key, &c->why));
    ck_assert_int_eq(c->key.kind, KEY_P256);
    ck_assert(!x509_verify_read(&c->ask, &silence, chain, 1, &c->key, &c->why));
    ck_assert_str_eq(c->why.ground->id, "x509.missing_intermediate");
    c->why = (struct fault){ 0 };
    ck_assert(!x509_verify_read(&c->ask, &silence, chain, 0, &c->key, &c->why));
    ck_assert_str_eq(c->why.ground->id, "x509.empty_chain");
    c->why = (struct fault){ 0 };
    ck_assert(!x509_verify_read(&c->ask, &silence, chain, X509_CHAIN_MAX + 1, &c->key, &c->why));
    ck_assert_str_eq(c->why.ground->id, "x509.too_many");
    test_chain_free(c);
}
END_TEST

int main(void)
{
    return check_run_rows("verify_paths", a_way_is_found, sizeof found / sizeof *found,
                          (const TTest *[]){ the_most_telling_refusal, candidates_and_paths_are_told,
                                             a_chain_that_was_read, NULL });
}
