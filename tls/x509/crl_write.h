/* crl_write.h - making a CA's list of the certificates it takes back (RFC 5280 §5), for `vitrine ca` and for tests.
 *
 *     const struct x509_crl_line line = { .serial = cert.serial, .date = now, .reason = 1 };
 *     const struct x509_crl_issue list = { .issuer = &ca, .signer = &key, .number = 7, .this_update = now,
 *                                          .next_update = now + week, .lines = &line, .n_lines = 1 };
 *     size_t n = x509_write_crl(&list, chance, der, room);          room: x509_crl_room(&list) is enough
 *
 * Version 2, with authorityKeyIdentifier (the issuer's subjectKeyIdentifier) and cRLNumber; signed as the key does it
 * best unless told otherwise. Everything pointed to outlives the call. */
#ifndef TLS_X509_CRL_WRITE_H
#define TLS_X509_CRL_WRITE_H

#include "tls/x509/issue.h"

struct x509_crl_line {
    struct bytes serial;                              /* content octets of the INTEGER, as x509_cert has them */
    nsec date;
    unsigned reason;                                  /* CRLReason (§5.3.1); 0, unspecified, is not written */
    const struct x509_extra *extras; size_t n_extras; /* further entry extensions */
};

struct x509_crl_issue {
    const struct x509_cert *issuer;
    const struct private_key *signer;
    const struct sign_scheme *scheme;                 /* NULL: x509_scheme_of(signer) */
    uint64_t number;
    nsec this_update, next_update;                    /* whole seconds; next_update 0: none is written */
    const struct x509_crl_line *lines; size_t n_lines;
    /* issuingDistributionPoint (§5.2.5), written where one of these says something. */
    const char *point_uri;
    bool user_only, ca_only, attribute_only, indirect;
    unsigned reasons;                                 /* onlySomeReasons: ReasonFlags bit n is 1 << n; 0: all */
    bool delta; uint64_t base;                        /* deltaCRLIndicator: what has changed since the list `base` */
    const struct x509_extra *extras; size_t n_extras; /* further extensions of the list */
    bool no_number;
};

size_t x509_crl_room(const struct x509_crl_issue *);
/* Octets of DER written to out, 0 when it does not fit or the key is bad. */
size_t x509_write_crl(const struct x509_crl_issue *, struct chance *, uint8_t *out, size_t room);

#endif
