#include "trace/keyline.h"
#include "trace/views.h"

#include <stdlib.h>

struct keylog_view { struct view view; struct sink *sink; struct keylines seen; };

/* One write a line, so that several programs may append to one file. */
static void on_event(struct view *v, const struct trace *t, const struct event *e)
{
    struct keylog_view *self = (struct keylog_view *)v;
    struct bytes line = keyline_of(&self->seen, e);
    (void)t;
    if (line.n)
        self->sink->write(self->sink, line.at, line.n);
}

static void on_free(struct view *v) { free(v); }

struct view *keylog_view_new(struct sink *sink)
{
    struct keylog_view *self = calloc(1, sizeof *self);
    if (!self)
        return NULL;
    self->view = (struct view){ .event = on_event, .free = on_free };
    self->sink = sink;
    return &self->view;
}
