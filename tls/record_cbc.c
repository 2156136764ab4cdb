/* record_cbc.c - CBC with HMAC: MAC then pad then encrypt (RFC 5246 §6.2.3.2), read without telling how far it was
 * right; and encrypt then MAC (RFC 7366), which has nothing to hide.
 *
 * The trap of the first: the padding is not under the MAC, and where the MAC lies depends on the padding. A reader
 * that refuses bad padding early (Vaudenay 2002), or whose MAC takes a block less over shorter content (Lucky
 * Thirteen, 2013), or that reads the MAC from memory at a place that the padding says, tells the padding to who
 * measures, and with it, guess by guess, the plaintext. So here, whatever the padding says: it is checked in full,
 * the MAC is computed over the same number of blocks, and the MAC received is fetched by a walk over all places
 * where it could lie. The length of the content becomes public only when all is right.
 *
 * Encryption in CBC is a chain, each block waits for the one before; so is a hash. The two have nothing to do with
 * each other, and a processor that looks some hundred instructions ahead goes along both at once, if they come to it in
 * turns as short as a block of the hash: two thirds of the time. "Stitched" forms in assembly do no more than that. */
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

/* IV and padding; the MAC so far. */
static void begin(const struct sealing *s, struct chance *chance, struct record *r, struct hmac *mac)
{
    uint8_t aad[RECORD_AAD], *content = r->at + r->content;
    const size_t mac_size = s->suite->mac_size;
    *mac = s->u.cbc.mac;
    chance_fill(chance, "cbc_iv", r->at + RECORD_HEADER, AES_BLOCK);
    record_aad(aad, s->sequence, r->type, r->content_n);
    hmac_add(mac, aad, sizeof aad);
    r->opened_n = r->n - r->content;
    put_padding(content + r->content_n + mac_size, r->opened_n - r->content_n - mac_size);
}

static void decrypt(const struct sealing *s, const uint8_t *iv, uint8_t *at, size_t n)
{
    if (!CPU_SMALL && s->suite->camellia)
        camellia_cbc_decrypt(&s->u.cbc.camellia, iv, at, n);
    else
        aes_cbc_decrypt(&s->u.cbc.aes, iv, at, n);
}

void cbc_dress(const struct sealing *s, struct chance *chance, struct record *r)
{
    struct hmac mac;
    begin(s, chance, r, &mac);
    hmac_add(&mac, r->at + r->content, r->content_n);
    hmac_end(&mac, r->at + r->content + r->content_n);
}

/* n octets at `at`, what is in front of them being encrypted already, or the IV. */
static void encrypt(const struct sealing *s, uint8_t *at, size_t n)
{
    aes_cbc_encrypt(&s->u.cbc.aes, at - AES_BLOCK, at, n);
}

