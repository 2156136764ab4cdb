#include "cmd/sieve_facts.h"
#include "cmd/filter_names.h"
#include "net/frame.h"

#include <stdio.h>
#include <string.h>

enum { NAME = 256, MAC = 6, TYPE_ARP = 0x0806, TYPE_LEAST = 0x0600, SLL_HEADER = 16, SLL2_HEADER = 20, PACKED = 0x3f };

static void flag(struct filter *f, const char *name) { filter_fact(f, name, &(struct filter_value){ .number = 1 }); }
static void number(struct filter *f, const char *name, uint64_t v)
{
    filter_fact(f, name, &(struct filter_value){ .number = v });
}
static void octets(struct filter *f, const char *name, struct bytes b)
{
    filter_fact(f, name, &(struct filter_value){ .bytes = b });
}

/* ---- the frame ---- */

/* Of both Linux cooked forms, at these places of their headers; an address of Ethernet's has its own name. */
static void cooked_facts(struct filter *f, const struct capture_frame *frame)
{
    static const struct { const char *name; uint8_t at[2], n[2]; } fields[] = {
        { "sll.pkttype", { 0, 10 }, { 2, 1 } }, { "sll.hatype", { 2, 8 }, { 2, 2 } },
        { "sll.halen", { 4, 11 }, { 2, 1 } }, { "sll.etype", { 14, 0 }, { 2, 2 } },
        { "sll.ifindex", { 0, 4 }, { 0, 4 } } };
    const bool second = frame->link == LINK_LINUX_SLL2;
    struct wire_in in;
    if (frame->bytes.n < (second ? SLL2_HEADER : SLL_HEADER))
        return;
    flag(f, "sll");
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        in = wire_over(frame->bytes.at + fields[i].at[second], fields[i].n[second], NULL);
        switch (fields[i].n[second]) {
        case 1: number(f, fields[i].name, take_u8(&in, "number")); break;
        case 2: number(f, fields[i].name, take_u16(&in, "number")); break;
        case 4: number(f, fields[i].name, take_u32(&in, "number")); break;
        default: break;
        }
    }
    const uint8_t *length = frame->bytes.at + fields[2].at[second];
    if (length[second ? 0 : 1] == MAC)
        octets(f, "sll.src.eth", (struct bytes){ frame->bytes.at + (second ? 12 : 6), MAC });
}

static void link_facts(struct filter *f, const struct capture_frame *frame)
{
    struct wire_in in = wire_over(frame->bytes.at, frame->bytes.n, NULL), packet;
    struct frame around;
    enum framed what = frame_read(frame->link, &in, &around, &packet, NULL);
    if (what == FRAME_OTHER && around.ethertype == TYPE_ARP)
        flag(f, "arp");
    for (unsigned i = 0; i < around.tags; i++) {
        flag(f, "vlan");
        number(f, "vlan.id", around.vlan[i]);
    }
    if (frame->link == LINK_LINUX_SLL || frame->link == LINK_LINUX_SLL2)
        cooked_facts(f, frame);
    if (frame->link != LINK_ETHERNET || frame->bytes.n < 2 * MAC + 2)
        return;
    const struct bytes to = { frame->bytes.at, MAC }, from = { frame->bytes.at + MAC, MAC };
    flag(f, "eth");
    const unsigned type = (unsigned)(frame->bytes.at[2 * MAC] << 8 | frame->bytes.at[2 * MAC + 1]);
    if (type >= TYPE_LEAST)                           /* less is a length: IEEE 802.3 §3.2.6 */
        number(f, "eth.type", type);
    octets(f, "eth.dst", to);
    octets(f, "eth.src", from);
    octets(f, "eth.addr", to);
    octets(f, "eth.addr", from);
}

void facts_frame(struct filter *f, const struct capture_frame *frame, nsec first, nsec before)
{
    flag(f, "frame");
    number(f, "frame.number", frame->number);
    number(f, "frame.len", frame->wire_n);
    number(f, "frame.cap_len", frame->bytes.n);
    number(f, "frame.interface_id", frame->interface);
    if (frame->has_time) {
        number(f, "frame.time_epoch", (uint64_t)frame->at);
        number(f, "frame.time_relative", (uint64_t)(frame->at - first));
        number(f, "frame.time_delta", (uint64_t)(frame->at - before));
    }
    link_facts(f, frame);
}

/* ---- the segment ---- */

/* Relative, as Wireshark counts: the SYN is 0, or the first octet seen 1. */
static uint32_t relative(const struct flow *f, unsigned side, uint32_t seq) { return seq - flow_base(f, side); }

