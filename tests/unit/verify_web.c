/* The profiles beyond RFC 5280 §6: every ground on which only they refuse, shown by spoiling one thing in a chain that
 * all of them accept; and what they let pass. The classes are those of C2SP/x509-limbo's cases (make limbo). */
#include "tests/lib/certs.h"
#include "tests/lib/check.h"

#include <string.h>

static const char *const purposes_any[] = { "2.5.29.37.0" };
static const uint8_t ipv4[] = { 192, 0, 2, 1 };
static const struct bytes address = { ipv4, 4 };

/* ---- extensions, critical or not ---- */

static void root_ca_not_critical(struct test_chain *c)
{
    c->root.issue.turn_critical = X509_EXT_BASIC_CONSTRAINTS;
}

static void constraints_not_critical(struct test_chain *c)
{
    c->intermediate.issue.permitted_dns = "test";
    c->intermediate.issue.turn_critical = X509_EXT_NAME_CONSTRAINTS;
}

static void policy_constraints_not_critical(struct test_chain *c)
{
    c->intermediate.issue.require_explicit = (struct x509_skip){ true, 5 };
    c->intermediate.issue.turn_critical = X509_EXT_POLICY_CONSTRAINTS;
}

static void inhibit_any_not_critical(struct test_chain *c)
{
    c->intermediate.issue.inhibit_any = (struct x509_skip){ true, 5 };
    c->intermediate.issue.turn_critical = X509_EXT_INHIBIT_ANY_POLICY;
}

static void nameless(struct test_chain *c) { c->leaf.issue.subject_cn = c->leaf.issue.subject_o = NULL; }

static void nameless_not_critical(struct test_chain *c)
{
    nameless(c);
    c->leaf.issue.turn_critical = X509_EXT_SUBJECT_ALT_NAME;
}

static void names_critical(struct test_chain *c)    { c->leaf.issue.turn_critical = X509_EXT_SUBJECT_ALT_NAME; }
static void purposes_critical(struct test_chain *c) { c->leaf.issue.turn_critical = X509_EXT_EXTENDED_KEY_USAGE; }

/* ---- who is a CA ---- */

static void leaf_is_a_ca(struct test_chain *c)    { c->leaf.issue.ca = true; }
static void leaf_signs(struct test_chain *c)      { c->leaf.issue.usage |= X509_KEY_CERT_SIGN; }

static void leaf_with_a_path_length(struct test_chain *c)
{
    static const struct x509_extra limit = { "2.5.29.19", true, { (const uint8_t *)"\x30\3\2\1\0", 5 } };
    c->leaf.issue.leave_out = X509_EXT_BASIC_CONSTRAINTS;
    c->leaf.issue.extras = &limit;
    c->leaf.issue.n_extras = 1;
}

static void root_of_version_1(struct test_chain *c)
{
    c->root.issue.version = 1;
    c->root.issue.no_extensions = true;
}

/* ---- key identifiers ---- */

static void root_without_its_key(struct test_chain *c) { c->root.issue.leave_out = X509_EXT_SUBJECT_KEY_ID; }
static void intermediate_without_its_key(struct test_chain *c)
{
    c->intermediate.issue.leave_out = X509_EXT_SUBJECT_KEY_ID;
}
static void intermediate_without_its_issuers_key(struct test_chain *c)
{
    c->intermediate.issue.leave_out = X509_EXT_AUTHORITY_KEY_ID;
}
static void leaf_without_its_issuers_key(struct test_chain *c)
{
    c->leaf.issue.leave_out = X509_EXT_AUTHORITY_KEY_ID;
}

static void key_of_issuer(struct test_cert *t, const struct x509_extra *id)
{
    t->issue.leave_out = X509_EXT_AUTHORITY_KEY_ID;
    t->issue.extras = id;
    t->issue.n_extras = 1;
}

static const struct x509_extra
    id_empty  = { "2.5.29.35", false, { (const uint8_t *)"\x30\0", 2 } },
    id_other  = { "2.5.29.35", false, { (const uint8_t *)"\x30\6\x80\4\1\2\3\4", 8 } },
    id_serial = { "2.5.29.35", false, { (const uint8_t *)"\x30\3\x82\1\1", 5 } };

