/* Echo, discard and chargen (RFC 862 to 864) between two hosts in the sealed world. */
#include "http/simple.h"
#include "tests/lib/check.h"
#include "tests/lib/street.h"

#include <string.h>

struct scene { struct street street; struct simple simple; };

static struct scene *open_scene(uint16_t base, unsigned places)
{
    static struct scene s;
    struct fault why = { 0 };
    street_start(&s.street, 1, NULL);
    ck_assert(simple_start(&s.simple, s.street.theirs, &(struct addr){ .len = 0 }, base, places, &why));
    s.street.app = &s.simple.app;
    street_open(&s.street);
    return &s;
}

static void close_scene(struct scene *s)
{
    street_end(&s->street);
    simple_end(&s->simple);
}

START_TEST(echo_sends_back)
{
    struct scene *s = open_scene(0, 4);
    struct call *c = street_call(&s->street, PORT_ECHO);
    street_until(&s->street, SECOND);
    call_says(c, "one");
    street_until(&s->street, 2 * SECOND);
    ck_assert_str_eq(c->heard, "one");
    call_says(c, " two");
    call_closes(c);
    street_until(&s->street, 4 * SECOND);
    ck_assert_str_eq(c->heard, "one two");
    ck_assert(c->peer_done && s->simple.n == 0 && s->simple.served == 1 && s->simple.came == 7);
    close_scene(s);
}
END_TEST

START_TEST(discard_says_nothing)
{
    struct scene *s = open_scene(0, 4);
    struct call *c = street_call(&s->street, PORT_DISCARD);
    street_until(&s->street, SECOND);
    call_says(c, "to nobody");
    call_closes(c);
    street_until(&s->street, 3 * SECOND);
    ck_assert_uint_eq(c->total, 0);
    ck_assert(c->peer_done && s->simple.n == 0 && s->simple.came == 9);
    close_scene(s);
}
END_TEST

START_TEST(daytime_says_the_date_and_closes_first)
{
    struct scene *s = open_scene(0, 4);
    struct call *c = street_call(&s->street, PORT_DAYTIME);
    street_until(&s->street, SECOND);
    ck_assert_str_eq(c->heard, "Tue, 01 Sep 2026 08:00:00 GMT\r\n");
    ck_assert(c->peer_done && !c->ended);
    call_closes(c);
    street_until(&s->street, 2 * SECOND);
    ck_assert(c->ended && !c->fault.ground && s->simple.n == 0);
    close_scene(s);
}
END_TEST

/* RFC 864's own picture: the first line from the space on, the next one from the character behind. */
START_TEST(chargen_sends_lines)
{
    struct scene *s = open_scene(2000, 4);
    struct call *c = street_call(&s->street, 2000 + PORT_CHARGEN);
    street_until(&s->street, 2 * SECOND);
    ck_assert_uint_ge(c->total, 74 * 95);
    ck_assert_int_eq(memcmp(c->heard, " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                      "[\\]^_`abcdefg\r\n!\"#", 77), 0);
    ck_assert_int_eq(memcmp(c->heard + 74 * 94, "~ !", 3), 0);
    ck_assert_int_eq(memcmp(c->heard + 74 * 95, c->heard, 8192 - 74 * 95 - 1), 0);
    call_closes(c);
    street_until(&s->street, 20 * SECOND);
    ck_assert(c->ended || c->peer_done);
    ck_assert_uint_eq(s->simple.n, 0);
    close_scene(s);
}
END_TEST

START_TEST(no_more_than_there_are_places_and_all_end_when_told)
{
    struct scene *s = open_scene(0, 2);
    struct call *c[3];
    for (unsigned i = 0; i < 3; i++)
        c[i] = street_call(&s->street, i == 1 ? PORT_ECHO : PORT_DISCARD);
    street_until(&s->street, SECOND);
    ck_assert(c[0]->open && c[1]->open && c[2]->ended && c[2]->fault.ground);
    call_closes(c[0]);
    street_until(&s->street, 2 * SECOND);
    ck_assert_uint_eq(s->simple.n, 1);                /* the last took the first one's place */
    call_says(c[1], "still here");
    street_until(&s->street, 3 * SECOND);
    ck_assert_str_eq(c[1]->heard, "still here");
    s->simple.app.stop(&s->simple.app, 0);
    street_flush(&s->street);
    street_until(&s->street, 4 * SECOND);
    ck_assert(c[1]->ended && s->simple.n == 0);
    close_scene(s);
}
END_TEST

START_TEST(a_port_that_is_taken)
{
    struct scene *s = open_scene(0, 2);
    struct simple second;
    struct fault why = { 0 };
    ck_assert(!simple_start(&second, s->street.theirs, &(struct addr){ .len = 0 }, 0, 2, &why));
    ck_assert_str_eq(why.ground->id, "tcp.port_taken");
    simple_end(&second);
    close_scene(s);
}
END_TEST

int main(void)
{
    return check_run("simple", (const TTest *[]){ echo_sends_back, discard_says_nothing,
                                                  daytime_says_the_date_and_closes_first, chargen_sends_lines,
                                                  no_more_than_there_are_places_and_all_end_when_told,
                                                  a_port_that_is_taken, NULL });
}
