/* A host over the kernel's sockets, and the live world under it: what carriers promise, kept by another
 * TCP than ours. On the loopback alone. */
#define _GNU_SOURCE
#include "http/loop.h"
#include "net/kernel.h"
#include "tests/lib/check.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { RING = 65535, ENDS = 64 };

/* One end of a connection: what the test does with it, and what it saw. */
struct end {
    struct carrier *carrier;
    bool passive, deaf, echo, open, peer_done, ended;
    struct fault fault;
    size_t heard;
    uint8_t last;
};

struct scene {
    struct app app;
    struct live *live;
    struct pool pool;
    struct host *host;
    struct loop loop;
    struct end ends[ENDS]; unsigned n;
    nsec until;
    bool asked_to_stop;
};

static void hear(struct end *e)
{
    struct bytes b = ring_peek(&e->carrier->in);
    if (e->deaf || !b.n)
        return;
    size_t n = e->echo ? ring_write(&e->carrier->out, b.at, b.n) : b.n;
    if (n)
        e->last = b.at[n - 1];
    e->heard += n;
    ring_consume(&e->carrier->in, n);
    carrier_touch(e->carrier, 0);
}

static struct end *new_end(struct scene *s, struct carrier *c)
{
    ck_assert_uint_lt(s->n, ENDS);
    struct end *e = &s->ends[s->n++];
    *e = (struct end){ .carrier = c, .passive = c->passive };
    c->user = e;
    return e;
}

static void news(struct app *a, struct carrier *c, nsec now)
{
    struct scene *s = (struct scene *)a;
    struct end *e = c->user ? c->user : new_end(s, c);
    (void)now;
    ck_assert_ptr_eq(e->carrier, c);
    hear(e);
    e->open |= c->open;
    e->peer_done = c->peer_done;
    if (!c->ended)
        return;
    e->ended = true;
    if (c->fault)
        e->fault = *c->fault;
    e->carrier = NULL;
    carrier_release(c);
}

static void step(struct app *a, nsec now) { (void)a, (void)now; }
static nsec wake(const struct app *a) { return ((const struct scene *)a)->until; }
static void stop(struct app *a, nsec now)
{
    (void)now;
    ((struct scene *)a)->asked_to_stop = true;
}

static struct scene *begin(void)
{
    static struct scene s;
    struct fault why = { 0 };
    s = (struct scene){ .app = { .news = news, .step = step, .wake = wake, .stop = stop }, .until = NEVER };
    pool_start(&s.pool, 16 << 20);
    s.live = live_new(&why);
    ck_assert_msg(s.live != NULL, "%s", why.came);
    s.host = kernel_host_new(s.live, &s.pool, RING, &(struct voice){ .host = 1 }, &why);
    ck_assert_msg(s.host != NULL, "%s", why.came);
    ck_assert(loop_start(&s.loop, live_world(s.live), NULL));
    loop_seat(&s.loop, s.host, NULL, &s.app);
    loop_begin(&s.loop);
    return &s;
}

static void finish(struct scene *s)
{
    s->host->ops->free(s->host);
    ck_assert_msg(s->pool.used == 0, "%zu octets of rings are left", s->pool.used);
    loop_end(&s->loop);
    live_free(s->live);
    pool_end(&s->pool);
}

/* Turns until `what` is so, two seconds at most. */
#define UNTIL(s, what)                                                         \
    do {                                                                       \
        (s)->until = live_now((s)->live) + 2 * SECOND;                         \
        loop_flush(&(s)->loop);                                                \
        while (!(what) && (s)->loop.now < (s)->until && loop_turn(&(s)->loop)) \
            ;                                                                  \
        ck_assert_msg(what, "not within two seconds: %s", #what);              \
    } while (0)

static void turns(struct scene *s, nsec ms)
{
    s->until = live_now(s->live) + ms * MILLISECOND;
    loop_flush(&s->loop);
    while (s->loop.now < s->until && loop_turn(&s->loop))
        ;
}

static const struct addr loopback = { .len = 4, .octets = { 127, 0, 0, 1 } };

/* A socket of the test's own, and its port. */
static int own_listener(uint16_t *port)
{
    struct sockaddr_in in = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t n = sizeof in;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    ck_assert(fd >= 0 && bind(fd, (struct sockaddr *)&in, n) == 0 && listen(fd, 64) == 0);
    ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&in, &n), 0);
    *port = ntohs(in.sin_port);
    return fd;
}

