/* player.h - the ladder of a tape, drawn forwards and backwards.
 *
 * A player keeps a ladder view and hands it the events of a tape up to where somebody wants to look. Going back means
 * drawing from the beginning into the void, and then what is wanted. A *step* is what a packet brings: step 0 goes up
 * to the first packet, step k from packet k up to the next one. */
#ifndef TRACE_PLAYER_H
#define TRACE_PLAYER_H

#include "trace/tape.h"
#include "trace/views.h"

struct player {
    struct sink sink;                                 /* what the ladder writes to */
    struct sink *to;
    bool mute;
    struct tape *tape;
    struct ladder_options options;
    struct view *ladder;
    event_no drawn;
};

/* Nothing is drawn yet. The tape and the sink must outlive it. False: no memory. */
bool player_start(struct player *, struct tape *, struct sink *, const struct ladder_options *);
void player_end(struct player *);
/* The first and the last event of a step, as far as the tape goes. */
event_no player_first(const struct player *, uint32_t step);
event_no player_last (const struct player *, uint32_t step);
/* Draws what comes after what was drawn, up to this event. `whole`: also what a ladder holds back until more is known
 * (nothing more can become known of it). */
void player_draw(struct player *, event_no to, bool whole);
/* Draws one step again, in the words of the options; the names of both ends stand over it. */
bool player_step(struct player *, uint32_t step);

#endif
