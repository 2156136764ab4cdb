/* input.c - what comes in: records found and opened in place in the ring, messages found in them or
 * gathered over several. */
#include "tls/engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct ground not_tls = { "tls.not_tls", "RFC 5246 §6.2.1" };
static const struct ground ssl2_hello = { "tls.ssl2_hello", "RFC 6176 §3" };
static const struct ground record_type = { "tls.record_type", "RFC 5246 §6.2.1" };
static const struct ground record_version = { "tls.record_version", "RFC 5246 §6.2.1" };
static const struct ground record_overflow = { "tls.record_overflow", "RFC 5246 §6.2.1" };
static const struct ground bad_record_mac = { "tls.bad_record_mac", "RFC 5246 §7.2.2" };
static const struct ground message_too_long = { "tls.message_too_long", "RFC 5246 §7.4" };
static const struct ground unexpected = { "tls.unexpected_message", "RFC 5246 §7.3" };
static const struct ground no_memory = { "tls.no_memory", "RFC 5246 §7.2.2" };

/* RFC 5246 Appendix E.2: 2 octets of length with the highest bit set, then msg_type 1 and the version. */
enum { SSL2_SEEN = 5 };
static bool like_ssl2(const struct tls *t, struct bytes b)
{
    return t->config.server && b.n && b.at[0] & 0x80 && (b.n < 3 || b.at[2] == TLS_CLIENT_HELLO)
        && (b.n < 4 || b.at[3] == 3 || b.at[3] == 0);
}

/* The octets that should have been a record: as text when they are, else in hex. */
static bool refuse_garbage(struct bytes b, struct fault *why)
{
    enum { SHOWN = 24 };
    char shown[3 * SHOWN + 1] = "";
    size_t n = b.n < SHOWN ? b.n : SHOWN, printable = 0;
    while (printable < n && b.at[printable] >= ' ' && b.at[printable] <= '~')
        printable++;
    if (printable >= 4 || printable == n)
        return refuse(why, &not_tls, "a TLS record, which begins with 22 3 (in hex 16 03)", "the text \"%.*s\"",
                      (int)printable,
                      (const char *)b.at);
    for (size_t i = 0; i < n; i++)
        snprintf(shown + 3 * i, 4, "%02x ", b.at[i]);
    return refuse(why, &not_tls, "a TLS record, which begins with 22 3 (in hex 16 03)", "the octets %s", shown);
}

/* Before a version is agreed on any 3.x will do (RFC 5246 Appendix E.1). */
static bool version_fits(const struct tls *t, unsigned version)
{
    bool agreed = t->state != AT_START && t->state != WAIT_SERVER_HELLO && t->state != WAIT_CLIENT_HELLO;
    return agreed ? version == TLS_1_2 : version >> 8 == 3;
}

static bool refuse_length(const char *what, size_t most, size_t n, struct fault *why)
{
    char wanted[64];
    snprintf(wanted, sizeof wanted, "%s of at most %zu octets", what, most);
    return refuse(why, &record_overflow, wanted, "one of %zu octets", n);
}

/* How long the header may say that a record is. RFC 6066 §4: where a length was agreed on, what cannot be within it is
 * refused without being decrypted. */
static size_t longest(const struct tls *t)
{
    if (!t->reading.suite)
        return t->limits_plain ? t->receive_most : RECORD_CONTENT_MAX;
    return t->receive_most < RECORD_CONTENT_MAX ? t->receive_most + sealing_most(&t->reading)
                                                : RECORD_CONTENT_MAX + RECORD_SEALED_MORE;
}

/* RFC 5246 §6.2.1: the four types. A heartbeat (RFC 6520) has a name, since others' captures hold some, and is no more
 * welcome here than any other: nobody agreed on it. */
static bool is_of_tls(unsigned type) { return tls_content_words(type) != NULL && type != TLS_CONTENT_HEARTBEAT; }

static bool check_header(const struct tls *t, struct bytes b, const struct record_header *h, struct fault *why)
{
    const size_t most = longest(t);
    bool known = is_of_tls(h->type);
    if (!t->heard && (!known || h->version >> 8 != 3))
        return refuse_garbage(b, why);
    if (!known)
        return refuse(why, &record_type, "a record of type 20 to 23", "type %u", h->type);
    if (!version_fits(t, h->version))
        return refuse(why, &record_version, "a record of TLS 1.2 (3.3)", "%u.%u", h->version >> 8,
                      h->version & 0xff);
    return h->length <= most || refuse_length(t->reading.suite ? "a sealed record" : "a record", most, h->length, why);
}

