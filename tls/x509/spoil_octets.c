/* Ways that change what was written: DER that is none, and forms that only look like what was meant. */
#include "tls/x509/put_parts.h"
#include "tls/x509/spoil_inside.h"

#include <string.h>

/* ---- elements ---- */

struct element { size_t head, n; };                   /* octets of tag and length, and behind them */

/* What begins at `at`; only what issue.c writes: definite lengths, tags of one octet. n + head 0: nothing does. */
static struct element element_at(const uint8_t *at, const uint8_t *end)
{
    struct element e = { 2, 0 };
    if (end - at < 2)
        return (struct element){ 0, 0 };
    const unsigned more = at[1] & 0x80 ? at[1] & 0x7fu : 0;
    if (more == 0)
        e.n = at[1];
    for (unsigned i = 0; i < more && i < 3 && at + 2 + i < end; i++)
        e.n = e.n << 8 | at[2 + i];
    e.head += more;
    return e.head + e.n <= (size_t)(end - at) ? e : (struct element){ 0, 0 };
}

struct bytes spoil_child(struct bytes parent, unsigned index)
{
    struct element outer = element_at(parent.at, parent.at + parent.n);
    const uint8_t *at = parent.at + outer.head, *end = at + outer.n;
    for (;; index--) {
        struct element e = element_at(at, end);
        if (e.head == 0)
            return (struct bytes){ NULL, 0 };
        if (index == 0)
            return (struct bytes){ at, e.head + e.n };
        at += e.head + e.n;
    }
}

struct bytes spoil_whole(const struct spoiling *s)
{
    return (struct bytes){ s->octets, s->n };
}

struct splice { struct bytes old, new; bool done; };

static void copy(struct wire_out *out, const uint8_t *at, const uint8_t *end, struct splice *s)
{
    while (at < end && !out->failed) {
        if (at == s->old.at && !s->done) {
            put_bytes(out, "new", s->new.at, s->new.n);
            at += s->old.n;
            s->done = true;
            continue;
        }
        const struct element e = element_at(at, end);
        const uint8_t *inside = at + e.head, *behind = inside + e.n;
        if (e.head == 0) {
            out->failed = "element";
        } else if (s->old.at >= inside && s->old.at < behind) {
            struct put_der around = put_der_open(out, *at);
            copy(out, inside, behind, s);
            put_der_close(out, around);
        } else {
            put_bytes(out, "element", at, e.head + e.n);
        }
        at = behind;
    }
}

bool spoil_replace(struct spoiling *s, struct bytes old, const void *octets, size_t n)
{
    uint8_t room[SCENE_CERT_MAX];
    struct wire_out out = wire_into(room, sizeof room);
    struct splice splice = { old, { octets, n }, false };
    if (old.at == NULL)
        return false;
    copy(&out, s->octets, s->octets + s->n, &splice);
    if (out.failed || !splice.done)
        return false;
    s->n = wire_written(&out);
    memcpy(s->octets, room, s->n);
    return true;
}

/* ---- the parts of a TBSCertificate ---- */

enum { SERIAL = 1, SIGNATURE, ISSUER, VALIDITY, SUBJECT, KEY, EXTENSIONS };

static struct bytes part(const struct spoiling *s, unsigned number)
{
    return spoil_child(spoil_whole(s), number);
}

/* Extension, whole; n 0: it is not there. */
static struct bytes extension(const struct spoiling *s, enum x509_oid oid)
{
    uint8_t wanted[32];
    struct wire_out w = wire_into(wanted, sizeof wanted);
    x509_put_oid(&w, oid);
    const struct bytes list = spoil_child(part(s, EXTENSIONS), 0);
    for (unsigned i = 0;; i++) {
        const struct bytes e = spoil_child(list, i), id = spoil_child(e, 0);
        if (e.n == 0 || (id.n == wire_written(&w) && memcmp(id.at, wanted, id.n) == 0))
            return e;
    }
}

static bool replace_with(struct spoiling *s, struct bytes old, const struct wire_out *new)
{
    return !new->failed && spoil_replace(s, old, new->start, wire_written(new));
}

/* ---- signatures ---- */

static bool flip_a_bit(struct spoiling *s)
{
    s->octets[s->n - 1] ^= 1;
    return true;
}
const struct spoil_hands hands_bad_signature_bit = { .after = flip_a_bit };

/* It says MD5, inside and outside; nobody here can compute one, so that the signature is another's. */
static bool say_md5(struct spoiling *s, struct bytes old)
{
    uint8_t room[32];
    struct wire_out w = wire_into(room, sizeof room);
    struct put_der seq = put_der_open(&w, DER_SEQUENCE);
    x509_put_oid(&w, OID_MD5_RSA);
    put_der_bytes(&w, DER_NULL, NULL, 0);
    put_der_close(&w, seq);
    return replace_with(s, old, &w);
}
static bool md5_inside(struct spoiling *s)  { return say_md5(s, part(s, SIGNATURE)); }
static bool md5_outside(struct spoiling *s) { return say_md5(s, spoil_child(spoil_whole(s), 1)); }
const struct spoil_hands hands_weak_hash_md5 = { .before = md5_inside, .after = md5_outside };

static bool other_inside(struct spoiling *s)
{
    uint8_t room[128];
    struct wire_out w = wire_into(room, sizeof room);
    struct sign_scheme scheme = x509_scheme_of(&s->issue->signer->pub);
    if (scheme.kind == SIGN_ED25519)
        scheme = (struct sign_scheme){ SIGN_ECDSA, HASH_SHA256 };
    else
        scheme.hash = scheme.hash == HASH_SHA512 ? HASH_SHA384 : HASH_SHA512;
    x509_put_algorithm(&w, scheme);
    return replace_with(s, part(s, SIGNATURE), &w);
}
const struct spoil_hands hands_wrong_inner_algorithm = { .before = other_inside };

