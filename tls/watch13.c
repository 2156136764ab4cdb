/* watch13.c - TLS 1.3 as watch.c meets it (watch_inside.h): sealed records, by which secret a side seals, and what is
 * tried where that is not certain. */
#include "tls/watch13.h"

#include <stdlib.h>
#include <string.h>

static const struct ground bad_record = { "tls.bad_record13", "RFC 8446 §5.2" };
static const struct ground inner_type = { "tls.inner_type13", "RFC 8446 §5.4" };
static const struct ground plain_record = { "tls.plain_record13", "RFC 8446 §5" };
static const struct ground bad_ccs = { "tls.change_cipher_spec13", "RFC 8446 §5" };

enum { KEPT = RECORD_HEADER + RECORD_CONTENT_MAX + RECORD_SEALED_MORE,
       SEARCH = 600, SEARCHES = 8, FEW = 20 };        /* numbers tried behind a gap; how often in vain */

struct watch13 *watch13_state(struct tls_watch *w)
{
    if (!w->thirteen)
        w->thirteen = calloc(1, sizeof *w->thirteen);
    return w->thirteen;
}

size_t watch13_memory(const struct tls_watch *w)
{
    return w->thirteen ? sizeof *w->thirteen + (w->thirteen->kept ? KEPT : 0) : 0;
}

void watch13_end(struct tls_watch *w)
{
    struct watch13 *t = w->thirteen;
    if (!t)
        return;
    if (t->kept)
        sodium_memzero(t->kept, KEPT);
    free(t->kept);
    sodium_memzero(t, sizeof *t);
    free(t);
    w->thirteen = NULL;
}

/* ---- secrets ---- */

static enum keylog_label label_of(unsigned side, enum epoch13 epoch)
{
    const bool server = side == WATCH_SERVER;
    return epoch == EPOCH_EARLY ? KEYLOG_EARLY_TRAFFIC
         : epoch == EPOCH_HANDSHAKE ? (server ? KEYLOG_SERVER_HANDSHAKE : KEYLOG_CLIENT_HANDSHAKE)
                                    : (server ? KEYLOG_SERVER_TRAFFIC : KEYLOG_CLIENT_TRAFFIC);
}

/* What the key log has, whenever it came by it. */
static const struct keylog_secret *find_secret(const struct tls_watch *w, unsigned side, enum epoch13 epoch)
{
    const struct bytes id = { w->facts.client_random, TLS_RANDOM };
    return w->config.keylog ? keylog_find(w->config.keylog, label_of(side, epoch), id) : NULL;
}

/* Why there is none. A server's private key opens nothing of TLS 1.3: it signs, and all its key exchanges are
 * ephemeral. */
static enum watch_blind no_secret(const struct tls_watch *w)
{
    uint8_t random[TLS_RANDOM];
    if (w->config.keylog && keylog_client(w->config.keylog, 0, random))
        return WATCH_NO_LINE;
    return w->config.n_server_keys ? WATCH_KEY_USELESS : WATCH_NO_KEYLOG;
}

/* Of a secret that stands in the capture behind the packet that needs it (pcapng: a Decryption Secrets Block), the
 * doctor says that it came late. */
static const struct keylog_secret *usable_secret(struct tls_watch *w, unsigned side, enum epoch13 epoch, size_t size)
{
    const struct keylog_secret *s = find_secret(w, side, epoch);
    if (s && s->after_packet > w->now->packet) {
        w->facts.key_after = s->after_packet;
        watch_blinded(w, WATCH_LATE);
        return NULL;
    }
    if (s && s->n == size)
        return s;
    watch_blinded(w, s ? WATCH_WRONG_KEY : no_secret(w));
    return NULL;
}

static void tell_start(struct tls_watch *w, unsigned side, enum epoch13 epoch, const struct keylog_secret *s)
{
    const struct tls *t = &w->reader[side];
    tell_secret13(t, side == WATCH_SERVER, epoch, s, w->facts.client_random);
    tell_keys13(t, side == WATCH_SERVER, &w->thirteen->side[side].open, false);
}

