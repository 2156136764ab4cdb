#include "cmd/step.h"
#include "cmd/keys.h"
#include "cmd/step_commands.h"
#include "cmd/words.h"

#include <stdlib.h>
#include <string.h>

/* LONGEST_PAUSE, s: nobody watches a clock for a minute */
enum { LONGEST_PAUSE = 4, SLOW_FACTOR = 50, SLOW_MOST = 100000 };

bool step_asked(const char *const *values) { return values[OPT_STEP] || values[OPT_SLOW] || values[OPT_ASK]; }

/* --slow: "50" times slower, or "800ms" a packet. */
bool step_wanted(const char *const *values, struct step_config *c)
{
    char number[24];
    const char *slow = values[OPT_SLOW];
    uint64_t v = SLOW_FACTOR;
    *c = (struct step_config){ .keys = values[OPT_STEP] != NULL, .ask = values[OPT_ASK] != NULL, .seed = 1 };
    if (values[OPT_SEED] && !option_number(OPT_SEED, values[OPT_SEED], UINT64_MAX, &c->seed))
        return false;
    if (!slow)
        return true;
    size_t n = strlen(slow);
    bool ms = n > 2 && strcmp(slow + n - 2, "ms") == 0;
    snprintf(number, sizeof number, "%.*s", (int)(n - (ms ? 2 : 0)), slow);
    if (n && !option_number(OPT_SLOW, number, SLOW_MOST, &v))
        return false;
    if (ms)
        c->pause = (nsec)(v ? v : 1) * MILLISECOND;
    else
        c->factor = v;
    return true;
}

static bool write_prompt(struct sink *s, const void *octets, size_t n)
{
    (void)s;
    return fwrite(octets, 1, n, stderr) == n;
}

/* --slow: as long as the virtual time that passed since the packet before, made longer. */
static void play(struct step *s, nsec now)
{
    nsec wait = s->config.pause;
    if (s->config.factor) {
        nsec passed = now - s->shown_at, most = LONGEST_PAUSE * SECOND;
        wait = passed > most / (nsec)s->config.factor ? most : passed * (nsec)s->config.factor;
    }
    fflush(s->out);
    if (!keys_pause(wait))
        s->quit = true;
    s->shown_at = now;
}

static bool slow(const struct step *s) { return s->config.pause || s->config.factor; }

/* Everything before event `next` has happened. `more`: a packet is about to leave; else the visit is over. */
static void stop_before(struct step *s, event_no next, nsec now, bool more)
{
    bool waited = s->until.name[0] != '\0', pause = s->config.keys && !s->running && (!waited || !more);
    s->last = next - 1 < tape_events(s->tape) ? next - 1 : tape_events(s->tape);
    s->more = more;
    s->at = s->furthest = tape_count(s->tape, 'p') - (more ? 1 : 0);
    pause |= waited && step_until_reached(s, s->at);
    player_draw(&s->player, s->last, pause || slow(s) || s->config.ask || !more);
    if (waited && !more)
        step_never(s);
    if (pause)
        step_converse(s);
    else if (more && slow(s))
        play(s, now);
    if (more && s->config.ask && !s->running && !s->quit && !s->until.name[0])
        step_ask(s, tape_buf('p', s->at + 1));
}

static void on_event(struct view *v, const struct trace *t, const struct event *e)
{
    struct step *s = (struct step *)v;
    if (keys_stopped())
        s->quit = true;
    if (tape_full(s->tape)) {
        if (!s->full)
            step_say(s, "step.full", NULL, 0);
        s->full = s->running = true;
        return;
    }
    if (e->kind == EVENT_PACKET && !s->quit)
        stop_before(s, e->n, e->t - trace_start(t), true);
}

static void on_end(struct view *v, const struct trace *t)
{
    struct step *s = (struct step *)v;
    if (s->quit || !tape_events(s->tape))
        return;
    stop_before(s, tape_events(s->tape) + 1, 0, false);
    step_score(s);
    if (!s->quit && s->at == s->furthest)
        s->player.ladder->end(s->player.ladder, t);
}

struct step *step_new(const struct step_config *config)
{
    struct step *s = calloc(1, sizeof *s);
    struct watching *w = config->watching;
    if (!s || !player_start(&s->player, w->tape, &w->screen.sink, &w->look)) {
        complain("vitrine: there is no memory for a view");
        free(s);
        return NULL;
    }
    s->view = (struct view){ .event = on_event, .end = on_end };
    s->config = *config;
    s->tape = w->tape;
    s->out = w->screen.file;
    s->look = w->look;
    s->prompt = (struct sink){ write_prompt };
    s->single = keys_open();
    trace_attach(w->trace, &s->view);
    return s;
}

bool step_quit(const struct step *s) { return s && s->quit; }
bool step_stopped(const struct step *s) { return s && keys_stopped(); }

void step_free(struct step *s)
{
    if (!s)
        return;
    keys_close();
    player_end(&s->player);
    free(s);
}
