/* The symmetric half of crypto/ and X25519, with secret keys, plaintexts and states; see ct.h. Each part runs
 * twice with the same input, the second time openly, and both must agree. */
#include "crypto/aead.h"
#include "crypto/camellia.h"
#include "crypto/ccm.h"
#include "crypto/ct.h"
#include "crypto/hkdf.h"
#include "crypto/hmac.h"
#include "crypto/prf.h"
#include "crypto/stretch.h"
#include "crypto/x25519.h"
#include "tests/ct/ct.h"

#include <sodium.h>

enum { TEXT = 700 };                                               /* groups of lanes and of registers, and a part */

/* Everything runs in each form that valgrind's processor has. */
static struct cpu cpu;

struct input { uint8_t key[32], other[32], text[TEXT], public[32]; };
struct output { uint8_t bytes[TEXT + 64]; };

/* --- What is run: in the order of the headers --- */

static void run_masks(struct input *in, struct output *out)
{
    ct_mask same = ct_same(in->key, in->other, 32), less = ct_less(in->key[0], in->key[1]);
    ct_copy_if(same, out->bytes, in->text, 32);
    ct_copy_if(~same, out->bytes + 32, in->text, 32);
    out->bytes[64] = (uint8_t)ct_select(less | ct_zero(in->key[2]), in->key[3], in->key[4]);
    out->bytes[65] = (uint8_t)ct_equal(in->key[5], in->key[6]);
}

static void run_cbc(struct input *in, struct output *out)
{
    struct aes_key k;
    aes_set_key(&k, in->key, 16, &cpu);
    aes_cbc_encrypt(&k, in->public, in->text, TEXT / 16 * 16);
    memcpy(out->bytes, in->text, TEXT);
    aes_set_key(&k, in->other, 32, &cpu);
    aes_cbc_decrypt(&k, in->public, in->text, TEXT / 16 * 16);
    for (size_t i = 0; i < TEXT; i++)
        out->bytes[i] ^= in->text[i];
}

static void run_pbkdf2(struct input *in, struct output *out)
{
    struct stretch s = { .hash = HASH_SHA256, .iterations = 3, .salt = in->public, .salt_n = 16 };
    ct_expect(stretch_key(&s, in->key, sizeof in->key, out->bytes, 48, &cpu), "no key");
}

/* Seals; then opens, refuses a wrong tag. The tag travels in the open, and so does the verdict on it. */
static void run_aead(enum aead_kind kind, struct input *in, struct output *out)
{
    struct aead a;
    uint8_t tag[AEAD_TAG];
    aead_set_key(&a, kind, in->key, &cpu);
    aead_seal(&a, in->public, in->other, 13, in->text, TEXT, tag);
    memcpy(out->bytes, in->text, TEXT);
    memcpy(out->bytes + TEXT, tag, sizeof tag);
    ct_public(tag, sizeof tag);                                    /* what is sealed travels in the open */
    ct_public(in->text, TEXT);
    ct_expect(aead_open(&a, in->public, in->other, 13, in->text, TEXT, tag), "sealed, not opened");
    tag[7] ^= 4;
    ct_expect(!aead_open(&a, in->public, in->other, 13, in->text, TEXT, tag), "a wrong tag");
    aead_wipe(&a);
}

static void run_aes_128_gcm(struct input *in, struct output *out) { run_aead(AEAD_AES_128_GCM, in, out); }
static void run_aes_256_gcm(struct input *in, struct output *out) { run_aead(AEAD_AES_256_GCM, in, out); }
static void run_chacha20(struct input *in, struct output *out) { run_aead(AEAD_CHACHA20_POLY1305, in, out); }

