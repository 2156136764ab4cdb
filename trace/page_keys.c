/* How each key follows from the others. What went into a key is found by its octets: an event's inputs are those of its
 * values that an earlier event made. Both hosts make most keys: where name and value are the same, it is one key. */
#include "trace/page_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEYS = 48, INPUTS = 8, ROWS = 10, NO_KEY = 255, WIDTH = 960, ROW = 96, BOX = 52, LONGEST = 160 };

/* made: the events of the hosts that made it; none for what came from elsewhere, a part of somebody's seed. */
struct key {
    char part[48];
    struct bytes value;
    const struct event *made[2];
    unsigned n_made, inputs[INPUTS], n_inputs, row;
    bool secret, used, placed;
    unsigned x, wide;
};

struct keys { struct page *page; struct key at[KEYS]; unsigned n; unsigned rows; };

/* ---- reading ---- */

/* What a derivation made stands in one of these. */
static const struct attr *made_by(const struct event *e)
{
    static const char *const names[] = { "encrypted", "secret", "digest", "verify_data" };
    bool opened = event_attr(e, "secret") != NULL && event_attr(e, "encrypted") != NULL;
    for (unsigned i = opened; i < sizeof names / sizeof *names; i++)
        if (event_attr(e, names[i]))
            return event_attr(e, names[i]);
    return NULL;
}

static bool same(struct bytes a, struct bytes b) { return a.n == b.n && a.n && memcmp(a.at, b.at, a.n) == 0; }

static unsigned key_of(const struct keys *k, const char *name, struct bytes value)
{
    for (unsigned i = 0; i < k->n; i++)
        if (strcmp(k->at[i].part, name) == 0 && same(k->at[i].value, value))
            return i;
    return NO_KEY;
}

static unsigned add_key(struct keys *k, const char *name, struct bytes value, bool secret)
{
    unsigned i = key_of(k, name, value);
    if (i != NO_KEY || k->n == KEYS)
        return i;
    struct key *key = &k->at[k->n];
    snprintf(key->part, sizeof key->part, "%s", name);
    key->value = value;
    key->secret = secret;
    return k->n++;
}

/* Is `key` made of `of`, over however many steps? */
static bool is_made_of(const struct keys *k, unsigned key, unsigned of)
{
    if (key == of)
        return true;
    for (unsigned m = 0; m < k->at[key].n_inputs; m++)
        if (is_made_of(k, k->at[key].inputs[m], of))
            return true;
    return false;
}

/* What one end encrypts the other decrypts: that is no circle, the secret came first. */
static void add_input(struct keys *k, unsigned into, unsigned from)
{
    struct key *key = &k->at[into];
    if (from == NO_KEY || key->n_inputs == INPUTS || is_made_of(k, from, into))
        return;
    for (unsigned i = 0; i < key->n_inputs; i++)
        if (key->inputs[i] == from)
            return;
    key->inputs[key->n_inputs++] = from;
    key->used = k->at[from].used = true;
}

/* "client_random + server_random": each is as long as the others. A seed of one part is found by its octets. */
static void read_seed(struct keys *k, unsigned into, const struct event *e)
{
    const char *of = event_text(e, "seed_of");
    const struct attr *seed = event_attr(e, "seed");
    size_t parts = *of != 0, each;
    for (const char *at = of; (at = strstr(at, " + ")) != NULL; at += 3)
        parts++;
    if (!seed || !parts)
        return;
    each = seed->bytes.n / parts;
    for (size_t i = 0; i < parts; i++) {
        char name[48];
        size_t n = strcspn(of, "+");
        snprintf(name, sizeof name, "%.*s", (int)(of[n] ? n - 1 : n), of);
        add_input(k, into, add_key(k, name, (struct bytes){ seed->bytes.at + i * each, each }, false));
        of += of[n] ? n + 2 : n;
    }
}

/* Whose point is it that the peer sent? */
static unsigned owner_of_point(const struct keys *k, struct bytes point)
{
    for (unsigned i = 0; i < k->n; i++)
        for (unsigned m = 0; m < k->at[i].n_made; m++) {
            const struct attr *own = event_attr(k->at[i].made[m], "point");
            if (own && same(own->bytes, point))
                return i;
        }
    return NO_KEY;
}

static unsigned encrypted_as(const struct keys *k, const struct event *e)
{
    const struct attr *a = event_attr(e, "encrypted");
    for (unsigned i = 0; a && i < k->n; i++)
        if (same(k->at[i].value, a->bytes))
            return i;
    return NO_KEY;
}

