/* The judgement of a chain: what is accepted, though it is not quite as usual. */
#include "tests/lib/certs.h"
#include "tests/lib/check.h"

#include <string.h>

static void at_the_first_second(struct test_chain *c) { c->ask.at = c->leaf.issue.not_before; }
static void at_the_last_second(struct test_chain *c)  { c->ask.at = c->leaf.issue.not_after + SECOND - 1; }
static void no_host_asked(struct test_chain *c)       { c->ask.host = NULL; }
static void nothing_but_a_name(struct test_chain *c)
{
    c->leaf.issue.usage = 0;
    c->leaf.issue.server_auth = false;
    test_issue(&c->leaf);
}

static void leaf_is_an_anchor(struct test_chain *c)
{
    test_leaf_signs_itself(c);
    test_trust(c, &c->leaf);
    test_send(c, &c->leaf);
}

static void intermediate_is_an_anchor(struct test_chain *c)
{
    test_trust(c, &c->intermediate);
    test_send(c, &c->leaf);
}

static void garbage_beside(struct test_chain *c)
{
    test_send(c, &c->leaf);
    c->sent[c->n_sent++] = (struct der){ .at = (const uint8_t *)"garbage", .n = 7 };
    test_send(c, &c->intermediate);
}

/* The same intermediate twice, once expired: the other is found. And a root of the same name with another
 * key. */
static void second_try(struct test_chain *c)
{
    static struct test_cert old, namesake;
    namesake.issue = c->root.issue;
    namesake.issue.signer = &classroom_p256_keys[CLASSROOM_LEAF];
    namesake.issue.key = &classroom_p256_keys[CLASSROOM_LEAF].pub;
    test_issue(&namesake);
    old.issue = c->intermediate.issue;
    old.issue.not_after = TEST_NOW - SECOND;
    test_issue(&old);
    test_trust(c, &namesake);
    test_trust(c, &c->root);
    test_send(c, &c->leaf);
    test_send(c, &old);
    test_send(c, &c->intermediate);
}

static void root_without_extensions(struct test_chain *c)          /* version 1, as some roots are */
{
    struct wire_in in = wire_over(c->root.der, c->root.n, NULL),
        cert = der_open(&in, "certificate", DER_SEQUENCE);
    struct wire_in tbs = der_open(&cert, "tbs_certificate", DER_SEQUENCE);
    der_skip(&tbs, "version", NULL);
    const uint8_t *from = tbs.at;
    for (int i = 0; i < 6; i++)
        der_skip(&tbs, "field", NULL);
    uint8_t room[TEST_CERT_MAX];
    struct wire_out out = wire_into(room, sizeof room);
    put_der_bytes(&out, DER_SEQUENCE, from, (size_t)(tbs.at - from));
    struct bytes short_tbs = { room, wire_written(&out) };
    struct test_chance chance = test_chance(3);
    c->root.n = x509_sign(&short_tbs, &classroom_p256_keys[CLASSROOM_ROOT], &chance.chance, c->root.der,
                          sizeof c->root.der);
}

static void just_enough_path(struct test_chain *c)
{
    c->root.issue.path_len = 1;
    c->intermediate.issue.path_len = 0;
    test_issue_all(c);
}

static void self_issued_does_not_count(struct test_chain *c)  /* root renews its name: same name, other key */
{
    static struct test_cert renewed;
    c->root.issue.path_len = 1;
    test_issue_all(c);
    renewed.issue = c->root.issue;
    renewed.issue.issuer = &c->root.cert;
    renewed.issue.key = &classroom_p256_keys[CLASSROOM_LEAF].pub;
    renewed.issue.path_len = -1;
    test_issue(&renewed);
    c->intermediate.issue.signer = &classroom_p256_keys[CLASSROOM_LEAF];
    test_issue(&c->intermediate);
    test_issue(&c->leaf);
    test_send(c, &c->leaf);
    test_send(c, &c->intermediate);
    test_send(c, &renewed);
}

static void within_constraints(struct test_chain *c)
{
    c->root.issue.permitted_dns = "test";
    c->root.issue.exclude_all_ip = true;
    c->intermediate.issue.permitted_dns = "example.test";
    test_issue_all(c);
}

static void address_asked_and_there(struct test_chain *c)
{
    static const uint8_t octets[] = { 192, 0, 2, 1 };
    static const struct bytes ip = { octets, 4 };
    c->leaf.issue.ips = &ip;
    c->leaf.issue.n_ips = 1;
    c->ask.ip = ip;
    test_issue(&c->leaf);
}

static void issuer_spelt_otherwise(struct test_chain *c)           /* §7.1: case and spaces do not count */
{
    c->root.issue.subject_cn = "The  ROOT ";
    test_issue_all(c);
    struct test_cert small_letters = c->root;
    small_letters.issue.subject_cn = "the root";
    test_issue(&small_letters);
    c->root = small_letters;
}

static void all_of_rsa(struct test_chain *c)
{
    c->root.issue.signer = c->intermediate.issue.signer = &classroom_rsa_keys[CLASSROOM_ROOT];
    c->root.issue.key = &classroom_rsa_keys[CLASSROOM_ROOT].pub;
    c->intermediate.issue.key = &classroom_rsa_keys[CLASSROOM_INTERMEDIATE].pub;
    c->leaf.issue.signer = &classroom_rsa_keys[CLASSROOM_INTERMEDIATE];
    c->leaf.issue.key = &classroom_rsa_keys[CLASSROOM_LEAF].pub;
    test_issue_all(c);
}

static void serial_of_20_octets(struct test_chain *c)
{
    memset(c->leaf.issue.serial, 0x7f, 20);
    c->leaf.issue.serial_n = 20;
    test_issue(&c->leaf);
}

static void no_end_of_time(struct test_chain *c)
{
    c->leaf.issue.not_after = DER_TIME_MAX;
    test_issue(&c->leaf);
}

static void (*const accepted[])(struct test_chain *) = {
    at_the_first_second, at_the_last_second, no_host_asked, nothing_but_a_name, leaf_is_an_anchor,
    intermediate_is_an_anchor, test_send_out_of_order, garbage_beside, second_try, root_without_extensions,
    just_enough_path, self_issued_does_not_count, within_constraints, address_asked_and_there,
    issuer_spelt_otherwise, all_of_rsa, serial_of_20_octets, no_end_of_time,
};

START_TEST(what_is_right_is_accepted)
{
    struct test_chain *c = test_chain_new();
    accepted[_i](c);
    const char *id = test_judge(c);
    ck_assert_msg(*id == 0, "row %d: %s (%s: %s)", _i, id, c->why.about, c->why.came);
    ck_assert_int_ne(c->key.kind, KEY_NONE);
    test_chain_free(c);
}
END_TEST

START_TEST(an_anchor_is_judged_too)
{
    struct test_chain *c = test_chain_new();
    leaf_is_an_anchor(c);
    c->ask.host = "other.test";
    ck_assert_str_eq(test_judge(c), "x509.wrong_name");
    c->ask.host = "www.example.test";
    c->ask.at = c->leaf.issue.not_after + SECOND;
    ck_assert_str_eq(test_judge(c), "x509.expired");
    ck_assert_int_eq(c->key.kind, KEY_P256);                       /* for who wants it all the same */
    test_chain_free(c);
}
END_TEST

int main(void)
{
    return check_run_rows("verify_accepts", what_is_right_is_accepted, sizeof accepted / sizeof *accepted,
                          (const TTest *[]){ an_anchor_is_judged_too, NULL });
}
