#include "tests/lib/fuzz_script.h"

#include <string.h>

uint8_t script_next(struct script *s)
{
    if (!s->n)
        return 0;
    s->n--;
    return *s->at++;
}

unsigned script_16(struct script *s)
{
    unsigned high = script_next(s);
    return high << 8 | script_next(s);
}

size_t script_some(struct script *s, uint8_t *out, size_t most)
{
    size_t n = script_next(s);
    n = n < most ? n : most;
    n = n < s->n ? n : s->n;
    if (n)
        memcpy(out, s->at, n);
    s->at += n;
    s->n -= n;
    return n;
}
