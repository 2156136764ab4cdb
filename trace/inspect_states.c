/* A machine while it runs: which way each host went through it, where it stands, and what can come next. */
#include "trace/inspect.h"

#include "trace/say.h"
#include "trace/text.h"

#include <stdio.h>
#include <string.h>

enum { INDENT = 2, NEXT = 6, CONNECTIONS = 16 };

struct walker { uint16_t host; uint32_t conn; };

static bool is_of(const struct event *e, const struct machine *m, struct walker w)
{
    return e->kind == EVENT_STATE && e->host == w.host && e->conn == w.conn &&
           strcmp(event_text(e, "machine"), m->name) == 0;
}

static void write_way(const struct inspect *in, const struct machine *m, struct walker w, const char **state)
{
    char line[1000] = "", who[160];
    const struct attr attrs[] = { attr_text("who", inspect_host(in, w.host)), attr_text("machine", m->name),
                                  attr_number("conn", w.conn) };
    inspect_line(in, 0, INK_BOLD, inspect_say(in, "states.of", attrs, 3, who, sizeof who));
    for (event_no n = 1; n <= in->last; n++) {
        const struct event *e = tape_event(in->tape, n);
        if (!is_of(e, m, w))
            continue;
        text_join(line, sizeof line, *line ? "" : event_text(e, "from"));
        text_join(line, sizeof line, " → ");
        text_join(line, sizeof line, event_text(e, "to"));
        *state = event_text(e, "to");
    }
    inspect_line(in, INDENT, INK_BLUE, line);
}

static void write_next(const struct inspect *in, const struct machine *m, const char *state)
{
    char line[300];
    int from = machine_named(m, state);
    const struct attr here = attr_text("state", state);
    inspect_line(in, INDENT, INK_PLAIN, inspect_say(in, "states.here", &here, 1, line, sizeof line));
    for (const struct machine_row *r = NULL; from >= 0 && (r = machine_next(m, (unsigned)from, r));) {
        const struct attr attrs[] = { attr_text("trigger", r->trigger), attr_text("to", m->states[r->to].name),
                                      attr_text("rfc", r->rfc) };
        inspect_line(in, NEXT, INK_PLAIN, inspect_say(in, "states.row", attrs, 3, line, sizeof line));
    }
}

/* ---- the map: where the states stand in the machine's figure, lit where somebody is or was ---- */

struct walkers { struct walker at[CONNECTIONS]; unsigned n; };

static struct walkers walkers_of(const struct inspect *in, const struct machine *m)
{
    struct walkers all = { .n = 0 };
    for (event_no n = 1; n <= in->last; n++) {
        const struct event *e = tape_event(in->tape, n);
        unsigned i = 0;
        while (i < all.n && !is_of(e, m, all.at[i]))
            i++;
        struct walker w = { e->host, e->conn };
        if (i == all.n && i < CONNECTIONS && is_of(e, m, w))
            all.at[all.n++] = w;
    }
    return all;
}

/* The names of those that stand in a state; `was`: has anybody ever been there? */
static void who_is_there(const struct inspect *in, const struct machine *m, const struct walkers *all,
                         const char *state, char *names, size_t room, bool *was)
{
    names[0] = '\0';
    for (unsigned i = 0; i < all->n; i++) {
        const char *now = "";
        for (event_no n = 1; n <= in->last; n++) {
            const struct event *e = tape_event(in->tape, n);
            if (!is_of(e, m, all->at[i]))
                continue;
            now = event_text(e, "to");
            *was = *was || strcmp(now, state) == 0 || strcmp(event_text(e, "from"), state) == 0;
        }
        const char *host = inspect_host(in, all->at[i].host);
        if (strcmp(now, state) == 0 && !strstr(names, host)) {
            text_join(names, room, *names ? "+" : " ");
            text_join(names, room, host);
        }
    }
}

static void write_cell(const struct inspect *in, const struct machine *m, const struct walkers *all,
                       const struct machine_state *state, unsigned width)
{
    char names[120], cell[200];
    bool was = false;
    unsigned at = state->column * width + INDENT;
    who_is_there(in, m, all, state->name, names, sizeof names, &was);
    pen_to(in->pen, at);
    pen_ink(in->pen, *names ? INK_BOLD : was ? INK_BLUE : INK_DIM);
    if (*names || was)
        pen_mark(in->pen, *names ? GLYPH_STATE : GLYPH_YES);
    pen_to(in->pen, at + 2);
    snprintf(cell, sizeof cell, "%s%s", state->name, names);
    pen_some(in->pen, cell, text_fit(cell, strlen(cell), width - 3));
    pen_ink(in->pen, INK_PLAIN);
}

static void write_map(const struct inspect *in, const struct machine *m, const struct walkers *all)
{
    unsigned columns = 1, lines = 1;
    for (unsigned i = 0; i < m->n_states; i++) {
        columns = m->states[i].column >= columns ? m->states[i].column + 1 : columns;
        lines = m->states[i].line >= lines ? m->states[i].line + 1 : lines;
    }
    for (unsigned line = 0; line < lines; line++) {
        for (unsigned column = 0; column < columns; column++)
            for (unsigned i = 0; i < m->n_states; i++)
                if (m->states[i].line == line && m->states[i].column == column)
                    write_cell(in, m, all, &m->states[i], (in->columns - INDENT) / columns);
        pen_end(in->pen);
    }
}

void inspect_states(const struct inspect *in, const struct machine *m)
{
    struct walkers all = walkers_of(in, m);
    const struct attr name = attr_text("machine", m->name);
    char line[100];
    if (!all.n)
        return;
    inspect_line(in, 0, INK_BOLD, inspect_say(in, "states.map", &name, 1, line, sizeof line));
    write_map(in, m, &all);
    for (unsigned i = 0; i < all.n; i++) {
        const char *state = "";
        write_way(in, m, all.at[i], &state);
        write_next(in, m, state);
    }
}
