/* peer.h - what the peers that we write ourselves share, each against the TLS of some library (Debian's package). Included
 * once, by the file that then defines client() and server_begin() with server().
 *
 *   PEER version
 *   PEER client                     cases on stdin, a line each, answers on stdout: "ok FACTS", "no WHY", "failed WHY"
 *   PEER server WISHES              says "ready", then serves one connection after the other until it is killed
 *
 * A case is words NAME=VALUE with spaces between (struct wish). Pages are octets 0, 1, 2 ... 250, 0 ...; /N has N. */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct wish {
    int port, size, write;                          /* octets of the page; of a write, 0: all */
    unsigned code;                                  /* the cipher suite's */
    char suite[64], iana[64], group[16];            /* OpenSSL's name, IANA's */
    char ca[256], cert[256], key[256], kind[16], staple[256];
    char alpn[64];                                  /* protocols, with commas */
    char resume[16];                                /* id, ticket */
    bool auth;                                      /* a client must have a certificate */
    char also[16];                                  /* ... and its kind */
    int mfl;                                        /* max_fragment_length that is asked for */
};

/* A connection on which a handshake is done. Both return how many octets, 0 at an end, less than 0 for an error. */
struct tls {
    void *of;
    int (*read)(void *of, void *to, int n);
    int (*write)(void *of, const void *from, int n);
};

static char facts[512];                             /* said behind "ok"; in a server's answer, as X-TLS */
static char why[512];                               /* behind "failed" and "no" */
enum verdict { OK, NOT_THERE, FAILED };

static enum verdict client(const struct wish *w);
static void server_begin(const struct wish *w);     /* exits if it cannot be */
static void server(const struct wish *w, int fd);   /* one connection */
static const char *version(void);

__attribute__((format(printf, 2, 3)))
static enum verdict because(enum verdict v, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    vsnprintf(why, sizeof why, format, ap);
    va_end(ap);
    return v;
}

static bool read_wishes(char *line, struct wish *w)
{
    memset(w, 0, sizeof *w);
    for (char *save = NULL, *at = strtok_r(line, " \n", &save); at; at = strtok_r(NULL, " \n", &save)) {
        char *value = strchr(at, '=');
        if (!value)
            return false;
        *value++ = 0;
#define TEXT(name) else if (!strcmp(at, #name)) snprintf(w->name, sizeof w->name, "%s", value)
#define NUMBER(name, base) else if (!strcmp(at, #name)) w->name = (int)strtol(value, NULL, base)
        if (!strcmp(at, "auth"))
            w->auth = *value == '1';
        else if (!strcmp(at, "code"))
            w->code = (unsigned)strtoul(value, NULL, 16);
        TEXT(suite); TEXT(iana); TEXT(group); TEXT(ca); TEXT(cert); TEXT(key); TEXT(kind); TEXT(staple); TEXT(alpn);
        TEXT(resume); TEXT(also); NUMBER(port, 10); NUMBER(size, 10); NUMBER(write, 10); NUMBER(mfl, 10);
        else
            return false;
    }
    return true;
}

static int dial(const struct wish *w)
{
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((unsigned short)w->port) };
    int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    struct timeval late = { .tv_sec = 10 };
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &late, sizeof late);
    if (connect(fd, (void *)&to, sizeof to)) {
        perror("connect");
        exit(1);
    }
    return fd;
}

static bool put(struct tls *t, const struct wish *w, const char *from, int n)
{
    for (int done = 0; done < n;) {
        int some = w->write && w->write < n - done ? w->write : n - done;
        int wrote = t->write(t->of, from + done, some);
        if (wrote <= 0)
            return because(FAILED, "write: %d", wrote), false;
        done += wrote;
    }
    return true;
}

/* The client's half of HTTP: the page is there, and whole. */
__attribute__((unused)) static bool fetch(struct tls *t, const struct wish *w)
{
    static char in[1 << 16];
    char ask[128];
    int head = 0, body = 0, n, seen = 0;
    snprintf(ask, sizeof ask, "GET /%d HTTP/1.0\r\nHost: localhost\r\n\r\n", w->size);
    if (!put(t, w, ask, (int)strlen(ask)))
        return false;
    while ((n = t->read(t->of, in, sizeof in)) > 0) {
        for (int i = 0; i < n; i++) {
            unsigned char c = (unsigned char)in[i];
            if (seen < 4)
                seen = c == "\r\n\r\n"[seen] ? seen + 1 : c == '\r', head++;
            else if (c != body++ % 251)
                return because(FAILED, "octet %d of the page is %d", body - 1, c), false;
        }
        if (body == w->size)
            return true;
    }
    return because(FAILED, "%d octets of a head and %d of a page came, then %d", head, body, n), false;
}

/* The server's half. */
static void answer(struct tls *t, const struct wish *w)
{
    char in[4096], head[700];
    int have = 0, n, size;
    char *page;
    do {
        n = t->read(t->of, in + have, (int)sizeof in - 1 - have);
        if (n <= 0)
            return;
        in[have += n] = 0;
    } while (!strstr(in, "\r\n\r\n") && have < (int)sizeof in - 1);
    size = sscanf(in, "GET /%d", &size) == 1 ? size : 0;
    page = malloc((size_t)size + 1);
    for (int i = 0; i < size; i++)
        page[i] = (char)(i % 251);
    snprintf(head, sizeof head, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\nX-TLS: %s\r\n\r\n", size, facts);
    if (put(t, w, head, (int)strlen(head)))
        put(t, w, page, size);
    free(page);
}

static void serve(const struct wish *w)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((unsigned short)w->port) };
    int fd, on = 1, hear = socket(AF_INET, SOCK_STREAM, 0);
    struct timeval late = { .tv_sec = 5 };
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(hear, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    server_begin(w);
    if (bind(hear, (void *)&at, sizeof at) || listen(hear, 64)) {
        perror("listen");
        exit(1);
    }
    puts("ready");
    fflush(stdout);
    while ((fd = accept(hear, NULL, NULL)) >= 0) {
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &late, sizeof late);
        facts[0] = why[0] = 0;
        server(w, fd);
        close(fd);
        printf("%s %s\n", facts, why);
        fflush(stdout);
    }
}

int main(int argc, char **argv)
{
    static char line[4096];
    struct wish w;
    signal(SIGPIPE, SIG_IGN);
    if (argc > 1 && !strcmp(argv[1], "version"))
        return puts(version()) < 0;
    if (argc > 1 && !strcmp(argv[1], "server")) {
        for (int i = 2; i < argc; i++)
            snprintf(line + strlen(line), sizeof line - strlen(line), "%s ", argv[i]);
        if (!read_wishes(line, &w))
            return fprintf(stderr, "what is meant?\n"), 2;
        serve(&w);
        return 1;
    }
    while (fgets(line, sizeof line, stdin)) {
        enum verdict v;
        facts[0] = why[0] = 0;
        v = read_wishes(line, &w) ? client(&w) : because(FAILED, "what is meant?");
        printf("%s %s\n", v == OK ? "ok" : v == FAILED ? "failed" : "no", v == OK ? facts : why);
        fflush(stdout);
    }
    return 0;
}
