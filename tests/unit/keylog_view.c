#include "trace/views.h"
#include "tests/lib/check.h"
#include "tests/lib/memory.h"

#include <string.h>

static struct memory written;
static struct trace *trace;

static void derive(enum event_kind kind, struct attr a)
{
    trace_emit(trace, &(struct event){ .kind = kind, .attrs = &a, .n_attrs = 1 });
}

static struct attr line(const char *text) { return attr_secret("keylog", text, strlen(text)); }

START_TEST(each_line_once_and_in_one_write)
{
    memory_start(&written);
    trace = trace_new(0);
    struct view *view = keylog_view_new(&written.sink);
    trace_attach(trace, view);
    derive(EVENT_KEY, line("RSA 0011 22\n"));
    derive(EVENT_KEY, line("CLIENT_RANDOM aa bb\n"));
    derive(EVENT_KEY, line("CLIENT_RANDOM aa bb\n"));             /* the other end */
    derive(EVENT_KEY, attr_secret("secret", "x", 1));
    derive(EVENT_KEY, attr_text("keylog", "a text is no secret"));
    derive(EVENT_MARK, line("no key\n"));
    derive(EVENT_KEY, line("CLIENT_RANDOM cc dd\n"));
    trace_turn(trace);
    trace_end(trace);
    memory_is(&written, "RSA 0011 22\nCLIENT_RANDOM aa bb\nCLIENT_RANDOM cc dd\n");
    ck_assert_uint_eq(written.writes, 3);
    ck_assert(!trace_wants_fields(trace));
    view_free(view);
    view_free(NULL);
    trace_free(trace);
    memory_end(&written);
}
END_TEST

int main(void) { return check_run("keylog_view", (const TTest *[]){ each_line_once_and_in_one_write, NULL }); }
