/* Requests for certificates: read, and believed only when their own key has signed them. */
#include "tests/lib/chance.h"
#include "tests/lib/check.h"
#include "tests/lib/request_made.h"
#include "tls/x509/classroom_keys.h"
#include "tls/x509/names.h"
#include "tls/x509/request.h"

#include <stdlib.h>
#include <string.h>

enum { ROOM = 2048 };

static const char *read_it(const uint8_t *der, size_t n, struct x509_cert *out)
{
    struct fault why = { 0 };
    const bool fine = x509_read_request(&(struct der){ .at = der, .n = n }, out, &why);
    ck_assert_int_eq(fine, why.ground == NULL);
    return fine ? "" : why.ground->id;
}

START_TEST(each_kind_of_key_is_read)
{
    struct test_chance chance = test_chance(4);
    for (enum key_kind kind = KEY_RSA; kind <= KEY_ED25519; kind++) {
        struct private_key key = classroom_rsa_keys[CLASSROOM_LEAF];
        struct x509_cert c;
        uint8_t der[ROOM];
        char text[X509_NAME_TEXT];
        if (kind > KEY_RSA_PSS)
            ck_assert(key_make(&key, kind, &chance.chance, "key", NULL));
        key.pub.kind = kind;
        const size_t n = request_made(&key, "www.example.test", &chance.chance, der, sizeof der);
        ck_assert_uint_gt(n, 0);
        ck_assert_str_eq(read_it(der, n, &c), "");
        ck_assert(key_same(&c.key, &key.pub));
        ck_assert_str_eq(x509_name_text(&c.subject, text, sizeof text), "CN=www.example.test");
        ck_assert_str_eq(x509_cert_names(&c, text), "www.example.test");
    }
}
END_TEST

/* Whatever octet is another: it is no request any more, or not that key's. */
START_TEST(nothing_can_be_changed)
{
    struct test_chance chance = test_chance(4);
    uint8_t der[ROOM];
    struct x509_cert c;
    const size_t n = request_made(&classroom_p256_keys[CLASSROOM_LEAF], "a.test", &chance.chance, der, sizeof der);
    for (size_t i = 0; i < n; i++)
        for (unsigned bit = 0; bit < 8; bit++) {
            der[i] ^= (uint8_t)(1u << bit);
            const char *id = read_it(der, n, &c);
            ck_assert_msg(strcmp(id, "x509.request") == 0 || strcmp(id, "x509.request_signature") == 0,
                          "octet %zu, bit %u: %s", i, bit, *id ? id : "accepted");
            der[i] ^= (uint8_t)(1u << bit);
        }
    ck_assert_str_eq(read_it(der, n, &c), "");
}
END_TEST

START_TEST(what_is_cut_or_too_long_is_refused)
{
    struct test_chance chance = test_chance(4);
    uint8_t der[ROOM];
    struct x509_cert c;
    const size_t n = request_made(&classroom_p256_keys[CLASSROOM_LEAF], "a.test", &chance.chance, der, sizeof der - 1);
    for (size_t cut = 0; cut < n; cut++) {
        uint8_t *exact = malloc(cut + 1);             /* so that sanitizers see a read beyond */
        memcpy(exact, der, cut);
        ck_assert_str_eq(read_it(exact, cut, &c), "x509.request");
        free(exact);
    }
    der[n] = 0;
    ck_assert_str_eq(read_it(der, n + 1, &c), "x509.request");
}
END_TEST

/* Somebody else's key under one's own signature: that would be his certificate for a stranger's key. */
START_TEST(a_strangers_key_is_refused)
{
    struct test_chance chance = test_chance(4);
    struct private_key mixed = classroom_p256_keys[CLASSROOM_LEAF];
    uint8_t der[ROOM];
    struct x509_cert c;
    mixed.pub = classroom_p256_keys[CLASSROOM_ROOT].pub;
    const size_t n = request_made(&mixed, "a.test", &chance.chance, der, sizeof der);
    ck_assert_str_eq(read_it(der, n, &c), "x509.request_signature");
}
END_TEST

int main(void)
{
    return check_run("request", (const TTest *[]){ each_kind_of_key_is_read, nothing_can_be_changed,
                                                   what_is_cut_or_too_long_is_refused, a_strangers_key_is_refused, NULL });
}
