/* Messages that come twice, too late or never, and keys, signatures and proofs that are wrong. */
#include "http/break_end.h"
#include "tls/messages.h"

#include <string.h>

/* ---- one message wrong ---- */

static void flip_last(uint8_t *m, size_t *n, size_t room)
{
    (void)room;
    m[*n - 1] ^= 1;
}

/* A ServerKeyExchange: 4 header, 1 curve_type, 2 group, 1 + point, 2 algorithm. */
static void sign_with_sha1(uint8_t *m, size_t *n, size_t room)
{
    (void)n;
    (void)room;
    m[8 + m[7]] = 2;                                   /* the hash: SHA-1 */
}

static void name_other_group(uint8_t *m, size_t *n, size_t room)
{
    (void)n;
    (void)room;
    m[6] = 24;                                         /* secp384r1 */
}

static const struct tls_lie
    proves_badly = { "a bit of verify_data is flipped", "RFC 5246 §7.4.9", .type = TLS_FINISHED, .change = flip_last },
    signs_badly = { "a bit of the signature is flipped", "RFC 5246 §7.4.3", .type = TLS_SERVER_KEY_EXCHANGE,
                    .change = flip_last },
    signs_weakly = { "the signature says SHA-1", "RFC 9155 §2", .type = TLS_SERVER_KEY_EXCHANGE,
                     .change = sign_with_sha1 },
    names_other_group = { "the group is secp384r1", "RFC 8422 §5.4", .type = TLS_SERVER_KEY_EXCHANGE,
                          .change = name_other_group },
    pads_badly = { "a bit of the encrypted secret is flipped: its padding is none", "RFC 5246 §7.4.7.1",
                   .type = TLS_CLIENT_KEY_EXCHANGE, .change = flip_last };

/* ---- keys ---- */

/* Of two points with this x the one has this y, the other its negative; this is neither. */
static void leave_curve(void *self, unsigned group, uint8_t *point, size_t n)
{
    (void)group;
    break_end_tell(self);
    point[n - 1] ^= 1;
}

static void be_zero(void *self, unsigned group, uint8_t *point, size_t n)
{
    (void)group;
    break_end_tell(self);
    memset(point, 0, n);
}

static void encrypt_other_version(void *self, uint8_t secret[TLS_PRE_MASTER_SECRET])
{
    break_end_tell(self);
    secret[1] ^= 1;
}

static void encrypt_other_secret(void *self, uint8_t secret[TLS_PRE_MASTER_SECRET])
{
    break_end_tell(self);
    secret[TLS_PRE_MASTER_SECRET - 1] ^= 1;
}

static const struct tls_lie
    is_off_curve = { "the point is not on the curve", "RFC 8422 §5.11", .at = { .point = leave_curve } },
    is_zero = { "the point is zero, of small order", "RFC 7748 §6.1", .at = { .point = be_zero } },
    rolls_back = { "the version in the encrypted secret is 3.2", "RFC 5246 §7.4.7.1",
                   .at = { .secret = encrypt_other_version } },
    has_other_secret = { "the encrypted secret is not the one that the keys are made from", "RFC 5246 §7.4.7.1",
                         .at = { .secret = encrypt_other_secret } };

/* ---- order ---- */

static bool skip(void *self, uint8_t *m, size_t *n, size_t room)
{
    const struct break_end *e = self;
    (void)n;
    (void)room;
    if (m[0] != e->lie->type)
        return true;
    break_end_tell(e);
    return false;
}

static bool keep(struct break_end *e, const uint8_t *m, size_t n)
{
    if (m[0] != e->lie->type || n > sizeof e->kept)
        return false;
    break_end_tell(e);
    memcpy(e->kept, m, n);
    e->kept_n = n;
    return true;
}

static bool say_and_keep(void *self, uint8_t *m, size_t *n, size_t room)
{
    (void)room;
    keep(self, m, *n);
    return true;
}

