/* watch_keys.c - where secrets come from, what they open, and each Finished recomputed. */
#include "tls/watch_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct ground bad_record_mac = { "tls.bad_record_mac", "RFC 5246 §7.2.2" };
static const struct ground hello_keys = { "tls.hello_keys", "RFC 5246 §6.3" };
static const struct ground near_random = { "tls.near_random", "RFC 5246 §7.4.1.2" };
static const struct ground wrong_finished = { "tls.finished", "RFC 5246 §7.4.9" };

enum { RSA_LINE = 8,                                  /* octets of the encrypted secret that name a line */
       LINES_LOOKED_AT = 10000, GUESSES = 32, GUESSED_MOST = 8 };

/* ---- a master secret ---- */

/* The keys of both directions, from a master secret that is known. */
static void take_master(struct tls_watch *w, const uint8_t master[TLS_MASTER_SECRET], enum watch_key_from from,
                        const char *how)
{
    for (unsigned side = 0; side < 2; side++) {
        struct tls *t = &w->reader[side];
        memcpy(t->master_secret, master, TLS_MASTER_SECRET);
        tell_known_secret(t, "RFC 5246 §8.1", __func__, how);
        derive_key_block(t->facts.suite, t->master_secret, t->client_random, t->server_random, w->shake.key_block,
                         t->config.cpu);
        tell_key_block(t);
    }
    w->master_known = true;
    w->facts.key_from = from;
}

/* RSA key exchange: from the pre-master secret, which is wiped; the transcript goes up to ClientKeyExchange. */
static void take_pre_master(struct tls_watch *w, uint8_t *secret, size_t n, enum watch_key_from from)
{
    struct tls *t = &w->reader[WATCH_CLIENT], *other = &w->reader[WATCH_SERVER];
    derive_keys(t, secret, n);
    memcpy(other->master_secret, t->master_secret, TLS_MASTER_SECRET);
    tell_key_block(other);
    w->master_known = true;
    w->facts.key_from = from;
}

/* Every draw is another one: what a decryption gives that failed is then not the same twice. */
struct counted { struct chance chance; uint64_t n; };
static void fill_counted(struct chance *c, const char *purpose, void *out, size_t n)
{
    struct counted *counted = (struct counted *)(void *)c;
    uint8_t digest[HASH_MAX], *to = out;
    (void)purpose;
    for (size_t took; n; to += took, n -= took) {
        counted->n++;
        hash_of(HASH_SHA256, &counted->n, sizeof counted->n, digest, NULL);
        took = n < 32 ? n : 32;
        memcpy(to, digest, took);
    }
}

/* RFC 5246 §7.4.7.1. A server must not say whether padding and version were right, so that this one function never
 * does: where they are not, chance decides what comes out, and twice the same comes out where they are. */
static bool decrypt(const struct tls_watch *w, const struct private_key *key, struct bytes encrypted, uint8_t *secret)
{
    struct counted counted = { { fill_counted }, 0 };
    uint8_t again[TLS_PRE_MASTER_SECRET];
    const uint16_t version = w->shake.client_version;
    const struct rsa_private *rsa = &key->u.rsa;
    const struct cpu *cpu = w->config.cpu;
    bool good = rsa_decrypt_premaster(rsa, &counted.chance, version, encrypted.at, encrypted.n, secret, cpu)
        && rsa_decrypt_premaster(rsa, &counted.chance, version, encrypted.at, encrypted.n, again, cpu)
        && memcmp(secret, again, sizeof again) == 0;
    sodium_memzero(again, sizeof again);
    return good;
}

/* NULL: none of them is the certificate's. */
static const struct private_key *server_key(const struct tls_watch *w)
{
    for (size_t i = 0; i < w->config.n_server_keys; i++)
        if (w->config.server_keys[i].pub.kind == KEY_RSA
            && key_same(&w->config.server_keys[i].pub, &w->shake.peer_key))
            return &w->config.server_keys[i];
    return NULL;
}

