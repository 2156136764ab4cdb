#include "tls/x509/issue_inside.h"
#include "tls/x509/put_parts.h"

#include <string.h>

enum { CN_MAX = 64 };                                 /* ub-common-name */

/* ---- the subject ---- */

bool x509_issue_nameless(const struct x509_issue *i)
{
    if (i->subject_name.n)
        return x509_name_empty(&i->subject_name);
    return i->n_subject == 0 && !i->subject_cn && !i->subject_o;
}

static void put_attribute(struct wire_out *out, const struct x509_attribute *a)
{
    struct put_der set = put_der_open(out, DER_SET), pair = put_der_open(out, DER_SEQUENCE);
    put_der_oid(out, a->type);
    put_der_bytes(out, a->tag, a->value.at, a->value.n);
    put_der_close(out, pair);
    put_der_close(out, set);
}

static void put_text_attribute(struct wire_out *out, enum x509_oid type, const char *text)
{
    if (text)
        put_attribute(out, &(struct x509_attribute){ x509_oid_dotted(type), DER_UTF8,
                                                     { (const uint8_t *)text, strlen(text) } });
}

static void put_subject(struct wire_out *out, const struct x509_issue *i)
{
    if (i->subject_name.n) {
        put_bytes(out, "subject", i->subject_name.at, i->subject_name.n);
        return;
    }
    struct put_der name = put_der_open(out, DER_SEQUENCE);
    for (size_t k = 0; k < i->n_subject; k++)
        put_attribute(out, &i->subject[k]);
    if (i->n_subject == 0) {
        put_text_attribute(out, OID_ORGANIZATION, i->subject_o);
        put_text_attribute(out, OID_COMMON_NAME, i->subject_cn);
    }
    put_der_close(out, name);
}

static void put_issuer(struct wire_out *out, const struct x509_issue *i)
{
    const struct bytes *name = i->issuer_name.n ? &i->issuer_name : i->issuer ? &i->issuer->subject : NULL;
    if (name)
        put_bytes(out, "issuer", name->at, name->n);
    else
        put_subject(out, i);
}

/* ---- the certificate ---- */

static struct sign_scheme scheme_of(const struct x509_issue *i)
{
    return i->scheme ? *i->scheme : x509_scheme_of(&i->signer->pub);
}

static void put_version(struct wire_out *out, unsigned version)
{
    const uint8_t less_one = (uint8_t)(version ? version - 1 : 2);
    if (less_one == 0)
        return;                                       /* v1 is the DEFAULT */
    struct put_der choice = put_der_open(out, DER_CONTEXT_CONSTRUCTED | 0);
    put_der_uint(out, &less_one, 1);
    put_der_close(out, choice);
}

static void put_tbs(struct wire_out *out, const struct x509_issue *i)
{
    struct put_der tbs = put_der_open(out, DER_SEQUENCE);
    put_version(out, i->version);
    put_der_uint(out, i->serial, i->serial_n);
    x509_put_algorithm(out, scheme_of(i));
    put_issuer(out, i);
    struct put_der validity = put_der_open(out, DER_SEQUENCE);
    put_der_time(out, i->not_before);
    put_der_time(out, i->not_after);
    put_der_close(out, validity);
    put_subject(out, i);
    if (i->key_info.n)
        put_bytes(out, "subject_public_key_info", i->key_info.at, i->key_info.n);
    else
        x509_put_key(out, i->key);
    if (!i->no_extensions)
        x509_put_issued_extensions(out, i);
    put_der_close(out, tbs);
}

size_t x509_sign_so(const struct bytes *tbs, const struct private_key *key, struct sign_scheme scheme,
                    struct chance *chance, uint8_t *out, size_t room)
{
    struct wire_out w = wire_into(out, room);
    struct put_der cert = put_der_open(&w, DER_SEQUENCE);
    const uint8_t *start = w.at;
    put_bytes(&w, "tbs_certificate", tbs->at, tbs->n);
    bool signed_ = x509_put_signature(&w, start, key, scheme, chance);
    put_der_close(&w, cert);
    return signed_ && !w.failed ? wire_written(&w) : 0;
}

size_t x509_sign(const struct bytes *tbs, const struct private_key *key, struct chance *chance, uint8_t *out,
                 size_t room)
{
    return x509_sign_so(tbs, key, x509_scheme_of(&key->pub), chance, out, room);
}

size_t x509_issue(const struct x509_issue *i, struct chance *chance, uint8_t *out, size_t room)
{
    struct wire_out w = wire_into(out, room);
    if (i->key->kind == KEY_NONE || (i->subject_cn && strlen(i->subject_cn) > CN_MAX)
        || (i->subject_o && strlen(i->subject_o) > CN_MAX))
        return 0;
    struct put_der cert = put_der_open(&w, DER_SEQUENCE);
    const uint8_t *start = w.at;
    put_tbs(&w, i);
    bool signed_ = x509_put_signature(&w, start, i->signer, scheme_of(i), chance);
    put_der_close(&w, cert);
    return signed_ && !w.failed ? wire_written(&w) : 0;
}

size_t x509_write_key(const struct public_key *key, uint8_t *out, size_t room)
{
    struct wire_out to = wire_into(out, room);
    x509_put_key(&to, key);
    return to.failed ? 0 : wire_written(&to);
}

void x509_make_serial(struct x509_issue *i, struct chance *chance)
{
    chance_fill(chance, "serial_number", i->serial, X509_SERIAL);
    i->serial[0] = (uint8_t)((i->serial[0] & 0x3f) | 0x40);        /* neither negative nor shorter */
    i->serial_n = X509_SERIAL;
}
