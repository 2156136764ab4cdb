/* pcapng (draft-ietf-opsawg-pcapng), written little-endian on every machine. Each block is u32 type, u32
 * total length, body padded to 4, u32 total length again; each option u16 code, u16 length, value padded to
 * 4, the list ended by code 0. */
#include "trace/joiner.h"
#include "trace/keyline.h"
#include "trace/say.h"
#include "trace/show.h"
#include "trace/text.h"
#include "trace/views.h"
#include "trace/who.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    BLOCK_SECTION = 0x0a0d0d0a, BLOCK_INTERFACE = 1, BLOCK_NAMES = 4, BLOCK_PACKET = 6, BLOCK_SECRETS = 10,
    OPTION_END = 0, OPTION_COMMENT = 1, SECTION_APPLICATION = 4, INTERFACE_NAME = 2, INTERFACE_RESOLUTION = 9,
    PACKET_FLAGS = 2, PACKET_ID = 5, NAME_IPV4 = 1, NAME_IPV6 = 2,
    LINKTYPE_RAW = 101, SECRETS_TLS = 0x544c534b,
};
enum direction { NO_DIRECTION, INBOUND, OUTBOUND };
/* FRAME: a packet block's extras */
enum {
    WAIT = 256 * 1024, KEYS_WAIT = 16 * 1024, HEAD = 4096, COMMENT = 640, FRAME = 1024, LABELS = 256, RECENT = 32,
    WHY = 320
};

struct pile { uint8_t *at; size_t n; };

/* Why there is a recent message, in the catalogue's words. */
struct reason { buf_no buf; char text[WHY]; };
/* A recent packet's, for when it arrives. */
struct label { buf_no packet; char text[COMMENT]; };

struct pcap_view {
    struct view view;
    struct sink *sink;
    uint16_t at;
    bool secrets, begun;
    const struct words *words;
    struct keylines seen;
    struct joiner *joiner;
    size_t keys_n;
    struct pile waiting;
    struct label labels[LABELS];
    struct reason reasons[RECENT]; unsigned n_reasons;
    uint8_t packets[WAIT], keys[KEYS_WAIT];           /* what waits for the end of the turn */
};

static void add_octets(struct pile *p, const void *octets, size_t n)
{
    if (n)
        memcpy(p->at + p->n, octets, n);
    p->n += n;
}

static void add_le(struct pile *p, uint64_t v, size_t n)
{
    for (; n; n--, v >>= 8)
        p->at[p->n++] = (uint8_t)v;
}

static void add_padding(struct pile *p, size_t n)
{
    add_le(p, 0, (4 - n % 4) % 4);
}

static void add_option(struct pile *p, unsigned code, const void *value, size_t n)
{
    add_le(p, code, 2);
    add_le(p, n, 2);
    add_octets(p, value, n);
    add_padding(p, n);
}

static size_t open_block(struct pile *p, uint32_t type)
{
    size_t start = p->n;
    add_le(p, type, 4);
    add_le(p, 0, 4);
    return start;
}

static void close_block(struct pile *p, size_t start)
{
    uint32_t total = (uint32_t)(p->n - start + 4);
    struct pile length = { p->at + start, 4 };
    add_le(&length, total, 4);
    add_le(p, total, 4);
}

static void add_section(struct pile *p)
{
    static const char program[] = "vitrine";
    size_t block = open_block(p, BLOCK_SECTION);
    add_le(p, 0x1a2b3c4d, 4);                         /* tells the order of octets */
    add_le(p, 1, 2);
    add_le(p, 0, 2);
    add_le(p, UINT64_MAX, 8);                         /* length of the section: unknown */
    add_option(p, SECTION_APPLICATION, program, sizeof program - 1);
    add_option(p, OPTION_END, NULL, 0);
    close_block(p, block);
}

static void add_interface(struct pile *p, const char *name)
{
    static const uint8_t nanoseconds = 9;             /* 10^-9 s */
    size_t block = open_block(p, BLOCK_INTERFACE), n = strlen(name);
    add_le(p, LINKTYPE_RAW, 2);
    add_le(p, 0, 2);
    add_le(p, 0, 4);                                  /* packets are never cut */
    add_option(p, INTERFACE_NAME, name, n > 255 ? 255 : n);
    add_option(p, INTERFACE_RESOLUTION, &nanoseconds, 1);
    add_option(p, OPTION_END, NULL, 0);
    close_block(p, block);
}

