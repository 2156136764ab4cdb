#define _GNU_SOURCE
#include "net/tap.h"
#include "net/tuntap.h"

#include <errno.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

static enum taken read_frame(struct ether_link *l, struct packet *p)
{
    struct virtio_net_hdr h = { 0 };
    size_t before = l->headers ? sizeof h : 0;
    struct iovec pieces[] = { { &h, before }, { p->bytes, p->room } };
    ssize_t n = readv(l->fd, pieces, 2);
    if (n <= (ssize_t)before)
        return taken_by(n < 0 ? n : 0);
    p->len = (uint32_t)((size_t)n - before);
    if (l->headers)
        tuntap_facts(p, &h, ETHER_HEADER);
    return TAKEN;
}

static bool write_frame(struct ether_link *l, const uint8_t *head, uint32_t n, const struct packet *p)
{
    struct virtio_net_hdr h = tuntap_header(p, ETHER_HEADER);
    struct iovec pieces[] = { { &h, sizeof h }, { (void *)(uintptr_t)head, n }, { p->bytes, p->len - p->apart.n },
                              { (void *)(uintptr_t)p->apart.at, p->apart.n } };
    int skip = l->headers ? 0 : 1, n_pieces = p->apart.n ? 4 : 3;
    return writev(l->fd, pieces + skip, n_pieces - skip) == (ssize_t)((skip ? 0 : sizeof h) + n + p->len);
}

static void end(struct ether_link *l) { close(l->fd); }

static const struct frames tap_frames = { .read = read_frame, .write = write_frame, .end = end };

struct link *tap_open(struct live *live, const struct tap_config *c, struct fault *why)
{
    static const struct ground no_tap = { "live.no_tun", "tun(4)" };
    struct tuntap device;
    struct ether_link *l = NULL;
    if (tuntap_open(&device, &(struct tuntap_config){
            .name = c->name, .frames = true, .gateway = c->gateway, .prefix = c->prefix,
            .gateway6 = c->gateway6, .prefix6 = c->prefix6, .offload = c->offload,
            .shared = c->shared }))
        l = ether_link_new(live, &tap_frames, device.fd, NULL);
    if (!l) {
        refuse_about(why, &no_tap, c->name, "a TAP device (root, or: ip tuntap add dev NAME mode tap user YOU)", "%s",
                     strerror(errno));
        return NULL;
    }
    l->headers = device.headers;
    l->link.chunk = device.offload ? PACKET_MAX - ETHER_HEADER : 0;
    l->link.makes_sums = l->link.gathers = device.offload;
    return ether_link_start(l, &c->ends, why);
}
