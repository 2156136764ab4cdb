#include "tls/extensions.h"

#include "tls/messages.h"

#include <string.h>

static const struct ground extension_twice = { "tls.extension_twice", "RFC 5246 §7.4.1.4" };

enum { HOST_NAME = 0, OCSP = 1, LONGEST_LEAF = 64, PADDING = 21, IN_CLIENT = 1, IN_SERVER = 2, IN_BOTH = 3 };

/* ---- names of values ---- */

static const char *point_format_words(unsigned format)
{
    static const char *const names[] = { "uncompressed", "ansiX962_compressed_prime", "ansiX962_compressed_char2" };
    return format < 3 ? names[format] : NULL;
}

static const char *name_type_words(unsigned type) { return type == HOST_NAME ? "host_name" : NULL; }
static const char *status_type_words(unsigned type) { return type == OCSP ? "ocsp" : NULL; }

static const char *fragment_words(unsigned code)
{
    static const char *const names[] = { "2^9", "2^10", "2^11", "2^12" };
    return code >= 1 && code <= 4 ? names[code - 1] : NULL;
}

/* ---- readers ---- */

/* Text whose length the peer chose: a long one is called data, since a long leaf must say that nobody looks
 * inside. */
static struct bytes take_name(struct wire_in *in, const char *name)
{
    return take_text(in, wire_left(in) > LONGEST_LEAF ? "data" : name, wire_left(in));
}

/* A list of numbers of 1 or 2 octets behind a length of as many as length_size; at least one. */
static struct bytes take_list(struct wire_in *in, const char *list, size_t length_size, const char *item, size_t size,
                              wire_words *words)
{
    struct wire_in block = length_size == 2 ? take_vec16(in, list) : take_vec8(in, list);
    struct bytes items = { block.at, wire_left(&block) };
    if (!items.n)
        wire_fail(&block, item);
    while (wire_left(&block))
        size == 2 ? take_code16(&block, item, words) : take_code8(&block, item, words);
    items = block.failed ? (struct bytes){ NULL, 0 } : items;
    wire_close(in, &block);
    return items;
}

/* RFC 6066 §3: names of at most one a type, and the only type there is host_name. The server's answer is empty. */
static void read_server_name(struct wire_in *in, bool of_server, struct tls_extensions *x)
{
    if (of_server)
        return;
    struct wire_in list = take_vec16(in, "server_name_list");
    if (!wire_left(&list))
        wire_fail(&list, "server_name_list");
    while (wire_left(&list)) {
        uint8_t type = take_code8(&list, "name_type", name_type_words);
        struct wire_in name = take_vec16(&list, "server_name");
        if (type == HOST_NAME && !wire_left(&name))
            wire_fail(&list, "host_name");
        x->names_twice |= type == HOST_NAME && x->server_name.n;
        if (type == HOST_NAME)
            x->server_name = take_name(&name, "host_name");
        else
            take_rest(&name, "data");
    }
    wire_close(in, &list);
}

static void read_max_fragment(struct wire_in *in, bool of_server, struct tls_extensions *x)
{
    (void)of_server;
    x->max_fragment = take_code8(in, "max_fragment_length", fragment_words);
}

/* RFC 6066 §8: of OCSP, responders and extensions; of another type nobody knows what stands there. The server's answer
 * is empty: what was asked for comes as CertificateStatus. */
static void read_status_request(struct wire_in *in, bool of_server, struct tls_extensions *x)
{
    if (of_server)
        return;
    x->ocsp_asked = take_code8(in, "status_type", status_type_words) == OCSP;
    if (!x->ocsp_asked) {
        take_rest(in, "data");
        return;
    }
    struct wire_in responders = take_vec16(in, "responder_id_list");
    while (wire_left(&responders)) {
        struct wire_in id = take_vec16(&responders, "responder_id");
        if (!wire_left(&id))
            wire_fail(&responders, "responder_id");
        take_rest(&id, "data");
    }
    wire_close(in, &responders);
    struct wire_in extensions = take_vec16(in, "request_extensions");
    take_rest(&extensions, "data");
}

static void read_groups(struct wire_in *in, bool of_server, struct tls_extensions *x)
{
    (void)of_server;
    x->groups = take_list(in, "named_group_list", 2, "named_group", 2, tls_group_words);
}

static void read_point_formats(struct wire_in *in, bool of_server, struct tls_extensions *x)
{
    (void)of_server;
    x->point_formats = take_list(in, "ec_point_format_list", 1, "ec_point_format", 1, point_format_words);
}

