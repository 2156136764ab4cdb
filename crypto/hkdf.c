#include "crypto/hkdf.h"
#include "crypto/hmac.h"

#include <string.h>

/* RFC 5869 §2.2: the salt is HMAC's key; without one, as many zeros as the hash has octets, which HMAC pads it with
 * anyway. */
void hkdf_extract(enum hash_kind kind, const void *salt, size_t salt_n, const void *ikm, size_t ikm_n, uint8_t *prk,
                  const struct cpu *cpu)
{
    hmac_of(kind, salt, salt_n, ikm, ikm_n, prk, cpu);
}

/*  T(0) = nothing,  T(i) = HMAC(PRK, T(i-1) | info | i),  out = T(1) | T(2) | ...     cut to n octets (§2.3) */
void hkdf_expand(enum hash_kind kind, const void *prk, size_t prk_n, const void *info, size_t info_n, void *out,
                 size_t n, const struct cpu *cpu)
{
    struct hmac keyed, m;                             /* keyed once, then copied for each HMAC */
    const size_t size = hash_size(kind);
    uint8_t t[HASH_MAX], *to = out;
    hmac_start(&keyed, kind, prk, prk_n, cpu);
    for (uint8_t i = 1; n > 0; i++) {
        m = keyed;
        if (i > 1)
            hmac_add(&m, t, size);
        hmac_add(&m, info, info_n);
        hmac_add(&m, &i, 1);
        hmac_finish(&m, t);
        size_t take = n < size ? n : size;
        memcpy(to, t, take);
        to += take;
        n -= take;
    }
    sodium_memzero(&keyed, sizeof keyed);
    sodium_memzero(&m, sizeof m);
    sodium_memzero(t, sizeof t);
}

/* RFC 8446 §7.1: struct HkdfLabel, with lengths of 2, 1 and 1 octets. */
void hkdf_expand_label(enum hash_kind kind, const uint8_t *secret, const char *label, const void *context,
                       size_t context_n, void *out, size_t n, const struct cpu *cpu)
{
    static const char prefix[6] = "tls13 ";
    uint8_t info[2 + 1 + sizeof prefix + HKDF_LABEL_MAX + 1 + HKDF_CONTEXT_MAX], *at = info;
    const size_t label_n = strlen(label);
    *at++ = (uint8_t)(n >> 8);
    *at++ = (uint8_t)n;
    *at++ = (uint8_t)(sizeof prefix + label_n);
    memcpy(at, prefix, sizeof prefix);
    memcpy(at + sizeof prefix, label, label_n);
    at += sizeof prefix + label_n;
    *at++ = (uint8_t)context_n;
    if (context_n)
        memcpy(at, context, context_n);
    at += context_n;
    hkdf_expand(kind, secret, hash_size(kind), info, (size_t)(at - info), out, n, cpu);
}
