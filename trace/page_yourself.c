/* "Do it yourself": the shell lines that compute each value of this visit again, with what they must print beside them.
 * The lines are the catalogue's (space "shell"), their octets the events'. What cannot be filled is left out. */
#include "trace/page_parts.h"

#include "trace/recipe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A record of 16 KiB is computed like one of 16 octets, and the keys of a second connection like those of the first:
 * the first few small ones of each title are enough, and stay readable. What went over all messages of a handshake is
 * long by nature. */
enum { KEY = 80, EXERCISES = 160, LONGEST = 8192, LONGEST_RECORD = 1800, OFTEN = 5 };

struct exercises {
    struct page *page;
    struct recipe_text done[EXERCISES]; unsigned n;
    const char *said[EXERCISES], *titles[EXERCISES];  /* the templates: why is said once of each; "Alert" */
    bool left_out;
};

/* How many of its kind, of its title if that is given, are written already. */
static unsigned times_done(const struct exercises *x, const char *template, const char *title)
{
    unsigned times = 0;
    for (unsigned i = 0; i < x->n; i++)
        times += x->said[i] == template && (!title || strcmp(x->titles[i], title) == 0);
    return times;
}

/* The catalogue knows an exercise by how a value was made, how a record was sealed, or who spoke. */
static const char *template_of(const struct page *p, const struct event *e, unsigned which, char key[KEY])
{
    const char *names[] = { event_text(e, "how"), event_text(e, "sealing"), e->by };
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(key, KEY, which > 1 ? "%s/%u" : "%s", names[i] ? names[i] : "", which);
        const char *found = words_find(p->options->words[0], "shell", key);
        if (found)
            return found;
    }
    return NULL;
}

static const char *title_of(const struct event *e)
{
    return e->kind == EVENT_CHECK ? event_text(e, "subject") : e->kind != EVENT_KEY && e->label ? e->label : e->name;
}

static void write_title(struct page *p, const struct event *e, unsigned which)
{
    html_put(&p->html, "<article class=\"do at\" data-step=%u id=\"yourself-%llu-%u\">\n<h4>", page_step_of(p, e),
             (unsigned long long)e->n, which);
    if (e->kind == EVENT_KEY)
        page_code(p, title_of(e));
    else
        page_phrase(p, title_of(e));
    html_put(&p->html, " <span class=who>");
    page_host(p, e->host);
    html_put(&p->html, " ");
    page_step_link(p, page_step_of(p, e));
    html_put(&p->html, "</span></h4>\n");
}

/* Two hosts do the same: once is enough. */
static bool is_done(const struct exercises *x, const struct recipe_text *script)
{
    for (unsigned i = 0; i < x->n; i++)
        if (x->done[i].n == script->n && memcmp(x->done[i].at, script->at, script->n) == 0)
            return true;
    return false;
}

static void write_exercise(struct exercises *x, const struct event *e, unsigned which, const char *template,
                           const char *key)
{
    static const char gives[] = "\n#= ";
    struct page *p = x->page;
    const char *end = strstr(template, gives);
    struct recipe_text script = { 0 }, value = { 0 };
    if (!end)
        return;
    bool fits = recipe_fill(&script, p->tape, e, template, (size_t)(end - template), p->options->secrets)
             && recipe_fill(&value, p->tape, e, end + strlen(gives), strlen(end + strlen(gives)), p->options->secrets)
             && !is_done(x, &script);
    if (fits && (script.n > (e->kind == EVENT_BUFFER ? LONGEST_RECORD : LONGEST) || x->n == EXERCISES
                 || times_done(x, template, title_of(e)) == OFTEN)) {
        x->left_out = true;
        fits = false;
    }
    if (fits) {
        write_title(p, e, which);
        if (!times_done(x, template, NULL)) {
            html_put(&p->html, "<p>");
            page_say(p, "shell_why", key, e);
            html_put(&p->html, "</p>\n");
        }
        html_put(&p->html, "<pre class=\"shell\" tabindex=0>%s</pre>\n<p class=gives>", script.at);
        page_ui(p, "page gives");
        html_put(&p->html, " <code class=value>%s</code></p>\n</article>\n", value.at);
        x->said[x->n] = template;
        x->titles[x->n] = title_of(e);
        x->done[x->n++] = script;
    } else {
        recipe_free(&script);
    }
    recipe_free(&value);
}

static void write_group(struct exercises *x, enum event_kind kind, const char *title)
{
    struct page *p = x->page;
    html_put(&p->html, "<details class=\"fold\" open><summary><h3>");
    page_ui(p, title);
    html_put(&p->html, "</h3></summary>\n");
    for (event_no n = 1; n <= tape_events(p->tape); n++) {
        const struct event *e = tape_event(p->tape, n);
        char key[KEY];
        const char *template;
        if (e && e->kind == kind)
            for (unsigned which = 1; (template = template_of(p, e, which, key)) != NULL; which++)
                write_exercise(x, e, which, template, key);
    }
    html_put(&p->html, "</details>\n");
}

void page_yourself(struct page *p)
{
    struct exercises *x = calloc(1, sizeof *x);
    page_panel_begin(p, "yourself");
    if (!x) {
        p->html.failed = true;
        return;
    }
    x->page = p;
    html_put(&p->html, "<p>");
    page_ui(p, "page yourself how");
    html_put(&p->html, "</p>\n");
    write_group(x, EVENT_KEY, "page yourself keys");
    write_group(x, EVENT_CHECK, "page yourself signatures");
    write_group(x, EVENT_BUFFER, "page yourself records");
    if (x->left_out) {
        html_put(&p->html, "<p>");
        page_ui(p, "page yourself left out");
        html_put(&p->html, "</p>\n");
    }
    page_panel_end(p);
    for (unsigned i = 0; i < x->n; i++)
        recipe_free(&x->done[i]);
    free(x);
}
