/* The judgement of a chain: every ground on which it refuses, shown by spoiling one thing in a chain that is
 * accepted. */
#include "tests/lib/certs.h"
#include "tests/lib/check.h"

#include <string.h>

/* ---- one thing spoiled ---- */

static void expire(struct test_cert *t) { t->issue.not_after = TEST_NOW - SECOND; }
static void postpone(struct test_cert *t) { t->issue.not_before = TEST_NOW + SECOND; }

static void leaf_expired(struct test_chain *c)         { expire(&c->leaf); test_issue_all(c); }
static void intermediate_expired(struct test_chain *c) { expire(&c->intermediate); test_issue_all(c); }
static void root_expired(struct test_chain *c)         { expire(&c->root); test_issue_all(c); }
static void leaf_early(struct test_chain *c)           { postpone(&c->leaf); test_issue_all(c); }
static void intermediate_early(struct test_chain *c)   { postpone(&c->intermediate); test_issue_all(c); }

static void other_root_trusted(struct test_chain *c)
{
    static struct test_cert other;
    other.issue = c->root.issue;
    other.issue.subject_cn = "Another Root";
    test_issue(&other);
    test_trust(c, &other);
}

static void other_root_trusted_and_root_sent(struct test_chain *c)
{
    other_root_trusted(c);
    test_send(c, &c->leaf);
    test_send(c, &c->intermediate);
    test_send(c, &c->root);
}

static void only_leaf_sent(struct test_chain *c)       { test_send(c, &c->leaf); }

static void two_names_in_a_circle(struct test_chain *c)
{
    static struct test_cert up, down;
    up.issue = down.issue = c->intermediate.issue;
    up.issue.subject_cn = "Up";
    down.issue.subject_cn = "Down";
    up.issue.signer = down.issue.signer = &classroom_p256_keys[CLASSROOM_INTERMEDIATE];
    test_issue(&up);
    down.issue.issuer = &up.cert;
    test_issue(&down);
    up.issue.issuer = &down.cert;
    test_issue(&up);
    c->leaf.issue.issuer = &up.cert;
    test_issue(&c->leaf);
    test_send(c, &c->leaf);
    test_send(c, &up);
    test_send(c, &down);
}

static void other_host(struct test_chain *c)           { c->ask.host = "www.bank.test"; }
static void asked_for_an_address(struct test_chain *c)
{
    static const uint8_t ip[] = { 192, 0, 2, 1 };
    c->ask.ip = (struct bytes){ ip, 4 };
}
static void name_in_cn_only(struct test_chain *c)      { c->leaf.issue.n_dns = 0; test_issue(&c->leaf); }

static void leaf_signed_by_another(struct test_chain *c)         { test_resign(&c->leaf, CLASSROOM_LEAF); }
static void intermediate_signed_by_another(struct test_chain *c)
{
    test_resign(&c->intermediate, CLASSROOM_LEAF);
}
static void leaf_changed(struct test_chain *c)
{
    test_replace(&c->leaf, "03 02 07 80", "03 02 05 a0");
}
static void signature_changed(struct test_chain *c)              { c->leaf.der[c->leaf.n - 1] ^= 1; }

static void signed_by_another_kind(struct test_chain *c)
{
    static struct public_key rsa;
    rsa = classroom_rsa_keys[CLASSROOM_INTERMEDIATE].pub;
    c->intermediate.issue.key = &rsa;
    test_issue_all(c);
}

static void intermediate_is_no_ca(struct test_chain *c)
{
    c->intermediate.issue.ca = false;
    test_issue_all(c);
}

static void root_is_no_ca(struct test_chain *c)        { c->root.issue.ca = false; test_issue_all(c); }

static void no_basic_constraints(struct test_chain *c)             /* another extension in its place */
{
    test_replace(&c->intermediate, "06 03 55 1d 13 01 01 ff 04 05 30 03 01 01 ff",
                 "06 03 55 1d 40 04 08 30 06 01 01 ff 01 01 ff");
    test_resign(&c->intermediate, CLASSROOM_ROOT);
}

static void root_allows_no_intermediate(struct test_chain *c)
{
    c->root.issue.path_len = 0;
    test_issue_all(c);
}

static void intermediate_may_not_sign(struct test_chain *c)
{
    c->intermediate.issue.usage = X509_DIGITAL_SIGNATURE | X509_CRL_SIGN;
    test_issue_all(c);
}

