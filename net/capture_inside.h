/* capture_inside.h - what the two readers of capture files share (capture.h): the state, octets held until a piece is
 * whole, numbers in the order of octets of whoever wrote the file. */
#ifndef NET_CAPTURE_INSIDE_H
#define NET_CAPTURE_INSIDE_H

#include "net/capture.h"

struct capture_interface { uint32_t link, snaplen; uint8_t resolution; int64_t offset; };

struct capture {
    const char *format;                               /* NULL: not known yet */
    bool little;                                      /* numbers are little-endian, in this file or section */
    struct fault failed;                              /* ground NULL: not so */
    uint8_t *held; size_t held_n, room; bool given;   /* a piece that came in parts; given: it was handed out whole */
    uint64_t frames; nsec last;
    struct { bool nanoseconds; uint32_t link, record; } pcap;
    struct {
        struct capture_interface *interface;          /* of this section */
        size_t n, room; uint32_t before;              /* how many; those of earlier sections */
        size_t within;                                /* of the block at hand: where its next name lies; 0: none */
        uint32_t passed, left;                        /* to be passed over: its length (0: none), what is left */
    } ng;
};

/* Beside those of capture.h: nothing came of this piece, go on with the next one. */
enum { CAPTURE_ON = CAPTURE_FAILED + 1 };

/* The next n octets, in one piece. NULL: they have not come yet, and all of *in is held; or no memory: *why. */
const uint8_t *capture_look(struct capture *, struct bytes *in, size_t n, struct fault *why);
/* The n octets that were looked at are taken. They stay where they are until the next call of capture_next. */
void capture_took(struct capture *, struct bytes *in, size_t n);
/* What is said when capture_look gave NULL. */
int  capture_lacks(const struct fault *why);

/* Numbers of a file are in the order of octets of the machine that wrote it. */
static inline uint16_t file_u16(const struct capture *c, struct wire_in *in, const char *name)
{
    uint16_t v = take_u16(in, name);
    return (uint16_t)(c->little ? v << 8 | v >> 8 : v);
}

static inline uint32_t file_u32(const struct capture *c, struct wire_in *in, const char *name)
{
    uint32_t v = take_u32(in, name);
    return c->little ? v << 24 | (v & 0xff00) << 8 | (v >> 8 & 0xff00) | v >> 24 : v;
}

/* A frame, which gets its number, and the time in c->last. */
int  capture_frame(struct capture *, struct capture_item *, struct bytes, uint32_t wire_n);
nsec capture_time(int64_t seconds, uint64_t nanoseconds);         /* moved to what can be reckoned with */
/* Frames longer than CAPTURE_FRAME_MAX, or than they were on the wire, are refused. */
bool capture_sizes(uint32_t kept, uint32_t wire_n, struct fault *why);

bool pcap_begin(struct capture *, const uint8_t head[24], struct fault *why);
int  pcap_next(struct capture *, struct bytes *in, struct capture_item *, struct fault *why);
int  pcapng_next(struct capture *, struct bytes *in, struct capture_item *, struct fault *why);

extern const struct ground capture_cut, capture_no_memory;

#endif
