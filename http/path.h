/* path.h - from the target of a request to the path that pages are found by (RFC 9112 §3.2, RFC 3986 §5.2.4
 * and §6.2.2).
 *
 * Percent signs are decoded once, then the path is cleaned: empty parts and "." go, ".." takes away the part
 * before it; a slash at the end stays. So "/a/./b//c/../%64/?q" is "/a/b/d/". Refused is what two readers
 * could take differently: an encoded slash or NUL, a control character, a bad percent sign, and ".." above
 * the root. The query is cut off. */
#ifndef HTTP_PATH_H
#define HTTP_PATH_H

#include "http/message.h"

/* `target`: in origin-form or absolute-form, as http_read_request lets it pass; "*" gives "*". `out` must
 * have room for target.n + 2 octets. */
bool http_path(struct bytes target, char *out, size_t room, struct fault *why);

#endif
