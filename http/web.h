/* web.h - the web server, as a program on a host (loop.h): takes every connection that comes, TLS or bare,
 * and serves pages on it.
 *
 * Many connections at once; none waits for another. A connection that has not finished its handshake or
 * its request within `patience`, or whose response or close has stood still for so long, is broken off;
 * one that has been idle for longer than `idle` is closed. When all places are taken, the one that made no
 * progress for longest makes room, if that is a second or more; else the newcomer is turned away. Told to
 * stop it closes each connection as soon as nothing is due on it; told again it breaks off what is left. */
#ifndef HTTP_WEB_H
#define HTTP_WEB_H

#include "http/loop.h"
#include "http/server.h"
#include "http/session.h"

struct web_config {
    const struct tls_config *tls;                     /* NULL: bare HTTP */
    /* randomness of connection number conn */
    struct chance *(*chance)(void *self, uint32_t conn); void *self;
    struct pages *pages;
    uint16_t port; struct addr addr;                  /* to listen on */
    unsigned connections;                             /* places; 0: 1024 */
    nsec patience, idle;                              /* 20 s, 60 s; 0: none */
    /* told of each connection that failed; may be NULL */
    void (*gone)(void *self, const struct carrier *, const struct fault *);
};

struct web;
/* listens; NULL: it cannot */
struct web *web_new(const struct web_config *, struct host *, struct fault *why);
struct app *web_app(struct web *);
unsigned    web_open(const struct web *);             /* connections open now */
/* every connection so far was closed in order, and there was one */
bool        web_closed_well(const struct web *);
void        web_free(struct web *);

#endif
