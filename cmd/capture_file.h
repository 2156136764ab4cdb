/* capture_file.h - a capture's file or pipe from its beginning to its end: its octets go through net/capture.h, and
 * what comes of them is handed to whoever asked, in the order of the file. Sentences on stderr begin with
 * "vitrine COMMAND:". */
#ifndef CMD_CAPTURE_FILE_H
#define CMD_CAPTURE_FILE_H

#include "net/capture.h"

#include <signal.h>

/* What is called with `who`; what it is given holds until it returns. false: no more of it, a sentence is on stderr. */
struct capture_taker {
    void *who;
    bool (*frame)(void *who, const struct capture_frame *);            /* NULL, as for the next two: not wanted */
    bool (*secrets)(void *who, struct bytes key_log, uint64_t after);  /* after: the number of the frame before it */
    bool (*name)(void *who, const struct addr *, const char *name);
    const volatile sig_atomic_t *stop;                /* becomes not 0: the reading ends here, in order. NULL: never */
};

enum capture_came {
    CAPTURE_CAME_WHOLE,                               /* all was read, or a stop was asked for */
    CAPTURE_CAME_CUT,                                 /* what follows the last frame cannot be read, *why says it */
    CAPTURE_CAME_NOT                                  /* no capture, or not to be read; a sentence is on stderr */
};

/* "-" is standard input. *is_file: not a pipe. -1: a sentence is on stderr. */
int capture_file_open(const char *command, const char *name, bool *is_file);
/* *format: "pcap", "pcapng". Whoever opened the file closes it. */
enum capture_came capture_file_read(const char *command, const char *name, int fd, const struct capture_taker *,
                                    const char **format, struct fault *why);

#endif
