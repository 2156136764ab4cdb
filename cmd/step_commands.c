/* The commands of --step: one row each. */
#include "cmd/step_commands.h"
#include "cmd/keys.h"
#include "cmd/words.h"
#include "net/tcp.h"
#include "tls/machine.h"
#include "trace/say.h"
#include "trace/show.h"
#include "trace/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static struct pen pen_of(struct step *s)
{
    return (struct pen){ .sink = &s->config.watching->screen.sink, .color = s->look.color, .ascii = s->look.ascii,
                         .blank = true };
}

struct inspect step_inspect(struct step *s, struct pen *pen)
{
    *pen = pen_of(s);
    return (struct inspect){ .tape = s->tape, .pen = pen, .words = s->look.words, .columns = s->look.columns,
                             .secrets = s->look.secrets,
                             .last = s->at == s->furthest ? s->last : player_last(&s->player, s->at) };
}

void step_say(struct step *s, const char *name, const struct attr *attrs, size_t n)
{
    char line[STEP_LINE * 4];
    struct pen pen;
    struct inspect in = step_inspect(s, &pen);
    inspect_line(&in, 2, INK_PLAIN, inspect_say(&in, name, attrs, n, line, sizeof line));
}

void step_never(struct step *s)
{
    const struct attr name = attr_text("name", s->until.name);
    step_say(s, "step.never", &name, 1);
    s->until.name[0] = '\0';
}

/* ---- the commands; each says whether the world may go on ---- */

static bool show(struct step *s, uint32_t step)
{
    s->at = step;
    if (!player_step(&s->player, step))
        s->quit = true;
    return false;
}

static bool do_next(struct step *s, const char *arg)
{
    (void)arg;
    if (s->at == s->furthest)
        return true;
    s->at++;
    player_draw(&s->player, s->at == s->furthest ? s->last : player_last(&s->player, s->at), true);
    return false;
}

static bool do_back(struct step *s, const char *arg)
{
    (void)arg;
    if (s->at)
        return show(s, s->at - 1);
    step_say(s, "step.at_start", NULL, 0);
    return false;
}

/* First over what is on the tape, then with the world. */
static bool do_until(struct step *s, const char *arg)
{
    if (!step_until_set(s, arg))
        return false;
    while (s->at < s->furthest) {
        do_next(s, "");
        if (step_until_reached(s, s->at)) {
            s->until.name[0] = '\0';
            return false;
        }
    }
    if (!s->more)
        step_never(s);
    return s->more;
}

/* "#5": that step again, or on until it. */
static bool do_go(struct step *s, const char *arg)
{
    char *end;
    unsigned long to = strtoul(arg, &end, 10);
    if (*arg && !*end && to <= s->furthest)
        return show(s, (uint32_t)to);
    char name[STEP_NAME];
    snprintf(name, sizeof name, "#%.40s", arg);
    return do_until(s, name);
}

/* The packet that an argument names, or the one shown. 0: there is none (said). */
static buf_no packet_meant(struct step *s, const char *arg)
{
    char *end;
    unsigned long n = strtoul(arg + (*arg == '#'), &end, 10);
    if (!*arg)
        n = s->at;
    const struct attr named = attr_text("name", arg);
    if (n > 0 && n <= s->furthest && (!*arg || !*end))
        return tape_buf('p', (uint32_t)n);
    step_say(s, *arg ? "step.no_packet" : "step.no_packet_yet", &named, 1);
    return 0;
}

static bool do_why(struct step *s, const char *arg)
{
    struct pen pen;
    struct inspect in = step_inspect(s, &pen);
    buf_no p = packet_meant(s, arg);
    if (p)
        inspect_why(&in, tape_buffer(s->tape, p)->n);
    return false;
}

/* "x", "x 7", "x m3" (a buffer by its letter), "x all". */
static bool do_bytes(struct step *s, const char *arg)
{
    struct pen pen;
    struct inspect in = step_inspect(s, &pen);
    bool all = strcmp(arg, "all") == 0;
    char *end = NULL;
    buf_no b = 0;
    if (*arg >= 'a' && *arg <= 'z' && !all)
        b = tape_buf(*arg, (uint32_t)strtoul(arg + 1, &end, 10) & 0xfffffff);
    if (!b || *end || !tape_buffer(s->tape, b) || tape_buffer(s->tape, b)->n > in.last)
        b = packet_meant(s, all ? "" : arg);
    if (b)
        inspect_bytes(&in, b, all);
    return false;
}

