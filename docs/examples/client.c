/* client HOST PORT ROOT.pem - asks a server for / over TLS 1.2 and prints what it says. */
#include "tls/library.h"
#include <netdb.h>
#include <time.h>
#include <unistd.h>

static void fill(struct chance *c, const char *purpose, void *out, size_t n)
{
    (void)c, (void)purpose;
    randombytes_buf(out, n);
}

static int dial(const char *host, const char *port)
{
    struct addrinfo wish = { .ai_socktype = SOCK_STREAM }, *found;
    int fd = getaddrinfo(host, port, &wish, &found) ? -1 : socket(found->ai_family, SOCK_STREAM, 0);
    return fd < 0 || connect(fd, found->ai_addr, found->ai_addrlen) ? -1 : fd;
}

/* Everything to be sent goes out; then, if the engine wants octets, some are waited for. False: the socket's end. */
static bool exchange(int fd, struct ring *in, struct ring *out, bool wants)
{
    for (ssize_t n; ring_peek(out).n; ring_consume(out, (size_t)n))
        if ((n = write(fd, ring_peek(out).at, ring_peek(out).n)) <= 0)
            return false;
    struct room room = ring_reserve(in, wants ? TLS_RECORD_ROOM : 0);
    ssize_t n = wants ? read(fd, room.at, room.n) : 0;
    ring_commit(in, n > 0 ? (size_t)n : 0);
    return !wants || n > 0;
}

int main(int argc, char **argv)
{
    static char pem[1 << 20];
    struct fault why = { 0 };
    struct x509_trust trust = { 0 };
    struct chance chance = { fill };
    FILE *f = argc == 4 ? fopen(argv[3], "r") : NULL;
    int fd = argc == 4 ? dial(argv[1], argv[2]) : -1;
    if (!f || fd < 0 || sodium_init() < 0 || !x509_trust_add_pem(&trust, pem, fread(pem, 1, sizeof pem, f), NULL, &why))
        return 2;
    struct pool pool;
    struct ring in, out;
    pool_start(&pool, 1 << 20);
    ring_start(&in, &pool, 4 * TLS_RECORD_ROOM);
    ring_start(&out, &pool, 4 * TLS_RECORD_ROOM);
    const struct tls_config config = { .host = argv[1], .trust = &trust, .chance = &chance };
    struct tls *t = tls_new(&config, time(NULL) * SECOND, &why);
    for (bool asked = false, over = !t; !over;) {
        enum tls_says says = tls_receive(t, &in, &out, time(NULL) * SECOND, &why);
        if (tls_progress(t) == TLS_CONNECTED && !asked)
            asked = tls_send(t, &out, "GET / HTTP/1.0\r\n\r\n", 18, NULL) > 0;
        struct bytes data = tls_peek(t, &in);
        tls_consume(t, &in, fwrite(data.at, 1, data.n, stdout));
        bool open = exchange(fd, &in, &out, says == TLS_WANTS);
        over = says == TLS_CLOSED || says == TLS_FAILED || !open;
        if (!open)
            tls_peer_ended(t, &why);                  /* an end without close_notify is a fault: truncation */
    }
    if (why.ground)
        fprintf(stderr, "%s: expected %s, came %s (%s)\n", why.ground->id, why.expected, why.came, why.ground->rfc);
    tls_free(t);
    return why.ground != NULL;
}
