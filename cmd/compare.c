/* compare.c - `vitrine compare A B`: which choices of two runs differ, and what that means. */
#include "cmd/compare.h"

#include "cmd/compare_source.h"
#include "cmd/files.h"
#include "cmd/hello_samples.h"
#include "cmd/options.h"
#include "cmd/words.h"
#include "trace/json.h"
#include "trace/show.h"
#include "trace/text.h"

#include <stdlib.h>
#include <string.h>

enum { NONE_DIFFERS, SOME_DIFFER, UNUSABLE };

/* ---------------------------------------------------------------------------------------------- terminal */

static const char *packets(const struct compare_difference *d, char out[64])
{
    size_t n = 0;
    *out = 0;
    if (d->packet_a)
        n = (size_t)snprintf(out, 64, " A#%u", d->packet_a);
    if (d->packet_b)
        snprintf(out + n, 64 - n, " B#%u", d->packet_b);
    return out;
}

/* Lines of a terminal, each with what stands in front of them all. */
static void print_lines(FILE *out, const char *first, const char *others, const char *text)
{
    enum { WIDE = 100 };
    const char *line;
    size_t n;
    for (const char *rest = text; text_line(&rest, WIDE - 8, &line, &n); first = others)
        fprintf(out, "%s%.*s\n", first, (int)n, line);
}

static void print_values(FILE *out, const struct compare_difference *d)
{
    char a[COMPARE_SAID], b[COMPARE_SAID], list[COMPARE_SAID];
    print_lines(out, "   A  ", "      ", compare_say_value(words_spoken(), d, false, a));
    print_lines(out, "   B  ", "      ", compare_say_value(words_spoken(), d, true, b));
    print_lines(out, "      ", "      ", compare_say_list(words_spoken(), d, list));
}

static void print_follows(FILE *out, const struct comparison *c, size_t root)
{
    char name[COMPARE_SAID], where[64];
    bool any = false;
    for (size_t i = 0; i < c->n_differences; i++) {
        const struct compare_difference *d = &c->differences[i];
        if (i == root || d->root != root)
            continue;
        if (!any)
            words_print(out, "   What follows from it:\n");
        any = true;
        fprintf(out, "   - %s%s\n", compare_say_name(words_spoken(), d, name), packets(d, where));
    }
}

static void print_difference(FILE *out, const struct comparison *c, size_t i, unsigned number)
{
    const struct compare_difference *d = &c->differences[i];
    char text[COMPARE_SAID], where[64];
    fprintf(out, "\n%u. %s%s\n", number, compare_say_name(words_spoken(), d, text), packets(d, where));
    print_values(out, d);
    print_lines(out, "   ", "   ", compare_say_meaning(words_spoken(), d, text));
    print_follows(out, c, i);
}

static void print_nature(FILE *out, const struct comparison *c)
{
    char name[COMPARE_SAID], a[COMPARE_SAID], b[COMPARE_SAID];
    bool any = false;
    for (size_t i = 0; i < c->n_differences; i++) {
        const struct compare_difference *d = &c->differences[i];
        if (!d->nature)
            continue;
        if (!any)
            words_print(out, "\nWhat differs in every run by its nature:\n");
        any = true;
        fprintf(out, "   - %s: A %s, B %s\n", compare_say_name(words_spoken(), d, name),
                compare_say_value(words_spoken(), d, false, a), compare_say_value(words_spoken(), d, true, b));
    }
}

void compare_print(FILE *out, const struct compared *k)
{
    const struct comparison *c = &k->found;
    char name[2][300];
    unsigned number = 0;
    fprintf(out, "A  %s\nB  %s\n\n", show_string(k->name[0], name[0], sizeof name[0]),
            show_string(k->name[1], name[1], sizeof name[1]));
    if (!c->roots)
        words_print(out, "Nothing differs but what differs in every run.\n");
    else if (c->roots == 1)
        words_print(out, "One difference.\n");
    else
        words_print(out, "%zu differences.\n", c->roots);
    for (size_t i = 0; i < c->n_differences; i++)
        if (c->differences[i].root == i && !c->differences[i].nature)
            print_difference(out, c, i, ++number);
    print_nature(out, c);
    if (c->blind_a || c->blind_b)
        words_print(out,
                    "\nThe records of %s stay closed, so what lies in them is not compared (--keylog opens them).\n",
                    c->blind_a ? "A" : "B");
    if (c->more)
        words_print(out, "\nThere are more differences than are kept.\n");
}

/* -------------------------------------------------------------------------------------------------- JSON */

static void put_list(struct json *j, const char *name, const char *list)
{
    json_name(j, name);
    json_open(j, '[');
    while (*list) {
        size_t n = strcspn(list, "\n");
        json_string(j, list, n);
        list += n + (list[n] != 0);
    }
    json_close(j, ']');
}

static void put_value(struct json *j, const struct compare_difference *d, bool of_b)
{
    const char *value = of_b ? d->b : d->a;
    if (d->presence || !value) {
        json_name(j, of_b ? "b" : "a");
        json_words(j, value ? "present" : "absent");
    } else if (d->aspect && (d->aspect->how == COMPARE_ITEMS || d->aspect->how == COMPARE_SET)) {
        put_list(j, of_b ? "b" : "a", value);
    } else {
        json_name(j, of_b ? "b" : "a");
        json_words(j, value);
    }
}

