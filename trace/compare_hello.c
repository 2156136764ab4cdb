/* What the steps of TLS and HTTP say, as values. */
#include "trace/compare_parts.h"

#include "trace/show.h"

#include <stdio.h>
#include <string.h>

enum { TEXT = 600, SHARE = 51, GREASE = 0x0a0a };

/* RFC 8701 §2: values that mean nothing, and are another in every hello. */
static bool is_grease(uint64_t v) { return v <= 0xffff && (v & 0x0f0f) == GREASE && (v >> 8) == (v & 0xff); }

static bool within(struct tape_fields f, size_t i, size_t group)
{
    for (uint32_t up = (uint32_t)i; up != TAPE_ROOT && up < f.n; up = f.at[up].parent)
        if (up == group)
            return true;
    return false;
}

static bool named(const struct tape_field *f, const char *name) { return strcmp(f->field.name, name) == 0; }

/* All leaves of a name, as a list. True: GREASE was among them. */
static bool list_of(struct tape_fields f, const char *name, struct compare_items *out)
{
    char text[TEXT];
    bool grease = false;
    out->n = 0;
    out->text[0] = 0;
    for (size_t i = 0; i < f.n; i++)
        if (f.at[i].leaf && named(&f.at[i], name)) {
            if (f.at[i].field.type == FIELD_NUMBER && is_grease(f.at[i].field.number))
                grease = true;
            else
                compare_item(out, compare_field(&f.at[i].field, text, sizeof text));
        }
    return grease;
}

static void put_leaf(struct compare_reading *g, buf_no b, const char *name, const char *id)
{
    const struct tape_field *f = compare_find(g->tape, b, name);
    char text[TEXT];
    if (f)
        compare_put(g, id, NULL, compare_field(&f->field, text, sizeof text));
}

/* What is random, or as long as the rest wants it to be: of these nothing but that they are there. */
static bool only_there(unsigned type)
{
    static const unsigned types[] = { 21, 35, 41, 44, 65037, 65281, 52, 57 };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (types[i] == type)
            return true;
    return false;
}

/* Words of extensions that the reader has none for. */
static const char *extension_words(uint64_t type)
{
    static const struct { unsigned type; const char *name; } names[] = {
        { 17, "status_request_v2" }, { 21, "padding" }, { 27, "compress_certificate" }, { 28, "record_size_limit" },
        { 34, "delegated_credentials" }, { 41, "pre_shared_key" }, { 42, "early_data" }, { 43, "supported_versions" },
        { 44, "cookie" }, { 45, "psk_key_exchange_modes" }, { 47, "certificate_authorities" },
        { 49, "post_handshake_auth" }, { 50, "signature_algorithms_cert" }, { SHARE, "key_share" },
        { 57, "quic_transport_parameters" }, { 13172, "next_protocol_negotiation" }, { 17513, "application_settings" },
        { 17613, "application_settings (17613)" }, { 65037, "encrypted_client_hello" }, { 51764, "trust_anchors" },
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].type == type)
            return names[i].name;
    return NULL;
}

/* The leaves of an extension, without lengths and without what is made anew for each hello. */
static void extension_content(struct tape_fields f, size_t data, bool *grease, struct compare_items *out)
{
    char text[TEXT];
    out->n = 0;
    out->text[0] = 0;
    for (size_t i = data; i < f.n && (i == data || within(f, i, data)); i++) {
        const struct tape_field *x = &f.at[i];
        if (!x->leaf || i == data || named(x, "length") || strstr(x->field.name, "key_exchange"))
            continue;
        if (x->field.type == FIELD_NUMBER && x->field.len == 2 && is_grease(x->field.number))
            *grease = true;
        else
            compare_item(out, compare_field(&x->field, text, sizeof text));
    }
}

/* Of an unread key_share (RFC 8446 §4.2.8) the groups: the keys are made anew. */
static void shares(struct bytes b, bool of_client, struct compare_items *out)
{
    struct wire_in in = wire_over(b.at, b.n, NULL);
    struct wire_in list = of_client ? take_vec16(&in, "client_shares") : in;
    char text[16];
    out->n = 0;
    out->text[0] = 0;
    while (wire_left(&list) && !list.failed) {
        uint16_t group = take_u16(&list, "group");
        if (wire_left(&list)) {
            struct wire_in key = take_vec16(&list, "key_exchange");
            (void)key;
        }
        snprintf(text, sizeof text, "%u", group);
        if (!is_grease(group))
            compare_item(out, text);
    }
}

