/* explain_copy.h - `--pcap`: the frames that were chosen and let through, as they were, in a capture of their own, with
 * the secrets that open them in front of those that need them, whether they stood in the capture, in a key log beside
 * it, or come of a server's key. --strip-secrets: with none, so that it may be given away. */
#ifndef CMD_EXPLAIN_COPY_H
#define CMD_EXPLAIN_COPY_H

#include "cmd/files.h"
#include "http/reading.h"
#include "net/capture_write.h"

struct explain_copy {
    bool on, strip;
    struct file_sink file; struct capture_writer writer;
    struct keylog *early;                             /* what stands in the capture, further behind too */
    const struct keylog *keylog;
    const uint32_t *only; size_t n_only;
    const struct flow *flow;                          /* of the frame at hand; NULL: none */
    uint64_t fragments, frames;
    uint8_t *told; size_t told_n;                     /* a bit for each connection whose secrets were written */
};

/* Opens the copy; reads the capture's secrets beforehand, where it is a file. False: said on stderr. */
bool copy_open(struct explain_copy *, const char *name, bool strip, const char *capture);
void copy_start(struct explain_copy *, const struct keylog *, const struct reading_config *);
void copy_frame(struct explain_copy *, const struct capture_frame *, const struct reading *, bool held);
void copy_name(struct explain_copy *, const struct addr *, const char *name);
bool copy_close(struct explain_copy *);               /* false: it could not be written */

#endif
