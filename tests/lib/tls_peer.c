#include "tests/lib/tls_peer.h"

#include "tests/lib/check.h"

#include <string.h>

static struct chance *chance(struct tls_peer *p) { return &p->pair.client.chance.chance; }

void peer_start(struct tls_peer *p, const struct peer_wish *wish)
{
    memset(p, 0, sizeof *p);
    pair_configure(&p->pair, &(struct pair_wish){ .suite = wish->suite, .group = wish->group,
                                                  .seed = wish->seed, .trace = wish->trace });
    p->client = wish->engine_is_server;
    p->engine = wish->engine_is_server ? &p->pair.server : &p->pair.client;
    p->suite = tls_suite_named(wish->suite ? wish->suite : "ECDHE-RSA-AES128-GCM-SHA256");
    p->group = wish->group ? wish->group : TLS_X25519;
    p->version = TLS_1_2;
    p->extended_master_secret = true;
    transcript_start(&p->transcript, NULL);
    p->engine->tls = tls_new(&p->engine->config, PAIR_NOW, &p->engine->fault);
    pair_must(p->engine->tls != NULL, "no memory, or no good config");
    chance_fill(chance(p), "random", p->client ? p->client_random : p->server_random, 32);
    peer_raw(p, NULL, 0);
}

void peer_end(struct tls_peer *p) { pair_end(&p->pair); }

enum tls_state peer_state(const struct tls_peer *p) { return p->engine->tls->state; }

static void derive(struct tls_peer *p, const uint8_t *secret, size_t n)
{
    uint8_t hash[HASH_MAX];
    size_t hash_n = transcript_hash(&p->transcript, p->suite->prf, hash);
    if (p->extended_master_secret)
        derive_extended_master_secret(p->suite->prf, secret, n, hash, hash_n, p->master_secret, NULL);
    else
        derive_master_secret(p->suite->prf, secret, n, p->client_random, p->server_random, p->master_secret, NULL);
    derive_key_block(p->suite, p->master_secret, p->client_random, p->server_random, p->key_block, NULL);
}

static enum exchange way_of(const struct tls_peer *p)
{
    return tls_group_exchange(p->suite->kx == TLS_KX_DHE ? TLS_FFDHE2048 : p->group);
}

static void derive_agreed(struct tls_peer *p)
{
    uint8_t secret[EXCHANGE_SECRET_MAX];
    enum exchange way = way_of(p);
    if (!exchange_shared(way, p->scalar, p->engine_value, exchange_public_size(way), secret, NULL))
        return;
    size_t zeros = exchange_zeros(way, secret);
    derive(p, secret + zeros, exchange_secret_size(way) - zeros);
}

/* What the engine said in a handshake message. */
static void hear_message(struct tls_peer *p, const uint8_t *at, size_t n)
{
    struct wire_in in = wire_over(at + 4, n - 4, NULL);
    struct client_hello ch;
    struct server_hello sh;
    struct server_key_exchange ske;
    struct bytes exchange;
    struct fault why = { 0 };
    transcript_add(&p->transcript, (struct bytes){ at, n });
    if (at[0] == TLS_CLIENT_HELLO && read_client_hello(&in, &ch, &why)) {
        memcpy(p->client_random, ch.random, 32);
    } else if (at[0] == TLS_SERVER_HELLO && read_server_hello(&in, &sh, &why)) {
        memcpy(p->server_random, sh.random, 32);
        p->suite = tls_suite_of(sh.suite);
        p->extended_master_secret = sh.extensions.seen & EXT_EXTENDED_MASTER_SECRET;
    } else if (at[0] == TLS_SERVER_KEY_EXCHANGE && read_server_key_exchange(&in, p->suite->kx, &ske, &why)) {
        p->group = p->suite->kx == TLS_KX_DHE ? p->group : ske.group;
        memcpy(p->engine_value, ske.value.at, ske.value.n);
    } else if (at[0] == TLS_CLIENT_KEY_EXCHANGE && read_client_key_exchange(&in, p->suite->kx, &exchange, &why)) {
        const struct classroom *room;
        pair_classroom(tls_auth_key(p->suite->auth), &room);
        if (p->suite->kx == TLS_KX_RSA) {
            rsa_decrypt_premaster(&room->leaf_key.u.rsa, chance(p), TLS_1_2, exchange.at, exchange.n,
                                  p->pre_master_secret, NULL);
            derive(p, p->pre_master_secret, 48);
        } else {
            memcpy(p->engine_value, exchange.at, exchange.n);
            derive_agreed(p);
        }
    } else if (at[0] == TLS_FINISHED) {
        p->finished_heard = true;
    }
    pair_must(!why.ground || p->careless, "the engine sent what cannot be read: %s", why.ground ? why.ground->id
              : "");
}

