#include "trace/machine.h"

#include <string.h>

unsigned machine_state(struct machine *m, const char *name)
{
    int known = machine_named(m, name);
    if (known >= 0)
        return (unsigned)known;
    if (m->n_states == MACHINE_STATES)
        return MACHINE_STATES - 1;
    m->states[m->n_states] = (struct machine_state){ .name = name };
    return m->n_states++;
}

void machine_add(struct machine *m, const char *from, const char *trigger, const char *to, const char *rfc)
{
    unsigned a = machine_state(m, from), b = machine_state(m, to);
    if (m->n_rows < MACHINE_ROWS)
        m->rows[m->n_rows++] = (struct machine_row){ a, b, trigger, rfc };
}

static bool taken(const struct machine *m, unsigned state)
{
    for (unsigned i = 0; i < state; i++)
        if (m->states[i].column == m->states[state].column && m->states[i].line == m->states[state].line)
            return true;
    return false;
}

/* A row that leads back leads to a smaller number. */
void machine_place(struct machine *m)
{
    for (unsigned s = 0; s < m->n_states; s++) {
        for (const struct machine_row *r = m->rows; r < m->rows + m->n_rows; r++)
            if (r->to == s && r->from < s && m->states[s].line <= m->states[r->from].line)
                m->states[s].line = m->states[r->from].line + 1;
        while (taken(m, s))
            m->states[s].line++;
    }
}

int machine_named(const struct machine *m, const char *state)
{
    for (unsigned i = 0; i < m->n_states; i++)
        if (strcmp(m->states[i].name, state) == 0)
            return (int)i;
    return -1;
}

const struct machine_row *machine_next(const struct machine *m, unsigned from, const struct machine_row *after)
{
    for (const struct machine_row *r = after ? after + 1 : m->rows; r < m->rows + m->n_rows; r++)
        if (r->from == from)
            return r;
    return NULL;
}

const struct machine_row *machine_find(const struct machine *m, const char *from, const char *to, const char *trigger)
{
    for (const struct machine_row *r = m->rows; r < m->rows + m->n_rows; r++)
        if (strcmp(m->states[r->from].name, from) == 0 && strcmp(m->states[r->to].name, to) == 0
            && strcmp(r->trigger, trigger) == 0)
            return r;
    return NULL;
}
