/* loop.h - the one loop: it alone knows all layers.
 *
 * A turn takes one happening from the world, hands it to the host it is for, sends what the hosts want to
 * send at once (an ACK does not wait for a program), lets the programs of connections with news work,
 * sends again until all are quiet, and tells the trace that everybody is through. Nobody below calls up;
 * nobody here waits, except the world in world_next. */
#ifndef HTTP_LOOP_H
#define HTTP_LOOP_H

#include "net/host.h"
#include "net/world.h"

/* A program on a host. */
struct app {
    void (*start)(struct app *, nsec now);
    /* this connection has news (new ones: passive, user NULL) */
    void (*news)(struct app *, struct carrier *, nsec now);
    /* after each turn of its host: datagrams, deadlines */
    void (*step)(struct app *, nsec now);
    nsec (*wake)(const struct app *);                             /* next deadline or NEVER */
    /* the person asked us to end: close properly; NULL: nothing to do */
    void (*stop)(struct app *, nsec now);
};

/* LOOP_GULP: octets of packets at most that are taken before anything is sent, where several have come. */
enum { LOOP_SEATS = 5, LOOP_GULP = 128 << 10 };
/* link NULL: a kernel host; app NULL: nobody home */
struct seat { struct host *host; struct link *link; struct app *app; };

struct loop {
    struct world *world;
    struct trace *trace;
    /* seat i is host number seats[i].host->voice.host */
    struct seat seats[LOOP_SEATS]; unsigned n;
    nsec now;
    bool stopped;
    /* Programs work before anything is sent, so that an ACK rides on what they answer: a packet less for each of them,
     * but nobody sees any more what TCP does by itself and what the program makes it do. */
    bool programs_first;
    /* where a packet is written on its way to a link */
    struct packet room; uint8_t *store;
};

bool loop_start(struct loop *, struct world *, struct trace *);   /* false: no memory */
void loop_seat(struct loop *, struct host *, struct link *, struct app *);
/* starts the programs and sends what they want to send */
void loop_begin(struct loop *);
/* One turn. False: nothing happened and nothing will, or the world has ended. */
bool loop_turn(struct loop *);
/* sends what is due without a turn (an RST before leaving) */
void loop_flush(struct loop *);
void loop_end(struct loop *);

#endif
