/* Who speaks next, and what does it say first? The questions that --ask puts, one before each step; the answers are
 * folded away. A later connection is asked only what the ones before it did not answer: who, in which state, says
 * what. */
#include "trace/page_parts.h"

#include <string.h>

static void say_answer(struct page *p, const char *name, const struct quiz *q, unsigned i)
{
    const struct quiz_answer *a = &q->answers[i];
    const struct trace_host *who = trace_host_of(p->trace, a->host), *judge = trace_host_of(p->trace, a->judge);
    const struct attr attrs[] = {
        attr_number("number", i + 1), attr_text("who", who ? who->name : "?"), attr_text("what", a->what),
        attr_text("judge", judge ? judge->name : "?"), attr_text("state", a->state ? a->state : ""),
        attr_text("machine", a->machine ? a->machine : ""), attr_text("rfc", a->rfc ? a->rfc : "") };
    const struct event filled = { .attrs = attrs, .n_attrs = sizeof attrs / sizeof *attrs };
    page_say(p, "ui", name, &filled);
}

/* Why an answer is right, or wrong: by the machine that had to say. */
static const char *reason_of(const struct quiz_answer *a)
{
    bool own = a->judge == a->host, tcp = a->machine && strcmp(a->machine, "tcp") == 0;
    if (a->right)
        return !a->machine ? "ask.right" : own ? "ask.right_tcp" : "ask.right_row";
    return !own ? "ask.no_row" : tcp ? "ask.no_tcp" : "ask.no_speaker";
}

static void write_question(struct page *p, uint32_t step, const struct quiz *q)
{
    const struct attr number = attr_number("packet", step);
    const struct event filled = { .attrs = &number, .n_attrs = 1 };
    html_put(&p->html, "<div class=\"question\" id=\"ask-%u\" data-for=\"%u\" data-right=\"%u\"><h3>", step, step,
             q->right);
    page_say(p, "ui", "ask.question", &filled);
    html_put(&p->html, "</h3>\n<ol>\n");
    for (unsigned i = 0; i < QUIZ_ANSWERS; i++) {
        const struct trace_host *who = trace_host_of(p->trace, q->answers[i].host);
        html_put(&p->html, "<li>%s: %s</li>\n", who ? who->name : "?", q->answers[i].what);
    }
    html_put(&p->html, "</ol>\n<details><summary>");
    page_ui(p, "page answer");
    html_put(&p->html, "</summary>\n<p class=\"good\">✓ %u. ", q->right + 1);
    say_answer(p, reason_of(&q->answers[q->right]), q, q->right);
    html_put(&p->html, "</p>\n");
    for (unsigned i = 0; i < QUIZ_ANSWERS; i++)
        if (i != q->right) {
            html_put(&p->html, "<p class=\"bad\">✗ %u. ", i + 1);
            say_answer(p, reason_of(&q->answers[i]), q, i);
            html_put(&p->html, "</p>\n");
        }
    html_put(&p->html, "</details></div>\n");
}

/* The right answers so far, and on which connection. */
enum { ANSWERS = 400 };
struct answered { struct { uint32_t conn; struct quiz_answer right; } at[ANSWERS]; unsigned n; };

static bool is_new(struct answered *a, const struct event *packet, const struct quiz_answer *right)
{
    for (unsigned i = 0; i < a->n; i++) {
        const struct quiz_answer *old = &a->at[i].right;
        const char *state = right->state ? right->state : "", *before = old->state ? old->state : "";
        if (a->at[i].conn != packet->conn && old->host == right->host && strcmp(old->what, right->what) == 0
            && strcmp(before, state) == 0)
            return false;
    }
    if (a->n < ANSWERS) {
        a->at[a->n].conn = packet->conn;
        a->at[a->n++].right = *right;
    }
    return true;
}

void page_ask(struct page *p)
{
    struct quiz q;
    struct answered answered = { .n = 0 };
    if (!p->options->quiz)
        return;
    page_panel_begin(p, "asked");
    for (uint32_t i = 1; i <= p->n_steps; i++)
        if (p->steps[i].packet && !p->steps[i].folded && quiz_make(p->tape, p->options->quiz, tape_buf('p', i), &q)
            && is_new(&answered, p->steps[i].packet, &q.answers[q.right]))
            write_question(p, i, &q);
    page_panel_end(p);
}
