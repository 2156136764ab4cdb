#include "tls/x509/crl.h"
#include "tls/x509/ocsp.h"
#include "tls/x509/parts.h"

#include <string.h>

static const struct ground not_der = { "x509.ocsp_der", "RFC 6960 §4.2.1" };

enum { DER_ENUMERATED = 0x0a };

const char *x509_ocsp_status_words(unsigned status)
{
    static const char *const words[] = { "successful", "malformedRequest", "internalError", "tryLater", NULL,
                                         "sigRequired", "unauthorized" };
    return status < sizeof words / sizeof *words ? words[status] : NULL;
}

/* The octets of subjectPublicKey, without tag, length and unused bits: what a key's hash is made of. */
struct bytes x509_key_octets(const struct x509_cert *c)
{
    struct wire_in in = wire_over(c->spki.at, c->spki.n, NULL),
        spki = der_open(&in, "subject_public_key_info", DER_SEQUENCE);
    der_skip(&spki, "algorithm", NULL);
    struct wire_in key = der_open_bits(&spki, "subject_public_key");
    return key.failed || spki.failed ? (struct bytes){ NULL, 0 } : (struct bytes){ key.at, wire_left(&key) };
}

bool x509_is_hash_of(struct bytes digest, enum hash_kind kind, struct bytes data)
{
    uint8_t own[HASH_MAX];
    if (!data.at || digest.n != hash_size(kind))
        return false;
    hash_of(kind, data.at, data.n, own, NULL);
    return memcmp(own, digest.at, digest.n) == 0;
}

/* ---- extensions (§4.4) ---- */

static const uint8_t id_nonce[] = { 0x2b, 6, 1, 5, 5, 7, 0x30, 1, 2 };

static bool is_nonce(struct bytes oid)
{
    return oid.n == sizeof id_nonce && memcmp(oid.at, id_nonce, sizeof id_nonce) == 0;
}

struct noted { struct bytes nonce; bool *unknown_critical; char *unknown_oid; };

static void take_extension(struct wire_in *list, struct noted *noted)
{
    bool critical = false;
    struct wire_in whole = der_open(list, "extension", DER_SEQUENCE);
    struct bytes oid = der_take_oid(&whole, "extn_id");
    if (der_next_is(&whole, DER_BOOLEAN)) {
        critical = der_take_bool(&whole, "critical");
        if (!critical)
            wire_fail_at(&whole, NULL, "critical", "a default that is not written (X.690 §11.5)",
                         "FALSE, which is the default");
    }
    struct wire_in value = der_open(&whole, "extn_value", DER_OCTET_STRING);
    if (is_nonce(oid) && der_next_is(&value, DER_OCTET_STRING))
        noted->nonce = der_take(&value, "nonce", DER_OCTET_STRING);
    else                                               /* RFC 2560 had a bare nonce, RFC 6960 wraps it */
        take_rest(&value, "data");
    wire_close(&whole, &value);
    wire_close(list, &whole);
    if (critical && !is_nonce(oid) && !*noted->unknown_critical) {
        *noted->unknown_critical = true;
        x509_oid_text(&oid, noted->unknown_oid);
    }
}

static void take_extensions(struct wire_in *in, const char *name, struct noted *noted)
{
    struct wire_in choice = der_open(in, name, DER_CONTEXT_CONSTRUCTED | 1),
        list = der_open(&choice, name, DER_SEQUENCE);
    while (list.at < list.end)
        take_extension(&list, noted);
    wire_close(&choice, &list);
    wire_close(in, &choice);
}

/* ---- one certificate's status ---- */

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

static bool take_cert_id(struct wire_in *in, const struct x509_cert *cert, const struct x509_cert *issuer)
{
    enum hash_kind hash;
    struct wire_in id = der_open(in, "cert_id", DER_SEQUENCE);
    bool known = take_hash(&id, &hash);
    struct bytes name = der_take(&id, "issuer_name_hash", DER_OCTET_STRING),
        key = der_take(&id, "issuer_key_hash", DER_OCTET_STRING), serial = der_take_int(&id, "serial_number");
    wire_close(in, &id);
    return cert && !in->failed && known && serial.n == cert->serial.n
        && memcmp(serial.at, cert->serial.at, serial.n) == 0 && x509_is_hash_of(name, hash, cert->issuer)
        && x509_is_hash_of(key, hash, x509_key_octets(issuer));
}

