/* states.c - `vitrine states`: the state machines, from the tables that drive the code. */
#include "cmd/files.h"
#include "cmd/options.h"
#include "cmd/words.h"
#include "net/tcp.h"
#include "tls/machine.h"
#include "trace/machine.h"

#include <string.h>

enum { MACHINES = 4 };

int states_run(const struct command *self, const char *const *values, const char *const *arguments, unsigned n)
{
    struct machine machines[MACHINES];
    struct file_sink out = { .file = NULL };
    bool dot = values[OPT_DOT], svg = values[OPT_SVG], known = n == 0;
    (void)self;
    tcp_machine(&machines[0]);
    tcp_congestion_machine(&machines[1]);
    tls_machine(false, &machines[2]);
    tls_machine(true, &machines[3]);
    for (unsigned i = 0; i < MACHINES; i++)
        known |= n && strcmp(machines[i].name, arguments[0]) == 0;
    if (!known || (svg && !n) || !!values[OPT_TEXT] + dot + svg > 1) {
        if (!known)
            complain("vitrine states: a machine is tcp, congestion, tls-client or tls-server, not %s", arguments[0]);
        else
            complain(n ? "vitrine states: one of --text, --dot and --svg, for %s"
                       : "vitrine states: one machine must be named for --svg, and one form given%s",
                     n ? arguments[0] : "");
        return 2;
    }
    if (!file_sink_open(&out, "-", false, ""))
        return 23;
    for (unsigned i = 0, printed = 0; i < MACHINES; i++) {
        if (n && strcmp(machines[i].name, arguments[0]) != 0)
            continue;
        if (printed++)
            out.sink.write(&out.sink, "\n", 1);
        (svg ? machine_svg : dot ? machine_dot : machine_text)(&machines[i], &out.sink);
    }
    return file_sink_close(&out) ? 0 : 23;
}
