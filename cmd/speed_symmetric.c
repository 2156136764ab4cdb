/* Ciphers and hashes for `vitrine speed`, by octets a message. */
#include "cmd/speed.h"
#include "crypto/aead.h"
#include "crypto/hmac.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { AAD = 13, MOST = 16384 };                      /* AAD: as a TLS record has it */

struct symmetric {
    union { struct aead aead; struct aes_key aes; struct hmac hmac; } u;
    struct cpu cpu;
    enum hash_kind hash;
    size_t n;
    unsigned turn;
    uint8_t key[AEAD_KEY_MAX], nonce[AEAD_NONCE], iv[AES_BLOCK], aad[AAD], tags[2][AEAD_TAG], digest[HASH_MAX];
    uint8_t data[MOST];
};

static struct symmetric *begin(const struct speed_row *r)
{
    struct symmetric *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->cpu = r->cpu;
    s->n = r->size;
    randombytes_buf(s->key, sizeof s->key);
    randombytes_buf(s->data, sizeof s->data);
    return s;
}

static void end(void *of)
{
    sodium_memzero(of, sizeof(struct symmetric));
    free(of);
}

/* ---- authenticated ciphers ---- */

static const struct { const char *what, *family; enum aead_kind kind; } aeads[] = {
    { "aes-128-gcm", "aes", AEAD_AES_128_GCM }, { "aes-256-gcm", "aes", AEAD_AES_256_GCM },
    { "chacha20-poly1305", "chacha20", AEAD_CHACHA20_POLY1305 },
};

static void aead_form(unsigned which, const struct cpu *cpu, char form[SPEED_FORM])
{
    snprintf(form, SPEED_FORM, "%s", aead_form_name(aeads[which].kind, cpu));
}

static unsigned aead_seal_run(void *of)
{
    struct symmetric *s = of;
    aead_seal(&s->u.aead, s->nonce, s->aad, AAD, s->data, s->n, s->tags[0]);
    return 1;
}

/* What is opened is no ciphertext any more. So that opening can go on for ever, two messages are the ciphertext of each
 * other: GCM and ChaCha20 add a stream to the data, and to add it again is to take it away. Only the tags are two. */
static unsigned aead_open_run(void *of)
{
    struct symmetric *s = of;
    return aead_open(&s->u.aead, s->nonce, s->aad, AAD, s->data, s->n, s->tags[s->turn++ & 1]);
}

static void *aead_begin(const struct speed_row *r)
{
    struct symmetric *s = begin(r);
    if (!s)
        return NULL;
    aead_set_key(&s->u.aead, aeads[r->which].kind, s->key, &s->cpu);
    aead_seal(&s->u.aead, s->nonce, s->aad, AAD, s->data, s->n, s->tags[1]);
    aead_seal(&s->u.aead, s->nonce, s->aad, AAD, s->data, s->n, s->tags[0]);
    return s;
}

/* ---- CBC ---- */

static const struct { const char *what; size_t key; } cbcs[] = { { "aes-128-cbc", 16 }, { "aes-256-cbc", 32 } };

static void cbc_form(unsigned which, const struct cpu *cpu, char form[SPEED_FORM])
{
    (void)which;
    snprintf(form, SPEED_FORM, "%s", aes_cbc_form_name(cpu));
}

static unsigned cbc_seal_run(void *of)
{
    struct symmetric *s = of;
    aes_cbc_encrypt(&s->u.aes, s->iv, s->data, s->n);
    return 1;
}

static unsigned cbc_open_run(void *of)
{
    struct symmetric *s = of;
    aes_cbc_decrypt(&s->u.aes, s->iv, s->data, s->n);
    return 1;
}

static void *cbc_begin(const struct speed_row *r)
{
    struct symmetric *s = begin(r);
    if (s)
        aes_set_key(&s->u.aes, s->key, cbcs[r->which].key, &s->cpu);
    return s;
}

