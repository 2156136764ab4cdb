/* classroom_keys.h - the six key pairs of the classroom CA, and one of 1024 bits for a lesson on weak keys. They
 * are part of the program and so everybody's: never trust them outside a lesson. */
#ifndef TLS_X509_CLASSROOM_KEYS_H
#define TLS_X509_CLASSROOM_KEYS_H

#include "crypto/sign.h"

enum classroom_role { CLASSROOM_ROOT, CLASSROOM_INTERMEDIATE, CLASSROOM_LEAF, CLASSROOM_ROLES };

extern const struct private_key classroom_rsa_keys[CLASSROOM_ROLES], classroom_p256_keys[CLASSROOM_ROLES];
extern const struct private_key classroom_weak_key;

#endif
