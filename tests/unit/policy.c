/* Certificate policies: RFC 5280's rules one by one, by paths of a few words (tests/lib/policy_made.h); the graph of
 * RFC 9618 against RFC 5280's tree; its bounds; and what is said of a chain. */
#include "tests/lib/certs.h"
#include "tests/lib/chance.h"
#include "tests/lib/check.h"
#include "tests/lib/policy_made.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* ask: letters of the user-initial-policy-set, then "E" initial-explicit-policy, "M" initial-policy-mapping-inhibit, "A"
 * initial-any-policy-inhibit. want: "no", or the user-constrained-policy-set, "-" where it is empty. */
static const struct { const char *rule, *path, *ask, *want; } rows[] = {
    /* what a certificate names, §6.1.3 d 1 */
    { "one policy all the way down", "a / a / a", "E", "a" },
    { "none in common", "a / a / b", "E", "no" },
    { "none in common, and nobody asks", "a / a / b", "", "-" },
    { "two of three", "a b / b c a / a b", "E", "ab" },
    { "a CA that names none", "a / / a", "E", "no" },
    { "a leaf that names none", "a / a /", "E", "no" },
    { "nobody asks for one", "/ /", "", "-" },
    { "wanted, and valid", "a b / a b / a b", "bE", "b" },
    { "wanted, and not valid", "a b / a b / a b", "cE", "no" },
    { "wanted, not valid, not required", "a b / a b / a b", "c", "-" },
    { "one of those wanted", "a b / a b / b", "acbE", "b" },
    /* anyPolicy, §6.1.3 d 2 */
    { "under anyPolicy a policy may begin", "* / a / a", "E", "a" },
    { "anyPolicy stands for what was above", "a / * / a", "E", "a" },
    { "anyPolicy stands for nothing new", "a / * / b", "E", "no" },
    { "anyPolicy to the leaf", "* / * / *", "E", "*" },
    { "anyPolicy to the leaf: what was wanted", "* / * / *", "abE", "ab" },
    { "anyPolicy to the leaf, and more", "* / * / a *", "E", "*a" },
    { "anyPolicy at the leaf alone", "a b / a b / *", "E", "ab" },
    { "anyPolicy wanted is any", "a / a / a", "*bE", "a" },
    { "anyPolicy inhibited from the start", "* / a / a", "EA", "no" },
    { "anyPolicy inhibited, but not needed", "a * / a * / a", "EA", "a" },
    { "anyPolicy inhibited by a CA", "* i0 / * / a", "E", "no" },
    { "anyPolicy inhibited one below", "* i1 / * / a", "E", "a" },
    { "anyPolicy inhibited two below", "* i1 / * / *", "E", "no" },
    { "the smaller number counts", "* i5 / * i0 / *", "E", "no" },
    { "the larger one does not raise it", "* i0 / * i5 / *", "E", "no" },
    { "anyPolicy inhibited, but self-issued", "* i0 / * self / a", "E", "a" },
    { "a self-issued leaf is no exception", "* i0 / * self / * self", "E", "no" },
    { "self-issued ones do not count down", "* i1 / * self / * / *", "E", "no" },
    { "self-issued ones do not count down, 2", "* i1 / * self / *", "E", "*" },
    /* explicit policy, §6.1.4 h, i and §6.1.5 a, b */
    { "required from the start", "/ a", "E", "no" },
    { "required by a CA at once", "a e0 / b / b", "", "no" },
    { "required by a CA, and there", "a e0 / a / a", "", "a" },
    { "required two below: too far down", "a e3 / / b", "", "-" },
    { "required one below", "a e1 / / b", "", "no" },
    { "required at the end", "a e2 / / b", "", "no" },
    { "a leaf that requires one itself", "a / b / c e0", "", "no" },
    { "a leaf that requires one later", "a / b / c e1", "", "-" },
    { "self-issued ones do not count down: required", "a e2 / self / / b", "", "no" },
    { "self-issued ones do not count down: required, 2", "a e3 / self / / b", "", "-" },
    { "a self-issued leaf counts down", "a e1 / b self", "", "no" },
    { "required below, and wanted", "a b e0 / a b / a", "bE", "no" },
    /* mapping, §6.1.4 b */
    { "mapped", "a a>b / b / b", "E", "a" },
    { "mapped away: not valid as itself", "a a>b / a / a", "E", "no" },
    { "mapped onto two", "a a>b a>c / b / b", "E", "a" },
    { "two mapped onto one", "a b a>c b>c / c / c", "E", "ab" },
    { "mapped there and back", "a a>b / b b>a / a", "E", "a" },
    { "swapped", "a b a>b b>a / a b / a", "E", "b" },
    { "mapped, and wanted by the name above", "a a>b / b / b", "aE", "a" },
    { "mapped, and wanted by the name below", "a a>b / b / b", "bE", "no" },
    { "a mapping of what is not there", "a b>c / c / c", "E", "no" },
    { "a mapping of what anyPolicy stands for", "* a>b / b / b", "E", "a" },
    { "a mapping beside anyPolicy: the rest stays", "* a>b / c / c", "E", "c" },
    { "a mapping beside anyPolicy at both", "a * a>b / * / b", "E", "a" },
    { "a leaf's mapping counts for nothing", "a / a / a a>b", "E", "a" },
    { "mapping inhibited from the start", "a a>b / b / b", "EM", "no" },
    { "mapping inhibited: the mapped one goes", "a b a>c / a b / a b", "EM", "b" },
    { "mapping inhibited: nothing is left", "a a>b / a / a", "EM", "no" },
    { "mapping inhibited: anyPolicy stays", "* a>b / * / b", "EM", "b" },
    { "mapping inhibited by a CA", "a m0 / a a>b / b", "E", "no" },
    { "mapping inhibited one below", "a m1 / a a>b / b", "E", "a" },
    { "mapping inhibited two below", "a m1 / a a>b / b b>c / c", "E", "no" },
    { "mapping inhibited: self-issued ones do not count", "a m1 / a self / a a>b / b", "E", "a" },
    { "the same mapping twice is one", "a a>b a>b / b / b", "E", "a" },
    { "mapped onto itself", "a a>a / a / a", "E", "a" },
    { "two ways to one: the half that ends", "a b a>c b>d / c d / d", "E", "b" },
    /* a policy that begins further down */
    { "begins under anyPolicy, at two depths", "* / a * / a b / b", "E", "b" },
    { "a path of the leaf alone", "a", "E", "a" },
};
enum { ROWS = sizeof rows / sizeof *rows };

