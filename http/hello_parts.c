#include "http/hello_parts.h"

unsigned hello_get16(const uint8_t *at) { return (unsigned)(at[0] << 8 | at[1]); }

void hello_put16(uint8_t *at, unsigned v)
{
    at[0] = (uint8_t)(v >> 8);
    at[1] = (uint8_t)v;
}

size_t hello_methods(const uint8_t *m) { return HELLO_SUITES + hello_get16(m + HELLO_SUITES - 2); }
size_t hello_extensions(const uint8_t *m) { return hello_methods(m) + 1u + m[hello_methods(m)]; }

uint8_t *hello_extension(uint8_t *at, const uint8_t *end, unsigned type)
{
    while (end - at >= 4 && hello_get16(at) != type)
        at += 4 + hello_get16(at + 2);
    return end - at >= 4 ? at : NULL;
}
