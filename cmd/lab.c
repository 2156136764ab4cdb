/* lab.c - `vitrine lab link`: flows that share a link, drawn. */
#include "cmd/lab.h"
#include "cmd/options.h"
#include "cmd/tcp_wish.h"
#include "cmd/words.h"
#include "net/tcp_cc.h"

#include <inttypes.h>
#include <string.h>

enum { TITLE = 200, COMMAND = 300, TERMINAL_CURVES = 3, KBIT = 125, BIG = 10000000 };

struct wish {
    struct link_lab_config config;
    uint64_t rate, delay, queue;                      /* kbit/s, ms each way, packets */
};

static bool number(const char *const *values, enum option_id id, uint64_t least, uint64_t most, uint64_t *out)
{
    return !values[id] || option_between(id, values[id], least, most, out);
}

/* What lies on the way there and back, at this rate: so much queue lets a line be full though a window is halved. */
static uint64_t product(const struct wish *w)
{
    uint64_t packets = w->rate * KBIT * 2 * w->delay / 1000 / PACKET_MTU;
    return packets > 4 ? packets : 4;
}

static bool wished(struct wish *w, const char *const *values)
{
    uint64_t flows = 2, seconds = 20, later = 5, mark = 0;
    struct link_lab_config *c = &w->config;
    *w = (struct wish){ .rate = 10000, .delay = 10 };
    c->seed = 1;
    if (!number(values, OPT_SEED, 0, UINT64_MAX, &c->seed) || !number(values, OPT_RATE, 64, BIG, &w->rate) ||
        !number(values, OPT_DELAY, 0, 10000, &w->delay) || !number(values, OPT_FLOWS, 1, LINK_FLOWS, &flows) ||
        !number(values, OPT_SECONDS, 1, 600, &seconds) || !number(values, OPT_LATER, 0, 600, &later) ||
        (values[OPT_LOSS] && !option_tenths(OPT_LOSS, values[OPT_LOSS], 100, &c->wires.loss)) ||
        !tcp_wished(values, &c->stack[0]))
        return false;
    w->queue = product(w);
    if (!number(values, OPT_QUEUE, 1, 100000, &w->queue) || !number(values, OPT_MARK, 1, 100000, &mark))
        return false;
    if (mark && c->stack[0].ecn != TCP_ECN_OFF)
        c->stack[0].ecn = TCP_ECN_ASK;
    c->wires.mark = (uint32_t)mark * PACKET_MTU;
    for (unsigned i = 1; i < LINK_FLOWS; i++) {
        c->stack[i] = c->stack[0];
        c->stack[i].cc = values[OPT_AGAINST] ? tcp_cc_named(values[OPT_AGAINST]) : c->stack[0].cc;
    }
    c->wires.rate = w->rate * KBIT;
    c->wires.queue = (uint32_t)w->queue * PACKET_MTU;
    c->wires.delay = (nsec)w->delay * MILLISECOND;
    c->length = (nsec)seconds * SECOND;
    c->stagger = (nsec)later * SECOND;
    c->n_flows = (unsigned)flows;
    c->n_samples = LINK_SAMPLES;
    return true;
}

static const char *title(const struct wish *w, char out[TITLE])
{
    char english[TITLE], said[WORDS_TEXT];
    if (w->config.n_flows == 1)
        snprintf(english, sizeof english,
                 "One flow has a link of %" PRIu64 " kbit/s, %" PRIu64 " ms each way, %" PRIu64 " packets may wait",
                 w->rate, w->delay, w->queue);
    else
        snprintf(english, sizeof english,
                 "%u flows share a link of %" PRIu64 " kbit/s, %" PRIu64 " ms each way, %" PRIu64 " packets may wait",
                 w->config.n_flows, w->rate, w->delay, w->queue);
    snprintf(out, TITLE, "%.*s", TITLE - 1, words_said(english, said));
    return out;
}

/* The line that shows it again. */
static const char *command(const char *const *values, char out[COMMAND])
{
    size_t n = (size_t)snprintf(out, COMMAND, "%s %s %s", "vitrine", "lab", "link");
    for (unsigned i = 0; i < OPT_COUNT; i++) {
        if (!values[i] || i == OPT_FIGURES || i == OPT_LANG)
            continue;
        n += (size_t)snprintf(out + n, n < COMMAND ? COMMAND - n : 0, " --%s%s%s", options[i].name,
                              options[i].value ? " " : "", values[i]);
        if (n >= COMMAND)
            break;
    }
    return out;
}

/* Text that went twice, as far as one can tell: what left, but for what is acknowledged or still under way. */
static uint64_t again(const struct link_lab *l, unsigned f)
{
    uint64_t once = l->flows[f].acked + l->samples[l->n_samples - 1][f].in_flight;
    return l->flows[f].sent > once ? l->flows[f].sent - once : 0;
}

static void say(const struct link_lab *l, const char *headline, bool marks)
{
    char said[WORDS_TEXT];
    unsigned index = link_lab_fairness(l);
    printf("%s\n", headline);
    for (unsigned i = 0; i < TERMINAL_CURVES; i++)
        lab_draw(stdout, l, &lab_curves[i]);
    printf("\n");
    for (unsigned f = 0; f < l->n_flows; f++) {
        const struct link_flow *flow = &l->flows[f];
        nsec ran = l->length - flow->since;
        uint64_t rate = ran >= MILLISECOND ? flow->acked * 8 / (uint64_t)(ran / MILLISECOND) : 0;
        words_print(stdout, "flow %u: %llu kbit/s since %llu s; %llu packets lost, %llu octets sent again\n",
                    f + 1, (unsigned long long)rate, (unsigned long long)(flow->since / SECOND),
                    (unsigned long long)flow->lost, (unsigned long long)again(l, f));
    }
    for (unsigned f = 0; marks && f < l->n_flows; f++)
        words_print(stdout, "flow %u: %llu packets marked (CE), %llu ACKs say so (ECE), %llu times slowed down (CWR)\n",
                    f + 1, (unsigned long long)l->flows[f].marked, (unsigned long long)l->flows[f].echoed,
                    (unsigned long long)l->flows[f].slowed);
    if (l->n_flows > 1)
        printf("%s %u.%03u\n", words_said("Jain's index of fairness, while all of them ran:", said), index / 1000,
               index % 1000);
}

int lab_run(const struct command *self, const char *const *values, const char *const *arguments, unsigned n)
{
    struct wish w;
    struct link_lab lab;
    struct fault why = { 0 };
    struct file_sink page = { .file = NULL };
    char headline[TITLE], line[COMMAND];
    (void)self;
    if (n == 0 || strcmp(arguments[0], "link") != 0) {
        complain("vitrine lab: a lab is link, not %s", n ? arguments[0] : "nothing");
        return 2;
    }
    if (!wished(&w, values))
        return 2;
    if (values[OPT_FIGURES] && !file_sink_open(&page, values[OPT_FIGURES], false, ""))
        return 23;
    if (!link_lab_run(&lab, &w.config, &why)) {
        words_fault(stderr, &why);
        return words_exit(&why);
    }
    title(&w, headline);
    say(&lab, headline, w.config.wires.mark);
    if (page.file)
        lab_page(&page.sink, &lab, headline, command(values, line));
    link_lab_free(&lab);
    return file_sink_close(&page) ? 0 : 23;
}
