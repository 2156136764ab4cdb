/* Records: sealed and opened; nonces; CBC with every padding there is. */
#include "tests/lib/chance.h"
#include "tests/lib/check.h"
#include "tls/record.h"

#include <stdlib.h>
#include <string.h>

static struct cpu cpu;                                 /* the forms that are tested */
static uint8_t key_block[TLS_KEY_BLOCK_MAX], room[5 + 20000];

static void start_as(struct sealing *s, unsigned suite, bool etm)
{
    for (size_t i = 0; i < sizeof key_block; i++)
        key_block[i] = (uint8_t)(i * 5 + 1);
    memset(s, 0, sizeof *s);
    sealing_start(s, tls_suite_readable(suite), key_block, false, etm, &cpu);
}

static size_t seal(struct sealing *s, const void *content, size_t n)
{
    struct test_chance chance = test_chance(s->sequence);
    struct record r = { .type = 23, .at = room, .content_n = n };
    if (n)
        memcpy(room + 5 + sealing_front(s), content, n);
    ck_assert(record_dress(s, &chance.chance, &r));
    record_seal(s, &r);
    ck_assert_uint_eq(r.n, 5 + n + sealing_more(s, n));
    ck_assert_uint_eq((size_t)(room[3] << 8 | room[4]), r.n - 5);
    return r.n;
}

static void start(struct sealing *s, unsigned suite) { start_as(s, suite, false); }

START_TEST(there_and_back)
{
    static uint8_t content[16384];
    for (size_t i = 0; i < sizeof content; i++)
        content[i] = (uint8_t)(i * 31);
    for (size_t i = 0; i < 2 * tls_n_suites; i++) {
        struct sealing writer, reader;
        start_as(&writer, tls_suites[i / 2].number, i % 2);
        start_as(&reader, tls_suites[i / 2].number, i % 2);
        ck_assert(writer.encrypt_then_mac == (i % 2 && tls_suite_is_cbc(&tls_suites[i / 2])));
        for (size_t n = 0; n <= sizeof content; n += n < 70 ? 1 : n < 300 ? 13 : 5357) {
            size_t whole = seal(&writer, content, n);
            struct record r = { .type = 23, .at = room, .n = whole };
            ck_assert_msg(record_open(&reader, &r), "%s, %zu octets", tls_suites[i / 2].name, n);
            ck_assert_uint_eq(r.content_n, n);
            check_bytes(room + r.content, content, n);
            ck_assert_uint_eq(r.sequence, writer.sequence - 1);
        }
    }
}
END_TEST

/* By hand after RFC 5288 §3, with an AES-GCM of somebody else (Python's cryptography): key, nonce and aad
 * as below. */
START_TEST(as_the_rfcs_say)
{
    struct sealing s;
    start(&s, 0x009c);
    s.sequence = 3;
    size_t n = seal(&s, "hello", 5);
    check_is_hex(room, n, "170303001d000000000000000319058538d61d74385b8b0055640452274c286395c8");
    start(&s, 0xcca8);
    s.sequence = 0x0102;
    n = seal(&s, "hello", 5);
    check_is_hex(room, n, "17030300155c47f5d81003213be4e32a82e28244524d21232db3");
}
END_TEST

START_TEST(nonces_never_repeat)
{
    struct sealing s;
    uint64_t last = 0;
    start(&s, 0x009c);
    for (unsigned i = 0; i < 1 << 16; i++) {
        uint64_t explicit = 0;
        seal(&s, "x", 1);
        for (unsigned k = 0; k < 8; k++)
            explicit = explicit << 8 | room[5 + k];
        ck_assert(i == 0 || explicit > last);          /* they rise: no two alike */
        last = explicit;
    }
    s.sequence = UINT64_MAX - 1;
    seal(&s, "x", 1);
    struct record r = { .type = 23, .at = room, .content_n = 1 };
    ck_assert(!record_dress(&s, NULL, &r));            /* and end before they wrap */
    start(&s, 0xcca8);
    for (uint64_t sequence = UINT64_MAX - 1; sequence; sequence++) {      /* the last but one, and the last */
        struct sealing writer = s;
        writer.sequence = s.sequence = sequence;
        r = (struct record){ .type = 23, .at = room, .content = 5, .content_n = 1, .n = 5 + 1 + 16 };
        record_seal(&writer, &r);
        ck_assert(record_open(&s, &r) == (sequence != UINT64_MAX));
    }
}
END_TEST

