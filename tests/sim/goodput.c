/* How fast text goes through, by buffer, delay and loss: in virtual time, so that the same TCP has the same numbers on
 * every machine, and a change that costs speed shows as a diff of tests/sim/goodput.txt.
 *
 *     goodput FILE              fails when a number is below nine tenths of the one in FILE (with losses, three quarters:
 *                               which packets are lost is another accident when one packet more is sent)
 *     goodput --print           what stands in FILE (make goodput writes it)
 *
 * A cell is KB a second, the median of SEEDS runs of a few megabytes over a line of 20 MB a second whose queue takes 200
 * packets. */
#include "tests/lib/storm.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { SEEDS = 15, TEXT = 3000000, RATE_KB = 20000, PACKETS = 200, LINE = 256, CELLS = 4 };

static const struct { const char *name; unsigned window, grow; } buffers[] = {
    { "16 KB", 16384, 0 }, { "64 KB", 65535, 0 }, { "grows to 4 MB", 65535, 4 << 20 },
};
static const unsigned delays_us[] = { 500, 10000, 50000 }, losses[CELLS] = { 0, 1, 10, 30 };

static int by_size(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

static uint64_t cell(unsigned buffer, unsigned delay, unsigned loss)
{
    uint64_t speed[SEEDS];
    for (unsigned i = 0; i < SEEDS; i++) {
        struct storm_plan p;
        struct storm_verdict v;
        storm_parse(&p, "");
        p.seed = i + 1;
        p.knob[TEXT_0] = buffers[buffer].grow || delay < 5000 ? TEXT : TEXT / 10;
        p.knob[RATE] = RATE_KB;
        p.knob[QUEUE] = PACKETS;
        p.knob[DELAY] = delay;
        p.knob[LOSS] = loss;
        p.knob[WINDOW_0] = p.knob[WINDOW_1] = buffers[buffer].window;
        p.knob[GROW_0] = p.knob[GROW_1] = buffers[buffer].grow;
        storm_play(&p, &v, NULL);
        if (v.failed)
            printf("FAIL goodput: %s\n", v.why);
        speed[i] = v.failed ? 0 : p.knob[TEXT_0] * (uint64_t)(SECOND / 1000) / (uint64_t)v.text_took;
    }
    qsort(speed, SEEDS, sizeof *speed, by_size);
    return speed[SEEDS / 2];
}

static void make_line(unsigned buffer, unsigned delay, char line[LINE], uint64_t cells[CELLS])
{
    int n = snprintf(line, LINE, "%-14s  %5u us ", buffers[buffer].name, delays_us[delay]);
    for (unsigned k = 0; k < CELLS; k++) {
        cells[k] = cell(buffer, delays_us[delay], losses[k]);
        n += snprintf(line + n, LINE - (size_t)n, "  %8" PRIu64, cells[k]);
    }
}

/* A line of the file as it should be, or better. */
static bool is_as_good(const char *was, const uint64_t cells[CELLS])
{
    const char *at = strstr(was, " us ");
    for (unsigned k = 0; at && k < CELLS; k++) {
        char *end;
        uint64_t want = strtoull(k ? at : at + 4, &end, 10);
        if (end == at || cells[k] * 20 < want * (k ? 15 : 18))
            return false;
        at = end;
    }
    return at != NULL;
}

int main(int argc, char **argv)
{
    const char *path = argc > 1 ? argv[1] : "tests/sim/goodput.txt";
    bool print = strcmp(path, "--print") == 0;
    FILE *file = print ? NULL : fopen(path, "r");
    char line[LINE], was[LINE] = "";
    unsigned slower = 0;
    if (print)
        printf("KB a second     one way        no loss     0.1 %%       1 %%       3 %%\n");
    else if (!file || !fgets(was, sizeof was, file))
        return 2;
    for (unsigned b = 0; b < sizeof buffers / sizeof *buffers; b++)
        for (unsigned d = 0; d < sizeof delays_us / sizeof *delays_us; d++) {
            uint64_t cells[CELLS];
            make_line(b, d, line, cells);
            if (print)
                printf("%s\n", line);
            else if (!fgets(was, sizeof was, file) || !is_as_good(was, cells)) {
                printf("FAIL slower than it was, now and then:\n  %s\n  %s", line, was);
                slower++;
            }
        }
    if (!print)
        printf("%s", slower ? "     if it must be: make goodput\n" : "ok goodput as it was\n");
    if (file)
        fclose(file);
    return slower > 0;
}