void watch13_epoch(struct tls_watch *w, unsigned side, enum epoch13 epoch)
{
    struct watch13 *t = w->thirteen;
    struct side13 *s = &t->side[side];
    const uint64_t missed = epoch == EPOCH_EARLY ? s->missed : 0;
    opening_wipe(&s->open);
    s->epoch = epoch;
    if (side == WATCH_CLIENT && epoch == EPOCH_HANDSHAKE)
        watch_limits_begin(w, side);
    s->proven = s->suspect = false;
    s->missed = 0;
    if (!t->suite) {
        watch_blinded(w, WATCH_SUITE);
        return;
    }
    const size_t size = hash_size(t->suite->hash);
    const struct keylog_secret *secret = epoch == EPOCH_EARLY ? find_secret(w, side, epoch)
                                                              : usable_secret(w, side, epoch, size);
    if (!secret || secret->n != size)
        return;
    w->facts.key_from = WATCH_KEY_LOG;
    opening_start(&s->open, t->suite, secret->secret, w->config.cpu);
    s->open.sequence = missed;
    tell_start(w, side, epoch, secret);
}

void watch13_update(struct tls_watch *w, unsigned side)
{
    struct side13 *s = &w->thirteen->side[side];
    if (!s->open.suite)
        return;
    opening_update(&s->open, w->config.cpu);
    s->suspect = false;
    tell_keys13(&w->reader[side], side == WATCH_SERVER, &s->open, true);
}

/* ---- hellos ---- */

/* RFC 8446 §4.4.1: the transcript so far, of the messages that were kept. Of a ClientHello that a HelloRetryRequest
 * answered, its hash alone, in a message of a type of its own. */
static void start_transcript(struct tls_watch *w, bool retry)
{
    struct watch13 *t = w->thirteen;
    const struct kept *raw = &w->shake.raw;
    const enum hash_kind kind = t->suite->hash;
    uint8_t first[TLS_MESSAGE_HEADER + HASH_MAX] = { 254, 0, 0, (uint8_t)hash_size(kind) };
    struct wire_in in = wire_over(raw->bytes, raw->n, NULL);
    size_t n = TLS_MESSAGE_HEADER + read_message_header(&in).length;
    hash_start(&t->transcript, kind, w->config.cpu);
    t->began = true;
    t->broken = !raw->n || n > raw->n || w->torn || w->side[WATCH_CLIENT].connected || w->side[WATCH_SERVER].connected;
    if (t->broken)
        return;
    if (!retry) {
        hash_add(&t->transcript, raw->bytes, raw->n);
        return;
    }
    hash_of(kind, raw->bytes, n, first + TLS_MESSAGE_HEADER, w->config.cpu);
    hash_add(&t->transcript, first, TLS_MESSAGE_HEADER + hash_size(kind));
    hash_add(&t->transcript, raw->bytes + n, raw->n - n);
}

void watch13_hello(struct tls_watch *w, const struct server_hello *h, const struct tls_message *m)
{
    (void)m;
    struct watch13 *t = watch13_state(w);
    const bool retry = tls_is_retry(h->random);
    if (!t)
        return;
    w->reader[0].reads13 = w->reader[1].reads13 = true;
    t->suite = tls_suite13_of(h->suite);
    watch13_judge_hello(w, h, retry);
    if (h->extensions.v13.group)
        w->facts.group = h->extensions.v13.group;
    if (retry) {
        w->facts.hello_retry = true;
        return;
    }
    t->psk = w->facts.resumed = h->extensions.v13.psk_chosen;
    if (t->suite)
        start_transcript(w, w->facts.hello_retry);
    t->side[WATCH_SERVER].may = 1u << TLS_ENCRYPTED_EXTENSIONS;
    watch13_epoch(w, WATCH_SERVER, EPOCH_HANDSHAKE);
    if (t->side[WATCH_CLIENT].epoch != EPOCH_EARLY || w->facts.hello_retry)
        watch13_epoch(w, WATCH_CLIENT, t->early_offered && !w->facts.hello_retry ? EPOCH_EARLY : EPOCH_HANDSHAKE);
}

