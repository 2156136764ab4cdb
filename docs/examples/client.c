/* client HOST PORT ROOTS.pem - asks a server for / over TLS 1.2 and prints what it says. */
#include "tls/library.h"
#include <netdb.h>
#include <time.h>
#include <unistd.h>

static ptrdiff_t from(void *fd, void *to, size_t room)        { return read(*(int *)fd, to, room); }
static ptrdiff_t into(void *fd, const void *octets, size_t n) { return write(*(int *)fd, octets, n); }
static nsec what_time(void *fd)                               { return (void)fd, time(NULL) * SECOND; }
static void fill(struct chance *c, const char *purpose, void *out, size_t n)
{
    (void)c, (void)purpose, randombytes_buf(out, n);
}

static int dial(const char *host, const char *port)
{
    struct addrinfo wish = { .ai_socktype = SOCK_STREAM }, *found;
    int fd = getaddrinfo(host, port, &wish, &found) ? -1 : socket(found->ai_family, SOCK_STREAM, 0);
    return fd < 0 || connect(fd, found->ai_addr, found->ai_addrlen) ? -1 : fd;
}

int main(int argc, char **argv)
{
    static char pem[1 << 20], text[4096];
    FILE *roots = argc == 4 ? fopen(argv[3], "r") : NULL;
    int fd = roots ? dial(argv[1], argv[2]) : -1;
    if (fd < 0 || sodium_init() < 0)
        return fprintf(stderr, "client HOST PORT ROOTS.pem: no such file, or nobody listens there\n"), 2;
    struct chance chance = { fill };
    struct x509_store trust = { 0 };
    const struct tls_config config = { .host = argv[1], .trust = &trust, .chance = &chance };
    const struct tls_ways ways = { from, into, what_time, &fd };
    struct tls_talk talk = { 0 };
    struct fault why = { 0 };
    if (x509_store_add_pem(&trust, pem, fread(pem, 1, sizeof pem, roots), NULL, &why)
        && tls_talk_start(&talk, &config, &ways, &why) && tls_talk_write(&talk, "GET / HTTP/1.0\r\n\r\n", 18, &why))
        for (size_t n; (n = tls_talk_read(&talk, text, sizeof text, &why)) > 0;)
            fwrite(text, 1, n, stdout);
    tls_talk_end(&talk);
    x509_store_free(&trust);
    if (why.ground)
        fprintf(stderr, "%s: expected %s, came %s (%s)\n", why.ground->id, why.expected, why.came, why.ground->rfc);
    return why.ground != NULL;
}
