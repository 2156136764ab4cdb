#include "cmd/tcp_wish.h"
#include "net/tcp_cc.h"

#include <string.h>

enum {
    HOUR = 3600,
    MSS_MOST = PACKET_MTU - 40,
    WINDOW_LEAST = 20480        /* a whole TLS record must lie in the ring, and a window moves by two segments */
};

static const enum option_id wishes[] = {
    OPT_CC, OPT_RECOVERY, OPT_NO_SACK, OPT_NO_TIMESTAMPS, OPT_NO_ECN, OPT_MSS, OPT_WINDOW,
    OPT_USER_TIMEOUT
};

const struct option *tcp_wish(const char *const *values)
{
    for (unsigned i = 0; i < sizeof wishes / sizeof *wishes; i++)
        if (values[wishes[i]])
            return &options[wishes[i]];
    return NULL;
}

static enum tcp_recovery recovery_named(const char *name)
{
    return strcmp(name, "newreno") == 0 ? TCP_NEWRENO : strcmp(name, "6675") == 0 ? TCP_RFC6675 : TCP_RACK;
}

bool tcp_wished(const char *const *values, struct stack_config *c)
{
    uint64_t mss = 0, window = 0, timeout = 0, most = (uint64_t)TCP_WINDOW_MOST << TCP_SHIFT_MOST;
    const char *recovery = values[OPT_RECOVERY];
    if (values[OPT_MSS] && !option_between(OPT_MSS, values[OPT_MSS], TCP_MSS_LEAST, MSS_MOST, &mss))
        return false;
    if (values[OPT_WINDOW] && !option_between(OPT_WINDOW, values[OPT_WINDOW], WINDOW_LEAST, most, &window))
        return false;
    if (values[OPT_USER_TIMEOUT] && !option_between(OPT_USER_TIMEOUT, values[OPT_USER_TIMEOUT], 1, HOUR, &timeout))
        return false;
    c->user_timeout_option = timeout > 0;
    c->user_timeout = (nsec)timeout * SECOND;
    c->user_timeout_least = SECOND;                   /* a wish that was spoken may be short */
    c->mss = (uint16_t)mss;
    c->window = (uint32_t)window;
    c->no_sack = values[OPT_NO_SACK] != NULL;
    c->no_timestamps = values[OPT_NO_TIMESTAMPS] != NULL;
    c->ecn = values[OPT_NO_ECN] ? TCP_ECN_OFF : TCP_ECN_ANSWER;
    c->cc = values[OPT_CC] ? tcp_cc_named(values[OPT_CC]) : NULL;
    c->recovery = recovery ? recovery_named(recovery) : TCP_RACK;
    return true;
}
