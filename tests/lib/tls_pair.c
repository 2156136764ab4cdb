#include "tests/lib/tls_pair.h"

#include "tests/lib/check.h"
#include "tests/lib/ocsp_made.h"
#include "tls/x509/classroom_keys.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RING = 3 * TLS_RECORD_ROOM };

void pair_must(bool good, const char *what, ...)
{
    char text[512];
    va_list args;
    if (good)
        return;
    va_start(args, what);
    vsnprintf(text, sizeof text, what, args);
    va_end(args);
    fprintf(stderr, "%s\n", text);
    ck_abort_msg("%s", text);
}

void pair_classroom(enum key_kind kind, const struct classroom **out)
{
    static struct classroom rooms[2];
    struct classroom *room = &rooms[kind == KEY_RSA];
    if (!room->leaf_der[0]) {
        struct test_chance chance = test_chance(99);
        struct fault why = { 0 };
        pair_must(classroom_issue(room, kind, PAIR_HOST, PAIR_NOW, &chance.chance, &why), "%s",
                      why.ground ? why.ground->id : "");
    }
    *out = room;
}

static void configure_side(struct tls_pair *p, struct pair_side *s, uint16_t host)
{
    s->chance = test_chance(2 * p->wish.seed + host);
    s->config.chance = &s->chance.chance;
    static struct cpu cpu;                             /* as the program does it: by what this processor has */
    cpu = cpu_found();
    s->config.cpu = &cpu;
    s->config.suites = p->suites;
    s->config.groups = p->groups;
    s->config.n_groups = 3;
    s->config.voice = (struct voice){ p->wish.trace, host, 1 };
    bool client = host == 1;
    s->config.reads = trace_stream(p->wish.trace, client ? "down" : "up", client ? 4 : 2);
    s->config.writes = trace_stream(p->wish.trace, client ? "up" : "down", client ? 2 : 4);
    s->config.spoil = client ? p->wish.client_spoil : p->wish.server_spoil;
    ring_start(&s->in, &p->pool, RING);
    ring_start(&s->out, &p->pool, RING);
}

void pair_configure(struct tls_pair *p, const struct pair_wish *wish)
{
    static struct x509_cert anchors[2];
    memset(p, 0, sizeof *p);
    p->wish = *wish;
    pool_start(&p->pool, 1 << 22);
    p->groups[0] = wish->group ? wish->group : TLS_X25519;
    p->groups[1] = p->groups[0] == TLS_X25519 ? TLS_SECP256R1 : TLS_X25519;
    p->groups[2] = tls_group_is_ffdhe(p->groups[0]) ? TLS_SECP256R1 : TLS_FFDHE2048;
    for (unsigned i = 0; i < 2; i++) {
        const struct classroom *room;
        pair_classroom(i ? KEY_RSA : KEY_P256, &room);
        anchors[i] = room->root;
        p->chains[i][0] = room->leaf.der;
        p->chains[i][1] = room->intermediate.der;
        p->identities[i] = (struct tls_identity){ .chain = p->chains[i], .n = 2, .key = &room->leaf_key };
    }
    p->trust = (struct x509_store){ .certs = anchors, .n = 2 };
    size_t n = 0;
    for (size_t i = 0; i < tls_n_suites && i < PAIR_SUITES; i++)
        p->suites[n++] = &tls_suites[i];
    configure_side(p, &p->client, 1);
    configure_side(p, &p->server, 2);
    p->client.config.n_suites = n;
    p->client.config.host = wish->host ? wish->host : PAIR_HOST;
    p->client.config.trust = &p->trust;
    p->client.config.classroom = true;
    p->client.config.insecure = wish->insecure;
    p->server.config.server = true;
    p->server.config.identities = p->identities;
    p->server.config.n_identities = 2;
    p->server.config.n_suites = n;
    static const struct tls_suite *one[PAIR_SUITES];
    for (size_t i = 0; wish->suite && i < n; i++)
        if (p->suites[i] == tls_suite_named(wish->suite)) {
            one[i] = p->suites[i];
            p->server.config.suites = &one[i];
            p->server.config.n_suites = 1;
        }
}

void pair_staple(struct tls_pair *p)
{
    static uint8_t responses[2][OCSP_MADE_MAX];
    static size_t sizes[2];
    for (unsigned i = 0; i < 2; i++) {
        const struct classroom *room;
        pair_classroom(i ? KEY_RSA : KEY_P256, &room);
        struct ocsp_made made = ocsp_made(&room->leaf, &room->intermediate, i
                                          ? &classroom_rsa_keys[CLASSROOM_INTERMEDIATE]
                                          : &classroom_p256_keys[CLASSROOM_INTERMEDIATE], PAIR_NOW);
        if (!sizes[i])
            sizes[i] = ocsp_made_write(&made, responses[i]);
        p->identities[i].staple = (struct bytes){ responses[i], sizes[i] };
    }
}

void pair_start(struct tls_pair *p, const struct pair_wish *wish)
{
    pair_configure(p, wish);
    p->client.tls = tls_new(&p->client.config, PAIR_NOW, &p->client.fault);
    p->server.tls = tls_new(&p->server.config, PAIR_NOW, &p->server.fault);
    pair_must(p->client.tls != NULL, "no memory, or no good config");
    pair_must(p->server.tls != NULL, "no memory, or no good config");
}

void pair_end(struct tls_pair *p)
{
    tls_free(p->client.tls);
    tls_free(p->server.tls);
    ring_end(&p->client.in);
    ring_end(&p->client.out);
    ring_end(&p->server.in);
    ring_end(&p->server.out);
    pool_end(&p->pool);
}

enum tls_says pair_run(struct pair_side *s)
{
    if (!s->tls)
        return TLS_WANTS;
    while (s->says != TLS_FAILED) {
        s->says = tls_receive(s->tls, &s->in, &s->out, s->now ? s->now : PAIR_NOW, &s->fault);
        if (s->says == TLS_DATA) {
            struct bytes b = tls_peek(s->tls, &s->in);
            pair_must(s->got_n + b.n <= sizeof s->got, "more than there is room for");
            memcpy(s->got + s->got_n, b.at, b.n);
            s->got_n += b.n;
            tls_consume(s->tls, &s->in, b.n);
        } else if (s->says != TLS_AGAIN) {
            break;
        }
    }
    return s->says;
}

size_t pair_wire(struct pair_side *from, struct pair_side *to, size_t most)
{
    struct bytes b = ring_peek(&from->out);
    size_t n = b.n < most ? b.n : most;
    n = n ? ring_write(&to->in, b.at, n) : 0;
    if (n)
        ring_consume(&from->out, n);
    return n;
}

void pair_pump(struct tls_pair *p)
{
    size_t moved = 1, most = p->wish.chunk ? p->wish.chunk : SIZE_MAX;
    while (moved) {
        pair_run(&p->client);
        moved = pair_wire(&p->client, &p->server, most);
        pair_run(&p->server);
        moved += pair_wire(&p->server, &p->client, most);
    }
    pair_run(&p->client);
}

bool pair_shake(struct tls_pair *p)
{
    pair_pump(p);
    return tls_progress(p->client.tls) == TLS_CONNECTED && tls_progress(p->server.tls) == TLS_CONNECTED;
}

void pair_send(struct tls_pair *p, struct pair_side *from, const void *bytes, size_t n)
{
    const uint8_t *at = bytes;
    while (n) {
        size_t took = tls_send(from->tls, &from->out, at, n, NULL);
        pair_must(took, "no room, though the wire is empty");
        at += took;
        n -= took;
        pair_pump(p);
    }
}
