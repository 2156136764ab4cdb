/* speed_pair.h - two ends of TLS in memory for `vitrine speed`: a client that trusts one root, a server with a leaf
 * of it, and the octets between them.
 *
 *     struct speed_pair *p = speed_pair_new(&wish);        NULL: no such suite or key, no memory
 *     speed_pair_both(p)                                    a whole handshake, both ends made and freed
 *     speed_pair_record(p); speed_pair_alone(p, server)     one end, the other one's octets from a recording
 *     speed_pair_free(p);
 *
 * A recording can be played since an end with the same octets of chance (speed_chance.h) says the same, and so takes
 * the same answer. So one end's time is measured without a look at the clock within a handshake.
 *
 * Root and leaf have one key; the root is not sent. The client asks for the leaf's name, judges the chain and the
 * dates. What is to be resumed is made in speed_pair_new; each handshake starts from it anew. */
#ifndef CMD_SPEED_PAIR_H
#define CMD_SPEED_PAIR_H

#include "cmd/speed_chance.h"
#include "tls/tls.h"

enum speed_resumed { SPEED_FULL, SPEED_BY_ID, SPEED_BY_TICKET };
struct speed_wish {
    const char *suite, *key;                          /* "ECDHE-RSA-AES128-GCM-SHA256", "rsa2048" (speed_keys.h) */
    unsigned group;                                   /* 0: RSA key exchange */
    enum speed_resumed resumed;
    struct cpu cpu;
};

struct speed_pair;
struct speed_pair *speed_pair_new(const struct speed_wish *);
void speed_pair_free(struct speed_pair *);
bool speed_pair_both(struct speed_pair *);             /* false: it failed, or was not what was wished */
bool speed_pair_record(struct speed_pair *);
bool speed_pair_alone(struct speed_pair *, bool server);
/* A handshake whose ends stay, each the caller's to free; false: there are none. */
bool speed_pair_stand(struct speed_pair *, struct tls *ends[2]);

#endif
