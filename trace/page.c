/* The run as steps: which packets, what lies in them, which event belongs to which. Then the parts, in their order. */
#include "trace/page_parts.h"

#include "trace/joiner.h"
#include "trace/who.h"

#include <stdlib.h>
#include <string.h>

enum { LETTERS = 10, LABEL = 160, LABEL_COLUMNS = 120 };

static struct page_buffer *buffer_at(const struct page *p, buf_no b)
{
    unsigned letter = b >> 28 < LETTERS ? b >> 28 : 0;
    return buf_count(b) && buf_count(b) <= p->n_buffers[letter] ? &p->buffers[letter][buf_count(b) - 1] : NULL;
}

const struct page_buffer *page_buffer_of(const struct page *p, buf_no b) { return buffer_at(p, b); }

uint32_t page_step_of(const struct page *p, const struct event *e)
{
    return e && e->n <= tape_events(p->tape) ? p->step_of[e->n] : 0;
}

/* What a packet's arrival led to belongs to its step, a timer's work to the step in whose time it fired. */
static void find_steps(struct page *p)
{
    uint32_t latest = 0;
    for (event_no n = 1; n <= tape_events(p->tape); n++) {
        const struct event *e = tape_event(p->tape, n);
        uint32_t *step = &p->step_of[n];
        if (e->kind == EVENT_PACKET)
            latest = *step = buf_count(e->buf);
        else if (e->kind == EVENT_FATE)
            *step = buf_count(e->buf);
        else if (e->kind == EVENT_TIMER && strcmp(event_text(e, "what"), "fired") == 0)
            *step = latest;
        else
            *step = e->cause && e->cause < n ? p->step_of[e->cause] : latest;
    }
}

static void list_events(struct page *p)
{
    for (event_no n = tape_events(p->tape); n; n--) {
        uint32_t *first = &p->first_of[p->step_of[n] <= p->n_steps ? p->step_of[n] : 0];
        p->next_in[n] = *first;
        *first = (uint32_t)n;
    }
}

static void read_packet(struct page *p, const struct event *e, uint16_t chapter)
{
    struct page_step *s = &p->steps[buf_count(e->buf)];
    s->packet = e;
    s->chapter = chapter;
    s->from = event_attr(e, "from") ? who_is(p->trace, event_text(e, "from")) : e->host;
    s->to = who_is(p->trace, event_text(e, "to"));
    s->what = e->label ? e->label : e->name;
    s->repeated = event_attr(e, "retransmission") != NULL;
}

/* Packets of which not all is named yet. As many as a record of 16 KB may take, and some of other connections. */
struct open_steps { uint32_t at[32]; unsigned n; bool news; };

/* What lies in a packet is known when its writer has told its messages, on a real link when its reader has: that may be
 * some packets later. False: the step has no words to its end. */
static bool label_packet(struct page *p, uint32_t step, struct joiner *joiner)
{
    if (step < 1 || step > p->n_steps || !p->steps[step].packet)
        return true;
    struct page_step *s = &p->steps[step];
    struct joined on_it = joiner_of(joiner, s->packet, LABEL_COLUMNS);
    if (*on_it.words && !s->label)
        s->label = malloc(LABEL);
    if (*on_it.words && s->label)
        memcpy(s->label, on_it.words, sizeof on_it.words < LABEL ? sizeof on_it.words : LABEL);
    return !on_it.open || !s->packet->n_carries;
}

static void label_packets(struct page *p, uint32_t latest, struct open_steps *open, struct joiner *joiner)
{
    unsigned kept = 0, most = sizeof open->at / sizeof *open->at;
    for (unsigned i = 0; i < open->n; i++)
        if (!open->news || !label_packet(p, open->at[i], joiner))
            open->at[kept++] = open->at[i];
    open->n = kept;
    open->news = false;
    if (!latest || label_packet(p, latest, joiner))
        return;
    if (open->n == most)
        memmove(open->at, open->at + 1, --open->n * sizeof *open->at);
    open->at[open->n++] = latest;
}

static bool read_packets(struct page *p)
{
    struct joiner *joiner = joiner_new();
    struct open_steps open = { .n = 0 };
    uint32_t latest = 0;
    uint16_t chapter = 0;
    for (event_no n = 1; joiner && n <= tape_events(p->tape); n++) {
        const struct event *e = tape_event(p->tape, n);
        const struct attr *number = e->kind == EVENT_STORY ? event_attr(e, "number") : NULL;
        if (number && strcmp(event_text(e, "phase"), "begin") == 0)
            chapter = (uint16_t)number->number;
        if (e->kind == EVENT_FATE && strcmp(e->name, "lost") == 0 && buf_count(e->buf) <= p->n_steps)
            p->steps[buf_count(e->buf)].lost = true;
        if (e->kind != EVENT_PACKET) {
            joiner_event(joiner, e);
            open.news |= event_declares(e);
            continue;
        }
        label_packets(p, latest, &open, joiner);
        if (latest)
            p->steps[latest].next = n;
        latest = buf_count(e->buf);
        read_packet(p, e, chapter);
    }
    if (joiner && latest) {
        label_packets(p, latest, &open, joiner);
        p->steps[latest].next = tape_events(p->tape) + 1;
    }
    joiner_free(joiner);
    return joiner != NULL;
}

