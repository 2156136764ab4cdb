#include "trace/transcript.h"

#include <string.h>

static bool is_mark(const struct event *e) { return e->kind == EVENT_MARK && strcmp(e->name, "transcript") == 0; }

static bool same_end(const struct event *a, const struct event *b) { return a->host == b->host && a->conn == b->conn; }

/* The host that is shown: who told first of a transcript. */
static uint16_t shown_host(struct tape *tape, event_no last)
{
    for (event_no n = 1; n <= last; n++)
        if (is_mark(tape_event(tape, n)))
            return tape_event(tape, n)->host;
    return 0;
}

enum transcript_line transcript_line(struct tape *tape, const struct event *e, event_no last)
{
    bool mark = is_mark(e), use = e->kind == EVENT_KEY && event_attr(e, "messages");
    if ((!mark && !use) || e->host != shown_host(tape, last))
        return TRANSCRIPT_NOTHING;
    return mark ? TRANSCRIPT_MESSAGE : TRANSCRIPT_USE;
}

/* "m3" */
const struct event *transcript_message(const struct tape *tape, const struct event *e)
{
    const char *name = event_text(e, "message");
    uint32_t number = 0;
    for (const char *at = *name ? name + 1 : name; *at >= '0' && *at <= '9'; at++)
        number = (number * 10 + (uint32_t)(*at - '0')) & 0xfffffff;
    return *name ? tape_buffer(tape, tape_buf(*name, number)) : NULL;
}

static const struct attr *digest_named(const struct event *e, const char *name)
{
    for (size_t i = 0; i < e->n_attrs; i++)
        if (e->attrs[i].type == ATTR_HEX && (!name || strcmp(e->attrs[i].name, name) == 0))
            return &e->attrs[i];
    return NULL;
}

static size_t digests(const struct event *e)
{
    size_t n = 0;
    for (size_t i = 0; i < e->n_attrs; i++)
        n += e->attrs[i].type == ATTR_HEX;
    return n;
}

const struct attr *transcript_digest(struct tape *tape, const struct event *e, event_no last)
{
    for (event_no n = e->n; n <= last; n++) {
        const struct event *later = tape_event(tape, n);
        if (is_mark(later) && same_end(e, later) && digests(later) == 1)
            return digest_named(e, digest_named(later, NULL)->name);
    }
    return digest_named(e, NULL);
}

const struct event *transcript_use(struct tape *tape, const struct event *e, event_no last)
{
    const struct attr *digest = event_attr(e, "digest");
    for (event_no n = e->n + 1; digest && n <= last; n++) {
        const struct event *key = tape_event(tape, n);
        const struct attr *seed = key->kind == EVENT_KEY && same_end(e, key) ? event_attr(key, "seed") : NULL;
        if (seed && seed->bytes.n == digest->bytes.n && memcmp(seed->bytes.at, digest->bytes.at, seed->bytes.n) == 0)
            return key;
    }
    return NULL;
}