static const char *reason_words(unsigned v) { return x509_reason_words(v); }

/* RevokedInfo: when, and perhaps why. */
static void take_revoked(struct wire_in *in, struct x509_ocsp_word *w)
{
    struct wire_in info = der_open(in, "revoked_info", DER_CONTEXT_CONSTRUCTED | 1);
    w->status = 1;
    w->revoked = der_take_time(&info, "revocation_time");
    if (info.at < info.end) {
        struct wire_in choice = der_open(&info, "revocation_reason", DER_CONTEXT_CONSTRUCTED | 0),
            content = der_open(&choice, "revocation_reason", DER_ENUMERATED);
        w->reason = take_code8(&content, "revocation_reason", reason_words);
        w->has_reason = true;
        if (!x509_reason_words(w->reason))
            wire_fail_at(&content, NULL, "revocation_reason", "a reason of RFC 5280 §5.3.1", "%u", w->reason);
        wire_close(&choice, &content);
        wire_close(&info, &choice);
    }
    wire_close(in, &info);
}

/* CertStatus: good [0] NULL, revoked [1], unknown [2] NULL, all IMPLICIT. */
static void take_status(struct wire_in *in, struct x509_ocsp_word *w)
{
    if (der_next_is(in, DER_CONTEXT_CONSTRUCTED | 1)) {
        take_revoked(in, w);
        return;
    }
    w->status = der_next_is(in, DER_CONTEXT | 0) ? 0 : 2;
    struct wire_in nothing = der_open(in, "cert_status", DER_CONTEXT | w->status);
    wire_close(in, &nothing);
}

void x509_take_ocsp_single(struct wire_in *in, const struct x509_cert *cert, const struct x509_cert *issuer,
                           struct x509_ocsp_word *w)
{
    *w = (struct x509_ocsp_word){ .found = false };
    struct noted noted = { { NULL, 0 }, &w->unknown_critical, w->unknown_oid };
    struct wire_in single = der_open(in, "single_response", DER_SEQUENCE);
    w->found = take_cert_id(&single, cert, issuer);
    take_status(&single, w);
    w->from = der_take_time(&single, "this_update");
    if (der_next_is(&single, DER_CONTEXT_CONSTRUCTED | 0)) {
        struct wire_in choice = der_open(&single, "next_update", DER_CONTEXT_CONSTRUCTED | 0);
        w->until = der_take_time(&choice, "next_update");
        w->has_until = true;
        wire_close(&single, &choice);
    }
    if (single.at < single.end)
        take_extensions(&single, "single_extensions", &noted);
    wire_close(in, &single);
}

/* ---- the response ---- */

static void take_response_data(struct wire_in *in, struct x509_ocsp_response *r)
{
    const uint8_t *start = in->at;
    struct x509_ocsp_word word;
    struct noted noted = { { NULL, 0 }, &r->unknown_critical, r->unknown_oid };
    struct wire_in data = der_open(in, "response_data", DER_SEQUENCE);
    if (der_next_is(&data, DER_CONTEXT_CONSTRUCTED | 0))           /* version: v1 is the default, and the only one */
        wire_fail_at(&data, NULL, "version", "a default that is not written (X.690 §11.5)", "a version");
    const bool named = der_next_is(&data, DER_CONTEXT_CONSTRUCTED | 1);
    struct wire_in responder = der_open(&data, "responder_id", DER_CONTEXT_CONSTRUCTED | (named ? 1 : 2));
    if (named)
        r->by_name = x509_take_name(&responder, "responder_name");
    else
        r->by_key = der_take(&responder, "responder_key_hash", DER_OCTET_STRING);
    wire_close(&data, &responder);
    r->produced = der_take_time(&data, "produced_at");
    struct wire_in responses = der_open(&data, "responses", DER_SEQUENCE);
    r->singles = (struct bytes){ responses.at, wire_left(&responses) };
    while (responses.at < responses.end)
        x509_take_ocsp_single(&responses, NULL, NULL, &word);
    wire_close(&data, &responses);
    if (data.at < data.end)
        take_extensions(&data, "response_extensions", &noted);
    r->nonce = noted.nonce;
    wire_close(in, &data);
    r->tbs = (struct bytes){ start, (size_t)(in->at - start) };
}

