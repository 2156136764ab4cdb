#!/usr/bin/env python3
"""flow_talk.py record DEVICE FILE | serve ADDR | talk ADDR: what kernels say to each other while somebody listens
(flow_marks.sh): bulk both ways at once, a reader that sleeps (window 0), keep-alives, resets, the same ports again, a
port where nobody is."""
import random
import socket
import struct
import sys
import threading
import time

BULK, SLOW, QUIET, RESET, SHORT = range(7001, 7006)
MUCH = 600_000


def pour(c, n):
    piece = random.Random(n).randbytes(30_000)
    while n > 0:
        c.sendall(piece[:n])
        n -= len(piece)


def drain(c):
    while c.recv(65536):
        pass


def answer(port, c):
    if port == BULK:                                  # both ways at once
        t = threading.Thread(target=pour, args=(c, MUCH))
        t.start()
        drain(c)
        t.join()
    elif port == SLOW:                                # reads nothing for a while
        time.sleep(1.5)
        drain(c)
    elif port == QUIET:
        c.recv(100)
        time.sleep(3)
    elif port == RESET:
        c.recv(100)
        c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    else:
        c.sendall(c.recv(100))
    c.close()


def safely(what, *args):
    try:
        what(*args)
    except OSError:
        pass


def serve(addr):
    for port in (BULK, SLOW, QUIET, RESET, SHORT):
        s = socket.socket()
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if port == SLOW:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
        s.bind((addr, port))
        s.listen(16)

        def accept(s=s, port=port):
            while True:
                threading.Thread(target=safely, args=(answer, port, s.accept()[0]), daemon=True).start()
        threading.Thread(target=accept, daemon=True).start()
    print("ready", flush=True)
    time.sleep(60)


def call(addr, port, source=0):
    c = socket.socket()
    c.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    c.settimeout(20)
    if source:
        c.bind(("", source))
    c.connect((addr, port))
    return c


def bulk(addr):
    c = call(addr, BULK)
    t = threading.Thread(target=drain, args=(c,))
    t.start()
    pour(c, MUCH)
    c.shutdown(socket.SHUT_WR)
    t.join()


def slow(addr):
    c = call(addr, SLOW)
    pour(c, 100_000)
    c.shutdown(socket.SHUT_WR)
    drain(c)


def quiet(addr):
    c = call(addr, QUIET)
    c.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    c.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 1)
    c.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 1)
    c.sendall(b"anybody there?")
    drain(c)


def reset(addr):
    for source in (0, 50123, 50123):                  # a reset leaves no TIME-WAIT: the same ports again
        c = call(addr, RESET, source)
        c.sendall(b"x")
        safely(drain, c)
        c.close()


def short(addr):
    for _ in range(5):
        c = call(addr, SHORT)
        c.sendall(b"hello")
        drain(c)
        c.close()
    safely(call, addr, 7999)


def talk(addr):
    all_of_them = [threading.Thread(target=safely, args=(what, addr)) for what in (bulk, slow, quiet, reset, short)]
    for t in all_of_them:
        t.start()
    for t in all_of_them:
        t.join()


def record(device, name):
    """A capture without tcpdump, which wants to be another user: of raw IP, with nanoseconds."""
    s = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3))       # ETH_P_ALL
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
    s.bind((device, 3))
    with open(name, "wb", buffering=0) as f:
        f.write(struct.pack("<IHHiIII", 0xa1b23c4d, 2, 4, 0, 0, 65535, 101))
        print("ready", flush=True)
        while True:
            packet = s.recv(65535)
            sec, nsec = divmod(time.time_ns(), 1_000_000_000)
            f.write(struct.pack("<IIII", sec, nsec, len(packet), len(packet)) + packet)


if __name__ == "__main__":
    {"record": record, "serve": serve, "talk": talk}[sys.argv[1]](*sys.argv[2:])
