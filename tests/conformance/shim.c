#include "tests/conformance/shim.h"
#include "tests/conformance/interface.h"

#include "net/ip.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { POOL_LIMIT = 256 << 20, MOST_OCTETS = 65535, MTU_SIX = 1520 };          /* of the device, for IPv6 */
#define EPOCH (1000000000 * SECOND)                   /* when a script begins: any fixed moment will do */

static struct shim *the_shim;
struct shim *shim_here(void) { return the_shim; }

struct shim_socket *shim_find(struct shim *m, int fd)
{
    for (unsigned i = 0; i < SHIM_SOCKETS; i++)
        if (m->sockets[i].fd == fd && fd >= 0)
            return &m->sockets[i];
    errno = EBADF;
    return NULL;
}

/* The addresses that packetdrill's runner gives its network device. */
bool shim_start(struct shim *m, int domain)
{
    if (m->stack)
        return true;
    struct addr six;
    addr_parse("fd3d:a0b:17d6::1", 16, &six);
    settings_read(&m->settings);
    seed_chance_start(&m->chance, 1, 1, 0);
    pool_start(&m->pool, POOL_LIMIT);
    m->stack = stack_new(&(struct stack_config){
        .addr = addr_v4(192, 168, 0, 1), .prefix = 16, .connections = SHIM_SOCKETS, .chunk = MOST_OCTETS,
        .pool = &m->pool, .chance = &m->chance.chance });
    if (!m->stack || !stack_add_addr(m->stack, &six, 64))
        return false;
    m->host = stack_host(m->stack);
    m->peer = addr_v4(192, 0, 2, 1);
    if (domain == AF_INET6)
        addr_parse("fd3d:fa7b:d17d::1", 17, &m->peer);
    m->route = route_of_peer(&m->peer);
    settings_apply(&m->settings, stack_tcp_config(m->stack));
    if (domain == AF_INET6) {
        stack_tcp_config(m->stack)->mss = MTU_SIX - 40;               /* as IPv4 has it: net/tcp.c takes more off */
        stack_tcp_config(m->stack)->mtu_base = (uint16_t)(m->settings.base_mss + 60);
    }
    m->link_mss = stack_tcp_config(m->stack)->mss;
    if (m->route.advmss && m->route.advmss < stack_tcp_config(m->stack)->mss)
        stack_tcp_config(m->stack)->mss = (uint16_t)(m->route.advmss + (domain == AF_INET6 ? 20 : 0));
    if (m->route.initcwnd)
        stack_tcp_config(m->stack)->initial_window = m->route.initcwnd;
    return true;
}

/* --- packets and time --- */

static void keep(struct shim *m, const uint8_t *bytes, uint32_t n)
{
    struct left *left = malloc(sizeof *left + n);
    if (!left)
        abort();
    *left = (struct left){ .at = m->now, .len = n };
    memcpy(left->bytes, bytes, n);
    if (m->last)
        m->last->next = left;
    else
        m->first = left;
    m->last = left;
}

/* A packet that stands for many (net/packet.h) is cut as a network card would: each piece has numbers of its own, and
 * only the last PSH and FIN. */
static void cut(struct shim *m, const struct packet *p)
{
    static uint8_t piece[MOST_OCTETS];
    struct wire_in in = wire_over(p->bytes, p->len, NULL), tcp;
    struct ip_header ip;
    struct tcp_segment whole;
    if (!ip_read(&in, &ip, &tcp, NULL) || !tcp_segment_read(&tcp, &whole, NULL))
        abort();
    unsigned head = ip_header_size(&ip.destination);
    for (uint32_t at = 0; at < whole.text.n; at += p->segment) {
        struct tcp_segment s = whole;
        bool last = at + p->segment >= whole.text.n;
        s.seq += at;
        s.text = (struct bytes){ whole.text.at + at, last ? whole.text.n - at : p->segment };
        if (!last)
            s.flags &= (uint8_t)~(TCP_PSH | TCP_FIN);
        size_t n = tcp_segment_write(&s, &ip.source, &ip.destination, piece + head, sizeof piece - head);
        ip.total_length = (uint32_t)(head + n);
        ip_write(&ip, piece);
        keep(m, piece, ip.total_length);
    }
}

static void pull(struct shim *m)
{
    static uint8_t room[MOST_OCTETS];
    struct packet p = { .bytes = room, .room = sizeof room };
    while (m->host->ops->output(m->host, &p, m->now))
        if (p.segment)
            cut(m, &p);
        else
            keep(m, p.bytes, p.len);
}

/* A sleeping call whose time has come ends at this moment of virtual time, whatever the machine's threads do. */
static void wake_sleeper(struct shim *m)
{
    if (!m->sleeps || pthread_equal(pthread_self(), m->sleeper)
        || (m->now < m->sleeps_to && !m->sleeps_until(m->sleeps_on)))
        return;
    m->sleeps = false;
    m->held = true;
    pthread_cond_broadcast(&m->wake);
    while (m->held)
        pthread_cond_wait(&m->resumed, &m->lock);
}

void shim_pump(struct shim *m)
{
    struct carrier *c;
    if (!m->stack)
        return;
    pull(m);
    while ((c = m->host->ops->news(m->host)))
        shim_news(m, c);
    pull(m);
    shim_notice(m);
    wake_sleeper(m);
}

