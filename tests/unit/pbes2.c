/* Keys out of pass phrases (PBKDF2, scrypt), and private keys under them (PBES2). */
#include "crypto/stretch.h"
#include "tests/lib/certs.h"
#include "tests/lib/chance.h"
#include "tests/lib/check.h"
#include "tls/x509/pbes2.h"
#include "tls/x509/pem.h"

#include <stdlib.h>
#include <string.h>

struct row { const char *password, *salt; size_t password_n, salt_n; struct stretch how; size_t n; const char *key; };

static void check_row(const struct row *r)
{
    uint8_t key[64];
    struct stretch how = r->how;
    how.salt = (const uint8_t *)r->salt;
    how.salt_n = r->salt_n;
    ck_assert(stretch_key(&how, r->password, r->password_n, key, r->n, NULL));
    check_is_hex(key, r->n, r->key);
}

#define TEXT(p, s) p, s, sizeof p - 1, sizeof s - 1

/* RFC 6070 §2 (SHA-1), RFC 7914 §11 (SHA-256). */
START_TEST(pbkdf2_of_the_rfcs)
{
    static const struct row rows[] = {
        { TEXT("password", "salt"), { .iterations = 1 }, 20, "0c60c80f961f0e71f3a9b524af6012062fe037a6" },
        { TEXT("password", "salt"), { .iterations = 2 }, 20, "ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957" },
        { TEXT("password", "salt"), { .iterations = 4096 }, 20, "4b007901b765489abead49d926f721d065a429c1" },
        { TEXT("passwordPASSWORDpassword", "saltSALTsaltSALTsaltSALTsaltSALTsalt"), { .iterations = 4096 }, 25,
          "3d2eec4fe41c849b80c8d83662c0e44a8b291a964cf2f07038" },
        { TEXT("pass\0word", "sa\0lt"), { .iterations = 4096 }, 16, "56fa6aa75548099dcc37d7f03425e0c3" },
        { TEXT("passwd", "salt"), { .hash = HASH_SHA256, .iterations = 1 }, 64,
          "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"
          "49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check_row(&rows[i]);
}
END_TEST

/* RFC 7914 §12, without the one of a gigabyte. */
START_TEST(scrypt_of_the_rfc)
{
    static const struct row rows[] = {
        { TEXT("", ""), { .scrypt = true, .n = 16, .r = 1, .p = 1 }, 64,
          "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
          "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906" },
        { TEXT("password", "NaCl"), { .scrypt = true, .n = 1024, .r = 8, .p = 16 }, 64,
          "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
          "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check_row(&rows[i]);
}
END_TEST

START_TEST(work_is_known_before)
{
    static const struct { struct stretch how; uint64_t work, memory; } rows[] = {
        { { .hash = HASH_SHA256, .iterations = 1000 }, 1000, 0 },
        { { .hash = HASH_SHA1, .iterations = 1000 }, 2000, 0 },            /* two blocks of 20 make 32 */
        { { .hash = HASH_SHA1, .iterations = UINT64_MAX }, UINT64_MAX, 0 },
        { { .scrypt = true, .n = 16384, .r = 8, .p = 1 }, 131072, 16 << 20 },
        { { .scrypt = true, .n = (uint64_t)1 << 40, .r = 1 << 20, .p = 1 << 20 }, UINT64_MAX, UINT64_MAX },
        { { .scrypt = true, .n = 0, .r = 8, .p = 1 }, 0, 0 },
    };
    static const struct stretch bad[] = {
        { .hash = HASH_SHA256 }, { .scrypt = true, .n = 1, .r = 8, .p = 1 }, { .scrypt = true, .n = 17, .r = 8, .p = 1 },
        { .scrypt = true, .n = 16, .r = 0, .p = 1 }, { .scrypt = true, .n = 16, .r = 1, .p = 0 },
        { .scrypt = true, .n = 2, .r = 1 << 15, .p = 1 << 15 } };
    uint8_t key[32];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ck_assert_uint_eq(stretch_work(&rows[i].how, 32), rows[i].work);
        ck_assert_uint_eq(stretch_memory(&rows[i].how), rows[i].memory);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(!stretch_key(&bad[i], "x", 1, key, sizeof key, NULL), "row %zu", i);
}
END_TEST

/* ---- files ---- */

static const struct bytes secret = { (const uint8_t *)"secret", 6 };

/* An EncryptedPrivateKeyInfo of these parts (hex): what it says when it is opened. */
static const char *open_parts(const char *algorithm, const char *data)
{
    uint8_t alg[300], der[700], out[700];
    size_t alg_n = check_hex(algorithm, alg, sizeof alg), data_n;
    struct wire_out w = wire_into(der, sizeof der);
    struct fault why = { 0 };
    struct put_der seq = put_der_open(&w, DER_SEQUENCE);
    put_bytes(&w, "algorithm", alg, alg_n);
    data_n = check_hex(data, alg, sizeof alg);
    put_der_bytes(&w, DER_OCTET_STRING, alg, data_n);
    put_der_close(&w, seq);
    size_t n = pbes2_open(&(struct der){ .at = der, .n = wire_written(&w) }, secret, 0, out, &why);
    ck_assert_int_eq(n > 0, why.ground == NULL);
    return n ? "" : why.ground->id;
}

#define PBES2 "06092a864886f70d01050d"
#define KDF2 "06092a864886f70d01050c"
#define SALT "04080102030405060708"
#define SHA256 "300c06082a864886f70d02090500"
#define AES256 "301d06096086480165030401 2a 0410 00000000000000000000000000000000"
#define SCRYPT "06092b06010401da47040b"
#define ONE_BLOCK "00112233445566778899aabbccddeeff"

START_TEST(each_part_is_judged)
{
    static const struct { const char *algorithm, *data, *id; } rows[] = {
        { "3050" PBES2 "3043" "3022" KDF2 "3015" SALT "020101" "300606022a030500" AES256, ONE_BLOCK, "x509.key_cipher" },
        /* as it should be, but for the pass phrase */
        { "3057" PBES2 "304a" "3029" KDF2 "301c" SALT "02020800" SHA256 AES256, ONE_BLOCK, "x509.key_password" },
        { "3049" PBES2 "303c" "301b" KDF2 "300e" SALT "02020800" AES256, ONE_BLOCK, "x509.key_password" },
        { "304c" PBES2 "303f" "301e" KDF2 "3011" SALT "02020800" "020120" AES256, ONE_BLOCK, "x509.key_password" },
        /* a key of another length than AES has, or none */
        { "304c" PBES2 "303f" "301e" KDF2 "3011" SALT "02020800" "020110" AES256, ONE_BLOCK, "x509.key_file" },
        { "304c" PBES2 "303f" "301e" KDF2 "3011" SALT "02020800" "020100" AES256, ONE_BLOCK, "x509.key_file" },
        /* no whole block, no block */
        { "3057" PBES2 "304a" "3029" KDF2 "301c" SALT "02020800" SHA256 AES256, "001122", "x509.key_file" },
        { "3057" PBES2 "304a" "3029" KDF2 "301c" SALT "02020800" SHA256 AES256, "", "x509.key_file" },
        /* iterations: 0, below 0, four million and one, 2^64 */
        { "3056" PBES2 "3049" "3028" KDF2 "301b" SALT "020100" SHA256 AES256, ONE_BLOCK, "x509.key_file" },
        { "3056" PBES2 "3049" "3028" KDF2 "301b" SALT "0201ff" SHA256 AES256, ONE_BLOCK, "x509.key_file" },
        { "3058" PBES2 "304b" "302a" KDF2 "301d" SALT "02033d0901" SHA256 AES256, ONE_BLOCK, "x509.key_work" },
        { "305e" PBES2 "3051" "3030" KDF2 "3023" SALT "0209010000000000000000" SHA256 AES256, ONE_BLOCK,
          "x509.key_work" },
        /* scrypt: little, much memory (2^17, 8), much work (p), N no power of two */
        { "304e" PBES2 "3041" "3020" SCRYPT "3013" SALT "020110020108020101" AES256, ONE_BLOCK, "x509.key_password" },
        { "3050" PBES2 "3043" "3022" SCRYPT "3015" SALT "0203020000020108020101" AES256, ONE_BLOCK, "x509.key_work" },
        { "3051" PBES2 "3044" "3023" SCRYPT "3016" SALT "020110020108" "02040fffffff" AES256, ONE_BLOCK, "x509.key_work" },
        { "304e" PBES2 "3041" "3020" SCRYPT "3013" SALT "020111020108020101" AES256, ONE_BLOCK, "x509.key_file" },
        /* other ways: PBES1, triple DES, a function nobody knows */
        { "301a" "06092a864886f70d010503" "300d" SALT "02010a", ONE_BLOCK, "x509.key_cipher" },
        { "304d" PBES2 "3040" "3029" KDF2 "301c" SALT "02020800" SHA256 "3013" "06082a864886f70d0307" "0407"
          "00000000000000", ONE_BLOCK, "x509.key_cipher" },
        { "3032" PBES2 "3025" "3004" "06022a03" AES256, ONE_BLOCK, "x509.key_cipher" },
        { "300b" PBES2, ONE_BLOCK, "x509.key_file" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *id = open_parts(rows[i].algorithm, rows[i].data);
        ck_assert_msg(strcmp(id, rows[i].id) == 0, "row %zu: %s, not %s", i, id, rows[i].id);
    }
}
END_TEST

START_TEST(what_is_sealed_is_opened)
{
    static uint8_t sealed[PRIVATE_KEY_MAX + PBES2_MORE], clear[PRIVATE_KEY_MAX], back[sizeof sealed];
    struct test_chance c = test_chance(1);
    for (size_t n = 5; n < 300; n++) {                 /* each padding; a SEQUENCE with a version and a filling */
        struct wire_out w = wire_into(clear, sizeof clear);
        struct put_der seq = put_der_open(&w, DER_SEQUENCE);
        put_der_uint(&w, "", 1);
        put_der_bytes(&w, DER_OCTET_STRING, sealed, n);
        put_der_close(&w, seq);
        struct der key = { .at = clear, .n = wire_written(&w) }, whole = { .at = sealed };
        whole.n = pbes2_seal(&key, secret, 2, &c.chance, sealed, sizeof sealed);
        ck_assert(whole.n > key.n && whole.n <= key.n + PBES2_MORE);
        ck_assert_uint_eq(pbes2_open(&whole, secret, 0, back, NULL), key.n);
        check_bytes(back, clear, key.n);
        if (n > 20)
            continue;
        struct fault why = { 0 };
        ck_assert_uint_eq(pbes2_open(&whole, (struct bytes){ secret.at, 5 }, 0, back, &why), 0);
        ck_assert_str_eq(why.ground->id, "x509.key_password");
        why = (struct fault){ 0 };
        ck_assert_uint_eq(pbes2_open(&whole, secret, 1, back, &why), 0);   /* a limit of the caller's own */
        ck_assert_str_eq(why.ground->id, "x509.key_work");
        for (size_t room = 0; room < whole.n; room++) {
            memset(back, 0, sizeof back);
            ck_assert_uint_eq(pbes2_seal(&key, secret, 2, &c.chance, back, room), 0);
            ck_assert(sodium_is_zero(back, room));
        }
    }
}
END_TEST

struct answer { struct pem_password password; const char *word; unsigned asked; };

static bool answer(struct pem_password *password, char *out, size_t *n)
{
    struct answer *a = (struct answer *)(void *)password;
    a->asked++;
    if (!a->word)
        return false;
    memcpy(out, a->word, *n = strlen(a->word));
    return true;
}

static const char *read_key(const char *path, const char *word, unsigned asked, struct private_key *key)
{
    size_t n;
    char *text = test_file(path, &n);
    struct answer a = { { answer, 0 }, word, 0 };
    struct fault why = { 0 };
    bool read = pem_private_key_asking(text, n, &a.password, key, &why);
    free(text);
    ck_assert_int_eq(read, why.ground == NULL);
    ck_assert_uint_eq(a.asked, asked);
    return read ? "" : why.ground->id;
}

#define X509 "tests/vectors/x509/"

/* The keys of tests/vectors/x509 under "secret", as openssl 3.0 and certtool 3.7 encrypt. */
START_TEST(files_of_others)
{
    static const struct { const char *file, *same; } files[] = {
        { X509 "key-pbes2-sha1-aes128.pem", X509 "key-p256-pkcs8.pem" },
        { X509 "key-pbes2-sha512-aes256.pem", X509 "key-p256-pkcs8.pem" },
        { X509 "key-pbes2-scrypt.pem", X509 "key-p256-pkcs8.pem" },
        { X509 "key-pbes2-certtool.pem", X509 "key-ed25519.pem" } };
    struct private_key one, same;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        ck_assert_str_eq(read_key(files[i].same, NULL, 0, &same), "");
        ck_assert_str_eq(read_key(files[i].file, "secret", 1, &one), "");
        ck_assert(memcmp(&one, &same, sizeof one) == 0);
        if (strstr(files[i].file, "certtool"))         /* 600,000 iterations each time */
            continue;
        ck_assert_str_eq(read_key(files[i].file, "Secret", 1, &one), "x509.key_password");
        ck_assert_str_eq(read_key(files[i].file, "", 1, &one), "x509.key_password");
        ck_assert_str_eq(read_key(files[i].file, NULL, 1, &one), "x509.key_encrypted");
        ck_assert_int_eq(one.pub.kind, KEY_NONE);
    }
    ck_assert_str_eq(read_key(X509 "key-pbes2-des3.pem", "secret", 1, &one), "x509.key_cipher");
    ck_assert_str_eq(read_key(X509 "key-encrypted-pkcs1.pem", "secret", 0, &one), "x509.key_encrypted");
}
END_TEST

START_TEST(text_and_back)
{
    static struct private_key key, back;
    static char text[PEM_KEY_MAX];
    struct test_chance c = test_chance(9);
    ck_assert(key_make_rsa(&key, 4096, &c.chance, NULL));
    size_t n = pem_write_encrypted_key(&key, secret, &c.chance, text, sizeof text);
    struct answer a = { { answer, 0 }, "secret", 0 };
    ck_assert_uint_eq(n, strlen(text));
    ck_assert(pem_private_key_asking(text, n, &a.password, &back, NULL));
    ck_assert(memcmp(&key, &back, sizeof key) == 0);
    ck_assert(!pem_private_key(text, n, &back, NULL));
}
END_TEST

int main(void)
{
    return check_run("pbes2", (const TTest *[]){
        pbkdf2_of_the_rfcs, scrypt_of_the_rfc, work_is_known_before, each_part_is_judged, what_is_sealed_is_opened,
        files_of_others, text_and_back, NULL });
}
