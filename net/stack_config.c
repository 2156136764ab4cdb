/* What a stack is like when its configuration does not say. */
#include "net/ip4.h"
#include "net/stack.h"

enum { WINDOW_MOST = 4 << 20 };                       /* 130 MB/s at a round trip of 30 ms */

/* A number of the configuration, or what it is when it is left out. */
static unsigned or_else(unsigned given, unsigned usual) { return given ? given : usual; }

static uint32_t at_most(uint32_t a, uint32_t most) { return a < most ? a : most; }

struct stack_config stack_usual(const struct stack_config *given)
{
    struct stack_config c = *given;
    uint32_t most = c.no_window_scaling ? TCP_WINDOW_MOST : (uint32_t)TCP_WINDOW_MOST << TCP_SHIFT_MOST;
    c.mtu = at_most(or_else(c.mtu, PACKET_MTU), PACKET_MAX);
    c.mss = (uint16_t)at_most(or_else(c.mss, c.mtu), c.mtu - IP4_HEADER - TCP_HEADER);
    c.chunk = c.chunk > c.mtu ? c.chunk : 0;
    c.connections = or_else(c.connections, 64);
    c.backlog = or_else(c.backlog, 128);
    c.window_most = at_most(or_else(c.window_most, or_else(c.window, WINDOW_MOST)), most);
    c.window = at_most(or_else(c.window, TCP_WINDOW_MOST), most);
    c.syn_tries = or_else(c.syn_tries, 6);
    c.data_tries = or_else(c.data_tries, 15);
    c.quick_acks = c.no_quick_acks ? 0 : or_else(c.quick_acks, 16);
    c.initial_window = or_else(c.initial_window, 10);
    return c;
}

struct tcp_config stack_usual_tcp(const struct stack_config *c)
{
    return (struct tcp_config){
        .mss = c->mss, .window = c->window, .window_most = c->window_most,
        .chunk = c->chunk ? c->chunk - IP4_HEADER - TCP_HEADER_MAX : 0,
        .syn_tries = c->syn_tries, .data_tries = c->data_tries,
        .window_scaling = !c->no_window_scaling, .timestamps = !c->no_timestamps, .sack = !c->no_sack,
        .no_delay = !c->nagle, .ecn = c->ecn, .recovery = c->recovery, .cc = c->cc,
        .initial_window = c->initial_window, .rto_least = c->rto_least, .ack_delay = c->ack_delay,
        .quick_acks = c->quick_acks,
        .user_timeout_option = c->user_timeout_option, .user_timeout_least = c->user_timeout_least,
        .user_timeout_most = c->user_timeout_most,
        .user_timeout = c->user_timeout, .keepalive_idle = c->keepalive_idle, .keepalive_every = c->keepalive_every,
        .keepalive_tries = c->keepalive_tries, .pool = c->pool,
    };
}
