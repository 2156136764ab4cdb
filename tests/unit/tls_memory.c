/* The memory of a connection: none is allocated once the handshake is over, whatever goes to and fro; a peer who promises
 * much gets little for it; and the figures of tls.h hold against the longest hello, the longest chain and floods. The
 * store of sessions is bounded and shared. (The linker puts our allocator in front of the real one.) */
#include "tests/lib/check.h"
#include "tests/lib/tls_between.h"

#include <stdlib.h>
#include <string.h>

/* ---- what is in front of the real ones ---- */

static bool inside, in_ring;                           /* of the engine; of a ring, whose memory is the caller's */
static size_t allocations, live, peak;

static bool counts(void) { return inside && !in_ring; }

/* Blocks that the engine has. */
enum { BLOCKS = 256 };
static struct { void *at; size_t n; } blocks[BLOCKS];

static void *note(void *at, size_t n)
{
    for (size_t i = 0; at && i < BLOCKS; i++)
        if (!blocks[i].at) {
            blocks[i].at = at;
            blocks[i].n = n;
            live += n;
            peak = live > peak ? live : peak;
            return at;
        }
    pair_must(!at, "more blocks than there are rows for");
    return NULL;
}

static void forget(const void *at)
{
    for (size_t i = 0; at && i < BLOCKS; i++)
        if (blocks[i].at == at) {
            live -= blocks[i].n;
            blocks[i].at = NULL;
        }
}

void *__real_malloc(size_t);
void *__real_calloc(size_t, size_t);
void *__real_realloc(void *, size_t);
void __real_free(void *);
void *__wrap_malloc(size_t);
void *__wrap_calloc(size_t, size_t);
void *__wrap_realloc(void *, size_t);
void __wrap_free(void *);

void *__wrap_malloc(size_t n)
{
    allocations += counts();
    return counts() ? note(__real_malloc(n), n) : __real_malloc(n);
}

void *__wrap_calloc(size_t n, size_t size)
{
    allocations += counts();
    return counts() ? note(__real_calloc(n, size), n * size) : __real_calloc(n, size);
}

/* The old block and the new one are there at once, for a moment. */
void *__wrap_realloc(void *old, size_t n)
{
    if (!counts())
        return __real_realloc(old, n);
    allocations++;
    void *at = note(__real_malloc(n), n);
    for (size_t i = 0; old && i < BLOCKS; i++)
        if (blocks[i].at == old)
            memcpy(at, old, blocks[i].n < n ? blocks[i].n : n);
    forget(old);
    __real_free(old);
    return at;
}

void __wrap_free(void *at)
{
    forget(at);
    __real_free(at);
}

#define ENGINE(type, name, params, args)                \
    type __real_##name params;                          \
    type __wrap_##name params;                          \
    type __wrap_##name params                           \
    {                                                   \
        inside = true;                                  \
        type it = __real_##name args;                   \
        inside = false;                                 \
        return it;                                      \
    }
ENGINE(struct tls *, tls_new, (const struct tls_config *c, nsec now, struct fault *why), (c, now, why))
ENGINE(enum tls_says, tls_receive, (struct tls *t, struct ring *in, struct ring *out, nsec now, struct fault *why),
       (t, in, out, now, why))
ENGINE(size_t, tls_send, (struct tls *t, struct ring *out, const void *b, size_t n, struct span *where),
       (t, out, b, n, where))
#define RING(type, name, params, args)                  \
    type __real_##name params;                          \
    type __wrap_##name params;                          \
    type __wrap_##name params                           \
    {                                                   \
        in_ring = true;                                 \
        type it = __real_##name args;                   \
        in_ring = false;                                \
        return it;                                      \
    }
RING(struct room, ring_reserve, (struct ring *r, size_t n), (r, n))
RING(size_t, ring_write, (struct ring *r, const void *b, size_t n), (r, b, n))

static void count_anew(void)
{
    memset(blocks, 0, sizeof blocks);
    allocations = live = peak = 0;
}

/* ---- after the handshake ---- */

