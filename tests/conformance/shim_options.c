/* Socket options, and struct tcp_info: what is asked of a connection, in the kernel's words and units. */
#include "tests/conformance/shim.h"
#include "tests/conformance/interface.h"

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/syscall.h>

/* The kernel's words for some of what ours stand for. */
#define tcp_ca_state kernel_ca_state
#define TCP_CA_CWR KERNEL_CA_CWR
#include <linux/tcp.h>
#undef tcp_ca_state
#undef TCP_CA_CWR

enum { KERNEL_INFINITE = 0x7fffffff, KERNEL_SO_MEMINFO = 55, MEMINFO_NUMBERS = 9 };

/* The C library's headers may be older than the kernel's: what stands behind their last member. */
struct info { struct tcp_info tcp; uint8_t later[64]; };
static_assert(sizeof(struct tcp_info) < 320, "later numbers lie where the kernel has them");

static int tcpi_state(enum tcp_state state)
{
    static const int states[TCP_STATES] = {           /* as linux/net/tcp_states.h counts them */
        [TCP_ESTABLISHED] = 1, [TCP_SYN_SENT] = 2, [TCP_SYN_RECEIVED] = 3, [TCP_FIN_WAIT_1] = 4, [TCP_FIN_WAIT_2] = 5,
        [TCP_TIME_WAIT] = 6, [TCP_CLOSED] = 7, [TCP_CLOSE_WAIT] = 8, [TCP_LAST_ACK] = 9, [TCP_LISTEN] = 10,
        [TCP_CLOSING] = 11,
    };
    return states[state];
}

static uint32_t microseconds(nsec t) { return (uint32_t)(t / MICROSECOND); }
/* The kernel counts in segments. */
static uint32_t segments(const struct tcp *t, uint32_t octets) { return (octets + t->mss - 1) / (t->mss ? t->mss : 1); }

/* The kernel's chronographs. */
static void count(struct shim_socket *s, nsec now)
{
    const struct tcp *t = (const struct tcp *)s->carrier;
    nsec passed = now - s->counted_to;
    uint32_t flight = tcp_flight(t), unsent = t->carrier.out.len > flight ? t->carrier.out.len - flight : 0;
    bool no_window = unsent && t->snd_wnd < flight + (unsent < t->mss ? unsent : t->mss);
    s->counted_to = now;
    s->busy += t->carrier.out.len || s->writer_waits ? passed : 0;
    s->window_limited += no_window ? passed : 0;
    s->buffer_limited += s->writer_waits && !unsent ? passed : 0;
}

void shim_count(struct shim *m)
{
    for (unsigned i = 0; i < SHIM_SOCKETS; i++)
        if (m->sockets[i].fd >= 0 && m->sockets[i].carrier)
            count(&m->sockets[i], m->now);
}

static void fill_later(const struct tcp *t, struct info *out)
{
    size_t at = offsetof(struct tcp_info, tcpi_snd_wnd) + sizeof out->tcp.tcpi_snd_wnd;
    memcpy((uint8_t *)out + at, &t->rcv_wnd, sizeof t->rcv_wnd);
}

/* The kernel still calls lost what has gone again since it was lost. */
static void count_again(struct tcp *t, struct tcp_info *out)
{
    uint32_t again = 0, lost = t->sent.octets_lost;
    for (unsigned i = 0; i < t->sent.n; i++) {
        const struct sent_record *r = tcp_sent_at(&t->sent, i);
        bool gone = r->again && r->place == SENT_OUT;
        again += gone ? r->end - r->seq : 0;
        lost += gone && r->why != TCP_WHY_NEW ? r->end - r->seq : 0;
    }
    out->tcpi_retrans = segments(t, again);
    out->tcpi_lost = segments(t, lost);
    out->tcpi_reordering = segments(t, t->rack.reordering);
    if (out->tcpi_reordering < 3)
        out->tcpi_reordering = 3;                     /* the kernel's least */
}

