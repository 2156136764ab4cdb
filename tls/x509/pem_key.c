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

static bool form_of(const char *label, enum key_form *form)
{
    for (*form = KEY_PKCS8; *form <= KEY_SEC1; (*form)++)
        if (strcmp(label, key_form_label(*form)) == 0)
            return true;
    return false;
}

/* The first block of a text that is a private key: its DER into der, and what it is. 0: there is none. */
static size_t find_key(const char *text, size_t n, uint8_t der[KEY_FILE_MAX], enum key_form *form, struct fault *why)
{
    char label[PEM_LABEL] = "";
    const char *at = text, *end = text + n;
    struct fault flaw = { 0 };
    size_t size;
    do {
        size = pem_next(&at, end, NULL, label, der, KEY_FILE_MAX, &flaw);
        if (strcmp(label, "ENCRYPTED PRIVATE KEY") == 0
            || (size == 0 && flaw.ground && form_of(label, form) && says_encrypted(at, end))) {
            refuse_about(why, &key_encrypted, "private key", "a key without a pass phrase",
                         "an encrypted one (openssl pkey -in KEY -out PLAIN takes it off)");
            return 0;
        }
    } while (size > 0 && !form_of(label, form));
    if (size > 0)
        return size;
    if (flaw.ground && why && !why->ground)
        *why = flaw;
    refuse_about(why, &key_file, "private key", "a block BEGIN PRIVATE KEY", "a text of %zu octets without one", n);
    return 0;
}

bool pem_private_key(const char *text, size_t n, struct private_key *out, struct fault *why)
{
    return pem_private_key_asking(text, n, NULL, out, why);
}

bool pem_private_key_asking(const char *text, size_t n, struct pem_password *password, struct private_key *out,
                            struct fault *why)
{
    uint8_t der[KEY_FILE_MAX];
    enum key_form form;
    (void)password;
    *out = (struct private_key){ .pub = { .kind = KEY_NONE } };
    size_t size = find_key(text, n, der, &form, why);
    bool read = size > 0 && private_key_read(&(struct der){ .at = der, .n = size }, form, out, why);
    sodium_memzero(der, sizeof der);
    return read;
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
    (void)password;
    (void)chance;
    return pem_write_private_key(key, KEY_PKCS8, out, 0 * room);
}
