#include "tls/x509/der.h"
#include "tls/x509/oids.h"

#include <string.h>

enum { LEAF_MAX = 64 };  /* a longer leaf needs a name that says why nobody looked inside */

static const char *tag_words(unsigned tag)
{
    switch (tag) {
    case DER_BOOLEAN:          return "BOOLEAN";
    case DER_INTEGER:          return "INTEGER";
    case DER_BIT_STRING:       return "BIT STRING";
    case DER_OCTET_STRING:     return "OCTET STRING";
    case DER_NULL:             return "NULL";
    case DER_OID:              return "OBJECT IDENTIFIER";
    case DER_UTF8:             return "UTF8String";
    case DER_NUMERIC:          return "NumericString";
    case DER_PRINTABLE:        return "PrintableString";
    case DER_T61:              return "TeletexString";
    case DER_IA5:              return "IA5String";
    case DER_UTC_TIME:         return "UTCTime";
    case DER_GENERALIZED_TIME: return "GeneralizedTime";
    case DER_VISIBLE:          return "VisibleString";
    case DER_UNIVERSAL:        return "UniversalString";
    case DER_BMP:              return "BMPString";
    case DER_SEQUENCE:         return "SEQUENCE";
    case DER_SET:              return "SET";
    }
    static const char *const context[] = { "[0]", "[1]", "[2]", "[3]", "[4]", "[5]", "[6]", "[7]", "[8]",
                                           "[9]" };
    unsigned number = tag & 0x1f;
    return (tag & 0xc0) == DER_CONTEXT && number < sizeof context / sizeof *context ? context[number] : NULL;
}

static const char *length_size_words(unsigned v)
{
    static const char *const words[] = { NULL, "the length is in the next octet",
                                         "the length is in the next 2 octets",
                                         "the length is in the next 3 octets",
                                         "the length is in the next 4 octets" };
    return v & 0x80 && (v & 0x7f) < sizeof words / sizeof *words ? words[v & 0x7f] : NULL;
}

static bool is_text(unsigned tag)
{
    switch (tag) {
    case DER_UTF8: case DER_NUMERIC: case DER_PRINTABLE: case DER_T61: case DER_IA5: case DER_VISIBLE:
    case DER_UTC_TIME: case DER_GENERALIZED_TIME:
        return true;
    default:
        return false;
    }
}

/* What stands in front of an element's content. */
struct head { unsigned tag; size_t length_octets, content; };

/* Looks at the next element without reading it. False when it is cut or its tag or length is not DER (X.690
 * §10.1: definite, in as few octets as can be). */
static bool look(const struct wire_in *in, struct head *head)
{
    size_t left = wire_left(in);
    if (in->failed || left < 2 || (in->at[0] & 0x1f) == 0x1f)  /* tags above 30: no field of X.509 has one */
        return false;
    *head = (struct head){ .tag = in->at[0], .length_octets = 1, .content = in->at[1] };
    if (head->content >= 0x80) {
        size_t more = head->content & 0x7f;
        if (more < 1 || more > 4 || left < 2 + more || in->at[2] == 0)
            return false;
        head->content = 0;
        for (size_t i = 0; i < more; i++)
            head->content = head->content << 8 | in->at[2 + i];
        if (head->content < 0x80)                                  /* the short form would do */
            return false;
        head->length_octets += more;
    }
    return head->content <= left - 1 - head->length_octets;
}

/* Reads tag and length, then gives the content; look() has found all of it there. */
static struct wire_in enter(struct wire_in *in, const struct head *head)
{
    take_code8(in, "tag", tag_words);
    if (head->length_octets > 1)
        take_code8(in, "length_size", length_size_words);
    switch (head->length_octets) {
    case 1: case 2: take_u8(in, "length");  break;
    case 3:         take_u16(in, "length"); break;
    case 4:         take_u24(in, "length"); break;
    default:        take_u32(in, "length"); break;
    }
    struct wire_in content = { .at = in->at, .end = in->at + head->content, .watch = in->watch };
    in->at = content.end;
    return content;
}

static struct wire_in failed_block(const struct wire_in *in)
{
    return (struct wire_in){ .at = in->end, .end = in->end, .failed = in->failed, .watch = in->watch };
}

struct wire_in der_open(struct wire_in *in, const char *name, unsigned tag)
{
    struct head head;
    if (!look(in, &head) || head.tag != tag) {
        wire_fail(in, name);
        return failed_block(in);
    }
    wire_group(in, name, 1 + head.length_octets + head.content);
    return enter(in, &head);
}

bool der_next_is(const struct wire_in *in, unsigned tag)
{
    return !in->failed && in->at < in->end && in->at[0] == tag;
}

static const char *leaf_name(const char *name, size_t n)
{
    if (n <= LEAF_MAX)
        return name;
    for (const char *const *opaque = wire_opaque_names; *opaque; opaque++)
        if (strcmp(*opaque, name) == 0)
            return name;
    return "data";
}

static struct bytes take_content(struct wire_in *content, const char *name, unsigned tag)
{
    size_t n = wire_left(content);
    name = leaf_name(name, n);
    return is_text(tag) ? take_text(content, name, n) : take_ref(content, name, n);
}

struct bytes der_take(struct wire_in *in, const char *name, unsigned tag)
{
    struct wire_in content = der_open(in, name, tag);
    return take_content(&content, name, tag);
}

