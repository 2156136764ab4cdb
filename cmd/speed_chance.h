/* speed_chance.h - randomness for `vitrine speed`: the system's, as a live connection has it; and a tape of it, which
 * is played again and again, so that one side of a handshake says the same each time. Played, it still draws from the
 * system, and so costs what it would. */
#ifndef CMD_SPEED_CHANCE_H
#define CMD_SPEED_CHANCE_H

#include "crypto/chance.h"

#include <stdbool.h>
#include <stdint.h>

extern struct chance speed_chance;                     /* the system's */

enum { SPEED_TAPE = 4096 };
struct speed_tape { struct chance chance; uint8_t octets[SPEED_TAPE]; size_t n, at; bool playing; };
void speed_tape_start(struct speed_tape *);            /* empty; what is drawn is kept */
void speed_tape_play(struct speed_tape *);             /* from its beginning */

#endif
