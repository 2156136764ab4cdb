/* simple.h - the oldest services there are, as a program on a host (loop.h): echo (RFC 862) sends back what comes,
 * discard (RFC 863) throws it away, chargen (RFC 864) sends lines of characters for as long as anybody takes them.
 * They have nothing of their own to say, so what one sees is TCP alone: whether it carries octets unspoiled, and how
 * fast. Daytime (RFC 867) says the date and closes: then the server's end is the one in TIME-WAIT.
 *
 * Other connections end when their caller closes: then we do, behind what is still to be sent. Told to stop it breaks
 * all of them off. Memory: one struct simple_guest for each place. */
#ifndef HTTP_SIMPLE_H
#define HTTP_SIMPLE_H

#include "http/loop.h"

enum { PORT_ECHO = 7, PORT_DISCARD = 9, PORT_DAYTIME = 13, PORT_CHARGEN = 19 };

struct simple_guest { struct carrier *carrier; uint32_t at; };      /* at: where in its round chargen is */

struct simple {
    struct app app;                                   /* first: it is a program */
    uint16_t base;                                    /* added to the ports */
    struct simple_guest *guests; unsigned n, places;
    uint8_t *pattern;                                 /* what chargen sends */
    uint64_t served, came, sent;                      /* connections, octets */
    bool stopping;
};

/* Listens at base + 7, 9, 13 and 19, for `places` connections at a time. False: it cannot. */
bool simple_start(struct simple *, struct host *, const struct addr *, uint16_t base, unsigned places,
                  struct fault *why);
void simple_end(struct simple *);

#endif
