/* explain.c - `vitrine explain`: anybody's capture, read through the same parsers as our own visits. */
#define _POSIX_C_SOURCE 200809L
#include "cmd/explain.h"
#include "cmd/capture_file.h"
#include "cmd/diagnosis.h"
#include "cmd/words.h"

#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t stopped;

static void stop(int signal)
{
    (void)signal;
    stopped = 1;
}

/* Ctrl-C ends the reading, and what is there so far is told; a second one ends the program. */
static void catch_signals(void)
{
    struct sigaction act = { .sa_handler = stop, .sa_flags = (int)SA_RESETHAND };
    stopped = 0;
    sigaction(SIGINT, &act, NULL);
    sigaction(SIGTERM, &act, NULL);
}

static void fill(struct chance *self, const char *purpose, void *out, size_t n)
{
    (void)self, (void)purpose;
    randombytes_buf(out, n);
}

static void no_hosts(struct trace *t) { (void)t; }

/* Packets that a filter lets through are shown, where nobody says how. */
static bool wants_ladder(const struct explain *x)
{
    const char *const *v = x->values;
    return v[OPT_LADDER] || (v[OPT_FILTER] && !v[OPT_JSON] && !v[OPT_HTML] && !v[OPT_PCAP]);
}

static bool any_view(const struct explain *x)
{
    return wants_ladder(x) || x->values[OPT_JSON] || x->values[OPT_HTML];
}

/* The views count time from the first frame. */
static bool start(struct explain *x, nsec at)
{
    static struct chance chance = { fill };
    FILE *ladder = wants_ladder(x) ? x->out : NULL;
    const char *watched[OPT_VALUES];
    memcpy(watched, x->values, sizeof watched);
    watched[OPT_PCAP] = NULL;                         /* the copy is of what was captured, not of what is told */
    if (any_view(x) && !watch_open(&x->watching, watched, true, ladder, at, no_hosts))
        return false;
    x->watched = true;
    x->watching.page.url = x->name;
    struct reading_config config = { .trace = x->watching.trace, .keylog = x->keylog, .keylog_given = x->keylog_given,
                                     .server_keys = x->keys, .n_server_keys = x->n_keys,
                                     .trust = x->trusts ? &x->trust : NULL, .untrusted = &x->untrusted,
                                     .cpu = &x->cpu, .chance = &chance, .most = x->most, .only = x->only,
                                     .n_only = x->n_only };
    if (!views_start(&x->views, x->values, x->out, x->keylog, &config, at))
        return false;
    x->reading = reading_new(&config);
    if (!x->reading)
        complain("vitrine explain: there is no memory for that");
    return x->reading != NULL;
}

/* ---- conversations ---- */

static void count(struct explain *x, const struct conversation *c, const struct explain_judged *j)
{
    struct explain_tally *t = &x->tally;
    explain_doctor_note(x, c);
    t->connections++;
    t->tls += c->tls && c->tls->tls;
    t->finished += j->finished;
    t->verified += j->verified;
    t->sealed += j->sealed;
    t->opened += j->opened;
    t->one_sided += c->flow->one_sided;
    t->evicted += c->flow->evicted;
    t->diagnosed += j->n_causes > 0;
    if (j->n_wrong && !t->wrong) {
        t->first = j->wrong[0];
        t->first_id = c->flow->id;
    }
    t->wrong += j->n_wrong + j->more_wrong;
}

/* Told whole: those asked for; else the first few, and of those in trouble some more. */
static bool is_told(struct explain *x, const struct conversation *c, const struct explain_judged *j)
{
    if (x->n_only || x->live)
        return c->looked;
    if (x->tally.stories < EXPLAIN_STORIES)
        return ++x->tally.stories;
    return (j->n_wrong || j->n_causes) && x->tally.troubled < EXPLAIN_TROUBLED && ++x->tally.troubled;
}

static bool take_over(struct explain *x)
{
    struct conversation *c;
    struct explain_judged j;
    bool whole = true;
    while ((c = reading_over(x->reading)) != NULL) {
        explain_judge(x, c, &j);
        count(x, c, &j);
        explain_find(x, c, &j);
        views_over(&x->views, c);
        explain_list(x, c, &j);
        if (is_told(x, c, &j))
            explain_story(x, x->stories, c, &j);
        whole &= explain_facts(x, c, &j);
        if (x->live)
            fflush(x->out);
        reading_give(x->reading, c);
    }
    return whole;
}

/* ---- the capture ---- */

static void note_link(struct explain *x, uint32_t link)
{
    for (unsigned i = 0; i < x->n_links; i++)
        if (x->links[i] == link)
            return;
    if (x->n_links < sizeof x->links / sizeof *x->links)
        x->links[x->n_links++] = link;
}

