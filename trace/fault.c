#include "trace/fault.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool refuse_bare(struct fault *why, const struct ground *ground)
{
    if (why && !why->ground) {
        why->ground = ground;
        why->answer = NULL;
        why->about[0] = why->expected[0] = why->came[0] = 0;
    }
    return false;
}

#ifndef VITRINE_SMALL
static void fill(struct fault *why, const struct ground *ground, const char *about, const char *expected,
                 const char *came, va_list args)
{
    if (!why || why->ground)
        return;
    refuse_bare(why, ground);
    snprintf(why->about, sizeof why->about, "%s", about);
    snprintf(why->expected, sizeof why->expected, "%s", expected);
    vsnprintf(why->came, sizeof why->came, came, args);
}

bool refuse(struct fault *why, const struct ground *ground, const char *expected, const char *came, ...)
{
    va_list args;
    va_start(args, came);
    fill(why, ground, "", expected, came, args);
    va_end(args);
    return false;
}

bool refuse_about(struct fault *why, const struct ground *ground, const char *about, const char *expected,
                  const char *came, ...)
{
    va_list args;
    va_start(args, came);
    fill(why, ground, about, expected, came, args);
    va_end(args);
    return false;
}
#endif

char *fault_layer(const struct ground *ground, char out[FAULT_LAYER])
{
    snprintf(out, FAULT_LAYER, "%.*s", (int)strcspn(ground->id, "."), ground->id);
    return out;
}
