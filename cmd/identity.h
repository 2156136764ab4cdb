/* identity.h - who we say we are, as a server or as a client: the files of each --cert and --key, or a fresh CA
 * and leaf for this run. */
#ifndef CMD_IDENTITY_H
#define CMD_IDENTITY_H

#include "cmd/options.h"
#include "net/addr.h"
#include "tls/tls.h"

enum { IDENTITY_CHAIN = 8, IDENTITY_STORE = 131072 };
struct identity {
    struct x509_cert leaf;
    struct der chain[IDENTITY_CHAIN];
    struct private_key *key;                           /* guarded (guard.h), read-only; NULL: none was read */
    uint8_t store[IDENTITY_STORE];
};
struct identities {
    struct tls_identity tls[OPT_PAIRS]; size_t n;      /* for tls_config: which of these is shown, tls/choose.c finds */
    struct identity each[OPT_PAIRS];
};

/* 0, or an exit code (a sentence is on stderr). `at` NULL: without --cert there is none. A fresh CA is for localhost
 * and `at` alone, lasts one day,
 * and lies in vitrine-ca.pem (how to trust it is printed) and vitrine-ca.key (mode 0600). The classroom's
 * keys are refused: they are public. */
int identity_read(struct identities *, const char *const *values, const struct addr *at, nsec now,
                  struct chance *);
void identity_wipe(struct identities *);

#endif
