#define _POSIX_C_SOURCE 200809L
#include "cmd/files.h"
#include "cmd/words.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool file_write(struct sink *s, const void *bytes, size_t n)
{
    struct file_sink *f = (struct file_sink *)s;
    if (fwrite(bytes, 1, n, f->file) != n)
        f->failed = true;
    return !f->failed;
}

enum { SECRETS = 16 };
static struct { dev_t device; ino_t number; } secrets[SECRETS];   /* what must not be served to strangers */
static unsigned n_secrets;

bool file_is_secret(const struct stat *is)
{
    for (unsigned i = 0; i < n_secrets; i++)
        if (secrets[i].device == is->st_dev && secrets[i].number == is->st_ino)
            return true;
    return false;
}

/* Anew and for us alone: an old file of that name may be open to others. */
static FILE *open_secret(const char *name)
{
    int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return NULL;
    struct stat is;
    bool regular = fstat(fd, &is) == 0 && S_ISREG(is.st_mode);
    if (regular && (n_secrets == SECRETS || fchmod(fd, 0600) != 0)) {
        close(fd);
        return NULL;
    }
    if (regular) {
        secrets[n_secrets].device = is.st_dev;
        secrets[n_secrets++].number = is.st_ino;
    }
    return fdopen(fd, "wb");
}

bool file_sink_open(struct file_sink *f, const char *name, bool secret, const char *what)
{
    *f = (struct file_sink){ .sink = { file_write }, .name = name };
    if (strcmp(name, "-") == 0)
        f->file = stdout;
    else
        f->file = secret ? open_secret(name) : fopen(name, "wb");
    if (!f->file) {
        complain("vitrine: cannot write %s: %s", name, strerror(errno));
        return false;
    }
    if (secret)
        complain("vitrine: %s holds the secrets of this %s: whoever has it can read all of it",
                 f->file == stdout ? "standard output" : name, what);
    return true;
}

bool file_sink_close(struct file_sink *f)
{
    if (!f->file)
        return true;
    if (fflush(f->file) != 0)
        f->failed = true;
    if (f->file != stdout && fclose(f->file) != 0)
        f->failed = true;
    f->file = NULL;
    if (f->failed)
        complain("vitrine: %s could not be written whole", f->name);
    return !f->failed;
}

/* A larger block; the old one is wiped, since it may have held a key. */
static bool grow(char **text, size_t n, size_t *room)
{
    const size_t more = *room ? 2 * *room : 65536;
    char *at = malloc(more);
    if (!at)
        return false;
    if (n)
        memcpy(at, *text, n);
    sodium_memzero(*text, n);
    free(*text);
    *text = at;
    *room = more;
    return true;
}

char *file_read(const char *name, size_t most, size_t *n, const char **why)
{
    FILE *f = fopen(name, "rb");
    size_t room = 0;
    char *text = NULL;
    *n = 0;
    if (f)
        setvbuf(f, NULL, _IONBF, 0);                   /* it may be a key: no copy of it is left in a buffer */
    while (f && !ferror(f) && !feof(f) && *n <= most) {
        if (*n + 1 >= room && !grow(&text, *n, &room))
            break;
        *n += fread(text + *n, 1, room - *n - 1, f);
    }
    bool whole = f && feof(f) && !ferror(f) && *n <= most;
    *why = whole ? NULL : *n > most ? "it is too large" : strerror(errno ? errno : EIO);
    if (f)
        fclose(f);
    if (!whole) {
        free(text);
        return NULL;
    }
    text[*n] = '\0';
    return text;
}
