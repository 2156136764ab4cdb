/* The terminal. At the level `story` a chapter is a sentence, told when it ends; at `packets` the ladder
 * stands under its heading; at `all` every event is a line. A packet is drawn a moment after it was told,
 * when it is known what became of it. */
#include "trace/changes.h"
#include "trace/joiner.h"
#include "trace/ladder_draw.h"
#include "trace/ladder_line.h"
#include "trace/say.h"
#include "trace/show.h"
#include "trace/text.h"
#include "trace/views.h"
#include "trace/who.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS_LEAST = 64, COLUMNS_MOST = 160, STORY_INDENT = 4, STORY_TEXT = 20, STATES = 16, NAME = 72,
       SENT = 256, UNNAMED = 16 };

struct state { uint16_t host; nsec at; char machine[16], to[48]; };

/* A packet that was sent: of a stream, or of none, as a SYN; to be known when it goes again. */
struct sent {
    uint32_t number, conn;
    nsec at;
    uint16_t host;
    char name[12];
    uint64_t seq;
    struct carry carry;
};

/* A packet that was drawn before it was known what lies in it: the rest of its record had not come. */
struct unnamed { struct event packet; struct carry carried; };

struct ladder {
    struct view view;
    struct ladder_options options;
    struct pen pen;
    struct joiner *joiner;
    bool in_chapter;
    uint64_t chapter; char title[64];                 /* the one that has begun and not ended */
    bool named;                                       /* the names stand over this chapter's ladder */
    char left[NAME], right[NAME];                     /* who they are, as `from` and `to` of packets say */
    bool holds; struct rung rung;                     /* the packet whose fate, and meaning, are awaited */
    struct event held; struct carry carried; char told[160];      /* its event, without what does not last */
    struct sent sent[SENT]; unsigned n_sent;          /* the last ones, in a ring */
    struct unnamed unnamed[UNNAMED]; unsigned n_unnamed;
    struct changes changes;                           /* variables as they were told last */
    struct state states[STATES]; unsigned n_states;   /* that were entered since the last were drawn */
};

/* What a layer said, in the language of the catalogue, harmless. */
static char *said(const struct ladder *l, const char *text, char *out, size_t room)
{
    char phrase[512];
    return show_string(words_phrase(l->options.words, text, phrase, sizeof phrase), out, room);
}

/* A host that we know is called by its name; a stranger by what the packet says, its address. */
static void name_of(const struct trace *t, const char *said, char out[NAME])
{
    const struct trace_host *h = trace_host_of(t, who_is(t, said));
    show_string(h ? h->name : said, out, NAME);
}

static void name_and_address(const struct trace *t, const char *name, char out[NAME + WHO])
{
    char address[WHO];
    who_address(address, t, who_is(t, name));
    snprintf(out, NAME + WHO, *address ? "%s %s" : "%s%s", name, address);
}

/* The states of one side, those of several machines in one line. Drawn ones are forgotten. */
static nsec take_states(struct ladder *l, const struct trace *t, const char *name, char *out, size_t room)
{
    unsigned kept = 0;
    nsec at = 0;
    uint16_t host = who_is(t, name);
    out[0] = 0;
    for (unsigned i = 0; i < l->n_states; i++) {
        struct state s = l->states[i];
        if (s.host != host) {
            l->states[kept++] = s;
            continue;
        }
        text_join(out, room, *out ? ", " : "");
        text_join(out, room, s.machine);
        text_join(out, room, " ");
        text_join(out, room, s.to);
        at = s.at;
    }
    l->n_states = kept;
    return at;
}

static void draw_new_states(struct ladder *l, const struct trace *t)
{
    char left[96], right[96];
    if (!l->n_states || !l->named)
        return;
    nsec left_at = take_states(l, t, l->left, left, sizeof left);
    nsec right_at = take_states(l, t, l->right, right, sizeof right);
    if (*left || *right)
        draw_states(&l->pen, l->options.columns, left_at > right_at ? left_at : right_at, left, right);
}

static void add_note(struct rung *r, const char *note)
{
    if (*r->notes)
        text_join(r->notes, sizeof r->notes, "; ");
    text_join(r->notes, sizeof r->notes, note);
}

