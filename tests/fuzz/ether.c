/* Ethernet frames of any octets, one behind the other, between packets that go out: the first octet of each step says
 * how long its frame is, or which neighbour a packet is for, and time goes on. */
#include "net/ether.h"
#include "net/ip.h"
#include "tests/lib/seen.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void pull(struct ether *e, nsec now)
{
    uint8_t frame[ETHER_FRAME];
    unsigned frames = 0;
    for (uint32_t len; (len = ether_next(e, frame, now)) != 0; frames++)
        if (len < ETHER_HEADER + IP6_HEADER || len > sizeof frame || frames > ETHER_ANSWERS + ETHER_WAITING + ND_QUEUE)
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static struct ether e;
    static uint8_t text[64] = { 0x45 };
    nsec now = SECOND;
    ether_start(&e, &(struct ether_config){ .mac = { { 2, 0, 0, 0, 0, 1 } }, .addr = addr_v4(10, 0, 0, 1),
                                            .addr6 = { .len = 16, .octets = { 0xfd, [15] = 1 } }, .prefix6 = 64 }, now);
    for (size_t at = 0; at < n; now += 20 * MILLISECOND) {
        size_t step = bytes[at++];
        if (step < 0x80) {
            size_t len = step < n - at ? step : n - at;
            uint8_t *frame = malloc(len ? len : 1);    /* on its own, so that reading past its end shows */
            memcpy(frame, bytes + at, len);
            struct packet p = { .bytes = frame, .len = (uint32_t)len, .room = (uint32_t)len };
            if (ether_input(&e, &p, now) && p.bytes + p.len != frame + len)
                abort();
            free(frame);
            seen_packet();
            at += len;
        } else {
            uint8_t head[ETHER_HEADER];
            ether_output(&e, &(struct packet){ .bytes = text, .len = sizeof text, .hop = addr_v4(10, 0, 0, (uint8_t)step) },
                         head, now);
        }
        if (ether_wake(&e) <= now)
            ether_tick(&e, now);
        if (e.n_waiting > ETHER_WAITING || e.n_answers > ETHER_ANSWERS)
            abort();
        if (step & 1)
            pull(&e, now);
    }
    pull(&e, now);
    return 0;
}
