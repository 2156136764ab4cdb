/* Records: changed, repeated, lost, too large, of no use, forged; and the end of a connection that says nothing. */
#include "http/break_end.h"

#include <string.h>

static bool first_data(struct break_end *e, const struct record *r)
{
    if (r->type != TLS_CONTENT_APPLICATION || e->times++)
        return false;
    break_end_tell(e);
    return true;
}

/* ---- the first record of data ---- */

static unsigned flip_sealed(void *self, struct record *r)
{
    if (first_data(self, r))
        r->at[r->content] ^= 0x80;
    return 1;
}

static unsigned send_twice(void *self, struct record *r) { return first_data(self, r) ? 2 : 1; }
static unsigned lose(void *self, struct record *r) { return first_data(self, r) ? 0 : 1; }

static bool lie_about_version(void *self, struct record *r)
{
    if (first_data(self, r))
        r->at[2] = 2;                                  /* 3.2 */
    return true;
}

/* Of a CBC record's opened form: content, MAC, padding, padding_length. */
static bool flip_mac(void *self, struct record *r)
{
    if (first_data(self, r))
        r->at[r->content + r->content_n] ^= 1;
    return true;
}

/* Whatever its length, the padding then is none: its last octet says one more, or one less. */
static bool flip_padding(void *self, struct record *r)
{
    if (first_data(self, r))
        r->at[r->content + r->opened_n - 1] ^= 1;
    return true;
}

/* RFC 5288 §3: the part of the nonce that the record brings, behind its header. Of the second record it becomes the
 * first one's. */
static bool repeat_nonce(void *self, struct record *r)
{
    enum { NONCE = 8 };
    struct break_end *e = self;
    if (r->type != TLS_CONTENT_APPLICATION || e->times > 1)
        return true;
    if (e->times++ == 0) {
        memcpy(e->kept, r->at + RECORD_HEADER, NONCE);
        return true;
    }
    break_end_tell(e);
    memcpy(r->at + RECORD_HEADER, e->kept, NONCE);
    return true;
}

static const struct tls_lie
    repeats_nonce = { "the second record of data has the nonce of the first", "RFC 5288 §3",
                      .at = { .dressed = repeat_nonce } },
    has_flip = { "a bit of a sealed record is flipped", "RFC 5246 §6.2.3", .at = { .sealed = flip_sealed } },
    replays = { "a record is sent twice", "RFC 5246 §6.2.3.1", .at = { .sealed = send_twice } },
    drops = { "a record is left away, and the next follows", "RFC 5246 §6.2.3.1", .at = { .sealed = lose } },
    is_old = { "the record's version is TLS 1.1", "RFC 5246 §6.2.1", .at = { .dressed = lie_about_version } },
    has_bad_mac = { "a bit of the MAC is flipped, before encryption", "RFC 5246 §6.2.3.2",
                    .at = { .dressed = flip_mac } },
    has_bad_padding = { "a bit of the padding is flipped, before encryption", "RFC 5246 §6.2.3.2",
                        .at = { .dressed = flip_padding } };

/* ---- records before the first of data ---- */

/* `many` such records, once the direction is sealed and data are to follow. */
static bool before_data(struct break_end *e, enum tls_content type, bool is_sealed, unsigned many, struct tls_extra x,
                        struct tls_extra *out)
{
    if (type != TLS_CONTENT_APPLICATION || !is_sealed || e->times == many)
        return false;
    if (e->times++ == 0)
        break_end_tell(e);
    *out = x;
    return true;
}

static const uint8_t zeros[RECORD_CONTENT_MAX + RECORD_SEALED_MORE + 1] = { 0 };

static bool overfill(void *self, enum tls_content type, bool is_sealed, struct tls_extra *x)
{
    return before_data(self, type, is_sealed, 1,
                       (struct tls_extra){ TLS_CONTENT_APPLICATION, zeros, RECORD_CONTENT_MAX + 1 }, x);
}

static bool overfill_header(void *self, enum tls_content type, bool is_sealed, struct tls_extra *x)
{
    return before_data(self, type, is_sealed, 1, (struct tls_extra){ TLS_CONTENT_APPLICATION, zeros, sizeof zeros }, x);
}

