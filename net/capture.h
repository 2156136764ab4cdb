/* capture.h - a capture file as anybody writes it, taken apart: pcap (both byte orders, micro- and nanoseconds) and
 * pcapng (sections of either byte order, many interfaces, secrets inside). An engine without I/O: octets go in as they
 * come from a file or a pipe, frames come out.
 *
 *     while ((in.n = read more into buffer) > 0)
 *         do switch (says = capture_next(c, &in, &item, &why)) {     it takes octets from the front of `in`
 *             case CAPTURE_WANTS:   break;                    all of `in` was taken; more, please
 *             case CAPTURE_FRAME:   item.frame is one         bytes hold until the next call
 *             case CAPTURE_SECRETS: item.secrets is a key log (pcapng's Decryption Secrets Block)
 *             case CAPTURE_NAME:    item.name, item.address   (pcapng's Name Resolution Block)
 *             case CAPTURE_FAILED:  why says it; what came before stays good, nothing more can be read
 *         } while (says is neither WANTS nor FAILED)
 *     capture_end(c, &why)                                    false: the file ends within a block
 *
 * Fed in any pieces it gives the same. Memory: one block at most, which grows as its octets come; none is taken that is
 * longer than CAPTURE_BLOCK_MAX (CAPTURE_SECRETS_MAX of secrets). Blocks of kinds that are not known are passed over,
 * as their length allows (draft-ietf-opsawg-pcapng §3.1). What lies whole in `in` is not copied.
 *
 * pcap is read in both byte orders, with micro- and nanoseconds, and in the form with longer headers of frames that a
 * Linux of the nineties wrote (magic a1b2cd34). Of pcapng: sections, each in the order of octets of its own, interfaces
 * with if_tsresol and if_tsoffset, all three blocks that hold frames, names, secrets. Times before 1970 and behind 2116
 * are moved there. */
#ifndef NET_CAPTURE_H
#define NET_CAPTURE_H

#include "net/addr.h"
#include "trace/trace.h"

enum {
    CAPTURE_BLOCK_MAX = 16 << 20, CAPTURE_SECRETS_MAX = 128 << 20, CAPTURE_FRAME_MAX = 1 << 20,
    CAPTURE_INTERFACES = 4096, CAPTURE_NAME_MAX = 256
};

/* One frame. link: its LINKTYPE (frame.h). number: from 1, in the order of the file: Wireshark's frame.number.
 * interface: from 0, over all sections (frame.interface_id). */
struct capture_frame {
    uint64_t number;
    bool has_time; nsec at;                           /* since 1970; a Simple Packet Block has none: that of the last */
    uint32_t interface, link;
    uint32_t wire_n;                                  /* octets that it had on the wire; bytes.n: that were kept */
    struct bytes bytes;
};

enum capture_says { CAPTURE_WANTS, CAPTURE_FRAME, CAPTURE_SECRETS, CAPTURE_NAME, CAPTURE_FAILED };
struct capture_item {
    struct capture_frame frame;
    struct bytes secrets;
    struct addr address; char name[CAPTURE_NAME_MAX];
};

struct capture;
struct capture *capture_new(void);                    /* NULL: no memory */
void capture_free(struct capture *);
enum capture_says capture_next(struct capture *, struct bytes *in, struct capture_item *, struct fault *why);
bool capture_end(const struct capture *, struct fault *why);
const char *capture_format(const struct capture *);   /* "pcapng", "pcap", or NULL: not known yet */

#endif
