#include "cmd/wires.h"
#include "cmd/options.h"
#include "net/ip6.h"

bool wires_wanted(const char *const *values, struct wires *w)
{
    uint64_t ms = 10, mtu = 0;
    static const enum option_id ids[] = { OPT_LOSS, OPT_DUP, OPT_REORDER, OPT_CORRUPT };
    unsigned *fates[] = { &w->loss, &w->dup, &w->reorder, &w->corrupt };
    for (unsigned i = 0; i < 4; i++)
        if (values[ids[i]] && !option_tenths(ids[i], values[ids[i]], 100, fates[i]))
            return false;
    if (values[OPT_DELAY] && !option_number(OPT_DELAY, values[OPT_DELAY], 60000, &ms))
        return false;
    if (values[OPT_MTU] && !option_between(OPT_MTU, values[OPT_MTU], IP6_MTU_LEAST, PACKET_MAX, &mtu))
        return false;
    w->delay = (nsec)ms * MILLISECOND;
    w->mtu = (uint32_t)mtu;
    return true;
}