void facts_segment(struct filter *f, const struct flow *flow, unsigned side, const struct flow_packet *p,
                   unsigned marks)
{
    const struct tcp_segment *s = p->segment;
    const struct flow_side *mine = &flow->side[side], *other = &flow->side[1 - side];
    bool scaled = mine->has_window_scale && other->has_window_scale && !(s->flags & TCP_SYN);
    uint32_t len = (uint32_t)s->text.n + p->missing, seq = relative(flow, side, s->seq);
    number(f, "tcp.stream", flow->id - 1);
    number(f, "tcp.len", len);
    number(f, "tcp.seq", seq);
    number(f, "tcp.nxtseq", seq + len + !!(s->flags & TCP_SYN) + !!(s->flags & TCP_FIN));
    if (s->flags & TCP_ACK)
        number(f, "tcp.ack", relative(flow, 1 - side, s->ack));
    number(f, "tcp.window_size", (uint64_t)s->window << (scaled ? mine->window_scale : 0));
    number(f, "tcp.flags", s->flags);
    for (unsigned bit = 0; bit < FLOW_MARKS; bit++)
        if (marks >> bit & 1) {
            char name[FILTER_NAME];
            snprintf(name, sizeof name, "tcp.analysis.%s", flow_mark_name(bit));
            flag(f, name);
            flag(f, "tcp.analysis.flags");
        }
}

/* ---- what was told ---- */

static uint64_t number_of(const struct field *f, enum wireshark_way way)
{
    uint64_t v = f->number;
    if (f->type == FIELD_TEXT)                        /* "200" */
        for (size_t i = v = 0; i < f->bytes.n && f->bytes.at[i] >= '0' && f->bytes.at[i] <= '9'; i++)
            v = v * 10 + f->bytes.at[i] - '0';
    return way == WS_WORDS ? v * 4 : way == WS_TAG ? v & 0x1f : way == WS_SIZE ? v & 0x7f : v;
}

/* Names that are put together from fields behind each other. */
struct joins { char name[NAME]; size_t n; const char *header; };

static void add_label(struct joins *j, struct bytes label)
{
    size_t room = sizeof j->name - j->n, n = label.n < room ? label.n : room;
    if (j->n && j->n < sizeof j->name) {
        j->name[j->n++] = '.';
        n -= n == room;
    }
    memcpy(j->name + j->n, label.at, n);
    j->n += n;
}

static void join(struct filter *f, struct joins *j, enum sieve_joins part, const struct field *field)
{
    if (part == SIEVE_QTYPE) {
        octets(f, "dns.qry.name", (struct bytes){ (const uint8_t *)j->name, j->n });
        j->n = 0;
    } else if (!field->bytes.at) {
        return;
    } else if (part == SIEVE_LABEL) {
        add_label(j, field->bytes);
    } else if (part == SIEVE_HEADER_NAME) {
        j->header = filter_header(field->bytes.at, field->bytes.n);
    } else if (j->header) {
        octets(f, j->header, field->bytes);
        j->header = NULL;
    }
}

static void buffer_facts(struct filter *f, struct sieve_paths *paths, struct tape *t, buf_no buf)
{
    struct joins j = { .n = 0 };
    struct tape_fields fields = tape_fields(t, buf);
    if (!fields.n || !sieve_paths_begin(paths, tape_root(t, buf), fields.n))
        return;
    for (size_t i = 0; i < fields.n; i++) {
        const struct field *field = &fields.at[i].field;
        const struct sieve_path *p = sieve_paths_step(paths, i, fields.at[i].parent, field->name);
        if (p->joins != SIEVE_ALONE)
            join(f, &j, p->joins, field);
        if (p->name)
            filter_fact(f, p->name, &(struct filter_value){ number_of(field, p->way), field->bytes });
        if (p->also)
            filter_fact(f, p->also, &(struct filter_value){ field->number, field->bytes });
    }
}

/* Protocols, which have no octets that a row names. */
static void event_facts(struct filter *f, const struct event *e)
{
    if (e->kind == EVENT_RECORD) {
        flag(f, "tls");
        flag(f, "tls.record");
        if (e->bytes.n && e->bytes.at[0] == 21)
            flag(f, "tls.alert_message");
    }
    if (e->kind != EVENT_MESSAGE || !e->layer)
        return;
    if (strcmp(e->layer, "tls") == 0)
        flag(f, "tls.handshake");
    if (strcmp(e->layer, "dns") == 0 || strcmp(e->layer, "http") == 0)
        flag(f, e->layer);
    if (strcmp(e->layer, "http") == 0 && e->name && (!strcmp(e->name, "request") || !strcmp(e->name, "response")))
        flag(f, e->name[2] == 'q' ? "http.request" : "http.response");
}

void facts_told(struct filter *f, struct sieve_paths *paths, struct tape *t)
{
    event_no last = tape_events(t);
    for (event_no n = last; n; n--) {
        const struct event *e = tape_event(t, n);
        if (!e)
            break;
        event_facts(f, e);
        if (event_declares(e))
            buffer_facts(f, paths, t, e->buf);
    }
}
