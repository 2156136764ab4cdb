/* hash_form.h - what tests/ct/sha*.c have in common: a form of a hash function, whose source they include with its
 * instructions in plain C (tests/lib/plain_sha.h), takes the place of the library's; here it hashes secrets, as HMAC and
 * PRF do, and must come out as the portable one. */
#ifndef TESTS_CT_HASH_FORM_H
#define TESTS_CT_HASH_FORM_H

#include "crypto/prf.h"
#include "tests/ct/ct.h"

static void hash_secrets(enum hash_kind kind, const struct cpu *cpu, bool secret, uint8_t out[3 * HASH_MAX])
{
    uint8_t key[48], text[700];
    memset(key, 0x5a, sizeof key);
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (uint8_t)(i * 7 + 1);
    if (secret) {
        ct_secret(key, sizeof key);
        ct_secret(text, sizeof text);
    }
    memset(out, 0, 3 * HASH_MAX);
    hash_of(kind, text, sizeof text, out, cpu);
    tls_prf(kind, key, sizeof key, "key expansion", text, 32, text + 32, 32, out + HASH_MAX, 2 * HASH_MAX, cpu);
    ct_public(out, 3 * HASH_MAX);
}

static int check_form(enum hash_kind kind, unsigned has)
{
    const struct cpu cpu = { has };
    uint8_t secretly[3 * HASH_MAX], openly[3 * HASH_MAX];
    ct_start();
    ct_expect(sodium_init() >= 0, "libsodium");
    hash_secrets(kind, &cpu, true, secretly);
    hash_secrets(kind, NULL, false, openly);
    ct_expect(strcmp(hash_form_name(kind, &cpu), hash_form_name(kind, NULL)) != 0, "the form");
    ct_expect(memcmp(secretly, openly, sizeof openly) == 0, hash_name(kind));
    return 0;
}

#endif
