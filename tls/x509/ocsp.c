#include "tls/x509/ocsp.h"
#include "tls/x509/parts.h"

#include <string.h>

enum { DER_ENUMERATED = 0x0a, RESPONDERS_MAX = 4 };

/* SingleResponse, of the certificate asked for. */
struct word { bool found; unsigned status; nsec from, until, revoked; bool has_until; };

/* BasicOCSPResponse */
struct response {
    struct bytes tbs;                                 /* ResponseData with tag and length: what is signed */
    struct bytes by_name, by_key;                     /* ResponderID: one of both */
    struct x509_signature algorithm; struct bytes signature;
    struct bytes certs[RESPONDERS_MAX]; size_t n_certs;
    struct word word;
};

/* Whose word is asked: of this certificate, by that issuer. */
struct question { const struct x509_cert *cert, *issuer; };

const char *x509_ocsp_status_words(unsigned status)
{
    static const char *const words[] = { "successful", "malformedRequest", "internalError", "tryLater", NULL,
                                         "sigRequired", "unauthorized" };
    return status < sizeof words / sizeof *words ? words[status] : NULL;
}

/* The octets of subjectPublicKey, without tag, length and unused bits: what a key's hash is made of (RFC 6960
 * §4.1.1). */
static struct bytes key_octets(const struct x509_cert *c)
{
    struct wire_in in = wire_over(c->spki.at, c->spki.n, NULL),
        spki = der_open(&in, "subject_public_key_info", DER_SEQUENCE);
    der_skip(&spki, "algorithm", NULL);
    struct wire_in key = der_open_bits(&spki, "subject_public_key");
    return key.failed || spki.failed ? (struct bytes){ NULL, 0 } : (struct bytes){ key.at, wire_left(&key) };
}

static bool is_hash_of(struct bytes digest, enum hash_kind kind, struct bytes data)
{
    uint8_t own[HASH_MAX];
    if (!data.at || digest.n != hash_size(kind))
        return false;
    hash_of(kind, data.at, data.n, own);
    return memcmp(own, digest.at, digest.n) == 0;
}

/* ---- reading ---- */

/* The hash of a CertID; SHA-1 names things here and vouches for nothing. False: another one. */
static bool take_hash(struct wire_in *in, enum hash_kind *hash)
{
    static const enum x509_oid hashes[] = { [HASH_SHA1] = OID_SHA1, [HASH_SHA256] = OID_SHA256,
                                            [HASH_SHA384] = OID_SHA384, [HASH_SHA512] = OID_SHA512 };
    struct wire_in algorithm = der_open(in, "hash_algorithm", DER_SEQUENCE);
    struct bytes oid = der_take_oid(&algorithm, "algorithm");
    enum x509_oid which = x509_oid_of(&oid);
    if (algorithm.at < algorithm.end)
        der_skip(&algorithm, "parameters", NULL);
    wire_close(in, &algorithm);
    for (*hash = HASH_SHA1; *hash < HASH_SHA512 && hashes[*hash] != which; (*hash)++)
        ;
    return hashes[*hash] == which;
}

static bool take_cert_id(struct wire_in *in, const struct question *q)
{
    enum hash_kind hash;
    struct wire_in id = der_open(in, "cert_id", DER_SEQUENCE);
    bool known = take_hash(&id, &hash);
    struct bytes name = der_take(&id, "issuer_name_hash", DER_OCTET_STRING),
        key = der_take(&id, "issuer_key_hash", DER_OCTET_STRING), serial = der_take_int(&id, "serial_number");
    wire_close(in, &id);
    const struct bytes *own = &q->cert->serial;
    return !in->failed && known && serial.n == own->n && memcmp(serial.at, own->at, own->n) == 0
        && is_hash_of(name, hash, q->cert->issuer) && is_hash_of(key, hash, key_octets(q->issuer));
}

