/* text.h - a certificate in the words of `openssl x509 -nameopt RFC2253`, so that two programs can be held side by
 * side. Whatever octets come, the text is printable ASCII. What does not fit the room ends in "...". Each returns
 * `out`. */
#ifndef TLS_X509_TEXT_H
#define TLS_X509_TEXT_H

#include "tls/x509/cert.h"

enum {
    X509_RFC2253_TEXT = 4096,                          /* room enough for the names that one meets */
    X509_SERIAL_TEXT = 64, X509_DATE_TEXT = 32, X509_SHA256_TEXT = 100, X509_EXTENSIONS_TEXT = 2048
};

/* RFC 2253 §2: the last RDN first, "CN=www.example.test,O=Vitrine\, the shop,C=FR"; an RDN of several attributes
 * with "+" between them; octets of UTF-8 as "\C3\8E"; "1.2.3.4=#0C0141", in DER, where the type has no name or
 * the value is no string. A value whose characters are broken ends there. Nothing for a Name of nothing. */
char *x509_rfc2253(const struct bytes *name, char *out, size_t room);
/* Content octets of the INTEGER in hex: "1002", "00", "-80". */
char *x509_serial_text(const struct bytes *serial, char *out, size_t room);
/* From not_before_digits or not_after_digits: "Nov 23 12:00:00 2026 GMT", "Dec 31 23:59:59 9999 GMT". */
char *x509_date_text(const struct bytes *digits, char out[X509_DATE_TEXT]);
/* SHA-256 of the whole: "40:6D:10: ... :0E" */
char *x509_sha256_text(const struct der *, char out[X509_SHA256_TEXT]);
/* "X509v3 Basic Constraints: critical, X509v3 Subject Key Identifier, 1.3.6.1.4.1.311.21.1", in their order */
char *x509_extensions_text(const struct x509_cert *, char *out, size_t room);

#endif
