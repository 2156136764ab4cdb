#include "tls/x509/cert.h"
#include "tls/x509/parts.h"
#include "trace/show.h"

#include <stdio.h>
#include <string.h>

enum { RDNS_MAX = 32 };  /* of one Name; RFC 5280 knows of no more than some ten kinds */

/* The value is told under the words of its type. */
struct x509_name_part x509_take_name_part(struct wire_in *set)
{
    struct wire_in pair = der_open(set, "attribute", DER_SEQUENCE);
    struct x509_name_part a = { .type = der_take_oid(&pair, "attribute_type") };
    const char *words = set->watch ? x509_oid_words(&a.type) : NULL;
    const uint8_t *start = pair.at;
    a.value = der_skip(&pair, words ? words : "attribute_value", &a.tag);
    a.whole = (struct bytes){ start, (size_t)(pair.at - start) };
    wire_close(set, &pair);
    return a;
}

struct bytes x509_take_name(struct wire_in *in, const char *name)
{
    const uint8_t *start = in->at;
    struct wire_in rdns = der_open(in, name, DER_SEQUENCE);
    while (rdns.at < rdns.end) {
        struct wire_in set = der_open(&rdns, "relative_distinguished_name", DER_SET);
        do
            x509_take_name_part(&set);
        while (set.at < set.end);
        wire_close(&rdns, &set);
    }
    wire_close(in, &rdns);
    return in->failed ? (struct bytes){ in->at, 0 } : (struct bytes){ start, (size_t)(in->at - start) };
}

/* ---- as text ---- */

static const char *attribute_key(const struct bytes *type, char room[OID_TEXT])
{
    switch (x509_oid_of(type)) {
    case OID_COMMON_NAME:         return "CN";
    case OID_ORGANIZATION:        return "O";
    case OID_ORGANIZATIONAL_UNIT: return "OU";
    case OID_COUNTRY:             return "C";
    case OID_LOCALITY:            return "L";
    case OID_STATE:               return "ST";
    case OID_STREET:              return "STREET";
    case OID_DOMAIN_COMPONENT:    return "DC";
    default:                      return x509_oid_text(type, room);
    }
}