static void read_key(struct keys *k, const struct event *e)
{
    const struct attr *made = made_by(e), *in = event_attr(e, "secret_in_value"), *point = event_attr(e, "peer_point");
    unsigned i = made ? add_key(k, e->name, made->bytes, made->type == ATTR_SECRET) : NO_KEY;
    if (i == NO_KEY)
        return;
    if (k->at[i].n_made < 2)
        k->at[i].made[k->at[i].n_made++] = e;
    if (in)
        add_input(k, i, key_of(k, event_text(e, "secret_in"), in->bytes));
    if (point)
        add_input(k, i, owner_of_point(k, point->bytes));
    add_input(k, i, encrypted_as(k, e));
    read_seed(k, i, e);
}

/* ---- layout ---- */

/* A key stands below all that it is made of; what is made of nothing directly above the first that needs it. */
static void find_rows(struct keys *k)
{
    for (unsigned pass = 0; pass < ROWS; pass++)
        for (unsigned i = 0; i < k->n; i++)
            for (unsigned m = 0; m < k->at[i].n_inputs; m++) {
                unsigned above = k->at[k->at[i].inputs[m]].row;
                if (k->at[i].row <= above && above + 1 < ROWS)
                    k->at[i].row = above + 1;
            }
    for (unsigned i = 0; i < k->n; i++) {
        unsigned nearest = ROWS;
        for (unsigned b = 0; b < k->n && !k->at[i].n_inputs; b++)
            for (unsigned m = 0; m < k->at[b].n_inputs; m++)
                if (k->at[b].inputs[m] == i && k->at[b].row < nearest)
                    nearest = k->at[b].row;
        if (nearest < ROWS && nearest > 0)
            k->at[i].row = nearest - 1;
        if (k->at[i].used && k->at[i].row + 1 > k->rows)
            k->rows = k->at[i].row + 1;
    }
}

/* Where what is made of it stands, on average; what nothing is made of goes to the right. */
static unsigned middle_below(const struct keys *k, unsigned i)
{
    unsigned sum = 0, n = 0;
    for (unsigned b = 0; b < k->n; b++)
        for (unsigned m = 0; m < k->at[b].n_inputs; m++)
            if (k->at[b].inputs[m] == i && k->at[b].placed)
                sum += k->at[b].x, n++;
    return n ? sum / n : WIDTH;
}

static void place_row(struct keys *k, unsigned row)
{
    unsigned order[KEYS], middle[KEYS], n = 0;
    for (unsigned i = 0; i < k->n; i++) {
        if (!k->at[i].used || k->at[i].row != row)
            continue;
        unsigned at = n++, m = middle_below(k, i);
        for (; at > 0 && middle[at - 1] > m; at--)
            order[at] = order[at - 1], middle[at] = middle[at - 1];
        order[at] = i;
        middle[at] = m;
    }
    for (unsigned i = 0; i < n; i++) {
        struct key *key = &k->at[order[i]];
        key->wide = WIDTH / n - 12 < 230 ? WIDTH / n - 12 : 230;
        key->x = (2 * i + 1) * WIDTH / (2 * n);
        key->placed = true;
    }
}

/* ---- the picture ---- */

static unsigned top_of(const struct key *key) { return 8 + key->row * ROW; }

static void draw_edges(struct keys *k)
{
    struct html *h = &k->page->html;
    for (unsigned i = 0; i < k->n; i++)
        for (unsigned m = 0; m < k->at[i].n_inputs; m++) {
            const struct key *from = &k->at[k->at[i].inputs[m]], *to = &k->at[i];
            unsigned y = top_of(from) + BOX, end = top_of(to);
            html_put(h, "<path class=\"edge\" id=\"keys-lit-%u-%u\" d=\"M%u %uC%u %u %u %u %u %u\"/>\n",
                     k->at[i].inputs[m], i, from->x, y, from->x, (y + end) / 2, to->x, (y + end) / 2, to->x, end);
        }
}

/* All that a key is made of, down to what came from nowhere: boxes by number, edges by two. */
static void write_lights(struct keys *k, unsigned i)
{
    bool lit[KEYS] = { false };
    lit[i] = true;
    for (unsigned pass = 0; pass < ROWS; pass++)
        for (unsigned b = 0; b < k->n; b++)
            for (unsigned m = 0; lit[b] && m < k->at[b].n_inputs; m++)
                lit[k->at[b].inputs[m]] = true;
    html_put(&k->page->html, " data-lights=\"");
    for (unsigned b = 0; b < k->n; b++) {
        if (!lit[b])
            continue;
        html_put(&k->page->html, "%u ", b);
        for (unsigned m = 0; m < k->at[b].n_inputs; m++)
            html_put(&k->page->html, "%u-%u ", k->at[b].inputs[m], b);
    }
    html_put(&k->page->html, "\"");
}