/* ---- a sealed record ---- */

/* The record at hand was sealed by the next secret: what changed it was in one that is lost. Sequence: what follows. */
static void move_on(struct tls_watch *w, unsigned side, enum epoch13 next, uint64_t sequence)
{
    static const uint8_t end_of_early_data[] = { TLS_END_OF_EARLY_DATA, 0, 0, 0 };
    struct watch13 *t = w->thirteen;
    struct side13 *s = &t->side[side];
    if (s->epoch == EPOCH_APPLICATION) {
        watch13_update(w, side);
    } else {
        if (s->epoch == EPOCH_HANDSHAKE) {
            t->broken = true;
            s->may = 0;
        } else if (t->early_taken) {                  /* EndOfEarlyData was not opened: its name is all it says */
            if (t->began && !t->broken)
                hash_add(&t->transcript, end_of_early_data, sizeof end_of_early_data);
            s->may = 0;
        }
        watch13_epoch(w, side, next);
    }
    s->open.sequence = sequence;
}

/* Opens the kept record as the next one of this secret, or as one of so many: behind a gap nothing in it says which. */
static bool open_as_one_of(const struct watch13 *t, struct opening *o, uint64_t numbers, uint8_t *record, size_t n,
                           struct opened13 *opened)
{
    const uint64_t from = o->sequence;
    for (uint64_t i = 0; i < numbers; i++) {
        memcpy(record, t->kept, n);
        o->sequence = from + i;
        if (record13_open(o, record, n, opened))
            return true;
    }
    o->sequence = from + (numbers == 1);              /* a record that was spoiled on its way had a number, too */
    return false;
}

/* The ServerHello is not in the capture, and this is its suite: what both sides say is read, no Finished checked. */
static void take_suite(struct tls_watch *w, unsigned side, const struct tls_suite13 *suite)
{
    struct watch13 *t = w->thirteen;
    struct side13 *other = &t->side[1 - side];
    t->suite = suite;
    t->broken = true;
    w->facts.version = TLS_1_3;
    w->facts.suite_number = suite->number;
    w->reader[0].reads13 = w->reader[1].reads13 = true;
    if (other->epoch == EPOCH_PLAIN)
        watch13_epoch(w, 1 - side, EPOCH_HANDSHAKE);
    other->gap = true;
}

/* Before the ServerHello nobody has said which suite seals early data: the ticket's, so one that is offered, and the
 * secret's length leaves a few. The same where the ServerHello is missing, and then of any secret. */
static bool open_unannounced(struct tls_watch *w, unsigned side, uint8_t *record, size_t n, struct opened13 *opened)
{
    static const uint16_t suites[] = { 0x1301, 0x1302, 0x1303, 0x1304, 0x1305 };
    struct watch13 *t = w->thirteen;
    struct side13 *s = &t->side[side];
    const enum epoch13 last = w->server_hello_seen ? EPOCH_EARLY : EPOCH_APPLICATION;
    for (enum epoch13 epoch = side == WATCH_CLIENT ? EPOCH_EARLY : EPOCH_HANDSHAKE; epoch <= last; epoch++) {
        const struct keylog_secret *secret = find_secret(w, side, epoch);
        const bool known = secret && secret->after_packet <= w->now->packet;
        for (size_t i = 0; known && i < sizeof suites / sizeof *suites; i++) {
            const struct tls_suite13 *suite = tls_suite13_of(suites[i]);
            if (secret->n != hash_size(suite->hash))
                continue;
            opening_start(&s->open, suite, secret->secret, w->config.cpu);
            s->open.sequence = epoch == EPOCH_EARLY ? s->missed : 0;
            if (open_as_one_of(t, &s->open, epoch == EPOCH_EARLY ? 1 : FEW, record, n, opened)) {
                w->facts.key_from = WATCH_KEY_LOG;
                s->epoch = epoch;
                s->may = 0;
                tell_start(w, side, epoch, secret);
                if (epoch != EPOCH_EARLY)
                    take_suite(w, side, suite);
                return true;
            }
            opening_wipe(&s->open);
        }
    }
    return false;
}

