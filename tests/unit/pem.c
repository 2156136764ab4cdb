/* PEM, and private keys in its three forms. */
#include "tests/lib/certs.h"
#include "tests/lib/check.h"
#include "tls/x509/pem.h"

#include <stdlib.h>
#include <string.h>

#define BEGIN "-----BEGIN THING-----\n"
#define END   "-----END THING-----\n"

static uint8_t out[64];

/* The one block in a text as hex; "broken" or "none". */
static const char *block(const char *text)
{
    static char hex[129];
    const char *at = text;
    struct fault why = { 0 };
    size_t n = pem_next(&at, text + strlen(text), "THING", NULL, out, sizeof out, &why);
    ck_assert_int_eq(n == 0 && why.ground, why.ground != NULL);
    if (why.ground) {
        ck_assert_str_eq(why.ground->id, "x509.pem");
        return "broken";
    }
    return n ? sodium_bin2hex(hex, sizeof hex, out, n) : "none";
}

START_TEST(blocks)
{
    static const struct { const char *text, *is; } rows[] = {
        { BEGIN "Zm9v\n" END, "666f6f" },
        { BEGIN "Zm9vYmE=\n" END, "666f6f6261" },
        { BEGIN "Zm9vYg==\n" END, "666f6f62" },
        { "some text\n" BEGIN "Zm9v\n" END "more", "666f6f" },
        { "-----BEGIN OTHER-----\nAAAA\n-----END OTHER-----\n" BEGIN "Zm9v\n" END, "666f6f" },
        { BEGIN "  Zm\r\n\t9v \r\n" END, "666f6f" },                       /* white space anywhere */
        { "-----BEGIN THING-----Zm9v-----END THING-----", "666f6f" },
        { "", "none" },
        { "-----BEGIN THING", "none" },
        { "-----BEGIN OTHER-----\nZm9v\n-----END OTHER-----\n", "none" },
        { BEGIN "Zm9v\n", "broken" },                                      /* no end */
        { BEGIN "Zm9v\n-----END OTHER-----\n", "broken" },
        { BEGIN "Zm9\n" END, "broken" },                                   /* no padding */
        { BEGIN "Zm9vY\n" END, "broken" },
        { BEGIN "Zm9vY===\n" END, "broken" },
        { BEGIN "Zm9vYg=\n" END, "broken" },
        { BEGIN "Zm9vYg===\n" END, "broken" },
        { BEGIN "=m9v\n" END, "broken" },
        { BEGIN "Zm9v====\n" END, "broken" },
        { BEGIN "Zm9vYg==AAAA\n" END, "broken" },                          /* padding in the middle */
        { BEGIN "Zm9vYh==\n" END, "broken" },                              /* bits under the padding */
        { BEGIN "Zm9vYmF=\n" END, "broken" },
        { BEGIN "Zm9v!A==\n" END, "broken" },
        { BEGIN "Zm-v\n" END, "broken" },                                  /* the other alphabet */
        { BEGIN "Proc-Type: 4,ENCRYPTED\n\nZm9v\n" END, "broken" },
        { BEGIN END, "broken" },                                           /* nothing in it */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        ck_assert_msg(strcmp(block(rows[i].text), rows[i].is) == 0, "row %zu: %s", i, block(rows[i].text));
}
END_TEST

START_TEST(blocks_come_one_after_the_other)
{
    static const char text[] =
        "-----BEGIN A-----\nAAAA\n-----END A-----\n-----BEGIN B-----\nAQ==\n-----END B-----\n";
    const char *at = text, *end = text + sizeof text - 1;
    char label[PEM_LABEL];
    struct fault why = { 0 };
    ck_assert_uint_eq(pem_next(&at, end, NULL, label, out, sizeof out, &why), 3);
    ck_assert_str_eq(label, "A");
    ck_assert_uint_eq(pem_next(&at, end, NULL, label, out, sizeof out, &why), 1);
    ck_assert_str_eq(label, "B");
    ck_assert_uint_eq(pem_next(&at, end, NULL, label, out, sizeof out, &why), 0);
    ck_assert_ptr_null(why.ground);
    at = text;
    ck_assert_uint_eq(pem_next(&at, end, NULL, label, out, 2, &why), 0);   /* too little room */
    ck_assert_str_eq(why.ground->id, "x509.pem");
}
END_TEST

/* RFC 7468 §3: what is no label begins no block, so that one that is read can be written. */
START_TEST(labels_that_are_none)
{
    static const char *const none[] = { "-X", " X", "X ", "A--B", "A- B", "A\tB", "A\x7f", "A\xc3\xa9" };
    uint8_t der[16];
    char text[128];
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        const char *at = text;
        struct fault why = { 0 };
        int n = snprintf(text, sizeof text, "-----BEGIN %s-----\nAQID\n-----END %s-----\n", none[i], none[i]);
        ck_assert_msg(pem_next(&at, text + n, NULL, NULL, der, sizeof der, &why) == 0 && !why.ground, "%s", none[i]);
    }
}
END_TEST