static uint16_t free_port(void)
{
    uint16_t port;
    close(own_listener(&port));
    return port;
}

static struct end *call(struct scene *s, uint16_t port)
{
    struct fault why = { 0 };
    struct carrier *c = s->host->ops->connect(s->host, &loopback, port, s->loop.now, &why);
    ck_assert_msg(c != NULL, "%s", why.came);
    return new_end(s, c);
}

/* Two ends that know each other. */
static void meet(struct scene *s, struct end **caller, struct end **called)
{
    uint16_t port = free_port();
    ck_assert(s->host->ops->listen(s->host, &loopback, port, NULL));
    *caller = call(s, port);
    UNTIL(s, s->n == 2 && (*caller)->open && s->ends[1].open);
    *called = &s->ends[1];
    ck_assert((*called)->passive && !(*caller)->passive);
    ck_assert_uint_eq((*called)->carrier->peer_port, (*caller)->carrier->port);
    ck_assert_uint_eq((*caller)->carrier->peer_port, port);
    ck_assert_uint_ne((*caller)->carrier->voice.conn, (*called)->carrier->voice.conn);
}

static size_t say(struct end *e, size_t n, uint8_t octet)
{
    uint8_t some[4096];
    size_t said = 0, took;
    memset(some, octet, sizeof some);
    do {
        took = ring_write(&e->carrier->out, some, n - said < sizeof some ? n - said : sizeof some);
        said += took;
    } while (took && said < n);
    carrier_touch(e->carrier, 0);
    return said;
}

START_TEST(octets_go_both_ways_and_both_ends_close)
{
    struct scene *s = begin();
    struct end *a, *b;
    meet(s, &a, &b);
    b->echo = true;
    ck_assert_uint_eq(say(a, 5, 'x'), 5);
    UNTIL(s, a->heard == 5 && a->last == 'x');
    carrier_close(a->carrier);
    UNTIL(s, b->peer_done);
    ck_assert(!a->ended && !b->ended);
    say(b, 3, 'y');                                   /* half-closed: the other half goes on */
    UNTIL(s, a->heard == 8 && a->last == 'y');
    carrier_close(b->carrier);
    UNTIL(s, a->ended && b->ended);
    ck_assert(!a->fault.ground && !b->fault.ground);
    ck_assert(!s->host->ops->busy(s->host));
    finish(s);
}
END_TEST

START_TEST(megabytes_against_a_reader_that_stops)
{
    enum { ALL = 8 << 20 };
    struct scene *s = begin();
    struct end *a, *b;
    meet(s, &a, &b);
    b->deaf = true;
    size_t said = 0;
    for (unsigned i = 0; i < 100; i++) {
        said += say(a, ALL - said, 'z');
        turns(s, 1);
    }
    ck_assert_msg(said < ALL, "a reader that stops holds up the writer");
    b->deaf = false;
    hear(b);
    while (said < ALL) {
        size_t more = say(a, ALL - said, 'z');
        said += more;
        turns(s, 1);
    }
    carrier_close(a->carrier);
    UNTIL(s, b->heard == ALL && b->peer_done);
    carrier_close(b->carrier);
    UNTIL(s, a->ended && b->ended);
    finish(s);
}
END_TEST

