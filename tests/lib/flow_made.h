/* flow_made.h - segments made by hand, for who reads flows (net/flow.h): two hosts, 10.0.0.1 (client, side 0) and
 * 10.0.0.2 (server), and what they say.
 *
 *     struct flow_made m;
 *     flow_made_start(&m, 1 << 20);
 *     unsigned marks = flow_made_say(&m, (struct said){ .seq = 1, .ack = 1, .flags = TCP_ACK, .text = "hello" });
 *     flow_made_end(&m); */
#ifndef TESTS_LIB_FLOW_MADE_H
#define TESTS_LIB_FLOW_MADE_H

#include "net/flow.h"
#include "tests/lib/chance.h"

struct flow_made {
    struct flows *flows;
    struct test_chance chance;
    uint64_t number; nsec at;                         /* of the last packet; 1 us passes before each */
    uint32_t isn[2];                                  /* added to what is said of each side's numbers */
    uint16_t port;                                    /* the client's: 40000 */
    struct flow *flow; unsigned side, marks;          /* what flows_take answered last */
};

/* One segment. from: the side. window 0 is said by `closed`. octets: text of n octets, else `text` is a string. */
struct said {
    unsigned from; uint32_t seq, ack; unsigned flags; const char *text; const uint8_t *octets; uint32_t n;
    uint16_t window; bool closed; nsec after; uint32_t missing; uint8_t hops; int scale; uint16_t mss;
    enum flow_sum sum; uint32_t clock; uint16_t id;   /* clock: of timestamps, 0: it has none; id: IP's identification */
};

void flow_made_start(struct flow_made *, size_t most);
unsigned flow_made_say(struct flow_made *, struct said);          /* its marks */
/* SYN, SYN+ACK, ACK with numbers 0, so that text begins at 1; scale is that of both. */
void flow_made_open(struct flow_made *, int scale);
/* What lies at hand, consumed: is it this? */
void flow_made_reads(struct flow_made *, unsigned side, const char *text);
void flow_made_end(struct flow_made *);

#endif
