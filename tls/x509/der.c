#include "tls/x509/der.h"
#include "tls/x509/oids.h"

#include <stdio.h>
#include <string.h>

enum { LEAF_MAX = 64 };  /* a longer leaf needs a name that says why nobody looked inside */

const char *der_tag_words(unsigned tag)
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

/* "SEQUENCE", "[3]", "tag 0xdf" */
static const char *said_tag(unsigned tag, char room[16])
{
    const char *words = der_tag_words(tag);
    if (!words)
        snprintf(room, 16, "tag 0x%02x", tag & 0xff);
    return words ? words : room;
}

/* Says what look() did not like. */
static void fail_head(struct wire_in *in, const char *name)
{
    size_t left = wire_left(in), more = left > 1 ? in->at[1] & 0x7f : 0, content = 0;
    if (in->failed || left == 0)
        wire_fail_at(in, NULL, name, "an element", "nothing is left");
    else if ((in->at[0] & 0x1f) == 0x1f)
        wire_fail_at(in, NULL, name, "a tag below 31", "one of more than an octet");
    else if (left == 1)
        wire_fail_at(in, NULL, name, "a length", "it is cut behind its tag");
    else if (in->at[1] == 0x80)
        wire_fail_at(in, NULL, name, "a definite length (X.690 §10.1)", "an indefinite length");
    else if (!(in->at[1] & 0x80))
        wire_fail_at(in, NULL, name, "an element within what holds it", "%zu octets, where %zu are left", more,
                     left - 2);
    else if (more > 4)
        wire_fail_at(in, NULL, name, "a length in at most 4 octets", "a length in %zu octets", more);
    else if (left < 2 + more)
        wire_fail_at(in, NULL, name, "a length", "it is cut in its length");
    else {
        for (size_t i = 0; i < more; i++)
            content = content << 8 | in->at[2 + i];
        if (in->at[2] == 0 || content < 0x80)
            wire_fail_at(in, NULL, name, "a length in as few octets as can be (X.690 §10.1)",
                         "%zu octets for a length of %zu", more + 1, content);
        else
            wire_fail_at(in, NULL, name, "an element within what holds it", "%zu octets, where %zu are left", content,
                         left - 2 - more);
    }
}

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
    take_code8(in, "tag", der_tag_words);
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
    char wanted[16], found[16];
    if (!look(in, &head)) {
        fail_head(in, name);
        return failed_block(in);
    }
    if (head.tag != tag) {
        wire_fail_at(in, NULL, name, said_tag(tag, wanted), "%s", said_tag(head.tag, found));
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
    if (!look(in, &head)) {
        fail_head(in, name);
        return (struct bytes){ in->at, 0 };
    }
    if ((head.tag & DER_CONSTRUCTED) && depth == 0) {
        wire_fail_at(in, NULL, name, "at most 12 elements one in the other", "one more");
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
        const char *words = der_tag_words(content.at[0]);
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

static const char *bool_words(unsigned v) { return v == 0xff ? "TRUE" : v == 0 ? "FALSE" : NULL; }

bool der_take_bool(struct wire_in *in, const char *name)
{
    const uint8_t *start = in->at;
    struct wire_in content = der_open(in, name, DER_BOOLEAN);
    uint8_t v = take_code8(&content, name, bool_words);
    if (v != 0 && v != 0xff)
        wire_fail_at(&content, start, name, "BOOLEAN of 0 or 255 (X.690 §11.1)", "BOOLEAN of %u", v);
    wire_close(in, &content);
    return v == 0xff && !in->failed;
}

bool der_int_sound(const struct bytes *b, struct wire_in *in, const uint8_t *start, const char *name)
{
    if (in->failed)
        return false;
    if (b->n == 0)
        wire_fail_at(in, start, name, "a number of an octet at least (X.690 §8.3.1)", "a number of no octets");
    /* X.690 §8.3.2: the first nine bits are neither all 0 nor all 1. */
    else if (b->n > 1 && (b->at[0] == 0 || b->at[0] == 0xff) && (b->at[0] & 0x80) == (b->at[1] & 0x80))
        wire_fail_at(in, start, name, "a number in as few octets as can be (X.690 §8.3.2)",
                     "a needless octet 0x%02x in front", b->at[0]);
    return !in->failed;
}

struct bytes der_take_int(struct wire_in *in, const char *name)
{
    const uint8_t *start = in->at;
    struct bytes b = der_take(in, name, DER_INTEGER);
    return der_int_sound(&b, in, start, name) ? b : (struct bytes){ in->at, 0 };
}

struct bytes der_take_uint(struct wire_in *in, const char *name)
{
    const uint8_t *start = in->at;
    struct bytes b = der_take_int(in, name);
    if (b.n && (b.at[0] & 0x80)) {
        wire_fail_at(in, start, name, "a number not below 0", "a negative number");
        return (struct bytes){ in->at, 0 };
    }
    if (b.n > 1 && b.at[0] == 0)
        b = (struct bytes){ b.at + 1, b.n - 1 };
    return b;
}

uint32_t der_take_small(struct wire_in *in, const char *name)
{
    const uint8_t *start = in->at;
    struct bytes b = der_take_uint(in, name);
    if (b.n > 4 || (b.n == 4 && (b.at[0] & 0x80))) {
        wire_fail_at(in, start, name, "a number below 2^31", "a number in %zu octets", b.n);
        return 0;
    }
    uint32_t v = 0;
    for (size_t i = 0; i < b.n; i++)
        v = v << 8 | b.at[i];
    return v;
}

/* X.690 §8.19: at least one arc, the last octet ends one, and no arc begins with a zero of seven bits. */
bool der_oid_sound(const struct bytes *oid, struct wire_in *in, const uint8_t *start, const char *name)
{
    static const char minimal[] = "an OBJECT IDENTIFIER in as few octets as can be (X.690 §8.19)";
    bool begins = true;
    for (size_t i = 0; i < oid->n && !in->failed; i++) {
        if (begins && oid->at[i] == 0x80)
            wire_fail_at(in, start, name, minimal, "an arc with a needless octet 0x80 in front");
        begins = !(oid->at[i] & 0x80);
    }
    if (oid->n == 0 || !begins)
        wire_fail_at(in, start, name, "an OBJECT IDENTIFIER with all its octets", "it is cut in an arc");
    else if (oid->n > LEAF_MAX)
        wire_fail_at(in, start, name, "an OBJECT IDENTIFIER of at most 64 octets", "%zu octets", oid->n);
    return !in->failed;
}

struct bytes der_take_oid(struct wire_in *in, const char *name)
{
    const uint8_t *start = in->at;
    struct wire_in content = der_open(in, name, DER_OID);
    struct bytes oid = { content.at, wire_left(&content) };
    const struct watch *w = content.watch;
    if (w && w->trace && w->buf && oid.n && !content.failed)  /* no cursor's call tells octets with words */
        trace_field(w->trace, &(struct field){ .buf = w->buf, .off = (uint32_t)(oid.at - w->base),
                                               .len = (uint32_t)oid.n, .name = leaf_name(name, oid.n),
                                               .type = FIELD_BYTES, .bytes = oid, .words = x509_oid_words(&oid) });
    return der_oid_sound(&oid, in, start, name) ? oid : (struct bytes){ in->at, 0 };
}

/* The octet in front of a BIT STRING's bits. X.690 §8.6.2.2, §8.6.2.3 */
static unsigned take_unused(struct wire_in *content, const char *name)
{
    unsigned unused = take_u8(content, "unused_bits");
    if (unused > 7)
        wire_fail_at(content, NULL, name, "0 to 7 unused bits", "%u unused bits", unused);
    else if (unused && content->at == content->end)
        wire_fail_at(content, NULL, name, "bits of which some may be unused", "%u unused bits of none", unused);
    return content->failed ? 0 : unused;
}

struct wire_in der_open_bits(struct wire_in *in, const char *name)
{
    struct wire_in content = der_open(in, name, DER_BIT_STRING);
    unsigned unused = take_unused(&content, name);
    if (unused != 0)
        wire_fail_at(&content, NULL, name, "whole octets of bits", "%u unused bits", unused);
    return content;
}

struct bytes der_take_bits_as(struct wire_in *in, const char *name, unsigned tag, unsigned *unused)
{
    struct wire_in content = der_open(in, name, tag);
    *unused = take_unused(&content, name);
    struct bytes b = take_content(&content, name, DER_BIT_STRING);
    if (b.n && (b.at[b.n - 1] & ((1u << *unused) - 1)))
        wire_fail_at(&content, NULL, name, "unused bits that are 0 (X.690 §11.2.1)", "some are 1");
    wire_close(in, &content);
    return b;
}

struct bytes der_take_bits(struct wire_in *in, const char *name, unsigned *unused)
{
    return der_take_bits_as(in, name, DER_BIT_STRING, unused);
}

bool der_refuse(const struct wire_why *found, const struct ground *ground, const char *about, struct fault *why)
{
    return refuse_about(why, ground, about, found->expected, "%s, octet %zu: %s", found->failed ? found->failed : about,
                        found->at, found->came);
}
