/* wycheproof.h - what our crypto says to one test of Wycheproof (tests/vectors/wycheproof), a judge for each kind of
 * file. A judge also looks at what came out: an accepted test must give the octets that stand in it, or the judge fails.
 *
 * `kind` is what the file is about: an aead_kind, hash_kind or key_kind. `cpu` is the form, as everywhere. */
#ifndef TESTS_LIB_WYCHEPROOF_H
#define TESTS_LIB_WYCHEPROOF_H

#include "crypto/cpu.h"
#include "tests/lib/vectors.h"

enum ruling { ACCEPTED, REFUSED, NOT_OURS };           /* NOT_OURS: asks for what there is no way to ask for here */
typedef enum ruling wycheproof_judge(const struct vectors *, int kind, const struct cpu *);

wycheproof_judge judge_aead, judge_cbc, judge_ecdh, judge_ecdh_spki, judge_ecdsa, judge_ed25519, judge_hmac, judge_pkcs1,
    judge_pss, judge_rsa_signature, judge_x25519;

#endif