/* Kept back; the next message goes out, and this one behind it. */
static bool keep_back(void *self, uint8_t *m, size_t *n, size_t room)
{
    struct break_end *e = self;
    (void)room;
    e->times = e->kept_n > 0;
    return !keep(e, m, *n);
}

static bool give(struct break_end *e, struct bytes *message)
{
    *message = (struct bytes){ e->kept, e->kept_n };
    e->kept_n = 0;
    return message->n > 0;
}

static bool once_more(void *self, struct bytes *message) { return give(self, message); }

static bool after_the_next(void *self, struct bytes *message)
{
    struct break_end *e = self;
    return e->times && give(e, message);
}

#define SKIPS(t, what) { what " is left away", "RFC 5246 §7.3", .type = t, .at = { .message = skip } }
#define REPEATS(t, what) { what " is sent twice", "RFC 5246 §7.3", .type = t, \
                           .at = { .message = say_and_keep, .behind = once_more } }
static const struct tls_lie
    skips_hello = SKIPS(TLS_SERVER_HELLO, "ServerHello"),
    skips_certificate = SKIPS(TLS_CERTIFICATE, "Certificate"),
    skips_exchange = SKIPS(TLS_SERVER_KEY_EXCHANGE, "ServerKeyExchange"),
    skips_done = SKIPS(TLS_SERVER_HELLO_DONE, "ServerHelloDone"),
    skips_key = SKIPS(TLS_CLIENT_KEY_EXCHANGE, "ClientKeyExchange"),
    repeats_hello = REPEATS(TLS_SERVER_HELLO, "ServerHello"),
    repeats_certificate = REPEATS(TLS_CERTIFICATE, "Certificate"),
    repeats_exchange = REPEATS(TLS_SERVER_KEY_EXCHANGE, "ServerKeyExchange"),
    repeats_done = REPEATS(TLS_SERVER_HELLO_DONE, "ServerHelloDone"),
    repeats_key = REPEATS(TLS_CLIENT_KEY_EXCHANGE, "ClientKeyExchange"),
    repeats_finished = REPEATS(TLS_FINISHED, "Finished"),
    reorders_certificate = { "Certificate comes behind the message that should follow it", "RFC 5246 §7.3",
                             .type = TLS_CERTIFICATE, .at = { .message = keep_back, .behind = after_the_next } };

/* ---- records within the handshake ---- */

/* Before the browser's second handshake record, its ClientKeyExchange: the server has no keys yet. */
static bool before_second(struct break_end *e, enum tls_content type, struct tls_extra *out, struct tls_extra x)
{
    if (type != TLS_CONTENT_HANDSHAKE || ++e->times != 2)
        return false;
    break_end_tell(e);
    *out = x;
    return true;
}

static bool before_first(struct break_end *e, enum tls_content type, struct tls_extra *out, struct tls_extra x)
{
    e->times += type == TLS_CONTENT_HANDSHAKE && e->times == 0;
    return before_second(e, type, out, x);
}

static const uint8_t change_cipher_spec[] = { 1 }, handshake_failure[] = { 2, 40 };

static bool change_early(void *self, enum tls_content type, bool is_sealed, struct tls_extra *x)
{
    return !is_sealed && before_second(self, type, x, (struct tls_extra){ TLS_CONTENT_CHANGE_CIPHER_SPEC,
                                                                          change_cipher_spec, 1 });
}

static bool change_at_once(void *self, enum tls_content type, bool is_sealed, struct tls_extra *x)
{
    return !is_sealed && before_first(self, type, x, (struct tls_extra){ TLS_CONTENT_CHANGE_CIPHER_SPEC,
                                                                         change_cipher_spec, 1 });
}

static bool ask_early(void *self, enum tls_content type, bool is_sealed, struct tls_extra *x)
{
    static const uint8_t request[] = "GET / HTTP/1.1\r\n\r\n";
    return !is_sealed && before_second(self, type, x, (struct tls_extra){ TLS_CONTENT_APPLICATION, request,
                                                                          sizeof request - 1 });
}