/* RFC 5246 §6.2.3.1, by hand: the content stands in the open, and behind it HMAC(sequence + type + version + length +
 * content). Whatever is changed, it does not open. */
START_TEST(null_has_a_mac_alone)
{
    static const struct { unsigned suite; enum hash_kind hash; } nulls[] = {
        { 0x0002, HASH_SHA1 }, { 0x003b, HASH_SHA256 }, { 0xc006, HASH_SHA1 }, { 0xc010, HASH_SHA1 },
        { 0xc03b, HASH_SHA384 } };
    for (size_t i = 0; i < sizeof nulls / sizeof *nulls; i++) {
        const size_t mac_n = hash_size(nulls[i].hash), n = 5 + 5 + mac_n;
        uint8_t made[5 + 5 + HASH_MAX] = { 23, 3, 3, 0, (uint8_t)(5 + mac_n), 'h', 'e', 'l', 'l', 'o' };
        uint8_t text[] = { 0, 0, 0, 0, 0, 0, 0, 7, 23, 3, 3, 0, 5, 'h', 'e', 'l', 'l', 'o' };
        struct sealing s;
        start(&s, nulls[i].suite);
        ck_assert_ptr_null(tls_suite_of(nulls[i].suite));              /* no engine speaks it */
        hmac_of(nulls[i].hash, key_block, mac_n, text, sizeof text, made + 10, &cpu);
        s.sequence = 7;
        ck_assert_uint_eq(seal(&s, "hello", 5), n);
        check_bytes(room, made, n);
        for (size_t wrong = 0; wrong <= n; wrong++) {                  /* an octet is; the last time none */
            struct record r = { .type = 23, .at = room, .n = n };
            s.sequence = 7;
            memcpy(room, made, n);
            if (wrong < n)
                room[wrong] ^= 0x20;
            r.type = room[0];
            ck_assert(record_open(&s, &r) == (wrong == n || (wrong > 0 && wrong < 5)));
        }
        struct record brief = { .type = 23, .at = room, .n = 5 + mac_n - 1 };
        ck_assert(!record_open(&s, &brief));
    }
}
END_TEST

/* A CBC record made by hand: any content, MAC and padding; padding octets may be wrong at one place. */
static size_t make_cbc(const struct sealing *s, size_t content_n, unsigned padding, int wrong_padding,
                       int wrong_mac)
{
    uint8_t *iv = room + 5, *content = iv + 16, aad[RECORD_AAD];
    struct hmac mac = s->u.cbc.mac;
    memset(iv, 0x5a, 16);
    memset(content, 0x61, content_n);
    record_aad(aad, s->sequence, 23, content_n);
    hmac_add(&mac, aad, sizeof aad);
    hmac_add(&mac, content, content_n);
    hmac_end(&mac, content + content_n);
    if (wrong_mac >= 0)
        content[content_n + (size_t)wrong_mac] ^= 0x40;
    const size_t mac_n = s->suite->mac_size;
    memset(content + content_n + mac_n, (int)padding, padding + 1);
    if (wrong_padding >= 0)
        content[content_n + mac_n + (size_t)wrong_padding] ^= 0x01;
    size_t n = content_n + mac_n + padding + 1;
    ck_assert_uint_eq(n % 16, 0);
    aes_cbc_encrypt(&s->u.cbc.aes, iv, content, n);
    return 5 + 16 + n;
}

static bool opens(const struct sealing *s, size_t n, size_t *content_n)
{
    struct sealing copy = *s;
    struct record r = { .type = 23, .at = room, .n = n };
    bool good = record_open(&copy, &r);
    *content_n = r.content_n;
    return good;
}

