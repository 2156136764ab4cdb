/* `vitrine ca exercise`: which of these chains would you trust? Sound and spoiled ones under harmless names, a sheet
 * with the questions, a sheet with the answers. All of it follows from the seed. */
#define _POSIX_C_SOURCE 200809L
#include "cmd/ca_chain.h"
#include "cmd/fault_words.h"
#include "cmd/files.h"
#include "cmd/words.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MOST = 40, LEAST = 2, USUAL = 12, WAYS_MOST = 128 };
#define USUAL_MOMENT (INT64_C(1790000000) * SECOND)   /* 2026-09-21 14:13:20 UTC: the same sheet on every day */

struct exercise {
    struct ca *ca;
    uint64_t seed;
    const struct spoil_way *ways[MOST]; unsigned n;   /* NULL: nothing is spoiled */
    FILE *questions, *answers;
    struct x509_scene scene;
};

/* ---- which ---- */

static unsigned collect(const struct spoil_way *out[WAYS_MOST], bool refused)
{
    unsigned n = 0;
    for (const struct spoil_way *way = spoil_ways; way->name && n < WAYS_MOST; way++)
        if ((way->ground != NULL) == refused)
            out[n++] = way;
    return n;
}

static void shuffle(const struct exercise *e, const char *purpose, const struct spoil_way **ways, unsigned n)
{
    for (unsigned i = n; i-- > 1;) {
        const unsigned other = (unsigned)(seed_draw(e->seed, purpose, i) % (i + 1));
        const struct spoil_way *way = ways[i];
        ways[i] = ways[other];
        ways[other] = way;
    }
}

static bool is_der(const struct spoil_way *way) { return strcmp(way->ground, "x509.der") == 0; }

/* Broken DER is hard to see, and there is much of it: `most` of that stay in front, the others go behind. */
static void thin(const struct spoil_way **ways, unsigned n, unsigned most)
{
    const struct spoil_way *front[WAYS_MOST], *behind[WAYS_MOST];
    unsigned n_front = 0, n_behind = 0, seen = 0;
    for (unsigned i = 0; i < n; i++)
        if (is_der(ways[i]) && seen++ >= most)
            behind[n_behind++] = ways[i];
        else
            front[n_front++] = ways[i];
    for (unsigned i = 0; i < n; i++)
        ways[i] = i < n_front ? front[i] : behind[i - n_front];
}

/* Refused ones, no two alike; of a third or so nothing is to be said, though some of them look wrong. */
static void choose(struct exercise *e)
{
    const struct spoil_way *bad[WAYS_MOST], *odd[WAYS_MOST];
    const unsigned n_bad = collect(bad, true), n_odd = collect(odd, false);
    const unsigned sound = e->n / 4 + 1 + (unsigned)(seed_draw(e->seed, "exercise sound", 0) % (e->n / 6 + 1));
    shuffle(e, "exercise bad", bad, n_bad);
    thin(bad, n_bad, 1 + e->n / 12);
    shuffle(e, "exercise odd", odd, n_odd);
    for (unsigned i = 0; i < e->n; i++)
        e->ways[i] = i >= sound ? bad[(i - sound) % n_bad] : i % 2 && i / 2 < n_odd ? odd[i / 2] : NULL;
    shuffle(e, "exercise order", e->ways, e->n);
}

/* ---- the sheets ---- */

static void ask(struct exercise *e, unsigned number, const char *before)
{
    char moment[DER_TIME_TEXT];
    fprintf(e->questions, "\n## %u\n\n", number);
    words_print(e->questions,
                "You visit https://%s/ on %s. The server sends `%schain.pem`;\nyou trust `%strust.pem`.\n",
                e->scene.host, der_time_text(e->scene.at, moment), before, before);
    if (e->scene.crl.n)
        words_print(e->questions, "The CA's list of revoked certificates is `%scrl.pem`.\n", before);
    if (e->scene.ocsp.n)
        words_print(e->questions, "The CA's OCSP response is `%socsp.der`.\n", before);
    words_print(e->questions, "\n- [ ] I trust it\n- [ ] I do not, because:\n");
}

static const char *words_of(const char *layer, const char *name)
{
    const char *text = words_find(words_spoken(), layer, name);
    return text ? text : name;
}

