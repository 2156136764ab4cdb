/* The head of the page: its policy and style, whose visit it is, the bar of steps. */
#include "trace/page_parts.h"

#include "trace/say.h"

#include <stdio.h>
#include <string.h>

/* Nothing may be asked for; the style and the script that stand in the file are known by their hashes. */
static void write_policy(struct page *p)
{
    const struct page_options *o = p->options;
    if (o->style_hash && o->script_hash)
        html_put(&p->html,
                 "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-%s'; "
                 "script-src 'sha256-%s'; img-src data:; base-uri 'none'; form-action 'none'\">\n",
                 o->style_hash, o->script_hash);
}

/* As it was typed, else as the run's first mark says; empty: it visited nothing. */
static const char *address(const struct page *p, char *out, size_t room)
{
    const char *template = words_find(p->options->words[0], "ui", "page address");
    if (p->options->url)
        return p->options->url;
    for (event_no n = 1; template && n <= tape_events(p->tape); n++) {
        const struct event *e = tape_event(p->tape, n);
        if (e->kind == EVENT_MARK && strcmp(e->name, "url") == 0)
            return say(out, room, template, e, NULL);
    }
    return "";
}

/* The title of a chapter, as its first event begins it. */
static void write_chapter(struct page *p, uint16_t chapter)
{
    const struct event *e = page_chapter(p, chapter);
    if (e && !page_say(p, "title", e->name, e))
        html_put(&p->html, "%s", e->name);
}

static void write_bar(struct page *p)
{
    uint16_t chapter = 0;
    bool open = false;
    html_put(&p->html, "<nav class=\"bar\" id=\"bar\" aria-labelledby=\"bar-title\"><span class=\"hidden\" "
             "id=\"bar-title\">");
    page_ui(p, "page all steps");
    html_put(&p->html, "</span>\n");
    for (uint32_t i = 1; i <= p->n_steps; i++) {
        const struct page_step *s = &p->steps[i];
        if (!s->packet || s->folded)
            continue;
        if (s->chapter != chapter || !open) {
            html_put(&p->html, open ? "</span>\n<span class=\"phase\"><small>" : "<span class=\"phase\"><small>");
            write_chapter(p, chapter = s->chapter);
            html_put(&p->html, "</small>");
            open = true;
        }
        html_put(&p->html, s->lost ? "<a class=\"lost\" href=\"#%u\">%u</a>" : "<a href=\"#%u\">%u</a>", i, i);
    }
    html_put(&p->html, open ? "</span>\n</nav>\n" : "</nav>\n");
}

static void write_button(struct page *p, const char *id, const char *sign, const char *word)
{
    html_put(&p->html,
             "<button type=\"button\" id=\"%s\"><span aria-hidden=\"true\">%s</span><span class=\"hidden\">", id, sign);
    page_ui(p, word);
    html_put(&p->html, "</span></button> ");
}

/* Language and spy work without the script: the style sheet looks at the boxes. What needs it is hidden until then. */
static void write_controls(struct page *p, const char *lang)
{
    static const char *const on[] = { "", " checked" };
    bool zh = strcmp(lang, "zh") == 0;
    html_put(&p->html, "<div class=\"controls\"><span class=\"scripted\" hidden>");
    write_button(p, "first", "|◀", "page first");
    write_button(p, "back", "◀", "page back");
    html_put(&p->html, "<span id=\"where\"></span> ");
    write_button(p, "next", "▶", "page next");
    write_button(p, "last", "▶|", "page last");
    html_put(&p->html, "</span>\n<label><input type=\"checkbox\" id=\"spy\"%s>", on[p->options->spy]);
    page_ui(p, "page spy");
    html_put(&p->html, "</label>\n<label class=\"scripted\" hidden><input type=\"checkbox\" id=\"ask\">");
    page_ui(p, "page ask");
    html_put(&p->html, "</label>\n<label><input type=\"radio\" name=\"lang\" id=\"lang-en\"%s>English</label>\n"
             "<label><input type=\"radio\" name=\"lang\" id=\"lang-zh\"%s>中文</label>\n<span class=\"scripted\" hidden>",
             on[!zh], on[zh]);
    html_put(&p->html, "<button type=\"button\" id=\"print\">");
    page_ui(p, "page print");
    html_put(&p->html, "</button></span></div>\n");
}

/* Words that the script puts beside what it reads out. */
static void write_words(struct page *p)
{
    static const char *const words[] = { "field", "value", "meaning", "told", "wireshark", "hint" };
    html_put(&p->html, "<div hidden>");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        char name[24];
        snprintf(name, sizeof name, "page %s", words[i]);
        html_put(&p->html, "<p id=\"word-%s\">", words[i]);
        page_ui(p, name);
        html_put(&p->html, "</p>");
    }
    html_put(&p->html, "</div>\n");
}

static void write_findings(struct page *p)
{
    if (!p->options->n_findings)
        return;
    html_put(&p->html, "<section class=\"findings\">\n");
    for (size_t i = 0; i < p->options->n_findings; i++) {
        const struct page_finding *f = &p->options->findings[i];
        html_put(&p->html, "<p><small>%s</small><br>", f->about);
        html_put(&p->html, f->bad ? "<b class=\"bad\">✗ " : "<b>");
        html_both(&p->html, f->lead[0], f->lead[1]);
        html_put(&p->html, "</b><br>");
        html_both(&p->html, f->more[0], f->more[1]);
        for (unsigned k = 0; k < f->n_steps; k++) {
            html_put(&p->html, " ");
            page_step_link(p, f->steps[k]);
        }
        html_put(&p->html, "</p>\n");
    }
    html_put(&p->html, "</section>\n");
}

void page_head(struct page *p)
{
    const struct page_options *o = p->options;
    char said[600];
    const char *url = address(p, said, sizeof said), *lang = o->lang && strcmp(o->lang, "zh") == 0 ? "zh" : "en";
    html_put(&p->html,
             "<!doctype html>\n<html lang=\"%s\" class=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n", lang, lang);
    write_policy(p);
    html_put(&p->html, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    html_put(&p->html, "<title>vitrine · %s</title>\n<style>", url);
    html_raw(&p->html, page_style, strlen(page_style));
    html_put(&p->html, "</style>\n</head>\n<body>\n<header class=\"top\">\n<a class=\"skip\" href=\"#steps\">");
    page_ui(p, "page skip");
    html_put(&p->html,
             "</a>\n<div class=\"line\"><h1>vitrine <span class=\"url\">%s</span></h1>\n<p class=\"about\">", url);
    if (o->seeded)
        html_put(&p->html, "seed %llu · ", (unsigned long long)o->seed);
    html_put(&p->html, "<b>");
    page_ui(p, o->secrets ? "page with secrets" : "page without secrets");
    html_put(&p->html, "</b></p>\n");
    write_controls(p, lang);
    html_put(&p->html, "</div>\n");
    write_bar(p);
    html_put(&p->html, "</header>\n");
    write_words(p);
    html_put(&p->html, "<main>\n");
    write_findings(p);
    html_put(&p->html, "<div class=\"visit\">\n");
}