static bool do_keys(struct step *s, const char *arg)
{
    struct pen pen;
    struct inspect in = step_inspect(s, &pen);
    (void)arg;
    inspect_keys(&in);
    return false;
}

static bool do_offers(struct step *s, const char *arg)
{
    struct pen pen;
    struct inspect in = step_inspect(s, &pen);
    (void)arg;
    if (!inspect_offers(&in))
        step_say(s, "step.no_offers", NULL, 0);
    return false;
}

static bool do_messages(struct step *s, const char *arg)
{
    struct pen pen;
    struct inspect in = step_inspect(s, &pen);
    (void)arg;
    if (!inspect_transcript(&in))
        step_say(s, "step.no_messages", NULL, 0);
    return false;
}

static bool do_certs(struct step *s, const char *arg)
{
    struct pen pen;
    struct inspect in = step_inspect(s, &pen);
    (void)arg;
    bool certificates = inspect_checks(&in, "x509");
    if (!inspect_checks(&in, "tls") && !certificates)
        step_say(s, "checks.none", NULL, 0);
    return false;
}

static bool do_tcp(struct step *s, const char *arg)
{
    struct pen pen;
    struct inspect in = step_inspect(s, &pen);
    (void)arg;
    inspect_vars(&in, player_first(&s->player, s->at));
    return false;
}

static bool do_states(struct step *s, const char *arg)
{
    struct pen pen;
    struct inspect in = step_inspect(s, &pen);
    struct machine m;
    (void)arg;
    tcp_machine(&m);
    inspect_states(&in, &m);
    tls_machine(false, &m);
    inspect_states(&in, &m);
    tls_machine(true, &m);
    inspect_states(&in, &m);
    return false;
}

static bool do_language(struct step *s, const char *arg)
{
    bool chinese = strcmp(s->look.words->lang, "zh") == 0;
    (void)arg;
    words_speak(chinese ? "en" : "zh");
    s->look.words = s->player.options.words = words_spoken();
    return show(s, s->at);
}

static bool do_run(struct step *s, const char *arg)
{
    (void)arg;
    s->running = true;
    if (s->at < s->furthest)
        player_draw(&s->player, s->last, true);
    s->at = s->furthest;
    return true;
}

static bool do_quit(struct step *s, const char *arg)
{
    (void)arg;
    return s->quit = true;
}

static bool do_help(struct step *s, const char *arg);

/* In the order of the prompt; as many stand there as the width allows. The catalogue has what stands
 * in the prompt, and in the help. */
static const struct { char key; const char *word, *prompt, *help; bool (*run)(struct step *, const char *); } rows[] = {
    { 'n', "next",     "step.prompt.next",     "step.help.next",     do_next },
    { 'b', "back",     "step.prompt.back",     "step.help.back",     do_back },
    { 'w', "why",      "step.prompt.why",      "step.help.why",      do_why },
    { 'x', "bytes",    "step.prompt.bytes",    "step.help.bytes",    do_bytes },
    { 'k', "keys",     "step.prompt.keys",     "step.help.keys",     do_keys },
    { 'o', "offers",   "step.prompt.offers",   "step.help.offers",   do_offers },
    { 'm', "messages", "step.prompt.messages", "step.help.messages", do_messages },
    { 'c', "certs",    "step.prompt.certs",    "step.help.certs",    do_certs },
    { 't', "tcp",      "step.prompt.tcp",      "step.help.tcp",      do_tcp },
    { 'u', "until",    "step.prompt.until",    "step.help.until",    do_until },
    { 'q', "quit",     "step.prompt.quit",     "step.help.quit",     do_quit },
    { 's', "states",   "step.prompt.states",   "step.help.states",   do_states },
    { 'l', "language", "step.prompt.language", "step.help.language", do_language },
    { 'r', "run",      "step.prompt.run",      "step.help.run",      do_run },
    { '#', "#",        NULL,                   "step.help.go",       do_go },
    { '?', "help",     "step.prompt.help",     "step.help.help",     do_help },
};
enum { ROWS = sizeof rows / sizeof *rows };

