/* TCP over time, as each end saw it: its sequence numbers, its windows, its timer. What is drawn are the sender's own
 * segments and its `vars` events; a picture has one column a point, and what happens within a column is joined. */
#include "trace/page_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WIDE = 960, HIGH = 280, LEFT = 84, RIGHT = 948, TOP = 34, BOTTOM = 248, TICKS = 6, FLOWS = 8, SINGLE = 400,
       NO_SSTHRESH = 1 << 30 };

/* One end of one connection. */
struct flow { uint16_t host; uint32_t conn, isn; uint64_t segments, octets, again; };

struct plot {
    struct page *page;
    const struct flow *flow;
    nsec first, last;                                 /* what the x axis spans; since the run's start */
    uint64_t most;                                    /* the y axis: from 0 */
    const char *name;
};

/* A line of steps, column by column. */
struct line { struct html *html; bool begun; unsigned x, low, high, y; };

static unsigned x_of(const struct plot *p, nsec t)
{
    nsec within = t < p->first ? 0 : t > p->last ? p->last - p->first : t - p->first;
    return (unsigned)(LEFT + within * (RIGHT - LEFT) / (p->last > p->first ? p->last - p->first : 1));
}

static unsigned y_of(const struct plot *p, uint64_t value)
{
    return (unsigned)(BOTTOM - (value > p->most ? p->most : value) * (BOTTOM - TOP) / p->most);
}

static void end_column(struct line *l)
{
    if (l->low < l->y || l->high > l->y)
        html_put(l->html, "V%uV%uV%u", l->low, l->high, l->y);
}

static void line_to(struct line *l, unsigned x, unsigned y)
{
    if (l->begun && x == l->x) {
        l->low = y < l->low ? y : l->low;
        l->high = y > l->high ? y : l->high;
        l->y = y;
        return;
    }
    if (l->begun) {
        end_column(l);
        html_put(l->html, "H%uV%u", x, y);
    } else {
        html_put(l->html, "M%u %u", x, y);
    }
    *l = (struct line){ l->html, true, x, y, y, y };
}

/* A value above the axis is not drawn: the line stops there. */
static void line_stop(struct line *l)
{
    if (l->begun)
        end_column(l);
    l->begun = false;
}

/* ---- axes ---- */

/* 1, 2, 5, 10, 20 ...: so that at most TICKS fit */
static uint64_t tick_of(uint64_t most)
{
    for (uint64_t tick = 1;; tick *= 10)
        for (unsigned i = 1; i <= 5; i += i == 1 ? 1 : 3)
            if (most / (i * tick) <= TICKS)
                return i * tick;
}

/* A word in both languages, of which the page shows one; itself where the catalogue has none. */
static void write_words(struct page *p, const char *name, unsigned x, unsigned y)
{
    const char *en = words_ui(p->options->words[0], name), *zh = words_ui(p->options->words[1], name);
    bool both = strcmp(en, zh) != 0;
    html_put(&p->html, both ? "<text class=\"t small\" x=\"%u\" y=\"%u\" lang=\"en\">%s</text>"
                            : "<text class=\"t small\" x=\"%u\" y=\"%u\">%s</text>", x, y, en);
    if (both)
        html_put(&p->html, "<text class=\"t small\" x=\"%u\" y=\"%u\" lang=\"zh\">%s</text>", x, y, zh);
}

static void write_axes(const struct plot *p, const char *unit)
{
    struct html *h = &p->page->html;
    uint64_t tick = tick_of(p->most);
    html_put(h, "<path class=\"axis\" d=\"M%u %uV%uH%u\"/>", (unsigned)LEFT, (unsigned)TOP, (unsigned)BOTTOM,
             (unsigned)RIGHT);
    for (uint64_t v = 0; v <= p->most; v += tick)
        html_put(h, "<path class=\"grid\" d=\"M%u %uH%u\"/><text class=\"t small end\" x=\"%u\" y=\"%u\">%llu</text>",
                 (unsigned)LEFT, y_of(p, v), (unsigned)RIGHT, (unsigned)LEFT - 6, y_of(p, v) + 4,
                 (unsigned long long)v);
    bool fine = p->last - p->first < 10 * MILLISECOND;
    nsec one = fine ? MICROSECOND : MILLISECOND, end = p->last / one;
    nsec step = (nsec)tick_of((uint64_t)(end - p->first / one));
    for (nsec t = (p->first / one + step - 1) / step * step; t <= end; t += step)
        html_put(h, "<text class=\"t small middle\" x=\"%u\" y=\"%u\">%llu</text>", x_of(p, t * one),
                 (unsigned)BOTTOM + 16, (unsigned long long)t);
    html_put(h, "<text class=\"t small end\" x=\"%u\" y=\"%u\">%s</text>\n", (unsigned)RIGHT, (unsigned)BOTTOM + 30,
             fine ? "µs" : "ms");
    write_words(p->page, unit, 4, 14);
}