enum tls_says next_record(struct tls *t, struct ring *in, struct fault *why)
{
    struct bytes b = ring_peek(in);
    if (!t->heard && like_ssl2(t, b)) {
        if (b.n < SSL2_SEEN)
            return TLS_WANTS;
        refuse(why, &ssl2_hello, "a ClientHello in a record of TLS", "one in the form of SSL 2, for version %u.%u",
               b.at[3], b.at[4]);
        return TLS_FAILED;
    }
    if (b.n && !t->heard && !is_of_tls(b.at[0])) {         /* do not wait for more of what cannot be */
        refuse_garbage(b, why);
        return TLS_FAILED;
    }
    if (b.n < RECORD_HEADER)
        return TLS_WANTS;
    struct wire_in header = wire_over(b.at, RECORD_HEADER, NULL);
    struct record_header h = read_record_header(&header);
    if (!check_header(t, b, &h, why))
        return TLS_FAILED;
    t->heard = true;
    if (b.n < RECORD_HEADER + h.length)
        return TLS_WANTS;
    t->open = (struct open_record){ .record = { .type = h.type, .at = ring_at(in, 0),
                                                .n = RECORD_HEADER + h.length } };
    struct record *r = &t->open.record;
    t->open.buf = t->open.opened = tell_number(t, 'r');
    tell_record(t, false, r, t->open.buf, &t->reading, t->read_at);
    t->read_at += r->n;
    if (!record_open(&t->reading, r)) {
        refuse(why, &bad_record_mac, "a record that was sealed with our keys and is as it was sent",
               "its %s is wrong",
               t->reading.suite && t->reading.suite->sealing == TLS_SEAL_AEAD ? "authentication tag"
                                                                              : "MAC or padding");
        return TLS_FAILED;
    }
    if (t->reading.suite) {
        t->open.opened = tell_number(t, 'o');
        tell_opened(t, false, r, t->open.opened, t->open.buf, &t->reading);
    }
    if (r->content_n > (t->reading.suite ? t->receive_most : RECORD_CONTENT_MAX)) {
        refuse_length("content", t->receive_most, r->content_n, why);
        return TLS_FAILED;
    }
    return TLS_AGAIN;
}

void close_record(struct tls *t, struct ring *in)
{
    ring_consume(in, t->open.record.n);
    t->open = (struct open_record){ 0 };
}

void gather_end(struct tls *t)
{
    free(t->gather.bytes);
    free(t->gather.spans);
    t->gather = (struct gather){ 0 };
}

/* Memory for n octets altogether, twice what there was, so that a peer who promises much and sends little
 * gets little. */
static bool gather_room(struct gather *g, size_t n, struct fault *why)
{
    if (n <= g->room)
        return true;
    size_t room = 2 * g->room > n ? 2 * g->room : n;
    room = room < TLS_MESSAGE_MAX ? room : TLS_MESSAGE_MAX;
    uint8_t *more = realloc(g->bytes, room);
    if (!more)
        return refuse(why, &no_memory, "memory for a message over several records", "there is none");
    g->bytes = more;
    g->room = room;
    return true;
}

/* Where the next n octets lie: in the opened form when there is one, else in the record, behind its
 * header. */
static struct span next_span(const struct tls *t, size_t n)
{
    bool sealed = t->open.opened != t->open.buf;
    return (struct span){ t->open.opened, (uint32_t)n, t->open.used + (sealed ? 0 : t->open.record.content) };
}

/* Notes them; only the trace asks. */
static void gather_span(struct tls *t, size_t n)
{
    struct gather *g = &t->gather;
    struct span here = next_span(t, n);
    if (!trace_hears(t->config.voice.trace))
        return;
    if (g->n_spans && g->spans[g->n_spans - 1].in == here.in) {
        g->spans[g->n_spans - 1].len += here.len;
        return;
    }
    if (g->n_spans == g->spans_room) {
        size_t room = g->spans_room ? 2 * g->spans_room : 8;
        struct span *more = realloc(g->spans, room * sizeof *more);
        if (!more)
            return;
        g->spans = more;
        g->spans_room = room;
    }
    g->spans[g->n_spans++] = here;
}

