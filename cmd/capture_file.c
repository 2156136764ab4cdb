#define _POSIX_C_SOURCE 200809L
#include "cmd/capture_file.h"
#include "cmd/words.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE = 1 << 20 };

struct reader {
    const char *command, *name;
    const struct capture_taker *to;
    struct capture *capture;
    uint8_t *piece;
    uint64_t last;                                    /* the number of the frame that came last; 0: none yet */
    bool broken;                                      /* nothing more can be read of it */
};

int capture_file_open(const char *command, const char *name, bool *is_file)
{
    struct stat is;
    int fd = strcmp(name, "-") == 0 ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &is) != 0 || S_ISDIR(is.st_mode)) {
        complain("vitrine %s: cannot read %s: %s", command, name, strerror(fd < 0 ? errno : EISDIR));
        if (fd > STDIN_FILENO)
            close(fd);
        return -1;
    }
    *is_file = S_ISREG(is.st_mode);
    return fd;
}

static bool stopped(const struct reader *r) { return r->to->stop && *r->to->stop; }

static bool take_frame(struct reader *r, const struct capture_frame *f)
{
    r->last = f->number;
    return !r->to->frame || r->to->frame(r->to->who, f);
}

/* False: who takes wants no more. */
static bool take_piece(struct reader *r, struct bytes in, struct fault *why)
{
    const struct capture_taker *to = r->to;
    struct capture_item item;
    for (bool more = true; more;)
        switch (capture_next(r->capture, &in, &item, why)) {
        case CAPTURE_WANTS:   return true;            /* all of `in` was taken, and nothing of it waits */
        case CAPTURE_FRAME:   more = take_frame(r, &item.frame); break;
        case CAPTURE_SECRETS: more = !to->secrets || to->secrets(to->who, item.secrets, r->last); break;
        case CAPTURE_NAME:    more = !to->name || to->name(to->who, &item.address, item.name); break;
        case CAPTURE_FAILED:  r->broken = true; return true;
        }
    return false;
}

/* False: a sentence is on stderr. */
static bool read_pieces(struct reader *r, int fd, struct fault *why)
{
    ssize_t n = 0;
    while (!stopped(r) && !r->broken && (n = read(fd, r->piece, PIECE)) != 0) {
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            complain("vitrine %s: cannot read %s: %s", r->command, r->name, strerror(errno));
            return false;
        }
        if (!take_piece(r, (struct bytes){ r->piece, (size_t)n }, why))
            return false;
    }
    return true;
}

static enum capture_came judge_end(const struct reader *r, struct fault *why)
{
    char by[32];
    snprintf(by, sizeof by, "vitrine %s", r->command);
    if (r->broken && !r->last) {
        words_fault_of(stderr, by, r->name, why);
        return CAPTURE_CAME_NOT;
    }
    if (!capture_format(r->capture)) {
        complain("vitrine %s: %s is no capture: neither pcap nor pcapng", r->command, r->name);
        return CAPTURE_CAME_NOT;
    }
    if (r->broken || (!stopped(r) && !capture_end(r->capture, why)))
        return CAPTURE_CAME_CUT;
    return CAPTURE_CAME_WHOLE;
}

enum capture_came capture_file_read(const char *command, const char *name, int fd, const struct capture_taker *to,
                                    const char **format, struct fault *why)
{
    struct reader r = { .command = command, .name = name, .to = to, .capture = capture_new(), .piece = malloc(PIECE) };
    enum capture_came end = CAPTURE_CAME_NOT;
    if (!r.capture || !r.piece)
        complain("vitrine %s: there is no memory for that", command);
    else if (read_pieces(&r, fd, why))
        end = judge_end(&r, why);
    *format = r.capture ? capture_format(r.capture) : NULL;
    capture_free(r.capture);
    if (r.piece)
        sodium_memzero(r.piece, PIECE);               /* secrets may stand in captures */
    free(r.piece);
    return end;
}
