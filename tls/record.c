#include "tls/record.h"

#include <string.h>

const char *tls_content_words(unsigned type)
{
    switch (type) {
    case TLS_CONTENT_CHANGE_CIPHER_SPEC: return "change_cipher_spec";
    case TLS_CONTENT_ALERT:              return "alert";
    case TLS_CONTENT_HANDSHAKE:          return "handshake";
    case TLS_CONTENT_APPLICATION:        return "application_data";
    case TLS_CONTENT_HEARTBEAT:          return "heartbeat";
    default:                             return NULL;
    }
}

struct record_header read_record_header(struct wire_in *in)
{
    struct record_header h;
    h.type = take_code8(in, "type", tls_content_words);
    h.version = take_code16(in, "version", tls_version_words);
    h.length = take_u16(in, "length");
    return h;
}

static bool is_null(const struct tls_suite *suite) { return !CPU_SMALL && suite->sealing == TLS_SEAL_NULL; }

void sealing_start(struct sealing *s, const struct tls_suite *suite, const uint8_t *key_block, bool of_server,
                   bool encrypt_then_mac, const struct cpu *cpu)
{
    enum key_piece mac_piece = of_server ? SERVER_WRITE_MAC_KEY : CLIENT_WRITE_MAC_KEY;
    struct bytes mac_key = key_block_piece(suite, key_block, mac_piece);
    struct bytes key = key_block_piece(suite, key_block, of_server ? SERVER_WRITE_KEY : CLIENT_WRITE_KEY);
    struct bytes iv = key_block_piece(suite, key_block, of_server ? SERVER_WRITE_IV : CLIENT_WRITE_IV);
    sealing_wipe(s);
    s->suite = suite;
    s->encrypt_then_mac = encrypt_then_mac && tls_suite_is_cbc(suite);
    memcpy(s->fixed_iv, iv.at, iv.n);
    if (suite->sealing == TLS_SEAL_AEAD) {
        aead_set_key(&s->u.aead, suite->aead, key.at, cpu);
    } else if (is_null(suite)) {
        hmac_start(&s->u.mac, suite->mac, mac_key.at, mac_key.n, cpu);
    } else {
        if (!CPU_SMALL && suite->camellia)
            camellia_set_key(&s->u.cbc.camellia, key.at, key.n);
        else
            aes_set_key(&s->u.cbc.aes, key.at, key.n, cpu);
        hmac_start(&s->u.cbc.mac, suite->mac, mac_key.at, mac_key.n, cpu);
    }
}

void sealing_wipe(struct sealing *s) { sodium_memzero(s, sizeof *s); }

size_t sealing_front(const struct sealing *s) { return s->suite ? s->suite->record_iv : 0; }

size_t sealing_tag(const struct sealing *s)
{
    if (!s->suite)
        return 0;
    if (s->suite->sealing == TLS_SEAL_AEAD)
        return aead_tag_size(s->suite->aead);
    return is_null(s->suite) || s->encrypt_then_mac ? s->suite->mac_size : 0;
}

size_t sealing_more(const struct sealing *s, size_t content)
{
    if (!s->suite)
        return 0;
    if (!tls_suite_is_cbc(s->suite))
        return s->suite->record_iv + sealing_tag(s);
    size_t padded = content + (s->encrypt_then_mac ? 0 : s->suite->mac_size);
    return s->suite->record_iv + s->suite->mac_size + AES_BLOCK - padded % AES_BLOCK;
}

size_t sealing_most(const struct sealing *s)
{
    enum { LONGEST_PADDING = 256 };
    if (!s->suite)
        return 0;
    return s->suite->record_iv + (tls_suite_is_cbc(s->suite) ? s->suite->mac_size + LONGEST_PADDING
                                                             : sealing_tag(s));
}

bool sealing_worn(const struct sealing *s)
{
    return s->suite && s->suite->sealing == TLS_SEAL_AEAD && s->suite->aead != AEAD_CHACHA20_POLY1305
        && s->sequence >= RECORD_GCM_MOST;
}

void record_aad(uint8_t aad[RECORD_AAD], uint64_t sequence, unsigned type, size_t content_n)
{
    struct wire_out out = wire_into(aad, RECORD_AAD);
    put_u64(&out, "sequence", sequence);
    put_u8(&out, "type", type);
    put_u16(&out, "version", TLS_1_2);
    put_u16(&out, "length", (unsigned)content_n);
}

/* RFC 5288 §3: four octets from the key block and eight that the record carries, which here are its
 * sequence number. RFC 7905 §2: twelve octets from the key block, xored with the sequence number, and the
 * record carries none. */
void record_nonce(const struct sealing *s, uint64_t sequence, const uint8_t *explicit, uint8_t nonce[AEAD_NONCE])
{
    memcpy(nonce, s->fixed_iv, AEAD_NONCE);
    if (s->suite->record_iv)
        memcpy(nonce + s->suite->fixed_iv, explicit, s->suite->record_iv);
    else
        for (unsigned i = 0; i < 8; i++)
            nonce[4 + i] ^= (uint8_t)(sequence >> (56 - 8 * i));
}

