/* client_judge.c - the server asks who the client is, and judges the answer (RFC 5246 §7.4.4, §7.4.6, §7.4.8).
 *
 * With `client_trust` the chain must lead to one of its roots, and the leaf be good for clients (RFC 5280 §4.2.1.12).
 * Without, whoever has the key of the certificate it shows is taken for its owner: who that is, the application knows
 * by the certificate's digest. */
#include "tls/handlers.h"

#include <string.h>

static const struct ground missing = { "tls.client_certificate_missing", "RFC 5246 §7.4.6" };
static const struct ground client_key = { "tls.client_key", "RFC 5246 §7.4.6" };
static const struct ground verify_sigalg = { "tls.verify_sigalg", "RFC 5246 §7.4.8" };
static const struct ground verify_signature = { "tls.verify_signature", "RFC 5246 §7.4.8" };
static const struct ground no_memory = { "tls.no_memory", "RFC 5246 §7.2.2" };

bool send_certificate_request(struct tls *t, struct fault *why)
{
    struct wire_out out;
    const struct x509_store *names = t->config.client_names ? t->config.client_names : t->config.client_trust;
    if (!flight_room(t, certificate_request_size(names, t->config.n_sigalgs), &out, why))
        return false;
    write_certificate_request(&out, names, t->config.sigalgs, t->config.n_sigalgs);
    return flight_add(t, &out, why);
}

static bool judge_client(struct tls *t, const struct der *chain, size_t n, struct fault *why)
{
    struct x509_cert leaf = { .key = { .kind = KEY_NONE } };
    const struct x509_ask ask = { .trust = t->config.client_trust, .at = t->now, .purpose = X509_CLIENT,
                                  .key_usage = X509_DIGITAL_SIGNATURE, .classroom = t->config.classroom,
                                  .cpu = t->config.cpu };
    if (t->config.client_trust)
        return x509_verify_chain(&ask, &t->config.voice, chain, n, &t->shake->peer_key, why)
            && ask_about_chain(t, chain, n, (struct bytes){ 0 }, why);
    for (size_t i = n; i-- > 0; ) {                   /* nobody vouches for them, but they are certificates */
        const struct watch w = { t->config.voice.trace, chain[i].buf, chain[i].at };
        if (!x509_read_cert(&chain[i], trace_wants_fields(t->config.voice.trace) ? &w : NULL, &leaf, why))
            return false;
    }
    t->shake->peer_key = leaf.key;
    if (leaf.key.kind == KEY_NONE)
        return refuse(why, &client_key, "a key in the client's certificate that we know", "%s", leaf.key_words);
    return ask_about_chain(t, chain, n, (struct bytes){ 0 }, why);
}

bool on_client_certificate(struct tls *t, const struct tls_message *m, struct fault *why)
{
    struct certificate_message c;
    struct der chain[X509_CHAIN_MAX];
    struct wire_in in = wire_over(m->body.at, m->body.n, NULL);
    if (!read_certificate(&in, &c, why))
        return false;
    if (c.n == 0 && t->config.client_certificate == TLS_CLIENT_REQUIRE)
        return refuse(why, &missing, "the client's certificate", "an empty list");
    for (size_t i = 0; i < c.n; i++)
        chain[i] = (struct der){ c.certificates[i].at, c.certificates[i].n, 0 };
    tell_certificates(t, false, m->whole, m->buf, chain, c.n);
    if (c.n && !judge_client(t, chain, c.n, why))
        return false;
    add_to_transcript(t, m->whole, m->buf);
    t->shake->verify_due = c.n > 0;
    if (t->shake->verify_due)
        hash_of(HASH_SHA256, chain[0].at, chain[0].n, t->facts.client, t->config.cpu);
    else
        keep_stop(t);
    return true;
}

bool verify_holds(const struct tls *t, const struct public_key *key, const struct certificate_verify *v,
                  struct sign_scheme scheme, struct fault *why)
{
    bool good = key_verify(key, scheme, t->shake->raw.bytes, t->shake->raw.n, v->signature.at, v->signature.n,
                           t->config.cpu);
    tell_check(t, "certificate_verify_signature", verify_signature.rfc, "a signature by the certificate's key",
               good ? "one" : "one that does not verify", good);
    return good || refuse(why, &verify_signature, "a signature by the client's key over the handshake so far",
                          "one that does not verify");
}

bool on_certificate_verify(struct tls *t, const struct tls_message *m, struct fault *why)
{
    struct certificate_verify v;
    struct sign_scheme scheme;
    struct wire_in in = wire_over(m->body.at, m->body.n, NULL);
    if (!read_certificate_verify(&in, &v, why))
        return false;
    if (!t->shake->keeps_messages)
        return refuse(why, &no_memory, "memory for the handshake's messages", "there is none");
    if (!sigalg_offered(t, v.sigalg) || !sigalg_fits_key(v.sigalg, &t->shake->peer_key, &scheme))
        return refuse(why, &verify_sigalg,
                      "a signature algorithm that our CertificateRequest has, for the client's key",
                      "0x%04x %s", v.sigalg,
                      tls_sigalg_words(v.sigalg) ? tls_sigalg_words(v.sigalg) : "(not known by name)");
    bool good = verify_holds(t, &t->shake->peer_key, &v, scheme, why);
    keep_stop(t);
    if (!good)
        return false;
    t->facts.client_known = true;
    add_to_transcript(t, m->whole, m->buf);
    return true;
}