static void root_may_not_sign(struct test_chain *c)
{
    c->root.issue.usage = X509_CRL_SIGN;
    test_issue_all(c);
}
static void leaf_may_not_sign(struct test_chain *c)
{
    c->leaf.issue.usage = X509_KEY_ENCIPHERMENT;
    test_issue(&c->leaf);
}
static void leaf_may_not_encrypt(struct test_chain *c) { c->ask.key_usage = X509_KEY_ENCIPHERMENT; }

static void leaf_for_clients(struct test_chain *c)
{
    test_replace(&c->leaf, "2b 06 01 05 05 07 03 01", "2b 06 01 05 05 07 03 02");
    test_resign(&c->leaf, CLASSROOM_INTERMEDIATE);
}

static void leaf_for_anything(struct test_chain *c)                /* anyExtendedKeyUsage is not serverAuth */
{
    test_replace(&c->leaf, "30 0a 06 08 2b 06 01 05 05 07 03 01", "30 0a 06 04 55 1d 25 00 06 02 55 01");
    test_resign(&c->leaf, CLASSROOM_INTERMEDIATE);
}

static void intermediate_for_clients(struct test_chain *c)
{
    c->intermediate.issue.server_auth = true;
    test_issue_all(c);
    test_replace(&c->intermediate, "2b 06 01 05 05 07 03 01", "2b 06 01 05 05 07 03 02");
    test_resign(&c->intermediate, CLASSROOM_ROOT);
}

static void client_asked_for(struct test_chain *c)     { c->ask.purpose = X509_CLIENT; }

static void outside_the_root(struct test_chain *c)
{
    c->root.issue.permitted_dns = "example.com";
    test_issue_all(c);
}
static void outside_the_intermediate(struct test_chain *c)
{
    c->intermediate.issue.permitted_dns = "com";
    test_issue_all(c);
}

static void second_name_outside(struct test_chain *c)
{
    static const char *const names[] = { "www.example.test", "www.bank.com" };
    c->root.issue.permitted_dns = "test";
    c->leaf.issue.dns = names;
    c->leaf.issue.n_dns = 2;
    test_issue_all(c);
}

static void excluded_address(struct test_chain *c)
{
    static const uint8_t octets[] = { 192, 0, 2, 1 };
    static const struct bytes ip = { octets, 4 };
    c->root.issue.permitted_dns = "test";                          /* says nothing about addresses ... */
    c->root.issue.exclude_all_ip = true;                           /* ... but this does */
    c->leaf.issue.ips = &ip;
    c->leaf.issue.n_ips = 1;
    c->leaf.issue.n_dns = 0;
    c->ask.host = NULL;
    c->ask.ip = ip;
    test_issue_all(c);
}

static void intermediate_named_outside(struct test_chain *c)
{
    static const char *const bank = "www.bank.com";
    c->root.issue.permitted_dns = "test";
    c->intermediate.issue.dns = &bank;
    c->intermediate.issue.n_dns = 1;
    test_issue_all(c);
}

static void leaf_with_constraints(struct test_chain *c)
{
    c->leaf.issue.permitted_dns = "test";
    test_issue(&c->leaf);
}

static void leaf_critical_unknown(struct test_chain *c)
{
    test_replace(&c->leaf, "06 03 55 1d 0f 01 01 ff", "06 03 55 1d 63 01 01 ff");
    test_resign(&c->leaf, CLASSROOM_INTERMEDIATE);
}

static void root_critical_unknown(struct test_chain *c)
{
    test_replace(&c->root, "06 03 55 1d 0f 01 01 ff", "06 03 55 1d 63 01 01 ff");
    test_resign(&c->root, CLASSROOM_ROOT);
}

/* Its private half is part of the program: anybody can sign with it. */
static void outside_the_classroom(struct test_chain *c) { c->ask.classroom = false; }

static void leaf_key_of_the_classroom(struct test_chain *c)
{
    static struct private_key own;
    struct test_chance chance = test_chance(4);
    own.pub.kind = KEY_P256;
    key_make(&own, KEY_P256, &chance.chance, "test", NULL);
    c->root.issue.signer = c->intermediate.issue.signer = c->leaf.issue.signer = &own;
    c->root.issue.key = &own.pub;
    c->intermediate.issue.key = &own.pub;
    test_issue_all(c);
    c->ask.classroom = false;
}

