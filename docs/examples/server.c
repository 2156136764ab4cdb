/* server PORT CHAIN.pem KEY.pem - answers whoever asks over TLS 1.2, one after another. */
#include "tls/library.h"
#include <arpa/inet.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static void fill(struct chance *c, const char *purpose, void *out, size_t n)
{
    (void)c, (void)purpose;
    randombytes_buf(out, n);
}

static size_t read_file(const char *name, char *text, size_t room)
{
    FILE *f = fopen(name, "r");
    size_t n = f ? fread(text, 1, room, f) : 0;
    return f && fclose(f) == 0 ? n : 0;
}

static bool flush(int fd, struct ring *out)
{
    for (ssize_t n; ring_peek(out).n; ring_consume(out, (size_t)n))
        if ((n = write(fd, ring_peek(out).at, ring_peek(out).n)) <= 0)
            return false;
    return true;
}

/* One connection: whatever is asked first gets the same answer, then we close. */
static void serve(int fd, const struct tls_config *config, struct pool *pool)
{
    static const char answer[] = "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nhello from behind glass\n";
    struct fault why = { 0 };
    struct ring in, out;
    ring_start(&in, pool, 4 * TLS_RECORD_ROOM);
    ring_start(&out, pool, 4 * TLS_RECORD_ROOM);
    struct tls *t = tls_new(config, time(NULL) * SECOND, &why);
    for (bool open = t != NULL; open;) {
        enum tls_says says = tls_receive(t, &in, &out, time(NULL) * SECOND, &why);
        if (says == TLS_DATA) {
            tls_send(t, &out, answer, sizeof answer - 1, NULL);
            tls_close(t, &out);
        }
        open = flush(fd, &out) && (says == TLS_WANTS || says == TLS_AGAIN);
        struct room room = ring_reserve(&in, says == TLS_WANTS ? TLS_RECORD_ROOM : 0);
        ssize_t n = open && says == TLS_WANTS ? read(fd, room.at, room.n) : 0;
        ring_commit(&in, n > 0 ? (size_t)n : 0);
        open = open && (says != TLS_WANTS || n > 0);
    }
    if (why.ground)
        fprintf(stderr, "%s: expected %s, came %s (%s)\n", why.ground->id, why.expected, why.came, why.ground->rfc);
    tls_free(t);
    ring_end(&in);
    ring_end(&out);
}

int main(int argc, char **argv)
{
    static char text[1 << 20];
    static uint8_t store[1 << 16];
    struct fault why = { 0 };
    struct der chain[X509_CHAIN_MAX];
    struct private_key key;
    struct chance chance = { fill };
    if (argc != 4 || sodium_init() < 0)
        return 2;
    struct tls_identity identity = { .chain = chain, .key = &key };
    size_t n = read_file(argv[2], text, sizeof text);
    identity.n = pem_certificates(text, n, store, sizeof store, chain, X509_CHAIN_MAX, &why);
    n = read_file(argv[3], text, sizeof text);
    if (!identity.n || !pem_private_key(text, n, &key, &why))
        return 2;
    struct sockaddr_in here = { .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[1])) };
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr *)&here, sizeof here) || listen(listener, 16))
        return 2;
    const struct tls_config config = { .server = true, .identities = &identity, .n_identities = 1, .chance = &chance };
    struct pool pool;
    pool_start(&pool, 1 << 20);
    for (int fd; (fd = accept(listener, NULL, NULL)) >= 0; close(fd))
        serve(fd, &config, &pool);
    return 1;
}