/* One more than is suffered in a row. */
enum { EMPTY_FLOOD = 33, ALERT_FLOOD = 5, REQUEST_FLOOD = 5 };

static bool flood_empty(void *self, enum tls_content type, bool is_sealed, struct tls_extra *x)
{
    return before_data(self, type, is_sealed, EMPTY_FLOOD, (struct tls_extra){ TLS_CONTENT_APPLICATION, zeros, 0 }, x);
}

static bool flood_alerts(void *self, enum tls_content type, bool is_sealed, struct tls_extra *x)
{
    static const uint8_t user_canceled[] = { 1, 90 };
    return before_data(self, type, is_sealed, ALERT_FLOOD, (struct tls_extra){ TLS_CONTENT_ALERT, user_canceled, 2 },
                       x);
}

/* Heartbleed (CVE-2014-0160): three octets of data, and the wish to have 16384 back. */
static bool beat(void *self, enum tls_content type, bool is_sealed, struct tls_extra *x)
{
    static const uint8_t request[] = { 1, 0x40, 0, 'h', 'a', 't' };
    return before_data(self, type, is_sealed, 1, (struct tls_extra){ (enum tls_content)24, request, sizeof request },
                       x);
}

/* A HelloRequest is four zeros. */
static bool ask_again(void *self, enum tls_content type, bool is_sealed, struct tls_extra *x)
{
    return before_data(self, type, is_sealed, 1, (struct tls_extra){ TLS_CONTENT_HANDSHAKE, zeros, 4 }, x);
}

static bool flood_requests(void *self, enum tls_content type, bool is_sealed, struct tls_extra *x)
{
    return before_data(self, type, is_sealed, REQUEST_FLOOD, (struct tls_extra){ TLS_CONTENT_HANDSHAKE, zeros, 4 }, x);
}

static bool keep_hello(void *self, uint8_t *m, size_t *n, size_t room)
{
    struct break_end *e = self;
    (void)room;
    if (m[0] == TLS_CLIENT_HELLO && *n <= sizeof e->kept) {
        memcpy(e->kept, m, *n);
        e->kept_n = *n;
    }
    return true;
}

static bool greet_again(void *self, enum tls_content type, bool is_sealed, struct tls_extra *x)
{
    struct break_end *e = self;
    return before_data(e, type, is_sealed, 1, (struct tls_extra){ TLS_CONTENT_HANDSHAKE, e->kept, e->kept_n }, x);
}

static const struct tls_lie
    overfills = { "a record has 16385 octets in it", "RFC 5246 §6.2.1", .at = { .before = overfill } },
    overfills_header = { "a record's length says more than 18432", "RFC 5246 §6.2.3",
                         .at = { .before = overfill_header } },
    floods_empty = { "33 empty records", "RFC 5246 §6.2.1", .at = { .before = flood_empty } },
    floods_alerts = { "5 warning alerts", "RFC 5246 §7.2", .at = { .before = flood_alerts } },
    beats = { "a heartbeat that claims more than it has", "RFC 6520 §4", .at = { .before = beat } },
    asks_again = { "the server asks for another handshake", "RFC 5246 §7.4.1.1", .at = { .before = ask_again } },
    floods_requests = { "the server asks for another handshake 5 times", "RFC 5246 §7.4.1.1",
                        .at = { .before = flood_requests } },
    greets_again = { "the browser begins another handshake", "RFC 5246 §7.4.1.2",
                     .at = { .message = keep_hello, .before = greet_again } };

/* ---- the end ---- */

enum { CUT_AT = 600 };                                 /* octets of head and body that still come */

static size_t stop_in_the_middle(void *self, size_t n)
{
    struct break_end *e = self;
    size_t left = CUT_AT - (size_t)e->sent;
    if (!left)
        break_end_tell(e);
    n = n < left ? n : left;
    e->sent += n;
    return n;
}

static bool say_nothing(void *self)
{
    const struct break_end *e = self;
    if (e->sent == 0)
        break_end_tell(e);
    return false;
}

static const struct tls_lie
    stops = { "the server ends within the page, without close_notify", "RFC 5246 §7.2.1",
              .at = { .data = stop_in_the_middle, .close = say_nothing } },
    ends_silently = { "the server ends without close_notify", "RFC 5246 §7.2.1", .at = { .close = say_nothing } };

