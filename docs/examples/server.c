/* server PORT CHAIN.pem KEY.pem - answers whoever asks over TLS 1.2, one after another. */
#include "tls/library.h"
#include <arpa/inet.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static ptrdiff_t from(void *fd, void *to, size_t room)        { return recv(*(int *)fd, to, room, 0); }
static ptrdiff_t into(void *fd, const void *octets, size_t n) { return send(*(int *)fd, octets, n, MSG_NOSIGNAL); }
static nsec what_time(void *fd)                               { return (void)fd, time(NULL) * SECOND; }
static void fill(struct chance *c, const char *purpose, void *out, size_t n)
{
    (void)c, (void)purpose, randombytes_buf(out, n);
}

static size_t load(const char *name, char *text, size_t room)
{
    FILE *f = fopen(name, "r");
    size_t n = f ? fread(text, 1, room, f) : 0;
    return f && fclose(f) == 0 ? n : 0;
}

int main(int argc, char **argv)
{
    static char text[1 << 20];
    static uint8_t store[1 << 16];
    struct fault why = { 0 };
    struct der chain[X509_CHAIN_MAX];
    struct private_key key;
    struct chance chance = { fill };
    struct tls_identity identity = { .chain = chain, .key = &key };
    struct sockaddr_in here = { .sin_family = AF_INET, .sin_port = htons((uint16_t)(argc == 4 ? atoi(argv[1]) : 0)) };
    int fd, listener = socket(AF_INET, SOCK_STREAM, 0);
    size_t n = argc == 4 && sodium_init() >= 0 ? load(argv[2], text, sizeof text) : 0;
    identity.n = pem_certificates(text, n, store, sizeof store, chain, X509_CHAIN_MAX, &why);
    if (!identity.n || !pem_private_key(text, load(argv[3], text, sizeof text), &key, &why)
        || bind(listener, (void *)&here, sizeof here) || listen(listener, 16))
        return fprintf(stderr, "server PORT CHAIN.pem KEY.pem: %s\n", why.ground ? why.ground->id : "cannot listen"), 2;
    const struct tls_config config = { .server = true, .identities = &identity, .n_identities = 1, .chance = &chance };
    const struct tls_ways ways = { from, into, what_time, &fd };
    static const char answer[] = "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nhello from behind glass\n";
    for (struct tls_talk talk; (fd = accept(listener, NULL, NULL)) >= 0; close(fd)) {
        why = (struct fault){ 0 };
        if (tls_talk_start(&talk, &config, &ways, &why) && tls_talk_read(&talk, text, sizeof text, &why))
            tls_talk_write(&talk, answer, sizeof answer - 1, &why);
        tls_talk_end(&talk);
        if (why.ground)
            fprintf(stderr, "%s: expected %s, came %s (%s)\n", why.ground->id, why.expected, why.came, why.ground->rfc);
    }
    return 1;
}
