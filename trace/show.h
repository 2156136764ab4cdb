/* show.h - text from outside, made harmless.
 *
 * Octets from the wire reach a terminal through here and nowhere else: control characters (C0, C1, DEL),
 * escape sequences, bidi overrides, zero-width and other invisible characters and broken UTF-8 are shown
 * by name or number, as <ESC>, <U+202E>, <0xFF>. */
#ifndef TRACE_SHOW_H
#define TRACE_SHOW_H

#include <stddef.h>

/* Writes at most room-1 octets and a NUL; cut at a character with an ellipsis where it does not fit.
 * Returns `out`. */
char *show_text(const void *bytes, size_t n, char *out, size_t room);
char *show_string(const char *text, char *out, size_t room);

#endif
