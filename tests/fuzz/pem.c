/* A PEM text: its blocks, its certificates as anchors, its private key, also an encrypted one (pass phrase "secret"). A
 * block that was read is read again as it is written. */
#include "tls/x509/pem.h"
#include "tls/x509/store.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_back(const char *label, const uint8_t *der, size_t n)
{
    static char text[20000];
    static uint8_t back[9000];
    const char *at = text;
    struct fault why = { 0 };
    size_t size = pem_write(label, &(struct der){ .at = der, .n = n }, text, sizeof text);
    if (size != strlen(text) || pem_next(&at, text + size, label, NULL, back, sizeof back, &why) != n
        || memcmp(back, der, n) != 0)
        abort();
}

static bool tell(struct pem_password *password, char *out, size_t *n)
{
    (void)password;
    memcpy(out, "secret", *n = 6);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t der[9000];
    char label[PEM_LABEL];
    const char *at = (const char *)data, *end = at + size;
    struct fault why = { 0 };
    struct private_key key;
    struct pem_password password = { tell, 64 };       /* 64 rounds, not millions */
    struct x509_store trust = { 0 };
    size_t n, skipped;
    if (sodium_init() < 0)
        abort();
    while (at < end) {
        const char *before = at;
        why = (struct fault){ 0 };
        n = pem_next(&at, end, NULL, label, der, sizeof der, &why);
        if ((n > 0 && why.ground) || at < before || at > end || (at == before && at < end))
            abort();
        if (n > 0)
            read_back(label, der, n);
    }
    why = (struct fault){ 0 };
    if (pem_private_key_asking((const char *)data, size, &password, &key, &why) == (why.ground != NULL))
        abort();
    x509_store_add_pem(&trust, (const char *)data, size, &skipped, NULL);
    x509_store_free(&trust);
    return 0;
}
