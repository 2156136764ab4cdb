#include "crypto/camellia.h"
#include "tests/lib/check.h"

#include <string.h>

static const char key_hex[] = "0123456789abcdeffedcba987654321000112233445566778899aabbccddeeff";

/* RFC 3713 Appendix A: the plaintext is the key's first half. */
static const struct { size_t key_n; const char *sealed; } examples[] = {
    { 16, "67673138549669730857065648eabe43" }, { 32, "9acc237dff16d76c20ef7c919e3a7509" } };

START_TEST(examples_of_rfc_3713)
{
    uint8_t key[32], want[16], out[16];
    struct camellia_key k;
    check_hex(key_hex, key, sizeof key);
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        check_hex(examples[i].sealed, want, sizeof want);
        camellia_set_key(&k, key, examples[i].key_n);
        camellia_encrypt(&k, key, out);
        check_bytes(out, want, sizeof want);
        camellia_decrypt(&k, want, out);
        check_bytes(out, key, sizeof out);
    }
}
END_TEST

/* Each single bit of a block and of a key: back to where it began. */
START_TEST(there_and_back)
{
    uint8_t key[32] = { 0 }, block[16] = { 0 }, sealed[16], out[16];
    struct camellia_key k;
    for (size_t key_n = 16; key_n <= 32; key_n += 16)
        for (unsigned bit = 0; bit < 8 * key_n; bit++) {
            key[bit / 8] = block[bit / 8 % 16] = (uint8_t)(1 << bit % 8);
            camellia_set_key(&k, key, key_n);
            camellia_encrypt(&k, block, sealed);
            ck_assert(memcmp(sealed, block, sizeof block) != 0);
            camellia_decrypt(&k, sealed, out);
            check_bytes(out, block, sizeof block);
            key[bit / 8] = block[bit / 8 % 16] = 0;
        }
}
END_TEST

/* In CBC each block opens to what was sealed, whatever lies around it. */
START_TEST(blocks_are_chained)
{
    uint8_t key[32], iv[16] = { 1, 2, 3 }, text[3 * CAMELLIA_BLOCK], sealed[3 * CAMELLIA_BLOCK], before[16];
    struct camellia_key k;
    check_hex(key_hex, key, sizeof key);
    camellia_set_key(&k, key, 32);
    memcpy(before, iv, sizeof before);
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (uint8_t)(i * 7);
    for (size_t at = 0; at < sizeof text; at += CAMELLIA_BLOCK) {
        for (unsigned i = 0; i < CAMELLIA_BLOCK; i++)
            before[i] ^= text[at + i];
        camellia_encrypt(&k, before, sealed + at);
        memcpy(before, sealed + at, sizeof before);
    }
    camellia_cbc_decrypt(&k, iv, sealed, sizeof sealed);
    check_bytes(sealed, text, sizeof text);
}
END_TEST

int main(void)
{
    return check_run("camellia", (const TTest *[]){ examples_of_rfc_3713, there_and_back, blocks_are_chained, NULL });
}