struct bytes der_take_text(struct wire_in *in, const char *name, unsigned tag)
{
    struct wire_in content = der_open(in, name, tag);
    return take_content(&content, name, DER_UTF8);
}

static struct bytes skip(struct wire_in *in, const char *name, unsigned *tag, unsigned depth)
{
    struct head head;
    if (!look(in, &head) || ((head.tag & DER_CONSTRUCTED) && depth == 0)) {
        wire_fail(in, name);
        return (struct bytes){ in->at, 0 };
    }
    if (tag)
        *tag = head.tag;
    wire_group(in, name, 1 + head.length_octets + head.content);
    struct wire_in content = enter(in, &head);
    if (!(head.tag & DER_CONSTRUCTED))
        return take_content(&content, name, head.tag);
    struct bytes whole = { content.at, wire_left(&content) };
    while (content.at < content.end) {
        const char *words = tag_words(content.at[0]);
        skip(&content, words ? words : "element", NULL, depth - 1);
    }
    wire_close(in, &content);
    return whole;
}

struct bytes der_skip(struct wire_in *in, const char *name, unsigned *tag)
{
    if (tag)
        *tag = 0;
    return skip(in, name, tag, DER_DEPTH);
}

bool der_take_bool(struct wire_in *in, const char *name)
{
    struct wire_in content = der_open(in, name, DER_BOOLEAN);
    uint8_t v = take_u8(&content, name);
    if (v != 0 && v != 0xff)                                       /* X.690 §11.1 */
        wire_fail(&content, name);
    wire_close(in, &content);
    return v == 0xff && !in->failed;
}

struct bytes der_take_int(struct wire_in *in, const char *name)
{
    struct bytes b = der_take(in, name, DER_INTEGER);
    /* X.690 §8.3.2: the first nine bits are neither all 0 nor all 1. */
    bool alike = b.n > 1 && ((b.at[0] == 0 && !(b.at[1] & 0x80)) || (b.at[0] == 0xff && (b.at[1] & 0x80)));
    if (b.n == 0 || alike) {
        wire_fail(in, name);
        return (struct bytes){ in->at, 0 };
    }
    return b;
}

struct bytes der_take_uint(struct wire_in *in, const char *name)
{
    struct bytes b = der_take_int(in, name);
    if (b.n && (b.at[0] & 0x80)) {
        wire_fail(in, name);
        return (struct bytes){ in->at, 0 };
    }
    if (b.n > 1 && b.at[0] == 0)
        b = (struct bytes){ b.at + 1, b.n - 1 };
    return b;
}

uint32_t der_take_small(struct wire_in *in, const char *name)
{
    struct bytes b = der_take_uint(in, name);
    if (b.n > 4 || (b.n == 4 && (b.at[0] & 0x80))) {
        wire_fail(in, name);
        return 0;
    }
    uint32_t v = 0;
    for (size_t i = 0; i < b.n; i++)
        v = v << 8 | b.at[i];
    return v;
}

/* X.690 §8.19: at least one arc, the last octet ends one, and no arc begins with a zero of seven bits. */
static bool oid_sound(struct bytes oid)
{
    bool begins = true;
    for (size_t i = 0; i < oid.n; i++) {
        if (begins && oid.at[i] == 0x80)
            return false;
        begins = !(oid.at[i] & 0x80);
    }
    return oid.n > 0 && begins;
}

struct bytes der_take_oid(struct wire_in *in, const char *name)
{
    struct wire_in content = der_open(in, name, DER_OID);
    struct bytes oid = { content.at, wire_left(&content) };
    if (content.failed || !oid_sound(oid) || oid.n > LEAF_MAX) {
        wire_fail(in, name);
        return (struct bytes){ in->at, 0 };
    }
    const struct watch *w = content.watch;
    if (w && w->trace && w->buf)  /* no cursor's call tells octets with words */
        trace_field(w->trace, &(struct field){ .buf = w->buf, .off = (uint32_t)(oid.at - w->base),
                                               .len = (uint32_t)oid.n, .name = name, .type = FIELD_BYTES,
                                               .bytes = oid, .words = x509_oid_words(&oid) });
    return oid;
}

/* The octet in front of a BIT STRING's bits. X.690 §8.6.2.2, §8.6.2.3 */
static unsigned take_unused(struct wire_in *content, const char *name)
{
    unsigned unused = take_u8(content, "unused_bits");
    if (unused > 7 || (unused && content->at == content->end))
        wire_fail(content, name);
    return content->failed ? 0 : unused;
}

struct wire_in der_open_bits(struct wire_in *in, const char *name)
{
    struct wire_in content = der_open(in, name, DER_BIT_STRING);
    if (take_unused(&content, name) != 0)
        wire_fail(&content, name);
    return content;
}

struct bytes der_take_bits(struct wire_in *in, const char *name, unsigned *unused)
{
    struct wire_in content = der_open(in, name, DER_BIT_STRING);
    *unused = take_unused(&content, name);
    struct bytes b = take_content(&content, name, DER_BIT_STRING);
    if (b.n && (b.at[b.n - 1] & ((1u << *unused) - 1)))            /* X.690 §11.2.1 */
        wire_fail(&content, name);
    wire_close(in, &content);
    return b;
}
