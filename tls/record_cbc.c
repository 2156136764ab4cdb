/* record_cbc.c - CBC with HMAC: MAC then pad then encrypt (RFC 5246 §6.2.3.2), read without telling how far it was
 * right; and encrypt then MAC (RFC 7366), which has nothing to hide.
 *
 * The trap of the first: the padding is not under the MAC, and where the MAC lies depends on the padding. A reader
 * that refuses bad padding early (Vaudenay 2002), or whose MAC takes a block less over shorter content (Lucky
 * Thirteen, 2013), or that reads the MAC from memory at a place that the padding says, tells the padding to who
 * measures, and with it, guess by guess, the plaintext. So here, whatever the padding says: it is checked in full,
 * the MAC is computed over the same number of blocks, and the MAC received is fetched by a walk over all places
 * where it could lie. The length of the content becomes public only when all is right. */
#include "tls/record.h"

#include "crypto/ct.h"

#include <string.h>

enum { PADDING_MAX = 255, MAC_MAX = 48 };

/* What is public of the hash under the HMAC (FIPS 180-4 §5.1): SHA-1 and SHA-256 have blocks of 2^6 octets, which end
 * with a length of 8 octets; SHA-384 blocks of 2^7, and 16. A shift, since dividing a secret takes a time that tells
 * it. */
struct shape { enum hash_kind kind; size_t mac, block, length; unsigned shift; };

static struct shape shape_of(const struct sealing *s)
{
    bool wide = s->suite->mac == HASH_SHA384;
    return (struct shape){ s->suite->mac, s->suite->mac_size, wide ? 128 : 64, wide ? 16 : 8, wide ? 7 : 6 };
}

/* n octets, the last of which is padding_length: all say n - 1. */
static void put_padding(uint8_t *at, size_t n)
{
    memset(at, (int)(n - 1), n);
}

void cbc_dress(const struct sealing *s, struct chance *chance, struct record *r)
{
    uint8_t aad[RECORD_AAD], *content = r->at + r->content;
    size_t mac_size = s->suite->mac_size;
    struct hmac mac = s->u.cbc.mac;
    chance_fill(chance, "cbc_iv", r->at + RECORD_HEADER, AES_BLOCK);
    record_aad(aad, s->sequence, r->type, r->content_n);
    hmac_add(&mac, aad, sizeof aad);
    hmac_add(&mac, content, r->content_n);
    hmac_end(&mac, content + r->content_n);
    r->opened_n = r->n - r->content;
    put_padding(content + r->content_n + mac_size, r->opened_n - r->content_n - mac_size);
}

/* The length of MAC and padding together: secret. *good stays set when the padding is what it must be. */
static uint64_t weigh_padding(const uint8_t *opened, size_t n, size_t mac, ct_mask *good)
{
    uint64_t padding = opened[n - 1], differs = 0;
    *good &= ~ct_less(n, padding + 1 + mac);
    /* Every octet that could be padding is looked at. (Hidden, or gcc computes the address as what the
     * padding leaves over.) */
    for (size_t back = 0; back <= PADDING_MAX && back < n; back++)
        differs |= ~ct_less(ct_hide(padding), back) & (opened[n - 1 - back] ^ padding);
    *good &= ct_zero(differs);
    return mac + 1 + (padding & *good);               /* bad padding counts as none: RFC 5246 §6.2.3.2 */
}

/* The MAC that lies `content_n` octets behind `opened`, wherever that is: looks at all places. */
static void fetch_mac(const uint8_t *opened, size_t n, uint64_t content_n, size_t mac_n, uint8_t *mac)
{
    size_t first = n > mac_n + 1 + PADDING_MAX ? n - mac_n - 1 - PADDING_MAX : 0;
    memset(mac, 0, mac_n);
    for (size_t at = first; at + mac_n <= n; at++) {
        ct_mask here = ct_equal(at, content_n);
        for (size_t i = 0; i < mac_n; i++)
            mac[i] |= (uint8_t)(opened[at + i] & here);
    }
}

/* Where the text ends that the inner hash takes in behind its key's block (RFC 2104 §2), and in which block its
 * length then stands: secrets both. */
struct text_end { uint64_t total, last_block; };

/* Octet `at` of that text: header and content, 0x80, zeros, and in the last block the length in bits (FIPS 180-4
 * §5.1). */
static uint8_t padded_octet(const struct shape *f, const uint8_t *aad, const uint8_t *opened, size_t n, size_t at,
                            const struct text_end *end)
{
    uint8_t data = 0;
    size_t in_block = at & (f->block - 1);
    if (at < RECORD_AAD)
        data = aad[at];
    else if (at - RECORD_AAD < n)
        data = opened[at - RECORD_AAD];
    uint64_t octet = (data & ct_less(at, end->total)) | (0x80 & ct_equal(at, end->total));
    uint64_t bits = (end->total + f->block) * 8;
    if (in_block >= f->block - 8)
        octet |= (bits >> (8 * (f->block - 1 - in_block))) & 0xff & ct_equal(at >> f->shift, end->last_block);
    return (uint8_t)octet;
}

/* Octet i of the digest that the hash would have, if what it has taken in were all: its chaining value. */
static uint8_t chain_octet(const struct hash *h, size_t i)
{
    switch (h->kind) {
    case HASH_SHA1:   return (uint8_t)(h->u.sha1.h[i / 4] >> (24 - 8 * (i % 4)));
    case HASH_SHA256: return (uint8_t)(h->u.sha256.state[i / 4] >> (24 - 8 * (i % 4)));
    default:          return (uint8_t)(h->u.sha512.state[i / 8] >> (56 - 8 * (i % 8)));
    }
}

