/* A tape read into marks: which packets belong to the connection, where messages lie, and the order of both. */
#include "trace/compare_parts.h"

#include "trace/show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Texts of a run: chunks that never move. */
struct compare_text { struct compare_text *next; size_t used, room; };
enum { CHUNK = 32 * 1024, SHOWN = 700 };

const char *compare_keep(struct compare_run *r, const char *text)
{
    size_t n = strlen(text) + 1;
    struct compare_text *c = r->texts;
    if (!c || c->room - c->used < n) {
        size_t room = sizeof *c + (n > CHUNK ? n : CHUNK);
        if (!(c = malloc(room))) {
            r->full = true;
            return "";
        }
        *c = (struct compare_text){ r->texts, sizeof *c, room };
        r->texts = c;
    }
    char *at = (char *)c + c->used;
    memcpy(at, text, n);
    c->used += n;
    return at;
}

void compare_forget(struct compare_run *r)
{
    while (r->texts) {
        struct compare_text *next = r->texts->next;
        free(r->texts);
        r->texts = next;
    }
    r->n_marks = r->n_values = 0;
}

void compare_mark(struct compare_reading *g, const char *step, unsigned side, uint32_t packet, nsec at, bool sealed)
{
    struct compare_run *r = g->run;
    if (r->n_marks == COMPARE_MARKS) {
        r->full = true;
        return;
    }
    r->marks[r->n_marks++] = (struct compare_mark){ compare_keep(r, step), side, packet, at, sealed, r->n_values, 0 };
}

static void put(struct compare_reading *g, const char *id, const char *about, const char *text, bool nature)
{
    struct compare_run *r = g->run;
    char whole[160];
    if (r->n_values == COMPARE_VALUES || !r->n_marks || r->marks[r->n_marks - 1].first + r->marks[r->n_marks - 1].n !=
                                                            r->n_values) {
        r->full = true;
        return;
    }
    snprintf(whole, sizeof whole, about ? "%s:%.90s" : "%s%s", id, about ? about : "");
    r->values[r->n_values++] = (struct compare_value){ compare_keep(r, whole), compare_keep(r, text), nature };
    r->marks[r->n_marks - 1].n++;
}

void compare_put(struct compare_reading *g, const char *id, const char *about, const char *text)
{
    put(g, id, about, text, false);
}

void compare_put_number(struct compare_reading *g, const char *id, uint64_t number)
{
    char text[24];
    snprintf(text, sizeof text, "%llu", (unsigned long long)number);
    put(g, id, NULL, text, false);
}

void compare_put_nature(struct compare_reading *g, const char *id, const char *text) { put(g, id, NULL, text, true); }

void compare_item(struct compare_items *l, const char *item)
{
    int n = snprintf(l->text + l->n, sizeof l->text - l->n, "%s%s", l->n ? "\n" : "", item);
    if (n > 0 && (size_t)n < sizeof l->text - l->n)
        l->n += (size_t)n;
    else
        l->text[l->n] = 0;
}

char *compare_field(const struct field *f, char *out, size_t room)
{
    size_t n = 0;
    if (f->words)
        snprintf(out, room, "%s", f->words);
    else if (f->type == FIELD_NUMBER)
        snprintf(out, room, "%llu", (unsigned long long)f->number);
    else if (f->type == FIELD_TEXT)
        show_text(f->bytes.at, f->bytes.n, out, room);
    else
        for (*out = 0; n < f->bytes.n && 2 * n + 3 < room; n++)
            snprintf(out + 2 * n, room - 2 * n, "%02x", f->bytes.at[n]);
    return out;
}

const struct tape_field *compare_find(struct tape *t, buf_no b, const char *name)
{
    struct tape_fields f = tape_fields(t, b);
    for (size_t i = 0; i < f.n; i++)
        if (f.at[i].leaf && strcmp(f.at[i].field.name, name) == 0)
            return &f.at[i];
    return NULL;
}

