#include "trace/html.h"
#include "trace/show.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { PIECE = 64, SHOWN = 1024 };

struct html html_over(struct sink *sink) { return (struct html){ .sink = sink }; }

static void flush(struct html *h)
{
    if (h->used && !h->sink->write(h->sink, h->buffer, h->used))
        h->failed = true;
    h->used = 0;
}

bool html_end(struct html *h)
{
    flush(h);
    return !h->failed;
}

void html_raw(struct html *h, const char *text, size_t n)
{
    h->written += n;
    while (n) {
        size_t room = sizeof h->buffer - h->used, now = n < room ? n : room;
        memcpy(h->buffer + h->used, text, now);
        h->used += now;
        text += now;
        n -= now;
        if (h->used == sizeof h->buffer)
            flush(h);
    }
}

static void raw_string(struct html *h, const char *text) { html_raw(h, text, strlen(text)); }

static void escaped(struct html *h, const char *text)
{
    for (;;) {
        size_t plain = strcspn(text, "&<>\"'");
        html_raw(h, text, plain);
        text += plain;
        switch (*text++) {
        case '&':  raw_string(h, "&amp;"); break;
        case '<':  raw_string(h, "&lt;"); break;
        case '>':  raw_string(h, "&gt;"); break;
        case '"':  raw_string(h, "&quot;"); break;
        case '\'': raw_string(h, "&#39;"); break;
        default:   return;
        }
    }
}

/* Line ends are kept apart: a key log's lines, a shell's lines are texts of ours with several lines. */
static void text(struct html *h, const char *s)
{
    char shown[SHOWN];
    for (;;) {
        size_t line = strcspn(s, "\n");
        while (line) {
            size_t n = line < SHOWN / 8 ? line : SHOWN / 8;
            while (n < line && n > SHOWN / 8 - 4 && (s[n] & 0xc0) == 0x80)
                n--;                                  /* not through the middle of a character */
            escaped(h, show_text(s, n, shown, sizeof shown));
            s += n;
            line -= n;
        }
        if (!*s)
            return;
        raw_string(h, "\n");
        s++;
    }
}

static void number(struct html *h, unsigned long long n)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%llu", n);
    raw_string(h, digits);
}

void html_put(struct html *h, const char *markup, ...)
{
    va_list values;
    va_start(values, markup);
    for (const char *hole; (hole = strchr(markup, '%')); ) {
        html_raw(h, markup, (size_t)(hole - markup));
        markup = hole + 2;
        char letter[2] = { 0 };
        switch (hole[1]) {
        case 's': text(h, va_arg(values, const char *)); break;
        case 'u': number(h, va_arg(values, unsigned)); break;
        case 'l': number(h, va_arg(values, unsigned long long)); markup = hole + 4; break;
        case 'c': letter[0] = (char)va_arg(values, int); text(h, letter); break;
        default:  raw_string(h, "%"); break;
        }
    }
    va_end(values);
    raw_string(h, markup);
}

void html_octets(struct html *h, struct bytes b, size_t most)
{
    char shown[SHOWN];
    bool cut = b.n > most;
    size_t n = cut ? most : b.n;
    for (size_t at = 0, now; at < n; at += now) {
        now = n - at < SHOWN / 8 ? n - at : SHOWN / 8;
        while (now > SHOWN / 8 - 4 && at + now < n && (b.at[at + now] & 0xc0) == 0x80)
            now--;
        escaped(h, show_text(b.at + at, now, shown, sizeof shown));
    }
    if (cut)
        raw_string(h, "…");
}

void html_hex(struct html *h, struct bytes b, unsigned columns)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < b.n; i++) {
        char octet[3] = { digits[b.at[i] >> 4], digits[b.at[i] & 15], ' ' };
        bool last = i + 1 == b.n;
        if (columns && (i + 1) % columns == 0)
            octet[2] = '\n';
        html_raw(h, octet, last ? 2 : 3);
    }
}

void html_both(struct html *h, const char *en, const char *zh)
{
    if (strcmp(en, zh) == 0)
        html_put(h, "%s", en);
    else
        html_put(h, "<i lang=en>%s</i><i lang=zh>%s</i>", en, zh);
}
