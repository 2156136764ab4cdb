/* Where a packet's octets lie in its sender's stream: what was sent before, what the other end has acknowledged, and
 * this piece. */
#include "trace/page_parts.h"

enum { WIDE = 600 };

static uint64_t end_of_stream(const struct page *p, buf_no stream, uint32_t last)
{
    uint64_t end = 0;
    for (uint32_t i = 1; i <= last; i++) {
        const struct event *e = p->steps[i].packet;
        for (size_t k = 0; e && k < e->n_carries; k++)
            if (e->carries[k].stream == stream && e->carries[k].off + e->carries[k].len > end)
                end = e->carries[k].off + e->carries[k].len;
    }
    return end;
}

/* The farthest that the other end of the stream has acknowledged in packets before this one, without the SYN. */
static uint64_t acknowledged(const struct page *p, uint32_t step)
{
    uint64_t most = 0;
    for (uint32_t i = 1; i < step; i++) {
        const struct page_step *s = &p->steps[i];
        const struct attr *a = s->packet && s->from == p->steps[step].to && s->to == p->steps[step].from
                                   ? event_attr(s->packet, "ack_relative") : NULL;
        if (a && a->number > most)
            most = a->number;
    }
    return most ? most - 1 : 0;
}

static unsigned across(uint64_t off, uint64_t whole) { return whole ? (unsigned)(off * WIDE / whole) : 0; }

static void bar(struct page *p, const char *class, uint64_t from, uint64_t to, uint64_t whole)
{
    unsigned x = across(from, whole), w = across(to, whole) - x;
    html_put(&p->html, "<rect class=\"%s\" x=\"%u\" width=\"%u\" height=\"14\"/>", class, x, w ? w : 1);
}

void page_space(struct page *p, uint32_t step)
{
    const struct event *e = p->steps[step].packet;
    if (!e->n_carries || !event_attr(e, "seq"))
        return;
    const struct carry *c = &e->carries[0];
    uint64_t whole = end_of_stream(p, c->stream, p->n_steps), before = end_of_stream(p, c->stream, step - 1);
    uint64_t acked = acknowledged(p, step);
    html_put(&p->html,
             "<figure class=\"space\" data-at=\"%u\" data-off=\"%llu\" data-len=\"%u\" data-whole=\"%llu\">"
             "<figcaption>",
             c->at, (unsigned long long)c->off, c->len, (unsigned long long)whole);
    page_ui(p, "page space");
    html_put(&p->html, " <small>%llu – %llu / %llu</small></figcaption>\n<svg viewBox=\"0 0 %u 14\" "
             "preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect class=\"all\" width=\"%u\" height=\"14\"/>",
             (unsigned long long)c->off, (unsigned long long)(c->off + c->len - 1), (unsigned long long)whole,
             (unsigned)WIDE, (unsigned)WIDE);
    bar(p, "sent", 0, before, whole);
    bar(p, "acked", 0, acked < whole ? acked : whole, whole);
    bar(p, "this", c->off, c->off + c->len, whole);
    html_put(&p->html, "</svg></figure>\n");
}
