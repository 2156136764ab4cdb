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

void inspect_states(const struct inspect *in, const struct machine *m)
{
    struct walker seen[CONNECTIONS];
    unsigned n_seen = 0;
    for (event_no n = 1; n <= in->last; n++) {
        const struct event *e = tape_event(in->tape, n);
        struct walker w = { e->host, e->conn };
        unsigned i = 0;
        if (!is_of(e, m, w))
            continue;
        while (i < n_seen && (seen[i].host != w.host || seen[i].conn != w.conn))
            i++;
        if (i < n_seen || n_seen == CONNECTIONS)
            continue;
        seen[n_seen++] = w;
        const char *state = "";
        write_way(in, m, w, &state);
        write_next(in, m, state);
    }
}
