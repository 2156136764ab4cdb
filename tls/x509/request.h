/* request.h - a request for a certificate, read and checked (PKCS #10, RFC 2986): whoever has a key of his own asks
 * a CA to certify it. Nothing in it is believed but the key, whose owner has signed the request (§3); what else it
 * wishes for is for the CA to grant.
 *
 * Grounds: x509.request (no such request in strict DER), x509.request_signature. */
#ifndef TLS_X509_REQUEST_H
#define TLS_X509_REQUEST_H

#include "tls/x509/cert.h"

/* out: subject, key (spki), and of the extensions wished for (extensionRequest, RFC 2985 §5.4.2) what a certificate
 * would have of them; tbs is what is signed. It points into the DER, which must outlive it. */
bool x509_read_request(const struct der *, struct x509_cert *out, struct fault *why);

#endif
