/* The hook of breaks (tls/spoil.h): at each point what was asked for happens, the other end notices. */
#include "tests/lib/check.h"
#include "tests/lib/named.h"
#include "tests/lib/tls_pair.h"
#include "tls/alerts.h"
#include "tls/spoil.h"

#include <string.h>

#define GCM "ECDHE-RSA-AES128-GCM-SHA256"
#define CBC "AES128-SHA"

/* What a spoil of these tests knows. */
struct lie { unsigned type, left; struct bytes keep; uint8_t kept[4096]; };

/* One end lies; the other refuses for `ground` (NULL: nobody does). All is told meanwhile. */
struct outcome { const char *suite; uint16_t group; bool by_server; struct tls_spoil spoil; const char *ground; };

static void try_lie(const struct outcome *o, bool talk)
{
    struct named *named = named_new();
    struct tls_pair p;
    pair_start(&p, &(struct pair_wish){
        .suite = o->suite, .group = o->group, .trace = named->trace,
        .client_spoil = o->by_server ? NULL : &o->spoil, .server_spoil = o->by_server ? &o->spoil : NULL });
    struct pair_side *liar = o->by_server ? &p.server : &p.client, *other = o->by_server ? &p.client : &p.server;
    bool connected = pair_shake(&p);
    if (talk && connected) {
        tls_send(liar->tls, &liar->out, "hello", 5, NULL);
        tls_send(liar->tls, &liar->out, "again", 5, NULL);
        pair_pump(&p);
    }
    if (o->ground) {
        ck_assert_ptr_nonnull(other->fault.ground);
        ck_assert_str_eq(other->fault.ground->id, o->ground);
    } else {
        ck_assert_msg(connected && !other->fault.ground, "%s", other->fault.ground ? other->fault.ground->id : "not");
    }
    pair_end(&p);
    named_free(named);
}

static bool flip_last(void *self, uint8_t *m, size_t *n, size_t room)
{
    (void)room;
    m[*n - 1] ^= m[0] == ((struct lie *)self)->type;
    return true;
}

static bool skip(void *self, uint8_t *m, size_t *n, size_t room)
{
    (void)n;
    (void)room;
    return m[0] != ((struct lie *)self)->type;
}

/* One octet more than the message should have. */
static bool lengthen(void *self, uint8_t *m, size_t *n, size_t room)
{
    if (m[0] == ((struct lie *)self)->type && *n < room) {
        m[(*n)++] = 0;
        m[3]++;
    }
    return true;
}

/* Keeps the message, to send it again or later. */
static bool keep(void *self, uint8_t *m, size_t *n, size_t room)
{
    struct lie *l = self;
    (void)room;
    if (m[0] != l->type)
        return true;
    memcpy(l->kept, m, *n);
    l->keep = (struct bytes){ l->kept, *n };
    return !l->left;
}

static bool give_kept(void *self, struct bytes *m)
{
    struct lie *l = self;
    if (l->left) {                                     /* not before the next message */
        l->left--;
        return false;
    }
    *m = l->keep;
    l->keep.n = 0;
    return m->n > 0;
}