static bool do_help(struct step *s, const char *arg)
{
    struct pen pen;
    struct inspect in = step_inspect(s, &pen);
    (void)arg;
    for (unsigned i = 0; i < ROWS; i++) {
        pen_to(&pen, 2);
        pen_ink(&pen, INK_BOLD);
        if (rows[i].key != '#')
            pen_some(&pen, &rows[i].key, 1);
        pen_to(&pen, 5);
        pen_text(&pen, rows[i].key == '#' ? "#N" : rows[i].word);
        pen_ink(&pen, INK_PLAIN);
        pen_to(&pen, 15);
        inspect_line(&in, 15, INK_PLAIN, words_ui(s->look.words, rows[i].help));
    }
    return false;
}

/* ---- the prompt ---- */

static void position_words(const struct step *s, char *out, size_t room)
{
    struct attr attrs[] = { attr_number("step", s->at), attr_number("furthest", s->furthest) };
    const char *name = s->at < s->furthest ? "step.at_back" : s->more ? "step.at" : "step.at_end";
    say(out, room, words_ui(s->look.words, name), &(struct event){ .attrs = attrs, .n_attrs = 2 }, s->look.words);
}

/* One line, so that it can be taken back when a key is pressed; `?` always stands in it. */
static void write_prompt(struct step *s)
{
    char line[STEP_LINE * 2], likeness[STEP_LINE * 4];
    const char *help = words_ui(s->look.words, "step.prompt.help");
    struct pen pen = pen_of(s);
    pen.sink = &s->prompt;
    position_words(s, line, sizeof line);
    for (unsigned i = 0; i < ROWS - 1; i++) {
        const char *more = rows[i].prompt ? words_ui(s->look.words, rows[i].prompt) : "";
        unsigned width = text_width(line, strlen(line)) + text_width(more, strlen(more));
        if (!*more || width + text_width(help, strlen(help)) + 4 > s->look.columns)
            continue;
        text_join(line, sizeof line, " ");
        text_join(line, sizeof line, more);
    }
    text_join(line, sizeof line, " ");
    text_join(line, sizeof line, help);
    fflush(s->out);
    fprintf(stderr, "%s%s%s ", s->look.color ? "\033[7m" : "", pen_words(&pen, line, likeness, sizeof likeness),
            s->look.color ? "\033[0m" : "");
    fflush(stderr);
}

/* Enter at a terminal: the ladder goes on where the prompt stood. */
static void take_prompt_back(const struct step *s)
{
    if (s->single && s->look.color)
        fprintf(stderr, "\r\033[K");
    else if (s->single)
        fprintf(stderr, "\n");
}

/* Of "until ESTABLISHED" or "u ESTABLISHED" or "uESTABLISHED" the row and what stands behind. -1: no command. */
static int row_of(const char *line, const char **arg)
{
    size_t n = strcspn(line, " ");
    for (int i = 0; i < (int)ROWS; i++) {
        bool letter = line[0] == rows[i].key && (n == 1 || line[0] == '#');
        if (!letter && (n < 2 || strlen(rows[i].word) < n || strncmp(line, rows[i].word, n) != 0))
            continue;
        *arg = line + (letter ? 1 : n);
        *arg += strspn(*arg, " ");
        return i;
    }
    return strcmp(line, "h") == 0 ? (int)ROWS - 1 : -1;
}

static char *trimmed(char *line)
{
    size_t n = strlen(line);
    while (n && (line[n - 1] == ' ' || line[n - 1] == '\t'))
        line[--n] = '\0';
    return line + strspn(line, " \t");
}

/* One command. True: the world may go on. */
static bool obey(struct step *s, char *line)
{
    const char *arg = "";
    line = trimmed(line);
    if (!*line)
        return do_next(s, "");
    int row = row_of(line, &arg);
    if (row >= 0)
        return rows[row].run(s, arg);
    const struct attr said = attr_text("said", line);
    step_say(s, "step.unknown", &said, 1);
    return false;
}

void step_converse(struct step *s)
{
    char line[STEP_LINE];
    s->until.name[0] = '\0';
    for (bool go_on = false; !go_on && !s->quit;) {
        write_prompt(s);
        switch (keys_read(line, sizeof line, "u#")) {
        case KEYS_END:
            do_run(s, "");
            take_prompt_back(s);
            return;
        case KEYS_STOP:
            s->quit = true;
            fprintf(stderr, "\n");
            return;
        case KEYS_LINE:
            if (!*line)
                take_prompt_back(s);
            go_on = obey(s, line);
        }
    }
}
