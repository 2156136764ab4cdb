/* tls.c - the engine: opened records go through the table, alerts end it or do not, data go to and fro. */
#include "tls/handlers.h"

#include <stdlib.h>
#include <string.h>

static const struct ground bad_config = { "tls.config", "RFC 5246 §7.4.1.3" };
static const struct ground aborted = { "tls.aborted", "RFC 5246 §7.2.2" };
static const struct ground no_memory = { "tls.no_memory", "RFC 5246 §7.2.2" };
static const struct ground unexpected = { "tls.unexpected_message", "RFC 5246 §7.3" };
static const struct ground empty_record = { "tls.empty_record", "RFC 5246 §6.2.1" };
static const struct ground bad_ccs = { "tls.change_cipher_spec", "RFC 5246 §7.1" };
static const struct ground alert_cut = { "tls.alert_cut", "RFC 5246 §7.2" };
static const struct ground alert_level = { "tls.alert_level", "RFC 5246 §7.2" };
static const struct ground alert_received = { "tls.alert_received", "RFC 5246 §7.2" };
static const struct ground peer_needs_newer = { "tls.peer_needs_newer", "RFC 5246 Appendix E.1" };
static const struct ground peer_handshake_failure = { "tls.peer_handshake_failure", "RFC 5246 §7.2.2" };
static const struct ground closed_in_handshake = { "tls.closed_in_handshake", "RFC 5246 §7.2.1" };
static const struct ground too_many_empty = { "tls.too_many_empty", "RFC 5246 §6.2.1" };
static const struct ground key_worn = { "tls.key_worn", "RFC 9325 §4.4" };
static const struct ground truncated = { "tls.truncated", "RFC 5246 §7.2.1" };
static const struct ground internal = { "tls.internal", "RFC 5246 §7.2.2" };
static const struct ground handshake_cut = { "tls.handshake_cut", "RFC 5246 §7.3" };

enum { ALERT_ROOM = RECORD_HEADER + 2 + RECORD_MORE_MAX, LEAST_RECORD = 512 };
/* A segment's text over IPv6 with TCP's timestamps is 1428 octets; a record has 29 of its own in most suites. */
enum { SMALL_RECORD = 1396, SMALL_FOR = 65536 };
#define PAUSE SECOND

/* What the config leaves open. */
static void fill_in(struct tls_config *c)
{
    if (!c->n_suites) {
        c->suites = tls_usual_suites;
        c->n_suites = TLS_USUAL_SUITES;
    }
    if (!c->n_groups) {
        c->groups = tls_groups;
        c->n_groups = tls_n_groups;
    }
    if (!c->n_sigalgs) {
        c->sigalgs = tls_sigalgs;
        c->n_sigalgs = c->legacy ? tls_n_legacy_sigalgs : tls_n_sigalgs;
    }
    if (!c->n_sign_sigalgs) {
        c->sign_sigalgs = c->sigalgs;
        c->n_sign_sigalgs = c->n_sigalgs;
    }
}

static bool config_works(const struct tls_config *c, struct fault *why)
{
    if (c->server && !c->n_identities)
        return refuse(why, &bad_config, "a certificate for the server", "none");
    if (c->record_size_limit > TLS_RECORD_MAX || (c->record_size_limit && c->record_size_limit < TLS_RECORD_LIMIT_MIN))
        return refuse(why, &bad_config, "a limit from 64 to 16384 octets", "%u", c->record_size_limit);
    if (c->max_fragment > 4)
        return refuse(why, &bad_config, "a code from 1 to 4", "%u", c->max_fragment);
    for (size_t i = 0; i < c->n_identities; i++)
        if (c->identities[i].scts.n && !tls_scts_fit(c->identities[i].scts))
            return refuse_about(why, &bad_config, "scts", "a SignedCertificateTimestampList", "%zu other octets",
                                c->identities[i].scts.n);
    return c->chance || refuse(why, &bad_config, "a source of chance", "none");
}

