#include "tls/x509/request.h"
#include "tls/x509/parts.h"

#include <string.h>

static const struct ground not_request = { "x509.request", "RFC 2986 §4" };
static const struct ground not_signed = { "x509.request_signature", "RFC 2986 §3" };

/* Attribute: a type and a SET of values; all but the extensions wished for is skipped. */
static void take_attribute(struct wire_in *attributes, struct x509_cert *c)
{
    static const uint8_t extension_request[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 14 };
    struct wire_in attribute = der_open(attributes, "attribute", DER_SEQUENCE);
    const struct bytes type = der_take_oid(&attribute, "attribute_type");
    if (type.n != sizeof extension_request || memcmp(type.at, extension_request, type.n) != 0) {
        der_skip(&attribute, "attribute_values", NULL);
        wire_close(attributes, &attribute);
        return;
    }
    struct wire_in values = der_open(&attribute, "attribute_values", DER_SET);
    if (c->has_extensions)
        wire_fail(&values, "extensions");             /* wished for twice */
    c->has_extensions = true;
    x509_take_extensions(&values, c);
    wire_close(&attribute, &values);
    wire_close(attributes, &attribute);
}

/* CertificationRequestInfo, §4.1. Some leave the attributes out, which are none. */
static void take_info(struct wire_in *request, struct x509_cert *c)
{
    const uint8_t *start = request->at;
    struct wire_in info = der_open(request, "certification_request_info", DER_SEQUENCE);
    if (der_take_small(&info, "version") != 0)
        wire_fail(&info, "version");
    c->version = 3;                                   /* what is wished for has extensions */
    c->subject = x509_take_name(&info, "subject");
    x509_take_key(&info, c);
    if (der_next_is(&info, DER_CONTEXT_CONSTRUCTED | 0)) {
        struct wire_in attributes = der_open(&info, "attributes", DER_CONTEXT_CONSTRUCTED | 0);
        while (attributes.at < attributes.end && !attributes.failed)
            take_attribute(&attributes, c);
        wire_close(&info, &attributes);
    }
    wire_close(request, &info);
    if (!request->failed)
        c->tbs = (struct bytes){ start, (size_t)(request->at - start) };
}

bool x509_read_request(const struct der *der, struct x509_cert *c, struct fault *why)
{
    *c = (struct x509_cert){ .der = *der, .require_explicit_policy = X509_NO_SKIP,
                             .inhibit_policy_mapping = X509_NO_SKIP, .inhibit_any_policy = X509_NO_SKIP };
    struct wire_in in = wire_over(der->at, der->n, NULL);
    struct wire_in request = der_open(&in, "certification_request", DER_SEQUENCE);
    take_info(&request, c);
    c->outer = x509_take_algorithm(&request, "signature_algorithm");
    struct wire_in bits = der_open_bits(&request, "signature");
    c->signature = take_rest(&bits, "signature_value");
    wire_close(&request, &bits);
    wire_close(&in, &request);
    if (!wire_end(&in, &not_request, why))
        return false;
    if (c->key.kind == KEY_NONE || !c->outer.known || c->outer.weak)
        return refuse_about(why, &not_signed, "request", "a key and a signature of a kind that is spoken here", "%s",
                            c->key_words);
    return key_verify(&c->key, c->outer.scheme, c->tbs.at, c->tbs.n, c->signature.at, c->signature.n, NULL)
        || refuse_about(why, &not_signed, "request", "a request signed with its own key", "the signature does not fit");
}
