/* What the secret of a connection is agreed on by, weak on purpose: short numbers, curves of one's own, and a ticket
 * that anybody could have sealed. */
#include "http/break_end.h"
#include "http/hello_parts.h"
#include "http/sealed_visit.h"
#include "tls/x509/written_curve.h"
#include "tls/forge.h"
#include "tls/messages.h"

#include <string.h>

/* ---- numbers of 512 bits, as programs had them that were to be exported ---- */

/* A safe prime p, and a power of 2 modulo p. */
static const uint8_t short_prime[] = {
    0xe6, 0x00, 0xd3, 0xf1, 0xf0, 0x54, 0xa9, 0x9e, 0x32, 0x4e, 0xc7, 0xac, 0x32, 0xdd, 0xf6, 0x46, 0xa7,
    0xe4, 0x06, 0x04, 0xd9, 0x5d, 0xd5, 0xb3, 0x3b, 0x87, 0x50, 0xd0, 0xed, 0x92, 0xa2, 0xeb, 0xc1, 0x88,
    0x5a, 0xbe, 0x7d, 0xcd, 0xec, 0x94, 0x1f, 0x90, 0xf9, 0x7a, 0xd3, 0xca, 0xd4, 0xc2, 0x1c, 0x7f, 0x8d,
    0x9c, 0x87, 0xe3, 0xec, 0x3b, 0x69, 0x91, 0xb7, 0x1e, 0xbf, 0x89, 0x39, 0xd3
};
static const uint8_t short_value[] = {
    0xcc, 0x36, 0x24, 0x81, 0xb6, 0x0c, 0x5b, 0x21, 0x07, 0x5e, 0x4c, 0x12, 0x8c, 0xaa, 0x89, 0xc5, 0x06,
    0x15, 0x92, 0xb7, 0x2a, 0x85, 0xd5, 0xca, 0x76, 0x09, 0xd5, 0x00, 0x4a, 0xcc, 0x33, 0x0e, 0xea, 0xe0,
    0xd6, 0xdc, 0xad, 0xf1, 0x58, 0x81, 0x5f, 0xb1, 0x6b, 0xfe, 0x59, 0xc6, 0xf6, 0xdf, 0x81, 0xb5, 0x84,
    0x16, 0x61, 0x6d, 0x3c, 0x72, 0xe9, 0x70, 0x97, 0xa0, 0x8d, 0x06, 0x5a, 0xcb
};
/* An RSA modulus: anybody can factor a number of this size in some hours. */
static const uint8_t short_modulus[] = {
    0xf3, 0x1e, 0xeb, 0xed, 0x57, 0x75, 0x14, 0x92, 0xbe, 0x75, 0xd6, 0xd6, 0xf1, 0x22, 0x9d, 0x66, 0x02,
    0xd8, 0xf6, 0xd9, 0xf5, 0x5d, 0xe4, 0xa4, 0xcd, 0x98, 0x38, 0xdd, 0xd3, 0xbf, 0x20, 0xd5, 0xc7, 0xaf,
    0xb8, 0xc8, 0x5c, 0x89, 0xda, 0xa0, 0x73, 0xaa, 0xb7, 0x43, 0x50, 0xe7, 0x56, 0x7b, 0xc4, 0x70, 0x66,
    0xba, 0xa3, 0x3e, 0xe5, 0xaf, 0x38, 0x8c, 0x66, 0x80, 0xa1, 0x2b, 0x5d, 0x3b
};

static void put_long(struct wire_out *out, const char *name, const uint8_t *at, size_t n)
{
    struct put_block block = put_open(out, name, 2);
    put_bytes(out, "octets", at, n);
    put_close(out, block);
}

/* Logjam: the server signs this, as it signs any. */
static void use_short_prime(void *self, uint8_t *params, size_t *n, size_t room)
{
    static const uint8_t generator = 2;
    struct wire_out out = wire_into(params, room);
    break_end_tell(self);
    put_long(&out, "dh_p", short_prime, sizeof short_prime);
    put_long(&out, "dh_g", &generator, 1);
    put_long(&out, "dh_ys", short_value, sizeof short_value);
    *n = wire_written(&out);
}