struct tls *tls_new(const struct tls_config *config, nsec now, struct fault *why)
{
    if (!config_works(config, why))
        return NULL;
    struct tls *t = calloc(1, sizeof *t);
    if (t)
        t->shake = calloc(1, sizeof *t->shake);
    if (!t || !t->shake) {
        free(t);
        refuse(why, &no_memory, "memory for a connection", "there is none");
        return NULL;
    }
    t->config = *config;
    t->now = now;
    t->read_at = config->read_at;
    t->write_at = config->write_at;
    fill_in(&t->config);
    limit_records(t, RECORD_CONTENT_MAX, RECORD_CONTENT_MAX, false);
    flight_end(t);
    transcript_start(&t->shake->transcript, t->config.cpu);
    t->shake->keeps_messages =
        config->server ? config->client_certificate != TLS_CLIENT_NONE : config->n_identities > 0;
    return t;
}

void tls_free(struct tls *t)
{
    if (!t)
        return;
    flight_end(t);
    wipe_handshake(t);
    sodium_memzero(t, sizeof *t);
    free(t);
}

/* Asks the table, lets the handler act, and takes the row's step. */
static bool step(struct tls *t, const struct tls_message *m, struct fault *why)
{
    char may_come[96];
    const struct tls_row *row = tls_find_row(t->config.server, t->state, m->type);
    if (!row)
        return refuse_about(why, &unexpected, tls_state_words(t->state),
                            tls_may_come(t->config.server, t->state, may_come, sizeof may_come), "%s in state %s",
                            tls_message_words(m->type), tls_state_words(t->state));
    t->next = row->to[0];
    if (!row->handle(t, m, why))
        return false;
    t->state = t->next;
    tell_state(t, row, t->state);
    return true;
}

/* What the peer did without getting anywhere: some of it happens, much of it is an attack (CVE-2016-8610). */
static bool count_idle(unsigned *counter, unsigned most, const char *what, struct fault *why)
{
    return ++*counter <= most
        || refuse_about(why, &too_many_empty, what, "progress now and then", "%u in a row: %s", *counter, what);
}

static enum tls_says handle_fatal(struct tls *t, unsigned number, struct fault *why)
{
    const char *words = tls_alert_words(number) ? tls_alert_words(number) : "of no name";
    bool early = !t->config.server && t->state == WAIT_SERVER_HELLO;
    if (early && number == TLS_ALERT_PROTOCOL_VERSION)
        refuse_about(why, &peer_needs_newer, words, "a server that speaks TLS 1.2",
                     "one that speaks only TLS 1.3, or another version that we do not (alert %s)", words);
    else if (early && number == TLS_ALERT_HANDSHAKE_FAILURE)
        refuse_about(why, &peer_handshake_failure, words,
                     "a server that accepts a cipher suite, group and signature of ours",
                     "one that accepts none (alert %s)", words);
    else
        refuse_about(why, &alert_received, words, "the peer going on", "its alert %s (%u), in state %s", words,
                     number,
                     tls_state_words(t->state));
    return TLS_FAILED;
}

static enum tls_says handle_alert(struct tls *t, const uint8_t *content, size_t n, struct fault *why)
{
    if (n != 2) {
        refuse(why, &alert_cut, "an alert of 2 octets", "%zu octets", n);
        return TLS_FAILED;
    }
    if (content[1] == TLS_ALERT_CLOSE_NOTIFY) {
        t->facts.close_received = true;
        if (t->state == CONNECTED)
            return TLS_CLOSED;
        refuse_about(why, &closed_in_handshake, tls_state_words(t->state), "the end of the handshake",
                     "close_notify in state %s", tls_state_words(t->state));
        return TLS_FAILED;
    }
    if (content[0] == TLS_FATAL)
        return handle_fatal(t, content[1], why);
    if (content[0] != TLS_WARNING) {
        refuse(why, &alert_level, "level warning (1) or fatal (2)", "%u", content[0]);
        return TLS_FAILED;
    }
    return count_idle(&t->warnings, WARNINGS_MAX, "warning alerts", why) ? TLS_AGAIN : TLS_FAILED;
}

static bool handle_change_cipher_spec(struct tls *t, const uint8_t *content, size_t n, struct fault *why)
{
    if (n != 1 || content[0] != 1)
        return refuse(why, &bad_ccs, "one octet of value 1", "%zu octets, the first %u", n, n ? content[0] : 0);
    return step(t, &(struct tls_message){ .type = TLS_CHANGE_CIPHER_SPEC }, why);
}

