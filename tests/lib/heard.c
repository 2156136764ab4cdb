#include "tests/lib/heard.h"
#include "tests/lib/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void on_event(struct view *v, const struct trace *t, const struct event *e)
{
    struct heard *h = (struct heard *)v;
    (void)t;
    coverage_event(h->coverage, e);
    ck_assert_msg(e->layer && e->name && e->by, "an event without layer, name or speaker");
    ck_assert_msg(e->cause < e->n, "event %s is its own cause, or comes before it", e->name);
    if (h->n < HEARD_EVENTS) {
        struct heard_event *to = &h->events[h->n];
        *to = (struct heard_event){ .kind = e->kind, .host = e->host, .n = e->n, .cause = e->cause };
        snprintf(to->name, sizeof to->name, "%s", e->name);
        snprintf(to->label, sizeof to->label, "%s", e->label ? e->label : "");
        snprintf(to->again, sizeof to->again, "%s", event_text(e, "retransmission"));
    }
    h->n++;
}

static void on_field(struct view *v, const struct trace *t, const struct field *f)
{
    (void)t;
    coverage_field(((struct heard *)v)->coverage, f);
}

struct heard *heard_new(void)
{
    struct heard *h = calloc(1, sizeof *h);
    ck_assert_ptr_nonnull(h);
    h->view = (struct view){ .event = on_event, .field = on_field };
    h->trace = trace_new(0);
    h->coverage = coverage_new();
    trace_attach(h->trace, &h->view);
    return h;
}

void heard_free(struct heard *h)
{
    coverage_free(h->coverage);
    trace_free(h->trace);
    free(h);
}

const char *heard_events(struct heard *h, uint16_t host, enum event_kind kind)
{
    size_t at = 0;
    h->text[0] = '\0';
    for (size_t i = 0; i < h->n && i < HEARD_EVENTS; i++)
        if (h->events[i].kind == kind && (host == 0 || h->events[i].host == host)
            && at < sizeof h->text - HEARD_TEXT)
            at += (size_t)snprintf(h->text + at, sizeof h->text - at, at ? " %s" : "%s", h->events[i].name);
    return h->text;
}

void heard_all_named(struct heard *h)
{
    struct coverage_sum sum;
    ck_assert(coverage_count(h->coverage, &sum));
    ck_assert_uint_gt(sum.packets, 0);
    ck_assert_msg(sum.named == sum.bytes, "%llu of %llu octets have a name", (unsigned long long)sum.named,
                  (unsigned long long)sum.bytes);
}