/* CertStatus: good [0] NULL, revoked [1] with the time, unknown [2] NULL, all IMPLICIT. */
static void take_status(struct wire_in *in, struct word *w)
{
    if (der_next_is(in, DER_CONTEXT_CONSTRUCTED | 1)) {
        struct wire_in info = der_open(in, "revoked_info", DER_CONTEXT_CONSTRUCTED | 1);
        w->status = 1;
        w->revoked = der_take_time(&info, "revocation_time");
        if (info.at < info.end)
            der_skip(&info, "revocation_reason", NULL);
        wire_close(in, &info);
        return;
    }
    w->status = der_next_is(in, DER_CONTEXT | 0) ? 0 : 2;
    struct wire_in nothing = der_open(in, "cert_status", DER_CONTEXT | w->status);
    wire_close(in, &nothing);
}

static void take_single(struct wire_in *in, const struct question *q, struct word *out)
{
    struct word w = { .found = false };
    struct wire_in single = der_open(in, "single_response", DER_SEQUENCE);
    w.found = take_cert_id(&single, q);
    take_status(&single, &w);
    w.from = der_take_time(&single, "this_update");
    if (der_next_is(&single, DER_CONTEXT_CONSTRUCTED | 0)) {
        struct wire_in choice = der_open(&single, "next_update", DER_CONTEXT_CONSTRUCTED | 0);
        w.until = der_take_time(&choice, "next_update");
        w.has_until = true;
        wire_close(&single, &choice);
    }
    if (single.at < single.end)
        der_skip(&single, "single_extensions", NULL);
    wire_close(in, &single);
    if (w.found && !out->found)
        *out = w;
}

static void take_response_data(struct wire_in *in, const struct question *q, struct response *r)
{
    const uint8_t *start = in->at;
    struct wire_in data = der_open(in, "response_data", DER_SEQUENCE);
    if (der_next_is(&data, DER_CONTEXT_CONSTRUCTED | 0))           /* version: v1 is the default, and the only one */
        wire_fail(&data, "version");
    const bool named = der_next_is(&data, DER_CONTEXT_CONSTRUCTED | 1);
    struct wire_in responder = der_open(&data, "responder_id", DER_CONTEXT_CONSTRUCTED | (named ? 1 : 2));
    if (named)
        r->by_name = x509_take_name(&responder, "responder_name");
    else
        r->by_key = der_take(&responder, "responder_key_hash", DER_OCTET_STRING);
    wire_close(&data, &responder);
    der_take_time(&data, "produced_at");
    struct wire_in responses = der_open(&data, "responses", DER_SEQUENCE);
    while (!responses.failed && responses.at < responses.end)
        take_single(&responses, q, &r->word);
    wire_close(&data, &responses);
    if (data.at < data.end)
        der_skip(&data, "response_extensions", NULL);
    wire_close(in, &data);
    r->tbs = (struct bytes){ start, (size_t)(in->at - start) };
}

static void take_certs(struct wire_in *in, struct response *r)
{
    struct wire_in choice = der_open(in, "certs", DER_CONTEXT_CONSTRUCTED | 0),
        list = der_open(&choice, "certs", DER_SEQUENCE);
    while (!list.failed && list.at < list.end) {
        const uint8_t *start = list.at;
        der_skip(&list, "certificate", NULL);
        if (r->n_certs < RESPONDERS_MAX)
            r->certs[r->n_certs++] = (struct bytes){ start, (size_t)(list.at - start) };
    }
    wire_close(&choice, &list);
    wire_close(in, &choice);
}

static bool read_basic(struct bytes octets, const struct question *q, struct response *r)
{
    struct wire_in in = wire_over(octets.at, octets.n, NULL),
        basic = der_open(&in, "basic_ocsp_response", DER_SEQUENCE);
    take_response_data(&basic, q, r);
    r->algorithm = x509_take_algorithm(&basic, "signature_algorithm");
    struct wire_in bits = der_open_bits(&basic, "signature");
    r->signature = take_rest(&bits, "signature");
    wire_close(&basic, &bits);
    if (der_next_is(&basic, DER_CONTEXT_CONSTRUCTED | 0))
        take_certs(&basic, r);
    wire_close(&in, &basic);
    return !in.failed && wire_left(&in) == 0;
}

