/* Certificates of our own, and the classroom CA. What outside validators make of them:
 * tests/interop/classroom_ca.sh. */
#include "tests/lib/certs.h"
#include "tests/lib/check.h"
#include "tls/x509/names.h"

#include <stdlib.h>
#include <string.h>

START_TEST(what_is_issued_is_read)
{
    struct test_chain *c = test_chain_new();
    struct x509_issue *i = &c->leaf.issue;
    static const char *const names[] = { "a.test", "b.test" };
    static const uint8_t v4[] = { 10, 0, 0, 80 };
    static const struct bytes ip = { v4, 4 };
    const struct x509_cert *cert = &c->leaf.cert;
    char text[X509_SAY];
    i->dns = names;
    i->n_dns = 2;
    i->ips = &ip;
    i->n_ips = 1;
    i->usage = X509_DIGITAL_SIGNATURE | X509_KEY_ENCIPHERMENT | X509_DECIPHER_ONLY;
    i->subject_cn = NULL;
    i->subject_o = NULL;
    test_issue(&c->leaf);
    ck_assert_uint_eq(cert->usage, i->usage);
    ck_assert_str_eq(x509_cert_names(cert, text), "a.test, b.test, 10.0.0.80");
    ck_assert_str_eq(x509_name_text(&cert->subject, text, sizeof text), "(no name)");
    ck_assert_int_eq(cert->not_before, i->not_before);
    ck_assert_int_eq(cert->not_after, i->not_after);
    check_is_hex(cert->serial.at, cert->serial.n, "0102");
    ck_assert(cert->purposes == X509_SERVER && cert->has_basic && !cert->is_ca);
    ck_assert(cert->authority_key_id.n == 20
              && memcmp(cert->authority_key_id.at, c->intermediate.cert.subject_key_id.at, 20) == 0);
    c->ask.host = "b.test";
    ck_assert_str_eq(test_judge(c), "");
    i->path_len = 3;
    i->ca = true;
    test_issue(&c->leaf);
    ck_assert(cert->is_ca && cert->has_path_len && cert->path_len == 3);
    test_chain_free(c);
}
END_TEST

/* A Name, { CN=d }, and what a certificate says of every kind. */
static const uint8_t a_name[] = { 0x30, 12, 0x31, 10, 0x30, 8, 6, 3, 0x55, 4, 3, 0x0c, 1, 'd' };
static const uint8_t a_null[] = { 5, 0 };
static const struct general_name of_all_kinds[] = {
    { NAME_EMAIL, { (const uint8_t *)"a@b.test", 8 } }, { NAME_URI, { (const uint8_t *)"https://c.test/", 15 } },
    { NAME_DIRECTORY, { a_name, sizeof a_name } },
};

