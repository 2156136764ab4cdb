/* The congestion states and what leads from one to another, as data that runs. */
#include "net/tcp.h"
#include "trace/machine.h"

const struct tcp_cong_row tcp_cong_rows[] = {
    { TCP_CONG_OPEN,     TCP_CONG_GAP,            TCP_CONG_DISORDER, "RFC 5681 §3.2" },
    { TCP_CONG_OPEN,     TCP_CONG_LOSS_FOUND,     TCP_CONG_RECOVERY, "RFC 6675 §5, RFC 8985 §6.2" },
    { TCP_CONG_OPEN,     TCP_CONG_TIMED_OUT,      TCP_CONG_LOSS,     "RFC 6298 §5, RFC 5681 §3.1" },
    { TCP_CONG_OPEN,     TCP_CONG_MARKED,         TCP_CONG_CWR,      "RFC 3168 §6.1.2" },
    { TCP_CONG_OPEN,     TCP_CONG_PROBE_REPAIRED, TCP_CONG_CWR,      "RFC 8985 §7.4.2" },
    { TCP_CONG_OPEN,     TCP_CONG_TOO_BIG,        TCP_CONG_LOSS,     "RFC 1191 §6.5" },
    { TCP_CONG_DISORDER, TCP_CONG_NO_GAP,         TCP_CONG_OPEN,     "RFC 5681 §3.2" },
    { TCP_CONG_DISORDER, TCP_CONG_LOSS_FOUND,     TCP_CONG_RECOVERY, "RFC 6675 §5, RFC 8985 §6.2" },
    { TCP_CONG_DISORDER, TCP_CONG_TIMED_OUT,      TCP_CONG_LOSS,     "RFC 6298 §5, RFC 5681 §3.1" },
    { TCP_CONG_DISORDER, TCP_CONG_MARKED,         TCP_CONG_CWR,      "RFC 3168 §6.1.2" },
    { TCP_CONG_DISORDER, TCP_CONG_PROBE_REPAIRED, TCP_CONG_CWR,      "RFC 8985 §7.4.2" },
    { TCP_CONG_DISORDER, TCP_CONG_TOO_BIG,        TCP_CONG_LOSS,     "RFC 1191 §6.5" },
    { TCP_CONG_CWR,      TCP_CONG_ALL_THERE,      TCP_CONG_OPEN,     "RFC 3168 §6.1.2" },
    { TCP_CONG_CWR,      TCP_CONG_LOSS_FOUND,     TCP_CONG_RECOVERY, "RFC 6675 §5, RFC 8985 §6.2" },
    { TCP_CONG_CWR,      TCP_CONG_TIMED_OUT,      TCP_CONG_LOSS,     "RFC 6298 §5, RFC 5681 §3.1" },
    { TCP_CONG_CWR,      TCP_CONG_TOO_BIG,        TCP_CONG_LOSS,     "RFC 1191 §6.5" },
    { TCP_CONG_RECOVERY, TCP_CONG_ALL_THERE,      TCP_CONG_OPEN,     "RFC 6675 §5, RFC 6582 §3.2" },
    { TCP_CONG_RECOVERY, TCP_CONG_SPURIOUS,       TCP_CONG_OPEN,     "RFC 3522, RFC 3708" },
    { TCP_CONG_RECOVERY, TCP_CONG_TIMED_OUT,      TCP_CONG_LOSS,     "RFC 6298 §5, RFC 5681 §3.1" },
    { TCP_CONG_RECOVERY, TCP_CONG_TOO_BIG,        TCP_CONG_LOSS,     "RFC 1191 §6.5" },
    { TCP_CONG_LOSS,     TCP_CONG_ALL_THERE,      TCP_CONG_OPEN,     "RFC 5681 §3.1" },
    { TCP_CONG_LOSS,     TCP_CONG_SPURIOUS,       TCP_CONG_OPEN,     "RFC 5682, RFC 3522" },
    { TCP_CONG_LOSS,     TCP_CONG_LOSS_FOUND,     TCP_CONG_RECOVERY, "RFC 8985 §6.2" },
    { TCP_CONG_LOSS,     TCP_CONG_TIMED_OUT,      TCP_CONG_LOSS,     "RFC 6298 §5" },
};
const size_t tcp_n_cong_rows = sizeof tcp_cong_rows / sizeof *tcp_cong_rows;

const char *tcp_cong_state_name(enum tcp_cong_state state)
{
    static const char *const names[TCP_CONG_STATES] = { "open", "disorder", "cwr", "recovery", "loss" };
    return names[state];
}

const char *tcp_cong_trigger_name(enum tcp_cong_trigger trigger)
{
    static const char *const names[TCP_CONG_TRIGGERS] = {
        "octets came behind a gap", "the gap is filled", "a loss was found", "the retransmission timer fired",
        "a router marked a segment", "a probe repaired a loss", "all from before is there", "nothing was lost",
        "segments were too big",
    };
    return names[trigger];
}

void tcp_congestion_machine(struct machine *m)
{
    *m = (struct machine){ .name = "congestion" };
    for (int s = 0; s < TCP_CONG_STATES; s++)
        machine_state(m, tcp_cong_state_name((enum tcp_cong_state)s));
    for (size_t i = 0; i < tcp_n_cong_rows; i++) {
        const struct tcp_cong_row *row = &tcp_cong_rows[i];
        machine_add(m, tcp_cong_state_name(row->from), tcp_cong_trigger_name(row->trigger),
                    tcp_cong_state_name(row->to), row->rfc);
    }
    machine_place(m);
}

bool tcp_cong_enter(struct tcp *t, enum tcp_cong_trigger trigger)
{
    for (size_t i = 0; i < tcp_n_cong_rows; i++) {
        const struct tcp_cong_row *row = &tcp_cong_rows[i];
        if (row->from != t->recovery.state || row->trigger != trigger)
            continue;
        t->recovery.state = row->to;
        tcp_tell_congestion(t, row);
        return true;
    }
    return false;
}
