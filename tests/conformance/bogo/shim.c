/* shim.c - a connection of our TLS for BoringSSL's runner (google/boringssl, ssl/test/runner): connects to it, does
 * what flags.h says, and tells by its exit code and one word on stderr what came of it. What the runner wants and is
 * not here leaves the test out, by an exit code of its own. See docs/conformance.md. */
#include "tests/conformance/bogo/flags.h"
#include "tests/conformance/bogo/words.h"
#include "tls/session.h"
#include "tls/ticket.h"
#include "tls/tls.h"
#include "tls/x509/pem.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { CHAIN = 8, STORE = 1 << 16, RING = 3 * TLS_RECORD_ROOM, SUITES = 64, GROUPS = 8, PROTOCOLS = 8, DRAIN_SECONDS = 2,
       WRITE_MOST = 32769, ALERT_SENT = 30 };

struct memory;
struct shim {
    const struct bogo_wish *wish;
    struct memory *memory; bool again;                 /* an earlier connection's session may be resumed */
    int fd;
    struct tls *tls;
    struct tls_config config;
    struct pool pool;
    struct ring in, out;
    struct fault fault;
    bool ended;                                       /* no more octets will come */
    const struct tls_suite *suites[SUITES];
    uint16_t groups[GROUPS], sigalgs[BOGO_LIST];
    const char *protocols[PROTOCOLS + 1];
    struct x509_trust trust;
    struct tls_identity identity;
    struct private_key key;
    struct der chain[CHAIN];
    uint8_t store[STORE];
};

/* What is left for the connections that come later. */
struct memory { struct chance chance; struct tls_resumable session; struct tls_sessions *sessions; struct tls_tickets tickets;
                nsec later; };

static void fill(struct chance *c, const char *purpose, void *out, size_t n)
{
    (void)c;
    (void)purpose;
    randombytes_buf(out, n);
}

static nsec now(const struct shim *s)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return t.tv_sec * SECOND + t.tv_nsec + s->memory->later;
}

static int leave_out(const char *why)
{
    fprintf(stderr, "not here: %s\n", why);
    return BOGO_UNIMPLEMENTED;
}

static char *read_file(const char *name, size_t *n)
{
    static char text[1 << 17];
    FILE *f = fopen(name, "r");
    *n = f ? fread(text, 1, sizeof text, f) : 0;
    if (f)
        fclose(f);
    return *n ? text : NULL;
}

static bool read_identity(struct shim *s)
{
    size_t n, used = 0, got = 1;
    char *text = read_file(s->wish->key_file, &n);
    if (!text || !pem_private_key(text, n, &s->key, &s->fault) || !(text = read_file(s->wish->cert_file, &n)))
        return false;
    for (const char *at = text; got && s->identity.n < CHAIN; used += got) {
        got = pem_next(&at, text + n, "CERTIFICATE", NULL, s->store + used, sizeof s->store - used, &s->fault);
        if (got)
            s->chain[s->identity.n++] = (struct der){ .at = s->store + used, .n = got };
    }
    s->identity.chain = s->chain;
    s->identity.key = &s->key;
    return !s->fault.ground && s->identity.n;
}

/* Names with colons between; without any all but DHE, which the runner does not speak. False: one is not here. */
static bool choose_suites(struct shim *s)
{
    size_t n = 0;
    if (!s->wish->cipher) {
        for (size_t i = 0; i < tls_n_suites && n < SUITES; i++)
            if (tls_suites[i].kx != TLS_KX_DHE)
                s->suites[n++] = &tls_suites[i];
    } else {
        char names[256];
        snprintf(names, sizeof names, "%s", s->wish->cipher);
        for (char *name = strtok(names, ":"); name && n < SUITES; name = strtok(NULL, ":"))
            if (!(s->suites[n++] = tls_suite_named(name)))
                return false;
    }
    s->config.suites = s->suites;
    s->config.n_suites = n;
    return n > 0;
}

/* Those of the runner's list that are spoken here. False: there is none. */
static bool choose_groups(struct shim *s)
{
    static const uint16_t usual[] = { TLS_X25519, TLS_SECP256R1, TLS_SECP384R1 };
    const struct bogo_list *asked = &s->wish->curves;
    for (size_t i = 0; i < (asked->n ? asked->n : 3) && s->config.n_groups < GROUPS; i++) {
        unsigned group = asked->n ? asked->item[i] : usual[i];
        if (tls_group_exchange(group) != EXCHANGE_NONE)
            s->groups[s->config.n_groups++] = (uint16_t)group;
    }
    s->config.groups = s->groups;
    return s->config.n_groups > 0;
}

/* Here there is one list of signature algorithms, for making and taking: what is taken decides, if it is said. */
static bool choose_sigalgs(struct shim *s)
{
    const struct bogo_list *asked = s->wish->verify_prefs.n ? &s->wish->verify_prefs : &s->wish->signing_prefs;
    for (size_t i = 0; i < asked->n; i++) {
        enum key_kind key;
        struct sign_scheme scheme;
        if (!tls_sigalg_of(asked->item[i], &key, &scheme))
            return false;
        s->sigalgs[s->config.n_sigalgs++] = (uint16_t)asked->item[i];
    }
    s->config.sigalgs = s->sigalgs;
    return true;
}

