/* message.h - HTTP/1.1 messages (RFC 9110, 9112): heads read strictly and written, bodies by Content-Length,
 * by chunks, until close.
 *
 * Everything in which two readers could differ is refused, since that is how requests are smuggled: both
 * Content-Length and Transfer-Encoding, differing lengths, chunk sizes with anything odd, bare CR or LF,
 * white space before the colon, folded lines, control characters, in a request no or two Host. */
#ifndef HTTP_MESSAGE_H
#define HTTP_MESSAGE_H

#include "trace/trace.h"

enum {
    HTTP_HEAD_MAX = 32768,
    HTTP_HEADERS = 100,
    HTTP_LINE_MAX = 8192,
    HTTP_CHUNK_LINE_MAX = 256,
    HTTP_TRAILER_MAX = 8192
};

struct http_header { struct bytes name, value; };     /* value without the white space around it */
enum http_framing { HTTP_NO_BODY, HTTP_BY_LENGTH, HTTP_BY_CHUNKS, HTTP_UNTIL_CLOSE };

struct http_head {
    struct bytes method, target;                      /* a request's */
    unsigned status; struct bytes reason;             /* a response's */
    unsigned minor;                                   /* HTTP/1.minor: 0 or 1 */
    struct http_header headers[HTTP_HEADERS]; size_t n_headers;
    enum http_framing framing; uint64_t length;       /* of the body that follows; HTTP_BY_LENGTH: octets */
    bool keep_alive;                                  /* both version and Connection allow it */
};

/* Octets of a whole head (with its empty line) at the front of these, 0 when its end hasn't come yet; refuses
 * (-1) what exceeds limits or can be no head (e.g. a control character already in the first line), so that
 * garbage ends at once. */
long http_head_size(const uint8_t *bytes, size_t n, struct fault *why);
/* Reads one whole head of n octets, naming each under `w`. `method` (response): that of the request answered
 * ("HEAD" has no body). */
bool http_read_request(const uint8_t *bytes, size_t n, const struct watch *w, struct http_head *out,
                       struct fault *why);
bool http_read_response(const uint8_t *bytes, size_t n, const char *method, const struct watch *w,
                        struct http_head *out, struct fault *why);
/* NULL: absent; case-insensitive; first of that name */
const struct bytes *http_header_of(const struct http_head *, const char *name);
/* case-insensitive, whole */
bool http_is(const struct bytes *, const char *text);

/* A body as it comes, a piece at a time. Feed what lies at hand; it takes some octets from the front and says
 * where the body's own octets lie among them. */
struct http_body { enum http_framing framing; uint64_t left, got; int state; uint32_t line; bool done; };
void http_body_start(struct http_body *, const struct http_head *);
/* data points into the octets fed; n 0: only framing */
struct http_piece { size_t taken; struct bytes data; };
/* Takes one piece: body octets, or a whole chunk line, or the trailer. taken 0 and not done: more octets are
 * needed. Names what it takes under `w`. */
bool http_body_read(struct http_body *, const uint8_t *bytes, size_t n, const struct watch *w,
                    struct http_piece *out, struct fault *why);
/* The carrier has ended: was that the end of the body? */
bool http_body_ended(struct http_body *, struct fault *why);

/* Writing. A head: start line, headers one by one, end. Values with control characters fail the cursor (no
 * header injection). */
void http_put_request (struct wire_out *, const char *method, const char *target);
void http_put_status  (struct wire_out *, unsigned status);
void http_put_header  (struct wire_out *, const char *name, const char *value);
void http_put_number  (struct wire_out *, const char *name, uint64_t value);
void http_put_end     (struct wire_out *);
const char *http_reason(unsigned status);             /* "Not Found" */
void http_date(nsec, char out[30]);                   /* "Mon, 23 Nov 2026 19:00:00 GMT" (RFC 9110 §5.6.7) */

#endif
