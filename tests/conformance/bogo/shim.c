/* shim.c - a connection of our TLS for BoringSSL's runner (google/boringssl, ssl/test/runner): connects to it, does
 * what flags.h says, and tells by its exit code and one word on stderr what came of it. What the runner wants and is
 * not here leaves the test out, by an exit code of its own. See docs/conformance.md. */
#include "tests/conformance/bogo/shim.h"
#include "tests/conformance/bogo/words.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { RING = 3 * TLS_RECORD_ROOM, DRAIN_SECONDS = 2, WRITE_MOST = 32769, DECOMPRESSION_FAILURE = 30 };

static void fill(struct chance *c, const char *purpose, void *out, size_t n)
{
    (void)c;
    (void)purpose;
    randombytes_buf(out, n);
}

nsec bogo_now(const struct shim *s)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return t.tv_sec * SECOND + t.tv_nsec + s->memory->later;
}

int bogo_leave_out(const char *why)
{
    fprintf(stderr, "not here: %s\n", why);
    return BOGO_UNIMPLEMENTED;
}

bool bogo_say(const char *what)
{
    fprintf(stderr, "%s\n", what);
    return false;
}

/* It listens on the loopback of IPv6 where there is one, else of IPv4. */
static bool connect_to_runner(struct shim *s)
{
    struct sockaddr_in6 to6 = { .sin6_family = AF_INET6, .sin6_port = htons((uint16_t)s->wish->port),
                                .sin6_addr = IN6ADDR_LOOPBACK_INIT };
    struct sockaddr_in to4 = { .sin_family = AF_INET, .sin_port = htons((uint16_t)s->wish->port),
                               .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    s->fd = socket(AF_INET6, SOCK_STREAM, 0);
    if (s->fd >= 0 && connect(s->fd, (struct sockaddr *)&to6, sizeof to6) == 0)
        return true;
    s->fd = socket(AF_INET, SOCK_STREAM, 0);
    return s->fd >= 0 && connect(s->fd, (struct sockaddr *)&to4, sizeof to4) == 0;
}

static void flush(struct shim *s)
{
    for (struct bytes b = ring_peek(&s->out); b.n; b = ring_peek(&s->out)) {
        ssize_t n = send(s->fd, b.at, s->wish->partial_write ? 1 : b.n, MSG_NOSIGNAL);
        ring_consume(&s->out, n > 0 ? (size_t)n : b.n);
    }
}

/* More octets; false: there will be none. */
static bool more(struct shim *s)
{
    uint8_t octets[4096];
    size_t room = ring_room(&s->in), most = s->wish->async ? 1 : room < sizeof octets ? room : sizeof octets;
    ssize_t n = recv(s->fd, octets, most, 0);
    s->ended = n <= 0;
    return !s->ended && ring_write(&s->in, octets, (size_t)n) == (size_t)n;
}

/* Until there is something to do about. TLS_WANTS: the peer has ended without a word. */
static enum tls_says next(struct shim *s, enum tls_progress enough)
{
    for (;;) {
        enum tls_says says = tls_receive(s->tls, &s->in, &s->out, bogo_now(s), &s->fault);
        flush(s);
        if (says != TLS_AGAIN && says != TLS_WANTS)
            return says;
        if (enough && tls_progress(s->tls) >= enough)
            return TLS_AGAIN;
        if (says == TLS_WANTS && !more(s))
            return TLS_WANTS;
    }
}

static bool write_all(struct shim *s, const uint8_t *octets, size_t n)
{
    while (n) {
        size_t took = tls_send(s->tls, &s->out, octets, n, NULL);
        flush(s);
        if (!took)
            return false;
        octets += took;
        n -= took;
    }
    return true;
}

static bool check_facts(const struct shim *s)
{
    const struct bogo_wish *w = s->wish;
    const struct tls_facts *f = tls_facts_of(s->tls);
    unsigned cipher = w->expect_cipher ? w->expect_cipher : w->expect_cipher_aes;
    if (w->expect_curve_id && !f->resumed && f->group != w->expect_curve_id)
        return bogo_say("another group");
    if (cipher && f->suite->number != cipher)
        return bogo_say("another suite");
    if (w->expect_peer_signature_algorithm && !w->server && !f->resumed
        && f->sigalg != w->expect_peer_signature_algorithm)
        return bogo_say("another signature algorithm");
    if (s->again && f->resumed == w->expect_session_miss)
        return bogo_say(f->resumed ? "resumed" : "not resumed");
    if (w->expect_ticket_renewal && !f->ticket)
        return bogo_say("no new ticket");
    if (w->expect_sha256_client_cert && !f->client_known)
        return bogo_say("no client certificate");
    if (w->expect_key_usage_invalid && !f->resumed && !s->key_usage_wrong)
        return bogo_say("a keyUsage that fits");
    if (w->expect_alpn && (!f->protocol || strcmp(f->protocol, w->expect_alpn) != 0))
        return bogo_say("another protocol");
    if (w->expect_extended_master_secret && !f->extended_master_secret)
        return bogo_say("no extended master secret");
    return true;
}

/* What comes goes back, each octet inverted, until the peer closes. */
static bool echo(struct shim *s)
{
    size_t most = s->wish->read_size ? s->wish->read_size : 512;
    for (;;) {
        enum tls_says says = next(s, TLS_START);
        if (says == TLS_CLOSED)
            return true;
        if (says == TLS_WANTS)
            return !s->wish->check_close_notify || tls_peer_ended(s->tls, &s->fault);
        if (says != TLS_DATA)
            return false;
        uint8_t octets[16384];
        struct bytes b = tls_peek(s->tls, &s->in);
        size_t n = b.n < most ? b.n : most;
        n = n < sizeof octets ? n : sizeof octets;
        for (size_t i = 0; i < n; i++)
            octets[i] = (uint8_t)~b.at[i];
        tls_consume(s->tls, &s->in, n);
        if (!write_all(s, octets, n))
            return false;
    }
}

static bool write_sizes(struct shim *s)
{
    static const size_t sizes[] = { 0, 1, 255, 256, 257, 16383, 16384, 16385, 32767, 32768, 32769 };
    static uint8_t octets[WRITE_MOST];
    memset(octets, 0x42, sizeof octets);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        if (!write_all(s, octets, sizes[i]))
            return false;
    return true;
}

/* The runner, which knows the keys, expects these octets first. */
static bool write_export(struct shim *s)
{
    static uint8_t octets[2048];
    const struct bogo_wish *w = s->wish;
    const char *context = w->use_export_context ? w->export_context : NULL;
    size_t n = w->export_keying_material;
    return n <= sizeof octets
        && (tls_export(s->tls, w->export_label, context, context ? strlen(context) : 0, octets, n)
            || bogo_say("nothing is exported"))
        && write_all(s, octets, n);
}

static bool write_unique(struct shim *s)
{
    uint8_t unique[TLS_UNIQUE];
    return (tls_unique(s->tls, unique) || bogo_say("failed to get tls-unique")) && write_all(s, unique, sizeof unique);
}

static bool end_by_alert(struct shim *s)
{
    tls_abort(s->tls, &s->out, DECOMPRESSION_FAILURE);
    flush(s);
    return true;
}

static bool exchange(struct shim *s)
{
    const struct bogo_wish *w = s->wish;
    if (next(s, TLS_CONNECTED) == TLS_FAILED || tls_progress(s->tls) != TLS_CONNECTED)
        return false;
    if (!check_facts(s))
        return false;
    if (w->export_keying_material && !write_export(s))
        return false;
    if (w->tls_unique && !write_unique(s))
        return false;
    if (w->send_alert)
        return end_by_alert(s);
    if (w->write_different_record_sizes && !write_sizes(s))
        return false;
    if (w->shim_writes_first && !write_all(s, (const uint8_t *)"hello", 5))
        return false;
    if (!w->shim_shuts_down && !w->write_different_record_sizes && !echo(s))
        return false;
    tls_close(s->tls, &s->out);
    flush(s);
    if (!w->shim_shuts_down || !w->check_close_notify)
        return true;
    for (;;) {
        enum tls_says says = next(s, TLS_START);
        if (says == TLS_DATA)
            return bogo_say(":APPLICATION_DATA_ON_SHUTDOWN:");
        if (says != TLS_AGAIN)
            return says == TLS_CLOSED;
    }
}

static void tell_fault(struct shim *s)
{
    const char *word = s->refused ? s->refused : bogo_word(&s->fault);
    if (!s->fault.ground && s->ended)
        tls_peer_ended(s->tls, &s->fault);
    if (s->fault.ground)
        fprintf(stderr, "%s %s (%s): expected %s; came: %s\n", word ? word : "", s->fault.ground->id, s->fault.about,
                s->fault.expected, s->fault.came);
}

/* What the peer still says is read, so that our last words reach it before a RST does. */
static void drain(struct shim *s)
{
    uint8_t octets[4096];
    struct timeval patience = { .tv_sec = DRAIN_SECONDS };
    shutdown(s->fd, SHUT_WR);
    setsockopt(s->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    while (recv(s->fd, octets, sizeof octets, 0) > 0)
        continue;
    close(s->fd);
}

/* What the connection left for a client to resume later. */
static bool check_kept(const struct shim *s)
{
    const struct bogo_wish *w = s->wish;
    const struct tls_resumable *r = &s->memory->session;
    if (w->expect_no_session && r->session.suite)
        return bogo_say("a session was kept");
    if (w->expect_session_id && !r->session.id_n)
        return bogo_say("no session id");
    if (w->expect_no_session_id && r->session.id_n)
        return bogo_say("a session id");
    return true;
}

static int connection(const struct bogo_wish *w, struct memory *memory, bool again)
{
    static struct shim shim;
    struct shim *s = &shim;
    *s = (struct shim){ .wish = w, .memory = memory, .again = again };
    int code = bogo_configure(s);
    if (code)
        return code;
    pool_start(&s->pool, 1 << 22);
    ring_start(&s->in, &s->pool, RING);
    ring_start(&s->out, &s->pool, RING);
    s->tls = tls_new(&s->config, bogo_now(s), &s->fault);
    if (!s->tls || !connect_to_runner(s)) {
        tell_fault(s);
        return 1;
    }
    bool good = exchange(s) && (w->server || check_kept(s));
    if (!good)
        tell_fault(s);
    drain(s);
    tls_free(s->tls);
    ring_end(&s->in);
    ring_end(&s->out);
    pool_end(&s->pool);
    return good ? 0 : 1;
}

int main(int argc, char **argv)
{
    static struct bogo_wish first, later;
    const char *unknown;
    if (argc == 2 && strcmp(argv[1], "-is-handshaker-supported") == 0)
        return puts("No") < 0;
    if (sodium_init() < 0)
        return 1;
    if (!bogo_read(argc, argv, &first, &later, &unknown))
        return bogo_leave_out(unknown);
    static struct memory memory = { .chance = { fill } };
    memory.sessions = tls_sessions_new(16, TLS_SESSION_LIFETIME);
    tls_tickets_start(&memory.tickets, &memory.chance, TLS_SESSION_LIFETIME);
    int code = connection(&first, &memory, false);
    for (unsigned i = 0; code == 0 && i < first.resume_count; i++) {
        memory.later += later.resumption_delay * SECOND;
        code = connection(&later, &memory, true);
    }
    tls_sessions_free(memory.sessions);
    tls_tickets_wipe(&memory.tickets);
    return code;
}
