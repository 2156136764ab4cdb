#include "tests/lib/request_made.h"
#include "tls/x509/issue.h"
#include "tls/x509/put_parts.h"

#include <string.h>

static void put_wishes(struct wire_out *out, const char *host)
{
    struct put_der attributes = put_der_open(out, DER_CONTEXT_CONSTRUCTED | 0), one = put_der_open(out, DER_SEQUENCE);
    put_der_oid(out, "1.2.840.113549.1.9.7");         /* challengePassword, which nobody here wants */
    struct put_der values = put_der_open(out, DER_SET);
    put_der_bytes(out, DER_UTF8, "x", 1);
    put_der_close(out, values);
    put_der_close(out, one);
    one = put_der_open(out, DER_SEQUENCE);
    put_der_oid(out, "1.2.840.113549.1.9.14");
    values = put_der_open(out, DER_SET);
    struct put_der list = put_der_open(out, DER_SEQUENCE);
    struct put_extension e = x509_open_extension(out, "2.5.29.17", false);
    struct put_der names = put_der_open(out, DER_SEQUENCE);
    x509_put_general_name(out, &(struct general_name){ NAME_DNS, { (const uint8_t *)host, strlen(host) } });
    put_der_close(out, names);
    x509_close_extension(out, e);
    put_der_close(out, list);
    put_der_close(out, values);
    put_der_close(out, one);
    put_der_close(out, attributes);
}

size_t request_made(const struct private_key *key, const char *host, struct chance *chance, uint8_t *out, size_t room)
{
    uint8_t info[2048];
    static const uint8_t zero = 0;
    struct wire_out w = wire_into(info, sizeof info);
    struct put_der whole = put_der_open(&w, DER_SEQUENCE);
    put_der_uint(&w, &zero, 1);
    struct put_der name = put_der_open(&w, DER_SEQUENCE), set = put_der_open(&w, DER_SET),
        pair = put_der_open(&w, DER_SEQUENCE);
    x509_put_oid(&w, OID_COMMON_NAME);
    put_der_bytes(&w, DER_UTF8, host, strlen(host));
    put_der_close(&w, pair);
    put_der_close(&w, set);
    put_der_close(&w, name);
    x509_put_key(&w, &key->pub);
    put_wishes(&w, host);
    put_der_close(&w, whole);
    const struct bytes tbs = { info, wire_written(&w) };
    return w.failed ? 0 : x509_sign(&tbs, key, chance, out, room);     /* the same three parts as a certificate */
}