struct legend { const char *class, *name; };

static void begin_plot(const struct plot *p, const char *unit, const struct legend *legend, unsigned n)
{
    struct html *h = &p->page->html;
    html_put(h, "<svg class=\"plot\" viewBox=\"0 0 %u %u\" role=\"group\" aria-label=\"%s\" "
             "aria-describedby=\"plots-says-%u-%u\">\n", (unsigned)WIDE, (unsigned)HIGH, p->name,
             (unsigned)p->flow->host, p->flow->conn);
    write_axes(p, unit);
    for (unsigned i = 0, x = LEFT + 40; i < n; i++) {
        html_put(h, "<path class=\"%s\" d=\"M%u 10h28\"/>", legend[i].class, x);
        write_words(p->page, legend[i].name, x + 34, 14);
        x += 60 + 7 * (unsigned)strlen(words_ui(p->page->options->words[0], legend[i].name));
    }
}

static void end_plot(const struct plot *p)
{
    html_put(&p->page->html, "<path class=\"upright\" d=\"M0 %uV%u\"/>\n</svg>\n", (unsigned)TOP - 8, (unsigned)BOTTOM);
}

/* ---- what is read ---- */

static uint64_t number(const struct event *e, const char *name)
{
    const struct attr *a = event_attr(e, name);
    return a && a->type == ATTR_NUMBER ? a->number : 0;
}

static bool is_vars(const struct event *e, const struct flow *f)
{
    return e && e->kind == EVENT_VARS && e->host == f->host && e->conn == f->conn;
}

/* A segment that this end sent. */
static bool is_segment(const struct page *p, uint32_t step, const struct flow *f)
{
    const struct page_step *s = &p->steps[step];
    return s->packet && s->from == f->host && s->packet->conn == f->conn && event_attr(s->packet, "seq");
}

static nsec time_of(const struct plot *p, const struct event *e) { return e->t - trace_start(p->page->trace); }

/* Value of a line at an event; false: nothing to draw. */
typedef bool value_of(const struct plot *, const struct event *, uint64_t *);

static bool acknowledged(const struct plot *p, const struct event *e, uint64_t *v)
{
    *v = (uint32_t)(number(e, "snd_una") - p->flow->isn);
    return true;
}

static bool edge(const struct plot *p, const struct event *e, uint64_t *v)
{
    *v = (uint32_t)(number(e, "snd_una") - p->flow->isn) + number(e, "snd_wnd");
    return true;
}

static bool of_cwnd(const struct plot *p, const struct event *e, uint64_t *v)
{
    (void)p;
    *v = number(e, "cwnd");
    return true;
}

static bool of_in_flight(const struct plot *p, const struct event *e, uint64_t *v)
{
    (void)p;
    *v = number(e, "in_flight");
    return true;
}

/* Variables are told when something came, so what a segment adds to them is added here. */
static uint64_t in_flight_with(const struct plot *p, const struct event *e, uint64_t una)
{
    uint64_t end = (uint32_t)(number(e, "seq") - p->flow->isn) + number(e, "length");
    return end > una ? end - una : 0;
}

/* The octets that are under way, after each event of the sender. */
static uint64_t walk_flight(const struct plot *p, struct line *l)
{
    uint64_t most = 0, una = 0, now = 0;
    for (event_no n = 1; n <= tape_events(p->page->tape); n++) {
        const struct event *e = tape_event(p->page->tape, n);
        if (is_vars(e, p->flow)) {
            acknowledged(p, e, &una);
            of_in_flight(p, e, &now);
        } else if (e && e->kind == EVENT_PACKET && is_segment(p->page, buf_count(e->buf), p->flow)) {
            uint64_t with = in_flight_with(p, e, una);
            now = with > now ? with : now;
        } else {
            continue;
        }
        most = now > most ? now : most;
        if (l)
            line_to(l, x_of(p, time_of(p, e)), y_of(p, now));
    }
    return most;
}

