/* tell.c - what the trace hears of a TLS connection. A writer's bytes are named by the reader of the same
 * bytes. */
#include "tls/handlers.h"
#include "tls/messages13.h"
#include "tls/tell_parts.h"

#include <stdio.h>
#include <string.h>

buf_no tell_number(const struct tls *t, char letter) { return trace_buf(t->config.voice.trace, letter); }

static void name_record(const struct watch *w, const struct record *r, const struct sealing *s)
{
    struct wire_in in = wire_over(r->at, r->n, w);
    read_record_header(&in);
    if (!s->suite) {
        name_content(&in, r->type);
        return;
    }
    if (s->suite->record_iv)
        take_ref(&in, s->suite->sealing == TLS_SEAL_AEAD ? "nonce_explicit" : "iv", s->suite->record_iv);
    size_t tag = sealing_tag(s), left = wire_left(&in);
    /* NULL's lies in the open, and has its names where it is opened */
    take_ref(&in, s->suite->sealing == TLS_SEAL_NULL ? "content" : "ciphertext", left > tag ? left - tag : 0);
    take_rest(&in, s->suite->sealing == TLS_SEAL_AEAD ? "tag" : "mac");
}

/* Of a sealed one: the peer who opens it tells more. */
static const char *label_record(const struct record *r, const uint8_t *content, bool open, char label[TELL_LABEL])
{
    if (open || r->type == TLS_CONTENT_CHANGE_CIPHER_SPEC)
        return content_label(r->type, (struct bytes){ content, r->content_n }, label);
    snprintf(label, TELL_LABEL, "sealed %s", content_name(r->type));
    return label;
}

/* The keys of a direction are told by name: the `key` events have them. */
static const char *key_name(const struct tls *t, bool ours, enum key_piece of_client)
{
    return key_piece_names[ours == t->config.server ? of_client + 1 : of_client];
}

enum { SEALED_ATTRS = 8 };
struct sealed_words { uint8_t nonce[AEAD_NONCE], aad[RECORD_AAD]; };

static const char *sealing_name(const struct tls_suite *s)
{
    static const char *const cbc[2][3] = {
        { "AES-128-CBC-HMAC-SHA1", "AES-128-CBC-HMAC-SHA256", "AES-128-CBC-HMAC-SHA384" },
        { "AES-256-CBC-HMAC-SHA1", "AES-256-CBC-HMAC-SHA256", "AES-256-CBC-HMAC-SHA384" } };
    static const char *const camellia[2][3] = {
        { "Camellia-128-CBC-HMAC-SHA1", "Camellia-128-CBC-HMAC-SHA256", "Camellia-128-CBC-HMAC-SHA384" },
        { "Camellia-256-CBC-HMAC-SHA1", "Camellia-256-CBC-HMAC-SHA256", "Camellia-256-CBC-HMAC-SHA384" } };
    static const char *const null[3] = { "NULL-HMAC-SHA1", "NULL-HMAC-SHA256", "NULL-HMAC-SHA384" };
    if (s->sealing == TLS_SEAL_AEAD)
        return aead_words(s->aead);
    if (s->sealing == TLS_SEAL_NULL)
        return null[s->mac];
    return (s->camellia ? camellia : cbc)[s->key_size == 32][s->mac];
}

/* How a record is sealed: number, key, nonce or IV, and what is authenticated in front of the content. */
static size_t say_sealing(const struct tls *t, bool ours, const struct record *r, const struct sealing *s,
                          uint64_t sequence, size_t content_n, struct sealed_words *w, struct attr *attrs)
{
    bool aead = s->suite->sealing == TLS_SEAL_AEAD;
    const uint8_t *front = r->at + RECORD_HEADER;
    size_t n = 0;
    attrs[n++] = attr_text("sealing", sealing_name(s->suite));
    attrs[n++] = attr_number("sequence", sequence);
    if (s->suite->key_size)
        attrs[n++] = attr_text("key", key_name(t, ours, CLIENT_WRITE_KEY));
    record_aad(w->aad, sequence, r->type, content_n);
    if (aead) {
        record_nonce(s, sequence, front, w->nonce);
        attrs[n++] = attr_text("fixed_iv", key_name(t, ours, CLIENT_WRITE_IV));
        attrs[n++] = attr_hex("nonce", w->nonce, AEAD_NONCE);
        attrs[n++] = attr_hex("aad", w->aad, RECORD_AAD);
    } else {
        attrs[n++] = attr_text("mac_key", key_name(t, ours, CLIENT_WRITE_MAC_KEY));
        if (s->suite->record_iv)
            attrs[n++] = attr_hex("iv", front, s->suite->record_iv);
    }
    return n;
}

