/* Somebody on the way who rewrites hellos, and keeps every length and checksum right: Finished is there to find him. */
#include "http/breaks.h"
#include "http/hello_parts.h"
#include "http/sealed_visit.h"
#include "net/ip.h"
#include "tls/messages.h"
#include "tls/record.h"

enum { TCP_OFFSET_AT = 12, SOMETHING_UNKNOWN = 0x5a5a, WEAKEST = 0x002f /* TLS_RSA_WITH_AES_128_CBC_SHA */ };

/* The hello of this type with which a segment's octets begin, *end behind it; NULL: there is none. */
static uint8_t *find_hello(uint8_t *packet, uint32_t n, enum tls_message_type type, uint8_t **end)
{
    struct wire_in in = wire_over(packet, n, NULL), payload;
    struct ip_header ip;
    if (!ip_read(&in, &ip, &payload, NULL) || ip.protocol != IP_TCP || wire_left(&payload) <= TCP_OFFSET_AT)
        return NULL;
    size_t head = 4u * (payload.at[TCP_OFFSET_AT] >> 4), left = wire_left(&payload);
    if (left < head + RECORD_HEADER + SERVER_EXTENSIONS)
        return NULL;
    uint8_t *record = packet + (payload.at - packet) + head, *m = record + RECORD_HEADER;
    size_t length = TLS_MESSAGE_HEADER + hello_get16(m + HELLO_LENGTH);
    if (record[0] != TLS_CONTENT_HANDSHAKE || m[0] != type || m[1] || head + RECORD_HEADER + length > left)
        return NULL;
    *end = m + length;
    return m;
}

/* extended_master_secret becomes an extension that nobody knows. */
static bool hide_extension(uint8_t *m, const uint8_t *end)
{
    uint8_t *x = hello_extension(m + hello_extensions(m) + 2, end, HELLO_EXTENDED_MASTER_SECRET);
    if (x)
        hello_put16(x, SOMETHING_UNKNOWN);
    return x != NULL;
}

static bool strip_extension(uint8_t *packet, uint32_t n)
{
    uint8_t *end, *m = find_hello(packet, n, TLS_CLIENT_HELLO, &end);
    return m && hide_extension(m, end);
}

/* Every suite becomes the weakest. extended_master_secret goes, too: with it the keys would differ already. */
static bool weaken_suites(uint8_t *packet, uint32_t n)
{
    uint8_t *end, *m = find_hello(packet, n, TLS_CLIENT_HELLO, &end);
    if (!m || !hide_extension(m, end))
        return false;
    for (uint8_t *at = m + HELLO_SUITES; at < m + hello_methods(m); at += 2)
        hello_put16(at, WEAKEST);
    return true;
}

/* The server's choice becomes the next suite of the same key exchange and certificate. */
static bool swap_suite(uint8_t *packet, uint32_t n)
{
    uint8_t *end, *m = find_hello(packet, n, TLS_SERVER_HELLO, &end);
    const struct tls_suite *was = m ? tls_suite_of(hello_get16(m + SERVER_SUITE)) : NULL, *s = was;
    if (!was)
        return false;
    do
        s = s + 1 < tls_suites + tls_n_suites ? s + 1 : tls_suites;
    while (s->kx != was->kx || s->auth != was->auth || !sealed_visit_offers(s));
    hello_put16(m + SERVER_SUITE, s->number);
    return s != was;
}

static bool change_random(uint8_t *packet, uint32_t n)
{
    uint8_t *end, *m = find_hello(packet, n, TLS_CLIENT_HELLO, &end);
    if (m)
        m[HELLO_RANDOM] ^= 0x80;
    return m != NULL;
}

static void rewrite(struct spoils *s, const struct break_wish *w, bool (*with)(uint8_t *, uint32_t), const char *rfc)
{
    struct accident *a = spoil_packet(s, w, ACCIDENT_REWRITE);
    a->first = 1;
    a->last = UINT64_MAX;
    a->rewrite = with;
    a->rfc = rfc;
}

static void strip(struct spoils *s, const struct break_wish *w) { rewrite(s, w, strip_extension, "RFC 7627 §5.3"); }
static void downgrade(struct spoils *s, const struct break_wish *w) { rewrite(s, w, weaken_suites, "RFC 5246 §F.1.1"); }
static void swap(struct spoils *s, const struct break_wish *w) { rewrite(s, w, swap_suite, "RFC 5246 §7.4.1.3"); }
static void forget(struct spoils *s, const struct break_wish *w) { rewrite(s, w, change_random, "RFC 5246 §7.4.1.2"); }

#define BY_WEB(id, alert, number)                                                                               \
    .fault = id, .answer = "alert " alert, .answered = { "web", "tls", EVENT_FAULT, id, "answer", alert },      \
    .filter = "tls.alert_message.desc == " #number, .ends = "tls.alert_received", .needs = NEEDS_TLS
#define FINISHED .notices = { "web", "tls", EVENT_CHECK, "client_finished", "verdict", "refused" },             \
    BY_WEB("tls.finished", "decrypt_error", 51)
#define OTHER_KEYS .notices = { .host = "web", .layer = "tls", .kind = EVENT_FAULT, .name = "tls.bad_record_mac" }, \
    BY_WEB("tls.bad_record_mac", "bad_record_mac", 20)

const struct break_row breaks_by_rewriting[] = {
    { "suite:downgrade", .spoil = downgrade, .suites = SUITES_ALL, FINISHED | NEEDS_RSA_KEY },
    { "suite:swapped", .spoil = swap, OTHER_KEYS },
    { "extension:stripped", .spoil = strip, FINISHED },
    { "hello:random", "ecdhe|rsa", "ecdhe", .spoil = forget,
      .notices = { "browser", "tls", EVENT_CHECK, "server_key_exchange_signature", "verdict", "refused" },
      .fault = "tls.ske_signature", .answer = "alert decrypt_error",
      .answered = { "browser", "tls", EVENT_FAULT, "tls.ske_signature", "answer", "decrypt_error" },
      .ends = "tls.ske_signature", .filter = "tls.alert_message.desc == 51", .needs = NEEDS_TLS | NEEDS_ECDHE },
    { "hello:random", "ecdhe|rsa", "rsa", .spoil = forget, OTHER_KEYS | NEEDS_RSA_EXCHANGE },
    { .what = NULL },
};