/* Where a buffer lies, and who told it: its reader, if it is not the host that wrote the packet. */
static void read_buffer(struct page *p, struct page_buffer *b, buf_no number)
{
    struct tape_place place;
    b->event = tape_buffer(p->tape, number);
    if (!b->event)
        return;
    struct span whole = { number, (uint32_t)b->event->bytes.n, 0 };
    if (tape_places(p->tape, whole, &place, 1) && place.packet) {
        const struct event *packet = tape_buffer(p->tape, place.packet);
        b->first = place.packet;
        b->at = place.at;
        b->read = packet && packet->host != b->event->host;
    }
    b->step = b->read ? page_step_of(p, b->event) : buf_count(b->first);
    p->step_of[b->event->n] = b->step;
}

static bool twins(const struct page_buffer *a, const struct page_buffer *b)
{
    return b->event && a->first == b->first && a->at == b->at && a->event->bytes.n == b->event->bytes.n
        && strcmp(a->event->name, b->event->name) == 0;
}

/* A buffer that its reader told too is shown as the reader's. Buffers of twins are numbered close to each other, but
 * not always in their order: a reader that waits for a lost packet comes late. */
static void hide_twins(struct page_buffer *list, uint32_t n)
{
    bool any = false;
    for (uint32_t i = 0; i < n; i++)
        any |= list[i].read;
    for (uint32_t i = 0; any && i < n; i++)
        for (uint32_t k = 0; list[i].event && !list[i].read && list[i].step && k < n; k++)
            if (list[k].read && twins(&list[i], &list[k]))
                list[i].step = 0;
}

static bool read_buffers(struct page *p)
{
    for (unsigned letter = 2; letter < LETTERS; letter++) {
        char name = buf_letter((buf_no)letter << 28);
        if (name == 's')
            continue;
        uint32_t n = tape_count(p->tape, name);
        p->buffers[letter] = calloc(n + 1, sizeof *p->buffers[letter]);
        if (!p->buffers[letter])
            return false;
        p->n_buffers[letter] = n;
        for (uint32_t i = 0; i < n; i++)
            read_buffer(p, &p->buffers[letter][i], tape_buf(name, i + 1));
        hide_twins(p->buffers[letter], n);
    }
    return true;
}

bool page_read(struct page *p)
{
    p->n_steps = tape_count(p->tape, 'p');
    p->steps = calloc(p->n_steps + 1, sizeof *p->steps);
    p->step_of = calloc(tape_events(p->tape) + 1, sizeof *p->step_of);
    if (!p->steps || !p->step_of)
        return false;
    p->first_of = calloc(p->n_steps + 1, sizeof *p->first_of);
    p->next_in = calloc(tape_events(p->tape) + 1, sizeof *p->next_in);
    if (!p->first_of || !p->next_in)
        return false;
    find_steps(p);
    if (!read_packets(p) || !read_buffers(p))
        return false;
    list_events(p);
    page_fold(p);
    return true;
}

void page_forget(struct page *p)
{
    for (uint32_t i = 1; p->steps && i <= p->n_steps; i++)
        free(p->steps[i].label);
    for (unsigned i = 0; i < LETTERS; i++)
        free(p->buffers[i]);
    free(p->steps);
    free(p->step_of);
    free(p->first_of);
    free(p->next_in);
}

bool page_write(struct sink *sink, struct tape *tape, const struct page_options *options)
{
    static void (*const parts[])(struct page *) = {
        page_head, page_ladder, page_steps, page_story, page_beside, page_offers, page_transcript, page_keys,
        page_chain, page_plots, page_machines, page_yourself, page_what_ifs, page_ask, page_glossary,
    };
    struct page p = { .html = html_over(sink), .tape = tape, .trace = tape_trace(tape), .options = options };
    bool whole = p.trace && page_read(&p);
    for (size_t i = 0; whole && i < sizeof parts / sizeof *parts; i++)
        parts[i](&p);
    if (whole) {
        html_put(&p.html, "</main>\n<script>");
        html_raw(&p.html, page_script, strlen(page_script));
        html_put(&p.html, "</script>\n");
    }
    html_put(&p.html, "</body>\n</html>\n");
    page_forget(&p);
    return html_end(&p.html) && whole && !tape_full(tape);
}