/* Lets the next timer act, if it is due by then. */
static bool step(struct shim *m, nsec until)
{
    nsec next = m->stack ? m->host->ops->wake(m->host) : NEVER;
    if (m->sleeps && m->sleeps_to < next)
        next = m->sleeps_to;
    if (next == NEVER || next > until)
        return false;
    m->now = next > m->now ? next : m->now;
    shim_count(m);
    m->host->ops->tick(m->host, m->now);
    shim_pump(m);
    return true;
}

static void run_until(struct shim *m, nsec until)
{
    while (step(m, until))
        ;
    m->now = until;
}

/* On the thread that packetdrill keeps for such calls we sleep. The main thread has nobody else who moves the
 * clock. */
bool shim_wait_until(struct shim *m, struct shim_socket *s, bool (*until)(const struct shim_socket *), nsec latest)
{
    bool moves_clock = pthread_equal(pthread_self(), m->main);
    while (!until(s)) {
        if (s->nonblocking || m->now >= latest)
            return false;
        if (moves_clock && !step(m, latest < NEVER ? latest : NEVER - 1))
            return false;
        if (moves_clock)
            continue;
        m->sleeps_to = latest;
        m->sleeper = pthread_self();
        m->sleeps_on = s;
        m->sleeps_until = until;
        m->sleeps = true;
        m->held = false;
        pthread_cond_broadcast(&m->resumed);
        while (m->sleeps)
            pthread_cond_wait(&m->wake, &m->lock);
    }
    return true;
}

bool shim_wait(struct shim *m, struct shim_socket *s, bool (*until)(const struct shim_socket *))
{
    return shim_wait_until(m, s, until, NEVER);
}

static int netdev_send(void *stack, const void *packet, size_t n)
{
    static uint8_t room[MOST_OCTETS];
    struct shim *m = stack;
    pthread_mutex_lock(&m->lock);
    if (m->stack && n <= sizeof room) {
        shim_count(m);
        memcpy(room, packet, n);
        struct packet p = { .bytes = room, .len = (uint32_t)n, .room = sizeof room, .at = m->now };
        m->host->ops->input(m->host, &p, m->now);
        shim_pump(m);
    }
    pthread_mutex_unlock(&m->lock);
    return 0;
}

/* With nothing queued the clock jumps from timer to timer until something leaves. No octets: nothing ever will. */
static int netdev_receive(void *stack, void *packet, size_t *n, long long *microseconds)
{
    struct shim *m = stack;
    pthread_mutex_lock(&m->lock);
    while (!m->first && step(m, NEVER - 1))
        ;
    struct left *left = m->first;
    *microseconds = (left ? left->at : m->now) / MICROSECOND;
    *n = left && left->len <= *n ? left->len : 0;
    if (left) {
        memcpy(packet, left->bytes, *n);
        m->first = left->next;
        m->last = m->first ? m->last : NULL;
        free(left);
    }
    pthread_mutex_unlock(&m->lock);
    return 0;
}

static int sleep_for(void *stack, useconds_t microseconds)
{
    struct shim *m = stack;
    pthread_mutex_lock(&m->lock);
    run_until(m, m->now + microseconds * MICROSECOND);
    pthread_mutex_unlock(&m->lock);
    return 0;
}

/* Whoever waits for a moment asks again and again. The thread whose call has ended asks when that was. */
static int time_of_day(void *stack, struct timeval *tv, struct timezone *zone)
{
    (void)zone;
    struct shim *m = stack;
    pthread_mutex_lock(&m->lock);
    if (m->held && pthread_equal(pthread_self(), m->sleeper)) {
        m->held = false;
        pthread_cond_broadcast(&m->resumed);
    } else {
        run_until(m, m->now + MICROSECOND);
    }
    *tv = (struct timeval){ .tv_sec = m->now / SECOND, .tv_usec = m->now % SECOND / MICROSECOND };
    pthread_mutex_unlock(&m->lock);
    return 0;
}

static void end(void *stack)
{
    struct shim *m = stack;
    while (m->first) {
        struct left *left = m->first;
        m->first = left->next;
        free(left);
    }
    if (m->stack) {
        m->host->ops->free(m->host);
        pool_end(&m->pool);
    }
    the_shim = NULL;
    free(m);
}

void packetdrill_interface_init(const char *flags, struct packetdrill_interface *out)
{
    (void)flags;
    struct shim *m = calloc(1, sizeof *m);
    if (!m)
        abort();
    pthread_mutex_init(&m->lock, NULL);
    pthread_cond_init(&m->wake, NULL);
    pthread_cond_init(&m->resumed, NULL);
    m->main = pthread_self();
    m->now = EPOCH;
    for (unsigned i = 0; i < SHIM_SOCKETS; i++)
        m->sockets[i].fd = -1;
    the_shim = m;
    route_prepare();
    *out = (struct packetdrill_interface){
        .stack = m, .free = end, .netdev_send = netdev_send, .netdev_receive = netdev_receive, .usleep = sleep_for,
        .gettimeofday = time_of_day,
    };
    shim_socket_calls(out);
    shim_option_calls(out);
    shim_poll_calls(out);
}