void watch_client_key_exchange(struct tls_watch *w, struct bytes exchange)
{
    uint8_t secret[EXCHANGE_SECRET_MAX];
    const struct keylog_secret *line = NULL;
    struct bytes id = exchange;
    if (w->master_known || w->facts.suite->kx != TLS_KX_RSA || w->torn)
        return;
    id.n = RSA_LINE;
    if (w->config.keylog && exchange.n >= RSA_LINE)
        line = keylog_find(w->config.keylog, KEYLOG_RSA, id);
    const struct private_key *key = server_key(w);
    if (line && line->after_packet > w->now->packet)
        w->facts.key_after = line->after_packet;
    else if (line && line->n == TLS_PRE_MASTER_SECRET) {
        memcpy(secret, line->secret, line->n);
        take_pre_master(w, secret, line->n, WATCH_KEY_RSA_LOG);
        return;
    }
    w->key_tried = key != NULL;
    if (key && decrypt(w, key, exchange, secret)) {
        take_pre_master(w, secret, TLS_PRE_MASTER_SECRET, WATCH_KEY_SERVER);
    }
    sodium_memzero(secret, sizeof secret);
}

static bool from_session(struct tls_watch *w)
{
    struct watch_session s;
    const struct bytes id = { w->offered_id, w->offered_id_n }, ticket = { w->offered_ticket.bytes,
                                                                          w->offered_ticket.n };
    if (w->full || !(watch_sessions_find(w->config.sessions, true, ticket, &s)
                     || (w->echoed && watch_sessions_find(w->config.sessions, false, id, &s))))
        return false;
    take_master(w, s.master_secret, WATCH_KEY_SESSION, "an earlier connection's, whose session this one resumes");
    sodium_memzero(&s, sizeof s);
    return true;
}

static bool has_lines(const struct keylog *k)
{
    size_t n = 0;
    for (unsigned label = 0; k && label < KEYLOG_LABELS; label++)
        n += keylog_count(k, (enum keylog_label)label);
    return n > 0;
}

/* Why there is none. */
static enum watch_blind reason(const struct tls_watch *w)
{
    const struct watch_facts *f = &w->facts;
    if (w->torn && !w->server_hello_seen)
        return WATCH_GAP;
    if (!w->hello_seen || !w->server_hello_seen)
        return WATCH_MIDDLE;
    if (f->key_after)
        return WATCH_LATE;
    if (w->config.n_server_keys && f->suite->kx != TLS_KX_RSA)
        return WATCH_KEY_USELESS;
    if (w->config.n_server_keys && w->full && !server_key(w))
        return WATCH_KEY_OTHER;
    if (w->config.n_server_keys && w->key_tried)
        return WATCH_WRONG_KEY;
    return has_lines(w->config.keylog) ? WATCH_NO_LINE : WATCH_NO_KEYLOG;
}

bool watch_find_keys(struct tls_watch *w)
{
    const struct bytes random = { w->reader[WATCH_CLIENT].client_random, TLS_RANDOM };
    const struct keylog_secret *line = NULL;
    if (w->unspoken)                                  /* a second ServerHello may say so when there are keys */
        return false;
    if (w->master_known)
        return true;
    if (w->hello_seen && w->server_hello_seen) {
        line = w->config.keylog ? keylog_find(w->config.keylog, KEYLOG_CLIENT_RANDOM, random) : NULL;
        if (line && line->after_packet > w->now->packet)
            w->facts.key_after = line->after_packet;
        else if (line && line->n == TLS_MASTER_SECRET)
            take_master(w, line->secret, WATCH_KEY_LOG, "a line of the key log");
        else if (!line)
            from_session(w);
    }
    if (w->master_known && (w->facts.blind == WATCH_LATE || w->facts.blind == WATCH_NO_LINE)) {
        w->late = true;                               /* records went by unread, and maybe a Finished among them */
    } else if (!w->master_known) {
        watch_blinded(w, reason(w));
    }
    return w->master_known;
}

/* ---- the end of the handshake ---- */

static void keep_session(struct tls_watch *w)
{
    struct handshake *h = &w->shake;
    struct watch_session s = { .extended_master_secret = w->facts.extended_master_secret };
    memcpy(s.master_secret, w->reader[WATCH_CLIENT].master_secret, TLS_MASTER_SECRET);
    watch_sessions_put(w->config.sessions, false, (struct bytes){ h->session.id, h->session.id_n }, &s);
    watch_sessions_put(w->config.sessions, true, (struct bytes){ h->ticket.bytes, h->ticket.n }, &s);
    sodium_memzero(&s, sizeof s);
}