START_TEST(what_is_written_is_read)
{
    static uint8_t data[300], back[300];
    static char text[700];
    for (size_t n = 1; n <= sizeof data; n++) {
        data[n - 1] = (uint8_t)(n * 37);
        size_t size = pem_write("THING", &(struct der){ .at = data, .n = n }, text, sizeof text);
        ck_assert_uint_eq(size, strlen(text));
        for (const char *line = text; *line; line = strchr(line, '\n') + 1)
            ck_assert_uint_le(strcspn(line, "\n"), 64);
        const char *at = text;
        struct fault why = { 0 };
        ck_assert_uint_eq(pem_next(&at, text + size, "THING", NULL, back, sizeof back, &why), n);
        check_bytes(back, data, n);
        char *tight = malloc(size);                                        /* never a byte too many */
        for (size_t room = 0; room < size && n % 50 == 1; room++)
            ck_assert_uint_eq(pem_write("THING", &(struct der){ .at = data, .n = n }, tight, room), 0);
        free(tight);
    }
}
END_TEST

/* ---- keys ---- */

#define X509 "tests/vectors/x509/"

static const char *read_key(const char *path, struct private_key *key)
{
    size_t n;
    char *text = test_file(path, &n);
    struct fault why = { 0 };
    bool read = pem_private_key(text, n, key, &why);
    free(text);
    ck_assert_int_eq(read, why.ground == NULL);
    ck_assert_int_eq(read, key->pub.kind != KEY_NONE);
    return read ? "" : why.ground->id;
}

START_TEST(keys_of_openssl)
{
    struct private_key one, other;
    static struct test_cert cert;
    ck_assert_str_eq(read_key(X509 "key-rsa-pkcs8.pem", &one), "");
    ck_assert_str_eq(read_key(X509 "key-rsa-pkcs1.pem", &other), "");
    ck_assert(one.pub.kind == KEY_RSA && memcmp(&one, &other, sizeof one) == 0);
    test_read_pem(&cert, X509 "real.pem", 0);
    ck_assert(key_matches(&one, &cert.cert.key, NULL));
    ck_assert_str_eq(read_key(X509 "key-p256-pkcs8.pem", &one), "");
    ck_assert_str_eq(read_key(X509 "key-p256-sec1.pem", &other), "");
    ck_assert(one.pub.kind == KEY_P256 && memcmp(&one, &other, sizeof one) == 0);
    ck_assert_str_eq(read_key(X509 "key-p256-no-public.pem", &other), "");
    ck_assert(memcmp(&one, &other, sizeof one) == 0);
    test_read_pem(&cert, X509 "real.pem", 1);
    ck_assert(key_matches(&one, &cert.cert.key, NULL));
}
END_TEST

/* Found by BoringSSL's runner, whose P-521 key is an octet shorter than RFC 5915 §3 wants it: nothing is unclear. */
START_TEST(a_number_without_its_zeros)
{
    static const char five[] = "-----BEGIN EC PRIVATE KEY-----\nMA8CAQEEAQWgBwYFK4EEACM=\n-----END EC PRIVATE KEY-----\n";
    struct private_key key;
    struct fault why = { 0 };
    ck_assert(pem_private_key(five, sizeof five - 1, &key, &why));
    ck_assert(key.pub.kind == KEY_P521 && key.u.ec[65] == 5 && key.u.ec[0] == 0 && key.u.ec[64] == 0);
}
END_TEST

/* Found by interop/keys.sh: GnuTLS puts a zero in front of half of its numbers, one octet more than the order has. */
START_TEST(a_number_with_a_zero_more)
{
    struct test_chance c = test_chance(1);
    struct private_key key, back;
    uint8_t der[256], number[50] = { 0 };
    do
        ck_assert(key_make(&key, KEY_P384, &c.chance, "key", NULL));
    while (!(key.u.ec[0] & 0x80));
    memcpy(number + 2, key.u.ec, 48);
    for (size_t zeros = 0; zeros <= 3; zeros++) {
        struct wire_out w = wire_into(der, sizeof der);
        struct put_der seq = put_der_open(&w, DER_SEQUENCE);
        put_der_uint(&w, (const uint8_t[]){ 1 }, 1);
        number[0] = zeros == 3;                        /* no zero: the number is too large */
        put_der_bytes(&w, DER_OCTET_STRING, zeros == 3 ? number : number + 2 - zeros, zeros == 3 ? 50 : 48 + zeros);
        struct put_der choice = put_der_open(&w, DER_CONTEXT_CONSTRUCTED | 0);
        put_der_oid(&w, "1.3.132.0.34");
        put_der_close(&w, choice);
        put_der_close(&w, seq);
        bool read = private_key_read(&(struct der){ .at = der, .n = wire_written(&w) }, KEY_SEC1, &back, NULL);
        ck_assert(zeros == 3 ? !read : read && memcmp(&key, &back, sizeof key) == 0);
    }
}
END_TEST

