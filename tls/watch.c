/* watch.c - records in: where TLS begins and is found again, what each record is, and what is noted of it. */
#include "tls/watch_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct ground record_type = { "tls.record_type", "RFC 5246 §6.2.1" };
static const struct ground record_version = { "tls.record_version", "RFC 5246 §6.2.1" };
static const struct ground record_overflow = { "tls.record_overflow", "RFC 5246 §6.2.1" };
static const struct ground bad_ccs = { "tls.change_cipher_spec", "RFC 5246 §7.1" };
static const struct ground alert_cut = { "tls.alert_cut", "RFC 5246 §7.2" };
static const struct ground alert_level = { "tls.alert_level", "RFC 5246 §7.2" };
static const struct ground empty_record = { "tls.empty_record", "RFC 5246 §6.2.1" };

enum { LENGTH_MOST = RECORD_CONTENT_MAX + RECORD_SEALED_MORE,
       SHORT_MOST = 512,                              /* of what is a few octets long, however it is sealed */
       SEARCH_MOST = 1 << 18,                         /* octets in which a record is looked for */
       SSL2_HEADER = 2 };

static void start_reader(struct tls_watch *w, unsigned side)
{
    struct tls *t = &w->reader[side];
    const struct watch_config *c = &w->config;
    t->shake = &w->shake;
    t->config = (struct tls_config){
        .server = side == WATCH_CLIENT, .trust = c->trust, .insecure = true, .classroom = true, .cpu = c->cpu,
        .voice = c->voice[1 - side], .reads = c->stream[side], .writes = c->stream[1 - side] };
    t->read_at = c->at[side];
    t->heard = true;
    w->side[side].may = c->in_the_middle ? ~0u : 1u << (side == WATCH_CLIENT ? WAIT_CLIENT_HELLO : WAIT_SERVER_HELLO);
    w->side[side].lost = c->in_the_middle;
}

struct tls_watch *watch_new(const struct watch_config *config)
{
    struct tls_watch *w = calloc(1, sizeof *w);
    if (!w)
        return NULL;
    w->config = *config;
    w->now = &w->moment;
    start_reader(w, WATCH_CLIENT);
    start_reader(w, WATCH_SERVER);
    transcript_start(&w->shake.transcript, config->cpu);
    w->shake.keeps_messages = true;
    return w;
}

void watch_free(struct tls_watch *w)
{
    if (!w)
        return;
    watch13_end(w);
    for (unsigned side = 0; side < 2; side++)
        gather_end(&w->reader[side]);
    for (size_t i = 0; i < WATCH_HELD; i++)
        keep_end(&w->held[i]);
    keep_end(&w->offered_ticket);
    keep_end(&w->shake.ticket);
    keep_end(&w->shake.chain);
    keep_stop(&w->reader[WATCH_CLIENT]);
    sodium_memzero(w, sizeof *w);
    free(w);
}

void watch_begins(struct tls_watch *w, unsigned side, uint64_t at) { w->reader[side].read_at = at; }

const struct watch_facts *watch_facts(const struct tls_watch *w) { return &w->facts; }

/* ---- what an open record holds ---- */

static void take_alert(struct tls_watch *w, unsigned side, const uint8_t *at, size_t n, bool sealed)
{
    struct fault why = { 0 };
    if (n != 2)
        refuse(&why, &alert_cut, "an alert of 2 octets", "%zu octets", n);
    else if (at[0] != TLS_WARNING && at[0] != TLS_FATAL)
        refuse(&why, &alert_level, "level warning (1) or fatal (2)", "%u", at[0]);
    if (why.ground)
        watch_fault(w, WATCH_BAD_MESSAGE, side, 0, &why);
    if (n >= 2)
        watch_alert(w, side, at[0], at[1], sealed);
}

static void note_partial_hello(struct tls_watch *w, const uint8_t *at, size_t n)
{
    struct watch_facts *f = &w->facts;
    if (w->hello_seen || n < TLS_MESSAGE_HEADER || at[0] != TLS_CLIENT_HELLO)
        return;
    struct wire_in in = wire_over(at, n, NULL);
    f->hello_wanted = TLS_MESSAGE_HEADER + read_message_header(&in).length;
    f->hello_has = (uint32_t)n;
}

static void note_began(struct tls_watch *w, unsigned side)
{
    w->side[side].began = *w->now;
    w->side[side].began_in = w->side[side].records;
}