START_TEST(refused_and_reset)
{
    struct scene *s = begin();
    struct end *e = call(s, free_port());
    UNTIL(s, e->ended);
    ck_assert_str_eq(e->fault.ground->id, "tcp.refused");
    s->n = 0;
    struct end *a, *b;
    meet(s, &a, &b);
    carrier_abort(a->carrier);
    UNTIL(s, a->ended && b->ended);
    ck_assert_msg(!a->fault.ground, "who breaks off knows why");
    ck_assert_str_eq(b->fault.ground->id, "tcp.reset");
    finish(s);
}
END_TEST

START_TEST(what_came_before_a_reset_is_heard)
{
    uint16_t port;
    int listener = own_listener(&port);
    struct scene *s = begin();
    struct end *e = call(s, port);
    UNTIL(s, e->open);
    int fd = accept(listener, NULL, NULL);
    ck_assert_int_eq(write(fd, "last words", 10), 10);
    struct linger at_once = { .l_onoff = 1 };
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(fd);
    close(listener);
    UNTIL(s, e->ended);
    ck_assert_uint_eq(e->heard, 10);
    ck_assert_str_eq(e->fault.ground->id, "tcp.reset");
    finish(s);
}
END_TEST

START_TEST(let_go_at_any_moment)
{
    uint16_t port;
    int listener = own_listener(&port);
    struct scene *s = begin();
    for (unsigned i = 0; i < 4; i++) {
        struct end *e = call(s, port);
        if (i == 1)
            UNTIL(s, e->open);
        if (i == 2)
            carrier_abort(e->carrier);
        if (i == 3)
            carrier_close(e->carrier);
        /* connecting; open; broken off; closing before it opened */
        carrier_release(e->carrier);
    }
    turns(s, 50);
    fcntl(listener, F_SETFL, O_NONBLOCK);
    for (int fd; (fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0; close(fd)) {
        char c;
        ssize_t n = read(fd, &c, 1);
        ck_assert_msg(n == 0 || (n < 0 && errno != EAGAIN), "it is closed or reset");
    }
    turns(s, 50);
    ck_assert(!s->host->ops->busy(s->host));
    close(listener);
    finish(s);
}
END_TEST

/* The last octets of who lets go go out all the same. */
START_TEST(let_go_behind_the_last_octets)
{
    uint16_t port;
    int listener = own_listener(&port);
    struct scene *s = begin();
    struct end *e = call(s, port);
    UNTIL(s, e->open);
    size_t said = say(e, 50000, 'q');
    carrier_close(e->carrier);
    carrier_release(e->carrier);
    turns(s, 50);
    int fd = accept(listener, NULL, NULL);
    char some[4096];
    ssize_t n;
    size_t all = 0;
    while ((n = read(fd, some, sizeof some)) > 0)
        all += (size_t)n;
    ck_assert_int_eq(n, 0);
    ck_assert_uint_eq(all, said);
    close(fd);
    close(listener);
    finish(s);
}
END_TEST

START_TEST(ports_that_are_taken)
{
    uint16_t port;
    int listener = own_listener(&port);
    struct scene *s = begin();
    struct fault why = { 0 };
    ck_assert(!s->host->ops->listen(s->host, &loopback, port, &why));
    ck_assert_str_eq(why.ground->id, "live.no_port");
    close(listener);
    finish(s);
}
END_TEST

/* Callers who find no descriptor wait; when one is free they are let in, and meanwhile nothing spins. */
START_TEST(no_descriptor_free)
{
    struct rlimit old, few;
    struct scene *s = begin();
    struct end *a, *b;
    meet(s, &a, &b);
    uint16_t port = a->carrier->peer_port;
    struct sockaddr_in in = { .sin_family = AF_INET,
                              .sin_port = htons(port),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int outside = socket(AF_INET, SOCK_STREAM, 0), next = dup(outside);
    close(next);
    getrlimit(RLIMIT_NOFILE, &old);
    few = old;
    few.rlim_cur = (rlim_t)next;
    setrlimit(RLIMIT_NOFILE, &few);
    ck_assert_int_eq(connect(outside, (struct sockaddr *)&in, sizeof in), 0);
    unsigned count = 0;
    s->until = live_now(s->live) + 200 * MILLISECOND;
    while (s->loop.now < s->until && loop_turn(&s->loop))
        count++;
    ck_assert_msg(s->n == 2 && count < 20, "%u turns in a fifth of a second without work", count);
    carrier_abort(a->carrier);                        /* its descriptor is for the one who waits */
    UNTIL(s, s->n == 3);
    setrlimit(RLIMIT_NOFILE, &old);
    close(outside);
    UNTIL(s, s->ends[2].peer_done && b->ended);
    carrier_close(s->ends[2].carrier);
    UNTIL(s, s->ends[2].ended);
    finish(s);
}
END_TEST

START_TEST(datagrams)
{
    struct scene *s = begin();
    const struct host_ops *ops = s->host->ops;
    struct fault why = { 0 };
    uint16_t one = ops->udp_open(s->host, 0, &why), two = ops->udp_open(s->host, 0, &why);
    ck_assert(one && two && one != two);
    struct datagram d = { .to = loopback, .to_port = two, .from_port = one, .len = 5, .bytes = "hello" }, got;
    ck_assert(!ops->udp_next(s->host, &got));
    ck_assert(ops->udp_send(s->host, &d, 0));
    bool came = false;
    UNTIL(s, came || (came = ops->udp_next(s->host, &got)));
    ck_assert(got.from_port == one && got.to_port == two && got.len == 5 &&
              memcmp(got.bytes, "hello", 5) == 0);
    ck_assert(addr_same(&got.from, &loopback));
    d.to = (struct addr){ .len = 16, .octets = { [15] = 1 } };
    if (ops->udp_send(s->host, &d, 0)) {              /* a socket speaks both, where the machine has IPv6 */
        came = false;
        UNTIL(s, came || (came = ops->udp_next(s->host, &got)));
        ck_assert(got.from_port == one && addr_same(&got.from, &d.to));
    }
    ops->udp_close(s->host, one);
    ck_assert(!ops->udp_send(s->host, &d, 0));
    ops->udp_close(s->host, two);
    finish(s);
}
END_TEST

START_TEST(signals_stop_the_loop_also_when_they_were_ignored)
{
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    struct scene *s = begin();
    kill(getpid(), SIGINT);
    UNTIL(s, s->asked_to_stop);
    s->asked_to_stop = false;
    kill(getpid(), SIGTERM);
    UNTIL(s, s->asked_to_stop);
    finish(s);
}
END_TEST

START_TEST(time_passes_and_timers_are_kept)
{
    struct scene *s = begin();
    nsec start = live_now(s->live);
    turns(s, 30);
    nsec took = live_now(s->live) - start;
    ck_assert_msg(took >= 30 * MILLISECOND && took < 500 * MILLISECOND, "%lld ns", (long long)took);
    uint8_t a[16] = { 0 }, b[16] = { 0 };
    chance_fill(live_chance(s->live), "test", a, sizeof a);
    chance_fill(live_chance(s->live), "test", b, sizeof b);
    ck_assert_msg(memcmp(a, b, sizeof a) != 0, "no seed here");
    finish(s);
}
END_TEST

int main(void)
{
    return check_run("kernel_host", (const TTest *[]){ octets_go_both_ways_and_both_ends_close,
                                                       megabytes_against_a_reader_that_stops,
                                                       refused_and_reset, what_came_before_a_reset_is_heard,
                                                       let_go_at_any_moment, let_go_behind_the_last_octets,
                                                       ports_that_are_taken, no_descriptor_free, datagrams,
                                                       signals_stop_the_loop_also_when_they_were_ignored,
                                                       time_passes_and_timers_are_kept, NULL });
}