START_TEST(messages)
{
    static const struct { const char *suite; bool by_server; unsigned type; const char *flipped, *skipped, *twice; }
    rows[] = {
        { GCM, true, TLS_SERVER_HELLO, "tls.server_hello_cut", "tls.unexpected_message", "tls.unexpected_message" },
        { GCM, true, TLS_CERTIFICATE, "x509.bad_signature", "tls.unexpected_message", "tls.unexpected_message" },
        { GCM, true, TLS_SERVER_KEY_EXCHANGE, "tls.ske_signature", "tls.unexpected_message",
          "tls.unexpected_message" },
        { GCM, false, TLS_CLIENT_KEY_EXCHANGE, "tls.bad_record_mac", "tls.unexpected_message",
          "tls.unexpected_message" },
        { GCM, false, TLS_FINISHED, "tls.finished", NULL, "tls.unexpected_message" },
        { GCM, true, TLS_FINISHED, "tls.finished", NULL, "tls.unexpected_message" },
        { CBC, false, TLS_CLIENT_KEY_EXCHANGE, "tls.bad_record_mac", "tls.unexpected_message",
          "tls.unexpected_message" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct lie lie = { .type = rows[i].type };
        struct outcome o = { rows[i].suite, 0, rows[i].by_server, { .self = &lie }, rows[i].flipped };
        o.spoil.message = flip_last;
        try_lie(&o, false);
        o.spoil.message = skip;
        o.ground = rows[i].skipped;
        if (o.ground)
            try_lie(&o, false);
        o.spoil.message = keep;
        o.spoil.behind = give_kept;
        o.ground = rows[i].twice;
        try_lie(&o, false);
    }
}
END_TEST

START_TEST(a_message_late)
{
    struct lie lie = { .type = TLS_CERTIFICATE, .left = 1 };
    try_lie(&(struct outcome){ GCM, 0, true, { .self = &lie, .message = keep, .behind = give_kept },
                               "tls.unexpected_message" }, false);
}
END_TEST

START_TEST(a_message_too_long)
{
    struct lie lie = { .type = TLS_SERVER_HELLO_DONE };
    try_lie(&(struct outcome){ GCM, 0, true, { .self = &lie, .message = lengthen },
                               "tls.message_not_empty" }, false);
    lie.type = TLS_CLIENT_HELLO;
    try_lie(&(struct outcome){ GCM, 0, false, { .self = &lie, .message = lengthen }, "tls.client_hello_cut" }, false);
}
END_TEST

static void zero_point(void *self, unsigned group, uint8_t *point, size_t n)
{
    (void)self;
    memset(point, 0, n);
    if (group == TLS_SECP256R1)
        point[0] = 4;
}

START_TEST(points)
{
    for (int i = 0; i < 4; i++)
        try_lie(&(struct outcome){ GCM, i & 1 ? TLS_SECP256R1 : TLS_X25519, i & 2, { .point = zero_point },
                                   "tls.bad_point" }, false);
}
END_TEST

static void other_secret(void *self, uint8_t secret[TLS_PRE_MASTER_SECRET])
{
    secret[*(const unsigned *)self] ^= 1;
}

/* Wrong version or wrong octets: the keys differ, and nothing more can be seen. */
START_TEST(secrets)
{
    for (unsigned at = 0; at < TLS_PRE_MASTER_SECRET; at += 47)
        try_lie(&(struct outcome){ CBC, 0, false, { .self = &at, .secret = other_secret }, "tls.bad_record_mac" },
                false);
}
END_TEST

/* So many records of one octet before each record of the handshake, or once the direction is sealed. */
static bool before(void *self, enum tls_content type, bool is_sealed, struct tls_extra *x)
{
    static const uint8_t zeros[20000] = { 0 };
    static const uint8_t early[] = { 1 }, warning[] = { TLS_WARNING, TLS_ALERT_USER_CANCELED };
    struct lie *l = self;
    bool plain = l->type == TLS_CONTENT_CHANGE_CIPHER_SPEC || l->type == TLS_CONTENT_ALERT;
    if (plain ? is_sealed : type != TLS_CONTENT_APPLICATION || !is_sealed)
        return false;
    *x = (struct tls_extra){ (enum tls_content)l->type, zeros, l->keep.n };
    if (plain)
        *x = (struct tls_extra){ (enum tls_content)l->type, l->type == TLS_CONTENT_ALERT ? warning : early,
                                 l->type == TLS_CONTENT_ALERT ? 2 : 1 };
    return l->left && l->left--;
}

START_TEST(records_before)
{
    static const struct { unsigned type, times; size_t n; bool by_server; const char *ground; } rows[] = {
        { TLS_CONTENT_CHANGE_CIPHER_SPEC, 1, 0, false, "tls.unexpected_message" },
        { TLS_CONTENT_CHANGE_CIPHER_SPEC, 1, 0, true, "tls.unexpected_message" },
        { TLS_CONTENT_ALERT, 4, 0, true, NULL },
        { TLS_CONTENT_ALERT, 5, 0, true, "tls.too_many_empty" },
        { TLS_CONTENT_APPLICATION, 32, 0, true, NULL },
        { TLS_CONTENT_APPLICATION, 33, 0, true, "tls.too_many_empty" },
        { TLS_CONTENT_APPLICATION, 1, 16385, true, "tls.record_overflow" },
        { TLS_CONTENT_APPLICATION, 1, 19000, true, "tls.record_overflow" },
        { TLS_CONTENT_HANDSHAKE, 1, 0, true, "tls.empty_record" },
        { TLS_CONTENT_HANDSHAKE, 4, 4, true, NULL },                /* HelloRequest */
        { TLS_CONTENT_HANDSHAKE, 5, 4, true, "tls.too_many_empty" },
        { 24, 1, 19, false, "tls.record_type" },                    /* a heartbeat */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct lie lie = { .type = rows[i].type, .left = rows[i].times, .keep = { NULL, rows[i].n } };
        const char *suites[] = { GCM, CBC };
        for (size_t s = 0; s < 2; s++) {
            lie.left = rows[i].times;
            try_lie(&(struct outcome){ suites[s], 0, rows[i].by_server, { .self = &lie, .before = before },
                                       rows[i].ground }, true);
        }
    }
}
END_TEST

/* Octet `left` of a data record's opened form, of its MAC, padding or tag, or of its header. */
static bool flip_dressed(void *self, struct record *r)
{
    const struct lie *l = self;
    if (r->type == TLS_CONTENT_APPLICATION)
        r->at[l->type + (l->keep.n ? r->content : 0)] ^= 1;
    return true;
}

static unsigned flip_sealed(void *self, struct record *r)
{
    (void)self;
    if (r->type == TLS_CONTENT_APPLICATION)
        r->at[r->n - 1] ^= 1;
    return 1;
}

static unsigned never(void *self, struct record *r)
{
    unsigned *dropped = self;
    return r->type == TLS_CONTENT_APPLICATION && (*dropped)++ == 0 ? 0 : 1;
}

static unsigned twice(void *self, struct record *r)
{
    (void)self;
    return r->type == TLS_CONTENT_APPLICATION ? 2 : 1;
}

static bool drop_ccs(void *self, struct record *r)
{
    (void)self;
    return r->type != TLS_CONTENT_CHANGE_CIPHER_SPEC;
}

START_TEST(records)
{
    struct lie lie = { .type = 2 };
    /* what comes sealed is read as it stands: the nonce of GCM, zeros, as a HelloRequest */
    try_lie(&(struct outcome){ GCM, 0, false, { .dressed = drop_ccs }, "tls.unexpected_message" }, true);
    for (int server = 0; server < 2; server++) {
        try_lie(&(struct outcome){ GCM, 0, server, { .self = &lie, .dressed = flip_dressed }, "tls.record_version" },
                true);
        try_lie(&(struct outcome){ GCM, 0, server, { .sealed = flip_sealed }, "tls.bad_record_mac" }, true);
        try_lie(&(struct outcome){ CBC, 0, server, { .sealed = flip_sealed }, "tls.bad_record_mac" }, true);
        try_lie(&(struct outcome){ GCM, 0, server, { .sealed = twice }, "tls.bad_record_mac" }, true);
        unsigned dropped = 0;
        try_lie(&(struct outcome){ CBC, 0, server, { .self = &dropped, .sealed = never }, "tls.bad_record_mac" },
                true);
        /* of "hello": MAC from 5 on, padding 25 to 31 */
        for (unsigned at = 5; at < 32; at += 13) {
            struct lie cbc = { .type = at, .keep = { NULL, 1 } };
            try_lie(&(struct outcome){ CBC, 0, server, { .self = &cbc, .dressed = flip_dressed },
                                       "tls.bad_record_mac" }, true);
        }
    }
}
END_TEST

static size_t no_more(void *self, size_t n) { return n < *(const size_t *)self ? n : 0; }
static bool say_nothing(void *self) { return self != NULL; }

START_TEST(an_end_without_a_word)
{
    size_t limit = 4;
    struct tls_spoil spoil = { .self = &limit, .data = no_more };
    struct tls_pair p;
    pair_start(&p, &(struct pair_wish){ .suite = GCM, .server_spoil = &spoil });
    ck_assert(pair_shake(&p));
    ck_assert_uint_eq(tls_send(p.server.tls, &p.server.out, "abc", 3, NULL), 3);
    ck_assert(!tls_cut_off(p.server.tls));
    ck_assert_uint_eq(tls_send(p.server.tls, &p.server.out, "abcd", 4, NULL), 0);
    ck_assert(tls_cut_off(p.server.tls));
    pair_end(&p);

    spoil = (struct tls_spoil){ .close = say_nothing };
    pair_start(&p, &(struct pair_wish){ .suite = GCM, .server_spoil = &spoil });
    ck_assert(pair_shake(&p));
    tls_close(p.server.tls, &p.server.out);
    ck_assert_uint_eq(ring_peek(&p.server.out).n, 0);
    pair_pump(&p);
    struct fault why = { 0 };
    ck_assert(!tls_peer_ended(p.client.tls, &why));
    ck_assert_str_eq(why.ground->id, "tls.truncated");
    pair_end(&p);
}
END_TEST

/* A spoil that has no function, or functions that change nothing, changes nothing. */
static bool as_it_is(void *self, uint8_t *m, size_t *n, size_t room)
{
    (void)m;
    return self == NULL && *n <= room;
}

START_TEST(nothing_spoiled)
{
    struct tls_spoil spoils[] = { { .self = NULL }, { .message = as_it_is } };
    for (size_t i = 0; i < 2; i++) {
        struct tls_pair honest, spoiled;
        pair_start(&honest, &(struct pair_wish){ .suite = GCM, .seed = 7 });
        pair_start(&spoiled, &(struct pair_wish){ .suite = GCM, .seed = 7, .client_spoil = &spoils[i],
                                                  .server_spoil = &spoils[i] });
        for (int round = 0; round < 4; round++) {
            pair_run(&honest.client);
            pair_run(&spoiled.client);
            pair_run(&honest.server);
            pair_run(&spoiled.server);
            struct bytes a = ring_peek(&honest.client.out), b = ring_peek(&spoiled.client.out);
            ck_assert_uint_eq(a.n, b.n);
            ck_assert(a.n == 0 || memcmp(b.at, a.at, a.n) == 0);
            a = ring_peek(&honest.server.out);
            b = ring_peek(&spoiled.server.out);
            ck_assert_uint_eq(a.n, b.n);
            ck_assert(a.n == 0 || memcmp(b.at, a.at, a.n) == 0);
            pair_wire(&honest.client, &honest.server, SIZE_MAX);
            pair_wire(&spoiled.client, &spoiled.server, SIZE_MAX);
            pair_wire(&honest.server, &honest.client, SIZE_MAX);
            pair_wire(&spoiled.server, &spoiled.client, SIZE_MAX);
        }
        pair_end(&honest);
        pair_end(&spoiled);
    }
}
END_TEST

int main(void)
{
    return check_run("tls_spoil", (const TTest *[]){ messages, a_message_late, a_message_too_long, points, secrets,
                                                     records_before, records, an_end_without_a_word,
                                                     nothing_spoiled, NULL });
}