static void take_handshake(struct tls_watch *w, unsigned side, bool sealed)
{
    struct tls *t = &w->reader[side];
    const struct record *rec = &t->open.record;
    struct fault why = { 0 };
    struct tls_message m = { .type = TLS_HELLO_REQUEST };
    if (rec->content_n == 0) {
        refuse(&why, &empty_record, "a handshake record with something in it", "an empty one");
        watch_fault(w, WATCH_BAD_RECORD, side, 0, &why);
    }
    while (t->open.used < rec->content_n) {
        if (!t->gather.n)
            note_began(w, side);
        enum tls_says says = message_of(t, rec->at, message_is_short, &m, &why);
        if (says == TLS_WANTS)
            break;
        if (says == TLS_FAILED) {
            watch_fault(w, WATCH_BAD_MESSAGE, side, t->gather.n ? t->gather.bytes[0] : m.type, &why);
            watch13_gap(w, side);                     /* no transcript has it */
            t->gather.n = t->gather.n_spans = 0;
            return;
        }
        if (sealed && w->facts.version == TLS_1_3)
            watch13_message(w, side, &m);
        else
            watch_message(w, side, &m, sealed);
    }
    if (side == WATCH_CLIENT)
        note_partial_hello(w, t->gather.bytes, t->gather.n);
}

static void take_change_cipher_spec(struct tls_watch *w, unsigned side, const uint8_t *at, size_t n)
{
    struct fault why = { 0 };
    /* RFC 8446 Appendix D.4: it means nothing; a client that sends early data says it behind its ClientHello */
    if (w->facts.version == TLS_1_3 || (side == WATCH_CLIENT && w->offers_1_3 && !w->server_hello_seen))
        return;
    if (n != 1 || at[0] != 1) {
        refuse(&why, &bad_ccs, "one octet of value 1", "%zu octets, the first %u", n, n ? at[0] : 0);
        watch_fault(w, WATCH_BAD_MESSAGE, side, TLS_CHANGE_CIPHER_SPEC, &why);
    }
    watch_change_cipher_spec(w, side);
}

enum watch_says watch_content(struct tls_watch *w, unsigned side, const struct record *rec, bool sealed,
                              struct watch_record *r)
{
    struct tls *t = &w->reader[side];
    const uint8_t *at = rec->at + rec->content;
    struct fault why = { 0 };
    r->sealed = sealed;
    r->opened = true;
    r->type = rec->type;
    r->content = (struct bytes){ at, rec->content_n };
    r->where = (struct span){ t->open.opened, (uint32_t)rec->content_n,
                              t->open.opened == t->open.buf ? rec->content : 0 };
    watch_limits_judge(w, side, rec, sealed);
    switch (rec->type) {
    case TLS_CONTENT_CHANGE_CIPHER_SPEC:
        take_change_cipher_spec(w, side, at, rec->content_n);
        break;
    case TLS_CONTENT_ALERT:
        take_alert(w, side, at, rec->content_n, sealed);
        break;
    case TLS_CONTENT_HANDSHAKE:
        take_handshake(w, side, sealed);
        break;
    case TLS_CONTENT_APPLICATION:
        if (!w->side[side].connected && !(w->side[side].may & 1u << CONNECTED) && !w->thirteen)
            watch_step(w, side, TLS_APPLICATION_DATA);
        break;
    default:                                          /* RFC 6520 §3: a heartbeat, once there are keys */
        if (sealed && rec->type == TLS_CONTENT_HEARTBEAT)
            break;
        refuse(&why, &record_type, "a record of type 20 to 23", "type %u", rec->type);
        watch_fault(w, WATCH_BAD_RECORD, side, 0, &why);
    }
    return WATCH_RECORD;
}

/* ---- a whole record ---- */

static void note_seen(struct tls_watch *w, unsigned side, unsigned type, size_t n, bool sealed)
{
    struct watch_facts *f = &w->facts;
    const struct watch_seen seen = { (uint8_t)side, (uint8_t)type, sealed, (uint16_t)(n - RECORD_HEADER),
                                     w->now->packet, w->now->at };
    if (f->n_seen < WATCH_SEEN)
        f->seen[f->n_seen] = seen;
    f->late[f->n_seen++ % WATCH_LATE_SEEN] = seen;
}

/* In a connection seen from its middle on, or of a side whose ChangeCipherSpec may lie in what is missing, nobody has
 * told whether records are sealed: data are, and an alert or a handshake message shows by its length what it is. */
