/* hello_samples.h - ClientHellos that other people's programs sent, kept as data (cmd/hello_samples.c, which is made by
 * tests/tools/make-hello-samples). */
#ifndef CMD_HELLO_SAMPLES_H
#define CMD_HELLO_SAMPLES_H

#include "trace/tape.h"

/* about: the program with its version; message: the handshake message, header and all. */
struct hello_sample { const char *name, *about; const uint8_t *message; size_t n; };
extern const struct hello_sample hello_samples[];     /* ends with a NULL name */

/* A tape with this hello alone. False: there is none of that name; said on stderr. */
bool hello_sample_tape(const char *name, struct tape *);

#endif
