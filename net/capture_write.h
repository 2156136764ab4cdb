/* capture_write.h - frames of a capture, written anew: pcapng, little-endian, times in ns, each frame with the link
 * layer that it had. Options and blocks of other kinds do not come along: what is in the copy is frames, names, and the
 * secrets that were handed in.
 *
 *     capture_write_begin(&w, sink)
 *     capture_write_secrets(&w, key_log)               before the frames that need them
 *     capture_write_frame(&w, &frame)                  its interface is described when it is first seen
 *
 * They return false when the sink does, or when there is no memory for one more interface. */
#ifndef NET_CAPTURE_WRITE_H
#define NET_CAPTURE_WRITE_H

#include "net/capture.h"

/* interfaces: by the numbers that they had */
struct capture_writer { struct sink *sink; uint32_t *interfaces; size_t n, room; };

bool capture_write_begin(struct capture_writer *, struct sink *);
bool capture_write_frame(struct capture_writer *, const struct capture_frame *);
bool capture_write_secrets(struct capture_writer *, struct bytes key_log);
bool capture_write_name(struct capture_writer *, const struct addr *, const char *name);
void capture_write_end(struct capture_writer *);      /* gives back its memory; the sink is the caller's */

#endif