/* FREAK: behind the Certificate of an RSA suite, a message that such a suite has not: a short key to encrypt to. */
static bool after_certificate(void *self, uint8_t *m, size_t *n, size_t room)
{
    static const uint8_t exponent = 3, signature[256] = { 0 };
    struct break_end *e = self;
    (void)n;
    (void)room;
    if (m[0] != TLS_CERTIFICATE)
        return true;
    struct wire_out out = wire_into(e->kept, sizeof e->kept);
    put_u8(&out, "msg_type", TLS_SERVER_KEY_EXCHANGE);
    struct put_block body = put_open(&out, "body", 3);
    put_long(&out, "rsa_modulus", short_modulus, sizeof short_modulus);
    put_long(&out, "rsa_exponent", &exponent, 1);
    put_u16(&out, "signature_algorithm", TLS_RSA_PKCS1_SHA256);
    put_long(&out, "signature", signature, sizeof signature);
    put_close(&out, body);
    e->kept_n = wire_written(&out);
    break_end_tell(e);
    return true;
}

static bool give_kept(void *self, struct bytes *message)
{
    struct break_end *e = self;
    *message = (struct bytes){ e->kept, e->kept_n };
    e->kept_n = 0;
    return message->n > 0;
}

/* ---- a curve that is written down ---- */

static void write_curve_down(void *self, uint8_t *params, size_t *n, size_t room)
{
    enum { NAMED = 4 };                               /* curve_type, the group, the point's length */
    uint8_t point[WRITTEN_POINT];
    if (*n != NAMED + sizeof point)
        return;
    break_end_tell(self);
    memcpy(point, params + NAMED, sizeof point);
    *n = written_curve_params(point, params, room);
}

/* ---- a ticket under a key of zeros (CVE-2020-13777) ---- */

/* Behind the session_id, which is there when a ticket is, as if it were not: hello_parts.h counts without it. */
static uint8_t *find_ticket(uint8_t *m, const uint8_t *end)
{
    uint8_t *shifted = m + m[HELLO_SESSION_ID];
    return hello_extension(shifted + hello_extensions(shifted) + 2, end, HELLO_SESSION_TICKET);
}

static bool show_forged_ticket(void *self, uint8_t *m, size_t *n, size_t room)
{
    (void)room;
    uint8_t *x = m[0] == TLS_CLIENT_HELLO ? find_ticket(m, m + *n) : NULL;
    if (x && forge_ticket(x + 4, hello_get16(x + 2), SEALED_START))
        break_end_tell(self);
    return true;
}

static const struct tls_lie
    is_short = { "the prime has 512 bits", "RFC 7919 §4", .at = { .params = use_short_prime } },
    is_export = { "an RSA key of 512 bits comes in a ServerKeyExchange", "RFC 5246 §7.4.3",
                  .at = { .message = after_certificate, .behind = give_kept } },
    is_written = { "the curve is written down, with a base point of the server's own", "RFC 8422 §5.4",
                   .at = { .params = write_curve_down } },
    is_zero_key = { "the ticket is sealed under a key of zeros", "RFC 5077 §4",
                    .at = { .message = show_forged_ticket } };

/* ---- and what then happens ---- */

#define BY_BROWSER(id, alert, number)                                                                           \
    .notices = { "browser", "tls", EVENT_FAULT, .name = id }, .fault = id, .answer = "alert " alert,            \
    .answered = { "browser", "tls", EVENT_FAULT, id, "answer", alert }, .ends = id,                             \
    .filter = "tls.alert_message.desc == " #number, .needs = NEEDS_TLS

const struct break_row breaks_of_secrets[] = {
    { "ske:short-prime", .web = &is_short, BY_BROWSER("tls.dh_group", "insufficient_security", 71) | NEEDS_DHE },
    { "ske:export-rsa", .web = &is_export,
      BY_BROWSER("tls.unexpected_message", "unexpected_message", 10) | NEEDS_RSA_EXCHANGE },
    { "ske:explicit-curve", .web = &is_written,
      BY_BROWSER("tls.group_not_offered", "illegal_parameter", 47) | NEEDS_ECDHE | NEEDS_P256 },
    { "ticket:zero-key", .browser = &is_zero_key, .resume = true,
      .notices = { "web", "tls", EVENT_CHECK, "session_ticket", "verdict", "refused" },
      .answer = "a full handshake, as if there had been no ticket",
      .silent = "who has sealed a ticket only the server can tell", .needs = NEEDS_TLS },
    { .what = NULL },
};
