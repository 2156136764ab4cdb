/* A resumed handshake beside the full one, message by message, and what was saved. */
#include "trace/page_parts.h"

#include "trace/beside.h"
#include "trace/say.h"

static void write_message(struct page *p, const struct event *e)
{
    const struct page_buffer *b = e ? page_buffer_of(p, e->buf) : NULL;
    if (!e) {
        html_put(&p->html, "<td class=gone colspan=2>–</td>");
        return;
    }
    html_put(&p->html, beside_written(e) ? "<td>→ " : "<td>← ");
    page_code(p, e->name);
    html_put(&p->html, " ");
    if (b && b->first)
        page_step_link(p, buf_count(b->first));
    html_put(&p->html, "</td><td>%u</td>", (unsigned)e->bytes.n);
}

static void write_sum(struct page *p, const struct beside_sum *sum)
{
    char took[32];
    say_ms(took, sizeof took, sum->took);
    const struct attr attrs[] = { attr_number("messages", sum->messages), attr_number("octets", sum->octets),
                                  attr_number("trips", sum->trips), attr_text("took", took) };
    html_put(&p->html, "<td colspan=2>");
    page_say(p, "ui", "beside.sum", &(struct event){ .attrs = attrs, .n_attrs = 4 });
    html_put(&p->html, "</td>");
}

void page_beside(struct page *p)
{
    struct beside b;
    char took[32];
    if (!beside_read(&b, p->tape, tape_events(p->tape)))
        return;
    page_panel_begin(p, "beside");
    html_put(&p->html, "<table class=\"values beside\">\n<tr><th colspan=2>");
    page_ui(p, "beside full");
    html_put(&p->html, "</th><th colspan=2>");
    page_ui(p, "beside resumed");
    html_put(&p->html, "</th></tr>\n");
    for (unsigned i = 0; i < b.n; i++) {
        html_put(&p->html, "<tr>");
        write_message(p, b.rows[i].message[0]);
        write_message(p, b.rows[i].message[1]);
        html_put(&p->html, "</tr>\n");
    }
    html_put(&p->html, "<tr class=taken>");
    write_sum(p, &b.sum[0]);
    write_sum(p, &b.sum[1]);
    html_put(&p->html, "</tr>\n</table>\n<p>");
    const struct attr saved[] = {
        attr_number("octets", b.sum[0].octets > b.sum[1].octets ? b.sum[0].octets - b.sum[1].octets : 0),
        attr_number("trips", b.sum[0].trips > b.sum[1].trips ? b.sum[0].trips - b.sum[1].trips : 0),
        attr_text("took", say_ms(took, sizeof took, b.sum[0].took - b.sum[1].took)) };
    page_say(p, "ui", "beside.saved", &(struct event){ .attrs = saved, .n_attrs = 3 });
    html_put(&p->html, "</p>\n");
    page_panel_end(p);
}