/* Takes the next n octets of the open record to what is gathered. */
static bool gather_more(struct tls *t, const uint8_t *at, size_t n, struct fault *why)
{
    struct gather *g = &t->gather;
    if (!gather_room(g, g->n + n, why))
        return false;
    gather_span(t, n);
    memcpy(g->bytes + g->n, at, n);
    g->n += n;
    t->open.used += n;
    return true;
}

bool message_is_short(const struct tls *t, struct tls_message_header h, struct fault *why)
{
    (void)t;
    return h.length <= TLS_MESSAGE_MAX - TLS_MESSAGE_HEADER
        || refuse(why, &message_too_long, "a message of at most 131400 octets", "%u octets", (unsigned)h.length);
}

/* What the header says is judged before the body is waited for. */
static bool may_come_now(const struct tls *t, struct tls_message_header h, struct fault *why)
{
    char may_come[96];
    const char *state = tls_state_words(t->state), *words = tls_message_words(h.type);
    if (!message_is_short(t, h, why))
        return false;
    return tls_find_row(t->config.server, t->state, h.type)
        || refuse_about(why, &unexpected, state, tls_may_come(t->config.server, t->state, may_come, sizeof may_come),
                        "%s (%u) in state %s", words ? words : "message", h.type, state);
}

static struct tls_message_header header_of(const uint8_t *at)
{
    struct wire_in in = wire_over(at, TLS_MESSAGE_HEADER, NULL);
    return read_message_header(&in);
}

static void set_message(struct tls *t, struct tls_message *m, const uint8_t *at, size_t n,
                        const struct span *spans, size_t n_spans)
{
    m->type = header_of(at).type;
    m->whole = (struct bytes){ at, n };
    m->body = (struct bytes){ at + TLS_MESSAGE_HEADER, n - TLS_MESSAGE_HEADER };
    m->buf = tell_message(t, false, m->whole, spans, n_spans);
}

enum tls_says next_message(struct tls *t, struct ring *in, struct tls_message *m, struct fault *why)
{
    return message_of(t, ring_at(in, 0), may_come_now, m, why);
}

enum tls_says message_of(struct tls *t, const uint8_t *record, message_fits *fits, struct tls_message *m,
                         struct fault *why)
{
    struct gather *g = &t->gather;
    struct record *r = &t->open.record;
    size_t start = r->content + t->open.used, left = r->content_n - t->open.used;
    const uint8_t *at = record + start;
    if (!g->n && left >= TLS_MESSAGE_HEADER) {                     /* the common case: it lies here whole */
        struct tls_message_header h = header_of(at);
        size_t n = TLS_MESSAGE_HEADER + h.length;
        struct span here = next_span(t, n);
        if (left >= n) {
            set_message(t, m, at, n, &here, 1);
            t->open.used += n;
            return fits(t, h, why) ? TLS_AGAIN : TLS_FAILED;
        }
    }
    while (left) {
        size_t want = TLS_MESSAGE_HEADER;
        if (g->n >= TLS_MESSAGE_HEADER) {
            struct tls_message_header h = header_of(g->bytes);
            if (!fits(t, h, why))
                return TLS_FAILED;
            want += h.length;
        }
        size_t n = want - g->n < left ? want - g->n : left;
        if (!gather_more(t, at, n, why))
            return TLS_FAILED;
        at += n;
        left -= n;
        if (g->n >= TLS_MESSAGE_HEADER && g->n == TLS_MESSAGE_HEADER + header_of(g->bytes).length) {
            set_message(t, m, g->bytes, g->n, g->spans, g->n_spans);
            g->n = g->n_spans = 0;                    /* the octets stay until the next call */
            return fits(t, header_of(g->bytes), why) ? TLS_AGAIN : TLS_FAILED;
        }
    }
    /* what may not come is refused at its header, even if nothing of its body came with it */
    bool unfit = g->n >= TLS_MESSAGE_HEADER && !fits(t, header_of(g->bytes), why);
    return unfit ? TLS_FAILED : TLS_WANTS;
}
