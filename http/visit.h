/* visit.h - the visit: the one place where DNS, TCP, TLS and HTTP meet. A browser's work from a URL to a
 * closed connection, as a program on a host (loop.h): it looks the name up, connects, shakes hands, asks,
 * takes the page, closes. It waits for nothing; the loop calls it when something happened.
 *
 * It tells the story as it goes: eight chapters (name, open, hello, certificate, keys, finished, page,
 * close), each an EVENT_STORY at its begin and at its end, the end with the values that its sentence
 * needs. */
#ifndef HTTP_VISIT_H
#define HTTP_VISIT_H

#include "http/client.h"
#include "http/loop.h"
#include "http/reach.h"
#include "http/session.h"

struct visit_sink {                                    /* where what comes goes to; functions may be NULL */
    void (*head)(struct visit_sink *, const struct http_head *);
    /* which: 0 the page, 1.. the further targets; false: cannot write */
    bool (*body)(struct visit_sink *, unsigned which, struct bytes);
};

struct visit_config {
    struct url url;
    const char *method;                               /* "GET"; a constant */
    const char *const *headers;                       /* extra lines, NULL-ended; NULL: none */
    /* further targets on the same connection, NULL-ended; NULL: none */
    const char *const *also;
    struct dns_config dns;
    struct addr address;                              /* len > 0: known already (--resolve) */
    /* a template: suites, groups, trust, insecure, chance */
    struct tls_config tls;
    /* give up when nothing came for so long, when all took so long; 0: never */
    nsec idle_limit, whole_limit;
    /* how long the peer's own close is waited for; 0: for ever */
    nsec close_limit;
    struct visit_sink *sink;
};

enum visit_phase { VISIT_LOOKUP, VISIT_CONNECT, VISIT_HANDSHAKE, VISIT_PAGE, VISIT_CLOSE, VISIT_DONE };

struct visit {
    struct app app;
    struct visit_config config;
    struct host *host;
    enum visit_phase phase;
    unsigned chapter;                                 /* open chapter of the story, 1 to 8; 0: none */
    event_no url_typed;                               /* the event at which every chain of causes ends */
    struct reach reach;
    struct session session;
    struct http_client *client;
    struct carrier *carrier;                          /* until released */
    unsigned which;                                   /* 0: the page; 1..: further targets */
    unsigned status; uint64_t octets;                 /* of the page */
    /* the message with our half of the keys is on its way */
    bool keys_gone;
    /* the page came whole; our connection is closed properly */
    bool page_whole, closed;
    uint8_t piece[2048]; size_t piece_n, piece_sent;  /* of the request, on its way into the session */
    struct fault fault;                               /* why the visit failed; ground NULL: it did not */
    bool secured; struct tls_facts agreed;            /* secured: a handshake was whole; what it agreed on stays */
    nsec started, heard, closing;
    event_no heard_in;                                /* what came when somebody was heard last */
};

void visit_start(struct visit *, const struct visit_config *, struct host *);
static inline bool visit_over(const struct visit *v) { return v->phase == VISIT_DONE; }
/* The page came whole and everything was closed in order. */
static inline bool visit_whole(const struct visit *v)
{
    return v->page_whole && v->closed && !v->fault.ground;
}
void visit_end(struct visit *);                       /* frees what it holds */

#endif
