#define _POSIX_C_SOURCE 200809L
#include "cmd/keys.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* ms: faster than the first nobody types; an Enter within the second belongs to the key before it */
enum { FASTER = 30, SAME_KEY = 300, CAUGHT = 3 };

static const int caught[CAUGHT] = { SIGINT, SIGTERM, SIGHUP };
static struct sigaction before[CAUGHT];
static volatile sig_atomic_t stopped;
static bool single, after_key;

static void on_signal(int number)
{
    (void)number;
    stopped = 1;
}

bool keys_open(void)
{
    struct sigaction act = { .sa_handler = on_signal };
    sigemptyset(&act.sa_mask);
    stopped = 0;
    for (unsigned i = 0; i < CAUGHT; i++)
        sigaction(caught[i], &act, &before[i]);
    return single = isatty(STDIN_FILENO);
}

void keys_close(void)
{
    for (unsigned i = 0; i < CAUGHT; i++)
        sigaction(caught[i], &before[i], NULL);
}

bool keys_stopped(void) { return stopped; }

bool keys_pause(nsec wait)
{
    /* a signal may come just before poll(): short naps, so that it is not slept over */
    for (nsec nap = 100 * MILLISECOND; wait > 0 && !stopped; wait -= nap)
        poll(NULL, 0, (int)((wait < nap ? wait : nap) / MILLISECOND));
    return !stopped;
}

/* True when something lies ready to be read within so many ms. */
static bool ready(int ms)
{
    struct pollfd p = { .fd = STDIN_FILENO, .events = POLLIN };
    return poll(&p, 1, ms) > 0;
}

static enum keys_said read_octet(char *c)
{
    for (;;) {
        while (!stopped && !ready(100))
            ;
        ssize_t n = stopped ? -1 : read(STDIN_FILENO, c, 1);
        if (n == 1)
            return KEYS_LINE;
        if (stopped)
            return KEYS_STOP;
        if (n == 0 || errno != EINTR)
            return KEYS_END;
    }
}

/* The rest of a line behind the `n` octets that are there. The end of the input ends a line, too. */
static enum keys_said read_rest(char *line, size_t room, size_t n)
{
    enum keys_said said;
    char c = 0;
    while ((said = read_octet(&c)) == KEYS_LINE && c != '\n' && c != '\r')
        if (n < room - 1)
            line[n++] = c;
    line[n] = '\0';
    return said == KEYS_END && n ? KEYS_LINE : said;
}

static enum keys_said read_key(char *line, size_t room, const char *lines)
{
    enum { END_OF_INPUT = 4 };                        /* Ctrl-D, which is a key like any other now */
    bool behind_key = after_key && ready(SAME_KEY);
    after_key = false;
    enum keys_said said = read_octet(line);
    if (behind_key && said == KEYS_LINE && (*line == '\n' || *line == '\r'))
        said = read_octet(line);
    line[1] = '\0';
    if (said != KEYS_LINE || *line == END_OF_INPUT)
        return said == KEYS_LINE ? KEYS_END : said;
    if (*line == '\n' || *line == '\r') {
        *line = '\0';
        return KEYS_LINE;
    }
    if (ready(FASTER))
        return read_rest(line, room, 1);
    after_key = !strchr(lines, *line);
    return KEYS_LINE;
}

/* Without echo, without waiting for Enter; Ctrl-C stays a signal. */
static enum keys_said read_single(char *line, size_t room, const char *lines)
{
    struct termios as_it_was, raw;
    if (tcgetattr(STDIN_FILENO, &as_it_was) != 0)
        return read_rest(line, room, 0);
    raw = as_it_was;
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
    enum keys_said said = read_key(line, room, lines);
    tcsetattr(STDIN_FILENO, TCSADRAIN, &as_it_was);
    if (said != KEYS_LINE || !*line)
        return said;
    fprintf(stderr, "%s", line);
    if (line[1] || !strchr(lines, *line)) {
        fprintf(stderr, "\n");
        return said;
    }
    fprintf(stderr, " ");
    line[1] = ' ';
    return read_rest(line, room, 2);                  /* the terminal echoes, and lets mistakes be mended */
}

enum keys_said keys_read(char *line, size_t room, const char *lines)
{
    line[0] = '\0';
    if (single)
        return read_single(line, room, lines);
    enum keys_said said = read_rest(line, room, 0);
    fprintf(stderr, "%s\n", said == KEYS_LINE ? line : "");
    return said;
}
