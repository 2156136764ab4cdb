#include "tests/lib/memory.h"

#include "tests/lib/check.h"

#include <stdlib.h>
#include <string.h>

static bool keep(struct sink *s, const void *octets, size_t n)
{
    struct memory *m = (struct memory *)s;
    m->at = realloc(m->at, m->n + n + 1);
    ck_assert_ptr_nonnull(m->at);
    memcpy(m->at + m->n, octets, n);
    m->n += n;
    m->at[m->n] = 0;
    m->writes++;
    return true;
}

void memory_start(struct memory *m) { *m = (struct memory){ .sink = { keep }, .at = calloc(1, 1) }; }
void memory_end(struct memory *m) { free(m->at); }

void memory_is(const struct memory *m, const char *want)
{
    size_t same = 0, line = 0;
    for (; m->at[same] && m->at[same] == want[same]; same++)
        if (want[same] == '\n')
            line = same + 1;
    if (same != m->n || want[same])
        ck_abort_msg("written:\n%s\n--- wanted from there:\n%s", m->at + line, want + line);
}
