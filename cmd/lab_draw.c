/* Curves on a terminal: a digit is a flow, a star is where they meet. */
#include "cmd/lab.h"
#include "cmd/words.h"

#include <inttypes.h>
#include <string.h>

enum { COLUMNS = 64, LINES = 9 };

static uint64_t goodput(const struct link_lab *l, unsigned flow, unsigned from, unsigned to)
{
    return link_lab_rate(l, flow, from, to) * 8 / 1000;
}

static uint64_t cwnd(const struct link_lab *l, unsigned flow, unsigned from, unsigned to)
{
    (void)from;
    return l->samples[to][flow].cwnd;
}

/* The longest of them: the queue is full for moments only. */
static uint64_t wait(const struct link_lab *l, unsigned flow, unsigned from, unsigned to)
{
    nsec most = 0;
    (void)flow;
    for (unsigned i = from; i <= to; i++)
        most = l->waits[i] > most ? l->waits[i] : most;
    return (uint64_t)(most / MILLISECOND);
}

static uint64_t srtt(const struct link_lab *l, unsigned flow, unsigned from, unsigned to)
{
    (void)from;
    return (uint64_t)(l->samples[to][flow].srtt / MILLISECOND);
}

const struct lab_curve lab_curves[LAB_CURVES] = {
    { "goodput, kbit/s", goodput, false },
    { "congestion window, octets", cwnd, false },
    { "waiting in the queue, ms", wait, true },
    { "smoothed round trip, ms", srtt, false },
};

struct lab_part lab_part(const struct link_lab *l, unsigned i, unsigned columns)
{
    unsigned last = l->n_samples - 1;
    return (struct lab_part){ i * last / columns, (i + 1) * last / columns };
}

static unsigned curves(const struct link_lab *l, const struct lab_curve *c) { return c->one ? 1 : l->n_flows; }

uint64_t lab_top(const struct link_lab *l, const struct lab_curve *c, unsigned columns)
{
    uint64_t most = 0, top = 1;
    for (unsigned f = 0; f < curves(l, c); f++)
        for (unsigned i = 0; i < columns; i++) {
            struct lab_part p = lab_part(l, i, columns);
            uint64_t v = c->value(l, f, p.from, p.to);
            most = v > most ? v : most;
        }
    while (top < most)
        top *= 10;
    return top >= 10 && top / 5 >= most ? top / 5 : top >= 2 && top / 2 >= most ? top / 2 : top;
}

static void draw_axis(FILE *f, const struct link_lab *l)
{
    char end[24];
    fprintf(f, "%11s+", "");
    for (unsigned i = 0; i < COLUMNS; i++)
        fputc('-', f);
    snprintf(end, sizeof end, "%lld s", (long long)(l->length / SECOND));
    fprintf(f, "\n%12s0 s%*s\n", "", COLUMNS - 3, end);
}

void lab_draw(FILE *f, const struct link_lab *l, const struct lab_curve *c)
{
    char grid[LINES][COLUMNS + 1], said[WORDS_TEXT];
    uint64_t top = lab_top(l, c, COLUMNS);
    memset(grid, ' ', sizeof grid);
    for (unsigned flow = 0; flow < curves(l, c); flow++)
        for (unsigned i = 0; i < COLUMNS; i++) {
            struct lab_part p = lab_part(l, i, COLUMNS);
            char *at = &grid[LINES - 1 - c->value(l, flow, p.from, p.to) * (LINES - 1) / top][i];
            if (l->every * p.to >= l->flows[flow].since)
                *at = *at == ' ' ? c->one ? '#' : (char)('1' + flow) : '*';
        }
    fprintf(f, "\n%s\n", words_said(c->name, said));
    for (unsigned line = 0; line < LINES; line++) {
        unsigned n = COLUMNS;
        while (n && grid[line][n - 1] == ' ')
            n--;
        if (line == 0 || line == LINES / 2)
            fprintf(f, "%10" PRIu64 " |%.*s\n", line ? top / 2 : top, (int)n, grid[line]);
        else
            fprintf(f, "%10s |%.*s\n", "", (int)n, grid[line]);
    }
    draw_axis(f, l);
}
