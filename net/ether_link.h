/* ether_link.h - a link whose packets travel in Ethernet frames (net/ether.h), over a descriptor: TAP, a packet
 * socket, passt. Each has a way of its own to read and write a frame; all else is alike. */
#ifndef NET_ETHER_LINK_H
#define NET_ETHER_LINK_H

#include "net/ether.h"
#include "net/live.h"

struct ether_link;

/* How frames are read and written; neither waits. */
struct frames {
    /* One frame into p->bytes, and what else is known of it, counted from the IP packet on. p->len is set. */
    enum taken (*read)(struct ether_link *, struct packet *p);
    /* A frame of two parts: its header, and the packet with its facts, or other octets as a packet without. False: no
     * room, it is lost. */
    bool (*write)(struct ether_link *, const uint8_t *head, uint32_t head_len, const struct packet *);
    /* Frames that were read from the descriptor already and lie in memory; NULL: never. */
    bool (*holds)(const struct ether_link *);
    void (*end)(struct ether_link *);                 /* closes the descriptor and what belongs to it */
};

struct ether_link {
    struct link link;                                 /* first: it is a link */
    struct source source;
    const struct frames *frames;
    struct live *live;
    int fd;
    bool headers;                                     /* TAP: struct virtio_net_hdr before each frame */
    void *own;                                        /* of the frames: what they keep */
    struct ether ether;
};

/* Who we are on the link. addr6 "::": a router says which network it is, and we make an address of it. */
struct ether_ends { uint16_t host; struct addr addr, addr6; uint8_t prefix6; struct voice voice; };

/* With frames and descriptor from here on its own; NULL: no memory, and they are ended. */
struct ether_link *ether_link_new(struct live *, const struct frames *, int fd, void *own);
/* Asks the link whether somebody has our address already, which takes a moment, then watches it. NULL: somebody has
 * it, or the link is lost; it is then closed. */
struct link *ether_link_start(struct ether_link *, const struct ether_ends *, struct fault *why);
/* The IPv6 address that it has now, made or given; false: none. */
bool ether_link_addr6(const struct link *, struct addr *, uint8_t *prefix);

#endif
