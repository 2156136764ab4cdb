#include "trace/who.h"

#include <stdio.h>
#include <string.h>

char *who_address(char out[WHO], const struct trace *t, uint16_t host)
{
    const struct trace_host *h = trace_host_of(t, host);
    size_t n = 0;
    out[0] = 0;
    for (unsigned i = 0; h && i < h->addr_len; i++) {
        bool four = h->addr_len == 4;                 /* IPv6: eight groups, written out */
        const char *gap = i == 0 ? "" : four ? "." : i % 2 ? "" : ":";
        n += (size_t)snprintf(out + n, WHO - n, four ? "%s%u" : "%s%02x", gap, h->addr[i]);
    }
    return out;
}

uint16_t who_is(const struct trace *t, const char *name_or_address)
{
    char address[WHO];
    for (uint16_t i = 1; *name_or_address && trace_host_of(t, i); i++)
        if (strcmp(trace_host_of(t, i)->name, name_or_address) == 0
            || strcmp(who_address(address, t, i), name_or_address) == 0)
            return i;
    return 0;
}
