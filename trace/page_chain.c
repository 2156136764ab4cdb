/* The chain of trust: a picture, then each certificate with all that was asked of it. Checks are told certificate by
 * certificate, from the root down, each run of them ended by the verdict; here the leaf comes first. */
#include "trace/page_parts.h"

#include "trace/text.h"

#include <stdio.h>
#include <string.h>

enum { CARDS = 24, BOX_WIDE = 270, BOX_HIGH = 62, GAP = 60, OTHERS = 60, WHYS = 64 };

/* One certificate: its checks are the events first .. verdict - 1 of the same host and connection. */
struct card { event_no first; const struct event *verdict; };
struct chain { struct card cards[CARDS]; unsigned n; };

static bool is_check_of(const struct event *e, const struct event *like)
{
    return e && e->kind == EVENT_CHECK && strcmp(e->layer, like->layer) == 0 && e->host == like->host
        && e->conn == like->conn;
}

static bool is_verdict(const struct event *e)
{
    return e && e->kind == EVENT_CHECK && strcmp(e->name, "certificate") == 0;
}

static const char *sign_of(const struct event *e)
{
    const char *verdict = event_text(e, "verdict");
    return strcmp(verdict, "accepted") == 0 ? "✓" : strcmp(verdict, "refused") == 0 ? "✗" : "–";
}

static const char *class_of(const struct event *e)
{
    const char *verdict = event_text(e, "verdict");
    return strcmp(verdict, "accepted") == 0 ? "good" : strcmp(verdict, "refused") == 0 ? "bad" : "other";
}

/* The next chain from event *n on, leaf first, what was not on the path last. False: there is no more. */
static bool take_chain(struct page *p, event_no *n, struct chain *c)
{
    struct card found[CARDS];
    unsigned n_found = 0, path = 0;
    const struct event *like = NULL;
    c->n = 0;
    for (event_no first = 0; *n <= tape_events(p->tape) && n_found < CARDS; ++*n) {
        const struct event *e = tape_event(p->tape, *n);
        if (!e || e->kind != EVENT_CHECK)
            continue;
        if (like && !is_check_of(e, like))
            break;
        first = first ? first : *n;
        if (is_verdict(e)) {
            found[n_found++] = (struct card){ first, e };
            like = e;
            first = 0;
        } else if (strcmp(e->layer, "x509") != 0) {
            first = 0;
        }
    }
    while (path < n_found && strcmp(event_text(found[path].verdict, "verdict"), "skipped") != 0)
        path++;
    for (unsigned i = path; i-- > 0;)
        c->cards[c->n++] = found[i];
    for (unsigned i = path; i < n_found; i++)
        c->cards[c->n++] = found[i];
    return n_found > 0;
}

/* "leaf CN=www.example.test" without what follows the colon. */
static void name_of(const struct event *verdict, char *out, size_t room)
{
    const char *label = verdict->label ? verdict->label : event_text(verdict, "subject"), *end = label + strlen(label);
    for (const char *at = label; (at = strstr(at, ": ")) != NULL; at++)
        end = at;
    snprintf(out, room, "%.*s", (int)(end - label), label);
}

/* The check of that name within a card; NULL: none was made. */
static const struct event *check_of(struct page *p, const struct card *card, const char *name)
{
    for (event_no n = card->first; n < card->verdict->n; n++) {
        const struct event *e = tape_event(p->tape, n);
        if (is_check_of(e, card->verdict) && strcmp(e->name, name) == 0)
            return e;
    }
    return NULL;
}

