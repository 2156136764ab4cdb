#include "crypto/ccm.h"
#include "tests/lib/check.h"

#include <string.h>

static struct cpu cpu;                                 /* the portable form */

/* SP 800-38C appendix C.3 (example 3): a tag of 8 octets. */
START_TEST(example_of_sp_800_38c)
{
    uint8_t key[16], nonce[12], aad[20], want[24], data[32];
    struct ccm_key k;
    for (unsigned i = 0; i < sizeof key; i++)
        key[i] = (uint8_t)(0x40 + i);
    for (unsigned i = 0; i < sizeof nonce; i++)
        nonce[i] = (uint8_t)(0x10 + i);
    for (unsigned i = 0; i < sizeof aad; i++)
        aad[i] = (uint8_t)i;
    for (unsigned i = 0; i < sizeof want; i++)
        want[i] = (uint8_t)(0x20 + i);
    check_hex("e3b201a9f5b71a7a9b1ceaeccd97e70b6176aad9a4428aa5484392fbc1b09951", data, sizeof data);
    ccm_set_key(&k, key, sizeof key, 8, &cpu);
    ck_assert(ccm_open(&k, nonce, aad, sizeof aad, data, sizeof want, data + sizeof want));
    check_bytes(data, want, sizeof want);
}
END_TEST

/* A tag of 16 octets, with and without aad, and texts around the size of a block: made with OpenSSL. Text is 0, 7, 14 ...
 * Every wrong octet is refused, and the text is gone then. */
static const struct { size_t key_n, aad_n, n; const char *sealed; } cases[] = {
    { 16, 5, 0, "dcd34d989e1bf56f44f4f5a5746e08ee" }, { 32, 0, 0, "611b9bd2a08dc76bee24f0a2b2ca6bb4" },
    { 16, 5, 1, "90b4c1627a438c5d167e9d15987acf4d3e" }, { 32, 0, 1, "73cbce38617f64fb83bf69b75d239ed633" },
    { 16, 5, 15, "90e4568604dd74444698d3e860aec453143c75b6c8c794138de887e7e58757" },
    { 32, 0, 15, "7366a386721880c417d18494f2522aef847ea13ed0f6043b6bb7966b8b53b4" },
    { 16, 5, 16, "90e4568604dd74444698d3e860aec40969cc8b2e9cf8a7173af7062175e82e19" },
    { 32, 0, 16, "7366a386721880c417d18494f2522abf082ab2c2d10c3a045b31f7b9d2761aa4" },
    { 16, 5, 17, "90e4568604dd74444698d3e860aec409b9091699059c06585a8b3ab0f1dccbc879" },
    { 32, 0, 17, "7366a386721880c417d18494f2522abf84632adfaaea2d4b1807f5d46b6a628d8e" },
};

START_TEST(tags_of_16_octets)
{
    const uint8_t aad[5] = { 0x17, 3, 3, 0, 0x40 };
    uint8_t key[32], nonce[12], sealed[40], data[40];
    struct ccm_key k;
    for (unsigned i = 0; i < sizeof key; i++)
        key[i] = (uint8_t)i;
    for (unsigned i = 0; i < sizeof nonce; i++)
        nonce[i] = (uint8_t)(0xf4 + i);
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        const size_t n = cases[c].n, all = check_hex(cases[c].sealed, sealed, sizeof sealed);
        ck_assert_uint_eq(all, n + 16);
        ccm_set_key(&k, key, cases[c].key_n, 16, &cpu);
        memcpy(data, sealed, all);
        ck_assert(ccm_open(&k, nonce, aad, cases[c].aad_n, data, n, data + n));
        for (size_t i = 0; i < n; i++)
            ck_assert_uint_eq(data[i], (uint8_t)(7 * i));
        ccm_seal(&k, nonce, aad, cases[c].aad_n, data, n, data + n);
        check_bytes(data, sealed, all);
        for (size_t at = 0; at < all; at++) {
            memcpy(data, sealed, all);
            data[at] ^= 0x80;
            ck_assert(!ccm_open(&k, nonce, aad, cases[c].aad_n, data, n, data + n));
            for (size_t i = 0; i < n; i++)
                ck_assert_uint_eq(data[i], 0);
        }
        if (cases[c].aad_n) {
            memcpy(data, sealed, all);
            ck_assert(!ccm_open(&k, nonce, aad, 4, data, n, data + n));
        }
    }
}
END_TEST

int main(void)
{
    return check_run("ccm", (const TTest *[]){ example_of_sp_800_38c, tags_of_16_octets, NULL });
}