/* ---- hashes, and HMAC with a key that is set before ---- */

static const struct { const char *what, *hmac; enum hash_kind kind; } hashes[] = {
    { "sha1", "hmac(sha1)", HASH_SHA1 }, { "sha256", "hmac(sha256)", HASH_SHA256 },
    { "sha384", "hmac(sha384)", HASH_SHA384 }, { "sha512", NULL, HASH_SHA512 },
};

static void hash_form(unsigned which, const struct cpu *cpu, char form[SPEED_FORM])
{
    snprintf(form, SPEED_FORM, "%s", hash_form_name(hashes[which].kind, cpu));
}

static unsigned hash_run(void *of)
{
    struct symmetric *s = of;
    hash_of(s->hash, s->data, s->n, s->digest, &s->cpu);
    return 1;
}

static void *hash_begin(const struct speed_row *r)
{
    struct symmetric *s = begin(r);
    if (s)
        s->hash = hashes[r->which].kind;
    return s;
}

static unsigned hmac_run(void *of)
{
    struct symmetric *s = of;
    struct hmac m = s->u.hmac;
    hmac_add(&m, s->data, s->n);
    hmac_end(&m, s->digest);
    return 1;
}

static void *hmac_begin(const struct speed_row *r)
{
    struct symmetric *s = begin(r);
    if (s)
        hmac_start(&s->u.hmac, hashes[r->which].kind, s->key, sizeof s->key, &s->cpu);
    return s;
}

/* ---- all of them ---- */

static const struct speed_work aead_seal_work = { aead_begin, NULL, aead_seal_run, end, NULL },
    aead_open_work = { aead_begin, NULL, aead_open_run, end, NULL },
    cbc_seal_work = { cbc_begin, NULL, cbc_seal_run, end, NULL },
    cbc_open_work = { cbc_begin, NULL, cbc_open_run, end, NULL },
    hash_work = { hash_begin, NULL, hash_run, end, NULL }, hmac_work = { hmac_begin, NULL, hmac_run, end, NULL };

#define SIZES(op, work) { op, &work, 16 }, { op, &work, 256 }, { op, &work, 1024 }, { op, &work, 8192 }, \
    { op, &work, MOST }, { NULL, NULL, 0 }
static const struct speed_column hash_columns[] = { SIZES("hash", hash_work) },
    hmac_columns[] = { SIZES("hash", hmac_work) }, cbc_seal_columns[] = { SIZES("seal", cbc_seal_work) },
    cbc_open_columns[] = { SIZES("open", cbc_open_work) }, aead_seal_columns[] = { SIZES("seal", aead_seal_work) },
    aead_open_columns[] = { SIZES("open", aead_open_work) };

void speed_add_symmetric(struct speed_list *l)
{
    for (unsigned i = 0; i < sizeof hashes / sizeof *hashes; i++)
        speed_add_forms(l, (struct speed_row){ "hash", hashes[i].what, .which = i }, hash_form, hash_columns);
    for (unsigned i = 0; i < sizeof hashes / sizeof *hashes; i++)
        if (hashes[i].hmac)
            speed_add_forms(l, (struct speed_row){ "hmac", hashes[i].hmac, .which = i }, hash_form, hmac_columns);
    for (unsigned i = 0; i < sizeof cbcs / sizeof *cbcs; i++) {
        const struct speed_row row = { "aes", cbcs[i].what, .which = i };
        speed_add_forms(l, row, cbc_form, cbc_seal_columns);
        speed_add_forms(l, row, cbc_form, cbc_open_columns);
    }
    for (unsigned i = 0; i < sizeof aeads / sizeof *aeads; i++) {
        const struct speed_row row = { aeads[i].family, aeads[i].what, .which = i };
        speed_add_forms(l, row, aead_form, aead_seal_columns);
        speed_add_forms(l, row, aead_form, aead_open_columns);
    }
}