static struct public_key small;
static const struct public_key *small_key(void)
{
    small = (struct public_key){ .kind = KEY_RSA, .u.rsa = { .n_size = 255, .e = { 1, 0, 1 }, .e_size = 3 } };
    memset(small.u.rsa.n, 0xc5, 255);
    return &small;
}

static void leaf_key_small(struct test_chain *c)
{
    c->leaf.issue.key = small_key();
    test_issue(&c->leaf);
}

static void leaf_key_a_bit_short(struct test_chain *c)
{
    c->leaf.issue.key = small_key();
    small.u.rsa.n_size = 256;
    small.u.rsa.n[255] = 0xc5;
    small.u.rsa.n[0] = 0x7f;                                       /* 2047 bits */
    test_issue(&c->leaf);
}

static void leaf_key_not_on_curve(struct test_chain *c)
{
    static struct public_key off;
    off = *c->leaf.issue.key;
    off.u.ec[64] ^= 1;
    c->leaf.issue.key = &off;
    test_issue(&c->leaf);
}

static void inner_algorithm_differs(struct test_chain *c)
{
    test_replace(&c->leaf, "ce 3d 04 03 02 30", "ce 3d 04 03 03 30");
    test_resign(&c->leaf, CLASSROOM_INTERMEDIATE);
}

static void root_algorithm_differs(struct test_chain *c)
{
    test_replace(&c->root, "ce 3d 04 03 02 30", "ce 3d 04 03 03 30");
    test_resign(&c->root, CLASSROOM_ROOT);
}

static void algorithm_not_known(struct test_chain *c)
{
    test_replace_all(&c->leaf, "ce 3d 04 03 02", "ce 3d 04 03 01");
}

static void version_2_with_extensions(struct test_chain *c)
{
    test_replace(&c->leaf, "a0 03 02 01 02", "a0 03 02 01 01");
    test_resign(&c->leaf, CLASSROOM_INTERMEDIATE);
}

static void version_4(struct test_chain *c)
{
    test_replace(&c->leaf, "a0 03 02 01 02", "a0 03 02 01 03");
    test_resign(&c->leaf, CLASSROOM_INTERMEDIATE);
}

/* An anchor that does not name its issuer; its own signature nobody asks for. */
static void no_name_of_an_issuer(struct test_chain *c)
{
    c->root.issue.subject_cn = c->root.issue.subject_o = NULL;
    test_issue_all(c);
    test_trust(c, &c->intermediate);
    test_send(c, &c->leaf);
}

static void serial_zero(struct test_chain *c)
{
    c->leaf.issue.serial[0] = c->leaf.issue.serial[1] = 0;
    test_issue(&c->leaf);
}

static void serial_negative(struct test_chain *c)
{
    test_replace(&c->leaf, "a0 03 02 01 02 02 02 01", "a0 03 02 01 02 02 02 81");
    test_resign(&c->leaf, CLASSROOM_INTERMEDIATE);
}

static void serial_long(struct test_chain *c)
{
    memset(c->leaf.issue.serial, 0x80, 20);
    c->leaf.issue.serial_n = 20;
    test_issue(&c->leaf);
}

static void leaf_cut(struct test_chain *c)
{
    c->leaf.n--;
    test_send(c, &c->leaf);
    test_send(c, &c->intermediate);
}

static void leaf_followed(struct test_chain *c)
{
    c->leaf.der[c->leaf.n++] = 0;
    test_send(c, &c->leaf);
    test_send(c, &c->intermediate);
}

static void intermediate_garbled(struct test_chain *c)  { c->intermediate.der[4] ^= 1; }

static void critical_said_false(struct test_chain *c)              /* a default, written */
{
    test_replace(&c->leaf, "06 03 55 1d 0f 01 01 ff", "06 03 55 1d 0f 01 01 00");
    test_resign(&c->leaf, CLASSROOM_INTERMEDIATE);
}

static void extension_twice(struct test_chain *c)
{
    test_replace(&c->leaf, "06 03 55 1d 0e", "06 03 55 1d 23");
    test_resign(&c->leaf, CLASSROOM_INTERMEDIATE);
}

static void nothing_sent(struct test_chain *c)
{
    test_trust(c, &c->root);
    c->n_sent = 0;
    struct voice silence = { 0 };
    ck_assert(!x509_verify_chain(&c->ask, &silence, c->sent, 0, &c->key, &c->why));
    ck_assert_str_eq(c->why.ground->id, "x509.empty_chain");
    c->sent[c->n_sent++] = (struct der){ .at = c->leaf.der, .n = 0 };      /* and one of no octets */
}

