/* shim.h - our stack as packetdrill wants it: sockets, in virtual time.
 *
 *     shim.c           the world: the clock, packets in and out, blocked calls, the table of functions
 *     shim_sockets.c   system calls on sockets
 *     shim_options.c   socket options and struct tcp_info
 *     shim_poll.c      poll and epoll
 *     shim_settings.c  what a script has set up before it began: sysctls
 *     shim_route.c     ... and the route to its peer
 *
 * Time. The clock stands unless packetdrill moves it: by asking for the time (1 us each time, or its waiting loop
 * would never end), by sleeping, by waiting for a packet. On the way every timer acts at its own deadline, and what
 * leaves the stack is stamped with that moment and queued.
 *
 * Threads. packetdrill makes a call that may block on a thread of its own, and goes on when that one sleeps. One lock
 * guards everything here. When what a sleeping call waits for has come, time stands still until the thread has asked
 * for the time, which packetdrill takes for the end of the call. A call that blocks on the main thread runs the world
 * forward itself.
 *
 * Descriptors are real ones (of /dev/null), since packetdrill closes them with the C library's close. */
#ifndef TESTS_CONFORMANCE_SHIM_H
#define TESTS_CONFORMANCE_SHIM_H

#include "net/seed.h"
#include "net/stack.h"
#include "net/tcp.h"

#include <pthread.h>
#include <sys/epoll.h>
#include <sys/socket.h>

enum { SHIM_SOCKETS = 64, SHIM_BACKLOG = 64 };

/* What a script's set-up has chosen: /proc/sys/net/ipv4/tcp_*. */
struct settings {
    unsigned rmem[3], wmem[3];                        /* least, at first, most */
    unsigned syn_tries, synack_tries, data_tries;     /* retransmissions */
    unsigned timestamps, sack, window_scaling, ecn, slow_start_after_idle, early_retrans, min_tso_segs,
             notsent_lowat, mtu_probing, base_mss;
    bool reno;                                        /* tcp_congestion_control */
};
void settings_read(struct settings *);
void settings_apply(const struct settings *, struct tcp_config *);

struct route { uint32_t mtu, advmss, initcwnd; };     /* 0: not said */
struct route route_to(const struct addr *);
struct route route_of_peer(const struct addr *);
void route_prepare(void);

struct shim_socket {
    int fd;                                           /* -1: not in use */
    int domain;
    bool nonblocking, listening, reads_shut, writes_shut;
    uint16_t port;                                    /* bound to; 0: not */
    struct carrier *carrier;                          /* NULL: neither connected nor accepted yet */
    struct carrier *waiting[SHIM_BACKLOG]; unsigned n_waiting;    /* at a listener: not accepted yet */
    struct tcp_config config;                         /* its own, since options are set on it */
    uint32_t send_limit;                              /* SO_SNDBUF, as read back */
    uint32_t unsent_limit, unsent_option;             /* TCP_NOTSENT_LOWAT: in force; as read back */
    bool inq;                                         /* TCP_INQ: recvmsg says how much is left */
    int watched_by; struct epoll_event watched_for;   /* an epoll descriptor; 0: none */
    bool has_edge; uint32_t was_ready; uint64_t had_come;
    uint32_t awaited;                                 /* by poll */
    /* For struct tcp_info: when text came last; how long text was under way or waited, and what held it up. */
    nsec last_text, counted_to, busy, window_limited, buffer_limited;
    uint64_t text_came;
    bool writer_waits, was_open;
    uint64_t piece_from;                              /* where in the stream the last piece of a write begins */
    nsec keepalive_idle;                              /* in force when SO_KEEPALIVE is set */
    bool error_told;                                  /* why it broke was said once */
};

struct shim {
    pthread_mutex_t lock;
    pthread_cond_t wake, resumed;
    pthread_t main, sleeper;
    bool sleeps, held;                                /* a call is blocked; time stands for it */
    struct shim_socket *sleeps_on;
    bool (*sleeps_until)(const struct shim_socket *);
    nsec sleeps_to;                                   /* and not longer */

    nsec now;
    struct stack *stack;                              /* NULL: before the first socket */
    struct host *host;
    struct pool pool;
    struct seed_chance chance;
    struct settings settings;
    uint16_t link_mss;
    struct addr peer; struct route route;             /* the remote address of all scripts; its route at the start */
    struct left { struct left *next; nsec at; uint32_t len; uint8_t bytes[]; } *first, *last;
    struct shim_socket sockets[SHIM_SOCKETS];
};

/* --- shim.c --- */

/* Makes the stack, unless it stands. */
bool shim_start(struct shim *, int domain);
/* Takes what the stack has to send, and what it has to tell. After everything that was done with it. */
void shim_pump(struct shim *);
/* Waits until this holds. False: the call is not to wait (EAGAIN), or nothing will come any more. */
bool shim_wait(struct shim *, struct shim_socket *, bool (*until)(const struct shim_socket *));
bool shim_wait_until(struct shim *, struct shim_socket *, bool (*until)(const struct shim_socket *), nsec latest);
struct shim_socket *shim_find(struct shim *, int fd);             /* NULL, with errno EBADF */
struct shim *shim_here(void);                         /* packetdrill knows one stack a process; NULL: none yet */

/* --- the table of functions --- */

struct packetdrill_interface;
void shim_socket_calls(struct packetdrill_interface *);
void shim_option_calls(struct packetdrill_interface *);
void shim_poll_calls(struct packetdrill_interface *);

/* shim_poll.c: what has become ready. */
void shim_notice(struct shim *);
/* A writer that had to wait may go on. */
bool shim_writable(const struct shim_socket *);

/* shim_options.c: keeps count of time, before anything changes. */
void shim_count(struct shim *);

/* shim_sockets.c: a carrier has news. */
void shim_news(struct shim *, struct carrier *);
/* The errno for why it broke; 0: it did not. */
int  shim_error(const struct shim_socket *);
/* Its send_limit has changed. */
void shim_set_room(struct shim_socket *);

#endif
