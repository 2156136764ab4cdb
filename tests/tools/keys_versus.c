/* keys_versus COUNT [SEED] - our private keys held against OpenSSL's libcrypto: so many keys of each kind (a tenth of
 * RSA, which take their time) are made by either, written in each form, read by the other, written again to the octet,
 * and sign for the other to verify. Started by tests/interop/keys.sh; the long form is make keys-versus. */
#include "tests/lib/chance.h"
#include "tls/x509/pbes2.h"
#include "tls/x509/pem.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char word[] = "correct horse";

static const struct way { const char *name, *type, *curve; enum key_kind kind; unsigned bits; } ways[] = {
    { "RSA 2048", "RSA", NULL, KEY_RSA, 2048 },       { "RSA 3072", "RSA", NULL, KEY_RSA, 3072 },
    { "RSASSA-PSS", "RSA-PSS", NULL, KEY_RSA_PSS, 2048 },
    { "P-256", "EC", "P-256", KEY_P256, 0 },           { "P-384", "EC", "P-384", KEY_P384, 0 },
    { "P-521", "EC", "P-521", KEY_P521, 0 },           { "Ed25519", "ED25519", NULL, KEY_ED25519, 0 },
};
enum { FORMS = 3, ENCRYPTED = 2, TEXT = PEM_KEY_MAX };   /* PKCS #8, the kind's own, encrypted */

static const char *at = "";                            /* what is tried, for who reads that it failed */
static unsigned long number;

static void must(bool good, const char *what)
{
    if (good)
        return;
    printf("%s, number %lu: %s\n", at, number, what);
    ERR_print_errors_fp(stdout);
    exit(1);
}

static bool tell(struct pem_password *password, char *out, size_t *n)
{
    (void)password;
    memcpy(out, word, *n = sizeof word - 1);
    return true;
}

static enum key_form own_form(enum key_kind kind)
{
    return kind == KEY_RSA ? KEY_PKCS1 : key_curve(kind) ? KEY_SEC1 : KEY_PKCS8;
}

/* ---- theirs ---- */

static EVP_PKEY *their_key(const struct way *way)
{
    EVP_PKEY *key = NULL;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, way->type, NULL);
    must(ctx && EVP_PKEY_keygen_init(ctx) > 0
         && (!way->bits || EVP_PKEY_CTX_set_rsa_keygen_bits(ctx, (int)way->bits) > 0)
         && (!way->curve || EVP_PKEY_CTX_set_group_name(ctx, way->curve) > 0) && EVP_PKEY_keygen(ctx, &key) > 0,
         "no key of theirs");
    EVP_PKEY_CTX_free(ctx);
    return key;
}

static size_t their_text(EVP_PKEY *key, unsigned form, enum key_kind kind, char text[TEXT])
{
    BIO *bio = BIO_new(BIO_s_mem());
    int done = form == ENCRYPTED ? PEM_write_bio_PKCS8PrivateKey(bio, key, EVP_aes_256_cbc(), word, sizeof word - 1, NULL, NULL)
             : form == 1 && own_form(kind) != KEY_PKCS8 ? PEM_write_bio_PrivateKey_traditional(bio, key, NULL, NULL, 0, NULL, NULL)
             : PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL);
    int n = done ? BIO_read(bio, text, TEXT - 1) : 0;
    must(n > 0, "no text of theirs");
    text[n] = 0;
    BIO_free(bio);
    return (size_t)n;
}

static const EVP_MD *their_hash(enum hash_kind hash)
{
    return hash == HASH_SHA256 ? EVP_sha256() : hash == HASH_SHA384 ? EVP_sha384() : EVP_sha512();
}

static void their_scheme(EVP_PKEY_CTX *ctx, struct sign_scheme scheme)
{
    if (scheme.kind == SIGN_PSS)
        must(EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) > 0
             && EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) > 0, "no PSS of theirs");
}

static size_t their_sign(EVP_PKEY *key, struct sign_scheme s, const uint8_t *text, size_t n, uint8_t *sig)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    EVP_PKEY_CTX *how;
    size_t size = SIGNATURE_MAX;
    must(EVP_DigestSignInit(ctx, &how, s.kind == SIGN_ED25519 ? NULL : their_hash(s.hash), NULL, key) > 0, "no signing");
    their_scheme(how, s);
    must(EVP_DigestSign(ctx, sig, &size, text, n) > 0, "no signature of theirs");
    EVP_MD_CTX_free(ctx);
    return size;
}

static bool their_verify(EVP_PKEY *key, struct sign_scheme s, const uint8_t *text, size_t n, const uint8_t *sig, size_t size)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    EVP_PKEY_CTX *how;
    must(EVP_DigestVerifyInit(ctx, &how, s.kind == SIGN_ED25519 ? NULL : their_hash(s.hash), NULL, key) > 0, "no verifying");
    their_scheme(how, s);
    bool good = EVP_DigestVerify(ctx, sig, size, text, n) == 1;
    ERR_clear_error();
    EVP_MD_CTX_free(ctx);
    return good;
}

/* ---- both ---- */

