/* put_parts.h - the pieces of which certificates, lists and responses are made, written: the other half of parts.h
 * (RFC 5280 §4.1, §4.2). Whatever does not fit fails the cursor. */
#ifndef TLS_X509_PUT_PARTS_H
#define TLS_X509_PUT_PARTS_H

#include "tls/x509/parts.h"

enum { X509_KEY_ID = 20 };                            /* RFC 7093 §2: the leftmost 160 bits of SHA-256 */

void x509_put_oid(struct wire_out *, enum x509_oid);

/* How a key signs certificates where nobody says otherwise: with the hash of its own strength (RFC 5758 §3.2), with
 * the one it is bound to. */
struct sign_scheme x509_scheme_of(const struct public_key *);
/* AlgorithmIdentifier of a signature. A scheme without a name fails the cursor. */
void x509_put_algorithm(struct wire_out *, struct sign_scheme);
/* Behind what is signed, which lies at `start` and reaches to the cursor: algorithm and signature. False: no room, the
 * key is bad or cannot sign so. */
bool x509_put_signature(struct wire_out *, const uint8_t *start, const struct private_key *, struct sign_scheme,
                        struct chance *);

void x509_put_key(struct wire_out *, const struct public_key *);       /* SubjectPublicKeyInfo */
void x509_put_key_algorithm(struct wire_out *, const struct public_key *);             /* its AlgorithmIdentifier */
/* What subjectPublicKey holds, behind its unused_bits: the point, or RSAPublicKey. */
void x509_put_key_bits(struct wire_out *, const struct public_key *);
void x509_key_id(const struct public_key *, uint8_t id[X509_KEY_ID]);

/* GeneralName. value: as general_name has it; of the kinds with a structure of their own (otherName, x400Address,
 * ediPartyName) what is inside the tag. */
void x509_put_general_name(struct wire_out *, const struct general_name *);

/* Extension: between these its value is written. */
struct put_extension { struct put_der whole, value; };
struct put_extension x509_open_extension(struct wire_out *, const char *oid, bool critical);
void x509_close_extension(struct wire_out *, struct put_extension);

#endif
