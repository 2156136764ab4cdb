/* NIST PKITS, the Public Key Interoperability Test Suite (tests/vectors/pkits): every test of its sections 4.1 to 4.16
 * with all its settings, and for each path that must not hold the ground that is ours. Where our verdict is another than
 * NIST's, the table shows it and docs/conformance.md says why. */
#include "tests/lib/certs.h"
#include "tests/lib/check.h"
#include "tests/lib/vectors.h"
#include "tls/x509/crl.h"
#include "tls/x509/policy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER "tests/vectors/pkits/"
enum { FILES = 512, PATH = 8, SECTIONS = 16 };
#define WHEN (INT64_C(1302825600) * SECOND)            /* 2011-04-15: it was published */

/* A file of elements in DER, one behind the other, and their names. */
struct shelf { char *octets, *names; const char *name[FILES]; struct der der[FILES]; size_t n; };
static struct shelf certs, crls;
static struct x509_store everybody;                   /* whoever can be read */

static void open_shelf(struct shelf *s, const char *der, const char *txt)
{
    size_t size, n;
    *s = (struct shelf){ .octets = test_file(der, &size), .names = test_file(txt, &n) };
    struct wire_in in = wire_over(s->octets, size, NULL);
    for (char *at = s->names; *at; s->n++) {
        const uint8_t *start = in.at;
        ck_assert_uint_lt(s->n, FILES);
        s->name[s->n] = at;
        at += strcspn(at, "\n");
        *at++ = 0;
        der_skip(&in, "element", NULL);
        ck_assert_msg(!in.failed, "%s: cut", s->name[s->n]);
        s->der[s->n] = (struct der){ .at = start, .n = (size_t)(in.at - start) };
    }
    ck_assert(in.at == in.end);
}

static void close_shelf(struct shelf *s)
{
    free(s->octets);
    free(s->names);
}

/* What the first name of a list is of; the list goes on behind it. */
static struct der take_name(const struct shelf *s, const char **list)
{
    size_t n = strcspn(*list, ","), i = 0;
    while (i < s->n && (strlen(s->name[i]) != n || strncmp(s->name[i], *list, n) != 0))
        i++;
    ck_assert_msg(i < s->n, "no such file: %s", *list);
    *list += n + ((*list)[n] == ',');
    return s->der[i];
}

/* ---- a test ---- */

struct test {
    struct der path[PATH]; size_t n;                   /* anchor first, leaf last */
    uint8_t oids[4][X509_POLICY_OID];
    struct bytes initial[4];
    struct x509_crl lists[PATH];
    struct x509_ask ask;
};

static size_t read_policies(const char *list, uint8_t oids[4][X509_POLICY_OID], struct bytes out[4])
{
    size_t n = 0;
    for (const char *at = list; *at && *at != '-'; at += at[1] ? 2 : 1) {
        char dotted[64] = "2.5.29.32.0";
        ck_assert_uint_lt(n, 4);
        if (*at != '*')
            snprintf(dotted, sizeof dotted, "2.16.840.1.101.3.2.1.48.%c", *at);
        ck_assert(x509_policy_oid(dotted, oids[n], &out[n]));
        n++;
    }
    return n;
}

static void read_test(const struct vectors *v, struct test *t)
{
    const char *path = vectors_word(v, "path"), *flags = vectors_word(v, "flags"), *lists = vectors_word(v, "crls");
    for (t->n = 0; *path; t->n++) {
        ck_assert_uint_lt(t->n, PATH);
        t->path[t->n] = take_name(&certs, &path);
    }
    t->ask = (struct x509_ask){ .at = WHEN, .profile = X509_PKIX, .crls = t->lists, .need_status = true };
    while (*lists) {
        struct der der = take_name(&crls, &lists);
        ck_assert_uint_lt(t->ask.n_crls, PATH);
        t->ask.n_crls += x509_read_crl(&der, NULL, &t->lists[t->ask.n_crls], NULL);
    }
    t->ask.policy = (struct x509_policy_ask){
        .initial = t->initial, .n = read_policies(vectors_word(v, "initial"), t->oids, t->initial),
        .explicit_policy = strchr(flags, 'E'), .inhibit_mapping = strchr(flags, 'M'),
        .inhibit_any = strchr(flags, 'A'),
    };
}

/* ---- the verdict ---- */

/* What stands between anchor and leaf: sent behind it, from the leaf up or from the anchor down; not sent, but at hand;
 * or at hand among all others of the suite, which has some hundred CAs, some under one name. */
enum way { UP, DOWN, AT_HAND, AMONG_ALL, WAYS };