static struct x509_policy_ask asked(const char *words, struct bytes initial[8])
{
    struct x509_policy_ask ask = { .initial = initial };
    for (; *words; words++)
        switch (*words) {
        case 'E': ask.explicit_policy = true; break;
        case 'M': ask.inhibit_mapping = true; break;
        case 'A': ask.inhibit_any = true; break;
        default:  initial[ask.n++] = policy_letter(*words);
        }
    return ask;
}

static const char *judged(const struct policy_made *m, const struct x509_policy_ask *ask, char out[64])
{
    static struct x509_policies got;
    if (!x509_policies(ask, m->path, m->n, &got))
        return "no";
    policy_letters(got.user, got.n_user, got.user_any, out);
    return *out ? out : "-";
}

START_TEST(rules)
{
    static struct policy_made m;
    struct bytes initial[8];
    char out[64];
    ck_assert_msg(policy_make(&m, rows[_i].path), "%s", rows[_i].path);
    const struct x509_policy_ask ask = asked(rows[_i].ask, initial);
    const char *got = judged(&m, &ask, out);
    ck_assert_msg(strcmp(got, rows[_i].want) == 0, "%s (%s): %s, not %s", rows[_i].rule, rows[_i].path, got,
                  rows[_i].want);
    struct policy_verdict tree;
    ck_assert(policy_tree(&ask, m.path, m.n, &tree));
    ck_assert_msg(tree.valid == (strcmp(rows[_i].want, "no") != 0), "%s: the tree says otherwise", rows[_i].rule);
    ck_assert(!tree.valid || strcmp(tree.user, rows[_i].want) == 0 || strcmp(rows[_i].want, "-") == 0);
}
END_TEST

/* ---- the same as RFC 5280's tree ---- */

static unsigned draw(struct test_chance *c, unsigned below)
{
    uint8_t octets[2];
    chance_fill(&c->chance, "test", octets, 2);
    return (octets[0] * 256u + octets[1]) % below;
}