/* The BIT STRING of the signature says that its last bit does not count. */
static bool unused(struct spoiling *s)
{
    const struct bytes bits = spoil_child(spoil_whole(s), 2);
    const struct element e = element_at(bits.at, bits.at + bits.n);
    s->octets[(size_t)(bits.at - s->octets) + e.head] = 1;
    return true;
}
const struct spoil_hands hands_unused_bits = { .after = unused };

/* ---- lengths and tags ---- */

/* The validity again, with this head and these octets behind. */
static bool validity_as(struct spoiling *s, const char *head, size_t head_n, size_t behind)
{
    uint8_t room[64];
    const struct bytes validity = part(s, VALIDITY);
    const struct element e = element_at(validity.at, validity.at + validity.n);
    static const uint8_t zeros[2] = { 0 };
    struct wire_out w = wire_into(room, sizeof room);
    put_bytes(&w, "head", head, head_n);
    if (head_n == 2 && (uint8_t)head[1] == 0x81)
        put_u8(&w, "length", (unsigned)e.n);
    put_bytes(&w, "content", validity.at + e.head, e.n);
    put_bytes(&w, "end", zeros, behind);
    return replace_with(s, validity, &w);
}

static bool long_length(struct spoiling *s) { return validity_as(s, "\x30\x81", 2, 0); }
static bool no_length(struct spoiling *s)   { return validity_as(s, "\x30\x80", 2, 2); }
const struct spoil_hands hands_non_minimal_length = { .before = long_length };
const struct spoil_hands hands_indefinite_length = { .before = no_length };

static bool behind_it(struct spoiling *s)
{
    if (s->n + 2 > sizeof s->octets)
        return false;
    s->octets[s->n++] = DER_NULL;
    s->octets[s->n++] = 0;
    return true;
}
const struct spoil_hands hands_trailing_octets = { .after = behind_it };

static bool a_set(struct spoiling *s)
{
    s->octets[0] = DER_SET;
    return true;
}
const struct spoil_hands hands_set_for_sequence = { .before = a_set };

/* ---- values ---- */

static bool one_for_true(struct spoiling *s)
{
    static const uint8_t one[] = { DER_BOOLEAN, 1, 1 };
    return spoil_replace(s, spoil_child(extension(s, OID_BASIC_CONSTRAINTS), 1), one, sizeof one);
}
const struct spoil_hands hands_bool_not_ff = { .before = one_for_true };

static bool false_written(struct spoiling *s)
{
    static const uint8_t no[] = { DER_BOOLEAN, 1, 0 };
    struct bytes value = spoil_child(extension(s, OID_SUBJECT_KEY_ID), 1);
    value.n = 0;
    return spoil_replace(s, value, no, sizeof no);
}
const struct spoil_hands hands_default_written = { .before = false_written };

static bool serial_as(struct spoiling *s, const uint8_t *octets, size_t n)
{
    uint8_t room[32];
    struct wire_out w = wire_into(room, sizeof room);
    put_der_bytes(&w, DER_INTEGER, octets, n);
    return replace_with(s, part(s, SERIAL), &w);
}

static bool padded_serial(struct spoiling *s)  { return serial_as(s, (const uint8_t[]){ 0, 0, 1, 2, 3 }, 5); }
static bool negative_serial(struct spoiling *s) { return serial_as(s, (const uint8_t[]){ 0x80, 1, 2, 3 }, 4); }
static bool long_serial(struct spoiling *s)
{
    static const uint8_t of_21[21] = { 0x5a, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20 };
    return serial_as(s, of_21, sizeof of_21);
}
const struct spoil_hands hands_non_minimal_integer = { .before = padded_serial };
const struct spoil_hands hands_negative_serial = { .before = negative_serial };
const struct spoil_hands hands_long_serial = { .before = long_serial };

/* ---- times ---- */

/* notAfter, of which UTCTime gives the digits: behind `before` ("20" for the century), these octets. */
static bool not_after_as(struct spoiling *s, unsigned tag, const char *before, const char *behind)
{
    enum { DIGITS = 12 };                             /* YYMMDDHHMMSS */
    uint8_t room[32];
    const struct bytes time = spoil_child(part(s, VALIDITY), 1);
    struct wire_out w = wire_into(room, sizeof room);
    if (time.n != 2 + DIGITS + 1)
        return false;                                 /* 2050 or later: not UTCTime */
    struct put_der as = put_der_open(&w, tag);
    put_text(&w, "before", before);
    put_bytes(&w, "digits", time.at + 2, DIGITS);
    put_text(&w, "behind", behind);
    put_der_close(&w, as);
    return replace_with(s, time, &w);
}

static bool without_z(struct spoiling *s)   { return not_after_as(s, DER_UTC_TIME, "", ""); }
static bool fraction(struct spoiling *s)    { return not_after_as(s, DER_GENERALIZED_TIME, "20", ".5Z"); }
static bool generalized(struct spoiling *s) { return not_after_as(s, DER_GENERALIZED_TIME, "20", "Z"); }
const struct spoil_hands hands_time_without_z = { .before = without_z };
const struct spoil_hands hands_time_fraction = { .before = fraction };
const struct spoil_hands hands_generalized_before_2050 = { .before = generalized };
