/* The congestion states and what leads from one to another, as data that runs. */
#include "net/tcp.h"
#include "trace/machine.h"

const struct tcp_ca_row tcp_ca_rows[] = {
    { TCP_CA_OPEN,     TCP_CA_GAP,            TCP_CA_DISORDER, "RFC 5681 §3.2" },
    { TCP_CA_OPEN,     TCP_CA_LOSS_FOUND,     TCP_CA_RECOVERY, "RFC 6675 §5, RFC 8985 §6.2" },
    { TCP_CA_OPEN,     TCP_CA_TIMED_OUT,      TCP_CA_LOSS,     "RFC 6298 §5, RFC 5681 §3.1" },
    { TCP_CA_OPEN,     TCP_CA_MARKED,         TCP_CA_CWR,      "RFC 3168 §6.1.2" },
    { TCP_CA_OPEN,     TCP_CA_PROBE_REPAIRED, TCP_CA_CWR,      "RFC 8985 §7.4.2" },
    { TCP_CA_OPEN,     TCP_CA_TOO_BIG,        TCP_CA_LOSS,     "RFC 1191 §6.5" },
    { TCP_CA_DISORDER, TCP_CA_NO_GAP,         TCP_CA_OPEN,     "RFC 5681 §3.2" },
    { TCP_CA_DISORDER, TCP_CA_LOSS_FOUND,     TCP_CA_RECOVERY, "RFC 6675 §5, RFC 8985 §6.2" },
    { TCP_CA_DISORDER, TCP_CA_TIMED_OUT,      TCP_CA_LOSS,     "RFC 6298 §5, RFC 5681 §3.1" },
    { TCP_CA_DISORDER, TCP_CA_MARKED,         TCP_CA_CWR,      "RFC 3168 §6.1.2" },
    { TCP_CA_DISORDER, TCP_CA_PROBE_REPAIRED, TCP_CA_CWR,      "RFC 8985 §7.4.2" },
    { TCP_CA_DISORDER, TCP_CA_TOO_BIG,        TCP_CA_LOSS,     "RFC 1191 §6.5" },
    { TCP_CA_CWR,      TCP_CA_ALL_THERE,      TCP_CA_OPEN,     "RFC 3168 §6.1.2" },
    { TCP_CA_CWR,      TCP_CA_LOSS_FOUND,     TCP_CA_RECOVERY, "RFC 6675 §5, RFC 8985 §6.2" },
    { TCP_CA_CWR,      TCP_CA_TIMED_OUT,      TCP_CA_LOSS,     "RFC 6298 §5, RFC 5681 §3.1" },
    { TCP_CA_CWR,      TCP_CA_TOO_BIG,        TCP_CA_LOSS,     "RFC 1191 §6.5" },
    { TCP_CA_RECOVERY, TCP_CA_ALL_THERE,      TCP_CA_OPEN,     "RFC 6675 §5, RFC 6582 §3.2" },
    { TCP_CA_RECOVERY, TCP_CA_SPURIOUS,       TCP_CA_OPEN,     "RFC 3522, RFC 3708" },
    { TCP_CA_RECOVERY, TCP_CA_TIMED_OUT,      TCP_CA_LOSS,     "RFC 6298 §5, RFC 5681 §3.1" },
    { TCP_CA_RECOVERY, TCP_CA_TOO_BIG,        TCP_CA_LOSS,     "RFC 1191 §6.5" },
    { TCP_CA_LOSS,     TCP_CA_ALL_THERE,      TCP_CA_OPEN,     "RFC 5681 §3.1" },
    { TCP_CA_LOSS,     TCP_CA_SPURIOUS,       TCP_CA_OPEN,     "RFC 5682, RFC 3522" },
    { TCP_CA_LOSS,     TCP_CA_LOSS_FOUND,     TCP_CA_RECOVERY, "RFC 8985 §6.2" },
    { TCP_CA_LOSS,     TCP_CA_TIMED_OUT,      TCP_CA_LOSS,     "RFC 6298 §5" },
};
const size_t tcp_n_ca_rows = sizeof tcp_ca_rows / sizeof *tcp_ca_rows;

const char *tcp_ca_state_name(enum tcp_ca_state state)
{
    static const char *const names[TCP_CA_STATES] = { "open", "disorder", "cwr", "recovery", "loss" };
    return names[state];
}

const char *tcp_ca_trigger_name(enum tcp_ca_trigger trigger)
{
    static const char *const names[TCP_CA_TRIGGERS] = {
        "octets came behind a gap", "the gap is filled", "a loss was found", "the retransmission timer fired",
        "a router marked a segment", "a probe repaired a loss", "all from before is there", "nothing was lost",
        "segments were too big",
    };
    return names[trigger];
}

void tcp_congestion_machine(struct machine *m)
{
    *m = (struct machine){ .name = "congestion" };
    for (int s = 0; s < TCP_CA_STATES; s++)
        machine_state(m, tcp_ca_state_name((enum tcp_ca_state)s));
    for (size_t i = 0; i < tcp_n_ca_rows; i++) {
        const struct tcp_ca_row *row = &tcp_ca_rows[i];
        machine_add(m, tcp_ca_state_name(row->from), tcp_ca_trigger_name(row->trigger), tcp_ca_state_name(row->to),
                    row->rfc);
    }
    machine_place(m);
}

bool tcp_ca_enter(struct tcp *t, enum tcp_ca_trigger trigger)
{
    for (size_t i = 0; i < tcp_n_ca_rows; i++) {
        const struct tcp_ca_row *row = &tcp_ca_rows[i];
        if (row->from != t->recovery.state || row->trigger != trigger)
            continue;
        t->recovery.state = row->to;
        tcp_tell_congestion(t, row);
        return true;
    }
    return false;
}