/* Earlier packets that can be named by now; but not if this one's label has the name, as another part of the same. */
static void name_the_unnamed(struct ladder *l, const char *label)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < l->n_unnamed; i++) {
        struct unnamed *u = &l->unnamed[i];
        char note[200], name[sizeof ((struct joined *)0)->words];
        u->packet.carries = &u->carried;
        struct joined on_it = joiner_of(l->joiner, &u->packet, 0);
        if (on_it.open) {
            l->unnamed[kept++] = *u;
            continue;
        }
        snprintf(name, sizeof name, "%.*s", (int)strcspn(on_it.words, ",("), on_it.words);
        if (strstr(label, name))
            continue;
        snprintf(note, sizeof note, "#%" PRIu32 " was %.160s", buf_count(u->packet.buf), on_it.words);
        add_note(&l->rung, note);
    }
    l->n_unnamed = kept;
}

static void note_unnamed(struct ladder *l)
{
    if (l->n_unnamed == UNNAMED)
        memmove(l->unnamed, l->unnamed + 1, --l->n_unnamed * sizeof *l->unnamed);
    l->unnamed[l->n_unnamed++] = (struct unnamed){ l->held, l->carried };
}

/* What lies in it, as far as it is known by now. A writer tells its messages before the packet leaves; on a
 * real link the reader tells them after it came, which is why the label waits. */
static void label_rung(struct ladder *l)
{
    struct rung *r = &l->rung;
    struct joined on_it = joiner_of(l->joiner, &l->held, draw_room(l->options.columns));
    if (*on_it.words)
        said(l, on_it.words, r->label, sizeof r->label);
    else
        snprintf(r->label, sizeof r->label, "%s", l->told);
    if (*on_it.words && !on_it.goes_on)
        snprintf(r->detail, sizeof r->detail, "%s", l->told);
    name_the_unnamed(l, on_it.words);
    if (l->held.n_carries && !*on_it.words)
        note_unnamed(l);
}

static void draw_held(struct ladder *l)
{
    char notes[sizeof l->rung.notes];
    if (l->holds) {
        label_rung(l);
        snprintf(l->rung.notes, sizeof l->rung.notes, "%s", said(l, l->rung.notes, notes, sizeof notes));
        draw_rung(&l->pen, l->options.columns, &l->rung);
    }
    l->holds = false;
}

static void draw_waiting(struct ladder *l, const struct trace *t)
{
    draw_held(l);
    draw_new_states(l, t);
}

/* The number is the event's, the title the catalogue's; without one the chapter's name must do. It stays the
 * title of its beginning: a chapter may end under several names. */
static void read_chapter(struct ladder *l, const struct event *e)
{
    const struct attr *number = event_attr(e, "number");
    uint64_t chapter = number ? number->number : 0;
    if (l->in_chapter && l->chapter == chapter)
        return;
    l->chapter = chapter;
    const char *title = words_find(l->options.words, "title", e->name);
    show_string(title ? title : e->name, l->title, sizeof l->title);
}

static void write_heading(struct ladder *l)
{
    char number[24], likeness[256];
    snprintf(number, sizeof number, "%2" PRIu64, l->chapter);
    pen_text(&l->pen, number);
    pen_to(&l->pen, STORY_INDENT);
    pen_ink(&l->pen, INK_BOLD);
    pen_text(&l->pen, pen_words(&l->pen, l->title, likeness, sizeof likeness));
    pen_ink(&l->pen, INK_PLAIN);
}

static void write_story(struct ladder *l, const char *sentence)
{
    if (l->options.level == LEVEL_STORY) {
        write_heading(l);
        pen_text(&l->pen, " ");
        pen_wrap(&l->pen, sentence, STORY_TEXT, l->options.columns);
        pen_end(&l->pen);
    } else if (*sentence) {
        pen_wrap(&l->pen, sentence, STORY_INDENT, l->options.columns);
        pen_end(&l->pen);
    }
}

