/* phrase.h - English made by printf, recognized again, and said in Chinese.
 *
 * Layers format their values into English ("the server chose TLS 1.1 (0x0302)") and know no other language. A row
 * has the format they used ("the server chose %s (0x%x)"); where a text fits it, what stands in the holes is put
 * into the Chinese of the row, {1} the first, in any order. Of several rows that fit, the one with most
 * letters of its own is meant. What fills a hole may be a phrase itself. Where nothing fits, parts between "; ",
 * ": " and ", " are tried, each for itself. */
#ifndef CMD_PHRASE_H
#define CMD_PHRASE_H

#include "cmd/words.h"

#include <stdbool.h>

enum { PHRASE_HOLES = 8 };
struct phrase_hole { const char *at; size_t n; };

/* Fits the text the format? Flags, widths and lengths do not count: %s is any text, %c one octet, %d and %u a
 * number in decimal, %x one in hex, %% a percent sign. `literal`: how many octets are the format's own. */
bool phrase_fits(const char *format, const char *text, struct phrase_hole holes[PHRASE_HOLES], unsigned *literal);

/* Writes what the text is in Chinese, cut at a character; false: no row fits any of it. */
bool phrase_say(const struct words_row *const *tables, size_t n, const char *text, char *out, size_t room);

#endif