/* Until the first loss it is as high as can be. */
static bool of_ssthresh(const struct plot *p, const struct event *e, uint64_t *v)
{
    (void)p;
    *v = number(e, "ssthresh");
    return *v < NO_SSTHRESH;
}

static bool of_rto(const struct plot *p, const struct event *e, uint64_t *v)
{
    (void)p;
    *v = number(e, "rto_ns") / (uint64_t)MILLISECOND;
    return true;
}

static bool of_srtt(const struct plot *p, const struct event *e, uint64_t *v)
{
    (void)p;
    *v = number(e, "srtt_ns") / (uint64_t)MILLISECOND;
    return *v > 0;
}

/* Each round trip that was measured, where it was. */
static void draw_samples(const struct plot *p)
{
    uint64_t now, before = 0;
    html_put(&p->page->html, "<path class=\"rtt\" d=\"");
    for (event_no n = 1; n <= tape_events(p->page->tape); n++) {
        const struct event *e = tape_event(p->page->tape, n);
        if (!is_vars(e, p->flow) || (now = number(e, "rtt_ns")) == before)
            continue;
        html_put(&p->page->html, "M%u %uh0", x_of(p, time_of(p, e)), y_of(p, now / (uint64_t)MILLISECOND));
        before = now;
    }
    html_put(&p->page->html, "\"/>\n");
}

static void draw_line(const struct plot *p, const char *class, value_of *value)
{
    struct line l = { .html = &p->page->html };
    html_put(l.html, "<path class=\"%s\" d=\"", class);
    unsigned x = RIGHT;
    for (event_no n = 1; n <= tape_events(p->page->tape); n++) {
        const struct event *e = tape_event(p->page->tape, n);
        uint64_t v;
        if (!is_vars(e, p->flow))
            continue;
        x = x_of(p, time_of(p, e));
        if (value(p, e, &v) && v <= p->most)
            line_to(&l, x, y_of(p, v));
        else
            line_stop(&l);
    }
    if (l.begun && l.x < RIGHT)
        line_to(&l, RIGHT, l.y);
    line_stop(&l);
    html_put(l.html, "\"/>\n");
}

static uint64_t most_of(const struct plot *p, value_of *const *values, unsigned n_values)
{
    uint64_t most = 1, v;
    for (event_no n = 1; n <= tape_events(p->page->tape); n++)
        for (unsigned i = 0; is_vars(tape_event(p->page->tape, n), p->flow) && i < n_values; i++)
            if (values[i](p, tape_event(p->page->tape, n), &v) && v > most)
                most = v;
    return most + most / 10 + 1;
}

/* ---- the three pictures of one end ---- */

/* Each kind of segment has a shape of its own: a bar with feet; sent again: crossed; lost: with a circle at its end. */
static void draw_segment(const struct plot *p, uint32_t step, bool single)
{
    struct html *h = &p->page->html;
    const struct page_step *s = &p->page->steps[step];
    uint64_t from = (uint32_t)(number(s->packet, "seq") - p->flow->isn), n = number(s->packet, "length");
    unsigned x = x_of(p, time_of(p, s->packet)), low = y_of(p, from), high = y_of(p, from + n);
    if (single)
        html_put(h, "<a href=\"#%u\" class=\"at%s\" data-step=%u><title>#%u %s</title>", step,
                 s->repeated ? " again" : s->lost ? " lost" : "", step, step, s->what);
    html_put(h, "<path class=\"segment\" d=\"M%u %uh8m-4 0V%um-4 0h8\"/>", x - 4, low, high);
    if (s->repeated)
        html_put(h, "<path class=\"segment again\" d=\"M%u %ul10 10m0 -10l-10 10\"/>", x - 5, (low + high) / 2 - 5);
    if (s->lost)
        html_put(h, "<circle class=\"segment\" cx=\"%u\" cy=\"%u\" r=\"5\"/>", x, high - 5);
    html_put(h, single ? "</a>\n" : "\n");
}

