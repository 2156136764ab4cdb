/* quiz.h - "who speaks next, and what does it say first?": a question for each packet of a tape.
 *
 * One answer is what happens. The two others come from rows of the state machines that run, next to the states in
 * which the hosts stand, and are not legal at that moment:
 *   - what a TCP in a neighbouring state would send, and this one may not;
 *   - a message for which the reader's table has no row yet;
 *   - a message that this host reads and never writes: the wrong one speaks.
 * Only what was told before the packet decides, so a question can be asked before its packet leaves, and the page
 * asks what the terminal asked. The seed decides which, and in what order. */
#ifndef TRACE_QUIZ_H
#define TRACE_QUIZ_H

#include "trace/machine.h"
#include "trace/tape.h"

/* What a host may send in a state of its TCP: "SYN", "SYN-ACK", "ACK", "data", "FIN". A table ends with NULLs. */
struct quiz_saying { const char *state, *says; };

struct quiz_rules {
    const struct machine *tcp, *client, *server;
    const struct quiz_saying *sayings;
    uint16_t client_host, server_host;
    uint64_t seed;
};

enum { QUIZ_ANSWERS = 3 };
/* Why it is right or wrong: `judge` stands in `state` of `machine`; of a wrong one the row of `rfc` would have to be
 * taken first. machine NULL: no machine has a say (a datagram). */
struct quiz_answer {
    uint16_t host;
    char what[48];
    bool right;
    uint16_t judge;
    const char *machine, *state, *rfc;
};
struct quiz { buf_no packet; struct quiz_answer answers[QUIZ_ANSWERS]; unsigned right; };

/* The question for a packet of the tape. False: there is no such packet, or not two wrong answers. Texts of the
 * answers are constants of the machines or the tape's. */
bool quiz_make(struct tape *, const struct quiz_rules *, buf_no packet, struct quiz *);

/* The rules with the host in the server's place that the client speaks with in this packet: an attacker may have
 * taken it. */
struct quiz_rules quiz_rules_for(const struct tape *, const struct quiz_rules *, const struct event *packet);

/* May the host send this at the moment before event `n`? Of TCP's words what its states allow, of messages what the
 * reader's table has a row for. */
bool quiz_legal(struct tape *, const struct quiz_rules *, event_no n, uint16_t host, const char *what);

#endif
