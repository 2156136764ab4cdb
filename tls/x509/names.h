/* names.h - for whom is this certificate? The name check of RFC 9525 and the name constraints of RFC 5280
 * §4.2.1.10.
 *
 * A server is named by the dNSName and iPAddress entries of subjectAltName and by nothing else: the CN of the
 * subject is no name of a server (RFC 9525 §2). Names are octets with a length; one with a NUL or any other
 * character that no host name has fits nothing. */
#ifndef TLS_X509_NAMES_H
#define TLS_X509_NAMES_H

#include "tls/x509/cert.h"

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
/* 4 or 16 octets; 8 or 32: with a mask behind */
char *x509_ip_text(const struct bytes *ip, char out[X509_SAY]);

/* May `below` bear its names under the constraints (content of the extension) of a certificate above it? All
 * dNSNames, iPAddresses and directory names (the subject, too) are held against them; a name of a form that
 * has constraints but no rule here is refused. False: expected and found say which name stands against
 * what. */
bool x509_constraints_allow(const struct bytes *constraints, const struct x509_cert *below,
                            char expected[X509_SAY], char found[X509_SAY]);

#endif
