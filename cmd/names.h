/* names.h - what this machine says of names: /etc/hosts and /etc/resolv.conf, for a lookup. */
#ifndef CMD_NAMES_H
#define CMD_NAMES_H

#include "net/dns_query.h"

/* Fills in the hosts file, servers and search domains. *hosts is to be freed, *resolv to outlive the lookup. `server`:
 * --dns, to be asked alone; NULL: those of resolv.conf. False: said on stderr, and wrong usage. */
bool names_read(struct dns_config *, char **hosts, struct resolv_conf *resolv, const char *server);

#endif
