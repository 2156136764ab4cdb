#include "tls/x509/cert.h"
#include "tls/x509/parts.h"
#include "trace/show.h"
#include "trace/utf8.h"

#include <stdio.h>
#include <string.h>

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

/* PrintableString, X.680 §41.4; and "*", "&", "@" and "_", which certificates in use have, and which no other kind of
 * string reads differently. */
static bool printable(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
        || (c && strchr(" '()+,-./:=?*&@_", c));
}

/* The character of a string of this kind at b->at[at] and how many octets it has; 0: there is none. */
static size_t character(const struct bytes *b, unsigned tag, size_t at, uint32_t *c)
{
    size_t width = tag == DER_UNIVERSAL ? 4 : tag == DER_BMP ? 2 : 1;
    if (tag == DER_UTF8)
        return utf8_next(b->at + at, b->n - at, c);
    if (width > b->n - at)
        return 0;
    *c = 0;
    for (size_t i = 0; i < width; i++)
        *c = *c << 8 | b->at[at + i];
    bool sound = tag == DER_PRINTABLE ? printable((uint8_t)*c)
               : tag == DER_NUMERIC   ? *c == ' ' || (*c >= '0' && *c <= '9')
               : tag == DER_IA5       ? *c < 0x80
               : tag == DER_VISIBLE   ? *c >= ' ' && *c <= '~'
               : width > 1            ? *c <= 0x10ffff && (*c < 0xd800 || *c >= 0xe000)
               : true;                                             /* TeletexString: read as Latin-1 */
    return sound ? width : 0;
}

static bool is_string(unsigned tag)
{
    switch (tag) {
    case DER_UTF8: case DER_NUMERIC: case DER_PRINTABLE: case DER_T61: case DER_IA5: case DER_VISIBLE: case DER_BMP:
    case DER_UNIVERSAL:
        return true;
    default:
        return false;
    }
}

bool x509_text_sound(const struct bytes *b, unsigned tag, struct wire_in *in, const uint8_t *start, const char *name)
{
    uint32_t c;
    size_t size = 1;
    for (size_t i = 0; is_string(tag) && size && i < b->n; i += size)
        if ((size = character(b, tag, i, &c)) == 0)
            wire_fail_at(in, start, name, "characters of its kind of string", "%s with an octet 0x%02x at %zu",
                         der_tag_words(tag), b->at[i], i);
    return !in->failed;
}

/* X.690 §11.6: the elements of a SET OF stand in the order of their octets. */
static bool in_order(struct bytes a, struct bytes b)
{
    int order = memcmp(a.at, b.at, a.n < b.n ? a.n : b.n);
    return order < 0 || (order == 0 && a.n <= b.n);
}

/* The attributes of RFC 5280 appendix A are strings; of what else a Name may hold, nobody reads anything but strings,
 * bits and sequences either. */
static void check_kind(struct wire_in *set, const struct x509_name_part *a)
{
    enum x509_oid which = x509_oid_of(&a->type);
    bool text = which >= OID_COMMON_NAME && which <= OID_JURISDICTION_COUNTRY;
    const char *words = der_tag_words(a->tag);
    if (!is_string(a->tag) && (text || (a->tag != DER_BIT_STRING && a->tag != DER_SEQUENCE)))
        wire_fail_at(set, a->whole.at, "attribute_value", "a string (RFC 5280 §4.1.2.4)", "%s",
                     words ? words : "another tag");
}

size_t x509_take_rdn(struct wire_in *rdns, const char *name, unsigned tag)
{
    struct wire_in set = der_open(rdns, name, tag);
    struct bytes last = { set.at, 0 };
    size_t n = 0;
    do {
        const uint8_t *start = set.at;
        struct x509_name_part a = x509_take_name_part(&set);
        if (set.failed)
            break;
        struct bytes this = { start, (size_t)(set.at - start) };
        check_kind(&set, &a);
        x509_text_sound(&a.value, a.tag, &set, a.whole.at, "attribute_value");
        if (n++ && !in_order(last, this))
            wire_fail_at(&set, start, "attribute", "a SET in the order of its octets (X.690 §11.6)",
                         "one that belongs before");
        last = this;
    } while (set.at < set.end);
    wire_close(rdns, &set);
    return n;
}