/* "-", or the id of the ground. */
static const char *judge(struct test *t, enum way way)
{
    struct fault why = { 0 };
    struct x509_store trust = { 0 }, untrusted = { 0 };
    struct der sent[PATH] = { t->path[t->n - 1] };
    struct public_key key;
    bool all_read = true;
    for (size_t i = 1; i + 1 < t->n; i++) {
        sent[way == DOWN ? i : t->n - 1 - i] = t->path[i];
        all_read &= x509_store_add(&untrusted, &t->path[i], NULL);
    }
    ck_assert(x509_store_add(&trust, &t->path[0], &why));
    t->ask.trust = &trust;
    t->ask.untrusted = way == AMONG_ALL ? &everybody : &untrusted;
    bool fine = x509_verify_chain(&t->ask, &(struct voice){ 0 }, sent, way < AT_HAND ? t->n - 1 : 1, &key, &why);
    x509_store_free(&trust);
    x509_store_free(&untrusted);
    ck_assert_int_eq(fine, why.ground == NULL);
    if (way >= AT_HAND && !all_read && !fine && strcmp(why.ground->id, "x509.missing_intermediate") == 0)
        return "x509.der";                             /* what nobody can read is not at hand */
    return fine ? "-" : why.ground->id;
}

static bool same_set(const struct x509_policies *got, const struct bytes *want, size_t n)
{
    size_t found = 0;
    for (size_t i = 0; i < n; i++) {
        bool any = want[i].n == 4, is = any && got->user_any;      /* 2.5.29.32.0 */
        for (size_t k = 0; k < got->n_user; k++)
            is |= got->user[k].n == want[i].n && memcmp(got->user[k].at, want[i].at, want[i].n) == 0;
        found += is;
    }
    return found == n && got->n_user + got->user_any == n;
}

/* Of a path that holds, where it is no more than a path: the policies that come out (RFC 5280 §6.1.6). */
static bool policies_fit(const struct vectors *v, const struct test *t)
{
    static struct x509_cert read[PATH];
    static struct x509_policies got;
    const struct x509_cert *path[PATH];
    uint8_t oids[4][X509_POLICY_OID];
    struct bytes want[4];
    const size_t n = read_policies(vectors_word(v, "policies"), oids, want);
    for (size_t i = 0; i < t->n; i++) {
        if (!x509_read_cert(&t->path[i], NULL, &read[i], NULL))
            return true;
        path[t->n - 1 - i] = &read[i];
        if (i > 0 && !x509_name_same(&read[i].issuer, &read[i - 1].subject))
            return true;
    }
    return x509_policies(&t->ask.policy, path, t->n - 1, &got) && same_set(&got, want, n);
}

START_TEST(section)
{
    struct vectors v;
    struct test t;
    unsigned tests = 0, wrong = 0;
    open_shelf(&certs, FOLDER "certificates.der", FOLDER "certificates.txt");
    open_shelf(&crls, FOLDER "crls.der", FOLDER "crls.txt");
    for (size_t i = 0; i < certs.n; i++)
        x509_store_add(&everybody, &certs.der[i], NULL);
    vectors_open(&v, FOLDER "tests.txt");
    while (vectors_next(&v)) {
        if (atoi(vectors_word(&v, "test") + 2) != _i + 1)
            continue;
        tests++;
        read_test(&v, &t);
        for (enum way way = UP; way < WAYS; way++) {
            const char *id = judge(&t, way);
            bool fine = vectors_is(&v, "ground", id)
                && (vectors_is(&v, "expected", "invalid") || policies_fit(&v, &t));
            wrong += !fine;
            if (!fine)
                fprintf(stderr, "%s %s, way %u: %s\n", vectors_word(&v, "test"), vectors_word(&v, "name"), way, id);
        }
    }
    x509_store_free(&everybody);
    close_shelf(&certs);
    close_shelf(&crls);
    ck_assert_uint_gt(tests, 0);
    ck_assert_msg(wrong == 0, "section 4.%d: %u of %u not as the table has them", _i + 1, wrong, WAYS * tests);
}
END_TEST

/* Nothing that must not hold is accepted; and of all, at most 5 in 100 are decided otherwise than NIST does. */
START_TEST(the_table)
{
    struct vectors v;
    unsigned tests = 0, other = 0;
    vectors_open(&v, FOLDER "tests.txt");
    while (vectors_next(&v)) {
        bool accepted = vectors_is(&v, "ground", "-"), valid = vectors_is(&v, "expected", "valid");
        tests++;
        other += accepted != valid;
        ck_assert_msg(valid || !accepted, "%s is accepted", vectors_word(&v, "test"));
    }
    ck_assert_uint_eq(tests, 249);
    ck_assert_msg(20 * other <= tests, "%u of %u", other, tests);
}
END_TEST

int main(void)
{
    return check_run_rows("pkits", section, SECTIONS, (const TTest *[]){ the_table, NULL });
}
