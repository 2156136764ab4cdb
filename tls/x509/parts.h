/* parts.h - the pieces of which certificates are made and which several readers share: names, algorithms,
 * keys (RFC 5280 §4.1, §4.2.1.6). */
#ifndef TLS_X509_PARTS_H
#define TLS_X509_PARTS_H

#include "tls/x509/cert.h"

/* GeneralName, RFC 5280 §4.2.1.6: the number is the tag's. */
enum general_choice { NAME_OTHER, NAME_EMAIL, NAME_DNS, NAME_X400, NAME_DIRECTORY, NAME_EDI, NAME_URI,
                      NAME_IP, NAME_OID };
/* of a directoryName: the Name with tag and length */
struct general_name { enum general_choice choice; struct bytes value; };
/* AttributeTypeAndValue, RFC 5280 §4.1.2.4. `whole`: the value with its tag and length. */
struct x509_name_part { struct bytes type, value, whole; unsigned tag; };

/* Each reads one element at the cursor, naming it; faults fail the cursor. */
struct general_name  x509_take_general_name(struct wire_in *);
struct x509_name_part x509_take_name_part(struct wire_in *set);
/* Are these the characters that a string of this kind may have? Fails the cursor otherwise. */
bool                 x509_text_sound(const struct bytes *, unsigned tag, struct wire_in *, const uint8_t *start,
                                     const char *name);
/* RelativeDistinguishedName; how many attributes it has */
size_t               x509_take_rdn(struct wire_in *, const char *name, unsigned tag);
/* A string of one of these kinds, ended by a 0. */
struct bytes         x509_take_string(struct wire_in *, const char *name, const unsigned *tags);
struct bytes         x509_take_name(struct wire_in *, const char *name);     /* Name, with tag and length */
struct x509_signature x509_take_algorithm(struct wire_in *, const char *name);
/* What stands behind all that is signed: the algorithm, and the signature's octets (RFC 5280 §4.1.1). */
struct bytes         x509_take_signature(struct wire_in *, struct x509_signature *outer);
void                 x509_take_key(struct wire_in *, struct x509_cert *);    /* SubjectPublicKeyInfo */
void                 x509_take_extensions(struct wire_in *, struct x509_cert *);   /* the SEQUENCE of them */

/* The parameters of an RSASSA-PSS key; without any it signs with every hash (RFC 4055 §3.1). False: others than TLS
 * signs with. */
bool x509_take_pss_key(struct wire_in *, struct public_key *);
enum key_kind x509_curve_key(enum x509_oid);          /* of a named curve; KEY_NONE: none known here */
enum x509_oid x509_curve_oid(enum key_kind);          /* and back; OID_UNKNOWN: not a key on a curve */

#endif
