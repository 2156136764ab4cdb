/* Hellos that ask for, or agree to, what must not be. */
#include "http/break_end.h"
#include "http/hello_parts.h"
#include "tls/messages.h"

#include <string.h>

enum { RC4_MD5 = 0x0004, TLS_1_1 = 0x0302, DEFLATE = 1, RENEGOTIATION_INFO_SIZE = 5 };

static void add16(uint8_t *at, int v) { hello_put16(at, (unsigned)((int)hello_get16(at) + v)); }

static void say_old_version(uint8_t *m, size_t *n, size_t room)
{
    (void)n;
    (void)room;
    hello_put16(m + HELLO_VERSION, TLS_1_1);
}

/* The browser was made to believe that TLS 1.2 does not work here, and tries again with less; by the SCSV, in the
 * place of its last suite, it says that this is a second attempt. */
static void fall_back(uint8_t *m, size_t *n, size_t room)
{
    say_old_version(m, n, room);
    hello_put16(m + hello_methods(m) - 2, TLS_FALLBACK_SCSV);
}

static void choose_unoffered(uint8_t *m, size_t *n, size_t room)
{
    (void)n;
    (void)room;
    hello_put16(m + SERVER_SUITE, RC4_MD5);
}

static void offer_compression(uint8_t *m, size_t *n, size_t room)
{
    (void)n;
    (void)room;
    m[hello_methods(m) + 1] = DEFLATE;
}

static void choose_compression(uint8_t *m, size_t *n, size_t room)
{
    (void)n;
    (void)room;
    m[SERVER_METHOD] = DEFLATE;
}

/* extended_master_secret, which is empty, becomes an empty session_ticket. */
static void answer_unasked(uint8_t *m, size_t *n, size_t room)
{
    (void)room;
    uint8_t *x = hello_extension(m + SERVER_EXTENSIONS, m + *n, HELLO_EXTENDED_MASTER_SECRET);
    if (x)
        hello_put16(x, HELLO_SESSION_TICKET);
}

/* It stands last. */
static void leave_renegotiation_info(uint8_t *m, size_t *n, size_t room)
{
    (void)room;
    *n -= RENEGOTIATION_INFO_SIZE;
    add16(m + HELLO_LENGTH, -RENEGOTIATION_INFO_SIZE);
    add16(m + SERVER_EXTENSIONS - 2, -RENEGOTIATION_INFO_SIZE);
}

static void say_twice(uint8_t *m, size_t *n, size_t room)
{
    uint8_t *list = m + hello_extensions(m), *x = hello_extension(list + 2, m + *n, HELLO_EXTENDED_MASTER_SECRET);
    if (!x || *n + 4 > room)
        return;
    memmove(x + 4, x, (size_t)(m + *n - x));
    *n += 4;
    add16(m + HELLO_LENGTH, 4);
    add16(list, 4);
}

static void cut_suites(uint8_t *m, size_t *n, size_t room)
{
    (void)n;
    (void)room;
    add16(m + HELLO_SUITES - 2, -1);
}

static void promise_too_much(uint8_t *m, size_t *n, size_t room)
{
    (void)n;
    (void)room;
    m[1] = 0xff;
}

