#!/usr/bin/env python3
"""bad_wire.py A B SEED: two TUN devices, joined by a wire that is slow and loses, doubles and reorders packets.

What tc's netem does, for kernels that have none. Says "ready" when both devices are there, then goes on until it is
ended."""
import fcntl
import heapq
import os
import random
import select
import struct
import sys
import time

DELAY = 0.005                                         # seconds, one way
LOSS, DOUBLE, HURRY = 0.01, 0.01, 0.01                # who hurries overtakes all that is under way
TUNSETIFF, IFF_TUN_NO_PI = 0x400454ca, 0x1001


def tun(name):
    fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH14x", name.encode(), IFF_TUN_NO_PI))
    return fd


def take(fd, to, under_way, chance):
    """All packets that wait at fd; each gets its fate and its time."""
    while True:
        try:
            packet = os.read(fd, 65535)
        except BlockingIOError:
            return
        if chance.random() < LOSS:
            continue
        at = time.monotonic() + (0 if chance.random() < HURRY else DELAY)
        for _ in range(2 if chance.random() < DOUBLE else 1):
            take.count += 1
            heapq.heappush(under_way, (at, take.count, to, packet))


def deliver(under_way):
    while under_way and under_way[0][0] <= time.monotonic():
        _, _, to, packet = heapq.heappop(under_way)
        try:
            os.write(to, packet)
        except OSError:
            pass                                      # a device that is down loses it


def main():
    a, b, chance, under_way = tun(sys.argv[1]), tun(sys.argv[2]), random.Random(int(sys.argv[3])), []
    take.count = 0
    print("ready", flush=True)
    while True:
        wait = max(0, under_way[0][0] - time.monotonic()) if under_way else None
        readable, _, _ = select.select([a, b], [], [], wait)
        for fd in readable:
            take(fd, b if fd == a else a, under_way, chance)
        deliver(under_way)


main()