START_TEST(all_that_can_be_said_is_read)
{
    struct test_chain *c = test_chain_new();
    struct x509_issue *i = &c->intermediate.issue;
    const struct x509_cert *cert = &c->intermediate.cert;
    static const struct sign_scheme sha384 = { SIGN_ECDSA, HASH_SHA384 };
    static const struct x509_attribute subject[] = { { "2.5.4.6", DER_PRINTABLE, { (const uint8_t *)"CN", 2 } },
                                                     { "2.5.4.3", DER_UTF8, { (const uint8_t *)"CA", 2 } } };
    static const char *const purposes[] = { "1.3.6.1.5.5.7.3.2", "2.5.29.37.0" };
    static const char *const policies[] = { "2.23.140.1.2.1", "1.3.6.1.4.1.55738.1" };
    static const struct x509_mapping mapping = { "2.23.140.1.2.1", "1.3.6.1.4.1.55738.2" };
    static const struct x509_extra extra = { "1.3.6.1.4.1.55738.666.1", true, { a_null, sizeof a_null } };
    char text[X509_NAME_TEXT];
    i->scheme = &sha384;
    i->subject = subject;
    i->n_subject = 2;
    i->purposes = purposes;
    i->n_purposes = 2;
    i->alt_names = i->permitted = i->excluded = of_all_kinds;
    i->n_alt_names = i->n_permitted = i->n_excluded = 3;
    i->policies = policies;
    i->n_policies = 2;
    i->mappings = &mapping;
    i->n_mappings = 1;
    i->require_explicit = (struct x509_skip){ true, 0 };
    i->inhibit_mapping = (struct x509_skip){ true, 200 };
    i->inhibit_any = (struct x509_skip){ true, 3 };
    i->crl_uri = "http://crl.test/";
    i->ocsp_uri = "http://ocsp.test/";
    i->must_staple = true;
    i->extras = &extra;
    i->n_extras = 1;
    i->path_len = 300;
    test_issue(&c->intermediate);
    ck_assert_str_eq(x509_name_text(&cert->subject, text, sizeof text), "CN=CA, C=CN");
    ck_assert(cert->outer.scheme.hash == HASH_SHA384 && cert->inner.scheme.hash == HASH_SHA384);
    ck_assert_uint_eq(cert->path_len, 300);
    ck_assert_uint_eq(cert->purposes, X509_CLIENT | X509_ANY_PURPOSE);
    ck_assert(cert->require_explicit_policy == 0 && cert->inhibit_policy_mapping == 200
              && cert->inhibit_any_policy == 3 && cert->must_staple);
    const uint32_t known = (X509_EXT_SUBJECT_INFO | X509_EXT_FRESHEST_CRL | X509_EXT_ISSUER_ALT_NAME) ^ 0x3ffff;
    ck_assert_uint_eq(cert->present, known);
    ck_assert_uint_eq(cert->critical, X509_EXT_BASIC_CONSTRAINTS | X509_EXT_KEY_USAGE | X509_EXT_NAME_CONSTRAINTS
                                    | X509_EXT_POLICY_MAPPINGS | X509_EXT_POLICY_CONSTRAINTS
                                    | X509_EXT_INHIBIT_ANY_POLICY | X509_EXT_OTHER);
    ck_assert_str_eq(cert->unknown_oid, extra.oid);
    test_chain_free(c);
}
END_TEST

START_TEST(what_is_left_out_is_not_there)
{
    struct test_chain *c = test_chain_new();
    struct x509_issue *i = &c->leaf.issue;
    const struct x509_cert *cert = &c->leaf.cert;
    i->leave_out = X509_EXT_AUTHORITY_KEY_ID | X509_EXT_BASIC_CONSTRAINTS;
    i->turn_critical = X509_EXT_KEY_USAGE | X509_EXT_EXTENDED_KEY_USAGE;
    test_issue(&c->leaf);
    ck_assert_uint_eq(cert->present, X509_EXT_KEY_USAGE | X509_EXT_EXTENDED_KEY_USAGE | X509_EXT_SUBJECT_ALT_NAME
                                   | X509_EXT_SUBJECT_KEY_ID);
    ck_assert_uint_eq(cert->critical, X509_EXT_EXTENDED_KEY_USAGE);
    i->no_extensions = true;
    i->version = 1;
    test_issue(&c->leaf);
    ck_assert(cert->version == 1 && !cert->has_extensions && cert->present == 0);
    static const struct sign_scheme none = { SIGN_PSS, HASH_SHA1 };
    struct test_chance chance = test_chance(1);
    uint8_t room[TEST_CERT_MAX];
    i->scheme = &none;
    ck_assert_uint_eq(x509_issue(i, &chance.chance, room, sizeof room), 0);    /* nobody signs so */
    test_chain_free(c);
}
END_TEST

START_TEST(what_does_not_fit_is_not_issued)
{
    struct test_chain *c = test_chain_new();
    struct test_chance chance = test_chance(1);
    enum { DIFFERENCE = 8 };           /* of two DER encodings of r and s at most: each signature has noise of its own */
    size_t n = c->leaf.n;
    uint8_t *room = malloc(n + DIFFERENCE);
    for (size_t less = DIFFERENCE; less < n; less += 7)
        ck_assert_uint_eq(x509_issue(&c->leaf.issue, &chance.chance, room, n - less), 0);
    ck_assert_uint_gt(x509_issue(&c->leaf.issue, &chance.chance, room, n + DIFFERENCE), 0);
    free(room);
    struct x509_issue i = c->leaf.issue;
    uint8_t big[TEST_CERT_MAX];
    i.subject_cn = "0123456789012345678901234567890123456789012345678901234567890123.";
    ck_assert_uint_eq(x509_issue(&i, &chance.chance, big, sizeof big), 0);     /* ub-common-name is 64 */
    i = c->leaf.issue;
    i.key = &(struct public_key){ .kind = KEY_NONE };
    ck_assert_uint_eq(x509_issue(&i, &chance.chance, big, sizeof big), 0);
    test_chain_free(c);
}
END_TEST

