/* step.h - `--step`, `--slow` and `--ask`: a visit that a class stops between any two packets.
 *
 * The stepper is a view. When the next packet is about to leave, everything that came before it is drawn from the
 * tape, and the world stands still until a command lets it go on. Going back reads the tape: the world stays where it
 * is, and its files are written once. */
#ifndef CMD_STEP_H
#define CMD_STEP_H

#include "cmd/watch.h"

struct step_config {
    struct watching *watching;                        /* with a tape, without a ladder of its own */
    bool keys;                                        /* --step: ask before each packet */
    uint64_t factor;                                  /* --slow: virtual time takes so many times longer; 0: no */
    nsec pause;                                       /* --slow: or so long for each packet; 0: no */
    bool ask;                                         /* --ask: who speaks next, and what? */
    uint64_t seed;                                    /* decides which wrong answers, and in what order */
};

/* Does the command line ask for one of them, and how? False: a sentence is on stderr. */
bool step_asked(const char *const *values);
bool step_wanted(const char *const *values, struct step_config *);

struct step;
/* Attaches itself to the trace, behind the other views. NULL: no memory (said on stderr). */
struct step *step_new(const struct step_config *);
/* `step_quit`: nobody wants to see more. `step_stopped`: by Ctrl-C. */
bool step_quit(const struct step *);
bool step_stopped(const struct step *);
void step_free(struct step *);                        /* NULL is allowed */

#endif