bool compare_place_of(const struct tape *t, const struct event *e, struct compare_place *out)
{
    enum { DEEP = 6 };
    *out = (struct compare_place){ 0 };
    for (unsigned deep = 0; e && deep < DEEP; deep++) {
        if (!e->n_spans)
            return false;
        out->off += e->spans[0].off;
        out->sealed |= buf_letter(e->buf) == 'o';
        if (buf_letter(e->spans[0].in) == 's') {
            out->stream = e->spans[0].in;
            return true;
        }
        e = tape_buffer(t, e->spans[0].in);
    }
    return false;
}

/* The ends of a connection, by address and port as the tape says them. */
struct ends { const char *addr[2]; uint64_t port[2]; };

static uint64_t number(const struct event *e, const char *name)
{
    const struct attr *a = event_attr(e, name);
    return a && a->type == ATTR_NUMBER ? a->number : 0;
}

static bool has_flag(const struct event *e, const char *flag) { return strstr(event_text(e, "flags"), flag) != NULL; }

/* 0 or 1: which end sent it; 2: it belongs to another connection. */
static unsigned side_of(const struct ends *c, const struct event *e)
{
    const char *from = event_text(e, "from"), *to = event_text(e, "to");
    uint64_t from_port = number(e, "from_port"), to_port = number(e, "to_port");
    for (unsigned s = 0; s < 2; s++)
        if (from_port == c->port[s] && to_port == c->port[1 - s] && strcmp(from, c->addr[s]) == 0 &&
            strcmp(to, c->addr[1 - s]) == 0)
            return s;
    return 2;
}

static bool is_tcp(const struct event *e) { return e->kind == EVENT_PACKET && strcmp(e->layer, "tcp") == 0; }

/* A connection begins with a SYN, or in the middle with the first packet of two ends that none before had. `says`: what
 * is known of what it carries: nothing, octets, a ClientHello. */
struct known { struct ends ends; event_no from; buf_no stream[2]; unsigned says; };
struct connections { struct known at[64]; unsigned n; };
enum { NOTHING, OCTETS, HELLO };

static void note_packet(struct connections *all, const struct event *e, event_no n)
{
    unsigned k = 0, side = 2;
    while (k < all->n && (side = side_of(&all->at[k].ends, e)) > 1)
        k++;
    if (k == sizeof all->at / sizeof *all->at)
        return;
    if (k == all->n) {
        bool from_server = strcmp(e->name, "SYN-ACK") == 0 ||
                           (strcmp(e->name, "SYN") != 0 && number(e, "from_port") < number(e, "to_port"));
        const char *from = event_text(e, "from"), *to = event_text(e, "to");
        uint64_t from_port = number(e, "from_port"), to_port = number(e, "to_port");
        all->at[all->n++] = (struct known){ .from = n,
            .ends = from_server ? (struct ends){ { to, from }, { to_port, from_port } }
                                : (struct ends){ { from, to }, { from_port, to_port } } };
        side = from_server;
    }
    if (e->n_carries) {
        all->at[k].stream[side] = e->carries[0].stream;
        all->at[k].says = all->at[k].says > OCTETS ? all->at[k].says : OCTETS;
    }
}

/* which 0: the first that has a ClientHello, else that says anything, else the first. NULL: there is none. */
static const struct known *find_connection(struct tape *t, unsigned which, struct connections *all)
{
    struct compare_place place;
    for (event_no i = 1; i <= tape_events(t); i++) {
        const struct event *e = tape_event(t, i);
        if (e && is_tcp(e))
            note_packet(all, e, i);
    }
    for (event_no i = 1; i <= tape_events(t) && !which; i++) {
        const struct event *e = tape_event(t, i);
        if (!e || e->kind != EVENT_MESSAGE || strcmp(e->name, "ClientHello") != 0 || !compare_place_of(t, e, &place))
            continue;
        for (unsigned k = 0; k < all->n; k++)
            if (all->at[k].stream[0] == place.stream)
                all->at[k].says = HELLO;
    }
    for (unsigned says = HELLO; !which && says > NOTHING; says--)
        for (unsigned k = 0; k < all->n && !which; k++)
            which = all->at[k].says >= says ? k + 1 : 0;
    which = which ? which : 1;
    return which <= all->n ? &all->at[which - 1] : NULL;
}

