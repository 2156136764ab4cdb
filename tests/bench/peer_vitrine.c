/* Ours as one of the peers of `make bench` (tests/bench/peer.h): connections alone, so that ours go through the same frame
 * as everybody's, octets copied from the engine's ring to the pipe and back. Primitives are `vitrine speed`'s. */
#include "tests/bench/peer.h"
#include "cmd/version.h"
#include "crypto/cpu.h"
#include "tls/library.h"

#include <stdlib.h>
#include <time.h>

static const char *version(void) { return "vitrine " VITRINE_VERSION; }

static void fill(struct chance *c, const char *purpose, void *out, size_t n)
{
    (void)c;
    (void)purpose;
    randombytes_buf(out, n);
}
static struct chance chance = { fill };

static const uint16_t groups[] = { TLS_X25519, TLS_SECP256R1 };        /* P-256 for certificates */
static struct cpu cpu;
static nsec now;
static struct pool pool;
static const struct tls_suite *suite;
static struct x509_store trust;
static struct der chain[X509_CHAIN_MAX];
static struct private_key key;
static struct tls_identity identity = { .chain = chain, .key = &key };
static struct tls_config common[SIDES];
static struct tls_sessions *sessions;
static struct tls_tickets tickets;
static struct tls_resumable kept;

/* What a connection is for whoever uses the engine. A client that resumes has a session besides. */
struct conn {
    struct tls *tls;
    struct ring in, out;
};
struct client_again {
    struct conn conn;
    struct tls_config config;
    struct tls_resumable session;
};

static void read_files(const char *name)
{
    static uint8_t store[16384];
    struct fault why = { 0 };
    size_t n;
    const uint8_t *text = peer_file(name, "root.pem", &n);
    peer_must(x509_store_add_pem(&trust, (const char *)text, n, NULL, &why), "the root");
    text = peer_file(name, "chain.pem", &n);
    identity.n = pem_certificates((const char *)text, n, store, sizeof store, chain, X509_CHAIN_MAX, &why);
    text = peer_file(name, "key.pem", &n);
    peer_must(identity.n && pem_private_key((const char *)text, n, &key, &why), "the key");
}

static void start_tls(const struct tls_wish *w)
{
    enum { LIFETIME = 3600, POOL = 64 << 20 };
    peer_must(sodium_init() >= 0, "libsodium");
    suite = tls_suite_named(w->suite);
    if (!suite)
        peer_missing(w->suite);
    cpu = cpu_found();
    now = time(NULL) * SECOND;
    pool_start(&pool, POOL);
    read_files(w->key);
    for (int side = CLIENT; side < SIDES; side++)
        common[side] = (struct tls_config){
            .server = side == SERVER, .suites = &suite, .n_suites = 1, .groups = groups, .n_groups = 2,
            .encrypt_then_mac = w->etm, .chance = &chance, .cpu = &cpu };
    common[CLIENT].host = PEER_HOST;
    common[CLIENT].trust = &trust;
    common[SERVER].identities = &identity;
    common[SERVER].n_identities = 1;
    if (w->again == BY_ID)
        common[SERVER].sessions = sessions = tls_sessions_new(64, LIFETIME * SECOND);
    if (w->again == BY_TICKET) {
        tls_tickets_start(&tickets, &chance, LIFETIME * SECOND);
        common[SERVER].tickets = &tickets;
    }
    common[CLIENT].session = w->again == FULL ? NULL : &kept;
}

static void open_tls(struct end *e)
{
    enum { RING = 2 * TLS_RECORD_ROOM };
    const struct tls_config *config = &common[e->side];
    struct fault why = { 0 };
    struct conn *c;
    if (config->session) {
        struct client_again *again = malloc(sizeof *again);
        again->session = kept;
        again->config = *config;
        again->config.session = &again->session;
        c = &again->conn;
        config = &again->config;
    } else
        c = malloc(sizeof *c);
    ring_start(&c->in, &pool, RING);
    ring_start(&c->out, &pool, RING);
    c->tls = tls_new(config, now, &why);
    peer_must(c->tls != NULL, "tls_new");
    e->conn = c;
}

static void send_out(struct end *e)
{
    struct conn *c = e->conn;
    struct bytes b = ring_peek(&c->out);
    ring_consume(&c->out, pipe_put(e->out, b.at, b.n));
}

static void take_in(struct end *e)
{
    struct conn *c = e->conn;
    size_t n = e->in->n - e->in->at;
    if (n == 0)
        return;
    n = n < TLS_RECORD_ROOM ? n : TLS_RECORD_ROOM;
    struct room room = ring_reserve(&c->in, n);
    ring_commit(&c->in, pipe_get(e->in, room.at, n < room.n ? n : room.n));
}

static enum tls_says go_on(struct conn *c)
{
    struct fault why = { 0 };
    enum tls_says says;
    while ((says = tls_receive(c->tls, &c->in, &c->out, now, &why)) == TLS_AGAIN)
        continue;
    peer_must(says == TLS_WANTS || says == TLS_DATA, why.ground ? why.ground->id : "the connection");
    return says;
}

static bool shake(struct end *e)
{
    struct conn *c = e->conn;
    take_in(e);
    go_on(c);
    send_out(e);
    return tls_progress(c->tls) == TLS_CONNECTED;
}

static void keep(struct end *client) { kept = ((struct client_again *)client->conn)->session; }
static bool resumed(struct end *e) { return tls_facts_of(((struct conn *)e->conn)->tls)->resumed; }

static void write_tls(struct end *e, const void *bytes, size_t n)
{
    struct conn *c = e->conn;
    for (size_t done = 0, sent; done < n; done += sent) {              /* the first records are short ones */
        sent = tls_send(c->tls, &c->out, (const uint8_t *)bytes + done, n - done, NULL);
        peer_must(sent > 0, "tls_send");
        send_out(e);
    }
}

static void read_tls(struct end *e, void *bytes, size_t n)
{
    struct conn *c = e->conn;
    for (size_t done = 0; done < n;) {
        while (go_on(c) != TLS_DATA)
            take_in(e);
        struct bytes b = tls_peek(c->tls, &c->in);
        peer_must(b.n <= n - done, "tls_peek");
        memcpy((uint8_t *)bytes + done, b.at, b.n);
        tls_consume(c->tls, &c->in, b.n);
        done += b.n;
    }
}

static void close_tls(struct end *e)
{
    struct conn *c = e->conn;
    tls_free(c->tls);
    ring_end(&c->in);
    ring_end(&c->out);
    free(c);                                            /* the first member of a client that resumes */
}

static const struct operation operations[] = { { 0 } };
static const struct tls_calls tls = { start_tls, open_tls, shake, keep, resumed, write_tls, read_tls, close_tls };
static const struct peer vitrine = { "vitrine", version, operations, &tls };
int main(int argc, char **argv) { return peer_main(&vitrine, argc, argv); }
