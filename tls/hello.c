/* hello.c - ClientHello, ServerHello and their extensions (RFC 5246 §7.4.1, RFC 6066, 7301, 7627, 8422,
 * 5746). */
#include "tls/messages.h"

#include <string.h>

static const struct ground client_hello_cut = { "tls.client_hello_cut", "RFC 5246 §7.4.1.2" };
static const struct ground server_hello_cut = { "tls.server_hello_cut", "RFC 5246 §7.4.1.3" };
static const struct ground extension_twice = { "tls.extension_twice", "RFC 5246 §7.4.1.4" };

enum extension_type {
    SERVER_NAME = 0, STATUS_REQUEST = 5, SUPPORTED_GROUPS = 10, EC_POINT_FORMATS = 11, SIGNATURE_ALGORITHMS = 13,
    ALPN = 16, EXTENDED_MASTER_SECRET = 23, SESSION_TICKET = 35, SUPPORTED_VERSIONS = 43, RENEGOTIATION_INFO = 0xff01
};
enum { HOST_NAME = 0, OCSP = 1, LONGEST_LEAF = 64 };

const char *tls_extension_words(unsigned type)
{
    static const struct { uint16_t type; const char *name; } known[] = {
        { SERVER_NAME, "server_name" }, { 1, "max_fragment_length" }, { STATUS_REQUEST, "status_request" },
        { SUPPORTED_GROUPS, "supported_groups" }, { EC_POINT_FORMATS, "ec_point_formats" },
        { SIGNATURE_ALGORITHMS, "signature_algorithms" }, { 15, "heartbeat" },
        { ALPN, "application_layer_protocol_negotiation" }, { 18, "signed_certificate_timestamp" },
        { 21, "padding" },
        { 22, "encrypt_then_mac" }, { EXTENDED_MASTER_SECRET, "extended_master_secret" },
        { 27, "compress_certificate" },
        { 28, "record_size_limit" }, { 34, "delegated_credential" }, { SESSION_TICKET, "session_ticket" },
        { 41, "pre_shared_key" },
        { 42, "early_data" }, { SUPPORTED_VERSIONS, "supported_versions" }, { 44, "cookie" },
        { 45, "psk_key_exchange_modes" }, { 49, "post_handshake_auth" }, { 50, "signature_algorithms_cert" },
        { 51, "key_share" }, { 13172, "next_protocol_negotiation" }, { 17513, "application_settings" },
        { 17613, "application_settings" }, { 0xfe0d, "encrypted_client_hello" },
        { RENEGOTIATION_INFO, "renegotiation_info" },
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].type == type)
            return known[i].name;
    return (type & 0x0f0f) == 0x0a0a && type >> 8 == (type & 0xff) ? "GREASE" : NULL;
}

static const char *compression_words(unsigned method)
{
    return method == 0 ? "null" : method == 1 ? "DEFLATE" : NULL;
}

static const char *point_format_words(unsigned format)
{
    static const char *const names[] = { "uncompressed", "ansiX962_compressed_prime", "ansiX962_compressed_char2" };
    return format < 3 ? names[format] : NULL;
}

static const char *name_type_words(unsigned type) { return type == HOST_NAME ? "host_name" : NULL; }

/* Text whose length the peer chose: a long one is called data, since a long leaf must say that nobody looks
 * inside. */
static struct bytes take_name(struct wire_in *in, const char *name)
{
    return take_text(in, wire_left(in) > LONGEST_LEAF ? "data" : name, wire_left(in));
}

/* The items of a block that holds nothing but numbers; at least one. */
static struct bytes take_numbers(struct wire_in *block, const char *name, size_t size, wire_words *words)
{
    struct bytes items = { block->at, wire_left(block) };
    if (!items.n)
        wire_fail(block, name);
    while (wire_left(block))
        size == 2 ? take_code16(block, name, words) : take_code8(block, name, words);
    return block->failed ? (struct bytes){ NULL, 0 } : items;
}

/* RFC 6066 §3: names of at most one a type, and the only type there is host_name. */
static void take_server_name(struct wire_in *in, struct tls_extensions *x)
{
    struct wire_in list = take_vec16(in, "server_name_list");
    if (!wire_left(&list))
        wire_fail(&list, "server_name_list");
    while (wire_left(&list)) {
        uint8_t type = take_code8(&list, "name_type", name_type_words);
        struct wire_in name = take_vec16(&list, "server_name");
        if (type == HOST_NAME && (x->server_name.n || !wire_left(&name)))
            wire_fail(&list, "host_name");
        if (type == HOST_NAME)
            x->server_name = take_name(&name, "host_name");
        else
            take_rest(&name, "data");
    }
    wire_close(in, &list);
}