static void too_many_sent(struct test_chain *c)
{
    test_send(c, &c->leaf);
    for (unsigned i = 0; i < X509_CHAIN_MAX; i++)
        test_send(c, &c->intermediate);
}

static const struct spoiled { const char *id, *about, *came; void (*spoil)(struct test_chain *); } table[] = {
    { "x509.expired",              "leaf CN=www.example.test", "valid until 2026-09-21 14:13:19 UTC",
      leaf_expired },
    { "x509.expired",              "intermediate CN=Intermediate", "valid until 2026-09-21 14:13:19 UTC",
      intermediate_expired },
    { "x509.expired",              "root CN=Root", NULL, root_expired },
    { "x509.not_yet_valid",        "leaf", "valid from 2026-09-21 14:13:21 UTC", leaf_early },
    { "x509.not_yet_valid",        "intermediate", NULL, intermediate_early },
    { "x509.unknown_root",         "intermediate CN=Intermediate", "it ends at CN=Root, O=Tests",
      other_root_trusted },
    { "x509.unknown_root",         "root CN=Root", "it ends at CN=Root, O=Tests",
      other_root_trusted_and_root_sent },
    { "x509.unknown_root",         "intermediate CN=Down", NULL, two_names_in_a_circle },
    { "x509.missing_intermediate", "leaf", "CN=Intermediate, O=Tests is neither", only_leaf_sent },
    { "x509.self_signed",          "leaf", "it vouches for itself: issued by CN=www.example.test, O=Tests",
      test_leaf_signs_itself },
    { "x509.wrong_name",           "leaf", "www.example.test", other_host },
    { "x509.wrong_name",           "leaf", "www.example.test", asked_for_an_address },
    { "x509.wrong_name",           "leaf", "no subjectAltName (a name in its subject does not count)",
      name_in_cn_only },
    { "x509.bad_signature",        "leaf", NULL, leaf_signed_by_another },
    { "x509.bad_signature",        "intermediate", NULL, intermediate_signed_by_another },
    { "x509.bad_signature",        "leaf", NULL, leaf_changed },
    { "x509.bad_signature",        "leaf", NULL, signature_changed },
    { "x509.bad_signature",        "leaf", "the signature does not fit: made by another kind of key",
      signed_by_another_kind },
    { "x509.not_ca",               "intermediate", "not a CA", intermediate_is_no_ca },
    { "x509.not_ca",               "intermediate", "no basicConstraints", no_basic_constraints },
    { "x509.not_ca",               "root", "not a CA", root_is_no_ca },
    { "x509.path_len",             "root", "1", root_allows_no_intermediate },
    { "x509.key_usage",            "intermediate", "digitalSignature, cRLSign", intermediate_may_not_sign },
    { "x509.key_usage",            "root", NULL, root_may_not_sign },
    { "x509.key_usage",            "leaf", "keyEncipherment", leaf_may_not_sign },
    { "x509.key_usage",            "leaf", "digitalSignature", leaf_may_not_encrypt },
    { "x509.purpose",              "leaf", "for clients", leaf_for_clients },
    { "x509.purpose",              "leaf", "for any purpose something else", leaf_for_anything },
    { "x509.purpose",              "intermediate", "for clients", intermediate_for_clients },
    { "x509.purpose",              "leaf", "for servers", client_asked_for },
    { "x509.name_constraint",      "leaf", "www.example.test", outside_the_root },
    { "x509.name_constraint",      "leaf", "www.example.test", outside_the_intermediate },
    { "x509.name_constraint",      "leaf", "www.bank.com", second_name_outside },
    { "x509.name_constraint",      "leaf", "192.0.2.1", excluded_address },
    { "x509.name_constraint",      "intermediate", "www.bank.com", intermediate_named_outside },
    { "x509.name_constraint",      "leaf", NULL, leaf_with_constraints },
    { "x509.unknown_critical",     "leaf", "critical 2.5.29.99", leaf_critical_unknown },
    { "x509.unknown_critical",     "root", "critical 2.5.29.99", root_critical_unknown },
    { "x509.weak_key",             "leaf", "RSA 2040 bits", leaf_key_small },
    { "x509.weak_key",             "leaf", "RSA 2047 bits", leaf_key_a_bit_short },
    { "x509.known_to_all",         "root CN=Root", NULL, outside_the_classroom },
    { "x509.known_to_all",         "leaf", NULL, leaf_key_of_the_classroom },
    { "x509.key_algorithm",        "leaf", "EC P-256, a point not on the curve (not known here)",
      leaf_key_not_on_curve },
    { "x509.algorithm",            "leaf", "inside ecdsa-with-SHA384, outside ecdsa-with-SHA256",
      inner_algorithm_differs },
    { "x509.algorithm",            "root", NULL, root_algorithm_differs },
    { "x509.algorithm",            "leaf", "ecdsa-with-SHA224 (not known here)", algorithm_not_known },
    { "x509.version",              "leaf", "version 2 with extensions", version_2_with_extensions },
    { "x509.version",              "leaf", "version 4 with extensions", version_4 },
    { "x509.issuer",               "intermediate", "an empty one", no_name_of_an_issuer },
    { "x509.serial",               "leaf", "zero", serial_zero },
    { "x509.serial",               "leaf", "a negative number in 2 octets", serial_negative },
    { "x509.serial",               "leaf", "a number in 21 octets", serial_long },
    { "x509.der",                  "certificate 1 of 2 (leaf)", NULL, leaf_cut },
    { "x509.der",                  "certificate 1 of 2 (leaf)", NULL, leaf_followed },
    { "x509.der",                  "certificate 2 of 2", NULL, intermediate_garbled },
    { "x509.der",                  "certificate 1", NULL, critical_said_false },
    { "x509.der",                  "certificate 1", NULL, extension_twice },
    { "x509.der",                  "certificate 1 of 1", NULL, nothing_sent },
    { "x509.too_many",             "chain", NULL, too_many_sent },
};
enum { TABLE = sizeof table / sizeof *table };