static void read_sigalgs(struct wire_in *in, bool of_server, struct tls_extensions *x)
{
    (void)of_server;
    x->sigalgs = take_list(in, "supported_signature_algorithms", 2, "signature_algorithm", 2, tls_sigalg_words);
}

/* RFC 7301 §3.1: no list and no name is empty; the server's has exactly one. */
static void read_protocols(struct wire_in *in, bool of_server, struct tls_extensions *x)
{
    struct wire_in list = take_vec16(in, "protocol_name_list");
    struct bytes items = { list.at, wire_left(&list) };
    unsigned n = 0;
    while (wire_left(&list)) {
        struct wire_in name = take_vec8(&list, "protocol_name");
        if (!wire_left(&name) || (of_server && n))
            wire_fail(&list, "protocol_name");
        take_name(&name, "protocol");
        n++;
    }
    if (!n)
        wire_fail(&list, "protocol_name_list");
    x->protocols = list.failed ? (struct bytes){ NULL, 0 } : items;
    wire_close(in, &list);
}

/* RFC 6962 §3.3: a list of proofs, none of them empty, nor the list. The client's is empty: it asks. */
static void read_scts(struct wire_in *in, bool of_server, struct tls_extensions *x)
{
    if (!of_server)
        return;
    x->scts = (struct bytes){ in->at, wire_left(in) };
    struct wire_in list = take_vec16(in, "sct_list");
    if (!wire_left(&list))
        wire_fail(&list, "sct_list");
    while (wire_left(&list)) {
        struct wire_in one = take_vec16(&list, "serialized_sct");
        if (!wire_left(&one))
            wire_fail(&list, "serialized_sct");
        take_rest(&one, "data");
    }
    wire_close(in, &list);
}

bool tls_scts_fit(struct bytes list)
{
    struct tls_extensions x = { 0 };
    struct wire_in in = wire_over(list.at, list.n, NULL);
    read_scts(&in, true, &x);
    return !in.failed && !wire_left(&in);
}

static void read_nothing(struct wire_in *in, bool of_server, struct tls_extensions *x)
{
    (void)in, (void)of_server, (void)x;
}

static void read_record_size(struct wire_in *in, bool of_server, struct tls_extensions *x)
{
    (void)of_server;
    x->record_size_limit = take_u16(in, "record_size_limit");
}

static void read_ticket(struct wire_in *in, bool of_server, struct tls_extensions *x)
{
    if (!of_server)
        x->ticket = take_rest(in, "ticket");
}

/* TLS 1.3's: the client's list of versions; that server's choice is a single one. */
static void read_versions(struct wire_in *in, bool of_server, struct tls_extensions *x)
{
    if (of_server)
        x->version = take_code16(in, "selected_version", tls_version_words);
    else
        x->versions = take_list(in, "versions", 1, "version", 2, tls_version_words);
}

static void read_renegotiation(struct wire_in *in, bool of_server, struct tls_extensions *x)
{
    (void)of_server;
    struct wire_in block = take_vec8(in, "renegotiated_connection");
    x->renegotiated_connection = take_rest(&block, wire_left(&block) > LONGEST_LEAF ? "data" : "verify_data");
    wire_close(in, &block);
}

/* ---- writers: what stands behind the type and the length; false: this hello has no such extension ---- */

static void put_numbers(struct wire_out *out, const char *name, const uint16_t *numbers, size_t n)
{
    struct put_block list = put_open(out, name, 2);
    for (size_t i = 0; i < n; i++)
        put_u16(out, name, numbers[i]);
    put_close(out, list);
}

static bool ask_server_name(struct wire_out *out, const struct client_hello_wishes *w)
{
    if (!w->server_name)
        return false;
    struct put_block list = put_open(out, "server_name_list", 2);
    put_u8(out, "name_type", HOST_NAME);
    struct put_block name = put_open(out, "server_name", 2);
    put_text(out, "host_name", w->server_name);
    put_close(out, name);
    put_close(out, list);
    return true;
}

static bool ask_max_fragment(struct wire_out *out, const struct client_hello_wishes *w)
{
    if (w->max_fragment)
        put_u8(out, "max_fragment_length", w->max_fragment);
    return w->max_fragment;
}

/* No responder of ours to prefer, no extensions. */
static bool ask_status(struct wire_out *out, const struct client_hello_wishes *w)
{
    if (!w->ask_ocsp)
        return false;
    put_u8(out, "status_type", OCSP);
    put_u16(out, "length", 0);
    put_u16(out, "length", 0);
    return true;
}

