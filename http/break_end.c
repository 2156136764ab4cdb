#include "http/break_end.h"

#include <stdio.h>

static bool change_message(void *self, uint8_t *message, size_t *n, size_t room)
{
    const struct break_end *e = self;
    if (message[0] != e->lie->type)
        return true;
    break_end_tell(e);
    if (e->lie->change)
        e->lie->change(message, n, room);
    return true;
}

void break_end_start(struct break_end *e, const struct tls_lie *lie, const struct break_wish *wish,
                     struct trace *trace, uint16_t host)
{
    *e = (struct break_end){ .spoil = lie->at, .lie = lie, .wish = wish, .voice = { .trace = trace, .host = host } };
    if (lie->type && !lie->at.message)
        e->spoil.message = change_message;
    e->spoil.self = e;
}

void break_end_tell(const struct break_end *e)
{
    char label[120];
    if (!trace_hears(e->voice.trace))
        return;
    snprintf(label, sizeof label, "lab: %s: %s", e->wish->text, e->lie->what);
    const struct attr attrs[] = { attr_text("break", e->wish->text), attr_text("spoiled", e->lie->what) };
    trace_emit(e->voice.trace, &(struct event){
        .kind = EVENT_MARK, .level = LEVEL_PACKETS, .layer = "lab", .name = "break", .label = label,
        .rfc = e->lie->rfc, .by = __func__, .host = e->voice.host, .attrs = attrs, .n_attrs = 2 });
}
