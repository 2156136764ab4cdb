#include "tls/x509/pbes2.h"
#include "tls/x509/pem.h"

#include <sodium.h>
#include <string.h>

static const struct ground key_file      = { "x509.key_file",      "RFC 5958 §2" };
static const struct ground key_encrypted = { "x509.key_encrypted", "RFC 5958 §3" };

enum { KEY_FILE_MAX = 8192 };

static bool says_encrypted(const char *at, const char *end)
{
    static const char mark[] = "Proc-Type: 4,ENCRYPTED";  /* RFC 1421 §4.6.1.1, as OpenSSL once wrote keys */
    for (; (size_t)(end - at) >= sizeof mark - 1; at++)
        if (memcmp(at, mark, sizeof mark - 1) == 0)
            return true;
    return false;
}

static const char encrypted[] = "ENCRYPTED PRIVATE KEY";               /* RFC 7468 §11 */

static bool form_of(const char *label, enum key_form *form)
{
    for (*form = KEY_PKCS8; *form <= KEY_SEC1; (*form)++)
        if (strcmp(label, key_form_label(*form)) == 0)
            return true;
    return false;
}

struct found { uint8_t der[KEY_FILE_MAX], clear[KEY_FILE_MAX]; size_t n; enum key_form form; bool encrypted; };

/* The first block of a text that is a private key: its DER. */
static bool find_key(const char *text, size_t n, struct found *f, struct fault *why)
{
    char label[PEM_LABEL] = "";
    const char *at = text, *end = text + n;
    struct fault flaw = { 0 };
    do {
        f->n = pem_next(&at, end, NULL, label, f->der, sizeof f->der, &flaw);
        f->encrypted = strcmp(label, encrypted) == 0;
        if (f->n == 0 && flaw.ground && form_of(label, &f->form) && says_encrypted(at, end))
            return refuse_about(why, &key_encrypted, "private key", "an encrypted key in PKCS #8 (BEGIN ENCRYPTED ...)",
                                "one as OpenSSL once wrote it: openssl pkcs8 -topk8 -in KEY -out NEW makes one of it");
    } while (f->n > 0 && !f->encrypted && !form_of(label, &f->form));
    if (f->n > 0)
        return true;
    if (flaw.ground && why && !why->ground)
        *why = flaw;
    return refuse_about(why, &key_file, "private key", "a block BEGIN PRIVATE KEY", "a text of %zu octets without one",
                        n);
}

static bool decrypt(struct found *f, struct pem_password *password, struct fault *why)
{
    char word[PEM_PASSWORD_MAX];
    size_t n = 0;
    if (!password || !password->ask(password, word, &n))
        return refuse_about(why, &key_encrypted, "private key", "a pass phrase, or a key without one",
                            "an encrypted key (openssl pkey -in KEY -out PLAIN takes it off)");
    f->form = KEY_PKCS8;
    f->n = pbes2_open(&(struct der){ .at = f->der, .n = f->n }, (struct bytes){ (const uint8_t *)word, n },
                      password->work_most, f->clear, why);
    sodium_memzero(word, sizeof word);
    return f->n > 0;
}

bool pem_private_key_asking(const char *text, size_t n, struct pem_password *password, struct private_key *out,
                            struct fault *why)
{
    struct found f;
    *out = (struct private_key){ .pub = { .kind = KEY_NONE } };
    bool read = find_key(text, n, &f, why) && (!f.encrypted || decrypt(&f, password, why))
             && private_key_read(&(struct der){ .at = f.encrypted ? f.clear : f.der, .n = f.n }, f.form, out, why);
    sodium_memzero(&f, sizeof f);
    return read;
}

bool pem_private_key(const char *text, size_t n, struct private_key *out, struct fault *why)
{
    return pem_private_key_asking(text, n, NULL, out, why);
}

size_t pem_write_private_key(const struct private_key *key, enum key_form form, char *out, size_t room)
{
    uint8_t der[PRIVATE_KEY_MAX];
    struct der whole = { .at = der, .n = private_key_write(key, form, der, sizeof der) };
    size_t n = whole.n ? pem_write(key_form_label(form), &whole, out, room) : 0;
    sodium_memzero(der, sizeof der);
    return n;
}

size_t pem_write_encrypted_key(const struct private_key *key, struct bytes password, struct chance *chance, char *out,
                               size_t room)
{
    uint8_t clear[PRIVATE_KEY_MAX], sealed[PRIVATE_KEY_MAX + PBES2_MORE];
    struct der inner = { .at = clear, .n = private_key_write(key, KEY_PKCS8, clear, sizeof clear) };
    struct der whole = { .at = sealed };
    if (inner.n)
        whole.n = pbes2_seal(&inner, password, PBES2_ITERATIONS, chance, sealed, sizeof sealed);
    sodium_memzero(clear, sizeof clear);
    return whole.n ? pem_write(encrypted, &whole, out, room) : 0;
}