/* Both Finished are through: what only the handshake needed is wiped, but the keys of a direction that still has
 * none. */
static void end_handshake(struct tls_watch *w)
{
    struct handshake *h = &w->shake;
    w->over = true;
    w->facts.connected_at = *w->now;
    if (w->master_known && w->proven)
        keep_session(w);
    keep_end(&h->ticket);
    keep_end(&h->chain);
    keep_stop(&w->reader[WATCH_CLIENT]);
    if (!w->side[0].keyed || !w->side[1].keyed)
        return;
    sodium_memzero(h->key_block, sizeof h->key_block);
    sodium_memzero(&h->session, sizeof h->session);
    for (unsigned side = 0; side < 2; side++)
        sodium_memzero(w->reader[side].master_secret, TLS_MASTER_SECRET);
}

/* Its Finished came, in whatever form. */
static void note_connected(struct tls_watch *w, unsigned side)
{
    w->side[side].connected = true;
    if (w->side[1 - side].connected && !w->over)
        end_handshake(w);
}

/* ---- records ---- */

/* What a record of AES-GCM carries of its nonce is a counter in all stacks that are known: it tells how many are
 * missing (RFC 5288 §3 leaves it to the sender). */
static bool nonce_of(const struct tls *t, const struct record *rec, uint64_t *nonce)
{
    const struct tls_suite *s = t->reading.suite;
    if (s->sealing != TLS_SEAL_AEAD || !s->record_iv || rec->n < RECORD_HEADER + s->record_iv)
        return false;
    struct wire_in in = wire_over(rec->at + RECORD_HEADER, s->record_iv, NULL);
    *nonce = take_u64(&in, "nonce_explicit");
    return true;
}

static bool open_as(struct tls *t, struct record *rec, const uint8_t *copy, uint64_t number)
{
    memcpy(rec->at, copy, rec->n);
    t->reading.sequence = number;
    return record_open(&t->reading, rec);
}

/* The number of this record is not known: a few are tried, on a copy, since what does not open is spoiled by trying. */
static bool open_by_guess(struct tls_watch *w, unsigned side, struct record *rec)
{
    struct tls *t = &w->reader[side];
    struct watch_side *s = &w->side[side];
    const uint64_t expected = t->reading.sequence;
    uint64_t nonce;
    uint8_t *copy = malloc(rec->n);
    if (!copy)
        return false;
    memcpy(copy, rec->at, rec->n);
    bool good = open_as(t, rec, copy, expected);
    if (!good && s->has_nonce && nonce_of(t, rec, &nonce))
        good = open_as(t, rec, copy, s->nonce_at + (nonce - s->nonce));
    for (uint64_t step = 1; !good && step <= GUESSES; step++)
        good = open_as(t, rec, copy, expected + step) || (step <= 2 && expected >= step
                                                           && open_as(t, rec, copy, expected - step));
    if (!good) {
        t->reading.sequence = expected;
        s->guessed++;
    }
    s->guess = s->gap = !good && s->guessed < GUESSED_MOST;
    free(copy);
    return good;
}

/* Records that did not open are faults if others do; if none does, it is the key that is wrong. */
static void refuse_record(struct tls_watch *w, unsigned side, const struct fault *why)
{
    if (w->proven) {
        watch_fault(w, WATCH_BAD_RECORD, side, 0, why);
        return;
    }
    if (w->n_pending == WATCH_PENDING)
        w->more_pending++;
    else
        w->pending[w->n_pending++] = (struct watch_fault){ WATCH_BAD_RECORD, side, w->side[side].records,
                                                           w->now->packet, 0, *why };
    watch_blinded(w, WATCH_WRONG_KEY);
}

static void prove(struct tls_watch *w)
{
    struct watch_facts *f = &w->facts;
    w->proven = true;
    if (f->blind == WATCH_WRONG_KEY)
        f->blind = WATCH_SEES;
    for (size_t i = 0; i < w->n_pending; i++)
        if (f->n_faults < WATCH_FAULTS)
            f->faults[f->n_faults++] = w->pending[i];
        else
            f->more_faults++;
    f->more_faults += (unsigned)w->more_pending;
    w->n_pending = w->more_pending = 0;
}

