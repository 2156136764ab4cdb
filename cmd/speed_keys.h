/* speed_keys.h - keys for `vitrine speed`, made when somebody first asks: the RSA ones take some time. */
#ifndef CMD_SPEED_KEYS_H
#define CMD_SPEED_KEYS_H

#include "crypto/sign.h"

/* "rsa2048", "ecdsap256", "ed25519"; NULL: there is none of this name, or it cannot be made. */
const struct private_key *speed_key(const char *name);
void speed_keys_wipe(void);

#endif
