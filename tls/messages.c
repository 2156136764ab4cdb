#include "tls/messages.h"

static const struct ground certificate_cut = { "tls.certificate_cut", "RFC 5246 §7.4.2" };
static const struct ground chain_too_long = { "tls.chain_too_long", "RFC 5246 §7.4.2" };
static const struct ground key_exchange_cut = { "tls.key_exchange_cut", "RFC 8422 §5.4" };
static const struct ground request_cut = { "tls.certificate_request_cut", "RFC 5246 §7.4.4" };
static const struct ground client_key_cut = { "tls.client_key_exchange_cut", "RFC 5246 §7.4.7" };
static const struct ground finished_cut = { "tls.finished_cut", "RFC 5246 §7.4.9" };
static const struct ground not_empty = { "tls.message_not_empty", "RFC 5246 §7.4.5" };

const char *tls_message_words(unsigned type)
{
    switch (type) {
    case TLS_HELLO_REQUEST:       return "HelloRequest";
    case TLS_CLIENT_HELLO:        return "ClientHello";
    case TLS_SERVER_HELLO:        return "ServerHello";
    case TLS_NEW_SESSION_TICKET:  return "NewSessionTicket";
    case TLS_END_OF_EARLY_DATA:   return "EndOfEarlyData";
    case TLS_ENCRYPTED_EXTENSIONS: return "EncryptedExtensions";
    case TLS_CERTIFICATE:         return "Certificate";
    case TLS_SERVER_KEY_EXCHANGE: return "ServerKeyExchange";
    case TLS_CERTIFICATE_REQUEST: return "CertificateRequest";
    case TLS_SERVER_HELLO_DONE:   return "ServerHelloDone";
    case TLS_CERTIFICATE_VERIFY:  return "CertificateVerify";
    case TLS_CLIENT_KEY_EXCHANGE: return "ClientKeyExchange";
    case TLS_FINISHED:            return "Finished";
    case TLS_CERTIFICATE_STATUS:  return "CertificateStatus";
    case TLS_KEY_UPDATE:          return "KeyUpdate";
    case TLS_COMPRESSED_CERTIFICATE: return "CompressedCertificate";
    case TLS_BEGIN:               return "start";
    case TLS_CHANGE_CIPHER_SPEC:  return "ChangeCipherSpec";
    case TLS_APPLICATION_DATA:    return "application data";
    default:                      return NULL;
    }
}

const char *tls_message_rfc(unsigned type)
{
    switch (type) {
    case TLS_HELLO_REQUEST:       return "RFC 5246 §7.4.1.1";
    case TLS_CLIENT_HELLO:        return "RFC 5246 §7.4.1.2";
    case TLS_SERVER_HELLO:        return "RFC 5246 §7.4.1.3";
    case TLS_CERTIFICATE:         return "RFC 5246 §7.4.2";
    case TLS_SERVER_KEY_EXCHANGE: return "RFC 8422 §5.4";
    case TLS_CERTIFICATE_REQUEST: return "RFC 5246 §7.4.4";
    case TLS_SERVER_HELLO_DONE:   return "RFC 5246 §7.4.5";
    case TLS_NEW_SESSION_TICKET:  return "RFC 5077 §3.3";
    case TLS_CERTIFICATE_VERIFY:  return "RFC 5246 §7.4.8";
    case TLS_CERTIFICATE_STATUS:  return "RFC 6066 §8";
    case TLS_CLIENT_KEY_EXCHANGE: return "RFC 5246 §7.4.7";
    case TLS_FINISHED:            return "RFC 5246 §7.4.9";
    case TLS_CHANGE_CIPHER_SPEC:  return "RFC 5246 §7.1";
    case TLS_BEGIN:               return "RFC 5246 §7.3";
    case TLS_APPLICATION_DATA:    return "RFC 5246 §10";
    default:                      return "RFC 5246 §7.4";
    }
}

const char *tls_version_words(unsigned version)
{
    switch (version) {
    case 0x0200: return "SSL 2.0";
    case 0x0300: return "SSL 3.0";
    case 0x0301: return "TLS 1.0";
    case 0x0302: return "TLS 1.1";
    case 0x0303: return "TLS 1.2";
    case 0x0304: return "TLS 1.3";
    default:     return NULL;
    }
}

struct tls_message_header read_message_header(struct wire_in *in)
{
    struct tls_message_header h;
    h.type = take_code8(in, "msg_type", tls_message_words);
    h.length = take_u24(in, "length");
    return h;
}