static void hear_record(struct tls_peer *p, struct record *r)
{
    bool opened = record_open(&p->reading, r);
    pair_must(opened || p->careless, "the engine sent a record that cannot be opened");
    if (!opened)
        return;
    const uint8_t *at = r->at + r->content, *end = at + r->content_n;
    if (r->type == TLS_CONTENT_ALERT && p->n_alerts < PEER_ALERTS) {
        p->alert_level[p->n_alerts] = at[0];
        p->alert[p->n_alerts++] = at[1];
    } else if (r->type == TLS_CONTENT_CHANGE_CIPHER_SPEC) {
        sealing_start(&p->reading, p->suite, p->key_block, p->client, false, NULL);
    } else if (r->type == TLS_CONTENT_APPLICATION) {
        pair_must(p->data_n + r->content_n <= sizeof p->data, "more than there is room for");
        memcpy(p->data + p->data_n, at, r->content_n);
        p->data_n += r->content_n;
    }
    while (r->type == TLS_CONTENT_HANDSHAKE && at < end) {
        size_t n = 4 + ((size_t)at[1] << 16 | (size_t)at[2] << 8 | at[3]);
        pair_must(n <= (size_t)(end - at), "more than there is room for");
        hear_message(p, at, n);
        at += n;
    }
}

void peer_raw(struct tls_peer *p, const void *bytes, size_t n)
{
    const uint8_t *at = bytes;
    do {
        size_t took = n ? ring_write(&p->engine->in, at, n) : 0;
        at = took ? at + took : at;
        n -= took;
        pair_run(p->engine);
        for (struct bytes b = ring_peek(&p->engine->out); b.n >= 5; b = ring_peek(&p->engine->out)) {
            struct record r = { .type = b.at[0], .at = ring_at(&p->engine->out, 0),
                                .n = 5 + (size_t)(b.at[3] << 8 | b.at[4]) };
            pair_must(r.n <= b.n, "more than there is room for");
            hear_record(p, &r);
            ring_consume(&p->engine->out, r.n);
        }
        if (!took)
            break;
    } while (n);
}

void peer_record(struct tls_peer *p, unsigned type, const void *content, size_t n)
{
    static uint8_t room[5 + 70000];
    struct record r = { .type = type, .at = room, .content_n = n };
    if (n)
        memcpy(room + 5 + sealing_front(&p->writing), content, n);
    record_dress(&p->writing, chance(p), &r);
    record_seal(&p->writing, &r);
    peer_raw(p, room, r.n);
}

void peer_message(struct tls_peer *p, const uint8_t *m, size_t n)
{
    uint8_t copy[PEER_MESSAGE];
    memcpy(copy, m, n);
    transcript_add(&p->transcript, (struct bytes){ copy, n });
    if (p->client && copy[0] == TLS_CLIENT_KEY_EXCHANGE && p->suite->kx == TLS_KX_RSA)
        derive(p, p->pre_master_secret, 48);
    else if (p->client && copy[0] == TLS_CLIENT_KEY_EXCHANGE)
        derive_agreed(p);
    peer_record(p, TLS_CONTENT_HANDSHAKE, copy, n);
}

void peer_change_cipher_spec(struct tls_peer *p)
{
    peer_record(p, TLS_CONTENT_CHANGE_CIPHER_SPEC, "\1", 1);
    sealing_start(&p->writing, p->suite, p->key_block, !p->client, false, NULL);
}