/* Does this record, sealed or opened, name the key? */
static bool names(const struct event *e, const char *key)
{
    for (size_t i = 0; e->kind == EVENT_RECORD && i < e->n_attrs; i++)
        if (e->attrs[i].type == ATTR_TEXT && strcmp(e->attrs[i].text, key) == 0)
            return true;
    return false;
}

/* The steps whose records a key sealed and opened, each once. How many. */
static unsigned write_steps(struct keys *k, const char *key, bool links)
{
    struct page *p = k->page;
    unsigned n = 0;
    bool *seen = calloc(p->n_steps + 1, sizeof *seen);
    for (event_no i = 1; seen && i <= tape_events(p->tape); i++) {
        const struct event *e = tape_event(p->tape, i);
        const struct page_buffer *b = e && names(e, key) ? page_buffer_of(p, e->buf) : NULL;
        uint32_t step = b ? buf_count(b->first) : 0;
        if (!step || step > p->n_steps || seen[step])
            continue;
        seen[step] = true;
        if (links) {
            html_put(&p->html, n ? ", " : "");
            page_step_link(p, step);
        } else {
            html_put(&p->html, n ? " %u" : "%u", step);
        }
        n++;
    }
    free(seen);
    return n;
}

static uint32_t step_of(struct keys *k, unsigned i)
{
    return k->at[i].n_made ? page_step_of(k->page, k->at[i].made[0]) : 0;
}

/* Text that would not fit is set closer. */
static void draw_text(struct html *h, const struct key *key, const char *class, unsigned y, const char *text)
{
    unsigned letter = strcmp(class, "name") == 0 ? 8 : 7;
    html_put(h, "<text class=\"t %s\" x=\"%u\" y=\"%u\"", class, key->x, y);
    if (strlen(text) * letter > key->wide - 8)
        html_put(h, " textLength=\"%u\" lengthAdjust=\"spacingAndGlyphs\"", key->wide - 8);
    html_put(h, ">%s</text>", text);
}

static void draw_box(struct keys *k, unsigned i)
{
    struct html *h = &k->page->html;
    const struct key *key = &k->at[i];
    unsigned left = key->x - key->wide / 2, top = top_of(key);
    const char *label = key->n_made ? event_text(key->made[0], "prf_label") : "";
    html_put(h, "<a href=\"#keys-%u\"><g class=\"box at%s\" id=\"keys-lit-%u\" data-step=%u", i,
             key->n_made ? "" : " given", i, step_of(k, i));
    write_lights(k, i);
    html_put(h, " data-lit-steps=\"");
    write_steps(k, key->part, false);
    html_put(h, "\"><rect x=\"%u\" y=\"%u\" width=\"%u\" height=\"%u\" rx=\"6\"/>", left, top, key->wide,
             (unsigned)BOX);
    draw_text(h, key, "name", top + 21, key->part);
    char call[80];
    snprintf(call, sizeof call, "%s → %llu", label, (unsigned long long)key->value.n);
    if (*label)                                       /* a PRF's: its label, and how many octets were taken of it */
        draw_text(h, key, "small", top + 39, call);
    else
        for (unsigned i_lang = 0; i_lang < 2; i_lang++) {
            const struct words *w = k->page->options->words[i_lang];
            html_put(h, "<text class=\"t small\" lang=\"%s\" x=\"%u\" y=\"%u\">%llu %s</text>", w->lang, key->x,
                     top + 39, (unsigned long long)key->value.n, words_ui(w, "page octets"));
        }
    html_put(h, "</g></a>\n");
}

static void draw(struct keys *k)
{
    struct page *p = k->page;
    html_put(&p->html, "<figure class=\"wide\"><svg class=\"keys\" viewBox=\"0 0 %u %u\" role=\"group\" "
             "aria-labelledby=\"keys-says\">\n", (unsigned)WIDTH, k->rows * ROW - ROW + BOX + 16);
    draw_edges(k);
    for (unsigned i = 0; i < k->n; i++)
        if (k->at[i].used)
            draw_box(k, i);
    html_put(&p->html, "</svg>\n<figcaption id=\"keys-says\">");
    page_ui(p, "page keys says");
    html_put(&p->html, "</figcaption></figure>\n");
}

/* ---- each key in full ---- */

/* What is long stands with the message that brought it. */
static void write_value(struct page *p, const struct attr *a)
{
    static const char digits[] = "0123456789abcdef";
    if (a->type == ATTR_TEXT || a->type == ATTR_NUMBER || (a->type == ATTR_SECRET && !p->options->secrets)) {
        page_value(p, a);
        return;
    }
    for (size_t i = 0; i < a->bytes.n && i < LONGEST; i++)
        html_put(&p->html, "%c%c", digits[a->bytes.at[i] >> 4], digits[a->bytes.at[i] & 15]);
    if (a->bytes.n > LONGEST) {
        html_put(&p->html, "… (%llu ", (unsigned long long)a->bytes.n);
        page_ui(p, "page octets");
        html_put(&p->html, ")");
    }
}