static void take_protocols(struct wire_in *in)
{
    struct wire_in list = take_vec16(in, "protocol_name_list");
    while (wire_left(&list)) {
        struct wire_in name = take_vec8(&list, "protocol_name");
        if (!wire_left(&name))
            wire_fail(&list, "protocol_name");
        take_name(&name, "protocol");
    }
    wire_close(in, &list);
}

static struct bytes take_list(struct wire_in *in, const char *list, size_t length_size, const char *item,
                              size_t size,
                              wire_words *words)
{
    struct wire_in block = length_size == 2 ? take_vec16(in, list) : take_vec8(in, list);
    struct bytes items = take_numbers(&block, item, size, words);
    wire_close(in, &block);
    return items;
}

static unsigned extension_bit(unsigned type)
{
    switch (type) {
    case SERVER_NAME:            return EXT_SERVER_NAME;
    case SUPPORTED_GROUPS:       return EXT_SUPPORTED_GROUPS;
    case EC_POINT_FORMATS:       return EXT_EC_POINT_FORMATS;
    case SIGNATURE_ALGORITHMS:   return EXT_SIGNATURE_ALGORITHMS;
    case ALPN:                   return EXT_ALPN;
    case EXTENDED_MASTER_SECRET: return EXT_EXTENDED_MASTER_SECRET;
    case SUPPORTED_VERSIONS:     return EXT_SUPPORTED_VERSIONS;
    case RENEGOTIATION_INFO:     return EXT_RENEGOTIATION_INFO;
    case SESSION_TICKET:         return EXT_SESSION_TICKET;
    case STATUS_REQUEST:         return EXT_STATUS_REQUEST;
    default:                     return 0;
    }
}

static const char *status_type_words(unsigned type) { return type == OCSP ? "ocsp" : NULL; }

/* RFC 6066 §8: what the client believes of responders, and wishes to tell them; we serve whoever asks. */
static void take_status_request(struct wire_in *in, struct tls_extensions *x)
{
    x->ocsp_asked = take_code8(in, "status_type", status_type_words) == OCSP;
    if (!x->ocsp_asked) {
        take_rest(in, "data");
        return;
    }
    struct wire_in list = take_vec16(in, "responder_id_list");
    while (wire_left(&list)) {
        struct wire_in id = take_vec16(&list, "responder_id");
        if (!wire_left(&id))
            wire_fail(&list, "responder_id");
        take_rest(&id, "data");
    }
    wire_close(in, &list);
    struct wire_in extensions = take_vec16(in, "request_extensions");
    take_rest(&extensions, "data");
}

/* What stands in an extension; what is not understood is data. A server answers server_name with nothing
 * and supported_versions (which is TLS 1.3's) with one number. */
static void take_extension_content(struct wire_in *in, unsigned type, bool of_server, struct tls_extensions *x)
{
    switch (extension_bit(type)) {
    case EXT_SERVER_NAME:
        if (!of_server)
            take_server_name(in, x);
        break;
    case EXT_SUPPORTED_GROUPS:
        x->groups = take_list(in, "named_group_list", 2, "named_group", 2, tls_group_words);
        break;
    case EXT_EC_POINT_FORMATS:
        x->point_formats = take_list(in, "ec_point_format_list", 1, "ec_point_format", 1, point_format_words);
        break;
    case EXT_SIGNATURE_ALGORITHMS:
        x->sigalgs = take_list(in, "supported_signature_algorithms", 2, "signature_algorithm", 2, tls_sigalg_words);
        break;
    case EXT_ALPN:
        take_protocols(in);
        break;
    case EXT_SUPPORTED_VERSIONS:
        if (of_server)
            take_code16(in, "selected_version", tls_version_words);
        else
            x->versions = take_list(in, "versions", 1, "version", 2, tls_version_words);
        break;
    case EXT_RENEGOTIATION_INFO: {
        struct wire_in block = take_vec8(in, "renegotiated_connection");
        x->renegotiated_connection = take_rest(&block, wire_left(&block) > LONGEST_LEAF ? "data" : "verify_data");
        wire_close(in, &block);
        break;
    }
    case EXT_SESSION_TICKET:
        x->ticket = take_rest(in, "ticket");
        break;
    case EXT_STATUS_REQUEST:
        if (!of_server)
            take_status_request(in, x);
        break;
    case EXT_EXTENDED_MASTER_SECRET:
        break;
    default:
        take_rest(in, "data");
    }
}

