/* wanted_tls.h - how a live command speaks TLS: --ciphers, --kx, --curves, --sigalgs, --alpn, --legacy, --grease,
 * --client-order, --record-limit, --max-fragment. Where nothing is said: ECDHE with an AEAD, every group of ours for
 * it, no SHA-1, "http/1.1", records as long as can be.
 *
 * The RSA and DHE key exchange must be asked for by name (--kx, --ciphers, --legacy); then one sentence on stderr says
 * why they are not spoken otherwise (RFC 10015, RFC 9325 §4.1).
 *
 * And the processor's instructions, all that it has or what VITRINE_CPU allows (crypto/cpu.h). */
#ifndef CMD_WANTED_TLS_H
#define CMD_WANTED_TLS_H

#include "cmd/options.h"
#include "tls/tls.h"

enum { WANTED_SUITES = 32, WANTED_GROUPS = TLS_GROUPS_MOST, WANTED_SIGALGS = 16, WANTED_PROTOCOLS = 8,
       WANTED_TEXT = 256 };
struct wanted_tls {
    const struct tls_suite *suites[WANTED_SUITES];
    uint16_t groups[WANTED_GROUPS], sigalgs[WANTED_SIGALGS];
    const char *protocols[WANTED_PROTOCOLS];
    char text[WANTED_TEXT];                           /* what protocols point into */
    struct cpu cpu;
};

/* Fills in what the config has of that, which points into the struct. False: wrong usage, said on stderr. */
bool wanted_tls(const struct command *, const char *const *values, struct wanted_tls *, struct tls_config *);
/* What this processor has, or what VITRINE_CPU allows of it. False: it cannot, said on stderr. */
bool wanted_cpu(const struct command *, struct cpu *);
/* --record-limit and --max-fragment alone, which a sealed visit has, too. */
bool wanted_limits(const char *const *values, uint16_t *record_size_limit, uint8_t *max_fragment);

#endif
