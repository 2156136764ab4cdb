/* client.h - the client's side of one connection: one request at a time, its response taken in as it comes.
 * An engine without I/O, like server.h. */
#ifndef HTTP_CLIENT_H
#define HTTP_CLIENT_H

#include "http/message.h"
#include "http/url.h"

struct http_client;
struct http_client *http_client_new(const struct voice *);
void   http_client_free(struct http_client *);
/* Begins a request; the one before must be done. extra: header lines "Name: value" (NULL-ended list, may be
 * NULL); Host, User-Agent and Accept given there replace ours. What our own server would refuse is refused.
 */
bool http_client_ask(struct http_client *, const struct url *, const char *method, const char *const *extra,
                     struct fault *why);
/* octets of the request due; 0: none */
size_t http_client_give(struct http_client *, uint8_t *out, size_t n);
void   http_client_gave(struct http_client *, const uint8_t *piece, size_t n, struct span where);
enum { HTTP_INTERIM_MAX = 32 };                        /* 1xx responses before a final one */
enum http_says { HTTP_WANTS, HTTP_BODY, HTTP_DONE, HTTP_FAILED };
/* Takes octets that came. HTTP_BODY: *body are octets of the body (pointing into bytes), *taken says how many
 * octets were used in all; call again with the rest. HTTP_WANTS: more, please (all may be taken: heads are
 * gathered aside). 1xx responses are read and passed over. */
enum http_says http_client_take(struct http_client *, const uint8_t *bytes, size_t n, struct span where,
                                size_t *taken, struct bytes *body, struct fault *why);
/* the octets are at their end: HTTP_DONE, or truncated */
enum http_says http_client_ended(struct http_client *, struct fault *why);
/* the response's; NULL before it came */
const struct http_head *http_client_head(const struct http_client *);
bool   http_client_keep_alive(const struct http_client *);

#endif