static void on_story(struct ladder *l, const struct event *e)
{
    char sentence[1024];
    read_chapter(l, e);
    if (strcmp(event_text(e, "phase"), "end") != 0) {
        l->in_chapter = true;
        l->named = false;
        if (l->options.level > LEVEL_STORY) {
            if (!l->pen.blank)
                pen_end(&l->pen);
            write_heading(l);
            pen_end(&l->pen);
        }
        return;
    }
    const char *template = words_find(l->options.words, "story", e->name);
    say(sentence, sizeof sentence, template ? template : e->label ? "{label}" : "", e, l->options.words);
    l->in_chapter = false;
    write_story(l, sentence);
}

/* Left stays who was left, if it is still one of the two; else who sends first stands left. A packet too
 * broken to have addresses comes from who tells of it. */
static void place_ends(struct ladder *l, const struct trace *t, const struct event *e)
{
    char from[NAME], to[NAME], left[NAME + WHO], right[NAME + WHO];
    const struct trace_host *speaker = trace_host_of(t, e->host);
    name_of(t, event_attr(e, "from") ? event_text(e, "from") : speaker ? speaker->name : "", from);
    const char *other = strcmp(from, l->left) == 0 ? l->right : l->left;
    name_of(t, event_attr(e, "to") ? event_text(e, "to") : other, to);
    bool same = (strcmp(from, l->left) == 0 && strcmp(to, l->right) == 0)
             || (strcmp(from, l->right) == 0 && strcmp(to, l->left) == 0);
    if (!same) {
        bool swap = strcmp(to, l->left) == 0 || strcmp(from, l->right) == 0;
        snprintf(l->left, sizeof l->left, "%s", swap ? to : from);
        snprintf(l->right, sizeof l->right, "%s", swap ? from : to);
    }
    l->rung.leftward = strcmp(from, l->right) == 0 && strcmp(from, l->left) != 0;
    const struct attr *from_port = event_attr(e, "from_port"), *to_port = event_attr(e, "to_port");
    if (strcmp(from, to) == 0 && from_port && to_port)         /* one host: whoever has the higher port stands left */
        l->rung.leftward = from_port->number < to_port->number;
    if (same && l->named)
        return;
    l->named = true;
    name_and_address(t, l->left, left);
    name_and_address(t, l->right, right);
    draw_names(&l->pen, l->options.columns, left, right);
}

static struct sent as_sent(const struct trace *t, const struct event *e)
{
    const struct attr *seq = event_attr(e, "seq");
    struct sent s = { .number = buf_count(e->buf), .at = e->t - trace_start(t), .host = e->host, .conn = e->conn,
                      .seq = seq ? seq->number : 0 };
    snprintf(s.name, sizeof s.name, "%s", e->name ? e->name : "");
    if (e->n_carries)
        s.carry = e->carries[0];
    return s;
}

/* Is `s` the first of what `again` repeats? */
static bool is_first_of(const struct sent *s, const struct sent *again)
{
    if (again->carry.len)
        return s->carry.stream == again->carry.stream && again->carry.off >= s->carry.off &&
               again->carry.off - s->carry.off < s->carry.len;
    return s->host == again->host && s->conn == again->conn && s->seq == again->seq && !s->carry.len &&
           strcmp(s->name, again->name) == 0;
}

/* Why it goes again, and which one was the first: what the writer has waited for ever since. */
static void note_retransmission(struct ladder *l, const struct sent *again, const char *reason)
{
    char note[240], at[32];
    const struct sent *first = NULL;
    for (unsigned i = 0; i < l->n_sent && i < SENT; i++) {
        const struct sent *s = &l->sent[(l->n_sent - 1 - i) % SENT];
        first = is_first_of(s, again) ? s : first;
    }
    if (first)
        snprintf(note, sizeof note, "sent again: %.120s, nothing acknowledged #%" PRIu32 " since %s", reason,
                 first->number, say_ms(at, sizeof at, first->at));
    else
        snprintf(note, sizeof note, "sent again: %.200s", reason);
    add_note(&l->rung, note);
}

/* Somebody may send in another's name. */
static void note_forgery(struct ladder *l, const struct trace *t, const struct event *e)
{
    char note[120];
    const struct trace_host *speaker = trace_host_of(t, e->host);
    uint16_t from = who_is(t, event_text(e, "from"));
    if (!speaker || !from || from == e->host)
        return;
    snprintf(note, sizeof note, "forged: %.60s sends it", speaker->name);
    add_note(&l->rung, note);
}

