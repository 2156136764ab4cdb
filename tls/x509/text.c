#include "tls/x509/text.h"
#include "crypto/hash.h"
#include "tls/x509/parts.h"
#include "trace/utf8.h"

#include <stdio.h>
#include <string.h>

/* Text that is being put together. Once it is full it stays so. */
struct text { char *at; size_t n, room; };

static struct text text_into(char *out, size_t room)
{
    out[0] = 0;
    return (struct text){ out, 0, room };
}

static void add(struct text *t, const char *s)
{
    size_t n = strlen(s);
    if (t->n + n + 4 > t->room) {                                  /* "..." and a NUL must find room behind */
        if (t->room > t->n)
            snprintf(t->at + t->n, t->room - t->n, "...");
        t->room = 0;
        return;
    }
    memcpy(t->at + t->n, s, n + 1);
    t->n += n;
}

static void add_hex(struct text *t, const struct bytes *b, const char *between)
{
    char one[8];
    for (size_t i = 0; i < b->n && t->room; i++) {
        snprintf(one, sizeof one, "%s%02X", i ? between : "", b->at[i]);
        add(t, one);
    }
}

/* ---- names ---- */

enum { LAST = 1, FIRST = 2 };

/* One octet of a value as it goes out; `place` says whether it belongs to the first or the last character. RFC 2253
 * §2.4: a space at either end and a "#" in front are escaped, too (but OpenSSL leaves a "#" that is all there is). */
static void add_octet(struct text *t, uint8_t c, unsigned place)
{
    char one[4];
    bool special = (c && strchr(",+\"\\<>;", c)) || (c == ' ' && place) || (c == '#' && place == FIRST);
    if (c < ' ' || c > '~')
        snprintf(one, sizeof one, "\\%02X", c);
    else
        snprintf(one, sizeof one, special ? "\\%c" : "%c", c);
    add(t, one);
}

static void add_character(struct text *t, uint32_t c, unsigned place)
{
    if (c > 0x10ffff || (c >= 0xd800 && c < 0xe000))               /* no character */
        return;
    size_t more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    static const uint8_t lead[] = { 0, 0xc0, 0xe0, 0xf0 };
    add_octet(t, (uint8_t)(lead[more] | c >> (6 * more)), place);
    while (more-- > 0)
        add_octet(t, (uint8_t)(0x80 | (c >> (6 * more) & 0x3f)), 0);
}

/* Octets of one character of a string with this tag; 0: it is of no kind whose characters one knows. UTF8String: 1,
 * at least. */
static size_t width_of(unsigned tag)
{
    switch (tag) {
    case DER_UTF8: case DER_NUMERIC: case DER_PRINTABLE: case DER_T61: case DER_IA5: case DER_UTC_TIME:
    case DER_GENERALIZED_TIME: case DER_VISIBLE:
        return 1;
    case DER_BMP:       return 2;
    case DER_UNIVERSAL: return 4;
    default:            return 0;
    }
}

static void add_value(struct text *t, const struct x509_name_part *a, size_t width)
{
    const struct bytes *v = &a->value;
    size_t size;
    for (size_t i = 0; v->n % width == 0 && i < v->n; i += size) {
        uint32_t c = 0;
        size = a->tag == DER_UTF8 ? utf8_next(v->at + i, v->n - i, &c) : width;
        if (size == 0)
            return;
        unsigned place = (i == 0 ? FIRST : 0u) | (i + size == v->n ? LAST : 0u);
        c = 0;
        for (size_t k = 0; k < size; k++)
            c = c << 8 | v->at[i + k];
        if (a->tag != DER_UTF8)
            add_character(t, c, place);
        else
            for (size_t k = 0; k < size; k++)
                add_octet(t, v->at[i + k], place);
    }
}

static void add_attribute(struct text *t, const struct x509_name_part *a)
{
    char key[OID_TEXT];
    size_t width = width_of(a->tag);
    bool named = strspn(x509_oid_openssl(&a->type, key), "0123456789.") < strlen(key);
    add(t, key);
    add(t, "=");
    if (named && width)
        add_value(t, a, width);
    else {
        add(t, "#");
        add_hex(t, &a->whole, "");
    }
}

