/* ascii.h - letters of names that protocols compare without regard to case: ASCII's alone, whatever the locale
 * (RFC 4343 §3, RFC 3986 §6.2.2.1). */
#ifndef TRACE_ASCII_H
#define TRACE_ASCII_H

static inline char ascii_lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c; }
static inline char ascii_upper(char c) { return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c; }

#endif
