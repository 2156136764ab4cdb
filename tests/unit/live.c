/* The live world by itself: packets from a descriptor, timers, a link that is lost. */
#define _GNU_SOURCE
#include "net/live.h"
#include "tests/lib/check.h"

#include <sys/socket.h>
#include <unistd.h>

struct descriptor { struct source source; int fd; };
struct scene { struct live *live; struct world *world; int pair[2]; struct descriptor d; struct happening h; };

static enum taken read_one(struct source *s, struct packet *p, nsec now)
{
    (void)now;
    ssize_t n = read(((struct descriptor *)s)->fd, p->bytes, p->room);
    p->len = n > 0 ? (uint32_t)n : 0;
    return taken_by(n);
}

static void watch(struct live *l, struct descriptor *d, int fd, uint16_t host)
{
    *d = (struct descriptor){ { .take = read_one }, fd };
    ck_assert(live_watch(l, fd, host, &d->source));
}

/* One end of a pair of sockets that keep packets apart is our link; the test has the other. */
static void start(struct scene *s)
{
    *s = (struct scene){ .live = live_new(NULL) };
    ck_assert_ptr_nonnull(s->live);
    s->world = live_world(s->live);
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, s->pair), 0);
    watch(s->live, &s->d, s->pair[0], 7);
}

static void end(struct scene *s)
{
    live_free(s->live);
    close(s->pair[0]);
    close(s->pair[1]);
}

static nsec soon(struct scene *s) { return s->world->now(s->world) + 20 * MILLISECOND; }

START_TEST(packets_come_in_order_then_the_timer)
{
    struct scene s;
    start(&s);
    for (uint8_t i = 0; i < 200; i++)
        ck_assert_int_eq(write(s.pair[1], &i, 1), 1);
    for (uint8_t i = 0; i < 200; i++) {
        ck_assert(world_next(s.world, NEVER, &s.h));
        ck_assert(s.h.what == HAPPENED_PACKET && s.h.host == 7);
        ck_assert(s.h.packet->len == 1 && s.h.packet->bytes[0] == i && s.h.packet->at <= s.h.now);
    }
    nsec at = soon(&s);
    ck_assert(world_next(s.world, at, &s.h));
    ck_assert(s.h.what == HAPPENED_TIMER && s.h.now >= at);
    ck_assert(world_next(s.world, 0, &s.h));          /* long over */
    ck_assert(s.h.what == HAPPENED_TIMER);
    end(&s);
}
END_TEST

START_TEST(what_has_come_by_now_is_of_one_moment)
{
    struct scene s;
    start(&s);
    for (uint8_t i = 0; i < 3; i++)
        ck_assert_int_eq(write(s.pair[1], &i, 1), 1);
    ck_assert(world_next(s.world, NEVER, &s.h));
    nsec now = s.h.now;
    for (uint8_t i = 1; i < 3; i++) {
        ck_assert(world_more(s.world, &s.h));
        ck_assert(s.h.what == HAPPENED_PACKET && s.h.packet->bytes[0] == i && s.h.packet->at == now);
    }
    ck_assert(!world_more(s.world, &s.h));            /* and does not wait for the next */
    ck_assert_int_eq(write(s.pair[1], "x", 1), 1);
    ck_assert(world_next(s.world, NEVER, &s.h) && s.h.what == HAPPENED_PACKET);
    end(&s);
}
END_TEST

START_TEST(two_links_take_turns)
{
    struct scene s;
    start(&s);
    int other[2];
    unsigned in_a_row = 0, turns = 0;
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, other), 0);
    struct descriptor second;
    watch(s.live, &second, other[0], 8);
    for (int i = 0; i < 150; i++)
        ck_assert(write(s.pair[1], "a", 1) == 1 && write(other[1], "b", 1) == 1);
    for (uint16_t last = 0; turns < 300; turns++, last = s.h.host) {
        ck_assert(world_next(s.world, NEVER, &s.h));
        in_a_row = last == s.h.host ? in_a_row + 1 : 1;
        ck_assert(in_a_row <= 100 || turns > 200);  /* nobody holds the floor while another waits */
    }
    end(&s);
    close(other[0]);
    close(other[1]);
}
END_TEST

START_TEST(a_link_that_is_lost_ends_the_world)        /* a TUN device that was deleted: no spinning */
{
    struct scene s;
    start(&s);
    ck_assert_int_eq(write(s.pair[1], "x", 1), 1);
    close(s.pair[1]);
    ck_assert(world_next(s.world, NEVER, &s.h));      /* what came before is still heard */
    ck_assert_int_eq(s.h.what, HAPPENED_PACKET);
    ck_assert(!world_next(s.world, NEVER, &s.h));
    ck_assert(!world_next(s.world, NEVER, &s.h));
    s.pair[1] = -1;
    end(&s);
}
END_TEST

START_TEST(what_is_forgotten_is_not_read)
{
    struct scene s;
    start(&s);
    ck_assert(write(s.pair[1], "x", 1) == 1 && write(s.pair[1], "y", 1) == 1);
    ck_assert(world_next(s.world, NEVER, &s.h));
    live_forget(s.live, s.pair[0]);
    ck_assert(world_next(s.world, soon(&s), &s.h));
    ck_assert_int_eq(s.h.what, HAPPENED_TIMER);
    end(&s);
}
END_TEST

int main(void)
{
    return check_run("live", (const TTest *[]){ packets_come_in_order_then_the_timer,
                                                what_has_come_by_now_is_of_one_moment, two_links_take_turns,
                                                a_link_that_is_lost_ends_the_world,
                                                what_is_forgotten_is_not_read, NULL });
}
