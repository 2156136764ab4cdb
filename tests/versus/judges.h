/* judges.h - who is asked, and what they answer: "" for a yes, else a reason that is the same for the same cause (no
 * names, dates or offsets in it). */
#ifndef TESTS_VERSUS_JUDGES_H
#define TESTS_VERSUS_JUDGES_H

#include "tests/versus/chains.h"
#include "tls/x509/verify.h"

enum { VERSUS_WORDS = 120 };

struct versus_judge {
    const char *name;                                 /* "openssl" */
    void (*judge)(const struct versus_chain *, char why[VERSUS_WORDS]);
};

void versus_ours(const struct versus_chain *, enum x509_profile, char why[VERSUS_WORDS]);
void versus_openssl(const struct versus_chain *, char why[VERSUS_WORDS]);
void versus_gnutls(const struct versus_chain *, char why[VERSUS_WORDS]);
/* Go's crypto/x509, in a process of its own that lives as long as this one (VERSUS_GO in the environment: its
 * program). False: there is none. */
bool versus_go_starts(void);
void versus_go(const struct versus_chain *, char why[VERSUS_WORDS]);

#endif