START_TEST(serials_are_positive_and_of_one_length)
{
    struct test_chance chance = test_chance(5);
    for (int k = 0; k < 200; k++) {
        struct x509_issue i = { 0 };
        x509_make_serial(&i, &chance.chance);
        ck_assert(i.serial_n == X509_SERIAL && i.serial[0] >= 0x40 && i.serial[0] < 0x80);
    }
}
END_TEST

/* ---- the classroom ---- */

static const char *judge(struct classroom *room, const struct der *leaf, const char *host,
                         const struct bytes *ip, nsec at)
{
    struct x509_store trust = { 0 };
    struct fault why = { 0 };
    struct voice silence = { 0 };
    struct public_key key;
    ck_assert(x509_store_add(&trust, &room->root.der, &why));
    struct x509_ask ask = { .trust = &trust, .host = host, .at = at, .purpose = X509_SERVER,
                            .key_usage = X509_DIGITAL_SIGNATURE, .classroom = true };
    if (ip)
        ask.ip = *ip;
    struct der chain[] = { *leaf, room->intermediate.der };
    bool fine = x509_verify_chain(&ask, &silence, chain, 2, &key, &why);
    x509_store_free(&trust);
    return fine ? "" : why.ground->id;
}

/* Everybody has the classroom's keys: without being told that this is the sealed world nobody believes them. */
START_TEST(classroom_is_refused_elsewhere)
{
    struct classroom *room = malloc(sizeof *room);
    struct test_chance chance = test_chance(3);
    struct fault why = { 0 };
    struct voice silence = { 0 };
    struct public_key key;
    ck_assert(classroom_issue(room, KEY_P256, "www.example.test", TEST_NOW, &chance.chance, &why));
    struct x509_store trust = { .certs = &room->root, .n = 1 };
    struct x509_ask ask = { .trust = &trust, .host = "www.example.test", .at = TEST_NOW, .purpose = X509_SERVER,
                            .key_usage = X509_DIGITAL_SIGNATURE };
    struct der chain[] = { room->leaf.der, room->intermediate.der };
    ck_assert(!x509_verify_chain(&ask, &silence, chain, 2, &key, &why));
    ck_assert_str_eq(why.ground->id, "x509.known_to_all");
    ask.classroom = true;
    ck_assert(x509_verify_chain(&ask, &silence, chain, 2, &key, NULL));
    free(room);
}
END_TEST