static void random_path(struct test_chance *c, char out[512])
{
    size_t n = 0;
    const unsigned depth = 1 + draw(c, 5), letters = 2 + draw(c, 4);
    for (unsigned i = 0; i < depth; i++) {
        n += (size_t)snprintf(out + n, 512 - n, "%s", i ? " / " : "");
        for (unsigned k = 0; k < letters; k++)
            if (draw(c, 5) > 1)
                n += (size_t)snprintf(out + n, 512 - n, "%c ", 'a' + k);
        if (draw(c, 3) == 0)
            n += (size_t)snprintf(out + n, 512 - n, "* ");
        for (unsigned k = draw(c, 4); k > 0; k--)
            n += (size_t)snprintf(out + n, 512 - n, "%c>%c ", 'a' + draw(c, letters), 'a' + draw(c, letters));
        for (unsigned k = 0; k < 3; k++)
            if (draw(c, 6) == 0)
                n += (size_t)snprintf(out + n, 512 - n, "%c%u ", "emi"[k], draw(c, 3));
        if (draw(c, 5) == 0)
            n += (size_t)snprintf(out + n, 512 - n, "self ");
    }
}

START_TEST(the_same_as_the_tree)
{
    static struct policy_made m;
    static struct x509_policies got;
    static const char *const asks[] = { "", "E", "abE", "cE", "EM", "EA", "bE", "aEMA", "ab*E" };
    struct test_chance c = test_chance(5);
    unsigned valid = 0, invalid = 0;
    for (unsigned i = 0; i < 8000; i++) {
        char path[512], authority[64], user[64];
        struct bytes initial[8];
        random_path(&c, path);
        const struct x509_policy_ask ask = asked(asks[draw(&c, 9)], initial);
        struct policy_verdict tree;
        ck_assert_msg(policy_make(&m, path), "%s", path);
        if (!policy_tree(&ask, m.path, m.n, &tree))
            continue;
        bool fine = x509_policies(&ask, m.path, m.n, &got);
        ck_assert_msg(fine == tree.valid, "%s: the tree says %d", path, tree.valid);
        valid += fine;
        invalid += !fine;
        if (!fine)
            continue;
        policy_letters(got.authority, got.n_authority, got.any, authority);
        policy_letters(got.user, got.n_user, got.user_any, user);
        ck_assert_msg(strcmp(authority, tree.authority) == 0, "%s: %s, tree %s", path, authority, tree.authority);
        ck_assert_msg(strcmp(user, tree.user) == 0, "%s: user %s, tree %s", path, user, tree.user);
    }
    ck_assert_msg(valid > 800 && invalid > 800, "%u valid, %u not: too one-sided to show much", valid, invalid);
}
END_TEST

/* ---- bounds ---- */

/* Two policies, each mapped onto both: the tree has 2^depth nodes at a depth, the graph two (CVE-2023-0464). */
START_TEST(a_graph_does_not_double)
{
    static struct policy_made m;
    static struct x509_policies got;
    char path[512] = "a b a>a a>b b>a b>b";
    for (unsigned n = 1; n <= POLICY_PATH; n++) {
        ck_assert(policy_make(&m, path));
        ck_assert(x509_policies(&(struct x509_policy_ask){ .explicit_policy = true }, m.path, m.n, &got));
        ck_assert_uint_eq(m.n, n);
        ck_assert_uint_eq(got.nodes, 2 * n);
        ck_assert_uint_eq(got.edges, 4 * (n - 1));
        ck_assert_uint_eq(got.n_user, 2);
        strcat(path, " / a b a>a a>b b>a b>b");
    }
}
END_TEST

/* `n` different policies from the number `from` on, as the content of certificatePolicies; or of policyMappings, each
 * mapped onto the one `onto` further. */
static struct bytes many(uint8_t *at, size_t room, unsigned from, unsigned n, bool mappings, unsigned onto)
{
    struct wire_out out = wire_into(at, room);
    for (unsigned i = from; i < from + n; i++) {
        struct put_der one = put_der_open(&out, DER_SEQUENCE);
        for (unsigned k = 0; k <= mappings; k++) {
            const unsigned arc = i + k * onto;
            const uint8_t oid[] = { 0x2a, (uint8_t)(0x80 | arc >> 7), (uint8_t)(arc & 0x7f) };
            put_der_bytes(&out, DER_OID, oid, 3);
        }
        put_der_close(&out, one);
    }
    ck_assert(!out.failed);
    return (struct bytes){ at, wire_written(&out) };
}

START_TEST(a_certificate_with_many)
{
    static uint8_t octets[2][8192];
    static struct policy_made m;
    struct bytes which;
    for (unsigned n = X509_POLICIES - 1; n <= X509_POLICIES + 1; n++)
        for (unsigned mappings = 0; mappings < 2; mappings++) {
            ck_assert(policy_make(&m, "a"));
            *(mappings ? &m.certs[0].policy_mappings : &m.certs[0].policies) =
                many(octets[0], sizeof octets[0], 128, n, mappings, 1);
            ck_assert_int_eq(x509_policy_form(&m.certs[0], &which), n > X509_POLICIES ? POLICY_TOO_MANY : POLICY_FINE);
        }
}
END_TEST

