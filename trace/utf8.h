/* utf8.h - one character of UTF-8 at a time, strictly (RFC 3629): no overlong forms, no surrogates, nothing
 * above U+10FFFF. */
#ifndef TRACE_UTF8_H
#define TRACE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How many octets the character at `at` has, and which it is; 0 where there is no whole character. */
size_t utf8_next(const uint8_t *at, size_t n, uint32_t *code);

/* Would a reader not see this character, or see it do something? Controls, line separators, bidi marks, zero
 * width, fillers, tags. */
bool utf8_hidden(uint32_t code);

/* How many columns of a terminal the character takes: 0 (combining), 1, or 2 (East Asian wide and fullwidth,
 * UAX #11). */
unsigned utf8_columns(uint32_t code);

#endif
