#include "trace/spy_view.h"

#include "trace/pen.h"
#include "trace/say.h"
#include "trace/show.h"
#include "trace/who.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { TIME_END = 15, TEXT = 17, LINE = 480 };

struct sheet { struct pen pen; const struct spy_look *look; };

/* One stretch of text in the sheet's alphabet, wrapped at the column where sentences stand. */
static void write_text(struct sheet *s, enum ink ink, const char *text)
{
    char likeness[2 * LINE];
    pen_to(&s->pen, TEXT);
    pen_ink(&s->pen, ink);
    pen_wrap(&s->pen, pen_words(&s->pen, text, likeness, sizeof likeness), TEXT, s->look->columns);
    pen_ink(&s->pen, INK_PLAIN);
    pen_end(&s->pen);
}

static void say_counts(const struct sheet *s, const char *name, uint64_t octets, uint64_t sealed, uint64_t facts,
                       char out[LINE])
{
    const struct attr attrs[] = { attr_number("octets", octets), attr_number("sealed", sealed),
                                  attr_number("facts", facts) };
    say(out, LINE, words_ui(s->look->words, name), &(struct event){ .attrs = attrs, .n_attrs = 3 }, s->look->words);
}

static const char *host_called(const struct trace *t, const char *said)
{
    const struct trace_host *h = trace_host_of(t, who_is(t, said));
    return h ? h->name : said;
}

/* "#6      40.0 ms  browser → web  166 octets, all in the clear" */
static void write_head(struct sheet *s, const struct trace *t, const struct spy_step *step)
{
    const struct event *e = step->packet;
    char words[64], from[64], to[64], counts[LINE], line[2 * LINE];
    snprintf(words, sizeof words, "#%" PRIu32 " ", buf_count(e->buf));
    pen_text(&s->pen, words);
    say_ms(words, sizeof words, e->t - trace_start(t));
    unsigned width = (unsigned)strlen(words);
    pen_to(&s->pen, width < TIME_END ? TIME_END - width : 0);
    pen_text(&s->pen, words);
    show_string(host_called(t, event_text(e, "from")), from, sizeof from);
    show_string(host_called(t, event_text(e, "to")), to, sizeof to);
    say_counts(s, step->sealed ? "spy sealed" : "spy clear", step->octets, step->sealed, 0, counts);
    snprintf(line, sizeof line, "%s → %s  %s", from, to, counts);
    write_text(s, step->sealed ? INK_DIM : INK_BOLD, line);
}

static void write_sum(struct sheet *s, const struct spy *spy)
{
    uint64_t octets = 0, sealed = 0;
    char line[LINE];
    for (size_t i = 0; i < spy->n_steps; i++) {
        octets += spy->steps[i].octets;
        sealed += spy->steps[i].sealed;
    }
    say_counts(s, sealed ? "spy sum" : "spy sum clear", octets, sealed, spy->n_facts, line);
    pen_end(&s->pen);
    pen_wrap(&s->pen, line, 0, s->look->columns);
    pen_end(&s->pen);
}

bool spy_write(struct sink *sink, struct tape *tape, const struct spy_look *look)
{
    struct sheet s = { .look = look };
    struct spy spy;
    char line[LINE];
    if (!spy_on(tape, look->words, &spy))
        return false;
    s.pen = (struct pen){ .sink = sink, .color = look->color, .ascii = look->ascii, .blank = true,
                 .keep_wide = words_are_wide(look->words) };
    pen_ink(&s.pen, INK_BOLD);
    pen_text(&s.pen, words_ui(look->words, "spy title"));
    pen_ink(&s.pen, INK_PLAIN);
    pen_end(&s.pen);
    for (size_t i = 0; i < spy.n_steps; i++) {
        const struct spy_step *step = &spy.steps[i];
        if (!step->packet)
            continue;
        write_head(&s, tape_trace(tape), step);
        for (size_t k = 0; k < step->n; k++)
            write_text(&s, INK_YELLOW, spy_say(&spy.facts[step->first + k], look->words, line, sizeof line));
    }
    write_sum(&s, &spy);
    spy_free(&spy);
    return true;
}