#define OF_CLIENT(f) .type = TLS_CLIENT_HELLO, .change = f
#define OF_SERVER(f) .type = TLS_SERVER_HELLO, .change = f
static const struct tls_lie
    old_client = { "client_version is TLS 1.1", "RFC 5246 Appendix E.1", OF_CLIENT(say_old_version) },
    old_server = { "server_version is TLS 1.1", "RFC 5246 Appendix E.1", OF_SERVER(say_old_version) },
    falls_back = { "client_version is TLS 1.1, and TLS_FALLBACK_SCSV is offered", "RFC 7507 §4",
                   OF_CLIENT(fall_back) },
    falls_back_silently = { "client_version is TLS 1.1, without TLS_FALLBACK_SCSV", "RFC 7507 §1",
                            OF_CLIENT(say_old_version) },
    chooses_unoffered = { "the chosen suite is TLS_RSA_WITH_RC4_128_MD5", "RFC 5246 §7.4.1.3",
                          OF_SERVER(choose_unoffered) },
    offers_compression = { "DEFLATE is the only compression method", "RFC 5246 §7.4.1.2",
                           OF_CLIENT(offer_compression) },
    chooses_compression = { "the chosen compression method is DEFLATE", "RFC 5246 §7.4.1.3",
                            OF_SERVER(choose_compression) },
    answers_unasked = { "session_ticket is answered, for which nobody asked", "RFC 5246 §7.4.1.4",
                        OF_SERVER(answer_unasked) },
    leaves_info = { "renegotiation_info is left away", "RFC 5746 §3.6",
                    OF_SERVER(leave_renegotiation_info) },
    says_twice = { "extended_master_secret stands there twice", "RFC 5246 §7.4.1.4", OF_CLIENT(say_twice) },
    cuts_suites = { "the length of cipher_suites is one too small", "RFC 5246 §7.4.1.2",
                    OF_CLIENT(cut_suites) },
    has_strange_suites = { "the browser offers no suite that the web server has", "RFC 5246 §7.4.1.3",
                           OF_CLIENT(NULL) },
    crumbles = { "its first eight octets come one a record", "RFC 5246 §6.2.1", .type = TLS_CLIENT_HELLO,
                 .at = { .crumbs = 8 } },
    promises_too_much = { "the ClientHello's length says 16 MB", "RFC 5246 §7.4",
                          OF_CLIENT(promise_too_much) };

/* This host's TLS refuses for this ground, and sends this alert in the clear. */
#define REFUSED(host, id, alert, number)                                                                        \
    .notices = { host, "tls", EVENT_FAULT, .name = id }, .fault = id, .answer = "alert " alert,                 \
    .answered = { host, "tls", EVENT_FAULT, id, "answer", alert },                                              \
    .filter = "tls.alert_message.desc == " #number, .needs = NEEDS_TLS
#define BY_BROWSER(id, alert, number) .ends = id, REFUSED("browser", id, alert, number)
#define BY_WEB(id, alert, number) .ends = "tls.alert_received", REFUSED("web", id, alert, number)

const struct break_row breaks_of_hellos[] = {
    { "version:1.1", "client|server", "client", .browser = &old_client, .ends = "tls.peer_needs_newer",
      REFUSED("web", "tls.version_too_old", "protocol_version", 70) },
    { "version:1.1", "client|server", "server", .web = &old_server,
      BY_BROWSER("tls.version_too_old", "protocol_version", 70) },
    { "fallback", "scsv|silent", "scsv", .browser = &falls_back,
      .ends = "tls.peer_needs_newer",
      REFUSED("web", "tls.inappropriate_fallback", "protocol_version", 70) },
    { "fallback", "scsv|silent", "silent", .browser = &falls_back_silently, .ends = "tls.peer_needs_newer",
      REFUSED("web", "tls.version_too_old", "protocol_version", 70) },
    { "no-common-suite", .suites = SUITES_STRANGE, .browser = &has_strange_suites,
      .ends = "tls.peer_handshake_failure",
      REFUSED("web", "tls.no_common_suite", "handshake_failure", 40) },
    { "suite:unoffered", .web = &chooses_unoffered,
      BY_BROWSER("tls.suite_not_offered", "illegal_parameter", 47) },
    { "compression", "client|server", "client", .browser = &offers_compression,
      BY_WEB("tls.compression", "illegal_parameter", 47) },
    { "compression", "client|server", "server", .web = &chooses_compression,
      BY_BROWSER("tls.compression", "illegal_parameter", 47) },
    { "extension:unasked", .web = &answers_unasked,
      BY_BROWSER("tls.extension_not_offered", "unsupported_extension", 110) },
    { "extension:twice", .browser = &says_twice, BY_WEB("tls.extension_twice", "decode_error", 50) },
    { "renegotiation:insecure", .web = &leaves_info,
      BY_BROWSER("tls.no_secure_renegotiation", "handshake_failure", 40) },
    { "hello:cut", .browser = &cuts_suites, BY_WEB("tls.client_hello_cut", "decode_error", 50) },
    { "hello:crumbs", .browser = &crumbles, .notices = { .host = NULL },
      .answer = "none: a message is put together first, and read then; the same version, the same suite",
      .answered = { "web", "tls", EVENT_STATE, .name = "CONNECTED" },
      .filter = "tls.handshake.fragment.count > 1", .needs = NEEDS_TLS },
    { "message:huge", .browser = &promises_too_much, BY_WEB("tls.message_too_long", "decode_error", 50) },
    { .what = NULL },
};
