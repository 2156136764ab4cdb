/* serve.h - what `vitrine serve` and `vitrine serve --simple` share. */
#ifndef CMD_SERVE_H
#define CMD_SERVE_H

#include "cmd/options.h"
#include "net/addr.h"

/* --listen ADDR:PORT, [ADDR]:PORT or PORT: *addr stays as it is where none is given. False: said on stderr. */
bool     serve_listen(const char *text, struct addr *addr, uint16_t *port);
/* How many connections at a time: over the kernel's sockets as many as there may be descriptors for. */
unsigned serve_connections(bool tun);
/* --simple: echo, discard, daytime and chargen (http/simple.h). */
int      serve_simple_run(const struct command *, const char *const *values);

#endif
