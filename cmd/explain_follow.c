#include "cmd/explain_follow.h"
#include "cmd/words.h"
#include "trace/show.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { PIECE = 256, SHOWN = 8 * PIECE };

static const char rule[] = "======================================================================";

bool follow_ask(struct explain_follow *f, const char *number)
{
    char *end;
    unsigned long id = strtoul(number, &end, 10);
    if (end == number || *end || id == 0 || id > UINT32_MAX || *number == '-') {
        complain("vitrine explain: --follow wants the number of a connection in the list, like 1; %s is none", number);
        return false;
    }
    f->id = (uint32_t)id;
    return true;
}

bool follow_start(struct explain_follow *f, FILE *out, const char *raw)
{
    f->out = raw ? NULL : out;
    return !raw || file_sink_open(&f->raw, raw, true, "what was said");
}

static void head(const struct explain_follow *f, const struct flow *flow)
{
    char text[ADDR_TEXT];
    fprintf(f->out, "%s\n", rule);
    words_print(f->out, "Connection %u, as it was said (tcp.stream eq %u)\n", f->id, f->id - 1);
    words_print(f->out, "client: %s port %u\n", addr_text(&flow->side[FLOW_CLIENT].addr, text),
                flow->side[FLOW_CLIENT].port);
    words_print(f->out, "server: %s port %u\n", addr_text(&flow->side[FLOW_SERVER].addr, text),
                flow->side[FLOW_SERVER].port);
}

static void turn(struct explain_follow *f, unsigned side, uint64_t packet)
{
    if (f->within)
        fputc('\n', f->out);
    f->within = false;
    f->side = side;
    fputs("--- ", f->out);
    if (side == FLOW_CLIENT)
        words_print(f->out, "client, from packet %llu on", (unsigned long long)packet);
    else
        words_print(f->out, "server, from packet %llu on", (unsigned long long)packet);
    fputc('\n', f->out);
}

/* A piece of a line, cut where a character ends. */
static size_t piece_of(const uint8_t *at, size_t n)
{
    size_t part = n < PIECE ? n : PIECE;
    for (size_t back = part; part < n && back > part - 4; back--)
        if ((at[back] & 0xc0) != 0x80)
            return back;
    return part;
}

static void show(struct explain_follow *f, const uint8_t *at, size_t n)
{
    char shown[SHOWN];
    for (size_t part; n; at += part, n -= part) {
        part = piece_of(at, n);
        fputs(show_text(at, part, shown, sizeof shown), f->out);
        f->within = true;
    }
}

/* Lines are lines; a CR before their end is not shown. */
static void lines(struct explain_follow *f, struct bytes b)
{
    while (b.n) {
        const uint8_t *end = memchr(b.at, '\n', b.n);
        size_t n = end ? (size_t)(end - b.at) : b.n;
        show(f, b.at, n - (end && n && b.at[n - 1] == '\r'));
        if (end)
            fputc('\n', f->out);
        f->within = !end && (f->within || n);
        b.at += n + (end != NULL);
        b.n -= n + (end != NULL);
    }
}

void follow_text(struct explain_follow *f, const struct flow *flow, unsigned side, struct bytes b, uint64_t packet)
{
    if (flow->id != f->id || !b.n)
        return;
    f->said[side] += b.n;
    if (f->raw.file && !f->raw.sink.write(&f->raw.sink, b.at, b.n))
        f->raw.failed = true;
    if (!f->out)
        return;
    if (!f->begun)
        head(f, flow);
    if (!f->begun || side != f->side)
        turn(f, side, packet);
    f->begun = true;
    lines(f, b);
}

bool follow_end(struct explain_follow *f)
{
    if (f->id && f->within)
        fputc('\n', f->out);
    if (f->id && f->begun)
        fprintf(f->out, "%s\n\n", rule);
    else if (f->id && !f->said[0] && !f->said[1])
        complain("vitrine explain: --follow %u: nothing was said in this connection that could be read here", f->id);
    return file_sink_close(&f->raw);
}
