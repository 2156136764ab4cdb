/* The kernel's side of `make bench-tcp`: a client of the services of `vitrine serve --simple` over the kernel's sockets.
 *
 *     tcp_peer discard ADDR SECONDS            sends as fast as it goes
 *     tcp_peer chargen ADDR SECONDS            receives as fast as it goes
 *     tcp_peer echo    ADDR OCTETS             sends and compares what comes back
 *     tcp_peer connect ADDR COUNT CLIENTS      opens and closes connections to echo, one octet each, CLIENTS at a time;
 *                                              also the slowest of them
 *     tcp_peer daytime ADDR COUNT CLIENTS      the same to daytime, which closes first, from one port for each client
 *     tcp_peer idle    ADDR COUNT              holds so many open until its standard input ends
 *     tcp_peer serve   ADDR SECONDS            is itself the services discard and chargen, by the kernel's TCP
 *
 * BASE in the environment is added to the ports. It prints what it measured as NAME=VALUE words on one line. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PIECE = 1 << 18, ECHO = 7, DISCARD = 9, DAYTIME = 13, CHARGEN = 19, OWN_PORT = 40000, CLIENTS = 256 };
static uint8_t piece[PIECE], other[PIECE];
static int base;                                      /* what --listen adds to the ports: BASE in the environment */

static double now(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void die(const char *what)
{
    fprintf(stderr, "tcp_peer: %s: %s\n", what, strerror(errno));
    exit(1);
}

/* TCP_PEER_CC in the environment names the congestion control. */
static void choose_congestion_control(int s)
{
    const char *name = getenv("TCP_PEER_CC");
    if (name && setsockopt(s, IPPROTO_TCP, TCP_CONGESTION, name, (socklen_t)strlen(name)) != 0)
        die(name);
}

/* own: our port, 0: any */
static int call_from(uint16_t own, const char *addr, uint16_t port, bool wait)
{
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)(port + base)) };
    if (inet_pton(AF_INET, addr, &to.sin_addr) != 1)
        die(addr);
    struct sockaddr_in from = { .sin_family = AF_INET, .sin_port = htons(own) };
    int s = socket(AF_INET, SOCK_STREAM | (wait ? 0 : SOCK_NONBLOCK), 0);
    choose_congestion_control(s);
    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, sizeof(int));
    if (own && bind(s, (struct sockaddr *)&from, sizeof from) != 0)
        die("bind");
    int failed = s < 0 ? -1 : connect(s, (struct sockaddr *)&to, sizeof to);
    for (unsigned tries = 0; failed && errno == EADDRNOTAVAIL && own && tries < 3000; tries++) {
        usleep(1000);                                 /* our end of the last one is not through yet */
        failed = connect(s, (struct sockaddr *)&to, sizeof to);
    }
    if (failed && errno != EINPROGRESS)
        die("connect");
    return s;
}

static int call(const char *addr, uint16_t port, bool wait) { return call_from(0, addr, port, wait); }

static void flow(const char *addr, bool send_it, double seconds)
{
    int s = call(addr, send_it ? DISCARD : CHARGEN, true);
    double start = now(CLOCK_MONOTONIC), end = start + seconds;
    uint64_t octets = 0;
    while (now(CLOCK_MONOTONIC) < end) {
        ssize_t n = send_it ? send(s, piece, PIECE, 0) : recv(s, piece, PIECE, 0);
        if (n <= 0)
            die(send_it ? "send" : "recv");
        octets += (uint64_t)n;
    }
    double took = now(CLOCK_MONOTONIC) - start;
    struct linger now_and_gone = { 1, 0 };
    setsockopt(s, SOL_SOCKET, SO_LINGER, &now_and_gone, sizeof now_and_gone);
    close(s);
    printf("octets=%llu seconds=%.3f\n", (unsigned long long)octets, took);
}

static void echo(const char *addr, uint64_t octets)
{
    int s = call(addr, ECHO, false);
    uint64_t sent = 0, came = 0;
    while (came < octets) {
        struct pollfd p = { .fd = s, .events = (short)(POLLIN | (sent < octets ? POLLOUT : 0)) };
        poll(&p, 1, 10000);
        if (p.revents & POLLOUT) {
            size_t n = octets - sent < PIECE ? (size_t)(octets - sent) : PIECE;
            for (size_t i = 0; i < n; i++)
                piece[i] = (uint8_t)((sent + i) * 31 >> 3);
            ssize_t did = send(s, piece, n, 0);
            sent += did > 0 ? (uint64_t)did : 0;
        }
        ssize_t n = p.revents & POLLIN ? recv(s, other, PIECE, 0) : 1;
        if (!p.revents || n <= 0)
            die("echo");
        for (ssize_t i = 0; p.revents & POLLIN && i < n; i++, came++)
            if (other[i] != (uint8_t)(came * 31 >> 3))
                die("another octet came back");
    }
    shutdown(s, SHUT_WR);
    bool ended = recv(s, other, PIECE, MSG_WAITALL) == 0 || errno == EAGAIN;
    close(s);
    printf("echoed=%llu ended=%d\n", (unsigned long long)came, ended);
}

