/* hello.c - ClientHello and ServerHello (RFC 5246 §7.4.1); what they say in extensions is extensions.c's. */
#include "tls/messages.h"

static const struct ground client_hello_cut = { "tls.client_hello_cut", "RFC 5246 §7.4.1.2" };
static const struct ground server_hello_cut = { "tls.server_hello_cut", "RFC 5246 §7.4.1.3" };

static const char *compression_words(unsigned method)
{
    return method == 0 ? "null" : method == 1 ? "DEFLATE" : NULL;
}

/* The items of a block that holds nothing but numbers; at least one. */
static struct bytes items_of(const struct wire_in *block)
{
    return block->failed ? (struct bytes){ NULL, 0 } : (struct bytes){ block->at, wire_left(block) };
}

static struct bytes take_suites(struct wire_in *in)
{
    struct wire_in block = take_vec16(in, "cipher_suites");
    struct bytes items = items_of(&block);
    if (!items.n)
        wire_fail(&block, "cipher_suite");
    while (wire_left(&block))
        take_code16(&block, "cipher_suite", tls_suite_words);
    wire_close(in, &block);
    return block.failed ? (struct bytes){ NULL, 0 } : items;
}

static struct bytes take_compressions(struct wire_in *in)
{
    struct wire_in block = take_vec8(in, "compression_methods");
    struct bytes items = items_of(&block);
    if (!items.n)
        wire_fail(&block, "compression_method");
    while (wire_left(&block))
        take_code8(&block, "compression_method", compression_words);
    wire_close(in, &block);
    return block.failed ? (struct bytes){ NULL, 0 } : items;
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
    h->suites = take_suites(in);
    h->compressions = take_compressions(in);
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

static void put_session_id(struct wire_out *out, struct bytes id)
{
    struct put_block block = put_open(out, "session_id", 1);
    put_bytes(out, "session_id", id.at, id.n);
    put_close(out, block);
}

unsigned write_client_hello(struct wire_out *out, const struct client_hello_wishes *w)
{
    const uint8_t *start = out->at;
    put_u8(out, "msg_type", TLS_CLIENT_HELLO);
    struct put_block body = put_open(out, "length", 3);
    put_u16(out, "client_version", TLS_1_2);
    put_bytes(out, "client_random", w->random, TLS_RANDOM);
    put_session_id(out, w->session_id);
    struct put_block suites = put_open(out, "cipher_suites", 2);
    if (w->grease_suite)
        put_u16(out, "cipher_suite", w->grease_suite);
    for (size_t i = 0; i < w->n_suites; i++)
        put_u16(out, "cipher_suite", w->suites[i]->number);
    if (w->fallback)
        put_u16(out, "cipher_suite", TLS_FALLBACK_SCSV);
    put_close(out, suites);
    put_u8(out, "length", 1);
    put_u8(out, "compression_method", 0);
    unsigned written = put_client_extensions(out, w, (size_t)(out->at - start));
    put_close(out, body);
    return written;
}

void write_server_hello(struct wire_out *out, const struct server_hello_wishes *w)
{
    put_u8(out, "msg_type", TLS_SERVER_HELLO);
    struct put_block body = put_open(out, "length", 3);
    put_u16(out, "server_version", TLS_1_2);
    put_bytes(out, "server_random", w->random, TLS_RANDOM);
    put_session_id(out, w->session_id);
    put_u16(out, "cipher_suite", w->suite);
    put_u8(out, "compression_method", 0);
    put_server_extensions(out, w);
    put_close(out, body);
}
