/* `u`: until something happens. It is called by the name of a state, a message, a chapter, a fault or any other
 * event, or by a packet's number. */
#include "cmd/step_commands.h"
#include "net/tcp.h"
#include "tls/machine.h"

#include <stdlib.h>
#include <string.h>

/* "client_hello", "ClientHello" and "client hello" are one name. */
static bool same_name(const char *a, const char *b)
{
    for (; *a || *b; a++, b++) {
        while (*a == '-' || *a == '_' || *a == ' ')
            a++;
        while (*b == '-' || *b == '_' || *b == ' ')
            b++;
        char x = *a >= 'A' && *a <= 'Z' ? (char)(*a + 32) : *a, y = *b >= 'A' && *b <= 'Z' ? (char)(*b + 32) : *b;
        if (x != y)
            return false;
        if (!x)
            return true;
    }
    return true;
}

/* "web ESTABLISHED": of this host alone. */
static const char *behind_host(const struct step *s, const char *name, uint16_t *host)
{
    const struct trace *t = tape_trace(s->tape);
    for (uint16_t i = 1; t && trace_host_of(t, i); i++) {
        const char *is = trace_host_of(t, i)->name;
        size_t n = strlen(is);
        if (strncmp(name, is, n) == 0 && name[n] == ' ') {
            *host = i;
            return name + n + 1;
        }
    }
    *host = 0;
    return name;
}

static bool is_it(const struct step *s, const struct event *e)
{
    uint16_t host;
    const char *name = behind_host(s, s->until.name, &host);
    if (host && e->host != host)
        return false;
    if (event_declares(e) && e->kind != EVENT_PACKET)
        return false;                                 /* what is written now leaves with a packet to come */
    if (e->kind == EVENT_PACKET && s->until.packet)
        return buf_count(e->buf) >= s->until.packet;
    if (e->kind == EVENT_STORY)
        return same_name(name, e->name) && strcmp(event_text(e, "phase"), "begin") == 0;
    return e->name && (same_name(name, e->name) || (e->kind == EVENT_FAULT && same_name(name, "fault")) ||
                       (event_attr(e, "retransmission") && same_name(name, "retransmission")));
}

/* Of what lies in a packet: messages, records. */
static bool holds_it(const struct step *s, const struct event *e, buf_no packet)
{
    uint16_t host;
    const char *name = behind_host(s, s->until.name, &host);
    return event_declares(e) && e->kind != EVENT_PACKET && e->name && same_name(name, e->name) &&
           (!host || e->host == host) && inspect_lies_in(s->tape, e, packet);
}

bool step_until_reached(const struct step *s, uint32_t step)
{
    event_no last = step == s->furthest ? s->last : player_last(&s->player, step);
    for (event_no n = player_first(&s->player, step); n <= last; n++)
        if (is_it(s, tape_event(s->tape, n)))
            return true;
    for (event_no n = 1; step && n <= last; n++)
        if (holds_it(s, tape_event(s->tape, n), tape_buf('p', step)))
            return true;
    return false;
}

static bool machine_knows(const struct machine *m, const char *name)
{
    for (unsigned i = 0; i < m->n_states; i++)
        if (same_name(m->states[i].name, name))
            return true;
    for (unsigned i = 0; i < m->n_rows; i++)
        if (same_name(m->rows[i].trigger, name))
            return true;
    return false;
}

/* What can happen in a visit: states and messages of the machines, chapters, what the wire does, and whatever has
 * happened by now under some name. */
static bool is_known(const struct step *s, const char *name)
{
    static const char *const others[] = {
        "name", "open", "hello", "certificate", "keys", "finished", "page", "close", "query", "answer", "request",
        "response", "alert", "lost", "duplicated", "reordered", "corrupted", "fault", "retransmission", "rto",
        "delayed_ack", "pre_master_secret", "master_secret", "key_block", "SYN", "SYN-ACK", "ACK", "FIN", "RST"
    };
    struct machine m;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (same_name(others[i], name))
            return true;
    for (event_no n = 1; n <= tape_events(s->tape); n++)
        if (tape_event(s->tape, n)->name && same_name(tape_event(s->tape, n)->name, name))
            return true;
    tcp_machine(&m);
    if (machine_knows(&m, name))
        return true;
    tls_machine(false, &m);
    if (machine_knows(&m, name))
        return true;
    tls_machine(true, &m);
    return machine_knows(&m, name);
}

bool step_until_set(struct step *s, const char *what)
{
    uint16_t host;
    char *end;
    const struct attr name = attr_text("name", what);
    bool number = *what == '#' || (*what >= '0' && *what <= '9');
    unsigned long packet = number ? strtoul(what + (*what == '#'), &end, 10) : 0;
    if (!*what || (number && (*end || !packet || packet > 0x0fffffff)) ||
        (!number && !is_known(s, behind_host(s, what, &host)))) {
        step_say(s, *what ? "step.unknown_name" : "step.until_what", &name, 1);
        return false;
    }
    snprintf(s->until.name, sizeof s->until.name, "%s", what);
    s->until.packet = (uint32_t)packet;
    return true;
}