static void draw_box(struct page *p, const struct chain *c, unsigned i)
{
    char name[200], line[60] = "";
    const struct card *card = &c->cards[i];
    unsigned x = i * (BOX_WIDE + GAP) + 2;
    name_of(card->verdict, name, sizeof name);
    size_t role = strcspn(name, " ");
    const char *rest = name + role + (name[role] != 0);
    size_t fits = text_fit(rest, strlen(rest), 31);
    snprintf(line, sizeof line, "%.*s%s", (int)(fits < 50 ? fits : 50), rest, rest[fits] ? "…" : "");
    html_put(&p->html, "<a href=\"#chain-%llu\">"
             "<rect class=\"%s\" x=\"%u\" y=\"2\" width=\"%u\" height=\"%u\" rx=\"6\"/>",
             (unsigned long long)card->verdict->n, class_of(card->verdict), x, (unsigned)BOX_WIDE,
             (unsigned)BOX_HIGH);
    name[role] = 0;
    html_put(&p->html, "<text class=\"t name\" x=\"%u\" y=\"26\">%s %s</text>"
             "<text class=\"t small\" x=\"%u\" y=\"46\">%s</text></a>\n", x + 12, sign_of(card->verdict), name, x + 12,
             line);
}

static void draw(struct page *p, const struct chain *c)
{
    unsigned n = 0;
    while (n < c->n && strcmp(class_of(c->cards[n].verdict), "other") != 0)
        n++;
    if (!n)
        return;
    html_put(&p->html, "<figure class=\"wide\"><svg class=\"path\" viewBox=\"0 0 %u %u\" role=\"group\" "
             "aria-label=\"leaf to root\">\n", n * (BOX_WIDE + GAP) - GAP + 4, (unsigned)BOX_HIGH + 4);
    for (unsigned i = 0; i < n; i++) {
        draw_box(p, c, i);
        if (i + 1 == n)
            break;
        const struct event *signature = check_of(p, &c->cards[i], "signature");
        const char *class = signature ? class_of(signature) : "other";
        unsigned x = (i + 1) * (BOX_WIDE + GAP) - GAP + 2, y = BOX_HIGH / 2 + 2;
        html_put(&p->html, "<path class=\"%s\" d=\"M%u %uH%u\"/><path class=\"head %s\" d=\"M%u %ul8 -5v10z\"/>",
                 class, x + 10, y, x + GAP - 4, class, x + 4, y);
        html_put(&p->html, "<text class=\"t mark\" x=\"%u\" y=\"%u\">%s</text>\n", x + GAP / 2, y - 8,
                 signature ? sign_of(signature) : "");
    }
    html_put(&p->html, "</svg></figure>\n");
}

static void write_check(struct page *p, const struct event *e, bool with_step)
{
    html_put(&p->html, "<tr class=\"%s at\" data-step=%u><th scope=row>", class_of(e), page_step_of(p, e));
    page_code(p, with_step && *event_text(e, "subject") ? event_text(e, "subject") : e->name);
    html_put(&p->html, "</th><td>");
    page_phrase(p, event_text(e, "expected"));
    html_put(&p->html, "</td><td>");
    page_phrase(p, event_text(e, "found"));
    html_put(&p->html, "</td><td class=verdict>%s ", sign_of(e));
    page_phrase(p, event_text(e, "verdict"));
    html_put(&p->html, "</td><td>");
    page_rfc(p, e->rfc);
    if (with_step) {
        html_put(&p->html, "</td><td>");
        page_host(p, e->host);
        html_put(&p->html, " ");
        page_step_link(p, page_step_of(p, e));
    }
    html_put(&p->html, "</td></tr>\n");
}

static void begin_checks(struct page *p, bool with_step)
{
    static const char *const columns[] = { "page check", "page check expected", "page check found",
                                           "page check verdict" };
    html_put(&p->html, "<div class=\"wide\"><table class=\"checks\">\n<thead><tr>");
    for (unsigned i = 0; i < sizeof columns / sizeof *columns; i++) {
        html_put(&p->html, "<th scope=\"col\">");
        page_ui(p, columns[i]);
        html_put(&p->html, "</th>");
    }
    html_put(&p->html, "<th scope=\"col\">RFC</th>");
    if (with_step) {
        html_put(&p->html, "<th scope=\"col\">");
        page_ui(p, "page check where");
        html_put(&p->html, "</th>");
    }
    html_put(&p->html, "</tr></thead>\n<tbody>\n");
}