START_TEST(one_thing_wrong_is_refused)
{
    struct test_chain *good = test_chain_new();
    ck_assert_str_eq(test_judge(good), "");  /* else the test below would show nothing */
    ck_assert_int_eq(good->key.kind, KEY_P256);
    test_chain_free(good);
    struct test_chain *c = test_chain_new();
    table[_i].spoil(c);
    const char *id = test_judge(c);
    ck_assert_msg(strcmp(id, table[_i].id) == 0, "row %d: %s instead of %s (%s: %s)", _i, id, table[_i].id,
                  c->why.about, c->why.came);
    ck_assert_msg(strncmp(c->why.about, table[_i].about, strlen(table[_i].about)) == 0, "row %d: about %s",
                  _i, c->why.about);
    if (table[_i].came)
        ck_assert_str_eq(c->why.came, table[_i].came);
    test_chain_free(c);
}
END_TEST

START_TEST(without_anchors_nobody_is_trusted)
{
    struct test_chain *c = test_chain_new();
    test_trust(c, &c->root);
    c->ask.trust = NULL;
    ck_assert_str_eq(test_judge(c), "x509.unknown_root");
    test_chain_free(c);
}
END_TEST

/* Nine intermediates of one name, each issued by that name: paths without end, did one not ask first whose key made the
 * signature. Who looks for the most telling of them stops in time. */
START_TEST(a_maze_costs_a_bounded_time)
{
    static struct test_cert maze[X509_CHAIN_MAX - 1];
    static struct private_key keys[X509_CHAIN_MAX - 1];
    struct test_chain *c = test_chain_new();
    struct test_chance chance = test_chance(9);
    test_trust(c, &c->root);
    c->intermediate.issue.issuer = &c->intermediate.cert;
    test_send(c, &c->leaf);
    for (unsigned i = 0; i < X509_CHAIN_MAX - 1; i++) {
        keys[i].pub.kind = KEY_P256;
        key_make(&keys[i], KEY_P256, &chance.chance, "maze", NULL);
        maze[i].issue = c->intermediate.issue;
        maze[i].issue.key = &keys[i].pub;
        test_issue(&maze[i]);
        test_send(c, &maze[i]);
    }
    struct x509_cost cost;
    c->ask.cost = &cost;
    ck_assert_str_eq(test_judge(c), "x509.unknown_root");
    ck_assert_uint_le(cost.steps, 9 + X509_STEPS);
    ck_assert_uint_le(cost.signatures, X509_SIGNATURES);
    ck_assert_uint_le(cost.paths, X509_PATHS);
    test_chain_free(c);
}
END_TEST

int main(void)
{
    return check_run_rows("verify", one_thing_wrong_is_refused, TABLE,
                          (const TTest *[]){ without_anchors_nobody_is_trusted, a_maze_costs_a_bounded_time, NULL });
}
