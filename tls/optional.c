#include "tls/optional.h"
#include "tls/x509/ocsp.h"

static const struct ground ticket_cut = { "tls.new_session_ticket_cut", "RFC 5077 §3.3" };
static const struct ground status_cut = { "tls.certificate_status_cut", "RFC 6066 §8" };
static const struct ground verify_cut = { "tls.certificate_verify_cut", "RFC 5246 §7.4.8" };

enum { NAMES_MOST = 65535 };

static const char *status_type_words(unsigned type) { return type == TLS_STATUS_OCSP ? "ocsp" : NULL; }

bool read_new_session_ticket(struct wire_in *in, struct new_session_ticket *m, struct fault *why)
{
    m->lifetime_hint = take_u32(in, "ticket_lifetime_hint");
    struct wire_in block = take_vec16(in, "session_ticket");
    m->ticket = take_rest(&block, "ticket");
    wire_close(in, &block);
    return wire_end(in, &ticket_cut, why);
}

void write_new_session_ticket(struct wire_out *out, uint32_t lifetime_hint, struct bytes ticket)
{
    put_u8(out, "msg_type", TLS_NEW_SESSION_TICKET);
    struct put_block body = put_open(out, "length", 3);
    put_u32(out, "ticket_lifetime_hint", lifetime_hint);
    struct put_block block = put_open(out, "session_ticket", 2);
    put_bytes(out, "ticket", ticket.at, ticket.n);
    put_close(out, block);
    put_close(out, body);
}

/* Read for its names where somebody watches; whether it is any good is for the judgement of the chain to say. */
static struct bytes take_response(struct wire_in *block)
{
    struct x509_ocsp_response r;
    const struct bytes octets = { block->at, wire_left(block) };
    if (!block->watch)
        return take_rest(block, "data");
    x509_read_ocsp(&(struct der){ octets.at, octets.n, 0 }, block->watch, &r, NULL);
    block->at = block->end;
    return octets;
}

bool read_certificate_status(struct wire_in *in, struct bytes *response, struct fault *why)
{
    unsigned type = take_code8(in, "status_type", status_type_words);
    if (type != TLS_STATUS_OCSP)
        wire_fail(in, "status_type");
    struct wire_in block = take_vec24(in, "ocsp_response");
    if (!wire_left(&block))
        wire_fail(&block, "ocsp_response");
    *response = take_response(&block);
    wire_close(in, &block);
    return wire_end(in, &status_cut, why);
}

void write_certificate_status(struct wire_out *out, struct bytes response)
{
    put_u8(out, "msg_type", TLS_CERTIFICATE_STATUS);
    struct put_block body = put_open(out, "length", 3);
    put_u8(out, "status_type", TLS_STATUS_OCSP);
    struct put_block block = put_open(out, "ocsp_response", 3);
    put_bytes(out, "data", response.at, response.n);
    put_close(out, block);
    put_close(out, body);
}

/* How many of the roots are named, and the octets that takes. */
static size_t names_that_fit(const struct x509_store *trust, size_t *octets)
{
    size_t n = 0;
    *octets = 0;
    while (trust && n < trust->n && *octets + 2 + trust->certs[n].subject.n <= NAMES_MOST)
        *octets += 2 + trust->certs[n++].subject.n;
    return n;
}

size_t certificate_request_size(const struct x509_store *trust, size_t n_sigalgs)
{
    size_t names;
    names_that_fit(trust, &names);
    return TLS_MESSAGE_HEADER + 3 + 2 + 2 * n_sigalgs + 2 + names;
}

void write_certificate_request(struct wire_out *out, const struct x509_store *trust, const uint16_t *sigalgs,
                               size_t n_sigalgs)
{
    size_t octets, n = names_that_fit(trust, &octets);
    put_u8(out, "msg_type", TLS_CERTIFICATE_REQUEST);
    struct put_block body = put_open(out, "length", 3), types = put_open(out, "certificate_types", 1);
    put_u8(out, "certificate_type", TLS_RSA_SIGN);
    put_u8(out, "certificate_type", TLS_ECDSA_SIGN);
    put_close(out, types);
    struct put_block algorithms = put_open(out, "supported_signature_algorithms", 2);
    for (size_t i = 0; i < n_sigalgs; i++)
        put_u16(out, "signature_algorithm", sigalgs[i]);
    put_close(out, algorithms);
    struct put_block authorities = put_open(out, "certificate_authorities", 2);
    for (size_t i = 0; i < n; i++) {
        struct put_block name = put_open(out, "distinguished_name", 2);
        put_bytes(out, "distinguished_name", trust->certs[i].subject.at, trust->certs[i].subject.n);
        put_close(out, name);
    }
    put_close(out, authorities);
    put_close(out, body);
}

bool read_certificate_verify(struct wire_in *in, struct certificate_verify *m, struct fault *why)
{
    m->sigalg = take_code16(in, "signature_algorithm", tls_sigalg_words);
    struct wire_in block = take_vec16(in, "signed_handshake");
    m->signature = take_rest(&block, "signature");
    wire_close(in, &block);
    return wire_end(in, &verify_cut, why);
}

void write_certificate_verify(struct wire_out *out, unsigned sigalg, const uint8_t *signature, size_t n)
{
    put_u8(out, "msg_type", TLS_CERTIFICATE_VERIFY);
    struct put_block body = put_open(out, "length", 3);
    put_u16(out, "signature_algorithm", sigalg);
    struct put_block block = put_open(out, "signed_handshake", 2);
    put_bytes(out, "signature", signature, n);
    put_close(out, block);
    put_close(out, body);
}
