/* oid_table.h - inside of oids.h: its rows. */
#ifndef TLS_X509_OID_TABLE_H
#define TLS_X509_OID_TABLE_H

#include "tls/x509/oids.h"

enum { OID_ROW_OCTETS = 12 };
struct oid_row {
    uint8_t oid;                                      /* OID_UNKNOWN: nothing here asks for it but by its words */
    uint8_t n, octets[OID_ROW_OCTETS];                /* the content of the OBJECT IDENTIFIER */
#ifndef VITRINE_SMALL                                 /* trace/fault.h, SAID */
    const char *dotted, *words;
    /* what OpenSSL calls it: an attribute by its short name, all else by its long one; NULL: as `words`; "": it does
     * not know it */
    const char *openssl;
#endif
};

extern const struct oid_row x509_oid_rows[];          /* sorted by n, then by octets */
extern const size_t x509_oid_rows_n;

#endif