static bool forge_alert(void *self, enum tls_content type, bool is_sealed, struct tls_extra *x)
{
    return !is_sealed && before_first(self, type, x, (struct tls_extra){ TLS_CONTENT_ALERT, handshake_failure, 2 });
}

static bool never_change(void *self, struct record *r)
{
    if (r->type == TLS_CONTENT_CHANGE_CIPHER_SPEC)
        break_end_tell(self);
    return r->type != TLS_CONTENT_CHANGE_CIPHER_SPEC;
}

static const struct tls_lie
    changes_early = { "ChangeCipherSpec comes before ClientKeyExchange: there are no keys", "RFC 5246 §7.1",
                      .at = { .before = change_early } },
    changes_at_once = { "ChangeCipherSpec comes before ServerHello: there are no keys", "RFC 5246 §7.1",
                        .at = { .before = change_at_once } },
    never_changes = { "ChangeCipherSpec is left away", "RFC 5246 §7.1", .at = { .dressed = never_change } },
    asks_early = { "a request comes in the clear, before there are keys", "RFC 5246 §7.3",
                   .at = { .before = ask_early } },
    has_forged_alert = { "a fatal alert, which is no secret and has no tag, in the server's name", "RFC 5246 §7.2",
                         .at = { .before = forge_alert } };

/* ---- and what then happens ---- */

/* This host notices by itself, with this fault, and sends this alert. */
#define FAULT(host, id, alert, number)                                                                          \
    .notices = { host, "tls", EVENT_FAULT, .name = id }, ANSWER(host, id, alert, number)
/* ... by a check that refuses. */
#define CHECK(host, check, id, alert, number)                                                                   \
    .notices = { host, "tls", EVENT_CHECK, check, "verdict", "refused" }, ANSWER(host, id, alert, number)
#define ANSWER(host, id, alert, number)                                                                         \
    .fault = id, .answer = "alert " alert, .answered = { host, "tls", EVENT_FAULT, id, "answer", alert },       \
    .filter = "tls.alert_message.desc == " #number
#define ENDS(id) .ends = id, .needs = NEEDS_TLS
#define UNEXPECTED(host) FAULT(host, "tls.unexpected_message", "unexpected_message", 10)
#define BY_BROWSER(needs) UNEXPECTED("browser"), ENDS("tls.unexpected_message") | needs
#define BY_WEB UNEXPECTED("web"), ENDS("tls.alert_received")
#define SKIPPED "ServerHello|Certificate|ServerKeyExchange|ServerHelloDone|ClientKeyExchange"
#define REPEATED SKIPPED "|Finished"
/* Whatever is wrong with the secret: the keys differ, and this alone is seen. */
#define UNIFORM                                                                                                 \
    FAULT("web", "tls.bad_record_mac", "bad_record_mac", 20), ENDS("tls.alert_received") | NEEDS_RSA_EXCHANGE

