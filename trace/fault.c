#include "trace/fault.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void fill(struct fault *why, const struct ground *ground, const char *about, const char *expected,
                 const char *came, va_list args)
{
    if (!why || why->ground)
        return;
    why->ground = ground;
    why->answer = NULL;
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

char *fault_layer(const struct ground *ground, char out[FAULT_LAYER])
{
    snprintf(out, FAULT_LAYER, "%.*s", (int)strcspn(ground->id, "."), ground->id);
    return out;
}
