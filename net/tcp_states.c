/* The eleven states and what leads from one to another: RFC 9293 §3.3.2, its figure 5 as rows. */
#include "net/tcp.h"
#include "trace/machine.h"
#include "trace/quiz.h"

/* Two things are told otherwise than in the figure. A listener stays in LISTEN; for each SYN it makes a
 * connection, which starts there. And a connection leaves ESTABLISHED (or CLOSE-WAIT) when its FIN is sent,
 * not already at the CLOSE call, when octets may still lie before the FIN: so a connection in FIN-WAIT-1 has
 * sent one. Nobody outside can tell the difference. */
const struct tcp_transition tcp_transitions[] = {
/*    in                because               leads to          after */
    { TCP_CLOSED,       TCP_PASSIVE_OPEN,     TCP_LISTEN,       "RFC 9293 §3.10.1"   },
    { TCP_CLOSED,       TCP_ACTIVE_OPEN,      TCP_SYN_SENT,     "RFC 9293 §3.10.1"   },
    { TCP_LISTEN,       TCP_SYN_CAME,         TCP_SYN_RECEIVED, "RFC 9293 §3.10.7.2" },
    { TCP_SYN_SENT,     TCP_SYN_ACK_CAME,     TCP_ESTABLISHED,  "RFC 9293 §3.10.7.3" },
    { TCP_SYN_SENT,     TCP_SYN_CAME,         TCP_SYN_RECEIVED, "RFC 9293 §3.10.7.3" }, /* both open */
    { TCP_SYN_RECEIVED, TCP_ACK_OF_SYN,       TCP_ESTABLISHED,  "RFC 9293 §3.10.7.4" },
    { TCP_ESTABLISHED,  TCP_FIN_SENT,         TCP_FIN_WAIT_1,   "RFC 9293 §3.10.4"   },
    { TCP_ESTABLISHED,  TCP_FIN_CAME,         TCP_CLOSE_WAIT,   "RFC 9293 §3.10.7.4" },
    { TCP_FIN_WAIT_1,   TCP_ACK_OF_FIN,       TCP_FIN_WAIT_2,   "RFC 9293 §3.10.7.4" },
    { TCP_FIN_WAIT_1,   TCP_FIN_CAME,         TCP_CLOSING,      "RFC 9293 §3.10.7.4" }, /* both close */
    { TCP_FIN_WAIT_2,   TCP_FIN_CAME,         TCP_TIME_WAIT,    "RFC 9293 §3.10.7.4" },
    { TCP_CLOSE_WAIT,   TCP_FIN_SENT,         TCP_LAST_ACK,     "RFC 9293 §3.10.4"   },
    { TCP_CLOSING,      TCP_ACK_OF_FIN,       TCP_TIME_WAIT,    "RFC 9293 §3.10.7.4" },
    { TCP_LAST_ACK,     TCP_ACK_OF_FIN,       TCP_CLOSED,       "RFC 9293 §3.10.7.4" },
    { TCP_TIME_WAIT,    TCP_WAITED_2MSL,      TCP_CLOSED,       "RFC 9293 §3.10.8"   },
    { TCP_FIN_WAIT_2,   TCP_WAITED_2MSL,      TCP_CLOSED,       "RFC 9293 §3.6"      }, /* none reads */

    { TCP_SYN_SENT,     TCP_RST_CAME,         TCP_CLOSED,       "RFC 9293 §3.10.7.3" },
    { TCP_SYN_RECEIVED, TCP_RST_CAME,         TCP_CLOSED,       "RFC 9293 §3.10.7.4" }, /* LISTEN goes on */
    { TCP_ESTABLISHED,  TCP_RST_CAME,         TCP_CLOSED,       "RFC 9293 §3.10.7.4" },
    { TCP_FIN_WAIT_1,   TCP_RST_CAME,         TCP_CLOSED,       "RFC 9293 §3.10.7.4" },
    { TCP_FIN_WAIT_2,   TCP_RST_CAME,         TCP_CLOSED,       "RFC 9293 §3.10.7.4" },
    { TCP_CLOSE_WAIT,   TCP_RST_CAME,         TCP_CLOSED,       "RFC 9293 §3.10.7.4" },
    { TCP_CLOSING,      TCP_RST_CAME,         TCP_CLOSED,       "RFC 9293 §3.10.7.4" },
    { TCP_LAST_ACK,     TCP_RST_CAME,         TCP_CLOSED,       "RFC 9293 §3.10.7.4" },
    { TCP_SYN_SENT,     TCP_UNREACHABLE_CAME, TCP_CLOSED,       "RFC 5927 §4.1"      },

    { TCP_SYN_SENT,     TCP_ABORT_CALLED,     TCP_CLOSED,       "RFC 9293 §3.10.5"   },
    { TCP_SYN_RECEIVED, TCP_ABORT_CALLED,     TCP_CLOSED,       "RFC 9293 §3.10.5"   },
    { TCP_ESTABLISHED,  TCP_ABORT_CALLED,     TCP_CLOSED,       "RFC 9293 §3.10.5"   },
    { TCP_FIN_WAIT_1,   TCP_ABORT_CALLED,     TCP_CLOSED,       "RFC 9293 §3.10.5"   },
    { TCP_FIN_WAIT_2,   TCP_ABORT_CALLED,     TCP_CLOSED,       "RFC 9293 §3.10.5"   },
    { TCP_CLOSE_WAIT,   TCP_ABORT_CALLED,     TCP_CLOSED,       "RFC 9293 §3.10.5"   },
    { TCP_CLOSING,      TCP_ABORT_CALLED,     TCP_CLOSED,       "RFC 9293 §3.10.5"   },
    { TCP_LAST_ACK,     TCP_ABORT_CALLED,     TCP_CLOSED,       "RFC 9293 §3.10.5"   },

    { TCP_SYN_SENT,     TCP_GAVE_UP,          TCP_CLOSED,       "RFC 9293 §3.8.3"    },
    { TCP_SYN_RECEIVED, TCP_GAVE_UP,          TCP_CLOSED,       "RFC 9293 §3.8.3"    },
    { TCP_ESTABLISHED,  TCP_GAVE_UP,          TCP_CLOSED,       "RFC 9293 §3.8.3"    },
    { TCP_FIN_WAIT_1,   TCP_GAVE_UP,          TCP_CLOSED,       "RFC 9293 §3.8.3"    },
    { TCP_FIN_WAIT_2,   TCP_GAVE_UP,          TCP_CLOSED,       "RFC 9293 §3.8.4"    },
    { TCP_CLOSE_WAIT,   TCP_GAVE_UP,          TCP_CLOSED,       "RFC 9293 §3.8.3"    },
    { TCP_CLOSING,      TCP_GAVE_UP,          TCP_CLOSED,       "RFC 9293 §3.8.3"    },
    { TCP_LAST_ACK,     TCP_GAVE_UP,          TCP_CLOSED,       "RFC 9293 §3.8.3"    },
};
const size_t tcp_n_transitions = sizeof tcp_transitions / sizeof tcp_transitions[0];