/* A client's Finished that could not be opened: what it must have said is known, and the server's covers it. */
static void supply_finished(struct tls_watch *w, unsigned side)
{
    struct tls *t = &w->reader[side];
    uint8_t verify_data[TLS_VERIFY_DATA], message[TLS_MESSAGE_HEADER + TLS_VERIFY_DATA];
    struct wire_out out = wire_into(message, sizeof message);
    derive_verify_data(t->facts.suite->prf, t->master_secret, side == WATCH_SERVER, &w->shake.transcript, verify_data,
                       t->config.cpu);
    write_finished(&out, verify_data);
    watch_bind_finished(w, side, verify_data);
    add_to_transcript(t, (struct bytes){ message, sizeof message }, 0);
    w->side[side].may = ~0u;
    note_connected(w, side);
}

/* This side's keys, for its next record. */
static bool start_keys(struct tls_watch *w, unsigned side)
{
    struct watch_side *s = &w->side[side];
    if (!watch_find_keys(w))
        return false;
    on_change_cipher_spec(&w->reader[side], NULL, NULL);
    w->reader[side].reading.sequence = s->since;
    s->keyed = true;
    return true;
}

/* Behind a record that nobody opened: the next has the next number, and what the first one said is known. */
static void go_on(struct tls_watch *w, unsigned side)
{
    struct watch_side *s = &w->side[side];
    w->reader[side].reading.sequence++;
    s->refused = true;
    s->guess = w->proven && s->guessed < GUESSED_MOST;
    if (!s->connected && s->since == 1 && w->master_known && !w->unspoken)
        supply_finished(w, side);
}

void watch_skip(struct tls_watch *w, unsigned side)
{
    struct watch_side *s = &w->side[side];
    w->facts.records[side].sealed++;
    w->facts.records[side].refused += w->master_known;
    s->since++;
    if (s->keyed || start_keys(w, side))
        go_on(w, side);
}

static void refused(struct tls_watch *w, unsigned side)
{
    struct tls *t = &w->reader[side];
    struct fault why = { 0 };
    static const char *const wrong[] = { [TLS_SEAL_AEAD] = "authentication tag", [TLS_SEAL_CBC] = "MAC or padding",
                                         [TLS_SEAL_NULL] = "MAC" };
    w->facts.records[side].refused++;
    refuse(&why, &bad_record_mac, "a record that was sealed with these keys and is as it was sent", "its %s is wrong",
           wrong[t->reading.suite->sealing]);
    refuse_record(w, side, &why);
    go_on(w, side);
}

void watch_start_keys(struct tls_watch *w, unsigned side)
{
    if (!w->side[side].keyed)
        start_keys(w, side);
}

bool watch_open_record(struct tls_watch *w, unsigned side, struct record *rec)
{
    struct tls *t = &w->reader[side];
    struct watch_side *s = &w->side[side];
    if (!s->keyed) {
        if (!s->sealed || !start_keys(w, side)) {
            if (!s->sealed)
                watch_blinded(w, w->torn ? WATCH_GAP : WATCH_MIDDLE);
            else if (!s->connected) {                 /* that was Finished, and nobody can read it */
                w->late = true;
                s->may = ~0u;
                note_connected(w, side);
            }
            s->since++;
            return false;
        }
    }
    uint64_t nonce = 0;
    const bool counted = nonce_of(t, rec, &nonce);
    bool good = s->gap || s->guess ? open_by_guess(w, side, rec) : record_open(&t->reading, rec);
    s->since++;
    if (!good) {
        refused(w, side);
        return false;
    }
    s->refused = false;
    s->guessed = 0;
    s->has_nonce = counted;
    s->nonce = nonce;
    s->nonce_at = rec->sequence;
    if (!w->proven)
        prove(w);
    return true;
}

bool watch_master(const struct tls_watch *w, uint8_t master[TLS_MASTER_SECRET])
{
    const uint8_t *secret = w->reader[WATCH_CLIENT].master_secret;
    if (!w->master_known || w->facts.version != TLS_1_2 || sodium_is_zero(secret, TLS_MASTER_SECRET))
        return false;                                 /* behind the handshake it is wiped */
    memcpy(master, secret, TLS_MASTER_SECRET);
    return true;
}

/* ---- Finished ---- */

