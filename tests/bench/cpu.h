/* cpu.h - what the benches share: seconds of CPU that this process has used, and the order of figures. The includer
 * defines _POSIX_C_SOURCE. */
#ifndef TESTS_BENCH_CPU_H
#define TESTS_BENCH_CPU_H

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static inline double cpu(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* For qsort of doubles. */
static inline int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* 1 is a yes, as with libcrypto; all else ends the program. */
static inline void must(int good, const char *what)
{
    if (good == 1)
        return;
    fprintf(stderr, "bench: %s failed\n", what);
    exit(1);
}

#endif
