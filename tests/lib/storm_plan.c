#include "tests/lib/storm.h"
#include "net/ip.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* How a number is drawn: in `odds` of 100 plans it is not calm, but from `least` to `most`, small ones as often as
 * large ones (each power of two alike) if `wide`. */
static const struct { const char *name; unsigned calm, odds, least, most; bool wide; } knobs[KNOBS] = {
    [TEXT_0]       = { "text0",        0,     75, 1, 400000, true },
    [TEXT_1]       = { "text1",        0,     75, 1, 400000, true },
    [DELAY]        = { "delay",        5000,  60, 10, 300000, true },
    [RATE]         = { "rate",         0,     40, 20, 20000, true },
    [QUEUE]        = { "queue",        50,    70, 3, 300, true },
    [LOSS]         = { "loss",         0,     40, 1, 150, true },
    [DUP]          = { "dup",          0,     30, 1, 200, true },
    [REORDER]      = { "reorder",      0,     30, 1, 400, true },
    [CORRUPT]      = { "corrupt",      0,     20, 1, 100, true },
    [BLACKOUT]     = { "blackout",     0,     15, 1, 5000, true },
    [BLACKOUT_FOR] = { "blackout_for", 1000,  90, 10, 30000, true },
    [MTU_0]        = { "mtu0",         1500,  30, 576, 1499, false },
    [MTU_1]        = { "mtu1",         1500,  30, 576, 1499, false },
    [NARROW]       = { "narrow",       0,     15, 576, 1400, false },
    [NARROW_AT]    = { "narrow_at",    0,     50, 1, 3000, true },
    [MUTE]         = { "mute",         0,     30, 1, 1, false },
    [SIX]          = { "six",          0,     25, 1, 1, false },
    [MARK]         = { "mark",         0,     20, 1, 300, true },
    [WINDOW_0]     = { "window0",      65535, 40, 1, 65535, true },
    [WINDOW_1]     = { "window1",      65535, 40, 1, 65535, true },
    [GROW_0]       = { "grow0",        0,     50, 65536, 4000000, true },
    [GROW_1]       = { "grow1",        0,     50, 65536, 4000000, true },
    [PLAIN_0]      = { "plain0",       0,     40, 0, 31, false },
    [PLAIN_1]      = { "plain1",       0,     40, 0, 31, false },
    [RECOVERY]     = { "recovery",     0,     40, 1, 2, false },
    [READ_0]       = { "read0",        0,     20, 1, 20000, true },
    [READ_1]       = { "read1",        0,     20, 1, 20000, true },
    [PAUSE_0]      = { "pause0",       0,     20, 1, 4000, true },
    [PAUSE_1]      = { "pause1",       0,     20, 1, 4000, true },
    [ISS]          = { "iss",          1,     80, 1, 300000, true },
    [BOTH_OPEN]    = { "both_open",    0,     10, 1, 1, false },
    [DIES]         = { "dies",         0,     10, 1, 5000, true },
    [REBOOTS]      = { "reboots",      0,     5,  1, 5000, true },
    [ABORTS]       = { "aborts",       0,     5,  1, 5000, true },
    [STRANGER]     = { "stranger",     0,     15, 1, 200, true },
    [MAD]          = { "mad",          0,     25, 1, 65535, false },
    [MAD_FOR]      = { "mad_for",      2000,  90, 50, 20000, true },
};

