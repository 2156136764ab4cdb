/* gather.h - octets kept aside until a whole head or line has come, and the places where they lie in the
 * trace.
 *
 * A message may come in any number of pieces. What is taken in place needs no copy; a head or a line cut in
 * two does. Memory is taken with the first octet and given back by http_gather_end; how much it may become is
 * its user's to say. A piece whose place is not told (where.in 0) makes the whole placeless, and so do more
 * pieces than GATHER_SPANS: an event then says what came, not where it lay. */
#ifndef HTTP_GATHER_H
#define HTTP_GATHER_H

#include "trace/trace.h"

enum { GATHER_SPANS = 4096 };

struct gather {
    uint8_t *bytes; size_t n, room;
    struct span *spans; size_t n_spans, spans_room;    /* neighbours are joined */
    bool placeless;
};

/* where: of the first octet on; false: no memory */
bool http_gather_add(struct gather *, const void *bytes, size_t n, struct span where);
void http_gather_cut(struct gather *, size_t n);            /* keeps the first n octets */
void http_gather_end(struct gather *);                      /* empty, its memory given back */
/* The spans that make up the whole, or none. */
size_t http_gather_spans(const struct gather *, const struct span **);

#endif