struct client { int s; double since; bool asked; };

/* One step of a client that poll has named. True: its connection is over. */
static bool go_on(struct client *c, bool asks)
{
    if (asks && !c->asked) {
        if (send(c->s, "x", 1, MSG_NOSIGNAL) != 1)
            die("a connection was refused");
        shutdown(c->s, SHUT_WR);
        c->asked = true;
        return false;
    }
    ssize_t n = recv(c->s, other, PIECE, 0);
    if (n < 0)
        die("a connection was broken off");
    return n == 0;
}

static void connections(const char *addr, uint16_t port, unsigned count, unsigned clients)
{
    static struct client c[CLIENTS];
    struct pollfd p[CLIENTS];
    double start = now(CLOCK_MONOTONIC), slowest = 0;
    unsigned begun = 0, done = 0;
    clients = clients < CLIENTS ? clients : CLIENTS;
    for (unsigned i = 0; i < clients; i++)
        c[i].s = -1;
    while (done < count) {
        for (unsigned i = 0; i < clients; i++) {
            if (c[i].s < 0 && begun < count) {
                uint16_t own = port == DAYTIME ? (uint16_t)(OWN_PORT + i) : 0;
                c[i] = (struct client){ call_from(own, addr, port, false), now(CLOCK_MONOTONIC), false };
                begun++;
            }
            p[i] = (struct pollfd){ .fd = c[i].s, .events = port == ECHO && !c[i].asked ? POLLOUT : POLLIN };
        }
        if (poll(p, clients, 130000) <= 0)
            die("poll");
        for (unsigned i = 0; i < clients; i++) {
            if (c[i].s < 0 || !p[i].revents || !go_on(&c[i], port == ECHO))
                continue;
            double took = now(CLOCK_MONOTONIC) - c[i].since;
            slowest = took > slowest ? took : slowest;
            close(c[i].s);
            c[i].s = -1;
            done++;
        }
    }
    printf("connections=%u seconds=%.3f slowest=%.3f\n", done, now(CLOCK_MONOTONIC) - start, slowest);
}

static void idle(const char *addr, unsigned count)
{
    struct rlimit r;
    getrlimit(RLIMIT_NOFILE, &r);
    r.rlim_cur = r.rlim_max;
    setrlimit(RLIMIT_NOFILE, &r);
    for (unsigned i = 0; i < count; i++)
        call(addr, ECHO, true);
    printf("open=%u\n", count);
    fflush(stdout);
    while (read(0, other, 1) > 0)
        ;
}

static int listen_at(const char *addr, uint16_t port)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(port) };
    int s = socket(AF_INET, SOCK_STREAM, 0);
    choose_congestion_control(s);
    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, sizeof(int));
    if (inet_pton(AF_INET, addr, &at.sin_addr) != 1 || bind(s, (struct sockaddr *)&at, sizeof at) != 0
        || listen(s, 128) != 0)
        die(addr);
    return s;
}

/* A process for each connection. */
static void serve(const char *addr, double seconds)
{
    struct pollfd p[2] = { { .fd = listen_at(addr, DISCARD), .events = POLLIN },
                           { .fd = listen_at(addr, CHARGEN), .events = POLLIN } };
    signal(SIGCHLD, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    for (double end = now(CLOCK_MONOTONIC) + seconds; now(CLOCK_MONOTONIC) < end;) {
        if (poll(p, 2, 200) <= 0)
            continue;
        bool sends = !(p[0].revents & POLLIN);
        int s = accept(p[sends].fd, NULL, NULL);
        if (s < 0 || fork() != 0) {
            close(s);
            continue;
        }
        alarm((unsigned)seconds + 1);
        while ((sends ? send(s, piece, PIECE, 0) : recv(s, piece, PIECE, 0)) > 0)
            ;
        _exit(0);
    }
}

int main(int argc, char **argv)
{
    const char *what = argc > 3 ? argv[1] : "";
    base = getenv("BASE") ? atoi(getenv("BASE")) : 0;
    if (strcmp(what, "discard") == 0 || strcmp(what, "chargen") == 0)
        flow(argv[2], *what == 'd', atof(argv[3]));
    else if (strcmp(what, "echo") == 0)
        echo(argv[2], strtoull(argv[3], NULL, 10));
    else if ((strcmp(what, "connect") == 0 || strcmp(what, "daytime") == 0) && argc > 4)
        connections(argv[2], *what == 'd' ? DAYTIME : ECHO, (unsigned)atoi(argv[3]), (unsigned)atoi(argv[4]));
    else if (strcmp(what, "serve") == 0)
        serve(argv[2], atof(argv[3]));
    else if (strcmp(what, "idle") == 0)
        idle(argv[2], (unsigned)atoi(argv[3]));
    else
        return 2;
    return 0;
}
