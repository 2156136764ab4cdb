/* tls_socket - our TLS engine over a kernel socket, to try it against others by hand or by script.
 *
 *     tls_socket client PORT ROOT.pem [SUITE [GROUP]]      asks 127.0.0.1 for /, prints what comes
 *     tls_socket server PORT rsa|ecdsa OUT.pem [SUITE]     the classroom's root to OUT.pem, serves until killed
 */
#include "tests/lib/chance.h"
#include "tls/tls.h"
#include "tls/x509/issue.h"
#include "tls/x509/pem.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static nsec now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return t.tv_sec * SECOND + t.tv_nsec;
}

static bool flush(int fd, struct ring *out)
{
    for (struct bytes b = ring_peek(out); b.n; b = ring_peek(out)) {
        ssize_t n = write(fd, b.at, b.n);
        if (n <= 0)
            return false;
        ring_consume(out, (size_t)n);
    }
    return true;
}

static bool fill(int fd, struct ring *in)
{
    struct room room = ring_reserve(in, 20000);
    ssize_t n = read(fd, room.at, room.n);
    if (n > 0)
        ring_commit(in, (size_t)n);
    return n > 0;
}

/* One connection to its end: a client asks, a server answers whatever is asked. 0: it ended well. */
static int talk(int fd, const struct tls_config *config)
{
    static const char ask[] = "GET / HTTP/1.0\r\n\r\n";
    static const char answer[] = "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nhello from vitrine\n";
    struct fault why = { 0 };
    struct pool pool;
    struct ring in, out;
    pool_start(&pool, 1 << 20);
    ring_start(&in, &pool, 4 * TLS_RECORD_ROOM);
    ring_start(&out, &pool, 4 * TLS_RECORD_ROOM);
    struct tls *t = tls_new(config, now(), &why);
    bool said = false, closed = false;
    while (t && !closed) {
        enum tls_says says = tls_receive(t, &in, &out, now(), &why);
        if (tls_progress(t) == TLS_CONNECTED && !said && !config->server)
            said = tls_send(t, &out, ask, sizeof ask - 1, NULL) > 0;
        if (says == TLS_DATA) {
            struct bytes b = tls_peek(t, &in);
            fwrite(b.at, 1, b.n, stdout);
            tls_consume(t, &in, b.n);
            if (config->server && !said) {
                said = tls_send(t, &out, answer, sizeof answer - 1, NULL) > 0;
                tls_close(t, &out);
            }
        }
        if (says == TLS_CLOSED)
            tls_close(t, &out);
        closed = !flush(fd, &out) || says == TLS_CLOSED || says == TLS_FAILED
            || (says == TLS_WANTS && !fill(fd, &in) && (tls_peer_ended(t, &why), true));
    }
    const struct tls_facts *f = t ? tls_facts_of(t) : NULL;
    fprintf(stderr, "%s, %s, %s; %s: expected %s, came %s, answer %s\n", t ? tls_state_name(t) : "no engine",
            f && f->suite ? f->suite->openssl : "no suite", f && f->group ? tls_group_words(f->group) : "no group",
            why.ground ? why.ground->id : "ended well", why.expected, why.came, why.answer ? why.answer : "none");
    tls_free(t);
    ring_end(&in);
    ring_end(&out);
    pool_end(&pool);
    return why.ground ? 1 : 0;
}

static struct sockaddr_in place(const char *port)
{
    return (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port)),
                                 .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
}

static int serve(struct tls_config *config, const char *port, const char *kind, const char *root_file)
{
    static struct classroom room;
    struct fault why = { 0 };
    char pem[4096];
    if (!classroom_issue(&room, strcmp(kind, "rsa") ? KEY_P256 : KEY_RSA, "www.example.test", now(),
                         config->chance, &why))
        return 2;
    pem_write("CERTIFICATE", &room.root.der, pem, sizeof pem);
    FILE *f = fopen(root_file, "w");
    if (!f || fputs(pem, f) < 0 || fclose(f))
        return 2;
    const struct der chain[] = { room.leaf.der, room.intermediate.der };
    const struct tls_identity identity = { chain, 2, &room.leaf_key };
    config->server = true;
    config->identities = &identity;
    config->n_identities = 1;
    struct sockaddr_in a = place(port);
    int one = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&a, sizeof a) || listen(listener, 5))
        return 2;
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        talk(fd, config);
        close(fd);
    }
}

static int ask(struct tls_config *config, const char *port, const char *root_file)
{
    static char pem[1 << 20];
    struct x509_store trust = { 0 };
    struct fault why = { 0 };
    FILE *f = fopen(root_file, "r");
    size_t n = f ? fread(pem, 1, sizeof pem, f) : 0;
    if (!x509_store_add_pem(&trust, pem, n, NULL, &why))
        return 2;
    config->trust = &trust;
    config->host = "www.example.test";
    struct sockaddr_in a = place(port);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(fd, (struct sockaddr *)&a, sizeof a))
        return 2;
    int status = talk(fd, config);
    close(fd);
    x509_store_free(&trust);
    return status;
}

int main(int argc, char **argv)
{
    static const uint16_t groups[] = { TLS_X25519, TLS_SECP256R1, TLS_FFDHE2048 };
    const struct tls_suite *suites[32];
    if (argc < 4 || sodium_init() < 0)
        return 2;
    bool server = strcmp(argv[1], "server") == 0;
    int after = server ? 5 : 4;
    struct test_chance chance = test_chance((uint64_t)now());
    struct tls_config config = { .suites = suites, .groups = groups, .n_groups = 3, .chance = &chance.chance };
    for (size_t i = 0; i < tls_n_suites; i++)
        if (argc <= after || tls_suite_named(argv[after]) == &tls_suites[i])
            suites[config.n_suites++] = &tls_suites[i];
    if (argc > after + 1) {
        config.n_groups = 1;
        config.groups = strcmp(argv[after + 1], "p256") ? groups : groups + 1;
    }
    return server ? serve(&config, argv[2], argv[3], argv[4]) : ask(&config, argv[2], argv[3]);
}