static bool take_extensions(struct wire_in *in, bool of_server, struct tls_extensions *x, struct fault *why)
{
    uint8_t had[65536 / 8] = { 0 };                   /* a bit for each type: no list costs more than its length */
    struct wire_in list = take_vec16(in, "extensions");
    while (wire_left(&list)) {
        if (wire_left(&list) >= 4) {
            size_t n = (size_t)(list.at[2] << 8 | list.at[3]);
            wire_group(&list, "extension", 4 + n <= wire_left(&list) ? 4 + n : 0);
        }
        unsigned type = take_code16(&list, "extension_type", tls_extension_words);
        struct wire_in content = take_vec16(&list, "extension_data");
        if (list.failed)
            break;
        if (had[type / 8] & 1u << type % 8) {
            wire_fail(&content, "extension_data");
            wire_fail(&list, "extension");
            wire_fail(in, "extensions");
            return refuse(why, &extension_twice, "each extension at most once", "%s (%u) stands there twice",
                          tls_extension_words(type) ? tls_extension_words(type) : "unknown", type);
        }
        had[type / 8] = (uint8_t)(had[type / 8] | 1u << type % 8);
        x->seen |= extension_bit(type);
        if (!extension_bit(type) && x->other < 0)
            x->other = (int)type;
        take_extension_content(&content, type, of_server, x);
        wire_close(&list, &content);
    }
    wire_close(in, &list);
    return true;
}

bool read_client_hello(struct wire_in *in, struct client_hello *h, struct fault *why)
{
    *h = (struct client_hello){ .extensions = { .other = -1 } };
    h->version = take_code16(in, "client_version", tls_version_words);
    take_bytes(in, "client_random", h->random, sizeof h->random);
    struct wire_in session_id = take_vec8(in, "session_id");
    if (wire_left(&session_id) > TLS_SESSION_ID_MAX)
        wire_fail(in, "session_id");
    h->session_id = take_rest(&session_id, "session_id");
    h->suites = take_list(in, "cipher_suites", 2, "cipher_suite", 2, tls_suite_words);
    h->compressions = take_list(in, "compression_methods", 1, "compression_method", 1, compression_words);
    /* absent is not empty: RFC 5246 §7.4.1.2 */
    if (wire_left(in) && !take_extensions(in, false, &h->extensions, why))
        return false;
    return wire_end(in, &client_hello_cut, why);
}

bool read_server_hello(struct wire_in *in, struct server_hello *h, struct fault *why)
{
    *h = (struct server_hello){ .extensions = { .other = -1 } };
    h->version = take_code16(in, "server_version", tls_version_words);
    take_bytes(in, "server_random", h->random, sizeof h->random);
    struct wire_in session_id = take_vec8(in, "session_id");
    if (wire_left(&session_id) > TLS_SESSION_ID_MAX)
        wire_fail(in, "session_id");
    h->session_id = take_rest(&session_id, "session_id");
    h->suite = take_code16(in, "cipher_suite", tls_suite_words);
    h->compression = take_code8(in, "compression_method", compression_words);
    if (wire_left(in) && !take_extensions(in, true, &h->extensions, why))
        return false;
    return wire_end(in, &server_hello_cut, why);
}

static void put_numbers(struct wire_out *out, const char *name, const uint16_t *numbers, size_t n)
{
    struct put_block list = put_open(out, name, 2);
    for (size_t i = 0; i < n; i++)
        put_u16(out, name, numbers[i]);
    put_close(out, list);
}

static struct put_block open_extension(struct wire_out *out, enum extension_type type)
{
    put_u16(out, "extension_type", type);
    return put_open(out, "extension_data", 2);
}

static void put_server_name(struct wire_out *out, const char *host)
{
    struct put_block extension = open_extension(out, SERVER_NAME), list = put_open(out, "server_name_list", 2);
    put_u8(out, "name_type", HOST_NAME);
    struct put_block name = put_open(out, "server_name", 2);
    put_text(out, "host_name", host);
    put_close(out, name);
    put_close(out, list);
    put_close(out, extension);
}