/* The names of the hosts, as far as they are known when the file begins. */
static void add_names(struct pile *p, const struct trace *t)
{
    size_t block = open_block(p, BLOCK_NAMES);
    for (uint16_t i = 1; trace_host_of(t, i); i++) {
        const struct trace_host *h = trace_host_of(t, i);
        size_t n = strlen(h->name) + 1;
        if ((h->addr_len != 4 && h->addr_len != 16) || n > 256)
            continue;
        add_le(p, h->addr_len == 4 ? NAME_IPV4 : NAME_IPV6, 2);
        add_le(p, h->addr_len + n, 2);
        add_octets(p, h->addr, h->addr_len);
        add_octets(p, h->name, n);
        add_padding(p, n);
    }
    add_le(p, 0, 4);                                  /* the end of the records */
    close_block(p, block);
}

static void begin_file(struct pcap_view *self, const struct trace *t)
{
    uint8_t room[HEAD];
    struct pile head = { room, 0 };
    const struct trace_host *host = trace_host_of(t, self->at);
    if (self->begun)
        return;
    self->begun = true;
    add_section(&head);
    add_interface(&head, host ? host->name : "wire");
    if (trace_host_of(t, 1))
        add_names(&head, t);
    self->sink->write(self->sink, head.at, head.n);
}

static void write_secrets(struct pcap_view *self)
{
    uint8_t room[KEYS_WAIT + 64];
    struct pile p = { room, 0 };
    size_t block = open_block(&p, BLOCK_SECRETS);
    add_le(&p, SECRETS_TLS, 4);
    add_le(&p, self->keys_n, 4);
    add_octets(&p, self->keys, self->keys_n);
    add_padding(&p, self->keys_n);
    close_block(&p, block);
    self->sink->write(self->sink, p.at, p.n);
    self->keys_n = 0;
}

/* All layers are through with what waits: first the secrets that came of it, then the packets they open. */
static void flush(struct pcap_view *self, const struct trace *t)
{
    if (!self->keys_n && !self->waiting.n)
        return;
    begin_file(self, t);
    if (self->keys_n)
        write_secrets(self);
    if (self->waiting.n)
        self->sink->write(self->sink, self->waiting.at, self->waiting.n);
    self->waiting.n = 0;
}

static void add_packet(struct pcap_view *self, const struct trace *t, const struct event *e,
                       enum direction direction, const char *comment)
{
    struct pile *p = &self->waiting, flags = { (uint8_t[4]){ 0 }, 0 }, id = { (uint8_t[8]){ 0 }, 0 };
    size_t n = e->bytes.n;
    if (n > WAIT - FRAME)
        return;
    if (p->n + n + FRAME > WAIT)
        flush(self, t);
    size_t block = open_block(p, BLOCK_PACKET);
    add_le(p, 0, 4);                                  /* interface */
    add_le(p, (uint64_t)e->t >> 32, 4);
    add_le(p, (uint64_t)e->t, 4);
    add_le(p, n, 4);
    add_le(p, n, 4);
    add_octets(p, e->bytes.at, n);
    add_padding(p, n);
    if (*comment)
        add_option(p, OPTION_COMMENT, comment, strlen(comment));
    if (direction != NO_DIRECTION) {
        add_le(&flags, direction, 4);
        add_option(p, PACKET_FLAGS, flags.at, flags.n);
    }
    add_le(&id, buf_count(e->buf), 8);
    add_option(p, PACKET_ID, id.at, id.n);
    add_option(p, OPTION_END, NULL, 0);
    close_block(p, block);
}

static struct label *label_of(struct pcap_view *self, buf_no packet)
{
    return &self->labels[buf_count(packet) % LABELS];
}

static void add_key(struct pcap_view *self, const struct trace *t, struct bytes line)
{
    if (line.n > KEYS_WAIT)
        return;
    if (self->keys_n + line.n > KEYS_WAIT)
        flush(self, t);
    memcpy(self->keys + self->keys_n, line.at, line.n);
    self->keys_n += line.n;
}

/* Each end tells a message; the same sentence for both. */
static void remember_reason(struct pcap_view *self, const struct event *e)
{
    const char *template = event_declares(e) && e->kind != EVENT_PACKET ? say_why(self->words, e) : NULL;
    if (!template)
        return;
    struct reason *r = &self->reasons[self->n_reasons++ % RECENT];
    r->buf = e->buf;
    say(r->text, sizeof r->text, template, e, self->words);
}

