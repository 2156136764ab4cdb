#define _GNU_SOURCE
#include "net/tun.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { CARRIER_MS = 1500 };                           /* the kernel looks once a second at least */

struct tun { struct link link; struct live *live; int fd; };

/* A device whose queue is full loses the packet, as any link may. */
static bool tun_send(struct link *l, const struct packet *p, nsec now)
{
    (void)now;
    return write(((struct tun *)l)->fd, p->bytes, p->len) == (ssize_t)p->len;
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

/* Gives the kernel's end its address and brings the device up; a device that is up is left as somebody
 * made it. */
static bool bring_up(const char *name, const struct addr *gateway, uint8_t prefix)
{
    struct ifreq r = { .ifr_flags = 0 };
    int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    memcpy(r.ifr_name, name, strlen(name) + 1);
    bool good = s >= 0 && ioctl(s, SIOCGIFFLAGS, &r) == 0;
    if (good && !(r.ifr_flags & IFF_UP)) {
        short flags = (short)(r.ifr_flags | IFF_UP);
        uint32_t address, mask = htonl(prefix ? ~UINT32_C(0) << (32 - prefix) : 0);
        memcpy(&address, gateway->octets, sizeof address);
        if (gateway->len == 4)
            good = set_inet(s, &r, SIOCSIFADDR, address) && set_inet(s, &r, SIOCSIFNETMASK, mask);
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

struct link *tun_open(struct live *live, const char *name, uint16_t host, const struct addr *gateway,
                      uint8_t prefix, struct fault *why)
{
    static const struct ground no_tun = { "live.no_tun", "tun(4)" };
    static const char wanted[] = "a TUN device (root, or: ip tuntap add dev NAME mode tun user YOU)";
    struct ifreq r = { .ifr_flags = IFF_TUN | IFF_NO_PI };
    struct tun *t = strlen(name) < sizeof r.ifr_name ? calloc(1, sizeof *t) : NULL;
    if (!t) {
        refuse_about(why, &no_tun, name, "a device name of 15 characters at most", "%zu characters",
                     strlen(name));
        return NULL;
    }
    memcpy(r.ifr_name, name, strlen(name) + 1);
    *t = (struct tun){ .link = { tun_send, PACKET_MTU },
                       .live = live, .fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC) };
    if (t->fd >= 0 && ioctl(t->fd, TUNSETIFF, &r) == 0 && bring_up(name, gateway, prefix) &&
        live_watch(live, t->fd, host, true))
        return &t->link;
    refuse_about(why, &no_tun, name, wanted, "%s", strerror(errno));
    if (t->fd >= 0)
        close(t->fd);
    free(t);
    return NULL;
}

void tun_close(struct link *l)
{
    struct tun *t = (struct tun *)l;
    live_forget(t->live, t->fd);
    close(t->fd);
    free(t);
}
