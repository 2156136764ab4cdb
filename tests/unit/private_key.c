/* Private keys in DER and PEM: each kind, each form, there and back; the same octets as OpenSSL has. */
#include "tests/lib/certs.h"
#include "tests/lib/chance.h"
#include "tests/lib/check.h"
#include "tls/x509/pem.h"

#include <stdlib.h>
#include <string.h>

#define X509 "tests/vectors/x509/"

static const struct { enum key_kind kind; bool bound; enum key_form form; } ways[] = {
    { KEY_RSA, false, KEY_PKCS8 },  { KEY_RSA, false, KEY_PKCS1 },     { KEY_RSA_PSS, false, KEY_PKCS8 },
    { KEY_RSA_PSS, true, KEY_PKCS8 }, { KEY_P256, false, KEY_PKCS8 },  { KEY_P256, false, KEY_SEC1 },
    { KEY_P384, false, KEY_PKCS8 }, { KEY_P384, false, KEY_SEC1 },     { KEY_P521, false, KEY_PKCS8 },
    { KEY_P521, false, KEY_SEC1 },  { KEY_ED25519, false, KEY_PKCS8 },
};
enum { WAYS = sizeof ways / sizeof *ways };

static void make(struct private_key *key, size_t way, uint64_t seed)
{
    struct test_chance c = test_chance(seed);
    const enum key_kind kind = ways[way].kind;
    bool rsa = kind == KEY_RSA || kind == KEY_RSA_PSS;
    ck_assert(rsa ? key_make_rsa(key, 2048, &c.chance, NULL) : key_make(key, kind, &c.chance, "key", NULL));
    key->pub.kind = kind;
    key->pub.pss_bound = ways[way].bound;
    key->pub.pss_hash = ways[way].bound ? HASH_SHA512 : HASH_SHA1;
}

/* Each octet of each key changed: it is refused, or the same key, or (the octet is of the private exponent, which is
 * not looked at) it is at least one whose halves fit. Never is a refusal without a ground, nor anything left behind. */
static void change_octets(size_t way)
{
    static struct private_key key, back;
    static uint8_t der[PRIVATE_KEY_MAX];
    make(&key, way, 5);
    const enum key_form form = ways[way].form;
    size_t n = private_key_write(&key, form, der, sizeof der), step = n > 1000 ? 13 : 1;
    for (size_t i = 0; i < n; i += step) {
        struct fault why = { 0 };
        der[i] ^= 4;
        bool read = private_key_read(&(struct der){ .at = der, .n = n }, form, &back, &why);
        der[i] ^= 4;
        ck_assert_int_eq(read, why.ground == NULL);
        ck_assert(read || (back.pub.kind == KEY_NONE && sodium_is_zero((uint8_t *)&back, sizeof back)));
        why = (struct fault){ 0 };
        ck_assert(i == 0 || !private_key_read(&(struct der){ .at = der, .n = i }, form, &back, &why));
    }
}

START_TEST(each_way_there_and_back)
{
    static struct private_key key, back;
    static uint8_t der[PRIVATE_KEY_MAX];
    static char text[PEM_KEY_MAX];
    make(&key, (size_t)_i, 3);
    const enum key_form form = ways[_i].form;
    size_t n = private_key_write(&key, form, der, sizeof der);
    ck_assert_uint_gt(n, 0);
    ck_assert(private_key_read(&(struct der){ .at = der, .n = n }, form, &back, NULL));
    ck_assert(memcmp(&key, &back, sizeof key) == 0);
    size_t size = pem_write_private_key(&key, form, text, sizeof text);
    ck_assert_uint_eq(size, strlen(text));
    ck_assert(pem_private_key(text, size, &back, NULL));
    ck_assert(memcmp(&key, &back, sizeof key) == 0);
    ck_assert_uint_eq(pem_write_private_key(&key, form, text, size / 2), 0);
    memset(der, 0, sizeof der);
    for (size_t room = 0; room < n; room += 7) {       /* no room: nothing stays */
        ck_assert_uint_eq(private_key_write(&key, form, der, room), 0);
        ck_assert(sodium_is_zero(der, room));
    }
    change_octets((size_t)_i);
}
END_TEST