static bool read_packets(struct compare_reading *g, const struct ends *ends, event_no from)
{
    size_t room = 0;
    uint32_t base[2] = { 0, 0 };
    bool known[2] = { false, false };
    for (event_no i = from; i <= tape_events(g->tape); i++) {
        const struct event *e = tape_event(g->tape, i);
        if (!e || !is_tcp(e))
            continue;
        unsigned s = side_of(ends, e);
        if (s > 1)
            continue;
        if (g->packets.n == room) {
            struct compare_packet *more = realloc(g->packets.at, (room = room ? 2 * room : 256) * sizeof *more);
            if (!more)
                return false;
            g->packets.at = more;
        }
        bool syn = has_flag(e, "SYN");
        uint32_t seq = (uint32_t)number(e, "seq"), ack = (uint32_t)number(e, "ack");
        if (!known[s]) {
            base[s] = seq + syn;
            known[s] = true;
        }
        if (!known[1 - s] && event_attr(e, "ack")) {
            base[1 - s] = ack;
            known[1 - s] = true;
        }
        uint32_t at = seq + syn - base[s], covered = ack - base[1 - s];
        for (size_t k = 0; k < e->n_carries; k++)
            if (!g->stream[s])
                g->stream[s] = e->carries[k].stream;
        g->packets.at[g->packets.n++] = (struct compare_packet){
            .event = e, .number = buf_count(e->buf), .side = s, .at = e->t, .syn = syn, .fin = has_flag(e, "FIN"),
            .rst = has_flag(e, "RST"), .ack = event_attr(e, "ack") != NULL, .psh = has_flag(e, "PSH"),
            .again = event_attr(e, "retransmission") || strstr(event_text(e, "analysis"), "retransmission"),
            .seq = at < UINT32_C(1) << 31 ? at : 0,
            .acked = event_attr(e, "ack") && covered < UINT32_C(1) << 31 ? covered : 0,
            .length = (uint32_t)number(e, "length"),
            .window = (uint32_t)(event_attr(e, "window_octets") ? number(e, "window_octets") : number(e, "window")),
        };
    }
    return g->packets.n > 0;
}

/* What is to become a mark, in the order in which it is on the wire. */
struct found { const struct event *event; uint32_t packet; unsigned side; uint64_t off; bool sealed; };
struct founds { struct found *at; size_t n, room; };

static uint32_t packet_at(const struct compare_reading *g, unsigned side, uint64_t off)
{
    for (size_t i = 0; i < g->packets.n; i++) {
        const struct compare_packet *p = &g->packets.at[i];
        for (size_t k = 0; p->side == side && k < p->event->n_carries; k++) {
            const struct carry *c = &p->event->carries[k];
            if (c->stream == g->stream[side] && off >= c->off && off < c->off + c->len)
                return p->number;
        }
    }
    return 0;
}

/* Both ends may have told it: the reader's telling stays. */
static bool known_twin(struct founds *all, const struct found *f)
{
    for (size_t i = 0; i < all->n; i++) {
        struct found *o = &all->at[i];
        if (o->side == f->side && o->off == f->off && o->sealed == f->sealed &&
            strcmp(o->event->name, f->event->name) == 0) {
            if (strcmp(event_text(f->event, "way"), "read") == 0)
                o->event = f->event;
            return true;
        }
    }
    return false;
}

static bool add_found(struct compare_reading *g, struct founds *all, const struct event *e)
{
    struct compare_place place;
    if (!compare_place_of(g->tape, e, &place) || (place.stream != g->stream[0] && place.stream != g->stream[1]))
        return true;
    unsigned side = place.stream == g->stream[1];
    struct found f = { e, 0, side, place.off, place.sealed };
    if (all->n >= COMPARE_MARKS || known_twin(all, &f))
        return true;
    if (all->n == all->room) {
        struct found *more = realloc(all->at, (all->room = all->room ? 2 * all->room : 64) * sizeof *more);
        if (!more)
            return false;
        all->at = more;
    }
    f.packet = packet_at(g, side, place.off);
    all->at[all->n++] = f;
    return true;
}

static bool sealed_record(const struct event *e) { return event_attr(e, "sealing") != NULL; }

