/* check.h - inside of the checks: what the judges of checks.h's table share, and the judges themselves. Each file
 * check_*.c holds one family; a judge says what it expected and found, whatever its verdict. */
#ifndef TLS_X509_CHECK_H
#define TLS_X509_CHECK_H

#include "tls/x509/checks.h"

__attribute__((format(printf, 3, 4)))
void x509_say(struct x509_finding *, const char *expected, const char *found, ...);
#ifdef VITRINE_SMALL                                  /* trace/fault.h */
#define x509_say(f, ...) (FAULT_SPEAKS ? x509_say(f, __VA_ARGS__) : (void)(f))
#endif
enum x509_verdict x509_refused_as(struct x509_finding *, const struct ground *);
enum x509_verdict x509_verdict_of(bool fine);

bool x509_is_top(const struct x509_path *, size_t i);
bool x509_is_anchor(const struct x509_path *, size_t i);

/* A judge who verifies a signature (of a CRL, an OCSP response) or compares names asks first; these are counted
 * together with what the search for a path does. False: the budget is spent (x509.budget). */
bool x509_may_verify(const struct x509_path *);
bool x509_may_compare(const struct x509_path *, size_t n);

typedef enum x509_verdict x509_judge(const struct x509_path *, size_t i, struct x509_finding *);

x509_judge x509_judge_trust, x509_judge_algorithm, x509_judge_key, x509_judge_signature;       /* check_signature.c */
x509_judge x509_judge_depth, x509_judge_distrust;                                              /* check_store.c */
x509_judge x509_judge_version, x509_judge_serial, x509_judge_issuer, x509_judge_validity,
           x509_judge_extensions;                                                              /* check_form.c */
x509_judge x509_judge_basic_constraints, x509_judge_path_length, x509_judge_key_usage,
           x509_judge_purpose;                                                                 /* check_issuer.c */
x509_judge x509_judge_name_constraints, x509_judge_host_name;                                  /* check_names.c */
x509_judge x509_judge_policy;                                                                  /* check_policy.c */
x509_judge x509_judge_ocsp, x509_judge_crl, x509_judge_status, x509_judge_must_staple;        /* check_revocation.c */
x509_judge x509_judge_critical, x509_judge_ca_bit, x509_judge_subject_key_id, x509_judge_authority_key_id,
           x509_judge_alt_name, x509_judge_web_version, x509_judge_web_not_critical, x509_judge_web_leaf,
           x509_judge_web_root_key_id, x509_judge_web_rsa_size, x509_judge_web_root_purpose, x509_judge_web_purpose,
           x509_judge_web_common_name;                                                         /* check_web.c */

#endif
