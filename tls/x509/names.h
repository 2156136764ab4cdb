/* names.h - for whom is this certificate? The name check of RFC 9525 and the name constraints of RFC 5280
 * §4.2.1.10.
 *
 * A server is named by the dNSName and iPAddress entries of subjectAltName and by nothing else: the CN of the
 * subject is no name of a server (RFC 9525 §2). Names are octets with a length; one with a NUL or any other
 * character that no host name has fits nothing. */
#ifndef TLS_X509_NAMES_H
#define TLS_X509_NAMES_H

#include "tls/x509/parts.h"

enum { X509_SAY = 96 };                               /* as `expected` and `came` of a fault */

/* RFC 9525 §6.3. Reference: what the user asked for, in A-labels; one dot at its end is as none. Presented: a
 * dNSName. ASCII case does not count. A wildcard is the whole left-most label, stands for one label and has
 * two at least behind it ("*.test" is too wide).
 *
 *     www.example.test   fits  www.example.test, WWW.Example.Test, *.example.test
 *                        not   example.test, *.test, w*.example.test, www.*.test, *.www.example.test,
 *                              www.example.test. */
bool x509_dns_matches(const char *reference, const struct bytes *presented);

/* Is one of its subjectAltNames the host? With ip->n > 0 that address alone counts (RFC 9525 §6.5), exactly.
 */
bool  x509_cert_is_for(const struct x509_cert *, const char *host, const struct bytes *ip);
/* The names it is for: "bank.test, www.bank.test and 3 more"; or that it has none. */
char *x509_cert_names(const struct x509_cert *, char out[X509_SAY]);
/* 4 or 16 octets, as RFC 5952 §4 writes them ("2001:db8::1"); 8 or 32: with a mask behind ("192.0.2.0/24"). */
char *x509_ip_text(const struct bytes *ip, char out[X509_SAY]);
char *x509_general_text(const struct general_name *, char out[X509_SAY]);

/* ---- the constraints that a CA's certificate lays on all below it (constraints.c) ---- */

/* May `below` bear its names under the constraints (content of the extension) of a certificate above it? Held against
 * them are its subject (a directory name) and all its subjectAltNames; and where it has none of that form the mail
 * addresses of its subject and, unless it is a CA or has addresses, what looks like a host's name in its CN. By form:
 *
 *     dNSName         "example.test"       that name and all below it
 *     iPAddress       address and mask     addresses within
 *     rfc822Name      "jan@example.test"   that mailbox;  "example.test": of that host;  ".example.test": those below
 *     URI             "example.test"       that host;     ".example.test": those below
 *     directoryName   C=XX, O=Example      names that begin so
 *
 * A name of a form that has constraints but no rule here (an otherName) is refused, and so is a malformed one, or any
 * of the form where the constraint is malformed. False: expected and found say which name stands against what. */
bool x509_constraints_allow(const struct bytes *constraints, const struct x509_cert *below,
                            char expected[X509_SAY], char found[X509_SAY]);
/* What that costs is the product of both: names of a certificate, its subject included, and subtrees of another. */
size_t x509_names_of(const struct x509_cert *);
size_t x509_subtrees_of(const struct x509_cert *);

/* ---- parts of names ---- */

/* How many labels has this host name: of 1 to 63 letters, digits, hyphens and (in use, if not allowed) underscores,
 * with single dots between them, the last not all digits: that would be an address (RFC 1123 §2.1). 0: no such name. */
size_t x509_host_labels(const char *, size_t n);
bool   x509_same_text(const char *a, const char *b, size_t n);         /* but for ASCII case */
/* The leading ones of a network mask; -1: ones come behind zeros. */
int    x509_mask_bits(const uint8_t *mask, size_t n);
/* The nth (from 0) value of this type in a Name: its octets, whatever kind of string it is. */
bool   x509_name_attribute(const struct bytes *name, enum x509_oid, size_t nth, struct bytes *value);

#endif
