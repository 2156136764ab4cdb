#include "cmd/compare_source.h"

#include "cmd/capture_tape.h"
#include "cmd/hello_samples.h"
#include "cmd/options.h"
#include "cmd/visit_wish.h"
#include "cmd/wanted_tls.h"
#include "cmd/words.h"

#include <stdlib.h>
#include <string.h>

enum { TAPE_MOST = 256 << 20, NAME = 1024, WORDS = 48 };

/* "#2" behind a name: which connection. Without it the first. */
static bool take_number(char *name, unsigned *which)
{
    char *at = strrchr(name, '#');
    *which = 0;
    if (!at || !at[1] || strspn(at + 1, "0123456789") != strlen(at + 1) || strlen(at + 1) > 6)
        return true;
    *which = (unsigned)strtoul(at + 1, NULL, 10);
    *at = 0;
    return *which > 0;
}

static bool run_visit(struct compare_source *s, const struct sealed_visit_config *config)
{
    struct sealed_visit_config c = *config;
    struct fault why = { 0 };
    c.trace = trace_new(SEALED_START);
    if (c.trace) {
        (c.ipv6 ? sealed_visit_name_hosts6 : sealed_visit_name_hosts)(c.trace);
        trace_attach(c.trace, tape_view(s->tape));
    }
    struct sealed_visit *v = c.trace ? sealed_visit_new(&c, &why) : NULL;
    bool begun = v != NULL;
    while (v && sealed_visit_turn(v))
        ;
    if (c.trace)
        trace_end(c.trace);
    sealed_visit_free(v);
    trace_free(c.trace);
    if (!begun && why.ground)
        words_fault(stderr, &why);
    return begun;
}

/* The options behind "visit:", as `vitrine visit` reads them. */
static bool read_visit(struct compare_source *s, char *wishes_text)
{
    static char program[] = "visit";
    const struct command *visit = command_named(program);
    const char *values[OPT_VALUES] = { NULL }, *arguments[8] = { NULL };
    char *words[WORDS];
    struct sealed_visit_config config;
    struct break_wish wishes[BREAKS_MOST];
    struct cpu cpu;
    unsigned n = 0;
    int n_words = 0, code;
    for (char *at = wishes_text; *(at += strspn(at, " ")) && n_words < WORDS;) {
        words[n_words++] = at;
        at += strcspn(at, " ");
        if (*at)
            *at++ = 0;
    }
    if (!options_read(visit, n_words, words, values, arguments, &n) || !wanted_cpu(visit, &cpu) ||
        !visit_wished(values, n ? arguments[0] : NULL, &config, wishes, &code))
        return false;
    config.cpu = &cpu;
    return run_visit(s, &config);
}

static bool read_source(struct compare_source *s, char *name, const char *keylog)
{
    if (strcmp(name, "visit") == 0)
        return read_visit(s, name + strlen(name));
    if (strncmp(name, "visit:", 6) == 0)
        return read_visit(s, name + 6);
    if (strncmp(name, "sample:", 7) == 0)
        return hello_sample_tape(name + 7, s->tape);
    s->on_tape = 0;                                   /* of a capture no other connection is told */
    return capture_tape(name, keylog, s->which, s->tape);
}

bool compare_source_read(struct compare_source *s, const char *name, const char *keylog)
{
    char copy[NAME];
    *s = (struct compare_source){ .name = name, .tape = tape_new(TAPE_MOST) };
    if (!s->tape) {
        complain("vitrine: there is no memory for a view");
        return false;
    }
    if (strlen(name) >= sizeof copy) {
        complain("vitrine compare: a name has %d octets at most", NAME - 1);
        return false;
    }
    memcpy(copy, name, strlen(name) + 1);
    if (!take_number(copy, &s->which)) {
        complain("vitrine compare: connections are numbered from 1");
        return false;
    }
    s->on_tape = s->which;
    return read_source(s, copy, keylog);
}

void compare_source_free(struct compare_source *s)
{
    tape_free(s->tape);
    s->tape = NULL;
}
