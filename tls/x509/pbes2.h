/* pbes2.h - private keys under a pass phrase: EncryptedPrivateKeyInfo (RFC 5958 §3) by PBES2 (RFC 8018 §6.2), which is
 * a key out of the pass phrase (PBKDF2 with HMAC over SHA-1, SHA-256, SHA-384 or SHA-512; scrypt, RFC 7914 §7) and
 * AES-128 or AES-256 in CBC mode with it. Inside is a PKCS #8 key (private_key.h).
 *
 * Nothing but the padding and the key's own form says whether the pass phrase was right: that is told, since who asks
 * sits here with the file. What the file asks for in time and memory is refused above a limit, before anything is
 * computed. Grounds: x509.key_file (broken), x509.key_cipher (another algorithm, by its name), x509.key_work (beyond a
 * limit), x509.key_password. */
#ifndef TLS_X509_PBES2_H
#define TLS_X509_PBES2_H

#include "crypto/chance.h"
#include "tls/x509/der.h"

enum {
    PBES2_ITERATIONS = 600000,                        /* for keys written here: half a second */
    PBES2_WORK_MAX = 4000000,                         /* of stretch.h: some seconds */
    PBES2_MEMORY_MAX = 64 << 20,                      /* octets; OpenSSL's scrypt takes 16 MiB */
    PBES2_MORE = 160                                  /* no key grows by more when it is encrypted */
};

/* Decrypts into out, which has room for as many octets as the file. How many; 0: refused, out is wiped. work_most 0:
 * PBES2_WORK_MAX. */
size_t pbes2_open(const struct der *, struct bytes password, uint64_t work_most, uint8_t *out, struct fault *why);

/* Encrypts a PKCS #8 key: PBKDF2 with HMAC-SHA-256, a salt of 16 octets, AES-256-CBC. Octets written; 0: no room. */
size_t pbes2_seal(const struct der *key, struct bytes password, uint32_t iterations, struct chance *, uint8_t *out,
                  size_t room);

#endif