static bool looks_sealed(const struct tls_watch *w, unsigned side, const struct record *rec)
{
    const uint8_t *at = rec->at + RECORD_HEADER;
    size_t n = rec->n - RECORD_HEADER;
    if (!w->side[side].gap && (w->hello_seen || w->server_hello_seen || (!w->config.in_the_middle && !w->torn)))
        return false;
    if (rec->type == TLS_CONTENT_ALERT)
        return n != 2;
    if (rec->type != TLS_CONTENT_HANDSHAKE)
        return rec->type == TLS_CONTENT_APPLICATION;
    return n < TLS_MESSAGE_HEADER || !tls_message_words(at[0]) || at[1]
        || TLS_MESSAGE_HEADER + (at[2] << 8 | at[3]) > (int)n;
}

/* What a client says before a ServerHello and is no handshake, may be TLS 1.3's early data; what a server says then and
 * looks like data, stands behind a ServerHello that is missing. */
static bool is_thirteen(const struct tls_watch *w, unsigned side, const struct record *rec)
{
    if (w->handshakes > 1)                            /* a handshake within the first goes on in its version */
        return w->facts.version == TLS_1_3;
    return w->facts.version == TLS_1_3
        || (side == WATCH_SERVER && w->offers_1_3 && !w->server_hello_seen && rec->type == TLS_CONTENT_APPLICATION)
        || (side == WATCH_CLIENT && w->offers_1_3 && !w->server_hello_seen && rec->type != TLS_CONTENT_HANDSHAKE
            && rec->type != TLS_CONTENT_ALERT);
}

/* RFC 5246 Appendix E.1: before a version is agreed on, any 3.x will do. */
static void check_version(struct tls_watch *w, unsigned side, unsigned minor)
{
    struct fault why = { 0 };
    if (w->facts.version != TLS_1_2 || minor == (TLS_1_2 & 0xff) || w->ssl2)
        return;
    refuse(&why, &record_version, "a record of TLS 1.2 (3.3)", "3.%u", minor);
    watch_fault(w, WATCH_BAD_RECORD, side, 0, &why);
}

static enum watch_says take_plain(struct tls_watch *w, unsigned side, struct record *rec, struct watch_record *r)
{
    const bool agreed = side == WATCH_SERVER || w->server_hello_seen;
    const unsigned major = rec->at[1], minor = rec->at[2];
    rec->content = RECORD_HEADER;
    rec->content_n = rec->opened_n = rec->n - RECORD_HEADER;
    enum watch_says says = watch_content(w, side, rec, false, r);
    if (agreed && major == 3)
        check_version(w, side, minor);
    return says;
}

static enum watch_says take_record(struct tls_watch *w, unsigned side, uint8_t *octets, size_t n,
                                   struct watch_record *r)
{
    struct tls *t = &w->reader[side];
    struct watch_side *s = &w->side[side];
    struct record *rec = &t->open.record;
    struct watch_records *count = &w->facts.records[side];
    t->open = (struct open_record){ .record = { .type = octets[0], .at = octets, .n = n } };
    uint64_t stream_at = t->read_at;
    t->read_at += n;
    w->facts.tls = s->begun = true;
    s->records++;
    s->waiting = s->waits_for = 0;
    count->n++;
    count->octets += n - RECORD_HEADER;
    r->used = n;
    r->type = rec->type;
    if (is_thirteen(w, side, rec)) {
        note_seen(w, side, rec->type, n, rec->type == TLS_CONTENT_APPLICATION);
        return watch13_record(w, side, rec, r);
    }
    const bool sealed = s->sealed || looks_sealed(w, side, rec);
    /* behind both hellos data are sealed by what both agreed on: ChangeCipherSpec is missing */
    s->sealed |= sealed && s->gap && rec->type == TLS_CONTENT_APPLICATION && w->hello_seen && w->server_hello_seen;
    note_seen(w, side, rec->type, n, sealed);
    if (s->sealed)                                    /* what sealed it is told with it */
        watch_start_keys(w, side);
    t->open.buf = t->open.opened = tell_number(t, 'r');
    tell_record(t, false, rec, t->open.buf, &t->reading, stream_at);
    if (!sealed)
        return take_plain(w, side, rec, r);
    r->sealed = true;
    count->sealed++;
    if (octets[1] == 3)
        check_version(w, side, octets[2]);
    if (!watch_open_record(w, side, rec)) {
        watch_closed(w, side, rec->type);
        return WATCH_RECORD;
    }
    count->opened++;
    if (trace_hears(t->config.voice.trace)) {
        t->open.opened = tell_number(t, 'o');
        tell_opened(t, false, rec, t->open.opened, t->open.buf, &t->reading);
    }
    return watch_content(w, side, rec, true, r);
}

