#include "tests/lib/ocsp_made.h"

#include "tests/lib/check.h"
#include "tls/x509/oids.h"

#include <string.h>

struct ocsp_made ocsp_made(const struct x509_cert *cert, const struct x509_cert *issuer, const struct private_key *signer,
                           nsec now)
{
    return (struct ocsp_made){ .cert = cert, .issuer = issuer, .hash = HASH_SHA1, .from = now - 3600 * SECOND,
                               .until = now + 3600 * SECOND, .signer = signer, .responder = issuer };
}

static size_t written(const struct wire_out *out)
{
    if (out->failed)
        ck_abort_msg("no room for an OCSP response");
    return wire_written(out);
}

/* Always a GeneralizedTime, and to the second. */
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

static void put_hash(struct wire_out *out, enum hash_kind kind, const uint8_t *data, size_t n)
{
    uint8_t digest[HASH_MAX];
    hash_of(kind, data, n, digest);
    put_der_bytes(out, DER_OCTET_STRING, digest, hash_size(kind));
}

/* Behind tag, length and unused bits of subjectPublicKey. */
static void put_key_hash(struct wire_out *out, enum hash_kind kind, const struct x509_cert *c)
{
    struct wire_in in = wire_over(c->spki.at, c->spki.n, NULL), spki = der_open(&in, "spki", DER_SEQUENCE);
    der_skip(&spki, "algorithm", NULL);
    struct wire_in key = der_open_bits(&spki, "key");
    put_hash(out, kind, key.at, wire_left(&key));
}

static void put_cert_id(struct wire_out *out, const struct ocsp_made *m, const struct x509_cert *cert)
{
    static const char *const oids[] = { [HASH_SHA1] = "1.3.14.3.2.26", [HASH_SHA256] = "2.16.840.1.101.3.4.2.1",
                                        [HASH_SHA384] = "2.16.840.1.101.3.4.2.2", [HASH_SHA512] = "2.16.840.1.101.3.4.2.3" };
    struct put_der id = put_der_open(out, DER_SEQUENCE), algorithm = put_der_open(out, DER_SEQUENCE);
    put_der_oid(out, oids[m->hash]);
    put_der_bytes(out, DER_NULL, NULL, 0);
    put_der_close(out, algorithm);
    put_hash(out, m->hash, m->issuer->subject.at, m->issuer->subject.n);
    put_key_hash(out, m->hash, m->issuer);
    put_der_bytes(out, DER_INTEGER, cert->serial.at, cert->serial.n);
    put_der_close(out, id);
}

static void put_single(struct wire_out *out, const struct ocsp_made *m, const struct x509_cert *cert, unsigned status)
{
    struct put_der single = put_der_open(out, DER_SEQUENCE);
    put_cert_id(out, m, cert);
    if (status == OCSP_MADE_REVOKED) {
        struct put_der info = put_der_open(out, DER_CONTEXT_CONSTRUCTED | 1);
        put_time(out, m->from - 3600 * SECOND);
        put_der_close(out, info);
    } else {
        put_der_bytes(out, DER_CONTEXT | status, NULL, 0);
    }
    put_time(out, m->from);
    if (m->until) {
        struct put_der choice = put_der_open(out, DER_CONTEXT_CONSTRUCTED | 0);
        put_time(out, m->until);
        put_der_close(out, choice);
    }
    put_der_close(out, single);
}

static size_t write_data(const struct ocsp_made *m, uint8_t *data, size_t room)
{
    struct wire_out out = wire_into(data, room);
    struct put_der whole = put_der_open(&out, DER_SEQUENCE);
    struct put_der id = put_der_open(&out, DER_CONTEXT_CONSTRUCTED | (m->by_key ? 2 : 1));
    if (m->by_key)
        put_key_hash(&out, HASH_SHA1, m->responder);
    else
        put_bytes(&out, "", m->responder->subject.at, m->responder->subject.n);
    put_der_close(&out, id);
    put_time(&out, m->from);
    struct put_der list = put_der_open(&out, DER_SEQUENCE);
    if (m->other)
        put_single(&out, m, m->other, OCSP_MADE_REVOKED);
    put_single(&out, m, m->cert, m->status);
    put_der_close(&out, list);
    put_der_close(&out, whole);
    return written(&out);
}

/* A BasicOCSPResponse has the form of a certificate; the certificates stand behind the signature. */
static size_t write_basic(const struct ocsp_made *m, uint8_t *basic, size_t room)
{
    uint8_t data[1024], signed_data[2048];
    struct test_chance chance = test_chance(3);
    const struct bytes tbs = { data, write_data(m, data, sizeof data) };
    size_t n = x509_sign(&tbs, m->signer, &chance.chance, signed_data, sizeof signed_data);
    struct wire_in in = wire_over(signed_data, n, NULL), content = der_open(&in, "signed", DER_SEQUENCE);
    struct wire_out out = wire_into(basic, room);
    struct put_der whole = put_der_open(&out, DER_SEQUENCE);
    put_bytes(&out, "", content.at, wire_left(&content));
    if (m->with_responder) {
        struct put_der certs = put_der_open(&out, DER_CONTEXT_CONSTRUCTED | 0), list = put_der_open(&out, DER_SEQUENCE);
        put_bytes(&out, "", m->responder->der.at, m->responder->der.n);
        put_der_close(&out, list);
        put_der_close(&out, certs);
    }
    put_der_close(&out, whole);
    return n ? written(&out) : 0;
}

size_t ocsp_made_write(const struct ocsp_made *m, uint8_t der[OCSP_MADE_MAX])
{
    uint8_t basic[OCSP_MADE_MAX - 64], answer = (uint8_t)m->answer;
    struct wire_out out = wire_into(der, OCSP_MADE_MAX);
    struct put_der whole = put_der_open(&out, DER_SEQUENCE);
    put_der_bytes(&out, 0x0a, &answer, 1);
    if (!m->answer) {
        size_t n = write_basic(m, basic, sizeof basic);
        struct put_der choice = put_der_open(&out, DER_CONTEXT_CONSTRUCTED | 0), bytes = put_der_open(&out, DER_SEQUENCE);
        put_der_oid(&out, x509_oid_dotted(OID_OCSP_BASIC));
        put_der_bytes(&out, DER_OCTET_STRING, basic, n);
        put_der_close(&out, bytes);
        put_der_close(&out, choice);
    }
    put_der_close(&out, whole);
    return written(&out);
}