struct bytes x509_take_name(struct wire_in *in, const char *name)
{
    const uint8_t *start = in->at;
    struct wire_in rdns = der_open(in, name, DER_SEQUENCE);
    size_t n = 0;
    while (rdns.at < rdns.end)
        if ((n += x509_take_rdn(&rdns, "relative_distinguished_name", DER_SET)) > X509_ATTRIBUTES_MAX)
            wire_fail_at(&rdns, NULL, name, "at most 64 attributes in a Name", "more of them");
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

static void add_character(struct text *t, char c)
{
    if (t->n + 4 < t->room) {
        t->at[t->n++] = c;
        t->at[t->n] = 0;
    } else if (t->room) {
        snprintf(t->at + t->n, t->room - t->n, "...");
        t->room = 0;                                               /* full for good */
    }
}

static void add(struct text *t, const char *s)
{
    for (; *s; s++)
        add_character(t, *s);
}

static void add_attribute(struct text *t, const struct x509_name_part *a)
{
    char key[OID_TEXT], raw[X509_NAME_TEXT], shown[4 * X509_NAME_TEXT];
    add(t, attribute_key(&a->type, key));
    add(t, "=");
    show_text(raw, value_text(a, raw, sizeof raw), shown, sizeof shown);
    for (const char *s = shown; *s; s++) {
        if (strchr(",+\"\\;", *s))                                 /* RFC 4514 §2.4 */
            add_character(t, '\\');
        add_character(t, *s);
    }
}

/* At most `most` RDNs from the end: RFC 4514 §2.1 turns them round. */
static char *name_text(const struct bytes *name, size_t most, char *out, size_t room)
{
    struct wire_in rdn[X509_ATTRIBUTES_MAX], in = wire_over(name->at, name->n, NULL);
    struct text t = { out, 0, room };
    size_t n = 0;
    out[0] = 0;
    if (!FAULT_SPEAKS)
        return out;
    struct wire_in rdns = der_open(&in, "name", DER_SEQUENCE);
    while (rdns.at < rdns.end && n < X509_ATTRIBUTES_MAX)
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
    return name_text(name, X509_ATTRIBUTES_MAX, out, room);
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

static bool is_space(uint32_t c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/* The next character of a value for comparison: ASCII letters small, runs of spaces one, none at the ends. What is
 * broken stands for itself. UINT32_MAX at the end. */
static uint32_t next_folded(const struct x509_name_part *a, size_t *at)
{
    enum { BROKEN = 0x1000000 };
    uint32_t c = 0;
    size_t size = 0, i = *at;
    bool began = i > 0, spaces = false;
    for (; i < a->value.n; i += size, spaces = true) {
        size = character(&a->value, a->tag, i, &c);
        if (size == 0) {
            c = BROKEN | a->value.at[i];
            size = 1;
        }
        if (!is_space(c))
            break;
    }
    *at = i;
    if (i >= a->value.n)
        return UINT32_MAX;
    if (spaces && began)                                           /* between words */
        return ' ';
    *at = i + size;
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

/* Of a NumericString there is nothing to fold. */
static bool folds(unsigned tag) { return is_string(tag) && tag != DER_NUMERIC; }

/* Strings of any kind are held against each other by their characters, all else by its octets. */
static bool value_same(const struct x509_name_part *a, const struct x509_name_part *b)
{
    if (a->tag == b->tag && a->value.n == b->value.n
        && (a->value.n == 0 || memcmp(a->value.at, b->value.at, a->value.n) == 0))
        return true;
    if (!folds(a->tag) || !folds(b->tag))
        return false;
    size_t i = 0, k = 0;
    uint32_t x, y;
    do {
        x = next_folded(a, &i);
        y = next_folded(b, &k);
    } while (x == y && x != UINT32_MAX);
    return x == y;
}

static bool part_same(const struct x509_name_part *a, const struct x509_name_part *b)
{
    return a->type.n == b->type.n && a->type.n && memcmp(a->type.at, b->type.at, a->type.n) == 0
        && value_same(a, b);
}

static size_t parts_of(struct wire_in *set)
{
    struct wire_in in = *set;
    size_t n = 0;
    for (; in.at < in.end; n++)
        x509_take_name_part(&in);
    return n;
}

/* Has each attribute of b its like in a, and as many? Folded, their order may be another one. */
enum { PARTS_MOST = 32 };
static bool rdn_same(struct wire_in *a, struct wire_in *b)
{
    size_t n = parts_of(a);
    if (a->failed || b->failed || n != parts_of(b))
        return false;
    if (n > PARTS_MOST)                                /* that would be n squared comparisons */
        return wire_left(a) == wire_left(b) && memcmp(a->at, b->at, wire_left(a)) == 0;
    while (b->at < b->end) {
        struct x509_name_part y = x509_take_name_part(b);
        bool found = false;
        for (struct wire_in each = *a; !found && !b->failed && each.at < each.end;) {
            struct x509_name_part x = x509_take_name_part(&each);
            found = !each.failed && part_same(&x, &y);
        }
        if (!found)
            return false;
    }
    return true;
}

/* Are the RDNs of base those that name begins with? */
bool x509_name_within(const struct bytes *name, const struct bytes *base)
{
    struct wire_in in_a = wire_over(name->at, name->n, NULL), in_b = wire_over(base->at, base->n, NULL);
    struct wire_in a = der_open(&in_a, "name", DER_SEQUENCE), b = der_open(&in_b, "name", DER_SEQUENCE);
    while (b.at < b.end) {
        struct wire_in set_a = der_open(&a, "set", DER_SET), set_b = der_open(&b, "set", DER_SET);
        if (!rdn_same(&set_a, &set_b))
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

/* FNV-1a, over the part of what value_same compares that is quickly found: characters of ASCII, which are one octet in
 * every kind of string (in BMPString and UniversalString behind zeros), but no spaces. Whoever makes names of one hash
 * has made a list of them, which a search goes along within its budget. */
static uint32_t hash_number(uint32_t hash, uint32_t number) { return (hash ^ number) * 16777619u; }

static uint32_t part_hash(const struct x509_name_part *a)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < a->type.n; i++)
        hash = hash_number(hash, a->type.at[i]);
    if (!folds(a->tag))
        return hash;
    size_t width = a->tag == DER_UNIVERSAL ? 4 : a->tag == DER_BMP ? 2 : 1;
    for (size_t i = 0; i + width <= a->value.n; i += width) {
        uint32_t c = 0;
        for (size_t k = 0; k < width; k++)
            c = c << 8 | a->value.at[i + k];
        if (c > ' ' && c < 0x80)
            hash = hash_number(hash, c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c);
    }
    return hash;
}

uint32_t x509_name_hash(const struct bytes *name)
{
    uint32_t hash = 2166136261u;
    struct wire_in in = wire_over(name->at, name->n, NULL), rdns = der_open(&in, "name", DER_SEQUENCE);
    while (rdns.at < rdns.end) {
        struct wire_in set = der_open(&rdns, "set", DER_SET);
        uint32_t sum = 0;                                          /* in whichever order they stand */
        while (set.at < set.end) {
            struct x509_name_part a = x509_take_name_part(&set);
            sum += part_hash(&a);
        }
        hash = hash_number(hash, sum);
        wire_close(&rdns, &set);
    }
    return hash;
}
