#include "tls/stolen_key.h"

#include "tls/messages.h"
#include "tls/record.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

enum { RECORD_MOST = RECORD_HEADER + RECORD_CONTENT_MAX + RECORD_SEALED_MORE, LINE = 96 };

struct thief {
    struct tape *tape;
    const struct voice *voice;
    struct transcript transcript;
    uint8_t client_random[TLS_RANDOM], server_random[TLS_RANDOM], key_block[TLS_KEY_BLOCK_MAX];
    uint16_t client_version;
    const struct tls_suite *suite;                    /* NULL: no handshake was seen */
    bool extended, encrypt_then_mac;
    struct bytes exchange;                            /* what ClientKeyExchange brought */
    buf_no from_client;                               /* the stream that the ClientHello lies on */
    struct sealing client, server;
    struct stolen_loot loot;
};

/* Does the tape's event say how its octets were met? "read": by the end that they came to. */
static bool was_read(const struct event *e) { return strcmp(event_text(e, "way"), "read") == 0; }

static buf_no stream_of(const struct thief *t, const struct event *e)
{
    while (e && e->n_spans && buf_letter(e->spans[0].in) != 's')
        e = tape_buffer(t->tape, e->spans[0].in);
    return e && e->n_spans ? e->spans[0].in : 0;
}

/* The same readers as both ends', over the same octets. What does not parse is left out: it opens nothing. */
static void overhear(struct thief *t, const struct event *e)
{
    struct client_hello c;
    struct server_hello s;
    struct wire_in in = wire_over(e->bytes.at + TLS_MESSAGE_HEADER, e->bytes.n - TLS_MESSAGE_HEADER, NULL);
    switch (e->bytes.at[0]) {
    case TLS_CLIENT_HELLO:
        if (!read_client_hello(&in, &c, NULL))
            return;
        memcpy(t->client_random, c.random, TLS_RANDOM);
        t->client_version = c.version;
        t->from_client = stream_of(t, e);
        break;
    case TLS_SERVER_HELLO:
        if (!read_server_hello(&in, &s, NULL))
            return;
        memcpy(t->server_random, s.random, TLS_RANDOM);
        t->suite = tls_suite_of(s.suite);
        t->extended = s.extensions.seen & EXT_EXTENDED_MASTER_SECRET;
        t->encrypt_then_mac = s.extensions.seen & EXT_ENCRYPT_THEN_MAC;
        break;
    case TLS_CLIENT_KEY_EXCHANGE:
        if (!t->suite || !read_client_key_exchange(&in, t->suite->kx, &t->exchange, NULL))
            return;
        break;
    default:
        break;
    }
    transcript_add(&t->transcript, e->bytes);
}

static void listen(struct thief *t)
{
    transcript_start(&t->transcript, NULL);
    for (event_no n = 1; n <= tape_events(t->tape); n++) {
        const struct event *e = tape_event(t->tape, n);
        if (e->kind == EVENT_MESSAGE && buf_letter(e->buf) == 'm' && was_read(e) && e->bytes.n >= TLS_MESSAGE_HEADER &&
            !tape_is_sealed(t->tape, e->buf) && !t->exchange.n)
            overhear(t, e);
    }
}

static void tell_key(const struct thief *t, const char *name, const char *label, struct bytes secret)
{
    const struct attr attrs[] = { attr_secret("secret", secret.at, secret.n) };
    if (trace_hears(t->voice->trace))
        trace_emit(t->voice->trace, &(struct event){
            .kind = EVENT_KEY, .level = LEVEL_PACKETS, .layer = "tls", .name = name, .label = label,
            .rfc = "RFC 5246 §8.1", .by = __func__, .host = t->voice->host, .attrs = attrs, .n_attrs = 1 });
}

static void tell_record(const struct thief *t, const struct event *record, const char *found)
{
    char subject[LINE];
    const bool opened = found != NULL;
    if (!trace_hears(t->voice->trace))
        return;
    snprintf(subject, sizeof subject, "r%u %s", buf_count(record->buf), record->name);
    const struct attr attrs[] = { attr_text("subject", subject), attr_text("expected", "a record that opens"),
                                  attr_text("found", opened ? found : "it stays closed"),
                                  attr_text("verdict", opened ? "opened" : "closed") };
    trace_emit(t->voice->trace, &(struct event){
        .kind = EVENT_CHECK, .level = LEVEL_ALL, .layer = "tls", .name = "stolen_key", .rfc = "RFC 9325 §7.3",
        .by = __func__, .host = t->voice->host, .attrs = attrs, .n_attrs = sizeof attrs / sizeof *attrs,
        .buf = record->buf });
}

