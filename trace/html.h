/* html.h - writing a page: markup is ours, everything else is escaped.
 *
 * html_put takes a format that *is* the markup; what fills its holes is text, and is made harmless (trace/show.h) and
 * escaped for HTML, in elements and in quoted attributes alike. So no octet from outside can become markup, whoever
 * writes a panel:
 *
 *     html_put(h, "<a href=\"#%u\" title=\"%s\">%s</a>\n", 18u, title, name);
 *
 * Holes: %s text, %u unsigned, %llu unsigned long long, %c one letter, %% a percent sign. */
#ifndef TRACE_HTML_H
#define TRACE_HTML_H

#include "trace/trace.h"

struct html { struct sink *sink; bool failed; size_t used, written; char buffer[8192]; };

struct html html_over(struct sink *);
bool html_end(struct html *);                         /* writes what is left; false: something could not be written */

#ifdef __GNUC__
__attribute__((format(printf, 2, 3)))
#endif
void html_put(struct html *, const char *markup, ...);
/* Text from the wire that is not a C string, at most `most` octets of it (then an ellipsis). */
void html_octets(struct html *, struct bytes, size_t most);
/* "16 03 03 00", `columns` octets a line (0: all in one). */
void html_hex(struct html *, struct bytes, unsigned columns);
/* A file of ours as it is (style, script): never text from outside. */
void html_raw(struct html *, const char *, size_t);

/* The same in two languages: <i lang=en> and <i lang=zh>, of which the page shows one; once where both are
 * equal. Texts may be from outside. */
void html_both(struct html *, const char *en, const char *zh);

#endif
