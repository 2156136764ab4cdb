/* handshake.c - what client and server do alike: secrets, Finished, ChangeCipherSpec. */
#include "tls/handlers.h"

#include "crypto/ct.h"

#include <stdlib.h>
#include <string.h>

static const struct ground wrong_finished = { "tls.finished", "RFC 5246 §7.4.9" };

void add_to_transcript(struct tls *t, struct bytes message, buf_no buf)
{
    if (t->facts.suite)
        transcript_choose(&t->shake->transcript, t->facts.suite->prf);
    transcript_add(&t->shake->transcript, message);
    keep_message(t, message);
    if (t->shake->n_messages < TRANSCRIPT_MESSAGES)
        t->shake->messages[t->shake->n_messages++] = buf;
    tell_transcript(t, buf);
}

void derive_keys(struct tls *t, uint8_t *pre_master_secret, size_t n)
{
    const struct tls_suite *suite = t->facts.suite;
    const struct bytes secret = { pre_master_secret, n };
    if (t->facts.extended_master_secret) {
        uint8_t session_hash[HASH_MAX];
        size_t hash_n = transcript_hash(&t->shake->transcript, suite->prf, session_hash);
        derive_extended_master_secret(suite->prf, pre_master_secret, n, session_hash, hash_n, t->master_secret,
                                      t->config.cpu);
        tell_transcript_hash(t, "session_hash", "RFC 7627 §3", "ClientHello to ClientKeyExchange");
        tell_master_secret(t, secret, (struct bytes){ session_hash, hash_n });
    } else {
        derive_master_secret(suite->prf, pre_master_secret, n, t->client_random, t->server_random,
                             t->master_secret, t->config.cpu);
        tell_master_secret(t, secret, (struct bytes){ 0 });
    }
    sodium_memzero(pre_master_secret, n);
    sodium_memzero(t->shake->scalar, sizeof t->shake->scalar);
    derive_key_block(suite, t->master_secret, t->client_random, t->server_random, t->shake->key_block, t->config.cpu);
    tell_key_block(t);
    t->progress = TLS_KEYS_DONE;
}

static void note_finished(struct tls *t, const uint8_t verify_data[TLS_VERIFY_DATA])
{
    if (!t->finished_seen)
        memcpy(t->first_finished, verify_data, TLS_VERIFY_DATA);
    t->finished_seen = true;
}

bool send_finished(struct tls *t, struct fault *why)
{
    struct wire_out out;
    uint8_t verify_data[TLS_VERIFY_DATA];
    flight_change_cipher_spec(t);
    derive_verify_data(t->facts.suite->prf, t->master_secret, t->config.server, &t->shake->transcript, verify_data,
                       t->config.cpu);
    tell_verify_data(t, t->config.server, verify_data);
    note_finished(t, verify_data);
    if (!flight_room(t, TLS_MESSAGE_HEADER + TLS_VERIFY_DATA, &out, why))
        return false;
    write_finished(&out, verify_data);
    return flight_add(t, &out, why);
}

bool check_finished(struct tls *t, const struct tls_message *m, struct fault *why)
{
    struct wire_in in = wire_over(m->body.at, m->body.n, NULL);
    struct bytes came;
    uint8_t expected[TLS_VERIFY_DATA];
    char hex[2][2 * TLS_VERIFY_DATA + 1];
    if (!read_finished(&in, &came, why))
        return false;
    derive_verify_data(t->facts.suite->prf, t->master_secret, !t->config.server, &t->shake->transcript, expected,
                       t->config.cpu);
    tell_verify_data(t, !t->config.server, expected);
    bool good = ct_tell(ct_same(expected, came.at, TLS_VERIFY_DATA));
    sodium_bin2hex(hex[0], sizeof hex[0], expected, sizeof expected);
    sodium_bin2hex(hex[1], sizeof hex[1], came.at, came.n);
    tell_check(t, t->config.server ? "client_finished" : "server_finished", wrong_finished.rfc, hex[0], hex[1],
               good);
    if (!good)
        return refuse(why, &wrong_finished, "verify_data over the handshake as we saw it", "%s, not %s", hex[1],
                      hex[0]);
    add_to_transcript(t, m->whole, m->buf);
    note_finished(t, expected);
    t->facts.verify_data_n = TLS_VERIFY_DATA;
    return true;
}

/* From the next record on the peer's direction is sealed. Only the table lets this happen, and only when
 * there are keys: early ChangeCipherSpec (CVE-2014-0224) has no row. */
bool on_change_cipher_spec(struct tls *t, const struct tls_message *m, struct fault *why)
{
    (void)m;
    (void)why;
    sealing_start(&t->reading, t->facts.suite, t->shake->key_block, !t->config.server,
                  t->facts.encrypt_then_mac, t->config.cpu);
    return true;
}

/* For what the table allows and somebody else takes care of. */
bool nothing_to_do(struct tls *t, const struct tls_message *m, struct fault *why)
{
    (void)t;
    (void)m;
    (void)why;
    return true;
}

void wipe_handshake(struct tls *t)
{
    struct handshake *h = t->shake;
    gather_end(t);
    if (!t->config.exporter || t->state != CONNECTED || t->ended)              /* else tls_export needs it */
        sodium_memzero(t->master_secret, sizeof t->master_secret);
    if (!h)
        return;
    keep_end(&h->ticket);
    keep_stop(t);
    keep_end(&h->chain);
    keep_end(&h->scts);
    free((void *)h->peer_value.at);
    sodium_memzero(h, sizeof *h);
    free(h);
    t->shake = NULL;
}
