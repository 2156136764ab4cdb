#include "tests/lib/captured_visit.h"
#include "trace/views.h"

#include <stdlib.h>
#include <string.h>

struct octets { struct sink sink; uint8_t *at; size_t n; };

/* Also for programs that are no test. */
static bool keep(struct sink *s, const void *octets, size_t n)
{
    struct octets *o = (struct octets *)(void *)s;
    uint8_t *at = realloc(o->at, o->n + n);
    if (!at)
        abort();
    memcpy(at + o->n, octets, n);
    o->at = at;
    o->n += n;
    return true;
}

uint8_t *captured_visit(struct sealed_visit_config *c, struct tape *tape, size_t *n)
{
    struct octets m = { .sink = { keep } };
    struct fault why = { 0 };
    struct trace *trace = c->trace = trace_new(SEALED_START);
    struct view *pcap = pcap_view_new(&m.sink, 0, true, NULL);
    (c->ipv6 ? sealed_visit_name_hosts6 : sealed_visit_name_hosts)(trace);
    if (tape)
        trace_attach(trace, tape_view(tape));
    trace_attach(trace, pcap);
    struct sealed_visit *v = sealed_visit_new(c, &why);
    while (v && sealed_visit_turn(v))
        ;
    sealed_visit_free(v);
    trace_end(trace);
    view_free(pcap);
    trace_free(trace);
    *n = m.n;
    return m.at;
}