static void put_number(struct json *j, const char *name, uint64_t number)
{
    json_name(j, name);
    json_number(j, number);
}

static void put_difference(struct json *j, const struct comparison *c, size_t i)
{
    static const char *const sides[] = { "client", "server", "both" };
    const struct compare_difference *d = &c->differences[i];
    char text[COMPARE_SAID];
    json_open(j, '{');
    json_name(j, "id"), json_words(j, d->id);
    json_name(j, "step"), json_words(j, d->step);
    json_name(j, "side"), json_words(j, sides[d->side]);
    put_value(j, d, false);
    put_value(j, d, true);
    if (d->packet_a)
        put_number(j, "packet_a", d->packet_a);
    if (d->packet_b)
        put_number(j, "packet_b", d->packet_b);
    if (d->reordered)
        json_name(j, "order"), json_words(j, "differs");
    if (d->nature)
        json_name(j, "by"), json_words(j, "nature");
    else if (d->root != i)
        json_name(j, "follows"), json_words(j, c->differences[d->root].id);
    json_name(j, "meaning"), json_words(j, compare_say_meaning(words_spoken(), d, text));
    json_close(j, '}');
}

bool compare_json(struct sink *out, const struct compared *k)
{
    struct json j = { .line = NULL };
    json_start(&j);
    json_open(&j, '{');
    json_name(&j, "kind"), json_words(&j, "comparison");
    json_name(&j, "a"), json_words(&j, k->name[0]);
    json_name(&j, "b"), json_words(&j, k->name[1]);
    put_number(&j, "differences", k->found.roots);
    for (unsigned roots = 2; roots-- > 0;) {
        json_name(&j, roots ? "roots" : "others");
        json_open(&j, '[');
        for (size_t i = 0; i < k->found.n_differences; i++)
            if ((k->found.differences[i].root == i && !k->found.differences[i].nature) == (roots == 1))
                put_difference(&j, &k->found, i);
        json_close(&j, ']');
    }
    json_close(&j, '}');
    bool written = json_write(&j, out);
    json_free(&j);
    return written;
}

/* ------------------------------------------------------------------------------------------------ command */

static int list_samples(void)
{
    for (const struct hello_sample *s = hello_samples; s->name; s++)
        printf("sample:%-12s %s\n", s->name, s->about);
    return NONE_DIFFERS;
}

static bool read_run(struct compared *k, unsigned i, struct compare_source *s, const char *name, const char *keylog)
{
    k->name[i] = name;
    k->run[i] = malloc(sizeof *k->run[i]);
    if (!k->run[i]) {
        complain("vitrine: there is no memory for a view");
        return false;
    }
    memset(k->run[i], 0, sizeof *k->run[i]);
    if (!compare_source_read(s, name, keylog))
        return false;
    if (tape_full(s->tape))
        complain("vitrine compare: only the first part of %s is compared, as much as is kept", name);
    if (compare_read(k->run[i], s->tape, s->on_tape))
        return true;
    if (k->run[i]->full)
        complain("vitrine compare: in %s are more messages than can be compared", name);
    else
        complain("vitrine compare: %s has no TCP connection number %u that can be read", name, s->which ? s->which : 1);
    return false;
}

static bool write_page(const struct compared *k, const char *file)
{
    struct file_sink page = { .file = NULL };
    if (!file_sink_open(&page, file, false, ""))
        return false;
    bool written = compare_page(&page.sink, k, words_spoken() == words_in("zh") ? "zh" : "en");
    return file_sink_close(&page) && written;
}

static bool write_json(const struct compared *k, const char *file)
{
    struct file_sink out = { .file = NULL };
    if (!file_sink_open(&out, file, false, ""))
        return false;
    bool written = compare_json(&out.sink, k);
    return file_sink_close(&out) && written;
}

static int show(const struct compared *k, const char *const *values)
{
    const char *json = values[OPT_COMPARE_JSON], *html = values[OPT_COMPARE_HTML];
    bool taken = (json && strcmp(json, "-") == 0) || (html && strcmp(html, "-") == 0);
    if ((json && !write_json(k, json)) || (html && !write_page(k, html)))
        return 23;
    compare_print(taken ? stderr : stdout, k);
    return k->found.roots ? SOME_DIFFER : NONE_DIFFERS;
}

int compare_run_command(const struct command *self, const char *const *values, const char *const *arguments, unsigned n)
{
    struct compared k = { .name = { NULL, NULL } };
    struct compare_source sources[2] = { { .name = NULL }, { .name = NULL } };
    int code = UNUSABLE;
    (void)self;
    if (values[OPT_SAMPLES])
        return list_samples();
    if (n != 2) {
        complain("vitrine compare: two runs are compared: captures, visit, visit:--option, sample:NAME");
        return UNUSABLE;
    }
    bool good = read_run(&k, 0, &sources[0], arguments[0], values[OPT_READ_KEYS]) &&
                read_run(&k, 1, &sources[1], arguments[1], values[OPT_READ_KEYS]);
    if (good && compare_runs(k.run[0], k.run[1], values[OPT_NATURE] != NULL, &k.found))
        code = show(&k, values);
    compare_free(&k.found);
    for (unsigned i = 0; i < 2; i++) {
        if (k.run[i])
            compare_forget(k.run[i]);
        free(k.run[i]);
        compare_source_free(&sources[i]);
    }
    return code;
}