size_t   list_n(struct bytes list) { return list.n / 2; }
uint16_t list_item(struct bytes list, size_t i) { return (uint16_t)(list.at[2 * i] << 8 | list.at[2 * i + 1]); }

bool list_has(struct bytes list, unsigned number)
{
    for (size_t i = 0; i < list_n(list); i++)
        if (list_item(list, i) == number)
            return true;
    return false;
}

static const char *curve_type_words(unsigned type)
{
    static const char *const names[] = { NULL, "explicit_prime", "explicit_char2", "named_curve" };
    return type <= TLS_NAMED_CURVE ? names[type] : NULL;
}

static const char *certificate_type_words(unsigned type)
{
    switch (type) {
    case 1:  return "rsa_sign";
    case 2:  return "dss_sign";
    case 64: return "ecdsa_sign";
    default: return NULL;
    }
}

bool read_certificate(struct wire_in *in, struct certificate_message *m, struct fault *why)
{
    struct wire_in list = take_vec24(in, "certificate_list");
    bool fits = true;
    m->n = 0;
    while (wire_left(&list)) {
        struct wire_in one = take_vec24(&list, "certificate");
        if (!wire_left(&one))
            wire_fail(&list, "certificate");          /* opaque ASN.1Cert<1..2^24-1> */
        fits &= m->n < X509_CHAIN_MAX;
        if (fits)
            m->certificates[m->n++] = (struct bytes){ one.at, wire_left(&one) };
    }
    wire_close(in, &list);
    return wire_end(in, &certificate_cut, why)
        && (fits || refuse(why, &chain_too_long, "a chain of at most 10 certificates", "there are more"));
}

/* Three numbers of any length but none (RFC 5246 §7.4.3). */
static struct bytes take_dh(struct wire_in *in, const char *block, const char *name)
{
    struct wire_in number = take_vec16(in, block);
    if (!wire_left(&number))
        wire_fail(&number, name);
    struct bytes b = take_rest(&number, wire_left(&number) > 64 && name[3] == 'g' ? "data" : name);
    wire_close(in, &number);
    return b;
}

static void take_signature(struct wire_in *in, struct server_key_exchange *m)
{
    m->params.n = (size_t)(in->at - m->params.at);
    m->sigalg = take_code16(in, "signature_algorithm", tls_sigalg_words);
    struct wire_in signature = take_vec16(in, "signed_params");
    m->signature = take_rest(&signature, "signature");
    wire_close(in, &signature);
}

bool read_server_key_exchange(struct wire_in *in, enum tls_kx kx, struct server_key_exchange *m, struct fault *why)
{
    *m = (struct server_key_exchange){ .params = { in->at, 0 } };
    if (kx == TLS_KX_DHE) {
        m->p = take_dh(in, "server_dh_p", "dh_p");
        m->g = take_dh(in, "server_dh_g", "dh_g");
        m->value = take_dh(in, "server_dh_ys", "dh_ys");
        take_signature(in, m);
        return wire_end(in, &key_exchange_cut, why);
    }
    m->curve_type = take_code8(in, "curve_type", curve_type_words);
    if (m->curve_type != TLS_NAMED_CURVE && !in->failed) {
        take_rest(in, "data");
        return true;
    }
    m->group = take_code16(in, "named_curve", tls_group_words);
    struct wire_in point = take_vec8(in, "ecdhe_server_public");
    m->value = take_rest(&point, wire_left(&point) > 64 ? "public_key" : "point");
    wire_close(in, &point);
    take_signature(in, m);
    return wire_end(in, &key_exchange_cut, why);
}

bool read_certificate_request(struct wire_in *in, struct certificate_request *m, struct fault *why)
{
    struct wire_in types = take_vec8(in, "certificate_types");
    m->types = (struct bytes){ types.at, wire_left(&types) };
    while (wire_left(&types))
        take_code8(&types, "certificate_type", certificate_type_words);
    wire_close(in, &types);
    struct wire_in algorithms = take_vec16(in, "supported_signature_algorithms");
    m->sigalgs = (struct bytes){ algorithms.at, wire_left(&algorithms) };
    while (wire_left(&algorithms))
        take_code16(&algorithms, "signature_algorithm", tls_sigalg_words);
    wire_close(in, &algorithms);
    if (!m->types.n || !m->sigalgs.n)                  /* RFC 5246 §7.4.4: neither list may be empty */
        wire_fail(in, m->types.n ? "supported_signature_algorithms" : "certificate_types");
    struct wire_in authorities = take_vec16(in, "certificate_authorities");
    m->authorities = (struct bytes){ authorities.at, wire_left(&authorities) };
    while (wire_left(&authorities)) {
        struct wire_in name = take_vec16(&authorities, "distinguished_name");
        take_rest(&name, "data");
    }
    wire_close(in, &authorities);
    return wire_end(in, &request_cut, why);
}