static void run_hmac(struct input *in, struct output *out)
{
    uint8_t mac[HASH_MAX];
    for (enum hash_kind kind = HASH_SHA1; kind <= HASH_SHA512; kind++) {
        hmac_of(kind, in->key, sizeof in->key, in->text, TEXT, mac, &cpu);
        for (size_t i = 0; i < hash_size(kind); i++)
            out->bytes[i] ^= mac[i];
        hmac_of(kind, in->text, TEXT, in->key, sizeof in->key, mac, &cpu);    /* a key longer than a block */
        for (size_t i = 0; i < hash_size(kind); i++)
            out->bytes[64 + i] ^= mac[i];
    }
}

static void run_prf(struct input *in, struct output *out)
{
    const uint8_t *random = in->public;
    tls_prf(HASH_SHA256, in->key, 32, "master secret", random, 32, random, 32, out->bytes, 48, &cpu);
    tls_prf(HASH_SHA384, out->bytes, 48, "key expansion", random, 32, random, 32, out->bytes + 48, 104, &cpu);
}

static void run_hkdf(struct input *in, struct output *out)
{
    hkdf_extract(HASH_SHA384, in->key, 32, in->other, 32, out->bytes, &cpu);
    hkdf_expand_label(HASH_SHA384, out->bytes, "traffic upd", in->public, 32, out->bytes + 48, 48, &cpu);
}

static void run_camellia(struct input *in, struct output *out)
{
    struct camellia_key k;
    memcpy(out->bytes, in->text, 64);
    camellia_set_key(&k, in->key, 32);
    camellia_cbc_decrypt(&k, in->public, out->bytes, 64);
    camellia_set_key(&k, in->key, 16);
    camellia_encrypt(&k, out->bytes, out->bytes + 64);
}

static void run_ccm(struct input *in, struct output *out)
{
    struct ccm_key k;
    memcpy(out->bytes, in->text, 64);
    ccm_set_key(&k, in->key, 16, 16, &cpu);
    ct_expect(!ccm_open(&k, in->public, in->other, 5, out->bytes, 48, out->bytes + 48), "a tag by chance");
}

static void run_x25519(struct input *in, struct output *out)
{
    uint8_t point[32];
    x25519_public(in->key, out->bytes, &cpu);
    x25519_public(in->other, point, &cpu);
    ct_public(point, sizeof point);                                /* it goes to the peer */
    ct_expect(x25519_shared(in->key, point, out->bytes + 32, &cpu), "a shared secret of zeros");
    memset(point, 0, sizeof point);
    ct_expect(!x25519_shared(in->key, point, out->bytes + 64, &cpu), "a point of small order");
}

static const struct { const char *name; void (*run)(struct input *, struct output *); } parts[] = {
    { "masks", run_masks },           { "AES-CBC", run_cbc },           { "AES-128-GCM", run_aes_128_gcm },
    { "AES-256-GCM", run_aes_256_gcm }, { "ChaCha20-Poly1305", run_chacha20 },
    { "HMAC", run_hmac },             { "PRF", run_prf },               { "X25519", run_x25519 },
    { "PBKDF2", run_pbkdf2 },         { "HKDF", run_hkdf },             { "AES-CCM", run_ccm },
    { "Camellia", run_camellia },
};

static void run_all(const struct cpu *with)
{
    static const uint8_t seed[randombytes_SEEDBYTES] = "constant";
    cpu = *with;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        struct input in, same;
        struct output hidden = { { 0 } }, open = { { 0 } };
        randombytes_buf_deterministic(&in, sizeof in, seed);
        same = in;
        ct_secret(in.key, sizeof in.key);
        ct_secret(in.other, sizeof in.other);
        ct_secret(in.text, sizeof in.text);
        parts[i].run(&in, &hidden);
        ct_public(&hidden, sizeof hidden);
        parts[i].run(&same, &open);
        ct_public(&open, sizeof open);                 /* what libsodium writes, MemorySanitizer does not see written */
        ct_expect(memcmp(&hidden, &open, sizeof open) == 0, parts[i].name);
    }
}

int main(void)
{
    ct_start();
    ct_expect(sodium_init() >= 0, "libsodium");
    ct_in_each_form(~0u, run_all);
    return 0;
}
