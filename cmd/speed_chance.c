#include "cmd/speed_chance.h"

#include <sodium.h>
#include <string.h>

static void system_fill(struct chance *c, const char *purpose, void *out, size_t n)
{
    (void)c, (void)purpose;
    randombytes_buf(out, n);
}

struct chance speed_chance = { system_fill };

/* Past the end of the tape chance is chance: then a handshake fails, and its row with it. */
static void tape_fill(struct chance *c, const char *purpose, void *out, size_t n)
{
    struct speed_tape *t = (struct speed_tape *)(void *)c;
    (void)purpose;
    randombytes_buf(out, n);
    if (n > (t->playing ? t->n : SPEED_TAPE) - t->at)
        return;
    if (t->playing)
        memcpy(out, t->octets + t->at, n);
    else
        memcpy(t->octets + t->at, out, n);
    t->at += n;
}

void speed_tape_start(struct speed_tape *t)
{
    t->chance.fill = tape_fill;
    t->n = t->at = 0;
    t->playing = false;
}

void speed_tape_play(struct speed_tape *t)
{
    if (!t->playing)
        t->n = t->at;
    t->playing = true;
    t->at = 0;
}
