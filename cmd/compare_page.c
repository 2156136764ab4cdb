/* A comparison as a page: what differs, then both runs beside each other, step by step. It asks for nothing, and runs
 * nothing: the language is chosen by a box that the style looks at. */
#include "cmd/compare.h"

#include "cmd/words.h"
#include "trace/html.h"

#include <string.h>

static const char style[] =
    "<style>:root{color-scheme:light dark;--paper:#fcfbf8;--card:#fff;--ink:#1c2127;--dim:#57606b;--line:#d9d6cd;"
    "--lit:#ffe08a;--lit-ink:#1c2127}"
    "@media(prefers-color-scheme:dark){:root{--paper:#15181c;--card:#1b1f24;--ink:#e7e5df;--dim:#a4adb8;--line:#363c44;"
    "--lit:#6b5310;--lit-ink:#fff6d8}}"
    "html:has(#lang-en:checked) body [lang=zh],html:has(#lang-zh:checked) body [lang=en]{display:none}"
    "@supports not selector(:has(*)){html.en body [lang=zh],html.zh body [lang=en]{display:none}}"
    "body{margin:0 auto;max-width:76rem;padding:0 1.25rem 3rem;background:var(--paper);color:var(--ink);"
    "font:16px/1.5 \"Source Sans 3\",\"Noto Sans\",\"Noto Sans CJK SC\",system-ui,sans-serif}"
    "i{font-style:normal}code{overflow-wrap:anywhere;font-family:\"JetBrains Mono\",\"DejaVu Sans Mono\",Menlo,"
    "monospace;font-size:.86em}h1{font-size:1.15rem}h2{font-size:1.1rem;margin-top:2rem}"
    "h3{font-size:1rem;margin:.2rem 0}small{color:var(--dim)}.controls{float:right;font-size:.88rem}"
    "section.difference{background:var(--card);border:1px solid var(--line);border-radius:6px;padding:.6rem 1rem;"
    "margin:.8rem 0}table{border-collapse:collapse;width:100%;table-layout:fixed}"
    "th,td{border-top:1px solid var(--line);padding:.25rem .6rem;text-align:left;vertical-align:top;"
    "overflow-wrap:anywhere}th:empty{width:22%}tr.differs>td{background:var(--lit);"
    "color:var(--lit-ink)}tr.follows>td:first-child{border-left:3px solid var(--lit)}.only{color:var(--dim)}</style>\n";

static void both(struct html *h, const char *layer, const char *name)
{
    html_both(h, words_find(words_in("en"), layer, name), words_find(words_in("zh"), layer, name));
}

/* The same said by a function in either language. */
typedef char *said_by(const struct words *, const struct compare_difference *, char out[COMPARE_SAID]);

static char *value_a(const struct words *w, const struct compare_difference *d, char out[COMPARE_SAID])
{
    return compare_say_value(w, d, false, out);
}

static char *value_b(const struct words *w, const struct compare_difference *d, char out[COMPARE_SAID])
{
    return compare_say_value(w, d, true, out);
}

static void said(struct html *h, said_by *how, const struct compare_difference *d)
{
    char en[COMPARE_SAID], zh[COMPARE_SAID];
    html_both(h, how(words_in("en"), d, en), how(words_in("zh"), d, zh));
}

/* The end of a row: A's value and B's. */
static void both_values(struct html *h, const struct compare_difference *d)
{
    html_put(h, "<td><code>");
    said(h, value_a, d);
    html_put(h, "</code><td><code>");
    said(h, value_b, d);
    html_put(h, "</code></tr>\n");
}

static void follows(struct html *h, const struct comparison *c, size_t root)
{
    bool any = false;
    for (size_t i = 0; i < c->n_differences; i++) {
        const struct compare_difference *d = &c->differences[i];
        if (i == root || d->root != root)
            continue;
        if (!any) {
            html_put(h, "<details><summary>");
            both(h, "compare", "follows");
            html_put(h, "</summary>\n<table>\n");
        }
        any = true;
        html_put(h, "<tr><td>");
        said(h, compare_say_name, d);
        both_values(h, d);
    }
    html_put(h, any ? "</table></details>\n" : "");
}