/* The reader tells a record before it is opened: of a sealed one it knows nothing yet but the length, so of
 * CBC not how much of it is content. */
void tell_record(const struct tls *t, bool ours, const struct record *r, buf_no buf, const struct sealing *s,
                 uint64_t stream_at)
{
    char label[TELL_LABEL];
    struct sealed_words words;
    if (!trace_hears(t->config.voice.trace))
        return;
    struct record plain = *r;
    plain.content_n = r->n - RECORD_HEADER;
    const struct span on = { ours ? t->config.writes : t->config.reads, (uint32_t)r->n, stream_at };
    struct attr attrs[4 + SEALED_ATTRS] = { attr_text("type", content_name(r->type)),
                                            attr_text("suite", s->suite ? s->suite->name : "none"),
                                            attr_text("way", ours ? "written" : "read") };
    const size_t tag = s->suite && tls_suite_is_cbc(s->suite) ? AEAD_TAG : sealing_tag(s);
    size_t n_attrs = 3, more = sealing_front(s) + tag;
    if (s->suite && plain.content_n >= more) {
        n_attrs += say_sealing(t, ours, r, s, ours ? r->sequence : s->sequence, plain.content_n - more, &words,
                               attrs + n_attrs);
        if (s->suite->sealing == TLS_SEAL_AEAD)
            attrs[n_attrs++] = attr_hex("tag", r->at + r->n - tag, tag);
    }
    struct event e = tell_event(t, EVENT_RECORD, LEVEL_ALL, content_name(r->type), "RFC 5246 §6.2", __func__);
    e.label = label_record(&plain, r->at + RECORD_HEADER, !s->suite, label);
    e.attrs = attrs;
    e.n_attrs = n_attrs;
    e.buf = buf;
    e.bytes = (struct bytes){ r->at, r->n };
    e.spans = &on;
    e.n_spans = on.in ? 1 : 0;
    trace_emit(t->config.voice.trace, &e);
    if (trace_wants_fields(t->config.voice.trace))
        name_record(&(struct watch){ t->config.voice.trace, buf, r->at }, r, s);
}

static void name_opened(const struct watch *w, const struct record *r, const struct sealing *s)
{
    struct wire_in in = wire_over(r->at + r->content, r->opened_n, w);
    struct wire_in content = in;
    content.end = content.at + r->content_n;
    name_content(&content, r->type);
    in.at += r->content_n;
    if (!tls_suite_is_cbc(s->suite))
        return;
    if (!s->encrypt_then_mac)
        take_ref(&in, "mac", s->suite->mac_size);
    take_ref(&in, "padding", wire_left(&in) - 1);
    take_u8(&in, "padding_length");
}

