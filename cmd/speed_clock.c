/* The stopwatch of `vitrine speed`: CPU time of this process, so that a busy machine does not count, and of several
 * slices the best one, so that a cache that somebody else has emptied does not, either. */
#define _POSIX_C_SOURCE 200809L
#include "cmd/speed.h"

#include <time.h>

enum { SLICES = 8, READINGS = 64, TENTHS = 10 };
/* A run that nobody prepares is repeated until it takes so long that reading the clock costs nothing beside it. */
enum { LONG_ENOUGH = 200000, REPEAT_MOST = 1 << 20, PREPARED_MOST = 4 };

static uint64_t cpu_time(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* What reading the clock twice takes by itself. */
static uint64_t reading(void)
{
    uint64_t least = UINT64_MAX;
    for (int i = 0; i < READINGS; i++) {
        uint64_t at = cpu_time(), took = cpu_time() - at;
        least = took < least ? took : least;
    }
    return least;
}

struct watch_state { const struct speed_work *work; void *of; uint64_t repeat, reading, ops, spent; };

/* One reading of the clock, runs, another one. False: a run failed. */
static bool lap(struct watch_state *s)
{
    uint64_t ops = 0;
    if (s->work->prepare)
        s->work->prepare(s->of);
    uint64_t start = cpu_time();
    for (uint64_t i = 0; i < s->repeat; i++) {
        unsigned done = s->work->run(s->of);
        if (!done)
            return false;
        ops += done;
    }
    uint64_t took = cpu_time() - start;
    s->spent += took > s->reading ? took - s->reading : 1;
    s->ops += ops;
    return true;
}

/* Warms up, and finds out how often. */
static bool settle(struct watch_state *s)
{
    for (s->repeat = 1;; s->repeat *= 2) {
        s->spent = 0;
        if (!lap(s))
            return false;
        if (s->work->prepare || s->spent >= LONG_ENOUGH || s->repeat >= REPEAT_MOST)
            return true;
    }
}

/* A slice is one lap at least: of what is slow there are fewer than SLICES. */
static uint64_t best_slice(struct watch_state *s, uint64_t time)
{
    uint64_t best = 0, spent = 0, end = cpu_time() + PREPARED_MOST * time;
    for (int i = 0; i < SLICES && (i == 0 || spent < time); i++) {
        s->ops = s->spent = 0;
        do {
            if (!lap(s))
                return 0;
        } while (s->spent < time / SLICES && cpu_time() < end);
        uint64_t rate = s->ops * TENTHS * 1000000000 / s->spent;
        best = rate > best ? rate : best;
        spent += s->spent;
    }
    return best;
}

uint64_t speed_measure(const struct speed_row *row, uint64_t time)
{
    if (row->work->count)
        return row->work->count(row);
    struct watch_state s = { .work = row->work, .of = row->work->begin(row), .reading = reading() };
    if (!s.of)
        return 0;
    uint64_t rate = settle(&s) ? best_slice(&s, time) : 0;
    s.work->end(s.of);
    return rate;
}
