/* judge.h - inside of verify.c: one path, held against the table of checks.h. */
#ifndef TLS_X509_JUDGE_H
#define TLS_X509_JUDGE_H

#include "tls/x509/check.h"

/* How many checks refuse it, counted up to `most`; 0: the path holds. Nothing is told and no text is made. */
unsigned x509_refusals(const struct x509_path *, unsigned most);
/* Does it hold? Tells every check and certificate; where nobody hears, stops at the first refusal. That one, from the
 * anchor down, fills *why. */
bool x509_judge_path(const struct x509_path *, const struct voice *, struct fault *why);
/* Which check refuses the certificate at i whatever may come to stand above it? NULL: none of them. */
const struct x509_check *x509_early_refusal(const struct x509_path *, size_t i, struct x509_finding *);

#endif