static bool is_step(const struct event *e)
{
    bool alert = strcmp(e->name, "alert") == 0;
    if (e->kind == EVENT_MESSAGE)
        return strcmp(e->layer, "dns") != 0;
    if (e->kind == EVENT_RECORD)
        return strcmp(e->name, "change_cipher_spec") == 0 || (alert && !sealed_record(e));
    return e->kind == EVENT_BUFFER && alert;
}

static int in_order(const void *a, const void *b)
{
    const struct found *x = a, *y = b;
    if (x->packet != y->packet)
        return x->packet < y->packet ? -1 : 1;
    return x->off < y->off ? -1 : x->off > y->off;
}

static void tell_alert(struct compare_reading *g, const struct found *f)
{
    const struct tape_field *level = compare_find(g->tape, f->event->buf, "level"),
                            *what = compare_find(g->tape, f->event->buf, "description");
    char said[80], name[120];
    bool done = what && what->field.number == 0;      /* close_notify: it ends what went well */
    snprintf(name, sizeof name, "%s%s", done ? "" : "alert:",
             what ? compare_field(&what->field, said, sizeof said) : "sealed");
    compare_mark(g, name, f->side, f->packet, f->event->t, f->sealed);
    if (level)
        compare_put(g, "alert.level", NULL, compare_field(&level->field, said, sizeof said));
}

static void tell_found(struct compare_reading *g, const struct found *f)
{
    const struct event *e = f->event;
    if (strcmp(e->name, "alert") == 0) {
        tell_alert(g, f);
    } else if (e->kind == EVENT_RECORD) {
        compare_mark(g, "ChangeCipherSpec", f->side, f->packet, e->t, false);
    } else {
        compare_message(g, e, f->side, f->packet, f->sealed);
    }
}

static bool tell_all(struct compare_reading *g, const struct founds *all)
{
    size_t k = 0;
    bool syn[2] = { false, false }, fin[2] = { false, false }, rst[2] = { false, false };
    for (size_t i = 0; i < g->packets.n; i++) {
        const struct compare_packet *p = &g->packets.at[i];
        if (p->syn && !syn[p->side]) {
            syn[p->side] = true;
            compare_syn(g, p);
        }
        for (; k < all->n && all->at[k].packet <= p->number; k++)
            tell_found(g, &all->at[k]);
        if (p->fin && !fin[p->side])
            compare_mark(g, "FIN", p->side, p->number, p->at, false);
        if (p->rst && !rst[p->side] && !(fin[0] && fin[1]))
            compare_mark(g, "RST", p->side, p->number, p->at, false);
        fin[p->side] |= p->fin;
        rst[p->side] |= p->rst;
    }
    for (; k < all->n; k++)
        tell_found(g, &all->at[k]);
    return true;
}

/* A sample: a ClientHello alone, on no connection. */
static bool read_hello(struct compare_reading *g)
{
    for (event_no i = 1; i <= tape_events(g->tape); i++) {
        const struct event *e = tape_event(g->tape, i);
        if (e && e->kind == EVENT_MESSAGE && strcmp(e->name, "ClientHello") == 0) {
            g->run->only_hello = true;
            compare_message(g, e, COMPARE_CLIENT, 0, false);
            return true;
        }
    }
    return false;
}

bool compare_read(struct compare_run *r, struct tape *t, unsigned which)
{
    struct compare_reading g = { .run = r, .tape = t };
    struct founds all = { NULL, 0, 0 };
    struct connections connections = { .n = 0 };
    memset(r, 0, sizeof *r);
    if (tape_count(t, 'p') == 0)
        return read_hello(&g);
    const struct known *chosen = find_connection(t, which, &connections);
    bool good = chosen && read_packets(&g, &chosen->ends, chosen->from);
    for (event_no i = 1; good && i <= tape_events(t); i++) {
        const struct event *e = tape_event(t, i);
        if (e && e->kind == EVENT_FATE)
            r->fates = true;
        if (e && is_step(e))
            good = add_found(&g, &all, e);
    }
    if (all.n > 1)
        qsort(all.at, all.n, sizeof *all.at, in_order);
    good = good && tell_all(&g, &all);
    if (good) {
        compare_mark(&g, "connection", COMPARE_BOTH, 0, 0, false);
        compare_habits(&g);
        compare_records(&g);
    }
    free(all.at);
    free(g.packets.at);
    return good && !r->full;
}