/* HMAC over header and content, whose length lies within 256 octets of what is known, and is secret within: blocks
 * that hold content in any case are hashed as they are; of the others each is made octet by octet and hashed, and
 * the state behind the right one is kept. */
static void secret_length_mac(const struct sealing *s, const struct shape *f, const uint8_t aad[RECORD_AAD],
                              const uint8_t *opened, size_t n, uint64_t content_n, uint8_t *mac)
{
    struct hmac h = s->u.cbc.mac;
    size_t most = RECORD_AAD + n - f->mac - 1;
    size_t least = n > f->mac + 1 + PADDING_MAX ? most - PADDING_MAX : RECORD_AAD;
    const struct text_end end = { RECORD_AAD + content_n, (RECORD_AAD + content_n + f->length) >> f->shift };
    size_t blocks = ((most + f->length) >> f->shift) + 1, whole = least >> f->shift;
    uint8_t block[HASH_BLOCK_MAX], digest[MAC_MAX] = { 0 };
    if (whole) {
        hash_add(&h.inner, aad, RECORD_AAD);
        hash_add(&h.inner, opened, whole * f->block - RECORD_AAD);
    }
    for (size_t b = whole; b < blocks; b++) {
        for (size_t i = 0; i < f->block; i++)
            block[i] = padded_octet(f, aad, opened, n, b * f->block + i, &end);
        hash_add(&h.inner, block, f->block);
        ct_mask here = ct_equal(b, end.last_block);
        for (size_t i = 0; i < f->mac; i++)
            digest[i] |= (uint8_t)(chain_octet(&h.inner, i) & here);
    }
    hash_add(&h.outer, digest, f->mac);
    hash_end(&h.outer, mac);
    sodium_memzero(&h, sizeof h);
    sodium_memzero(block, sizeof block);
    sodium_memzero(digest, sizeof digest);
}

/* The record is right, so the peer knows this length, and so may the time we take from here on. */
static size_t tell_length(size_t opened_n, size_t mac, uint64_t tail)
{
    size_t n = mac + 1;
    while (n < mac + 1 + PADDING_MAX && !ct_tell(ct_equal(n, tail)))
        n++;
    return opened_n - n;
}

bool cbc_open(const struct sealing *s, struct record *r)
{
    const struct shape f = shape_of(s);
    uint8_t aad[RECORD_AAD], computed[HASH_MAX], received[MAC_MAX], *opened = r->at + r->content;
    /* whole blocks, and room for MAC and padding_length */
    if (r->n < r->content + f.mac + 1 || (r->n - r->content) % AES_BLOCK)
        return false;
    size_t n = r->opened_n = r->n - r->content;
    aes_cbc_decrypt(&s->u.cbc.aes, r->at + RECORD_HEADER, opened, n);
    ct_mask good = ~(ct_mask)0;
    uint64_t tail = weigh_padding(opened, n, f.mac, &good), content_n = n - tail;
    record_aad(aad, s->sequence, r->type, 0);
    aad[11] = (uint8_t)(content_n >> 8);
    aad[12] = (uint8_t)content_n;
    secret_length_mac(s, &f, aad, opened, n, content_n, computed);
    fetch_mac(opened, n, content_n, f.mac, received);
    good &= ct_same(computed, received, f.mac);
    if (!ct_tell(good)) {
        sodium_memzero(opened, n);
        return false;
    }
    r->content_n = tell_length(n, f.mac, tail);
    return true;
}

/* ---- encrypt then MAC ---- */

void cbc_etm_dress(const struct sealing *s, struct chance *chance, struct record *r)
{
    chance_fill(chance, "cbc_iv", r->at + RECORD_HEADER, AES_BLOCK);
    r->opened_n = r->n - r->content - s->suite->mac_size;
    put_padding(r->at + r->content + r->content_n, r->opened_n - r->content_n);
}

/* RFC 7366 §3.1: over what stands on the wire: number, type, version, the length of IV and ciphertext, and those. */
static void etm_mac(const struct sealing *s, const struct record *r, uint8_t *mac)
{
    uint8_t aad[RECORD_AAD];
    size_t n = AES_BLOCK + r->opened_n;
    struct hmac h = s->u.cbc.mac;
    record_aad(aad, s->sequence, r->type, n);
    hmac_add(&h, aad, sizeof aad);
    hmac_add(&h, r->at + RECORD_HEADER, n);
    hmac_end(&h, mac);
}

void cbc_etm_seal(const struct sealing *s, struct record *r)
{
    uint8_t *content = r->at + r->content;
    aes_cbc_encrypt(&s->u.cbc.aes, r->at + RECORD_HEADER, content, r->opened_n);
    etm_mac(s, r, content + r->opened_n);
}

/* Nothing is decrypted that is not authentic, so the padding is the peer's own and tells nobody anything; it is
 * checked in full all the same (RFC 5246 §6.2.3.2). */
bool cbc_etm_open(const struct sealing *s, struct record *r)
{
    uint8_t mac[HASH_MAX], *opened = r->at + r->content;
    size_t mac_n = s->suite->mac_size;
    if (r->n < r->content + AES_BLOCK + mac_n || (r->n - r->content - mac_n) % AES_BLOCK)
        return false;
    size_t n = r->opened_n = r->n - r->content - mac_n;
    etm_mac(s, r, mac);
    if (!ct_tell(ct_same(mac, opened + n, mac_n)))
        return false;
    aes_cbc_decrypt(&s->u.cbc.aes, r->at + RECORD_HEADER, opened, n);
    ct_mask good = ~(ct_mask)0;
    uint64_t tail = weigh_padding(opened, n, 0, &good);
    if (!ct_tell(good)) {
        sodium_memzero(opened, n);
        return false;
    }
    r->content_n = tell_length(n, 0, tail);
    return true;
}
