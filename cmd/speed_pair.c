#include "cmd/speed_pair.h"
#include "cmd/speed_keys.h"
#include "tls/x509/issue.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define NOW (INT64_C(1788249600) * SECOND)             /* some moment within the dates */
static const char host[] = "www.example.test";
enum { CERT_ROOM = 2048, POOL_ROOM = 1 << 20, RING_ROOM = 2 * TLS_RECORD_ROOM, FLIGHTS = 4, FLIGHT_ROOM = 8192,
       GROUPS = 3 };

struct side {
    struct tls_config config;
    struct ring in, out;
    struct tls *tls;
    struct fault fault;
    enum tls_says says;
    struct speed_tape tape;
    /* what came to it in a recorded handshake: flight after flight */
    struct { uint8_t octets[FLIGHT_ROOM]; size_t n; } flights[FLIGHTS];
    size_t n_flights;
};

struct speed_pair {
    struct speed_wish wish;
    struct pool pool;
    struct side client, server;
    const struct tls_suite *suite;
    uint16_t groups[GROUPS]; size_t n_groups;          /* of the exchange, and of certificates */
    uint8_t root_der[CERT_ROOM], leaf_der[CERT_ROOM];
    struct x509_cert root, leaf;
    struct der chain[1];
    struct x509_store trust;
    struct tls_identity identity;
    struct tls_sessions *sessions;
    struct tls_tickets tickets;
    struct tls_resumable first, kept;                  /* of the handshake that is resumed; the client's copy of it */
    bool recording, failed;
};

/* ---- the certificates ---- */

static bool issue(struct x509_issue *wish, uint8_t *octets, struct x509_cert *cert)
{
    x509_make_serial(wish, &speed_chance);
    struct der der = { .at = octets, .n = x509_issue(wish, &speed_chance, octets, CERT_ROOM) };
    return der.n && x509_read_cert(&der, NULL, cert, NULL);
}

static bool issue_chain(struct speed_pair *p, const struct private_key *key)
{
    enum { DAY = 86400 };
    static const char *const names[] = { host };
    struct x509_issue root = {
        .subject_cn = "Root", .signer = key, .key = &key->pub, .not_before = NOW - DAY * SECOND,
        .not_after = NOW + DAY * SECOND, .ca = true, .path_len = 0, .usage = X509_KEY_CERT_SIGN };
    struct x509_issue leaf = {
        .subject_cn = host, .issuer = &p->root, .signer = key, .key = &key->pub, .not_before = root.not_before,
        .not_after = root.not_after, .path_len = -1, .server_auth = true, .dns = names, .n_dns = 1,
        .usage = X509_DIGITAL_SIGNATURE | (key->pub.kind == KEY_RSA ? X509_KEY_ENCIPHERMENT : 0) };
    if (!issue(&root, p->root_der, &p->root) || !issue(&leaf, p->leaf_der, &p->leaf))
        return false;
    p->chain[0] = p->leaf.der;
    p->trust = (struct x509_store){ .certs = &p->root, .n = 1 };
    p->identity = (struct tls_identity){ .chain = p->chain, .n = 1, .key = key };
    return true;
}

/* ---- the two ends ---- */

/* The group of the exchange first; behind it those without which an ECDSA certificate could not be shown (RFC 8422
 * §5.1.1). */
static void choose_groups(struct speed_pair *p)
{
    static const uint16_t curves[] = { TLS_SECP256R1, TLS_SECP384R1 };
    if (p->wish.group)
        p->groups[p->n_groups++] = (uint16_t)p->wish.group;
    for (unsigned i = 0; i < sizeof curves / sizeof *curves; i++)
        if (curves[i] != p->wish.group)
            p->groups[p->n_groups++] = curves[i];
}

static void configure(struct speed_pair *p, struct side *s)
{
    s->config = (struct tls_config){ .suites = &p->suite, .n_suites = 1, .groups = p->groups, .n_groups = p->n_groups,
                                     .encrypt_then_mac = true, .chance = &speed_chance, .cpu = &p->wish.cpu };
    ring_start(&s->in, &p->pool, RING_ROOM);
    ring_start(&s->out, &p->pool, RING_ROOM);
}

static void configure_both(struct speed_pair *p)
{
    choose_groups(p);
    configure(p, &p->client);
    configure(p, &p->server);
    p->client.config.host = host;
    p->client.config.trust = &p->trust;
    p->server.config.server = true;
    p->server.config.identities = &p->identity;
    p->server.config.n_identities = 1;
    if (p->wish.resumed == SPEED_FULL)
        return;
    p->client.config.session = &p->kept;
    if (p->wish.resumed == SPEED_BY_TICKET)
        p->server.config.tickets = &p->tickets;
    else
        p->server.config.sessions = p->sessions;
}

static void begin(struct side *s)
{
    s->says = TLS_WANTS;
    s->fault = (struct fault){ 0 };
    s->tls = tls_new(&s->config, NOW, &s->fault);
}

