/* A capture file of any octets, pcap or pcapng: in pieces it gives what it gives as a whole, in order, within bounds.
 * The first octet says how many octets come at a time. */
#include "net/capture.h"
#include "tests/lib/seen.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void check(bool good)
{
    if (!good)
        abort();
}

/* A sum of everything that came, in order (FNV). */
struct sum { uint64_t v, frames; };
static void add(struct sum *s, const void *octets, size_t n)
{
    const uint8_t *at = octets;
    for (size_t i = 0; i < n; i++)
        s->v = (s->v ^ at[i]) * UINT64_C(0x100000001b3);
}

static void take(struct sum *s, enum capture_says says, const struct capture_item *item)
{
    const struct capture_frame *f = &item->frame;
    add(s, &says, sizeof says);
    if (says == CAPTURE_FRAME) {
        seen_packet();
        check(f->number == ++s->frames && f->at >= 0 && f->at < NEVER && f->bytes.n <= f->wire_n
              && f->bytes.n <= CAPTURE_FRAME_MAX);
        add(s, &f->at, sizeof f->at);
        add(s, &f->link, sizeof f->link);
        add(s, &f->interface, sizeof f->interface);
        add(s, f->bytes.at, f->bytes.n);
    } else if (says == CAPTURE_SECRETS) {
        add(s, item->secrets.at, item->secrets.n);
    } else if (says == CAPTURE_NAME) {
        check(strlen(item->name) < CAPTURE_NAME_MAX && item->name[0]);
        check(item->address.len == 4 || item->address.len == 16);
        add(s, item->name, strlen(item->name));
    }
}

static struct sum read_all(const uint8_t *bytes, size_t n, size_t step)
{
    struct capture *c = capture_new();
    struct capture_item item = { 0 };
    struct fault why = { 0 };
    struct sum sum = { 0 };
    enum capture_says says = CAPTURE_WANTS;
    check(c != NULL);
    for (size_t at = 0, part; at < n && says != CAPTURE_FAILED; at += part) {
        part = step < n - at ? step : n - at;
        uint8_t *piece = malloc(part);                /* so that who reads past it, or keeps it, is seen */
        check(piece != NULL);
        memcpy(piece, bytes + at, part);
        struct bytes in = { piece, part };
        while ((says = capture_next(c, &in, &item, &why)) != CAPTURE_WANTS && says != CAPTURE_FAILED)
            take(&sum, says, &item);
        check(says == CAPTURE_FAILED || in.n == 0);
        free(piece);
    }
    struct fault end = { 0 };
    bool whole = capture_end(c, &end);
    check(whole == (end.ground == NULL) && (says != CAPTURE_FAILED || (why.ground && why.ground == end.ground)));
    add(&sum, &whole, sizeof whole);
    if (end.ground)
        add(&sum, end.ground->id, strlen(end.ground->id));
    capture_free(c);
    return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    if (!n)
        return 0;
    struct sum whole = read_all(bytes + 1, n - 1, n), pieces = read_all(bytes + 1, n - 1, bytes[0] + 1u);
    check(whole.v == pieces.v && whole.frames == pieces.frames);
    return 0;
}
