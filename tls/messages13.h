/* messages13.h - the handshake messages of TLS 1.3 that TLS 1.2 has not, or not so (RFC 8446 §4), in the manner of
 * messages.h: readers alone, since nobody here sends one. Both hellos are messages.h's. */
#ifndef TLS_MESSAGES13_H
#define TLS_MESSAGES13_H

#include "tls/optional.h"

enum { TLS_1_3 = 0x0304 };

/* RFC 8446 §4.1.3: SHA-256 of "HelloRetryRequest", the random by which such a ServerHello is known. */
bool tls_is_retry(const uint8_t random[TLS_RANDOM]);

const char *tls_message13_rfc(unsigned type);

bool read_encrypted_extensions(struct wire_in *, struct tls_extensions *, struct fault *why);
struct certificate_request13 { struct bytes context; struct tls_extensions extensions; };
bool read_certificate_request13(struct wire_in *, struct certificate_request13 *, struct fault *why);

/* The chain as it was sent, leaf first; ocsp and scts: what the leaf's entry brings along, n 0: nothing. The context is
 * empty but behind the handshake (§4.4.2). */
struct certificate13 { struct bytes context; struct certificate_message chain; struct bytes ocsp, scts; };
bool read_certificate13(struct wire_in *, struct certificate13 *, struct fault *why);
/* RFC 8879 §4; what is inside nobody reads here. */
struct compressed_certificate { uint16_t algorithm; uint32_t length, octets; };         /* length: once unpacked */
bool read_compressed_certificate(struct wire_in *, struct compressed_certificate *, struct fault *why);

bool read_finished13(struct wire_in *, size_t hash_size, struct bytes *verify_data, struct fault *why);
struct ticket13 { uint32_t lifetime; struct bytes ticket; struct tls_extensions extensions; };
bool read_ticket13(struct wire_in *, struct ticket13 *, struct fault *why);
bool read_key_update(struct wire_in *, bool *requested, struct fault *why);

/* tell13.c: reads the body of a message that TLS 1.3 has not as TLS 1.2 has it, for its names and a label. False: it is
 * none of these, and nothing was read. */
bool label_message13(unsigned type, struct wire_in *, char *label, size_t room);

#endif
