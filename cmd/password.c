#define _POSIX_C_SOURCE 200809L
#include "cmd/password.h"
#include "cmd/words.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum { CONTROL_C = 3, CONTROL_D = 4, BACKSPACE = 8, CONTROL_U = 21, DELETE = 127 };

static bool too_long(void)
{
    complain("vitrine: a pass phrase has at most %u octets", (unsigned)PEM_PASSWORD_MAX - 1);
    return false;
}

/* One octet; false: there is none more. */
static bool next(int fd, char *c)
{
    ssize_t n;
    do
        n = read(fd, c, 1);
    while (n < 0 && errno == EINTR);
    return n == 1;
}

/* A line without its end, octet by octet: what stands behind it is for others, and no buffer keeps a copy. */
static bool take_line(int fd, char *out, size_t *n)
{
    char c = 0;
    for (*n = 0; next(fd, &c) && c != '\n'; )
        if (*n == PEM_PASSWORD_MAX - 1)
            return too_long();
        else
            out[(*n)++] = c;
    if (*n && out[*n - 1] == '\r')
        --*n;
    return *n || c == '\n';
}

/* What is typed, to its end; false: given up (control-C or -D). The terminal edits nothing now, so this does. */
static bool take_typed(int fd, char *out, size_t *n)
{
    char c;
    for (*n = 0; next(fd, &c) && c != CONTROL_C && (c != CONTROL_D || *n); ) {
        if (c == '\n' || c == '\r')
            return true;
        if (c == DELETE || c == BACKSPACE)
            *n -= *n > 0;
        else if (c == CONTROL_U)
            *n = 0;
        else if (*n == PEM_PASSWORD_MAX - 1)
            return too_long();
        else
            out[(*n)++] = c;
    }
    return false;
}

/* Without echo, and without signals: whoever gives up finds the terminal as it was. */
static bool ask_terminal(const char *prompt, const char *name, char *out, size_t *n)
{
    int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    struct termios as_it_was, quiet;
    FILE *tty = fd >= 0 && tcgetattr(fd, &as_it_was) == 0 ? fdopen(fd, "w") : NULL;
    if (!tty) {
        if (fd >= 0)
            close(fd);
        complain("vitrine: %s is encrypted, and there is no terminal to ask at: --pass file:FILE, env:NAME or stdin",
                 name);
        return false;
    }
    quiet = as_it_was;
    quiet.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG);
    quiet.c_cc[VMIN] = 1;
    quiet.c_cc[VTIME] = 0;
    words_print(tty, prompt, name);
    fflush(tty);
    bool got = tcsetattr(fd, TCSAFLUSH, &quiet) == 0 && take_typed(fd, out, n);
    tcsetattr(fd, TCSAFLUSH, &as_it_was);
    fputc('\n', tty);
    fclose(tty);
    return got;
}

static bool first_line(const char *file, char *out, size_t *n)
{
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        complain("vitrine: cannot read %s: %s", file, strerror(errno));
        return false;
    }
    bool got = take_line(fd, out, n);
    close(fd);
    return got;
}

static bool from_environment(const char *name, char *out, size_t *n)
{
    const char *word = getenv(name);
    if (!word) {
        complain("vitrine: there is no %s in the environment", name);
        return false;
    }
    *n = strlen(word);
    if (*n >= PEM_PASSWORD_MAX)
        return too_long();
    memcpy(out, word, *n);
    return true;
}

bool password_where(const char *where)
{
    if (!where || strncmp(where, "file:", 5) == 0 || strncmp(where, "env:", 4) == 0 || strcmp(where, "stdin") == 0)
        return true;
    complain("vitrine: --pass takes file:FILE, env:NAME or stdin");
    return false;
}

static bool from(const char *where, char *out, size_t *n)
{
    return strncmp(where, "file:", 5) == 0 ? first_line(where + 5, out, n)
         : strncmp(where, "env:", 4) == 0 ? from_environment(where + 4, out, n) : take_line(STDIN_FILENO, out, n);
}

static bool ask(struct pem_password *password, char *out, size_t *n)
{
    const struct password *p = (const struct password *)(void *)password;
    return p->where ? from(p->where, out, n) : ask_terminal("Pass phrase of %s: ", p->name, out, n);
}

struct password password_of(const char *where, const char *name)
{
    return (struct password){ .pem = { .ask = ask }, .where = where, .name = name };
}

bool password_new(const char *where, const char *name, char *out, size_t *n)
{
    char again[PEM_PASSWORD_MAX];
    size_t m = 0;
    if (where)
        return from(where, out, n);
    bool same = ask_terminal("New pass phrase for %s: ", name, out, n)
             && ask_terminal("The same again, for %s: ", name, again, &m);
    if (same && (*n != m || memcmp(out, again, m) != 0)) {
        complain("vitrine: the two pass phrases differ");
        same = false;
    }
    sodium_memzero(again, sizeof again);
    return same;
}