/* False: no memory, or a view could not be opened. */
static bool take_frame(void *who, const struct capture_frame *f)
{
    struct explain *x = who;
    if (!x->reading && !start(x, f->at))
        return false;
    note_link(x, f->link);
    views_frame(&x->views, f);
    reading_frame(x->reading, f);
    views_framed(&x->views, f, x->reading);
    return take_over(x);
}

static bool take_secrets(void *who, struct bytes text, uint64_t after)
{
    struct explain *x = who;
    keylog_add(x->keylog, (const char *)text.at, text.n, after, NULL);
    return true;
}

static bool take_name(void *who, const struct addr *addr, const char *name)
{
    struct explain *x = who;
    views_name(&x->views, addr, name);
    if (x->reading)
        reading_name(x->reading, addr, name);
    return true;
}

static bool read_all(struct explain *x, int fd)
{
    struct fault why = { 0 };
    const struct capture_taker taker = { x, take_frame, take_secrets, take_name, &stopped };
    const enum capture_came came = capture_file_read("explain", x->name, fd, &taker, &x->format, &why);
    if (came == CAPTURE_CAME_NOT || (!x->reading && !start(x, 0)))
        return false;
    if (came == CAPTURE_CAME_CUT)
        reading_cut(x->reading, &why);
    return true;
}

static void copy_out(FILE *from, FILE *to)
{
    char piece[4096];
    size_t n;
    rewind(from);
    while ((n = fread(piece, 1, sizeof piece, from)) > 0)
        fwrite(piece, 1, n, to);
}

static int finish(struct explain *x)
{
    reading_end(x->reading);
    bool whole = take_over(x);
    whole &= views_end(&x->views, x->out);
    if (wants_ladder(x))
        fputc('\n', x->out);
    explain_file_head(x, x->out);
    if (x->list != x->out) {
        fputc('\n', x->out);
        explain_list_end(x);
        copy_out(x->stories, x->out);
    }
    fputc('\n', x->out);
    explain_causes_file(x, x->out);
    explain_doctor_file(x, x->out);
    int code = explain_verdict(x);
    whole &= explain_facts_file(x, code);
    return whole ? code : EXPLAIN_UNUSABLE;
}

/* A pipe is told of as it comes; of a file all that is told stands behind its head, which is known at its end. */
static int open_capture(struct explain *x)
{
    bool is_file = false;
    int fd = capture_file_open("explain", x->name, &is_file);
    x->live = !is_file;
    x->list = x->live ? NULL : tmpfile();
    x->stories = x->list ? tmpfile() : NULL;
    if (!x->list || !x->stories) {
        if (x->list)
            fclose(x->list);
        x->list = x->stories = x->out;
    }
    return fd;
}

static int run(struct explain *x)
{
    int fd = open_capture(x), code = EXPLAIN_UNUSABLE;
    bool facts = !x->values[OPT_FACTS] || file_sink_open(&x->facts, x->values[OPT_FACTS], false, "capture");
    if (fd >= 0 && facts) {
        catch_signals();
        if (read_all(x, fd))
            code = finish(x);
    }
    if (x->watched && !watch_close(&x->watching))
        code = EXPLAIN_UNUSABLE;
    if (!file_sink_close(&x->facts))
        code = EXPLAIN_UNUSABLE;
    reading_free(x->reading);
    if (x->list && x->list != x->out) {
        fclose(x->list);
        fclose(x->stories);
    }
    if (fd > STDIN_FILENO)
        close(fd);
    return code;
}

static bool is_dash(const char *name) { return name && strcmp(name, "-") == 0; }

int explain_run(const struct command *self, const char *const *values, const char *const *arguments, unsigned n)
{
    struct explain *x;
    int code = EXPLAIN_UNUSABLE;
    if (values[OPT_CAUSES]) {
        diagnosis_table(watch_words(values), values[OPT_FORM] && strcmp(values[OPT_FORM], "markdown") == 0);
        return fflush(stdout) == 0 ? 0 : code;
    }
    x = calloc(1, sizeof *x);
    unsetenv("SSLKEYLOGFILE");                        /* it says where to write secrets, and there are none of ours */
    if (x) {
        x->self = self;
        x->out = watch_words(values);
        if (x->out == stdout && (is_dash(values[OPT_FACTS]) || is_dash(values[OPT_FOLLOW_OUT])))
            x->out = stderr;
        if (watch_can_write(values, values[OPT_FACTS]) && explain_ask(x, values, arguments, n))
            code = run(x);
        if (!views_free(&x->views))
            code = EXPLAIN_UNUSABLE;
        explain_forget(x);
    }
    if (x && x->out == stdout && fflush(stdout) != 0)
        code = EXPLAIN_UNUSABLE;
    free(x);
    return code;
}
