/* Causes that HTTP shows, opened or by the sizes and times of what is sealed: each row of the table fires on what
 * shows it, and not on what merely looks like it. */
#include "tests/lib/check.h"
#include "tests/lib/scene_made.h"

static void empty_reply(void) { done12(), record(0, 23, true, 200), closes(1), closes(0); }
static void empty_alert(void) { done12(), record(0, 23, true, 200), record(1, 21, true, 26), closes(1), closes(0); }
static void gave_up(void) { done12(), record(0, 23, true, 200), next(5 * SECOND), closes(0); }
static void still_waits(void) { done12(), record(0, 23, true, 200), ends_at(20 * SECOND); }
static void waits_shortly(void) { done12(), record(0, 23, true, 200), ends_at(4 * SECOND); }

static void http_cut(void)
{
    done12(), record(0, 23, true, 200), record(1, 23, true, 3000), closes(1), closes(0);
    s->c.http[0] = (struct seen_http){ .method = "GET", .target = "/", .status = 200, .body = 2800,
                                       .request = { 9, 9, 0 }, .response_first = { 10, 10, 0 } };
    s->c.n_http = 1;
}

static void plain(unsigned port)
{
    connects();
    side(1)->port = (uint16_t)port, s->c.plain_http = true, s->c.n_http = 1;
    s->c.http[0] = (struct seen_http){ .method = "POST", .target = "/", .request = { 4, 4, 0 } };
}

static void uploading(void)                             /* it has not asked to its end */
{
    plain(80);
    for (unsigned i = 0; i < 15; i++)
        next(SECOND), text(0, 1400);
    ends_at(50 * MS);
}

static void gave_up_plain(void) { plain(8080), text(0, 100), next(30 * SECOND), closes(0), closes(1); }

static const struct scene_row rows[] = {
    SOUND(waits_shortly), SOUND(uploading), { gave_up_plain, "http.no_answer" },
    { http_cut, "http.truncated" }, { empty_reply, "http.empty_reply" }, { empty_alert, "http.empty_reply" },
    { gave_up, "http.no_answer" }, { still_waits, "http.no_answer" },
};

START_TEST(names_it) { scene_named(&rows[_i]); } END_TEST
START_TEST(rows_are_shown) { scene_shows_all("http.", rows, sizeof rows / sizeof *rows); } END_TEST

int main(void)
{
    return check_run_rows("diagnose_http", names_it, sizeof rows / sizeof *rows,
                          (const TTest *[]){ rows_are_shown, NULL });
}