/* From the encrypted pre_master_secret to the keys of both directions, as the server made them. */
static bool make_keys(struct thief *t, const struct private_key *key, struct chance *chance)
{
    uint8_t pre_master_secret[TLS_PRE_MASTER_SECRET], master_secret[TLS_MASTER_SECRET], session_hash[HASH_MAX];
    if (!t->suite || t->suite->kx != TLS_KX_RSA || key->pub.kind != KEY_RSA ||
        !rsa_decrypt_premaster(&key->u.rsa, chance, t->client_version, t->exchange.at, t->exchange.n,
                               pre_master_secret, NULL))
        return false;
    size_t n = transcript_hash(&t->transcript, t->suite->prf, session_hash);
    if (t->extended)
        derive_extended_master_secret(t->suite->prf, pre_master_secret, sizeof pre_master_secret, session_hash, n,
                                      master_secret, NULL);
    else
        derive_master_secret(t->suite->prf, pre_master_secret, sizeof pre_master_secret, t->client_random,
                             t->server_random, master_secret, NULL);
    derive_key_block(t->suite, master_secret, t->client_random, t->server_random, t->key_block, NULL);
    sealing_start(&t->client, t->suite, t->key_block, false, t->encrypt_then_mac, NULL);
    sealing_start(&t->server, t->suite, t->key_block, true, t->encrypt_then_mac, NULL);
    tell_key(t, "pre_master_secret", "pre_master_secret = RSA decryption(the stolen key, encrypted_pre_master_secret)",
             (struct bytes){ pre_master_secret, sizeof pre_master_secret });
    tell_key(t, "master_secret", "master_secret, as both ends had it",
             (struct bytes){ master_secret, sizeof master_secret });
    sodium_memzero(pre_master_secret, sizeof pre_master_secret);
    sodium_memzero(master_secret, sizeof master_secret);
    return true;
}

/* "GET / HTTP/1.1": the first line, if it is one that people can read. */
static void first_line(const struct record *r, char out[LINE])
{
    const char *at = (const char *)r->at + r->content;
    size_t n = 0;
    while (n < r->content_n && n < LINE - 1 && at[n] >= ' ' && at[n] <= '~')
        n++;
    snprintf(out, LINE, "%.*s", (int)n, at);
}

static void try_record(struct thief *t, const struct event *e, bool have_keys)
{
    uint8_t octets[RECORD_MOST];
    char line[LINE] = "";
    struct record r = { .type = e->bytes.n ? e->bytes.at[0] : 0, .at = octets, .n = e->bytes.n };
    t->loot.records++;
    bool opened = have_keys && e->bytes.n >= RECORD_HEADER && e->bytes.n <= sizeof octets;
    if (opened) {
        memcpy(octets, e->bytes.at, e->bytes.n);
        opened = record_open(stream_of(t, e) == t->from_client ? &t->client : &t->server, &r);
    }
    t->loot.opened += opened;
    if (opened && r.type == TLS_CONTENT_APPLICATION)
        first_line(&r, line);
    if (*line && !*t->loot.text)
        snprintf(t->loot.text, sizeof t->loot.text, "%s", line);
    tell_record(t, e, !opened ? NULL : *line ? line : "its octets");
    sodium_memzero(octets, sizeof octets);
}

/* A record is sealed if its own reader said so: it names the suite. */
static void try_records(struct thief *t, bool have_keys)
{
    for (uint32_t i = 1; i <= tape_count(t->tape, 'r'); i++) {
        const struct event *e = tape_buffer(t->tape, tape_buf('r', i));
        if (e && was_read(e) && strcmp(event_text(e, "suite"), "none") != 0)
            try_record(t, e, have_keys);
    }
}

struct stolen_loot stolen_key_opens(struct tape *tape, const struct private_key *key, struct chance *chance,
                                    const struct voice *voice)
{
    struct thief t = { .tape = tape, .voice = voice };
    listen(&t);
    try_records(&t, make_keys(&t, key, chance));
    sealing_wipe(&t.client);
    sealing_wipe(&t.server);
    sodium_memzero(t.key_block, sizeof t.key_block);
    return t.loot;
}