static void one_extension(struct compare_reading *g, const struct event *e, struct tape_fields f, size_t group,
                          const char *where, bool *grease, struct compare_items *types)
{
    char name[64] = "", id[40];
    struct compare_items content;
    uint64_t type = 0;
    size_t data = SIZE_MAX;
    for (size_t i = group + 1; i < f.n && within(f, i, group); i++) {
        if (named(&f.at[i], "extension_type")) {
            type = f.at[i].field.number;
            const char *words = f.at[i].field.words ? f.at[i].field.words : extension_words(type);
            snprintf(name, sizeof name, "%s", words ? words : "");
            if (!*name)
                snprintf(name, sizeof name, "%llu", (unsigned long long)type);
        } else if (data == SIZE_MAX && named(&f.at[i], "extension_data")) {
            data = i;
        }
    }
    if (is_grease(type)) {
        *grease = true;
        return;
    }
    compare_item(types, name);
    if (data == SIZE_MAX)
        return;
    const struct field *d = &f.at[data].field;
    extension_content(f, data, grease, &content);
    snprintf(id, sizeof id, "%s.says", where);
    if (type == SHARE && d->len > 2 && d->off + d->len <= e->bytes.n) {
        shares((struct bytes){ e->bytes.at + d->off + 2, d->len - 2u }, *where == 'h', &content);
        compare_put(g, id, name, content.text);
    } else if (type == 35 || type == 41) {
        compare_put(g, id, name, d->len > 2 ? "a ticket" : "empty");
    } else if (!only_there((unsigned)type)) {
        compare_put(g, id, name, content.text);
    }
}

static void extensions(struct compare_reading *g, const struct event *e, const char *where, bool *grease)
{
    struct tape_fields f = tape_fields(g->tape, e->buf);
    struct compare_items types = { .n = 0 };
    char id[40];
    unsigned meaningless = 0;
    for (size_t i = 0; i < f.n; i++)
        if (named(&f.at[i], "extension") && !f.at[i].leaf) {
            bool one = false;
            one_extension(g, e, f, i, where, &one, &types);
            meaningless += one;
            *grease |= one;
        }
    if (*where == 'h' && meaningless > 1)              /* Chromium's: it shuffles them for each hello */
        g->run->permutes = true;
    snprintf(id, sizeof id, "%s.extensions", where);
    compare_put(g, id, NULL, types.text);
}

static void nature(struct compare_reading *g, buf_no b, const char *name, const char *id)
{
    const struct tape_field *f = compare_find(g->tape, b, name);
    char text[TEXT];
    if (f)
        compare_put_nature(g, id, compare_field(&f->field, text, sizeof text));
}

/* How long a session id is says what it is for: none, one to be found by (RFC 5246), or 32 octets that mean nothing
 * (RFC 8446 §4.1.2). */
static void session_id(struct compare_reading *g, buf_no b, const char *id, const char *octets)
{
    struct tape_fields f = tape_fields(g->tape, b);
    for (size_t i = 0; i < f.n; i++)
        if (named(&f.at[i], "session_id") && !f.at[i].leaf) {
            compare_put_number(g, id, f.at[i].field.len - 1u);
            nature(g, b, "session_id", octets);
            return;
        }
}

static void record_version(struct compare_reading *g, const struct event *e)
{
    const struct event *record = e->n_spans ? tape_buffer(g->tape, e->spans[0].in) : NULL;
    if (record && record->kind == EVENT_RECORD)
        put_leaf(g, record->buf, "version", "hello.record_version");
}

static void client_hello(struct compare_reading *g, const struct event *e)
{
    struct tape_fields f = tape_fields(g->tape, e->buf);
    struct compare_items list = { .n = 0 };
    bool grease;
    if (!g->run->only_hello)
        record_version(g, e);
    put_leaf(g, e->buf, "client_version", "hello.version");
    nature(g, e->buf, "client_random", "nature.client_random");
    session_id(g, e->buf, "hello.session_id", "nature.session_id");
    grease = list_of(f, "cipher_suite", &list);
    compare_put(g, "hello.suites", NULL, list.text);
    list_of(f, "compression_method", &list);
    compare_put(g, "hello.compression", NULL, list.text);
    extensions(g, e, "hello", &grease);
    compare_put(g, "hello.grease", NULL, grease ? "GREASE" : "no GREASE");
}

