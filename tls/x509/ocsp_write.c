#include "tls/x509/ocsp_write.h"
#include "tls/x509/put_parts.h"

#include <string.h>

enum { DER_ENUMERATED = 0x0a };
static const char ocsp_nonce[] = "1.3.6.1.5.5.7.48.1.2";

size_t x509_ocsp_room(const struct x509_ocsp_issue *i)
{
    size_t room = 1024 + i->n_lines * 320 + SIGNATURE_MAX + i->nonce.n;
    for (size_t k = 0; k < i->n_extras; k++)
        room += 128 + i->extras[k].value.n;
    return room + (i->responder ? i->responder->subject.n + i->responder->der.n : 0);
}

/* Always a GeneralizedTime, and to the second (§4.2.2.1). */
static void put_time(struct wire_out *out, nsec t)
{
    char text[DER_TIME_TEXT], digits[16];
    size_t n = 0;
    for (const char *at = der_time_text(t, text); *at && n < 14; at++)
        if (*at >= '0' && *at <= '9')
            digits[n++] = *at;
    digits[n++] = 'Z';
    put_der_bytes(out, DER_GENERALIZED_TIME, digits, n);
}

static void put_hash(struct wire_out *out, enum hash_kind kind, const void *data, size_t n)
{
    uint8_t digest[HASH_MAX];
    hash_of(kind, data, n, digest, NULL);
    put_der_bytes(out, DER_OCTET_STRING, digest, hash_size(kind));
}

/* Of what stands behind tag, length and unused bits of subjectPublicKey (§4.1.1). */
static void put_key_hash(struct wire_out *out, enum hash_kind kind, const struct x509_cert *c)
{
    struct wire_in in = wire_over(c->spki.at, c->spki.n, NULL),
        spki = der_open(&in, "subject_public_key_info", DER_SEQUENCE);
    der_skip(&spki, "algorithm", NULL);
    struct wire_in key = der_open_bits(&spki, "subject_public_key");
    put_hash(out, kind, key.at, wire_left(&key));
}

static void put_cert_id(struct wire_out *out, const struct x509_ocsp_issue *i, struct bytes serial)
{
    static const enum x509_oid oids[] = { [HASH_SHA1] = OID_SHA1, [HASH_SHA256] = OID_SHA256,
                                          [HASH_SHA384] = OID_SHA384, [HASH_SHA512] = OID_SHA512 };
    struct put_der id = put_der_open(out, DER_SEQUENCE), algorithm = put_der_open(out, DER_SEQUENCE);
    x509_put_oid(out, oids[i->hash]);
    put_der_bytes(out, DER_NULL, NULL, 0);
    put_der_close(out, algorithm);
    put_hash(out, i->hash, i->issuer->subject.at, i->issuer->subject.n);
    put_key_hash(out, i->hash, i->issuer);
    put_der_bytes(out, DER_INTEGER, serial.at, serial.n);
    put_der_close(out, id);
}

static void put_revoked(struct wire_out *out, const struct x509_ocsp_line *line)
{
    struct put_der info = put_der_open(out, DER_CONTEXT_CONSTRUCTED | 1);
    put_time(out, line->revoked);
    if (line->reason) {
        const uint8_t reason = (uint8_t)line->reason;
        struct put_der choice = put_der_open(out, DER_CONTEXT_CONSTRUCTED | 0);
        put_der_bytes(out, DER_ENUMERATED, &reason, 1);
        put_der_close(out, choice);
    }
    put_der_close(out, info);
}

static void put_single(struct wire_out *out, const struct x509_ocsp_issue *i, const struct x509_ocsp_line *line)
{
    struct put_der single = put_der_open(out, DER_SEQUENCE);
    put_cert_id(out, i, line->serial);
    if (line->status == X509_STATUS_REVOKED)
        put_revoked(out, line);
    else
        put_der_bytes(out, DER_CONTEXT | (unsigned)line->status, NULL, 0);
    put_time(out, i->from);
    if (i->until) {
        struct put_der choice = put_der_open(out, DER_CONTEXT_CONSTRUCTED | 0);
        put_time(out, i->until);
        put_der_close(out, choice);
    }
    put_der_close(out, single);
}

