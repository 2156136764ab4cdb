/* pem.h - PEM (RFC 7468) to DER and back, and the private keys in it (private_key.h), also encrypted ones (pbes2.h).
 *
 * Between blocks there may be any text. A block is read as RFC 7468's lax form: lines of any length, white
 * space anywhere between the base64 digits; but digits, padding and the bits under the padding must be right,
 * and the END line must bear the same label. Grounds: x509.pem; for keys x509.key_file (broken, no key
 * there), x509.key_encrypted (and no pass phrase at hand), those of pbes2.h and those of private_key.h. */
#ifndef TLS_X509_PEM_H
#define TLS_X509_PEM_H

#include "tls/x509/cert.h"
#include "tls/x509/private_key.h"

enum { PEM_LABEL = 64 };

/* The next block of `*at`..`end` whose label is `label` ("CERTIFICATE"; NULL: any): its DER into out, *at
 * moved behind it. 0: there is none more (why without ground), or it is broken (why says so; *at stands
 * behind its BEGIN line). label_out (room PEM_LABEL) may be NULL. */
size_t pem_next(const char **at, const char *end, const char *label, char *label_out, uint8_t *out,
                size_t room, struct fault *why);
/* The certificates of a PEM text, in their order (a server's file has its leaf first), at most `most`: their DER one
 * behind the other into store, which they point into. How many; 0: there is none (why without
 * ground), or one is broken or does not fit (why says so). */
size_t pem_certificates(const char *text, size_t n, uint8_t *store, size_t room, struct der *chain, size_t most,
                        struct fault *why);
/* octets written, a NUL behind; 0: does not fit */
size_t pem_write(const char *label, const struct der *, char *out, size_t room);

enum { PEM_KEY_MAX = 4096, PEM_PASSWORD_MAX = 1024 };  /* no key written here is longer; no pass phrase read is */

/* Who is asked for the pass phrase of an encrypted key, once for a key: octets into out (room PEM_PASSWORD_MAX), how
 * many into *n. False: nobody knows one. Pass phrases are octets; RFC 8018 §3 wants UTF-8, nothing here looks. */
struct pem_password {
    bool (*ask)(struct pem_password *, char *out, size_t *n);
    uint64_t work_most;                               /* 0: PBES2_WORK_MAX */
};

/* The first private key of a PEM text, in any of its forms. Of encrypted ones only PBES2's ("ENCRYPTED PRIVATE KEY");
 * those that OpenSSL wrote once ("Proc-Type: 4,ENCRYPTED") are refused by name. */
bool pem_private_key(const char *text, size_t n, struct private_key *out, struct fault *why);
/* The same, asking for a pass phrase where one is needed (NULL: nobody to ask). */
bool pem_private_key_asking(const char *text, size_t n, struct pem_password *, struct private_key *out,
                            struct fault *why);

/* Octets written, a NUL behind; 0: does not fit, or this kind has no such form. Whoever is done with it wipes it. */
size_t pem_write_private_key(const struct private_key *, enum key_form, char *out, size_t room);
/* As PKCS #8 under PBES2: PBKDF2 with HMAC-SHA-256 and AES-256-CBC, as OpenSSL does it. */
size_t pem_write_encrypted_key(const struct private_key *, struct bytes password, struct chance *, char *out,
                               size_t room);

#endif