enum { PIECE = 16384, PIECES = 64 };                  /* a megabyte */

static void send_megabyte(struct tls_pair *p, struct pair_side *from, struct pair_side *to)
{
    static uint8_t piece[PIECE];
    for (unsigned i = 0; i < PIECES; i++) {
        memset(piece, (int)i, sizeof piece);
        to->got_n = 0;
        pair_send(p, from, piece, sizeof piece);
        pair_must(to->got_n == PIECE && memcmp(to->got, piece, PIECE) == 0, "other octets");
    }
}

static const struct { const char *suite; bool encrypt_then_mac; uint16_t limit; } modes[] = {
    { "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", false, 0 },
    { "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", false, 0 },
    { "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", false, 0 },
    { "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", false, 0 },
    { "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", true, 0 },
    { "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384", false, 0 },
    { "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384", true, 0 },
    { "TLS_RSA_WITH_AES_128_CBC_SHA256", true, 512 },
    { "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", false, 4096 },
};

START_TEST(nothing_is_allocated_after_the_handshake)
{
    static struct tls_pair p;
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        pair_configure(&p, &(struct pair_wish){ .suite = modes[i].suite, .group = TLS_SECP256R1 });
        p.client.config.encrypt_then_mac = p.server.config.encrypt_then_mac = modes[i].encrypt_then_mac;
        p.client.config.record_size_limit = modes[i].limit;
        count_anew();
        p.client.tls = tls_new(&p.client.config, PAIR_NOW, &p.client.fault);
        p.server.tls = tls_new(&p.server.config, PAIR_NOW, &p.server.fault);
        pair_must(pair_shake(&p), "%s: no handshake", modes[i].suite);
        pair_must(strcmp(p.client.tls->facts.suite->name, modes[i].suite) == 0, "another suite");
        ck_assert(p.client.tls->facts.encrypt_then_mac == modes[i].encrypt_then_mac);
        ck_assert_uint_gt(allocations, 2);             /* the counter counts */
        allocations = 0;
        send_megabyte(&p, &p.client, &p.server);
        send_megabyte(&p, &p.server, &p.client);
        tls_close(p.client.tls, &p.client.out);
        pair_pump(&p);
        tls_close(p.server.tls, &p.server.out);
        pair_pump(&p);
        ck_assert(p.client.says == TLS_CLOSED && p.server.says == TLS_CLOSED);
        pair_must(allocations == 0, "%s: %zu allocations", modes[i].suite, allocations);
        pair_must(live == 2 * sizeof(struct tls), "%s: %zu octets are kept", modes[i].suite, live);
        pair_end(&p);
        ck_assert_uint_eq(live, 0);
    }
    ck_assert_uint_le(sizeof(struct tls), TLS_MEMORY_IDLE);
}
END_TEST

/* ---- the worst that a peer can do ---- */

static struct between_script listen_script;

/* One message in records of that many octets, as long as somebody takes them. */
static void give_in(struct between *b, const uint8_t *m, size_t n, size_t most)
{
    for (size_t at = 0; at < n && b->tried->says != TLS_FAILED; at += most)
        between_record(b, TLS_CONTENT_HANDSHAKE, m + at, n - at < most ? n - at : most);
}

static void put(uint8_t **at, unsigned octets, size_t value)
{
    for (unsigned i = 0; i < octets; i++)
        *(*at)++ = (uint8_t)(value >> 8 * (octets - 1 - i));
}

