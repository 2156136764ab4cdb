#include "tests/lib/rfc8448.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE = 1 << 13, SIDE = 7 };                    /* "client " */

static struct rfc8448 traces[RFC8448_TRACES];

static void must(int good)
{
    if (!good) {
        fprintf(stderr, "tests/vectors/rfc8448.txt: not there, or not as it should be\n");
        abort();
    }
}

static void add_record(struct rfc8448 *t, const char *line)
{
    must(t->n < RFC8448_RECORDS);
    struct rfc8448_record *r = &t->records[t->n++];
    r->side = *line == 's';
    must(sodium_hex2bin(r->bytes, sizeof r->bytes, line + SIDE, strlen(line + SIDE), NULL, &r->n, NULL) == 0);
}

const struct rfc8448 *rfc8448(void)
{
    static char line[LINE];
    size_t n = 0;
    if (traces[0].n)
        return traces;
    FILE *f = fopen("tests/vectors/rfc8448.txt", "r");
    must(f != NULL);
    while (fgets(line, sizeof line, f)) {
        line[strcspn(line, "\n")] = 0;
        if (*line == '[') {
            must(n++ < RFC8448_TRACES);
        } else if (*line == 'c' || *line == 's') {
            must(n != 0);
            add_record(&traces[n - 1], line);
        } else if (*line >= 'A' && *line <= 'Z') {
            must(n && strlen(traces[n - 1].keylog) + strlen(line) + 2 < RFC8448_KEYLOG);
            strcat(strcat(traces[n - 1].keylog, line), "\n");
        }
    }
    fclose(f);
    must(n == RFC8448_TRACES);
    return traces;
}
