/* hosts.h - the two files of a machine that know of names: hosts and resolv.conf, as text that somebody read.
 * Broken lines are skipped, as every resolver does. */
#ifndef NET_HOSTS_H
#define NET_HOSTS_H

#include "net/dns.h"

/* Does a line of the hosts file give this name an address of `len` octets (4 or 16)? How many it was, at most
 * `room`. */
unsigned hosts_find(const char *text, size_t n, const char *name, uint8_t len, struct addr *out, unsigned room);

enum { RESOLV_SERVERS = 3, RESOLV_SEARCH = 6, RESOLV_NDOTS_MOST = 15, RESOLV_TIMEOUT_MOST = 30,
       RESOLV_ATTEMPTS_MOST = 5 };
/* resolv.conf(5). What it does not say is 0, but for ndots, which is 1 then. */
struct resolv_conf {
    struct addr server[RESOLV_SERVERS]; unsigned n_servers;     /* an address with a zone (%eth0) is skipped */
    char search[RESOLV_SEARCH][DNS_NAME]; unsigned n_search;    /* the last `search` or `domain` line counts */
    unsigned ndots;                                   /* a name with as many dots is tried as it is first */
    unsigned timeout, attempts;                       /* seconds for a try; rounds over all servers */
    bool use_vc;                                      /* over TCP from the start */
};
void resolv_read(const char *text, size_t n, struct resolv_conf *);

#endif
