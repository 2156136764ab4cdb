/* machine.h - a state machine as data, for views: which states there are, and what leads from one to another.
 *
 * The layers fill one in from the very tables that drive them (tcp_machine in net/tcp.h, tls_machine in
 * tls/machine.h), so a drawing cannot promise what the code does not do. Each EVENT_STATE is a row of the machine
 * that it names: machine_find(m, from, to, trigger) finds it. Names are constants of the layer, in RFC words;
 * a struct machine is a plain value (about 4 KB) without anything to free.
 *
 * Rows of one state, in the order of the table:
 *
 *     for (const struct machine_row *r = NULL; (r = machine_next(m, state, r)); )
 *         printf("%s: %s -> %s\n", r->trigger, m->states[r->from].name, m->states[r->to].name); */
#ifndef TRACE_MACHINE_H
#define TRACE_MACHINE_H

#include "trace/trace.h"

enum { MACHINE_STATES = 24, MACHINE_ROWS = 96 };

/* `column` and `line` say where the state stands in a drawing; layers that have a figure to follow (RFC 9293's
 * figure 5) give them, else machine_place does. */
struct machine_state { const char *name; bool end; unsigned column, line; };
/* In state `from`, `trigger` leads to `to`. */
struct machine_row   { unsigned from, to; const char *trigger, *rfc; };

struct machine {
    const char *name;                                 /* "tcp", "tls-client", "tls-server" */
    struct machine_state states[MACHINE_STATES];      /* the one in which it begins stands first */
    struct machine_row rows[MACHINE_ROWS];
    unsigned n_states, n_rows;
};

/* To make one: the state's number (it is added if there is none of that name), and one row more. */
unsigned machine_state(struct machine *, const char *name);
void     machine_add(struct machine *, const char *from, const char *trigger, const char *to, const char *rfc);
/* Every state below the farthest that leads to it, in one column; a row to a state of a smaller number leads back. */
void     machine_place(struct machine *);

/* The state's number; -1: there is none of that name. */
int      machine_named(const struct machine *, const char *state);
/* The next row behind `after` (NULL: the first) out of a state; NULL: no more. */
const struct machine_row *machine_next(const struct machine *, unsigned from, const struct machine_row *after);
/* NULL: there is no such row. Its number is row - m->rows. */
const struct machine_row *machine_find(const struct machine *, const char *from, const char *to, const char *trigger);

/* True of a row whose trigger leads to the same state from four states or more (an RST closes from everywhere):
 * drawings fold these together. */
bool     machine_folds(const struct machine *, const struct machine_row *);

/* As lines to read; for graphviz; and drawn. The drawing is an <svg> element that a page may hold inline: of a
 * machine "tcp" a state is <g class="state" id="tcp-ESTABLISHED"> (one that is also the end is there again, with
 * -again behind), row 3 is <g class="row" id="tcp-row-3">; colours are attributes, so a style sheet has the last
 * word. Triggers and names are the layer's constants and stand there as they are. False: the sink would not. */
bool     machine_text(const struct machine *, struct sink *);
bool     machine_dot(const struct machine *, struct sink *);
bool     machine_svg(const struct machine *, struct sink *);

/* The same with the way that was walked: a row that was taken, and a state that was entered, is of the class "walked"
 * and "at", with data-step the number of the step in which that was (of the first time), and a row links to "#18".
 * It has no ids but its own, in which `id` stands instead of the machine's name, so that a page may hold a machine
 * twice; and no colours: who shows it has a style sheet. */
enum { MACHINE_WALK = 64 };
struct machine_taken { unsigned row, step; };
struct machine_walk { const char *id; struct machine_taken taken[MACHINE_WALK]; unsigned n; };
bool     machine_svg_walked(const struct machine *, const struct machine_walk *, struct sink *);

#endif