/* What a judge of somebody else's packets made of it: "retransmission, duplicate_ack" (net/flow.h). */
static void note_analysis(struct ladder *l, const char *marks)
{
    char mark[40];
    while (*marks) {
        size_t n = strcspn(marks, ",");
        snprintf(mark, sizeof mark, "%.*s", (int)n, marks);
        const char *words = words_find(l->options.words, "analysis", mark);
        if (words)
            add_note(&l->rung, words);
        marks += n + strspn(marks + n, ", ");
    }
}

static void on_packet(struct ladder *l, const struct trace *t, const struct event *e)
{
    struct rung *r = &l->rung;
    struct sent sent = as_sent(t, e);
    draw_held(l);
    *r = (struct rung){ .number = buf_count(e->buf), .at = e->t - trace_start(t) };
    place_ends(l, t, e);
    draw_new_states(l, t);
    said(l, e->label ? e->label : e->name, l->told, sizeof l->told);
    note_forgery(l, t, e);
    if (event_attr(e, "retransmission"))
        note_retransmission(l, &sent, event_text(e, "retransmission"));
    note_analysis(l, event_text(e, "analysis"));
    l->sent[l->n_sent++ % SENT] = sent;
    l->holds = true;
    l->held = (struct event){ .kind = e->kind, .buf = e->buf, .host = e->host, .n = e->n, .carries = &l->carried };
    if (e->n_carries) {
        l->carried = e->carries[0];
        l->held.n_carries = 1;
    }
}

/* What the wire did: in the catalogue's words, else in the event's own. */
static void on_fate(struct ladder *l, const struct trace *t, const struct event *e)
{
    char note[200];
    if (!e->name || strcmp(e->name, "delivered") == 0)
        return;
    const char *template = words_find(l->options.words, "fate", e->name);
    if (template)
        say(note, sizeof note, template, e, l->options.words);
    else if (e->label && strstr(e->label, e->name))
        show_string(e->label, note, sizeof note);
    else
        snprintf(note, sizeof note, e->label ? "%.30s: %s" : "%.30s%s", e->name, e->label ? e->label : "");
    if (l->holds && l->held.buf == e->buf) {
        l->rung.lost |= strcmp(e->name, "lost") == 0;
        add_note(&l->rung, note);
        return;
    }
    char late[240], sentence[240];                    /* known only after the packet was drawn */
    snprintf(late, sizeof late, "#%" PRIu32 " %s", buf_count(e->buf), said(l, note, sentence, sizeof sentence));
    draw_waiting(l, t);
    draw_remark(&l->pen, l->options.columns, INK_YELLOW, late);
}

/* What a lab does to the packet whose row still waits stands on that row, with what then becomes of the packet. */
static bool is_about_held(const struct ladder *l, const struct event *e)
{
    return e->kind == EVENT_MARK && l->holds && e->label && e->host == l->held.host && e->cause == l->held.n;
}

/* Of several states of one machine in one turn the last one counts. */
static void on_state(struct ladder *l, const struct trace *t, const struct event *e)
{
    struct state s = { .host = e->host, .at = e->t - trace_start(t) };
    unsigned i = 0;
    show_string(e->layer ? e->layer : event_text(e, "machine"), s.machine, sizeof s.machine);
    show_string(event_text(e, "to"), s.to, sizeof s.to);
    while (i < l->n_states && (l->states[i].host != s.host || strcmp(l->states[i].machine, s.machine) != 0))
        i++;
    /* of hosts that nobody has met yet: the oldest gives way */
    if (i == STATES) {
        memmove(l->states, l->states + 1, (STATES - 1) * sizeof s);
        i = STATES - 1;
    }
    l->states[i] = s;
    l->n_states = i == l->n_states ? i + 1 : l->n_states;
}

static void on_fault(struct ladder *l, const struct trace *t, const struct event *e)
{
    char line[1024], likeness[1024];
    draw_waiting(l, t);
    fault_line(line, sizeof line, t, e, l->options.words);
    const char *text = pen_words(&l->pen, line, likeness, sizeof likeness);
    pen_to(&l->pen, STORY_INDENT);
    pen_ink(&l->pen, INK_RED);
    pen_some(&l->pen, text, text_fit(text, strlen(text), l->options.columns - STORY_INDENT));
    pen_ink(&l->pen, INK_PLAIN);
    pen_end(&l->pen);
}