/* What comes along may be anything that is DER; whoever watches has it read as the certificate it should be. */
static void take_cert(struct wire_in *list, struct x509_ocsp_response *r)
{
    struct wire_in plain = *list;
    const struct watch *w = list->watch;
    plain.watch = NULL;
    der_skip(&plain, "certificate", NULL);
    if (plain.failed) {
        wire_fail(list, "certificate");
        return;
    }
    const struct bytes cert = { list->at, (size_t)(plain.at - list->at) };
    if (w && w->trace && w->buf) {
        struct x509_cert scratch;
        x509_read_cert(&(struct der){ cert.at, cert.n, 0 }, w, &scratch, NULL);
    }
    list->at = plain.at;
    if (r->n_certs < X509_RESPONDERS_MAX)
        r->certs[r->n_certs++] = cert;
}

static void take_basic(struct wire_in *in, struct x509_ocsp_response *r)
{
    struct wire_in basic = der_open(in, "basic_ocsp_response", DER_SEQUENCE);
    take_response_data(&basic, r);
    r->algorithm = x509_take_algorithm(&basic, "signature_algorithm");
    struct wire_in bits = der_open_bits(&basic, "signature");
    r->signature = take_rest(&bits, "signature");
    wire_close(&basic, &bits);
    if (der_next_is(&basic, DER_CONTEXT_CONSTRUCTED | 0)) {
        struct wire_in choice = der_open(&basic, "certs", DER_CONTEXT_CONSTRUCTED | 0),
            list = der_open(&choice, "certs", DER_SEQUENCE);
        while (list.at < list.end)
            take_cert(&list, r);
        wire_close(&choice, &list);
        wire_close(&basic, &choice);
    }
    wire_close(in, &basic);
}

static const char *status_words(unsigned v) { return x509_ocsp_status_words(v); }

/* OCSPResponse: the responder's status, and if that is successful (0) a BasicOCSPResponse. */
static void take_response(struct wire_in *in, struct x509_ocsp_response *r)
{
    struct wire_in whole = der_open(in, "ocsp_response", DER_SEQUENCE),
        said = der_open(&whole, "response_status", DER_ENUMERATED);
    r->status = take_code8(&said, "response_status", status_words);
    if (!x509_ocsp_status_words(r->status))
        wire_fail_at(&said, NULL, "response_status", "a status of RFC 6960 §4.2.1", "%u", r->status);
    wire_close(&whole, &said);
    if (!r->status) {
        struct wire_in choice = der_open(&whole, "response_bytes", DER_CONTEXT_CONSTRUCTED | 0),
            bytes = der_open(&choice, "response_bytes", DER_SEQUENCE);
        struct bytes type = der_take_oid(&bytes, "response_type");
        if (!bytes.failed && x509_oid_of(&type) != OID_OCSP_BASIC)
            wire_fail_at(&bytes, NULL, "response_type", "ocspBasic (RFC 6960 §4.2.1)", "another type");
        struct wire_in octets = der_open(&bytes, "response", DER_OCTET_STRING);
        take_basic(&octets, r);
        wire_close(&bytes, &octets);
        wire_close(&choice, &bytes);
        wire_close(&whole, &choice);
    }
    wire_close(in, &whole);
}

static bool take_whole(const struct der *der, const struct watch *w, struct x509_ocsp_response *r)
{
    *r = (struct x509_ocsp_response){ .n_certs = 0 };
    struct wire_in in = wire_over(der->at, der->n, w);
    take_response(&in, r);
    if (in.at < in.end)
        wire_fail_at(&in, NULL, "ocsp_response", "nothing behind it", "%zu octets behind it", wire_left(&in));
    return !in.failed;
}

bool x509_read_ocsp(const struct der *der, const struct watch *w, struct x509_ocsp_response *r, struct fault *why)
{
    if (der->n > X509_OCSP_MAX) {
        *r = (struct x509_ocsp_response){ .n_certs = 0 };
        return refuse_about(why, &not_der, "OCSP response", "a response of at most 1 MiB", "%zu octets", der->n);
    }
    if (take_whole(der, w, r))
        return true;
    struct wire_why found = wire_why_over(der->at);
    return why && !take_whole(der, &found.watch, r) && der_refuse(&found, &not_der, "OCSP response", why);
}