/* One suite for each hash under the MAC: SHA-1, SHA-256, SHA-384. */
static const uint16_t cbc_suites[] = { 0x002f, 0x003d, 0xc028 };

/* Content that fills whole blocks together with MAC and padding. */
static size_t content_for(const struct sealing *s, unsigned padding)
{
    return (64 - (s->suite->mac_size + padding + 1) % 16) % 16;
}

static void every_padding_of(unsigned suite)
{
    struct sealing s;
    size_t got;
    start(&s, suite);
    for (unsigned padding = 0; padding <= 255; padding++)
        for (size_t blocks = 0; blocks < 21; blocks += blocks < 5 ? 1 : 5) {
            size_t content = content_for(&s, padding) + 16 * blocks;
            size_t n = make_cbc(&s, content, padding, -1, -1);
            ck_assert_msg(opens(&s, n, &got), "padding %u, content %zu", padding, content);
            ck_assert_uint_eq(got, content);
        }
}

START_TEST(every_padding) { for (size_t i = 0; i < 3; i++) every_padding_of(cbc_suites[i]); } END_TEST

static void every_wrong_padding_of(unsigned suite)
{
    struct sealing s;
    size_t got;
    start(&s, suite);
    for (unsigned padding = 0; padding <= 255; padding++)
        for (unsigned wrong = 0; wrong <= padding; wrong += suite == 0x002f || padding < 17 ? 1 : 7) {
            size_t content = content_for(&s, padding) + 16 * (wrong % 3);
            size_t n = make_cbc(&s, content, padding, (int)wrong, -1);
            ck_assert_msg(!opens(&s, n, &got), "padding %u, wrong at %u", padding, wrong);
        }
    for (unsigned padding = 0; padding <= 255; padding += 5)
        for (int wrong = 0; wrong < (int)s.suite->mac_size; wrong++) {
            size_t n = make_cbc(&s, content_for(&s, padding), padding, -1, wrong);
            ck_assert_msg(!opens(&s, n, &got), "MAC octet %d", wrong);
        }
}

START_TEST(every_wrong_padding) { for (size_t i = 0; i < 3; i++) every_wrong_padding_of(cbc_suites[i]); } END_TEST

/* Padding that reaches over the MAC and the front of the record (CVE-2016-2107 forgot that). */
static void padding_longer_than_the_record_of(unsigned suite)
{
    struct sealing s;
    size_t got;
    start(&s, suite);
    for (size_t n = 32; n <= 320; n += 16)
        for (unsigned value = 0; value < 256; value++) {
            memset(room + 5, 0x5a, 16);
            memset(room + 5 + 16, (int)value, n);
            aes_cbc_encrypt(&s.u.cbc.aes, room + 5, room + 5 + 16, n);
            ck_assert(!opens(&s, 5 + 16 + n, &got));
        }
    for (size_t n = 0; n < 48; n++)
        ck_assert(!opens(&s, 5 + n, &got));
}

START_TEST(padding_longer_than_the_record) { for (size_t i = 0; i < 3; i++) padding_longer_than_the_record_of(cbc_suites[i]); } END_TEST

/* RFC 7366 §3: with the MAC outside, every octet of the record is under it, and so no octet may change. */
static void encrypt_then_mac_of(unsigned suite)
{
    struct sealing s, copy;
    uint8_t content[40];
    memset(content, 0x61, sizeof content);
    start_as(&s, suite, true);
    for (size_t n = 0; n <= sizeof content; n += 8) {
        copy = s;
        size_t whole = seal(&copy, content, n), got;
        ck_assert_uint_eq(whole, 5 + 16 + (n / 16 + 1) * 16 + s.suite->mac_size);
        for (size_t at = 5; at < whole; at++) {
            copy = s;
            seal(&copy, content, n);
            room[at] ^= 0x80;
            ck_assert_msg(!opens(&s, whole, &got), "octet %zu of %zu", at, whole);
        }
        for (size_t cut = 1; cut < 80 && cut < whole - 5; cut++) {
            copy = s;
            seal(&copy, content, n);
            ck_assert(!opens(&s, whole - cut, &got));
        }
        copy = s;
        seal(&copy, content, n);
        ck_assert(opens(&s, whole, &got) && got == n);
        start(&copy, suite);                  /* and neither form passes for the other */
        ck_assert(!opens(&copy, whole, &got));
    }
}