static void answer(struct exercise *e, unsigned number, const char *before)
{
    char line[CHAIN_LINE];
    const struct spoil_way *way = e->ways[number - 1];
    fprintf(e->answers, "\n## %u\n\n", number);
    words_print(e->answers, !way || !way->ground ? "Trust it." : "Do not trust it.");
    if (way)
        fprintf(e->answers, " %s", words_of("spoil", way->name));
    if (way && way->ground)
        fprintf(e->answers, "\n\n> %s: `%s`, %s", words_of("fault", way->ground), way->ground, way->rfc);
    else if (way)
        fprintf(e->answers, " (%s)", way->rfc);
    fprintf(e->answers, "\n");
    fprintf(e->answers, "\n    %s\n", ca_chain_line(&e->scene, before, line));
}

static void head(struct exercise *e)
{
    words_print(e->questions,
                "# Which of these chains would you trust?\n\n"
                "Each of %u servers shows you a chain of certificates. Look at every certificate in it:\n"
                "`openssl x509 -text -noout -in FILE` shows the first of a file. Decide first; then let\n"
                "`vitrine verify` judge.\n",
                e->n);
    words_print(e->answers, "# Which of these chains would you trust? The answers\n\n"
                "Each line shows the judgement; with `--explain` also every check and its reason. Made by\n");
    fprintf(e->answers, "`vitrine ca exercise --seed %" PRIu64 " --count %u --at %" PRId64 "`.\n", e->seed, e->n,
            e->ca->at / SECOND);
}

/* ---- the chains ---- */

static bool write_one(struct exercise *e, unsigned number)
{
    static const char *const hosts[] = {
        "www.bank.test", "shop.garden.test", "mail.school.test", "www.library.test",
        "news.harbour.test", "www.museum.test", "cloud.bakery.test", "www.clinic.test",
    };
    const unsigned n_hosts = sizeof hosts / sizeof *hosts;
    struct fault why = { 0 };
    char before[16], path[CA_PATH];
    const uint64_t draw = seed_draw(e->seed, "exercise host", number / n_hosts);
    e->ca->by_seed.conn = number;
    x509_scene_plan(&e->scene, hosts[(draw + number) % n_hosts], e->ca->at, e->ca->chance);
    snprintf(before, sizeof before, "%02u-", number);
    snprintf(path, sizeof path, "%s/%s", e->ca->dir, before);
    bool good = x509_scene_make(&e->scene, e->ways[number - 1], &why);
    if (!good)
        words_fault(stderr, &why);
    good = good && ca_chain_write(&e->scene, path);
    if (good) {
        ask(e, number, before);
        answer(e, number, before);
    }
    x509_scene_wipe(&e->scene);
    return good;
}

static bool write_all(struct exercise *e)
{
    char questions[CA_PATH], answers[CA_PATH];
    struct file_sink q = { .file = NULL }, a = { .file = NULL };
    ca_path(e->ca, "exercise", ".md", questions);
    ca_path(e->ca, "answers", ".md", answers);
    bool good = file_sink_open(&q, questions, false, "") && file_sink_open(&a, answers, false, "");
    e->questions = q.file;
    e->answers = a.file;
    if (good)
        head(e);
    for (unsigned i = 1; good && i <= e->n; i++)
        good = write_one(e, i);
    good = file_sink_close(&q) && good;
    good = file_sink_close(&a) && good;
    if (good)
        words_print(stdout, "%s: %u questions; %s: the answers\n", questions, e->n, answers);
    return good;
}

int ca_exercise(struct ca *ca, const char *const *values, const char *const *arguments, unsigned n)
{
    uint64_t count = USUAL, seed = 0;
    struct exercise *e = calloc(1, sizeof *e);
    (void)arguments, (void)n;
    bool good = e && ca_begin(ca, values);
    if (good && !ca->seeded) {
        complain("vitrine ca: an exercise follows from a number: --seed N");
        good = false;
    }
    good = good && (!values[OPT_COUNT_OF] || option_between(OPT_COUNT_OF, values[OPT_COUNT_OF], LEAST, MOST, &count));
    if (good && mkdir(ca->dir, 0777) != 0 && errno != EEXIST) {
        complain("vitrine ca: cannot make %s: %s", ca->dir, strerror(errno));
        good = false;
    }
    if (good) {
        good = option_number(OPT_SEED, values[OPT_SEED], UINT64_MAX, &seed);
        if (!values[OPT_AT])
            ca->at = USUAL_MOMENT;
        e->ca = ca;
        e->seed = seed;
        e->n = (unsigned)count;
        choose(e);
        good = good && write_all(e);
    }
    free(e);
    return good ? CA_DONE : CA_USAGE;
}
