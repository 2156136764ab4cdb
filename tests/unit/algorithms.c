/* Algorithms and keys in certificates: what issue.h writes of each kind is read, judged and read back from a key file;
 * and the parameters of RSASSA-PSS have one form. */
#include "tests/lib/certs.h"
#include "tests/lib/chance.h"
#include "tests/lib/check.h"
#include "tests/lib/rsa_keys.h"
#include "tls/x509/parts.h"
#include "tls/x509/pem.h"

#include <string.h>

static void make_key(struct private_key *key, enum key_kind kind, struct test_chance *c)
{
    *key = (struct private_key){ .pub.kind = kind };
    if (kind == KEY_RSA || kind == KEY_RSA_PSS) {
        test_rsa_2048(&key->u.rsa);
        key->pub.u.rsa = key->u.rsa.pub;
    } else
        ck_assert(key_make(key, kind, &c->chance, "key", NULL));
}

START_TEST(keys_of_each_kind_vouch)
{
    static struct private_key key;
    struct test_chance chance = test_chance(1);
    for (enum key_kind kind = KEY_RSA; kind <= KEY_ED25519; kind++)
        for (int bound = 0; bound <= (kind == KEY_RSA_PSS); bound++) {
            struct test_chain *c = test_chain_new();
            make_key(&key, kind, &chance);
            key.pub.pss_bound = bound;
            key.pub.pss_hash = HASH_SHA384;
            c->ask.classroom = false;
            c->root.issue.signer = c->intermediate.issue.signer = c->leaf.issue.signer = &key;
            c->root.issue.key = c->intermediate.issue.key = c->leaf.issue.key = &key.pub;
            test_issue_all(c);
            const struct public_key *read = &c->leaf.cert.key;
            ck_assert(read->kind == kind && key_same(read, &key.pub) && read->pss_bound == bound);
            ck_assert(!bound || read->pss_hash == HASH_SHA384);
            ck_assert_str_eq(test_judge(c), "");
            ck_assert(key_same(&c->key, &key.pub));
            test_chain_free(c);
        }
}
END_TEST

START_TEST(keys_on_curves_go_to_a_file_and_back)
{
    static struct private_key key, back;
    struct test_chance chance = test_chance(2);
    uint8_t der[512];
    char text[1024];
    for (enum key_kind kind = KEY_P256; kind <= KEY_P521; kind++) {
        make_key(&key, kind, &chance);
        size_t n = private_key_write(&key, KEY_PKCS8, der, sizeof der);
        ck_assert_uint_gt(n, 0);
        size_t size = pem_write("PRIVATE KEY", &(struct der){ .at = der, .n = n }, text, sizeof text);
        ck_assert(pem_private_key(text, size, &back, NULL));
        ck_assert(key_same(&back.pub, &key.pub) && memcmp(back.u.ec, key.u.ec, key_scalar_size(kind)) == 0);
    }
}
END_TEST

#define PSS "06092a864886f70d01010a"
#define S256 "300d06096086480165030402010500"
#define S256_BARE "300b0609608648016503040201"
#define S384 "300d06096086480165030402020500"
#define SHA1 "300906052b0e03021a0500"
#define MGF "06092a864886f70d010108"
#define HASH_256 "a00f" S256
#define MASK_256 "a11c301a" MGF S256
#define SALT_32 "a203020120"

START_TEST(pss_parameters_have_one_form)
{
    static const struct { const char *der; bool read, known, weak; } tests[] = {
        { "3041" PSS "3034" HASH_256 MASK_256 SALT_32, true, true, false },
        /* a hash without its NULL is the same (RFC 4055 §2.1) */
        { "303d" PSS "3030" "a00d" S256_BARE "a11a3018" MGF S256_BARE SALT_32, true, true, false },
        { "300d" PSS "3000", true, false, true },                          /* all by default: SHA-1 */
        { "301a" PSS "300d" "a00b" SHA1, true, false, true },
        { "303c" PSS "302f" HASH_256 MASK_256, true, false, false },       /* a salt of 20 */
        { "3041" PSS "3034" HASH_256 MASK_256 "a20302011f", true, false, false },
        { "3041" PSS "3034" HASH_256 MASK_256 "a203020140", true, false, false },
        { "3023" PSS "3016" HASH_256 SALT_32, true, false, false },        /* MGF1 over SHA-1 */
        { "3041" PSS "3034" HASH_256 "a11c301a" MGF S384 SALT_32, true, false, false },
        { "3032" PSS "3025" HASH_256 "a10d300b" "06092a864886f70d010109" SALT_32, true, false, false },    /* no MGF1 */
        { "3046" PSS "3039" HASH_256 MASK_256 SALT_32 "a303020102", true, false, false },     /* another trailer */
        { "300b" PSS, false, false, false },                               /* none at all */
        { "3032" PSS "3025" HASH_256 "a10d300b" MGF SALT_32, false, false, false },   /* MGF1 over nothing: CVE-2015-3194 */
        { "3043" PSS "3036" HASH_256 MASK_256 SALT_32 "0500", false, false, false },
        { "3041" PSS "3034" MASK_256 HASH_256 SALT_32, false, false, false },         /* in another order */
        { "3041" PSS "3034" HASH_256 MASK_256 "a203040120", false, false, false },
    };
    uint8_t der[128];
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        size_t n = check_hex(tests[i].der, der, sizeof der);
        for (size_t cut = 0; cut <= n; cut++) {        /* and cut at each octet: nothing */
            struct wire_in in = wire_over(der, cut, NULL);
            struct x509_signature s = x509_take_algorithm(&in, "signature");
            bool whole = cut == n;
            ck_assert_msg(!in.failed == (whole && tests[i].read), "%zu, cut at %zu of %zu", i, cut, n);
            if (in.failed)
                continue;
            ck_assert_msg(s.known == tests[i].known && s.weak == tests[i].weak, "%zu", i);
            ck_assert(!s.known || (s.scheme.kind == SIGN_PSS && s.scheme.hash == HASH_SHA256));
        }
    }
}
END_TEST

int main(void)
{
    return check_run("algorithms", (const TTest *[]){ keys_of_each_kind_vouch, keys_on_curves_go_to_a_file_and_back,
                                                      pss_parameters_have_one_form, NULL });
}
