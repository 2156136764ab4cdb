/* Certificate policies: RFC 5280's rules one by one, by paths of a few words (tests/lib/policy_made.h); the graph of
 * RFC 9618 against RFC 5280's tree; its bounds; and what is said of a chain. */
#include "tests/lib/certs.h"
#include "tests/lib/chance.h"
#include "tests/lib/check.h"
#include "tests/lib/policy_made.h"

#include <stdio.h>
#include <string.h>

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

int main(void)
{
    return check_run_rows("policy", rules, ROWS, (const TTest *[]){ the_same_as_the_tree, NULL });
}