/* What else a record may be sealed by, where the one before it was lost or early data were refused: the next secret. */
static bool open_by_next(struct tls_watch *w, unsigned side, uint64_t numbers, uint8_t *record, size_t n,
                         struct opened13 *opened)
{
    struct watch13 *t = w->thirteen;
    struct side13 *s = &t->side[side];
    const enum epoch13 next = s->epoch == EPOCH_EARLY ? EPOCH_HANDSHAKE : EPOCH_APPLICATION;
    struct opening other = { 0 };
    if (s->epoch == EPOCH_PLAIN || (s->epoch == EPOCH_APPLICATION && !s->open.suite))
        return false;
    if (s->epoch == EPOCH_APPLICATION) {
        other = s->open;
        opening_update(&other, w->config.cpu);
    } else {
        const struct keylog_secret *secret = find_secret(w, side, next);
        if (!t->suite || !secret || secret->n != hash_size(t->suite->hash)
            || secret->after_packet > w->now->packet)
            return false;
        opening_start(&other, t->suite, secret->secret, w->config.cpu);
    }
    const bool good = open_as_one_of(t, &other, numbers, record, n, opened);
    const uint64_t sequence = other.sequence;
    opening_wipe(&other);
    if (good)
        move_on(w, side, next, sequence);
    return good;
}

/* The secret of this epoch, if it was not there when the epoch began and is now. Of a handshake's records nobody knows
 * which were the last. */
static void take_late_secret(struct tls_watch *w, unsigned side)
{
    struct watch13 *t = w->thirteen;
    struct side13 *s = &t->side[side];
    const struct keylog_secret *secret = find_secret(w, side, s->epoch);
    if (!t->suite || !secret || secret->after_packet > w->now->packet || secret->n != hash_size(t->suite->hash))
        return;
    w->facts.key_from = WATCH_KEY_LOG;
    opening_start(&s->open, t->suite, secret->secret, w->config.cpu);
    s->open.sequence = s->epoch == EPOCH_APPLICATION ? s->missed : 0;
    s->gap |= s->epoch == EPOCH_HANDSHAKE && s->missed;
    tell_start(w, side, s->epoch, secret);
}

static bool keep_record(struct watch13 *t, const uint8_t *record, size_t n)
{
    t->kept_n = 0;
    if (n > KEPT || (!t->kept && !(t->kept = malloc(KEPT))))
        return false;
    memcpy(t->kept, record, n);
    t->kept_n = n;
    return true;
}

/* In bulk a record is opened where it lies, by the one key there is; elsewhere it is kept, for more to be tried. */
static bool open_record(struct tls_watch *w, unsigned side, struct record *rec, struct opened13 *opened)
{
    struct watch13 *t = w->thirteen;
    struct side13 *s = &t->side[side];
    const bool bulk = s->epoch == EPOCH_APPLICATION && s->proven && !s->suspect && !s->gap;
    if (bulk && s->open.suite)
        return record13_open(&s->open, rec->at, rec->n, opened);
    if (!keep_record(t, rec->at, rec->n))
        return false;
    if (s->epoch == EPOCH_PLAIN)
        return open_unannounced(w, side, rec->at, rec->n, opened);
    if (s->epoch >= EPOCH_HANDSHAKE && !s->open.suite)
        take_late_secret(w, side);
    const uint64_t numbers = s->gap && t->searches < SEARCHES ? SEARCH : 1;
    const bool good = (s->open.suite && open_as_one_of(t, &s->open, numbers, rec->at, rec->n, opened))
        || open_by_next(w, side, numbers, rec->at, rec->n, opened);
    t->searches += !good && numbers > 1;
    s->gap = s->gap && !good;
    return good;
}

