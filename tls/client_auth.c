/* client_auth.c - the client says who it is: it picks a certificate that fits the request, and proves that it has the
 * key (RFC 5246 §7.4.4, §7.4.6, §7.4.8). */
#include "tls/handlers.h"

#include <string.h>

static const struct ground internal = { "tls.internal", "RFC 5246 §7.2.2" };
static const struct ground no_memory = { "tls.no_memory", "RFC 5246 §7.2.2" };

bool sigalg_fits_key(unsigned number, const struct public_key *key, struct sign_scheme *scheme)
{
    enum key_kind kind;
    return tls_sigalg_fits(number, key) && tls_sigalg_of(number, &kind, scheme);
}

static bool type_listed(const struct certificate_request *r, enum key_kind kind)
{
    unsigned type = kind == KEY_RSA || kind == KEY_RSA_PSS ? TLS_RSA_SIGN : TLS_ECDSA_SIGN;
    return r->types.n && memchr(r->types.at, (int)type, r->types.n) != NULL;
}

/* Our first algorithm that the server lists and the key can do; 0: none. */
static uint16_t common_sigalg(const struct tls *t, const struct certificate_request *r, const struct public_key *key)
{
    struct sign_scheme scheme;
    for (size_t i = 0; i < t->config.n_sign_sigalgs; i++)
        if (list_has(r->sigalgs, t->config.sign_sigalgs[i]) && sigalg_fits_key(t->config.sign_sigalgs[i], key, &scheme))
            return t->config.sign_sigalgs[i];
    return 0;
}

static bool name_listed(struct bytes authorities, const struct bytes *issuer)
{
    for (size_t at = 0; at + 2 <= authorities.n; ) {
        size_t n = (size_t)(authorities.at[at] << 8 | authorities.at[at + 1]);
        const struct bytes name = { authorities.at + at + 2, n };
        if (x509_name_same(&name, issuer))
            return true;
        at += 2 + n;
    }
    return false;
}

/* RFC 5246 §7.4.4: the name of a root, or of a CA on the way there; an empty list takes anybody's. */
static bool issued_by_listed(const struct certificate_request *r, const struct tls_identity *id)
{
    struct x509_cert cert;
    bool listed = r->authorities.n == 0;
    for (size_t i = 0; i < id->n && !listed; i++)
        listed = x509_read_cert(&id->chain[i], NULL, &cert, NULL) && name_listed(r->authorities, &cert.issuer);
    return listed;
}

/* NULL: we have none that the server would take. */
static const struct tls_identity *choose_identity(const struct tls *t, const struct certificate_request *r,
                                                  uint16_t *sigalg)
{
    for (size_t i = 0; i < t->config.n_identities; i++) {
        const struct tls_identity *id = &t->config.identities[i];
        *sigalg = common_sigalg(t, r, &id->key->pub);
        if (*sigalg && type_listed(r, id->key->pub.kind) && issued_by_listed(r, id))
            return id;
    }
    return NULL;
}

bool on_certificate_request(struct tls *t, const struct tls_message *m, struct fault *why)
{
    struct certificate_request r;
    struct wire_in in = wire_over(m->body.at, m->body.n, NULL);
    if (!judge_kept(t, (struct bytes){ 0 }, why) || !read_certificate_request(&in, &r, why)
        || !ask_about_request(t, &r, why))
        return false;
    t->shake->certificate_asked = true;
    t->shake->identity = choose_identity(t, &r, &t->verify_sigalg);
    t->shake->verify_due = t->facts.client_known = t->shake->identity != NULL;
    tell_check(t, "client_identity", "RFC 5246 §7.4.6", "a certificate of ours of the kind asked for",
               t->shake->identity ? "one" : "none: we send an empty list", t->shake->verify_due);
    add_to_transcript(t, m->whole, m->buf);
    return true;
}

/* RFC 5246 §7.4.6: without one that fits an empty list; the server decides whether it goes on. */
bool send_client_certificate(struct tls *t, struct fault *why)
{
    struct wire_out out;
    const struct tls_identity *id = t->shake->identity;
    size_t n = TLS_MESSAGE_HEADER + 3, shown = !id ? 0 : id->n < X509_CHAIN_MAX ? id->n : X509_CHAIN_MAX;
    for (size_t i = 0; i < shown; i++)
        n += 3 + id->chain[i].n;
    if (!flight_room(t, n, &out, why))
        return false;
    write_certificate(&out, id ? id->chain : NULL, shown);
    return flight_add(t, &out, why);
}

bool send_certificate_verify(struct tls *t, struct fault *why)
{
    struct wire_out out;
    struct sign_scheme scheme;
    uint8_t signature[SIGNATURE_MAX];
    if (!t->shake->keeps_messages)
        return refuse(why, &no_memory, "memory for the handshake's messages", "there is none");
    size_t n = sigalg_fits_key(t->verify_sigalg, &t->shake->identity->key->pub, &scheme)
        ? key_sign(t->shake->identity->key, t->config.chance, scheme, t->shake->raw.bytes, t->shake->raw.n,
                   signature, t->config.cpu) : 0;
    if (!n)
        return refuse(why, &internal, "a private key that can sign", "ours cannot");
    keep_stop(t);
    if (!flight_room(t, TLS_MESSAGE_HEADER + 4 + n, &out, why))
        return false;
    write_certificate_verify(&out, t->verify_sigalg, signature, n);
    return flight_add(t, &out, why);
}
