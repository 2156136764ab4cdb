#include "net/capture_inside.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

const struct ground capture_cut       = { "capture.cut", "draft-ietf-opsawg-pcapng §3.1" };
const struct ground capture_no_memory = { "capture.no_memory", "draft-ietf-opsawg-pcapng §3.1" };
static const struct ground unknown      = { "capture.unknown", "draft-ietf-opsawg-pcap §4" };
static const struct ground frame_length = { "capture.frame_length", "draft-ietf-opsawg-pcap §5" };

enum { MAGIC = 4, PCAP_HEAD = 24, FIRST_ROOM = 4096 };

struct capture *capture_new(void) { return calloc(1, sizeof(struct capture)); }

static void wipe(struct capture *c)
{
    if (c->held)
        sodium_memzero(c->held, c->room);
    free(c->held);
}

void capture_free(struct capture *c)
{
    if (!c)
        return;
    wipe(c);
    free(c->ng.interface);
    free(c);
}

const char *capture_format(const struct capture *c) { return c->format; }

/* --- pieces --- */

/* Room grows with what comes, not with what a length promises: a file of 100 octets costs no 16 MB. */
static bool grow(struct capture *c, size_t n)
{
    size_t room = c->room ? c->room : FIRST_ROOM;
    while (room < n)
        room *= 2;
    uint8_t *more = room == c->room ? c->held : malloc(room);
    if (!more)
        return false;
    if (more != c->held) {                            /* no realloc: secrets may stand in it */
        if (c->held_n)
            memcpy(more, c->held, c->held_n);
        wipe(c);
        c->held = more;
        c->room = room;
    }
    return true;
}

const uint8_t *capture_look(struct capture *c, struct bytes *in, size_t n, struct fault *why)
{
    if (!c->held_n && in->n >= n)
        return in->at;
    if (c->held_n < n) {
        size_t part = n - c->held_n < in->n ? n - c->held_n : in->n;
        if (part && !grow(c, c->held_n + part)) {
            refuse(why, &capture_no_memory, "memory for a block of the capture", "none for %zu octets", n);
            return NULL;
        }
        if (part)
            memcpy(c->held + c->held_n, in->at, part);
        c->held_n += part;
        in->at += part;
        in->n -= part;
    }
    return c->held_n >= n ? c->held : NULL;
}

void capture_took(struct capture *c, struct bytes *in, size_t n)
{
    c->given = c->held_n != 0;
    if (!c->given) {
        in->at += n;
        in->n -= n;
    }
}

int capture_lacks(const struct fault *why) { return why->ground ? CAPTURE_FAILED : CAPTURE_WANTS; }

/* --- frames --- */

nsec capture_time(int64_t seconds, uint64_t nanoseconds)
{
    const int64_t latest = NEVER / 2 / SECOND;        /* so that whoever adds two of them has a time again */
    if (seconds < 0)
        return 0;
    return (seconds < latest ? seconds : latest) * SECOND + (nsec)nanoseconds;
}

bool capture_sizes(uint32_t kept, uint32_t wire_n, struct fault *why)
{
    if (kept > CAPTURE_FRAME_MAX)
        return refuse(why, &frame_length, "a frame that somebody could have sent", "%u octets", kept);
    return kept <= wire_n
        || refuse(why, &frame_length, "no more octets than were on the wire", "%u kept of %u", kept, wire_n);
}

int capture_frame(struct capture *c, struct capture_item *item, struct bytes octets, uint32_t wire_n)
{
    item->frame.number = ++c->frames;
    item->frame.at = c->last;
    item->frame.wire_n = wire_n;
    item->frame.bytes = octets;
    return CAPTURE_FRAME;
}

/* --- the whole --- */

static int begin_pcap(struct capture *c, struct bytes *in, struct fault *why)
{
    const uint8_t *head = capture_look(c, in, PCAP_HEAD, why);
    if (!head)
        return capture_lacks(why);
    if (!pcap_begin(c, head, why))
        return CAPTURE_FAILED;
    c->format = "pcap";
    capture_took(c, in, PCAP_HEAD);
    return CAPTURE_ON;
}

/* pcapng's first block is of a type that reads the same from both ends. */
static int begin(struct capture *c, struct bytes *in, struct fault *why)
{
    static const uint8_t section[MAGIC] = { 0x0a, 0x0d, 0x0d, 0x0a }, gzip[2] = { 0x1f, 0x8b };
    const uint8_t *magic = capture_look(c, in, MAGIC, why);
    if (!magic)
        return capture_lacks(why);
    if (memcmp(magic, section, MAGIC) == 0) {
        c->format = "pcapng";
        return CAPTURE_ON;
    }
    if (magic[0] == 0xa1 || magic[3] == 0xa1)
        return begin_pcap(c, in, why);
    refuse(why, &unknown, "a pcap or pcapng file", "%02x %02x %02x %02x%s", magic[0], magic[1], magic[2], magic[3],
           memcmp(magic, gzip, sizeof gzip) == 0 ? ": it is packed, and gunzip unpacks it" : "");
    return CAPTURE_FAILED;
}

static int next(struct capture *c, struct bytes *in, struct capture_item *item, struct fault *why)
{
    if (c->given) {
        c->given = false;
        c->held_n = 0;
    }
    if (!c->format)
        return begin(c, in, why);
    return c->format[4] ? pcapng_next(c, in, item, why) : pcap_next(c, in, item, why);
}

enum capture_says capture_next(struct capture *c, struct bytes *in, struct capture_item *item, struct fault *why)
{
    int says = CAPTURE_FAILED;
    if (!c->failed.ground)
        do
            says = next(c, in, item, &c->failed);
        while (says == CAPTURE_ON);
    if (says == CAPTURE_FAILED && why)
        *why = c->failed;
    return (enum capture_says)says;
}

bool capture_end(const struct capture *c, struct fault *why)
{
    if (c->failed.ground) {
        if (why)
            *why = c->failed;
        return false;
    }
    if (!c->format && !c->held_n)
        return refuse(why, &unknown, "a pcap or pcapng file", "an empty file");
    if (c->ng.passed || (c->held_n && !c->given && !c->ng.within))
        return refuse(why, &capture_cut, "the end of a block", "the end of the file, behind %llu frames",
                      (unsigned long long)c->frames);
    return true;
}
