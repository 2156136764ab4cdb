/* oid_table.h - inside of oids.h: its rows. */
#ifndef TLS_X509_OID_TABLE_H
#define TLS_X509_OID_TABLE_H

#include "tls/x509/oids.h"

struct oid_row {
    enum x509_oid oid;                                /* 0, OID_UNKNOWN: nothing here asks for it but by its words */
    size_t n; const uint8_t *octets;                  /* the content of the OBJECT IDENTIFIER */
    const char *dotted, *words;
    /* what OpenSSL calls it: an attribute by its short name, all else by its long one; NULL: as `words`; "": it does
     * not know it */
    const char *openssl;
};

extern const struct oid_row x509_oid_rows[];          /* sorted by n, then by octets */
extern const size_t x509_oid_rows_n;

#endif
