#include "tls/messages13.h"

#include <string.h>

static const struct ground encrypted_cut = { "tls.encrypted_extensions_cut", "RFC 8446 §4.3.1" };
static const struct ground request_cut = { "tls.certificate_request13_cut", "RFC 8446 §4.3.2" };
static const struct ground certificate_cut = { "tls.certificate13_cut", "RFC 8446 §4.4.2" };
static const struct ground chain_too_long = { "tls.chain13_too_long", "RFC 8446 §4.4.2" };
static const struct ground compressed_cut = { "tls.compressed_certificate_cut", "RFC 8879 §4" };
static const struct ground finished_cut = { "tls.finished13_cut", "RFC 8446 §4.4.4" };
static const struct ground ticket_cut = { "tls.new_session_ticket13_cut", "RFC 8446 §4.6.1" };
static const struct ground update_cut = { "tls.key_update_cut", "RFC 8446 §4.6.3" };

bool tls_is_retry(const uint8_t random[TLS_RANDOM])
{
    static const uint8_t retry[TLS_RANDOM] = {
        0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
        0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c };
    return memcmp(random, retry, TLS_RANDOM) == 0;
}

const char *tls_message13_rfc(unsigned type)
{
    switch (type) {
    case TLS_CLIENT_HELLO:           return "RFC 8446 §4.1.2";
    case TLS_SERVER_HELLO:           return "RFC 8446 §4.1.3";
    case TLS_NEW_SESSION_TICKET:     return "RFC 8446 §4.6.1";
    case TLS_END_OF_EARLY_DATA:      return "RFC 8446 §4.5";
    case TLS_ENCRYPTED_EXTENSIONS:   return "RFC 8446 §4.3.1";
    case TLS_CERTIFICATE:            return "RFC 8446 §4.4.2";
    case TLS_CERTIFICATE_REQUEST:    return "RFC 8446 §4.3.2";
    case TLS_CERTIFICATE_VERIFY:     return "RFC 8446 §4.4.3";
    case TLS_FINISHED:               return "RFC 8446 §4.4.4";
    case TLS_KEY_UPDATE:             return "RFC 8446 §4.6.3";
    case TLS_COMPRESSED_CERTIFICATE: return "RFC 8879 §4";
    default:                         return "RFC 8446 §4";
    }
}

static const char *update_words(unsigned v)
{
    return v == 0 ? "update_not_requested" : v == 1 ? "update_requested" : NULL;
}

static struct bytes take_context(struct wire_in *in)
{
    struct wire_in block = take_vec8(in, "certificate_request_context");
    struct bytes context = take_rest(&block, wire_left(&block) > 64 ? "data" : "certificate_request_context");
    wire_close(in, &block);
    return context;
}

bool read_encrypted_extensions(struct wire_in *in, struct tls_extensions *x, struct fault *why)
{
    *x = (struct tls_extensions){ .other = -1 };
    return take_extensions_of(in, OF_ENCRYPTED_EXTENSIONS, x, why) && wire_end(in, &encrypted_cut, why);
}

bool read_certificate_request13(struct wire_in *in, struct certificate_request13 *m, struct fault *why)
{
    *m = (struct certificate_request13){ .extensions = { .other = -1 } };
    m->context = take_context(in);
    return take_extensions_of(in, OF_CERTIFICATE_REQUEST, &m->extensions, why) && wire_end(in, &request_cut, why);
}

bool read_certificate13(struct wire_in *in, struct certificate13 *m, struct fault *why)
{
    bool fits = true;
    *m = (struct certificate13){ .context = take_context(in) };
    struct wire_in list = take_vec24(in, "certificate_list");
    while (wire_left(&list)) {
        struct tls_extensions x = { .other = -1 };
        struct wire_in one = take_vec24(&list, "certificate");
        if (!wire_left(&one))
            wire_fail(&list, "certificate");          /* opaque cert_data<1..2^24-1> */
        fits &= m->chain.n < X509_CHAIN_MAX;
        if (fits)
            m->chain.certificates[m->chain.n++] = (struct bytes){ one.at, wire_left(&one) };
        if (!take_extensions_of(&list, OF_CERTIFICATE, &x, why))
            return false;
        if (m->chain.n == 1 && fits) {
            m->ocsp = x.v13.ocsp;
            m->scts = x.scts;
        }
    }
    wire_close(in, &list);
    return wire_end(in, &certificate_cut, why)
        && (fits || refuse(why, &chain_too_long, "a chain of at most 10 certificates", "there are more"));
}

bool read_compressed_certificate(struct wire_in *in, struct compressed_certificate *m, struct fault *why)
{
    m->algorithm = take_u16(in, "certificate_compression_algorithm");
    m->length = take_u24(in, "uncompressed_length");
    struct wire_in block = take_vec24(in, "compressed_certificate_message");
    m->octets = (uint32_t)wire_left(&block);
    take_rest(&block, "data");
    wire_close(in, &block);
    return wire_end(in, &compressed_cut, why);
}

bool read_finished13(struct wire_in *in, size_t hash_size, struct bytes *verify_data, struct fault *why)
{
    *verify_data = take_ref(in, "verify_data", hash_size);
    return wire_end(in, &finished_cut, why);
}

bool read_ticket13(struct wire_in *in, struct ticket13 *m, struct fault *why)
{
    *m = (struct ticket13){ .extensions = { .other = -1 } };
    m->lifetime = take_u32(in, "ticket_lifetime");
    take_u32(in, "ticket_age_add");
    struct wire_in nonce = take_vec8(in, "ticket_nonce");
    take_rest(&nonce, wire_left(&nonce) > 64 ? "data" : "ticket_nonce");
    wire_close(in, &nonce);
    struct wire_in ticket = take_vec16(in, "session_ticket");
    m->ticket = take_rest(&ticket, "ticket");
    wire_close(in, &ticket);
    return take_extensions_of(in, OF_NEW_SESSION_TICKET, &m->extensions, why) && wire_end(in, &ticket_cut, why);
}

bool read_key_update(struct wire_in *in, bool *requested, struct fault *why)
{
    unsigned v = take_code8(in, "request_update", update_words);
    if (v > 1)
        wire_fail(in, "request_update");
    *requested = v == 1;
    return wire_end(in, &update_cut, why);
}
