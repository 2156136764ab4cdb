#include "tests/lib/seen.h"

#include <stdio.h>
#include <stdlib.h>

static unsigned long packets;

static void say(void) { fprintf(stderr, "packets: %lu\n", packets); }

void seen_packet(void)
{
    if (!packets++)
        atexit(say);
}