const char *tcp_state_name(enum tcp_state state)
{
    static const char *const names[TCP_STATES] = {
        "CLOSED", "LISTEN", "SYN-SENT", "SYN-RECEIVED", "ESTABLISHED", "FIN-WAIT-1", "FIN-WAIT-2",
        "CLOSE-WAIT", "CLOSING", "LAST-ACK", "TIME-WAIT"
    };
    return names[state];
}

const char *tcp_trigger_name(enum tcp_trigger trigger)
{
    static const char *const names[TCP_TRIGGERS] = {
        "passive OPEN", "active OPEN", "SYN came", "SYN-ACK came", "ACK of our SYN came", "FIN sent",
        "ACK of our FIN came", "FIN came", "RST came", "ICMP unreachable came", "ABORT called",
        "gave up waiting for an ACK", "2 MSL are over"
    };
    return names[trigger];
}

void tcp_machine(struct machine *m)
{
    static const struct { unsigned column, line; } places[TCP_STATES] = {
        [TCP_CLOSED]      = { 1, 0 },
        [TCP_LISTEN]      = { 1, 1 },
        [TCP_SYN_RECEIVED] = { 0, 2 },                        [TCP_SYN_SENT]   = { 2, 2 },
        [TCP_ESTABLISHED] = { 1, 3 },
        [TCP_FIN_WAIT_1]  = { 0, 4 },                         [TCP_CLOSE_WAIT] = { 2, 4 },
        [TCP_FIN_WAIT_2]  = { 0, 5 }, [TCP_CLOSING] = { 1, 5 }, [TCP_LAST_ACK] = { 2, 5 },
        [TCP_TIME_WAIT]   = { 1, 6 },
    };
    *m = (struct machine){ .name = "tcp" };
    for (int s = 0; s < TCP_STATES; s++) {
        struct machine_state *state = &m->states[machine_state(m, tcp_state_name((enum tcp_state)s))];
        state->column = places[s].column;
        state->line = places[s].line;
        state->end = s == TCP_CLOSED;
    }
    for (size_t i = 0; i < tcp_n_transitions; i++) {
        const struct tcp_transition *row = &tcp_transitions[i];
        machine_add(m, tcp_state_name(row->from), tcp_trigger_name(row->trigger), tcp_state_name(row->to), row->rfc);
    }
}

