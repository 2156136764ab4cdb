#include "trace/who.h"

#include <stdio.h>
#include <string.h>

/* The longest run of zero groups, if longer than one: RFC 5952 §4.2. The first of equals. */
static void longest_zeros(const uint16_t group[8], int *start, int *length)
{
    *start = -1;
    *length = 1;
    for (int i = 0; i < 8; i++) {
        int n = 0;
        while (i + n < 8 && group[i + n] == 0)
            n++;
        if (n > *length) {
            *start = i;
            *length = n;
        }
    }
}

static void text_v6(const uint8_t octets[16], char *out, size_t room)
{
    uint16_t group[8];
    for (int i = 0; i < 8; i++)
        group[i] = (uint16_t)(octets[2 * i] << 8 | octets[2 * i + 1]);
    int zeros, n_zeros;
    longest_zeros(group, &zeros, &n_zeros);
    size_t at = 0;
    for (int i = 0; i < 8; i++) {
        if (i == zeros) {
            at += (size_t)snprintf(out + at, room - at, "::");
            i += n_zeros - 1;
            continue;
        }
        bool colon = i > 0 && !(zeros >= 0 && i == zeros + n_zeros);
        at += (size_t)snprintf(out + at, room - at, colon ? ":%x" : "%x", group[i]);
    }
}

char *who_text(const uint8_t *octets, unsigned n, char *out, size_t room)
{
    *out = 0;
    if (n == 4)
        snprintf(out, room, "%u.%u.%u.%u", octets[0], octets[1], octets[2], octets[3]);
    else if (n == 16)
        text_v6(octets, out, room);
    return out;
}

char *who_address(char out[WHO], const struct trace *t, uint16_t host)
{
    const struct trace_host *h = trace_host_of(t, host);
    return who_text(h ? h->addr : NULL, h ? h->addr_len : 0, out, WHO);
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
