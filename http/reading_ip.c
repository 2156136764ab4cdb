#include "http/reading_inside.h"
#include "net/checksum.h"

#include <stdlib.h>
#include <string.h>

enum { MENDED = 65535 + IP6_HEADER, LENGTH4 = 2, LENGTH6 = 4, SUM4 = 10 };

static const struct ground ip_kept = { "ip.not_kept", "RFC 791 §3.1" };

static unsigned u16_at(const uint8_t *at) { return (unsigned)(at[0] << 8 | at[1]); }

static void put16(uint8_t *at, unsigned v)
{
    at[0] = (uint8_t)(v >> 8);
    at[1] = (uint8_t)v;
}

/* How long the packet was, as its header says. A length of 0 was left to the card, which cuts a large packet into
 * several (segmentation offload): then the frame says it. 0: not to be known. */
static size_t said_length(struct bytes kept, size_t wire)
{
    unsigned version = kept.n ? kept.at[0] >> 4 : 0;
    if (version == 4 && kept.n >= IP4_HEADER)
        return u16_at(kept.at + LENGTH4) ? u16_at(kept.at + LENGTH4) : wire;
    if (version == 6 && kept.n >= IP6_HEADER)
        return u16_at(kept.at + LENGTH6) ? u16_at(kept.at + LENGTH6) + (size_t)IP6_HEADER : wire;
    return 0;
}

/* IPv4's checksum is made anew where none stands: that, too, is left to cards. */
static void mend_header(uint8_t *packet, size_t n)
{
    if (packet[0] >> 4 == 6) {
        put16(packet + LENGTH6, (unsigned)(n - IP6_HEADER));
        return;
    }
    size_t header = (packet[0] & 15u) * 4;
    bool left = u16_at(packet + SUM4) == 0 || u16_at(packet + LENGTH4) == 0;
    put16(packet + LENGTH4, (unsigned)n);
    if (!left || header < IP4_HEADER || header > n)
        return;
    put16(packet + SUM4, 0);
    put16(packet + SUM4, checksum_end(checksum_add(0, packet, header)));
}

/* A packet that its receiver had whole, and the capture has not. */
static bool mend(struct reading *r, struct bytes kept, size_t wire, struct bytes *whole)
{
    size_t said = said_length(kept, wire);
    if (!said || said > MENDED || said > wire || (!r->mended && !(r->mended = malloc(MENDED))))
        return false;
    size_t have = kept.n < said ? kept.n : said;
    memcpy(r->mended, kept.at, have);
    memset(r->mended + have, 0, said - have);
    mend_header(r->mended, said);
    *whole = (struct bytes){ r->mended, said };
    return true;
}

bool reading_ip(struct reading *r, struct bytes kept, uint32_t lost, struct ip_seen *out, struct fault *why)
{
    struct wire_in in = wire_over(kept.at, kept.n, NULL), payload;
    struct bytes whole = kept;
    *out = (struct ip_seen){ .packet = kept.at };
    bool good = ip_read(&in, &out->h, &payload, NULL);
    if (!good && mend(r, kept, kept.n + lost, &whole)) {
        in = wire_over(whole.at, whole.n, NULL);
        out->packet = whole.at;
    } else if (!good) {
        in = wire_over(kept.at, kept.n, NULL);
    }
    if (!good && !ip_read(&in, &out->h, &payload, why))
        return false;
    out->payload = (struct bytes){ payload.at, wire_left(&payload) };
    size_t before = (size_t)(payload.at - whole.at), end = before + out->payload.n;
    out->missing = (uint32_t)(end > kept.n ? end - kept.n : 0);
    return before <= kept.n || refuse(why, &ip_kept, "all headers of a packet", "%zu octets of it", kept.n);
}
