/* optional.h - the handshake messages that not every handshake has, in the manner of messages.h: NewSessionTicket
 * (RFC 5077 §3.3), CertificateStatus (RFC 6066 §8), CertificateRequest and CertificateVerify (RFC 5246 §7.4.4,
 * §7.4.8). */
#ifndef TLS_OPTIONAL_H
#define TLS_OPTIONAL_H

#include "tls/messages.h"
#include "tls/x509/store.h"

struct new_session_ticket { uint32_t lifetime_hint; struct bytes ticket; };    /* seconds; n 0: none after all */
bool read_new_session_ticket(struct wire_in *, struct new_session_ticket *, struct fault *why);
void write_new_session_ticket(struct wire_out *, uint32_t lifetime_hint, struct bytes ticket);

enum { TLS_STATUS_OCSP = 1 };
/* An OCSP response in DER, of at least one octet, whatever it says. */
bool read_certificate_status(struct wire_in *, struct bytes *response, struct fault *why);
void write_certificate_status(struct wire_out *, struct bytes response);

/* ClientCertificateType (RFC 5246 §7.4.4, RFC 8422 §5.5): Ed25519 keys count as ecdsa_sign. */
enum { TLS_RSA_SIGN = 1, TLS_ECDSA_SIGN = 64 };
/* Octets of the CertificateRequest that names these roots; names that do not fit into 65535 octets are left out. */
size_t certificate_request_size(const struct x509_store *, size_t n_sigalgs);
void   write_certificate_request(struct wire_out *, const struct x509_store *, const uint16_t *sigalgs,
                                 size_t n_sigalgs);

struct certificate_verify { uint16_t sigalg; struct bytes signature; };
bool read_certificate_verify(struct wire_in *, struct certificate_verify *, struct fault *why);
void write_certificate_verify(struct wire_out *, unsigned sigalg, const uint8_t *signature, size_t n);

#endif
