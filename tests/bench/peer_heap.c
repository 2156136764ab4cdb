/* What a connection has on the heap: the process's malloc is the C library's, with a count in front of it while somebody
 * wants one. A block counts with malloc's header, as in mallinfo2; it is put down to the side that was at work when it was
 * allocated, and taken off from the side that is at work when it is freed. */
#define _GNU_SOURCE
#include "tests/bench/peer.h"

#include <errno.h>
#include <malloc.h>
#include <stdlib.h>

long *peer_heap;

/* What is freed stays with the process: else the C library gives it back to the system whenever some connections have
 * gone, and asks for it again when the next ones come, which costs more than they do. */
void peer_keep_heap(void)
{
    enum { MUCH = 256 << 20 };
    mallopt(M_TRIM_THRESHOLD, MUCH);
    mallopt(M_MMAP_THRESHOLD, MUCH);
}

void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);
void __libc_free(void *);

enum { HEADER = sizeof(size_t) };

static void *more(void *at)
{
    if (peer_heap && at)
        *peer_heap += (long)(malloc_usable_size(at) + HEADER);
    return at;
}

static void less(void *at)
{
    if (peer_heap && at)
        *peer_heap -= (long)(malloc_usable_size(at) + HEADER);
}

void *malloc(size_t n) { return more(__libc_malloc(n)); }
void *calloc(size_t n, size_t size) { return more(__libc_calloc(n, size)); }
void *memalign(size_t align, size_t n) { return more(__libc_memalign(align, n)); }
void *aligned_alloc(size_t align, size_t n) { return memalign(align, n); }

void *realloc(void *at, size_t n)
{
    less(at);
    return more(__libc_realloc(at, n));
}

int posix_memalign(void **at, size_t align, size_t n)
{
    *at = memalign(align, n);
    return *at ? 0 : ENOMEM;
}

void free(void *at)
{
    less(at);
    __libc_free(at);
}