static void leaf_with_an_empty_key(struct test_chain *c)   { key_of_issuer(&c->leaf, &id_empty); }
static void root_with_an_empty_key(struct test_chain *c)   { key_of_issuer(&c->root, &id_empty); }
static void root_with_anothers_key(struct test_chain *c)   { key_of_issuer(&c->root, &id_other); }
static void root_with_a_serial_number(struct test_chain *c) { key_of_issuer(&c->root, &id_serial); }
static void root_without_authority_key(struct test_chain *c) { c->root.issue.leave_out = X509_EXT_AUTHORITY_KEY_ID; }
/* An anchor that another one signed, and one that signed itself and has another's name as its issuer. */
static void anchor_without_its_issuers_key(struct test_chain *c)
{
    c->intermediate.issue.leave_out = X509_EXT_AUTHORITY_KEY_ID;
    test_issue_all(c);
    test_trust(c, &c->intermediate);
}
static void root_under_another_name(struct test_chain *c)
{
    static const uint8_t other[] = "\x30\x0c\x31\x0a\x30\x08\x06\x03\x55\x04\x0a\x0c\x01" "A";
    c->root.issue.issuer_name = (struct bytes){ other, sizeof other - 1 };
    c->root.issue.leave_out = X509_EXT_AUTHORITY_KEY_ID;
}

/* ---- keys, and what for ---- */

/* A modulus of 257 octets, the first of which has four bits. */
static void rsa_of_2052_bits(struct test_chain *c)
{
    static uint8_t info[400], modulus[257], key[300];
    struct wire_out out = wire_into(key, sizeof key);
    memset(modulus, 0xa5, sizeof modulus);
    modulus[0] = 0x0f;
    struct put_der pair = put_der_open(&out, DER_SEQUENCE);
    put_der_uint(&out, modulus, sizeof modulus);
    put_der_uint(&out, "\1\0\1", 3);
    put_der_close(&out, pair);
    size_t n = wire_written(&out);
    out = wire_into(info, sizeof info);
    struct put_der whole = put_der_open(&out, DER_SEQUENCE), algorithm = put_der_open(&out, DER_SEQUENCE);
    put_der_oid(&out, "1.2.840.113549.1.1.1");
    put_der_bytes(&out, DER_NULL, "", 0);
    put_der_close(&out, algorithm);
    struct put_der bits = put_der_open(&out, DER_BIT_STRING);
    put_bytes(&out, "unused_bits", "", 1);
    put_bytes(&out, "key", key, n);
    put_der_close(&out, bits);
    put_der_close(&out, whole);
    c->leaf.issue.key_info = (struct bytes){ info, wire_written(&out) };
}

static void root_with_a_purpose(struct test_chain *c)   { c->root.issue.server_auth = true; }
static void leaf_without_purpose(struct test_chain *c)  { c->leaf.issue.server_auth = false; }
static void leaf_for_any_purpose(struct test_chain *c)
{
    c->leaf.issue.purposes = purposes_any;
    c->leaf.issue.n_purposes = 1;
}

/* ---- names ---- */

static void also_for(struct test_chain *c, const char *name)
{
    static const char *names[2];
    names[0] = "www.example.test";
    names[1] = name;
    c->leaf.issue.dns = names;
    c->leaf.issue.n_dns = 2;
}

static void underscore(struct test_chain *c)         { also_for(c, "a_b.example.test"); }
static void star_in_a_label(struct test_chain *c)    { also_for(c, "w*.example.test"); }
static void star_further_on(struct test_chain *c)    { also_for(c, "www.*.test"); }
static void star_over_all(struct test_chain *c)      { also_for(c, "*.test"); }
static void star_alone(struct test_chain *c)         { also_for(c, "*"); }
static void address_as_a_name(struct test_chain *c)  { also_for(c, "192.0.2.1"); }
static void dot_in_front(struct test_chain *c)       { also_for(c, ".example.test"); }
static void dot_behind(struct test_chain *c)         { also_for(c, "example.test."); }
static void star_in_its_place(struct test_chain *c)  { also_for(c, "*.example.test"); }
static void a_label(struct test_chain *c)            { also_for(c, "xn--bcher-kva.test"); }

