#include "cmd/what_if.h"

#include "cmd/words.h"
#include "http/breaks_check.h"
#include "trace/show.h"

#include <stdio.h>
#include <string.h>

enum { TEXT = 80, TAPE_MOST = 64 << 20 };

/* Copies the next break of the list: as far as the comma behind which another one begins. */
static const char *take(const char *list, char out[TEXT])
{
    char sentence[BREAK_SENTENCE];
    struct break_wish ignored;
    size_t n = strcspn(list, ",");
    while (list[n]) {
        char rest[TEXT];
        snprintf(rest, sizeof rest, "%.*s", (int)strcspn(list + n + 1, ","), list + n + 1);
        if (break_read(rest, &ignored, sentence))
            break;
        n += 1 + strcspn(list + n + 1, ",");
    }
    snprintf(out, TEXT, "%.*s", (int)(n < TEXT ? n : TEXT - 1), list);
    return list[n] ? list + n + 1 : list + n;
}

bool what_ifs_read(struct what_ifs *w, const char *list, const struct sealed_visit_config *clean)
{
    char text[TEXT], sentence[BREAK_SENTENCE], shown[2 * BREAK_SENTENCE];
    *w = (struct what_ifs){ .n = 0 };
    while (list && *list) {
        if (w->n == WHAT_IFS) {
            complain("vitrine visit: --what-if takes %d breaks at most", WHAT_IFS);
            return false;
        }
        struct break_wish *wish = &w->wishes[w->n++];
        list = take(list, text);
        if (!break_read(text, wish, sentence) ||
            !break_goes(wish->row, clean->suite, clean->group, clean->url.https, sentence)) {
            complain("vitrine visit: --what-if: %s", show_string(sentence, shown, sizeof shown));
            return false;
        }
    }
    return true;
}

bool what_ifs_run(struct what_ifs *w, const struct sealed_visit_config *clean, struct page_options *page)
{
    for (unsigned i = 0; i < w->n; i++) {
        struct sealed_visit_config c = *clean;
        struct fault why = { 0 };
        c.breaks = &w->wishes[i];
        c.n_breaks = 1;
        c.sink = NULL;
        w->runs[i] = (struct page_what_if){ w->wishes[i].text, w->wishes[i].row->answer, tape_new(TAPE_MOST) };
        struct view *view = w->runs[i].tape ? tape_view(w->runs[i].tape) : NULL;
        if (!view || !sealed_visit_run(&c, &view, 1, &why)) {
            complain("vitrine: there is no memory for a view");
            return false;
        }
    }
    page->what_if = w->runs;
    page->n_what_if = w->n;
    return true;
}

void what_ifs_free(struct what_ifs *w)
{
    for (unsigned i = 0; i < w->n; i++)
        tape_free(w->runs[i].tape);
    w->n = 0;
}
