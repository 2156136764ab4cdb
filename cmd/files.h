/* files.h - what cmd/ opens for the floors below: sinks for views, whole files to read. */
#ifndef CMD_FILES_H
#define CMD_FILES_H

#include "trace/trace.h"

#include <stdio.h>
#include <sys/stat.h>

/* A sink over a file. "-" is standard output. */
struct file_sink { struct sink sink; FILE *file; const char *name; bool failed; };

/* Opens for writing; `secret`: mode 0600, told on stderr (what it is for). False: a sentence is on stderr. */
bool file_sink_open(struct file_sink *, const char *name, bool secret, const char *what);
/* Flushes and closes; false when anything could not be written (said on stderr). Not opened: true. */
bool file_sink_close(struct file_sink *);

/* Is this one of the secret files that this run has opened? (By device and number: a link is the same file.) */
bool file_is_secret(const struct stat *);

/* A whole file in memory (malloc'ed, with a NUL behind it), at most `most` octets. NULL: it cannot be
 * read; *why (a word or two) says why. */
char *file_read(const char *name, size_t most, size_t *n, const char **why);

#endif
