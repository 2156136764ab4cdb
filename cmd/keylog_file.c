#include "cmd/keylog_file.h"
#include "cmd/words.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PIECE = 1 << 20, PIECES = 1 << 10 };           /* 1 GB: nothing endless is read for ever */

static size_t whole_lines(const char *text, size_t n)
{
    while (n && text[n - 1] != '\n' && text[n - 1] != '\r')
        n--;
    return n;
}

/* Whole lines as they come; what no line is as long as is no line. False: *why, or errno. */
static bool add_all(struct keylog *k, FILE *f, char *piece, struct fault *why)
{
    size_t have = 0, n;
    for (unsigned pieces = 0; (n = fread(piece + have, 1, PIECE - have, f)) > 0; pieces++) {
        size_t end = whole_lines(piece, have += n);
        if (pieces >= PIECES) {
            errno = EFBIG;
            return false;
        }
        if (!end && have == PIECE)
            end = have;
        if (!keylog_add(k, piece, end, 0, why))
            return false;
        memmove(piece, piece + end, have - end);
        have -= end;
    }
    return !ferror(f) && keylog_add(k, piece, have, 0, why);
}

bool keylog_file(struct keylog *k, const char *command, const char *name)
{
    struct fault why = { 0 };
    char who[32];
    FILE *f = fopen(name, "rb");
    char *piece = f ? malloc(PIECE) : NULL;
    if (f)
        setvbuf(f, NULL, _IONBF, 0);                  /* these are secrets: none stays in a buffer */
    bool good = piece && add_all(k, f, piece, &why);
    int error = errno ? errno : EIO;
    if (piece)
        sodium_memzero(piece, PIECE);
    free(piece);
    if (f)
        fclose(f);
    snprintf(who, sizeof who, "vitrine %s", command);
    if (why.ground)
        words_fault_of(stderr, who, name, &why);
    else if (!good)
        complain("vitrine %s: cannot read the key log in %s: %s", command, name, strerror(error));
    return good;
}