static void fill_info(const struct shim *m, const struct shim_socket *s, struct tcp_info *out)
{
    const struct tcp *t = (const struct tcp *)s->carrier;
    *out = (struct tcp_info){
        .tcpi_state = (uint8_t)tcpi_state(t->state),
        .tcpi_rto = microseconds(t->rto), .tcpi_rtt = microseconds(t->srtt), .tcpi_rttvar = microseconds(t->rttvar),
        .tcpi_snd_mss = t->mss, .tcpi_unacked = segments(t, t->sent.octets), .tcpi_advmss = t->config->mss,
        .tcpi_ca_state = (uint8_t)t->recovery.state, .tcpi_retransmits = t->recovery.timeouts,
        .tcpi_backoff = (uint8_t)t->persist_backoff, .tcpi_probes = (uint8_t)t->probes,
        .tcpi_sacked = segments(t, t->sent.octets_sacked + t->recovery.reno_sacked),
        .tcpi_min_rtt = microseconds(t->rack.min_rtt),
        .tcpi_snd_cwnd = t->cwnd / (t->mss ? t->mss : 1),
        .tcpi_snd_ssthresh = t->ssthresh == UINT32_MAX ? KERNEL_INFINITE : t->ssthresh / (t->mss ? t->mss : 1),
        .tcpi_bytes_acked = t->octets_acked, .tcpi_bytes_received = t->octets_received,
        .tcpi_snd_wnd = t->snd_wnd, .tcpi_last_data_recv = (uint32_t)((m->now - s->last_text) / MILLISECOND),
        .tcpi_busy_time = (uint64_t)(s->busy / MICROSECOND),
        .tcpi_rwnd_limited = (uint64_t)(s->window_limited / MICROSECOND),
        .tcpi_sndbuf_limited = (uint64_t)(s->buffer_limited / MICROSECOND),
        .tcpi_notsent_bytes = t->carrier.out.len > tcp_flight(t) ? t->carrier.out.len - tcp_flight(t) : 0,
    };
}

static int give(void *out, socklen_t *n, const void *value, size_t size)
{
    *n = *n < size ? *n : (socklen_t)size;
    memcpy(out, value, *n);
    return 0;
}

static int give_number(void *out, socklen_t *n, int value) { return give(out, n, &value, sizeof value); }
static int refuse_with(int error) { errno = error; return -1; }

static int get_of_socket(struct shim_socket *s, int name, void *out, socklen_t *n)
{
    int error = shim_error(s);
    switch (name) {
    case SO_ERROR:
        s->error_told = s->error_told || error;
        return give_number(out, n, error);
    case SO_SNDBUF: return give_number(out, n, (int)s->send_limit);
    case KERNEL_SO_MEMINFO: return give(out, n, (const uint32_t[MEMINFO_NUMBERS]){ 0 }, 4 * MEMINFO_NUMBERS);
    case SO_RCVBUF: return give_number(out, n, 2 * (int)s->config.window);
    default: return refuse_with(ENOPROTOOPT);
    }
}

static int get_of_tcp(const struct shim *m, struct shim_socket *s, int name, void *out, socklen_t *n)
{
    const struct tcp *t = (const struct tcp *)s->carrier;
    struct info info = { .tcp = { .tcpi_state = s->listening ? 10 : 7 } };
    switch (name) {
    case TCP_INFO:
        if (t) {
            fill_info(m, s, &info.tcp);
            count_again((struct tcp *)s->carrier, &info.tcp);
            fill_later(t, &info);
        }
        return give(out, n, &info, sizeof info);
    case TCP_CC_INFO: return give(out, n, &info, 0);  /* of algorithms that ours is not */
    case TCP_NOTSENT_LOWAT: return give_number(out, n, (int)s->unsent_option);
    case TCP_MAXSEG: return give_number(out, n, t ? t->mss : s->config.mss);
    default: return refuse_with(ENOPROTOOPT);
    }
}

static int call_getsockopt(void *stack, int fd, int level, int name, void *out, socklen_t *n)
{
    struct shim *m = stack;
    pthread_mutex_lock(&m->lock);
    struct shim_socket *s = shim_find(m, fd);
    shim_count(m);
    int result = !s                     ? -1
                 : level == SOL_SOCKET  ? get_of_socket(s, name, out, n)
                 : level == IPPROTO_TCP ? get_of_tcp(m, s, name, out, n)
                                        : refuse_with(ENOPROTOOPT);
    pthread_mutex_unlock(&m->lock);
    return result;
}

