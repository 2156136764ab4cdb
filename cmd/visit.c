/* visit.c - `vitrine visit`: the whole visit in the sealed world, shown. */
#include "cmd/forms_used.h"
#include "cmd/step.h"
#include "cmd/visit_wish.h"
#include "cmd/what_if.h"
#include "cmd/wanted_tls.h"
#include "cmd/words.h"

#include <stdlib.h>
#include <string.h>

enum { STOPPED = 130 };                               /* what a shell says of a Ctrl-C */

/* --break: did anything happen? A packet of that number may never have been sent. */
struct tally { struct view view; unsigned packets, marks; };

static void tally_event(struct view *v, const struct trace *t, const struct event *e)
{
    struct tally *y = (struct tally *)v;
    (void)t;
    y->packets += e->kind == EVENT_PACKET;
    y->marks += e->kind == EVENT_MARK && strcmp(e->layer, "lab") == 0;
}

/* -o: the page, as it comes. Further targets belong to the page but are not it. */
struct page_file { struct visit_sink sink; struct file_sink file; };

static bool page_body(struct visit_sink *s, unsigned which, struct bytes b)
{
    struct page_file *p = (struct page_file *)s;
    return which > 0 || !p->file.file || p->file.sink.write(&p->file.sink, b.at, b.n);
}

/* `recording`: what a thief has, when the server's key is stolen; NULL: it is not. `used` is noted, unless somebody
 * quits. Until all is over, or nobody wants to see more: then what was written so far is whole. */
static void run(const struct sealed_visit_config *config, const struct step *step, struct tape *recording,
                struct forms_used *used, struct fault *why)
{
    struct sealed_visit *v = sealed_visit_new(config, why);
    if (!v)
        return;
    while (!step_quit(step) && sealed_visit_turn(v))
        ;
    if (!step_quit(step)) {
        sealed_visit_outcome(v, why);
        forms_used_note(used, sealed_visit_of(v), config->cpu);
    }
    if (!step_quit(step) && recording)
        sealed_visit_steal(v, recording);
    sealed_visit_free(v);
}

/* The last words, behind all that the views had to say; the exit code. */
static int conclude(const struct fault *why, FILE *words, const char *capture)
{
    if (why->ground) {
        fflush(words);
        words_fault(stderr, why);
        return words_exit(why);
    }
    if (capture && strcmp(capture, "-") != 0)
        words_print(words, "\nThe capture is in %s, with the secrets inside. Open it:  wireshark %s\n", capture,
                    capture);
    return 0;
}

/* `zone`: what the resolver knows; NULL: as usual. */
static int visit(const struct command *self, const char *const *values, const char *const *arguments, unsigned n,
                 struct bytes zone)
{
    struct sealed_visit_config config;
    struct break_wish wishes[BREAKS_MOST];
    struct page_file page = { .sink = { .body = page_body } };
    struct watching watching;
    struct what_ifs what_ifs;
    struct step_config steps;
    struct tally tally = { .view = { .event = tally_event } };
    int code = 2;
    struct cpu cpu;
    struct forms_used used = { .known = false };
    if (!wanted_cpu(self, &cpu))
        return code;
    if (!visit_wished(values, n ? arguments[0] : NULL, &config, wishes, &code) || !step_wanted(values, &steps))
        return code;
    config.cpu = &cpu;
    config.zone = (const char *)zone.at;
    config.zone_n = zone.n;
    if (!watch_can_write(values, NULL) || !what_ifs_read(&what_ifs, values[OPT_WHAT_IF], &config))
        return 2;
    FILE *words = watch_words(values);
    if (values[OPT_OUTPUT] && !file_sink_open(&page.file, values[OPT_OUTPUT], false, ""))
        return 23;
    bool opened = watch_open(&watching, values, false, words, SEALED_START,
                             config.ipv6 ? sealed_visit_name_hosts6 : sealed_visit_name_hosts) &&
                  (!values[OPT_STEAL_KEY] || watch_tape(&watching));
    struct step *step = NULL;
    if (opened && step_asked(values)) {
        steps.watching = &watching;
        opened = (step = step_new(&steps)) != NULL;
    }
    if (opened && config.n_breaks)
        trace_attach(watching.trace, &tally.view);
    watching.page.url = n ? arguments[0] : NULL;
    watching.page.seeded = true;
    watching.page.seed = config.seed;
    config.trace = watching.trace;
    config.sink = &page.sink;
    struct fault why = { 0 };
    if (opened)
        run(&config, step, values[OPT_STEAL_KEY] ? watching.tape : NULL, &used, &why);
    opened = opened && what_ifs_run(&what_ifs, &config, &watching.page);
    bool views = watch_close(&watching), stopped = step_stopped(step), written = file_sink_close(&page.file) && views;
    what_ifs_free(&what_ifs);
    step_free(step);
    if (!opened || stopped)
        return opened ? STOPPED : 23;
    if (config.n_breaks && !tally.marks)
        words_print(words, "\nNothing was spoiled: this visit has %u packets.\n", tally.packets);
    code = conclude(&why, words, values[OPT_PCAP]);
    forms_used_say(words, &used);
    return code ? code : written ? 0 : 23;
}

int visit_run(const struct command *self, const char *const *values, const char *const *arguments, unsigned n)
{
    enum { ZONE_FILE_MOST = 16 << 20 };
    const char *name = values[OPT_ZONE], *why;
    size_t zone_n = 0;
    char *zone = name ? file_read(name, ZONE_FILE_MOST, &zone_n, &why) : NULL;
    if (name && !zone) {
        complain("vitrine visit: cannot read the zone in %s: %s", name, why);
        return 2;
    }
    int code = visit(self, values, arguments, n, (struct bytes){ (const uint8_t *)zone, zone_n });
    free(zone);
    return code;
}