static size_t put_utf8(uint32_t c, char *out)
{
    if (c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
        c = 0xfffd;
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    size_t more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    static const unsigned lead[] = { 0, 0xc0, 0xe0, 0xf0 };
    for (size_t i = more; i > 0; i--, c >>= 6)
        out[i] = (char)(0x80 | (c & 0x3f));
    out[0] = (char)(lead[more] | c);
    return more + 1;
}

/* The value of an attribute in UTF-8, at most room octets: BMPString and UniversalString have 2 and 4 octets
 * a character, of TeletexString only the Latin-1 reading is alive. */
static size_t value_text(const struct x509_name_part *a, char *out, size_t room)
{
    size_t width = a->tag == DER_UNIVERSAL ? 4 : a->tag == DER_BMP ? 2 : 1, n = 0;
    for (size_t i = 0; i + width <= a->value.n && n + 4 <= room; i += width) {
        uint32_t c = 0;
        for (size_t k = 0; k < width; k++)
            c = c << 8 | a->value.at[i + k];
        if (width > 1 || a->tag == DER_T61)
            n += put_utf8(c, out + n);
        else
            out[n++] = (char)c;
    }
    return n;
}

/* Text that is being put together; what does not fit ends in "...". */
struct text { char *at; size_t n, room; };

static void add(struct text *t, const char *s)
{
    for (; *s; s++) {
        if (t->n + 4 >= t->room) {
            snprintf(t->at + t->n, t->room - t->n, "...");
            t->room = 0;                                           /* full for good */
            return;
        }
        t->at[t->n++] = *s;
        t->at[t->n] = 0;
    }
}

static void add_attribute(struct text *t, const struct x509_name_part *a)
{
    char key[OID_TEXT], raw[X509_NAME_TEXT], shown[4 * X509_NAME_TEXT], one[3] = "";
    add(t, attribute_key(&a->type, key));
    add(t, "=");
    show_text(raw, value_text(a, raw, sizeof raw), shown, sizeof shown);
    for (const char *s = shown; *s; s++) {
        snprintf(one, sizeof one, strchr(",+\"\\;", *s) ? "\\%c" : "%c", *s);      /* RFC 4514 §2.4 */
        add(t, one);
    }
}

/* At most `most` RDNs from the end: RFC 4514 §2.1 turns them round. */
static char *name_text(const struct bytes *name, size_t most, char *out, size_t room)
{
    struct wire_in rdn[RDNS_MAX], in = wire_over(name->at, name->n, NULL);
    struct text t = { out, 0, room };
    size_t n = 0;
    out[0] = 0;
    struct wire_in rdns = der_open(&in, "name", DER_SEQUENCE);
    while (rdns.at < rdns.end && n < RDNS_MAX)
        rdn[n++] = der_open(&rdns, "relative_distinguished_name", DER_SET);
    for (size_t told = 0; n > 0 && told < most; told++) {
        n--;
        for (bool first = true; rdn[n].at < rdn[n].end; first = false) {
            struct x509_name_part a = x509_take_name_part(&rdn[n]);
            if (!first || told)
                add(&t, first ? ", " : "+");
            add_attribute(&t, &a);
        }
    }
    if (t.n == 0)
        add(&t, "(no name)");
    return out;
}

char *x509_name_text(const struct bytes *name, char *out, size_t room)
{
    return name_text(name, RDNS_MAX, out, room);
}

char *x509_name_short(const struct bytes *name, char *out, size_t room)
{
    return name_text(name, 1, out, room);
}

/* ---- compared, RFC 5280 §7.1 ---- */

bool x509_name_empty(const struct bytes *name)
{
    return name->n <= 2;                                           /* tag and length, 30 00 */
}

/* The next character of a value for comparison: ASCII letters small, runs of spaces one, none at the ends. -1
 * at the end. */
static int next_folded(const struct bytes *value, size_t *at)
{
    size_t i = *at;
    while (i < value->n && value->at[i] == ' ')
        i++;
    if (i == value->n) {
        *at = i;
        return -1;
    }
    if (i > *at && *at > 0) {                                      /* spaces between words */
        *at = i;
        return ' ';
    }
    *at = i + 1;
    uint8_t c = value->at[i];
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

static bool folds(unsigned tag)
{
    return tag == DER_UTF8 || tag == DER_PRINTABLE || tag == DER_IA5;
}

static bool value_same(const struct x509_name_part *a, const struct x509_name_part *b)
{
    if (a->tag == b->tag && a->value.n == b->value.n
        && (a->value.n == 0 || memcmp(a->value.at, b->value.at, a->value.n) == 0))
        return true;
    if (!folds(a->tag) || !folds(b->tag))
        return false;
    size_t i = 0, k = 0;
    int x, y;
    do {
        x = next_folded(&a->value, &i);
        y = next_folded(&b->value, &k);
    } while (x == y && x >= 0);
    return x == y;
}

static bool attribute_same(const struct x509_name_part *a, const struct x509_name_part *b)
{
    return a->type.n == b->type.n && a->type.n && memcmp(a->type.at, b->type.at, a->type.n) == 0
        && value_same(a, b);
}

/* Are the RDNs of base those that name begins with? DER has put the attributes of one RDN in order. */
bool x509_name_within(const struct bytes *name, const struct bytes *base)
{
    struct wire_in in_a = wire_over(name->at, name->n, NULL), in_b = wire_over(base->at, base->n, NULL);
    struct wire_in a = der_open(&in_a, "name", DER_SEQUENCE), b = der_open(&in_b, "name", DER_SEQUENCE);
    while (b.at < b.end) {
        struct wire_in set_a = der_open(&a, "set", DER_SET), set_b = der_open(&b, "set", DER_SET);
        while (set_b.at < set_b.end) {
            struct x509_name_part x = x509_take_name_part(&set_a), y = x509_take_name_part(&set_b);
            if (set_a.failed || set_b.failed || !attribute_same(&x, &y))
                return false;
        }
        if (a.failed || b.failed || set_a.at < set_a.end)
            return false;
    }
    return !in_a.failed && !in_b.failed;
}

bool x509_name_same(const struct bytes *a, const struct bytes *b)
{
    if (a->n == b->n && a->n && memcmp(a->at, b->at, a->n) == 0)
        return true;
    return x509_name_within(a, b) && x509_name_within(b, a);
}

/* FNV-1a, over what value_same compares. Whoever makes names of one hash has made a list of them, which a search goes
 * along within its budget. */
static uint32_t hash_octet(uint32_t hash, int octet) { return (hash ^ (uint32_t)octet) * 16777619u; }

uint32_t x509_name_hash(const struct bytes *name)
{
    uint32_t hash = 2166136261u;
    struct wire_in in = wire_over(name->at, name->n, NULL), rdns = der_open(&in, "name", DER_SEQUENCE);
    while (rdns.at < rdns.end) {
        struct wire_in set = der_open(&rdns, "set", DER_SET);
        while (set.at < set.end) {
            struct x509_name_part a = x509_take_name_part(&set);
            size_t at = 0;
            for (size_t i = 0; i < a.type.n; i++)
                hash = hash_octet(hash, a.type.at[i]);
            if (folds(a.tag))
                for (int c; (c = next_folded(&a.value, &at)) >= 0;)
                    hash = hash_octet(hash, c);
            else
                for (; at < a.value.n; at++)
                    hash = hash_octet(hash, a.value.at[at]);
        }
        wire_close(&rdns, &set);
    }
    return hash;
}
