/* record13.h - the record protection of TLS 1.3 (RFC 8446 §5.2, §5.3), opened; and its cipher suites (§B.4). Nobody
 * here seals.
 *
 *     | header 5: application_data, 0x0303, length | ciphertext n | tag |
 *                      opened:                     | content | type 1 | zeros |
 *
 * One struct opening is one direction of one connection under one traffic secret. The nonce is the IV xored with the
 * number of the record; what is authenticated besides is the header. */
#ifndef TLS_RECORD13_H
#define TLS_RECORD13_H

#include "crypto/aead.h"
#include "tls/record.h"

struct tls_suite13 {
    uint16_t number;
    const char *name;                                 /* "TLS_AES_128_GCM_SHA256" */
    enum aead_kind aead;
    unsigned key_size, tag;                           /* octets */
    enum hash_kind hash;                              /* of HKDF and the transcript */
};
const struct tls_suite13 *tls_suite13_of(unsigned number);                /* NULL: none of the five */

enum { RECORD13_MORE_MAX = 256 };                     /* octets of ciphertext beyond 2^14 (§5.2) */

struct opening {
    const struct tls_suite13 *suite;                  /* NULL: no key */
    uint64_t sequence;                                /* of the next record */
    uint8_t secret[HASH_MAX];
    uint8_t iv[AEAD_NONCE];
    struct aead aead;
};
/* Key and IV from a traffic secret of the hash's size (§7.3); the sequence starts at 0. */
void opening_start(struct opening *, const struct tls_suite13 *, const uint8_t *secret, const struct cpu *);
/* The same direction behind a KeyUpdate (§7.2). */
void opening_update(struct opening *, const struct cpu *);
void opening_wipe(struct opening *);
/* Its key once more (suite->key_size octets), for who tells it. */
void opening_key(const struct opening *, uint8_t *key, const struct cpu *);

/* Opens in place, with its number; the number then goes up, whether or not it opens: a record that was spoiled on its
 * way had one, too. False: the tag is wrong, or there is no content type inside. *n octets of content lie behind the
 * header; *padding zeros behind them. */
struct opened13 { unsigned type; size_t n, padding; };
bool record13_open(struct opening *, uint8_t *record, size_t record_n, struct opened13 *);
void record13_nonce(const struct opening *, uint64_t sequence, uint8_t nonce[AEAD_NONCE]);

/* HMAC(finished_key, transcript hash) (§4.4.4); hash_size octets. */
void finished13(const struct tls_suite13 *, const uint8_t *secret, const uint8_t *transcript_hash, uint8_t *verify_data,
                const struct cpu *);

#endif
