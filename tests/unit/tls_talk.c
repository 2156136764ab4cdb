/* The blocking loop around the engine (tls/talk.h), over a pair of sockets, each end a process of its own. */
#define _POSIX_C_SOURCE 200809L
#include "tls/talk.h"
#include "tests/lib/check.h"
#include "tests/lib/tls_pair.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static ptrdiff_t from(void *fd, void *to, size_t room) { return recv(*(int *)fd, to, room, 0); }
/* As a carrier may: never more than a few octets at once. */
static ptrdiff_t into(void *fd, const void *at, size_t n)
{
    return send(*(int *)fd, at, n < 700 ? n : 700, MSG_NOSIGNAL);
}
static nsec what_time(void *fd) { (void)fd; return PAIR_NOW; }

enum { MUCH = 100000 };
enum manner { IN_ORDER, CUT_OFF, SAYS_NOTHING };

/* Answers one question with much, then ends as it is told to. */
static _Noreturn void serve(const struct tls_config *config, int fd, enum manner manner)
{
    static uint8_t much[MUCH];
    struct tls_talk talk;
    struct fault why = { 0 };
    const struct tls_ways ways = { from, into, what_time, &fd };
    char text[16];
    if (manner == SAYS_NOTHING)
        _exit(0);
    memset(much, 'x', sizeof much);
    bool good = tls_talk_start(&talk, config, &ways, &why) && tls_talk_read(&talk, text, sizeof text, &why) == 5
        && memcmp(text, "hello", 5) == 0 && tls_talk_write(&talk, much, sizeof much, &why);
    if (manner == IN_ORDER)
        tls_talk_end(&talk);
    _exit(!good);
}

/* How many octets came; *why as the client has it. */
static size_t visit(enum manner manner, struct fault *why)
{
    int fds[2], status;
    static struct tls_pair pair;
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
    pair_start(&pair, &(struct pair_wish){ .suite = "ECDHE-RSA-AES128-GCM-SHA256" });
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (!child) {
        close(fds[0]);
        serve(&pair.server.config, fds[1], manner);
    }
    close(fds[1]);
    const struct tls_ways ways = { from, into, what_time, &fds[0] };
    struct tls_talk talk = { 0 };
    static uint8_t text[5000];
    size_t all = 0;
    *why = (struct fault){ 0 };
    if (tls_talk_start(&talk, &pair.client.config, &ways, why) && tls_talk_write(&talk, "hello", 5, why))
        for (size_t n; (n = tls_talk_read(&talk, text, sizeof text, why)) > 0; all += n)
            for (size_t i = 0; i < n; i++)
                ck_assert_uint_eq(text[i], 'x');
    tls_talk_end(&talk);
    tls_talk_end(&talk);                              /* twice does no harm */
    close(fds[0]);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
    pair_end(&pair);
    return all;
}

START_TEST(both_ways_and_closed_in_order)
{
    struct fault why;
    ck_assert_uint_eq(visit(IN_ORDER, &why), MUCH);
    ck_assert_ptr_null(why.ground);
}
END_TEST

START_TEST(an_end_without_close_notify_is_a_fault)
{
    struct fault why;
    ck_assert_uint_eq(visit(CUT_OFF, &why), MUCH);
    ck_assert_ptr_nonnull(why.ground);
    ck_assert_str_eq(why.ground->id, "tls.truncated");
}
END_TEST

START_TEST(nobody_there_is_a_fault)
{
    struct fault why;
    ck_assert_uint_eq(visit(SAYS_NOTHING, &why), 0);
    ck_assert_str_eq(why.ground->id, "tls.handshake_cut");
}
END_TEST

int main(void)
{
    return check_run("tls_talk", (const TTest *[]){ both_ways_and_closed_in_order,
        an_end_without_close_notify_is_a_fault, nobody_there_is_a_fault, NULL });
}