bool read_client_key_exchange(struct wire_in *in, enum tls_kx kx, struct bytes *out, struct fault *why)
{
    struct wire_in block = kx == TLS_KX_ECDHE ? take_vec8(in, "ecdh_yc")
                                              : take_vec16(in, kx == TLS_KX_RSA ? "rsa_encrypted" : "client_dh_yc");
    const char *name = kx == TLS_KX_RSA ? "encrypted_pre_master_secret" : kx == TLS_KX_DHE ? "dh_yc"
                     : wire_left(&block) > 64 ? "public_key" : "point";
    if (!wire_left(&block))
        wire_fail(&block, name);
    *out = take_rest(&block, name);
    wire_close(in, &block);
    return wire_end(in, &client_key_cut, why);
}

bool read_finished(struct wire_in *in, struct bytes *verify_data, struct fault *why)
{
    *verify_data = take_ref(in, "verify_data", TLS_VERIFY_DATA);
    return wire_end(in, &finished_cut, why);
}

bool read_empty_message(struct wire_in *in, struct fault *why)
{
    return wire_end(in, &not_empty, why);
}

void write_certificate(struct wire_out *out, const struct der *chain, size_t n)
{
    put_u8(out, "msg_type", TLS_CERTIFICATE);
    struct put_block body = put_open(out, "length", 3), list = put_open(out, "certificate_list", 3);
    for (size_t i = 0; i < n; i++) {
        struct put_block one = put_open(out, "certificate", 3);
        put_bytes(out, "certificate", chain[i].at, chain[i].n);
        put_close(out, one);
    }
    put_close(out, list);
    put_close(out, body);
}

void write_ecdh_params(struct wire_out *out, unsigned group, const uint8_t *point, size_t n)
{
    put_u8(out, "curve_type", TLS_NAMED_CURVE);
    put_u16(out, "named_curve", group);
    struct put_block block = put_open(out, "ecdhe_server_public", 1);
    put_bytes(out, "point", point, n);
    put_close(out, block);
}

void write_dh_params(struct wire_out *out, struct bytes p, struct bytes g, const uint8_t *ys, size_t n)
{
    const struct bytes numbers[] = { p, g, { ys, n } };
    for (size_t i = 0; i < 3; i++) {
        struct put_block block = put_open(out, "server_dh", 2);
        put_bytes(out, "dh", numbers[i].at, numbers[i].n);
        put_close(out, block);
    }
}

void write_server_key_exchange(struct wire_out *out, struct bytes params, unsigned sigalg,
                               const uint8_t *signature, size_t n)
{
    put_u8(out, "msg_type", TLS_SERVER_KEY_EXCHANGE);
    struct put_block body = put_open(out, "length", 3);
    put_bytes(out, "params", params.at, params.n);
    put_u16(out, "signature_algorithm", sigalg);
    struct put_block signed_params = put_open(out, "signed_params", 2);
    put_bytes(out, "signature", signature, n);
    put_close(out, signed_params);
    put_close(out, body);
}

void write_client_key_exchange(struct wire_out *out, enum tls_kx kx, const uint8_t *value_or_secret, size_t n)
{
    put_u8(out, "msg_type", TLS_CLIENT_KEY_EXCHANGE);
    struct put_block body = put_open(out, "length", 3);
    struct put_block block = put_open(out, "exchange_keys", kx == TLS_KX_ECDHE ? 1 : 2);
    put_bytes(out, "exchange_keys", value_or_secret, n);
    put_close(out, block);
    put_close(out, body);
}

void write_finished(struct wire_out *out, const uint8_t verify_data[TLS_VERIFY_DATA])
{
    put_u8(out, "msg_type", TLS_FINISHED);
    put_u24(out, "length", TLS_VERIFY_DATA);
    put_bytes(out, "verify_data", verify_data, TLS_VERIFY_DATA);
}

void write_empty_message(struct wire_out *out, enum tls_message_type type)
{
    put_u8(out, "msg_type", type);
    put_u24(out, "length", 0);
}
