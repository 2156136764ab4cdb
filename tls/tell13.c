/* tell13.c - what the trace hears of a TLS 1.3 connection that is read by a third party: records, what was inside, its
 * messages, and the secrets as they stand in a key log with the keys that follow from them (RFC 8446 §7.3). */
#include "tls/tell_parts.h"
#include "tls/watch13.h"

#include <stdio.h>
#include <string.h>

enum { ATTRS = 12 };

/* ---- messages ---- */

static void label_encrypted(struct wire_in *in, char *label, size_t room)
{
    struct tls_extensions x;
    read_encrypted_extensions(in, &x, NULL);
    const size_t n = x.protocols.n > 1 ? x.protocols.n - 1 : 0;
    snprintf(label, room, "EncryptedExtensions%s%.*s%s", n ? "  ALPN " : "", (int)n,
             n ? (const char *)x.protocols.at + 1 : "", x.v13.early_data ? ", early data taken" : "");
}

static void label_certificate(struct wire_in *in, char *label, size_t room)
{
    struct certificate13 m;
    read_certificate13(in, &m, NULL);
    snprintf(label, room, "Certificate  %zu certificate%s%s", m.chain.n, m.chain.n == 1 ? "" : "s",
             m.ocsp.n ? ", with an OCSP response" : "");
}

static void label_ticket(struct wire_in *in, char *label, size_t room)
{
    struct ticket13 m;
    read_ticket13(in, &m, NULL);
    snprintf(label, room, "NewSessionTicket  %zu octets, for %u s", m.ticket.n, (unsigned)m.lifetime);
}

bool label_message13(unsigned type, struct wire_in *in, char *label, size_t room)
{
    struct certificate_request13 request;
    struct compressed_certificate compressed;
    bool requested;
    switch (type) {
    case TLS_ENCRYPTED_EXTENSIONS:   label_encrypted(in, label, room); return true;
    case TLS_CERTIFICATE:            label_certificate(in, label, room); return true;
    case TLS_CERTIFICATE_REQUEST:    read_certificate_request13(in, &request, NULL); return true;
    case TLS_COMPRESSED_CERTIFICATE: read_compressed_certificate(in, &compressed, NULL); return true;
    case TLS_NEW_SESSION_TICKET:     label_ticket(in, label, room); return true;
    case TLS_END_OF_EARLY_DATA:      return true;
    case TLS_FINISHED:               take_ref(in, "verify_data", wire_left(in)); return true;
    case TLS_KEY_UPDATE:
        read_key_update(in, &requested, NULL);
        snprintf(label, room, "KeyUpdate%s", requested ? "  and asks for the other side's" : "");
        return true;
    default:
        return false;
    }
}

/* ---- records ---- */

static const char *key_words(bool of_server) { return key_piece_names[CLIENT_WRITE_KEY + of_server]; }
static const char *iv_words(bool of_server) { return key_piece_names[CLIENT_WRITE_IV + of_server]; }

/* How it is sealed: number, key, nonce, and what is authenticated in front of it, which is the header. */
static size_t say_sealing(bool of_server, const struct record *r, const struct opening *o, uint64_t sequence,
                          uint8_t nonce[AEAD_NONCE], struct attr *attrs)
{
    size_t n = 0;
    record13_nonce(o, sequence, nonce);
    attrs[n++] = attr_text("sealing", aead_words(o->suite->aead));
    attrs[n++] = attr_number("sequence", sequence);
    attrs[n++] = attr_text("key", key_words(of_server));
    attrs[n++] = attr_text("fixed_iv", iv_words(of_server));
    attrs[n++] = attr_hex("nonce", nonce, AEAD_NONCE);
    attrs[n++] = attr_hex("aad", r->at, RECORD_HEADER);
    return n;
}

static void name_record(const struct watch *w, const struct record *r, bool sealed, size_t tag)
{
    struct wire_in in = wire_over(r->at, r->n, w);
    read_record_header(&in);
    if (!sealed) {
        name_content(&in, r->type);
        return;
    }
    size_t left = wire_left(&in);
    take_ref(&in, "ciphertext", left > tag ? left - tag : 0);
    take_rest(&in, "tag");
}

void tell_record13(const struct tls *t, bool of_server, const struct record *r, buf_no buf, const struct opening *o,
                   uint64_t stream_at)
{
    char label[TELL_LABEL];
    uint8_t nonce[AEAD_NONCE];
    if (!trace_hears(t->config.voice.trace))
        return;
    const bool sealed = r->type == TLS_CONTENT_APPLICATION;
    const size_t tag = o ? o->suite->tag : AEAD_TAG;
    const struct bytes plain = { r->at + RECORD_HEADER, r->n - RECORD_HEADER };
    const struct span on = { t->config.reads, (uint32_t)r->n, stream_at };
    const char *type = content_name(r->type);
    struct attr attrs[ATTRS] = { attr_text("type", type), attr_text("suite", o && sealed ? o->suite->name : "none"),
                                 attr_text("way", "read") };
    size_t n = 3;
    if (sealed && o)
        n += say_sealing(of_server, r, o, o->sequence, nonce, attrs + n);
    if (sealed && r->n >= RECORD_HEADER + tag)
        attrs[n++] = attr_hex("tag", r->at + r->n - tag, tag);
    struct event e = tell_event(t, EVENT_RECORD, LEVEL_ALL, type, "RFC 8446 §5.1", __func__);
    e.label = sealed ? "sealed record" : content_label(r->type, plain, label);
    e.attrs = attrs;
    e.n_attrs = n;
    e.buf = buf;
    e.bytes = (struct bytes){ r->at, r->n };
    e.spans = &on;
    e.n_spans = on.in ? 1 : 0;
    trace_emit(t->config.voice.trace, &e);
    if (trace_wants_fields(t->config.voice.trace))
        name_record(&(struct watch){ t->config.voice.trace, buf, r->at }, r, sealed, tag);
}