START_TEST(other_keys_are_refused_by_name)
{
    struct private_key key;
    ck_assert_str_eq(read_key(X509 "key-encrypted-pkcs8.pem", &key), "x509.key_encrypted");
    ck_assert_str_eq(read_key(X509 "key-encrypted-pkcs1.pem", &key), "x509.key_encrypted");
    ck_assert_str_eq(read_key(X509 "key-p384.pem", &key), "");
    ck_assert_int_eq(key.pub.kind, KEY_P384);
    ck_assert_str_eq(read_key(X509 "key-ed25519.pem", &key), "");
    ck_assert_int_eq(key.pub.kind, KEY_ED25519);
    ck_assert_str_eq(read_key(X509 "key-p521-sec1.pem", &key), "");
    ck_assert_int_eq(key.pub.kind, KEY_P521);
    ck_assert_str_eq(read_key(X509 "key-rsa-pss.pem", &key), "");
    ck_assert(key.pub.kind == KEY_RSA_PSS && key.pub.pss_bound && key.pub.pss_hash == HASH_SHA384);
    ck_assert_str_eq(read_key(X509 "key-rsa-1024.pem", &key), "x509.key_kind");
    /* CVE-2020-0601: parameters of one's own; CVE-2022-0778: no square root is taken for a compressed point */
    ck_assert_str_eq(read_key(X509 "key-explicit.pem", &key), "x509.key_kind");
    ck_assert_str_eq(read_key(X509 "key-compressed.pem", &key), "x509.key_kind");
    ck_assert_str_eq(read_key(X509 "real.pem", &key), "x509.key_file");    /* certificates, no key */
}
END_TEST

/* A key of ours, written, with one octet changed: its halves do not fit, or it is no key any more. */
START_TEST(halves_must_fit)
{
    const struct private_key *key = &classroom_p256_keys[CLASSROOM_LEAF];
    uint8_t der[256];
    char text[512];
    struct private_key back;
    size_t n = private_key_write(key, KEY_PKCS8, der, sizeof der);
    ck_assert_uint_gt(n, 0);
    ck_assert_uint_eq(private_key_write(key, KEY_PKCS8, der, n - 1), 0);
    ck_assert_uint_eq(private_key_write(&classroom_rsa_keys[0], KEY_PKCS8, der, sizeof der), 0);
    private_key_write(key, KEY_PKCS8, der, sizeof der);
    size_t size = pem_write("PRIVATE KEY", &(struct der){ .at = der, .n = n }, text, sizeof text);
    ck_assert(pem_private_key(text, size, &back, NULL));
    ck_assert(memcmp(back.u.ec, key->u.ec, 32) == 0
              && memcmp(&back.pub.u.ec, key->pub.u.ec, 65) == 0);
    for (size_t i = 0; i < n; i++) {
        struct fault why = { 0 };
        der[i] ^= 1;
        size = pem_write("PRIVATE KEY", &(struct der){ .at = der, .n = n }, text, sizeof text);
        /* nobody looks at the first version; all else is checked */
        bool read = pem_private_key(text, size, &back, &why);
        ck_assert_msg(!read || i == 4 || i == 5, "octet %zu", i);
        der[i] ^= 1;
    }
}
END_TEST

START_TEST(rsa_halves_must_fit)
{
    size_t n;
    char *text = test_file(X509 "key-rsa-pkcs1.pem", &n), *pem = malloc(4096);
    static uint8_t der[2048];
    const char *at = text;
    struct fault why = { 0 };
    struct private_key key;
    size_t size = pem_next(&at, text + n, "RSA PRIVATE KEY", NULL, der, sizeof der, &why);
    ck_assert_uint_gt(size, 1000);
    for (size_t i = 700; i < size; i += 97) {  /* in the primes and their exponents */
        der[i] ^= 2;
        why = (struct fault){ 0 };
        size_t m = pem_write("RSA PRIVATE KEY", &(struct der){ .at = der, .n = size }, pem, 4096);
        ck_assert_msg(!pem_private_key(pem, m, &key, &why) && key.pub.kind == KEY_NONE, "octet %zu", i);
        der[i] ^= 2;
    }
    free(text);
    free(pem);
}
END_TEST

int main(void)
{
    return check_run("pem", (const TTest *[]){ blocks, blocks_come_one_after_the_other, labels_that_are_none,
                                               what_is_written_is_read, keys_of_openssl,
                                               other_keys_are_refused_by_name, a_number_without_its_zeros,
                                               a_number_with_a_zero_more, halves_must_fit,
                                               rsa_halves_must_fit, NULL });
}