const struct break_row breaks_of_handshakes[] = {
    { "finished:wrong", "client|server", "client", .browser = &proves_badly,
      CHECK("web", "client_finished", "tls.finished", "decrypt_error", 51), ENDS("tls.alert_received") },
    { "finished:wrong", "client|server", "server", .web = &proves_badly,
      CHECK("browser", "server_finished", "tls.finished", "decrypt_error", 51), ENDS("tls.finished") },
    { "ske:bad-signature", .web = &signs_badly,
      CHECK("browser", "server_key_exchange_signature", "tls.ske_signature", "decrypt_error", 51),
      ENDS("tls.ske_signature") | NEEDS_ECDHE },
    { "ske:weak-hash", .web = &signs_weakly,
      FAULT("browser", "tls.sigalg_not_offered", "illegal_parameter", 47),
      ENDS("tls.sigalg_not_offered") | NEEDS_ECDHE },
    { "keyshare:unoffered", .web = &names_other_group,
      FAULT("browser", "tls.group_not_offered", "illegal_parameter", 47),
      ENDS("tls.group_not_offered") | NEEDS_ECDHE },
    { "keyshare:off-curve", "client|server", "client", .browser = &is_off_curve,
      FAULT("web", "tls.bad_point", "illegal_parameter", 47),
      ENDS("tls.alert_received") | NEEDS_ECDHE | NEEDS_P256 },
    { "keyshare:off-curve", "client|server", "server", .web = &is_off_curve,
      FAULT("browser", "tls.bad_point", "illegal_parameter", 47), ENDS("tls.bad_point") | NEEDS_ECDHE | NEEDS_P256 },
    { "keyshare:small-order", "client|server", "client", .browser = &is_zero,
      FAULT("web", "tls.bad_point", "illegal_parameter", 47),
      ENDS("tls.alert_received") | NEEDS_ECDHE | NEEDS_X25519 },
    { "keyshare:small-order", "client|server", "server", .web = &is_zero,
      FAULT("browser", "tls.bad_point", "illegal_parameter", 47),
      ENDS("tls.bad_point") | NEEDS_ECDHE | NEEDS_X25519 },
    { "premaster:bad-padding", .browser = &pads_badly, UNIFORM },
    { "premaster:bad-version", .browser = &rolls_back, UNIFORM, .alike = "premaster:bad-padding" },
    { "premaster:other", .browser = &has_other_secret, UNIFORM, .alike = "premaster:bad-padding" },
    { "message:skip", SKIPPED, "ServerHello", .web = &skips_hello, BY_BROWSER(0) },
    { "message:skip", SKIPPED, "Certificate", .web = &skips_certificate, BY_BROWSER(0) },
    { "message:skip", SKIPPED, "ServerKeyExchange", .web = &skips_exchange, BY_BROWSER(NEEDS_ECDHE) },
    { "message:skip", SKIPPED, "ServerHelloDone", .web = &skips_done,
      .notices = { "browser", "visit", EVENT_TIMER, "patience", "what", "fired" }, .fault = "visit.silent",
      .answer = "RST, when nothing came for 900 s", .answered = { "browser", "tcp", EVENT_PACKET, .name = "RST" },
      .filter = "tcp.flags.reset == 1", ENDS("visit.silent") },
    { "message:skip", SKIPPED, "ClientKeyExchange", .browser = &skips_key, BY_WEB },
    { "message:repeat", REPEATED, "ServerHello", .web = &repeats_hello, BY_BROWSER(0) },
    { "message:repeat", REPEATED, "Certificate", .web = &repeats_certificate, BY_BROWSER(0) },
    { "message:repeat", REPEATED, "ServerKeyExchange", .web = &repeats_exchange, BY_BROWSER(NEEDS_ECDHE) },
    { "message:repeat", REPEATED, "ServerHelloDone", .web = &repeats_done, BY_BROWSER(0) },
    { "message:repeat", REPEATED, "ClientKeyExchange", .browser = &repeats_key, BY_WEB },
    { "message:repeat", REPEATED, "Finished", .browser = &repeats_finished, BY_WEB },
    { "message:reorder", .web = &reorders_certificate, BY_BROWSER(0) },
    { "ccs:early", "client|server", "client", .browser = &changes_early, BY_WEB },
    { "ccs:early", "client|server", "server", .web = &changes_at_once, BY_BROWSER(0) },
    { "ccs:skip", .browser = &never_changes, BY_WEB | NEEDS_GCM },
    { "data:early", .browser = &asks_early, BY_WEB },
    { "alert:forged", .web = &has_forged_alert,
      .notices = { "browser", "tls", EVENT_FAULT, .name = "tls.peer_handshake_failure" },
      .fault = "tls.peer_handshake_failure",
      .answer = "none: the visit is over, and nobody can tell that it was forged",
      .filter = "tls.alert_message.desc == 40", ENDS("tls.peer_handshake_failure") },
    { .what = NULL },
};
