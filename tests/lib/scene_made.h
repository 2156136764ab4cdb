/* scene_made.h - connections that are made up for http/diagnose.h to name: as a capture would have shown them, without its
 * frames. A scene is a sound connection, of which one thing is changed. There is one at a time, between scene_begin and
 * scene_end, and its clock goes on with each packet. Sides: 0 is the client, 1 the server. */
#ifndef TESTS_LIB_SCENE_MADE_H
#define TESTS_LIB_SCENE_MADE_H

#include "http/diagnose.h"
#include "tests/lib/certs.h"

#define MS MILLISECOND

struct scene {
    struct flow flow; struct watch_facts tls; struct conversation c; struct capture_facts all; struct seen_dns dns;
    uint8_t hello[2000], answer[400], certificate[9000], status[5000];
    uint64_t packet; nsec at;
    struct test_chain *chain;
};
extern struct scene *s;

void scene_begin(void);
void scene_end(void);

/* ---- one packet more */
struct flow_moment next(nsec behind);                 /* so long behind the one before */
struct flow_side *side(unsigned n);
struct flow_moment text(unsigned from, uint32_t n);   /* a segment, and its ACK */
void record(unsigned from, unsigned type, bool sealed, unsigned n);
void message(unsigned from, unsigned type, unsigned n);            /* of the handshake, in a record of its own */
void alert(unsigned from, unsigned level, unsigned description);
void closes(unsigned from);
void resets(unsigned from, bool ack);
void again(unsigned from, uint32_t n, unsigned times);             /* a segment of n octets sent again, in vain */
void good_bye(unsigned from);                         /* close_notify, sealed */
void client_says(unsigned description);               /* a fatal alert, and everybody closes */
void ends_at(nsec behind);                            /* the capture: so long behind the last packet */

/* ---- the octets of messages, without a packet */
struct client_hello_wishes usual(void);               /* everything we have, and a name */
void offer(struct client_hello_wishes w);
void send_chain(size_t n);                            /* so many of the leaf and its intermediate */

/* ---- so far did it go; each holds the one before */
void connects(void);                                  /* SYN, SYN+ACK, ACK */
void says_hello(struct client_hello_wishes w);
void answers(unsigned version);                       /* ServerHello alone, behind says_hello */
void flight(size_t certificates);                     /* of TLS 1.2, without ServerHelloDone */
void finishes(void);                                  /* from ClientKeyExchange on */
void done12(void);                                    /* a whole handshake */
void sound(void);                                     /* request, response, good bye */
void flight13(bool asks);                             /* TLS 1.3 as it is seen without keys; asks for a certificate */
void sound13(void);

/* A row of a test: what makes the scene, and the first cause that is named of it; "" of a sound one. */
struct scene_row { void (*make)(void); const char *id; };
#define SOUND(make) { make, "" }

void scene_named(const struct scene_row *row);
/* Each cause whose id begins with `kind` has a row. */
void scene_shows_all(const char *kind, const struct scene_row *rows, size_t n);

#endif
