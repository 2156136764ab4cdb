/* parked.c - large blocks that a fuzz target frees are kept for its next input. AddressSanitizer gives blocks
 * above 128 KB back to the kernel, and that costs several times what our stack does with a whole input. Fuzz
 * targets are linked with --wrap=calloc,--wrap=free, which leads here (tests/fuzz/fuzz.mk).
 *
 * A block that is parked is poisoned, so that whoever uses it after free is seen as ever; it comes out as
 * zeros, for the same size only, so that its end is watched. */
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

enum { LARGE = 100 * 1024, PLACES = 8 };

void *__real_calloc(size_t n, size_t size);
void __real_free(void *block);
void *__wrap_calloc(size_t n, size_t size);
void __wrap_free(void *block);
void __asan_poison_memory_region(void const volatile *at, size_t n);
void __asan_unpoison_memory_region(void const volatile *at, size_t n);

static struct { void *block; size_t size; bool in_use; } places[PLACES];

void *__wrap_calloc(size_t n, size_t size)
{
    if (n != 1 || size < LARGE)
        return __real_calloc(n, size);
    for (size_t i = 0; i < PLACES; i++) {
        if (places[i].block && (places[i].in_use || places[i].size != size))
            continue;
        if (places[i].block) {
            __asan_unpoison_memory_region(places[i].block, size);
            memset(places[i].block, 0, size);
        } else {
            places[i].block = __real_calloc(1, size);
            places[i].size = size;
        }
        places[i].in_use = places[i].block != NULL;
        return places[i].block;
    }
    return __real_calloc(n, size);
}

void __wrap_free(void *block)
{
    for (size_t i = 0; block && i < PLACES; i++)
        if (places[i].block == block) {
            places[i].in_use = false;
            __asan_poison_memory_region(block, places[i].size);
            return;
        }
    __real_free(block);
}
