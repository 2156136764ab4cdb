#include "crypto/prf.h"
#include "crypto/hmac.h"

#include <string.h>

/* What P_hash calls its seed: in TLS 1.2 PRF(secret, label, seed) = P_hash(secret, label + seed). */
struct whole_seed { const char *label; const void *seed1, *seed2; size_t seed1_n, seed2_n; };

static void add_seed(struct hmac *m, const struct whole_seed *s)
{
    hmac_add(m, s->label, strlen(s->label));
    hmac_add(m, s->seed1, s->seed1_n);
    hmac_add(m, s->seed2, s->seed2_n);
}

/*  A(0) = seed,  A(i) = HMAC(secret, A(i-1))
 *  out  = HMAC(secret, A(1) + seed) + HMAC(secret, A(2) + seed) + ...     cut to n octets */
void tls_prf(enum hash_kind kind, const void *secret, size_t secret_n, const char *label,
             const void *seed1, size_t seed1_n, const void *seed2, size_t seed2_n, void *out, size_t n,
             const struct cpu *cpu)
{
    const struct whole_seed seed = { label, seed1, seed2, seed1_n, seed2_n };
    struct hmac keyed, m;                                          /* keyed once, then copied for each HMAC */
    uint8_t a[HASH_MAX], piece[HASH_MAX], *to = out;
    size_t size = hash_size(kind);

    hmac_start(&keyed, kind, secret, secret_n, cpu);
    for (bool first = true; n > 0; first = false) {
        m = keyed;
        if (first)
            add_seed(&m, &seed);
        else
            hmac_add(&m, a, size);
        hmac_finish(&m, a);                                        /* A(i) */

        m = keyed;
        hmac_add(&m, a, size);
        add_seed(&m, &seed);
        hmac_finish(&m, piece);
        size_t take = n < size ? n : size;
        memcpy(to, piece, take);
        to += take;
        n -= take;
    }
    sodium_memzero(&keyed, sizeof keyed);
    sodium_memzero(&m, sizeof m);
    sodium_memzero(a, sizeof a);
    sodium_memzero(piece, sizeof piece);
}
