/* kernel.h - a host over the kernel's own sockets: TLS and HTTP without privileges, and to compare the two
 * TCPs. TCP carriers fill the same rings as ours do, UDP serves DNS. No packet is seen here: the kernel
 * keeps them. */
#ifndef NET_KERNEL_H
#define NET_KERNEL_H

#include "net/host.h"
#include "net/live.h"

/* `pool` and `live` outlive it; ring_limit: octets a ring may hold. NULL: why says what failed. */
struct host *kernel_host_new(struct live *, struct pool *, uint32_t ring_limit, const struct voice *,
                             struct fault *why);

#endif