/* Names with a length of one octet before each, or one name alone. */
static void choose_protocols(struct shim *s)
{
    const char *many = s->wish->advertise_alpn, *at = many;
    static char store[256];
    char *to = store;
    for (; many && *at && s->config.n_protocols < PROTOCOLS; at += 1 + (unsigned char)*at) {
        s->protocols[s->config.n_protocols++] = to;
        to += snprintf(to, (size_t)(store + sizeof store - to), "%.*s", (unsigned char)*at, at + 1) + 1;
    }
    if (s->wish->server && s->wish->select_alpn)
        s->protocols[s->config.n_protocols++] = s->wish->select_alpn;
    s->config.protocols = s->protocols;
}

/* 0, or an exit code. */
static int configure(struct shim *s)
{
    static const uint8_t nowhere[4] = { 127, 0, 0, 1 };
    const struct bogo_wish *w = s->wish;
    if (w->no_tls12 || w->min_version > 0x0303 || (w->max_version && w->max_version < 0x0303)
        || (w->expect_version && w->expect_version != 0x0303))
        return leave_out("another version than TLS 1.2");
    if (!choose_suites(s) || !choose_groups(s))
        return leave_out("a suite or a group");
    if (!choose_sigalgs(s))
        return leave_out("a signature algorithm");
    choose_protocols(s);
    if (w->key_file && !read_identity(s))
        return leave_out(s->fault.ground ? s->fault.ground->id : "the certificate's file");
    s->config.server = w->server;
    s->config.chance = &s->memory->chance;
    if (w->server) {
        s->config.sessions = s->memory->sessions;
        s->config.tickets = w->no_ticket ? NULL : &s->memory->tickets;
    } else {
        s->config.session = &s->memory->session;
    }
    s->config.insecure = !w->verify_fail;
    s->config.trust = &s->trust;
    s->config.host = w->server ? NULL : w->host_name ? w->host_name : "127.0.0.1";
    if (!w->server && !w->host_name)                   /* an address is not told in SNI */
        s->config.ip = (struct bytes){ nowhere, sizeof nowhere };
    s->config.identities = &s->identity;
    s->config.n_identities = w->key_file != NULL;
    s->config.grease = w->enable_grease;
    s->config.ask_ocsp = w->enable_ocsp_stapling;
    s->config.exporter = w->export_keying_material > 0;
    s->identity.staple = (struct bytes){ w->ocsp_response.at, w->ocsp_response.n };
    s->config.client_order = w->server && !w->server_preference;
    if (w->server && (w->verify_peer || w->require_any_client_certificate))
        s->config.client_certificate = w->require_any_client_certificate ? TLS_CLIENT_REQUIRE : TLS_CLIENT_ASK;
    return 0;
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
        enum tls_says says = tls_receive(s->tls, &s->in, &s->out, now(s), &s->fault);
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

static bool say(const char *what)
{
    fprintf(stderr, "%s\n", what);
    return false;
}

static bool check_facts(const struct shim *s)
{
    const struct bogo_wish *w = s->wish;
    const struct tls_facts *f = tls_facts_of(s->tls);
    unsigned cipher = w->expect_cipher ? w->expect_cipher : w->expect_cipher_aes;
    if (w->expect_curve_id && !f->resumed && f->group != w->expect_curve_id)
        return say("another group");
    if (cipher && f->suite->number != cipher)
        return say("another suite");
    if (w->expect_peer_signature_algorithm && !w->server && !f->resumed
        && f->sigalg != w->expect_peer_signature_algorithm)
        return say("another signature algorithm");
    if (s->again && f->resumed == w->expect_session_miss)
        return say(f->resumed ? "resumed" : "not resumed");
    if (w->expect_ticket_renewal && !f->ticket)
        return say("no new ticket");
    if (!w->server && !f->resumed && w->expect_ocsp_response.given && f->stapled != w->expect_ocsp_response.n)
        return say("another stapled response");
    if (w->expect_alpn && (!f->protocol || strcmp(f->protocol, w->expect_alpn) != 0))
        return say("another protocol");
    if (w->expect_extended_master_secret && !f->extended_master_secret)
        return say("no extended master secret");
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
            || say("nothing is exported"))
        && write_all(s, octets, n);
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
            return say(":APPLICATION_DATA_ON_SHUTDOWN:");
        if (says != TLS_AGAIN)
            return says == TLS_CLOSED;
    }
}

static void tell_fault(struct shim *s)
{
    const char *word = bogo_word(&s->fault);
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
        return say("a session was kept");
    if (w->expect_session_id && !r->session.id_n)
        return say("no session id");
    if (w->expect_no_session_id && r->session.id_n)
        return say("a session id");
    return true;
}

static int connection(const struct bogo_wish *w, struct memory *memory, bool again)
{
    static struct shim shim;
    struct shim *s = &shim;
    *s = (struct shim){ .wish = w, .memory = memory, .again = again };
    int code = configure(s);
    if (code)
        return code;
    pool_start(&s->pool, 1 << 22);
    ring_start(&s->in, &s->pool, RING);
    ring_start(&s->out, &s->pool, RING);
    s->tls = tls_new(&s->config, now(s), &s->fault);
    if (!s->tls || !connect_to_runner(s))
        return say("no connection") ? 0 : 1;
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
        return leave_out(unknown);
    if (first.send_alert || first.reject_alpn
        || first.ticket_key.given || first.verify_fail || first.expect_server_name
        || first.expect_advertised_alpn || first.expect_certificate_types.given || first.fallback_scsv
        || first.max_send_fragment || first.max_cert_list || first.expect_peer_verify_pref.n
        || first.enable_signed_cert_timestamps || first.signed_cert_timestamps.given || first.renew_ticket)
        return leave_out("a part of TLS");
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
