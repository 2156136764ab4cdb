/* A hosts file and a resolv.conf of any octets. */
#include "net/dns.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    const char *text = (const char *)bytes;
    struct addr servers[DNS_SERVERS], addr = { 0 };
    unsigned found = resolv_servers(text, n, servers, DNS_SERVERS);
    if (found > DNS_SERVERS)
        abort();
    for (unsigned i = 0; i < found; i++)
        if (servers[i].len != 4)
            abort();
    if (hosts_find(text, n, "www.example.test", &addr) && addr.len != 4)
        abort();
    if (hosts_find(text, n, "a", &addr) && addr.len != 4)
        abort();
    return 0;
}