/* RFC 8422 §5.1.2: only uncompressed points, number 0, in a list of one. */
static void put_point_formats(struct wire_out *out)
{
    struct put_block extension = open_extension(out, EC_POINT_FORMATS);
    put_u8(out, "length", 1);
    put_u8(out, "ec_point_format", 0);
    put_close(out, extension);
}

/* RFC 5746 §3.2: in the first handshake of a connection, the verify_data of the one before is empty. */
static void put_renegotiation_info(struct wire_out *out)
{
    struct put_block extension = open_extension(out, RENEGOTIATION_INFO);
    put_u8(out, "length", 0);
    put_close(out, extension);
}

static void put_ticket(struct wire_out *out, struct bytes ticket)
{
    struct put_block extension = open_extension(out, SESSION_TICKET);
    put_bytes(out, "ticket", ticket.at, ticket.n);
    put_close(out, extension);
}

/* RFC 6066 §8: from any responder, with no wishes. */
static void put_status_request(struct wire_out *out)
{
    struct put_block extension = open_extension(out, STATUS_REQUEST);
    put_u8(out, "status_type", OCSP);
    put_u16(out, "length", 0);
    put_u16(out, "length", 0);
    put_close(out, extension);
}

static void put_session_id(struct wire_out *out, struct bytes id)
{
    struct put_block block = put_open(out, "session_id", 1);
    put_bytes(out, "session_id", id.at, id.n);
    put_close(out, block);
}

static void put_empty_extension(struct wire_out *out, enum extension_type type)
{
    struct put_block extension = open_extension(out, type);
    put_close(out, extension);
}

void write_client_hello(struct wire_out *out, const struct client_hello_wishes *w)
{
    put_u8(out, "msg_type", TLS_CLIENT_HELLO);
    struct put_block body = put_open(out, "length", 3);
    put_u16(out, "client_version", TLS_1_2);
    put_bytes(out, "client_random", w->random, TLS_RANDOM);
    put_session_id(out, w->session_id);
    struct put_block suites = put_open(out, "cipher_suites", 2);
    for (size_t i = 0; i < w->n_suites; i++)
        put_u16(out, "cipher_suite", w->suites[i]->number);
    put_close(out, suites);
    put_u8(out, "length", 1);
    put_u8(out, "compression_method", 0);
    struct put_block extensions = put_open(out, "extensions", 2);
    if (w->server_name)
        put_server_name(out, w->server_name);
    if (w->n_groups) {
        struct put_block groups = open_extension(out, SUPPORTED_GROUPS);
        put_numbers(out, "named_group", w->groups, w->n_groups);
        put_close(out, groups);
        put_point_formats(out);
    }
    struct put_block sigalgs = open_extension(out, SIGNATURE_ALGORITHMS);
    put_numbers(out, "signature_algorithm", w->sigalgs, w->n_sigalgs);
    put_close(out, sigalgs);
    put_empty_extension(out, EXTENDED_MASTER_SECRET);
    if (w->ask_ocsp)
        put_status_request(out);
    if (w->ticket)
        put_ticket(out, *w->ticket);
    put_renegotiation_info(out);
    put_close(out, extensions);
    put_close(out, body);
}

void write_server_hello(struct wire_out *out, const struct server_hello_wishes *w)
{
    const unsigned extensions = w->extensions;
    put_u8(out, "msg_type", TLS_SERVER_HELLO);
    struct put_block body = put_open(out, "length", 3);
    put_u16(out, "server_version", TLS_1_2);
    put_bytes(out, "server_random", w->random, TLS_RANDOM);
    put_session_id(out, w->session_id);
    put_u16(out, "cipher_suite", w->suite);
    put_u8(out, "compression_method", 0);
    if (extensions) {
        struct put_block list = put_open(out, "extensions", 2);
        if (extensions & EXT_EC_POINT_FORMATS)
            put_point_formats(out);
        if (extensions & EXT_EXTENDED_MASTER_SECRET)
            put_empty_extension(out, EXTENDED_MASTER_SECRET);
        if (extensions & EXT_STATUS_REQUEST)
            put_empty_extension(out, STATUS_REQUEST);
        if (extensions & EXT_SESSION_TICKET)
            put_empty_extension(out, SESSION_TICKET);
        if (extensions & EXT_RENEGOTIATION_INFO)
            put_renegotiation_info(out);
        put_close(out, list);
    }
    put_close(out, body);
}
