/* A link lab as a page: its curves drawn, its figures as a table. It asks for nothing and runs nothing. */
#include "cmd/lab.h"
#include "cmd/words.h"
#include "trace/html.h"

#include <inttypes.h>
#include <string.h>

enum { WIDE = 900, HIGH = 240, LEFT = 80, RIGHT = 890, TOP = 30, BOTTOM = 210, COLUMNS = 400, TICKS = 4 };

static const char *const colours[LINK_FLOWS] = { "#0072b2", "#d55e00", "#009e73", "#cc79a7" };
static const char *const dashes[LINK_FLOWS] = { "none", "8 4", "2 3", "12 3 2 3" };

static void text(struct html *h, unsigned x, unsigned y, const char *anchor, const char *what)
{
    html_put(h, "<text x=\"%u\" y=\"%u\" text-anchor=\"%s\" font-size=\"13\" font-family=\"sans-serif\" "
             "fill=\"currentColor\">%s</text>\n", x, y, anchor, what);
}

static void axes(struct html *h, const struct link_lab *l, uint64_t top)
{
    char word[32];
    for (unsigned i = 0; i <= TICKS; i++) {
        unsigned y = BOTTOM - i * (BOTTOM - TOP) / TICKS;
        html_put(h, "<path d=\"M%u %uH%u\" stroke=\"currentColor\" stroke-opacity=\"0.25\"/>\n", (unsigned)LEFT, y,
                 (unsigned)RIGHT);
        snprintf(word, sizeof word, "%" PRIu64, top * i / TICKS);
        if (top * i % TICKS == 0)
            text(h, LEFT - 6, y + 4, "end", word);
    }
    for (unsigned i = 0; i <= TICKS; i++) {
        nsec ms = l->length / MILLISECOND * i / TICKS;
        snprintf(word, sizeof word, "%lld.%lld s", (long long)(ms / 1000), (long long)(ms % 1000 / 100));
        text(h, LEFT + i * (RIGHT - LEFT) / TICKS, BOTTOM + 18, i == TICKS ? "end" : "middle", word);
    }
}

static void curve(struct html *h, const struct link_lab *l, const struct lab_curve *c, unsigned flow, uint64_t top)
{
    bool begun = false;
    html_put(h, "<path fill=\"none\" stroke-width=\"2\" stroke=\"%s\" stroke-dasharray=\"%s\" d=\"",
             colours[flow], dashes[flow]);
    for (unsigned i = 0; i < COLUMNS; i++) {
        struct lab_part p = lab_part(l, i, COLUMNS);
        if (l->every * p.to < l->flows[flow].since)
            continue;
        uint64_t v = c->value(l, flow, p.from, p.to);
        html_put(h, begun ? "L%u %u" : "M%u %u", LEFT + i * (RIGHT - LEFT) / (COLUMNS - 1),
                 (unsigned)(BOTTOM - v * (BOTTOM - TOP) / top));
        begun = true;
    }
    html_put(h, "\"/>\n");
}

static void figure(struct html *h, const struct link_lab *l, const struct lab_curve *c)
{
    uint64_t top = lab_top(l, c, COLUMNS);
    char said[WORDS_TEXT], word[32];
    const char *name = words_said(c->name, said);
    html_put(h, "<figure>\n<figcaption>%s</figcaption>\n<svg viewBox=\"0 0 %u %u\" role=\"img\" aria-label=\"%s\">\n",
             name, (unsigned)WIDE, (unsigned)HIGH, name);
    axes(h, l, top);
    for (unsigned f = 0; f < (c->one ? 1 : l->n_flows); f++) {
        curve(h, l, c, f, top);
        if (c->one)
            continue;
        html_put(h, "<path stroke-width=\"2\" stroke=\"%s\" stroke-dasharray=\"%s\" d=\"M%u 12h34\"/>\n", colours[f],
                 dashes[f], LEFT + f * 90);
        snprintf(word, sizeof word, "%u", f + 1);
        text(h, LEFT + f * 90 + 40, 17, "start", word);
    }
    html_put(h, "</svg>\n</figure>\n");
}

static void table(struct html *h, const struct link_lab *l)
{
    static const char *const heads[] = { "flow", "begins, ms", "octets acknowledged", "octets sent", "packets lost" };
    char said[WORDS_TEXT];
    html_put(h, "<table>\n<tr>");
    for (unsigned i = 0; i < sizeof heads / sizeof *heads; i++)
        html_put(h, "<th>%s</th>", words_said(heads[i], said));
    html_put(h, "</tr>\n");
    for (unsigned f = 0; f < l->n_flows; f++)
        html_put(h, "<tr><td>%u</td><td>%llu</td><td>%llu</td><td>%llu</td><td>%llu</td></tr>\n", f + 1,
                 (unsigned long long)(l->flows[f].since / MILLISECOND), (unsigned long long)l->flows[f].acked,
                 (unsigned long long)l->flows[f].sent, (unsigned long long)l->flows[f].lost);
    html_put(h, "</table>\n");
}

bool lab_page(struct sink *sink, const struct link_lab *l, const char *title, const char *command)
{
    static const char policy[] = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
    static const char style[] = "<style>body{font-family:sans-serif;max-width:60rem;margin:1rem auto;padding:0 1rem;"
                                "color-scheme:light dark}figure{margin:1.5rem 0}th,td{padding:.2rem .8rem;"
                                "text-align:right}code{overflow-wrap:anywhere}</style>\n";
    struct html h = html_over(sink);
    char fair[WORDS_TEXT], said[WORDS_TEXT];
    unsigned index = link_lab_fairness(l);
    html_put(&h, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n",
             words_spoken() == words_in("zh") ? "zh-Hans" : "en");
    html_put(&h, "<meta http-equiv=\"Content-Security-Policy\" content=\"%s\">\n", policy);
    html_put(&h, "<meta name=\"viewport\" content=\"width=device-width\">\n<title>%s</title>\n", title);
    html_raw(&h, style, strlen(style));
    html_put(&h, "</head>\n<body>\n<h1>%s</h1>\n<p><code>%s</code></p>\n", title, command);
    for (unsigned i = 0; i < LAB_CURVES; i++)
        figure(&h, l, &lab_curves[i]);
    table(&h, l);
    snprintf(fair, sizeof fair, "%u.%03u", index / 1000, index % 1000);
    html_put(&h, "<p>%s %s</p>\n</body>\n</html>\n",
             words_said("Jain's index of fairness, while all of them ran:", said), fair);
    return html_end(&h);
}
