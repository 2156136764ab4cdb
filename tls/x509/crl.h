/* crl.h - a CA's list of the certificates it takes back, read and judged (RFC 5280 §5, §6.3). */
#ifndef TLS_X509_CRL_H
#define TLS_X509_CRL_H

#include "tls/x509/cert.h"

/* A list, read: it points into the DER it was read from, which must outlive it. */
struct x509_crl {
    struct der der;                                   /* the whole */
    struct bytes tbs;                                 /* what is signed: TBSCertList with tag and length */
    struct x509_signature inner, outer; struct bytes signature;
    struct bytes issuer;                              /* Name, with tag and length */
    nsec this_update; bool has_next_update; nsec next_update;
    struct bytes revoked;                             /* content of revokedCertificates, walked when needed */
    struct bytes authority_key_id, number;
    struct bytes issuing_point;                       /* content of issuingDistributionPoint; n 0: absent */
    bool is_delta;                                    /* deltaCRLIndicator */
    bool unknown_critical; char unknown_oid[OID_TEXT];
};

#endif
