/* A machine as lines to read, and for graphviz. */
#include "trace/machine.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct page { struct sink *sink; bool whole; };

__attribute__((format(printf, 2, 3))) static void put(struct page *p, const char *words, ...)
{
    char line[512];
    va_list args;
    va_start(args, words);
    int n = vsnprintf(line, sizeof line, words, args);
    va_end(args);
    size_t room = sizeof line - 1;
    p->whole = p->whole && n >= 0 && p->sink->write(p->sink, line, (size_t)n < room ? (size_t)n : room);
}

static int longest(const struct machine *m, bool of_trigger)
{
    size_t most = 0;
    for (unsigned i = 0; i < (of_trigger ? m->n_rows : m->n_states); i++) {
        size_t n = strlen(of_trigger ? m->rows[i].trigger : m->states[i].name);
        most = n > most ? n : most;
    }
    return (int)most;
}

bool machine_text(const struct machine *m, struct sink *sink)
{
    struct page p = { sink, true };
    int state = longest(m, false), trigger = longest(m, true);
    put(&p, "%s: %u states, %u rows. It begins in %s", m->name, m->n_states, m->n_rows, m->states[0].name);
    for (unsigned s = 0; s < m->n_states; s++)
        if (m->states[s].end)
            put(&p, "%s%s", s ? ", ends in " : ", where it also ends", s ? m->states[s].name : "");
    put(&p, ".\n\n  %-*s  %-*s  %-*s  %s\n", state, "in", trigger, "because of", state, "leads to", "after");
    for (unsigned s = 0; s < m->n_states; s++)
        for (const struct machine_row *first = machine_next(m, s, NULL), *r = first; r; r = machine_next(m, s, r))
            put(&p, "  %-*s  %-*s  %-*s  %s\n", state, r == first ? m->states[s].name : "", trigger, r->trigger, state,
                r->to == s ? "(stays)" : m->states[r->to].name, r->rfc);
    return p.whole;
}

bool machine_dot(const struct machine *m, struct sink *sink)
{
    struct page p = { sink, true };
    put(&p, "digraph \"%s\" {\n    node [shape=box, style=rounded, fontname=monospace];\n", m->name);
    put(&p, "    edge [fontname=sans, fontsize=10];\n");
    for (unsigned s = 0; s < m->n_states; s++)
        put(&p, "    \"%s\"%s;\n", m->states[s].name, m->states[s].end ? " [peripheries=2]" : "");
    for (const struct machine_row *r = m->rows; r < m->rows + m->n_rows; r++)
        put(&p, "    \"%s\" -> \"%s\" [label=\"%s\", tooltip=\"%s\"%s];\n", m->states[r->from].name,
            m->states[r->to].name, r->trigger, r->rfc,
            machine_folds(m, r) ? ", style=dashed, color=gray, constraint=false" : "");
    put(&p, "}\n");
    return p.whole;
}
