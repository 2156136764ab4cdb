/* checks.h - what is asked of each certificate on a path, as a table (RFC 5280 §6.1, RFC 9525). verify.c
 * walks it from the anchor down to the leaf, certificate by certificate, in the table's order; so the first
 * refusal is the one that the others may hang on. */
#ifndef TLS_X509_CHECKS_H
#define TLS_X509_CHECKS_H

#include "tls/x509/crl.h"
#include "tls/x509/names.h"
#include "tls/x509/verify.h"

/* UNKNOWN: algorithm or key not known here */
enum x509_signed { SIGNED_UNTRIED, SIGNED_RIGHT, SIGNED_WRONG, SIGNED_UNKNOWN };

/* UNASKED: the check is no matter of this certificate and is not told. SKIPPED: it would be, and `found` says
 * why it was not made. Whatever else somebody returns counts as a refusal, and so does nothing at all. */
enum x509_verdict { X509_REFUSED, X509_ACCEPTED, X509_SKIPPED, X509_UNASKED };
/* quiet: nobody will read the words; then x509_say makes none, and a judge need not */
struct x509_finding { bool quiet; const struct ground *ground; char expected[X509_SAY], found[X509_SAY]; };

/* What was found out about revocation, which depends on the way above a certificate alone, kept for one search: so it
 * is not found out twice, and a chain of a thousand ways ends when there is no room for more answers. */
enum { X509_KEPT_MAX = 64 };
struct x509_kept {
    unsigned kind;                                    /* who said it */
    const struct x509_cert *way[X509_PATH_MAX]; size_t n;
    enum x509_verdict verdict;
    struct x509_finding finding;
};
struct x509_memo {
    struct x509_kept kept[X509_KEPT_MAX]; size_t n;
    struct x509_crl_digests digests;
};

/* A way from the leaf (0) to the top (n - 1), which is an anchor if `anchored`. signed_by[i]: does the key of
 * i + 1 fit the signature on i? For a top that is self-issued: its own key. */
struct x509_path {
    const struct x509_ask *ask;
    const struct x509_cert *certs[X509_PATH_MAX];
    enum x509_signed signed_by[X509_PATH_MAX];
    size_t n;
    bool anchored;
    struct x509_memo *memo;                           /* NULL: nothing is kept */
    struct x509_cost *cost;                           /* of the whole search: check.h, x509_may_verify */
};

/* Where a check must be ACCEPTED, and nothing else lets the path hold: an answer that is not yes is no (GnuTLS once
 * took an error's number for a yes, CVE-2014-0092). Elsewhere it may be SKIPPED or UNASKED. */
enum x509_must { X509_ALWAYS, X509_BELOW_TOP, X509_AT_TOP, X509_ABOVE_LEAF, X509_FOR_HOST, X509_NO_MUST };
struct x509_check {
    const char *name;                                 /* "validity" */
    enum x509_must must;
    enum x509_verdict (*judge)(const struct x509_path *, size_t i, struct x509_finding *);
    struct ground ground;  /* of a refusal, where judge gives no narrower one; its rfc is the check's */
};
extern const struct x509_check x509_checks[];         /* ends with a NULL name */

bool x509_self_issued(const struct x509_cert *);      /* subject and issuer are the same name */

#endif
