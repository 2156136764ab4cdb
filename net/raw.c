#define _GNU_SOURCE
#include "net/raw.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

/* Frames that the kernel sends on this interface come, too: they are not for us, who only see what came. A frame in
 * which the checksum is still to be made never was on a wire; the kernel says so beside it. */
static enum taken read_frame(struct ether_link *l, struct packet *p)
{
    union { char octets[CMSG_SPACE(sizeof(struct tpacket_auxdata))]; struct cmsghdr align; } control;
    struct sockaddr_ll from;
    struct iovec piece = { p->bytes, p->room };
    struct msghdr m = { .msg_name = &from, .msg_namelen = sizeof from, .msg_iov = &piece, .msg_iovlen = 1,
                        .msg_control = &control, .msg_controllen = sizeof control };
    ssize_t n = recvmsg(l->fd, &m, 0);
    if (n <= 0)
        return n < 0 && errno == ENETDOWN ? NOTHING_THERE : taken_by(n);
    if (from.sll_pkttype == PACKET_OUTGOING || n < ETHER_HEADER)
        return TAKEN_ASIDE;
    p->len = (uint32_t)n;
    struct cmsghdr *c = CMSG_FIRSTHDR(&m);
    if (c && c->cmsg_level == SOL_PACKET && c->cmsg_type == PACKET_AUXDATA) {
        struct tpacket_auxdata aux;
        memcpy(&aux, CMSG_DATA(c), sizeof aux);
        if (aux.tp_status & (TP_STATUS_CSUMNOTREADY | TP_STATUS_CSUM_VALID))
            p->sum = SUM_GOOD;
    }
    return TAKEN;
}

static bool write_frame(struct ether_link *l, const uint8_t *head, uint32_t n, const struct packet *p)
{
    struct iovec pieces[] = { { (void *)(uintptr_t)head, n }, { p->bytes, p->len } };
    return writev(l->fd, pieces, 2) == (ssize_t)(n + p->len);
}

static void end(struct ether_link *l) { close(l->fd); }

static const struct frames raw_frames = { .read = read_frame, .write = write_frame, .end = end };

/* No frame comes before bind has said from which interface. */
static int open_socket(const char *interface)
{
    int fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    unsigned index = if_nametoindex(interface);
    struct sockaddr_ll at = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL), .sll_ifindex = (int)index };
    struct packet_mreq all = { .mr_ifindex = (int)index, .mr_type = PACKET_MR_PROMISC };
    const int on = 1, room = 4 << 20;
    if (fd >= 0 && index && setsockopt(fd, SOL_PACKET, PACKET_AUXDATA, &on, sizeof on) == 0
        && setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &all, sizeof all) == 0
        && bind(fd, (struct sockaddr *)&at, sizeof at) == 0) {
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
        return fd;
    }
    int kept = errno;
    if (fd >= 0)
        close(fd);
    errno = kept;
    return -1;
}

struct link *raw_open(struct live *live, const char *interface, const struct ether_ends *ends, struct fault *why)
{
    static const struct ground no_raw = { "live.no_raw", "packet(7)" };
    int fd = open_socket(interface);
    struct ether_link *l = fd >= 0 ? ether_link_new(live, &raw_frames, fd, NULL) : NULL;
    if (l)
        return ether_link_start(l, ends, why);
    refuse_about(why, &no_raw, interface, "a packet socket on a network interface (root, or CAP_NET_RAW)", "%s",
                 strerror(errno));
    return NULL;
}