static bool ask_groups(struct wire_out *out, const struct client_hello_wishes *w)
{
    if (w->n_groups)
        put_numbers(out, "named_group", w->groups, w->n_groups);
    return w->n_groups;
}

/* RFC 8422 §5.1.2: only uncompressed points, number 0, in a list of one. */
static void put_point_formats(struct wire_out *out)
{
    put_u8(out, "length", 1);
    put_u8(out, "ec_point_format", 0);
}

static bool ask_point_formats(struct wire_out *out, const struct client_hello_wishes *w)
{
    for (size_t i = 0; i < w->n_groups; i++)
        if (!tls_group_is_ffdhe(w->groups[i]) && !tls_is_grease(w->groups[i])) {
            put_point_formats(out);
            return true;
        }
    return false;
}

static bool ask_sigalgs(struct wire_out *out, const struct client_hello_wishes *w)
{
    if (w->n_sigalgs)
        put_numbers(out, "signature_algorithm", w->sigalgs, w->n_sigalgs);
    return w->n_sigalgs;
}

static bool ask_protocols(struct wire_out *out, const struct client_hello_wishes *w)
{
    if (!w->n_protocols)
        return false;
    struct put_block list = put_open(out, "protocol_name_list", 2);
    for (size_t i = 0; i < w->n_protocols; i++) {
        struct put_block name = put_open(out, "protocol_name", 1);
        put_text(out, "protocol", w->protocols[i]);
        put_close(out, name);
    }
    put_close(out, list);
    return true;
}

static bool ask_scts(struct wire_out *out, const struct client_hello_wishes *w)
{
    (void)out;
    return w->ask_scts;
}

static bool ask_encrypt_then_mac(struct wire_out *out, const struct client_hello_wishes *w)
{
    (void)out;
    return w->encrypt_then_mac;
}

static bool ask_master_secret(struct wire_out *out, const struct client_hello_wishes *w)
{
    (void)out, (void)w;
    return true;
}

static bool ask_record_size(struct wire_out *out, const struct client_hello_wishes *w)
{
    if (w->record_size_limit)
        put_u16(out, "record_size_limit", w->record_size_limit);
    return w->record_size_limit;
}

/* RFC 5077 §3.2: empty where we have none and would like one. */
static bool ask_ticket(struct wire_out *out, const struct client_hello_wishes *w)
{
    if (w->ticket)
        put_bytes(out, "ticket", w->ticket->at, w->ticket->n);
    return w->ticket;
}

/* RFC 5746 §3.2: in the first handshake of a connection, the verify_data of the one before is empty. */
static bool ask_renegotiation(struct wire_out *out, const struct client_hello_wishes *w)
{
    (void)w;
    put_u8(out, "length", 0);
    return true;
}

static void answer_nothing(struct wire_out *out, const struct server_hello_wishes *w) { (void)out, (void)w; }

static void answer_max_fragment(struct wire_out *out, const struct server_hello_wishes *w)
{
    put_u8(out, "max_fragment_length", w->max_fragment);
}

static void answer_point_formats(struct wire_out *out, const struct server_hello_wishes *w)
{
    (void)w;
    put_point_formats(out);
}

static void answer_protocol(struct wire_out *out, const struct server_hello_wishes *w)
{
    struct put_block list = put_open(out, "protocol_name_list", 2), name = put_open(out, "protocol_name", 1);
    put_bytes(out, "protocol", w->protocol.at, w->protocol.n);
    put_close(out, name);
    put_close(out, list);
}

static void answer_scts(struct wire_out *out, const struct server_hello_wishes *w)
{
    put_bytes(out, "sct_list", w->scts.at, w->scts.n);
}

static void answer_record_size(struct wire_out *out, const struct server_hello_wishes *w)
{
    put_u16(out, "record_size_limit", w->record_size_limit);
}

static void answer_renegotiation(struct wire_out *out, const struct server_hello_wishes *w)
{
    (void)w;
    put_u8(out, "length", 0);
}

/* ---- the table ---- */

struct row {
    uint16_t number;
    const char *name;
    unsigned bit;                                     /* 0: known by name alone */
    void (*read)(struct wire_in *, bool of_server, struct tls_extensions *);
    bool (*ask)(struct wire_out *, const struct client_hello_wishes *);
    void (*answer)(struct wire_out *, const struct server_hello_wishes *);
    const char *rfc;
};

