#define _GNU_SOURCE
#include "cmd/stacks.h"
#include "cmd/words.h"

#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* What one process alone can have: a file to write, a certificate made for this run. */
static bool for_one_alone(const struct command *c, const char *const *values)
{
    static const enum option_id views[] = { OPT_PCAP, OPT_JSON, OPT_KEYLOG, OPT_HTML, OPT_VERBOSE };
    for (unsigned i = 0; i < sizeof views / sizeof *views; i++)
        if (values[views[i]]) {
            complain("vitrine %s: --%s is for one stack, and --stacks asks for more", c->name, options[views[i]].name);
            return true;
        }
    if (!values[OPT_VIA] || strcmp(values[OPT_VIA], "tun") != 0) {
        complain("vitrine %s: --%s belongs to --via %s", c->name, options[OPT_STACKS].name, "tun");
        return true;
    }
    if (values[OPT_SIMPLE] || values[OPT_CERT])
        return false;
    complain("vitrine %s: --stacks needs --cert and --key: a CA made for this run would be made by each", c->name);
    return true;
}

int stacks_start(struct stacks *s, const struct command *c, const char *const *values)
{
    uint64_t n = 1;
    *s = (struct stacks){ .n = 0 };
    if (!values[OPT_STACKS])
        return 0;
    if (!option_number(OPT_STACKS, values[OPT_STACKS], STACKS_MOST, &n))
        return 2;
    if (n > 1 && for_one_alone(c, values))
        return 2;
    pid_t first = getpid();
    while (s->n + 1 < n) {
        pid_t pid = fork();
        if (pid == 0) {                               /* ends when the first does, however that ends */
            s->n = 0;
            prctl(PR_SET_PDEATHSIG, SIGTERM);
            return getppid() == first ? 0 : 1;
        }
        if (pid < 0)
            break;
        s->others[s->n++] = pid;
    }
    return 0;
}

int stacks_end(struct stacks *s, int code)
{
    for (unsigned i = 0; i < s->n; i++)
        kill(s->others[i], SIGTERM);
    for (unsigned i = 0; i < s->n; i++)
        waitpid(s->others[i], NULL, 0);
    return code;
}
