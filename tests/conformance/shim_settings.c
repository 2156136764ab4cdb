/* What a script has chosen before it began: it writes sysctls in the network namespace that packetdrill runs in. */
#include "tests/conformance/shim.h"

#include <stdio.h>
#include <string.h>

enum { LINE = 128 };

static bool read_line(const char *name, char line[LINE])
{
    char path[LINE];
    snprintf(path, sizeof path, "/proc/sys/net/ipv4/%s", name);
    FILE *f = fopen(path, "r");
    bool ok = f && fgets(line, LINE, f);
    if (f)
        fclose(f);
    return ok;
}

static unsigned read_number(const char *name, unsigned otherwise)
{
    char line[LINE];
    unsigned n;
    return read_line(name, line) && sscanf(line, "%u", &n) == 1 ? n : otherwise;
}

static void read_three(const char *name, unsigned out[3])
{
    char line[LINE];
    if (read_line(name, line))
        sscanf(line, "%u %u %u", &out[0], &out[1], &out[2]);
}

void settings_read(struct settings *s)
{
    char line[LINE];
    *s = (struct settings){ .rmem = { 4096, 131072, 6291456 }, .wmem = { 4096, 16384, 4194304 } };
    read_three("tcp_rmem", s->rmem);
    read_three("tcp_wmem", s->wmem);
    s->syn_tries = read_number("tcp_syn_retries", 6);
    s->synack_tries = read_number("tcp_synack_retries", 5);
    s->data_tries = read_number("tcp_retries2", 15);
    s->timestamps = read_number("tcp_timestamps", 1);
    s->sack = read_number("tcp_sack", 1);
    s->window_scaling = read_number("tcp_window_scaling", 1);
    s->ecn = read_number("tcp_ecn", 2);
    s->slow_start_after_idle = read_number("tcp_slow_start_after_idle", 1);
    s->early_retrans = read_number("tcp_early_retrans", 3);
    s->min_tso_segs = read_number("tcp_min_tso_segs", 2);
    s->notsent_lowat = read_number("tcp_notsent_lowat", UINT32_MAX);
    s->mtu_probing = read_number("tcp_mtu_probing", 0);
    s->base_mss = read_number("tcp_base_mss", 1024);
    /* Where a namespace may not have cubic, reno is what was left to it, and not what the script asked for. */
    bool reno = read_line("tcp_congestion_control", line) && !strncmp(line, "reno", 4);
    s->reno = reno && read_line("tcp_allowed_congestion_control", line) && strstr(line, "cubic");
}

/* Half of a buffer is window: the kernel keeps the rest for what lies around the octets. */
void settings_apply(const struct settings *s, struct tcp_config *c)
{
    c->window = s->rmem[1] / 2;
    c->window_most = s->rmem[2];
    c->sack = s->sack;
    c->timestamps = s->timestamps;
    c->window_scaling = s->window_scaling;
    c->ecn = s->ecn == 0 ? TCP_ECN_OFF : s->ecn == 1 ? TCP_ECN_ASK : TCP_ECN_ANSWER;
    c->rto_least = 200 * MILLISECOND;
    c->no_delay = false;
    c->abrupt_hystart = true;
    c->empty_probes = true;
    c->cc = s->reno ? &tcp_reno : &tcp_cubic;
    c->no_idle_restart = !s->slow_start_after_idle;
    c->no_tail_probe = s->early_retrans == 0;
    c->mtu_search = s->mtu_probing == 2 ? TCP_MTU_ALWAYS : s->mtu_probing == 1 ? TCP_MTU_BLACK_HOLE : TCP_MTU_NEVER;
    c->mtu_base = (uint16_t)(s->base_mss + 40);
    c->least_burst = s->min_tso_segs;
    c->syn_tries = s->syn_tries + 1;
    c->data_tries = s->data_tries + 1;
}
