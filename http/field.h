/* field.h - what heads, chunk lines and trailers are made of: lines, tokens, header fields (RFC 9110 §5, RFC
 * 9112 §2.2 and §5). */
#ifndef HTTP_FIELD_H
#define HTTP_FIELD_H

#include "http/message.h"

extern const struct ground http_bare_lf;               /* "http.bare_lf" */

bool http_is_tchar(uint8_t);                           /* may stand in a token: RFC 9110 §5.6.2 */
bool http_is_token(struct bytes);                      /* one tchar at least, and nothing else */
/* The line at the cursor without its CRLF; nothing is taken. Refuses a bare CR or LF, a line without end, and
 * every control character but TAB. */
bool http_line(const struct wire_in *, struct bytes *line, struct fault *why);
/* Takes n octets as text. More than 64 are a group of that name around pieces called "content", a name that
 * says nobody looked inside. Several, so that the group and what it holds are never the same octets. */
struct bytes http_take(struct wire_in *, const char *name, size_t n);
void http_take_crlf(struct wire_in *);                 /* behind a line that http_line has found good */
/* Takes one line "name: value" and names its parts. */
bool http_take_field(struct wire_in *, struct http_header *, struct fault *why);

#endif
