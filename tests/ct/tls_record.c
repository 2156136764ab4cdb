/* Records opened with secret keys; see ct.h. In CBC all that the decryption gives is secret by that:
 * content, MAC, and above all the padding, whose length must show in no branch and no address before the
 * record is known to be right (tls/record_cbc.c). */
#include "tests/ct/ct.h"
#include "tls/record.h"

#include <sodium.h>

enum { MOST = 800 };

static struct cpu cpu;                                 /* the forms that are checked */
static bool etm;
static uint8_t key_block[TLS_KEY_BLOCK_MAX], room[5 + MOST];

static void start(struct sealing *s, unsigned suite, bool secret)
{
    for (size_t i = 0; i < sizeof key_block; i++)
        key_block[i] = (uint8_t)(i * 7 + 3);
    if (secret)
        ct_secret(key_block, sizeof key_block);
    memset(s, 0, sizeof *s);
    sealing_start(s, tls_suite_of(suite), key_block, false, etm, &cpu);
    ct_public(key_block, sizeof key_block);
}

/* A CBC record with this padding, right or wrong in one octet (behind the content, from 0; -1: none), made
 * openly. */
static size_t make_cbc(unsigned suite, size_t content_n, unsigned padding, int wrong)
{
    struct sealing s;
    uint8_t aad[RECORD_AAD], *content = room + 5 + 16;
    start(&s, suite, false);
    const size_t mac_n = s.suite->mac_size;
    struct hmac mac = s.u.cbc.mac;
    memset(room, 0x17, sizeof room);
    record_aad(aad, 0, 23, content_n);
    hmac_add(&mac, aad, sizeof aad);
    hmac_add(&mac, content, content_n);
    hmac_end(&mac, content + content_n);
    memset(content + content_n + mac_n, (int)padding, padding + 1);
    if (wrong >= 0)
        content[content_n + (size_t)wrong] ^= 0x10;
    size_t n = content_n + mac_n + padding + 1;
    aes_cbc_encrypt(&s.u.cbc.aes, room + 5, content, n);
    return 5 + 16 + n;
}

static void open_cbc(unsigned suite, size_t content_n, unsigned padding, int wrong)
{
    struct sealing s;
    size_t n = make_cbc(suite, content_n, padding, wrong);
    struct record r = { .type = 23, .at = room, .n = n };
    start(&s, suite, true);
    bool opened = record_open(&s, &r);
    ct_expect(opened == (wrong < 0), "a CBC record");
    ct_expect(!opened || r.content_n == content_n, "the length of its content");
}

/* IVs are no secret. */
static void fill(struct chance *chance, const char *purpose, void *out, size_t n)
{
    (void)chance;
    (void)purpose;
    memset(out, 0x33, n);
}

/* Sealed and opened; nonce, header and ciphertext travel in the open. */
static void there_and_back(unsigned suite, bool wrapped)
{
    struct sealing writer, reader;
    struct chance chance = { fill };
    start(&writer, suite, true);
    struct record r = { .type = 23, .at = room, .content_n = 300 };
    memset(room, 0x42, sizeof room);
    ct_secret(room + 5 + sealing_front(&writer), 300);
    if (wrapped) {
        ct_expect(record_wrap(&writer, &chance, &r), "wrapped");
    } else {
        ct_expect(record_dress(&writer, &chance, &r), "dressed");
        record_seal(&writer, &r);
    }
    ct_public(room, r.n);
    struct record back = { .type = 23, .at = room, .n = r.n };
    start(&reader, suite, true);
    ct_expect(record_open(&reader, &back) && back.content_n == 300, "a record");
}

static void both_ways(unsigned suite)
{
    there_and_back(suite, false);
    there_and_back(suite, true);
}

static void cbc(unsigned suite)
{
    const unsigned mac_n = tls_suite_of(suite)->mac_size;
    etm = false;
    for (unsigned padding = 15 - mac_n % 16; padding <= 255; padding += 16) {   /* whole blocks */
        open_cbc(suite, 0, padding, -1);
        open_cbc(suite, 256, padding, -1);
        open_cbc(suite, 16, padding, 3);               /* the MAC is wrong */
        open_cbc(suite, 16, padding, (int)mac_n + (padding > 0));  /* the padding is, or its length */
        open_cbc(suite, 16, padding, (int)(mac_n + padding));      /* its length is */
    }
    both_ways(suite);
    etm = true;
    both_ways(suite);
    etm = false;
}

static void run_all(const struct cpu *with)
{
    static const unsigned suites[] = { 0x002f, 0x003d, 0xc028 };  /* HMAC of SHA-1, SHA-256, SHA-384 */
    cpu = *with;
    for (size_t i = 0; i < sizeof suites / sizeof *suites; i++)
        cbc(suites[i]);
    both_ways(0x009c);
    both_ways(0xcca8);
}

int main(void)
{
    ct_start();
    ct_expect(sodium_init() >= 0, "libsodium");
    ct_in_each_form(CPU_AES_NI | CPU_SHA | CPU_AVX512 | CPU_VAES512 | CPU_IFMA, run_all);
    return 0;
}