/* ---- what did not open ---- */

static void add_fault(struct watch_facts *f, const struct watch_fault *fault)
{
    if (f->n_faults == WATCH_FAULTS)
        f->more_faults++;
    else
        f->faults[f->n_faults++] = *fault;
}

/* A secret opens what it should: so those records before that did not open were not as they had been sent. */
static void prove(struct tls_watch *w, unsigned side)
{
    struct watch13 *t = w->thirteen;
    struct side13 *s = &t->side[side];
    s->proven = t->proven = true;
    s->suspect = false;
    for (unsigned i = 0; i < t->n_pending; i++) {
        w->facts.records[t->pending[i].side].refused++;
        add_fault(&w->facts, &t->pending[i]);
    }
    for (unsigned i = 0; i < 2; i++) {
        w->facts.records[i].refused += t->more_pending[i];
        w->facts.more_faults += t->more_pending[i];
        t->more_pending[i] = 0;
    }
    t->n_pending = 0;
    if (w->facts.blind == WATCH_WRONG_KEY)
        w->facts.blind = WATCH_SEES;
}

static void refuse_record(struct tls_watch *w, unsigned side, const struct record *rec)
{
    struct watch13 *t = w->thirteen;
    struct watch_fault fault = { WATCH_BAD_RECORD, side, w->side[side].records, w->now->packet, 0, { 0 } };
    t->side[side].suspect = true;
    refuse(&fault.fault, &bad_record, "a record as it was sealed", "its authentication tag is wrong (%zu octets)",
           rec->n - RECORD_HEADER);
    if (t->proven) {
        w->facts.records[side].refused++;
        watch_fault(w, WATCH_BAD_RECORD, side, 0, &fault.fault);
        return;
    }
    watch_blinded(w, WATCH_WRONG_KEY);
    if (t->n_pending < WATCH_PENDING)
        t->pending[t->n_pending++] = fault;
    else
        t->more_pending[side]++;
}

/* There is no secret; perhaps it has come by now, too late. */
static void miss_record(struct tls_watch *w, unsigned side)
{
    struct side13 *s = &w->thirteen->side[side];
    const enum epoch13 epoch = s->epoch == EPOCH_PLAIN ? EPOCH_EARLY : s->epoch;
    const struct keylog_secret *secret = find_secret(w, side, epoch);
    if (secret && secret->after_packet && w->facts.blind == WATCH_NO_LINE) {
        w->facts.blind = WATCH_LATE;
        w->facts.key_after = secret->after_packet;
    }
    if (epoch == EPOCH_EARLY && !s->missed && secret && secret->after_packet > w->now->packet) {
        watch_blinded(w, WATCH_LATE);
        w->facts.key_after = secret->after_packet;
    }
    if (epoch == EPOCH_EARLY && !s->missed)
        watch_blinded(w, secret ? WATCH_WRONG_KEY : w->torn && !w->server_hello_seen ? WATCH_GAP : no_secret(w));
    s->missed++;
}

/* A record that stays closed. In a handshake a message is missing now. */
static void stay_closed(struct tls_watch *w, unsigned side, const struct record *rec)
{
    struct watch13 *t = w->thirteen;
    struct side13 *s = &t->side[side];
    const bool early = side == WATCH_CLIENT && s->epoch <= EPOCH_EARLY;
    watch_closed(w, side, rec->type);
    if (s->epoch != EPOCH_APPLICATION && !early) {
        t->broken = true;
        s->may = 0;
    }
    if (s->gap) {
        watch_blinded(w, WATCH_GAP);
        return;
    }
    const struct keylog_secret *tried = early ? find_secret(w, side, EPOCH_EARLY) : NULL;
    if (s->open.suite || (tried && tried->after_packet <= w->now->packet))
        refuse_record(w, side, rec);
    if (!s->open.suite)
        miss_record(w, side);
}

