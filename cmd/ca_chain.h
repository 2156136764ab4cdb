/* ca_chain.h - a chain, sound or spoiled, as files, and the line that judges it. */
#ifndef CMD_CA_CHAIN_H
#define CMD_CA_CHAIN_H

#include "cmd/ca.h"
#include "tls/x509/spoil.h"

enum { CHAIN_LINE = 1024 };

/* `before` and trust.pem, chain.pem (the leaf, and what was sent along), leaf.pem, crl.pem and ocsp.der where there is
 * something to say. False: said on stderr. */
bool ca_chain_write(const struct x509_scene *, const char *before);
/* "vitrine verify --trust trust.pem --host www.example.test --at 1790000000 chain.pem" */
char *ca_chain_line(const struct x509_scene *, const char *before, char out[CHAIN_LINE]);

#endif