static bool is_cbc(const struct sealing *s) { return s->suite && tls_suite_is_cbc(s->suite); }

static bool put_header(const struct sealing *s, struct record *r)
{
    if (s->sequence == UINT64_MAX)
        return false;
    r->content = RECORD_HEADER + sealing_front(s);
    r->opened_n = r->content_n;
    r->sequence = s->sequence;
    r->n = RECORD_HEADER + r->content_n + sealing_more(s, r->content_n);
    struct wire_out out = wire_into(r->at, r->content);
    put_u8(&out, "type", r->type);
    put_u16(&out, "version", TLS_1_2);
    put_u16(&out, "length", (unsigned)(r->n - RECORD_HEADER));
    if (sealing_front(s) && !is_cbc(s))
        put_u64(&out, "nonce_explicit", s->sequence);
    return true;
}

bool record_dress(const struct sealing *s, struct chance *chance, struct record *r)
{
    if (!put_header(s, r))
        return false;
    if (s->encrypt_then_mac)
        cbc_etm_dress(s, chance, r);
    else if (is_cbc(s))
        cbc_dress(s, chance, r);
    return true;
}

bool record_wrap(struct sealing *s, struct chance *chance, struct record *r)
{
    if (!is_cbc(s) || s->encrypt_then_mac) {
        bool dressed = record_dress(s, chance, r);
        if (dressed)
            record_seal(s, r);
        return dressed;
    }
    if (!put_header(s, r))
        return false;
    cbc_wrap(s, chance, r);
    s->sequence++;
    return true;
}

/* §6.2.3.1: over the content, which nothing hides. */
static void null_mac(const struct sealing *s, const struct record *r, uint8_t mac[HASH_MAX])
{
    struct hmac h = s->u.mac;
    uint8_t aad[RECORD_AAD];
    record_aad(aad, s->sequence, r->type, r->content_n);
    hmac_add(&h, aad, sizeof aad);
    hmac_add(&h, r->at + r->content, r->content_n);
    hmac_end(&h, mac);
}

void record_seal(struct sealing *s, struct record *r)
{
    if (!s->suite)
        return;
    uint8_t *content = r->at + r->content;
    if (s->suite->sealing == TLS_SEAL_AEAD) {
        uint8_t nonce[AEAD_NONCE], aad[RECORD_AAD];
        record_nonce(s, s->sequence, r->at + RECORD_HEADER, nonce);
        record_aad(aad, s->sequence, r->type, r->content_n);
        aead_seal(&s->u.aead, nonce, aad, sizeof aad, content, r->content_n, content + r->content_n);
    } else if (is_null(s->suite)) {
        null_mac(s, r, content + r->content_n);
    } else if (s->encrypt_then_mac) {
        cbc_etm_seal(s, r);
    } else {
        aes_cbc_encrypt(&s->u.cbc.aes, r->at + RECORD_HEADER, content, r->opened_n);
    }
    s->sequence++;
}

static bool aead_open_record(struct sealing *s, struct record *r)
{
    uint8_t nonce[AEAD_NONCE], aad[RECORD_AAD], *content = r->at + r->content;
    const size_t tag_n = sealing_tag(s);
    if (r->n < r->content + tag_n)
        return false;
    r->content_n = r->opened_n = r->n - r->content - tag_n;
    record_nonce(s, s->sequence, r->at + RECORD_HEADER, nonce);
    record_aad(aad, s->sequence, r->type, r->content_n);
    return aead_open(&s->u.aead, nonce, aad, sizeof aad, content, r->content_n, content + r->content_n);
}

static bool null_open(const struct sealing *s, struct record *r)
{
    uint8_t mac[HASH_MAX];
    const size_t mac_n = s->suite->mac_size;
    if (r->n < r->content + mac_n)
        return false;
    r->content_n = r->opened_n = r->n - r->content - mac_n;
    null_mac(s, r, mac);
    return ct_tell(ct_same(mac, r->at + r->content + r->content_n, mac_n));
}

static bool open_sealed(struct sealing *s, struct record *r)
{
    if (s->suite->sealing == TLS_SEAL_AEAD)
        return aead_open_record(s, r);
    if (is_null(s->suite))
        return null_open(s, r);
    return s->encrypt_then_mac ? cbc_etm_open(s, r) : cbc_open(s, r);
}

bool record_open(struct sealing *s, struct record *r)
{
    r->content = RECORD_HEADER + sealing_front(s);
    r->sequence = s->sequence;
    if (!s->suite) {
        r->content_n = r->opened_n = r->n - RECORD_HEADER;
        return true;
    }
    bool good = s->sequence != UINT64_MAX && open_sealed(s, r);
    s->sequence += good;
    return good;
}