static void cn_in_capitals(struct test_chain *c)     { c->leaf.issue.subject_cn = "WWW.example.test"; }
static void cn_of_another(struct test_chain *c)      { c->leaf.issue.subject_cn = "bank.test"; }
static void cn_in_words(struct test_chain *c)        { c->leaf.issue.subject_cn = "Our Website"; }
static void cn_of_its_domain(struct test_chain *c)   { c->leaf.issue.subject_cn = "example.test"; }

static void for_an_address(struct test_chain *c, const char *cn)
{
    c->leaf.issue.subject_cn = cn;
    c->leaf.issue.n_dns = 0;
    c->leaf.issue.ips = &address;
    c->leaf.issue.n_ips = 1;
    c->ask.ip = address;
}

static void cn_address(struct test_chain *c)         { for_an_address(c, "192.0.2.1"); }
static void cn_name_of_address(struct test_chain *c) { for_an_address(c, "www.example.test"); }
static void cn_address_with_zeros(struct test_chain *c) { for_an_address(c, "192.000.002.001"); }
static void cn_address_in_hex(struct test_chain *c)  { for_an_address(c, "0xC0000201"); }

/* ---- the rules ---- */

#define ROW(profiles, id, about, spoil) { profiles, "x509." id, about, spoil }
enum { RFC5280 = 1 << X509_RFC5280, WEB = 1 << X509_WEB, BR = 1 << X509_BR, STRICT = RFC5280 | WEB | BR };
static const struct row {
    unsigned refused_by;                               /* profiles, as 1 << enum x509_profile */
    const char *id, *about;
    void (*spoil)(struct test_chain *);
} table[] = {
    ROW(STRICT,        "must_be_critical",  "root CN=Root",                 root_ca_not_critical),
    ROW(RFC5280 | WEB, "must_be_critical",  "intermediate CN=Intermediate", constraints_not_critical),
    ROW(STRICT,        "must_be_critical",  "intermediate CN=Intermediate", policy_constraints_not_critical),
    ROW(STRICT,        "must_be_critical",  "intermediate CN=Intermediate", inhibit_any_not_critical),
    ROW(STRICT,        "must_be_critical",  "leaf (no name)",               nameless_not_critical),
    ROW(STRICT,        "ca_bit",            "leaf CN=www.example.test",     leaf_signs),
    ROW(STRICT,        "ca_bit",            "leaf CN=www.example.test",     leaf_with_a_path_length),
    ROW(STRICT,        "subject_key_id",    "root CN=Root",                 root_without_its_key),
    ROW(STRICT,        "subject_key_id",    "intermediate CN=Intermediate", intermediate_without_its_key),
    ROW(STRICT,        "authority_key_id",  "intermediate CN=Intermediate", intermediate_without_its_issuers_key),
    ROW(STRICT,        "authority_key_id",  "leaf CN=www.example.test",     leaf_without_its_issuers_key),
    ROW(STRICT,        "authority_key_id",  "leaf CN=www.example.test",     leaf_with_an_empty_key),
    ROW(STRICT,        "authority_key_id",  "intermediate CN=Intermediate", anchor_without_its_issuers_key),
    ROW(STRICT,        "alt_name",          "leaf CN=www.example.test",     underscore),
    ROW(STRICT,        "alt_name",          "leaf CN=www.example.test",     star_in_a_label),
    ROW(STRICT,        "alt_name",          "leaf CN=www.example.test",     star_further_on),
    ROW(STRICT,        "alt_name",          "leaf CN=www.example.test",     star_over_all),
    ROW(STRICT,        "alt_name",          "leaf CN=www.example.test",     star_alone),
    ROW(STRICT,        "alt_name",          "leaf CN=www.example.test",     address_as_a_name),
    ROW(STRICT,        "alt_name",          "leaf CN=www.example.test",     dot_in_front),
    ROW(STRICT,        "alt_name",          "leaf CN=www.example.test",     dot_behind),
    ROW(WEB | BR,      "web_version",       "root CN=Root",                 root_of_version_1),
    ROW(WEB | BR,      "web_not_critical",  "leaf CN=www.example.test",     names_critical),
    ROW(WEB | BR,      "web_not_critical",  "leaf CN=www.example.test",     purposes_critical),
    ROW(WEB | BR,      "web_leaf_is_ca",    "leaf CN=www.example.test",     leaf_is_a_ca),
    ROW(WEB | BR,      "web_root_key_id",   "root CN=Root",                 root_with_an_empty_key),
    ROW(WEB | BR,      "web_root_key_id",   "root CN=Root",                 root_with_anothers_key),
    ROW(WEB | BR,      "web_root_key_id",   "root CN=Root",                 root_with_a_serial_number),
    ROW(WEB | BR,      "web_rsa_size",      "leaf CN=www.example.test",     rsa_of_2052_bits),
    ROW(WEB | BR,      "web_root_purpose",  "root CN=Root",                 root_with_a_purpose),
    ROW(WEB | BR,      "web_any_purpose",   "leaf CN=www.example.test",     leaf_for_any_purpose),
    ROW(BR,            "web_no_purpose",    "leaf CN=www.example.test",     leaf_without_purpose),
    ROW(WEB | BR,      "web_common_name",   "leaf CN=WWW.example.test",     cn_in_capitals),
    ROW(WEB | BR,      "web_common_name",   "leaf CN=bank.test",            cn_of_another),
    ROW(WEB | BR,      "web_common_name",   "leaf CN=Our Website",          cn_in_words),
    ROW(WEB | BR,      "web_common_name",   "leaf CN=192.000.002.001",      cn_address_with_zeros),
    ROW(WEB | BR,      "web_common_name",   "leaf CN=0xC0000201",           cn_address_in_hex),
    ROW(0, "", "", nameless),                          /* those pass everywhere */
    ROW(0, "", "", root_without_authority_key),
    ROW(0, "", "", root_under_another_name),
    ROW(0, "", "", star_in_its_place),
    ROW(0, "", "", a_label),
    ROW(0, "", "", cn_of_its_domain),
    ROW(0, "", "", cn_address),
    ROW(0, "", "", cn_name_of_address),
};
enum { TABLE = sizeof table / sizeof *table };

