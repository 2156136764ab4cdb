/* Key derivation. No RFC has a vector for a whole TLS 1.2 handshake; these numbers are from `openssl kdf`:
 * openssl kdf -keylen 48 -kdfopt digest:SHA256 -kdfopt hexsecret:SECRET -kdfopt hexseed:LABEL_AND_SEED
 * TLS1-PRF */
#include "tests/lib/check.h"
#include "tls/keys.h"

#include <string.h>

static uint8_t client_random[32], server_random[32], pre_master_secret[48];

static void fill(void)
{
    memset(client_random, 0x11, 32);
    memset(server_random, 0x22, 32);
    memset(pre_master_secret, 0x33, 48);
}

START_TEST(master_secret)
{
    uint8_t master[48];
    fill();
    derive_master_secret(HASH_SHA256, pre_master_secret, 48, client_random, server_random, master, NULL);
    check_is_hex(master, 48,
                 "0258bbaf6891d32cd983e0bcac28d2bf017be4cb579109cb2eb316c4b09723413a1479756639f45c3763bd1c5a64ec74");
    derive_extended_master_secret(HASH_SHA256, pre_master_secret, 48, client_random, 32, master, NULL);
    check_is_hex(master, 48,
                 "092543a14b2a06fe42e26cd7ea8758135280f7cc025f896e90015fe536771b43dc3f728e873d6def3352be2512994766");
}
END_TEST

START_TEST(key_block)
{
    const struct tls_suite *cbc = tls_suite_of(0x002f), *gcm = tls_suite_of(0x009c), *chacha = tls_suite_of(0xcca8);
    uint8_t master[48], block[TLS_KEY_BLOCK_MAX];
    fill();
    memset(master, 0x44, 48);
    derive_key_block(cbc, master, client_random, server_random, block, NULL);
    ck_assert_uint_eq(key_block_size(cbc), 72);
    ck_assert_uint_eq(key_block_size(gcm), 40);
    ck_assert_uint_eq(key_block_size(chacha), 88);
    check_is_hex(block, 72,
                 "3957e49a1ed4131f95efc42a1a8463894d6be1549b066f8143daf0fedca05ac0"
                 "5a14228aed2956e13871371c295e70b80735e80b28900a2cdea6b5d9a41ff05874f96fe603f9162e");
    ck_assert_ptr_eq(key_block_piece(cbc, block, SERVER_WRITE_MAC_KEY).at, block + 20);
    ck_assert_ptr_eq(key_block_piece(cbc, block, SERVER_WRITE_KEY).at, block + 56);
    ck_assert_uint_eq(key_block_piece(cbc, block, CLIENT_WRITE_IV).n, 0);     /* the IV is in each record */
    ck_assert_ptr_eq(key_block_piece(gcm, block, SERVER_WRITE_IV).at, block + 36);
    ck_assert_uint_eq(key_block_piece(gcm, block, SERVER_WRITE_IV).n, 4);
}
END_TEST

START_TEST(verify_data)
{
    struct transcript t;
    uint8_t master[48], data[12];
    memset(master, 0x44, 48);
    transcript_start(&t, NULL);
    transcript_add(&t, (struct bytes){ (const uint8_t *)"ab", 2 });
    transcript_add(&t, (struct bytes){ (const uint8_t *)"c", 1 });
    ck_assert_uint_eq(t.octets, 3);
    derive_verify_data(HASH_SHA256, master, false, &t, data, NULL);
    check_is_hex(data, 12, "c18038b123d54161c66a1d35");
    derive_verify_data(HASH_SHA256, master, true, &t, data, NULL);
    check_is_hex(data, 12, "d76108a1eadf4e3cab3f72a1");
    uint8_t digest[HASH_MAX];
    ck_assert_uint_eq(transcript_hash(&t, HASH_SHA384, digest), 48);
    check_is_hex(digest, 48,
                 "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7");
}
END_TEST

/* From the choice on one hash goes on; the other stands still. */
START_TEST(one_hash_after_the_choice)
{
    static const enum hash_kind kinds[] = { HASH_SHA256, HASH_SHA384 };
    for (size_t i = 0; i < 2; i++) {
        struct transcript t;
        uint8_t digest[HASH_MAX], want[HASH_MAX];
        transcript_start(&t, NULL);
        transcript_add(&t, (struct bytes){ (const uint8_t *)"ab", 2 });
        transcript_choose(&t, kinds[i]);
        transcript_add(&t, (struct bytes){ (const uint8_t *)"c", 1 });
        ck_assert_uint_eq(t.octets, 3);
        ck_assert_uint_eq(transcript_hash(&t, kinds[i], digest), hash_size(kinds[i]));
        hash_of(kinds[i], "abc", 3, want, NULL);
        check_bytes(digest, want, hash_size(kinds[i]));
        transcript_hash(&t, kinds[1 - i], digest);
        hash_of(kinds[1 - i], "ab", 2, want, NULL);
        check_bytes(digest, want, hash_size(kinds[1 - i]));
    }
}
END_TEST

int main(void)
{
    return check_run("tls_keys", (const TTest *[]){ master_secret, key_block, verify_data, one_hash_after_the_choice,
                                                    NULL });
}