/* Where its octets stand, each with its name: at the packet that brought them. One from a store came in none. */
static void write_octets_link(struct page *p, const struct event *verdict)
{
    const struct page_buffer *b = page_buffer_of(p, verdict->buf);
    if (!b || !b->step)
        return;
    html_put(&p->html, "<dt>");
    page_ui(p, "page chain octets");
    html_put(&p->html, "</dt><dd>");
    page_step_link(p, b->step);
    html_put(&p->html, "</dd>");
}

static void write_card(struct page *p, const struct card *card)
{
    char name[200];
    const struct event *v = card->verdict;
    name_of(v, name, sizeof name);
    html_put(&p->html, "<li class=\"cert %s at\" id=\"chain-%llu\" data-step=%u>\n<h3>%s %s</h3>\n", class_of(v),
             (unsigned long long)v->n, page_step_of(p, v), sign_of(v), name);
    html_put(&p->html, "<p class=\"about\">");
    page_phrase(p, event_text(v, "why"));
    html_put(&p->html, "</p>\n<dl class=\"about\"><dt>subject</dt><dd>%s</dd><dt>issuer</dt><dd>%s</dd>",
             event_text(v, "subject"), event_text(v, "issuer"));
    write_octets_link(p, v);
    html_put(&p->html, "</dl>\n");
    html_put(&p->html, "<details class=\"fold\" open><summary>");
    page_ui(p, "page chain checks");
    html_put(&p->html, "</summary>\n");
    begin_checks(p, false);
    for (event_no n = card->first; n < v->n; n++)
        if (is_check_of(tape_event(p->tape, n), v))
            write_check(p, tape_event(p->tape, n), false);
    html_put(&p->html, "</tbody></table></div>\n</details>\n</li>\n");
}

/* Finished, signatures of the handshake, segments that were not taken. */
static void write_others(struct page *p)
{
    unsigned n_others = 0;
    for (event_no n = 1; n <= tape_events(p->tape) && n_others < OTHERS; n++) {
        const struct event *e = tape_event(p->tape, n);
        if (!e || e->kind != EVENT_CHECK || strcmp(e->layer, "x509") == 0)
            continue;
        if (n_others++ == 0) {
            html_put(&p->html, "<h3>");
            page_ui(p, "page chain others");
            html_put(&p->html, "</h3>\n");
            begin_checks(p, true);
        }
        write_check(p, e, true);
    }
    if (n_others)
        html_put(&p->html, "</tbody></table></div>\n");
}

/* Why there are such checks at all: each that was made, once. */
static void write_whys(struct page *p)
{
    const char *said[WHYS];
    unsigned n_said = 0;
    for (event_no n = 1; n <= tape_events(p->tape) && n_said < WHYS; n++) {
        const struct event *e = tape_event(p->tape, n);
        char key[96];
        unsigned k = 0;
        if (!e || e->kind != EVENT_CHECK || strcmp(e->layer, "x509") != 0 || is_verdict(e))
            continue;
        while (k < n_said && strcmp(said[k], e->name) != 0)
            k++;
        snprintf(key, sizeof key, "%s.%s", e->layer, e->name);
        if (k < n_said || !words_find(p->options->words[0], "why", key))
            continue;
        if (n_said == 0) {
            html_put(&p->html, "<details class=\"fold\"><summary>");
            page_ui(p, "page chain why");
            html_put(&p->html, "</summary>\n<dl class=\"about\" id=\"chain-why\">\n");
        }
        said[n_said++] = e->name;
        html_put(&p->html, "<dt><code>%s</code></dt><dd>", e->name);
        page_say(p, "why", key, e);
        html_put(&p->html, "</dd>\n");
    }
    if (n_said)
        html_put(&p->html, "</dl>\n</details>\n");
}

void page_chain(struct page *p)
{
    struct chain c;
    page_panel_begin(p, "chain");
    for (event_no n = 1; take_chain(p, &n, &c);) {
        draw(p, &c);
        html_put(&p->html, "<ol class=\"chain\">\n");
        for (unsigned i = 0; i < c.n; i++)
            write_card(p, &c.cards[i]);
        html_put(&p->html, "</ol>\n");
    }
    write_whys(p);
    write_others(p);
    page_panel_end(p);
}
