#define _GNU_SOURCE
#include "net/tuntap.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { CARRIER_MS = 1500 };                           /* the kernel looks once a second at least */

/* Where the text of a segment begins: what the kernel keeps in one piece. */
static uint16_t header_end(const struct packet *p)
{
    return (uint16_t)(p->sum_from + (p->bytes[p->sum_from + 12] >> 4) * 4);
}

struct virtio_net_hdr tuntap_header(const struct packet *p, uint16_t before)
{
    struct virtio_net_hdr h = { .gso_type = VIRTIO_NET_HDR_GSO_NONE };
    if (p->sum == SUM_LEFT) {
        h.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
        h.csum_start = (uint16_t)(p->sum_from + before);
        h.csum_offset = (uint16_t)(p->sum_at - p->sum_from);
    }
    if (p->segment) {
        h.gso_type = p->bytes[0] >> 4 == 6 ? VIRTIO_NET_HDR_GSO_TCPV6 : VIRTIO_NET_HDR_GSO_TCPV4;
        h.gso_size = p->segment;
        h.hdr_len = (uint16_t)(header_end(p) + before);
    }
    return h;
}

void tuntap_facts(struct packet *p, const struct virtio_net_hdr *h, uint16_t before)
{
    p->segment = h->gso_type == VIRTIO_NET_HDR_GSO_NONE ? 0 : h->gso_size;
    if (h->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM && h->csum_start >= before) {
        p->sum = SUM_LEFT;
        p->sum_from = (uint16_t)(h->csum_start - before);
        p->sum_at = (uint16_t)(p->sum_from + h->csum_offset);
    } else if (h->flags & VIRTIO_NET_HDR_F_DATA_VALID) {
        p->sum = SUM_GOOD;
    }
}

static bool set_inet(int s, struct ifreq *r, unsigned long what, uint32_t address)
{
    struct sockaddr_in in = { .sin_family = AF_INET, .sin_addr.s_addr = address };
    memcpy(&r->ifr_addr, &in, sizeof in);
    return ioctl(s, what, r) == 0;
}

/* The kernel notices a little later that somebody holds the device; until then it drops what is for us, and
 * the SYN-ACK to our first SYN would be missed for a second. */
static void await_carrier(int s, struct ifreq *r)
{
    const struct timespec moment = { .tv_nsec = 1000000 };
    for (int ms = 0; ms < CARRIER_MS; ms++) {
        if (ioctl(s, SIOCGIFFLAGS, r) != 0 || r->ifr_flags & IFF_RUNNING)
            return;
        nanosleep(&moment, NULL);
    }
}

/* struct in6_ifreq of linux/ipv6.h, which cannot stand beside netinet/in.h. */
struct six_request { struct in6_addr addr; uint32_t prefix; int index; };

static bool set_inet6(const char *name, const struct addr *address, uint8_t prefix)
{
    int s = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    struct six_request r = { .prefix = prefix, .index = (int)if_nametoindex(name) };
    memcpy(&r.addr, address->octets, sizeof r.addr);
    bool good = s >= 0 && (ioctl(s, SIOCSIFADDR, &r) == 0 || errno == EEXIST);
    int kept = errno;
    if (s >= 0)
        close(s);
    errno = kept;
    return good;
}

static bool give_address(int s, struct ifreq *r, const struct addr *address, uint8_t prefix)
{
    uint32_t four, mask = htonl(prefix ? ~UINT32_C(0) << (32 - prefix % 33) : 0);
    memcpy(&four, address->octets, sizeof four);
    if (address->len == 4)
        return set_inet(s, r, SIOCSIFADDR, four) && set_inet(s, r, SIOCSIFNETMASK, mask);
    return address->len == 0 || set_inet6(r->ifr_name, address, prefix);
}

/* Gives the kernel's end its address and brings the device up; a device that is up is left as somebody
 * made it. */
static bool bring_up(const struct tuntap_config *c)
{
    struct ifreq r = { .ifr_flags = 0 };
    int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    memcpy(r.ifr_name, c->name, strlen(c->name) + 1);
    bool good = s >= 0 && ioctl(s, SIOCGIFFLAGS, &r) == 0;
    if (good && !(r.ifr_flags & IFF_UP)) {
        short flags = (short)(r.ifr_flags | IFF_UP);
        good = give_address(s, &r, &c->gateway, c->prefix) && give_address(s, &r, &c->gateway6, c->prefix6);
        r.ifr_flags = flags;
        good = good && ioctl(s, SIOCSIFFLAGS, &r) == 0;
    }
    if (good)
        await_carrier(s, &r);
    int kept = errno;
    if (s >= 0)
        close(s);
    errno = kept;
    return good;
}

/* What the kernel may then leave to us: checksums, and the cutting of TCP's text. */
static bool with_offload(int fd)
{
    int size = sizeof(struct virtio_net_hdr);
    return ioctl(fd, TUNSETVNETHDRSZ, &size) == 0
           && ioctl(fd, TUNSETOFFLOAD, TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6 | TUN_F_TSO_ECN) == 0;
}

/* One that somebody made before has its own idea of several queues: then it is as that says. */
static bool attach(struct tuntap *t, const struct tuntap_config *c)
{
    struct ifreq r = { .ifr_flags = (short)((c->frames ? IFF_TAP : IFF_TUN) | IFF_NO_PI) };
    memcpy(r.ifr_name, c->name, strlen(c->name) + 1);
    if (c->offload)
        r.ifr_flags |= IFF_VNET_HDR;
    if (c->shared)
        r.ifr_flags |= IFF_MULTI_QUEUE;
    bool good = ioctl(t->fd, TUNSETIFF, &r) == 0;
    if (!good && errno == EINVAL) {
        r.ifr_flags ^= IFF_MULTI_QUEUE;
        good = ioctl(t->fd, TUNSETIFF, &r) == 0;
    }
    t->headers = c->offload;
    t->offload = good && c->offload && with_offload(t->fd);
    if (good && !t->offload)
        ioctl(t->fd, TUNSETOFFLOAD, 0);               /* what somebody else wished of a device that stays */
    return good;
}

bool tuntap_open(struct tuntap *t, const struct tuntap_config *c)
{
    *t = (struct tuntap){ .fd = -1 };
    errno = ENAMETOOLONG;
    if (strlen(c->name) >= IFNAMSIZ)
        return false;
    t->fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (t->fd < 0)
        return false;
    if (attach(t, c) && bring_up(c))
        return true;
    int kept = errno;
    close(t->fd);
    errno = kept;
    t->fd = -1;
    return false;
}
