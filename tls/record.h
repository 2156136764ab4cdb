/* record.h - the record layer (RFC 5246 §6.2): a header of 5 octets, and what is behind it, plain or
 * sealed. Works in place.
 *
 *     AEAD, RFC 5288    | header | nonce_explicit 8 | ciphertext n | tag 16 |    opened: content
 *     AEAD, RFC 7905    | header |                    ciphertext n | tag 16 |
 *     CBC, §6.2.3.2     | header | iv 16 | ciphertext, whole blocks         |    opened: content, mac, padding
 *     CBC, RFC 7366     | header | iv 16 | ciphertext, whole blocks | mac   |    opened: content, padding
 *     NULL, §6.2.3.1    | header | content | mac   |    opened: content; read alone, by no engine
 *
 * One struct sealing is one direction of one connection. Its sequence number is the nonce of RFC 5288 and
 * 7905: it never repeats, since nothing but a seal or an open moves it and it ends before it wraps.
 * Nothing is told here (tell.h). */
#ifndef TLS_RECORD_H
#define TLS_RECORD_H

#include "crypto/aead.h"
#include "crypto/camellia.h"
#include "crypto/chance.h"
#include "crypto/hmac.h"
#include "tls/keys.h"

enum tls_content { TLS_CONTENT_CHANGE_CIPHER_SPEC = 20, TLS_CONTENT_ALERT = 21, TLS_CONTENT_HANDSHAKE = 22,
                   TLS_CONTENT_APPLICATION = 23,
                   TLS_CONTENT_HEARTBEAT = 24 /* RFC 6520: read, never sent */ };
enum { RECORD_HEADER = 5, RECORD_CONTENT_MAX = 16384, RECORD_SEALED_MORE = 2048, RECORD_MORE_MAX = 16 + 48 + 16 };

const char *tls_content_words(unsigned type);          /* "handshake"; NULL: unknown */

struct record_header { unsigned type, version, length; };
struct record_header read_record_header(struct wire_in *);

struct sealing {
    const struct tls_suite *suite;                    /* NULL: plain, nothing is sealed */
    uint64_t sequence;                                /* of the next record */
    bool encrypt_then_mac;                            /* RFC 7366; only where the suite has CBC */
    uint8_t fixed_iv[AEAD_NONCE];
    union {
        struct aead aead;
        struct {
            union { struct aes_key aes; struct camellia_key camellia; };        /* by suite->camellia */
            struct hmac mac;
        } cbc;
        struct hmac mac;                              /* NULL */
    } u;
};

/* Takes the keys of one direction out of the key block; the sequence starts at 0. encrypt_then_mac: as agreed (RFC
 * 7366); without meaning for suites with an AEAD. cpu: as in aead.h. */
void   sealing_start(struct sealing *, const struct tls_suite *, const uint8_t *key_block, bool of_server,
                     bool encrypt_then_mac, const struct cpu *cpu);
void   sealing_wipe(struct sealing *);                /* and plain again */
/* octets between header and content: nonce_explicit or iv */
size_t sealing_front(const struct sealing *);
/* octets behind what is encrypted: the AEAD's tag, the MAC of RFC 7366 or of NULL, or none */
size_t sealing_tag(const struct sealing *);
/* octets of a record beside header and content */
size_t sealing_more(const struct sealing *, size_t content);
/* the most that a peer may put beside so much content: with CBC its padding may be longer than ours */
size_t sealing_most(const struct sealing *);

/* A record in memory. The content lies `content` octets behind `at`. */
struct record {
    unsigned type;
    uint8_t *at;                                      /* its header */
    size_t content, content_n;
    size_t opened_n; /* of the opened form, which begins at the content: for CBC with MAC and padding */
    size_t n;                                         /* the whole record, header included */
    uint64_t sequence;                                /* its number; of a sealed one */
};

/* The writer's two steps. record_dress puts around the content, which lies in place (sealing_front behind
 * the header), all that the opened form and the wire have: header, nonce or IV, MAC, padding. record_seal
 * encrypts in place. False: 2^64 - 1 records were sealed. */
bool record_dress(const struct sealing *, struct chance *, struct record *);
void record_seal(struct sealing *, struct record *);

/* Both in one, for when nobody looks at the opened form: with CBC a third faster. */
bool record_wrap(struct sealing *, struct chance *, struct record *);

/* The reader's: `at`, `n` and `type` are known; opens in place and fills in the rest. False: MAC, tag,
 * padding or length is wrong, and nobody can tell which (RFC 5246 §7.2.2, bad_record_mac). A plain
 * direction opens everything. */
bool record_open(struct sealing *, struct record *);

/* record_cbc.c: MAC, then encrypt; etm: the other way round */
void cbc_dress(const struct sealing *, struct chance *, struct record *);
void cbc_wrap(const struct sealing *, struct chance *, struct record *);
bool cbc_open(const struct sealing *, struct record *);
void cbc_etm_dress(const struct sealing *, struct chance *, struct record *);
void cbc_etm_seal(const struct sealing *, struct record *);
bool cbc_etm_open(const struct sealing *, struct record *);
/* RFC 9325 §4.4: 2^24.5 records, full ones, are as many as one key of AES-GCM may seal; the other suites have no limit
 * that a connection reaches. */
enum { RECORD_GCM_MOST = 23726566 };
bool sealing_worn(const struct sealing *);

/* What is authenticated in front of the content (§6.2.3.1, §6.2.3.3): sequence, type, version, length. */
enum { RECORD_AAD = 13 };
void record_aad(uint8_t aad[RECORD_AAD], uint64_t sequence, unsigned type, size_t content_n);
/* The AEAD's nonce; `explicit` is what the record carries of it. */
void record_nonce(const struct sealing *, uint64_t sequence, const uint8_t *explicit, uint8_t nonce[AEAD_NONCE]);

#endif
