#include "http/story.h"

#include <stdio.h>
#include <string.h>

const char *story_name(enum chapter c)
{
    static const char *const names[] = {
        [CHAPTER_NAME] = "name", [CHAPTER_OPEN] = "open", [CHAPTER_HELLO] = "hello",
        [CHAPTER_CERTIFICATE] = "certificate", [CHAPTER_KEYS] = "keys", [CHAPTER_FINISHED] = "finished",
        [CHAPTER_PAGE] = "page", [CHAPTER_CLOSE] = "close", [CHAPTER_LATER] = "later",
    };
    return names[c];
}

static void tell(const struct voice *v, enum chapter c, const char *name, const char *phase, const char *rfc,
                 event_no cause, const struct attr *values, size_t n)
{
    if (!trace_hears(v->trace))
        return;
    struct attr attrs[STORY_ATTRS + 2] = { attr_number("number", (uint64_t)c), attr_text("phase", phase) };
    n = n < STORY_ATTRS ? n : STORY_ATTRS;
    if (n)
        memcpy(attrs + 2, values, n * sizeof *values);
    trace_emit(v->trace, &(struct event){
        .kind = EVENT_STORY, .level = LEVEL_STORY, .layer = "story", .name = name, .rfc = rfc, .by = __func__,
        .host = v->host, .conn = v->conn, .cause = cause, .attrs = attrs, .n_attrs = n + 2 });
}

void story_begin(const struct voice *v, enum chapter c, event_no cause)
{
    static const char *const where[] = {
        [CHAPTER_NAME] = "RFC 1034 §5.3", [CHAPTER_OPEN] = "RFC 9293 §3.5",
        [CHAPTER_HELLO] = "RFC 5246 §7.4.1", [CHAPTER_CERTIFICATE] = "RFC 5280 §6",
        [CHAPTER_KEYS] = "RFC 5246 §8.1", [CHAPTER_FINISHED] = "RFC 5246 §7.4.9",
        [CHAPTER_PAGE] = "RFC 9112 §2", [CHAPTER_CLOSE] = "RFC 9293 §3.6",
        [CHAPTER_LATER] = "RFC 9325 §7.3",
    };
    tell(v, c, story_name(c), "begin", where[c], cause, NULL, 0);
}

void story_end(const struct voice *v, enum chapter c, const char *variant, const char *rfc,
               const struct attr *values, size_t n)
{
    char name[32];
    snprintf(name, sizeof name, "%s%s%s", story_name(c), variant ? "_" : "", variant ? variant : "");
    tell(v, c, name, "end", rfc, 0, values, n);
}