static uint64_t mix(uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

uint64_t storm_hash(uint64_t seed, const char *kind, uint64_t number)
{
    uint64_t h = mix(seed);
    for (; *kind; kind++)
        h = mix(h ^ (uint8_t)*kind);
    return mix(h ^ mix(number));
}

uint8_t storm_octet(unsigned direction, uint64_t i) { return (uint8_t)(mix(i / 8 * 2 + direction) >> (i % 8 * 8)); }

static unsigned draw_wide(uint64_t random, unsigned least, unsigned most)
{
    unsigned low = 0, high = 0;
    while (least >> (low + 1))
        low++;
    while (most >> (high + 1))
        high++;
    unsigned power = low + (unsigned)(random % (high - low + 1));
    unsigned v = (1u << power) + (unsigned)((random >> 32) % (1u << power));
    return v < least ? least : v > most ? most : v;
}

void storm_draw(struct storm_plan *p, uint64_t seed)
{
    p->seed = seed;
    for (unsigned k = 0; k < KNOBS; k++) {
        uint64_t value = storm_hash(seed, knobs[k].name, 1);
        unsigned v = knobs[k].wide ? draw_wide(value, knobs[k].least, knobs[k].most)
                                   : knobs[k].least + (unsigned)(value % (knobs[k].most - knobs[k].least + 1));
        p->knob[k] = storm_hash(seed, knobs[k].name, 0) % 100 < knobs[k].odds ? v : knobs[k].calm;
    }
    static const enum storm_knob ways[] = { MTU_0, MTU_1, NARROW };
    for (unsigned i = 0; p->knob[SIX] && i < 3; i++)   /* IPv6 goes over none that is narrower */
        if (p->knob[ways[i]] && p->knob[ways[i]] < IP6_MTU_LEAST)
            p->knob[ways[i]] = IP6_MTU_LEAST;
    if (p->knob[STRANGER])                             /* who guesses finds a window of 4 MB in one of 1,000 tries */
        p->knob[GROW_0] = p->knob[GROW_1] = 0;
    if (p->knob[MAD])                                  /* few lies at a time, so that each gets somewhere */
        p->knob[MAD] &= (unsigned)(storm_hash(seed, "few", 0) & storm_hash(seed, "few", 1)) & 0xffff;
    /* A reader of one octet at a time, or a window of a few, makes a long text take hours: it shall be short. */
    for (unsigned i = 0; i < 2; i++) {
        unsigned *text = &p->knob[TEXT_0 + i], read = p->knob[READ_1 - i];
        unsigned window = p->knob[WINDOW_0] < p->knob[WINDOW_1] ? p->knob[WINDOW_0] : p->knob[WINDOW_1];
        if (window < 200 && *text > window * 40)
            *text = window * 40;
        if (p->knob[PAUSE_1 - i] && read && *text / read > 200)
            *text = read * 200;
    }
}

void storm_say(const struct storm_plan *p, char *out, size_t room)
{
    size_t n = (size_t)snprintf(out, room, "seed=%" PRIu64, p->seed);
    for (unsigned k = 0; k < KNOBS && n < room; k++)
        if (p->knob[k] != knobs[k].calm)
            n += (size_t)snprintf(out + n, room - n, " %s=%u", knobs[k].name, p->knob[k]);
}

static bool set(struct storm_plan *p, const char *name, size_t n, const char *value)
{
    if (n == 4 && memcmp(name, "seed", 4) == 0) {
        p->seed = strtoull(value, NULL, 10);
        return true;
    }
    for (unsigned k = 0; k < KNOBS; k++)
        if (strlen(knobs[k].name) == n && memcmp(knobs[k].name, name, n) == 0) {
            p->knob[k] = (unsigned)strtoul(value, NULL, 10);
            return true;
        }
    return false;
}

bool storm_parse(struct storm_plan *p, const char *text)
{
    *p = (struct storm_plan){ .seed = 1 };
    for (unsigned k = 0; k < KNOBS; k++)
        p->knob[k] = knobs[k].calm;
    while (*(text += strspn(text, " "))) {
        size_t n = strcspn(text, "= ");
        if (text[n] != '=' || !set(p, text, n, text + n + 1))
            return false;
        text += strcspn(text, " ");
    }
    return true;
}

/* Is it the same complaint? Numbers in it may differ. */
static bool same_words(const char *a, const char *b)
{
    while (*a && *b) {
        a += strspn(a, "-0123456789");
        b += strspn(b, "-0123456789");
        if (*a != *b)
            return false;
        a += *a != 0;
        b += *b != 0;
    }
    return *a == *b;
}

static bool try(struct storm_plan *p, const struct storm_plan *tried, struct storm_verdict *v)
{
    struct storm_verdict now;
    storm_play(tried, &now, NULL);
    if (!now.failed || !same_words(now.why, v->why))
        return false;
    *p = *tried;
    *v = now;
    return true;
}

void storm_shrink(struct storm_plan *p, struct storm_verdict *v)
{
    for (bool smaller = true; smaller;) {
        smaller = false;
        for (unsigned k = 0; k < KNOBS; k++) {
            struct storm_plan tried = *p;
            tried.knob[k] = knobs[k].calm;
            if (p->knob[k] != knobs[k].calm && try(p, &tried, v))
                smaller = true;
        }
        for (unsigned bit = 0; bit < 16; bit++) {      /* one lie less */
            struct storm_plan tried = *p;
            tried.knob[MAD] &= ~(1u << bit);
            if (tried.knob[MAD] != p->knob[MAD] && tried.knob[MAD] && try(p, &tried, v))
                smaller = true;
        }
        for (unsigned k = TEXT_0; k <= TEXT_1; k++) {
            struct storm_plan tried = *p;
            tried.knob[k] /= 2;
            if (tried.knob[k] && try(p, &tried, v))
                smaller = true;
        }
    }
}
