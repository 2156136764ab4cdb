/* A sample as a tape: its octets, named by the reader that reads anybody's. */
#include "cmd/hello_samples.h"
#include "cmd/words.h"
#include "http/sealed_visit.h"
#include "tls/messages.h"

#include <string.h>

static void tell(struct trace *t, const struct hello_sample *s)
{
    struct fault why = { 0 };
    struct client_hello hello;
    const buf_no buf = trace_buf(t, 'm');
    struct watch w = { .trace = t, .buf = buf, .base = s->message };
    struct wire_in in = wire_over(s->message, s->n, &w);
    read_message_header(&in);
    read_client_hello(&in, &hello, &why);
    trace_emit(t, &(struct event){ .kind = EVENT_MESSAGE, .level = LEVEL_PACKETS, .layer = "tls", .name = "ClientHello",
                                   .rfc = "RFC 5246 §7.4.1.2", .by = __func__, .buf = buf,
                                   .bytes = { s->message, s->n } });
}

bool hello_sample_tape(const char *name, struct tape *tape)
{
    const struct hello_sample *s = hello_samples;
    while (s->name && strcmp(s->name, name) != 0)
        s++;
    struct trace *t = s->name ? trace_new(SEALED_START) : NULL;
    if (!s->name)
        complain("vitrine compare: there is no sample %s; `vitrine compare --samples` lists them", name);
    if (!t)
        return false;
    trace_attach(t, tape_view(tape));
    tell(t, s);
    trace_end(t);
    trace_free(t);
    return true;
}