/* ---- where records are ---- */

static bool good_type(const uint8_t *at)
{
    return at[0] >= TLS_CONTENT_CHANGE_CIPHER_SPEC && at[0] <= TLS_CONTENT_APPLICATION;
}

static bool good_version(const uint8_t *at, size_t n) { return (n < 2 || at[1] == 3) && (n < 3 || at[2] <= 4); }

static bool good_length(const uint8_t *at, size_t n)
{
    const bool is_short = at[0] == TLS_CONTENT_CHANGE_CIPHER_SPEC || at[0] == TLS_CONTENT_ALERT;
    return n < RECORD_HEADER || (at[3] << 8 | at[4]) <= (is_short ? (int)SHORT_MOST : (int)LENGTH_MOST);
}

/* As far as there are octets: may they begin a record? */
static bool like_header(const uint8_t *at, size_t n)
{
    return n == 0 || (good_type(at) && good_version(at, n) && good_length(at, n));
}

static size_t length_of(const uint8_t *at) { return RECORD_HEADER + (size_t)(at[3] << 8 | at[4]); }

/* Does a record begin here, as what lies behind it says? 1: yes; 0: no; -1: more octets will tell. */
static int begins(const uint8_t *at, size_t n)
{
    if (!like_header(at, n))
        return 0;
    if (n < RECORD_HEADER)
        return -1;
    size_t whole = length_of(at);
    if (n < whole)
        return -1;
    if (whole == RECORD_HEADER && at[0] != TLS_CONTENT_APPLICATION)
        return 0;
    return n == whole ? 1 : !like_header(at + whole, n - whole) ? 0 : n - whole >= RECORD_HEADER ? 1 : -1;
}

static enum watch_says note_other(struct tls_watch *w, unsigned side, const uint8_t *at, size_t n)
{
    char *out = w->facts.plain[side];
    size_t printable = 0, room = sizeof w->facts.plain[side];
    while (printable < n && printable < room - 1 && at[printable] >= ' ' && at[printable] <= '~')
        printable++;
    if (printable >= 4 || printable == n)
        snprintf(out, room, "%.*s", (int)printable, (const char *)at);
    else
        for (size_t i = 0; i < n && 3 * i + 3 < room; i++)
            snprintf(out + 3 * i, 4, "%02x ", at[i]);
    w->side[side].other = true;
    return WATCH_OTHER;
}

/* Octets that are no record, or that nobody can tell to be one, up to where one begins. */
static enum watch_says find_record(struct tls_watch *w, unsigned side, const uint8_t *octets, size_t n,
                                   struct watch_record *r)
{
    struct watch_side *s = &w->side[side];
    size_t i = 0;
    int found = 0;
    while (i < n && !(found = begins(octets + i, n - i)))
        i++;
    s->lost = found != 1;
    if (!i)
        return WATCH_WANTS;
    s->skipped += i;
    if (!s->begun && s->skipped > SEARCH_MOST)
        return note_other(w, side, octets, n);
    w->reader[side].read_at += i;
    r->used = i;
    return WATCH_RECORD;
}

/* RFC 5246 Appendix E.2: a ClientHello in the form of SSL 2, which says which version is meant. */
static enum watch_says take_ssl2(struct tls_watch *w, const uint8_t *octets, size_t n, struct watch_record *r)
{
    struct watch_facts *f = &w->facts;
    size_t whole = SSL2_HEADER + (size_t)((octets[0] & 0x7f) << 8 | octets[1]);
    if (n < whole)
        return WATCH_WANTS;
    w->side[WATCH_CLIENT].begun = f->tls = true;
    w->side[WATCH_CLIENT].may = ~0u;
    w->reader[WATCH_CLIENT].read_at += whole;
    f->records[WATCH_CLIENT].n = w->side[WATCH_CLIENT].records = 1;
    f->version = (uint16_t)(octets[3] << 8 | octets[4]);
    f->client_hello_at = *w->now;
    w->ssl2 = true;
    watch_blinded(w, WATCH_VERSION);
    w->side[WATCH_CLIENT].began = *w->now;
    watch_note(w, WATCH_CLIENT, TLS_CLIENT_HELLO, whole, false);
    r->used = whole;
    return WATCH_RECORD;
}