/* As much as each certificate may say, on a path as long as may be: it ends at the limit, and soon. */
START_TEST(a_path_with_many)
{
    static uint8_t octets[2 * POLICY_PATH][8192];
    static struct policy_made m;
    static struct x509_policies got;
    for (unsigned way = 0; way < 3; way++) {           /* the same ones; anyPolicy, which stands for more each time */
        ck_assert(policy_make(&m, "* / * / * / * / * / * / * / * / * / *"));
        for (unsigned i = 0; i < m.n; i++) {
            if (way == 0)
                m.certs[i].policies = many(octets[2 * i], sizeof *octets, 128, X509_POLICIES, false, 0);
            if (way < 2)
                m.certs[i].policy_mappings = many(octets[2 * i + 1], sizeof *octets, 128, X509_POLICIES, true, way);
            else
                m.certs[i].policy_mappings = many(octets[2 * i + 1], sizeof *octets, 128 * (i + 1), X509_POLICIES,
                                                  true, 128);
        }
        const clock_t before = clock();
        for (unsigned k = 0; k < 10; k++)
            ck_assert(!x509_policies(&(struct x509_policy_ask){ .explicit_policy = true }, m.path, m.n, &got));
        ck_assert_int_lt(clock() - before, CLOCKS_PER_SEC / 5);        /* ten of them, with sanitizers, too */
        ck_assert_uint_le(got.nodes, X509_POLICY_NODES);
        ck_assert_uint_le(got.edges, X509_POLICY_EDGES);
        ck_assert_int_eq(got.flaw, POLICY_TOO_MANY);
    }
}
END_TEST

/* ---- certificates that contradict RFC 5280 by themselves ---- */

START_TEST(forms)
{
    static const struct { const char *cert; enum x509_policy_flaw flaw; } ones[] = {
        { "", POLICY_FINE }, { "a b *", POLICY_FINE }, { "a b a", POLICY_TWICE }, { "* a *", POLICY_TWICE },
        { "a a>b a>b", POLICY_FINE }, { "a a>*", POLICY_ANY_MAPPED }, { "a *>a", POLICY_ANY_MAPPED },
        { "*>*", POLICY_ANY_MAPPED },
    };
    static struct policy_made m;
    struct bytes which;
    for (size_t i = 0; i < sizeof ones / sizeof *ones; i++) {
        ck_assert(policy_make(&m, ones[i].cert));
        ck_assert_msg(x509_policy_form(&m.certs[0], &which) == ones[i].flaw, "%s", ones[i].cert);
    }
}
END_TEST

/* ---- what is said of a chain ---- */

static const struct {
    const char *intermediate, *leaf, *initial;         /* policies */
    bool explicit_policy; const char *id, *expected, *found;
} chains[] = {
    { "1.2.1", "1.2.1", NULL, true, "", "", "" },
    { "1.2.1", "1.2.1", "1.2.1", true, "", "", "" },
    { "1.2.1", "1.2.2", NULL, false, "", "", "" },
    { "1.2.1", "1.2.2", "1.2.1", false, "", "", "" },
    { "1.2.1", "1.2.2", NULL, true, "x509.policy", "the policy 1.2.1",
      "none: CN=www.example.test names 1.2.2" },
    { "1.2.1", "1.2.1", "2.23.140.1.2.1", true, "x509.policy", "the policy domain-validated",
      "it is valid under 1.2.1" },
    { NULL, "1.2.1", NULL, true, "x509.policy", "a policy that holds from the root to the leaf",
      "none: CN=Intermediate names none" },
    { "1.2.1", NULL, NULL, true, "x509.policy", "the policy 1.2.1", "none: CN=www.example.test names none" },
    { "2.5.29.32.0", "1.2.2", "1.2.1", true, "x509.policy", "the policy 1.2.1", "it is valid under 1.2.2" },
};

