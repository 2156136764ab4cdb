/* small - what `make size` weighs: docs/examples/client.c without libsodium, whose part is done by forms for little room
 * (crypto/cpu.h). What is left of its interface is here, in a few lines. Random octets are the kernel's. */
#define _DEFAULT_SOURCE
#include "tls/library.h"
#include <sys/random.h>
#include <sys/socket.h>

void sodium_memzero(void *const at, const size_t n) { explicit_bzero(at, n); }

/* Octets below: what was called before has left them there. */
__attribute__((noinline)) void sodium_stackzero(const size_t n)
{
    unsigned char below[n];
    explicit_bzero(below, n);
}

int sodium_is_zero(const unsigned char *at, const size_t n)
{
    unsigned char any = 0;
    for (size_t i = 0; i < n; i++)
        any |= at[i];
    return any == 0;
}

char *sodium_bin2hex(char *const hex, const size_t room, const unsigned char *const at, const size_t n)
{
    for (size_t i = 0; i < n && 2 * i + 2 < room; i++)
        sprintf(hex + 2 * i, "%02x", at[i]);
    return hex;
}

static void kernel_random(void *out, size_t n)
{
    if (getrandom(out, n, 0) != (ssize_t)n)            /* whole up to 256 octets, more is never asked for at once */
        __builtin_trap();
}
#define sodium_init() 0
#define randombytes_buf kernel_random
#include "docs/examples/client.c"
