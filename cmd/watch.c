#define _POSIX_C_SOURCE 200809L
#include "cmd/watch.h"
#include "cmd/html_file.h"
#include "cmd/words.h"
#include "trace/inspect.h"
#include "trace/spy_view.h"
#include "trace/views.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

static bool is_dash(const char *name) { return name && strcmp(name, "-") == 0; }

bool watch_can_write(const char *const *values, const char *page)
{
    const char *names[] = { values[OPT_PCAP], values[OPT_JSON], values[OPT_KEYLOG], values[OPT_HTML],
                            values[OPT_OUTPUT] ? values[OPT_OUTPUT] : page };
    unsigned n = 0;
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        n += is_dash(names[i]);
    if (n > 1)
        complain("vitrine: one only of the page, --pcap, --keylog, --json and --html can go to standard output");
    return n <= 1;
}

FILE *watch_words(const char *const *values)
{
    return is_dash(values[OPT_PCAP]) || is_dash(values[OPT_JSON]) || is_dash(values[OPT_KEYLOG]) ||
                   is_dash(values[OPT_HTML]) || is_dash(values[OPT_OUTPUT])
               ? stderr
               : stdout;
}

unsigned watch_columns(FILE *f)
{
    struct winsize size;
    if (isatty(fileno(f)) && ioctl(fileno(f), TIOCGWINSZ, &size) == 0 && size.ws_col >= 40)
        return size.ws_col;
    return 80;
}

static bool add(struct watching *w, struct view *v)
{
    if (!v) {
        complain("vitrine: there is no memory for a view");
        return false;
    }
    w->views[w->n++] = v;
    trace_attach(w->trace, v);
    return true;
}

enum { TAPE_MOST = 512 << 20 };

bool watch_tape(struct watching *w)
{
    if (w->tape)
        return true;
    w->tape = tape_new(TAPE_MOST);
    if (w->tape)
        trace_attach(w->trace, tape_view(w->tape));
    else
        complain("vitrine: there is no memory for a view");
    return w->tape != NULL;
}

bool watch_color(FILE *f)
{
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
    return isatty(fileno(f)) && !(no_color && *no_color) && !(term && strcmp(term, "dumb") == 0);
}

static enum event_level level_wanted(const char *level)
{
    return !level || strcmp(level, "packets") == 0 ? LEVEL_PACKETS
           : strcmp(level, "all") == 0             ? LEVEL_ALL
                                                   : LEVEL_STORY;
}

/* What is written on the screen while the visit runs, or, as a listener sees it, when it is over. */
static bool add_screen(struct watching *w, const char *const *values, FILE *f, bool live)
{
    file_sink_open(&w->screen, "-", false, "");
    w->screen.file = f;
    w->look = (struct ladder_options){
        .level = level_wanted(values[OPT_LEVEL]), .color = watch_color(f), .ascii = values[OPT_ASCII] != NULL,
        .secrets = !live || values[OPT_SHOW_SECRETS], .columns = watch_columns(f),
        .words = words_spoken() };
    w->spy = values[OPT_AS] != NULL;
    w->closer = !w->spy && (values[OPT_RESUME] || (!live && w->look.level == LEVEL_ALL));
    if (w->closer && !watch_tape(w))
        return false;
    bool later = w->spy || values[OPT_STEP] || values[OPT_SLOW] || values[OPT_ASK];
    return later ? watch_tape(w) : add(w, ladder_view_new(&w->screen.sink, &w->look));
}

static bool write_spy(struct watching *w)
{
    const struct spy_look look = { .words = w->look.words, .columns = w->look.columns, .color = w->look.color,
                                   .ascii = w->look.ascii };
    return !w->spy || !w->tape || spy_write(&w->screen.sink, w->tape, &look);
}

/* What shows only when all is over: at the closest look what the hellos offered and how the handshake's hash grew, and
 * beside the handshake that was resumed the short one. */
