#include "cmd/guard.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

/* proc(5): /proc/self/status, TracerPid. */
static bool traced(void)
{
    char line[128];
    unsigned tracer = 0;
    FILE *f = fopen("/proc/self/status", "r");
    while (f && fgets(line, sizeof line, f))
        if (sscanf(line, "TracerPid: %u", &tracer) == 1)
            break;
    if (f)
        fclose(f);
    return tracer != 0;
}

void guard_process(void)
{
    if (traced())
        return;
    setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
    prctl(PR_SET_DUMPABLE, 0);
}

struct private_key *guard_key(void)
{
    struct private_key *key = sodium_malloc(sizeof *key);
    if (key)
        memset(key, 0, sizeof *key);
    return key;
}

void guard_key_close(struct private_key *key) { sodium_mprotect_readonly(key); }
void guard_key_free(struct private_key *key) { sodium_free(key); }
