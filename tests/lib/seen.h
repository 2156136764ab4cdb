/* seen.h - how many packets a fuzz target has handed in. Where an input is a row of packets, a number of inputs says
 * little; so the target counts them here, and the process says at its end on stderr `packets: N` (tests/fuzz/run). */
#ifndef TESTS_LIB_SEEN_H
#define TESTS_LIB_SEEN_H

void seen_packet(void);

#endif