static void write_closer(struct watching *w)
{
    struct pen pen = { .sink = &w->screen.sink, .color = w->look.color, .ascii = w->look.ascii };
    const struct inspect in = { .tape = w->tape, .pen = &pen, .words = w->look.words, .columns = w->look.columns,
                                .secrets = w->look.secrets, .last = w->tape ? tape_events(w->tape) : 0 };
    if (!w->closer || !w->tape)
        return;
    pen_end(&pen);
    if (w->look.level == LEVEL_ALL) {
        inspect_offers(&in);
        inspect_transcript(&in);
    }
    inspect_beside(&in);
}

static bool add_pcap(struct watching *w, const char *const *values, bool live)
{
    const char *at = values[OPT_PCAP_AT], *lang = values[OPT_LANG];
    /* a file does not depend on somebody's locale */
    const struct words *words = words_in(lang ? lang : "en");
    uint16_t host = !at || strcmp(at, "wire") == 0 ? 0 : strcmp(at, "browser") == 0 ? 1 : 3;
    return file_sink_open(&w->pcap, values[OPT_PCAP], live, "run") &&
           add(w, pcap_view_new(&w->pcap.sink, host, true, words));
}

static bool add_keylog(struct watching *w, const char *name, bool live)
{
    return file_sink_open(&w->keylog, name, live, "run") && add(w, keylog_view_new(&w->keylog.sink));
}

static bool add_json(struct watching *w, const char *const *values, bool live)
{
    bool secrets = !live || values[OPT_SHOW_SECRETS];
    return file_sink_open(&w->json, values[OPT_JSON], live && secrets, "run") &&
           add(w, json_view_new(&w->json.sink, secrets));
}

static bool add_html(struct watching *w, const char *const *values, bool live)
{
    w->page.secrets = !live || values[OPT_SHOW_SECRETS];
    w->page.spy = values[OPT_AS] != NULL;
    w->page.lang = values[OPT_LANG];
    return file_sink_open(&w->html, values[OPT_HTML], live && w->page.secrets, "run") && watch_tape(w);
}

static bool write_html(struct watching *w)
{
    bool whole = !w->html.file || !w->tape || html_file_write(&w->html, w->tape, &w->page);
    return file_sink_close(&w->html) && whole;
}

static nsec now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (nsec)t.tv_sec * SECOND + t.tv_nsec;
}

bool watch_open(struct watching *w, const char *const *values, bool live, FILE *ladder, nsec start,
                void (*name_hosts)(struct trace *))
{
    *w = (struct watching){ 0 };
    const char *keylog = values[OPT_KEYLOG] ? values[OPT_KEYLOG] : live ? getenv("SSLKEYLOGFILE") : NULL;
    if (!values[OPT_PCAP] && !values[OPT_JSON] && !values[OPT_HTML] && !keylog && !ladder)
        return true;
    w->trace = trace_new(start ? start : now());
    if (!w->trace)
        return false;
    name_hosts(w->trace);
    return (!ladder || add_screen(w, values, ladder, live)) &&
           (!values[OPT_PCAP] || add_pcap(w, values, live)) && (!keylog || add_keylog(w, keylog, live)) &&
           (!values[OPT_JSON] || add_json(w, values, live)) &&
           (!values[OPT_HTML] || add_html(w, values, live));
}

bool watch_close(struct watching *w)
{
    trace_end(w->trace);
    bool spy = write_spy(w);
    write_closer(w);
    bool pcap = file_sink_close(&w->pcap), keylog = file_sink_close(&w->keylog),
         json = file_sink_close(&w->json), html = write_html(w);
    bool screen = !w->screen.file || (fflush(w->screen.file) == 0 && !ferror(w->screen.file));
    if (!screen)
        complain("vitrine: standard output could not be written whole");
    while (w->n)
        view_free(w->views[--w->n]);
    tape_free(w->tape);
    w->tape = NULL;
    trace_free(w->trace);
    w->trace = NULL;
    return pcap && keylog && json && html && screen && spy;
}
