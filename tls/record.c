#include "tls/record.h"

#include <string.h>

const char *tls_content_words(unsigned type)
{
    switch (type) {
    case TLS_CONTENT_CHANGE_CIPHER_SPEC: return "change_cipher_spec";
    case TLS_CONTENT_ALERT:              return "alert";
    case TLS_CONTENT_HANDSHAKE:          return "handshake";
    case TLS_CONTENT_APPLICATION:        return "application_data";
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
    } else {
        aes_set_key(&s->u.cbc.aes, key.at, key.n, cpu);
        hmac_start(&s->u.cbc.mac, suite->mac, mac_key.at, mac_key.n);
    }
}

void sealing_wipe(struct sealing *s) { sodium_memzero(s, sizeof *s); }

size_t sealing_front(const struct sealing *s) { return s->suite ? s->suite->record_iv : 0; }

size_t sealing_tag(const struct sealing *s)
{
    if (!s->suite)
        return 0;
    return s->suite->sealing == TLS_SEAL_AEAD ? AEAD_TAG : s->encrypt_then_mac ? s->suite->mac_size : 0;
}

size_t sealing_more(const struct sealing *s, size_t content)
{
    if (!s->suite)
        return 0;
    if (s->suite->sealing == TLS_SEAL_AEAD)
        return s->suite->record_iv + AEAD_TAG;
    size_t padded = content + (s->encrypt_then_mac ? 0 : s->suite->mac_size);
    return s->suite->record_iv + s->suite->mac_size + AES_BLOCK - padded % AES_BLOCK;
}

size_t sealing_most(const struct sealing *s)
{
    enum { LONGEST_PADDING = 256 };
    if (!s->suite)
        return 0;
    return s->suite->record_iv + (s->suite->sealing == TLS_SEAL_AEAD ? AEAD_TAG : s->suite->mac_size + LONGEST_PADDING);
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

bool record_dress(const struct sealing *s, struct chance *chance, struct record *r)
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
    if (s->encrypt_then_mac)
        cbc_etm_dress(s, chance, r);
    else if (s->suite && tls_suite_is_cbc(s->suite))
        cbc_dress(s, chance, r);
    else if (sealing_front(s))
        put_u64(&out, "nonce_explicit", s->sequence);
    return true;
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
    if (r->n < r->content + AEAD_TAG)
        return false;
    r->content_n = r->opened_n = r->n - r->content - AEAD_TAG;
    record_nonce(s, s->sequence, r->at + RECORD_HEADER, nonce);
    record_aad(aad, s->sequence, r->type, r->content_n);
    return aead_open(&s->u.aead, nonce, aad, sizeof aad, content, r->content_n, content + r->content_n);
}

bool record_open(struct sealing *s, struct record *r)
{
    r->content = RECORD_HEADER + sealing_front(s);
    r->sequence = s->sequence;
    if (!s->suite) {
        r->content_n = r->opened_n = r->n - RECORD_HEADER;
        return true;
    }
    bool good = s->sequence != UINT64_MAX
        && (s->suite->sealing == TLS_SEAL_AEAD ? aead_open_record(s, r)
            : s->encrypt_then_mac              ? cbc_etm_open(s, r) : cbc_open(s, r));
    s->sequence += good;
    return good;
}