/* The longest ClientHello: all lists as long as they can be. */
static size_t longest_hello(uint8_t *m)
{
    uint8_t *at = m;
    enum { SUITES = 65534, COMPRESSIONS = 255, EXTENSIONS = 65535 };
    put(&at, 1, TLS_CLIENT_HELLO);
    put(&at, 3, 2 + 32 + 1 + 32 + 2 + SUITES + 1 + COMPRESSIONS + 2 + EXTENSIONS);
    put(&at, 2, TLS_1_2);
    memset(at, 1, 32), at += 32;
    put(&at, 1, 32);
    memset(at, 2, 32), at += 32;
    put(&at, 2, SUITES);
    for (unsigned i = 0; i < SUITES / 2 - 1; i++)
        put(&at, 2, 0xfe00 + i % 200);
    put(&at, 2, 0x009c);                              /* TLS_RSA_WITH_AES_128_GCM_SHA256 */
    put(&at, 1, COMPRESSIONS);
    memset(at, 0, COMPRESSIONS), at += COMPRESSIONS;
    put(&at, 2, EXTENSIONS);
    size_t left = EXTENSIONS;
    for (unsigned type = 0x3000; left; type++) {       /* nobody knows them */
        size_t n = left < 1100 ? left - 4 : 1000;
        put(&at, 2, type);
        put(&at, 2, n);
        memset(at, 0, n), at += n;
        left -= 4 + n;
    }
    return (size_t)(at - m);
}

static void at_most(const char *what)
{
    pair_must(peak <= TLS_MEMORY_MAX, "%s: %zu octets at once, both ends together", what, peak);
}

START_TEST(the_longest_hello_has_room)
{
    static uint8_t hello[TLS_MESSAGE_MAX];
    static struct between b;
    size_t n = longest_hello(hello);
    ck_assert_uint_le(n, TLS_MESSAGE_MAX);
    ck_assert_uint_ge(n + 64, TLS_MESSAGE_MAX);
    for (size_t k = 0; k < between_n_kinds; k++)
        for (size_t most = 512; most <= 16384; most *= 32) {
            if (strcmp(between_kinds[k].name, "RSA") != 0 && strcmp(between_kinds[k].name, "no client certificate") != 0)
                continue;
            count_anew();
            between_start(&b, &between_kinds[k], true);
            b.tried->tls->config.suites = &(const struct tls_suite *const){ tls_suite_of(0x009c) };
            give_in(&b, hello, n, most);
            pair_must(b.tried->says != TLS_FAILED, "the longest hello is refused: %s", b.tried->fault.ground
                      ? b.tried->fault.ground->id : "");
            ck_assert_uint_gt(peak, n);
            at_most("the longest hello");
            between_end(&b);
        }
}
END_TEST

/* A certificate message as long as can be, to a client with and without a response due, and to a server that keeps the
 * messages. */
START_TEST(the_longest_chain_has_room)
{
    static uint8_t chain[TLS_MESSAGE_MAX];
    static struct between b;
    for (size_t k = 0; k < between_n_kinds; k++)
        for (unsigned server = 0; server < 2; server++) {
            size_t before = 0;
            const struct between_message *m;
            between_listen(&between_kinds[k], NULL, &listen_script);
            while ((m = between_heard(&listen_script, server, before)) && m->type != TLS_CERTIFICATE)
                before++;
            if (m && m->n > 7) {
                uint8_t *at = chain;
                memcpy(chain, m->bytes, m->n);
                at += m->n;
                for (unsigned i = 0; i < 8; i++) {    /* ten in all; the others lead nowhere */
                    size_t n = i < 7 ? 16000 : TLS_MESSAGE_MAX - 3 - (size_t)(at - chain);
                    put(&at, 3, n);
                    memcpy(at, m->bytes + 10, 1000 < n ? 600 : n);
                    at += n;
                }
                size_t n = (size_t)(at - chain);
                ck_assert_uint_le(n, TLS_MESSAGE_MAX);
                at = chain + 1;
                put(&at, 3, n - 4);
                put(&at, 3, n - 7);
                count_anew();
                between_start(&b, &between_kinds[k], server);
                between_play(&b, &listen_script, before);
                give_in(&b, chain, n, 16384);
                ck_assert_uint_gt(peak, n);
                at_most("the longest chain");
                between_end(&b);
            }
            between_forget(&listen_script);
        }
}
END_TEST

