/* verify_draw.h - `vitrine verify` on the screen: the tree of candidates, the checks, the verdict, what to do. */
#ifndef CMD_VERIFY_DRAW_H
#define CMD_VERIFY_DRAW_H

#include "cmd/verify.h"
#include "trace/pen.h"
#include "trace/words.h"

struct verify_screen { struct pen pen; unsigned columns; bool explain; const struct words *words; };

/* All of it. */
void verify_draw(struct verify_screen *, const struct verify *);
void verify_draw_tree(struct verify_screen *, const struct verify_told *);
void verify_draw_checks(struct verify_screen *, const struct verify *);
/* Every octet of the path's certificates, of what cannot be read, of lists and responses. */
void verify_draw_bytes(struct verify_screen *, const struct verify *);

/* A row of the catalogue's space "verify", filled; a text of a layer in the language spoken, harmless. Return out. */
char *verify_words(const struct verify_screen *, const char *name, const struct attr *, size_t n, char *out,
                   size_t room);
char *verify_phrase(const struct verify_screen *, const char *text, char *out, size_t room);
/* One line, or several, of text behind what stands on the line already; ends it. */
void verify_line(struct verify_screen *, const char *text, unsigned indent);

#endif