static void finish(struct side *s)
{
    tls_free(s->tls);
    s->tls = NULL;
    ring_consume(&s->in, ring_peek(&s->in).n);
    ring_consume(&s->out, ring_peek(&s->out).n);
}

static void run(struct side *s)
{
    while ((s->says = tls_receive(s->tls, &s->in, &s->out, NOW, &s->fault)) == TLS_AGAIN)
        ;
}

/* All that one has to say goes to the other; false: nothing. */
static bool carry(struct speed_pair *p, struct side *from, struct side *to)
{
    struct bytes b = ring_peek(&from->out);
    if (!b.n)
        return false;
    if (p->recording) {
        if (to->n_flights == FLIGHTS || b.n > FLIGHT_ROOM)
            return false;
        memcpy(to->flights[to->n_flights].octets, b.at, b.n);
        to->flights[to->n_flights++].n = b.n;
    }
    ring_write(&to->in, b.at, b.n);
    ring_consume(&from->out, b.n);
    return true;
}

static bool connected(const struct speed_pair *p, const struct side *s)
{
    return s->says == TLS_WANTS && tls_progress(s->tls) == TLS_CONNECTED
        && tls_facts_of(s->tls)->resumed == (p->wish.resumed != SPEED_FULL);
}

static bool shake(struct speed_pair *p)
{
    p->kept = p->first;
    begin(&p->client);
    begin(&p->server);
    if (!p->client.tls || !p->server.tls)
        return false;
    do {
        run(&p->client);
        carry(p, &p->client, &p->server);
        run(&p->server);
    } while (carry(p, &p->server, &p->client));
    return true;
}

bool speed_pair_both(struct speed_pair *p)
{
    bool good = shake(p) && connected(p, &p->client) && connected(p, &p->server);
    finish(&p->client);
    finish(&p->server);
    return good;
}

static void use_tape(struct side *s)
{
    s->config.chance = &s->tape.chance;
    speed_tape_start(&s->tape);
    s->n_flights = 0;
}

bool speed_pair_record(struct speed_pair *p)
{
    use_tape(&p->client);
    use_tape(&p->server);
    p->recording = true;
    bool good = speed_pair_both(p);
    p->recording = false;
    return good;
}

bool speed_pair_alone(struct speed_pair *p, bool server)
{
    struct side *s = server ? &p->server : &p->client;
    speed_tape_play(&s->tape);
    if (!server && p->client.config.session)
        p->kept = p->first;
    begin(s);
    if (!s->tls)
        return false;
    run(s);
    for (size_t i = 0; i < s->n_flights; i++) {
        ring_consume(&s->out, ring_peek(&s->out).n);
        ring_write(&s->in, s->flights[i].octets, s->flights[i].n);
        run(s);
    }
    bool good = connected(p, s);
    finish(s);
    return good;
}

bool speed_pair_stand(struct speed_pair *p, struct tls *ends[2])
{
    bool good = shake(p) && connected(p, &p->client) && connected(p, &p->server);
    ends[0] = p->client.tls;
    ends[1] = p->server.tls;
    p->client.tls = p->server.tls = NULL;
    finish(&p->client);
    finish(&p->server);
    return good;
}

/* ---- made and freed ---- */

/* The handshake that is resumed later: its session goes to the client, and to the server's store or into a ticket. */
static bool first_shake(struct speed_pair *p)
{
    if (p->wish.resumed == SPEED_FULL)
        return true;
    bool good = shake(p) && tls_progress(p->client.tls) == TLS_CONNECTED;
    finish(&p->client);
    finish(&p->server);
    p->first = p->kept;
    return good && p->first.session.suite;
}

struct speed_pair *speed_pair_new(const struct speed_wish *wish)
{
    const struct private_key *key = speed_key(wish->key);
    struct speed_pair *p = key ? calloc(1, sizeof *p) : NULL;
    if (!p)
        return NULL;
    p->wish = *wish;
    p->suite = tls_suite_named(wish->suite);
    pool_start(&p->pool, POOL_ROOM);
    p->sessions = tls_sessions_new(1, TLS_SESSION_LIFETIME);
    tls_tickets_start(&p->tickets, &speed_chance, TLS_SESSION_LIFETIME);
    if (p->suite && p->sessions && issue_chain(p, key)) {
        configure_both(p);
        if (first_shake(p))
            return p;
    }
    speed_pair_free(p);
    return NULL;
}

void speed_pair_free(struct speed_pair *p)
{
    struct side *sides[] = { &p->client, &p->server };
    for (unsigned i = 0; i < 2; i++) {
        ring_end(&sides[i]->in);
        ring_end(&sides[i]->out);
    }
    tls_sessions_free(p->sessions);
    tls_tickets_wipe(&p->tickets);
    pool_end(&p->pool);
    sodium_memzero(p, sizeof *p);
    free(p);
}
