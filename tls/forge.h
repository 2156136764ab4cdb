/* forge.h - what a forger makes with tools that an engine has and never uses so: for breaks alone, as tls/spoil.h
 * (tests/house/spoil.sh). */
#ifndef TLS_FORGE_H
#define TLS_FORGE_H

#include "tls/x509/issue.h"

/* Behind a ticket's front (key_name and nonce, which stay) writes a session whose master secret the forger chose,
 * sealed under a key of zeros (CVE-2020-13777). False: it is too short to be a ticket of tls/ticket.h. */
bool forge_ticket(uint8_t *ticket, size_t n, nsec made);

/* An RSA signature over SHA-256 of `text` whose padding is cut short, with zeros behind the digest: who looks for the
 * digest, and not at what follows it, takes it. With exponent 3 those octets can be chosen so that the whole is a
 * cube, and nobody's key is needed (CVE-2006-4339); here the key makes it. False: it is none of RSA, or not of so many
 * octets. */
bool forge_padding(const struct private_key *, struct chance *, struct bytes text, uint8_t *signature, size_t n);

#endif
