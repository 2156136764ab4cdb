/* A hosts file and a resolv.conf of any octets. */
#include "net/hosts.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    const char *text = (const char *)bytes;
    struct resolv_conf c;
    struct addr addr[3];
    char tidy[DNS_NAME];
    resolv_read(text, n, &c);
    if (c.n_servers > RESOLV_SERVERS || c.n_search > RESOLV_SEARCH || c.ndots > RESOLV_NDOTS_MOST
        || c.timeout > RESOLV_TIMEOUT_MOST || c.attempts > RESOLV_ATTEMPTS_MOST)
        abort();
    for (unsigned i = 0; i < c.n_servers; i++)
        if (c.server[i].len != 4 && c.server[i].len != 16)
            abort();
    for (unsigned i = 0; i < c.n_search; i++)
        if (!dns_tidy_name(c.search[i], tidy, NULL))
            abort();
    for (unsigned len = 4; len <= 16; len += 12)
        if (hosts_find(text, n, "www.example.test", (uint8_t)len, addr, 3) > 3 || hosts_find(text, n, "a", (uint8_t)len, addr, 0))
            abort();
    return 0;
}