/* RFC 9293 §3.10: what leaves in which state, a retransmission of what is not acknowledged included. A RST may leave
 * in any. */
static const struct quiz_saying sayings[] = {
    { "SYN-SENT", "SYN" },
    { "SYN-RECEIVED", "SYN-ACK" }, { "SYN-RECEIVED", "ACK" }, { "SYN-RECEIVED", "FIN" },
    { "ESTABLISHED", "ACK" }, { "ESTABLISHED", "data" }, { "ESTABLISHED", "FIN" },
    { "FIN-WAIT-1", "FIN" }, { "FIN-WAIT-1", "ACK" }, { "FIN-WAIT-1", "data" },
    { "FIN-WAIT-2", "ACK" },
    { "CLOSE-WAIT", "ACK" }, { "CLOSE-WAIT", "data" }, { "CLOSE-WAIT", "FIN" },
    { "CLOSING", "FIN" }, { "CLOSING", "ACK" }, { "CLOSING", "data" },
    { "LAST-ACK", "FIN" }, { "LAST-ACK", "ACK" }, { "LAST-ACK", "data" },
    { "TIME-WAIT", "ACK" },
    { NULL, NULL },
};
const struct quiz_saying *tcp_sayings(void) { return sayings; }

/* The states in which octets flow both ways, or ours still may: what the layer above calls open. */
static bool is_open(enum tcp_state state) { return state == TCP_ESTABLISHED || state == TCP_CLOSE_WAIT; }

bool tcp_enter(struct tcp *t, enum tcp_trigger trigger)
{
    for (size_t i = 0; i < tcp_n_transitions; i++) {
        const struct tcp_transition *row = &tcp_transitions[i];
        if (row->from != t->state || row->trigger != trigger)
            continue;
        t->state = row->to;
        t->carrier.open = is_open(t->state);
        if (t->state == TCP_TIME_WAIT || t->state == TCP_CLOSED)
            t->carrier.ended = true;
        if (trigger != TCP_ACTIVE_OPEN && trigger != TCP_SYN_CAME && trigger != TCP_FIN_SENT)
            t->has_news = true;
        tcp_tell_state(t, row);
        return true;
    }
    return false;
}

/* In memory of the pool, since few connections have one, until it is let go. */
static void keep_fault(struct tcp *t, const struct fault *why)
{
    static const struct ground ended = { "tcp.reset", "RFC 9293 §3.10.7.4" };
    static const struct fault short_of_memory = { .ground = &ended, .expected = "an end by FIN",
                                                  .came = "another, and no memory is left to say which" };
    struct fault *kept = pool_take(t->config->pool, &t->fault_size);
    if (kept)
        *kept = *why;
    else
        t->fault_size = 0;
    t->carrier.fault = kept ? kept : &short_of_memory;
}

void tcp_forget_fault(struct tcp *t)
{
    if (t->fault_size)
        pool_give(t->config->pool, (void *)(uintptr_t)t->carrier.fault, t->fault_size);
    t->fault_size = 0;
    t->carrier.fault = NULL;
}

/* RFC 9293 §3.10.7.4: "all segment queues should be flushed". What already lies readable stays so for the
 * layer above. */
void tcp_end(struct tcp *t, enum tcp_trigger trigger, const struct fault *why)
{
    if (why && why->ground && !t->carrier.ended && !t->carrier.fault)
        keep_fault(t, why);
    if (!tcp_enter(t, trigger))
        return;
    for (int k = 0; k < TCP_TIMERS; k++)
        tcp_timer_stop(t, (enum tcp_timer_kind)k);
    for (int what = 0; what < TCP_DUES; what++)
        t->due[what] &= what == TCP_DUE_RST;
    tcp_sent_end(&t->sent);
    tcp_forget_extents(t);
    ring_end(&t->carrier.out);
}