/* Does a record within these octets end where they end? Then the one that they are said to be is not so long. */
static bool ends_within(const uint8_t *at, size_t n)
{
    enum { LOOKED_AT = 2048 };
    for (size_t i = n > LOOKED_AT ? n - LOOKED_AT : RECORD_HEADER; i + RECORD_HEADER <= n; i++)
        if (at[i + 1] == 3 && like_header(at + i, RECORD_HEADER) && i + length_of(at + i) == n)
            return true;
    return false;
}

static enum watch_says wait_for(struct tls_watch *w, unsigned side, const uint8_t *octets, size_t n, size_t whole)
{
    struct watch_side *s = &w->side[side];
    s->waiting = n;
    s->waits_for = whole;
    s->ends_within = ends_within(octets, n);
    if (side == WATCH_CLIENT && n > RECORD_HEADER && octets[0] == TLS_CONTENT_HANDSHAKE && !s->sealed
        && !w->reader[side].gather.n)
        note_partial_hello(w, octets + RECORD_HEADER, n - RECORD_HEADER);
    return WATCH_WANTS;
}

/* Where no record begins. The length of the one before may have been what was wrong, or this one's. */
static void lose_way(struct tls_watch *w, unsigned side, const uint8_t *octets)
{
    struct watch_side *s = &w->side[side];
    struct fault why = { 0 };
    const bool own = good_type(octets) && good_version(octets, RECORD_HEADER);
    s->lost = s->gap = true;
    watch13_gap(w, side);
    w->reader[side].gather.n = w->reader[side].gather.n_spans = 0;
    if (own)
        refuse(&why, &record_overflow, "a record as long as its type has them", "one of %d octets",
               octets[3] << 8 | octets[4]);
    else if (!s->refused)                             /* else the record before this one has been named already */
        refuse(&why, &record_type, "a record of type 20 to 23 behind this one",
               "octets that begin with %02x %02x %02x", octets[0], octets[1], octets[2]);
    s->records += own;
    if (why.ground)
        watch_fault(w, WATCH_BAD_RECORD, side, 0, &why);
    if (own && octets[0] == TLS_CONTENT_CHANGE_CIPHER_SPEC && !s->sealed && w->facts.version != TLS_1_3)
        watch_change_cipher_spec(w, side);
}

/* One octet of the header is not what it must be, and the next record stands where it says: 1; 0: no; -1: who knows. */
static int spoiled_header(const uint8_t *at, size_t n)
{
    if (n < RECORD_HEADER + 1)
        return -1;
    if (good_type(at) == good_version(at, n) || (at[3] << 8 | at[4]) > LENGTH_MOST)
        return 0;
    size_t whole = length_of(at);
    return n < whole ? -1 : like_header(at + whole, n - whole);
}

static enum watch_says take_spoiled(struct tls_watch *w, unsigned side, uint8_t *octets, size_t n,
                                    struct watch_record *r)
{
    struct fault why = { 0 };
    struct watch_side *s = &w->side[side];
    enum watch_says says = WATCH_RECORD;
    const unsigned faults = w->facts.n_faults + w->facts.more_faults;
    if (good_type(octets)) {
        says = take_record(w, side, octets, n, r);
        refuse(&why, &record_version, "a record of TLS 1.2 (3.3)", "%u.%u", octets[1], octets[2]);
    } else {
        w->facts.tls = s->begun = true;
        s->records++;
        w->facts.records[side].n++;
        w->facts.records[side].octets += n - RECORD_HEADER;
        w->reader[side].read_at += n;
        r->used = n;
        refuse(&why, &record_type, "a record of type 20 to 23", "type %u", octets[0]);
        if (w->facts.version == TLS_1_3 && n > RECORD_HEADER + 1)         /* ChangeCipherSpec has no number */
            watch13_gap(w, side);
        else if (s->sealed)
            watch_skip(w, side);
    }
    if (faults == w->facts.n_faults + w->facts.more_faults)
        watch_fault(w, WATCH_BAD_RECORD, side, 0, &why);
    if (!good_type(octets) && !s->sealed && n == RECORD_HEADER + 1 && octets[RECORD_HEADER] == 1
        && w->facts.version != TLS_1_3)
        watch_change_cipher_spec(w, side);            /* that is what it was */
    return says;
}

