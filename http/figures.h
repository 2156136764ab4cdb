/* figures.h - a connection in figures, and a capture: what passed each way, round trips, what was lost, how long the
 * handshakes took. Pure functions of what was seen (reading.h). Times are ns; what was not seen is 0, and 0 stands for
 * nothing else in them. Index 0 is what the client sent, 1 what the server sent. */
#ifndef HTTP_FIGURES_H
#define HTTP_FIGURES_H

#include "http/reading.h"

struct figures {
    uint64_t connections, tls;
    nsec lasted;                                      /* of one: first to last packet; of several: together */
    nsec rtt_syn, rtt_least, rtt_most, rtt_sum;       /* SYN to the ACK of SYN+ACK; text to the ACK that covers it */
    uint64_t rtts;                                    /* how many were measured: rtt_sum / rtts is the mean */
    uint64_t segments[2], again[2];                   /* again: retransmissions of any kind */
    uint64_t disordered[2];                           /* came behind what was sent behind them */
    uint64_t octets[2], text[2];                      /* whole IP packets; octets of the stream, each once */
    uint64_t records[2], sealed[2], opened[2], said[2];          /* said: octets, opened or in the clear */
    nsec tls_took;                                    /* ClientHello to the last Finished; of several: the longest */
};

void figures_of(const struct conversation *, struct figures *);
void figures_add(struct figures *all, const struct figures *one);
/* In 1/100 of a percent. */
unsigned figures_loss(const struct figures *, unsigned side);
/* Bits a second, of text; 0: it lasted no time. */
uint64_t figures_rate(const struct figures *, unsigned side);

#endif