/* RFC 5246 §6.2.1: an empty record of application data is allowed, as a mask against traffic analysis. */
static bool handle_data(struct tls *t, struct fault *why)
{
    if (!step(t, &(struct tls_message){ .type = TLS_APPLICATION_DATA }, why))
        return false;
    if (t->open.record.content_n == 0)
        return count_idle(&t->empty, EMPTY_MAX, "empty records", why);
    t->empty = t->warnings = 0;
    return true;
}

/* Is it our turn now, or is the handshake over? Then the peer's flight ends here, and its record with it: who says more
 * in one breath has not seen our answer. */
static bool flight_ends(const struct tls *t, const struct tls_message *m, struct fault *why)
{
    bool ended = t->flight.n || m->type == TLS_FINISHED;
    return !ended || t->open.used == t->open.record.content_n
        || refuse_about(why, &unexpected, tls_state_words(t->state), "the end of a record at the end of a flight",
                        "%zu octets behind %s", t->open.record.content_n - t->open.used, tls_message_words(m->type));
}

/* One message of the open record. After the handshake messages can only be asking for another one, which
 * counts as a warning. */
static enum tls_says handle_handshake(struct tls *t, struct ring *in, struct fault *why)
{
    struct tls_message m;
    if (t->open.record.content_n == 0) {
        refuse(why, &empty_record, "a handshake record with something in it", "an empty one");
        return TLS_FAILED;
    }
    enum tls_says says = next_message(t, in, &m, why);
    if (says == TLS_WANTS)
        return TLS_AGAIN;
    if (says != TLS_AGAIN || !step(t, &m, why) || !flight_ends(t, &m, why))
        return TLS_FAILED;
    if (m.type == TLS_HELLO_REQUEST || (m.type == TLS_CLIENT_HELLO && t->state == CONNECTED))
        return count_idle(&t->warnings, WARNINGS_MAX, "requests to negotiate again", why) ? TLS_AGAIN : TLS_FAILED;
    t->warnings = 0;
    return TLS_AGAIN;
}

/* The open record, or the next message in it. Between the parts of a message nothing else may come, except
 * an alert. */
static enum tls_says handle_record(struct tls *t, struct ring *in, struct fault *why)
{
    struct record *r = &t->open.record;
    const uint8_t *content = ring_at(in, r->content);
    if (t->gather.n && r->type != TLS_CONTENT_HANDSHAKE && r->type != TLS_CONTENT_ALERT) {
        refuse_about(why, &unexpected, tls_state_words(t->state), "the rest of a handshake message",
                     "a record of type %s",
                     tls_content_words(r->type));
        return TLS_FAILED;
    }
    switch (r->type) {
    case TLS_CONTENT_HANDSHAKE:          return handle_handshake(t, in, why);
    case TLS_CONTENT_ALERT:              return handle_alert(t, content, r->content_n, why);
    case TLS_CONTENT_CHANGE_CIPHER_SPEC: return handle_change_cipher_spec(t, content, r->content_n, why)
    ? TLS_AGAIN : TLS_FAILED;
    default:                             return handle_data(t, why) ? TLS_AGAIN : TLS_FAILED;
    }
}

/* Is there something left in the open record that will be handled? */
static bool record_left(const struct tls *t)
{
    const struct record *r = &t->open.record;
    return r->n && t->open.used < r->content_n && (r->type == TLS_CONTENT_HANDSHAKE
                                                   || r->type == TLS_CONTENT_APPLICATION);
}

static bool data_open(const struct tls *t)
{
    return t->open.record.type == TLS_CONTENT_APPLICATION && record_left(t);
}

static bool say_close(struct tls *t)
{
    const struct tls_spoil *spoil = t->config.spoil;
    bool silent = spoil && spoil->close && !spoil->close(spoil->self);
    return silent || send_alert(t, TLS_WARNING, TLS_ALERT_CLOSE_NOTIFY);
}

