#include "tls/x509/cert.h"
#include "tls/x509/parts.h"

#include <string.h>

static const struct ground not_der = { "x509.der", "RFC 5280 §4.1" };
static const struct ground too_long = { "x509.too_long", "RFC 5280 §4.1" };
static const char default_unwritten[] = "a default that is not written (X.690 §11.5)";

/* version [0] EXPLICIT INTEGER DEFAULT v1: a default is not written (X.690 §11.5). */
static unsigned take_version(struct wire_in *tbs)
{
    if (!der_next_is(tbs, DER_CONTEXT_CONSTRUCTED | 0))
        return 1;
    struct wire_in choice = der_open(tbs, "version", DER_CONTEXT_CONSTRUCTED | 0);
    uint32_t v = der_take_small(&choice, "version");
    if (v == 0)
        wire_fail_at(&choice, NULL, "version", default_unwritten, "version 1, which is the default");
    wire_close(tbs, &choice);
    return v < 1000 ? v + 1 : 1000;
}

/* Time, and how it was written: RFC 5280 §4.1.2.5 wants UTCTime through 2049. */
static nsec take_time(struct wire_in *validity, const char *name, struct x509_cert *c, struct bytes *digits)
{
    bool generalized = der_next_is(validity, DER_GENERALIZED_TIME);
    const uint8_t *start = validity->at;
    nsec t = der_take_time(validity, name);
    if (validity->failed)
        return t;
    *digits = (struct bytes){ start + 2, (size_t)(validity->at - start) - 2 };     /* behind tag and length */
    c->early_generalized |= generalized && memcmp(digits->at, "2050", 4) < 0;
    return t;
}

/* UniqueIdentifier, a BIT STRING under an IMPLICIT tag. RFC 5280 §4.1.2.8 */
static void take_unique_id(struct wire_in *tbs, const char *name, unsigned tag, const struct x509_cert *c)
{
    unsigned unused;
    if (!der_next_is(tbs, tag))
        return;
    if (c->version < 2)
        wire_fail_at(tbs, NULL, name, "version 2 or 3 where there is a unique identifier", "version %u", c->version);
    der_take_bits_as(tbs, name, tag, &unused);
}

/* TBSCertificate, RFC 5280 §4.1: what the issuer signs. */
static void take_tbs(struct wire_in *cert, struct x509_cert *c)
{
    const uint8_t *start = cert->at;
    struct wire_in tbs = der_open(cert, "tbs_certificate", DER_SEQUENCE);
    c->version = take_version(&tbs);
    c->serial = der_take_int(&tbs, "serial_number");
    c->inner = x509_take_algorithm(&tbs, "signature_algorithm");
    c->issuer = x509_take_name(&tbs, "issuer");
    struct wire_in validity = der_open(&tbs, "validity", DER_SEQUENCE);
    c->not_before = take_time(&validity, "not_before", c, &c->not_before_digits);
    c->not_after = take_time(&validity, "not_after", c, &c->not_after_digits);
    wire_close(&tbs, &validity);
    c->subject = x509_take_name(&tbs, "subject");
    x509_take_key(&tbs, c);
    take_unique_id(&tbs, "issuer_unique_id", DER_CONTEXT | 1, c);
    take_unique_id(&tbs, "subject_unique_id", DER_CONTEXT | 2, c);
    if (der_next_is(&tbs, DER_CONTEXT_CONSTRUCTED | 3)) {
        struct wire_in choice = der_open(&tbs, "extensions", DER_CONTEXT_CONSTRUCTED | 3);
        x509_take_extensions(&choice, c);
        wire_close(&tbs, &choice);
    }
    wire_close(cert, &tbs);
    if (!cert->failed)
        c->tbs = (struct bytes){ start, (size_t)(cert->at - start) };
}

/* Certificate, RFC 5280 §4.1. */
static bool take_certificate(const struct der *der, const struct watch *w, struct x509_cert *c)
{
    *c = (struct x509_cert){ .der = *der, .require_explicit_policy = X509_NO_SKIP,
                             .inhibit_policy_mapping = X509_NO_SKIP, .inhibit_any_policy = X509_NO_SKIP };
    struct wire_in in = wire_over(der->at, der->n, w);
    struct wire_in cert = der_open(&in, "certificate", DER_SEQUENCE);
    take_tbs(&cert, c);
    c->signature = x509_take_signature(&cert, &c->outer);
    wire_close(&in, &cert);
    if (in.at < in.end)
        wire_fail_at(&in, NULL, "certificate", "nothing behind it", "%zu octets behind it", wire_left(&in));
    if (in.failed)
        c->key.kind = KEY_NONE;
    return !in.failed;
}

bool x509_read_cert(const struct der *der, const struct watch *w, struct x509_cert *c, struct fault *why)
{
    if (der->n > X509_CERT_MAX) {
        *c = (struct x509_cert){ .der = *der };
        return refuse_about(why, &too_long, "certificate", "a certificate of at most 65536 octets", "%zu octets",
                            der->n);
    }
    if (take_certificate(der, w, c))
        return true;
    if (!why)
        return false;
    struct wire_why found = wire_why_over(der->at);
    take_certificate(der, &found.watch, c);
    return der_refuse(&found, &not_der, "certificate", why);
}
