#!/usr/bin/env python3
"""bare_pcap.py [--skip N] [--snap N] [--from ADDR] [--offload] [--link KIND] [--late] [--again] IN.pcapng OUT - the packets
of one of our captures as a classic pcap of raw IP, without its secrets: from the N+1st on, of N octets at most, of one
host alone, with checksums of TCP that are only begun, behind a header of Ethernet (eth, vlan) or of Linux's cooked
captures (sll, sll2). --late: a pcapng whose secrets stand behind the packets; --again: which
come a second time before that, 100 s later."""
import argparse
import socket
import struct

args = argparse.ArgumentParser()
args.add_argument("--skip", type=int, default=0)
args.add_argument("--snap", type=int, default=65535)
args.add_argument("--from", dest="source")
args.add_argument("--offload", action="store_true")
args.add_argument("--link", choices=("raw", "eth", "vlan", "sll", "sll2"), default="raw")
args.add_argument("--late", action="store_true")
args.add_argument("--again", action="store_true")
args.add_argument("name")
args.add_argument("out")
a = args.parse_args()

data, at, packets, blocks, secrets = open(a.name, "rb").read(), 0, [], [], []
while at < len(data):
    kind, size = struct.unpack_from("<II", data, at)
    block = data[at:at + size]
    (secrets if kind == 10 else blocks).append(block)
    if kind == 6:
        high, low, kept = struct.unpack_from("<III", block, 12)
        packets.append((high << 32 | low, block[28:28 + kept]))
    at += size


def begun(p):
    """Its TCP checksum is the pseudo-header's sum."""
    if p[0] >> 4 != 4 or p[9] != 6:
        return p
    header = (p[0] & 15) * 4
    total = sum(struct.unpack(">4H", p[12:20])) + 6 + len(p) - header
    total = (total & 0xffff) + (total >> 16)
    return p[:header + 16] + struct.pack(">H", (total & 0xffff) + (total >> 16)) + p[header + 18:]


LINKS = {"raw": 101, "eth": 1, "vlan": 1, "sll": 113, "sll2": 276}


def linked(p):
    """The packet behind a header, from 02:00:00:00:00:01 or :02 as its source's last bit says."""
    kind, six = (b"\x86\xdd", True) if p[0] >> 4 == 6 else (b"\x08\0", False)
    which = (p[23] if six else p[15]) & 1
    one, other = b"\2\0\0\0\0" + bytes([1 + which]), b"\2\0\0\0\0" + bytes([2 - which])
    return {"raw": b"", "eth": other + one + kind, "vlan": other + one + b"\x81\0\x20\7" + kind,
            "sll": struct.pack(">HHH", 4 * which, 1, 6) + one + b"\0\0" + kind,
            "sll2": kind + struct.pack(">HIHBB", 0, 2 + which, 1, 4 * which, 6) + one + b"\0\0"}[a.link] + p


def later(block):
    high, low = struct.unpack_from("<II", block, 12)
    t = (high << 32 | low) + 100 * 10**9
    return block[:12] + struct.pack("<II", t >> 32, t & 0xffffffff) + block[20:]


with open(a.out, "wb") as out:
    if a.late:
        again = [later(b) for b in blocks if b[:4] == b"\x06\0\0\0"] if a.again else []
        out.write(b"".join(blocks + again + secrets))
    else:
        out.write(struct.pack("<IHHiIII", 0xa1b23c4d, 2, 4, 0, 0, a.snap, LINKS[a.link]))
        for t, p in packets[a.skip:]:
            if a.source and (p[0] >> 4 != 4 or p[12:16] != socket.inet_aton(a.source)):
                continue
            p = linked(begun(p) if a.offload else p)
            out.write(struct.pack("<IIII", t // 10**9, t % 10**9, min(len(p), a.snap), len(p)) + p[:a.snap])