static size_t fresh_value(struct tls_peer *p, uint8_t point[EXCHANGE_PUBLIC_MAX])
{
    enum exchange way = way_of(p);
    exchange_make(way, chance(p), "scalar", p->scalar);
    exchange_public(way, p->scalar, point, NULL);
    return exchange_public_size(way);
}

static void make_ske(struct tls_peer *p, struct wire_out *out)
{
    const struct classroom *room;
    uint8_t params[1100], value[EXCHANGE_PUBLIC_MAX], digest[HASH_MAX], signature[SIGNATURE_MAX];
    struct wire_out to = wire_into(params, sizeof params);
    struct hash h;
    size_t n = fresh_value(p, value);
    if (p->suite->kx == TLS_KX_DHE)
        write_dh_params(&to, (struct bytes){ exchange_prime(way_of(p)), n }, (struct bytes){ (const uint8_t *)"\2", 1 },
                        value, n);
    else
        write_ecdh_params(&to, p->group, value, n);
    pair_classroom(tls_auth_key(p->suite->auth), &room);
    hash_start(&h, HASH_SHA256, NULL);
    hash_add(&h, p->client_random, 32);
    hash_add(&h, p->server_random, 32);
    hash_add(&h, params, wire_written(&to));
    hash_end(&h, digest);
    struct sign_scheme scheme = { p->suite->auth == TLS_AUTH_RSA ? SIGN_PKCS1 : SIGN_ECDSA, HASH_SHA256 };
    n = key_sign_digest(&room->leaf_key, chance(p), scheme, digest, signature, NULL);
    write_server_key_exchange(out, (struct bytes){ params, wire_written(&to) },
                              p->suite->auth == TLS_AUTH_RSA ? TLS_RSA_PKCS1_SHA256 : TLS_ECDSA_SECP256R1_SHA256,
                              signature, n);
}

static void make_cke(struct tls_peer *p, struct wire_out *out)
{
    const struct classroom *room;
    uint8_t exchange[RSA_MAX], encoded[RSA_MAX];
    pair_classroom(KEY_RSA, &room);
    if (p->suite->kx != TLS_KX_RSA) {
        size_t n = fresh_value(p, exchange);
        write_client_key_exchange(out, p->suite->kx, exchange, n);
        return;
    }
    chance_fill(chance(p), "pre_master_secret", p->pre_master_secret, 48);
    p->pre_master_secret[0] = (uint8_t)(p->version >> 8);
    p->pre_master_secret[1] = (uint8_t)p->version;
    pair_must(rsa_encrypt(&room->leaf.key.u.rsa, chance(p), p->pre_master_secret, 48, encoded, exchange,
                          NULL), "RSA encrypts");
    write_client_key_exchange(out, TLS_KX_RSA, exchange, room->leaf.key.u.rsa.n_size);
}

static void make_request(struct wire_out *out)
{
    static const uint8_t body[] = { 1, 64, 0, 4, 4, 3, 4, 1, 0, 0 };
    put_u8(out, "msg_type", TLS_CERTIFICATE_REQUEST);
    put_u24(out, "length", sizeof body);
    put_bytes(out, "body", body, sizeof body);
}

size_t peer_make(struct tls_peer *p, unsigned type, uint8_t out[PEER_MESSAGE])
{
    struct wire_out to = wire_into(out, PEER_MESSAGE);
    const struct classroom *room;
    uint8_t verify_data[12];
    pair_classroom(tls_auth_key(p->suite->auth), &room);
    const struct der chain[] = { room->leaf.der, room->intermediate.der };
    const uint16_t groups[] = { p->group, p->group == TLS_X25519 ? TLS_SECP256R1 : TLS_X25519, TLS_FFDHE2048 };
    switch (type) {
    case TLS_CLIENT_HELLO:
        write_client_hello(&to, &(struct client_hello_wishes){
            .random = p->client_random, .suites = &p->suite, .n_suites = 1, .groups = groups,
            .n_groups = p->suite->kx == TLS_KX_DHE ? 3 : 2, .sigalgs = tls_sigalgs, .n_sigalgs = tls_n_sigalgs, .server_name = PAIR_HOST });
        out[4] = (uint8_t)(p->version >> 8);
        out[5] = (uint8_t)p->version;
        break;
    case TLS_SERVER_HELLO:
        write_server_hello(&to, &(struct server_hello_wishes){
            .random = p->server_random, .suite = p->suite->number, .extensions = EXT_RENEGOTIATION_INFO
            | (p->extended_master_secret ? EXT_EXTENDED_MASTER_SECRET : 0) });
        break;
    case TLS_CERTIFICATE:         write_certificate(&to, chain, 2); break;
    case TLS_SERVER_KEY_EXCHANGE: make_ske(p, &to); break;
    case TLS_CERTIFICATE_REQUEST: make_request(&to); break;
    case TLS_CLIENT_KEY_EXCHANGE: make_cke(p, &to); break;
    case TLS_FINISHED:
        derive_verify_data(p->suite->prf, p->master_secret, !p->client, &p->transcript, verify_data, NULL);
        write_finished(&to, verify_data);
        break;
    default: write_empty_message(&to, (enum tls_message_type)type);
    }
    pair_must(!to.failed, "no room for message %u", type);
    return wire_written(&to);
}