/* In the order in which we write them. */
static const struct row rows[] = {
    { 0, "server_name", EXT_SERVER_NAME, read_server_name, ask_server_name, answer_nothing, "RFC 6066 §3" },
    { 1, "max_fragment_length", EXT_MAX_FRAGMENT_LENGTH, read_max_fragment, ask_max_fragment, answer_max_fragment,
      "RFC 6066 §4" },
    { 5, "status_request", EXT_STATUS_REQUEST, read_status_request, ask_status, answer_nothing, "RFC 6066 §8" },
    { 10, "supported_groups", EXT_SUPPORTED_GROUPS, read_groups, ask_groups, NULL, "RFC 8422 §5.1.1" },
    { 11, "ec_point_formats", EXT_EC_POINT_FORMATS, read_point_formats, ask_point_formats, answer_point_formats,
      "RFC 8422 §5.1.2" },
    { 13, "signature_algorithms", EXT_SIGNATURE_ALGORITHMS, read_sigalgs, ask_sigalgs, NULL,
      "RFC 5246 §7.4.1.4.1" },
    { 16, "application_layer_protocol_negotiation", EXT_ALPN, read_protocols, ask_protocols, answer_protocol,
      "RFC 7301 §3.1" },
    { 18, "signed_certificate_timestamp", EXT_SCT, read_scts, ask_scts, answer_scts, "RFC 6962 §3.3.1" },
    { 22, "encrypt_then_mac", EXT_ENCRYPT_THEN_MAC, read_nothing, ask_encrypt_then_mac, answer_nothing,
      "RFC 7366 §2" },
    { 23, "extended_master_secret", EXT_EXTENDED_MASTER_SECRET, read_nothing, ask_master_secret, answer_nothing,
      "RFC 7627 §5.1" },
    { 28, "record_size_limit", EXT_RECORD_SIZE_LIMIT, read_record_size, ask_record_size, answer_record_size,
      "RFC 8449 §4" },
    { 35, "session_ticket", EXT_SESSION_TICKET, read_ticket, ask_ticket, answer_nothing, "RFC 5077 §3.2" },
    { 43, "supported_versions", EXT_SUPPORTED_VERSIONS, read_versions, NULL, NULL, "RFC 8446 §4.2.1" },
    { 0xff01, "renegotiation_info", EXT_RENEGOTIATION_INFO, read_renegotiation, ask_renegotiation, answer_renegotiation,
      "RFC 5746 §3.2" },
    { 15, "heartbeat", 0, NULL, NULL, NULL, "RFC 6520 §2" },
    { PADDING, "padding", 0, NULL, NULL, NULL, "RFC 7685 §3" },
    { 27, "compress_certificate", 0, NULL, NULL, NULL, "RFC 8879 §3" },
    { 34, "delegated_credential", 0, NULL, NULL, NULL, "RFC 9345 §4.1.1" },
    { 19, "client_certificate_type", 0, NULL, NULL, NULL, "RFC 7250 §3" },
    { 20, "server_certificate_type", 0, NULL, NULL, NULL, "RFC 7250 §3" },
    { 41, "pre_shared_key", 0, NULL, NULL, NULL, "RFC 8446 §4.2.11" },
    { 42, "early_data", 0, NULL, NULL, NULL, "RFC 8446 §4.2.10" },
    { 44, "cookie", 0, NULL, NULL, NULL, "RFC 8446 §4.2.2" },
    { 45, "psk_key_exchange_modes", 0, NULL, NULL, NULL, "RFC 8446 §4.2.9" },
    { 47, "certificate_authorities", 0, NULL, NULL, NULL, "RFC 8446 §4.2.4" },
    { 48, "oid_filters", 0, NULL, NULL, NULL, "RFC 8446 §4.2.5" },
    { 49, "post_handshake_auth", 0, NULL, NULL, NULL, "RFC 8446 §4.2.6" },
    { 50, "signature_algorithms_cert", 0, NULL, NULL, NULL, "RFC 8446 §4.2.3" },
    { 51, "key_share", 0, NULL, NULL, NULL, "RFC 8446 §4.2.8" },
    { 13172, "next_protocol_negotiation", 0, NULL, NULL, NULL, "RFC 7301" },
    { 17513, "application_settings", 0, NULL, NULL, NULL, "RFC 7301" },
    { 17613, "application_settings", 0, NULL, NULL, NULL, "RFC 7301" },
    { 0xfe0d, "encrypted_client_hello", 0, NULL, NULL, NULL, "RFC 9849 §5" },
};
enum { ROWS = sizeof rows / sizeof *rows };

