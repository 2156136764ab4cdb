/* answer.h - the heads and small pages that a server answers with (RFC 9110 §15). */
#ifndef HTTP_ANSWER_H
#define HTTP_ANSWER_H

#include "http/message.h"

struct http_answer {
    unsigned status;
    const char *type;                                  /* of the page; NULL: there is none */
    enum http_framing framing; uint64_t length;
    const char *location;                              /* NULL or "": none */
    /* tell the methods served; Connection: close; the request was HTTP/1.0 */
    bool allow, close, old;
    nsec now;
};

void http_put_answer(struct wire_out *, const struct http_answer *);
/* The status for a refused request, by its ground. */
unsigned http_refused_status(const struct ground *);
/* "HTTP 400": what was sent in answer, for the fault */
const char *http_refused_answer(unsigned status);
/* A small page: the status, what it means, and for a refused request what was expected. Returns its size. */
size_t http_error_page(unsigned status, const struct fault *why, const char *location, char *out,
                       size_t room);

#endif