START_TEST(each_profile_refuses_what_it_must)
{
    const struct row *row = &table[_i];
    for (unsigned profile = X509_PKIX; profile <= X509_BR; profile++) {
        struct test_chain *c = test_chain_new();
        c->ask.profile = (enum x509_profile)profile;
        ck_assert_str_eq(test_judge(c), "");           /* else the test below would show nothing */
        test_chain_free(c);
        c = test_chain_new();
        c->ask.profile = (enum x509_profile)profile;
        row->spoil(c);
        test_issue_all(c);
        const char *id = test_judge(c), *want = row->refused_by >> profile & 1 ? row->id : "";
        ck_assert_msg(strcmp(id, want) == 0, "row %d, %s: %s instead of %s (%s: %s)", _i,
                      x509_profile_name((enum x509_profile)profile), *id ? id : "accepted", *want ? want : "accepted",
                      c->why.about, c->why.came);
        if (*want)
            ck_assert_str_eq(c->why.about, row->about);
        test_chain_free(c);
    }
}
END_TEST

/* What is said of servers is not asked of clients. */
START_TEST(clients_have_other_names)
{
    static void (*const spoils[])(struct test_chain *) = { underscore, cn_of_another, names_critical,
                                                           leaf_without_purpose };
    for (size_t i = 0; i < sizeof spoils / sizeof *spoils; i++) {
        struct test_chain *c = test_chain_new();
        static const char *const client[] = { "1.3.6.1.5.5.7.3.2" };
        c->ask = (struct x509_ask){ .trust = &c->trust, .at = TEST_NOW, .purpose = X509_CLIENT, .classroom = true,
                                    .profile = X509_BR };
        spoils[i](c);
        c->leaf.issue.purposes = client;
        c->leaf.issue.n_purposes = 1;
        test_issue_all(c);
        ck_assert_msg(strcmp(test_judge(c), "") == 0, "%zu: %s", i, c->why.came);
        test_chain_free(c);
    }
}
END_TEST

START_TEST(profiles_have_names)
{
    for (unsigned p = X509_PKIX; p <= X509_BR; p++)
        ck_assert_uint_eq(x509_profile_named(x509_profile_name((enum x509_profile)p)), p);
    ck_assert_uint_eq(x509_profile_named("nobody's"), X509_PKIX);
}
END_TEST

int main(void)
{
    return check_run_rows("verify_web", each_profile_refuses_what_it_must, TABLE,
                          (const TTest *[]){ clients_have_other_names, profiles_have_names, NULL });
}
