#define _GNU_SOURCE
#include "net/passt.h"

#include <errno.h>
#include <poll.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    LENGTH = 4, FRAME_MOST = PACKET_MAX, IN_ROOM = 256 << 10, OUT_ROOM = LENGTH + FRAME_MOST, SOCKET_ROOM = 4 << 20
};

/* A stream knows no frames: what was read lies in `in`, the rest of a frame that the socket did not take in `out`. */
struct passt {
    pid_t pid;
    uint32_t from, to;                                /* [from, to) of `in` is to be given on */
    uint32_t left_at, left;                           /* of `out` */
    uint8_t in[IN_ROOM], out[OUT_ROOM];
};

/* The length of the frame that lies whole at the front of `in`; 0: none does. */
static uint32_t whole_frame(const struct passt *p, bool *broken)
{
    struct wire_in in = wire_over(p->in + p->from, p->to - p->from, NULL);
    uint32_t n = take_u32(&in, "frame_length");
    *broken = n > FRAME_MOST || (!in.failed && n < ETHER_HEADER);
    return in.failed || wire_left(&in) < n ? 0 : n;
}

static bool holds(const struct ether_link *l)
{
    bool broken;
    return whole_frame(l->own, &broken) != 0;
}

/* What of the last frame is still to go. A frame cut short would put all behind it out of step. */
static bool finish_last(struct ether_link *l)
{
    struct passt *p = l->own;
    if (!p->left)
        return true;
    ssize_t n = write(l->fd, p->out + p->left_at, p->left);
    if (n > 0) {
        p->left_at += (uint32_t)n;
        p->left -= (uint32_t)n;
    }
    return p->left == 0;
}

static enum taken read_frame(struct ether_link *l, struct packet *out)
{
    struct passt *p = l->own;
    bool broken;
    uint32_t n = whole_frame(p, &broken);
    finish_last(l);
    if (!n && !broken) {
        memmove(p->in, p->in + p->from, p->to - p->from);
        p->to -= p->from;
        p->from = 0;
        ssize_t got = read(l->fd, p->in + p->to, IN_ROOM - p->to);
        if (got <= 0)
            return taken_by(got);
        p->to += (uint32_t)got;
        n = whole_frame(p, &broken);
    }
    if (broken)
        return LINK_LOST;
    if (!n)
        return NOTHING_THERE;
    memcpy(out->bytes, p->in + p->from + LENGTH, n);
    out->len = n;
    p->from += LENGTH + n;
    return TAKEN;
}

static void keep_rest(struct passt *p, const struct iovec *pieces, unsigned n, size_t written)
{
    p->left_at = p->left = 0;
    for (unsigned i = 0; i < n; i++) {
        size_t skip = written < pieces[i].iov_len ? written : pieces[i].iov_len;
        memcpy(p->out + p->left, (const uint8_t *)pieces[i].iov_base + skip, pieces[i].iov_len - skip);
        p->left += (uint32_t)(pieces[i].iov_len - skip);
        written -= skip;
    }
}

static bool write_frame(struct ether_link *l, const uint8_t *head, uint32_t n, const struct packet *packet)
{
    struct passt *p = l->own;
    uint8_t length[LENGTH];
    struct wire_out out = wire_into(length, sizeof length);
    put_u32(&out, "frame_length", n + packet->len);
    struct iovec pieces[] = { { length, sizeof length }, { (void *)(uintptr_t)head, n },
                              { packet->bytes, packet->len } };
    if (n + packet->len > FRAME_MOST || !finish_last(l))
        return false;
    ssize_t written = writev(l->fd, pieces, 3);
    if (written <= 0)
        return false;
    keep_rest(p, pieces, 3, (size_t)written);
    return true;
}

/* It ends when the socket does; that it has is waited for, so that none is left behind. */
static void end(struct ether_link *l)
{
    struct passt *p = l->own;
    close(l->fd);
    if (p->pid > 0)
        waitpid(p->pid, NULL, 0);
    free(p);
}

static const struct frames passt_frames = { .read = read_frame, .write = write_frame, .holds = holds, .end = end };

/* Only what is said here: no address of this machine's, and IPv6 only where we have an address of it. It speaks on
 * stderr when something is wrong. */
static void become_passt(int fd, const struct passt_config *c)
{
    char number[16], address[ADDR_TEXT], gateway[ADDR_TEXT], dns[ADDR_TEXT], prefix[8];
    char address6[ADDR_TEXT], gateway6[ADDR_TEXT];
    bool six = c->ends.addr6.len && c->gateway6.len;
    snprintf(number, sizeof number, "%d", fd);
    snprintf(prefix, sizeof prefix, "%u", c->prefix);
    addr_text(&c->ends.addr, address);
    addr_text(&c->gateway, gateway);
    addr_text(&c->dns, dns);
    addr_text(&c->ends.addr6, address6);
    addr_text(&c->gateway6, gateway6);
    const char *words[] = { "passt", "--quiet", "--foreground", "--no-dhcp", "--no-dhcpv6", "--no-ra", "--fd", number,
                            "--address", address, "--netmask", prefix, "--gateway", gateway, "--mtu", "1500",
                            "--tcp-ports", c->ports, "--udp-ports", "none", "--dns-forward", dns,
                            six ? "--address" : "--ipv4-only", six ? address6 : NULL, "--gateway", gateway6, NULL };
    fcntl(fd, F_SETFD, 0);
    execvp("passt", (char **)(uintptr_t)words);
    _exit(127);
}

/* Whether it could be started at all shows when it speaks, or its end of the socket closes. */
static bool start_passt(struct passt *p, int theirs, const struct passt_config *c)
{
    p->pid = fork();
    if (p->pid == 0)
        become_passt(theirs, c);
    return p->pid > 0;
}

struct link *passt_open(struct live *live, const struct passt_config *c, struct fault *why)
{
    static const struct ground no_passt = { "live.no_passt", "passt(1)" };
    const int room = SOCKET_ROOM;
    int pair[2] = { -1, -1 };
    struct passt *p = calloc(1, sizeof *p);
    struct ether_link *l = NULL;
    if (p && socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0 && start_passt(p, pair[1], c)) {
        close(pair[1]);
        fcntl(pair[0], F_SETFL, O_NONBLOCK);
        setsockopt(pair[0], SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
        l = ether_link_new(live, &passt_frames, pair[0], p);
    }
    struct fault started = { 0 };
    struct link *link = l ? ether_link_start(l, &c->ends, &started) : NULL;
    if (!link && why && started.ground && strcmp(started.ground->id, "live.address_taken") == 0)
        *why = started;
    if (!link)
        refuse(why, &no_passt, "passt (Debian: apt install passt), which carries our frames", "%s",
               l ? "it ended at once" : strerror(errno));
    return link;
}
