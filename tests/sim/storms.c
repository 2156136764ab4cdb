/* Two TCPs in bad weather (tests/lib/storm.h).
 *
 *     build/tests/sim/storms                     400 seeds
 *     make sim SEEDS=1-100000                    these
 *     make storm PLAN="seed=7 loss=30"           one plan, packet by packet
 *
 * A seed that fails is made smaller, and printed as the command that shows it. */
#include "tests/lib/storm.h"

#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

static char running[1024];

/* A crash must not take its seed with it. */
static void crashed(int signal_number)
{
    fprintf(stderr, "FAIL crashed by signal %d; to see it: make storm PLAN=\"%s\"\n", signal_number, running);
    _Exit(1);
}

static bool seed_holds(uint64_t seed, struct storm_verdict *v)
{
    struct storm_plan plan;
    storm_draw(&plan, seed);
    storm_say(&plan, running, sizeof running);
    storm_play(&plan, v, NULL);
    if (!v->failed)
        return true;
    printf("FAIL seed %" PRIu64 ": %s\n", seed, v->why);
    storm_shrink(&plan, v);
    storm_say(&plan, running, sizeof running);
    printf("     to see it: make storm PLAN=\"%s\"\n", running);
    fflush(stdout);
    return false;
}

static int show(const char *text)
{
    struct storm_plan plan;
    struct storm_verdict v;
    if (!storm_parse(&plan, text)) {
        fprintf(stderr, "storms: this is no plan: %s\n", text);
        return 2;
    }
    snprintf(running, sizeof running, "%s", text);
    storm_play(&plan, &v, stdout);
    printf("%s%s\n", v.failed ? "FAIL " : "ok", v.failed ? v.why : "");
    return v.failed;
}

int main(int argc, char **argv)
{
    uint64_t first = 1, last = 400, failed = 0, packets = 0;
    const char *seeds = getenv("SEEDS");
    signal(SIGSEGV, crashed);
    signal(SIGABRT, crashed);
    signal(SIGFPE, crashed);
    if (argc == 3 && strcmp(argv[1], "--plan") == 0)
        return show(argv[2]);
    if (seeds && *seeds) {
        char *end;
        first = last = strtoull(seeds, &end, 10);
        if (*end == '-')
            last = strtoull(end + 1, NULL, 10);
        else
            first = 1;                                 /* SEEDS=N: N of them */
    }
    for (uint64_t seed = first; seed <= last && failed < 20; seed++) {
        struct storm_verdict v;
        failed += !seed_holds(seed, &v);
        packets += v.packets;
    }
    printf("%s%" PRIu64 " storms, %" PRIu64 " packets, %" PRIu64 " failed\n", failed ? "FAIL " : "ok ",
           last - first + 1, packets, failed);
    return failed > 0;
}
