/* told.h - inside of verify.c: what a judgement tells (docs/trace.md), all of it only where somebody hears. */
#ifndef TLS_X509_TOLD_H
#define TLS_X509_TOLD_H

#include "tls/x509/checks.h"

enum { X509_ABOUT = sizeof ((struct fault *)0)->about };

const char *x509_verdict_words(enum x509_verdict);
/* "leaf CN=www.example.test", of the certificate at i of the path */
char *x509_about(const struct x509_path *, size_t i, char out[X509_ABOUT]);
char *x509_about_as(const char *role, const struct x509_cert *, char out[X509_ABOUT]);

void tell_certificate(const struct voice *, const struct x509_cert *, const char *about, enum x509_verdict,
                           const char *why);
/* "signed by CN=Root; valid until ...; it may issue" */
void x509_accepted_text(const struct x509_path *, size_t i, char out[2 * X509_SAY]);

/* ---- the search, for ask->tell_search ---- */

enum x509_source { X509_TRUSTED, X509_SENT, X509_UNTRUSTED };
/* A certificate that was tried at the top of a path: what came of it. check: which one refused it (NULL: none). */
struct x509_candidate {
    const struct x509_cert *cert; enum x509_source source; enum x509_signed fits; enum x509_verdict verdict;
    const char *check; const struct ground *ground; char why[2 * X509_SAY];
};
void x509_tell_candidate(const struct voice *, size_t depth, const struct x509_candidate *);
/* A path at its end. why: its refusal, or one without ground. */
void x509_tell_path(const struct voice *, const struct x509_path *, const struct fault *why);

#endif