char *x509_rfc2253(const struct bytes *name, char *out, size_t room)
{
    struct { struct x509_name_part a; bool begins; } all[X509_ATTRIBUTES_MAX];
    struct wire_in in = wire_over(name->at, name->n, NULL);
    struct wire_in rdns = der_open(&in, "name", DER_SEQUENCE);
    struct text t = text_into(out, room);
    size_t n = 0;
    while (rdns.at < rdns.end) {
        struct wire_in set = der_open(&rdns, "relative_distinguished_name", DER_SET);
        for (bool begins = true; set.at < set.end && n < X509_ATTRIBUTES_MAX; begins = false, n++) {
            all[n].a = x509_take_name_part(&set);
            all[n].begins = begins;
        }
    }
    for (size_t i = n; i-- > 0;) {
        add_attribute(&t, &all[i].a);
        if (i)
            add(&t, all[i].begins ? "," : "+");
    }
    return out;
}

/* ---- all else ---- */

char *x509_serial_text(const struct bytes *serial, char *out, size_t room)
{
    struct text t = text_into(out, room);
    struct bytes b = *serial;
    if (b.n > 1 && b.at[0] == 0)                                   /* for its sign alone */
        b = (struct bytes){ b.at + 1, b.n - 1 };
    if (b.n == 0 || serial->at[0] < 0x80) {
        add_hex(&t, &b, "");
        return out;
    }
    /* Its amount: 2^(8n) less what is written. All octets 0 behind the first: no octet falls away. */
    size_t last = b.n;
    while (last > 1 && b.at[last - 1] == 0)
        last--;
    add(&t, "-");
    for (size_t i = 0; i < b.n; i++) {
        uint8_t c = (uint8_t)(i + 1 < last ? ~b.at[i] : i + 1 == last ? 0x100 - b.at[i] : 0);
        if (i > 0 || c != 0 || b.n == 1)
            add_hex(&t, &(struct bytes){ &c, 1 }, "");
    }
    return out;
}

char *x509_date_text(const struct bytes *digits, char out[X509_DATE_TEXT])
{
    static const char months[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov",
                                      "Dec" };
    enum { UTC = 13, GENERALIZED = 15 };
    out[0] = 0;
    if (digits->n != UTC && digits->n != GENERALIZED)
        return out;
    const char *d = (const char *)digits->at + digits->n - 11;     /* MMDDhhmmssZ */
    unsigned year = 0, month = (unsigned)(10 * (d[0] - '0') + d[1] - '0');
    for (size_t i = 0; i + 11 < digits->n; i++)
        year = year * 10 + digits->at[i] - '0';
    if (digits->n == UTC)
        year += year < 50 ? 2000 : 1900;                           /* RFC 5280 §4.1.2.5.1 */
    snprintf(out, X509_DATE_TEXT, "%s %c%c %.2s:%.2s:%.2s %u GMT", month - 1 < 12 ? months[month - 1] : "?",
             d[2] == '0' ? ' ' : d[2], d[3], d + 4, d + 6, d + 8, year % 10000);
    return out;
}

char *x509_sha256_text(const struct der *der, char out[X509_SHA256_TEXT])
{
    uint8_t digest[HASH_MAX];
    struct text t = text_into(out, X509_SHA256_TEXT);
    hash_of(HASH_SHA256, der->at, der->n, digest, NULL);
    add_hex(&t, &(struct bytes){ digest, 32 }, ":");
    return out;
}

char *x509_extensions_text(const struct x509_cert *c, char *out, size_t room)
{
    struct text t = text_into(out, room);
    struct wire_in list = wire_over(c->extensions.at, c->extensions.n, NULL);
    char name[OID_TEXT];
    while (list.at < list.end) {
        struct wire_in extension = der_open(&list, "extension", DER_SEQUENCE);
        struct bytes oid = der_take_oid(&extension, "extn_id");
        if (extension.failed)
            break;
        add(&t, t.n ? ", " : "");
        add(&t, x509_oid_openssl(&oid, name));
        if (der_next_is(&extension, DER_BOOLEAN) && der_take_bool(&extension, "critical"))
            add(&t, ": critical");
    }
    return out;
}