/* Is all there that a Finished is made of? The other's, too, where that comes first. */
static bool comparable(const struct tls_watch *w, unsigned side)
{
    const bool second = (side == WATCH_SERVER) == w->full;
    return w->master_known && !w->unspoken && !w->torn && !w->ssl2 && !w->late
        && (!second || w->side[1 - side].connected);
}

void watch_finished(struct tls_watch *w, unsigned side, const struct tls_message *m)
{
    struct watch_finished *finished = &w->facts.finished[side];
    struct fault why = { 0 };
    struct tls *t = &w->reader[side];
    const bool again = finished->seen, checked = comparable(w, side);     /* of this handshake; finished: of all */
    bool good = true;
    if (checked) {
        good = check_finished(t, m, &why);
        finished->verified = good && (finished->verified || !again);
        finished->checked = true;
    }
    finished->seen = true;
    finished->packet = w->now->packet;
    if (m->body.n == TLS_VERIFY_DATA)
        watch_bind_finished(w, side, m->body.at);
    if (!good)
        watch_fault(w, why.ground && !strcmp(why.ground->id, wrong_finished.id) ? WATCH_BAD_FINISHED
                                                                               : WATCH_BAD_MESSAGE,
                    side, TLS_FINISHED, &why);
    if (!checked || !good)
        add_to_transcript(t, m->whole, m->buf);
    if ((side == WATCH_SERVER) == w->full && !w->side[1 - side].connected)
        w->late = true;                               /* both directions are not read in the order of time */
    note_connected(w, side);
}

/* Is there a line in the key log for almost this random, and none for it? */
static bool nearly_logged(const struct tls_watch *w)
{
    uint8_t random[TLS_RANDOM];
    bool nearly = false;
    for (size_t i = 0; w->config.keylog && i < LINES_LOOKED_AT && keylog_client(w->config.keylog, i, random); i++) {
        unsigned differ = 0;
        for (unsigned k = 0; k < TLS_RANDOM; k++)
            differ += random[k] != w->facts.client_random[k];
        if (differ == 0)                              /* lines of an epoch that never came, as where it failed */
            return false;
        nearly |= differ <= 2;
    }
    return nearly;
}

/* What a hello says that all keys are made of: where its random is signed, too, the signature has said so already. */
static void blame(struct tls_watch *w, unsigned side, unsigned message, const struct fault *why)
{
    struct watch_facts *f = &w->facts;
    for (size_t i = 0; i < f->n_faults; i++)
        if (f->faults[i].what == WATCH_BAD_SIGNATURE && f->faults[i].message == TLS_SERVER_KEY_EXCHANGE) {
            f->faults[i].side = side;
            f->faults[i].message = message;
            f->faults[i].packet = message == TLS_CLIENT_HELLO ? f->client_hello_at.packet : f->server_hello_at.packet;
            f->faults[i].record = 1;
            return;
        }
    watch_fault(w, WATCH_BAD_MESSAGE, side, message, why);
    if (f->n_faults && !f->more_faults) {
        f->faults[f->n_faults - 1].packet = message == TLS_CLIENT_HELLO ? f->client_hello_at.packet
                                                                        : f->server_hello_at.packet;
        f->faults[f->n_faults - 1].record = 1;
    }
}

/* A secret for this very connection was there, and opened nothing: then not the secret is wrong, but what else keys
 * are made of, and that is what ServerHello says. */
void watch_settle(struct tls_watch *w)
{
    struct watch_facts *f = &w->facts;
    struct fault why = { 0 };
    if (w->settled || w->proven || w->handshakes != 1 || w->torn)
        return;
    w->settled = true;
    if (w->n_pending && (f->key_from == WATCH_KEY_LOG || f->key_from == WATCH_KEY_RSA_LOG)) {
        refuse(&why, &hello_keys, "keys that open what follows, from the key log and both hellos",
               "keys that open none of %llu sealed records", (unsigned long long)w->n_pending + w->more_pending);
        blame(w, WATCH_SERVER, TLS_SERVER_HELLO, &why);
    } else if (f->blind == WATCH_NO_LINE && nearly_logged(w)) {
        refuse(&why, &near_random, "a client_random that the key log has",
               "one that differs from its line in an octet");
        blame(w, WATCH_CLIENT, TLS_CLIENT_HELLO, &why);
    }
}