/* Many segments: those of one column that follow on each other are one bar. */
static void draw_segments(const struct plot *p)
{
    bool single = p->page->n_steps <= SINGLE;
    unsigned column = 0, low = 0, high = 0;
    bool open = false;
    for (uint32_t i = 1; i <= p->page->n_steps; i++) {
        if (!is_segment(p->page, i, p->flow))
            continue;
        const struct page_step *s = &p->page->steps[i];
        if (single || s->repeated || s->lost) {
            draw_segment(p, i, single);
            continue;
        }
        uint64_t from = (uint32_t)(number(s->packet, "seq") - p->flow->isn), n = number(s->packet, "length");
        unsigned x = x_of(p, time_of(p, s->packet)), bottom = y_of(p, from), top = y_of(p, from + n);
        if (open && x == column && bottom + 2 >= high) {
            high = top < high ? top : high;
            continue;
        }
        if (open)
            html_put(&p->page->html, "<path class=\"segment\" d=\"M%u %uV%u\"/>\n", column, low, high);
        open = true;
        column = x, low = bottom, high = top;
    }
    if (open)
        html_put(&p->page->html, "<path class=\"segment\" d=\"M%u %uV%u\"/>\n", column, low, high);
}

static void draw_sequence(struct plot p)
{
    static const struct legend legend[] = { { "segment", "page plots segments" }, { "ack", "snd_una" },
                                            { "edge", "snd_una + snd_wnd" }, { "sample", "page plots again" },
                                            { "sample", "page plots lost" } };
    p.most = 1;
    for (uint32_t i = 1; i <= p.page->n_steps; i++)
        if (is_segment(p.page, i, p.flow)) {
            const struct event *e = p.page->steps[i].packet;
            uint64_t end = (uint32_t)(number(e, "seq") - p.flow->isn) + number(e, "length");
            p.most = end > p.most ? end : p.most;
        }
    p.most += p.most / 8 + 1;
    p.name = "seq";
    begin_plot(&p, "seq", legend, sizeof legend / sizeof *legend);
    draw_line(&p, "edge", edge);
    draw_line(&p, "ack", acknowledged);
    draw_segments(&p);
    end_plot(&p);
}

static bool same_state(const struct event *a, const struct event *b)
{
    return strcmp(event_text(a, "congestion"), event_text(b, "congestion")) == 0;
}

/* Where congestion control was in another state than `open`: a band behind the lines, named where one points. */
static void draw_bands(const struct plot *p)
{
    struct html *h = &p->page->html;
    const struct event *since = NULL;
    for (event_no n = 1; n <= tape_events(p->page->tape) + 1; n++) {
        const struct event *e = tape_event(p->page->tape, n);
        bool end = n > tape_events(p->page->tape);
        if (!end && (!is_vars(e, p->flow) || (since && same_state(e, since))))
            continue;
        const char *state = since ? event_text(since, "congestion") : "";
        unsigned from = since ? x_of(p, time_of(p, since)) : 0, to = end ? RIGHT : x_of(p, time_of(p, e));
        if (*state && strcmp(state, "open") != 0)
            html_put(h, "<g><title>%s</title><path class=\"band %s\" d=\"M%u %uH%uV%uH%uz\"/></g>\n", state,
                     state, from, (unsigned)TOP, to > from ? to : from + 1, (unsigned)BOTTOM, from);
        since = e;
    }
}

static void draw_windows(struct plot p)
{
    static const struct legend legend[] = { { "cwnd", "cwnd" }, { "ssthresh", "ssthresh" }, { "flight", "in_flight" },
                                            { "sample", "page plots bands" } };
    static value_of *const values[] = { of_cwnd, of_ssthresh };
    uint64_t flight = walk_flight(&p, NULL);
    p.most = most_of(&p, values, 2);
    p.most = flight > p.most ? flight + flight / 10 : p.most;
    p.name = "cwnd, ssthresh, in_flight";
    begin_plot(&p, "page octets", legend, sizeof legend / sizeof *legend);
    draw_bands(&p);
    draw_line(&p, "ssthresh", of_ssthresh);
    draw_line(&p, "cwnd", of_cwnd);
    struct line l = { .html = &p.page->html };
    html_put(l.html, "<path class=\"flight\" d=\"");
    walk_flight(&p, &l);
    line_stop(&l);
    html_put(l.html, "\"/>\n");
    end_plot(&p);
}