void tell_opened(const struct tls *t, bool ours, const struct record *r, buf_no opened, buf_no record,
                 const struct sealing *s)
{
    char label[TELL_LABEL];
    struct sealed_words words;
    struct attr attrs[5 + SEALED_ATTRS] = { attr_text("type", content_name(r->type)),
                                            attr_text("way", ours ? "to be sealed" : "opened") };
    if (!trace_hears(t->config.voice.trace))
        return;
    const uint8_t *content = r->at + r->content;
    const struct span on = { record, (uint32_t)r->opened_n, r->content };
    size_t n_attrs = 2;
    n_attrs += say_sealing(t, ours, r, s, r->sequence, r->content_n, &words, attrs + n_attrs);
    if (tls_suite_is_cbc(s->suite) && !s->encrypt_then_mac) {
        attrs[n_attrs++] = attr_hex("mac_header", words.aad, RECORD_AAD);
        attrs[n_attrs++] = attr_hex("mac", content + r->content_n, s->suite->mac_size);
    }
    if (tls_suite_is_cbc(s->suite))
        attrs[n_attrs++] = attr_number("padding_length", content[r->opened_n - 1]);
    struct event e = tell_event(t, EVENT_BUFFER, LEVEL_ALL, content_name(r->type), s->suite->rfc, __func__);
    e.label = label_record(r, content, true, label);
    e.attrs = attrs;
    e.n_attrs = n_attrs;
    e.buf = opened;
    e.bytes = (struct bytes){ content, r->opened_n };
    e.spans = &on;
    e.n_spans = 1;
    trace_emit(t->config.voice.trace, &e);
    if (trace_wants_fields(t->config.voice.trace))
        name_opened(&(struct watch){ t->config.voice.trace, opened, content }, r, s);
}

static void label_client_hello(struct wire_in *in, char *label)
{
    struct client_hello h;
    read_client_hello(in, &h, NULL);
    const char *version = tls_version_words(list_has(h.extensions.versions, TLS_1_3) ? TLS_1_3 : h.version);
    size_t n = (size_t)snprintf(label, TELL_LABEL, "ClientHello  %s, %zu suite%s",
                                words_or(version, "of an unknown version"), list_n(h.suites),
                                list_n(h.suites) == 1 ? "" : "s");
    if (h.extensions.server_name.n && n < TELL_LABEL)
        snprintf(label + n, TELL_LABEL - n, ", SNI %.*s", (int)h.extensions.server_name.n,
                 (const char *)h.extensions.server_name.at);
}

static void label_server_hello(struct wire_in *in, char *label)
{
    struct server_hello h;
    read_server_hello(in, &h, NULL);
    const char *version = tls_version_words(h.extensions.version ? h.extensions.version : h.version);
    const char *suite = tls_suite_words(h.suite);
    /* RFC 8446 §4.1.3: a server that speaks TLS 1.3 and answers with 1.2 marks its random. A client that speaks 1.3,
     * too, would know by it that somebody has hidden that; we speak 1.2 alone, and a class may see it. */
    static const uint8_t mark[] = { 'D', 'O', 'W', 'N', 'G', 'R', 'D', 1 };
    bool newer = memcmp(h.random + TLS_RANDOM - sizeof mark, mark, sizeof mark) == 0;
    snprintf(label, TELL_LABEL, "%s  %s, %s%s", tls_is_retry(h.random) ? "HelloRetryRequest" : "ServerHello",
             words_or(version, "of an unknown version"), words_or(suite, "an unknown suite"),
             newer ? ", from one that speaks TLS 1.3, too" : "");
}

static void label_certificate(struct wire_in *in, char *label)
{
    struct certificate_message m;
    read_certificate(in, &m, NULL);
    snprintf(label, TELL_LABEL, "Certificate  %zu certificate%s", m.n, m.n == 1 ? "" : "s");
}

static void label_server_key(const struct tls *t, struct wire_in *in, char *label)
{
    struct server_key_exchange m;
    const enum tls_kx kx = t->facts.suite ? t->facts.suite->kx : TLS_KX_ECDHE;
    if (kx == TLS_KX_OTHER) {
        take_rest(in, "data");
        snprintf(label, TELL_LABEL, "ServerKeyExchange");
        return;
    }
    read_server_key_exchange(in, kx, &m, NULL);
    const char *sigalg = tls_sigalg_words(m.sigalg);
    const char *group = kx == TLS_KX_DHE ? tls_exchange_words(exchange_of_group(m.p.at, m.p.n, m.g.at, m.g.n))
                                         : tls_group_words(m.group);
    snprintf(label, TELL_LABEL, "ServerKeyExchange  %s, signed with %s", words_or(group, "an unknown group"),
             words_or(sigalg, "an unknown algorithm"));
}

