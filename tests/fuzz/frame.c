/* A frame of any octets, of the link layer that its first octet chooses: the packet in it lies in it. */
#include "net/frame.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static const uint32_t links[] = { LINK_ETHERNET, LINK_NULL, LINK_RAW, LINK_LOOP, LINK_LINUX_SLL, LINK_LINUX_SLL2,
                                      LINK_IPV4, LINK_IPV6, 127 };
    if (!n)
        return 0;
    struct wire_in in = wire_over(bytes + 1, n - 1, NULL), packet = { 0 };
    struct frame f;
    struct fault why = { 0 };
    enum framed what = frame_read(links[bytes[0] % (sizeof links / sizeof *links)], &in, &f, &packet, &why);
    if ((what == FRAME_REFUSED) != (why.ground != NULL) || f.tags > FRAME_TAGS)
        abort();
    if (what == FRAME_IP && (packet.failed || packet.at < bytes + 1 || packet.end > bytes + n || packet.at > packet.end))
        abort();
    if (what == FRAME_IP && f.ethertype != 0x0800 && f.ethertype != 0x86dd)
        abort();
    return 0;
}
