/* Go's judge at the other end of two pipes. */
#define _POSIX_C_SOURCE 200809L
#include "tests/versus/judges.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static FILE *to_go, *from_go;

bool versus_go_starts(void)
{
    const char *program = getenv("VERSUS_GO");
    int there[2], back[2];
    if (!program || access(program, X_OK) != 0 || pipe(there) != 0 || pipe(back) != 0)
        return false;
    if (fork() == 0) {
        dup2(there[0], 0);
        dup2(back[1], 1);
        close(there[1]);
        close(back[0]);
        execl(program, program, (char *)NULL);
        _exit(127);
    }
    close(there[0]);
    close(back[1]);
    to_go = fdopen(there[1], "w");
    from_go = fdopen(back[0], "r");
    return to_go && from_go;
}

static void put_number(uint32_t v)
{
    const uint8_t octets[4] = { (uint8_t)(v >> 24), (uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v };
    fwrite(octets, 1, 4, to_go);
}

static void put_octets(const void *at, size_t n)
{
    put_number((uint32_t)n);
    fwrite(at, 1, n, to_go);
}

void versus_go(const struct versus_chain *c, char why[VERSUS_WORDS])
{
    put_number((uint32_t)(c->at / SECOND));
    put_octets(c->host, strlen(c->host));
    put_number((uint32_t)c->n_sent);
    put_number((uint32_t)c->n_roots);
    for (size_t i = 0; i < c->n_sent; i++)
        put_octets(c->sent[i].at, c->sent[i].n);
    for (size_t i = 0; i < c->n_roots; i++)
        put_octets(c->roots[i].at, c->roots[i].n);
    fflush(to_go);
    if (!fgets(why, VERSUS_WORDS, from_go)) {
        fprintf(stderr, "x509: Go's judge is gone\n");
        exit(1);
    }
    why[strcspn(why, "\n")] = 0;
}