static void server_hello(struct compare_reading *g, const struct event *e)
{
    bool grease = false;
    put_leaf(g, e->buf, "server_version", "answer.version");
    nature(g, e->buf, "server_random", "nature.server_random");
    session_id(g, e->buf, "answer.session_id", "nature.server_session_id");
    put_leaf(g, e->buf, "cipher_suite", "answer.suite");
    put_leaf(g, e->buf, "compression_method", "answer.compression");
    extensions(g, e, "answer", &grease);
}

static void leaves(struct compare_reading *g, buf_no b, const char *name, const char *id)
{
    struct compare_items list = { .n = 0 };
    list_of(tape_fields(g->tape, b), name, &list);
    if (list.n)
        compare_put(g, id, NULL, list.text);
}

/* Of a key exchange what was chosen; the values themselves are made anew. */
static void key_exchange(struct compare_reading *g, const struct event *e)
{
    struct tape_fields f = tape_fields(g->tape, e->buf);
    put_leaf(g, e->buf, "named_curve", "exchange.group");
    put_leaf(g, e->buf, "signature_algorithm", "exchange.sigalg");
    nature(g, e->buf, "point", "nature.point");
    for (size_t i = 0; i < f.n; i++)
        if (named(&f.at[i], "dh_p") && f.at[i].leaf)
            compare_put_number(g, "exchange.prime_octets", f.at[i].field.len);
}

static void header_values(struct compare_reading *g, buf_no b, const char *id_names, const char *id)
{
    static const char *const by_nature[] = { "date", "age", "etag", "last-modified", "set-cookie", "cookie", "expires",
                                             "sec-websocket-key", "x-request-id" };
    struct tape_fields f = tape_fields(g->tape, b);
    struct compare_items names = { .n = 0 };
    char name[90] = "", value[TEXT], low[90];
    for (size_t i = 0; i < f.n; i++) {
        if (!f.at[i].leaf || f.at[i].parent == TAPE_ROOT || strcmp(f.at[f.at[i].parent].field.name, "header") != 0)
            continue;
        if (named(&f.at[i], "name")) {
            compare_item(&names, compare_field(&f.at[i].field, name, sizeof name));
        } else if (named(&f.at[i], "value") && *name) {
            bool is_nature = false;
            for (size_t k = 0; k <= strlen(name); k++)
                low[k] = (char)(name[k] >= 'A' && name[k] <= 'Z' ? name[k] + 32 : name[k]);
            for (size_t k = 0; k < sizeof by_nature / sizeof *by_nature; k++)
                is_nature |= strcmp(low, by_nature[k]) == 0;
            compare_field(&f.at[i].field, value, sizeof value);
            if (is_nature)
                compare_put_nature(g, "nature.header", value);
            else
                compare_put(g, id, name, value);
        }
    }
    compare_put(g, id_names, NULL, names.text);
}

void compare_head(struct compare_reading *g, const struct event *e)
{
    bool request = strcmp(e->name, "request") == 0;
    if (request) {
        put_leaf(g, e->buf, "method", "request.method");
        put_leaf(g, e->buf, "target", "request.target");
        put_leaf(g, e->buf, "version", "request.version");
        header_values(g, e->buf, "request.headers", "request.header");
    } else {
        put_leaf(g, e->buf, "status_code", "response.status");
        put_leaf(g, e->buf, "version", "response.version");
        header_values(g, e->buf, "response.headers", "response.header");
    }
}

void compare_message(struct compare_reading *g, const struct event *e, unsigned side, uint32_t packet, bool sealed)
{
    compare_mark(g, e->name, side, packet, e->t, sealed);
    if (strcmp(e->layer, "http") == 0)
        compare_head(g, e);
    else if (strcmp(e->name, "ClientHello") == 0)
        client_hello(g, e);
    else if (strcmp(e->name, "ServerHello") == 0)
        server_hello(g, e);
    else if (strcmp(e->name, "Certificate") == 0)
        compare_certificates(g, e);
    else if (strcmp(e->name, "ServerKeyExchange") == 0)
        key_exchange(g, e);
    else if (strcmp(e->name, "CertificateVerify") == 0)
        put_leaf(g, e->buf, "signature_algorithm", side ? "exchange.sigalg" : "verify.sigalg");
    else if (strcmp(e->name, "CertificateRequest") == 0) {
        leaves(g, e->buf, "certificate_type", "wanted.types");
        leaves(g, e->buf, "signature_algorithm", "wanted.sigalgs");
    } else if (strcmp(e->name, "NewSessionTicket") == 0) {
        put_leaf(g, e->buf, "ticket_lifetime_hint", "ticket.lifetime");
    }
}
