/* story.h - the eight chapters of a visit, and a ninth that may follow a year later, told as events. Sentences
 * are cmd/'s, by chapter name; the values come from here. */
#ifndef HTTP_STORY_H
#define HTTP_STORY_H

#include "trace/trace.h"

enum chapter {
    CHAPTER_NAME = 1,
    CHAPTER_OPEN,
    CHAPTER_HELLO,
    CHAPTER_CERTIFICATE,
    CHAPTER_KEYS,
    CHAPTER_FINISHED,
    CHAPTER_PAGE,
    CHAPTER_CLOSE,
    CHAPTER_LATER                                     /* sealed_visit_steal */
};
enum { STORY_ATTRS = 8 };

const char *story_name(enum chapter);                 /* "certificate": the id */
/* An EVENT_STORY: number, phase "begin" or "end", and the values for the sentence. */
void story_begin(const struct voice *, enum chapter, event_no cause);
/* `variant` chooses among sentences where a chapter can end in several ways ("rsa": keys_rsa); NULL: the
 * chapter's own. */
void story_end(const struct voice *, enum chapter, const char *variant, const char *rfc,
               const struct attr *values, size_t n);

#endif
