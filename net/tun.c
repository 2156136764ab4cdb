#define _GNU_SOURCE
#include "net/tun.h"
#include "net/tuntap.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

enum { PIECES = 2 };                                  /* the header before the packet, and the packet */

struct tun { struct link link; struct source source; struct live *live; struct tuntap device; };

static struct tun *tun_of(struct source *s) { return (struct tun *)((char *)s - offsetof(struct tun, source)); }

/* A device whose queue is full loses the packet, as any link may. */
static bool tun_send(struct link *l, const struct packet *p, nsec now)
{
    const struct tuntap *d = &((struct tun *)l)->device;
    (void)now;
    if (!d->headers)
        return write(d->fd, p->bytes, p->len) == (ssize_t)p->len;
    struct virtio_net_hdr h = tuntap_header(p, 0);
    struct iovec pieces[PIECES + 1] = { { &h, sizeof h }, { p->bytes, p->len - p->apart.n },
                                        { (void *)(uintptr_t)p->apart.at, p->apart.n } };
    return writev(d->fd, pieces, p->apart.n ? PIECES + 1 : PIECES) == (ssize_t)(sizeof h + p->len);
}

static enum taken tun_take(struct source *s, struct packet *p, nsec now)
{
    const struct tuntap *d = &tun_of(s)->device;
    struct virtio_net_hdr h = { 0 };
    size_t before = d->headers ? sizeof h : 0;
    struct iovec pieces[PIECES] = { { &h, before }, { p->bytes, p->room } };
    ssize_t n = readv(d->fd, pieces, PIECES);
    (void)now;
    if (n <= (ssize_t)before)
        return taken_by(n < 0 ? n : 0);
    p->len = (uint32_t)((size_t)n - before);
    if (d->headers)
        tuntap_facts(p, &h, 0);
    return TAKEN;
}

static void tun_close(struct link *l)
{
    struct tun *t = (struct tun *)l;
    live_forget(t->live, t->device.fd);
    close(t->device.fd);
    free(t);
}

struct link *tun_open(struct live *live, const struct tun_config *c, struct fault *why)
{
    static const struct ground no_tun = { "live.no_tun", "tun(4)" };
    static const char wanted[] = "a TUN device (root, or: ip tuntap add dev NAME mode tun user YOU)";
    struct tun *t = calloc(1, sizeof *t);
    if (!t) {
        refuse_about(why, &no_tun, c->name, wanted, "%s", strerror(errno));
        return NULL;
    }
    *t = (struct tun){ .link = { .send = tun_send, .mtu = PACKET_MTU, .close = tun_close },
                       .source = { .take = tun_take }, .live = live };
    if (tuntap_open(&t->device, &(struct tuntap_config){
            .name = c->name, .gateway = c->gateway, .prefix = c->prefix,
            .gateway6 = c->gateway6, .prefix6 = c->prefix6, .offload = c->offload, .shared = c->shared })
        && live_watch(live, t->device.fd, c->host, &t->source)) {
        t->link.chunk = t->device.offload ? PACKET_MAX : 0;
        t->link.makes_sums = t->link.gathers = t->device.offload;
        return &t->link;
    }
    refuse_about(why, &no_tun, c->name, wanted, "%s", strerror(errno));
    if (t->device.fd >= 0)
        close(t->device.fd);
    free(t);
    return NULL;
}
