/* key_tool - private keys of ours for other programs, and those of other programs for us: what tests/interop/keys.sh
 * starts.
 *     key_tool make KIND FORM SEED [PASS]     KIND: rsa-2048 rsa-pss-2048 p256 p384 p521 ed25519 ...; FORM: pkcs8, own
 *                                             (PKCS #1 or SEC 1), encrypted. PEM on standard output.
 *     key_tool public FILE [PASS]             its public half, as SubjectPublicKeyInfo in PEM; or the ground, 58
 * The keys are of a seed: everybody has them. */
#include "tests/lib/chance.h"
#include "tls/x509/pem.h"
#include "tls/x509/put_parts.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_CERTIFICATE = 58, FILE_MAX = 16384 };

static int make(const char *kind, const char *form, uint64_t seed, const char *pass)
{
    static const struct { const char *name; enum key_kind kind; } curves[] = {
        { "p256", KEY_P256 }, { "p384", KEY_P384 }, { "p521", KEY_P521 }, { "ed25519", KEY_ED25519 } };
    struct test_chance chance = test_chance(seed);
    struct private_key key = { .pub.kind = KEY_NONE };
    char text[PEM_KEY_MAX];
    size_t n = 0;
    for (size_t i = 0; i < sizeof curves / sizeof *curves; i++)
        if (strcmp(kind, curves[i].name) == 0)
            key_make(&key, curves[i].kind, &chance.chance, "key", NULL);
    const char *bits = strncmp(kind, "rsa-pss-", 8) == 0 ? kind + 8 : strncmp(kind, "rsa-", 4) == 0 ? kind + 4 : NULL;
    if (bits && key_make_rsa(&key, (unsigned)strtoul(bits, NULL, 10), &chance.chance, NULL) && bits == kind + 8)
        key.pub.kind = KEY_RSA_PSS;
    if (strcmp(form, "pkcs8") == 0)
        n = pem_write_private_key(&key, KEY_PKCS8, text, sizeof text);
    else if (strcmp(form, "own") == 0)
        n = pem_write_private_key(&key, key.pub.kind == KEY_RSA ? KEY_PKCS1 : KEY_SEC1, text, sizeof text);
    else if (pass)
        n = pem_write_encrypted_key(&key, (struct bytes){ (const uint8_t *)pass, strlen(pass) }, &chance.chance, text,
                                    sizeof text);
    fwrite(text, 1, n, stdout);
    return n ? 0 : 2;
}

struct pass { struct pem_password password; const char *word; };

static bool tell(struct pem_password *password, char *out, size_t *n)
{
    const char *word = ((struct pass *)(void *)password)->word;
    if (word)
        memcpy(out, word, *n = strlen(word));
    return word != NULL;
}

static int public_half(const char *file, const char *word)
{
    struct pass pass = { { tell, 0 }, word };
    struct private_key key;
    struct fault why = { 0 };
    char text[FILE_MAX];
    uint8_t der[1024];
    FILE *f = fopen(file, "r");
    size_t n = f ? fread(text, 1, sizeof text, f) : 0;
    if (f)
        fclose(f);
    if (!pem_private_key_asking(text, n, &pass.password, &key, &why)) {
        fprintf(stderr, "%s: expected %s, came %s\n", why.ground->id, why.expected, why.came);
        return EXIT_CERTIFICATE;
    }
    struct wire_out w = wire_into(der, sizeof der);
    x509_put_key(&w, &key.pub);
    n = pem_write("PUBLIC KEY", &(struct der){ .at = der, .n = wire_written(&w) }, text, sizeof text);
    fwrite(text, 1, n, stdout);
    return 0;
}

int main(int argc, char **argv)
{
    if (sodium_init() < 0)
        return 1;
    if (argc >= 5 && strcmp(argv[1], "make") == 0)
        return make(argv[2], argv[3], strtoull(argv[4], NULL, 10), argc > 5 ? argv[5] : NULL);
    if (argc >= 3 && strcmp(argv[1], "public") == 0)
        return public_half(argv[2], argc > 3 ? argv[3] : NULL);
    fputs("key_tool make KIND FORM SEED [PASS] | public FILE [PASS]\n", stderr);
    return 2;
}