START_TEST(encrypt_then_mac) { for (size_t i = 0; i < 3; i++) encrypt_then_mac_of(cbc_suites[i]); } END_TEST

/* What is authentic and still no padding: the peer made it so. */
START_TEST(authentic_but_no_padding)
{
    struct sealing s;
    for (unsigned value = 0; value < 256; value++)
        for (unsigned last = value ? value - 1 : 0; last <= value; last++) {
            struct test_chance chance = test_chance(1);
            struct record r = { .type = 23, .at = room, .content_n = 32 };
            size_t got;
            start_as(&s, 0x002f, true);
            struct sealing writer = s;
            ck_assert(record_dress(&writer, &chance.chance, &r));
            ck_assert_uint_eq(r.opened_n, 48);
            memset(room + r.content, (int)value, r.opened_n);
            room[r.content + r.opened_n - 1] = (uint8_t)last;
            record_seal(&writer, &r);
            bool fits = last < r.opened_n && (last == value || last == 0);
            ck_assert_msg(opens(&s, r.n, &got) == fits, "octets %u, the last %u", value, last);
            ck_assert(!fits || got == 47 - last);
        }
}
END_TEST

/* In one step or in two: the same octets. */
START_TEST(wrapped_as_dressed_and_sealed)
{
    static uint8_t wrapped[sizeof room];
    for (size_t i = 0; i < 2 * tls_n_suites; i++)
        for (size_t n = 0; n <= 16384; n += n < 300 ? 1 : 1787) {
            struct sealing s;
            struct test_chance chance = test_chance(7);
            struct record r = { .type = 23, .at = wrapped, .content_n = n };
            start_as(&s, tls_suites[i / 2].number, i % 2);
            s.sequence = 7;
            memset(room, (int)n, sizeof room);
            memcpy(wrapped, room, sizeof room);
            struct sealing copy = s;
            ck_assert(record_wrap(&s, &chance.chance, &r));
            struct record two = { .type = 23, .at = room, .content_n = n };
            chance = test_chance(7);
            ck_assert(record_dress(&copy, &chance.chance, &two));
            record_seal(&copy, &two);
            ck_assert_uint_eq(r.n, two.n);
            ck_assert_uint_eq(r.opened_n, two.opened_n);
            ck_assert_uint_eq(s.sequence, 8);
            check_bytes(wrapped, room, r.n);
        }
    struct sealing s;
    struct record r = { .type = 23, .at = room, .content_n = 1 };
    start(&s, 0x003c);
    s.sequence = UINT64_MAX;
    ck_assert(!record_wrap(&s, NULL, &r));
}
END_TEST

START_TEST(plain_records_are_plain)
{
    struct sealing s = { 0 };
    size_t n = seal(&s, "hello", 5);
    check_is_hex(room, n, "17 03 03 00 05 68 65 6c 6c 6f");
    ck_assert_uint_eq(s.sequence, 0);
}
END_TEST

static int run(const char *forms, const char *name)
{
    return cpu_force(&cpu, forms) ? check_run(name, (const TTest *[]){
        there_and_back, as_the_rfcs_say, null_has_a_mac_alone, nonces_never_repeat, every_padding, every_wrong_padding,
        padding_longer_than_the_record, encrypt_then_mac, authentic_but_no_padding, wrapped_as_dressed_and_sealed,
        plain_records_are_plain, NULL }) : 0;
}

int main(void)
{
    char best[CPU_WORDS];
    struct cpu found = cpu_found();
    return run("portable", "tls_record, portable") | run("aesni+sha", "tls_record, AES and SHA instructions")
        | run(cpu_words(&found, best), "tls_record, all instructions");
}
