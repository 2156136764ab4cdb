#include "tls/x509/oid_table.h"

#include <stdio.h>
#include <string.h>

/* "2.5.29.19"; false, and what fits with "..." behind it, when an arc or the whole is too long. */
static bool dotted_text(const struct bytes *oid, char out[OID_TEXT])
{
    size_t n = 0;
    uint64_t arc = 0;
    out[0] = 0;
    for (size_t i = 0; i < oid->n; i++) {
        if (arc >> 56 || n > OID_TEXT - 28) {                      /* an arc of 63 bits has 19 digits */
            snprintf(out + n, OID_TEXT - n, "...");
            return false;
        }
        arc = arc << 7 | (oid->at[i] & 0x7f);
        if (oid->at[i] & 0x80)
            continue;
        if (n == 0) {  /* the first two arcs share a number, X.690 §8.19.4 */
            unsigned first = arc < 80 ? (unsigned)arc / 40 : 2;
            n += (size_t)snprintf(out, OID_TEXT, "%u", first);
            arc -= 40 * first;
        }
        n += (size_t)snprintf(out + n, OID_TEXT - n, ".%llu", (unsigned long long)arc);
        arc = 0;
    }
    return n > 0;
}

/* Below 0, 0 or above it, as sorted. */
static int compare(const struct bytes *oid, const struct oid_row *row)
{
    if (oid->n != row->n)
        return oid->n < row->n ? -1 : 1;
    return memcmp(oid->at, row->octets, row->n);
}

/* Its row, NULL when it has none. */
static const struct oid_row *find(const struct bytes *oid)
{
    size_t from = 0, to = oid->n ? x509_oid_rows_n : 0;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int order = compare(oid, &x509_oid_rows[middle]);
        if (order == 0)
            return &x509_oid_rows[middle];
        if (order < 0)
            to = middle;
        else
            from = middle + 1;
    }
    return NULL;
}

enum x509_oid x509_oid_of(const struct bytes *oid)
{
    const struct oid_row *row = find(oid);
    return row ? row->oid : OID_UNKNOWN;
}

const char *x509_oid_words(const struct bytes *oid)
{
    const struct oid_row *row = find(oid);
    return row ? SAID(row->words) : NULL;
}

const char *x509_oid_dotted(enum x509_oid oid)
{
    for (size_t i = 0; oid != OID_UNKNOWN && i < x509_oid_rows_n; i++)
        if (x509_oid_rows[i].oid == oid)
            return SAID(x509_oid_rows[i].dotted);
    return "";
}

char *x509_oid_openssl(const struct bytes *oid, char out[OID_TEXT])
{
    const struct oid_row *row = find(oid);
    const char *words = row ? SAID(row->words) : NULL, *known = row ? SAID(row->openssl) : NULL;
    if (words && !(known && !*known))
        snprintf(out, OID_TEXT, "%s", known ? known : words);
    else
        dotted_text(oid, out);
    return out;
}

char *x509_oid_text(const struct bytes *oid, char out[OID_TEXT])
{
    const char *words = x509_oid_words(oid);
    if (words)
        snprintf(out, OID_TEXT, "%s", words);
    else
        dotted_text(oid, out);
    return out;
}