static void label_client_key(const struct tls *t, struct wire_in *in, char *label)
{
    struct bytes key;
    enum tls_kx kx = t->facts.suite ? t->facts.suite->kx : TLS_KX_ECDHE;
    const char *group = t->facts.exchange ? tls_exchange_words(t->facts.exchange) : NULL;
    if (kx == TLS_KX_OTHER) {
        take_rest(in, "data");
        snprintf(label, TELL_LABEL, "ClientKeyExchange");
        return;
    }
    read_client_key_exchange(in, kx, &key, NULL);
    snprintf(label, TELL_LABEL, "ClientKeyExchange  %s",
             kx == TLS_KX_RSA ? "pre-master secret under the server's RSA key" : words_or(group, "an unknown group"));
}

static void label_ticket(struct wire_in *in, char *label)
{
    struct new_session_ticket m;
    read_new_session_ticket(in, &m, NULL);
    snprintf(label, TELL_LABEL, "NewSessionTicket  %zu octets, for %u s", m.ticket.n, (unsigned)m.lifetime_hint);
}

static void label_verify(struct wire_in *in, char *label)
{
    struct certificate_verify m;
    read_certificate_verify(in, &m, NULL);
    snprintf(label, TELL_LABEL, "CertificateVerify  signed with %s",
             words_or(tls_sigalg_words(m.sigalg), "an unknown algorithm"));
}

static void label_status(struct wire_in *in, char *label)
{
    struct bytes response;
    read_certificate_status(in, &response, NULL);
    snprintf(label, TELL_LABEL, "CertificateStatus  an OCSP response of %zu octets", response.n);
}

/* Reads a message for its names (under a watch) and for its label. */
static void read_for_label(const struct tls *t, unsigned type, struct wire_in *in, char label[TELL_LABEL])
{
    struct bytes rest;
    struct certificate_request request;
    snprintf(label, TELL_LABEL, "%s", tls_message_words(type) ? tls_message_words(type) : "unknown message");
    if (t->reads13 && label_message13(type, in, label, TELL_LABEL))
        return;
    switch (type) {
    case TLS_CLIENT_HELLO:        label_client_hello(in, label); break;
    case TLS_SERVER_HELLO:        label_server_hello(in, label); break;
    case TLS_CERTIFICATE:         label_certificate(in, label); break;
    case TLS_SERVER_KEY_EXCHANGE: label_server_key(t, in, label); break;
    case TLS_CERTIFICATE_REQUEST: read_certificate_request(in, &request, NULL); break;
    case TLS_CLIENT_KEY_EXCHANGE: label_client_key(t, in, label); break;
    case TLS_FINISHED:            read_finished(in, &rest, NULL); break;
    case TLS_NEW_SESSION_TICKET:  label_ticket(in, label); break;
    case TLS_CERTIFICATE_VERIFY:  label_verify(in, label); break;
    case TLS_CERTIFICATE_STATUS:  label_status(in, label); break;
    default:                      take_rest(in, "data");
    }
}

void tell_certificates(const struct tls *t, bool ours, struct bytes whole, buf_no message, struct der *chain,
                       size_t n)
{
    if (!trace_hears(t->config.voice.trace))
        return;
    for (size_t i = 0; i < n; i++) {
        const struct span on = { message, (uint32_t)chain[i].n, (uint64_t)(chain[i].at - whole.at) };
        chain[i].buf = tell_number(t, 'c');
        const struct attr attrs[] = { attr_number("place", i), attr_text("way", ours ? "written" : "read") };
        struct event e = tell_event(t, EVENT_BUFFER, LEVEL_ALL, "certificate", "RFC 5246 §7.4.2", __func__);
        e.attrs = attrs;
        e.n_attrs = sizeof attrs / sizeof *attrs;
        e.buf = chain[i].buf;
        e.bytes = (struct bytes){ chain[i].at, chain[i].n };
        e.spans = &on;
        e.n_spans = 1;
        trace_emit(t->config.voice.trace, &e);
    }
}

