/* step_commands.h - what the stepper is made of, and its commands. For cmd/step*.c alone. */
#ifndef CMD_STEP_COMMANDS_H
#define CMD_STEP_COMMANDS_H

#include "cmd/step.h"
#include "trace/inspect.h"
#include "trace/player.h"

enum { STEP_NAME = 64, STEP_LINE = 256 };

struct step {
    struct view view;
    struct step_config config;
    struct tape *tape;
    struct ladder_options look;
    struct player player;
    struct sink prompt;                               /* stderr */
    FILE *out;
    bool full;                                        /* the tape: what comes now is not shown */
    bool running, quit, single;                       /* single: keys act without Enter */
    bool more;                                        /* a packet waits to leave; else the visit is over */
    uint32_t at, furthest;                            /* the packet shown last; the last one that has left */
    event_no last;                                    /* of what has happened */
    nsec shown_at;
    unsigned asked, right;                            /* --ask: how many questions, how many right answers */
    struct { char name[STEP_NAME]; uint32_t packet; } until;     /* name "": nobody waits for anything */
};

/* Asks until somebody lets the world go on, ends it, or there is no keyboard. */
void step_converse(struct step *);
/* --ask: the question for a packet that is about to leave, and the judgement of the answer. */
void step_ask(struct step *, buf_no packet);
void step_score(struct step *);
/* Did what is waited for happen in this step? */
bool step_until_reached(const struct step *, uint32_t step);
/* Reads what `u` shall wait for. False: there is no such thing (said). */
bool step_until_set(struct step *, const char *what);
/* The visit is over, and what was waited for did not happen. */
void step_never(struct step *);
/* A sentence of the catalogue on the screen. */
void step_say(struct step *, const char *name, const struct attr *, size_t n);
/* How the visit is looked at, at the step shown. */
struct inspect step_inspect(struct step *, struct pen *);

#endif