static int set_of_socket(struct shim_socket *s, int name, int value)
{
    switch (name) {
    case SO_REUSEADDR: return 0;
    case SO_ZEROCOPY: return 0;                       /* we always copy */
    case SO_KEEPALIVE:
        s->config.keepalive_idle = value ? s->keepalive_idle : 0;
        return 0;
    case SO_RCVBUF:
        s->config.window = (uint32_t)value;
        return 0;
    case SO_SNDBUF:
        s->send_limit = 2 * (uint32_t)value;
        if (s->carrier)
            shim_set_room(s);
        return 0;
    default: return refuse_with(ENOPROTOOPT);
    }
}

static int set_of_tcp(struct shim_socket *s, int name, int value)
{
    struct tcp *t = (struct tcp *)s->carrier;
    switch (name) {
    case TCP_NODELAY:
        s->config.no_delay = value;
        if (t)
            t->no_delay = value;
        if (t && value)
            tcp_push(t);                              /* even with the cork on */
        return 0;
    case TCP_CORK:
        if (t)
            t->cork = value;
        return 0;
    case TCP_NOTSENT_LOWAT:
        s->unsent_option = (uint32_t)value;
        s->unsent_limit = value ? (uint32_t)value : UINT32_MAX;
        return 0;
    case TCP_INQ:
        if (value < 0 || value > 1)
            return refuse_with(EINVAL);
        s->inq = value;
        return 0;
    case TCP_SYNCNT:
        if (value < 1 || value > 127)
            return refuse_with(EINVAL);
        s->config.syn_tries = (unsigned)value + 1;
        return 0;
    case TCP_MAXSEG:
        if (value < 88 || value > 32767)              /* what the kernel takes */
            return refuse_with(EINVAL);
        s->config.mss = (uint16_t)value;
        return 0;
    case TCP_USER_TIMEOUT:
        if (value < 0)
            return refuse_with(EINVAL);
        s->config.user_timeout = value * MILLISECOND;
        return 0;
    case TCP_KEEPIDLE:
        s->keepalive_idle = value * SECOND;
        break;
    case TCP_KEEPINTVL:
        s->config.keepalive_every = value * SECOND;
        break;
    case TCP_KEEPCNT:
        s->config.keepalive_tries = (unsigned)value;
        break;
    default: return refuse_with(ENOPROTOOPT);
    }
    if (s->config.keepalive_idle)
        s->config.keepalive_idle = s->keepalive_idle;
    return 0;
}

static int call_setsockopt(void *stack, int fd, int level, int name, const void *in, socklen_t n)
{
    struct shim *m = stack;
    int value = 0;
    memcpy(&value, in, n < sizeof value ? n : sizeof value);
    pthread_mutex_lock(&m->lock);
    struct shim_socket *s = shim_find(m, fd);
    int result = !s                     ? -1
                 : level == SOL_SOCKET  ? set_of_socket(s, name, value)
                 : level == IPPROTO_TCP ? set_of_tcp(s, name, value)
                 : level == IPPROTO_IP  ? 0
                                        : refuse_with(ENOPROTOOPT);
    if (s && s->listening)
        *stack_tcp_config(m->stack) = s->config;
    if (s && s->carrier)
        carrier_touch(s->carrier, 0);
    shim_pump(m);
    pthread_mutex_unlock(&m->lock);
    return result;
}

void shim_option_calls(struct packetdrill_interface *out)
{
    out->getsockopt = call_getsockopt;
    out->setsockopt = call_setsockopt;
}

/* The blocks %{ ... }% of a script ask the C library for TCP_INFO. Where this object is preloaded, they ask here. */
int getsockopt(int fd, int level, int name, void *out, socklen_t *n)
{
    struct shim *m = shim_here();
    if (m) {
        for (unsigned i = 0; i < SHIM_SOCKETS; i++)
            if (m->sockets[i].fd == fd)
                return call_getsockopt(m, fd, level, name, out, n);
    }
    return (int)syscall(SYS_getsockopt, fd, level, name, out, n);
}