/* A reader names certificates as it judges them; their sender reads them here, for the names alone. */
static void tell_own_certificates(const struct tls *t, struct bytes whole, buf_no message)
{
    struct certificate_message c;
    struct der chain[X509_CHAIN_MAX];
    struct x509_cert cert;
    struct wire_in in = wire_over(whole.at + TLS_MESSAGE_HEADER, whole.n - TLS_MESSAGE_HEADER, NULL);
    read_certificate(&in, &c, NULL);
    for (size_t i = 0; i < c.n; i++)
        chain[i] = (struct der){ c.certificates[i].at, c.certificates[i].n, 0 };
    tell_certificates(t, true, whole, message, chain, c.n);
    for (size_t i = 0; i < c.n && trace_wants_fields(t->config.voice.trace); i++)
        x509_read_cert(&chain[i], &(struct watch){ t->config.voice.trace, chain[i].buf, chain[i].at }, &cert, NULL);
}

buf_no tell_message(const struct tls *t, bool ours, struct bytes whole, const struct span *spans, size_t n)
{
    char label[TELL_LABEL];
    if (!trace_hears(t->config.voice.trace))
        return 0;
    buf_no buf = tell_number(t, 'm');
    unsigned type = whole.at[0];
    struct wire_in in = wire_over(whole.at + TLS_MESSAGE_HEADER, whole.n - TLS_MESSAGE_HEADER, NULL);
    read_for_label(t, type, &in, label);
    const struct attr attrs[] = { attr_text("way", ours ? "written" : "read"),
                                  attr_number("transcript_position", t->shake ? t->shake->transcript.octets : 0) };
    const char *name = tls_message_words(type);
    struct event e = tell_event(t, EVENT_MESSAGE, LEVEL_PACKETS, name ? name : "unknown",
                              t->reads13 ? tls_message13_rfc(type) : tls_message_rfc(type), __func__);
    e.label = label;
    e.attrs = attrs;
    e.n_attrs = t->shake ? 2 : 1;                     /* what comes after the handshake lies in no transcript */
    e.buf = buf;
    e.bytes = whole;
    e.spans = spans;
    e.n_spans = n;
    trace_emit(t->config.voice.trace, &e);
    if (trace_wants_fields(t->config.voice.trace)) {
        const struct watch w = { t->config.voice.trace, buf, whole.at };
        in = wire_over(whole.at, whole.n, &w);
        read_message_header(&in);
        read_for_label(t, type, &in, label);
    }
    if (ours && type == TLS_CERTIFICATE)
        tell_own_certificates(t, whole, buf);
    return buf;
}

void tell_state(const struct tls *t, const struct tls_row *row, enum tls_state to)
{
    if (!trace_hears(t->config.voice.trace) || row->comes == TLS_APPLICATION_DATA)
        return;
    const struct attr attrs[] = {
        attr_text("machine", tls_machine_name(t->config.server)), attr_text("from", tls_state_words(row->in)),
        attr_text("to", tls_state_words(to)), attr_text("trigger", tls_message_words(row->comes)),
    };
    struct event e = tell_event(t, EVENT_STATE, LEVEL_PACKETS, tls_state_words(to), tls_message_rfc(row->comes),
                              __func__);
    e.attrs = attrs;
    e.n_attrs = sizeof attrs / sizeof *attrs;
    trace_emit(t->config.voice.trace, &e);
}

void tell_check(const struct tls *t, const char *name, const char *rfc, const char *expected, const char *found,
                bool good)
{
    char label[TELL_LABEL];
    if (!trace_hears(t->config.voice.trace))
        return;
    snprintf(label, sizeof label, "%s: %s", name, good ? "as expected" : "refused");
    const struct attr attrs[] = { attr_text("subject", name), attr_text("expected", expected),
                                  attr_text("found", found),
                                  attr_text("verdict", good ? "accepted" : "refused") };
    struct event e = tell_event(t, EVENT_CHECK, LEVEL_PACKETS, name, rfc, __func__);
    e.label = label;
    e.attrs = attrs;
    e.n_attrs = sizeof attrs / sizeof *attrs;
    trace_emit(t->config.voice.trace, &e);
}
