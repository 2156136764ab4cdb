#include "tls/x509/crl_write.h"
#include "tls/x509/put_parts.h"

#include <string.h>

enum { DER_ENUMERATED = 0x0a };

/* id-ce (RFC 5280 §5.2, §5.3) */
static const char crl_number[] = "2.5.29.20", reason_code[] = "2.5.29.21", delta_indicator[] = "2.5.29.27",
                  issuing_point[] = "2.5.29.28";

size_t x509_crl_room(const struct x509_crl_issue *i)
{
    size_t room = 2048 + i->issuer->subject.n + SIGNATURE_MAX + (i->point_uri ? strlen(i->point_uri) : 0);
    for (size_t k = 0; k < i->n_extras; k++)
        room += 128 + i->extras[k].value.n;
    for (size_t k = 0; k < i->n_lines; k++) {
        room += 64 + i->lines[k].serial.n;
        for (size_t e = 0; e < i->lines[k].n_extras; e++)
            room += 128 + i->lines[k].extras[e].value.n;
    }
    return room;
}

static void put_number(struct wire_out *out, uint64_t n)
{
    uint8_t octets[8];
    for (unsigned i = 0; i < 8; i++)
        octets[i] = (uint8_t)(n >> (56 - 8 * i));
    put_der_uint(out, octets, sizeof octets);
}

static void put_extras(struct wire_out *out, const struct x509_extra *extras, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        struct put_extension e = x509_open_extension(out, extras[k].oid, extras[k].critical);
        put_bytes(out, "extn_value", extras[k].value.at, extras[k].value.n);
        x509_close_extension(out, e);
    }
}

static void put_line(struct wire_out *out, const struct x509_crl_line *line)
{
    struct put_der seq = put_der_open(out, DER_SEQUENCE);
    put_der_bytes(out, DER_INTEGER, line->serial.at, line->serial.n);
    put_der_time(out, line->date);
    if (line->reason || line->n_extras) {
        struct put_der list = put_der_open(out, DER_SEQUENCE);
        if (line->reason) {
            const uint8_t reason = (uint8_t)line->reason;
            struct put_extension e = x509_open_extension(out, reason_code, false);
            put_der_bytes(out, DER_ENUMERATED, &reason, 1);
            x509_close_extension(out, e);
        }
        put_extras(out, line->extras, line->n_extras);
        put_der_close(out, list);
    }
    put_der_close(out, seq);
}

static void put_key_id(struct wire_out *out, const struct x509_crl_issue *i)
{
    uint8_t own[X509_KEY_ID];
    struct bytes id = i->issuer->subject_key_id;
    if (!id.n) {
        x509_key_id(&i->signer->pub, own);
        id = (struct bytes){ own, sizeof own };
    }
    struct put_extension e = x509_open_extension(out, x509_oid_dotted(OID_AUTHORITY_KEY_ID), false);
    struct put_der seq = put_der_open(out, DER_SEQUENCE);
    put_der_bytes(out, DER_CONTEXT | 0, id.at, id.n);
    put_der_close(out, seq);
    x509_close_extension(out, e);
}

/* ReasonFlags: named bits, zeros at the end not written (X.690 §11.2.2). */
static void put_reasons(struct wire_out *out, unsigned reasons)
{
    uint8_t bits[3] = { 0 };
    unsigned last = 0;
    for (unsigned k = 1; k < 9; k++)
        if (reasons >> k & 1) {
            bits[1 + k / 8] |= (uint8_t)(0x80 >> k % 8);
            last = k;
        }
    bits[0] = (uint8_t)(7 - last % 8);
    put_der_bytes(out, DER_CONTEXT | 3, bits, 2 + last / 8);
}

static void put_flag(struct wire_out *out, bool flag, unsigned tag)
{
    static const uint8_t yes = 0xff;
    if (flag)
        put_der_bytes(out, DER_CONTEXT | tag, &yes, 1);
}

static void put_issuing_point(struct wire_out *out, const struct x509_crl_issue *i)
{
    if (!i->point_uri && !i->user_only && !i->ca_only && !i->attribute_only && !i->indirect && !i->reasons)
        return;
    struct put_extension e = x509_open_extension(out, issuing_point, true);
    struct put_der seq = put_der_open(out, DER_SEQUENCE);
    if (i->point_uri) {
        const struct general_name uri = { NAME_URI, { (const uint8_t *)i->point_uri, strlen(i->point_uri) } };
        struct put_der choice = put_der_open(out, DER_CONTEXT_CONSTRUCTED | 0),
            names = put_der_open(out, DER_CONTEXT_CONSTRUCTED | 0);
        x509_put_general_name(out, &uri);
        put_der_close(out, names);
        put_der_close(out, choice);
    }
    put_flag(out, i->user_only, 1);
    put_flag(out, i->ca_only, 2);
    if (i->reasons)
        put_reasons(out, i->reasons);
    put_flag(out, i->indirect, 4);
    put_flag(out, i->attribute_only, 5);
    put_der_close(out, seq);
    x509_close_extension(out, e);
}

static void put_extensions(struct wire_out *out, const struct x509_crl_issue *i)
{
    struct put_der choice = put_der_open(out, DER_CONTEXT_CONSTRUCTED | 0), list = put_der_open(out, DER_SEQUENCE);
    put_key_id(out, i);
    if (!i->no_number) {
        struct put_extension e = x509_open_extension(out, crl_number, false);
        put_number(out, i->number);
        x509_close_extension(out, e);
    }
    if (i->delta) {
        struct put_extension e = x509_open_extension(out, delta_indicator, true);
        put_number(out, i->base);
        x509_close_extension(out, e);
    }
    put_issuing_point(out, i);
    put_extras(out, i->extras, i->n_extras);
    put_der_close(out, list);
    put_der_close(out, choice);
}

static void put_tbs(struct wire_out *out, const struct x509_crl_issue *i, struct sign_scheme scheme)
{
    static const uint8_t v2 = 1;
    struct put_der tbs = put_der_open(out, DER_SEQUENCE);
    put_der_uint(out, &v2, 1);
    x509_put_algorithm(out, scheme);
    put_bytes(out, "issuer", i->issuer->subject.at, i->issuer->subject.n);
    put_der_time(out, i->this_update);
    if (i->next_update)
        put_der_time(out, i->next_update);
    if (i->n_lines) {                                  /* an empty list is not written (§5.1.2.6) */
        struct put_der lines = put_der_open(out, DER_SEQUENCE);
        for (size_t k = 0; k < i->n_lines; k++)
            put_line(out, &i->lines[k]);
        put_der_close(out, lines);
    }
    put_extensions(out, i);
    put_der_close(out, tbs);
}

size_t x509_write_crl(const struct x509_crl_issue *i, struct chance *chance, uint8_t *out, size_t room)
{
    const struct sign_scheme scheme = i->scheme ? *i->scheme : x509_scheme_of(&i->signer->pub);
    struct wire_out w = wire_into(out, room);
    struct put_der whole = put_der_open(&w, DER_SEQUENCE);
    const uint8_t *start = w.at;
    put_tbs(&w, i, scheme);
    bool signed_ = x509_put_signature(&w, start, i->signer, scheme, chance);
    put_der_close(&w, whole);
    return signed_ && !w.failed ? wire_written(&w) : 0;
}