static void draw_timer(struct plot p)
{
    static const struct legend legend[] = { { "rto", "rto" }, { "srtt", "srtt" }, { "rtt", "page plots rtt" },
                                            { "sample", "page plots fired" } };
    static value_of *const values[] = { of_rto, of_srtt };
    p.most = most_of(&p, values, 2);
    p.name = "rto, srtt";
    begin_plot(&p, "ms", legend, sizeof legend / sizeof *legend);
    draw_samples(&p);
    draw_line(&p, "rto", of_rto);
    draw_line(&p, "srtt", of_srtt);
    for (event_no n = 1; n <= tape_events(p.page->tape); n++) {
        const struct event *e = tape_event(p.page->tape, n);
        if (e && e->kind == EVENT_TIMER && e->host == p.flow->host && e->conn == p.flow->conn &&
            strcmp(event_text(e, "timer"), "rto") == 0 && strcmp(event_text(e, "what"), "fired") == 0)
            html_put(&p.page->html, "<path class=\"fired\" d=\"M%u %ul-5 9h10z\"/>\n", x_of(&p, time_of(&p, e)),
                     (unsigned)BOTTOM - 10);
    }
    end_plot(&p);
}

/* ---- all of them ---- */

static void read_flow(const struct page *p, struct flow *f)
{
    for (uint32_t i = 1; i <= p->n_steps; i++) {
        if (!is_segment(p, i, f))
            continue;
        const struct event *e = p->steps[i].packet;
        f->isn = f->segments++ ? f->isn : (uint32_t)(number(e, "seq") - number(e, "seq_relative"));
        f->octets += number(e, "length");
        f->again += p->steps[i].repeated;
    }
}

static unsigned find_flows(const struct page *p, struct flow flows[FLOWS])
{
    unsigned n_flows = 0;
    for (event_no n = 1; n <= tape_events(p->tape) && n_flows < FLOWS; n++) {
        const struct event *e = tape_event(p->tape, n);
        bool known = !e || e->kind != EVENT_VARS;
        for (unsigned i = 0; i < n_flows && !known; i++)
            known = is_vars(e, &flows[i]);
        if (known)
            continue;
        flows[n_flows] = (struct flow){ .host = e->host, .conn = e->conn };
        read_flow(p, &flows[n_flows]);
        n_flows += flows[n_flows].segments > 0;
    }
    return n_flows;
}

static void write_flow(struct plot *plot, const struct flow *f)
{
    struct page *p = plot->page;
    const struct trace_host *host = trace_host_of(p->trace, f->host);
    const struct attr attrs[] = { attr_text("sender", host ? host->name : "?"), attr_number("segments", f->segments),
                                  attr_number("octets", f->octets), attr_number("again", f->again) };
    plot->flow = f;
    html_put(&p->html, "<figure class=\"flow wide\">\n<figcaption id=\"plots-says-%u-%u\">", (unsigned)f->host,
             f->conn);
    page_say(p, "ui", "page plots says", &(struct event){ .attrs = attrs, .n_attrs = sizeof attrs / sizeof *attrs });
    html_put(&p->html, "</figcaption>\n");
    draw_sequence(*plot);
    draw_windows(*plot);
    draw_timer(*plot);
    html_put(&p->html, "</figure>\n");
}

/* For the cursor: where each step is on the x axis, which all plots share. */
static void write_cursor(const struct plot *plot)
{
    const struct page *p = plot->page;
    html_put(&plot->page->html, "<div class=\"plots\" data-cursor=\"");
    for (uint32_t i = 1; i <= p->n_steps; i++)
        html_put(&plot->page->html, i > 1 ? " %u" : "%u",
                 p->steps[i].packet ? x_of(plot, time_of(plot, p->steps[i].packet)) : (unsigned)LEFT);
    html_put(&plot->page->html, "\">\n");
}

void page_plots(struct page *p)
{
    struct flow flows[FLOWS];
    unsigned n = find_flows(p, flows);
    struct plot plot = { .page = p, .first = INT64_MAX };
    for (uint32_t i = 1; i <= p->n_steps; i++)
        if (p->steps[i].packet) {
            nsec t = time_of(&plot, p->steps[i].packet);
            plot.first = t < plot.first ? t : plot.first;
            plot.last = t > plot.last ? t : plot.last;
        }
    page_panel_begin(p, "plots");
    if (n) {
        html_put(&p->html, "<p>");
        page_ui(p, "page plots how");
        html_put(&p->html, "</p>\n");
        write_cursor(&plot);
        for (unsigned i = 0; i < n; i++)
            write_flow(&plot, &flows[i]);
        html_put(&p->html, "</div>\n");
    }
    page_panel_end(p);
}
