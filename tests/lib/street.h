/* street.h - two hosts of ours in the sealed world, one of them played by the test: for programs on a host
 * (http/visit.h, http/web.h).
 *
 *     struct street s;
 *     street_start(&s, 1, NULL);                          a clean wire
 *     s.app = web_app(...)  or  &visit.app;               the program under test, on s.theirs (10.0.0.80)
 *     street_open(&s);
 *     struct call *c = street_call(&s, 80);               the test's own connection, from s.ours (10.0.0.2)
 *     call_says(c, "GET / HTTP/1.1\r\n");
 *     street_until(&s, 5 * SECOND);                       virtual time since the start
 *     ck_assert_str_eq(c->heard, "...");
 *
 * Connections that come to the test's host are calls, too: street_listen, then s.calls; `met` is asked
 * what to do with their news. */
#ifndef TESTS_LIB_STREET_H
#define TESTS_LIB_STREET_H

#include "http/loop.h"
#include "net/sealed.h"
#include "net/stack.h"

#define STREET_START (INT64_C(1788249600) * SECOND)
enum { STREET_CALLS = 1024, CALL_HEARD = 8192, STREET_PORT = 80 };

struct call {
    struct carrier *carrier;
    bool deaf;                                         /* reads nothing */
    bool open, peer_done, ended;
    struct fault fault;                                /* with which it ended */
    /* octets in all; the first of them, with a NUL behind */
    size_t total, n; char heard[CALL_HEARD];
    unsigned step;                                     /* for `met` */
};

struct street {
    struct app puppet;                                 /* first: the test's program on `ours` */
    struct sealed *world;
    struct loop loop;
    struct pool pools[2];
    struct host *ours, *theirs;
    struct app *app;                                   /* on `theirs` */
    struct call *calls[STREET_CALLS]; unsigned n_calls;
    void (*met)(struct street *, struct call *);       /* after news of a call; may be NULL */
    nsec until;
};

void street_start(struct street *, uint64_t seed, const struct wires *);
void street_open(struct street *);                     /* after `app` is set */
void street_end(struct street *);
struct call *street_call(struct street *, uint16_t port);
void street_listen(struct street *, uint16_t port);
void street_until(struct street *, nsec since_start);  /* turns of the loop up to this moment */
void street_flush(struct street *);                    /* what was said leaves */

void call_says(struct call *, const char *text);
void call_writes(struct call *, const void *, size_t); /* fails the test when there is no room */
void call_closes(struct call *);
void call_breaks(struct call *);                       /* RST */

#endif