static void write_row(struct page *p, const char *name, const char *ui, const struct attr *a)
{
    if (!a)
        return;
    html_put(&p->html, "<tr><th scope=row>");
    if (ui)
        page_ui(p, ui), html_put(&p->html, " ");
    if (name)
        page_code(p, name);
    html_put(&p->html, "</th><td class=value>");
    write_value(p, a);
    html_put(&p->html, "</td></tr>\n");
}

/* What went in, in the order in which it was told; then what came out. */
static void write_values(struct page *p, const struct event *e)
{
    const struct attr *made = made_by(e);
    const char *in = event_text(e, "secret_in");
    for (size_t i = 0; i < e->n_attrs; i++) {
        const struct attr *a = &e->attrs[i];
        static const char *const hidden[] = { "how", "in", "secret_in", "seed_of", "keylog", "way" };
        bool shown = a != made;
        for (size_t m = 0; m < sizeof hidden / sizeof *hidden; m++)
            shown &= strcmp(a->name, hidden[m]) != 0;
        if (shown && strcmp(a->name, "secret_in_value") == 0)
            write_row(p, in, "page keys from", a);
        else if (shown && strcmp(a->name, "seed") == 0)
            write_row(p, event_text(e, "seed_of"), "page keys seed", a);
        else if (shown)
            write_row(p, a->name, NULL, a);
    }
    write_row(p, e->name, "page keys made", made);
}

static void write_makers(struct page *p, const struct key *key)
{
    html_put(&p->html, "<p class=\"about\">");
    for (unsigned m = 0; m < key->n_made; m++) {
        const struct event *e = key->made[m];
        html_put(&p->html, m ? " · " : "");
        page_host(p, e->host);
        html_put(&p->html, " ");
        page_step_link(p, page_step_of(p, e));
        html_put(&p->html, " ");
        page_code(p, e->by);
    }
    html_put(&p->html, " · ");
    page_rfc(p, key->made[0]->rfc);
    html_put(&p->html, "</p>\n");
}

static void write_use(struct keys *k, const char *key)
{
    struct html *h = &k->page->html;
    bool used = false;
    for (event_no i = 1; !used && i <= tape_events(k->page->tape); i++)
        used = tape_event(k->page->tape, i) && names(tape_event(k->page->tape, i), key);
    if (!used)
        return;
    html_put(h, "<p>");
    page_ui(k->page, "page keys sealed");
    html_put(h, " ");
    write_steps(k, key, true);
    html_put(h, "</p>\n");
}

static void write_key(struct keys *k, unsigned i)
{
    struct page *p = k->page;
    const struct key *key = &k->at[i];
    html_put(&p->html, "<details class=\"key fold at\" id=\"keys-%u\" data-step=%u open>"
             "<summary>", i, step_of(k, i));
    if (key->n_made) {
        html_put(&p->html, "<code>");
        page_phrase(p, key->made[0]->label);
        html_put(&p->html, "</code></summary>\n");
        write_makers(p, key);
        for (unsigned m = 0; m < key->n_made; m++) {
            /* the second tells something new only if it had other inputs */
            if (m && key->made[0]->n_attrs == key->made[1]->n_attrs && !event_attr(key->made[m], "peer_point"))
                break;
            html_put(&p->html, "<table class=\"values\">\n");
            write_values(p, key->made[m]);
            html_put(&p->html, "</table>\n");
        }
        write_use(k, key->part);
    } else {
        html_put(&p->html, "<code>%s</code></summary>\n<table class=\"values\">\n", key->part);
        write_row(p, key->part, NULL, &(struct attr){ .name = key->part, .type = ATTR_HEX, .bytes = key->value });
        html_put(&p->html, "</table>\n");
    }
    html_put(&p->html, "</details>\n");
}

void page_keys(struct page *p)
{
    struct keys *k = calloc(1, sizeof *k);
    page_panel_begin(p, "keys");
    if (!k) {
        p->html.failed = true;
        return;
    }
    k->page = p;
    for (event_no n = 1; n <= tape_events(p->tape); n++) {
        const struct event *e = tape_event(p->tape, n);
        if (e && e->kind == EVENT_KEY)
            read_key(k, e);
    }
    find_rows(k);
    for (unsigned row = k->rows; row-- > 0;)
        place_row(k, row);
    if (k->rows)
        draw(k);
    for (unsigned i = 0; i < k->n; i++)
        write_key(k, i);
    page_panel_end(p);
    free(k);
}