static void write_remark(struct ladder *l, const struct trace *t, const struct event *e)
{
    char line[600];
    /* what a lab does to a packet is told before what becomes of it */
    if (e->kind == EVENT_MARK && l->holds && e->host == l->held.host && e->label) {
        add_note(&l->rung, e->label);
        return;
    }
    draw_waiting(l, t);
    remark_line(line, sizeof line, t, e, l->options.words);
    if (l->named)
        draw_remark(&l->pen, l->options.columns, INK_PLAIN, line);
    else {
        pen_wrap(&l->pen, line, STORY_INDENT, l->options.columns);
        pen_end(&l->pen);
    }
}

/* The rest: a remark where the event asks to be seen at this zoom; every event a line at the closest. */
static void on_other(struct ladder *l, const struct trace *t, const struct event *e)
{
    char line[1200];
    bool remark = e->kind != EVENT_STATE && !event_declares(e) && (e->label || event_attr(e, "verdict"));
    if (l->options.level == LEVEL_ALL) {
        struct changed room;
        struct event vars = e->kind == EVENT_VARS ? changes_of(&l->changes, e, &room) : *e;
        draw_held(l);
        event_line(line, sizeof line, t, &vars, l->options.words, l->options.secrets);
        draw_event(&l->pen, l->options.columns, e->n, e->t - trace_start(t), line);
    } else if (l->options.level == LEVEL_PACKETS && e->level <= LEVEL_PACKETS && remark)
        write_remark(l, t, e);
}

static void on_event(struct view *v, const struct trace *t, const struct event *e)
{
    struct ladder *l = (struct ladder *)v;
    bool packets = l->options.level >= LEVEL_PACKETS;
    if (e->kind == EVENT_STORY) {
        draw_waiting(l, t);
        on_story(l, e);
    } else if (e->kind == EVENT_FAULT)
        on_fault(l, t, e);
    else if (packets && e->kind == EVENT_PACKET)
        on_packet(l, t, e);
    else if (packets && e->kind == EVENT_FATE)
        on_fate(l, t, e);
    else if (packets && is_about_held(l, e))
        add_note(&l->rung, e->label);
    else {
        if (packets)
            joiner_event(l->joiner, e);
        if (packets && e->kind == EVENT_STATE && l->options.level < LEVEL_ALL && e->level <= l->options.level)
            on_state(l, t, e);
        on_other(l, t, e);
    }
}

static void on_turn(struct view *v, const struct trace *t) { draw_waiting((struct ladder *)v, t); }

static void on_end(struct view *v, const struct trace *t)
{
    struct ladder *l = (struct ladder *)v;
    draw_waiting(l, t);
    if (l->in_chapter)
        write_story(l, "…");                          /* it began, and did not come to its end */
    l->in_chapter = false;
}

static void on_free(struct view *v)
{
    struct ladder *l = (struct ladder *)v;
    joiner_free(l->joiner);
    free(l);
}

void ladder_view_again(struct view *v) { ((struct ladder *)v)->named = false; }

struct view *ladder_view_new(struct sink *sink, const struct ladder_options *options)
{
    struct ladder *l = calloc(1, sizeof *l);
    struct joiner *joiner = joiner_new();
    if (!l || !joiner) {
        free(l);
        joiner_free(joiner);
        return NULL;
    }
    *l = (struct ladder){
        .view = { .event = on_event, .turn = on_turn, .end = on_end, .free = on_free },
        .options = *options, .joiner = joiner,
        .pen = { .sink = sink, .color = options->color, .ascii = options->ascii, .blank = true,
                 .keep_wide = words_are_wide(options->words) } };
    if (l->options.columns < COLUMNS_LEAST)
        l->options.columns = options->columns ? COLUMNS_LEAST : 80;
    if (l->options.columns > COLUMNS_MOST)
        l->options.columns = COLUMNS_MOST;
    return &l->view;
}
