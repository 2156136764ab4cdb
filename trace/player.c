#include "trace/player.h"

static bool write_unless_mute(struct sink *s, const void *octets, size_t n)
{
    struct player *p = (struct player *)s;
    return p->mute || p->to->write(p->to, octets, n);
}

bool player_start(struct player *p, struct tape *tape, struct sink *to, const struct ladder_options *options)
{
    *p = (struct player){ .sink = { write_unless_mute }, .to = to, .tape = tape, .options = *options };
    p->ladder = ladder_view_new(&p->sink, options);
    return p->ladder != NULL;
}

void player_end(struct player *p)
{
    if (p->ladder)
        view_free(p->ladder);
    p->ladder = NULL;
}

event_no player_first(const struct player *p, uint32_t step)
{
    const struct event *packet = tape_buffer(p->tape, tape_buf('p', step));
    return step == 0 ? 1 : packet ? packet->n : tape_events(p->tape) + 1;
}

event_no player_last(const struct player *p, uint32_t step) { return player_first(p, step + 1) - 1; }

void player_draw(struct player *p, event_no to, bool whole)
{
    if (to > p->drawn) {
        tape_replay(p->tape, p->drawn + 1, to, p->ladder);
        p->drawn = to;
    }
    if (whole && tape_trace(p->tape))
        p->ladder->turn(p->ladder, tape_trace(p->tape));
}

bool player_step(struct player *p, uint32_t step)
{
    struct view *fresh = ladder_view_new(&p->sink, &p->options);
    if (!fresh)
        return false;
    player_end(p);
    p->ladder = fresh;
    p->drawn = 0;
    p->mute = true;
    player_draw(p, player_first(p, step) - 1, true);
    p->mute = false;
    ladder_view_again(p->ladder);
    player_draw(p, player_last(p, step), true);
    return true;
}