START_TEST(said_of_chains)
{
    for (size_t i = 0; i < sizeof chains / sizeof *chains; i++) {
        struct test_chain *c = test_chain_new();
        uint8_t octets[X509_POLICY_OID];
        struct bytes initial;
        c->intermediate.issue.policies = &chains[i].intermediate;
        c->intermediate.issue.n_policies = chains[i].intermediate != NULL;
        c->leaf.issue.policies = &chains[i].leaf;
        c->leaf.issue.n_policies = chains[i].leaf != NULL;
        test_issue_all(c);
        c->ask.policy.explicit_policy = chains[i].explicit_policy;
        if (chains[i].initial) {
            ck_assert(x509_policy_oid(chains[i].initial, octets, &initial));
            c->ask.policy.initial = &initial;
            c->ask.policy.n = 1;
        }
        ck_assert_str_eq(test_judge(c), chains[i].id);
        ck_assert_str_eq(c->why.expected, chains[i].expected);
        ck_assert_str_eq(c->why.came, chains[i].found);
        test_chain_free(c);
    }
}
END_TEST

/* A CA that wants a policy below it is obeyed though nobody else asks; an anchor's own policies bind nobody. */
START_TEST(asked_for_by_certificates)
{
    static const char *const a = "1.2.1", *const b = "1.2.2";
    for (unsigned by_root = 0; by_root < 2; by_root++) {
        struct test_chain *c = test_chain_new();
        struct test_cert *who = by_root ? &c->root : &c->intermediate;
        who->issue.policies = &a;
        c->leaf.issue.policies = &b;
        who->issue.n_policies = c->leaf.issue.n_policies = 1;
        who->issue.require_explicit.said = true;
        test_issue_all(c);
        ck_assert_str_eq(test_judge(c), by_root ? "" : "x509.policy");
        test_chain_free(c);
    }
}
END_TEST

START_TEST(malformed_in_a_chain)
{
    static const char *const twice[] = { "1.2.1", "1.2.1" };
    static const struct x509_mapping to_any = { "1.2.1", "2.5.29.32.0" };
    for (unsigned by = 0; by < 4; by++) {
        struct test_chain *c = test_chain_new();
        struct test_cert *who = by & 1 ? &c->leaf : &c->intermediate;
        who->issue.policies = twice;
        who->issue.n_policies = by & 2 ? 1 : 2;
        who->issue.mappings = &to_any;
        who->issue.n_mappings = by & 2 ? 1 : 0;
        test_issue_all(c);
        ck_assert_str_eq(test_judge(c), by & 2 ? "x509.policy_mapping" : "x509.policy_twice");
        ck_assert_ptr_nonnull(strstr(c->why.about, by & 1 ? "leaf" : "intermediate"));
        test_chain_free(c);
    }
}
END_TEST

/* ---- a policy by its numbers ---- */

START_TEST(policies_by_numbers)
{
    static const struct { const char *dotted, *hex; } ones[] = {
        { "1.2", "2a" }, { "0.0", "00" }, { "2.999", "8837" }, { "2.5.29.32.0", "551d2000" },
        { "1.39.0", "4f00" }, { "2.16.840.1.101.3.2.1.48.1", "60864801650302013001" },
        { "1.2.127.128", "2a7f8100" }, { "1.2.9223372036854775807", "2affffffffffffffff7f" },
    };
    static const char *const bad[] = { "", "1", "1.", "1.2.", ".1.2", "1..2", "3.1", "1.40", "0.40", "1.2.03", "1.2 ",
                                       " 1.2", "1.2.-3", "1.2.x", "anyPolicy", "1.2.9223372036854775808",
                                       "1.2.99999999999999999999999999", "2.9223372036854775800" };
    uint8_t octets[X509_POLICY_OID];
    struct bytes oid;
    char text[512] = "1.2";
    for (size_t i = 0; i < sizeof ones / sizeof *ones; i++) {
        ck_assert_msg(x509_policy_oid(ones[i].dotted, octets, &oid), "%s", ones[i].dotted);
        check_is_hex(oid.at, oid.n, ones[i].hex);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(!x509_policy_oid(bad[i], octets, &oid), "%s", bad[i]);
    for (unsigned i = 1; i < X509_POLICY_OID; i++)
        strcat(text, ".1");
    ck_assert(x509_policy_oid(text, octets, &oid) && oid.n == X509_POLICY_OID);
    strcat(text, ".1");
    ck_assert(!x509_policy_oid(text, octets, &oid));
}
END_TEST

int main(void)
{
    return check_run_rows("policy", rules, ROWS, (const TTest *[]){
        the_same_as_the_tree, a_graph_does_not_double, a_certificate_with_many, a_path_with_many, forms, said_of_chains,
        asked_for_by_certificates, malformed_in_a_chain, policies_by_numbers, NULL });
}
