/* server.h - the server's side of one connection: requests in, responses out; keep-alive, pipelining, HEAD,
 * errors answered (RFC 9110, 9112).
 *
 * An engine without I/O over octets of the application: opened records, or plain TCP. What the pages are it
 * asks a `struct pages`. GET and HEAD are served, OPTIONS says what is allowed, anything else is 405. A
 * request's body is read and let go, up to 8 MiB. A bad request is answered with the status that fits, told
 * as a fault, and is the last one: where one message ends and the next begins is no longer sure. */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include "http/message.h"

/* Where pages come from: files under a root (cmd/), or made by a program (the sealed web server). */
struct page {
    unsigned status;
    const char *type;
    uint64_t size;
    bool chunked;
    int64_t handle;
    char location[512];
};
struct pages {
    /* Finds the page for a target already checked and percent-decoded into a clean absolute path
     * ("/a/b.html", never with "..", "." or empty parts; a slash at the end asks for a directory). Always
     * fills *out, with 404, 403 or 503 and a size of 0 where there is none; 301 with location for a directory
     * without its slash. `type` is a constant. `chunked`: sent without telling its size, until read gives 0.
     */
    void (*find)(struct pages *, const char *path, struct page *out);
    /* 0: it ended early */
    size_t (*read)(struct pages *, const struct page *, uint64_t off, void *out, size_t n);
    /* NULL allowed; once for each found page of status 200 */
    void (*done)(struct pages *, const struct page *);
};

struct http_server;
struct http_server *http_server_new(struct pages *, const struct voice *);            /* NULL: no memory */
void   http_server_free(struct http_server *);
/* Takes octets that came (whole or in pieces; `where` is their place in the trace, in.in 0 when not told).
 * Returns how many it took: it takes no next request before the response to the one before is written out.
 * What comes behind the last request is taken and let go, so that the peer can read our last response before
 * its own octets meet a closed door (RFC 9112 §9.6). */
size_t http_server_take(struct http_server *, const uint8_t *bytes, size_t n, struct span where, nsec now);
/* Writes what is due, at most n octets, in pieces that each make sense alone: a head, with the body where all of it
 * fits, so that a small page is one record; a chunk with its size; body octets. 0: nothing due, or n is less than
 * HTTP_GIVE_LEAST, or the piece given last has not gone out: that is told by http_server_gave, in as many parts as it
 * went. */
enum { HTTP_GIVE_LEAST = 64 };
size_t http_server_give(struct http_server *, uint8_t *out, size_t n, nsec now);
/* n octets of the piece given last are on their way, and lie there. Until all are, nothing more is given and
 * no request is taken. */
void   http_server_gave(struct http_server *, const uint8_t *piece, size_t n, struct span where);
/* The peer's octets are at their end. A request half read is told as a fault; what is due is still written,
 * then wants_close. */
void   http_server_ended(struct http_server *);
/* the last response was its last: close after it is written */
bool   http_server_wants_close(const struct http_server *);
/* between requests, nothing half read or half written */
bool   http_server_idle(const struct http_server *);

#endif
