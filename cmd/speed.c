/* speed.c - `vitrine speed`: how fast every primitive is, in every form that this processor has; records, handshakes,
 * and the memory of a connection. */
#include "cmd/speed.h"
#include "cmd/options.h"
#include "cmd/speed_keys.h"
#include "cmd/wanted_tls.h"
#include "cmd/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* All of it shall be over within a minute; a single thing is measured no longer than is of use. In milliseconds. */
enum { IN_ALL = 32000, LEAST = 10, MOST = 300, HOUR = 3600000 };
#define MILLISECOND_NS 1000000u

/* Seconds with at most three decimals, as milliseconds. */
static bool read_seconds(const char *text, uint64_t *ms)
{
    uint64_t value = 0, digits = 0, decimals = 0;
    bool point = false;
    for (const char *at = text; *at; at++) {
        if (*at == '.' && !point) {
            point = true;
        } else if (*at >= '0' && *at <= '9' && decimals < 3 && value < HOUR) {
            value = value * 10 + (uint64_t)(*at - '0');
            digits++;
            decimals += point;
        } else {
            digits = 0;
            break;
        }
    }
    for (; decimals < 3; decimals++)
        value *= 10;
    *ms = value;
    if (digits && value && value <= HOUR)
        return true;
    complain("vitrine speed: --seconds is a number from 0.001 to 3600, like 0.25, not %s", text);
    return false;
}

/* Each family and each thing, once, some in a line. */
static void say_names(const struct speed_list *l)
{
    enum { WIDTH = 90, INDENT = 14 };
    const char *family = "", *last = "";
    size_t at = 0;
    for (size_t i = 0; i < l->n; i++) {
        const struct speed_row *r = &l->rows[i];
        const char *name = r->suite && strcmp(r->family, r->what) != 0 ? r->suite : r->what;
        if (strcmp(r->family, family) != 0)
            at = (size_t)fprintf(stderr, "%s  %-11s", i ? "\n" : "", family = r->family);
        else if (strcmp(name, last) == 0)
            continue;
        else if (at + strlen(name) > WIDTH)
            at = (size_t)fprintf(stderr, "\n%*s", INDENT - 1, "") - 1;
        at += (size_t)fprintf(stderr, " %s", name);
        last = name;
    }
    fprintf(stderr, "\n");
}

/* Leaves those that any of the selectors means, in the list's order. False: wrong usage. */
static bool choose(struct speed_list *l, const char *const *selectors, unsigned n)
{
    char label[SPEED_FORM];
    size_t kept = 0;
    for (unsigned i = 0; i < n; i++)
        if (speed_unknown(l, selectors[i], label)) {
            complain("vitrine speed: there is no %s here; a thing is one of these, or a family of them (the first "
                     "word of a line), or all:", label);
            say_names(l);
            return false;
        }
    for (size_t i = 0; i < l->n; i++) {
        bool meant = n == 0;
        for (unsigned j = 0; j < n; j++)
            meant |= speed_fits(&l->rows[i], selectors[j]);
        if (meant)
            l->rows[kept++] = l->rows[i];
    }
    l->n = kept;
    if (!kept)
        complain("vitrine speed: nothing is all of that at once: %s", selectors[0]);
    return kept > 0;
}

static void measure_all(const struct speed_list *l, bool json, uint64_t ms)
{
    struct speed_print print = { .json = json };
    words_print(stderr, "%u measurements, about %u s of CPU time", (unsigned)l->n,
                (unsigned)((l->n * ms * 5 / 4 + 999) / 1000));
    fprintf(stderr, "\n");
    if (!json) {
        words_print(stdout, "Thousands of octets, or operations, in a second of CPU time; * is the form that is chosen "
                            "here.");
        printf("\n\n");
    }
    for (size_t i = 0; i < l->n; i++)
        speed_print(&print, l->rows, l->n, i, speed_measure(&l->rows[i], ms * MILLISECOND_NS));
    speed_keys_wipe();
}

int speed_run(const struct command *self, const char *const *values, const char *const *arguments, unsigned n)
{
    static struct speed_list list;
    const bool json = values[OPT_SPEED_JSON];
    uint64_t ms = 0;
    if ((values[OPT_CPU_SECONDS] && !read_seconds(values[OPT_CPU_SECONDS], &ms)) || !wanted_cpu(self, &list.cpu))
        return 2;
    list.forced = getenv("VITRINE_CPU") != NULL;
    speed_add_symmetric(&list);
    speed_add_keys(&list);
    speed_add_records(&list);
    speed_add_handshakes(&list);
    if (!choose(&list, arguments, n))
        return 2;
    if (values[OPT_CPU]) {
        speed_print_cpu(&list, json);
        return 0;
    }
    if (!ms)
        ms = IN_ALL / list.n < LEAST ? LEAST : IN_ALL / list.n > MOST ? MOST : IN_ALL / list.n;
    measure_all(&list, json, ms);
    return 0;
}
