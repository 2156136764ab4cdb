#include "trace/inspect.h"

#include "trace/joiner.h"
#include "trace/say.h"
#include "trace/show.h"
#include "trace/text.h"

#include <stdio.h>
#include <string.h>

const char *inspect_host(const struct inspect *in, uint16_t host)
{
    const struct trace_host *h = tape_trace(in->tape) ? trace_host_of(tape_trace(in->tape), host) : NULL;
    return h ? h->name : "";
}

void inspect_line(const struct inspect *in, unsigned indent, enum ink ink, const char *text)
{
    pen_to(in->pen, indent);
    pen_ink(in->pen, ink);
    pen_wrap(in->pen, text, indent, in->columns);
    pen_ink(in->pen, INK_PLAIN);
    pen_end(in->pen);
}

char *inspect_say(const struct inspect *in, const char *name, const struct attr *attrs, size_t n, char *out,
                  size_t room)
{
    return say(out, room, words_ui(in->words, name), &(struct event){ .attrs = attrs, .n_attrs = n },
               in->words);
}

char *inspect_packet_words(const struct inspect *in, const struct event *packet, char *out, size_t room)
{
    char raw[200];
    struct joined joined = { .words = "" };
    struct joiner *j = joiner_new();
    for (event_no n = 1; j && n <= packet->n; n++) {
        const struct event *e = tape_event(in->tape, n);
        if (e->kind == EVENT_PACKET)
            joined = joiner_of(j, e, in->columns);
        else
            joiner_event(j, e);
    }
    joiner_free(j);
    if (*joined.words)
        snprintf(out, room, "%s", words_phrase(in->words, joined.words, raw, sizeof raw));
    else
        show_string(words_phrase(in->words, packet->label ? packet->label : packet->name, raw, sizeof raw), out, room);
    return out;
}