/* The handshake is over for us when our Finished has gone out, too; then its secrets are wiped. */
static bool settle(struct tls *t)
{
    if (!flight_send(t))
        return false;
    if (t->state == CONNECTED && t->progress != TLS_CONNECTED) {
        t->progress = TLS_CONNECTED;
        note_session_id(t);
        wipe_handshake(t);
    }
    if (t->close_due && !t->close_sent)
        t->close_sent = say_close(t);
    return true;
}

static enum tls_says go_on(struct tls *t, struct ring *in, struct fault *why)
{
    if (t->state == AT_START && !step(t, &(struct tls_message){ .type = TLS_BEGIN }, why))
        return TLS_FAILED;
    if (!settle(t))
        return TLS_WANTS;
    if (t->worn) {                                     /* there is no renegotiation to draw another key by */
        refuse(why, &key_worn, "at most 23726566 records under a key of AES-GCM", "more to be sent");
        return TLS_FAILED;
    }
    if (t->facts.close_received)
        return TLS_CLOSED;
    if (data_open(t))
        return TLS_DATA;
    if (!record_left(t)) {
        enum tls_says says = next_record(t, in, why);
        if (says != TLS_AGAIN)
            return says;
    }
    enum tls_says says = handle_record(t, in, why);
    if (says == TLS_FAILED)
        return says;
    settle(t);
    if (data_open(t))
        return TLS_DATA;
    if (!record_left(t))
        close_record(t, in);
    return says;
}

/* Nothing is said or heard any more. */
static void end(struct tls *t, const struct ground *ground)
{
    t->ended = ground;
    t->close_sent = true;
    flight_end(t);
    forget_session(t);
    wipe_handshake(t);
}

/* Says why to the peer, if the peer still listens, and to who asked. */
static void fail(struct tls *t, struct fault *fault, struct fault *why)
{
    /* whoever says no and not why has said no all the same */
    if (!fault->ground)
        refuse(fault, &internal, "a reason for a refusal", "none, in state %s", tls_state_words(t->state));
    int alert = t->word ? t->word : tls_alert_for(fault->ground);
    enum tls_alert_level level = alert == TLS_ALERT_CLOSE_NOTIFY ? TLS_WARNING : TLS_FATAL;
    if (alert != TLS_SAYS_NOTHING && send_alert(t, level, (enum tls_alert)alert))
        fault->answer = SAID(tls_alert_answer(alert));
    end(t, fault->ground);
    if (why && !why->ground)
        *why = *fault;
}

enum tls_says tls_receive(struct tls *t, struct ring *in, struct ring *out, nsec now, struct fault *why)
{
    struct fault fault = { 0 };
    if (t->ended) {
        refuse(why, t->ended, "nothing more on this connection", "it has failed before");
        return TLS_FAILED;
    }
    t->now = now;
    t->out = out;
    enum tls_says says = go_on(t, in, &fault);
    if (says == TLS_FAILED)
        fail(t, &fault, why);
    t->out = NULL;
    return says;
}

struct bytes tls_peek(struct tls *t, struct ring *in)
{
    const struct record *r = &t->open.record;
    if (t->ended || !data_open(t))
        return (struct bytes){ NULL, 0 };
    return (struct bytes){ ring_at(in, r->content + t->open.used), r->content_n - t->open.used };
}

struct span tls_where(const struct tls *t)
{
    if (!data_open(t))
        return (struct span){ 0 };
    return (struct span){ t->open.opened, (uint32_t)(t->open.record.content_n - t->open.used), t->open.used };
}

void tls_consume(struct tls *t, struct ring *in, size_t n)
{
    t->open.used += n;
    if (!record_left(t))
        close_record(t, in);
}

/* A record is not cut where waiting for room makes it whole, so that there is no row of tiny ones. It is, where
 * the ring can never hold it, or where the pool has nothing now and nobody will tell when it has. */
static bool worth_waiting(const struct ring *out, size_t room, size_t wanted)
{
    return room < wanted && (wanted <= out->limit ? ring_room(out) < wanted : room < LEAST_RECORD);
}

/* A record is read only when it is whole. So the first ones fit a segment each, and what is in them shows when that
 * comes; then they are as large as can be, which costs least. After a pause somebody may be waiting again. */