static void sign_both_ways(const struct private_key *ours, EVP_PKEY *theirs, struct chance *chance)
{
    static const enum sign_kind kinds[] = { SIGN_PKCS1, SIGN_PSS, SIGN_ECDSA, SIGN_ED25519 };
    uint8_t text[200], sig[SIGNATURE_MAX];
    chance_fill(chance, "text", text, sizeof text);
    const size_t n = text[0] % sizeof text;
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        const struct sign_scheme s = { kinds[k], HASH_SHA256 + (enum hash_kind)(text[1] % 3) };
        if (!key_can(&ours->pub, s))
            continue;
        size_t size = key_sign(ours, chance, s, text, n, sig, NULL);
        must(size > 0 && their_verify(theirs, s, text, n, sig, size), "they refuse our signature");
        sig[size / 2] ^= 1;
        must(!their_verify(theirs, s, text, n, sig, size) && !key_verify(&ours->pub, s, text, n, sig, size,
                                                                         NULL), "a wrong bit");
        size = their_sign(theirs, s, text, n, sig);
        must(key_verify(&ours->pub, s, text, n, sig, size, NULL), "we refuse their signature");
    }
}

static bool our_read(const char *text, size_t n, struct private_key *key)
{
    struct pem_password password = { tell, 0 };
    return pem_private_key_asking(text, n, &password, key, NULL);
}

/* Encrypted with as few iterations as OpenSSL takes: what pem_write_encrypted_key takes is half a second of work. */
static size_t our_sealed_text(const struct private_key *key, struct chance *chance, char text[TEXT])
{
    enum { ITERATIONS = 2048 };
    static uint8_t clear[PRIVATE_KEY_MAX], sealed[PRIVATE_KEY_MAX + PBES2_MORE];
    struct der inner = { .at = clear, .n = private_key_write(key, KEY_PKCS8, clear, sizeof clear) };
    struct der whole = { .at = sealed };
    whole.n = pbes2_seal(&inner, (struct bytes){ (const uint8_t *)word, sizeof word - 1 }, ITERATIONS, chance, sealed,
                         sizeof sealed);
    return pem_write("ENCRYPTED PRIVATE KEY", &whole, text, TEXT);
}

static size_t our_text(const struct private_key *key, unsigned form, struct chance *chance, char text[TEXT])
{
    return form == ENCRYPTED ? our_sealed_text(key, chance, text)
                             : pem_write_private_key(key, form ? own_form(key->pub.kind) : KEY_PKCS8, text, TEXT);
}

static void theirs_to_us(const struct way *way, unsigned form, struct chance *chance)
{
    static char text[TEXT], again[TEXT];
    static struct private_key ours;
    EVP_PKEY *theirs = their_key(way);
    size_t n = their_text(theirs, form, way->kind, text);
    must(our_read(text, n, &ours) && ours.pub.kind == way->kind, "we refuse their key");
    if (form != ENCRYPTED)
        must(our_text(&ours, form, chance, again) == n && memcmp(text, again, n) == 0, "we write their key in another way");
    sign_both_ways(&ours, theirs, chance);
    EVP_PKEY_free(theirs);
}

static void ours_to_them(const struct way *way, unsigned form, struct chance *chance)
{
    static char text[TEXT], again[TEXT];
    static struct private_key ours;
    must(way->bits ? key_make_rsa(&ours, way->bits, chance, NULL) : key_make(&ours, way->kind, chance, "key",
                                                                       NULL), "no key of ours");
    ours.pub.kind = way->kind;
    size_t n = our_text(&ours, form, chance, text);
    BIO *bio = BIO_new_mem_buf(text, (int)n);
    EVP_PKEY *theirs = PEM_read_bio_PrivateKey(bio, NULL, NULL, (void *)(uintptr_t)word);
    EVP_PKEY_CTX *check = theirs ? EVP_PKEY_CTX_new(theirs, NULL) : NULL;
    must(check != NULL, "they refuse our key");
    must(EVP_PKEY_check(check) == 1, "they find our key wrong");
    if (form != ENCRYPTED)
        must(their_text(theirs, form, way->kind, again) == n && memcmp(text, again, n) == 0, "they write our key in another way");
    sign_both_ways(&ours, theirs, chance);
    EVP_PKEY_CTX_free(check);
    EVP_PKEY_free(theirs);
    BIO_free(bio);
}

int main(int argc, char **argv)
{
    const unsigned long count = argc > 1 ? strtoul(argv[1], NULL, 10) : 20;
    struct test_chance chance = test_chance(argc > 2 ? strtoull(argv[2], NULL, 10) : 1);
    if (sodium_init() < 0)
        return 1;
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        const unsigned long each = ways[i].bits ? (count + 9) / 10 : count;
        at = ways[i].name;
        for (number = 0; number < each; number++) {
            theirs_to_us(&ways[i], (unsigned)(number % FORMS), &chance.chance);
            ours_to_them(&ways[i], (unsigned)(number % FORMS), &chance.chance);
        }
        printf("%s: %lu keys of theirs, %lu of ours\n", at, each, each);
    }
    return 0;
}