/* ---- records ---- */

static enum watch_says take_plain(struct tls_watch *w, unsigned side, struct record *rec, struct watch_record *r)
{
    struct tls *t = &w->reader[side];
    const struct side13 *s = &w->thirteen->side[side];
    const uint8_t *at = rec->at + RECORD_HEADER;
    struct fault why = { 0 };
    rec->content = RECORD_HEADER;
    rec->content_n = rec->opened_n = rec->n - RECORD_HEADER;
    t->open.buf = t->open.opened = tell_number(t, 'r');
    tell_record13(t, side == WATCH_SERVER, rec, t->open.buf, NULL, t->read_at - rec->n);
    if (rec->type == TLS_CONTENT_CHANGE_CIPHER_SPEC && (rec->content_n != 1 || at[0] != 1)) {
        refuse(&why, &bad_ccs, "one octet of value 1", "%zu octets, the first %u", rec->content_n,
               rec->content_n ? at[0] : 0u);
        watch_fault(w, WATCH_BAD_MESSAGE, side, TLS_CHANGE_CIPHER_SPEC, &why);
    } else if (rec->type == TLS_CONTENT_CHANGE_CIPHER_SPEC) {
        w->side[side].began = *w->now;
        watch_note(w, side, TLS_CHANGE_CIPHER_SPEC, 1, false);
    } else if (rec->type == TLS_CONTENT_HANDSHAKE && s->proven && s->epoch >= EPOCH_HANDSHAKE) {
        refuse(&why, &plain_record, "a sealed record", "a handshake record that is not");
        watch_fault(w, WATCH_BAD_ORDER, side, 0, &why);
    }
    return watch_content(w, side, rec, false, r);
}

enum watch_says watch13_record(struct tls_watch *w, unsigned side, struct record *rec, struct watch_record *r)
{
    struct tls *t = &w->reader[side];
    struct watch13 *v = watch13_state(w);
    struct opened13 opened = { 0 };
    if (!v)
        return WATCH_BLIND;
    if (rec->type != TLS_CONTENT_APPLICATION)
        return take_plain(w, side, rec, r);
    struct side13 *s = &v->side[side];
    w->facts.records[side].sealed++;
    r->sealed = true;
    t->open.buf = t->open.opened = tell_number(t, 'r');
    tell_record13(t, side == WATCH_SERVER, rec, t->open.buf, s->open.suite ? &s->open : NULL, t->read_at - rec->n);
    w->side[side].refused = !open_record(w, side, rec, &opened);
    if (w->side[side].refused) {
        stay_closed(w, side, rec);
        return WATCH_RECORD;
    }
    prove(w, side);
    w->facts.records[side].opened++;
    rec->sequence = s->open.sequence - 1;
    rec->type = opened.type;
    rec->content = RECORD_HEADER;
    rec->content_n = opened.n;
    rec->opened_n = opened.n + 1 + opened.padding;
    if (trace_hears(t->config.voice.trace)) {
        t->open.opened = tell_number(t, 'o');
        tell_opened13(t, side == WATCH_SERVER, rec, opened.padding, t->open.opened, t->open.buf, &s->open);
    }
    if (opened.type < TLS_CONTENT_ALERT || opened.type > TLS_CONTENT_HEARTBEAT) {
        struct fault why = { 0 };
        refuse(&why, &inner_type, "content of type 21, 22 or 23", "%u", opened.type);
        watch_fault(w, WATCH_BAD_RECORD, side, 0, &why);
        r->opened = true;
        return WATCH_RECORD;
    }
    return watch_content(w, side, rec, true, r);
}

void watch13_gap(struct tls_watch *w, unsigned side)
{
    struct watch13 *t = w->thirteen;
    if (!t)
        return;
    t->side[side].gap = true;
    t->side[side].may = 0;
    if (t->side[side].epoch != EPOCH_APPLICATION)
        t->broken = true;
}
