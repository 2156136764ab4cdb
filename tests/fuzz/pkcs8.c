/* A private key in DER, in each form: PKCS #8, PKCS #1, SEC 1, and PBES2 around the first, whose pass phrase is "secret".
 * What is refused leaves nothing; what is read and written is read again, and written the same. */
#include "tls/x509/pbes2.h"
#include "tls/x509/private_key.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROOM = 4096, WORK = 64 };                       /* no input asks for more than some rounds */

static void try_form(const struct der *der, enum key_form form)
{
    static uint8_t one[PRIVATE_KEY_MAX], two[PRIVATE_KEY_MAX];
    struct private_key key;
    struct fault why = { 0 };
    bool read = private_key_read(der, form, &key, &why);
    if (read == (why.ground != NULL) || (!read && key.pub.kind != KEY_NONE))
        abort();
    size_t n = read ? private_key_write(&key, form, one, sizeof one) : 0;
    if (n == 0)
        return;
    struct der written = { .at = one, .n = n };
    if (!private_key_read(&written, form, &key, NULL) || private_key_write(&key, form, two, sizeof two) != n
        || memcmp(one, two, n) != 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t clear[ROOM];
    struct der der = { .at = data, .n = size }, inner = { .at = clear };
    struct fault why = { 0 };
    if (sodium_init() < 0)
        abort();
    if (size > ROOM)
        return 0;
    for (enum key_form form = KEY_PKCS8; form <= KEY_SEC1; form++)
        try_form(&der, form);
    inner.n = pbes2_open(&der, (struct bytes){ (const uint8_t *)"secret", 6 }, WORK, clear, &why);
    if ((inner.n == 0) != (why.ground != NULL) || inner.n > size)
        abort();
    if (inner.n)
        try_form(&inner, KEY_PKCS8);
    return 0;
}