static void name_opened(const struct watch *w, const struct record *r, size_t padding)
{
    struct wire_in in = wire_over(r->at + r->content, r->opened_n, w), content = in;
    content.end = content.at + r->content_n;
    name_content(&content, r->type);
    in.at += r->content_n;
    take_code8(&in, "content_type", tls_content_words);
    if (padding)
        take_ref(&in, "padding", padding);
}

void tell_opened13(const struct tls *t, bool of_server, const struct record *r, size_t padding, buf_no opened,
                   buf_no record, const struct opening *o)
{
    char label[TELL_LABEL];
    uint8_t nonce[AEAD_NONCE];
    if (!trace_hears(t->config.voice.trace))
        return;
    const char *type = content_name(r->type);
    const uint8_t *content = r->at + r->content;
    const struct span on = { record, (uint32_t)r->opened_n, r->content };
    struct attr attrs[ATTRS] = { attr_text("type", type), attr_text("way", "opened") };
    size_t n = 2 + say_sealing(of_server, r, o, r->sequence, nonce, attrs + 2);
    attrs[n++] = attr_number("padding_length", padding);
    struct event e = tell_event(t, EVENT_BUFFER, LEVEL_ALL, type, "RFC 8446 §5.2", __func__);
    e.label = content_label(r->type, (struct bytes){ content, r->content_n }, label);
    e.attrs = attrs;
    e.n_attrs = n;
    e.buf = opened;
    e.bytes = (struct bytes){ content, r->opened_n };
    e.spans = &on;
    e.n_spans = 1;
    trace_emit(t->config.voice.trace, &e);
    if (trace_wants_fields(t->config.voice.trace))
        name_opened(&(struct watch){ t->config.voice.trace, opened, content }, r, padding);
}

/* ---- secrets ---- */

/* RFC 8446 §7.1 has the names, a key log others. */
static const struct { const char *name, *line; } secrets[2][4] = {
    { { NULL, NULL }, { "client_early_traffic_secret", "CLIENT_EARLY_TRAFFIC_SECRET" },
      { "client_handshake_traffic_secret", "CLIENT_HANDSHAKE_TRAFFIC_SECRET" },
      { "client_application_traffic_secret", "CLIENT_TRAFFIC_SECRET_0" } },
    { { NULL, NULL }, { NULL, NULL }, { "server_handshake_traffic_secret", "SERVER_HANDSHAKE_TRAFFIC_SECRET" },
      { "server_application_traffic_secret", "SERVER_TRAFFIC_SECRET_0" } },
};

void tell_secret13(const struct tls *t, bool of_server, enum epoch13 epoch, const struct keylog_secret *s,
                   const uint8_t client_random[TLS_RANDOM])
{
    char random[2 * TLS_RANDOM + 1], hex[2 * KEYLOG_SECRET_MAX + 1], line[44 + sizeof random + sizeof hex];
    if (!trace_hears(t->config.voice.trace) || !secrets[of_server][epoch].name)
        return;
    sodium_bin2hex(random, sizeof random, client_random, TLS_RANDOM);
    sodium_bin2hex(hex, sizeof hex, s->secret, s->n);
    snprintf(line, sizeof line, "%s %s %s\n", secrets[of_server][epoch].line, random, hex);
    tell_key(t, LEVEL_ALL, &(struct key_story){
        secrets[of_server][epoch].name, "RFC 8446 §7.1", __func__, "a line of the key log", "",
        { attr_secret("secret", s->secret, s->n), attr_secret("keylog", line, strlen(line)) }, 2 });
    sodium_memzero(line, sizeof line);
    sodium_memzero(hex, sizeof hex);
}

void tell_keys13(const struct tls *t, bool of_server, const struct opening *o, bool updated)
{
    uint8_t key[AEAD_KEY_MAX];
    if (!trace_hears(t->config.voice.trace))
        return;
    const char *in = updated ? "the next traffic secret" : "the traffic secret";
    const struct attr secret = attr_secret("secret_in_value", o->secret, hash_size(o->suite->hash));
    opening_key(o, key, t->config.cpu);
    tell_key(t, LEVEL_ALL, &(struct key_story){
        key_words(of_server), "RFC 8446 §7.3", __func__, "HKDF-Expand-Label", in,
        { secret, attr_text("hkdf_label", "key"), attr_secret("secret", key, o->suite->key_size) }, 3 });
    tell_key(t, LEVEL_ALL, &(struct key_story){
        iv_words(of_server), "RFC 8446 §7.3", __func__, "HKDF-Expand-Label", in,
        { secret, attr_text("hkdf_label", "iv"), attr_secret("secret", o->iv, sizeof o->iv) }, 3 });
    sodium_memzero(key, sizeof key);
}

void tell_verify_data13(const struct tls *t, bool of_server, const struct opening *o, const uint8_t *transcript_hash,
                        const uint8_t *verify_data)
{
    if (!trace_hears(t->config.voice.trace))
        return;
    const size_t size = hash_size(o->suite->hash);
    tell_key(t, LEVEL_ALL, &(struct key_story){
        of_server ? "server_verify_data" : "client_verify_data", "RFC 8446 §4.4.4", __func__,
        "HMAC under the finished key", "transcript hash",
        { attr_secret("secret_in_value", o->secret, size), attr_hex("seed", transcript_hash, size),
          attr_hex("verify_data", verify_data, size), attr_text("way", "expected") }, 4 });
}