static size_t record_wish(const struct tls *t)
{
    bool small = t->sent_fast < SMALL_FOR || t->now - t->sent_at >= PAUSE;
    return small && SMALL_RECORD < t->send_most ? SMALL_RECORD : t->send_most;
}

static void note_sent(struct tls *t, size_t n)
{
    t->sent_fast = t->now - t->sent_at >= PAUSE ? n : t->sent_fast < SMALL_FOR ? t->sent_fast + n : t->sent_fast;
    t->sent_at = t->now;
}

/* beside the content of a record, so that an alert always has room */
static size_t spare_room(const struct tls *t) { return record_overhead(t) + ALERT_ROOM; }

struct room tls_reserve(struct tls *t, struct ring *out)
{
    if (t->progress != TLS_CONNECTED || t->ended || t->close_due)
        return (struct room){ NULL, 0 };
    const size_t spare = spare_room(t), wish = record_wish(t), front = RECORD_HEADER + sealing_front(&t->writing);
    struct room r = ring_reserve(out, wish + spare);
    size_t n = r.n > spare ? r.n - spare : 0;
    return n ? (struct room){ r.at + front, n < wish ? n : wish } : (struct room){ NULL, 0 };
}

size_t tls_send(struct tls *t, struct ring *out, const void *bytes, size_t n, struct span *where)
{
    if (t->progress != TLS_CONNECTED || t->ended || t->close_due || !n)
        return 0;
    t->worn = sealing_worn(&t->writing);
    if (t->worn)
        return 0;
    if (t->config.spoil && t->config.spoil->data) {
        n = t->config.spoil->data(t->config.spoil->self, n);
        t->cut_off = n == 0;
        if (t->cut_off)
            return 0;
    }
    size_t spare = spare_room(t);
    size_t whole = n < record_wish(t) ? n : record_wish(t);
    size_t had = ring_room(out) < whole + spare ? ring_room(out) : whole + spare;
    had = had ? ring_reserve(out, had).n : 0;
    size_t take = had < whole + spare ? (had > spare ? had - spare : 0) : whole;
    if (!take || worth_waiting(out, had, whole + spare))
        return 0;
    t->out = out;
    buf_no opened = tell_number(t, 'o');
    bool sent = send_record(t, TLS_CONTENT_APPLICATION, bytes, take, opened);
    t->out = NULL;
    if (sent)
        note_sent(t, take);
    if (where)
        *where = (struct span){ opened, sent ? (uint32_t)take : 0, 0 };
    return sent ? take : 0;
}

bool tls_cut_off(const struct tls *t) { return t->cut_off; }

void tls_close(struct tls *t, struct ring *out)
{
    if (t->ended || t->close_due)
        return;
    t->close_due = true;
    t->out = out;
    settle(t);
    t->out = NULL;
}

void tls_abort(struct tls *t, struct ring *out, unsigned alert)
{
    if (t->ended)
        return;
    t->out = out;
    send_alert(t, TLS_FATAL, (enum tls_alert)alert);
    t->out = NULL;
    end(t, &aborted);
}

bool tls_peer_ended(struct tls *t, struct fault *why)
{
    if (t->facts.close_received)
        return true;
    bool connected = t->state == CONNECTED;
    /* Whoever has said close_notify first need not wait for an answer: no fault, but a class should hear. */
    if (!t->ended && t->close_sent && connected)
        tell_check(t, "close_notify", truncated.rfc, "close_notify in answer to ours", "the end without it", false);
    if (!t->ended)
        t->ended = connected ? &truncated : &handshake_cut;
    return connected ? refuse(why, &truncated, "close_notify before the end of the connection",
                              "the end without it")
                     : refuse_about(why, &handshake_cut, tls_state_words(t->state), "the rest of the handshake",
                                    "the connection's end in state %s", tls_state_words(t->state));
}

enum tls_progress tls_progress(const struct tls *t) { return t->progress; }
const char *tls_state_name(const struct tls *t) { return tls_state_words(t->state); }
const struct tls_facts *tls_facts_of(const struct tls *t) { return &t->facts; }