/* What is promised costs nothing; what came costs its own size twice, at most. */
START_TEST(promises_cost_nothing)
{
    static struct between b;
    uint8_t promise[4 + 600] = { TLS_CLIENT_HELLO, 0x02, 0x01, 0x00 };
    count_anew();
    between_start(&b, &between_kinds[0], true);
    size_t without = live;
    give_in(&b, promise, 4, 4);
    ck_assert_uint_le(live, without + 64);
    give_in(&b, promise + 4, 600, 1);                 /* and an octet a record */
    ck_assert(b.tried->says != TLS_FAILED);
    ck_assert_uint_le(live, without + 2 * 604);
    between_end(&b);
}
END_TEST

/* Floods after the handshake and in it: warnings, requests to negotiate, empty records, tickets of the largest size. */
START_TEST(floods_do_not_grow)
{
    static struct between b;
    static uint8_t ticket[4 + 6 + 65000] = { TLS_NEW_SESSION_TICKET, 0, 0xfd, 0xee, 0, 0, 0, 0, 0xfd, 0xe8 };
    static const uint8_t request[] = { 0, 0, 0, 0 }, warning[] = { 1, 90 };
    for (size_t k = 0; k < between_n_kinds; k++) {
        bool ticket_due = strcmp(between_kinds[k].name, "a ticket given") == 0;
        between_listen(&between_kinds[k], NULL, &listen_script);
        size_t n = 0;
        while (between_heard(&listen_script, false, n))
            n++;
        for (size_t played = 0; played <= n; played++) {
            count_anew();
            between_start(&b, &between_kinds[k], false);
            between_play(&b, &listen_script, played);
            const struct between_message *next = between_heard(&listen_script, false, played);
            if (ticket_due && next && next->type == TLS_NEW_SESSION_TICKET)
                give_in(&b, ticket, sizeof ticket, 16384);
            for (unsigned i = 0; i < 200 && b.tried->says != TLS_FAILED; i++) {
                between_record(&b, TLS_CONTENT_HANDSHAKE, request, sizeof request);
                between_record(&b, TLS_CONTENT_ALERT, warning, sizeof warning);
            }
            at_most("a flood");
            between_end(&b);
        }
        between_forget(&listen_script);
    }
}
END_TEST

/* ---- the store of sessions ---- */

START_TEST(the_store_is_bounded_and_shared)
{
    enum { MOST = 50 };
    count_anew();
    struct tls_sessions *sessions = tls_sessions_new(MOST, TLS_SESSION_LIFETIME);
    struct tls_session s = { .version = TLS_1_2, .suite = 0xc02f, .extended_master_secret = true, .id_n = 32,
                             .made = PAIR_NOW };
    size_t most = 0;
    inside = true;                                    /* from here on nothing may be allocated */
    for (unsigned i = 0; i < 20 * MOST; i++) {
        memcpy(s.id, &i, sizeof i);
        tls_sessions_put(sessions, &s);
        most = tls_sessions_n(sessions) > most ? tls_sessions_n(sessions) : most;
    }
    inside = false;
    ck_assert_uint_eq(most, MOST);
    ck_assert_uint_eq(allocations, 0);
    ck_assert_uint_eq(tls_sessions_n(sessions), MOST);

    struct tls_resumable kept = { .lifetime_hint = 0 };
    for (unsigned i = 0; i < 3; i++) {                /* other connections of the same server */
        static struct tls_pair p;
        pair_configure(&p, &(struct pair_wish){ .suite = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", .seed = i });
        p.server.config.sessions = sessions;
        p.client.config.session = &kept;
        p.client.tls = tls_new(&p.client.config, PAIR_NOW, &p.client.fault);
        p.server.tls = tls_new(&p.server.config, PAIR_NOW, &p.server.fault);
        ck_assert(pair_shake(&p));
        ck_assert(p.server.tls->facts.resumed == (i > 0));
        ck_assert_uint_eq(tls_sessions_n(sessions), MOST);
        pair_end(&p);
    }
    tls_sessions_free(sessions);
}
END_TEST

int main(void)
{
    return check_run("tls_memory", (const TTest *[]){ nothing_is_allocated_after_the_handshake,
                     the_longest_hello_has_room, the_longest_chain_has_room, promises_cost_nothing, floods_do_not_grow,
                     the_store_is_bounded_and_shared, NULL });
}
