/* record_cbc.c - CBC with HMAC-SHA1, MAC then pad then encrypt (RFC 5246 §6.2.3.2), read without telling
 * how far it was right.
 *
 * The trap: the padding is not under the MAC, and where the MAC lies depends on the padding. A reader that
 * refuses bad padding early (Vaudenay 2002), or whose MAC takes a block less over shorter content (Lucky
 * Thirteen, 2013), or that reads the MAC from memory at a place that the padding says, tells the padding
 * to who measures, and with it, guess by guess, the plaintext. So here, whatever the padding says: it is
 * checked in full, the MAC is computed over the same number of blocks, and the MAC received is fetched by
 * a walk over all places where it could lie. The length of the content becomes public only when all is
 * right. */
#include "tls/record.h"

#include "crypto/ct.h"

#include <string.h>

enum { MAC = 20, SHA1_BLOCK = 64, PADDING_MAX = 255 };

/* n octets, the last of which is padding_length: all say n - 1. */
static void put_padding(uint8_t *at, size_t n)
{
    memset(at, (int)(n - 1), n);
}

void cbc_dress(const struct sealing *s, struct chance *chance, struct record *r)
{
    uint8_t aad[RECORD_AAD], *content = r->at + r->content;
    struct hmac mac = s->u.cbc.mac;
    chance_fill(chance, "cbc_iv", r->at + RECORD_HEADER, AES_BLOCK);
    record_aad(aad, s->sequence, r->type, r->content_n);
    hmac_add(&mac, aad, sizeof aad);
    hmac_add(&mac, content, r->content_n);
    hmac_end(&mac, content + r->content_n);
    r->opened_n = r->n - r->content;
    put_padding(content + r->content_n + MAC, r->opened_n - r->content_n - MAC);
}

/* The length of MAC and padding together, 21 to 276: secret. *good stays set when the padding is what it
 * must be. */
static uint64_t weigh_padding(const uint8_t *opened, size_t n, ct_mask *good)
{
    uint64_t padding = opened[n - 1], differs = 0;
    *good &= ~ct_less(n, padding + 1 + MAC);
    /* Every octet that could be padding is looked at. (Hidden, or gcc computes the address as what the
     * padding leaves over.) */
    for (size_t back = 0; back <= PADDING_MAX && back < n; back++)
        differs |= ~ct_less(ct_hide(padding), back) & (opened[n - 1 - back] ^ padding);
    *good &= ct_zero(differs);
    return MAC + 1 + (padding & *good);               /* bad padding counts as none: RFC 5246 §6.2.3.2 */
}

/* The MAC that lies `content_n` octets behind `opened`, wherever that is: looks at all places. */
static void fetch_mac(const uint8_t *opened, size_t n, uint64_t content_n, uint8_t mac[MAC])
{
    size_t first = n > MAC + 1 + PADDING_MAX ? n - MAC - 1 - PADDING_MAX : 0;
    memset(mac, 0, MAC);
    for (size_t at = first; at + MAC <= n; at++) {
        ct_mask here = ct_equal(at, content_n);
        for (size_t i = 0; i < MAC; i++)
            mac[i] |= (uint8_t)(opened[at + i] & here);
    }
}

/* Octet `at` of what SHA-1 takes in: header and content, 0x80, zeros, and in the last block the length in
 * bits (FIPS 180-4 §5.1.1). `total` is secret, `at` is not. */
static uint8_t padded_octet(const uint8_t *aad, const uint8_t *opened, size_t n, size_t at, uint64_t total,
                            uint64_t last_block)
{
    uint8_t data = 0;
    if (at < RECORD_AAD)
        data = aad[at];
    else if (at - RECORD_AAD < n)
        data = opened[at - RECORD_AAD];
    uint64_t octet = (data & ct_less(at, total)) | (0x80 & ct_equal(at, total));
    uint64_t bits = (total + SHA1_BLOCK) * 8;         /* the key's block, RFC 2104 §2, was first */
    if (at % SHA1_BLOCK >= 56)
        octet |= (bits >> (8 * (63 - at % SHA1_BLOCK))) & 0xff & ct_equal(at / SHA1_BLOCK, last_block);
    return (uint8_t)octet;
}

/* HMAC-SHA1 over header and content, whose length is known to lie in [n - 276, n - 21] and is secret
 * within: blocks that hold content in any case are hashed as they are; of the others each is made octet by
 * octet and hashed, and the state behind the right one is kept. */
static void secret_length_mac(const struct sealing *s, const uint8_t aad[RECORD_AAD], const uint8_t *opened,
                              size_t n,
                              uint64_t content_n, uint8_t mac[MAC])
{
    struct hmac h = s->u.cbc.mac;
    struct sha1_state *inner = &h.inner.u.sha1;
    size_t most = RECORD_AAD + n - MAC - 1;
    size_t least = n > MAC + 1 + PADDING_MAX ? most - PADDING_MAX : RECORD_AAD;
    uint64_t total = RECORD_AAD + content_n, last_block = (total + 8) / SHA1_BLOCK;
    size_t blocks = (most + 8) / SHA1_BLOCK + 1, whole = least / SHA1_BLOCK;
    uint8_t block[SHA1_BLOCK], digest[MAC] = { 0 };
    if (whole) {
        sha1_add(inner, aad, RECORD_AAD);
        sha1_add(inner, opened, whole * SHA1_BLOCK - RECORD_AAD);
    }
    for (size_t b = whole; b < blocks; b++) {
        for (size_t i = 0; i < SHA1_BLOCK; i++)
            block[i] = padded_octet(aad, opened, n, b * SHA1_BLOCK + i, total, last_block);
        sha1_add(inner, block, SHA1_BLOCK);
        ct_mask here = ct_equal(b, last_block);
        for (size_t i = 0; i < MAC; i++)
            digest[i] |= (uint8_t)((inner->h[i / 4] >> (24 - 8 * (i % 4))) & here);
    }
    hash_add(&h.outer, digest, MAC);
    hash_end(&h.outer, mac);
    sodium_memzero(&h, sizeof h);
    sodium_memzero(block, sizeof block);
    sodium_memzero(digest, sizeof digest);
}

/* The record is right, so the peer knows this length, and so may the time we take from here on. */
static size_t tell_length(size_t opened_n, uint64_t tail)
{
    size_t n = MAC + 1;
    while (n < MAC + 1 + PADDING_MAX && !ct_tell(ct_equal(n, tail)))
        n++;
    return opened_n - n;
}

bool cbc_open(const struct sealing *s, struct record *r)
{
    uint8_t aad[RECORD_AAD], computed[MAC], received[MAC], *opened = r->at + r->content;
    /* MAC and padding_length need two blocks */
    if (r->n < r->content + 2 * AES_BLOCK || (r->n - r->content) % AES_BLOCK)
        return false;
    size_t n = r->opened_n = r->n - r->content;
    aes_cbc_decrypt(&s->u.cbc.aes, r->at + RECORD_HEADER, opened, n);
    ct_mask good = ~(ct_mask)0;
    uint64_t tail = weigh_padding(opened, n, &good), content_n = n - tail;
    record_aad(aad, s->sequence, r->type, 0);
    aad[11] = (uint8_t)(content_n >> 8);
    aad[12] = (uint8_t)content_n;
    secret_length_mac(s, aad, opened, n, content_n, computed);
    fetch_mac(opened, n, content_n, received);
    good &= ct_same(computed, received, MAC);
    if (!ct_tell(good)) {
        sodium_memzero(opened, n);
        return false;
    }
    r->content_n = tell_length(n, tail);
    return true;
}
