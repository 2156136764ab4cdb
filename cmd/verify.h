/* verify.h - what `vitrine verify` was asked and what came of it, shared by its pieces: verify_ask.c reads options,
 * verify_files.c files, verify.c judges, the others show it. */
#ifndef CMD_VERIFY_H
#define CMD_VERIFY_H

#include "cmd/options.h"
#include "cmd/verify_told.h"
#include "net/dns.h"
#include "tls/x509/crl.h"
#include "tls/x509/policy.h"

#include <stdio.h>

enum { VERIFY_ACCEPTED = 0, VERIFY_REFUSED = 1, VERIFY_USAGE = 2 };
enum { VERIFY_SENT_MAX = 1024, VERIFY_LEFT_OUT_MAX = 4 };

/* A certificate of a file of candidates that could not be read, and why. */
struct verify_left_out { const char *file; size_t how_many; struct fault why; };

struct verify {
    const char *name;                                 /* LEAF.pem */
    struct x509_ask ask;                              /* points to the fields below */
    struct x509_store trust, untrusted;
    bool system_trust;
    struct der sent[VERIFY_SENT_MAX]; size_t n_sent;  /* what LEAF.pem holds */
    char host[DNS_NAME]; struct addr ip;
    struct x509_crl *crls; size_t n_crls, room_crls;
    /* of a list that could not be read: it may say "revoked" */
    struct fault crl_flaw; struct der crl_flawed;
    struct bytes responses[OPT_FILES], policies[OPT_FILES];
    uint8_t oids[OPT_FILES][X509_POLICY_OID];
    void *files[8 * OPT_FILES]; size_t n_files;       /* memory of what was read */
    struct verify_left_out left_out[VERIFY_LEFT_OUT_MAX]; size_t n_left_out;

    bool accepted; struct fault why;
    struct x509_cost cost;
    struct verify_told told;
};

/* False: a sentence is on stderr. What was read is given back by verify_files_free. */
bool verify_ask_read(struct verify *, const char *const *values, const char *leaf);
/* The certificate that the refusal is about; NULL: it is not one of the path. */
const struct verify_cert *verify_refused(const struct verify *);
bool verify_files_read(struct verify *, const char *const *values);
void verify_files_free(struct verify *);

#endif