/* ---- and what then happens ---- */

#define FAULT(host, id, alert)                                                                                  \
    .notices = { host, "tls", EVENT_FAULT, .name = id }, .fault = id, .answer = "alert " alert,                 \
    .answered = { host, "tls", EVENT_FAULT, id, "answer", alert }
#define BY_BROWSER(id, alert) FAULT("browser", id, alert), .ends = id, .needs = NEEDS_TLS
#define BY_WEB(id, alert) FAULT("web", id, alert), .ends = "tls.alert_received", .needs = NEEDS_TLS
/* The alert that answers is sealed; with the secrets in the capture it can be read. */
#define FINDS(number) .filter = "tls.alert_message.desc == " #number
#define ORACLE BY_WEB("tls.bad_record_mac", "bad_record_mac") | NEEDS_CBC, FINDS(20)
#define REFUSED_QUIETLY .notices = { .host = NULL }, .needs = NEEDS_TLS,                                        \
    .answer = "alert no_renegotiation, a warning; the visit goes on"

const struct break_row breaks_of_records[] = {
    { "record:flip", .web = &has_flip, BY_BROWSER("tls.bad_record_mac", "bad_record_mac"), FINDS(20) },
    { "record:replay", .web = &replays, BY_BROWSER("tls.bad_record_mac", "bad_record_mac"), FINDS(20) },
    { "record:drop", .web = &drops, .size = 40000, BY_BROWSER("tls.bad_record_mac", "bad_record_mac"), FINDS(20) },
    { "record:nonce-twice", .web = &repeats_nonce, .size = 40000, .notices = { .host = NULL },
      .answer = "none: who opens a record takes the nonce that it brings; who listens has the two texts' difference",
      .silent = "both nonces are there to be read, and nothing compares them", .needs = NEEDS_TLS | NEEDS_GCM },
    { "record:bad-mac", .browser = &has_bad_mac, ORACLE },
    { "record:bad-padding", .browser = &has_bad_padding, ORACLE, .alike = "record:bad-mac" },
    { "record:version", .web = &is_old, BY_BROWSER("tls.record_version", "protocol_version"), FINDS(70) },
    { "record:oversize", "content|header", "content", .web = &overfills,
      BY_BROWSER("tls.record_overflow", "record_overflow"), FINDS(22) },
    { "record:oversize", "content|header", "header", .web = &overfills_header,
      BY_BROWSER("tls.record_overflow", "record_overflow"), FINDS(22) },
    { "record:empty-flood", .web = &floods_empty, BY_BROWSER("tls.too_many_empty", "unexpected_message"), FINDS(10) },
    { "alert:flood", .browser = &floods_alerts, BY_WEB("tls.too_many_empty", "unexpected_message"), FINDS(10) },
    { "heartbleed", .browser = &beats, BY_WEB("tls.record_type", "unexpected_message"),
      .filter = "tls.record.content_type == 24" },
    { "renegotiate", "server|client|flood", "server", .web = &asks_again, REFUSED_QUIETLY,
      .answered = { "browser", "tls", EVENT_BUFFER, .name = "alert" }, FINDS(100) },
    { "renegotiate", "server|client|flood", "client", .browser = &greets_again, REFUSED_QUIETLY,
      .answered = { "web", "tls", EVENT_BUFFER, .name = "alert" }, FINDS(100) },
    { "renegotiate", "server|client|flood", "flood", .web = &floods_requests,
      BY_BROWSER("tls.too_many_empty", "unexpected_message"), FINDS(10) },
    { "close:truncate", "middle|end", "middle", .web = &stops,
      .notices = { "browser", "http", EVENT_FAULT, .name = "http.truncated" }, .fault = "http.truncated",
      .answer = "none: nobody listens any more", .ends = "http.truncated",
      .silent = "a FIN is a FIN: nothing is missing in TCP", .needs = NEEDS_TLS },
    { "close:truncate", "middle|end", "end", .web = &ends_silently,
      .notices = { "browser", "tls", EVENT_CHECK, .name = "close_notify" },
      .answer = "none: all octets that were promised had come, and the browser had said close_notify first",
      .silent = "a FIN is a FIN: nothing is missing in TCP", .needs = NEEDS_TLS },
    { .what = NULL },
};
