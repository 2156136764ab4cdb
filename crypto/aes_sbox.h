/* aes_sbox.h - the S-box of AES (FIPS 197 §5.1.1) as a circuit: ANDs and XORs on whole words, no table, no
 * branch.
 *
 * q[0] to q[7] are the eight bits of 64 octets that are substituted at once: bit n of q[i] is bit i (0 the
 * lowest) of octet n. Part of aes.c; its own file because it is one idea with its own source. */
#ifndef CRYPTO_AES_SBOX_H
#define CRYPTO_AES_SBOX_H

#include <stdint.h>

void aes_sub_bytes(uint64_t q[8]);
void aes_inv_sub_bytes(uint64_t q[8]);

#endif