/* OCSPResponse: the responder's status, and if that is successful (0) a BasicOCSPResponse. */
static enum x509_ocsp read_response(struct bytes octets, const struct question *q, struct response *r,
                                    unsigned *status)
{
    struct wire_in in = wire_over(octets.at, octets.n, NULL),
        whole = der_open(&in, "ocsp_response", DER_SEQUENCE);
    struct bytes said = der_take(&whole, "response_status", DER_ENUMERATED), type, basic = { NULL, 0 };
    *status = said.n == 1 ? said.at[0] : 0;
    if (said.n == 1 && *status && whole.at == whole.end && wire_left(&in) == 0)
        return x509_ocsp_status_words(*status) ? OCSP_UNANSWERED : OCSP_NOT_ONE;
    struct wire_in choice = der_open(&whole, "response_bytes", DER_CONTEXT_CONSTRUCTED | 0),
        bytes = der_open(&choice, "response_bytes", DER_SEQUENCE);
    type = der_take_oid(&bytes, "response_type");
    basic = der_take(&bytes, "response", DER_OCTET_STRING);
    wire_close(&choice, &bytes);
    wire_close(&whole, &choice);
    wire_close(&in, &whole);
    bool good = said.n == 1 && !*status && !in.failed && wire_left(&in) == 0 && x509_oid_of(&type) == OID_OCSP_BASIC;
    return good && read_basic(basic, q, r) ? OCSP_GOOD : OCSP_NOT_ONE;
}

/* ---- judging ---- */

static bool fits(const struct x509_signature *s, struct bytes tbs, struct bytes signature, const struct public_key *key)
{
    return s->known && !s->weak && key->kind != KEY_NONE
        && key_verify(key, s->scheme, tbs.at, tbs.n, signature.at, signature.n);
}

/* Is this certificate the one that the response names as its signer, and did its key make the signature? */
static bool signed_by(const struct response *r, const struct x509_cert *c)
{
    bool named = r->by_name.n ? x509_name_same(&r->by_name, &c->subject)
                              : is_hash_of(r->by_key, HASH_SHA1, key_octets(c));
    return named && fits(&r->algorithm, r->tbs, r->signature, &c->key);
}

/* RFC 6960 §4.2.2.2: signed by the issuer itself, for this purpose, and not too old to be anybody. */
static bool named_by_issuer(const struct x509_cert *c, const struct x509_cert *issuer, nsec at)
{
    return x509_name_same(&c->issuer, &issuer->subject) && c->has_purposes && (c->purposes & X509_OCSP_SIGNING)
        && (!c->has_usage || (c->usage & X509_DIGITAL_SIGNATURE)) && !c->unknown_critical
        && at >= c->not_before && at / SECOND <= c->not_after / SECOND
        && fits(&c->outer, c->tbs, c->signature, &issuer->key);
}

static bool signed_rightly(const struct response *r, const struct x509_cert *issuer, nsec at)
{
    if (signed_by(r, issuer))
        return true;
    for (size_t i = 0; i < r->n_certs; i++) {
        struct x509_cert c;
        const struct der der = { r->certs[i].at, r->certs[i].n, 0 };
        if (x509_read_cert(&der, NULL, &c, NULL) && named_by_issuer(&c, issuer, at) && signed_by(r, &c))
            return true;
    }
    return false;
}

enum x509_ocsp x509_ocsp_judge(struct bytes octets, const struct x509_cert *cert, const struct x509_cert *issuer,
                               nsec at, nsec *when, unsigned *status)
{
    const struct question q = { cert, issuer };
    struct response r = { .n_certs = 0 };
    enum x509_ocsp read = read_response(octets, &q, &r, status);
    const struct word *w = &r.word;
    if (read != OCSP_GOOD)
        return read;
    if (!w->found)
        return OCSP_NOT_ABOUT;
    if (r.algorithm.weak)
        return OCSP_WEAK;
    if (!signed_rightly(&r, issuer, at))
        return OCSP_FORGED;
    *when = w->from;
    if (w->from > at + X509_OCSP_SKEW)
        return OCSP_TOO_NEW;
    const nsec until = w->has_until ? w->until : w->from + X509_OCSP_AGE;
    if (at > until + X509_OCSP_SKEW || (w->has_until && w->until < w->from)) {
        *when = until;
        return OCSP_TOO_OLD;
    }
    *when = w->status == 1 ? w->revoked : w->from;
    return w->status == 0 ? OCSP_GOOD : w->status == 1 ? OCSP_REVOKED : OCSP_UNKNOWN;
}
