/* reader.h - one direction of a connection as it is read: head, body, head, body ... and told to the trace on
 * the way.
 *
 * The engines read what comes through one of these. When somebody watches, they also read through one what
 * they themselves have written: so an octet gets its name in one place, whoever wrote it. A head is an
 * EVENT_MESSAGE ("request", "response"), what comes of a body an EVENT_BUFFER; every octet taken lies in one
 * of them, also the octets of what is refused. Only a head or a line that came in pieces is copied.
 *
 *     for (;;) switch (http_reader_take(&r, bytes, n, where, &took, &why)) {
 *                            // then always: bytes, n and where move on by took.used
 *     case HTTP_FOUND_MORE:  // more octets, please (all were taken)
 *     case HTTP_FOUND_HEAD:  // r.message is the head, until http_reader_next
 *     case HTTP_FOUND_DATA:  // took.data are octets of the body, in `bytes`
 *     case HTTP_FOUND_END:   // the message is complete; http_reader_next begins another
 *     case HTTP_FOUND_FAULT: // why says it all; nothing can be read any more
 *     } */
#ifndef HTTP_READER_H
#define HTTP_READER_H

#include "http/gather.h"
#include "http/message.h"

enum http_at { HTTP_AT_HEAD, HTTP_AT_BODY, HTTP_AT_END, HTTP_AT_FAULT };
enum http_found { HTTP_FOUND_MORE, HTTP_FOUND_HEAD, HTTP_FOUND_DATA, HTTP_FOUND_END, HTTP_FOUND_FAULT };

struct http_reader {
    struct voice voice;
    bool response;
    /* of the request that a response answers; a constant */
    const char *method;
    enum http_at at;
    /* the head, as long as `message` points into it; a line begun */
    struct gather head, line;
    bool has_head; struct http_head message;
    struct http_body body;
};

struct http_took { size_t used; struct bytes data; };

void http_reader_start(struct http_reader *, const struct voice *, bool response);
void http_reader_end(struct http_reader *);            /* gives memory back */
void http_reader_next(struct http_reader *);           /* forgets the message, waits for a head */
enum http_found http_reader_take(struct http_reader *, const uint8_t *bytes, size_t n, struct span where,
                                 struct http_took *, struct fault *why);
/* The octets are at their end. True: between messages, or at the end of a body that ends so (then `at` is
 * HTTP_AT_END). */
bool http_reader_ended(struct http_reader *, struct fault *why);
bool http_reader_idle(const struct http_reader *);     /* not an octet of the next message has come */

/* Reads octets of our own for the trace alone. */
void http_reader_tell(struct http_reader *, const uint8_t *bytes, size_t n, struct span where);
/* Tells of octets that nobody will read. */
void http_tell_ignored(const struct voice *, const uint8_t *bytes, size_t n, struct span where);
const char *http_framing_name(enum http_framing);      /* "Content-Length" */

#endif