/* A packet goes for the sake of what begins in it; one that goes again, or carries nothing, for its own. */
static void add_reason(const struct pcap_view *self, const struct event *e, buf_no first, char comment[COMMENT])
{
    char own[WHY] = "";
    const char *text = own, *template = say_why(self->words, e);
    for (unsigned i = 0; first && !event_attr(e, "retransmission") && i < RECENT; i++)
        if (self->reasons[i].buf == first)
            text = self->reasons[i].text;
    if (text == own && template)
        say(own, sizeof own, template, e, self->words);
    if (!*text)
        return;
    text_join(comment, COMMENT, "\n");
    text_join(comment, COMMENT, text);
}

/* "ClientHello  TLS 1.2, 6 suites (data seq 1 ack 1 len 126)": what lies in it, and what it is; in a second line,
 * why there is such a thing. */
static void write_comment(struct pcap_view *self, const struct event *e, char comment[COMMENT])
{
    struct joined joined = joiner_of(self->joiner, e, COMMENT / 2);
    char label[COMMENT / 2], phrase[2][COMMENT / 2];
    const char *words = words_phrase(self->words, joined.words, phrase[0], sizeof phrase[0]);
    show_string(words_phrase(self->words, e->label, phrase[1], sizeof phrase[1]), label, sizeof label);
    comment[0] = 0;
    text_join(comment, COMMENT, words);
    text_join(comment, COMMENT, *words && *label ? " (" : "");
    text_join(comment, COMMENT, label);
    text_join(comment, COMMENT, *words && *label ? ")" : "");
    add_reason(self, e, joined.first, comment);
}

/* A host's capture has the packets that it sent, as they left, and those that reached it, as they came. On a
 * real link what comes from outside is told by who received it, and is never said to be delivered. */
static void on_packet(struct pcap_view *self, const struct trace *t, const struct event *e)
{
    struct label *label = label_of(self, e->buf);
    label->packet = e->buf;
    write_comment(self, e, label->text);
    if (self->at == 0)
        add_packet(self, t, e, NO_DIRECTION, label->text);
    else if (e->host == self->at)
        add_packet(self, t, e, who_is(t, event_text(e, "to")) == self->at ? INBOUND : OUTBOUND, label->text);
}

static void on_delivery(struct pcap_view *self, const struct trace *t, const struct event *e)
{
    const struct label *label = label_of(self, e->buf);
    if (self->at && e->host == self->at)
        add_packet(self, t, e, INBOUND, label->packet == e->buf ? label->text : "");
}

static void on_event(struct view *v, const struct trace *t, const struct event *e)
{
    struct pcap_view *self = (struct pcap_view *)v;
    struct bytes line = self->secrets ? keyline_of(&self->seen, e) : (struct bytes){ NULL, 0 };
    if (line.n)
        add_key(self, t, line);
    joiner_event(self->joiner, e);
    remember_reason(self, e);
    if (e->kind == EVENT_PACKET)
        on_packet(self, t, e);
    else if (e->kind == EVENT_FATE && e->name && strcmp(e->name, "delivered") == 0)
        on_delivery(self, t, e);
}

static void on_turn(struct view *v, const struct trace *t) { flush((struct pcap_view *)v, t); }

static void on_end(struct view *v, const struct trace *t)
{
    struct pcap_view *self = (struct pcap_view *)v;
    flush(self, t);
    begin_file(self, t);                              /* without any packet it still is a capture */
}

static void on_free(struct view *v)
{
    joiner_free(((struct pcap_view *)v)->joiner);
    free(v);
}

struct view *pcap_view_new(struct sink *sink, uint16_t at, bool secrets, const struct words *words)
{
    struct pcap_view *self = calloc(1, sizeof *self);
    struct joiner *joiner = joiner_new();
    if (!self || !joiner) {
        free(self);
        joiner_free(joiner);
        return NULL;
    }
    self->joiner = joiner;
    self->view = (struct view){ .event = on_event, .turn = on_turn, .end = on_end, .free = on_free };
    self->sink = sink;
    self->at = at;
    self->secrets = secrets;
    self->words = words;
    self->waiting.at = self->packets;
    return &self->view;
}
