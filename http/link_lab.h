/* link_lab.h - flows that share one link in the sealed world: what each gets, and why.
 *
 * Each flow is a host of its own that sends, for as long as the lab runs, to one receiver that throws away what comes
 * (discard, RFC 863). What they send waits in one queue (drop tail) before one line of `wires.rate`; ACKs have the
 * same rate to themselves. The flows begin `stagger` after each other, so that one sees how a newcomer gets its share.
 *
 *     struct link_lab lab;
 *     if (link_lab_run(&lab, &config, &why)) ... lab.samples[i][flow], lab.flows[flow] ...
 *     link_lab_free(&lab);
 *
 * Samples are taken at equal distances of virtual time. All are whole numbers: the same configuration gives the same
 * figures everywhere. Nothing is told to a trace: a run has some ten thousand packets. */
#ifndef HTTP_LINK_LAB_H
#define HTTP_LINK_LAB_H

#include "net/sealed.h"
#include "net/stack.h"

enum { LINK_FLOWS = 4, LINK_SAMPLES = 600 };

struct link_lab_config {
    uint64_t seed;
    struct wires wires;                               /* with a rate; queue: octets that may wait */
    nsec length, stagger;
    unsigned n_flows, n_samples;                      /* 1 to LINK_FLOWS; 1 to LINK_SAMPLES */
    struct stack_config stack[LINK_FLOWS];            /* what each sender is like; [0] also the receiver */
};

/* One flow at one time. */
struct link_sample {
    uint64_t acked;                                   /* octets of text since the start */
    uint32_t cwnd, ssthresh, in_flight;               /* octets */
    nsec srtt, rto;
};

/* Octets of text, `sent` those included that went again; packets that found the queue full, or were lost by chance; and
 * of RFC 3168 (wires.mark): packets marked CE, ACKs that say so with ECE, segments that say with CWR that it has slowed
 * down. */
struct link_flow { nsec since; uint64_t acked, sent, lost, marked, echoed, slowed; };

struct link_lab {
    struct link_sample (*samples)[LINK_FLOWS];
    nsec *waits;                                      /* how long the queue made a packet wait, at each sample */
    unsigned n_samples, n_flows;
    nsec every, length;
    struct link_flow flows[LINK_FLOWS];
};

/* False: with a fault; there is nothing to free. */
bool link_lab_run(struct link_lab *, const struct link_lab_config *, struct fault *why);
void link_lab_free(struct link_lab *);

/* What a flow got from sample `from` to sample `to`, octets a second. */
uint64_t link_lab_rate(const struct link_lab *, unsigned flow, unsigned from, unsigned to);
/* Jain's index of the time in which all flows ran, in thousandths: 1000 when all got the same, 1000 / n when one got
 * all. */
unsigned link_lab_fairness(const struct link_lab *);

#endif