START_TEST(forms_of_other_kinds)
{
    static struct private_key key;
    static uint8_t der[PRIVATE_KEY_MAX];
    for (size_t i = 0; i < WAYS; i++) {
        const enum key_kind kind = ways[i].kind;
        make(&key, i, 4);
        ck_assert_uint_eq(private_key_write(&key, KEY_PKCS1, der, sizeof der) > 0, kind == KEY_RSA);
        ck_assert_uint_eq(private_key_write(&key, KEY_SEC1, der, sizeof der) > 0, key_curve(kind) != NULL);
    }
    key.pub.kind = KEY_NONE;
    ck_assert_uint_eq(private_key_write(&key, KEY_PKCS8, der, sizeof der), 0);
}
END_TEST

/* What OpenSSL wrote, read and written again: not an octet differs, also of the d that is computed. */
START_TEST(files_of_openssl_again)
{
    static const struct { const char *file; enum key_form form; } files[] = {
        { X509 "key-rsa-pkcs8.pem", KEY_PKCS8 }, { X509 "key-rsa-pkcs1.pem", KEY_PKCS1 },
        { X509 "key-rsa-pss.pem", KEY_PKCS8 }, { X509 "key-p256-pkcs8.pem", KEY_PKCS8 },
        { X509 "key-p256-sec1.pem", KEY_SEC1 }, { X509 "key-p384.pem", KEY_PKCS8 },
        { X509 "key-p521-sec1.pem", KEY_SEC1 }, { X509 "key-ed25519.pem", KEY_PKCS8 } };
    static struct private_key key;
    static char written[PEM_KEY_MAX];
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        size_t n;
        char *text = test_file(files[i].file, &n), *begin = strstr(text, "-----BEGIN "), *params;
        while ((params = strstr(begin, "-----BEGIN EC PARAMETERS")) != NULL)
            begin = strstr(params + 1, "-----BEGIN ");
        ck_assert_msg(pem_private_key(text, n, &key, NULL), "%s", files[i].file);
        ck_assert_uint_gt(pem_write_private_key(&key, files[i].form, written, sizeof written), 0);
        ck_assert_msg(strcmp(begin, written) == 0, "%s\n%s", files[i].file, written);
        free(text);
    }
}
END_TEST

/* RFC 8410 §10.3: the example of a private key, and the one with a public key and an attribute beside it. */
START_TEST(ed25519_of_rfc_8410)
{
    static const char plain[] = "-----BEGIN PRIVATE KEY-----\n"
        "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n";
    static const char more[] = "-----BEGIN PRIVATE KEY-----\n"
        "MHICAQEwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n"
        "oB8wHQYKKoZIhvcNAQkJFDEPDA1DdXJkbGUgQ2hhaXJzgSEAGb9ECWmEzf6FQbrB\nZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"
        "-----END PRIVATE KEY-----\n";
    struct private_key key, other;
    char text[PEM_KEY_MAX], hex[65];
    ck_assert(pem_private_key(plain, sizeof plain - 1, &key, NULL));
    ck_assert(pem_private_key(more, sizeof more - 1, &other, NULL));
    ck_assert(memcmp(&key, &other, sizeof key) == 0);
    ck_assert_str_eq(sodium_bin2hex(hex, sizeof hex, key.pub.u.ed25519, 32),
                     "19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1");
    ck_assert_uint_gt(pem_write_private_key(&key, KEY_PKCS8, text, sizeof text), 0);
    ck_assert_str_eq(text, plain);
}
END_TEST

int main(void)
{
    return check_run_rows("private_key", each_way_there_and_back, WAYS,
                          (const TTest *[]){ files_of_openssl_again, forms_of_other_kinds, ed25519_of_rfc_8410, NULL });
}
