/* corpora.h - seeds for the fuzz targets, by what they are for: each function writes those of its floor. What the seeds
 * of a target must look like stands at the head of tests/fuzz/TARGET.c. */
#ifndef TESTS_CORPORA_H
#define TESTS_CORPORA_H

#include <stddef.h>

void corpora_of_http(void);
void corpora_of_net(void);
void corpora_of_tls(void);
void corpora_of_x509(void);
void corpora_of_capture(void);                                         /* files, frames, segments, key logs, and who reads */

/* A seed of that target more, FOLDER/TARGET/NUMBER; ends the program if it cannot be written. */
void write_seed(const char *target, const void *bytes, size_t n);
void write_texts(const char *target, const char *const *texts);        /* a seed each; NULL ends them */

#endif