/* What begins with no header of a record. */
static enum watch_says take_other(struct tls_watch *w, unsigned side, uint8_t *octets, size_t n,
                                  struct watch_record *r)
{
    const bool begun = w->side[side].begun;
    if (!begun && !good_type(octets) && !good_version(octets, n))
        return note_other(w, side, octets, n);
    int spoiled = spoiled_header(octets, n);
    const bool hello = n > RECORD_HEADER
        && (octets[RECORD_HEADER] == TLS_CLIENT_HELLO || octets[RECORD_HEADER] == TLS_SERVER_HELLO);
    if (spoiled > 0 && (begun || hello))
        return take_spoiled(w, side, octets, length_of(octets), r);
    if (spoiled < 0 && (begun || hello || n <= RECORD_HEADER))
        return WATCH_WANTS;
    if (!begun)
        return note_other(w, side, octets, n);
    lose_way(w, side, octets);
    return find_record(w, side, octets, n, r);
}

/* The first record that is sealed is Finished, whose size is known. */
static bool too_long(const struct tls_watch *w, unsigned side, const uint8_t *at, size_t n)
{
    const struct watch_side *s = &w->side[side];
    return n >= RECORD_HEADER && s->sealed && !s->connected && !s->since && !s->gap && w->facts.version == TLS_1_2
        && at[0] == TLS_CONTENT_HANDSHAKE && (at[3] << 8 | at[4]) > (int)SHORT_MOST;
}

/* RFC 5246 §7.2.1: behind its close_notify a side says nothing more in TLS. Some go on in the open (FTP's CCC, RFC 4217
 * §12.3): that is no broken record. */
static bool speaks_on(struct tls_watch *w, unsigned side, const uint8_t *octets, size_t n)
{
    struct watch_side *s = &w->side[side];
    if (w->facts.close_notify[side] && !s->lost && !like_header(octets, n < RECORD_HEADER ? n : RECORD_HEADER))
        s->other = true;
    return s->other;
}

enum watch_says watch_take(struct tls_watch *w, unsigned side, uint8_t *octets, size_t n,
                           const struct watch_moment *moment, struct watch_record *r)
{
    struct watch_side *s = &w->side[side];
    *r = (struct watch_record){ 0 };
    w->moment = *moment;
    w->reader[0].now = w->reader[1].now = moment->at;
    if (s->other)
        return WATCH_OTHER;
    if (!n)
        return WATCH_WANTS;
    if (side == WATCH_CLIENT && !s->begun && !s->lost && octets[0] & 0x80 && (n < 3 || octets[2] == TLS_CLIENT_HELLO)
        && (n < 4 || octets[3] == 3 || octets[3] == 0))
        return n < 5 ? WATCH_WANTS : take_ssl2(w, octets, n, r);
    if (speaks_on(w, side, octets, n))
        return WATCH_OTHER;
    if (s->lost) {
        enum watch_says says = find_record(w, side, octets, n, r);
        if (s->lost || r->used || says == WATCH_OTHER)
            return says;
    } else if (!(s->sealed && octets[0] == TLS_CONTENT_HEARTBEAT && good_version(octets, n) && good_length(octets, n))
               && (!like_header(octets, n < RECORD_HEADER ? n : RECORD_HEADER) || too_long(w, side, octets, n))) {
        return take_other(w, side, octets, n, r);
    }
    if (n < RECORD_HEADER)
        return WATCH_WANTS;
    size_t whole = length_of(octets);
    return n < whole ? wait_for(w, side, octets, n, whole) : take_record(w, side, octets, whole, r);
}

void watch_gap(struct tls_watch *w, unsigned side, uint64_t n, uint64_t packet)
{
    struct watch_side *s = &w->side[side];
    w->moment.first = w->moment.packet = packet;
    w->reader[side].read_at += n;
    s->waiting = s->waits_for = 0;
    s->lost = s->gap = true;
    s->may = ~0u;
    w->reader[side].gather.n = w->reader[side].gather.n_spans = 0;
    if (!s->connected)
        w->torn = true;
    if (!s->sealed)
        keep_stop(&w->reader[side]);
    watch13_gap(w, side);
}

void watch_ended(struct tls_watch *w, unsigned side)
{
    struct watch_side *s = &w->side[side];
    struct fault why = { 0 };
    w->facts.cut_wanted[side] = (uint32_t)s->waits_for;
    w->facts.cut_has[side] = (uint32_t)s->waiting;
    if (s->waits_for && s->ends_within) {
        refuse(&why, &record_overflow, "a record that ends in front of the next one", "one of %zu octets, in which "
               "others lie", s->waits_for - RECORD_HEADER);
        s->records++;
        watch_fault(w, WATCH_BAD_RECORD, side, 0, &why);
        s->waits_for = s->waiting = 0;
    }
    watch_settle(w);
}