static void put_extensions(struct wire_out *out, const struct x509_ocsp_issue *i)
{
    if (!i->nonce.n && !i->n_extras)
        return;
    struct put_der choice = put_der_open(out, DER_CONTEXT_CONSTRUCTED | 1), list = put_der_open(out, DER_SEQUENCE);
    if (i->nonce.n) {
        struct put_extension e = x509_open_extension(out, ocsp_nonce, false);
        put_der_bytes(out, DER_OCTET_STRING, i->nonce.at, i->nonce.n);
        x509_close_extension(out, e);
    }
    for (size_t k = 0; k < i->n_extras; k++) {
        struct put_extension e = x509_open_extension(out, i->extras[k].oid, i->extras[k].critical);
        put_bytes(out, "extn_value", i->extras[k].value.at, i->extras[k].value.n);
        x509_close_extension(out, e);
    }
    put_der_close(out, list);
    put_der_close(out, choice);
}

/* ResponseData, §4.2.1: what is signed. */
static void put_data(struct wire_out *out, const struct x509_ocsp_issue *i)
{
    struct put_der whole = put_der_open(out, DER_SEQUENCE),
        id = put_der_open(out, DER_CONTEXT_CONSTRUCTED | (i->by_key ? 2 : 1));
    if (i->by_key)
        put_key_hash(out, HASH_SHA1, i->responder);
    else
        put_bytes(out, "responder_name", i->responder->subject.at, i->responder->subject.n);
    put_der_close(out, id);
    put_time(out, i->produced);
    struct put_der list = put_der_open(out, DER_SEQUENCE);
    for (size_t k = 0; k < i->n_lines; k++)
        put_single(out, i, &i->lines[k]);
    put_der_close(out, list);
    put_extensions(out, i);
    put_der_close(out, whole);
}

/* BasicOCSPResponse: false when the key is bad. */
static bool put_basic(struct wire_out *out, const struct x509_ocsp_issue *i, struct chance *chance)
{
    const struct sign_scheme scheme = i->scheme ? *i->scheme : x509_scheme_of(&i->signer->pub);
    struct put_der whole = put_der_open(out, DER_SEQUENCE);
    const uint8_t *start = out->at;
    put_data(out, i);
    bool signed_ = x509_put_signature(out, start, i->signer, scheme, chance);
    if (i->with_responder) {
        struct put_der certs = put_der_open(out, DER_CONTEXT_CONSTRUCTED | 0), list = put_der_open(out, DER_SEQUENCE);
        put_bytes(out, "certificate", i->responder->der.at, i->responder->der.n);
        put_der_close(out, list);
        put_der_close(out, certs);
    }
    put_der_close(out, whole);
    return signed_;
}

size_t x509_write_ocsp(const struct x509_ocsp_issue *i, struct chance *chance, uint8_t *out, size_t room)
{
    const uint8_t answer = (uint8_t)i->answer;
    struct wire_out w = wire_into(out, room);
    struct put_der whole = put_der_open(&w, DER_SEQUENCE);
    put_der_bytes(&w, DER_ENUMERATED, &answer, 1);
    if (!i->answer) {
        struct put_der choice = put_der_open(&w, DER_CONTEXT_CONSTRUCTED | 0), bytes = put_der_open(&w, DER_SEQUENCE);
        x509_put_oid(&w, OID_OCSP_BASIC);
        struct put_der octets = put_der_open(&w, DER_OCTET_STRING);
        if (!put_basic(&w, i, chance))
            return 0;
        put_der_close(&w, octets);
        put_der_close(&w, bytes);
        put_der_close(&w, choice);
    }
    put_der_close(&w, whole);
    return w.failed ? 0 : wire_written(&w);
}
