/* interface.h - what google/packetdrill asks of a TCP that lives in a shared object.
 *
 * packetdrill loads the object (--so_filename), calls packetdrill_interface_init and from then on makes every system
 * call of its script through this table, hands packets in by netdev_send and takes them out by netdev_receive. The
 * order of the members is the contract; each function is given `stack` first and answers as the POSIX call of its name
 * does, with errno. All must be there: a missing one is a call through NULL. */
#ifndef TESTS_CONFORMANCE_INTERFACE_H
#define TESTS_CONFORMANCE_INTERFACE_H

#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

struct packetdrill_interface {
    void *stack;                                      /* ours, whatever it is */
    void    (*free)(void *);
    int     (*socket)(void *, int domain, int type, int protocol);
    int     (*bind)(void *, int fd, const struct sockaddr *, socklen_t);
    int     (*listen)(void *, int fd, int backlog);
    int     (*accept)(void *, int fd, struct sockaddr *, socklen_t *);
    int     (*connect)(void *, int fd, const struct sockaddr *, socklen_t);
    ssize_t (*read)(void *, int fd, void *, size_t);
    ssize_t (*readv)(void *, int fd, const struct iovec *, int);
    ssize_t (*recv)(void *, int fd, void *, size_t, int flags);
    ssize_t (*recvfrom)(void *, int fd, void *, size_t, int flags, struct sockaddr *, socklen_t *);
    ssize_t (*recvmsg)(void *, int fd, struct msghdr *, int flags);
    ssize_t (*write)(void *, int fd, const void *, size_t);
    ssize_t (*writev)(void *, int fd, const struct iovec *, int);
    ssize_t (*send)(void *, int fd, const void *, size_t, int flags);
    ssize_t (*sendto)(void *, int fd, const void *, size_t, int flags, const struct sockaddr *, socklen_t);
    ssize_t (*sendmsg)(void *, int fd, const struct msghdr *, int flags);
    int     (*fcntl)(void *, int fd, int command, ...);
    int     (*ioctl)(void *, int fd, unsigned long request, ...);
    int     (*close)(void *, int fd);
    int     (*shutdown)(void *, int fd, int how);
    int     (*getsockopt)(void *, int fd, int level, int name, void *, socklen_t *);
    int     (*setsockopt)(void *, int fd, int level, int name, const void *, socklen_t);
    int     (*poll)(void *, struct pollfd *, nfds_t, int timeout);
    int     (*netdev_send)(void *, const void *packet, size_t);
    int     (*netdev_receive)(void *, void *packet, size_t *room_then_length, long long *microseconds);
    int     (*usleep)(void *, useconds_t);
    int     (*gettimeofday)(void *, struct timeval *, struct timezone *);
    int     (*epoll_create)(void *, int);
    int     (*epoll_ctl)(void *, int fd, int operation, int other, struct epoll_event *);
    int     (*epoll_wait)(void *, int fd, struct epoll_event *, int, int timeout);
    int     (*pipe)(void *, int fds[2]);
    ssize_t (*splice)(void *, int in, loff_t *, int out, loff_t *, size_t, unsigned);
};

void packetdrill_interface_init(const char *flags, struct packetdrill_interface *);

#endif
