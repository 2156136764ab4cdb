/* Octets: each packet's once, as it was sent; and beside it what its sealed records hold, opened. */
#include "trace/page_parts.h"

enum { COLUMNS = 16, OPENED_MOST = 4096 };

/* The key that sealed it; the panel of keys says where that comes from. */
static void write_key(struct page *p, const struct event *e)
{
    const char *key = event_text(e, "key");
    if (*key)
        html_put(&p->html, " · <a href=\"#keys\">%s</a>", key);
}

static void write_hex(struct page *p, const struct event *e, uint32_t number, bool opened)
{
    char letter = buf_letter(e->buf);
    struct bytes shown = e->bytes;
    if (opened && shown.n > OPENED_MOST)
        shown.n = OPENED_MOST;
    html_put(&p->html, opened ? "<figure class=\"opened\"><figcaption>" : "<figure><figcaption>");
    page_ui(p, opened ? "page opened" : "page on the wire");
    html_put(&p->html, " <small>%c%u · %u ", letter, number, (unsigned)e->bytes.n);
    page_ui(p, "page octets");
    write_key(p, e);
    html_put(&p->html, "</small></figcaption><pre class=\"hex\" id=\"%c%u\" tabindex=0>", letter, number);
    html_hex(&p->html, shown, COLUMNS);
    if (shown.n < e->bytes.n)
        html_put(&p->html, " …");
    html_put(&p->html, "</pre></figure>\n");
}

void page_bytes(struct page *p, uint32_t step)
{
    unsigned opened = tape_buf('o', 0) >> 28;
    html_put(&p->html, "<div class=\"bytes\">\n");
    write_hex(p, p->steps[step].packet, step, false);
    for (uint32_t i = 0; i < p->n_buffers[opened]; i++)
        if (p->buffers[opened][i].event && p->buffers[opened][i].step == step)
            write_hex(p, p->buffers[opened][i].event, i + 1, true);
    html_put(&p->html, "</div>\n");
}