/* cbc_dress and encryption in turns. The hash goes ahead, and first to the end of a block of its own. */
void cbc_wrap(const struct sealing *s, struct chance *chance, struct record *r)
{
    uint8_t *content = r->at + r->content;
    const size_t turn = hash_block(s->suite->mac), n = r->content_n, to_block = turn - RECORD_AAD;
    size_t hashed = n < to_block ? n : to_block, sealed = 0;
    struct hmac mac;
    begin(s, chance, r, &mac);
    hmac_add(&mac, content, hashed);
    for (; n - hashed >= turn; hashed += turn, sealed += turn) {
        hmac_add(&mac, content + hashed, turn);
        encrypt(s, content + sealed, turn);
    }
    hmac_add(&mac, content + hashed, n - hashed);
    hmac_end(&mac, content + n);
    encrypt(s, content + sealed, r->opened_n - sealed);
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

/* Turns what lies in a ring of n octets so that the octet at `start` comes first: by 1, by 2, by 4 ..., each of them or
 * not. */
static void turn_ring(uint8_t *ring, size_t n, uint64_t start)
{
    uint8_t turned[MAC_MAX];
    for (size_t by = 1; by < n; by *= 2) {
        const ct_mask does = ct_nonzero(start & by);
        for (size_t i = 0; i < n; i++)
            turned[i] = (uint8_t)ct_select(does, ring[i + by < n ? i + by : i + by - n], ring[i]);
        memcpy(ring, turned, n);
    }
    sodium_memzero(turned, sizeof turned);
}

/* The MAC that lies `content_n` octets behind `opened`, wherever that is: looks at all places. They are laid around a
 * ring as long as the MAC, of which one turn is kept; where on the ring it began is made up for afterwards. */
static void fetch_mac(const uint8_t *opened, size_t n, uint64_t content_n, size_t mac_n, uint8_t *mac)
{
    const size_t first = n > mac_n + 1 + PADDING_MAX ? n - mac_n - 1 - PADDING_MAX : 0;
    uint64_t start = 0;
    ct_mask inside = 0;
    memset(mac, 0, mac_n);
    for (size_t at = first, on_ring = 0; at < n; at++) {
        const ct_mask begins = ct_equal(at, content_n), ends = ct_equal(at, content_n + mac_n);
        inside = (inside | begins) & ~ends;
        start |= on_ring & begins;
        mac[on_ring] |= (uint8_t)(opened[at] & inside);
        on_ring = on_ring + 1 < mac_n ? on_ring + 1 : 0;
    }
    turn_ring(mac, mac_n, start);
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

/* HMAC over header and content, whose length lies within 256 octets of what is known, and is secret within: blocks
 * that hold content in any case are hashed as they are; of the others each is made octet by octet and hashed, and
 * the hash value behind the right one is kept. */
static void secret_length_mac(const struct sealing *s, const struct shape *f, const uint8_t aad[RECORD_AAD],
                              const uint8_t *opened, size_t n, uint64_t content_n, uint8_t *mac)
{
    struct hmac h = s->u.cbc.mac;
    size_t most = RECORD_AAD + n - f->mac - 1;
    size_t least = n > f->mac + 1 + PADDING_MAX ? most - PADDING_MAX : RECORD_AAD;
    const struct text_end end = { RECORD_AAD + content_n, (RECORD_AAD + content_n + f->length) >> f->shift };
    size_t blocks = ((most + f->length) >> f->shift) + 1, whole = least >> f->shift;
    uint8_t block[HASH_BLOCK_MAX], value[MAC_MAX], digest[MAC_MAX] = { 0 };
    if (whole) {
        hash_add(&h.inner, aad, RECORD_AAD);
        hash_add(&h.inner, opened, whole * f->block - RECORD_AAD);
    }
    for (size_t b = whole; b < blocks; b++) {
        for (size_t i = 0; i < f->block; i++)
            block[i] = padded_octet(f, aad, opened, n, b * f->block + i, &end);
        hash_add(&h.inner, block, f->block);
        hash_chain(&h.inner, value);
        ct_copy_if(ct_equal(b, end.last_block), digest, value, f->mac);
    }
    hmac_finish_with(&h, digest, mac);
    sodium_memzero(&h, sizeof h);
    sodium_memzero(block, sizeof block);
    sodium_memzero(value, sizeof value);
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
    decrypt(s, r->at + RECORD_HEADER, opened, n);
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
static void etm_begin(const struct sealing *s, const struct record *r, struct hmac *mac)
{
    uint8_t aad[RECORD_AAD];
    *mac = s->u.cbc.mac;
    record_aad(aad, s->sequence, r->type, AES_BLOCK + r->opened_n);
    hmac_add(mac, aad, sizeof aad);
}

/* In turns again; here the hash follows, one turn behind. */
void cbc_etm_seal(const struct sealing *s, struct record *r)
{
    uint8_t *content = r->at + r->content, *iv = content - AES_BLOCK;
    const size_t n = r->opened_n, turn = hash_block(s->suite->mac), to_block = turn - RECORD_AAD;
    size_t sealed = 0, hashed = 0;                     /* from the content on, from the IV on */
    struct hmac mac;
    etm_begin(s, r, &mac);
    for (; n - sealed >= turn; sealed += turn) {
        const size_t next = hashed ? turn : to_block;
        encrypt(s, content + sealed, turn);
        if (hashed + next <= AES_BLOCK + sealed) {
            hmac_add(&mac, iv + hashed, next);
            hashed += next;
        }
    }
    encrypt(s, content + sealed, n - sealed);
    hmac_add(&mac, iv + hashed, AES_BLOCK + n - hashed);
    hmac_end(&mac, content + n);
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
    struct hmac h;
    etm_begin(s, r, &h);
    hmac_add(&h, opened - AES_BLOCK, AES_BLOCK + n);
    hmac_end(&h, mac);
    if (!ct_tell(ct_same(mac, opened + n, mac_n)))
        return false;
    decrypt(s, r->at + RECORD_HEADER, opened, n);
    ct_mask good = ~(ct_mask)0;
    uint64_t tail = weigh_padding(opened, n, 0, &good);
    if (!ct_tell(good)) {
        sodium_memzero(opened, n);
        return false;
    }
    r->content_n = tell_length(n, 0, tail);
    return true;
}
