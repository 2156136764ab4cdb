/* heard.h - a view for tests: remembers what was told of events, and counts how many octets of packets have a
 * name.
 *
 *     struct heard *h = heard_new();            it has its own trace: h->trace
 *     ... run something with a voice on h->trace ...
 *     ck_assert_str_eq(heard_events(h, 0, EVENT_STATE), "SYN-SENT ESTABLISHED");
 *     heard_all_named(h);
 *     heard_free(h); */
#ifndef TESTS_LIB_HEARD_H
#define TESTS_LIB_HEARD_H

#include "trace/coverage.h"

enum { HEARD_EVENTS = 4096, HEARD_TEXT = 64 };
struct heard_event { enum event_kind kind; uint16_t host; event_no n, cause; char name[HEARD_TEXT],
                     label[2 * HEARD_TEXT], again[HEARD_TEXT]; };

struct heard {
    struct view view;
    struct trace *trace;
    struct coverage *coverage;
    /* what is more than fits is counted in n and not kept */
    struct heard_event events[HEARD_EVENTS]; size_t n;
    char text[4096];
};

struct heard *heard_new(void);
void heard_free(struct heard *);
/* The names of all events of this kind of this host (0: any), in order, with a space between. Lives until the
 * next call. */
const char *heard_events(struct heard *, uint16_t host, enum event_kind kind);
/* Fails unless each octet of each packet has a name. */
void heard_all_named(struct heard *);

#endif