static void difference(struct html *h, const struct comparison *c, size_t i, unsigned number)
{
    const struct compare_difference *d = &c->differences[i];
    html_put(h, "<section class=\"difference\" id=\"difference-%u\"><h3>%u. ", number, number);
    said(h, compare_say_name, d);
    html_put(h, "</h3>\n<table><tr><th>A<th>B</tr>\n<tr>");
    both_values(h, d);
    html_put(h, "</table>\n<p>");
    said(h, compare_say_list, d);
    html_put(h, "</p>\n<p>");
    said(h, compare_say_meaning, d);
    html_put(h, "</p>\n");
    follows(h, c, i);
    html_put(h, "</section>\n");
}

static void step(struct html *h, const struct compare_run *r, size_t mark)
{
    if (mark == SIZE_MAX) {
        html_put(h, "<td class=\"only\">–");
        return;
    }
    const struct compare_mark *m = &r->marks[mark];
    html_put(h, "<td>");
    html_both(h, compare_say_step(words_in("en"), m->step), compare_say_step(words_in("zh"), m->step));
    if (m->packet)
        html_put(h, " <small>#%u</small>", m->packet);
}

/* Under a step of both the values that differ. */
static void values(struct html *h, const struct comparison *c, size_t row)
{
    for (size_t i = 0; i < c->n_differences; i++) {
        const struct compare_difference *d = &c->differences[i];
        if (d->row != row || (d->presence && strncmp(d->id, "step:", 5) == 0))
            continue;
        html_put(h, "<tr class=\"%s\"><td>", d->nature ? "only" : d->root == i ? "differs" : "follows");
        said(h, compare_say_name, d);
        both_values(h, d);
    }
}

static void beside(struct html *h, const struct compared *k)
{
    static const char *const sides[] = { "client", "server", "both" };
    const struct comparison *c = &k->found;
    html_put(h, "<h2>");
    both(h, "compare", "beside");
    html_put(h, "</h2>\n<table>\n<tr><th><th>A <code>%s</code><th>B <code>%s</code></tr>\n", k->name[0], k->name[1]);
    for (size_t i = 0; i < c->n_rows; i++) {
        const struct compare_row *r = &c->rows[i];
        const struct compare_mark *m = r->a == SIZE_MAX ? &k->run[1]->marks[r->b] : &k->run[0]->marks[r->a];
        html_put(h, r->a == SIZE_MAX || r->b == SIZE_MAX ? "<tr class=\"only\"><td>" : "<tr><td>");
        both(h, "compare", sides[m->side]);
        step(h, k->run[0], r->a);
        step(h, k->run[1], r->b);
        html_put(h, "</tr>\n");
        values(h, c, i);
    }
    html_put(h, "</table>\n");
}

static void verdict(struct html *h, const struct comparison *c)
{
    if (c->roots == 1)
        both(h, "compare", "one");
    else if (!c->roots)
        both(h, "compare", "none");
    else {
        html_put(h, "%llu ", (unsigned long long)c->roots);
        both(h, "compare", "many");
    }
}

bool compare_page(struct sink *sink, const struct compared *k, const char *lang)
{
    static const char policy[] = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
    struct html h = html_over(sink);
    const struct comparison *c = &k->found;
    bool zh = strcmp(lang, "zh") == 0;
    unsigned number = 0;
    html_put(&h, "<!doctype html>\n<html lang=\"%s\" class=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n", lang, lang);
    html_put(&h, "<meta http-equiv=\"Content-Security-Policy\" content=\"%s\">\n", policy);
    html_put(&h, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
             "<title>vitrine compare %s %s</title>\n", k->name[0], k->name[1]);
    html_raw(&h, style, strlen(style));
    html_put(&h, "</head>\n<body>\n<p class=\"controls\"><label><input type=\"radio\" name=\"lang\" id=\"lang-en\"%s>"
             "English</label>\n<label><input type=\"radio\" name=\"lang\" id=\"lang-zh\"%s>中文</label></p>\n",
             zh ? "" : " checked", zh ? " checked" : "");
    html_put(&h, "<h1>vitrine compare</h1>\n<p>A <code>%s</code><br>B <code>%s</code></p>\n<p><b>", k->name[0],
             k->name[1]);
    verdict(&h, c);
    html_put(&h, "</b></p>\n");
    for (size_t i = 0; i < c->n_differences; i++)
        if (c->differences[i].root == i && !c->differences[i].nature)
            difference(&h, c, i, ++number);
    if (c->blind_a || c->blind_b) {
        html_put(&h, "<p>%s: ", !c->blind_b ? "A" : !c->blind_a ? "B" : "A, B");
        both(&h, "compare", "blind");
        html_put(&h, "</p>\n");
    }
    beside(&h, k);
    html_put(&h, "</body>\n</html>\n");
    return html_end(&h);
}
