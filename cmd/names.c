#include "cmd/names.h"
#include "cmd/files.h"
#include "cmd/words.h"

#include <stdlib.h>
#include <string.h>

enum { FILE_MOST = 16 << 20 };

/* resolv.conf(5): without a server there, the one on this machine. */
static void read_resolv(struct dns_config *d, struct resolv_conf *c)
{
    const char *ignored;
    size_t n = 0;
    char *text = file_read("/etc/resolv.conf", FILE_MOST, &n, &ignored);
    resolv_read(text, text ? n : 0, c);
    free(text);
    if (c->n_servers == 0)
        c->server[c->n_servers++] = addr_v4(127, 0, 0, 1);
    memcpy(d->server, c->server, sizeof d->server);
    d->n_servers = c->n_servers;
    d->search = (const char (*)[DNS_NAME])c->search;
    d->n_search = c->n_search;
    d->ndots = c->ndots;
    d->tcp_only = c->use_vc;
    if (c->attempts)
        d->tries = c->attempts * c->n_servers;
    if (c->timeout)
        d->patience = c->timeout * SECOND;
}

bool names_read(struct dns_config *d, char **hosts, struct resolv_conf *resolv, const char *server)
{
    const char *ignored;
    *hosts = file_read("/etc/hosts", FILE_MOST, &d->hosts_n, &ignored);
    d->hosts = *hosts ? *hosts : "";
    read_resolv(d, resolv);
    if (!server)
        return true;
    if (!addr_parse(server, strlen(server), &d->server[0])) {
        complain("--dns is an address, not %s", server);
        return false;
    }
    d->n_servers = 1;
    return true;
}
