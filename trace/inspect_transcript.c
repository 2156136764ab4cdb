/* The hash over the handshake as it grows. */
#include "trace/inspect.h"

#include "trace/say.h"
#include "trace/transcript.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { INDENT = 2, LINE = 400, DIGEST = 2 * 64 + 1 };

static void write_message(const struct inspect *in, const struct event *e)
{
    char line[LINE], hex[DIGEST];
    const struct event *message = transcript_message(in->tape, e);
    const struct attr *digest = transcript_digest(in->tape, e, in->last), *octets = event_attr(e, "octets");
    const struct attr attrs[] = { attr_text("message", message ? message->name : event_text(e, "message")),
                                  attr_number("octets", octets ? octets->number : 0),
                                  attr_text("hash", digest ? digest->name : "") };
    inspect_line(in, INDENT, INK_PLAIN, inspect_say(in, "transcript.message", attrs, 3, line, sizeof line));
    if (digest)
        inspect_line(in, 2 * INDENT, INK_DIM, say_hex(hex, sizeof hex, digest->bytes));
}

static void write_use(const struct inspect *in, const struct event *e)
{
    char line[LINE];
    const struct event *key = transcript_use(in->tape, e, in->last);
    const struct attr attrs[] = { attr_text("hash", e->name), attr_text("key", key ? key->name : ""),
                                  attr_text("prf_label", key ? event_text(key, "prf_label") : "") };
    inspect_line(in, 3 * INDENT, INK_YELLOW,
                 inspect_say(in, key ? "transcript.use" : "transcript.taken", attrs, 3, line, sizeof line));
}

bool inspect_transcript(const struct inspect *in)
{
    bool any = false;
    uint32_t conn = 0;
    for (event_no n = 1; n <= in->last; n++) {
        const struct event *e = tape_event(in->tape, n);
        enum transcript_line line = transcript_line(in->tape, e, in->last);
        if (line == TRANSCRIPT_NOTHING)
            continue;
        if (!any || conn != e->conn)
            inspect_line(in, 0, INK_BOLD, words_ui(in->words, "page transcript"));
        any = true;
        conn = e->conn;
        if (line == TRANSCRIPT_MESSAGE)
            write_message(in, e);
        else
            write_use(in, e);
    }
    return any;
}