static void classroom_of(enum key_kind kind)
{
    struct classroom *room = malloc(sizeof *room);
    struct test_chance chance = test_chance(7);
    struct fault why = { 0 };
    char name[X509_NAME_TEXT];
    ck_assert_msg(classroom_issue(room, kind, "www.example.test", TEST_NOW, &chance.chance, &why), "%s",
                  why.came);
    ck_assert_str_eq(judge(room, &room->leaf.der, "www.example.test", NULL, TEST_NOW), "");
    ck_assert_str_eq(judge(room, &room->leaf.der, "www.example.test", NULL, TEST_NOW + 25 * TEST_DAY), "");
    ck_assert_str_eq(judge(room, &room->leaf.der, "www.example.test", NULL, TEST_NOW - 2 * TEST_DAY),
                     "x509.not_yet_valid");
    ck_assert_str_eq(judge(room, &room->leaf.der, "other.test", NULL, TEST_NOW), "x509.wrong_name");
    ck_assert(key_matches(&room->leaf_key, &room->leaf.key, NULL));
    ck_assert(classroom_key_is(&room->leaf.key) && classroom_key_is(&room->root.key)
              && classroom_key_is(&room->intermediate.key));
    ck_assert_str_eq(x509_name_text(&room->root.subject, name, sizeof name),
                     "CN=Vitrine Classroom Root - its private key is public, O=never trust outside a lesson");
    /* Signed with the public key of the intermediate, but outside the constraints of the root. */
    const struct private_key *signer =
        &(kind == KEY_RSA ? classroom_rsa_keys : classroom_p256_keys)[CLASSROOM_INTERMEDIATE];
    static const char *const bank = "www.bank.com";
    static const uint8_t v4[] = { 192, 0, 2, 1 }, v6[16] = { 0x20, 1, 0xd, 0xb8 };
    const struct bytes ips[] = { { v4, 4 }, { v6, 16 } };
    struct x509_issue i = { .subject_cn = "x", .issuer = &room->intermediate, .signer = signer,
                            .key = &room->leaf_key.pub, .serial = { 1 }, .serial_n = 1,
                            .not_before = TEST_NOW, .not_after = TEST_NOW + TEST_DAY, .path_len = -1,
                            .dns = &bank, .n_dns = 1 };
    uint8_t der[2000];
    struct der leaf = { .at = der, .n = x509_issue(&i, &chance.chance, der, sizeof der) };
    ck_assert_str_eq(judge(room, &leaf, bank, NULL, TEST_NOW), "x509.name_constraint");
    i.n_dns = 0;
    i.n_ips = 1;
    for (size_t k = 0; k < 2; k++) {
        i.ips = &ips[k];
        leaf.n = x509_issue(&i, &chance.chance, der, sizeof der);
        ck_assert_str_eq(judge(room, &leaf, NULL, &ips[k], TEST_NOW), "x509.name_constraint");
    }
    free(room);
}

START_TEST(classroom_rsa)  { classroom_of(KEY_RSA); }  END_TEST
START_TEST(classroom_p256) { classroom_of(KEY_P256); } END_TEST

START_TEST(classroom_of_any_host)
{
    struct classroom *room = malloc(sizeof *room);
    struct test_chance chance = test_chance(7);
    struct fault why = { 0 };
    char host[254];
    memset(host, 'a', sizeof host);
    for (size_t i = 50; i < 240; i += 50)
        host[i] = '.';
    memcpy(host + 248, ".test", 6);
    ck_assert(classroom_issue(room, KEY_P256, host, TEST_NOW, &chance.chance, &why));  /* too long for a CN */
    ck_assert_str_eq(judge(room, &room->leaf.der, host, NULL, TEST_NOW), "");
    ck_assert(classroom_issue(room, KEY_P256, "www.bank.com", TEST_NOW, &chance.chance, &why));
    ck_assert_str_eq(judge(room, &room->leaf.der, "www.bank.com", NULL, TEST_NOW), "x509.name_constraint");
    free(room);
}
END_TEST

START_TEST(all_six_keys_are_whole_and_known)
{
    for (int role = 0; role < CLASSROOM_ROLES; role++) {
        const struct private_key *pair[] = { &classroom_rsa_keys[role], &classroom_p256_keys[role] };
        for (int k = 0; k < 2; k++) {
            ck_assert(key_matches(pair[k], &pair[k]->pub, NULL));
            ck_assert(classroom_key_is(&pair[k]->pub));
            struct public_key other = pair[k]->pub;
            if (k)
                other.u.ec[64] ^= 1;
            else
                other.u.rsa.n[255] ^= 2;
            ck_assert(!classroom_key_is(&other));
        }
    }
    ck_assert(classroom_key_is(&classroom_weak_key.pub));
    struct public_key pss = classroom_rsa_keys[CLASSROOM_LEAF].pub;     /* everybody's under another name, too */
    pss.kind = KEY_RSA_PSS;
    ck_assert(classroom_key_is(&pss));
    ck_assert(!classroom_key_is(&(struct public_key){ .kind = KEY_NONE }));
}
END_TEST

int main(void)
{
    return check_run("issue", (const TTest *[]){ what_is_issued_is_read, what_does_not_fit_is_not_issued,
                                                 serials_are_positive_and_of_one_length, classroom_rsa,
                                                 all_that_can_be_said_is_read, what_is_left_out_is_not_there,
                                                 classroom_p256, classroom_is_refused_elsewhere,
                                                 classroom_of_any_host, all_six_keys_are_whole_and_known,
                                                 NULL });
}