static const struct row *row_of(unsigned type)
{
    for (size_t i = 0; i < ROWS; i++)
        if (rows[i].number == type)
            return &rows[i];
    return NULL;
}

const char *tls_extension_words(unsigned type)
{
    const struct row *r = row_of(type);
    return r ? r->name : tls_is_grease(type) ? "GREASE" : NULL;
}

const char *tls_extension_rfc(unsigned type)
{
    const struct row *r = row_of(type);
    return r ? r->rfc : tls_is_grease(type) ? "RFC 8701 §2" : NULL;
}

const char *tls_extension_of_bit(unsigned bit)
{
    for (size_t i = 0; i < ROWS; i++)
        if (rows[i].bit & bit)
            return rows[i].name;
    return "none";
}

bool take_extensions(struct wire_in *in, bool of_server, struct tls_extensions *x, struct fault *why)
{
    return take_extensions_of(in, of_server ? OF_SERVER_HELLO : OF_CLIENT_HELLO, x, why);
}

bool take_extensions_of(struct wire_in *in, enum tls_extensions_of of, struct tls_extensions *x, struct fault *why)
{
    const bool of_server = of != OF_CLIENT_HELLO && of != OF_CERTIFICATE_REQUEST;
    uint8_t had[65536 / 8] = { 0 };                   /* a bit for each type: no list costs more than its length */
    struct wire_in list = take_vec16(in, "extensions");
    while (wire_left(&list)) {
        if (wire_left(&list) >= 4) {
            size_t n = (size_t)(list.at[2] << 8 | list.at[3]);
            wire_group(&list, "extension", 4 + n <= wire_left(&list) ? 4 + n : 0);
        }
        unsigned type = take_code16(&list, "extension_type", tls_extension_words);
        struct wire_in content = take_vec16(&list, "extension_data");
        const struct row *r = row_of(type);
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
        x->seen |= r ? r->bit : 0;
        if (!(r && r->bit) && x->other < 0)
            x->other = (int)type;
        if (take_extension13(&content, type, of, x))
            ;
        else if (r && r->read)
            r->read(&content, of_server, x);
        else
            take_rest(&content, "data");
        wire_close(&list, &content);
    }
    wire_close(in, &list);
    return true;
}

/* ---- writing ---- */

static struct put_block open_extension(struct wire_out *out, unsigned type)
{
    put_u16(out, "extension_type", type);
    return put_open(out, "extension_data", 2);
}

static void put_grease(struct wire_out *out, uint16_t type)
{
    if (type)
        put_close(out, open_extension(out, type));
}

/* RFC 7685 §4: as many zeros as are missing; at least the extension's own header. */
static void put_padding(struct wire_out *out, size_t so_far, const struct client_hello_wishes *w)
{
    if (so_far < w->padding_from || so_far >= w->padding_to)
        return;
    size_t missing = w->padding_to - so_far;
    struct put_block padding = open_extension(out, PADDING);
    for (size_t i = 4; i < missing; i++)
        put_u8(out, "padding", 0);
    put_close(out, padding);
}

unsigned put_client_extensions(struct wire_out *out, const struct client_hello_wishes *w, size_t so_far)
{
    unsigned written = 0;
    const uint8_t *start = out->at;
    struct put_block list = put_open(out, "extensions", 2);
    put_grease(out, w->grease[0]);
    for (size_t i = 0; i < ROWS; i++) {
        if (!rows[i].ask)
            continue;
        const struct wire_out before = *out;
        struct put_block extension = open_extension(out, rows[i].number);
        if (rows[i].ask(out, w)) {
            put_close(out, extension);
            written |= rows[i].bit;
        } else {
            out->at = before.at;
        }
    }
    put_grease(out, w->grease[1]);
    put_padding(out, so_far + (size_t)(out->at - start), w);
    put_close(out, list);
    return written;
}

void put_server_extensions(struct wire_out *out, const struct server_hello_wishes *w)
{
    if (!w->extensions)
        return;
    struct put_block list = put_open(out, "extensions", 2);
    for (size_t i = 0; i < ROWS; i++)
        if (rows[i].bit & w->extensions) {
            struct put_block extension = open_extension(out, rows[i].number);
            rows[i].answer(out, w);
            put_close(out, extension);
        }
    put_close(out, list);
}