static void make_and_send(struct tls_peer *p, unsigned type)
{
    uint8_t m[PEER_MESSAGE];
    size_t n = peer_make(p, type, m);
    peer_message(p, m, n);
}

void peer_next(struct tls_peer *p)
{
    enum tls_state state = peer_state(p);
    switch (state) {
    case WAIT_CLIENT_HELLO:        make_and_send(p, TLS_CLIENT_HELLO); break;
    case WAIT_CLIENT_KEY_EXCHANGE: make_and_send(p, TLS_CLIENT_KEY_EXCHANGE); break;
    case WAIT_SERVER_HELLO:        make_and_send(p, TLS_SERVER_HELLO); break;
    case WAIT_CERTIFICATE:         make_and_send(p, TLS_CERTIFICATE); break;
    case WAIT_SERVER_KEY_EXCHANGE: make_and_send(p, TLS_SERVER_KEY_EXCHANGE); break;
    case WAIT_REQUEST_OR_DONE:
    case WAIT_SERVER_HELLO_DONE:   make_and_send(p, TLS_SERVER_HELLO_DONE); break;
    case WAIT_CHANGE_CIPHER_SPEC:  peer_change_cipher_spec(p); break;
    case WAIT_FINISHED:            make_and_send(p, TLS_FINISHED); break;
    default: break;
    }
    pair_must(peer_state(p) != state, "honest was refused in %s: %s (%s; %s)", tls_state_words(state),
                  p->engine->fault.ground ? p->engine->fault.ground->id : "no fault", p->engine->fault.expected,
                  p->engine->fault.came);
}

void peer_to(struct tls_peer *p, enum tls_state state)
{
    while (peer_state(p) != state) {
        if (state == WAIT_SERVER_HELLO_DONE && peer_state(p) == WAIT_REQUEST_OR_DONE)
            make_and_send(p, TLS_CERTIFICATE_REQUEST);
        else
            peer_next(p);
    }
    ck_assert(state != CONNECTED || p->finished_heard);
}

void peer_refused(struct tls_peer *p, const char *ground, int alert)
{
    const struct fault *f = &p->engine->fault;
    pair_must(p->engine->says == TLS_FAILED, "%s was not refused; state %s", ground,
              tls_state_words(peer_state(p)));
    ck_assert_str_eq(f->ground->id, ground);
    pair_must(f->expected[0] && f->came[0], "%s: a fault without words", ground);
    if (alert == TLS_SAYS_NOTHING) {
        ck_assert_uint_eq(p->n_alerts, 0);
        ck_assert_ptr_null(f->answer);
        return;
    }
    pair_must(p->n_alerts, "%s: no alert came", ground);
    ck_assert_uint_eq(p->alert_level[p->n_alerts - 1], alert == TLS_ALERT_CLOSE_NOTIFY ? TLS_WARNING : TLS_FATAL);
    pair_must(p->alert[p->n_alerts - 1] == (unsigned)alert, "%s: alert %u, not %d", ground,
              p->alert[p->n_alerts - 1], alert);
    ck_assert_str_eq(f->answer, tls_alert_answer(alert));
}
