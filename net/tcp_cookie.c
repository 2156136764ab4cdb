#include "net/tcp_cookie.h"

/* Frequent ones; a smaller MSS than the smallest is none that a peer needs to be believed. */
static const uint16_t sizes[8] = { TCP_MSS_LEAST, 536, 1220, 1300, 1400, 1440, 1452, 1460 };

enum { HASH = 0xffffff, TIMES = 32, NO_SCALE = 15, HAS_SACK = 16, HAS_ECN = 32, REMEMBERED = 63 };

static uint32_t time_of(nsec now) { return (uint32_t)(now / (64 * SECOND)) % TIMES; }

static uint32_t make(const struct tcp_table *all, const struct tcp_ends *e, uint32_t their_isn, uint32_t time,
                     uint32_t size)
{
    uint32_t known = time << 27 | size << 24;
    return known | ((uint32_t)tcp_table_hash(all, e, 'c', their_isn, known) & HASH);
}

/* The largest that is not larger than theirs. */
static uint32_t size_of(uint16_t mss)
{
    uint32_t i = sizeof sizes / sizeof *sizes - 1;
    while (i > 0 && sizes[i] > mss)
        i--;
    return i;
}

/* The clock must not seem to go forward, or what comes next looks old: RFC 7323 §5.3. */
static uint32_t remember(uint32_t clock, const struct tcp_segment *syn, const struct tcp_config *c)
{
    uint32_t bits = syn->has_window_scale && c->window_scaling ? syn->window_scale : NO_SCALE;
    bits = bits > TCP_SHIFT_MOST && bits != NO_SCALE ? TCP_SHIFT_MOST : bits;
    bits |= syn->sack_permitted ? HAS_SACK : 0;
    bits |= (syn->flags & (TCP_ECE | TCP_CWR)) == (TCP_ECE | TCP_CWR) ? HAS_ECN : 0;
    uint32_t with = (clock & ~(uint32_t)REMEMBERED) | bits;
    return with > clock ? with - (REMEMBERED + 1) : with;
}

struct tcp_segment tcp_cookie_answer(const struct tcp_table *all, const struct tcp_config *c, const struct tcp_ends *e,
                                     const struct tcp_segment *syn, nsec now)
{
    uint32_t clock = (uint32_t)(now / MILLISECOND) + tcp_table_ts_offset(all, e);
    bool timestamps = c->timestamps && syn->has_timestamps;
    struct tcp as = { .config = c, .local = e->local };
    bool ecn = timestamps && c->ecn != TCP_ECN_OFF && (syn->flags & (TCP_ECE | TCP_CWR)) == (TCP_ECE | TCP_CWR);
    return (struct tcp_segment){
        .source_port = e->port, .destination_port = e->peer_port,
        .flags = (uint8_t)(TCP_SYN | TCP_ACK | (ecn ? TCP_ECE : 0)),
        .seq = make(all, e, syn->seq, time_of(now), size_of(syn->mss ? syn->mss : TCP_MSS_DEFAULT)),
        .ack = syn->seq + 1, .window = (uint16_t)(c->window < TCP_WINDOW_MOST ? c->window : TCP_WINDOW_MOST),
        .mss = tcp_own_mss(&as),
        .has_timestamps = timestamps, .ts_value = timestamps ? remember(clock, syn, c) : 0,
        .ts_echo_reply = timestamps ? syn->ts_value : 0,
        .sack_permitted = timestamps && c->sack && syn->sack_permitted,
        .has_window_scale = timestamps && c->window_scaling && syn->has_window_scale,
        .window_scale = tcp_own_shift(c),
    };
}

static bool is_of_now(uint32_t cookie, nsec now) { return (time_of(now) - (cookie >> 27)) % TIMES <= 1; }

bool tcp_cookie_may_be(const struct tcp_segment *ack, nsec now)
{
    return is_of_now(ack->ack - 1, now) && (ack->text.n > 0 || (ack->flags & TCP_FIN));
}

bool tcp_cookie_check(const struct tcp_table *all, const struct tcp_ends *e, const struct tcp_segment *ack, nsec now,
                      struct tcp_segment *syn)
{
    uint32_t cookie = ack->ack - 1, their_isn = ack->seq - 1, time = cookie >> 27, size = cookie >> 24 & 7;
    if (!is_of_now(cookie, now) || make(all, e, their_isn, time, size) != cookie)
        return false;
    uint32_t bits = ack->ts_echo_reply & REMEMBERED, scale = bits & NO_SCALE;
    *syn = (struct tcp_segment){
        .source_port = ack->source_port, .destination_port = ack->destination_port, .seq = their_isn,
        .flags = TCP_SYN, .window = ack->window, .mss = sizes[size], .has_timestamps = ack->has_timestamps,
        .ts_value = ack->ts_value,
    };
    if (!ack->has_timestamps)
        return true;
    syn->has_window_scale = scale != NO_SCALE;
    syn->window_scale = (uint8_t)scale;
    syn->sack_permitted = bits & HAS_SACK;
    syn->flags |= bits & HAS_ECN ? TCP_ECE | TCP_CWR : 0;
    return true;
}
